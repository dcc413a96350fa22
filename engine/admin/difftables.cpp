// DiffTables: fingerprints of ranges, then rows of the ranges that differ.
#include "engine/admin/difftables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "core/base/text.h"
#include "core/operations/columns.h"
#include "core/systems/maprdb/naming.h"
#include "engine/admin/difftablesrows.h"
#include "engine/admin/tableadmincopymeta.h"
#include "engine/systems/maprdb/jsontables/jsontablekind.h"

namespace tributary::engine::maprdb {
namespace {

struct Range {
    Bytes to;  // empty = end of the table
    std::uint64_t rows = 0;
    std::string hash;
    std::string deletes;  // of the deletes; empty: not told
};

// A 64-bit hash may come as a number or as text; only its equality counts.
Result<std::vector<Range>> readRanges(const Json& answer) {
    std::vector<Range> out;
    for (const Json& item : answer.value("ranges", Json::array())) {
        Result<Bytes> to = bytesFromJson(textOf(item, "to"));
        if (!to) return to.error();
        const auto hash = item.find("hash");
        out.push_back(Range{std::move(*to),
                            static_cast<std::uint64_t>(std::max<std::int64_t>(0, numberOf(item, "rows"))),
                            hash == item.end() ? std::string() : hash->dump(), textOf(item, "deletes")});
    }
    return out;
}

constexpr std::size_t kSuspectsMax = 10'000;  // rows that are read again; more are judged by two looks
constexpr std::size_t kFirstExitSuspectsMax = 1'000;
constexpr std::uint32_t kSameLooksEnough = 3;  // so often the same difference: it stays
constexpr std::array<Millis, 7> kPausesMs{100, 300, 600, 500, 500, 500, 500};

Bytes justAfter(const Bytes& key) {
    return key + '\0';
}

// A row that was not equal when it was last looked at.
struct Suspect {
    Bytes key;
    std::uint64_t printA = 0;
    std::uint64_t printB = 0;
    std::uint32_t sameLooks = 0;
    bool atA = false;
    bool atB = false;
    bool equal = false;
};

// The suspects of one range, and what of it was too much to remember.
struct SuspectRange {
    Bytes to;
    std::vector<Suspect> rows;
    std::optional<Bytes> restFrom;
};

class Diff {
public:
    Diff(ClusterCalls& calls, const DiffRequest& request, const OnCellChange& onChange)
        : calls_(calls), request_(request), onChange_(onChange) {}

    Result<DiffResult> run() {
        if (Status status = prepare(); !status) return status.error();
        const bool selects = request_.maxVersions > 0 || request_.startMs > 0 || request_.endMs > 0;
        const Status status = selects ? firstLook({}, {}) : compareRanges();
        if (!status) return status.error();
        if (Status settled = settle(); !settled) return settled.error();
        if (Status judged = judge(); !judged) return judged.error();
        const bool same = result_.rowsDifferent == 0 && result_.rowsChanging == 0;
        if (same && !selects) {
            if (Status deletes = compareDeletes(); !deletes) return deletes.error();
        }
        result_.complete = !stopped_;
        result_.identical = same && result_.metadata.empty();
        return std::move(result_);
    }

private:
    Status prepare() {
        Result<TableDescription> a = calls_.describe(request_.a, "-src");
        if (!a) return a.error();
        Result<TableDescription> b = calls_.describe(request_.b, "-dst");
        if (!b) return b.error();
        a_ = std::move(*a);
        b_ = std::move(*b);
        if (a_.record.kind != b_.record.kind) {
            return Error{ErrorCode::InvalidInput,
                         fmt::format("{} is a {} table and {} a {} table", request_.a, a_.record.kind, request_.b,
                                     b_.record.kind),
                         "-dst", "compare tables of one kind"};
        }
        if (Status status = checkColumns(); !status) return status;
        if (request_.compareMeta) result_.metadata = metadataDifferences(a_.record, b_.record, true);
        return okStatus();
    }

    Status checkColumns() {
        if (request_.columns.empty()) return okStatus();
        if (a_.record.kind == "json") {
            const auto fields = jsonTableKind().projectionOf(request_.a, a_.record, request_.columns);
            return fields ? okStatus() : Status(withWhere(fields.error(), "-columns"));
        }
        const Result<ColumnList> list = parseColumns(request_.columns);
        if (!list) return withWhere(list.error(), "-columns");
        for (const ColumnSpec& spec : *list) {
            if (a_.record.family(spec.family) != nullptr || b_.record.family(spec.family) != nullptr) continue;
            return Error{ErrorCode::InvalidInput, fmt::format("neither table has a column family {}", spec.family),
                         "-columns", fmt::format("maprcli table cf list -path {}", shellWord(request_.a))};
        }
        return okStatus();
    }

    Result<std::vector<Range>> fingerprint(const TableDescription& table, const std::vector<Range>* boundaries) {
        Json body{{"path", table.record.path}, {"from", ""}, {"to", ""}, {"columns", request_.columns}};
        if (boundaries == nullptr) {
            body["rowsperrange"] = std::max<std::uint32_t>(1, request_.rowsPerRange);
        } else {
            body["boundaries"] = Json::array();
            for (const Range& range : *boundaries) {
                if (!range.to.empty()) body["boundaries"].push_back(bytesToJson(range.to));
            }
        }
        const Result<Json> answer =
            calls_.callAt(table.record.path, TableMethod::Fingerprint, body, kDataCallTimeoutMs);
        if (!answer) return answer.error();
        return readRanges(*answer);
    }

    Status compareRanges() {
        Result<std::vector<Range>> atA = fingerprint(a_, nullptr);
        if (!atA) return atA.error();
        if (atA->empty() || !atA->back().to.empty()) atA->push_back(Range{});  // the rest of the table
        const Result<std::vector<Range>> atB = fingerprint(b_, &*atA);
        if (!atB) return atB.error();
        // An answer that is not cut where it was asked proves nothing: then every range is read.
        const bool aligned =
            atB->size() == atA->size() && std::equal(atA->begin(), atA->end(), atB->begin(),
                                                     [](const Range& a, const Range& b) { return a.to == b.to; });
        Bytes from;
        for (std::size_t i = 0; i < atA->size() && !stopped_; ++i) {
            const Range& range = (*atA)[i];
            ++result_.ranges;
            const bool equal =
                aligned && range.rows == (*atB)[i].rows && !range.hash.empty() && range.hash == (*atB)[i].hash;
            if (equal) {
                result_.rowsSource += range.rows;
                result_.rowsReplica += range.rows;
            } else {
                ++result_.rangesDifferent;
                if (Status status = firstLook(from, range.to); !status) return status;
            }
            if (aligned && !range.deletes.empty() && !(*atB)[i].deletes.empty() && range.deletes != (*atB)[i].deletes) {
                deletesDiffer_.emplace_back(from, range.to);
            }
            from = range.to;
        }
        return okStatus();
    }

    // Takes both sides' rows of one key, either of which may be absent; false ends the walk.
    using Visit = std::function<Result<bool>(const VisibleRow* a, const VisibleRow* b)>;

    // Merges the rows of both sides by key.
    Status walk(const Bytes& from, const Bytes& to, RowCursor::Want want, const Visit& visit) {
        RowCursor cursorA(calls_, a_, request_, from, to, want);
        RowCursor cursorB(calls_, b_, request_, from, to, want);
        Result<std::optional<VisibleRow>> a = cursorA.next();
        if (!a) return a.error();
        Result<std::optional<VisibleRow>> b = cursorB.next();
        if (!b) return b.error();
        while (*a || *b) {
            const bool useA = *a && (!*b || (*a)->key <= (*b)->key);
            const bool useB = *b && (!*a || (*b)->key <= (*a)->key);
            const Result<bool> more = visit(useA ? &**a : nullptr, useB ? &**b : nullptr);
            if (!more) return more.error();
            if (!*more) return okStatus();
            if (useA) a = cursorA.next();
            if (!a) return a.error();
            if (useB) b = cursorB.next();
            if (!b) return b.error();
        }
        return okStatus();
    }

    Status firstLook(const Bytes& from, const Bytes& to) {
        SuspectRange range{to, {}, {}};
        const std::size_t most = request_.firstExit ? kFirstExitSuspectsMax : kSuspectsMax;
        const Status status =
            walk(from, to, RowCursor::Want::Cells, [&](const VisibleRow* a, const VisibleRow* b) -> Result<bool> {
                result_.rowsSource += a != nullptr ? 1 : 0;
                result_.rowsReplica += b != nullptr ? 1 : 0;
                const std::uint64_t printA = printOf(a);
                const std::uint64_t printB = printOf(b);
                if (a != nullptr && b != nullptr && printA == printB) return true;
                const Bytes& key = a != nullptr ? a->key : b->key;
                if (suspects_ < most) {
                    ++suspects_;
                    range.rows.push_back({key, printA, printB, 0, a != nullptr, b != nullptr, false});
                } else if (!range.restFrom) {
                    range.restFrom = key;
                }
                stopped_ = request_.firstExit && range.restFrom.has_value();
                return !stopped_;
            });
        if (!range.rows.empty() || range.restFrom) ranges_.push_back(std::move(range));
        return status;
    }

    // Looks again at what differs until nothing does, or it stays as it is, or there were looks enough.
    Status settle() {
        for (const Millis pauseMs : kPausesMs) {
            const bool over = std::all_of(ranges_.begin(), ranges_.end(), [](const SuspectRange& range) {
                return std::all_of(range.rows.begin(), range.rows.end(),
                                   [](const Suspect& row) { return row.equal || row.sameLooks >= kSameLooksEnough; });
            });
            if (over) return okStatus();
            calls_.pause(pauseMs);
            ++result_.looks;
            for (SuspectRange& range : ranges_) {
                if (Status status = lookAgain(range); !status) return status;
            }
        }
        return okStatus();
    }

    Status lookAgain(SuspectRange& range) {
        if (range.rows.empty()) return okStatus();
        auto next = range.rows.begin();
        const Bytes to = justAfter(range.rows.back().key);
        const Status status = walk(range.rows.front().key, to, RowCursor::Want::Cells,
                                   [&](const VisibleRow* a, const VisibleRow* b) -> Result<bool> {
                                       const Bytes& key = a != nullptr ? a->key : b->key;
                                       while (next != range.rows.end() && next->key < key)
                                           note(*next++, nullptr, nullptr);
                                       if (next != range.rows.end() && next->key == key) note(*next++, a, b);
                                       return true;
                                   });
        if (!status) return status;
        while (next != range.rows.end()) note(*next++, nullptr, nullptr);
        return okStatus();
    }

    // What a look at a suspect saw.
    void note(Suspect& row, const VisibleRow* a, const VisibleRow* b) {
        if (row.equal) return;  // it has been once: what is written since is another matter
        result_.rowsSource += (a != nullptr ? 1 : 0);
        result_.rowsSource -= (row.atA ? 1 : 0);
        result_.rowsReplica += (b != nullptr ? 1 : 0);
        result_.rowsReplica -= (row.atB ? 1 : 0);
        row.atA = a != nullptr;
        row.atB = b != nullptr;
        const std::uint64_t printA = printOf(a);
        const std::uint64_t printB = printOf(b);
        row.sameLooks = printA == row.printA && printB == row.printB ? row.sameLooks + 1 : 0;
        row.printA = printA;
        row.printB = printB;
        row.equal = row.atA == row.atB && printA == printB;
    }

    // The last look: what is still not equal is counted, told and handed on, in the order of keys.
    Status judge() {
        std::uint64_t unremembered = 0;
        bool ended = false;
        for (SuspectRange& range : ranges_) {
            std::erase_if(range.rows, [](const Suspect& row) { return row.equal; });
            if (ended || (range.rows.empty() && !range.restFrom)) continue;
            const Bytes from = range.rows.empty() ? *range.restFrom : range.rows.front().key;
            const Bytes to =
                range.restFrom && !stopped_ ? range.to : justAfter(range.rows.empty() ? from : range.rows.back().key);
            auto next = range.rows.begin();
            const Status status =
                walk(from, to, RowCursor::Want::Cells, [&](const VisibleRow* a, const VisibleRow* b) -> Result<bool> {
                    const Bytes& key = a != nullptr ? a->key : b->key;
                    while (next != range.rows.end() && next->key < key) ++next;
                    const bool known = next != range.rows.end() && next->key == key;
                    const bool rest = range.restFrom && key >= *range.restFrom;
                    if (!known && !rest) return true;
                    DiffResult seen;
                    const Result<bool> equal = compareRows(a, b, request_, onChange_, seen);
                    if (!equal) return equal.error();
                    if (*equal) return true;
                    const bool stays =
                        known && next->sameLooks >= 1 && printOf(a) == next->printA && printOf(b) == next->printB;
                    take(std::move(seen), stays);
                    if (!known) ++unremembered;
                    ended = request_.firstExit && stays;
                    return !ended;
                });
            if (!status) return status;
        }
        // Many more than were looked at again: they are of the kind that those turned out to be.
        if (result_.rowsDifferent > 0) {
            result_.rowsDifferent += unremembered;
            result_.rowsChanging -= unremembered;
        }
        stopped_ = stopped_ || ended;
        if (stopped_ && result_.rowsDifferent == 0 && result_.rowsChanging == 0) result_.rowsChanging = suspects_;
        return okStatus();
    }

    void take(DiffResult seen, bool stays) {
        ++(stays ? result_.rowsDifferent : result_.rowsChanging);
        result_.opsForDst += seen.opsForDst;
        result_.opsForSrc += seen.opsForSrc;
        for (RowDifference& difference : seen.differences) {
            if (result_.differences.size() >= request_.samplesMax) return;
            difference.changing = !stays;
            result_.differences.push_back(std::move(difference));
        }
    }

    // Rows that show the same may still answer a late write differently.
    Status compareDeletes() {
        for (const Millis pauseMs : {Millis{0}, Millis{200}, Millis{500}}) {
            if (deletesDiffer_.empty()) return okStatus();
            if (pauseMs > 0) calls_.pause(pauseMs);
            result_.rowsOnlyDeletes = 0;
            result_.deletesKeys.clear();
            for (const auto& [from, to] : deletesDiffer_) {
                const Status status = walk(
                    from, to, RowCursor::Want::Deletes, [&](const VisibleRow* a, const VisibleRow* b) -> Result<bool> {
                        if ((a != nullptr ? a->deletes : Bytes()) == (b != nullptr ? b->deletes : Bytes())) return true;
                        ++result_.rowsOnlyDeletes;
                        if (result_.deletesKeys.size() < request_.samplesMax)
                            result_.deletesKeys.push_back(a != nullptr ? a->key : b->key);
                        return true;
                    });
                if (!status) return status;
            }
            if (result_.rowsOnlyDeletes == 0) return okStatus();
        }
        return okStatus();
    }

    ClusterCalls& calls_;
    const DiffRequest& request_;
    const OnCellChange& onChange_;
    TableDescription a_;
    TableDescription b_;
    DiffResult result_;
    std::vector<SuspectRange> ranges_;
    std::size_t suspects_ = 0;
    std::vector<std::pair<Bytes, Bytes>> deletesDiffer_;  // from, to
    bool stopped_ = false;
};

}  // namespace

std::string_view differenceName(DifferenceKind kind) {
    switch (kind) {
        case DifferenceKind::MissingAtA: return "missing-at-a";
        case DifferenceKind::MissingAtB: return "missing-at-b";
        case DifferenceKind::Different: break;
    }
    return "different";
}

Result<DiffResult> diffTables(ClusterCalls& calls, const DiffRequest& request, const OnCellChange& onChange) {
    return Diff(calls, request, onChange).run();
}

Result<DiffResult> sameData(ClusterCalls& calls, const std::string& a, const std::string& b) {
    DiffRequest request;
    request.a = a;
    request.b = b;
    return diffTables(calls, request);
}

}  // namespace tributary::engine::maprdb
