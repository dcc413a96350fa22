// What the halves of conversations share: the cluster's place in its group, and its book.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/systems/voltdb/replication/drbook.h"
#include "engine/systems/voltdb/replication/drstore.h"

namespace tributary::engine::voltdb {

/// As documented, of a snapshot that did not end.
inline constexpr std::string_view kSnapshotBroken =
    "DR Subsystem could not be recovered because the Sync Snapshot did not complete successfully. Please restart the "
    "cluster in CREATE mode and with the DR connection source of an existing cluster.";

/// Executor's thread only; outlives them.
class DrHub {
public:
    virtual ~DrHub() = default;
    [[nodiscard]] virtual DrStore& store() = 0;
    [[nodiscard]] virtual DrBook& book() = 0;
    /// Makes the book durable. A failure stops replication here, and is told.
    virtual Status save() = 0;
    [[nodiscard]] virtual DrMember self() const = 0;
    /// All others that it knows.
    [[nodiscard]] virtual std::vector<DrMember> others() const = 0;
    /// Who joins through this cluster now; one at a time.
    [[nodiscard]] virtual std::optional<int> joining() const = 0;
    virtual void setJoining(std::optional<int> cluster) = 0;
    /// This cluster is to hear another one's logs from now on.
    virtual void follow(const DrMember& member) = 0;
    /// A sync snapshot from `source` is whole here; `others` hold their logs.
    virtual void joined(const DrMember& source, const std::vector<DrMember>& others) = 0;
    /// The joiner may begin once all of `others` hold their logs for it; `ready` is called once, in success.
    virtual void holdAtOthers(const DrMember& source, const std::vector<DrMember>& others,
                              std::function<void()> ready) = 0;
    virtual void conflicts(const std::vector<DrConflictNote>& notes) = 0;
    /// That cluster leaves for good.
    virtual void left(int cluster) = 0;
};

/// Unix time in microseconds.
[[nodiscard]] inline std::int64_t nowUs(Seams& seams) {
    return seams.clock.wallMs() * 1'000;
}

}  // namespace tributary::engine::voltdb
