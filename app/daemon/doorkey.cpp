// Keys read, and made once.
#include "app/daemon/doorkey.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "engine/machine/realfileops.h"
#include "engine/machine/realrandom.h"

namespace tributary::app {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kKeyCharactersMin = 32;

}  // namespace

Result<Bytes> readDoorKey(const std::string& path) {
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) {
        const bool absent = errno == ENOENT || errno == ENOTDIR;
        return absent
                   ? Error{ErrorCode::NotFound, fmt::format("there is no key {}", path), {}, {}}
                   : Error{
                         errno == EACCES ? ErrorCode::PermissionDenied : ErrorCode::Io, std::strerror(errno), path, {}};
    }
    if ((info.st_mode & 077U) != 0) {
        return Error{ErrorCode::PermissionDenied, "the key can be read by others", path, "chmod 600 " + path};
    }
    engine::RealFileOps files;
    auto key = files.readAll(path);
    if (key && key.value().size() < kKeyCharactersMin) {
        return Error{ErrorCode::Corrupt, "the key is too short to be one", path,
                     "remove it while nobody serves there; the next start makes another"};
    }
    return key;
}

Result<Bytes> makeDoorKey(const std::string& path) {
    auto known = readDoorKey(path);
    if (known || known.error().code != ErrorCode::NotFound) return known;
    engine::RealFileOps files;
    if (Status made = files.makeDirs(std::filesystem::path(path).parent_path().string()); !made) return made.error();
    engine::RealRandom random;
    Bytes raw(kKeyBytes, '\0');
    random.fill(raw.data(), raw.size());
    Bytes fresh;
    for (const char byte : raw) fresh += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    // The one that gives it its name first has made it.
    std::uint32_t number = 0;
    random.fill(reinterpret_cast<char*>(&number), sizeof(number));
    const std::string mine = fmt::format("{}.{}.{}", path, ::getpid(), number);
    if (Status written = files.replace(mine, fresh, true); !written) return written.error();
    const bool named = ::link(mine.c_str(), path.c_str()) == 0 || errno == EEXIST;
    const int problem = errno;
    ::unlink(mine.c_str());
    if (!named)
        return Error{ErrorCode::Io, fmt::format("the key cannot be made: {}", std::strerror(problem)), path, {}};
    return readDoorKey(path);
}

}  // namespace tributary::app
