// Bodies of JSON tables: reading is checking.
#include "engine/systems/maprdb/jsontables/documentbody.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "core/base/limits.h"
#include "engine/systems/maprdb/json/jsonlimits.h"
#include "engine/systems/maprdb/json/valuebytes.h"

namespace tributary::engine::maprdb {
namespace {

constexpr char kBinaryId = '\xff';  // begins no UTF-8 text

Error damagedDocuments() {
    return Error{ErrorCode::Corrupt, "a body of documents is damaged", {}, {}};
}

Error malformedRequest() {
    return Error{ErrorCode::InvalidInput, "malformed request for documents", {}, {}};
}

bool isKey(BytesView key) {
    if (key.empty() || key.size() > limits::kKeyBytesMax) return false;
    return key[0] == kBinaryId ? key.size() > 1 : isUtf8(key);
}

Result<DocumentRequest> parseRequest(ByteReader& reader) {
    DocumentRequest out;
    out.key = Bytes(reader.blob());
    const auto op = reader.fixed<std::uint8_t>();
    const BytesView content = reader.blob();
    const BytesView condition = reader.blob();
    if (!reader.ok() || !isKey(out.key)) return malformedRequest();
    out.op = static_cast<DocumentOp>(op);
    if (out.op == DocumentOp::Replace) {
        auto value = json::decodeValue(content);
        if (!value || !value->isMap() || value->find("_id") != nullptr) return malformedRequest();
        out.value = std::move(value).value();
    } else if (out.op == DocumentOp::Update) {
        auto mutation = json::Mutation::parse(content);
        if (!mutation) return mutation.error();
        out.mutation = std::move(mutation).value();
    } else if (out.op != DocumentOp::Delete || !content.empty()) {
        return malformedRequest();
    }
    if (condition.empty()) return out;
    auto parsed = json::Condition::parse(condition);
    if (!parsed) return parsed.error();
    out.condition = std::move(parsed).value();
    return out;
}

void raise(Stamp& newest, const json::StampedNode& node) {
    if (node.map) newest = std::max(newest, node.map->arrival);
    if (node.closer) newest = std::max(newest, node.closer->at.arrival);
    for (const auto& [name, child] : node.children) raise(newest, child);
}

}  // namespace

bool DocumentReader::next(DocumentItem& item) {
    if (!reader_.ok() || reader_.atEnd()) return false;
    item.key = reader_.blob();
    item.document = reader_.blob();
    return reader_.ok();
}

Bytes newBody(BodyKind kind) {
    return Bytes(1, static_cast<char>(kind));
}

void appendDocument(Bytes& body, BytesView key, BytesView document) {
    appendBlob(body, key);
    appendBlob(body, document);
}

void appendRequest(Bytes& body, BytesView key, DocumentOp op, BytesView content, BytesView condition) {
    appendBlob(body, key);
    appendFixed<std::uint8_t>(body, static_cast<std::uint8_t>(op));
    appendBlob(body, content);
    appendBlob(body, condition);
}

std::optional<BodyKind> bodyKind(BytesView body) {
    if (body.empty()) return std::nullopt;
    const auto kind = static_cast<BodyKind>(body[0]);
    if (kind != BodyKind::Documents && kind != BodyKind::Requests) return std::nullopt;
    return kind;
}

Result<BytesView> itemsOf(BytesView body) {
    if (bodyKind(body) != BodyKind::Documents) return damagedDocuments();
    return body.substr(1);
}

Result<BodyCount> countDocuments(BytesView body) {
    const auto items = itemsOf(body);
    if (!items) return items.error();
    DocumentReader reader(items.value());
    DocumentItem item;
    BodyCount count;
    while (reader.next(item)) {
        if (!isKey(item.key) || item.document.empty()) return damagedDocuments();
        if (const auto document = json::StampedDocument::decode(item.document); !document) return document.error();
        ++count.operations;
    }
    if (!reader.ok()) return damagedDocuments();
    return count;
}

Stamp newestArrival(BytesView body) {
    Stamp newest = 0;
    DocumentReader reader(body.substr(1));
    DocumentItem item;
    while (reader.next(item)) {
        const auto document = json::StampedDocument::decode(item.document);
        if (document) raise(newest, document->root());
    }
    return newest;
}

Result<std::vector<DocumentRequest>> parseRequests(BytesView body) {
    if (bodyKind(body) != BodyKind::Requests) return malformedRequest();
    ByteReader reader(body.substr(1));
    std::vector<DocumentRequest> out;
    while (!reader.atEnd()) {
        auto request = parseRequest(reader);
        if (!request) return request.error();
        out.push_back(std::move(request).value());
    }
    if (out.empty()) return malformedRequest();
    return out;
}

Result<Bytes> keyOfId(const json::Value& id) {
    const bool isText = id.type() == json::ValueType::String;
    if (!isText && id.type() != json::ValueType::Binary) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("the _id of a document is a string or a binary, not a {}", json::typeName(id.type())),
                     {},
                     R"(write it as {"_id": "..."})"};
    }
    if (id.asText().empty()) return Error{ErrorCode::InvalidInput, "the _id of a document cannot be empty", {}, {}};
    Bytes key = isText ? id.asText() : Bytes(1, kBinaryId) + id.asText();
    if (Status fits = limits::check("key", key.size(), "an _id"); !fits) return fits.error();
    return key;
}

Result<json::Value> idOfKey(BytesView key) {
    if (!isKey(key)) return Error{ErrorCode::Corrupt, "the key of a document is damaged", {}, {}};
    return key[0] == kBinaryId ? json::Value::binary(Bytes(key.substr(1))) : json::Value::string(Bytes(key));
}

}  // namespace tributary::engine::maprdb
