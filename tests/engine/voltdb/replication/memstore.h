// A cluster's data in memory, with a log that a crash cuts: what replication is tried on without SQL.
#pragma once

#include <deque>
#include <set>

#include "engine/systems/voltdb/replication/drcluster.h"

namespace tributary::test {

namespace volt = engine::voltdb;

/// One change of rows or of what is known about others.
struct MemEffect {
    enum class What { Put, Erase, Truncate, Trackers, Next };
    What what = What::Put;
    std::string table{};
    volt::RowImage row{};
    Bytes trackers{};
    int partition = 0;
    std::uint64_t next = 0;
};

struct MemState {
    std::map<std::string, std::multiset<volt::RowImage>> rows;
    Bytes trackers;
    std::map<int, std::uint64_t> next;
    void apply(const MemEffect& effect);
};

struct MemEntry {
    std::vector<MemEffect> effects;
    std::vector<volt::DrLogged> produced;
    std::vector<volt::DrConflictNote> conflicts;
};

/// A client's change of one row; a row with the same key is what an update or a delete means.
struct MemChange {
    volt::DrOperation operation = volt::DrOperation::Insert;
    std::string table;
    volt::RowImage row;  ///< without the hidden column; of a delete the key suffices
};

/// The log is synced after a while; what is behind it dies with the process.
class MemStore final : public volt::DrStore {
public:
    MemStore(engine::Seams& seams, volt::DrSettings settings, int partitions);

    // a client
    /// All of it or nothing; `done` once it is as durable as the command log makes it. Errors as clients get them.
    Status transact(const std::vector<MemChange>& changes, std::function<void()> done = {});
    Status truncate(const std::string& table);
    [[nodiscard]] const MemState& published() const { return published_; }
    [[nodiscard]] std::vector<std::string> shown(const std::string& table) const;
    void setTables(std::vector<volt::DrTable> tables);
    void setTablesFrom(std::vector<volt::DrTable> tables) { pendingTables_ = std::move(tables); }

    // the log
    /// What a restart finds.
    struct Disk {
        std::vector<MemEntry> entries;
        std::vector<volt::DrTable> tables;
    };
    [[nodiscard]] Disk disk() const {
        return {{log_.begin(), log_.begin() + static_cast<long>(durable_)}, tables_.tables()};
    }
    void recover(Disk disk);
    /// Tells a cluster what it has to know from the log.
    void feed(volt::DrCluster& cluster);
    void setCluster(volt::DrCluster* cluster) { cluster_ = cluster; }
    [[nodiscard]] const std::vector<MemEntry>& entries() const { return log_; }
    [[nodiscard]] std::size_t durable() const { return durable_; }
    /// The asynchronous command log reaches the disk only when told to.
    void holdSync(bool holds) { holdsSync_ = holds; }
    /// Applying is refused for a while: the disk is slow.
    void setStalledPartition(std::optional<int> partition) { stalled_ = partition; }
    void releaseStalled();
    /// Pieces that clients made since the start; what is produced beyond them was forwarded.
    [[nodiscard]] std::uint64_t ownPieces() const { return ownPieces_; }
    [[nodiscard]] std::uint64_t producedPieces() const { return producedPieces_; }
    std::vector<std::string> lines;
    std::string readOnly;

    // DrStore
    engine::Seams& seams() override { return seams_; }
    [[nodiscard]] const volt::DrSettings& settings() const override { return settings_; }
    volt::DrSettings& changeSettings() { return settings_; }
    [[nodiscard]] int partitions() const override { return partitions_; }
    [[nodiscard]] const volt::DrTables& tables() const override { return tables_; }
    Result<bool> hasRows() override;
    [[nodiscard]] std::uint64_t nextSequence(int partition) const override;
    Result<volt::DrTrackers> trackers() override;
    void write(Bytes body, Written written) override;
    Result<std::unique_ptr<volt::DrPicture>> picture() override;
    void readAgain(int partition, engine::Lsn lsn, std::size_t bytesMax, Read read) override;
    void setReadOnly(const std::string& reason) override { readOnly = reason; }
    void logLine(const std::string& line) override { lines.push_back(line); }

    [[nodiscard]] int partitionOf(const volt::DrTable& table, const volt::RowImage& row) const;

private:
    friend class MemRows;
    void append(MemEntry entry, std::function<void()> done);
    void sync();
    void publish(std::size_t upTo);
    [[nodiscard]] std::int64_t nextStamp();

    engine::Seams& seams_;
    volt::DrSettings settings_;
    int partitions_;
    volt::DrTables tables_;
    std::vector<volt::DrTable> pendingTables_;
    MemState pending_;
    MemState published_;
    std::vector<MemEntry> log_;
    std::size_t durable_ = 0;
    std::size_t publishedTo_ = 0;
    std::deque<std::pair<std::size_t, std::function<void()>>> waiting_;  ///< by the entries that must be durable
    bool isSyncing_ = false;
    bool holdsSync_ = false;
    std::optional<int> stalled_;
    std::vector<std::pair<Bytes, Written>> stalledWrites_;
    std::uint64_t lastStampTime_ = 0;
    std::uint64_t ownPieces_ = 0;
    std::uint64_t producedPieces_ = 0;
    volt::DrCluster* cluster_ = nullptr;
};

/// (ID BIGINT primary key, V VARCHAR, N BIGINT unique, partitioned on ID), or what is wanted of it.
volt::DrTable memTable(const std::string& name, bool isPartitioned = true, bool hasUnique = false);
volt::RowImage memRow(std::int64_t id, const std::string& value, std::int64_t number = 0);

}  // namespace tributary::test
