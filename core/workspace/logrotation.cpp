// Rotation by renaming, under a lock on the folder.
#include "core/workspace/logrotation.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

namespace tributary {
namespace {

bool isLarge(const std::string& path, std::uint64_t bytesMax) {
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 && static_cast<std::uint64_t>(info.st_size) >= bytesMax;
}

}  // namespace

bool rotateLog(const std::string& path, std::uint64_t bytesMax, int older) {
    if (!isLarge(path, bytesMax)) return false;
    const std::string folder = std::filesystem::path(path).parent_path().string();
    const int lock = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0) return false;
    bool renamed = false;
    // Another process may have renamed it while this one waited for its turn.
    if (::flock(lock, LOCK_EX) == 0 && isLarge(path, bytesMax)) {
        for (int n = older; n > 1; --n) {
            (void)std::rename(fmt::format("{}.{}", path, n - 1).c_str(), fmt::format("{}.{}", path, n).c_str());
        }
        renamed = std::rename(path.c_str(), (path + ".1").c_str()) == 0;
    }
    ::close(lock);
    return renamed;
}

}  // namespace tributary
