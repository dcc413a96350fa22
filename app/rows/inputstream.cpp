// read(2) under a stream.
#include "app/rows/inputstream.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace tributary::app {
Error openError(int number, const std::string& doing, const std::string& name) {
    const std::string what = fmt::format("{}: {}", doing, std::strerror(number));
    switch (number) {
        case ENOENT:
        case ENOTDIR: return {ErrorCode::NotFound, "there is no such file or folder", name, {}};
        case EACCES:
        case EPERM: return {ErrorCode::PermissionDenied, what, name, "check the owner and the mode: ls -ld"};
        case EISDIR: return {ErrorCode::InvalidInput, "this is a folder, not a file", name, "name a file in it"};
        default: return {ErrorCode::Io, what, name, {}};
    }
}

InputStream::InputStream(int fd, std::string name)
    : std::istream(nullptr), fd_(fd), name_(std::move(name)), buffer_(*this) {
    struct stat info {};
    regular_ = ::fstat(fd_, &info) == 0 && S_ISREG(info.st_mode);
    rdbuf(&buffer_);
}

InputStream::~InputStream() {
    rdbuf(nullptr);
    if (fd_ > STDIN_FILENO) ::close(fd_);
}

Result<std::unique_ptr<InputStream>> InputStream::open(const std::string& path) {
    int fd = STDIN_FILENO;
    if (path != "-") {
        do {
            fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
        } while (fd < 0 && errno == EINTR);
        if (fd < 0) return openError(errno, "the file cannot be opened", path);
    }
    std::unique_ptr<InputStream> input(new InputStream(fd, path == "-" ? "stdin" : path));
    struct stat info {};
    if (::fstat(fd, &info) != 0) return openError(errno, "it cannot be read", input->name_);
    if (S_ISDIR(info.st_mode)) return openError(EISDIR, {}, input->name_);
    return input;
}

InputStream::Buffer::int_type InputStream::Buffer::underflow() {
    while (owner_.problem_) {
        const ssize_t got = ::read(owner_.fd_, bytes_.data(), bytes_.size());
        if (got > 0) {
            setg(bytes_.data(), bytes_.data(), bytes_.data() + got);
            return traits_type::to_int_type(bytes_.front());
        }
        if (got == 0) break;
        if (errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK) {  // whoever shares it made it non-blocking
            pollfd ready{owner_.fd_, POLLIN, 0};
            ::poll(&ready, 1, -1);
            continue;
        }
        owner_.reason_ = std::strerror(errno);
        owner_.problem_ = openError(errno, "reading failed", owner_.name_);
        owner_.setstate(std::ios::badbit);
    }
    return traits_type::eof();
}

Result<std::string> InputStream::readAll(std::size_t bytesMax) {
    std::string text;
    while (rdbuf()->sgetc() != traits_type::eof()) {
        const auto have = static_cast<std::size_t>(rdbuf()->in_avail());
        if (text.size() + have > bytesMax) {
            return Error{
                ErrorCode::InvalidInput, fmt::format("it is larger than the limit of {} bytes", bytesMax), name_, {}};
        }
        const std::size_t before = text.size();
        text.resize(before + have);
        rdbuf()->sgetn(text.data() + before, static_cast<std::streamsize>(have));
    }
    if (!problem_) return problem_.error();
    return text;
}

}  // namespace tributary::app
