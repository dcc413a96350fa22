// Looking kinds up.
#include "engine/dataset/kinds.h"

#include <fmt/format.h>

#include <cassert>

namespace tributary::engine {

Kinds::Kinds(std::vector<const DatasetKind*> kinds) : kinds_(std::move(kinds)) {
    assert(!kinds_.empty());
    for (const DatasetKind* kind : kinds_) {
        assert(named(kind->name()).value() == kind && numbered(kind->number()).value() == kind);
        (void)kind;  // without asserts
    }
}

Result<const DatasetKind*> Kinds::named(std::string_view name) const {
    for (const DatasetKind* kind : kinds_) {
        if (kind->name() == name) return kind;
    }
    return Error{ErrorCode::Unsupported,
                 fmt::format("this version knows no kind of data that is called '{}'", name),
                 {},
                 "upgrade this node"};
}

Result<const DatasetKind*> Kinds::numbered(std::uint8_t number) const {
    for (const DatasetKind* kind : kinds_) {
        if (kind->number() == number) return kind;
    }
    return Error{
        ErrorCode::Unsupported, "payload of a kind of data that this version does not know", {}, "upgrade this node"};
}

}  // namespace tributary::engine
