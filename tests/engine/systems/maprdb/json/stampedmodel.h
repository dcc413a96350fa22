// A plain model of stamped documents: every write is kept for ever, and what is seen is worked out from all of them.
#pragma once

#include <set>

#include "engine/systems/maprdb/json/valueorder.h"
#include "jsonsamples.h"

namespace tributary::test {

/// One write of one step.
struct DocumentEvent {
    enum class Kind { Put, Merge, Remove };

    Kind kind = Kind::Put;
    engine::maprdb::json::NamePath path;
    engine::maprdb::json::Value value;
    engine::maprdb::json::WriteStamp at;
};

inline engine::maprdb::json::StampedDocument writtenBy(const DocumentEvent& event) {
    engine::maprdb::json::DocumentWrite write(event.at);
    switch (event.kind) {
        case DocumentEvent::Kind::Put: write.put(event.path, event.value); break;
        case DocumentEvent::Kind::Merge: write.merge(event.path, event.value); break;
        case DocumentEvent::Kind::Remove: write.remove(event.path); break;
    }
    return std::move(write).finish();
}

/// The rules of stampeddocument.h, written down a second time and without any state but the writes.
class StampedModel {
public:
    using Value = engine::maprdb::json::Value;
    using NamePath = engine::maprdb::json::NamePath;

    void add(const DocumentEvent& event) {
        if (event.kind == DocumentEvent::Kind::Remove) {
            closers_.push_back({event.path, {event.at.timestampMs, 1, 0, event.at.arrival, {}}, std::nullopt});
            return;
        }
        for (std::size_t i = 0; i < event.path.size(); ++i)
            map(NamePath(event.path.begin(), event.path.begin() + static_cast<std::ptrdiff_t>(i)), event);
        value(event.path, event.value, event, event.kind == DocumentEvent::Kind::Put);
    }

    [[nodiscard]] std::optional<Value> visible() const { return seen({}, lowest()); }

private:
    /// timestamp, delete, precedence, arrival, bytes
    using Key = std::tuple<Millis, int, int, Stamp, Bytes>;
    struct Written {
        NamePath path;
        Key key;
        std::optional<Value> value;
    };

    static Key lowest() { return {INT64_MIN, 0, 0, 0, {}}; }
    static Key keyOf(const DocumentEvent& event, engine::maprdb::json::ValueType type, Bytes bytes) {
        return {event.at.timestampMs, 0, engine::maprdb::json::precedenceOf(type), event.at.arrival, std::move(bytes)};
    }
    void map(const NamePath& path, const DocumentEvent& event) {
        maps_.push_back({path, keyOf(event, engine::maprdb::json::ValueType::Map, {}), std::nullopt});
    }
    void value(const NamePath& path, const Value& value, const DocumentEvent& event, bool closes) {
        if (!value.isMap()) {
            closers_.push_back({path, keyOf(event, value.type(), encodeValue(value)), value});
            return;
        }
        map(path, event);
        if (closes) closers_.push_back({path, keyOf(event, value.type(), {}), std::nullopt});
        for (const auto& field : value.fields()) {
            NamePath below = path;
            below.push_back(field.name);
            this->value(below, field.value, event, false);
        }
    }

    /// `floor`: the largest closer above the path.
    [[nodiscard]] std::optional<Value> seen(const NamePath& path, const Key& floor) const {
        const Written* closer = nullptr;
        for (const Written& one : closers_) {
            if (one.path == path && (closer == nullptr || one.key > closer->key)) closer = &one;
        }
        std::optional<Key> map;
        for (const Written& one : maps_) {
            if (one.path == path) map = std::max(map, std::optional(one.key));
        }
        const bool isMap = map && !less(*map, floor) && (closer == nullptr || !less(*map, closer->key));
        if (isMap) {
            Value out = Value::map();
            for (const std::string& name : namesBelow(path)) {
                NamePath below = path;
                below.push_back(name);
                auto value = seen(below, closer == nullptr ? floor : std::max(floor, closer->key));
                if (value) out.set(name, std::move(*value));
            }
            return out;
        }
        if (closer == nullptr || !closer->value) return std::nullopt;
        Key asMap = closer->key;
        std::get<2>(asMap) = engine::maprdb::json::precedenceOf(engine::maprdb::json::ValueType::Map);
        return less(asMap, floor) ? std::nullopt : closer->value;
    }

    /// Arrival and bytes decide between values of one path only, not between a value and what is below it.
    static bool less(const Key& a, const Key& b) {
        return std::tie(std::get<0>(a), std::get<1>(a), std::get<2>(a)) <
               std::tie(std::get<0>(b), std::get<1>(b), std::get<2>(b));
    }

    [[nodiscard]] std::set<std::string> namesBelow(const NamePath& path) const {
        std::set<std::string> out;
        for (const auto* all : {&closers_, &maps_}) {
            for (const Written& one : *all) {
                if (one.path.size() > path.size() && std::equal(path.begin(), path.end(), one.path.begin())) {
                    out.insert(one.path[path.size()]);
                }
            }
        }
        return out;
    }

    std::vector<Written> closers_;
    std::vector<Written> maps_;
};

/// Few paths, types, timestamps and arrivals, so that all of them collide often.
inline DocumentEvent randomEvent(Mutator& dice) {
    using engine::maprdb::json::Value;
    DocumentEvent event;
    event.at.timestampMs = 1'000 + static_cast<Millis>(dice.below(4));
    event.at.arrival = stampFromMs(1'000 + static_cast<Millis>(dice.below(3))) + dice.below(2);
    for (std::uint64_t left = dice.below(4); left > 0; --left) {
        event.path.emplace_back(1, static_cast<char>('a' + dice.below(2)));
    }
    const std::uint64_t roll = dice.below(10);
    event.kind = roll < 6   ? DocumentEvent::Kind::Put
                 : roll < 8 ? DocumentEvent::Kind::Merge
                            : DocumentEvent::Kind::Remove;
    if (event.kind == DocumentEvent::Kind::Remove) return event;
    event.value = randomValue(dice, 2);
    if (event.path.empty() && !event.value.isMap()) event.value = Value::map();
    return event;
}

}  // namespace tributary::test
