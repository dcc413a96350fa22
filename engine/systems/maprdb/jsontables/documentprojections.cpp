// Filters by fields: what a document keeps of itself over a link.
#include "engine/systems/maprdb/jsontables/documentprojections.h"

#include "engine/systems/maprdb/jsontables/documentbody.h"

namespace tributary::engine::maprdb {
namespace {

class FieldProjector final : public Projector {
public:
    explicit FieldProjector(json::FieldSet fields) : fields_(std::move(fields)) {}

    Result<std::optional<ProjectedBody>> apply(BytesView body) const override {
        const auto items = itemsOf(body);
        if (!items) return items.error();
        DocumentReader reader(items.value());
        DocumentItem item;
        ProjectedBody out{newBody(BodyKind::Documents), 0};
        while (reader.next(item)) {
            const auto document = json::StampedDocument::decode(item.document);
            if (!document) return document.error();
            const Bytes left = document->filtered(fields_).encode();
            if (left.empty()) continue;
            appendDocument(out.body, item.key, left);
            ++out.operations;
        }
        if (!reader.ok()) return Error{ErrorCode::Corrupt, "payload is damaged", {}, {}};
        if (out.operations == 0) return std::optional<ProjectedBody>();
        return std::optional(std::move(out));
    }

private:
    json::FieldSet fields_;
};

class FieldProjections final : public Projections {
public:
    Status check(std::string_view projection) const override {
        const auto fields = fieldsOf(projection);
        if (fields) return okStatus();
        return Error{ErrorCode::Corrupt, fields.error().what, "ErrPayload", {}};
    }

    bool covers(std::string_view wide, std::string_view narrow) const override {
        if (wide.empty() || wide == narrow) return true;
        const auto first = fieldsOf(wide);
        const auto second = fieldsOf(narrow);
        return first.ok() && second.ok() && first->intersect(second.value()) == second.value();
    }

    Result<std::optional<std::string>> intersection(std::string_view one, std::string_view other) const override {
        const auto first = fieldsOf(one);
        const auto second = fieldsOf(other);
        if (!first || !second) return first ? second.error() : first.error();
        const json::FieldSet both = first->intersect(second.value());
        if (both == json::FieldSet()) return std::optional<std::string>();
        return std::optional(fieldsText(both));
    }

    Result<std::unique_ptr<Projector>> make(std::string_view projection) const override {
        auto fields = fieldsOf(projection);
        if (!fields) return fields.error();
        return std::unique_ptr<Projector>(std::make_unique<FieldProjector>(std::move(fields).value()));
    }
};

}  // namespace

const Projections& fieldProjections() {
    static const FieldProjections kProjections;
    return kProjections;
}

Result<json::FieldSet> fieldsOf(std::string_view projection) {
    if (projection.empty()) return json::FieldSet::everything();
    auto fields = json::FieldSet::parse(projection);
    if (fields && fields->text() == projection && fields.value() != json::FieldSet::everything()) return fields;
    return Error{ErrorCode::Corrupt, "the projection is not a set of fields", {}, {}};
}

std::string fieldsText(const json::FieldSet& fields) {
    return fields == json::FieldSet::everything() ? std::string() : fields.text();
}

}  // namespace tributary::engine::maprdb
