// Folders are made one by one, each with its mode.
#include "core/base/privatefolder.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

namespace tributary {

namespace fs = std::filesystem;

namespace {

Status makeMissing(const std::string& path, mode_t mode) {
    std::vector<fs::path> missing;
    std::error_code ignored;
    for (fs::path at = fs::path(path).lexically_normal(); !at.empty() && !fs::exists(at, ignored);
         at = at.parent_path()) {
        if (at.has_filename()) missing.push_back(at);
    }
    for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
        if (::mkdir(at->c_str(), mode) == 0 || errno == EEXIST) continue;
        const int number = errno;
        const ErrorCode code = number == ENOSPC || number == EDQUOT                     ? ErrorCode::DiskFull
                               : number == EACCES || number == EPERM || number == EROFS ? ErrorCode::PermissionDenied
                                                                                        : ErrorCode::Io;
        return Error{code, fmt::format("the folder cannot be made: {}", std::strerror(number)), at->string(), {}};
    }
    if (fs::is_directory(path, ignored)) return okStatus();
    return Error{ErrorCode::Conflict, "a file is where a folder should be", path, "move the file away"};
}

}  // namespace

Status makePrivateFolders(const std::string& path) {
    return makeMissing(path, 0700);
}

Status makeFolders(const std::string& path) {
    return makeMissing(path, 0755);
}

}  // namespace tributary
