// The record of a table row: its cells and tombstones as stored, folded, read, copied and compared.
//
// Format (varints LEB128, fixed integers little-endian):
//   record := item*    sorted: row tombstone; then by family: family tombstone; then by qualifier: column tombstone,
//                      puts newest first
//   item   := tag:u8  [family id:varint]  [qualifier:blob]  [timestamp:i64]  stamp:u64  [value:blob]
//   tag    := 0 row tombstone | 1 family tombstone | 2 column tombstone | 3 put; bit 7 set = no timestamp is written,
//             it is the milliseconds of the stamp (the usual case; saves 8 bytes per cell)
//
// Order of cells of one column: higher timestamp; at equal timestamps a delete masks puts; then later arrival stamp;
// then larger bytes (memcmp). One version per timestamp (maprdb.md 2.6). A tombstone masks what has timestamp <= its
// own, and two tombstones of one scope join into (largest timestamp, largest arrival). Since deletes only ever cover
// the older end of a column, cutting a column to maxVersions never loses a cell that a later delete could bring back.
#pragma once

#include <string>
#include <vector>

#include "engine/systems/maprdb/tables/foldrules.h"
#include "engine/systems/maprdb/tables/mutation.h"

namespace tributary::engine::maprdb {

/// What an item of a record is. Numbers are the format.
enum class ItemKind : std::uint8_t { RowDelete = 0, FamilyDelete = 1, ColumnDelete = 2, Put = 3 };

/// One cell or tombstone of a record; views borrow from it.
struct RowItem {
    ItemKind kind = ItemKind::Put;
    std::uint32_t family = 0;  ///< family id of the dataset (never a name, never payload-local); 0 for RowDelete
    BytesView qualifier;
    Millis timestampMs = 0;
    Stamp stamp = 0;  ///< arrival
    BytesView value;
};

/// Iterates the items of a record in stored order. Bounded; allocates nothing.
class RecordReader {
public:
    explicit RecordReader(BytesView record) : reader_(record) {}
    /// False at the end or when the record is damaged: ok() tells which.
    bool next(RowItem& item) {
        if (reader_.atEnd() || bad_) return false;
        const auto tag = reader_.fixed<std::uint8_t>();
        const unsigned kind = tag & 0x7fU;
        bad_ = kind > 3;
        item.kind = static_cast<ItemKind>(kind & 3U);
        item.family = kind == 0 ? 0 : static_cast<std::uint32_t>(reader_.varint());
        item.qualifier = kind >= 2 ? reader_.blob() : BytesView{};
        if ((tag & 0x80U) == 0) item.timestampMs = reader_.fixed<Millis>();
        item.stamp = reader_.fixed<Stamp>();
        if ((tag & 0x80U) != 0) item.timestampMs = stampMs(item.stamp);
        item.value = kind == 3 ? reader_.blob() : BytesView{};
        return ok();
    }
    [[nodiscard]] bool ok() const { return reader_.ok() && !bad_; }

private:
    ByteReader reader_;
    bool bad_ = false;
};

/// Appends one item; the caller keeps the order.
void appendItem(Bytes& record, const RowItem& item);

/// Iterates what a reader sees: puts that no tombstone masks, within maxVersions, not expired (or among the newest
/// minVersions), of live families. Ascending by family id and qualifier, newest first. Allocates nothing.
class VisibleCells {
public:
    VisibleCells(BytesView record, const FoldContext& context) : reader_(record), context_(context) {}
    /// False at the end or when the record is damaged: ok() tells which.
    bool next(RowItem& cell);
    [[nodiscard]] bool ok() const { return reader_.ok(); }

private:
    [[nodiscard]] bool sees(const RowItem& item);

    RecordReader reader_;
    const FoldContext& context_;
    const FoldFamily* live_ = nullptr;  // of the current family; nullptr = dropped
    std::uint32_t family_ = UINT32_MAX;
    BytesView qualifier_;
    bool inColumn_ = false;
    std::uint32_t versions_ = 0;  // puts of the column that no tombstone masks, so far
    Millis rowMask_ = INT64_MIN;
    Millis familyMask_ = INT64_MIN;
    Millis columnMask_ = INT64_MIN;
    Millis lastTimestampMs_ = 0;
};

/// The live family of an id, or nullptr.
[[nodiscard]] const FoldFamily* findFamily(const FoldContext& context, std::uint32_t id);
/// Whether a put of this family is past its TTL at the context's wall time.
[[nodiscard]] bool isExpired(const FoldFamily& family, Millis timestampMs, Millis nowMs);

/// Writes a record as row operations that recreate it elsewhere: timestamps, arrival stamps, versions and tombstones
/// stay. `familyIndex[i]` = the family id of payload-local index i; items of other families are left out.
/// Errors: Corrupt.
Status appendRecordAsMutations(MutationBuilder& out, BytesView key, BytesView record,
                               const std::vector<std::uint32_t>& familyIndex);

/// Names of families, for what must not depend on local ids.
struct FamilyName {
    std::uint32_t id = 0;
    std::string name;
};

/// What a row contributes to a table's fingerprint: a sum (mod 2^64) over its visible cells of xxh3(row key, family
/// name, qualifier, timestamp, value). Adding the contributions of all rows gives the same number on any replica that
/// shows the same cells, whatever its family ids, stamps and layout. 0 when nothing is visible. `shows` leaves cells
/// out; empty = all count. Errors: Corrupt.
Result<std::uint64_t> rowFingerprint(BytesView key, BytesView record, const FoldContext& context,
                                     const std::vector<FamilyName>& names,
                                     const std::function<bool(const RowItem&)>& shows = {});

/// The same for its deletes that still mask something: each scope's (row, family, column) newest timestamp where it
/// reaches beyond the wider scopes', unless it is old enough to be purged. Equal sums let a late write show or hide
/// alike.
Result<std::uint64_t> deletesFingerprint(BytesView key, BytesView record, const FoldContext& context,
                                         const std::vector<FamilyName>& names);

}  // namespace tributary::engine::maprdb
