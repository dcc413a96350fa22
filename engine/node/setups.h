// Replicas that this node sets up by itself: it makes them, has them accept the source, copies what is there, opens the
// link. The record of each (ReplicaRecord::setup) says how far it is, so that a start goes on where a crash was.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "engine/catalog/edges.h"
#include "engine/replication/linkstatus.h"

namespace tributary::engine {

class Node;
class SetupRun;

/// A part of its node; executor's thread only. The link of a replica is held until the end (ReplicaRecord::held).
///
/// States: CREATE_SCHEDULE (made and agreed) -> COPY_SCHEDULE (waits for its turn) -> COPY_IN_PROGRESS <->
/// COPY_IN_RECOVER (a failure; tried again) -> DELETING_CURSORS (the way back) -> REPLICATING. UNEXPECTED: it gave up,
/// `error` in the record says why. A paused replica rests in whatever state it is.
class Setups {
public:
    explicit Setups(Node& node);
    ~Setups();
    Setups(const Setups&) = delete;
    Setups& operator=(const Setups&) = delete;

    /// What a request for one writes into the record: whose it is. `options` go to the kind as they are.
    [[nodiscard]] static Json asked(const std::string& user, const Json& options);

    /// Begins, goes on with and drops runs, as the catalog says. Not from within a run's own callbacks.
    void follow();
    void followSoon();
    /// No more of it: the node stops.
    void stop();
    /// What stands in the way of a replica's set-up, when something does.
    void addTrouble(std::uint32_t datasetId, const ReplicaRecord& replica, LinkStatus& status) const;
    /// How far its copy is, now.
    [[nodiscard]] std::int32_t percentOf(std::uint32_t datasetId, const ReplicaRecord& replica) const;
    /// What one copy may send, in bytes per second.
    [[nodiscard]] std::uint64_t bytesPerS() const;

private:
    Node& node_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::unique_ptr<SetupRun>> runs_;  ///< by dataset and replica
    std::uint64_t nextSession_ = 1;
    bool soon_ = false;
    bool stopped_ = false;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine
