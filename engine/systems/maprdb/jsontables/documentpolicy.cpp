// Deciding about documents.
#include "engine/systems/maprdb/jsontables/documentpolicy.h"

#include <fmt/format.h>

#include <map>

#include "core/base/escape.h"
#include "core/base/limits.h"
#include "engine/systems/maprdb/json/jsonlimits.h"
#include "engine/systems/maprdb/json/jsontext.h"
#include "engine/systems/maprdb/jsontables/documentbody.h"

namespace tributary::engine::maprdb {
namespace {

Decision stopped(Error reason) {
    Decision out;
    out.verdict = Verdict::Stop;
    out.reason = std::move(reason);
    return out;
}

std::string shownId(BytesView key) {
    const auto id = idOfKey(key);
    return id ? bounded(json::printJson(id.value()), limits::kNameShownMax) : std::string("?");
}

/// Decides the requests of one body, in their order: a later one sees the results of those before it.
class Deciding {
public:
    Deciding(Stamp stamp, PendingView& view) : stamp_(stamp), view_(view) {}

    Result<Decision> run(const std::vector<DocumentRequest>& requests) {
        Decision out;
        out.body = newBody(BodyKind::Documents);
        std::optional<Error> refused;
        std::size_t done = 0;
        for (const DocumentRequest& request : requests) {
            auto document = known(request.key);
            if (!document) return document.error();
            json::StampedDocument& now = *document.value();
            if (!holds(request, now)) {
                out.reply.push_back(static_cast<char>(DocumentOutcome::ConditionFalse));
                if (!refused) refused = conditionFalse(request.key);
                continue;
            }
            auto change = changeOf(request, now);
            if (!change) return stopped(named(change.error(), request.key));
            now.join(change.value());
            if (Status fits = checkSize(request, now); !fits) return stopped(fits.error());
            appendDocument(*out.body, request.key, change->encode());
            out.reply.push_back(static_cast<char>(DocumentOutcome::Done));
            ++done;
        }
        return done == 0 ? stopped(*refused) : out;
    }

private:
    Result<json::StampedDocument*> known(BytesView key) {
        const auto at = documents_.find(key);
        if (at != documents_.end()) return &at->second;
        const auto record = view_.get(key);
        if (!record) return record.error();
        json::StampedDocument document;
        if (record.value()) {
            auto read = json::StampedDocument::decode(*record.value());
            if (!read) return read.error();
            document = std::move(read).value();
        }
        return &documents_.emplace(Bytes(key), std::move(document)).first->second;
    }

    /// A condition on a missing document is one on an empty one, but for its _id.
    static bool holds(const DocumentRequest& request, const json::StampedDocument& now) {
        if (!request.condition) return true;
        json::Value document = now.visible().value_or(json::Value::map());
        const auto id = idOfKey(request.key);
        if (id) document.set("_id", id.value());
        return request.condition->holds(document);
    }

    Result<json::StampedDocument> changeOf(const DocumentRequest& request, const json::StampedDocument& now) const {
        const json::WriteStamp at = now.laterThanAll(stampMs(stamp_), stamp_);
        if (request.op == DocumentOp::Update) return request.mutation->apply(now.visible(), at);
        json::DocumentWrite write(at);
        if (request.op == DocumentOp::Replace) write.put({}, request.value);
        if (request.op == DocumentOp::Delete) write.remove({});
        return std::move(write).finish();
    }

    /// What is stored must be copied and shipped whole some day.
    static Status checkSize(const DocumentRequest& request, const json::StampedDocument& now) {
        if (request.op == DocumentOp::Delete) return okStatus();
        return json::checkLimit(
            "document", now.encode().size(), json::kDocumentBytesMax, "bytes",
            fmt::format("the document {} with what is remembered of its fields", shownLine(shownId(request.key))));
    }

    static Error named(Error error, BytesView key) {
        error.what = fmt::format("document {}: {}", shownLine(shownId(key)), error.what);
        return error;
    }

    static Error conditionFalse(BytesView key) {
        return Error{ErrorCode::Conflict,
                     fmt::format("the condition does not hold for the document {}", shownLine(shownId(key))),
                     {},
                     {}};
    }

    Stamp stamp_;
    PendingView& view_;
    std::map<Bytes, json::StampedDocument, std::less<>> documents_;
};

class DocumentPolicy final : public Policy {
public:
    Result<Decision> decide(const Proposal& proposal, PendingView& view) const override {
        if (bodyKind(proposal.body) == BodyKind::Documents) return Decision{};
        const auto requests = parseRequests(proposal.body);
        if (!requests) return requests.error();
        return Deciding(proposal.stamp, view).run(requests.value());
    }
};

}  // namespace

const Policy& documentPolicy() {
    static const DocumentPolicy kPolicy;
    return kPolicy;
}

}  // namespace tributary::engine::maprdb
