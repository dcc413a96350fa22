// One cluster's engine: log + state + catalog + gateways + links. Dies at any instant, comes back from its disk alone.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/alarms/alarmboard.h"
#include "engine/catalog/catalog.h"
#include "engine/gateway/gateway.h"
#include "engine/log/commitlog.h"
#include "engine/node/access.h"
#include "engine/node/nodeconfig.h"
#include "engine/replication/hlc.h"
#include "engine/replication/shipper.h"
#include "engine/storage/memorypool.h"
#include "engine/storage/stateunit.h"

namespace tributary::engine {

class ControlServer;

/// One table at work: its state, its positions, its links.
struct TableRuntime {
    std::uint32_t id = 0;
    std::unique_ptr<StateUnit> state;
    Positions durable;               ///< what is logged durably, per lane; what a peer may rely on
    Positions received;              ///< durable plus what is queued in the log
    std::uint64_t nextSequence = 1;  ///< of this table as an origin, in the node's incarnation
    std::map<std::uint32_t, std::unique_ptr<Shipper>> shippers;  ///< by replica idx
    Micros firstUnflushedUs = 0;                                 ///< when the oldest row in memory arrived; 0 = none
    bool flushing = false;
    bool checkpointing = false;
    std::map<std::uint64_t, int> copySessions;                           ///< by control connection
    std::map<std::uint32_t, std::pair<LinkStatus, Millis>> cachedStats;  ///< replica list without refresh
};

/// A client's write.
struct PutRequest {
    std::string user;
    std::string path;
    bool copy = false;  ///< cells keep their timestamps and arrival stamps; bulkloadperm counts while bulkload is on
    Bytes body;         ///< as encodeBody() makes it
};

/// The engine of one cluster. All calls on the executor of its seams. Destroying it is a crash as its disk sees it
/// (nothing is flushed or synced); stopCleanly() is the polite way.
class Node {
public:
    using Done = std::function<void(Status)>;

    /// Opens or creates the volume, recovers, opens gateways and control endpoints. Blocks. Errors: Conflict (volume
    /// locked, port in use), Corrupt (file and offset), Unsupported (newer format), InvalidInput (foreign volume).
    static Result<std::unique_ptr<Node>> start(Seams& seams, NodeConfig config, MemoryPool& pool);
    ~Node();
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    /// Takes no new work and starts no new jobs; what runs on workers may finish. Call before stopCleanly().
    void prepareStop();
    /// Flushes, writes the snapshot and the log's clean mark. Blocks; call once, then destroy.
    Status stopCleanly();

    /// Logs and applies a write; `done` runs when it is acknowledged: durable, and received by synchronous links.
    void put(PutRequest request, Done done);
    /// Makes a catalog change durable and applies it. `make` sees the settled catalog and may refuse.
    void change(std::function<Result<CatalogChange>(const Catalog&)> make, Done done);

    [[nodiscard]] const Catalog& catalog() const { return catalog_; }
    [[nodiscard]] const NodeConfig& config() const { return config_; }
    [[nodiscard]] Seams& seams() { return seams_; }
    [[nodiscard]] Access& access() { return access_; }
    [[nodiscard]] Gateways& gateways() { return *gateways_; }
    [[nodiscard]] AlarmBoard& alarms() { return alarms_; }
    [[nodiscard]] CommitLog& log() { return *log_; }
    [[nodiscard]] MemoryPool& pool() { return pool_; }
    /// Where the control endpoints listen, with the real ports.
    [[nodiscard]] std::vector<Endpoint> controlEndpoints() const;
    [[nodiscard]] TableRuntime* table(std::uint32_t id);
    [[nodiscard]] TableRuntime* table(std::string_view path);
    [[nodiscard]] std::uint32_t incarnation() const { return incarnation_; }
    [[nodiscard]] const std::string& recoveryNote() const { return recoveryNote_; }
    [[nodiscard]] Micros startedUs() const { return startedUs_; }
    /// False once the node is gone: what workers post back looks at it first.
    [[nodiscard]] std::shared_ptr<const bool> alive() const { return alive_; }
    [[nodiscard]] bool failed() const { return log_->failure().has_value(); }
    [[nodiscard]] bool diskFull() const { return diskFull_; }

    /// A view of a table's state as of now, with the clock set. NotFound for an unknown table.
    Result<std::unique_ptr<StateView>> view(std::uint32_t tableId, bool forLongScan);
    /// The fold context of a table now (families, TTL, tombstones).
    [[nodiscard]] FoldContext foldContext(const TableRecord& table) const;
    /// Opens or closes a copy session of a control connection: tombstones are kept while one is open.
    void copySession(std::uint32_t tableId, std::uint64_t session, bool begin);
    /// The connection is gone: so are its copy sessions.
    void endCopySessions(std::uint64_t session);
    /// True when everything logged is materialised and checkpointed (bench: settled).
    [[nodiscard]] bool settled() const;
    /// Flushes what is in memory now, whatever its size.
    void flushNow();

    /// Checks the cheap invariants (reliability.md section 6); an empty answer is good.
    [[nodiscard]] std::string checkInvariants() const;

private:
    Node(Seams& seams, NodeConfig config, MemoryPool& pool);

    // recovery (noderecover.cpp)
    Status recover();
    Status loadSnapshot();
    Status replayEntry(const LogEntry& entry);
    Status openTables();
    Result<std::unique_ptr<TableRuntime>> openRuntime(const TableRecord& record);
    Status flushInline(TableRuntime& table, Lsn upTo);
    Status loadIncarnation();
    Status nextIncarnation(bool clean);
    void removeOrphans();

    // write path (nodewrite.cpp)
    void putSettled(PutRequest request, Done done, bool admitted);
    Status checkPut(const PutRequest& request, const TableRecord*& record, PayloadView& view);
    void appendPut(const TableRecord& record, std::uint32_t operations, bool deletes, const PutRequest& request,
                   Done done);
    Result<Accepted> receive(std::uint32_t tableId, std::uint32_t upstreamIdx, BytesView payload);
    void published(const LogEntry& entry, const PayloadView& view);
    Status applyData(const LogEntry& entry, const PayloadView& view);
    void waitForSynchronous(std::uint32_t tableId, Lsn lsn, Done done);
    void whenDurable(Lsn lsn, Done done);
    void failWaiters(Lsn fromLsn, const Status& status);
    void admit();
    [[nodiscard]] bool overloaded() const;

    // catalog (nodecatalog.cpp)
    void changeSettled(const std::function<Result<CatalogChange>(const Catalog&)>& make, Done done);
    void applyCatalog(const CatalogChange& change, Lsn lsn);
    void refreshTable(std::uint32_t tableId);
    void refreshShippers(TableRuntime& table, const TableRecord& record);
    ShipperHost shipperHost();
    ReceiverHost receiverHost();
    std::variant<ReceiverHost::Agreement, Refusal> agree(const Hello& hello);
    void settle();

    // upkeep (nodeupkeep.cpp)
    void tick();
    void onPublished(Lsn lsn);
    void onSynced(Lsn lsn);
    void considerFlush(TableRuntime& table, bool force);
    void startCheckpoint(TableRuntime& table, bool evenShort);
    void evaluateAlarms();
    void writeSnapshot();
    [[nodiscard]] Json snapshotJson(Lsn lsn) const;
    void releaseLog();

    Seams& seams_;
    NodeConfig config_;
    MemoryPool& pool_;
    Access access_;
    Hlc hlc_;
    Catalog catalog_;
    AlarmBoard alarms_;
    std::unique_ptr<FileLock> lock_;
    std::unique_ptr<CommitLog> log_;
    std::map<std::uint32_t, std::unique_ptr<TableRuntime>> tables_;
    std::unique_ptr<Gateways> gateways_;
    std::unique_ptr<ControlServer> control_;
    std::uint32_t incarnation_ = 1;
    Lsn snapshotLsn_ = 0;
    Lsn releaseBelow_ = 0;  ///< as the written snapshot allows
    bool snapshotRunning_ = false;
    Micros snapshotAtUs_ = 0;
    bool catalogBusy_ = false;
    std::deque<Task> settling_;  ///< waits until the catalog change in flight is durable
    struct WaitingPut {
        PutRequest request;
        Done done;
    };
    std::deque<WaitingPut> admission_;  ///< waits for memory
    std::multimap<Lsn, Done> durableWaiters_;
    bool diskFull_ = false;
    bool clockDrift_ = false;
    bool stopping_ = false;
    std::map<std::string, Micros> errorSinceUs_;  ///< per link: alarms wait until an error has lasted
    std::string recoveryNote_;
    TimerId tickTimer_ = 0;
    Micros startedUs_ = 0;
    Micros lastWriteUs_ = 0;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine
