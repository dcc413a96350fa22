// CopyTable: what is checked and recorded around the relay.
#include "engine/admin/copytable.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/operations/columns.h"
#include "core/systems/maprdb/naming.h"
#include "engine/admin/copyrun.h"
#include "engine/admin/tableadmincopymeta.h"
#include "engine/systems/maprdb/jsontables/jsontablekind.h"

namespace tributary::engine::maprdb {
namespace {

constexpr int kPercentStep = 5;  // each recorded step is a catalog change at the source

// Copy sessions of both tables, ended whatever happens.
class Sessions {
public:
    explicit Sessions(ClusterCalls& calls) : calls_(calls) {}
    Sessions(const Sessions&) = delete;
    Sessions& operator=(const Sessions&) = delete;
    ~Sessions() { (void)end(); }

    Status begin(const std::string& path) {
        const Result<Json> begun = calls_.callAt(path, TableMethod::CopySession, Json{{"path", path}, {"begin", true}});
        if (!begun) return begun.error();
        open_.push_back(path);
        return okStatus();
    }
    /// The tables whose sessions could not be ended: their clusters end them when the connection closes.
    std::vector<std::string> end() {
        std::vector<std::string> stuck;
        // The copy's time may be over; ending what it opened is owed nevertheless.
        ClusterCalls unbounded = calls_.unbounded();
        for (const std::string& path : open_) {
            const Json body{{"path", path}, {"begin", false}};
            if (!unbounded.callAt(path, TableMethod::CopySession, body)) stuck.push_back(path);
        }
        open_.clear();
        return stuck;
    }

private:
    ClusterCalls& calls_;
    std::vector<std::string> open_;
};

class Copy {
public:
    Copy(ClusterCalls& calls, const CopyRequest& request, const OnCopyProgress& onProgress)
        : calls_(calls), request_(request), onProgress_(onProgress), startedMs_(calls.nowMs()) {}

    Result<CopyResult> run() {
        if (Status status = prepare(); !status) return status.error();
        Sessions sessions(calls_);
        if (Status status = sessions.begin(request_.src); !status) return status.error();
        if (Status status = sessions.begin(request_.dst); !status) return status.error();
        noteBegin();
        const Status status = relay();
        noteEnd(status.ok());
        for (const std::string& path : sessions.end()) {
            result_.warnings.push_back(fmt::format("the copy session of {} could not be ended from here", path));
        }
        if (!status) return interrupted(takenBack(status.error()));
        finish();
        return std::move(result_);
    }

private:
    Status prepare() {
        Result<TableDescription> src = calls_.describe(request_.src, "-src");
        if (!src) return src.error();
        src_ = std::move(*src);
        result_.kind = src_.record.kind;
        if (src_.record.bulkload()) return bulkLoadEnds(src_.record, "-src");
        if (isJson()) {
            if (Status status = checkFields(); !status) return status;
        }
        Result<std::optional<TableDescription>> dst = calls_.find(request_.dst);
        if (!dst) return withWhere(dst.error(), "-dst");
        if (!dst->has_value()) return create();
        dst_ = (*dst)->record;
        if (request_.src == request_.dst || dst_.uuid == src_.record.uuid) {
            return Error{ErrorCode::InvalidInput, fmt::format("{} would be copied into itself", request_.src), "-dst",
                         "name another table"};
        }
        if (dst_.kind != src_.record.kind) {
            return Error{ErrorCode::InvalidInput,
                         fmt::format("{} is a {} table and {} a {} table", request_.src, src_.record.kind, request_.dst,
                                     dst_.kind),
                         "-dst", "name a table of the same kind, or one that does not exist yet"};
        }
        if (Status status = checkFamilies(); !status) return status;
        return request_.bulkload ? enterBulkLoad() : leaveAlone();
    }

    static Error bulkLoadEnds(const TableRecord& table, std::string_view where) {
        return Error{ErrorCode::Conflict, fmt::format("{} is in bulk-load mode", table.path), std::string(where),
                     fmt::format("maprcli table edit -path {} -bulkload false", shellWord(table.path))};
    }

    Status create() {
        if (!request_.createMissing) {
            return Error{ErrorCode::NotFound, fmt::format("there is no table {}", request_.dst), "-dst",
                         fmt::format("maprcli table create -path {} -copymetafrom {}", shellWord(request_.dst),
                                     shellWord(request_.src))};
        }
        Json body = createBodyLike(src_.record, request_.dst);
        if (request_.bulkload) body["attributes"]["bulkload"] = "true";
        const Result<Json> created = calls_.callAt(request_.dst, TableMethod::CreateTable, body);
        if (!created) return withWhere(created.error(), "-dst");
        result_.created = true;
        return okStatus();
    }

    Status checkFamilies() {
        if (isJson()) return okStatus();  // a document needs no family to be taken
        const ColumnList columns =
            request_.columns.empty() ? ColumnList{} : parseColumns(request_.columns).valueOr(ColumnList{});
        for (const ColumnSpec& spec : columns) {
            if (src_.record.family(spec.family) != nullptr) continue;
            return Error{ErrorCode::InvalidInput, fmt::format("{} has no column family {}", request_.src, spec.family),
                         "-columns", fmt::format("maprcli table cf list -path {}", shellWord(request_.src))};
        }
        for (const FamilyRecord& family : src_.record.families) {
            const bool wanted =
                columns.empty() || std::any_of(columns.begin(), columns.end(),
                                               [&](const ColumnSpec& spec) { return spec.family == family.name; });
            if (!family.live() || !wanted || dst_.family(family.name) != nullptr) continue;
            return Error{ErrorCode::NotFound, fmt::format("{} has no column family {}", request_.dst, family.name),
                         "-dst",
                         fmt::format("maprcli table cf create -path {} -cfname {}", shellWord(request_.dst),
                                     shellWord(family.name))};
        }
        return okStatus();
    }

    [[nodiscard]] bool isJson() const { return src_.record.kind == "json"; }

    Status checkFields() {
        if (request_.maxVersions > 1 || request_.startMs != 0 || request_.endMs != 0) {
            return Error{ErrorCode::InvalidInput,
                         fmt::format("{} is a JSON table: its fields have one version", request_.src), "-src",
                         "leave out -maxversions, -starttime and -endtime"};
        }
        const auto fields = jsonTableKind().projectionOf(request_.src, src_.record, request_.columns);
        return fields ? okStatus() : Status(withWhere(fields.error(), "-columns"));
    }

    // A table in bulk-load mode cannot take part in replication (maprdb.md section 1.2), so the vendor's default would
    // break the edge that the copy is meant to feed.
    Status enterBulkLoad() {
        const bool replicated =
            !dst_.replicas.empty() || !dst_.upstreams.empty() || src_.record.replicaByPath(request_.dst) != nullptr;
        if (replicated) {
            return Error{ErrorCode::Conflict,
                         fmt::format("{} takes part in replication, which bulk load would break", request_.dst),
                         "-bulkload", "add -bulkload false"};
        }
        if (dst_.bulkload()) return okStatus();
        const Json body{{"path", request_.dst}, {"attributes", {{"bulkload", "true"}}}, {"perms", Json::object()}};
        const Result<Json> changed = calls_.callAt(request_.dst, TableMethod::AlterTable, body);
        if (changed) return okStatus();
        return withFix(withWhere(changed.error(), "-bulkload"), "add -bulkload false");
    }

    Status leaveAlone() {
        if (!dst_.bulkload()) return okStatus();
        return bulkLoadEnds(dst_, "-dst");
    }

    // Progress at the source's replica record, when the destination is one of its replicas.
    void noteBegin() {
        const ReplicaRecord* record = src_.record.replicaByPath(request_.dst);
        if (record == nullptr || record->uuid != dst_.uuid) return;
        former_ = *record;
        const Result<Json> done =
            calls_.callAt(request_.src, TableMethod::SetReplicaState, stateBody(ReplicaState::CopyInProgress, 0));
        if (done) return;
        former_.reset();
        result_.warnings.push_back(fmt::format("table replica list does not show this copy: {}", done.error().text()));
    }

    void noteEnd(bool ok) {
        if (!former_) return;
        ReplicaState state = former_->state;
        if (ok && isCopyState(state)) state = ReplicaState::Replicating;
        ClusterCalls unbounded = calls_.unbounded();
        const int percent = ok ? 100 : isCopyState(state) ? percent_ : former_->copyPercent;
        const Result<Json> done =
            unbounded.callAt(request_.src, TableMethod::SetReplicaState, stateBody(state, percent));
        if (done) return;
        result_.warnings.push_back(
            fmt::format("the source still shows the replica as being copied: {}", done.error().text()));
    }

    [[nodiscard]] Json stateBody(ReplicaState state, int percent) const {
        return Json{{"path", request_.src},
                    {"replica", request_.dst},
                    {"state", std::string(replicaStateName(state))},
                    {"percent", percent}};
    }

    Status relay() {
        Result<std::shared_ptr<ControlClient>> src = calls_.client(clusterOf(request_.src));
        if (!src) return src.error();
        Result<std::shared_ptr<ControlClient>> dst = calls_.client(clusterOf(request_.dst));
        if (!dst) return dst.error();
        TableCopyWork work(request_, {isJson(), false, src_.rows});
        CopyRun copy(calls_, *src, *dst, work, TableMethod::SetReplicaState, [&] { return onChunk(work); });
        const Status status = copy.run();
        result_.rows = work.figures().items;
        result_.bytes = work.figures().bytes;
        return status;
    }

    Result<std::optional<Bytes>> onChunk(const TableCopyWork& work) {
        const CopyFigures& figures = work.figures();
        if (onProgress_ && !onProgress_({figures.items, figures.bytes, src_.rows, work.key()})) {
            return Error{ErrorCode::Cancelled, "stopped on request", {}, {}};
        }
        if (!former_ || src_.rows == 0) return std::optional<Bytes>();
        const int percent = figures.percent();
        if (percent < percent_ + kPercentStep) return std::optional<Bytes>();
        percent_ = percent;
        return std::optional<Bytes>(stateBody(ReplicaState::CopyInProgress, percent).dump());
    }

    // A copy that was refused before its first row leaves no table behind that only it wanted, or names it.
    Error takenBack(Error error) {
        const bool refused = error.code == ErrorCode::PermissionDenied || error.code == ErrorCode::NotFound ||
                             error.code == ErrorCode::InvalidInput;
        if (!result_.created || result_.rows > 0 || !refused) return error;
        if (calls_.callAt(request_.dst, TableMethod::DropTable, Json{{"path", request_.dst}})) {
            result_.created = false;
        } else {
            error.what += fmt::format("; {} was created for it and is empty", request_.dst);
        }
        return error;
    }

    [[nodiscard]] Error interrupted(Error error) const {
        error.what = fmt::format("copying {} to {} stopped after {} rows: {}", request_.src, request_.dst,
                                 groupedDigits(result_.rows), error.what);
        const std::string again = "the same command may be run again: what arrived is not changed by it";
        error.fix = error.fix.empty() ? again : error.fix + "; then " + again;
        return error;
    }

    void finish() {
        result_.elapsedMs = std::max<Millis>(0, calls_.nowMs() - startedMs_);
        if (!request_.bulkload) return;
        result_.warnings.push_back(
            fmt::format("{} is left in bulk-load mode and takes no clients until: maprcli table edit -path {} "
                        "-bulkload false",
                        request_.dst, shellWord(request_.dst)));
    }

    ClusterCalls& calls_;
    const CopyRequest& request_;
    const OnCopyProgress& onProgress_;
    Millis startedMs_;
    TableDescription src_;
    TableRecord dst_;
    std::optional<ReplicaRecord> former_;  // set while the copy is shown at the source
    int percent_ = 0;
    CopyResult result_;
};

}  // namespace

Result<CopyResult> copyTable(ClusterCalls& calls, const CopyRequest& request, const OnCopyProgress& onProgress) {
    return Copy(calls, request, onProgress).run();
}

}  // namespace tributary::engine::maprdb
