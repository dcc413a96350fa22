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
#include "engine/log/commitlog.h"
#include "engine/node/controlkind.h"
#include "engine/node/copywatch.h"
#include "engine/node/datasetruntime.h"
#include "engine/node/nodeconfig.h"
#include "engine/node/nodelinks.h"
#include "engine/node/pastlives.h"
#include "engine/node/receiver.h"
#include "engine/node/setups.h"
#include "engine/node/volumelife.h"
#include "engine/replication/bootstrap.h"
#include "engine/replication/gateway.h"
#include "engine/replication/hlc.h"
#include "engine/replication/link.h"
#include "engine/storage/memorypool.h"
#include "engine/storage/stateunit.h"

namespace tributary::engine {

class ControlServer;

/// The engine of one cluster. All calls on the executor of its seams. Destroying it is a crash as its disk sees it
/// (nothing is flushed or synced); stopCleanly() is the polite way.
class Node {
public:
    using Done = std::function<void(Status)>;
    using Reply = std::function<void(Result<Bytes>)>;

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

    /// Logs and applies a write; `reply` gets the kind's answer once it is durable, and at synchronous replicas.
    void put(PutRequest request, Reply reply);
    /// Makes a catalog change durable and applies it. `make` sees the settled catalog and may refuse.
    void change(std::function<Result<CatalogChange>(const Catalog&)> make, Done done);

    [[nodiscard]] const Catalog& catalog() const { return catalog_; }
    [[nodiscard]] const NodeConfig& config() const { return config_; }
    [[nodiscard]] Seams& seams() { return seams_; }
    [[nodiscard]] ControlKind& control(const DatasetKind& kind) const;
    [[nodiscard]] ControlKind& control(const DatasetRecord& record) const { return control(record.kind()); }
    [[nodiscard]] const std::vector<std::unique_ptr<ControlKind>>& controls() const { return controls_; }
    [[nodiscard]] const KindWords& words() const { return config_.kinds->kinds.speaker().words(); }  ///< of messages
    [[nodiscard]] Gateways& gateways() { return *gateways_; }
    [[nodiscard]] AlarmBoard& alarms() { return alarms_; }
    [[nodiscard]] CommitLog& log() { return *log_; }
    [[nodiscard]] MemoryPool& pool() { return pool_; }
    [[nodiscard]] NodeCuts& cuts() { return cuts_; }
    /// Where the control endpoints listen, with the real ports.
    [[nodiscard]] std::vector<Endpoint> controlEndpoints() const;
    [[nodiscard]] DatasetRuntime* dataset(std::uint32_t id);
    [[nodiscard]] DatasetRuntime* dataset(std::string_view path);
    [[nodiscard]] std::uint64_t incarnation() const { return incarnation_; }
    [[nodiscard]] std::uint64_t lifeBefore() const { return life_.before; }
    [[nodiscard]] const std::string& recoveryNote() const { return recoveryNote_; }
    [[nodiscard]] Micros startedUs() const { return startedUs_; }
    /// False once the node is gone: what workers post back looks at it first.
    [[nodiscard]] std::shared_ptr<const bool> alive() const { return alive_; }
    /// Why nothing is taken until the next start: the log failed, or cannot be applied; nullptr = it is at work.
    [[nodiscard]] const Error* failure() const;
    [[nodiscard]] bool failed() const { return failure() != nullptr; }
    /// The log or a state file found no space when it was last written.
    [[nodiscard]] bool diskFull() const;
    /// Why rows stay in memory: the error of a dataset whose last flush failed (a full disk first); nullptr = none.
    [[nodiscard]] const Error* flushTrouble() const;
    /// The reason when the dataset's state cannot be opened: its rows can be neither read nor written.
    [[nodiscard]] Status checkAvailable(const DatasetRecord& record) const;

    /// A view of a dataset's state as of now, with the clock set. NotFound for an unknown dataset.
    Result<std::unique_ptr<StateView>> view(std::uint32_t datasetId, bool forLongScan);
    [[nodiscard]] FoldContext foldContext(const DatasetRecord& dataset) const;  ///< rules, clock, tombstones, now
    /// Opens or closes a copy session of a control connection: tombstones are kept while one is open.
    void copySession(std::uint32_t datasetId, std::uint64_t session, bool begin);
    /// The connection is gone: so are its copy sessions.
    void endCopySessions(std::uint64_t session);
    [[nodiscard]] CopyWatch& copies() { return copies_; }                    ///< which replicas clients fill
    [[nodiscard]] Setups& setups() { return setups_; }                       ///< those that this node sets up by itself
    [[nodiscard]] ControlServer* controlServer() { return control_.get(); }  ///< null while the node stops
    /// True when everything logged is materialised and checkpointed (bench: settled).
    [[nodiscard]] bool settled() const;
    /// An administrator lets in what links are held at because its stamps lie too far ahead.
    void letInHeldClocks() { receiver_.clocks().letIn(seams_.clock.wallMs()); }
    /// The datasets of `entity` (a path, a volume; empty = all) are equal to their replicas again.
    void forgetDivergence(const std::string& entity);
    void flushNow();  ///< what is in memory now, whatever its size

    /// Checks the cheap invariants; an empty answer is good.
    [[nodiscard]] std::string checkInvariants() const;

    // For the node's own parts (Receiver, NodeLinks, NodeCuts).
    /// An entry is durable: it is applied, readable, and links may ship it. An error: the node takes nothing more.
    Status published(const LogEntry& entry, const PayloadView& view);
    /// What the kind says to a payload; for kinds that decide. Errors: Io, Corrupt, and the kind's reason for a Stop.
    Result<Decision> decide(const DatasetRecord& record, const Proposal& proposal);
    void decided(const DatasetRecord& record, const LogEntry& entry);
    /// The log refused it, and so all that was decided on it.
    void undecided(const EntryEnvelope& envelope, const std::shared_ptr<const Bytes>& stored);
    /// A skip, the end of a life or a part of a cut is durable. Errors: Corrupt.
    Status applyTold(const LogEntry& entry);
    /// A write arrived: an idle flush is put off.
    void noteWrite();
    /// True while memory or the log's queue is above its bound.
    [[nodiscard]] bool overloaded() const;
    void evaluateAlarms();
    /// A replica told how far it is: it may know writes of this dataset that the dataset does not.
    void peerPositions(std::uint32_t datasetId, const std::string& peer, const Positions& positions);
    /// A source told where it stands: the dataset may know more of it.
    void sourceStands(const DatasetRecord& record, const Hello& hello);
    /// An append was refused: a full disk is remembered and told once.
    void logRefused(const Status& status);

private:
    Node(Seams& seams, NodeConfig config, MemoryPool& pool);
    // recovery (noderecover.cpp)
    Status recover();
    Status loadSnapshot();
    [[nodiscard]] Error damagedSnapshot() const;
    Status replayEntry(const LogEntry& entry);
    Status flushInline(DatasetRuntime& dataset, Lsn upTo);
    Status loadIncarnation();
    void removeOrphans();
    // which life of the volume (nodeidentity.cpp)
    Status findVolume();
    Status checkSnapshotFitsLog(const Json& snapshot);
    Status replayStart(const LogEntry& entry);
    Status checkLogReaches() const;
    Status beginLife();
    Status tellBeginning();
    void logStart();
    void confirmStart();
    [[nodiscard]] std::optional<RememberedVolume> rememberedAt(Lsn lsn) const;
    void rememberPosition(Lsn lsn);
    void restartNumbers();
    void putBack(const std::string& entity, const std::string& what);
    // state files (nodedatasets.cpp)
    [[nodiscard]] std::string stateFile(std::uint32_t id) const;
    Status takeHandles();
    Result<std::unique_ptr<DatasetRuntime>> openRuntime(const DatasetRecord& record, bool isNew);
    [[nodiscard]] Lsn reachOf(std::uint32_t id, Lsn position) const;
    [[nodiscard]] Json restsOf(const DatasetRuntime& dataset, Lsn lsn) const;
    Status checkReach(const DatasetRecord& record, Lsn position) const;
    Result<std::unique_ptr<DatasetRuntime>> createRuntime(const DatasetRecord& record);
    std::unique_ptr<DatasetRuntime> openOrStandIn(const DatasetRecord& record);
    Status removeStateFiles(std::uint32_t id);
    void reopenDatasets();
    void reopen(DatasetRuntime& dataset, const DatasetRecord& record);
    void catchUp(std::uint32_t id, const std::shared_ptr<DatasetRuntime>& fresh, Lsn from);
    void standIn(DatasetRuntime& dataset, const DatasetRecord& record, Error reason);
    Result<EntryRef> entryRef(const DatasetRecord& record, const LogEntry& entry, const PayloadView& view) const;
    void note(const std::string& text);

    // write path (nodewrite.cpp)
    void putSettled(PutRequest request, Reply reply, bool admitted);
    [[nodiscard]] Error memoryStuck() const;
    Status takeCopiedStamps(Stamp newest);
    void appendPut(const DatasetRecord& record, const CheckedWrite& write, const PutRequest& request, Reply reply);
    Status applyData(const LogEntry& entry, const PayloadView& view);
    Result<Decision> decideHere(const DatasetRecord& record, BytesView body, PayloadHeader& header);
    void answer(std::uint32_t datasetId, Lsn lsn, Bytes bytes, Reply reply);
    [[nodiscard]] Error cannotApply(const DatasetRecord& record, const LogEntry& entry, const Error& reason) const;
    void admit();
    // catalog (nodecatalog.cpp)
    void changeSettled(const std::function<Result<CatalogChange>(const Catalog&)>& make, Done done);
    void applyCatalog(const CatalogChange& change, Lsn lsn);
    void refuseChange(const CatalogChange& change, std::unique_ptr<DatasetRuntime>& fresh, Lsn lsn,
                      const Status& status);
    void refreshDataset(std::uint32_t datasetId);
    void refreshLinks(DatasetRuntime& dataset, const DatasetRecord& record);
    void settle();

    // upkeep (nodeupkeep.cpp)
    void tick();
    void lookForTrouble();
    void markDivergence();
    [[nodiscard]] std::string horizonAlarm(const DatasetRecord& record, const ReplicaRecord& replica,
                                           const LinkStatus& status, Millis nowMs) const;
    void onPublished(Lsn lsn);
    void onSynced(Lsn lsn);
    void considerFlush(DatasetRuntime& dataset, bool force);
    void startCheckpoint(DatasetRuntime& dataset, bool evenShort);
    [[nodiscard]] bool removedByHand() const;
    void writeSnapshot();
    [[nodiscard]] Json snapshotJson(Lsn lsn) const;

    Seams& seams_;
    NodeConfig config_;
    MemoryPool& pool_;
    std::vector<std::unique_ptr<ControlKind>> controls_;
    Hlc hlc_;
    Catalog catalog_;
    AlarmBoard alarms_;
    CopyWatch copies_{seams_.clock};
    std::unique_ptr<FileLock> lock_;
    std::unique_ptr<CommitLog> log_;
    std::map<std::uint32_t, std::unique_ptr<DatasetRuntime>> datasets_;
    std::unique_ptr<Gateways> gateways_;
    std::unique_ptr<ControlServer> control_;
    std::uint64_t incarnation_ = 1;
    VolumeLife life_;
    Lsn snapshotLsn_ = 0;
    std::map<std::uint32_t, std::vector<StateRest>> rests_;  ///< by dataset, as the snapshot told
    Lsn releaseBelow_ = 0;                                   ///< as the written snapshot allows
    bool snapshotRunning_ = false;
    Micros snapshotAtUs_ = 0;
    bool catalogBusy_ = false;
    std::deque<Task> settling_;         ///< waits until the catalog change in flight is durable
    std::deque<WaitingPut> admission_;  ///< waits for memory
    DurableWaiters waiters_;
    Receiver receiver_{*this, hlc_, waiters_};
    NodeLinks links_{*this};
    NodeCuts cuts_{*this, hlc_, waiters_};
    PastLives pastLives_{*this};
    Setups setups_{*this};
    bool logFull_ = false;           ///< an append found no space, and none has been seen since
    std::uint64_t handlesLeft_ = 0;  ///< how many files this process may still open, about
    std::optional<Error> stopped_;   ///< an entry of the log could not be applied
    bool failureTold_ = false;
    bool divergenceAsked_ = false;  ///< a change that marks links is under way
    Micros reopenedAtUs_ = 0;       ///< when unavailable datasets were last tried
    bool stopping_ = false;
    std::string recoveryNote_;
    TimerId tickTimer_ = 0;
    Micros startedUs_ = 0;
    Micros lastWriteUs_ = 0;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine
