// Requests about data: put, get, scan, range reads for copies, fingerprints for comparison.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/exceptions.h"
#include "core/base/limits.h"
#include "core/operations/columns.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/row.h"
#include "engine/systems/maprdb/tables/tablebody.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"
#include "engine/systems/maprdb/tables/tablekind.h"
#include "engine/systems/maprdb/tables/tablereads.h"

namespace tributary::engine::maprdb {
namespace {

constexpr std::size_t kChunkRows = 8'192;
constexpr std::size_t kChunkBytes = 4U << 20U;
constexpr std::uint64_t kFreezeRows = 20'000;

/// What one user may read of one table, as values: usable on a worker.
struct ReadScope {
    FoldContext context;
    std::vector<FamilyName> names;                           ///< live families
    std::map<std::uint32_t, std::set<std::string>> columns;  ///< family id -> denied columns
    std::set<std::uint32_t> families;                        ///< readable family ids
    ColumnList list;                                         ///< asked columns; empty = all
    bool everything = true;                                  ///< no filter applies
    bool complete = true;                                    ///< nothing of what was asked is denied

    [[nodiscard]] const std::string& nameOf(std::uint32_t id) const {
        static const std::string kNone;
        for (const auto& name : names) {
            if (name.id == id) return name.name;
        }
        return kNone;
    }
    [[nodiscard]] bool asksFor(const std::string& family) const {
        return list.empty() ||
               std::any_of(list.begin(), list.end(), [&](const ColumnSpec& column) { return column.family == family; });
    }
    [[nodiscard]] bool shows(const RowItem& cell) const {
        if (everything) return true;
        if (families.count(cell.family) == 0) return false;
        const auto denied = columns.find(cell.family);
        if (denied != columns.end() && denied->second.count(std::string(cell.qualifier)) != 0) return false;
        return selects(list, nameOf(cell.family), cell.qualifier);
    }
};

Result<std::shared_ptr<ReadScope>> scopeOf(Node& node, const DatasetRecord& record, const std::string& user,
                                           const std::string& columns) {
    const TableSchema& table = schemaOf(record);
    Access& access = tablesOf(node).access();
    auto scope = std::make_shared<ReadScope>();
    scope->context = node.foldContext(record);
    if (!columns.empty()) {
        auto list = parseColumns(columns);
        if (!list) return list.error();
        for (const ColumnSpec& column : list.value()) {
            if (table.family(column.family) != nullptr) continue;
            return Error{ErrorCode::NotFound,
                         fmt::format("table {} has no column family {}", record.path, column.family),
                         {},
                         fmt::format("maprcli table cf list -path {}", record.path)};
        }
        scope->list = std::move(list).value();
    }
    scope->everything = scope->list.empty();
    for (const FamilyRecord& family : table.families) {
        if (!family.live()) continue;
        scope->names.push_back({family.id, family.name});
        if (access.has(family.perms, "readperm", user)) {
            scope->families.insert(family.id);
        } else {
            scope->everything = false;
            if (scope->asksFor(family.name)) scope->complete = false;
        }
        for (const auto& [qualifier, perms] : family.columns) {
            if (access.mayRead(family, qualifier, user)) continue;
            scope->columns[family.id].insert(qualifier);
            scope->everything = false;
            if (selects(scope->list, family.name, qualifier)) scope->complete = false;
        }
    }
    return scope;
}

Json cellsJson(const ReadScope& scope, BytesView record) {
    Json cells = Json::array();
    VisibleCells visible(record, scope.context);
    RowItem cell;
    while (visible.next(cell)) {
        if (!scope.shows(cell)) continue;
        cells.push_back(Json{{"family", scope.nameOf(cell.family)},
                             {"column", bytesToJson(cell.qualifier)},
                             {"timestamp", cell.timestampMs},
                             {"value", bytesToJson(cell.value)}});
    }
    return cells;
}

/// A read at work: a view on the Read worker, and what it will answer.
struct ReadJob {
    std::shared_ptr<StateView> view;
    std::shared_ptr<ReadScope> scope;
    std::function<void(Result<Bytes>)> reply;
    Result<Bytes> answer = Bytes();
};

void runRead(Node& node, const std::shared_ptr<ReadJob>& job, std::function<void(ReadJob&)> work) {
    node.seams().workers.run(
        WorkKind::Read, node.seams().executor,
        [job, work = std::move(work)] {
            const Status done = orError([&]() -> Status {
                work(*job);
                return okStatus();
            });
            if (!done) job->answer = done.error();
        },
        [job] {
            job->view.reset();
            job->reply(std::move(job->answer));
        });
}

Result<std::shared_ptr<ReadJob>> startRead(const ControlCall& call, const std::string& path, const std::string& columns,
                                           bool longScan) {
    const auto record = recordOf(call.node, path);
    if (!record) return record.error();
    auto scope = scopeOf(call.node, *record.value(), call.user, columns);
    if (!scope) return scope.error();
    const bool freeze = longScan && call.node.dataset(record.value()->id)->state->memoryRows() > kFreezeRows;
    auto view = call.node.view(record.value()->id, freeze);
    if (!view) return view.error();
    auto job = std::make_shared<ReadJob>();
    job->view = std::move(view).value();
    job->scope = std::move(scope).value();
    job->reply = call.reply;
    return job;
}

void get(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    auto key = bytesFromJson(body.at("key").get<std::string>());
    if (!key) {
        call.reply(key.error());
        return;
    }
    auto job = startRead(call, body.at("path"), {}, false);
    if (!job) {
        call.reply(job.error());
        return;
    }
    runRead(call.node, job.value(), [key = std::move(key).value()](ReadJob& read) {
        auto record = read.view->get(key);
        if (!record) {
            read.answer = record.error();
            return;
        }
        Json json{{"cells", record.value() ? cellsJson(*read.scope, *record.value()) : Json::array()}};
        if (!read.scope->complete) json["complete"] = false;
        read.answer = json.dump();
    });
}

void scan(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    auto from = bytesFromJson(body.value("from", std::string()));
    auto to = bytesFromJson(body.value("to", std::string()));
    auto job = startRead(call, body.at("path"), body.value("columns", std::string()), true);
    if (!from || !to || !job) {
        call.reply(!from ? from.error() : !to ? to.error() : job.error());
        return;
    }
    const std::size_t limit = std::min<std::size_t>(body.value("limit", std::size_t{100}), limits::kScanRowsMax);
    runRead(call.node, job.value(), [from = from.value(), to = to.value(), limit](ReadJob& read) mutable {
        Json json{{"rows", Json::array()}, {"next", nullptr}};
        if (!read.scope->complete) json["complete"] = false;
        std::size_t bytes = 0;  // of rows shown: wide rows end an answer before their number does
        while (true) {
            auto chunk = read.view->scan(from, to, limit + 1, kChunkBytes);
            if (!chunk) {
                read.answer = chunk.error();
                return;
            }
            for (const StoredRow& row : chunk.value().rows) {
                Json cells = cellsJson(*read.scope, row.record);
                from = row.key + '\0';
                if (cells.empty()) continue;
                if (json["rows"].size() == limit || bytes >= limits::kAnswerChunkBytes) {
                    json["next"] = bytesToJson(row.key);
                    read.answer = json.dump();
                    return;
                }
                bytes += row.key.size() + row.record.size();
                json["rows"].push_back(Json{{"key", bytesToJson(row.key)}, {"cells", std::move(cells)}});
            }
            if (chunk.value().atEnd || chunk.value().rows.empty()) break;
        }
        read.answer = json.dump();
    });
}

/// Writes the cells of a row that a filtered read shows: no tombstones, since they say nothing about what is left out.
void appendVisible(MutationBuilder& out, const ReadScope& scope, const RangeRequest& request,
                   const std::vector<std::uint32_t>& familyIds, const StoredRow& row) {
    VisibleCells visible(row.record, scope.context);
    RowItem cell;
    bool open = false;
    std::uint32_t versions = 0;
    std::pair<std::uint32_t, Bytes> column{UINT32_MAX, {}};
    while (visible.next(cell)) {
        if (!scope.shows(cell)) continue;
        if (request.startMs != 0 && cell.timestampMs < request.startMs) continue;
        if (request.endMs != 0 && cell.timestampMs >= request.endMs) continue;
        const bool same = column.first == cell.family && column.second == cell.qualifier;
        versions = same ? versions + 1 : 1;
        column = {cell.family, Bytes(cell.qualifier)};
        if (request.maxVersions != 0 && versions > request.maxVersions) continue;
        const auto index = std::find(familyIds.begin(), familyIds.end(), cell.family) - familyIds.begin();
        if (!open) out.beginPut(row.key);
        open = true;
        out.addCell(CellInput{static_cast<std::uint32_t>(index), cell.qualifier, cell.value,
                              CellTime{cell.timestampMs, cell.stamp}});
    }
    if (open) out.endPut();
}

void readRangeWork(ReadJob& read, const RangeRequest& request) {
    auto chunk = read.view->scan(request.from, request.to, request.rowsMax, request.bytesMax);
    if (!chunk) {
        read.answer = chunk.error();
        return;
    }
    const ScanChunk& rows = chunk.value();
    std::vector<std::uint32_t> familyIds;
    std::vector<std::string> names;
    for (const auto& name : read.scope->names) {
        familyIds.push_back(name.id);
        names.push_back(name.name);
    }
    Bytes mutations;
    mutations.reserve(request.bytesMax);
    MutationBuilder builder(mutations);
    const bool raw = read.scope->everything && request.maxVersions == 0 && request.startMs == 0 && request.endMs == 0;
    for (const StoredRow& row : rows.rows) {
        if (!raw) {
            appendVisible(builder, *read.scope, request, familyIds, row);
            continue;
        }
        if (Status added = appendRecordAsMutations(builder, row.key, row.record, familyIds); !added) {
            read.answer = added.error();
            return;
        }
    }
    read.answer = encodeRangeAnswer(rows, encodeBody(names, mutations));
}

/// What is copied or compared is read whole: a part that is left out in silence looks like the whole at the other end.
Status checkComplete(const ControlCall& call, const std::string& path, const ReadScope& scope) {
    if (scope.complete) return okStatus();
    const auto record = recordOf(call.node, path);
    if (!record) return record.error();
    return tablesOf(call.node).access().requireRead(*record.value(), scope.list, call.user);
}

void readRange(const ControlCall& call) {
    const auto asked = parseRangeRequest(call.body);
    if (!asked) {
        call.reply(asked.error());
        return;
    }
    const RangeRequest& request = asked.value();
    auto job = startRead(call, request.path, request.columns, true);
    if (!job) {
        call.reply(job.error());
        return;
    }
    if (Status whole = checkComplete(call, request.path, *job.value()->scope); !whole) {
        call.reply(whole.error());
        return;
    }
    runRead(call.node, job.value(), [request](ReadJob& read) { readRangeWork(read, request); });
}

/// While a copy session is open, deletes of the table are kept.
void copySession(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    const auto record = recordOf(call.node, body.at("path"));
    if (!record) {
        Error error = record.error();
        if (call.caller && error.code == ErrorCode::NotFound) error.where = kErrReplicaDeleted;
        call.reply(error);
        return;
    }
    call.node.copySession(record.value()->id, call.session, body.at("begin"));
    call.reply(Bytes("{}"));
}

void put(const ControlCall& call) {
    ByteReader reader(call.body);
    PutRequest request;
    request.user = call.user;
    request.path = std::string(reader.blob());
    request.copy = (reader.fixed<std::uint8_t>() & 1U) != 0;
    if (!reader.ok()) {
        call.reply(Error{ErrorCode::InvalidInput, "malformed put", {}, {}});
        return;
    }
    request.body = Bytes(reader.position(), reader.remaining());
    const DatasetRecord* record = call.node.catalog().byPath(request.path);
    const bool isTable = record != nullptr && anyTableKind(record->kind()) != nullptr;
    request.asked = isTable ? &call.node.control(*record) : &tablesOf(call.node);
    if (call.caller) request.source = call.caller->hello.fromUuid;
    call.node.put(std::move(request), call.reply);
}

/// A fingerprint at work: one chunk per turn of the Read worker, so that others get theirs.
struct FingerprintJob {
    std::shared_ptr<ReadJob> read;
    Bytes from;
    Bytes to;
    std::vector<Bytes> boundaries;
    std::size_t nextBoundary = 0;
    std::uint64_t rowsPerRange = 0;
    Json ranges = Json::array();
    std::uint64_t rows = 0;
    std::uint64_t hash = 0;
    std::uint64_t deletes = 0;
    bool finished = false;
    std::optional<Error> error;

    void close(const Bytes& end) {
        Json range{{"to", bytesToJson(end)}, {"rows", rows}, {"hash", fmt::format("{:016x}", hash)}};
        // With columns left out some deletes would be compared that nobody asked about.
        if (read->scope->everything) range["deletes"] = fmt::format("{:016x}", deletes);
        ranges.push_back(std::move(range));
        rows = hash = deletes = 0;
    }
    void take(const StoredRow& row);
    void work();
};

void FingerprintJob::take(const StoredRow& row) {
    while (nextBoundary < boundaries.size() && row.key >= boundaries[nextBoundary]) close(boundaries[nextBoundary++]);
    if (boundaries.empty() && rowsPerRange > 0 && rows >= rowsPerRange) close(row.key);
    const ReadScope& scope = *read->scope;
    std::function<bool(const RowItem&)> shows;
    if (!scope.everything) shows = [&scope](const RowItem& cell) { return scope.shows(cell); };
    const auto deleted = deletesFingerprint(row.key, row.record, scope.context, scope.names);
    if (!deleted) {
        error = deleted.error();
        return;
    }
    deletes += deleted.value();
    const auto print = rowFingerprint(row.key, row.record, scope.context, scope.names, shows);
    if (!print) {
        error = print.error();
        return;
    }
    VisibleCells visible(row.record, scope.context);
    RowItem cell;
    bool seen = false;
    while (!seen && visible.next(cell)) seen = scope.shows(cell);
    if (!seen) return;  // tombstones, or columns that were not asked for: no row for this reader
    ++rows;
    hash += print.value();
}

void FingerprintJob::work() {
    auto chunk = read->view->scan(from, to, kChunkRows, kChunkBytes);
    if (!chunk) {
        error = chunk.error();
        return;
    }
    for (const StoredRow& row : chunk.value().rows) {
        take(row);
        if (error) return;
        from = row.key + '\0';
    }
    if (!chunk.value().atEnd && !chunk.value().rows.empty()) return;
    while (nextBoundary < boundaries.size()) close(boundaries[nextBoundary++]);
    close(to);
    finished = true;
}

void stepFingerprint(Node& node, const std::shared_ptr<FingerprintJob>& job) {
    Node* raw = &node;
    node.seams().workers.run(
        WorkKind::Read, node.seams().executor,
        [job] {
            const Status done = orError([&]() -> Status {
                job->work();
                return okStatus();
            });
            if (!done) job->error = done.error();
        },
        [raw, job, alive = node.alive()] {
            if (!*alive) return;
            if (job->error) {
                job->read->view.reset();
                job->read->reply(*job->error);
            } else if (job->finished) {
                job->read->view.reset();
                job->read->reply(Json{{"ranges", job->ranges}}.dump());
            } else {
                stepFingerprint(*raw, job);
            }
        });
}

void fingerprint(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    auto job = std::make_shared<FingerprintJob>();
    auto from = bytesFromJson(body.value("from", std::string()));
    auto to = bytesFromJson(body.value("to", std::string()));
    auto read = startRead(call, body.at("path"), body.value("columns", std::string()), true);
    if (!from || !to || !read) {
        call.reply(!from ? from.error() : !to ? to.error() : read.error());
        return;
    }
    if (!read.value()->scope->complete) {
        call.reply(Error{ErrorCode::PermissionDenied,
                         fmt::format("user {} may not read all of {}: it cannot be compared", call.user,
                                     body.at("path").get<std::string>()),
                         {},
                         "ask for readperm on every family"});
        return;
    }
    job->read = read.value();
    job->from = from.value();
    job->to = to.value();
    job->rowsPerRange = body.value("rowsperrange", std::uint64_t{4096});
    if (body.contains("boundaries")) {
        job->rowsPerRange = 0;
        for (const Json& key : body.at("boundaries")) {
            auto boundary = bytesFromJson(key.get<std::string>());
            if (!boundary) {
                call.reply(boundary.error());
                return;
            }
            job->boundaries.push_back(std::move(boundary).value());
        }
    }
    stepFingerprint(call.node, job);
}

}  // namespace

void addDataRequests(ControlRequests& requests) {
    requests.add(TableMethod::Put, put, ControlRequests::Body::Binary);
    using Body = ControlRequests::Body;
    requests.add(TableMethod::Get, byTableKind(get, &TableReads::get, Body::Text));
    requests.add(TableMethod::Scan, byTableKind(scan, &TableReads::scan, Body::Text));
    requests.add(TableMethod::ReadRange, byTableKind(readRange, &TableReads::readRange, Body::Binary), Body::Binary);
    requests.add(TableMethod::Fingerprint, byTableKind(fingerprint, &TableReads::fingerprint, Body::Text));
    requests.add(TableMethod::CopySession, copySession);
    requests.openToSetups({TableMethod::Put, TableMethod::CopySession});
}

}  // namespace tributary::engine::maprdb
