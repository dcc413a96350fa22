// What may be listened on and dialled: the checks that every socket of this folder shares.
#include "engine/net/endpoints.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace tributary::engine {

namespace {

/// Whether somebody accepts on the socket file; the errno of the attempt otherwise.
int connectErrno(const std::string& path) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return errno;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);  // checkedLocalPath() has bounded it
    const int failed = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 ? 0 : errno;
    ::close(fd);
    return failed;
}

}  // namespace

std::string numericHost(const std::string& host) {
    if (host.empty() || host == "localhost") return "127.0.0.1";
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    return bracketed ? host.substr(1, host.size() - 2) : host;
}

bool isLoopbackHost(const std::string& host) {
    const std::string numeric = numericHost(host);
    in_addr v4{};
    if (::inet_pton(AF_INET, numeric.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24U) == 127;
    in6_addr v6{};
    return ::inet_pton(AF_INET6, numeric.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

Result<std::string> checkedLocalPath(const std::string& path) {
    std::error_code failed;
    std::string absolute = std::filesystem::absolute(path, failed).lexically_normal().string();
    if (failed) return Error{ErrorCode::Io, "the current folder cannot be read: " + failed.message(), path, {}};
    if (absolute.size() > kLocalPathBytesMax) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("the path of a local socket may have {} bytes, this one has {}", kLocalPathBytesMax,
                                 absolute.size()),
                     absolute, "move the workspace to a shorter path, or reach it through a short symbolic link"};
    }
    return absolute;
}

Status checkListenHost(const std::string& host) {
    if (isLoopbackHost(host)) return okStatus();
    return Error{ErrorCode::InvalidInput,
                 fmt::format("'{}' is not a loopback address: without TLS only this machine may reach a "
                             "gateway",
                             host),
                 host, "tributary cert init, or use 127.0.0.1"};
}

Status removeStaleSocket(const std::string& path) {
    struct stat found {};
    if (::lstat(path.c_str(), &found) != 0) return okStatus();
    if (!S_ISSOCK(found.st_mode)) {
        return Error{ErrorCode::Conflict, "a file that is not a socket is in the way", path, "move it away"};
    }
    const int failed = connectErrno(path);
    if (failed == 0 || failed == EAGAIN) {  // EAGAIN: alive with a full queue
        return Error{ErrorCode::Conflict, "the socket is in use: another process listens on it", path,
                     "tributary status, or stop the other process (tributary down)"};
    }
    if (failed != ECONNREFUSED && failed != ENOENT) {
        return Error{ErrorCode::Conflict,
                     fmt::format("cannot tell whether the socket is in use: {}", std::strerror(failed)), path,
                     "check its owner and permissions"};
    }
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) {
        return Error{ErrorCode::Io, fmt::format("cannot remove the stale socket: {}", std::strerror(errno)), path, {}};
    }
    return okStatus();
}

bool isPortFree(const std::string& host, std::uint16_t port) {
    const std::string numeric = numericHost(host);
    sockaddr_storage address{};
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    v4.sin_family = AF_INET;
    v6.sin6_family = AF_INET6;
    v4.sin_port = v6.sin6_port = htons(port);
    const bool isV6 = ::inet_pton(AF_INET6, numeric.c_str(), &v6.sin6_addr) == 1;
    if (!isV6 && ::inet_pton(AF_INET, numeric.c_str(), &v4.sin_addr) != 1) return false;
    const socklen_t size = isV6 ? sizeof(v6) : sizeof(v4);
    std::memcpy(&address, isV6 ? static_cast<const void*>(&v6) : &v4, size);
    const int fd = ::socket(isV6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return false;
    const int on = 1;
    (void)::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));  // as listeners do
    const bool bound = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), size) == 0;
    ::close(fd);
    return bound;
}

Error refusedError(const Endpoint& to) {
    return {ErrorCode::Unavailable, "nothing listens there", to.text(), "tributary status, then tributary up"};
}

Error closedError(const Endpoint& to) {
    return {ErrorCode::Unavailable, "the other end closed the connection", to.text(), {}};
}

Error noAnswerError(const Endpoint& to, Millis waitedMs) {
    return {ErrorCode::Timeout, fmt::format("no answer within {:.1f} s", static_cast<double>(waitedMs) / 1000.0),
            to.text(), "tributary status, tributary fault list"};
}

}  // namespace tributary::engine
