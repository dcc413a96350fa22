// Is what lies in a cluster's volume what was written? The checksums of its state files and its snapshot say so.
#pragma once

#include <string>

#include "engine/seams/fileops.h"

namespace tributary::app {

/// What was compared.
struct VolumeCheck {
    std::uint64_t files = 0;
    std::uint64_t pages = 0;
    std::uint64_t unchecked = 0;  ///< state files of version 1: they carry no checksums before they are made anew
};

/// Reads every page of every state file, and the snapshot. Nobody may run on the volume meanwhile; changes nothing. The
/// commit log is not read: its own checksums are compared whenever it is. Errors: Corrupt naming file and offset, Io.
[[nodiscard]] Result<VolumeCheck> checkVolume(engine::FileOps& files, const std::string& volume);

}  // namespace tributary::app
