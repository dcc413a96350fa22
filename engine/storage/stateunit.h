// The state of one dataset: memtable generations above one SQLite file. No SQL leaks out of this interface, so that a
// tier of sorted runs can be put between the two later.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/units.h"
#include "engine/log/lsn.h"

namespace tributary::engine {

/// A file that is found at `position` lacks nothing of its dataset up to `upTo`: there was nothing in between.
struct StateRest {
    Lsn position = 0;
    Lsn upTo = 0;
};

/// One durable log payload as the state sees it. Mutations borrow from `hold`.
struct EntryRef {
    Lsn lsn = 0;
    std::shared_ptr<const Bytes> hold;  ///< the payload's buffer, shared with log and shipper: never copied
    BytesView mutations;                ///< the mutation list inside it (format of the dataset kind)
    Stamp stamp = 0;                    ///< arrival stamp at the origin: default timestamp and first tie-break
    std::vector<std::uint32_t> ids;     ///< what the numbers that the payload gives to names are here; may be empty
};

/// What a kind's folds go by beyond the clocks; the kind's own type, immutable.
class FoldRules {
public:
    virtual ~FoldRules() = default;
};

/// What a fold may use: the kind's rules for the dataset, and its clocks. A value; changes with the catalog.
struct FoldContext {
    std::shared_ptr<const FoldRules> rules;  ///< null: the kind's rules for an empty schema
    Millis nowMs = 0;             ///< wall time: lifetimes are judged at read, what has passed is purged at flush
    Millis deleteTtlMs = 0;       ///< how long tombstones are kept; 0 = purged as soon as they have been flushed
    bool keepTombstones = false;  ///< a copy session runs: purge none
};

/// One row as stored: the key and the dataset kind's record (never empty; may hold tombstones only).
struct StoredRow {
    Bytes key;
    Bytes record;
};

/// A chunk of a scan, ascending by key (bytewise).
struct ScanChunk {
    std::vector<StoredRow> rows;
    bool atEnd = false;  ///< nothing follows the last row inside the range
};

/// A fixed picture of the state at position(). May be used on any one thread at a time; hold it briefly (one chunk) or
/// give each chunk a fresh view: old views keep memtable generations in memory.
class StateView {
public:
    virtual ~StateView() = default;
    [[nodiscard]] virtual Lsn position() const = 0;
    /// The folded record of one row, tombstones included; nullopt when the row is unknown. Errors: Io, Corrupt.
    virtual Result<std::optional<Bytes>> get(BytesView key) = 0;
    /// Rows with from <= key < to (empty `to` = no end), at most `rowsMax` rows and about `bytesMax` bytes.
    virtual Result<ScanChunk> scan(BytesView from, BytesView to, std::size_t rowsMax, std::size_t bytesMax) = 0;
};

/// A piece of blocking work of a state unit: run() on a worker, then finish() on the node's executor.
class StateJob {
public:
    virtual ~StateJob() = default;
    virtual void run() = 0;
    /// Publishes the outcome. An error (disk full, I/O) leaves the generations in place; the job may be made again.
    virtual Status finish() = 0;
};

/// Executor's thread only, but for the views and jobs it hands out.
class StateUnit {
public:
    virtual ~StateUnit() = default;

    /// Why there is no state (unavailableunit.h); nullptr for a unit at work.
    [[nodiscard]] virtual const Error* unavailable() const { return nullptr; }

    /// Takes a durable entry into the active memtable. Entries at or below the position are ignored (replay).
    /// Entries come in ascending lsn. Errors: Corrupt when the mutations do not parse (nothing was applied).
    virtual Status apply(const EntryRef& entry) = 0;

    /// For a unit in which decisions run at once (sqlstateunit.h): what was run last is about to be logged as `stored`,
    /// and comes back as the `hold` of an entry; or the log refused it, and with it all that was run on top of it.
    virtual void logging(const Bytes* stored) { (void)stored; }
    virtual void refused(const Bytes* stored) { (void)stored; }

    /// Highest lsn applied (memory) and highest lsn materialised in a committed SQLite transaction.
    [[nodiscard]] virtual Lsn appliedLsn() const = 0;
    [[nodiscard]] virtual Lsn flushedLsn() const = 0;
    /// Tells the unit that nothing of this dataset lies at or below `lsn` unapplied, so that an idle dataset's position
    /// does not pin the log. With empty memtables only; nothing is written: the owner keeps what rests() says.
    virtual void advanceTo(Lsn lsn) = 0;

    /// Bytes held by active and flushing generations.
    [[nodiscard]] virtual std::size_t memoryBytes() const = 0;
    [[nodiscard]] virtual std::uint64_t memoryRows() const = 0;
    /// How much the rows may still grow, for a unit that keeps all of them in memory. It takes what is logged, however
    /// much; who decides must not log more (PendingView::bytesLeft).
    [[nodiscard]] virtual std::size_t bytesLeft() const { return SIZE_MAX; }

    /// A view for point reads and short scans (`forLongScan` false), or one that first freezes and sorts the active
    /// generation so that a long scan does not sort it again and again.
    virtual Result<std::unique_ptr<StateView>> view(bool forLongScan) = 0;

    /// Used by folds from now on. A change freezes the active generation first.
    virtual void setFoldContext(FoldContext context) = 0;
    /// Clock of the folds: called before views and flushes.
    virtual void setNow(Millis nowMs) = 0;

    /// A job that materialises everything frozen and active at this moment, or nullptr when there is nothing to do or
    /// one is running. The transaction commits only what lies at or below `syncedLsn`.
    virtual std::unique_ptr<StateJob> makeFlush(Lsn syncedLsn) = 0;
    /// A job that checkpoints the WAL, or nullptr when one is running or the WAL is short. `evenShort`: whenever there
    /// is something to gain for checkpointedLsn(), for a dataset whose position keeps the log from being released.
    virtual std::unique_ptr<StateJob> makeCheckpoint(bool evenShort) = 0;
    /// Highest position that survives a power cut. flushedLsn() may be ahead of it (a commit becomes durable with the
    /// next checkpoint).
    [[nodiscard]] virtual Lsn checkpointedLsn() const = 0;
    /// What is known of the positions at which the file may be found: flushedLsn() and checkpointedLsn().
    [[nodiscard]] virtual std::vector<StateRest> rests() = 0;
    /// Highest lsn up to which the file lacks nothing after a power cut, for an owner that keeps rests(): the log may
    /// be released below it.
    [[nodiscard]] virtual Lsn coveredLsn() = 0;
    /// Rows in the SQLite file, exact as of flushedLsn(); rows that consist of tombstones count.
    [[nodiscard]] virtual std::uint64_t storedRows() const = 0;
    /// Bytes of the state's files.
    [[nodiscard]] virtual std::uint64_t diskBytes() = 0;
};

}  // namespace tributary::engine
