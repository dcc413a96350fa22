// The two halves of an edge between datasets of two clusters: recorded where it begins, and where it ends.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/units.h"
#include "core/base/uuid.h"
#include "engine/log/lsn.h"

namespace tributary::engine {

using Json = nlohmann::ordered_json;

/// States of a replica; replicaStateName() has them as the first system shows them.
enum class ReplicaState {
    Replicating,
    CreateSchedule,
    CopySchedule,
    CopyInProgress,
    CopyInRecover,
    DeletingCursors,
    WaitTillBulkload,
    Unexpected
};
[[nodiscard]] std::string_view replicaStateName(ReplicaState state);
/// True while the replica is being filled, or waits for whoever fills it to go on.
[[nodiscard]] bool isCopyState(ReplicaState state);

/// An edge at the source: "send to that dataset".
struct ReplicaRecord {
    std::uint32_t idx = 0;  ///< 1.. within the dataset, never reused
    std::string cluster;
    std::string path;        ///< the replica's full path
    Uuid uuid;               ///< the replica's identity: the path may change, this may not
    std::string projection;  ///< what goes over it, as the kind writes it (Projections); empty = everything
    bool paused = false;
    Millis pausedMs = 0;  ///< UTC, since when; 0 = not paused, or not known
    /// UTC, since when a change waited for longer than delete markers live: the datasets may differ for good. 0 =
    /// never, or an administrator has cleared it.
    Millis divergedMs = 0;
    bool throttle = false;
    bool networkEncryption = false;
    bool synchronous = false;
    std::string compression = "lz4";  ///< off | lz4 | zstd | lzf | zlib
    Lsn fromLsn = 0;                  ///< entries above it are this link's; set when registered
    ReplicaState state = ReplicaState::Replicating;
    std::int32_t copyPercent = -1;  ///< how far a copy has come; -1 = no copy was run
    /// Of a replica that its source sets up by itself: what was asked for, how far it is, why it gave up
    /// (engine/node/setups.h). Null for any other, and once it is set up.
    Json setup;
    /// Earlier projections and the last lsn each applies to: an edited filter is a barrier, what was logged before it
    /// is shipped as it was then.
    std::vector<std::pair<Lsn, std::string>> earlierProjections;

    /// The projection that an entry at `lsn` is filtered with.
    [[nodiscard]] const std::string& projectionAt(Lsn lsn) const;
    /// Nothing is sent: somebody paused it, or it is not set up yet.
    [[nodiscard]] bool held() const { return paused || !setup.is_null(); }
};

/// An edge at the replica: "accept from that dataset".
struct UpstreamRecord {
    std::uint32_t idx = 0;
    std::string cluster;
    std::string path;
    Uuid uuid;
};

/// JSON forms: parts of catalog entries and of the node snapshot. Reading throws what the JSON library throws.
[[nodiscard]] Json toJson(const ReplicaRecord& replica);
[[nodiscard]] Json toJson(const UpstreamRecord& upstream);
[[nodiscard]] ReplicaRecord replicaFromJson(const Json& json);
[[nodiscard]] UpstreamRecord upstreamFromJson(const Json& json);

}  // namespace tributary::engine
