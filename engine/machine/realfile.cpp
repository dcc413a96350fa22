// An open POSIX file behind the File seam, and the translation of errno.
#include "engine/machine/realfile.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>

namespace tributary::engine {

Error fileError(std::string_view call, int number, const std::string& path) {
    const std::string what = fmt::format("cannot {}: {}", call, std::strerror(number));
    switch (number) {
        case ENOSPC: return {ErrorCode::DiskFull, what, path, "free some space: df -h"};
        case EDQUOT: return {ErrorCode::DiskFull, what, path, "free some space within your quota: quota -s"};
        case ENOENT: return {ErrorCode::NotFound, what, path, {}};
        case EEXIST: return {ErrorCode::AlreadyExists, what, path, {}};
        case EACCES:
        case EPERM:
        case EROFS: return {ErrorCode::PermissionDenied, what, path, "check the owner and the mode: ls -ld"};
        case EMFILE:
        case ENFILE: return {ErrorCode::Io, what, path, "raise the limit of open files: ulimit -n"};
        default: return {ErrorCode::Io, what, path, {}};
    }
}

RealFile::~RealFile() {
    ::close(fd_);
}

Status RealFile::write(std::uint64_t offset, BytesView data) {
    while (!data.empty()) {
        const ssize_t wrote = ::pwrite(fd_, data.data(), data.size(), static_cast<off_t>(offset));
        if (wrote < 0) {
            if (errno == EINTR) continue;
            return fileError("write", errno, path_);
        }
        data.remove_prefix(static_cast<std::size_t>(wrote));
        offset += static_cast<std::uint64_t>(wrote);
    }
    return okStatus();
}

Status RealFile::writeGathered(std::uint64_t offset, const std::vector<BytesView>& pieces) {
    std::vector<iovec> parts;
    parts.reserve(pieces.size());
    for (const BytesView& piece : pieces) {
        // iovec is shared with readv, so its base is not const; pwritev does not write through it.
        if (!piece.empty()) parts.push_back({const_cast<char*>(piece.data()), piece.size()});  // NOLINT
    }
    std::size_t next = 0;
    while (next < parts.size()) {
        const auto count = static_cast<int>(std::min<std::size_t>(parts.size() - next, IOV_MAX));
        const ssize_t wrote = ::pwritev(fd_, &parts[next], count, static_cast<off_t>(offset));
        if (wrote < 0) {
            if (errno == EINTR) continue;
            return fileError("write", errno, path_);
        }
        offset += static_cast<std::uint64_t>(wrote);
        auto left = static_cast<std::size_t>(wrote);
        while (next < parts.size() && left >= parts[next].iov_len) left -= parts[next++].iov_len;
        if (left > 0) {
            parts[next].iov_base = static_cast<char*>(parts[next].iov_base) + left;
            parts[next].iov_len -= left;
        }
    }
    return okStatus();
}

Result<Bytes> RealFile::read(std::uint64_t offset, std::size_t size) {
    // A claimed size is not allocated before the file is known to be that long.
    const Result<std::uint64_t> length = this->size();
    if (!length) return length.error();
    const std::uint64_t there = offset < length.value() ? length.value() - offset : 0;
    Bytes out(static_cast<std::size_t>(std::min<std::uint64_t>(size, there)), '\0');
    std::size_t filled = 0;
    while (filled < out.size()) {
        const ssize_t got = ::pread(fd_, out.data() + filled, out.size() - filled, static_cast<off_t>(offset + filled));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fileError("read", errno, path_);
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    out.resize(filled);
    return out;
}

Result<Bytes> RealInput::read(std::uint64_t offset, std::size_t size) {
    if (offset != at_) return Error{ErrorCode::Internal, "an input is read once, from its begin", path_, {}};
    Bytes out(size, '\0');
    std::size_t filled = 0;
    while (filled < out.size()) {
        const ssize_t got = ::read(fd_, out.data() + filled, out.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fileError("read", errno, path_);
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    out.resize(filled);
    at_ += filled;
    return out;
}

Result<std::uint64_t> RealFile::size() {
    struct stat found {};
    if (::fstat(fd_, &found) != 0) return fileError("look at the size", errno, path_);
    return static_cast<std::uint64_t>(found.st_size);
}

Status RealFile::truncate(std::uint64_t size) {
    while (::ftruncate(fd_, static_cast<off_t>(size)) != 0) {
        if (errno != EINTR) return fileError("truncate", errno, path_);
    }
    return okStatus();
}

Status RealFile::sync() {
    // Not retried on EINTR either: whether the dirty pages are still known to the kernel is not.
    if (::fdatasync(fd_) != 0) return fileError("sync", errno, path_);
    return okStatus();
}

}  // namespace tributary::engine
