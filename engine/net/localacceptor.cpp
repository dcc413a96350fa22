// Accepting at a local socket.
#include "engine/net/localacceptor.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <QPointer>
#include <QTimer>
#include <cerrno>
#include <cstring>

namespace tributary::engine {
namespace {

constexpr int kBacklog = 256;

Error failed(const char* call, int number, const std::string& path) {
    const ErrorCode code = number == EADDRINUSE ? ErrorCode::Conflict : ErrorCode::Io;
    const bool files = number == EMFILE || number == ENFILE;
    return {code, std::string("cannot ") + call + " the socket: " + std::strerror(number), path,
            files ? "raise the limit of open files: ulimit -n" : "check that its folder exists and is yours"};
}

}  // namespace

Result<std::unique_ptr<LocalAcceptor>> LocalAcceptor::listen(const std::string& path, OnSocket onSocket,
                                                             QObject* parent) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return failed("make", errno, path);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof(address.sun_path)) {
        ::close(fd);
        return failed("make", ENAMETOOLONG, path);
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    // Before it has a name: the file is never open to others, whatever the umask.
    const char* call = "restrict";
    int code = ::fchmod(fd, 0600);
    if (code == 0) {
        call = "bind";
        code = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    }
    if (code == 0) {
        call = "listen at";
        code = ::listen(fd, kBacklog);
    }
    if (code != 0) {
        const Error error = failed(call, errno, path);
        ::close(fd);
        return error;
    }
    return std::unique_ptr<LocalAcceptor>(new LocalAcceptor(fd, path, std::move(onSocket), parent));
}

LocalAcceptor::LocalAcceptor(int fd, std::string path, OnSocket onSocket, QObject* parent)
    : QObject(parent),
      fd_(fd),
      path_(std::move(path)),
      onSocket_(std::move(onSocket)),
      notifier_(fd, QSocketNotifier::Read) {
    connect(&notifier_, &QSocketNotifier::activated, this, [this] { acceptAll(); });
}

LocalAcceptor::~LocalAcceptor() {
    close();
}

void LocalAcceptor::close() {
    if (fd_ < 0) return;
    notifier_.setEnabled(false);
    ::unlink(path_.c_str());
    ::close(fd_);
    fd_ = -1;
}

/// Takes the descriptor; null when Qt does not, and it is closed. Refused memory must not leave it: Qt keeps a lock
/// then, and no other socket would ever be made.
QLocalSocket* LocalAcceptor::socketOf(int fd) noexcept {
    auto* socket = new QLocalSocket;  // NOLINT(bugprone-unhandled-exception-at-new): ends the process, on purpose
    if (socket->setSocketDescriptor(fd)) return socket;
    delete socket;
    ::close(fd);
    return nullptr;
}

void LocalAcceptor::acceptAll() {
    const QPointer<LocalAcceptor> alive = this;
    while (alive != nullptr && fd_ >= 0) {
        const int fd = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0) {
            if (errno == EINTR || errno == ECONNABORTED) continue;
            if (errno == EAGAIN || errno == EWOULDBLOCK) return;
            // The notifier would report the same at once, again and again.
            notifier_.setEnabled(false);
            QTimer::singleShot(kRetryMs, this, [this] {
                if (fd_ >= 0) notifier_.setEnabled(true);
            });
            return;
        }
        if (QLocalSocket* socket = socketOf(fd)) onSocket_(socket);
    }
}

}  // namespace tributary::engine
