// Writing backups; restore.cpp reads them.
#include "app/care/backup.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "app/care/archivewriter.h"
#include "app/care/backupformat.h"
#include "app/care/volumecheck.h"
#include "app/systems/membersystem.h"
#include "core/base/escape.h"
#include "core/base/text.h"
#include "engine/admin/tableadmincalls.h"
#include "engine/machine/realfileops.h"

namespace tributary::app {
namespace {

namespace fs = std::filesystem;

/// What a restored workspace makes anew (the keys, certificates, ports, sockets, locks, and which life of its volumes
/// was the last: what was restored must not pass for that), or what belongs to the machine (the daemon's log), or is
/// derived (SQLite's shared memory). Earlier backups would make each one larger than the last.
bool leftOut(const std::string& name) {
    if (name == ".tributary/secret" || name.starts_with(".tributary/daemon.log") || name == ".tributary/runs/lock")
        return true;
    if (name == ".tributary/identity" || name.starts_with(".tributary/identity/")) return true;
    const bool ofCluster = name.starts_with(".tributary/clusters/");
    if (ofCluster && (name.ends_with("/ports.json") || name.ends_with("/key") || name.ends_with("/volume/lock") ||
                      name.ends_with(".db-shm") || name.find("/tls/") != std::string::npos))
        return true;
    if (name.ends_with(kBackupSuffix)) return true;
    const std::vector<const MemberSystem*> systems = memberSystems();
    return std::any_of(systems.begin(), systems.end(),
                       [&](const MemberSystem* system) { return system->makesAnew(name); });
}

/// Held while the volumes are read: no cluster can start on them.
using Locks = std::vector<std::unique_ptr<engine::FileLock>>;

Error whyLocked(const WorkspacePaths& paths, const std::string& who, const Error& error) {
    if (error.code != ErrorCode::Conflict) return error;
    return {ErrorCode::Conflict,
            fmt::format("{} runs ({}), and its files change while they are read", who, error.what),
            {},
            fmt::format("tributary down -w {0}, then the backup, then tributary up -w {0}",
                        engine::maprdb::shellWord(paths.root))};
}

/// Of members that are processes of their own.
Status lockMembers(const WorkspacePaths& paths, engine::RealFileOps& files, Locks& locks) {
    for (const MemberSystem* system : memberSystems()) {
        const auto volumes = system->volumes(paths);
        if (!volumes) return volumes.error();
        for (const MemberVolume& volume : volumes.value()) {
            auto lock = files.lock(volume.folder + "/lock");
            if (!lock) return whyLocked(paths, volume.title, lock.error());
            locks.push_back(std::move(lock).value());
            if (const auto sound = checkVolume(files, volume.folder, volume.shape); !sound) {
                Error error = sound.error();
                error.what = fmt::format("the volume of {} is damaged: {}", volume.title, error.what);
                return error;
            }
        }
    }
    return okStatus();
}

Result<Locks> lockVolumes(const WorkspacePaths& paths) {
    engine::RealFileOps files;
    Locks locks;
    if (Status locked = lockMembers(paths, files, locks); !locked) return locked.error();
    const std::string clusters = paths.state() + "/clusters";
    if (!files.exists(clusters)) return locks;
    const auto names = files.list(clusters);
    if (!names) return names.error();
    for (const std::string& name : names.value()) {
        const std::string volume = clusters + "/" + name + "/volume";
        if (!files.exists(volume)) continue;
        auto lock = files.lock(volume + "/lock");
        if (!lock) return whyLocked(paths, "cluster " + name, lock.error());
        locks.push_back(std::move(lock).value());
        // A copy of damage is no backup, and the damage would be found only when it is needed.
        if (const auto sound = checkVolume(files, volume); !sound) {
            Error error = sound.error();
            error.what = fmt::format("the volume of cluster {} is damaged: {}", name, error.what);
            return error;
        }
    }
    return locks;
}

Millis modifiedOf(const struct stat& info) {
    return Millis{info.st_mtim.tv_sec} * 1'000 + info.st_mtim.tv_nsec / 1'000'000;
}

/// Every entry below the workspace, sorted; relative names.
Result<std::vector<std::string>> entriesOf(const std::string& root) {
    std::vector<std::string> names;
    std::error_code problem;
    auto at = fs::recursive_directory_iterator(root, problem);
    for (const auto end = fs::recursive_directory_iterator(); !problem && at != end; at.increment(problem)) {
        names.push_back(fs::path(at->path()).lexically_relative(root).string());
    }
    if (problem) return Error{ErrorCode::Io, "the folder cannot be read: " + problem.message(), root, {}};
    std::sort(names.begin(), names.end());
    return names;
}

Status addEntry(ArchiveWriter& writer, const std::string& root, const std::string& name, BackupReport& report,
                nlohmann::ordered_json& manifest) {
    const std::string path = root + "/" + name;
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) {
        return Error{ErrorCode::Conflict, "it went away while the workspace was read", path, "do it again"};
    }
    if (!isUtf8(name)) return Error{ErrorCode::InvalidInput, "the name is not UTF-8", path, "rename it"};
    const std::string stored = kBackupFolder + name;
    if (S_ISDIR(info.st_mode)) return writer.addFolder(stored, info.st_mode, modifiedOf(info));
    if (S_ISLNK(info.st_mode)) {
        std::error_code problem;
        const std::string target = fs::read_symlink(path, problem).string();
        if (problem) return Error{ErrorCode::Io, "the link cannot be read", path, {}};
        manifest[name] = {{"link", target}};
        return writer.addLink(stored, target, modifiedOf(info));
    }
    if (!S_ISREG(info.st_mode)) return okStatus();  // sockets and pipes hold nothing
    const auto hash = writer.addFile(stored, path);
    if (!hash) return hash.error();
    ++report.files;
    report.bytes += static_cast<std::uint64_t>(info.st_size);
    manifest[name] = {{"bytes", info.st_size}, {"xxh3", hash.value()}};
    return okStatus();
}

}  // namespace

std::string backupFileName(const WorkspacePaths& paths, Millis nowMs) {
    std::string stamp;
    for (const char c : isoTime(nowMs).substr(0, 19)) {
        if (c != '-' && c != ':') stamp += c;
    }
    const std::string name = fs::path(paths.root).filename().string();
    return fmt::format("{}-{}Z{}", name.empty() ? "workspace" : name, stamp, kBackupSuffix);
}

Result<BackupReport> backupWorkspace(const WorkspacePaths& paths, const std::string& file, Millis nowMs) {
    const auto locks = lockVolumes(paths);
    if (!locks) return locks.error();
    auto writer = ArchiveWriter::create(file, ArchiveWriter::Compression::Zstd);
    if (!writer) return writer.error();
    const auto names = entriesOf(paths.root);
    if (!names) return names.error();
    BackupReport report;
    report.file = file;
    report.version = TRIBUTARY_VERSION;
    report.created = isoTime(nowMs);
    struct stat folder {};
    if (::stat(paths.root.c_str(), &folder) != 0) return Error{ErrorCode::Io, "it cannot be read", paths.root, {}};
    const nlohmann::ordered_json head{{"format", kBackupFormat},
                                      {"version", report.version},
                                      {"created", report.created},
                                      {"mode", folder.st_mode & 0777U}};
    if (Status added = writer.value()->addText(kBackupHead, head.dump() + "\n", nowMs); !added) return added.error();
    nlohmann::ordered_json manifest = nlohmann::ordered_json::object();
    // The archive itself, where it is written into the workspace, has another name until it is finished.
    const std::string scratch = "." + fs::path(file).filename().string() + ".partial-";
    for (const std::string& name : names.value()) {
        if (leftOut(name) || fs::path(name).filename().string().starts_with(scratch)) continue;
        if (Status added = addEntry(*writer.value(), paths.root, name, report, manifest); !added) return added.error();
    }
    const std::string text = nlohmann::ordered_json{{"files", manifest}}.dump(
        1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    if (Status added = writer.value()->addText(kBackupManifest, text + "\n", nowMs); !added) return added.error();
    const auto bytes = writer.value()->finish();
    if (!bytes) return bytes.error();
    report.archiveBytes = bytes.value();
    return report;
}

}  // namespace tributary::app
