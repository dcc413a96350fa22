// box.info.replication, from what is known of each member.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "engine/systems/tarantool/instance/instancesettings.h"
#include "engine/systems/tarantool/replication/replicationseen.h"

namespace tributary::engine::tarantool {

/// A row of _cluster, and what the instance sees of it. Itself has neither upstream nor downstream.
struct MemberSeen {
    std::uint32_t id = 0;
    std::string uuid;
    std::string name;  ///< empty = none
    std::int64_t lsn = 0;
    std::optional<UpstreamSeen> upstream;
    std::optional<DownstreamSeen> downstream;
};

/// A map by id, encoded. An upstream tells its message only when it has one; a downstream that is over tells nothing
/// but why.
[[nodiscard]] Bytes replicationAnswer(const std::vector<MemberSeen>& members, Era era = Era::V3_0);

/// box.info.gc(): what is held, and by which replicas, each by its uuid and what it has acknowledged.
[[nodiscard]] Bytes consumersAnswer(const Vclock& clock, const std::map<std::string, Vclock>& consumers);
/// box.info.replication_anon.
[[nodiscard]] Bytes anonymousAnswer(std::size_t count);

}  // namespace tributary::engine::tarantool
