// Projection of documents.
#include "engine/systems/maprdb/json/projection.h"

#include <algorithm>
#include <optional>

namespace tributary::engine::maprdb::json {
namespace {

/// A path and how much of it leads to the value at hand.
struct Rest {
    const FieldPath* path;
    std::size_t at;
};

std::optional<Value> part(const Value& value, const std::vector<Rest>& wanted);

/// What the paths say of the value's field or element; none of them = not wanted.
std::vector<Rest> further(const std::vector<Rest>& wanted, const PathSegment& step) {
    std::vector<Rest> out;
    for (const Rest& rest : wanted) {
        const PathSegment& segment = rest.path->segments()[rest.at];
        const bool every = segment.kind == PathSegment::Kind::Every && step.kind == PathSegment::Kind::Index;
        if (every || segment == step) out.push_back({rest.path, rest.at + 1});
    }
    return out;
}

std::optional<Value> partOfMap(const Value& map, const std::vector<Rest>& wanted) {
    Value out = Value::map();
    for (const Field& field : map.fields()) {
        const auto below = further(wanted, {PathSegment::Kind::Name, field.name, 0});
        if (below.empty()) continue;
        if (auto kept = part(field.value, below)) out.set(field.name, std::move(*kept));
    }
    return out.fields().empty() ? std::nullopt : std::optional(std::move(out));
}

std::optional<Value> partOfArray(const Value& array, const std::vector<Rest>& wanted) {
    std::vector<Value> elements;
    for (std::size_t i = 0; i < array.elements().size(); ++i) {
        const auto below = further(wanted, {PathSegment::Kind::Index, {}, static_cast<std::uint32_t>(i)});
        if (below.empty()) continue;
        if (auto kept = part(array.elements()[i], below)) elements.push_back(std::move(*kept));
    }
    return elements.empty() ? std::nullopt : std::optional(Value::array(std::move(elements)));
}

std::optional<Value> part(const Value& value, const std::vector<Rest>& wanted) {
    const bool isWhole = std::any_of(wanted.begin(), wanted.end(),
                                     [](const Rest& rest) { return rest.at == rest.path->segments().size(); });
    if (isWhole) return value;
    if (value.isArray()) return partOfArray(value, wanted);
    // A container path takes a value that is no array for its only element.
    std::vector<Rest> own;
    for (Rest rest : wanted) {
        while (rest.at < rest.path->segments().size() &&
               rest.path->segments()[rest.at].kind == PathSegment::Kind::Every) {
            ++rest.at;
        }
        if (rest.at == rest.path->segments().size()) return value;
        own.push_back(rest);
    }
    return value.isMap() ? partOfMap(value, own) : std::nullopt;
}

}  // namespace

Value project(const Value& document, const std::vector<FieldPath>& paths) {
    if (paths.empty()) return document;
    std::vector<Rest> wanted;
    wanted.reserve(paths.size());
    for (const FieldPath& path : paths) wanted.push_back({&path, 0});
    auto kept = part(document, wanted);
    return kept ? std::move(*kept) : Value::map();
}

}  // namespace tributary::engine::maprdb::json
