// A row by definition, slow and obvious: all events ever, and what a reader sees of them.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/row.h"

namespace tributary::test {

/// One cell or delete with its family id.
struct RowEvent {
    engine::maprdb::OpKind kind = engine::maprdb::OpKind::Put;
    std::uint32_t family = 0;
    std::string qualifier;
    Millis timestampMs = 0;
    Stamp stamp = 0;
    std::string value;
};

using SeenCell = std::tuple<std::uint32_t, std::string, Millis, std::string>;  // family id, qualifier, ts, value

/// What a reader sees after all events, by the rules of maprdb.md 2.6 taken literally.
inline std::vector<SeenCell> seenCells(const std::vector<RowEvent>& events, const engine::FoldContext& context) {
    using engine::maprdb::OpKind;
    const auto masked = [&](const RowEvent& put) {
        return std::any_of(events.begin(), events.end(), [&](const RowEvent& d) {
            if (d.kind == OpKind::Put || put.timestampMs > d.timestampMs) return false;
            if (d.kind == OpKind::DeleteRow) return true;
            if (d.family != put.family) return false;
            return d.kind == OpKind::DeleteFamily || d.qualifier == put.qualifier;
        });
    };
    // Per column and timestamp the winner: later arrival, then larger bytes.
    std::map<std::pair<std::uint32_t, std::string>, std::map<Millis, std::pair<Stamp, std::string>>> columns;
    for (const RowEvent& event : events) {
        if (event.kind != OpKind::Put || masked(event)) continue;
        auto& winner = columns[{event.family, event.qualifier}][event.timestampMs];
        winner = std::max(winner, {event.stamp, event.value});
    }
    std::vector<SeenCell> out;
    for (const auto& [column, versions] : columns) {
        const auto* family = engine::maprdb::findFamily(context, column.first);
        if (family == nullptr) continue;
        std::uint32_t index = 0;
        for (auto at = versions.rbegin(); at != versions.rend() && index < family->maxVersions; ++at, ++index) {
            const bool expired = family->ttlMs > 0 && context.nowMs - at->first >= family->ttlMs;
            if (expired && index >= family->minVersions) break;
            out.emplace_back(column.first, column.second, at->first, at->second.second);
        }
    }
    return out;
}

/// The same of a record.
inline std::vector<SeenCell> seenCells(BytesView record, const engine::FoldContext& context) {
    std::vector<SeenCell> out;
    engine::maprdb::VisibleCells cells(record, context);
    engine::maprdb::RowItem cell;
    while (cells.next(cell)) {
        out.emplace_back(cell.family, std::string(cell.qualifier), cell.timestampMs, std::string(cell.value));
    }
    return out;
}

/// A deterministic stream of small numbers.
class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}
    std::uint64_t below(std::uint64_t bound) {
        state_ += 0x9e3779b97f4a7c15ULL;
        std::uint64_t x = state_;
        x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9ULL;
        x = (x ^ (x >> 27U)) * 0x94d049bb133111ebULL;
        return (x ^ (x >> 31U)) % bound;
    }

private:
    std::uint64_t state_;
};

/// A random event over few families, columns, timestamps and stamps, so that all of them collide often.
inline RowEvent randomEvent(Dice& dice) {
    using engine::maprdb::OpKind;
    RowEvent event;
    const std::uint64_t roll = dice.below(10);
    event.kind = roll < 6    ? OpKind::Put
                 : roll == 6 ? OpKind::DeleteRow
                 : roll == 7 ? OpKind::DeleteFamily
                             : OpKind::DeleteColumn;
    if (event.kind != OpKind::DeleteRow) event.family = 10 + static_cast<std::uint32_t>(dice.below(2));
    if (event.kind == OpKind::Put || event.kind == OpKind::DeleteColumn)
        event.qualifier = std::string(dice.below(2), 'a');
    event.timestampMs = 1000 + static_cast<Millis>(dice.below(5));
    if (event.kind == OpKind::DeleteRow || event.kind == OpKind::DeleteFamily) event.timestampMs -= 2;
    event.stamp = stampFromMs(1000) + dice.below(3);
    if (event.kind == OpKind::Put) event.value = std::string(1 + dice.below(2), static_cast<char>('x' + dice.below(3)));
    return event;
}

/// Writes an event as one row operation with explicit times; payload-local family index = position in `families`.
inline void appendEvent(engine::maprdb::MutationBuilder& out, BytesView key, const RowEvent& event,
                        const std::vector<std::uint32_t>& families) {
    using engine::maprdb::OpKind;
    const engine::maprdb::CellTime time{event.timestampMs, event.stamp};
    const auto index =
        static_cast<std::uint32_t>(std::find(families.begin(), families.end(), event.family) - families.begin());
    switch (event.kind) {
        case OpKind::Put: out.put(key, {index, event.qualifier, event.value, time}); break;
        case OpKind::DeleteRow: out.deleteRow(key, time); break;
        case OpKind::DeleteFamily: out.deleteFamily(key, index, time); break;
        case OpKind::DeleteColumn: out.deleteColumn(key, index, event.qualifier, time); break;
    }
}

}  // namespace tributary::test
