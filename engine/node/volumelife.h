// What a node knows of the life of its volume that it leads; a part of its node.
#pragma once

#include "engine/node/volumeidentity.h"

namespace tributary::engine {

/// Where state files lie in a volume, since version 1.
constexpr std::string_view kStateFolder = "/tables";

/// Which life of its volume a node leads (volumeidentity.h).
struct VolumeLife {
    std::string file;                            ///< outside the volume
    std::optional<RememberedVolume> remembered;  ///< what it said at the start
    VolumeStart found;                           ///< the last start that the volume itself knows
    VolumeStart now;                             ///< this one
    std::uint64_t before = 0;                    ///< incarnation of the life before it; 0 = none
    Lsn startLsn = 0;                            ///< of its entry in the log; 0 = not there yet
    Lsn logFirst = 0;                            ///< first entry of the log when it was found; 0 = no log
    bool oldFormat = false;                      ///< the snapshot is of version 1
    bool told = false;                           ///< its beginning is in the file outside
    bool logging = false;                        ///< the entry is on its way
    bool confirmed = false;                      ///< the file outside says so, too
};

}  // namespace tributary::engine
