// Replication of a host: what DrCluster needs of the data, and what the host is told of replication.
//
// What it ships it reads off the log of the node, entry by entry; what comes from elsewhere goes the way of any write
// (VoltControl::applyDr). Procedures "@Promote" and "@ResetDR", and the selectors of @Statistics about replication, are
// added to those of the host.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/systems/voltdb/data/drside.h"
#include "engine/systems/voltdb/data/voltcontrol.h"
#include "engine/systems/voltdb/host/hosttables.h"
#include "engine/systems/voltdb/replication/drcluster.h"

namespace tributary::engine::voltdb {

/// What a host is told of replication beside VoltSettings, which has the cluster's id and its role.
struct ReplicationSettings {
    Endpoint door{"127.0.0.1", 5555, {}, {}};  ///< where the producer listens
    std::string address;                       ///< what other clusters dial; empty = the door
    std::vector<Endpoint> sources;             ///< connection source
    /// Where other clusters listen now, by id: counts before what was remembered of them in another life.
    std::map<int, std::string> addresses{};
    Millis flushIntervalMs = 1'000;
    std::uint64_t consumerBytesMax = 52'428'800;
    std::uint64_t memoryBytesMax = 64U << 20U;
    std::string bookFile;                               ///< empty = replication.json in the volume
    std::string conflictFile;                           ///< CSV; empty = conflicts are counted only
    std::function<void(const std::string&)> logLine{};  ///< a line for the log of the process
};
/// Makes `settings` a host with replication. Role None: nothing is listened to, figures say DISABLED.
void addReplication(VoltSettings& settings, ReplicationSettings replication);

/// Executor's thread only; a part of its host.
class HostReplication final : public DrSide, public DrStore {
public:
    HostReplication(VoltControl& control, ReplicationSettings replication);
    ~HostReplication() override;
    HostReplication(const HostReplication&) = delete;
    HostReplication& operator=(const HostReplication&) = delete;

    [[nodiscard]] DrCluster& cluster() { return cluster_; }
    /// Why it is not at work; empty = it is, or will be.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }
    /// Dials these from now on, where nobody has been joined yet.
    void setSources(std::vector<Endpoint> sources);
    [[nodiscard]] const DrSettings& settings() const override { return settings_; }

    // DrSide
    void begun(Begun begun) override;
    void logPublished() override { feed(); }
    void logSynced() override { feed(); }
    [[nodiscard]] Lsn neededFrom() override;
    void schemaChanged() override;
    void flush() override { cluster_.flush(); }

private:
    // DrStore
    [[nodiscard]] Seams& seams() override { return control_.node().seams(); }
    [[nodiscard]] int partitions() const override;
    [[nodiscard]] const DrTables& tables() const override { return tables_; }
    Result<bool> hasRows() override;
    [[nodiscard]] std::uint64_t nextSequence(int partition) const override;
    [[nodiscard]] std::uint64_t nextAtStart(int partition) const override;
    Result<DrTrackers> trackers() override;
    void write(Bytes body, Written written) override;
    Result<std::unique_ptr<DrPicture>> picture() override;
    void readAgain(int partition, Lsn lsn, std::size_t bytesMax, Read read) override;
    void setReadOnly(const std::string& reason) override;
    void logLine(const std::string& line) override;

    void feed();
    void readStored();
    void take(const std::vector<LogEntry>& entries);
    void fed();
    /// `told`: what whoever began the host hears, where it has not begun yet.
    void stop(const std::string& why, const Status& told = okStatus());
    void tellBegun(const Status& status);
    Result<std::vector<DrLogged>> loggedOf(const LogEntry& entry);
    void addProcedures();
    void promote(const VoltControl::Answered& answered);
    void reset(const VoltCall& call, const VoltControl::Answered& answered);
    void statistics(const std::string& selector, const VoltCall& call, const VoltControl::Answered& answered);

    VoltControl& control_;
    ReplicationSettings replication_;
    DrSettings settings_;
    DrTables tables_;
    TablesOfThen then_;
    Bytes trackers_;  ///< as what was answered last left them
    std::map<int, std::uint64_t> next_;
    std::map<int, std::uint64_t> nextAtStart_;
    Lsn lastAtStart_ = 0;
    DrCluster cluster_;
    std::string trouble_;
    Begun begun_;           ///< empty: it was called
    Lsn readFrom_ = 0;      ///< the entry that is read next
    bool isKnown_ = false;  ///< the book of conversations was read
    bool isOpen_ = false;
    bool isReading_ = false;
    bool isStarted_ = false;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

/// The replication of a host; nullptr when it was started without.
[[nodiscard]] HostReplication* replicationOf(VoltControl& control);

}  // namespace tributary::engine::voltdb
