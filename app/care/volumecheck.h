// Is what lies in a cluster's volume what was written? The checksums of its log, state files and snapshot say so.
#pragma once

#include <string>

#include "engine/node/volumeshape.h"
#include "engine/seams/fileops.h"

namespace tributary::app {

/// What was compared.
struct VolumeCheck {
    std::uint64_t files = 0;
    std::uint64_t pages = 0;
    std::uint64_t entries = 0;    ///< of the commit log
    std::uint64_t unchecked = 0;  ///< state files of version 1: they carry no checksums before they are made anew
};

/// Reads the commit log from its first byte to its last, every page of every state file, and the snapshot, and that the
/// log reaches as far as the snapshot. Nobody may run on the volume meanwhile; changes nothing. Errors: Corrupt naming
/// file and offset, Io.
[[nodiscard]] Result<VolumeCheck> checkVolume(engine::FileOps& files, const std::string& volume,
                                              const engine::VolumeShape& shape = {});

}  // namespace tributary::app
