// A plain blocking client connection for the terminal and for runbooks: POSIX sockets, no event loop, no Qt.
#include "engine/net/blockingchannel.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstring>
#include <utility>

#include "engine/net/endpoints.h"

namespace tributary::engine {

namespace {

using SteadyClock = std::chrono::steady_clock;

/// An instant to be done by; signals that interrupt a wait do not prolong it.
class Deadline {
public:
    explicit Deadline(Millis timeoutMs) : at_(SteadyClock::now() + std::chrono::milliseconds(timeoutMs)) {}
    [[nodiscard]] int leftMs() const {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(at_ - SteadyClock::now()).count();
        return static_cast<int>(std::clamp<std::int64_t>(left, 0, INT_MAX));
    }

private:
    SteadyClock::time_point at_;
};

/// 0 when ready, ETIMEDOUT, or the errno of poll.
int waitFor(int fd, short events, const Deadline& deadline) {
    pollfd watched{fd, events, 0};
    while (true) {
        const int ready = ::poll(&watched, 1, deadline.leftMs());
        if (ready > 0) return 0;
        if (ready == 0) return ETIMEDOUT;
        if (errno != EINTR) return errno;
    }
}

Error systemError(int number, const Endpoint& to, Millis timeoutMs) {
    switch (number) {
        case ETIMEDOUT: return noAnswerError(to, timeoutMs);
        case ECONNREFUSED:
        case ENOENT:
        case ENOTSOCK: return refusedError(to);
        case ECONNRESET:
        case EPIPE: return closedError(to);
        case EACCES:
        case EPERM:
            return {ErrorCode::PermissionDenied, "the system refused the connection: " + std::string(strerror(number)),
                    to.text(), "run as the user who started it"};
        case ENETUNREACH:
        case EHOSTUNREACH:
            return {
                ErrorCode::Unavailable, "the host cannot be reached: " + std::string(strerror(number)), to.text(), {}};
        default: return {ErrorCode::Io, "the connection failed: " + std::string(strerror(number)), to.text(), {}};
    }
}

struct Address {
    sockaddr_storage raw{};
    socklen_t size = 0;
};

Result<Address> localAddress(const Endpoint& to) {
    const Result<std::string> path = checkedLocalPath(to.localPath);
    if (!path) return path.error();
    Address address;
    sockaddr_un named{};
    named.sun_family = AF_UNIX;
    std::memcpy(named.sun_path, path.value().c_str(), path.value().size() + 1);
    std::memcpy(&address.raw, &named, sizeof(named));
    address.size = sizeof(named);
    return address;
}

Result<Address> tcpAddress(const Endpoint& to) {
    const std::string host = numericHost(to.host);
    const std::string port = std::to_string(to.port);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;  // numeric first: no resolver is loaded for 127.0.0.1
    addrinfo* found = nullptr;
    int failed = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
    if (failed != 0) {
        hints.ai_flags = AI_NUMERICSERV;
        failed = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
    }
    if (failed != 0) {
        return Error{ErrorCode::Unavailable, fmt::format("the host name cannot be resolved: {}", gai_strerror(failed)),
                     to.text(), "check the host name"};
    }
    Address address;
    address.size = found->ai_addrlen;
    std::memcpy(&address.raw, found->ai_addr, found->ai_addrlen);
    ::freeaddrinfo(found);
    return address;
}

/// 0 or the errno of the attempt.
int connectWithin(int fd, const Address& address, const Deadline& deadline) {
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address.raw), address.size) == 0) return 0;
    // A local socket whose queue is full answers EAGAIN and cannot be waited for: to the caller, no answer.
    if (errno == EAGAIN) return ETIMEDOUT;
    if (errno != EINPROGRESS && errno != EINTR) return errno;
    if (const int failed = waitFor(fd, POLLOUT, deadline); failed != 0) return failed;
    int outcome = 0;
    socklen_t size = sizeof(outcome);
    if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &outcome, &size) != 0) return errno;
    return outcome;
}

}  // namespace

BlockingChannel::BlockingChannel(BlockingChannel&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), to_(std::move(other.to_)) {}

BlockingChannel& BlockingChannel::operator=(BlockingChannel&& other) noexcept {
    if (this != &other) {
        close();
        fd_ = std::exchange(other.fd_, -1);
        to_ = std::move(other.to_);
    }
    return *this;
}

Result<BlockingChannel> BlockingChannel::connect(const Endpoint& to, Millis timeoutMs) {
    const Deadline deadline(timeoutMs);
    const Result<Address> address = to.isLocal() ? localAddress(to) : tcpAddress(to);
    if (!address) return address.error();
    const int fd = ::socket(address.value().raw.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return systemError(errno, to, timeoutMs);
    BlockingChannel channel(fd, to);
    if (const int failed = connectWithin(fd, address.value(), deadline); failed != 0) {
        return systemError(failed, to, timeoutMs);
    }
    const int on = 1;
    if (!to.isLocal()) (void)::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));  // a hint: slower without
    return channel;
}

Status BlockingChannel::send(BytesView bytes, Millis timeoutMs) {
    if (!isOpen()) return closedError(to_);
    Deadline deadline(timeoutMs);
    while (!bytes.empty()) {
        const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
            deadline = Deadline(timeoutMs);
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) return systemError(errno, to_, timeoutMs);
        if (const int failed = waitFor(fd_, POLLOUT, deadline); failed != 0) return systemError(failed, to_, timeoutMs);
    }
    return okStatus();
}

Result<Bytes> BlockingChannel::receiveSome(Millis timeoutMs) {
    if (!isOpen()) return closedError(to_);
    const Deadline deadline(timeoutMs);
    char buffer[kReceiveBytesMax];
    while (true) {
        const ssize_t got = ::recv(fd_, buffer, sizeof(buffer), 0);
        if (got > 0) return Bytes(buffer, static_cast<std::size_t>(got));
        if (got == 0) return closedError(to_);
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) return systemError(errno, to_, timeoutMs);
        if (const int failed = waitFor(fd_, POLLIN, deadline); failed != 0) return systemError(failed, to_, timeoutMs);
    }
}

void BlockingChannel::close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

}  // namespace tributary::engine
