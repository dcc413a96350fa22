// Requests for documents.
#include "app/adapters/documents.h"

#include <algorithm>

#include "core/systems/naming.h"
#include "engine/systems/maprdb/json/valuebytes.h"
#include "engine/systems/maprdb/jsontables/jsonapi.h"

namespace tributary::app {
namespace {

using engine::Json;
using engine::maprdb::BodyKind;
using engine::maprdb::ClusterCalls;
using engine::maprdb::DocumentOp;
using engine::maprdb::json::Value;

constexpr std::size_t kPageDocuments = 1'000;

Result<std::string> keyText(const std::optional<Value>& id) {
    if (!id) return std::string();
    const auto key = engine::maprdb::keyOfId(*id);
    if (!key) return key.error();
    return engine::bytesToJson(key.value());
}

}  // namespace

DocumentData::DocumentData(engine::ClusterDirectory& directory, engine::maprdb::NowMs nowMs)
    : directory_(directory), nowMs_(std::move(nowMs)) {}

Result<bool> DocumentData::find(const FindDocuments& request, const std::function<void(const std::string&)>& take) {
    ClusterCalls calls(directory_, nowMs_);
    const auto path = calls.fullPath(request.path, {}, "path");
    if (!path) return path.error();
    const auto from = keyText(request.from);
    if (!from) return from.error();
    const auto to = keyText(request.to);
    if (!to) return to.error();
    Json body{{"path", path.value()},           {"from", from.value()},     {"to", to.value()},
              {"condition", request.condition}, {"fields", request.fields}, {"tags", request.tags}};
    // What is shown of a document says whose it is.
    if (!request.fields.empty()) body["fields"].push_back("_id");
    std::size_t left = request.limit;
    bool complete = true;
    while (left > 0) {
        body["limit"] = std::min(left, kPageDocuments);
        const auto answer =
            calls.callAt(path.value(), engine::maprdb::JsonMethod::Find, body, engine::maprdb::kDataCallTimeoutMs);
        if (!answer) return answer.error();
        complete = complete && engine::maprdb::flagOf(answer.value(), "complete", true);
        for (const Json& document : answer->value("documents", Json::array())) {
            take(document.get<std::string>());
            --left;
        }
        const auto next = answer->find("next");
        if (next == answer->end() || !next->is_string()) break;
        body["from"] = *next;
    }
    return complete;
}

Status DocumentData::replace(const std::string& path, const Value& id, const Value& document,
                             const std::string& condition) {
    const auto key = engine::maprdb::keyOfId(id);
    if (!key) return key.error();
    Value stored = document;
    (void)stored.erase("_id");
    if (Status fits = engine::maprdb::json::checkDocument(stored); !fits) return fits;
    Bytes body = engine::maprdb::newBody(BodyKind::Requests);
    engine::maprdb::appendRequest(body, key.value(), DocumentOp::Replace, engine::maprdb::json::encodeValue(stored),
                                  condition);
    return send(path, body);
}

Status DocumentData::update(const std::string& path, const Value& id, const std::string& mutation,
                            const std::string& condition) {
    const auto key = engine::maprdb::keyOfId(id);
    if (!key) return key.error();
    Bytes body = engine::maprdb::newBody(BodyKind::Requests);
    engine::maprdb::appendRequest(body, key.value(), DocumentOp::Update, mutation, condition);
    return send(path, body);
}

Status DocumentData::remove(const std::string& path, const Value& id, const std::string& condition) {
    const auto key = engine::maprdb::keyOfId(id);
    if (!key) return key.error();
    Bytes body = engine::maprdb::newBody(BodyKind::Requests);
    engine::maprdb::appendRequest(body, key.value(), DocumentOp::Delete, {}, condition);
    return send(path, body);
}

Status DocumentData::send(const std::string& path, const Bytes& body) {
    ClusterCalls calls(directory_, nowMs_);
    const auto full = calls.fullPath(path, {}, "path");
    if (!full) return full.error();
    auto client = calls.client(clusterOf(full.value()));
    if (!client) return client.error();
    Bytes put;
    appendBlob(put, full.value());
    put += body;
    const auto done = client.value()->call(engine::maprdb::JsonMethod::Write, put, engine::maprdb::kDataCallTimeoutMs);
    return done ? okStatus() : Status(done.error());
}

Result<Value> idOfDocument(const Value& document, const std::optional<Value>& given) {
    const Value* own = document.find("_id");
    if (own == nullptr && !given) {
        return Error{
            ErrorCode::InvalidInput, "the document has no _id", {}, R"(add "_id" to it, or name it with --id)"};
    }
    if (own != nullptr && given && !(*own == *given)) {
        return Error{ErrorCode::InvalidInput, "--id and the _id of the document are not the same", "--id",
                     "leave one of them out"};
    }
    return own == nullptr ? *given : *own;
}

}  // namespace tributary::app
