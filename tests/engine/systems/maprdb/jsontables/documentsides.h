// Sides of a replicated JSON table without nodes: documents by key, decided and joined as a node does it.
#pragma once

#include <map>
#include <string>

#include "engine/systems/maprdb/json/jsontext.h"
#include "engine/systems/maprdb/json/valuebytes.h"
#include "engine/systems/maprdb/jsontables/documentbody.h"
#include "engine/systems/maprdb/jsontables/documentpolicy.h"
#include "engine/systems/maprdb/jsontables/jsontablekind.h"
#include "engine/systems/maprdb/tables/tablerecord.h"

namespace tributary::test {

inline Bytes keyOfText(const std::string& id) {
    return engine::maprdb::keyOfId(engine::maprdb::json::Value::string(id)).value();
}

/// A body of requests under construction.
class Requests {
public:
    Requests& replace(const std::string& id, const std::string& json, const std::string& condition = {}) {
        const auto value = engine::maprdb::json::parseDocument(json).value();
        engine::maprdb::appendRequest(body_, keyOfText(id), engine::maprdb::DocumentOp::Replace,
                                      engine::maprdb::json::encodeValue(value), condition);
        return *this;
    }
    Requests& update(const std::string& id, const std::string& mutation, const std::string& condition = {}) {
        engine::maprdb::appendRequest(body_, keyOfText(id), engine::maprdb::DocumentOp::Update, mutation, condition);
        return *this;
    }
    Requests& remove(const std::string& id, const std::string& condition = {}) {
        engine::maprdb::appendRequest(body_, keyOfText(id), engine::maprdb::DocumentOp::Delete, {}, condition);
        return *this;
    }
    [[nodiscard]] const Bytes& body() const { return body_; }

private:
    Bytes body_ = engine::maprdb::newBody(engine::maprdb::BodyKind::Requests);
};

/// One side: what is stored, seen as a decision sees it.
class DocumentSide final : public engine::PendingView {
public:
    Result<std::optional<Bytes>> get(BytesView key) override {
        ++looks;
        const auto at = rows.find(key);
        return at == rows.end() ? std::optional<Bytes>() : std::optional(at->second);
    }
    [[nodiscard]] Status scan(BytesView from, BytesView to, const Visit& visit) override {
        for (auto at = rows.lower_bound(from); at != rows.end() && (to.empty() || BytesView(at->first) < to); ++at) {
            if (!visit(at->first, at->second)) break;
        }
        return okStatus();
    }
    [[nodiscard]] std::size_t bytesLeft() const override { return SIZE_MAX; }

    /// Decides a client's requests and takes what is decided.
    Result<engine::Decision> decide(const Bytes& body, Stamp stamp) {
        const auto schema = engine::maprdb::makeSchema(engine::maprdb::jsonTableKind(), {});
        auto decision = engine::maprdb::documentPolicy().decide({*schema, body, stamp, true}, *this);
        if (decision && decision->body) take(*decision->body);
        return decision;
    }
    /// Takes a body of documents, by this side's client or from the other.
    void take(const Bytes& body) {
        engine::maprdb::DocumentReader reader(BytesView(body).substr(1));
        engine::maprdb::DocumentItem item;
        while (reader.next(item)) {
            auto& row = rows[Bytes(item.key)];
            auto document = engine::maprdb::json::StampedDocument::decode(row).value();
            document.join(engine::maprdb::json::StampedDocument::decode(item.document).value());
            row = document.encode();
        }
    }
    /// The document as text; empty when there is none.
    [[nodiscard]] std::string shown(const std::string& id) const {
        const auto at = rows.find(keyOfText(id));
        if (at == rows.end()) return {};
        const auto value = engine::maprdb::json::StampedDocument::decode(at->second).value().visible();
        return value ? engine::maprdb::json::printJson(*value) : std::string();
    }

    std::map<Bytes, Bytes, std::less<>> rows;
    int looks = 0;
};

}  // namespace tributary::test
