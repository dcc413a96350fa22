// Reads a state file page by page and compares the checksums, without opening it as a database.
#pragma once

#include <string>

#include "engine/seams/fileops.h"

namespace tributary::engine {

/// What a scan came to.
struct PageScan {
    std::uint64_t pages = 0;  ///< compared
    std::uint64_t waiting =
        0;                 ///< passed over: a newer one lies in the write-ahead log, which has checksums of its own
    bool checked = false;  ///< false: of format 1, or empty; its pages carry none
};

/// Changes nothing; nobody may write to the file meanwhile. Errors: Corrupt with the offset of the first page that is
/// not as it was written, or of a file that is cut short; NotFound, Io.
[[nodiscard]] Result<PageScan> scanStatePages(FileOps& files, const std::string& path);

}  // namespace tributary::engine
