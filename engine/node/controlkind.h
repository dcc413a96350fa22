// The control half of a kind of data, one for each node: its requests, who may write, its part of status and alarms.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/catalog/datasetrecord.h"
#include "engine/log/lsn.h"
#include "engine/node/volumeshape.h"
#include "engine/replication/linkkind.h"
#include "engine/replication/linkstatus.h"
#include "engine/replication/setupkind.h"

namespace tributary::engine {

class ControlRequests;
class Node;
class ControlKind;

/// A client's write.
struct PutRequest {
    std::string user;
    std::string path;
    bool copy = false;  ///< what it holds keeps its timestamps and arrival stamps
    Bytes body;         ///< in the kind's format
    /// Whose request it is; null = that of the dataset's kind.
    ControlKind* asked = nullptr;
    /// Of a copy that a source makes through a gateway, when it sets up a replica: that source. The agreement stands
    /// for the user's rights, as it does for links.
    Uuid source{};

    [[nodiscard]] bool bySource() const { return source != Uuid{}; }
};

/// A write that waits for memory, and who is told of it.
struct WaitingPut {
    PutRequest request;
    std::function<void(Result<Bytes>)> reply;
};

/// A write that may be logged.
struct CheckedWrite {
    std::uint32_t operations = 0;  ///< 0 = there is nothing to log
    bool deletes = false;          ///< BodyCount::deletes
    Stamp newestOwnStamp = 0;      ///< of a copy: the newest that it brings with it
};

/// A link as status shows it.
struct ShownLink {
    const DatasetRecord& dataset;
    const ReplicaRecord& replica;
    LinkStatus status;
    std::optional<Millis> copyStalledSinceMs;  ///< CopyWatch's answer
};

/// Executor's thread only; a part of its node.
class ControlKind {
public:
    virtual ~ControlKind() = default;

    [[nodiscard]] virtual const DatasetKind& kind() const = 0;
    /// Adds the kind's requests, in its own range of numbers (controlapi.h).
    virtual void addRequests(ControlRequests& requests) = 0;
    /// May this be written? Looks through the body before anybody uses it, and asks the user's rights. `record` is null
    /// when there is no such dataset, and may be of another kind.
    [[nodiscard]] virtual Result<CheckedWrite> checkWrite(const PutRequest& request, const DatasetRecord* record) = 0;
    /// What alarms of a dataset are raised for.
    [[nodiscard]] virtual std::string alarmEntity(const std::string& path) const = 0;
    /// Whether alarms may be raised for it though no dataset lies there.
    [[nodiscard]] virtual bool knowsEntity(const std::string& entity) const = 0;
    /// What entities are called in "cluster x has no <entities>, gateway or alarm called y".
    [[nodiscard]] virtual std::string_view entityNouns() const = 0;
    /// A client's connection has ended: what belonged to it goes.
    virtual void sessionEnded(std::uint64_t session) { (void)session; }
    /// The oldest entry of the log that somebody whom only the kind knows may still need: neither it nor what is behind
    /// it is released. The largest number when there is none.
    [[nodiscard]] virtual Lsn neededFrom() { return std::numeric_limits<Lsn>::max(); }
    /// Entries of the log were published: they can be read, and are in the state.
    virtual void logPublished() {}
    /// More of the log is on the disk (CommitLog::syncedLsn); after logPublished().
    virtual void logSynced() {}
    [[nodiscard]] virtual Json linkJson(const ShownLink& link) const = 0;
};

/// All that a node is told of kinds, made once.
struct NodeKinds {
    using MakeControl = std::function<std::unique_ptr<ControlKind>(Node& node)>;
    Kinds kinds;
    std::vector<MakeControl> controls;   ///< one for each kind, in the same order
    std::vector<const LinkKind*> links;  ///< likewise; they outlive it
    VolumeShape volume{};
    const SetupKind* setups = nullptr;  ///< how a source sets up replicas by itself; null = it does not; outlives it

    [[nodiscard]] const LinkKind& linksOf(const DatasetKind& kind) const;
};

}  // namespace tributary::engine
