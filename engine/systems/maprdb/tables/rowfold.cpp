// The fold of table rows: sort all items of a row, then one pass that masks, dedupes, cuts and purges.
#include "engine/systems/maprdb/tables/rowfold.h"

#include <algorithm>

#include "engine/systems/maprdb/tables/row.h"

namespace tributary::engine::maprdb {
namespace {

/// Position of an item among the scopes of its family: the row's tombstone, the family's, then columns.
int scopeRank(const RowItem& item) {
    return std::min(static_cast<int>(item.kind), 2);
}

bool sameColumn(const RowItem& a, const RowItem& b) {
    return a.family == b.family && a.qualifier == b.qualifier;
}

/// The stored order (row.h).
bool before(const RowItem& a, const RowItem& b) {
    const bool aRow = a.kind == ItemKind::RowDelete;
    const bool bRow = b.kind == ItemKind::RowDelete;
    if (aRow != bRow) return aRow;
    if (a.family != b.family) return a.family < b.family;
    if (scopeRank(a) != scopeRank(b)) return scopeRank(a) < scopeRank(b);
    if (const int order = a.qualifier.compare(b.qualifier); order != 0) return order < 0;
    if (a.kind != b.kind) return a.kind < b.kind;
    if (a.timestampMs != b.timestampMs) return a.timestampMs > b.timestampMs;
    if (a.stamp != b.stamp) return a.stamp > b.stamp;
    return a.value > b.value;
}

class TableRowFolder final : public RowFolder {
public:
    void setContext(const FoldContext& context) override { context_ = context; }

    void reset() override {
        items_.clear();
        out_.clear();
        purgeable_ = false;
    }

    bool addRecord(BytesView record) override {
        RecordReader reader(record);
        RowItem item;
        while (reader.next(item)) items_.push_back(item);
        return reader.ok();
    }

    void addOperation(const char* at, const EntryRef& entry) override {
        const char* end = entry.mutations.data() + entry.mutations.size();
        MutationReader reader(BytesView(at, static_cast<std::size_t>(end - at)), entry.stamp);
        OpView op;
        if (!reader.next(op)) return;
        CellReader cells = op.cells();
        CellView cell;
        while (cells.next(cell)) {
            RowItem item;
            item.kind = kindOf(op.kind);
            if (op.kind != OpKind::DeleteRow) item.family = entry.ids[cell.family];
            item.qualifier = cell.qualifier;
            item.timestampMs = cell.timestampMs;
            item.stamp = cell.stamp;
            item.value = cell.value;
            items_.push_back(item);
        }
    }

    BytesView finish(FoldMode mode) override {
        if (items_.size() > 1) std::sort(items_.begin(), items_.end(), before);
        mode_ = mode;
        rowMask_ = INT64_MIN;
        std::size_t at = 0;
        while (at < items_.size()) at = items_[at].kind == ItemKind::RowDelete ? foldRowDeletes(at) : foldFamily(at);
        return out_;
    }

    bool hasPurgeable() const override { return purgeable_; }

private:
    static ItemKind kindOf(OpKind kind) {
        switch (kind) {
            case OpKind::DeleteRow: return ItemKind::RowDelete;
            case OpKind::DeleteFamily: return ItemKind::FamilyDelete;
            case OpKind::DeleteColumn: return ItemKind::ColumnDelete;
            case OpKind::Put: break;
        }
        return ItemKind::Put;
    }

    /// Joins the tombstones of one scope that start at `at` and writes the result; `at` is set behind them.
    /// @return the timestamp up to which the scope is masked
    Millis foldTombstones(std::size_t& at, bool live) {
        RowItem joined = items_[at];
        for (++at; at < items_.size() && items_[at].kind == joined.kind && sameColumn(items_[at], joined); ++at) {
            // Sorted: the first has the largest timestamp. The latest arrival decides how long the join is kept.
            joined.stamp = std::max(joined.stamp, items_[at].stamp);
        }
        if (!live) return joined.timestampMs;
        const bool old = isOld(joined);
        if (old) purgeable_ = true;
        if (!old || mode_ == FoldMode::Keep) appendItem(out_, joined);
        return joined.timestampMs;
    }

    [[nodiscard]] bool isOld(const RowItem& tombstone) const {
        if (context_.keepTombstones) return false;
        if (context_.deleteTtlMs <= 0) return true;
        // A delete given a future timestamp still masks writes to come: it lives until that time has passed, too.
        const Millis since = std::max(tombstone.timestampMs, stampMs(tombstone.stamp));
        return since <= context_.nowMs - context_.deleteTtlMs;
    }

    std::size_t foldRowDeletes(std::size_t at) {
        rowMask_ = foldTombstones(at, true);
        return at;
    }

    std::size_t foldFamily(std::size_t at) {
        const std::uint32_t id = items_[at].family;
        const FoldFamily* live = findFamily(context_, id);
        Millis mask = rowMask_;
        if (items_[at].kind == ItemKind::FamilyDelete) mask = std::max(mask, foldTombstones(at, live != nullptr));
        while (at < items_.size() && items_[at].family == id) {
            if (live == nullptr) {
                ++at;
            } else {
                at = foldColumn(at, mask, *live);
            }
        }
        return at;
    }

    std::size_t foldColumn(std::size_t at, Millis mask, const FoldFamily& family) {
        const RowItem column = items_[at];
        if (column.kind == ItemKind::ColumnDelete) mask = std::max(mask, foldTombstones(at, true));
        std::uint32_t versions = 0;
        Millis lastMs = 0;
        for (; at < items_.size() && sameColumn(items_[at], column); ++at) {
            const RowItem& put = items_[at];
            if (put.timestampMs <= mask || versions >= std::max(1U, family.maxVersions)) continue;
            if (versions > 0 && put.timestampMs == lastMs) continue;  // lost to a later arrival of the same version
            lastMs = put.timestampMs;
            const std::uint32_t version = versions++;
            if (version < family.minVersions || !isExpired(family, put.timestampMs, context_.nowMs)) {
                appendItem(out_, put);
            }
        }
        return at;
    }

    FoldContext context_;
    std::vector<RowItem> items_;
    Bytes out_;
    FoldMode mode_ = FoldMode::Keep;
    Millis rowMask_ = INT64_MIN;
    bool purgeable_ = false;
};

class TableRowFormat final : public RowFormat {
public:
    Result<std::uint32_t> check(const EntryRef& entry) const override {
        return countAndCheck(entry.mutations, entry.ids.size());
    }
    BytesView keyAt(const char* at, const char* end, const char*& next) const override {
        MutationReader reader(BytesView(at, static_cast<std::size_t>(end - at)), 0);
        OpView op;
        const bool found = reader.next(op);
        assert(found);
        next = found ? reader.position() : end;
        return op.key;
    }
    std::unique_ptr<RowFolder> makeFolder() const override { return std::make_unique<TableRowFolder>(); }
};

}  // namespace

std::shared_ptr<const RowFormat> makeTableRowFormat() {
    return std::make_shared<TableRowFormat>();
}

}  // namespace tributary::engine::maprdb
