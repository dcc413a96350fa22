// Visible rows out of ReadRange chunks, and their comparison.
#include "engine/admin/difftablesrows.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <compare>
#include <map>
#include <tuple>

#include "core/base/escape.h"
#include "core/base/text.h"
#include "core/systems/maprdb/naming.h"
#include "engine/systems/maprdb/copying/tablecopy.h"
#include "engine/systems/maprdb/json/jsontext.h"
#include "engine/systems/maprdb/json/stampeddocument.h"
#include "engine/systems/maprdb/jsontables/documentbody.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/tablebody.h"

namespace tributary::engine::maprdb {
namespace {

constexpr std::uint32_t kChunkRowsMax = 20'000;
constexpr std::uint32_t kChunkBytesMax = 1'500'000;
constexpr std::size_t kShownBytesMax = 40;  // of keys and values in texts

Error damaged() {
    return Error{ErrorCode::Corrupt, "a chunk of rows is damaged", {}, "tributary doctor"};
}

// What a row's operations say, before anything is hidden.
struct RawRow {
    Millis rowMask = INT64_MIN;
    std::map<std::string, Millis, std::less<>> familyMasks;
    std::map<std::pair<std::string, Bytes>, Millis> columnMasks;
    std::vector<VisibleCell> puts;

    void mask(Millis& to, Millis timestampMs) const { to = std::max(to, timestampMs); }
    /// The masks in one spelling: each scope's where it reaches beyond the wider scopes'.
    [[nodiscard]] Bytes spelled() const {
        Bytes out;
        const auto add = [&out](OpKind kind, BytesView family, BytesView qualifier, Millis timestampMs) {
            out.push_back(static_cast<char>(kind));
            appendBlob(out, family);
            appendBlob(out, qualifier);
            appendFixed<Millis>(out, timestampMs);
        };
        if (rowMask != INT64_MIN) add(OpKind::DeleteRow, {}, {}, rowMask);
        for (const auto& [family, mask] : familyMasks) {
            if (mask > rowMask) add(OpKind::DeleteFamily, family, {}, mask);
        }
        for (const auto& [column, mask] : columnMasks) {
            const auto family = familyMasks.find(column.first);
            const Millis wider = std::max(rowMask, family == familyMasks.end() ? INT64_MIN : family->second);
            if (mask > wider) add(OpKind::DeleteColumn, column.first, column.second, mask);
        }
        return out;
    }
    void add(OpKind kind, const CellView& cell, const std::string& family) {
        switch (kind) {
            case OpKind::Put:
                puts.push_back(
                    VisibleCell{family, Bytes(cell.qualifier), cell.timestampMs, cell.stamp, Bytes(cell.value)});
                return;
            case OpKind::DeleteRow: mask(rowMask, cell.timestampMs); return;
            case OpKind::DeleteFamily:
                mask(familyMasks.try_emplace(family, INT64_MIN).first->second, cell.timestampMs);
                return;
            case OpKind::DeleteColumn:
                mask(columnMasks.try_emplace({family, Bytes(cell.qualifier)}, INT64_MIN).first->second,
                     cell.timestampMs);
                return;
        }
    }
    [[nodiscard]] bool hides(const VisibleCell& cell) const {
        if (cell.timestampMs <= rowMask) return true;
        const auto family = familyMasks.find(cell.family);
        if (family != familyMasks.end() && cell.timestampMs <= family->second) return true;
        const auto column = columnMasks.find({cell.family, cell.qualifier});
        return column != columnMasks.end() && cell.timestampMs <= column->second;
    }
};

auto placeOf(const VisibleCell& cell) {
    return std::tie(cell.family, cell.qualifier);
}

// Newest first; at one timestamp the winner of the conflict first (maprdb.md section 2.6).
bool before(const VisibleCell& a, const VisibleCell& b) {
    if (placeOf(a) != placeOf(b)) return placeOf(a) < placeOf(b);
    return std::tie(a.timestampMs, a.stamp, a.value) > std::tie(b.timestampMs, b.stamp, b.value);
}

std::string shown(BytesView bytes) {
    const std::string out = escapedBytes(bytes.substr(0, kShownBytesMax));
    return bytes.size() > kShownBytesMax ? fmt::format("{}... ({} bytes)", out, groupedDigits(bytes.size())) : out;
}

std::string nameOf(const VisibleCell& cell) {
    // A field of a document: of no family's, and of no version.
    if (cell.family.empty()) return cell.qualifier.empty() ? "the document" : shown(cell.qualifier);
    return fmt::format("{}:{} at {}", cell.family, shown(cell.qualifier), cell.timestampMs);
}

// Turns pairs of cells into changes and one line of detail.
class CellComparison {
public:
    CellComparison(const Bytes& key, const DiffRequest& request, const OnCellChange& onChange, DiffResult& result)
        : key_(key), request_(request), onChange_(onChange), result_(result) {}

    Status onlyAtA(const VisibleCell& cell) {
        note(fmt::format("{} only at {}", nameOf(cell), request_.a));
        return request_.master == DiffMaster::B ? change(false, true, cell) : change(true, false, cell);
    }
    Status onlyAtB(const VisibleCell& cell) {
        note(fmt::format("{} only at {}", nameOf(cell), request_.b));
        return request_.master == DiffMaster::A ? change(true, true, cell) : change(false, false, cell);
    }
    // Both hold this version with unequal values: the one that wins a conflict is written where the other stands, or
    // importing both directions would only swap them.
    Status both(const VisibleCell& a, const VisibleCell& b) {
        if (a.value == b.value) return okStatus();
        note(fmt::format("{}: '{}' and '{}'", nameOf(a), shown(a.value), shown(b.value)));
        const bool winnerIsA =
            request_.master == DiffMaster::A ||
            (request_.master == DiffMaster::None && std::tie(a.stamp, a.value) > std::tie(b.stamp, b.value));
        return winnerIsA ? change(true, false, a) : change(false, false, b);
    }
    [[nodiscard]] const std::string& detail() const { return detail_; }

private:
    void note(std::string text) {
        if (detail_.empty()) detail_ = std::move(text);
    }
    Status change(bool toB, bool remove, const VisibleCell& cell) {
        ++(toB ? result_.opsForDst : result_.opsForSrc);
        if (!onChange_) return okStatus();
        return onChange_(CellChange{toB, remove, key_, cell.family, cell.qualifier, cell.timestampMs,
                                    remove ? Bytes() : cell.value});
    }

    const Bytes& key_;
    const DiffRequest& request_;
    const OnCellChange& onChange_;
    DiffResult& result_;
    std::string detail_;
};

// Same version of the same column, else which comes first.
std::strong_ordering order(const VisibleCell& a, const VisibleCell& b) {
    if (placeOf(a) != placeOf(b))
        return placeOf(a) < placeOf(b) ? std::strong_ordering::less : std::strong_ordering::greater;
    return b.timestampMs <=> a.timestampMs;
}

// Every value that is no map, and maps that are empty; the document itself has the empty path.
void addFields(const json::NamePath& path, const json::Value& value, std::vector<VisibleCell>& cells) {
    if (value.isMap() && !value.fields().empty()) {
        for (const json::Field& field : value.fields()) {
            json::NamePath below = path;
            below.push_back(field.name);
            addFields(below, field.value, cells);
        }
        return;
    }
    cells.push_back(VisibleCell{{}, json::FieldPath::ofNames(path).text(), 0, 0, json::printJson(value)});
}

}  // namespace

std::uint64_t printOf(const VisibleRow* row) {
    Bytes encoded;
    for (const VisibleCell& cell : row != nullptr ? row->cells : std::vector<VisibleCell>()) {
        appendBlob(encoded, cell.family);
        appendBlob(encoded, cell.qualifier);
        appendFixed<Millis>(encoded, cell.timestampMs);
        appendBlob(encoded, cell.value);
    }
    return XXH3_64bits(encoded.data(), encoded.size());
}

RowCursor::RowCursor(ClusterCalls& calls, const TableDescription& table, const DiffRequest& request, Bytes from,
                     Bytes to, Want want)
    : calls_(calls), table_(table), request_(request), from_(std::move(from)), to_(std::move(to)), want_(want) {}

Result<std::optional<VisibleRow>> RowCursor::next() {
    while (at_ == rows_.size()) {
        if (atEnd_) return std::optional<VisibleRow>();
        if (Status status = fetch(); !status) return status.error();
    }
    return std::optional<VisibleRow>(std::move(rows_[at_++]));
}

// The fields of documents as cells; values are compared, not when they were written.
Status RowCursor::showDocuments(BytesView body) {
    const Result<BytesView> items = itemsOf(body);
    if (!items) return items.error();
    DocumentReader reader(*items);
    DocumentItem item;
    while (reader.next(item)) {
        const auto document = json::StampedDocument::decode(item.document);
        if (!document) return document.error();
        const auto value = document->visible();
        if (!value) continue;
        VisibleRow& row = rows_.emplace_back();
        row.key = Bytes(item.key);
        addFields({}, *value, row.cells);
    }
    if (reader.ok()) return okStatus();
    return Error{ErrorCode::Corrupt, "a chunk of documents is damaged", {}, {}};
}

Status RowCursor::fetch() {
    rows_.clear();
    at_ = 0;
    const std::string& path = table_.record.path;
    Result<std::shared_ptr<ControlClient>> client = calls_.client(clusterOf(path));
    if (!client) return client.error();
    const Result<Millis> left = calls_.budget(kDataCallTimeoutMs);
    if (!left) return left.error();
    const RangeAsk range{.path = path,
                         .from = from_,
                         .to = to_,
                         .rowsMax = kChunkRowsMax,
                         .bytesMax = kChunkBytesMax,
                         .columns = request_.columns,
                         .maxVersions = request_.maxVersions,
                         .startMs = request_.startMs,
                         .endMs = request_.endMs};
    const Result<Bytes> answer = (*client)->call(TableMethod::ReadRange, encodeRangeAsk(range), *left);
    if (!answer) return answer.error();
    const Result<RangeAnswer> chunk = parseRangeAnswer(*answer, from_);
    if (!chunk) return chunk.error();
    atEnd_ = chunk->atEnd;
    if (!atEnd_) from_ = Bytes(chunk->next);
    if (chunk->rows == 0) return okStatus();
    if (table_.record.kind == "json") return showDocuments(chunk->body);
    const Result<TableBody> body = parseBody(chunk->body);
    if (!body) return body.error();
    std::vector<std::string> families;
    for (const BytesView name : body->families) families.emplace_back(name);

    std::map<Bytes, RawRow> raw;
    std::map<Bytes, RawRow> told;  // only deletes that no side may have purged yet
    const Millis purgedMs = calls_.nowMs() - table_.record.deleteTtlMs();
    MutationReader reader(body->mutations, 0);
    OpView op;
    while (reader.next(op)) {
        RawRow& row = raw[Bytes(op.key)];
        CellReader cells = op.cells();
        CellView cell;
        while (cells.next(cell)) {
            const bool named = op.kind != OpKind::DeleteRow;
            if (named && cell.family >= families.size()) return damaged();
            const std::string family = named ? families[cell.family] : std::string();
            row.add(op.kind, cell, family);
            const bool tells = want_ == Want::Deletes && op.kind != OpKind::Put;
            if (tells && std::max(cell.timestampMs, stampMs(cell.stamp)) > purgedMs) {
                told[Bytes(op.key)].add(op.kind, cell, family);
            }
        }
        if (!cells.ok()) return damaged();
    }
    if (!reader.ok()) return damaged();
    for (auto& [key, found] : raw) {
        auto& row = found;  // clang 14 captures no structured binding
        std::erase_if(row.puts, [&](const VisibleCell& cell) { return row.hides(cell); });
        std::sort(row.puts.begin(), row.puts.end(), before);
        VisibleRow visible{key, {}, {}};
        show(visible, row.puts);
        if (const auto deletes = told.find(key); deletes != told.end()) visible.deletes = deletes->second.spelled();
        if (!visible.cells.empty() || !visible.deletes.empty()) rows_.push_back(std::move(visible));
    }
    return okStatus();
}

// Keeps what the families' versions and TTL let a reader see.
void RowCursor::show(VisibleRow& row, const std::vector<VisibleCell>& cells) {
    const VisibleCell* last = nullptr;
    std::uint32_t versions = 0;
    for (const VisibleCell& cell : cells) {
        const bool sameColumn = last != nullptr && placeOf(*last) == placeOf(cell);
        if (sameColumn && last->timestampMs == cell.timestampMs) continue;  // lost the conflict
        versions = sameColumn ? versions + 1 : 1;
        last = &cell;
        const FamilyRecord* family = table_.record.family(cell.family);
        if (family == nullptr) continue;
        std::uint32_t limit = std::max<std::uint32_t>(1, family->maxVersions);
        if (request_.maxVersions > 0) limit = std::min(limit, request_.maxVersions);
        if (versions > limit) continue;
        const bool expired = family->ttlSeconds > 0 && cell.timestampMs <= calls_.nowMs() - family->ttlSeconds * 1000;
        if (expired && versions > family->minVersions) continue;
        row.cells.push_back(cell);
    }
}

Result<bool> compareRows(const VisibleRow* a, const VisibleRow* b, const DiffRequest& request,
                         const OnCellChange& onChange, DiffResult& result) {
    static const std::vector<VisibleCell> kNone;
    const std::vector<VisibleCell>& left = a != nullptr ? a->cells : kNone;
    const std::vector<VisibleCell>& right = b != nullptr ? b->cells : kNone;
    const Bytes& key = a != nullptr ? a->key : b->key;
    CellComparison comparison(key, request, onChange, result);
    for (std::size_t i = 0, j = 0; i < left.size() || j < right.size();) {
        const auto which = i == left.size()    ? std::strong_ordering::greater
                           : j == right.size() ? std::strong_ordering::less
                                               : order(left[i], right[j]);
        const Status status = which < 0   ? comparison.onlyAtA(left[i])
                              : which > 0 ? comparison.onlyAtB(right[j])
                                          : comparison.both(left[i], right[j]);
        if (!status) return status.error();
        if (which <= 0) ++i;
        if (which >= 0) ++j;
    }
    if (comparison.detail().empty()) return true;
    ++result.rowsDifferent;
    if (result.differences.size() < request.samplesMax) {
        const DifferenceKind kind = a == nullptr   ? DifferenceKind::MissingAtA
                                    : b == nullptr ? DifferenceKind::MissingAtB
                                                   : DifferenceKind::Different;
        result.differences.push_back(RowDifference{key, kind, comparison.detail()});
    }
    return false;
}

}  // namespace tributary::engine::maprdb
