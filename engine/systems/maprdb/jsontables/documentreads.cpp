// Reading documents for people: as JSON texts, and field by field for those who know tables only.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/limits.h"
#include "engine/systems/maprdb/json/condition.h"
#include "engine/systems/maprdb/json/jsontext.h"
#include "engine/systems/maprdb/json/projection.h"
#include "engine/systems/maprdb/json/stampeddocument.h"
#include "engine/systems/maprdb/jsontables/documentbody.h"
#include "engine/systems/maprdb/jsontables/documentscope.h"
#include "engine/systems/maprdb/jsontables/jsoncontrol.h"

namespace tributary::engine::maprdb {
namespace {

constexpr std::size_t kDocumentChunkBytes = 4U << 20U;
constexpr std::size_t kLookedAtMax = 16U << 20U;  ///< bytes of documents that one find looks at

/// Fields as cells: every value that is no map, and maps that are empty.
class Cells {
public:
    explicit Cells(const DocumentScope& scope) : scope_(scope) {}

    Result<Json> of(BytesView key, BytesView record) {
        const auto document = json::StampedDocument::decode(record);
        if (!document) return document.error();
        const json::StampedDocument shown = scope_.everything ? document.value() : document->filtered(scope_.fields);
        const auto value = shown.visible();
        if (!value) return out_;
        const auto id = idOfKey(key);
        if (!id) return id.error();
        const Millis writtenMs = shown.root().map ? shown.root().map->timestampMs : 0;
        add({"_id"}, json::printJson(id.value()), writtenMs);
        for (const json::Field& field : value->fields()) walk({field.name}, field.value, shown.root());
        return std::move(out_);
    }

private:
    void add(const json::NamePath& path, const std::string& text, Millis timestampMs) {
        out_.push_back(Json{{"family", scope_.families.of(path).name},
                            {"column", bytesToJson(json::FieldPath::ofNames(path).text())},
                            {"timestamp", timestampMs},
                            {"value", bytesToJson(text)}});
    }
    void walk(const json::NamePath& path, const json::Value& value, const json::StampedNode& above) {
        const auto at = above.children.find(path.back());
        if (at == above.children.end()) return;
        const json::StampedNode& node = at->second;
        if (!value.isMap() || value.fields().empty()) {
            const Millis writtenMs = node.map ? node.map->timestampMs : node.closer ? node.closer->at.timestampMs : 0;
            add(path, json::printJson(value), writtenMs);
            return;
        }
        for (const json::Field& field : value.fields()) {
            json::NamePath below = path;
            below.push_back(field.name);
            walk(below, field.value, node);
        }
    }

    const DocumentScope& scope_;
    Json out_ = Json::array();
};

/// Calls `take` with rows in order until it answers false; `from` is then the key to go on at.
Status eachRow(StateView& view, Bytes& from, const Bytes& to,
               const std::function<Result<bool>(const StoredRow&)>& take) {
    while (true) {
        auto chunk = view.scan(from, to, limits::kScanRowsMax, kDocumentChunkBytes);
        if (!chunk) return chunk.error();
        for (const StoredRow& row : chunk.value().rows) {
            from = row.key;
            const auto more = take(row);
            if (!more) return more.error();
            if (!more.value()) return okStatus();
            from = row.key + '\0';
        }
        if (chunk.value().atEnd || chunk.value().rows.empty()) break;
    }
    from.clear();
    return okStatus();
}

struct FindRequest {
    Bytes from;
    Bytes to;
    std::size_t limit = 0;
    json::Condition condition;
    std::vector<json::FieldPath> fields;
    json::PrintOptions print;
};

Result<FindRequest> parseFind(const Json& body) {
    FindRequest out;
    auto from = bytesFromJson(body.value("from", std::string()));
    if (!from) return from.error();
    auto to = bytesFromJson(body.value("to", std::string()));
    if (!to) return to.error();
    out.from = std::move(from).value();
    out.to = std::move(to).value();
    out.limit = std::min<std::size_t>(body.value("limit", std::size_t{100}), limits::kScanRowsMax);
    out.print.tags = body.value("tags", true);
    if (const std::string text = body.value("condition", std::string()); !text.empty()) {
        auto condition = json::Condition::parse(text);
        if (!condition) return condition.error();
        out.condition = std::move(condition).value();
    }
    for (const Json& field : body.value("fields", Json::array())) {
        auto path = json::FieldPath::parse(field.get<std::string>());
        if (!path) return path.error();
        out.fields.push_back(std::move(path).value());
    }
    return out;
}

void findWork(DocumentJob& read, const FindRequest& request) {
    Json json{{"documents", Json::array()}, {"next", nullptr}};
    if (!read.scope.complete) json["complete"] = false;
    std::size_t bytes = 0;
    std::size_t looked = 0;
    Bytes from = request.from;
    const Status done = eachRow(*read.view, from, request.to, [&](const StoredRow& row) -> Result<bool> {
        // Others wait for the worker: a find that meets few documents goes on in the next request.
        if (looked >= kLookedAtMax) return false;
        looked += row.record.size();
        auto document = shownDocument(read.scope, row.record);
        if (!document) return document.error();
        if (!document.value()) return true;
        auto id = idOfKey(row.key);
        if (!id) return id.error();
        document.value()->set("_id", std::move(id).value());
        if (!request.condition.holds(*document.value())) return true;
        if (json["documents"].size() == request.limit || bytes >= limits::kAnswerChunkBytes) return false;
        json["documents"].push_back(json::printJson(json::project(*document.value(), request.fields), request.print));
        bytes += json["documents"].back().get_ref<const std::string&>().size();
        return true;
    });
    if (!from.empty()) json["next"] = bytesToJson(from);
    read.answer = done ? Result<Bytes>(json.dump()) : Result<Bytes>(done.error());
}

}  // namespace

void getDocument(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    auto key = bytesFromJson(body.at("key").get<std::string>());
    auto job = startDocuments(call, body.at("path"), {}, false);
    if (!key || !job) {
        call.reply(!key ? key.error() : job.error());
        return;
    }
    runDocuments(call.node, job.value(), [key = std::move(key).value()](DocumentJob& read) {
        const auto record = read.view->get(key);
        if (!record) {
            read.answer = record.error();
            return;
        }
        auto cells = record.value() ? Cells(read.scope).of(key, *record.value()) : Result<Json>(Json::array());
        if (!cells) {
            read.answer = cells.error();
            return;
        }
        Json json{{"cells", std::move(cells).value()}};
        if (!read.scope.complete) json["complete"] = false;
        read.answer = json.dump();
    });
}

void scanDocuments(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    auto from = bytesFromJson(body.value("from", std::string()));
    auto to = bytesFromJson(body.value("to", std::string()));
    auto job = startDocuments(call, body.at("path"), body.value("columns", std::string()), true);
    if (!from || !to || !job) {
        call.reply(!from ? from.error() : !to ? to.error() : job.error());
        return;
    }
    const std::size_t limit = std::min<std::size_t>(body.value("limit", std::size_t{100}), limits::kScanRowsMax);
    runDocuments(call.node, job.value(), [from = from.value(), to = to.value(), limit](DocumentJob& read) mutable {
        Json json{{"rows", Json::array()}, {"next", nullptr}};
        if (!read.scope.complete) json["complete"] = false;
        std::size_t bytes = 0;
        const Status done = eachRow(*read.view, from, to, [&](const StoredRow& row) -> Result<bool> {
            auto cells = Cells(read.scope).of(row.key, row.record);
            if (!cells) return cells.error();
            if (cells.value().empty()) return true;
            if (json["rows"].size() == limit || bytes >= limits::kAnswerChunkBytes) return false;
            bytes += row.key.size() + row.record.size();
            json["rows"].push_back(Json{{"key", bytesToJson(row.key)}, {"cells", std::move(cells).value()}});
            return true;
        });
        if (!from.empty()) json["next"] = bytesToJson(from);
        read.answer = done ? Result<Bytes>(json.dump()) : Result<Bytes>(done.error());
    });
}

void findDocuments(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    auto request = parseFind(body);
    auto job = startDocuments(call, body.at("path"), {}, true);
    if (!request || !job) {
        call.reply(!request ? request.error() : job.error());
        return;
    }
    for (const json::FieldPath& path : request->condition.paths()) {
        if (path.text() == "_id" || job.value()->scope.fields.covers(path.leadingNames())) continue;
        call.reply(Error{ErrorCode::PermissionDenied,
                         fmt::format("user {} may not read {}, which the condition asks for", call.user, path.text()),
                         {},
                         "ask for readperm on its family, or leave it out of the condition"});
        return;
    }
    runDocuments(call.node, job.value(),
                 [request = std::move(request).value()](DocumentJob& read) { findWork(read, request); });
}

}  // namespace tributary::engine::maprdb
