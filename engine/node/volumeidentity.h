// Which life of which volume this is: what tells a volume that was put back from the one that was used last.
//
// A volume has a random uuid; each start of a node on it has a random id and an incarnation of its own. All three lie
// in the log (entry kind Start, before the first write of that start), in the snapshot, in every state file, and in a
// file outside the volume, which says what was used last.
//
// Decision: every start begins an incarnation, not only one that finds something wrong. A copy of a whole workspace
// agrees with itself, so that no look at the disk tells it from the original; only a new number keeps a number from
// being used twice then. The price is one lane of positions (about 40 bytes) for each dataset and start in which the
// dataset was written, until every link is past it (pastlives.h). Incarnations rise with time, so that one that a
// volume opens after it was put back lies behind all that it does not know any more. Rejected: waiting for all peers
// before the first write; numbering such writes again once a peer knows better.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/units.h"
#include "core/base/uuid.h"
#include "engine/log/lsn.h"
#include "engine/seams/fileops.h"
#include "engine/seams/random.h"

namespace tributary::engine {

/// Payload of an entry of kind Start.
struct VolumeStart {
    Uuid volume;
    std::uint64_t startId = 0;
    std::uint64_t incarnation = 0;
    bool apart =
        false;  ///< the volume may not be the one that was used last: lives may lie before it that it does not know
};
[[nodiscard]] Bytes encodeStart(const VolumeStart& start);
[[nodiscard]] Result<VolumeStart> decodeStart(BytesView payload);

/// What `identity.json` says, outside the volume.
struct RememberedVolume {
    Uuid volume;
    std::uint64_t startId = 0;      ///< the last start that is in the log
    std::uint64_t beginning = 0;    ///< a start that was about to be logged; 0 = none
    std::uint64_t incarnation = 0;  ///< the highest that was begun
    Lsn lsn = 0;                    ///< the log reached at least this
};
/// nullopt when there is none. Errors: Corrupt, Unsupported (newer), Io.
[[nodiscard]] Result<std::optional<RememberedVolume>> loadRemembered(FileOps& files, const std::string& path);
[[nodiscard]] Status storeRemembered(FileOps& files, const std::string& path, const RememberedVolume& volume);

/// Larger than both, and of no other copy: the time above (milliseconds since 1970, or one more than the larger), 22
/// random bits below.
[[nodiscard]] std::uint64_t nextIncarnation(std::uint64_t known, std::uint64_t remembered, Millis wallMs,
                                            Random& random);
/// Version 1 counted them.
[[nodiscard]] inline bool isCountedIncarnation(std::uint64_t incarnation) {
    return incarnation >> 32U == 0;
}

/// Why the volume, which `found` and `head` (its last start and entry) describe, is not the one that was used last;
/// empty when it is, or when nothing is remembered of a volume that never said who it was.
[[nodiscard]] std::string whyPutBack(const std::optional<RememberedVolume>& remembered, const VolumeStart& found,
                                     Lsn head);

/// A JSON object's text with a digest of itself as last member, and back without it.
[[nodiscard]] Bytes withDigest(Bytes json);
/// False when the digest is missing or wrong.
[[nodiscard]] bool digestHolds(BytesView text);

}  // namespace tributary::engine
