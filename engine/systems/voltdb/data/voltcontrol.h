// A host as its node: what clients may ask, by requests of its own (controlapi.h: 600 and up).
//
// Answers, of reads too, are given once what they saw is published.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "engine/node/controlserver.h"
#include "engine/storage/sqlstateunit.h"
#include "engine/systems/voltdb/data/drside.h"
#include "engine/systems/voltdb/data/partitionrows.h"
#include "engine/systems/voltdb/data/voltcall.h"
#include "engine/systems/voltdb/data/voltsettings.h"

namespace tributary::engine::voltdb {

struct VoltMethod {
    /// {} -> {}: makes the database where there is none, and begins. Whoever starts the node asks it once.
    static constexpr Method Begin{600};
    /// Binary: a VoltCall -> a VoltAnswer (voltcall.h).
    static constexpr Method Call{601};
};
/// Where the one dataset of a host lies in its node's catalog.
inline constexpr const char* kDatabasePath = "database";

/// All rows of the tables as of one entry of the log; reading it holds nobody up.
class VoltPicture {
public:
    virtual ~VoltPicture() = default;
    [[nodiscard]] virtual Lsn position() const = 0;
    /// The next DR sequence of a partition as of then.
    [[nodiscard]] virtual std::uint64_t nextSequence(int partition) const = 0;
    /// Rows of a table behind the first `skip`, in an order that stays, at most `rowsMax`. Errors: NotFound, Io.
    [[nodiscard]] virtual Result<std::vector<RowImage>> rows(std::string_view table, std::size_t skip,
                                                             std::size_t rowsMax) = 0;
    /// As PartitionRows::metaGet(), as of then.
    [[nodiscard]] virtual Result<std::optional<Bytes>> metaGet(std::string_view key) = 0;
};

/// Executor's thread only; a part of its node.
class VoltControl final : public ControlKind {
public:
    using Done = std::function<void(Status)>;
    using Answered = std::function<void(VoltAnswer)>;
    using Procedure = std::function<void(const VoltCall& call, Answered answered)>;

    VoltControl(Node& node, const DatasetKind& kind, std::shared_ptr<VoltSettings> settings);
    ~VoltControl() override;
    VoltControl(const VoltControl&) = delete;
    VoltControl& operator=(const VoltControl&) = delete;

    [[nodiscard]] const DatasetKind& kind() const override { return kind_; }
    void addRequests(ControlRequests& requests) override;
    [[nodiscard]] Result<CheckedWrite> checkWrite(const PutRequest& request, const DatasetRecord* record) override;
    [[nodiscard]] std::string alarmEntity(const std::string& path) const override { return path; }
    [[nodiscard]] bool knowsEntity(const std::string&) const override { return false; }
    [[nodiscard]] std::string_view entityNouns() const override { return "database"; }
    [[nodiscard]] Lsn neededFrom() override;
    void logPublished() override;
    void logSynced() override;
    [[nodiscard]] Json linkJson(const ShownLink& link) const override;

    /// As VoltMethod::Begin. Errors: those of making the database, and of replication that cannot listen.
    void begin(Done done);
    [[nodiscard]] bool isBegun() const { return isBegun_; }
    /// As VoltMethod::Call. `answered` is called once, now or later.
    void call(const VoltCall& call, Answered answered);
    /// Further system procedures ("@Promote"), and selectors of @Statistics ("DRROLE", upper case). One name once.
    void addProcedure(const std::string& name, Procedure procedure);
    void addStatistics(const std::string& selector, Procedure procedure);

    // for replication
    [[nodiscard]] Node& node() { return node_; }
    [[nodiscard]] VoltSettings& settings() { return *settings_; }
    /// Null before there is a database.
    [[nodiscard]] std::shared_ptr<const VoltSchema> schema() const;
    [[nodiscard]] std::uint32_t datasetId() const;
    /// Logs what decideDr() makes of the body; the reply, or why nothing was logged.
    void applyDr(Bytes body, std::function<void(Result<Bytes>)> done);
    /// Looks at rows as they are now, what is not published yet included. Changes nothing: what `use` changes is taken
    /// back.
    Status look(const std::function<Status(PartitionRows&)>& use);
    /// Everything that is published and synced as of now. Errors: Unavailable (nothing synced yet), Io.
    Result<std::unique_ptr<VoltPicture>> frozen();
    /// The next DR sequence of each partition, kMpPartition among them; partitions without any are not there.
    [[nodiscard]] std::map<int, std::uint64_t> nextSequences() const;
    /// Clients may not write: it is a replica ("Write procedure X is not allowed in replica cluster"); applyDr() goes
    /// on.
    void setReplicaReadOnly(bool isReadOnly) { isReplica_ = isReadOnly; }
    /// The same for another reason, which they are told; empty: they may.
    void setReadOnly(std::string reason) { readOnlyReason_ = std::move(reason); }
    [[nodiscard]] bool isReplicaReadOnly() const { return isReplica_; }
    [[nodiscard]] bool isPaused() const { return isPaused_; }
    void setPaused(bool isPaused);
    [[nodiscard]] DrSide* dr() { return dr_.get(); }

private:
    struct Waiting {
        Lsn lsn;
        std::function<void(const Status&)> then;
    };
    [[nodiscard]] const DatasetRecord* record() const;
    [[nodiscard]] SqlStateUnit* unit() const;
    void begun(Done done);
    void runDdl(const std::vector<std::string>& statements, const Answered& answered);
    Result<CatalogChange> ddlChange(const Catalog& catalog, const std::vector<std::string>& statements,
                                    std::string& note);
    void runWrite(const VoltCall& call, const Answered& answered);
    void runRead(const VoltCall& call, const Answered& answered);
    void put(Bytes body, std::function<void(Result<Bytes>)> done);
    /// Calls back once everything that was logged so far is published.
    void whenPublished(std::function<void(const Status&)> then);
    /// After a write or a change: what reads saw of entries that the log has refused never was.
    void dropRefused(const std::optional<Error>& reason);
    // systemcalls.cpp
    void addSystemProcedures();
    [[nodiscard]] VoltAnswer systemInformation(const VoltCall& call) const;
    [[nodiscard]] VoltAnswer tableStatistics();
    void statistics(const VoltCall& call, const Answered& answered);

    Node& node_;
    const DatasetKind& kind_;
    std::shared_ptr<VoltSettings> settings_;
    std::map<std::string, Procedure, std::less<>> procedures_;
    std::map<std::string, Procedure, std::less<>> statistics_;
    std::vector<Waiting> waiting_;
    bool isBegun_ = false;
    bool isPaused_ = false;
    bool isReplica_ = false;
    std::string readOnlyReason_;
    std::unique_ptr<DrSide> dr_;
};

}  // namespace tributary::engine::voltdb
