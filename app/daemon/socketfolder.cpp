// Made with the mode it needs, and looked at without following links.
#include "app/daemon/socketfolder.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace tributary::app {
namespace {

constexpr std::size_t kSocketPathMax = 96;
constexpr std::size_t kNameBytes = 22;  // "/", 16 digits, ".sock"

}  // namespace

std::string socketFolder() {
    const char* given = std::getenv("XDG_RUNTIME_DIR");
    const std::string runtime = given == nullptr ? "" : given;
    struct stat info {};
    const bool usable = runtime.starts_with("/") && runtime.size() + kNameBytes + 10 <= kSocketPathMax &&
                        ::stat(runtime.c_str(), &info) == 0 && S_ISDIR(info.st_mode) &&
                        ::access(runtime.c_str(), W_OK | X_OK) == 0;
    return usable ? runtime + "/tributary" : fmt::format("/tmp/tributary-{}", ::geteuid());
}

std::string shortSocketPath(const std::string& inside) {
    if (inside.size() <= kSocketPathMax) return inside;
    return fmt::format("{}/{:016x}.sock", socketFolder(), XXH3_64bits(inside.data(), inside.size()));
}

Status checkPrivateFolder(const std::string& path) {
    const auto distrusted = [&path](const std::string& what) {
        return Error{ErrorCode::PermissionDenied, "the folder for local sockets cannot be trusted: " + what, path,
                     "remove it, or set XDG_RUNTIME_DIR to a folder of your own, or give the workspace a shorter path"};
    };
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) return distrusted(std::strerror(errno));
    if (S_ISLNK(info.st_mode)) return distrusted("it is a link");
    if (!S_ISDIR(info.st_mode)) return distrusted("it is no folder");
    if (info.st_uid != ::geteuid()) return distrusted("it belongs to another user");
    if ((info.st_mode & 077U) != 0) return distrusted("others may enter it");
    return okStatus();
}

Status makePrivateFolder(const std::string& path) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
        return Error{errno == EACCES ? ErrorCode::PermissionDenied : ErrorCode::Io,
                     fmt::format("the folder for local sockets cannot be made: {}", std::strerror(errno)), path,
                     "set XDG_RUNTIME_DIR to a folder of your own, or give the workspace a shorter path"};
    }
    return checkPrivateFolder(path);
}

}  // namespace tributary::app
