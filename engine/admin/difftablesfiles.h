// The operations of a comparison as files: JSON lines, one change to one cell each.
//
// Line: {"op":"put"|"delete","key":..,"family":..,"column":..,"timestamp":ms,"value":..}; key, column and value are
// bytes as Latin-1 (engine/node/controlapi.h); deletes carry no value and mean this version only.
#pragma once

#include <memory>
#include <string>

#include "engine/admin/difftables.h"
#include "engine/seams/fileops.h"

namespace tributary::engine::maprdb {

/// Writes `opsForDst` and `opsForSrc` into a new directory; with a master only the file of the other table.
/// Buffered: finish() makes them durable.
class ChangeFiles {
public:
    /// AlreadyExists when the directory exists: operations of two comparisons must not mix.
    static Result<std::unique_ptr<ChangeFiles>> create(FileOps& files, const std::string& dir, DiffMaster master);

    Status write(const CellChange& change);
    Status finish();

private:
    struct Output {
        std::unique_ptr<File> file;
        Bytes buffer;
        std::uint64_t written = 0;
    };
    ChangeFiles() = default;
    static Status flush(Output& output);

    Output forDst_;
    Output forSrc_;
};

}  // namespace tributary::engine::maprdb
