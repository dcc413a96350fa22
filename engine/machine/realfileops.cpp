// The machine's files behind the FileOps seam.
#include "engine/machine/realfileops.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <limits>

#include "engine/machine/realfile.h"

namespace tributary::engine {

namespace fs = std::filesystem;

namespace {

constexpr mode_t kMode = 0600;  // rows, logs and secrets: for their owner alone, whatever the process masks
constexpr mode_t kFolderMode = 0700;

int openRetrying(const std::string& path, int flags, mode_t mode = 0) {
    while (true) {
        const int fd = ::open(path.c_str(), flags | O_CLOEXEC, mode);
        if (fd >= 0 || errno != EINTR) return fd;
    }
}

std::string parentOf(const std::string& path) {
    const std::string parent = fs::path(path).parent_path().string();
    return parent.empty() ? std::string(".") : parent;
}

class RealFileLock final : public FileLock {
public:
    explicit RealFileLock(int fd) : fd_(fd) {}
    ~RealFileLock() override {
        (void)::ftruncate(fd_, 0);  // cosmetic: an old pid would only mislead a person who looks
        ::close(fd_);
    }
    RealFileLock(const RealFileLock&) = delete;
    RealFileLock& operator=(const RealFileLock&) = delete;

private:
    int fd_;
};

Error lockedError(int fd, const std::string& path) {
    char text[32] = {};
    const ssize_t got = ::pread(fd, text, sizeof(text) - 1, 0);
    const std::string pid(text, got > 0 ? std::strspn(text, "0123456789") : 0);
    return {ErrorCode::Conflict, pid.empty() ? std::string("in use by another process") : "in use by process " + pid,
            path, pid.empty() ? std::string("tributary down") : "tributary down, or see what it is: ps -p " + pid};
}

}  // namespace

Result<std::unique_ptr<File>> RealFileOps::open(const std::string& path, Open how) {
    int flags = O_RDWR;
    if (how == Open::Create) flags |= O_CREAT;
    if (how == Open::CreateNew) flags |= O_CREAT | O_EXCL;
    const int fd = openRetrying(path, flags, kMode);
    if (fd < 0) return fileError(how == Open::Existing ? "open" : "create", errno, path);
    return std::unique_ptr<File>(std::make_unique<RealFile>(fd, path));
}

Result<std::unique_ptr<File>> RealFileOps::openInput(const std::string& path) {
    const int fd = openRetrying(path, O_RDONLY);
    if (fd < 0) return fileError("open", errno, path);
    return std::unique_ptr<File>(std::make_unique<RealInput>(fd, path));
}

Result<Bytes> RealFileOps::readAll(const std::string& path) {
    const int fd = openRetrying(path, O_RDONLY);
    if (fd < 0) return fileError("open", errno, path);
    RealFile file(fd, path);
    return file.read(0, std::numeric_limits<std::size_t>::max());
}

Status RealFileOps::replace(const std::string& path, BytesView data, bool /*secret: all of them are*/) {
    const std::string temporary = fmt::format("{}.tmp-{}-{}", path, ::getpid(), ++temporaries_);
    const int fd = openRetrying(temporary, O_RDWR | O_CREAT | O_EXCL, kMode);
    if (fd < 0) return fileError("create", errno, temporary);
    Status done = okStatus();
    {
        RealFile file(fd, temporary);
        done = file.write(0, data);
        if (done) done = file.sync();
    }
    if (done) done = rename(temporary, path);
    if (!done) {
        (void)::unlink(temporary.c_str());  // the first error is the one to tell
        return done;
    }
    return syncDir(parentOf(path));
}

Status RealFileOps::rename(const std::string& from, const std::string& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0) return fileError("rename to " + to, errno, from);
    return okStatus();
}

Status RealFileOps::remove(const std::string& path) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return fileError("remove", errno, path);
    return okStatus();
}

Status RealFileOps::makeDirs(const std::string& path) {
    std::vector<fs::path> missing;
    for (fs::path at = fs::path(path).lexically_normal(); !at.empty() && !fs::exists(at); at = at.parent_path()) {
        if (at.has_filename()) missing.push_back(at);
    }
    for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
        if (::mkdir(at->c_str(), kFolderMode) != 0 && errno != EEXIST)
            return fileError("make the folder", errno, at->string());
        if (const Status synced = syncDir(parentOf(at->string())); !synced) return synced;
    }
    if (!fs::is_directory(path)) {
        return Error{ErrorCode::Conflict, "a file is where a folder should be", path, "move the file away"};
    }
    return okStatus();
}

Status RealFileOps::removeTree(const std::string& path) {
    std::error_code failed;
    fs::remove_all(path, failed);
    if (failed) return fileError("remove the folder", failed.value(), path);
    return okStatus();
}

Status RealFileOps::syncDir(const std::string& path) {
    const int fd = openRetrying(path, O_RDONLY | O_DIRECTORY);
    if (fd < 0) return fileError("open the folder", errno, path);
    const int failed = ::fsync(fd) == 0 ? 0 : errno;
    ::close(fd);
    if (failed != 0) return fileError("sync the folder", failed, path);
    return okStatus();
}

bool RealFileOps::exists(const std::string& path) {
    struct stat found {};
    return ::stat(path.c_str(), &found) == 0;
}

Result<std::vector<std::string>> RealFileOps::list(const std::string& path) {
    std::error_code failed;
    std::vector<std::string> names;
    for (fs::directory_iterator at(path, failed), end; !failed && at != end; at.increment(failed)) {
        names.push_back(at->path().filename().string());
    }
    if (failed) return fileError("list the folder", failed.value(), path);
    std::sort(names.begin(), names.end());
    return names;
}

Result<std::uint64_t> RealFileOps::freeBytes(const std::string& path) {
    struct statvfs found {};
    if (::statvfs(path.c_str(), &found) != 0) return fileError("look at the free space", errno, path);
    return static_cast<std::uint64_t>(found.f_bavail) * found.f_frsize;
}

std::uint64_t RealFileOps::freeHandles() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return std::numeric_limits<std::uint64_t>::max();
    }
    std::error_code failed;
    std::uint64_t open = 0;
    for (fs::directory_iterator at("/proc/self/fd", failed), end; !failed && at != end; at.increment(failed)) ++open;
    // Without a free one for the folder itself there are none; without /proc nobody can tell, and opening will.
    if (failed) return failed.value() == EMFILE || failed.value() == ENFILE ? 0 : limit.rlim_cur;
    return limit.rlim_cur > open ? limit.rlim_cur - open : 0;
}

Result<std::unique_ptr<FileLock>> RealFileOps::lock(const std::string& path) {
    const int fd = openRetrying(path, O_RDWR | O_CREAT, kMode);
    if (fd < 0) return fileError("create the lock file", errno, path);
    while (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR) continue;
        const Error error = errno == EWOULDBLOCK ? lockedError(fd, path) : fileError("lock", errno, path);
        ::close(fd);
        return error;
    }
    auto held = std::make_unique<RealFileLock>(fd);
    const std::string pid = std::to_string(::getpid()) + "\n";
    // The lock is held; its text is for people, and a full disk must not keep a cluster from being read.
    if (::ftruncate(fd, 0) == 0) (void)!::pwrite(fd, pid.data(), pid.size(), 0);
    return std::unique_ptr<FileLock>(std::move(held));
}

}  // namespace tributary::engine
