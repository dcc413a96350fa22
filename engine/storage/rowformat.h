// What a state unit must know about its dataset kind: where keys lie in a payload, and how records fold.
//
// Decision: storage knows no cells. Each kind of dataset gives a RowFormat, so that one state
// unit serves all of them. The virtual calls cost about 2 ns per row operation, against 1-3 us in SQLite.
#pragma once

#include <memory>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "engine/storage/stateunit.h"

namespace tributary::engine {

enum class FoldMode {
    Keep,  ///< for reads and for a delta that will meet a stored record: tombstones stay
    Purge  ///< for the record that will be stored: old tombstones go
};

/// Folds one row at a time; buffers are reused from row to row. One thread at a time.
/// The fold is a join: commutative, associative and idempotent, so generations may be folded in any order and twice.
class RowFolder {
public:
    virtual ~RowFolder() = default;
    /// Rules and clocks from now on.
    virtual void setContext(const FoldContext& context) = 0;
    /// Starts a row.
    virtual void reset() = 0;
    /// Adds a stored record. False when it is damaged.
    [[nodiscard]] virtual bool addRecord(BytesView record) = 0;
    /// Adds the row operation at `at` (checked when the entry was applied).
    virtual void addOperation(const char* at, const EntryRef& entry) = 0;
    /// The folded record; empty when nothing is left. Valid until the next reset(). May be called once per row.
    [[nodiscard]] virtual BytesView finish(FoldMode mode) = 0;
    /// After finish(Keep): finish(Purge) would have left less.
    [[nodiscard]] virtual bool hasPurgeable() const = 0;
};

/// Stateless description of a dataset kind; any thread.
class RowFormat {
public:
    virtual ~RowFormat() = default;
    /// Checks an entry's mutations as a whole and counts its row operations. Errors: Corrupt.
    [[nodiscard]] virtual Result<std::uint32_t> check(const EntryRef& entry) const = 0;
    /// The key of the operation at `at` in checked mutations that end at `end`; `next` is set behind the operation.
    [[nodiscard]] virtual BytesView keyAt(const char* at, const char* end, const char*& next) const = 0;
    [[nodiscard]] virtual std::unique_ptr<RowFolder> makeFolder() const = 0;
    /// Whether the newest operation of a key says all of the row, so that no earlier one need be looked at.
    [[nodiscard]] virtual bool newestIsAll() const { return false; }
};

}  // namespace tributary::engine
