// Reading documents for copies and comparisons.
#include <fmt/format.h>
#include <xxhash.h>

#include "core/base/exceptions.h"
#include "engine/systems/maprdb/json/stampeddocument.h"
#include "engine/systems/maprdb/json/valuebytes.h"
#include "engine/systems/maprdb/jsontables/documentbody.h"
#include "engine/systems/maprdb/jsontables/documentscope.h"
#include "engine/systems/maprdb/jsontables/jsoncontrol.h"
#include "engine/systems/maprdb/jsontables/jsontablekind.h"

namespace tributary::engine::maprdb {
namespace {

constexpr std::size_t kRangeRows = 4'096;
constexpr std::size_t kRangeBytes = 4U << 20U;

/// What is copied or compared is read whole: a part that is left out in silence looks like the whole at the other end.
Status checkWhole(const ControlCall& call, const std::string& path, const DocumentScope& scope,
                  const std::string& columns) {
    if (scope.complete) return okStatus();
    const auto record = recordOf(call.node, path);
    if (!record) return record.error();
    const TableSchema& table = schemaOf(*record.value());
    const auto projection = jsonTableKind().projectionOf(path, table, columns);
    if (!projection) return projection.error();
    return jsonTableKind().requireRead(tablesOf(call.node).access(), path, table, projection.value(), call.user);
}

void readWork(DocumentJob& read, const RangeRequest& request) {
    auto chunk = read.view->scan(request.from, request.to, request.rowsMax, request.bytesMax);
    if (!chunk) {
        read.answer = chunk.error();
        return;
    }
    Bytes body = newBody(BodyKind::Documents);
    for (const StoredRow& row : chunk.value().rows) {
        if (read.scope.everything) {
            appendDocument(body, row.key, row.record);
            continue;
        }
        const auto document = json::StampedDocument::decode(row.record);
        if (!document) {
            read.answer = document.error();
            return;
        }
        const Bytes left = document->filtered(read.scope.fields).encode();
        if (!left.empty()) appendDocument(body, row.key, left);
    }
    read.answer = encodeRangeAnswer(chunk.value(), body);
}

/// One chunk per turn of the Read worker, so that others get theirs.
struct PrintJob {
    std::shared_ptr<DocumentJob> read;
    Bytes from;
    Bytes to;
    std::vector<Bytes> boundaries;
    std::size_t nextBoundary = 0;
    std::uint64_t rowsPerRange = 0;
    Json ranges = Json::array();
    std::uint64_t rows = 0;
    std::uint64_t hash = 0;
    bool finished = false;
    std::optional<Error> error;

    void close(const Bytes& end) {
        ranges.push_back(Json{{"to", bytesToJson(end)}, {"rows", rows}, {"hash", fmt::format("{:016x}", hash)}});
        rows = hash = 0;
    }
    Status take(const StoredRow& row);
    void work();
};

Status PrintJob::take(const StoredRow& row) {
    while (nextBoundary < boundaries.size() && row.key >= boundaries[nextBoundary]) close(boundaries[nextBoundary++]);
    if (boundaries.empty() && rowsPerRange > 0 && rows >= rowsPerRange) close(row.key);
    const auto document = shownDocument(read->scope, row.record);
    if (!document) return document.error();
    if (!document.value()) return okStatus();  // deleted, or nothing of it was asked for
    Bytes encoded;
    appendBlob(encoded, row.key);
    encoded.append(json::encodeValue(*document.value()));
    ++rows;
    hash += XXH3_64bits(encoded.data(), encoded.size());
    return okStatus();
}

void PrintJob::work() {
    auto chunk = read->view->scan(from, to, kRangeRows, kRangeBytes);
    if (!chunk) {
        error = chunk.error();
        return;
    }
    for (const StoredRow& row : chunk.value().rows) {
        if (Status taken = take(row); !taken) {
            error = taken.error();
            return;
        }
        from = row.key + '\0';
    }
    if (!chunk.value().atEnd && !chunk.value().rows.empty()) return;
    while (nextBoundary < boundaries.size()) close(boundaries[nextBoundary++]);
    close(to);
    finished = true;
}

void step(Node& node, const std::shared_ptr<PrintJob>& job) {
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
            if (!job->error && !job->finished) {
                step(*raw, job);
                return;
            }
            job->read->view.reset();
            job->read->reply(job->error ? Result<Bytes>(*job->error)
                                        : Result<Bytes>(Json{{"ranges", job->ranges}}.dump()));
        });
}

Status readBoundaries(const Json& body, PrintJob& job) {
    job.rowsPerRange = body.value("rowsperrange", std::uint64_t{4096});
    if (!body.contains("boundaries")) return okStatus();
    job.rowsPerRange = 0;
    for (const Json& key : body.at("boundaries")) {
        auto boundary = bytesFromJson(key.get<std::string>());
        if (!boundary) return boundary.error();
        job.boundaries.push_back(std::move(boundary).value());
    }
    return okStatus();
}

}  // namespace

void readDocuments(const ControlCall& call) {
    const auto request = parseRangeRequest(call.body);
    if (!request) {
        call.reply(request.error());
        return;
    }
    if (request->maxVersions > 1 || request->startMs != 0 || request->endMs != 0) {
        call.reply(Error{ErrorCode::InvalidInput, "documents have no versions and no times to choose them by", {}, {}});
        return;
    }
    auto job = startDocuments(call, request->path, request->columns, true);
    if (!job) {
        call.reply(job.error());
        return;
    }
    if (Status whole = checkWhole(call, request->path, job.value()->scope, request->columns); !whole) {
        call.reply(whole.error());
        return;
    }
    runDocuments(call.node, job.value(), [request = request.value()](DocumentJob& read) { readWork(read, request); });
}

void fingerprintDocuments(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    const std::string path = body.at("path");
    const std::string columns = body.value("columns", std::string());
    auto job = std::make_shared<PrintJob>();
    auto from = bytesFromJson(body.value("from", std::string()));
    auto to = bytesFromJson(body.value("to", std::string()));
    auto read = startDocuments(call, path, columns, true);
    if (!from || !to || !read) {
        call.reply(!from ? from.error() : !to ? to.error() : read.error());
        return;
    }
    Status good = checkWhole(call, path, read.value()->scope, columns);
    if (good) good = readBoundaries(body, *job);
    if (!good) {
        call.reply(good.error());
        return;
    }
    job->read = read.value();
    job->from = from.value();
    job->to = to.value();
    step(call.node, job);
}

}  // namespace tributary::engine::maprdb
