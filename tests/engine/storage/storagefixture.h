// Workloads for state units, and what their state must be: a std::map of all events ever.
#pragma once

#include <fmt/format.h>

#include <map>
#include <memory>

#include "engine/storage/sqlitestateunit.h"
#include "engine/systems/maprdb/tables/rowfold.h"
#include "tests/core/db/verifyonce.h"
#include "tests/engine/systems/maprdb/tables/rowmodel.h"

namespace tributary::test {

using engine::EntryRef;
using engine::FoldContext;
using engine::Lsn;
using engine::StateUnit;

/// All visible cells of a table by row; rows without any are absent.
using SeenTable = std::map<std::string, std::vector<SeenCell>>;

/// Entries of random events over few rows, and the state after any of them.
class Workload {
public:
    Workload(std::uint64_t seed, std::size_t entries, std::uint64_t keys, std::size_t eventsMax) : dice_(seed) {
        for (std::size_t i = 0; i < entries; ++i) add(keys, 1 + dice_.below(eventsMax));
    }
    [[nodiscard]] const std::vector<EntryRef>& entries() const { return entries_; }

    /// What a reader sees once the entries up to `lsn` are in.
    [[nodiscard]] SeenTable after(Lsn lsn, const FoldContext& context) const {
        std::map<std::string, std::vector<RowEvent>> rows;
        for (std::size_t i = 0; i < lsn && i < events_.size(); ++i) {
            for (const auto& [key, event] : events_[i]) rows[key].push_back(event);
        }
        SeenTable out;
        for (const auto& [key, events] : rows) {
            auto cells = seenCells(events, context);
            if (!cells.empty()) out.emplace(key, std::move(cells));
        }
        return out;
    }

private:
    void add(std::uint64_t keys, std::uint64_t events) {
        auto payload = std::make_shared<Bytes>();
        engine::maprdb::MutationBuilder out(*payload);
        events_.emplace_back();
        for (std::uint64_t i = 0; i < events; ++i) {
            // Keys of unequal length that share prefixes, so that the order by prefix words has ties to break.
            const std::uint64_t number = dice_.below(keys);
            std::string key = fmt::format("row{}", number);
            if (number % 3 == 0) key += std::string(number % 7, '\0');
            const RowEvent event = randomEvent(dice_);
            appendEvent(out, key, event, {10, 11});
            events_.back().emplace_back(key, event);
        }
        EntryRef entry;
        entry.lsn = events_.size();
        entry.mutations = *payload;
        entry.hold = std::move(payload);
        entry.stamp = stampFromMs(1000) + entry.lsn;
        entry.ids = {10, 11};
        entries_.push_back(std::move(entry));
    }

    Dice dice_;
    std::vector<EntryRef> entries_;
    std::vector<std::vector<std::pair<std::string, RowEvent>>> events_;
};

inline FoldContext storageContext(std::uint32_t maxVersions = 2) {
    FoldContext context;
    context.rules = engine::maprdb::makeFoldRules({{10, maxVersions, 0, 0}, {11, maxVersions, 0, 0}});
    context.nowMs = 1010;
    context.deleteTtlMs = 86'400'000;
    return context;
}

inline engine::StateUnitOptions storageOptions(const std::string& path) {
    engine::StateUnitOptions options;
    options.path = path;
    options.format = engine::maprdb::makeTableRowFormat();
    options.context = storageContext();
    options.pageBytes = 1024;  // many pages for few rows
    options.checkpointWalBytes = 1;
    return options;
}

/// Runs a job to its end; an ok Status when there was none.
inline Status finished(std::unique_ptr<engine::StateJob> job) {
    if (!job) return okStatus();
    job->run();
    return job->finish();
}

/// The whole table through scans of `rowsMax` rows each; the error's text in a row named "error" if there is one.
inline SeenTable scanned(engine::StateView& view, const FoldContext& context, std::size_t rowsMax,
                         const std::string& from = {}, const std::string& to = {}) {
    SeenTable out;
    std::string at = from;
    for (;;) {
        const auto chunk = view.scan(at, to, rowsMax, 1U << 20U);
        if (!chunk.ok()) return {{"error", {{0, chunk.error().full(), 0, ""}}}};
        for (const auto& row : chunk->rows) {
            auto cells = seenCells(row.record, context);
            if (!cells.empty()) out.emplace(row.key, std::move(cells));
            at = row.key + '\0';
        }
        if (chunk->atEnd) return out;
    }
}

/// The whole table of a unit as it is now.
inline SeenTable tableOf(StateUnit& unit, const FoldContext& context) {
    const auto view = unit.view(true);
    if (!view.ok()) return {{"error", {{0, view.error().full(), 0, ""}}}};
    return scanned(*view.value(), context, 7);
}

}  // namespace tributary::test
