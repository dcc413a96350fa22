// Joining, settling, reading and filtering stamped documents; writing them.
#include "engine/systems/maprdb/json/stampeddocument.h"

#include <algorithm>
#include <tuple>

#include "engine/systems/maprdb/json/valuebytes.h"
#include "engine/systems/maprdb/json/valueorder.h"

namespace tributary::engine::maprdb::json {
namespace {

bool outranks(const Closer& a, const Closer& b) {
    return std::forward_as_tuple(levelOf(a), a.at.arrival, a.value) >
           std::forward_as_tuple(levelOf(b), b.at.arrival, b.value);
}

void joinNodes(StampedNode& into, const StampedNode& from) {
    into.map = std::max(into.map, from.map);
    if (from.closer) into.raiseCloser(*from.closer);
    for (const auto& [name, child] : from.children) joinNodes(into.children[name], child);
}

/// Drops what cannot be seen and closes nothing more than `floor`, the highest closer above, does.
void settleNode(StampedNode& node, const Level& floor) {
    Level below = floor;
    if (node.closer) {
        Closer& closer = *node.closer;
        const Level level = levelOf(closer);
        below = std::max(floor, level);
        const bool isSeen = closer.kind == CloserKind::Put && levelOfMap(closer.at) >= floor &&
                            !(node.map && levelOfMap(*node.map) > level);
        if (node.map && levelOfMap(*node.map) < level) node.map.reset();
        if (!isSeen && level <= floor) {
            node.closer.reset();
        } else if (!isSeen && closer.kind == CloserKind::Put) {
            closer.kind = CloserKind::Hidden;
            closer.value.clear();
        }
    }
    if (node.map && levelOfMap(*node.map) < floor) node.map.reset();
    for (auto child = node.children.begin(); child != node.children.end();) {
        settleNode(child->second, below);
        child = child->second.isEmpty() ? node.children.erase(child) : std::next(child);
    }
}

std::optional<Value> visibleNode(const StampedNode& node) {
    if (node.map) {
        Value out = Value::map();
        for (const auto& [name, child] : node.children) {
            if (auto value = visibleNode(child)) out.set(name, std::move(*value));
        }
        return out;
    }
    if (!node.closer || node.closer->kind != CloserKind::Put) return std::nullopt;
    StrictReader reader(node.closer->value);
    return reader.typed(0);
}

StampedNode filteredNode(const StampedNode& node, const FieldSet::Place& place) {
    if (place.isLeaf()) return place.in() ? node : StampedNode();
    StampedNode out;
    out.map = node.map;
    out.closer = node.closer;
    if (!place.in() && out.closer && out.closer->kind == CloserKind::Put) {
        out.closer->kind = CloserKind::Hidden;
        out.closer->value.clear();
    }
    for (const auto& [name, child] : node.children) {
        StampedNode kept = filteredNode(child, place.below(name));
        if (!kept.isEmpty()) out.children.emplace(name, std::move(kept));
    }
    return out;
}

bool isOld(const WriteStamp& at, Millis horizonMs) {
    // A delete of a timestamp to come still closes writes to come: it lives until that time has passed, too.
    return std::max(at.timestampMs, stampMs(at.arrival)) <= horizonMs;
}

void purgeNode(StampedNode& node, Millis horizonMs) {
    const bool isUnseen =
        node.closer && (node.closer->kind == CloserKind::Delete || node.closer->kind == CloserKind::Hidden);
    if (isUnseen && isOld(node.closer->at, horizonMs)) node.closer.reset();
    for (auto child = node.children.begin(); child != node.children.end();) {
        purgeNode(child->second, horizonMs);
        child = child->second.isEmpty() ? node.children.erase(child) : std::next(child);
    }
}

Millis newestOf(const StampedNode& node) {
    Millis newest = INT64_MIN;
    if (node.map) newest = std::max(newest, node.map->timestampMs);
    if (node.closer) newest = std::max(newest, node.closer->at.timestampMs);
    for (const auto& [name, child] : node.children) newest = std::max(newest, newestOf(child));
    return newest;
}

}  // namespace

Level levelOf(const Closer& closer) {
    if (closer.kind == CloserKind::Delete) return {closer.at.timestampMs, 1, 0};
    const ValueType type = closer.kind == CloserKind::Replace ? ValueType::Map : closer.type;
    return {closer.at.timestampMs, 0, precedenceOf(type)};
}

Level levelOfMap(const WriteStamp& at) {
    return {at.timestampMs, 0, precedenceOf(ValueType::Map)};
}

void StampedNode::raiseCloser(Closer other) {
    if (!closer || outranks(other, *closer)) closer = std::move(other);
}

void StampedDocument::join(const StampedDocument& other) {
    joinNodes(root_, other.root_);
    settle();
}

void StampedDocument::settle() {
    settleNode(root_, Level{});
}

std::optional<Value> StampedDocument::visible() const {
    return visibleNode(root_);
}

StampedDocument StampedDocument::filtered(const FieldSet& fields) const {
    StampedDocument out;
    out.root_ = filteredNode(root_, FieldSet::Place(fields));
    out.settle();
    return out;
}

StampedDocument StampedDocument::purged(Millis horizonMs) const {
    StampedDocument out = *this;
    purgeNode(out.root_, horizonMs);
    return out;
}

WriteStamp StampedDocument::laterThanAll(Millis nowMs, Stamp arrival) const {
    const Millis newest = newestOf(root_);
    return {newest >= nowMs && newest < INT64_MAX ? newest + 1 : nowMs, arrival};
}

StampedNode& DocumentWrite::open(const NamePath& path, bool asMaps) {
    StampedNode* node = &document_.root_;
    for (const std::string& name : path) {
        if (asMaps) {
            // What an earlier step of this write closed stays closed, and is a map from here on.
            if (node->closer) node->closer = Closer{CloserKind::Replace, at_, ValueType::Null, {}};
            node->raiseMap(at_);
        }
        node = &node->children[name];
    }
    return *node;
}

void DocumentWrite::set(StampedNode& node, const Value& value, bool replaces) {
    if (!value.isMap()) {
        node = StampedNode();
        Closer put{CloserKind::Put, at_, value.type(), {}};
        appendTyped(put.value, value);
        node.closer = std::move(put);
        return;
    }
    if (replaces) node = StampedNode();
    if (replaces || node.closer) node.closer = Closer{CloserKind::Replace, at_, ValueType::Null, {}};
    node.raiseMap(at_);
    for (const Field& field : value.fields()) set(node.children[field.name], field.value, false);
}

void DocumentWrite::put(const NamePath& path, const Value& value) {
    assert(!path.empty() || value.isMap());
    set(open(path, true), value, true);
}

void DocumentWrite::merge(const NamePath& path, const Value& value) {
    assert(!path.empty() || value.isMap());
    set(open(path, true), value, false);
}

void DocumentWrite::remove(const NamePath& path) {
    StampedNode& node = open(path, false);
    node = StampedNode();
    node.closer = Closer{CloserKind::Delete, at_, ValueType::Null, {}};
}

StampedDocument DocumentWrite::finish() && {
    document_.settle();
    return std::move(document_);
}

}  // namespace tributary::engine::maprdb::json
