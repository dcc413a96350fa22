// An instance as its node: what `box` may ask of it, by requests of its own (controlapi.h: 500 and up).
//
// Reads see what is published. A write is answered when it is durable. A transaction runs on a picture of the state
// (rowwork.h) and is one entry when it commits; it belongs to the connection that began it.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "engine/node/controlserver.h"
#include "engine/systems/tarantool/data/boxarguments.h"
#include "engine/systems/tarantool/door/iprotodoor.h"
#include "engine/systems/tarantool/instance/instancesettings.h"
#include "engine/systems/tarantool/instance/rowwork.h"
#include "engine/systems/tarantool/instance/writequeue.h"
#include "engine/systems/tarantool/replication/appliers.h"
#include "engine/systems/tarantool/replication/relays.h"
#include "engine/systems/tarantool/replication/reusednumbers.h"

namespace tributary::engine::tarantool {

struct BoxMethod {
    /// {} -> {}: opens the door at iproto.listen, makes the instance's dataset, and begins the way to its data: it is
    /// there already, or the instance bootstraps, alone or as the one of its peers that has to, or joins one of them.
    /// Answered at once where peers are waited for; then calls fail as during a bootstrap, or only writes, while an
    /// instance with data tries its peers. Whoever starts the node asks it once. Errors: those of the door;
    /// InvalidInput when nobody of a new replica set may write.
    static constexpr Method Begin{500};
    /// Binary: [method, [argument, ...]] -> [true, [result, ...]] or [false, code, message], all MessagePack. Methods
    /// are those of localbox.h, where `info` answers one map, and:
    ///   cfg [] -> a map · set_cfg [a map] · reload [] · config [] -> a map · snapshot []
    static constexpr Method Call{501};
};
/// Where the one dataset of an instance lies in its node's catalog.
inline constexpr const char* kInstancePath = "instance";

/// Executor's thread only; a part of its node.
class InstanceControl final : public ControlKind, public DoorBox, public ApplierBox, public MasterHost {
public:
    using Done = std::function<void(Status)>;

    InstanceControl(Node& node, std::shared_ptr<InstanceSettings> settings);
    ~InstanceControl() override;
    InstanceControl(const InstanceControl&) = delete;
    InstanceControl& operator=(const InstanceControl&) = delete;

    [[nodiscard]] const DatasetKind& kind() const override;
    void addRequests(ControlRequests& requests) override;
    [[nodiscard]] Result<CheckedWrite> checkWrite(const PutRequest& request, const DatasetRecord* record) override;
    [[nodiscard]] std::string alarmEntity(const std::string& path) const override { return path; }
    [[nodiscard]] bool knowsEntity(const std::string&) const override { return false; }
    [[nodiscard]] std::string_view entityNouns() const override { return "instance"; }
    [[nodiscard]] Json linkJson(const ShownLink& link) const override;
    [[nodiscard]] Lsn neededFrom() override { return relays_.neededFrom(); }
    void logPublished() override { relays_.published(); }
    /// Its open transaction is rolled back.
    void sessionEnded(std::uint64_t session) override;

    /// As BoxMethod::Begin.
    void begin(Done done);
    /// As BoxMethod::Call, for the connection `session`. `answered` is called once, now or later.
    void call(std::uint64_t session, std::string_view method, BytesView arguments, Answered answered) override;
    void write(std::uint64_t session, Packet row, Answered answered) override;
    bool endCalls(std::uint64_t session) override;
    Status look(const std::function<Status(RowWork&)>& use) override;
    [[nodiscard]] Ballot ballot() const override;
    [[nodiscard]] std::uint64_t schemaVersion() const override { return schemaVersion_; }
    // for those who serve replicas
    [[nodiscard]] Seams& seams() override { return node_.seams(); }
    [[nodiscard]] CommitLog& log() override { return node_.log(); }
    [[nodiscard]] const InstanceSettings& settings() const override { return *settings_; }
    [[nodiscard]] std::uint32_t datasetId() const override;
    [[nodiscard]] bool isReady() const override { return isReady_; }
    [[nodiscard]] bool reads(const Uuid& instance) const override { return upstreamOf(instance.text()).has_value(); }
    Result<std::unique_ptr<StateView>> frozen() override;
    void logRows(std::vector<Packet> rows, Answered answered) override { put(rows, std::move(answered)); }
    /// Where IPROTO is spoken; nothing when it is nowhere.
    [[nodiscard]] std::optional<Endpoint> doorEndpoint() const;
    /// The instances that it follows, by their uuid; those that never answered are not among them.
    [[nodiscard]] std::map<Uuid, UpstreamSeen> upstreams() const { return appliers_->seen(); }

private:
    /// A picture of the state that statements are run on.
    struct Picture;
    struct Transaction {
        std::unique_ptr<Picture> picture;
        std::vector<Packet> rows;
    };
    struct Asked {
        std::uint64_t session;
        const BoxArguments& arguments;
        Answered answered;
    };
    using Handler = void (InstanceControl::*)(const Asked&);
    static Handler handlerOf(std::string_view method);

    [[nodiscard]] const DatasetRecord* record() const;
    Result<std::unique_ptr<Picture>> picture() const;
    // The way to its data (instancelife.cpp).
    void makeRecord(Done done);
    void open(Done done);
    void becomeReady(bool isJoined = false);
    void addUsers(Done done);
    /// Opens the door where the configuration says; one that is open there stays, and sessions stay in any case.
    Status openDoor();
    /// The peers of a configuration. Errors: InvalidInput.
    static Result<std::vector<PeerAddress>> peersOf(const InstanceOptions& options);
    void configurePeers(const std::vector<PeerAddress>& peers);
    [[nodiscard]] bool isReadOnly() const { return settings_->options.isReadOnly || isTrying_; }
    [[nodiscard]] Vclock publishedClock() const override;
    [[nodiscard]] Uuid replicasetOfData() const override;
    void met(const Uuid& member, const Vclock& theirs) override;
    [[nodiscard]] std::int64_t ownNumber() const;
    void writeRows(Bytes body, bool changesSchema, Written written) override;
    void logLine(const std::string& line) override;
    void bootstrapNow(std::function<void(Status)> done) override;
    void bootstrapAs26(std::function<void(Status)> done);
    void forgetJoin(std::function<void(Status)> done) override;
    void joined() override;
    void peersTried() override;
    void peersWanted() override { isTrying_ = true; }

    /// What is seen of the member with that uuid; nothing when there is no applier, or none of its subscriptions was
    /// seen.
    [[nodiscard]] std::optional<UpstreamSeen> upstreamOf(const std::string& uuid) const;
    [[nodiscard]] std::optional<DownstreamSeen> downstreamOf(const std::string& uuid) const;
    void put(const std::vector<Packet>& rows, Answered answered);
    /// Refusals as the instance's era says them.
    [[nodiscard]] Answered inOwnWords(Answered answered) const;
    /// Into the open transaction of the session, or at once.
    void write(const Asked& asked, std::vector<Packet> rows);
    /// Runs what reads on the open transaction of the session, or on the state as it is.
    void read(const Asked& asked, const std::function<Result<BoxAnswer>(RowWork&)>& look);
    /// The same before a write: only a failure is an answer, and there is no write then (false).
    bool lookFirst(const Asked& asked, const std::function<Result<BoxAnswer>(RowWork&)>& look);

    void space(const Asked& asked);
    void createSpace(const Asked& asked);
    void dropSpace(const Asked& asked);
    void renameSpace(const Asked& asked);
    void setFormat(const Asked& asked);
    void truncate(const Asked& asked);
    void createIndex(const Asked& asked);
    void dropIndex(const Asked& asked);
    void insert(const Asked& asked);
    void replace(const Asked& asked);
    void upsert(const Asked& asked);
    void update(const Asked& asked);
    void remove(const Asked& asked);
    void get(const Asked& asked);
    void select(const Asked& asked);
    void count(const Asked& asked);
    void length(const Asked& asked);
    void byteSize(const Asked& asked);
    void beginTransaction(const Asked& asked);
    void commit(const Asked& asked);
    void rollback(const Asked& asked);
    void inTransaction(const Asked& asked);
    void info(const Asked& asked);
    void cfg(const Asked& asked);
    void setCfg(const Asked& asked);
    void applyOptions(InstanceOptions fresh, const Answered& answered);
    void setTrigger(const Asked& asked);
    void triggers(const Asked& asked);
    void snapshot(const Asked& asked);
    static constexpr Millis kSnapshotLookMs = 20;
    static constexpr int kSnapshotLooks = 3'000;
    static constexpr int kSnapshotTries = 3;
    void awaitSnapshot(Answered answered, int looksLeft, int triesLeft);
    void reload(const Asked& asked);
    void config(const Asked& asked);

    Node& node_;
    std::shared_ptr<InstanceSettings> settings_;
    bool isBegun_ = false;   ///< begin() was asked
    bool isReady_ = false;   ///< it has its data
    bool isTrying_ = false;  ///< its peers are being tried: no writes yet
    std::string configStatus_ = "ready";
    std::string configTrouble_;
    Millis configTroubleMs_ = 0;
    std::map<std::uint64_t, Transaction> transactions_;  ///< by connection
    std::uint64_t schemaVersion_ = 1;
    std::string listen_;  ///< where the door is open
    ReusedNumbers reused_;
    Relays relays_{*this};
    std::unique_ptr<IprotoDoor> door_;
    std::unique_ptr<Appliers> appliers_;
    WriteQueue queue_;
};

}  // namespace tributary::engine::tarantool
