// Reading, copying and comparing row records.
#include "engine/systems/maprdb/tables/row.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

namespace tributary::engine::maprdb {
namespace {

Error damagedRecord(BytesView key) {
    return Error{ErrorCode::Corrupt,
                 fmt::format("the stored record of a row with a {}-byte key is damaged", key.size()), "row record",
                 "copy the table anew from a replica"};
}

}  // namespace

void appendItem(Bytes& record, const RowItem& item) {
    const bool derived = item.timestampMs == stampMs(item.stamp);
    record.push_back(static_cast<char>(static_cast<unsigned>(item.kind) | (derived ? 0x80U : 0U)));
    if (item.kind != ItemKind::RowDelete) appendVarint(record, item.family);
    if (item.kind >= ItemKind::ColumnDelete) appendBlob(record, item.qualifier);
    if (!derived) appendFixed<Millis>(record, item.timestampMs);
    appendFixed<Stamp>(record, item.stamp);
    if (item.kind == ItemKind::Put) appendBlob(record, item.value);
}

const FoldFamily* findFamily(const FoldContext& context, std::uint32_t id) {
    for (const FoldFamily& family : foldFamilies(context)) {
        if (family.id == id) return &family;
    }
    return nullptr;
}

bool isExpired(const FoldFamily& family, Millis timestampMs, Millis nowMs) {
    // Compared without adding, so that a timestamp near the end of the range cannot overflow.
    return family.ttlMs > 0 && timestampMs <= nowMs - family.ttlMs;
}

bool VisibleCells::sees(const RowItem& item) {
    if (item.kind == ItemKind::RowDelete) {
        rowMask_ = std::max(rowMask_, item.timestampMs);
        return false;
    }
    if (item.family != family_) {
        family_ = item.family;
        live_ = findFamily(context_, item.family);
        familyMask_ = INT64_MIN;
        inColumn_ = false;
    }
    if (item.kind == ItemKind::FamilyDelete) {
        familyMask_ = std::max(familyMask_, item.timestampMs);
        return false;
    }
    if (!inColumn_ || item.qualifier != qualifier_) {
        inColumn_ = true;
        qualifier_ = item.qualifier;
        versions_ = 0;
        columnMask_ = std::max(rowMask_, familyMask_);
    }
    if (item.kind == ItemKind::ColumnDelete) {
        columnMask_ = std::max(columnMask_, item.timestampMs);
        return false;
    }
    if (live_ == nullptr || item.timestampMs <= columnMask_) return false;
    if (versions_ > 0 && item.timestampMs == lastTimestampMs_) return false;  // an older arrival of the same version
    lastTimestampMs_ = item.timestampMs;
    const std::uint32_t version = versions_++;
    if (version >= std::max(1U, live_->maxVersions)) return false;
    return version < live_->minVersions || !isExpired(*live_, item.timestampMs, context_.nowMs);
}

bool VisibleCells::next(RowItem& cell) {
    while (reader_.next(cell)) {
        if (sees(cell)) return true;
    }
    return false;
}

Status appendRecordAsMutations(MutationBuilder& out, BytesView key, BytesView record,
                               const std::vector<std::uint32_t>& familyIndex) {
    RecordReader reader(record);
    RowItem item;
    bool inPut = false;
    // Tombstones become operations of their own between the puts; all puts are gathered in one operation.
    while (reader.next(item)) {
        const CellTime time{item.timestampMs, item.stamp};
        if (item.kind == ItemKind::RowDelete) {
            out.deleteRow(key, time);
            continue;
        }
        const auto at = std::find(familyIndex.begin(), familyIndex.end(), item.family);
        if (at == familyIndex.end()) continue;
        const auto index = static_cast<std::uint32_t>(at - familyIndex.begin());
        if (item.kind == ItemKind::FamilyDelete) {
            out.deleteFamily(key, index, time);
        } else if (item.kind == ItemKind::ColumnDelete) {
            out.deleteColumn(key, index, item.qualifier, time);
        } else {
            if (!inPut) out.beginPut(key);
            inPut = true;
            out.addCell({index, item.qualifier, item.value, time});
        }
    }
    if (inPut) out.endPut();
    if (!reader.ok()) return damagedRecord(key);
    return okStatus();
}

Result<std::uint64_t> rowFingerprint(BytesView key, BytesView record, const FoldContext& context,
                                     const std::vector<FamilyName>& names,
                                     const std::function<bool(const RowItem&)>& shows) {
    std::uint64_t sum = 0;
    VisibleCells cells(record, context);
    RowItem cell;
    Bytes encoded;
    while (cells.next(cell)) {
        const auto name =
            std::find_if(names.begin(), names.end(), [&](const FamilyName& n) { return n.id == cell.family; });
        if (name == names.end() || (shows && !shows(cell))) continue;
        encoded.clear();
        appendBlob(encoded, key);
        appendBlob(encoded, name->name);
        appendBlob(encoded, cell.qualifier);
        appendFixed<Millis>(encoded, cell.timestampMs);
        appendBlob(encoded, cell.value);
        sum += XXH3_64bits(encoded.data(), encoded.size());
    }
    if (!cells.ok()) return damagedRecord(key);
    return sum;
}

namespace {

bool isPurgeable(const RowItem& tombstone, const FoldContext& context) {
    const Millis since = std::max(tombstone.timestampMs, stampMs(tombstone.stamp));  // as the fold judges
    return context.deleteTtlMs <= 0 || since <= context.nowMs - context.deleteTtlMs;
}

}  // namespace

Result<std::uint64_t> deletesFingerprint(BytesView key, BytesView record, const FoldContext& context,
                                         const std::vector<FamilyName>& names) {
    std::uint64_t sum = 0;
    RecordReader items(record);
    RowItem item;
    Millis rowMask = INT64_MIN;
    Millis familyMask = INT64_MIN;
    std::uint32_t family = UINT32_MAX;
    Bytes encoded;
    while (items.next(item)) {
        if (item.kind == ItemKind::Put || isPurgeable(item, context)) continue;
        std::string_view name;
        if (item.kind != ItemKind::RowDelete) {
            if (item.family != family) familyMask = rowMask;
            family = item.family;
            const auto known =
                std::find_if(names.begin(), names.end(), [&](const FamilyName& n) { return n.id == item.family; });
            if (known == names.end()) continue;
            name = known->name;
        }
        Millis& mask = item.kind == ItemKind::RowDelete ? rowMask : familyMask;
        if (item.timestampMs <= mask) continue;
        if (item.kind != ItemKind::ColumnDelete) mask = item.timestampMs;
        encoded.clear();
        appendBlob(encoded, key);
        encoded.push_back(static_cast<char>(item.kind));
        appendBlob(encoded, name);
        appendBlob(encoded, item.qualifier);
        appendFixed<Millis>(encoded, item.timestampMs);
        sum += XXH3_64bits(encoded.data(), encoded.size());
    }
    if (!items.ok()) return damagedRecord(key);
    return sum;
}

}  // namespace tributary::engine::maprdb
