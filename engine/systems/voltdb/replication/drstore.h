// What replication asks of the cluster whose data it carries.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/log/lsn.h"
#include "engine/seams/seams.h"
#include "engine/systems/voltdb/replication/drapply.h"
#include "engine/systems/voltdb/replication/drschema.h"

namespace tributary::engine::voltdb {

/// How the command log treats a write before it is acknowledged.
enum class CommandLog : std::uint8_t { Synchronous, Asynchronous, Off };

/// As the deployment file has it: `<dr>`.
struct DrSettings {
    int cluster = 0;  ///< id, 0 to 127
    DrRole role = DrRole::None;
    std::string hostname = "localhost";
    bool listens = true;
    Endpoint door{"127.0.0.1", 5555, {}, {}};  ///< where the producer listens
    std::string address;                       ///< what other clusters dial; empty = the door
    std::vector<Endpoint> sources;             ///< `<connection source>`
    std::map<int, std::string> addresses;      ///< where other clusters listen now, where that is known
    Millis flushIntervalMs = 1'000;
    std::uint64_t consumerBytesMax = 52'428'800;  ///< `<consumerlimit>`, of a partition's queue
    std::uint64_t memoryBytesMax = 64U << 20U;    ///< of unacknowledged logs of a partition; the rest is on disk
    CommandLog commandLog = CommandLog::Synchronous;
    std::string bookFile;      ///< where the conversations are kept
    std::string conflictFile;  ///< CSV; empty = none is written
};

/// A transaction of this cluster that changed replicated tables, as the log has it.
struct DrLogged {
    Lsn lsn = 0;
    std::int64_t timestampUs = 0;
    std::vector<int> participants{};  ///< all partitions, when they are several; ascending
    int partition = 0;
    std::uint64_t uniqueId = 0;
    std::uint64_t sequence = 0;  ///< of the partition, from 0 without holes
    Bytes frame;                 ///< binarylog.h
};

/// The replicated tables at one instant, frozen.
class DrPicture {
public:
    virtual ~DrPicture() = default;
    /// The sequence behind it, of each partition of this cluster that has produced.
    [[nodiscard]] virtual std::map<int, std::uint64_t> next() const = 0;
    /// What it has of other clusters (DrTrackers); empty = nothing.
    [[nodiscard]] virtual Bytes trackers() const = 0;
    /// How many rows it has; nothing = not counted.
    [[nodiscard]] virtual std::optional<std::uint64_t> rows() const = 0;
    /// Inserts of about `bytesMax` bytes of one table; no records = there are no more. Errors: Io, Corrupt.
    [[nodiscard]] virtual Result<LogTransaction> read(std::size_t bytesMax) = 0;
};

/// Executor's thread only; outlives who was given it.
class DrStore {
public:
    virtual ~DrStore() = default;
    [[nodiscard]] virtual Seams& seams() = 0;
    [[nodiscard]] virtual const DrSettings& settings() const = 0;
    [[nodiscard]] virtual int partitions() const = 0;
    /// Changes with DDL; whoever changes it tells (DrCluster::schemaChanged).
    [[nodiscard]] virtual const DrTables& tables() const = 0;
    /// Whether a replicated table holds a row. Errors: Io.
    [[nodiscard]] virtual Result<bool> hasRows() = 0;
    /// The sequence that the partition gives next, by what is durable.
    [[nodiscard]] virtual std::uint64_t nextSequence(int partition) const = 0;
    /// The same at the start of this host, before anything was written in this life of it.
    [[nodiscard]] virtual std::uint64_t nextAtStart(int partition) const { return nextSequence(partition); }
    /// As published. Errors: Io, Corrupt.
    [[nodiscard]] virtual Result<DrTrackers> trackers() = 0;

    using Written = std::function<void(Result<DrDecided>)>;
    /// Logs a body (encodeBody) by way of decideDr(); `written` is called once it is as durable as the command log
    /// makes it, never within the call.
    virtual void write(Bytes body, Written written) = 0;
    /// Errors: Io.
    [[nodiscard]] virtual Result<std::unique_ptr<DrPicture>> picture() = 0;
    using Read = std::function<void(Result<std::vector<DrLogged>>)>;
    /// What a partition produced from the entry `lsn` on, of about `bytesMax` bytes; now or later. Errors: Io, Corrupt,
    /// NotFound.
    virtual void readAgain(int partition, Lsn lsn, std::size_t bytesMax, Read read) = 0;
    /// Why clients may not write; empty = they may.
    virtual void setReadOnly(const std::string& reason) = 0;
    /// A line for the log of the process.
    virtual void logLine(const std::string& line) = 0;
};

}  // namespace tributary::engine::voltdb
