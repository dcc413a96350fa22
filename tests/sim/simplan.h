// What one simulated run does, all of it drawn from one seed: shape, load, faults, sizes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/units.h"
#include "engine/log/commitlog.h"

namespace tributary::simtest {

enum class Profile { Pair, Ring, Mesh, Filtered, Sync, Star };
inline constexpr int kProfiles = 6;
[[nodiscard]] std::string profileName(Profile profile);
/// False when no profile has that name.
[[nodiscard]] bool profileOf(const std::string& name, Profile& out);

/// A replica edge of the shape: `from` sends to `to`.
struct Edge {
    int from = 0;
    int to = 0;
    std::string filter;
    bool synchronous = false;
};

/// Fault classes, each on with probability one half ("swarm"): a run without a class gives the others room.
struct Swarm {
    bool powerCuts = false;        ///< between two events
    bool powerCutsInside = false;  ///< in the middle of a disk operation
    bool crashAfterAck = false;    ///< right after an acknowledgement
    bool kills = false;
    bool cuts = false;  ///< one direction, held bytes
    bool resets = false;
    bool slowNet = false;   ///< latency, jitter, stalls
    bool slowLine = false;  ///< little bandwidth
    bool refusals = false;
    bool diskFull = false;
    bool ioErrors = false;
    bool fewHandles = false;  ///< files cannot be opened for a while: descriptors ran out
    bool skew = false;
    bool farSkew = false;  ///< for a while, beyond what a clock may drift
    bool slowWorkers = false;
    bool pauses = false;         ///< of links
    bool upstreamEdits = false;  ///< an upstream record goes and comes back
    bool replicaEdits = false;   ///< a replica record goes and comes back: what was logged between is nobody's
    bool filterEdits = false;
    bool schemaEdits = false;  ///< SimKind::editSchema
    bool rogues = false;       ///< something else answers where a killed host's gateways were
};

class SimKind;

struct Plan {
    const SimKind* kind = nullptr;
    std::uint64_t seed = 1;
    Profile profile = Profile::Mesh;
    int nodes = 3;
    int ops = 300;
    std::string bug;
    std::string bugBeside;  ///< without which it could not be reached
    std::vector<Edge> edges;
    std::vector<int> writers;
    Swarm swarm;
    engine::Durability durability = engine::Durability::Fsync;
    std::uint64_t segmentBytes = 64U << 10U;
    std::uint64_t checkpointWalBytes = 64U << 10U;
    Millis snapshotEveryMs = 1'000;
    Millis flushEveryMs = 500;
    std::uint64_t flushRows = 200;
    std::size_t inFlightBytesMax = 64U << 10U;
    std::size_t poolBytes = 64U << 20U;
    int hotKeys = 6;
    int coldKeys = 500;
    Micros opGapUs = 4'000;  ///< mean
    Micros faultGapUs = 150'000;
    std::string compression = "off";
    bool cuts = false;  ///< what a link cannot bring, a cut does
    std::size_t cutChunkBytes = 256U << 10U;
    bool linksMayStand = false;       ///< before what a replica does not take: somebody makes room for it
    std::uint64_t lineBytesPerS = 0;  ///< of every line, healed or not; 0 = as fast as you like

    [[nodiscard]] Micros loadUs() const { return opGapUs * ops; }
    /// Every node gets everything, whole: all end equal.
    [[nodiscard]] bool converges() const;
};

/// The plan of a seed. Equal arguments, equal plan.
[[nodiscard]] Plan planOf(const SimKind& kind, std::uint64_t seed, Profile profile, int nodes, int ops,
                          const std::string& bug);
/// One line for people.
[[nodiscard]] std::string describe(const Plan& plan);

}  // namespace tributary::simtest
