// Atomic saving: temporary file, sync, rename, folder sync.
#include "core/workspace/atomicfile.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace tributary {

namespace {

Error systemError(int number, std::string_view doing, const std::string& path) {
    ErrorCode code = ErrorCode::Io;
    std::string fix;
    if (number == ENOSPC || number == EDQUOT || number == EFBIG) {
        code = ErrorCode::DiskFull;
        fix = "free some space and save again; the file is as it was";
    } else if (number == EACCES || number == EPERM || number == EROFS) {
        code = ErrorCode::PermissionDenied;
    } else if (number == ENOENT) {
        code = ErrorCode::NotFound;
    }
    return {code, fmt::format("{}: {}", doing, std::strerror(number)), path, std::move(fix)};
}

class Descriptor {
public:
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int get() const { return fd_; }
    /// Closes and tells whether that went well: some file systems report a full disk only here.
    int close() {
        const int result = ::close(fd_);
        fd_ = -1;
        return result;
    }

private:
    int fd_;
};

/// Removes the temporary file unless the rename took it away.
class TemporaryName {
public:
    explicit TemporaryName(std::string path) : path_(std::move(path)) {}
    TemporaryName(const TemporaryName&) = delete;
    TemporaryName& operator=(const TemporaryName&) = delete;
    ~TemporaryName() {
        if (!path_.empty()) ::unlink(path_.c_str());
    }
    void keep() { path_.clear(); }

private:
    std::string path_;
};

/// umask(2) can only be read by changing it, which other threads would see; the kernel tells it in a file too.
mode_t maskOfProcess() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("Umask:")) return static_cast<mode_t>(std::strtoul(line.c_str() + 6, nullptr, 8)) & 0777U;
    }
    return 022U;
}

Status writeAll(int fd, std::string_view text, const std::string& path) {
    while (!text.empty()) {
        const ssize_t count = ::write(fd, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return systemError(errno, "cannot be written", path);
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return okStatus();
}

}  // namespace

Status saveFileAtomically(const std::string& path, std::string_view text, NewFile who) {
    std::error_code problem;
    std::filesystem::path target = std::filesystem::weakly_canonical(path, problem);
    if (problem) target = path;
    const std::string folder = target.has_parent_path() ? target.parent_path().string() : ".";
    std::string name = target.string() + ".tmp-XXXXXX";
    const Descriptor existing(::open(target.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat old {};
    const bool exists = existing.get() >= 0 && ::fstat(existing.get(), &old) == 0;
    if (exists && !S_ISREG(old.st_mode)) {
        return Error{ErrorCode::InvalidInput, "this is not a regular file", path, {}};
    }

    Descriptor fd(::mkostemp(name.data(), O_CLOEXEC));
    if (fd.get() < 0) return systemError(errno, "a temporary file cannot be made beside it", path);
    TemporaryName temporary(name);
    // mkostemp gives 0600; a new file gets what open(2) would give a text file.
    const mode_t fresh = who == NewFile::Private ? 0600U : 0644U & ~maskOfProcess();
    const mode_t mode = exists ? (old.st_mode & 07777U) : fresh;
    if (::fchmod(fd.get(), mode) != 0) return systemError(errno, "its mode cannot be set", path);
    if (Status status = writeAll(fd.get(), text, path); !status) return status;
    if (::fsync(fd.get()) != 0) return systemError(errno, "cannot be made durable", path);
    if (fd.close() != 0) return systemError(errno, "cannot be written", path);
    if (::rename(name.c_str(), target.c_str()) != 0) return systemError(errno, "cannot be replaced", path);
    temporary.keep();
    const Descriptor parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (parent.get() < 0 || ::fsync(parent.get()) != 0) {
        return systemError(errno, "was replaced, but its folder cannot be made durable", path);
    }
    return okStatus();
}

}  // namespace tributary
