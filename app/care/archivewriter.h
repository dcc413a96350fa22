// Writing a compressed tar archive that appears under its name whole or not at all.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/units.h"

struct archive;

namespace tributary::app {

/// One archive under way. What is written goes to a file beside the final name, which only finish() gives it; a
/// process that is killed leaves that file, and the next writer of the same name removes it. One thread at a time.
class ArchiveWriter {
public:
    enum class Compression { Zstd, Gzip };

    /// Errors: AlreadyExists (the file is there; nothing is ever overwritten), NotFound and PermissionDenied (the
    /// folder), Io. The archive can be read by its owner alone.
    static Result<std::unique_ptr<ArchiveWriter>> create(const std::string& path, Compression compression);
    ~ArchiveWriter();
    ArchiveWriter(const ArchiveWriter&) = delete;
    ArchiveWriter& operator=(const ArchiveWriter&) = delete;

    /// Errors of the adders: DiskFull, Io.
    Status addText(const std::string& name, std::string_view text, Millis modifiedMs);
    Status addFolder(const std::string& name, unsigned mode, Millis modifiedMs);
    Status addLink(const std::string& name, const std::string& target, Millis modifiedMs);
    /// Adds a file of the disk and returns the hash (XXH3, 128 bits, hexadecimal) of the bytes that were added.
    /// Errors also: Conflict when its size changes while it is read.
    Result<std::string> addFile(const std::string& name, const std::string& path);

    /// Syncs everything and gives the archive its name. Returns its size.
    Result<std::uint64_t> finish();

private:
    ArchiveWriter(std::string path, std::string scratch, int file);
    Status head(const std::string& name, unsigned type, unsigned mode, std::uint64_t bytes, Millis modifiedMs,
                const std::string& target = {});
    Status body(std::string_view bytes);
    [[nodiscard]] Error problem() const;

    std::string path_;
    std::string scratch_;
    int file_ = -1;
    ::archive* archive_ = nullptr;
};

/// Removes what a killed process left of "PREFIX<pid>" in a folder: entries whose process is no more.
void removeAbandoned(const std::string& folder, const std::string& prefix);

}  // namespace tributary::app
