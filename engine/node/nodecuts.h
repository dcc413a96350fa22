// Cuts of a node's datasets: made here for replicas, and taken here from sources.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/catalog/datasetrecord.h"
#include "engine/log/commitlog.h"
#include "engine/node/durablewaiters.h"
#include "engine/replication/cut.h"
#include "engine/replication/hlc.h"
#include "engine/replication/receiverhost.h"

namespace tributary::engine {

class Node;
struct DatasetRuntime;

/// How far a dataset has come with a cut that a source gives it. While it is active the dataset can be neither read nor
/// written.
struct CutIntake {
    std::uint64_t cut = 0;          ///< 0 = none; what is durable here, and so in the state
    std::uint64_t number = 0;       ///< the last part of it
    Bytes token;                    ///< CutPart::to of that part
    std::uint32_t upstreamIdx = 0;  ///< who brings it
    struct Received {
        std::uint64_t cut = 0;
        std::uint64_t number = 0;
        Bytes token;
    } received;                 ///< the same with what is queued in the log
    std::uint64_t offered = 0;  ///< the cut that a Begin was accepted of last; not kept on disk
    Positions place;            ///< and what it holds
    /// Nothing but the cut may change the dataset.
    [[nodiscard]] bool active() const { return received.cut != 0; }
};

/// A part of its node; executor's thread only.
class NodeCuts {
public:
    NodeCuts(Node& node, Hlc& clock, DurableWaiters& waiters) : node_(node), clock_(clock), waiters_(waiters) {}

    /// Logs an entry, and cuts the dataset there: all entries before it are in the cut, and none behind it. `done` runs
    /// once it is as durable as the log's level asks, from the log's callback. Errors: NotFound, Unavailable (its state
    /// cannot be read, or is being filled itself), and those of an append.
    void make(std::uint32_t datasetId, std::function<void(Result<Cut>)> done);

    /// A part arrived: ReceiverHost::cutPart().
    Result<Accepted> receive(std::uint32_t datasetId, std::uint32_t upstreamIdx, const CutPart& part);
    enum class When {
        Published,
        Replayed,
        Known  ///< replayed, and the snapshot tells what came of it: only the state may lack it
    };
    /// A part is durable. Errors: Corrupt, Io.
    Status apply(const LogEntry& entry, When when);
    /// Its rows alone, into a state that lacks them. Errors: Corrupt, Io.
    Status applyRows(const DatasetRecord& record, StateUnit& state, const LogEntry& entry) const;
    /// What the dataset wants of its sources.
    [[nodiscard]] static std::optional<CutWant> wanted(const CutIntake& intake);
    /// Whether this upstream may bring something now: all, but for one while another one's cut is coming.
    [[nodiscard]] static bool mayCome(const DatasetRecord& record, const CutIntake& intake, std::uint32_t upstreamIdx);

    /// For the snapshot: a member of the dataset's object, when there is something to say.
    static void write(const CutIntake& intake, Json& saved);
    /// Throws what the JSON library throws. Absent: nothing is coming.
    static void read(const Json& saved, CutIntake& intake);

private:
    Result<Accepted> begin(const DatasetRecord& record, DatasetRuntime& runtime, const CutPart& part);
    [[nodiscard]] Status fits(const DatasetRecord& record, const DatasetRuntime& runtime, const CutPart& part) const;
    Lsn log(std::uint32_t datasetId, std::uint32_t upstreamIdx, const CutPart& part);
    void installed(const DatasetRecord& record, DatasetRuntime& runtime, const CutPlace& place);

    Node& node_;
    Hlc& clock_;
    DurableWaiters& waiters_;
};

}  // namespace tributary::engine
