// box.info of an instance as plain values, and what can be told from those of two.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/systems/membersystem.h"
#include "core/base/bytes.h"
#include "core/base/result.h"

namespace tributary::app {

/// Positions by replica id; id 0 counts what stays at an instance.
using ClockValues = std::map<std::uint32_t, std::int64_t>;

/// upstream or downstream of an entry of box.info.replication. What the instance does not tell is absent.
struct PeerHalf {
    std::string status;                ///< follow, stopped, disconnected, loading, ...
    std::string message;               ///< why it is not follow; may be empty
    std::string peer;                  ///< of an upstream: "replicator@127.0.0.1:3302"
    std::optional<double> idleS;       ///< since the last row or heartbeat
    std::optional<double> lagS;        ///< as it is told: see reportedLagS()
    std::optional<ClockValues> clock;  ///< of a downstream that follows: what the reader has acknowledged
};

/// A registered instance, as another one (or it itself) sees it.
struct PeerInfo {
    std::uint32_t id = 0;
    std::string uuid;
    std::string name;  ///< empty: it has none, or the instance is too old to tell
    std::int64_t lsn = 0;
    std::optional<PeerHalf> upstream;    ///< absent: this instance has no applier for it
    std::optional<PeerHalf> downstream;  ///< absent: it has asked for no rows since this instance started
};

struct BoxInfo {
    std::uint32_t id = 0;  ///< 0: not registered (yet)
    std::string uuid;
    std::string name;
    std::string status;            ///< loading, orphan, hot_standby, running
    std::optional<bool> readOnly;  ///< absent: it does not tell
    std::string readOnlyReason;
    std::int64_t pid = 0;
    std::string listen;
    std::optional<double> uptimeS;
    ClockValues clock;
    std::vector<PeerInfo> replication;  ///< by id

    /// Borrowed, or nullptr: by name where it is told, else by uuid; an empty word matches nothing.
    [[nodiscard]] const PeerInfo* peer(std::string_view peerName, std::string_view peerUuid) const;
};

/// The answer of the call `info`: an array of one map. Fields that are not known are passed over. Errors: Corrupt.
[[nodiscard]] Result<BoxInfo> readBoxInfo(BytesView answer);
/// The alerts in an answer of the call `config`, as readBoxInfo(). Errors: Corrupt.
[[nodiscard]] Result<std::vector<MemberAlert>> readAlerts(BytesView answer);

/// The lag worth showing: absent unless the half follows, and for values that mean something else (before the first
/// row, after an error row, by a clock that is ahead).
[[nodiscard]] std::optional<double> reportedLagS(const PeerHalf& half);

/// How many rows of the source the reader lacks: what is local at either counts for nothing.
[[nodiscard]] std::int64_t rowsBehind(const ClockValues& source, const ClockValues& reader);

/// "{1: 9, 2: 5}".
[[nodiscard]] std::string clockText(const ClockValues& clock);

}  // namespace tributary::app
