// The mutation list of a table's payload: row operations as they are logged, shipped and folded.
//
// Format (all varints are LEB128, all fixed integers little-endian; maprdb.md 2.6):
//   list    := operation*
//   operation := kind:u8  key:blob  bodyBytes:varint  body
//   body    := cell+ for Put; exactly one tombstone for the three deletes
//   cell    := head:varint  qualifier:blob  [timestamp:i64]  [stamp:u64]  value:blob
//   tombstone := head:varint  [qualifier:blob, DeleteColumn only]  [timestamp:i64]  [stamp:u64]
//   head    := payload-local family index << 2 | explicit stamp << 1 | explicit timestamp   (family 0 for DeleteRow)
// An absent timestamp is the milliseconds of the payload's stamp, an absent stamp the payload's stamp.
// Decision: the body's length is written, so that an index over keys skips the cells (one byte per small row).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.h"
#include "core/base/limits.h"
#include "core/base/result.h"
#include "core/base/units.h"

namespace tributary::engine::maprdb {

/// What a row operation does. Numbers are the format.
enum class OpKind : std::uint8_t {
    Put = 1,           ///< writes one or more cells
    DeleteRow = 2,     ///< masks every cell of the row with timestamp <= T
    DeleteFamily = 3,  ///< masks the cells of one family with timestamp <= T
    DeleteColumn = 4   ///< masks the cells of one column with timestamp <= T
};

/// When a cell or a delete happened, where it differs from the payload's stamp.
struct CellTime {
    std::optional<Millis> timestampMs;  ///< absent = stampMs(payload stamp)
    std::optional<Stamp> stamp;         ///< arrival stamp; only copies of existing cells give one
};

/// A cell as written. Views are borrowed for the call.
struct CellInput {
    std::uint32_t family = 0;  ///< payload-local family index
    BytesView qualifier;
    BytesView value;
    CellTime time;
};

/// A cell or tombstone as read; views borrow from the list.
struct CellView {
    std::uint32_t family = 0;
    BytesView qualifier;
    Millis timestampMs = 0;
    Stamp stamp = 0;
    BytesView value;
    bool ownTimestamp = false;  ///< written in the list, not taken from the payload's stamp
    bool ownStamp = false;

    [[nodiscard]] CellTime time() const {
        CellTime out;
        if (ownTimestamp) out.timestampMs = timestampMs;
        if (ownStamp) out.stamp = stamp;
        return out;
    }
};

/// Largest row key, as the vendor documents none that an operator meets: ours (64 KiB).
using limits::kKeyBytesMax;

/// Appends row operations to a buffer that the caller owns (a payload under construction). Not thread-safe.
class MutationBuilder {
public:
    explicit MutationBuilder(Bytes& out) : out_(out) {}

    /// One operation with one cell.
    void put(BytesView key, const CellInput& cell);
    /// One operation with many cells: beginPut(), addCell() at least once, endPut().
    void beginPut(BytesView key);
    void addCell(const CellInput& cell);
    void endPut();
    void deleteRow(BytesView key, const CellTime& time = {});
    void deleteFamily(BytesView key, std::uint32_t family, const CellTime& time = {});
    void deleteColumn(BytesView key, std::uint32_t family, BytesView qualifier, const CellTime& time = {});

    /// Operations appended so far.
    [[nodiscard]] std::uint32_t count() const { return count_; }

private:
    void head(OpKind kind, BytesView key, std::size_t bodyBytes);

    Bytes& out_;
    Bytes body_;  // cells of the operation under construction; its capacity is reused
    Bytes key_;
    std::uint32_t count_ = 0;
};

/// Iterates the cells (or the one tombstone) of an operation. Bounded; allocates nothing.
class CellReader {
public:
    CellReader(OpKind kind, BytesView body, Stamp payloadStamp)
        : reader_(body), kind_(kind), payloadStamp_(payloadStamp) {}

    /// False at the end or when the body is damaged: ok() tells which.
    bool next(CellView& cell) {
        if (reader_.atEnd()) return false;
        const std::uint64_t head = reader_.varint();
        const std::uint64_t family = head >> 2U;
        cell.qualifier = kind_ == OpKind::Put || kind_ == OpKind::DeleteColumn ? reader_.blob() : BytesView{};
        cell.ownTimestamp = (head & 1U) != 0;
        cell.ownStamp = (head & 2U) != 0;
        cell.timestampMs = cell.ownTimestamp ? reader_.fixed<Millis>() : stampMs(payloadStamp_);
        cell.stamp = cell.ownStamp ? reader_.fixed<Stamp>() : payloadStamp_;
        cell.value = kind_ == OpKind::Put ? reader_.blob() : BytesView{};
        bad_ = family > UINT32_MAX;
        cell.family = static_cast<std::uint32_t>(family);
        return ok();
    }
    [[nodiscard]] bool ok() const { return reader_.ok() && !bad_; }
    [[nodiscard]] bool atEnd() const { return reader_.atEnd(); }

private:
    ByteReader reader_;
    OpKind kind_;
    Stamp payloadStamp_;
    bool bad_ = false;
};

/// One row operation; views borrow from the list.
struct OpView {
    OpKind kind = OpKind::Put;
    BytesView key;
    BytesView body;
    Stamp payloadStamp = 0;

    [[nodiscard]] CellReader cells() const { return {kind, body, payloadStamp}; }
};

/// Iterates the operations of a list. Bounded; allocates nothing; cells are only looked at through OpView::cells().
class MutationReader {
public:
    MutationReader(BytesView list, Stamp payloadStamp) : reader_(list), payloadStamp_(payloadStamp) {}

    /// False at the end or when the list is damaged: ok() tells which.
    bool next(OpView& op) {
        if (reader_.atEnd() || bad_) return false;
        const auto kind = reader_.fixed<std::uint8_t>();
        op.kind = static_cast<OpKind>(kind);
        op.key = reader_.blob();
        op.body = reader_.blob();
        op.payloadStamp = payloadStamp_;
        bad_ = kind < 1 || kind > 4;
        return ok();
    }
    [[nodiscard]] bool ok() const { return reader_.ok() && !bad_; }
    /// First byte not yet read: where the next operation starts.
    [[nodiscard]] const char* position() const { return reader_.position(); }

private:
    ByteReader reader_;
    Stamp payloadStamp_;
    bool bad_ = false;
};

/// Checks a whole list (bytes from network, disk or a client) and counts its row operations. Families must be below
/// `familyCount`, keys non-empty. Errors: Corrupt, with the byte offset in `where`; InvalidInput naming the limit that
/// a key, a column's name or a value exceeds (core/base/limits.h).
Result<std::uint32_t> countAndCheck(BytesView list, std::size_t familyCount);

/// What a filtered link keeps of one payload.
struct KeptFamily {
    std::uint32_t family = 0;             ///< payload-local index
    std::vector<std::string> qualifiers;  ///< kept columns; empty = all
};

/// The part of a checked list that a filtered link ships; empty when nothing is left. Family indices stay, so the
/// payload's family table needs no change. A delete of more than what is kept is narrowed: DeleteRow becomes a
/// DeleteFamily per kept family, DeleteFamily a DeleteColumn per kept column, so that the replica's other families
/// stay untouched. Errors: Corrupt.
Result<Bytes> project(BytesView list, const std::vector<KeptFamily>& kept);

}  // namespace tributary::engine::maprdb
