// A workspace as one file, and back: the drawing, its layout, the journals, and the data of the engine.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/workspace/workspace.h"

namespace tributary::app {

/// The format of the archives that this program writes, and the newest it reads (app/care/README.md).
inline constexpr int kBackupFormat = 1;

struct BackupReport {
    std::string file;
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;         ///< of the files
    std::uint64_t archiveBytes = 0;  ///< of the archive; 0 when one was only read
    std::string version;             ///< of the program that wrote it
    std::string created;             ///< when, UTC
};

/// "NAME-20260131T090000Z.backup.tar.zst", NAME being that of the workspace's folder.
[[nodiscard]] std::string backupFileName(const WorkspacePaths& paths, Millis nowMs);

/// Writes the archive `file`, which must not exist. The volumes of the clusters are locked meanwhile, so that none can
/// start. Errors: Conflict naming `tributary down` while a cluster runs; those of ArchiveWriter.
[[nodiscard]] Result<BackupReport> backupWorkspace(const WorkspacePaths& paths, const std::string& file, Millis nowMs);

/// Makes `dir`, new or empty, of an archive. Everything is read, compared with its checksums and synced under another
/// name first. Errors: AlreadyExists (not empty), Corrupt naming the place in the archive, Unsupported naming the
/// version needed, InvalidInput (no backup at all), DiskFull, Io; `dir` is as it was then.
[[nodiscard]] Result<BackupReport> restoreWorkspace(const std::string& file, const std::string& dir);

/// Reads a whole archive and compares its checksums; writes nothing. Errors: as restoreWorkspace.
[[nodiscard]] Result<BackupReport> checkBackup(const std::string& file);

}  // namespace tributary::app
