// DiffTables: fingerprints of ranges, then rows of the ranges that differ.
#include "engine/systems/maprdb/difftables.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/operations/columns.h"
#include "core/topology/datasetpath.h"
#include "engine/systems/maprdb/difftablesrows.h"
#include "engine/systems/maprdb/tableadmincopymeta.h"

namespace tributary::engine::maprdb {
namespace {

struct Range {
    Bytes to;  // empty = end of the table
    std::uint64_t rows = 0;
    std::string hash;
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
                            hash == item.end() ? std::string() : hash->dump()});
    }
    return out;
}

class Diff {
public:
    Diff(ClusterCalls& calls, const DiffRequest& request, const OnCellChange& onChange)
        : calls_(calls), request_(request), onChange_(onChange) {}

    Result<DiffResult> run() {
        if (Status status = prepare(); !status) return status.error();
        const bool selects = request_.maxVersions > 0 || request_.startMs > 0 || request_.endMs > 0;
        const Status status = selects ? compareDetail({}, {}) : compareRanges();
        if (!status) return status.error();
        result_.complete = !stopped_;
        result_.identical = result_.rowsDifferent == 0 && result_.metadata.empty();
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
        const Result<Json> answer = calls_.callAt(table.record.path, Method::Fingerprint, body, kDataCallTimeoutMs);
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
                if (Status status = compareDetail(from, range.to); !status) return status;
            }
            from = range.to;
        }
        return okStatus();
    }

    // Merges the rows of both sides by key.
    Status compareDetail(const Bytes& from, const Bytes& to) {
        RowCursor cursorA(calls_, a_, request_, from, to);
        RowCursor cursorB(calls_, b_, request_, from, to);
        std::optional<VisibleRow> a;
        std::optional<VisibleRow> b;
        if (Status status = advance(cursorA, a, result_.rowsSource); !status) return status;
        if (Status status = advance(cursorB, b, result_.rowsReplica); !status) return status;
        while (a || b) {
            const bool useA = a && (!b || a->key <= b->key);
            const bool useB = b && (!a || b->key <= a->key);
            const Result<bool> equal =
                compareRows(useA ? &*a : nullptr, useB ? &*b : nullptr, request_, onChange_, result_);
            if (!equal) return equal.error();
            if (!*equal && request_.firstExit) {
                stopped_ = true;
                return okStatus();
            }
            if (useA) {
                if (Status status = advance(cursorA, a, result_.rowsSource); !status) return status;
            }
            if (useB) {
                if (Status status = advance(cursorB, b, result_.rowsReplica); !status) return status;
            }
        }
        return okStatus();
    }

    static Status advance(RowCursor& cursor, std::optional<VisibleRow>& row, std::uint64_t& count) {
        Result<std::optional<VisibleRow>> next = cursor.next();
        if (!next) return next.error();
        row = std::move(*next);
        if (row) ++count;
        return okStatus();
    }

    ClusterCalls& calls_;
    const DiffRequest& request_;
    const OnCellChange& onChange_;
    TableDescription a_;
    TableDescription b_;
    DiffResult result_;
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
