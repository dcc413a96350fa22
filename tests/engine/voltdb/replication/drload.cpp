// Load, weather, deaths; then the oracle.
#include "drload.h"

#include <fmt/format.h>

namespace tributary::test {

using namespace engine;
using namespace engine::voltdb;

DrLoad::DrLoad(int clusters, std::uint64_t seed, const std::string& bug, bool isPassive)
    : clusters_(clusters), isPassive_(isPassive), random_(seed), world_(seed) {
    for (int i = 1; i <= clusters; ++i) {
        const DrRole role = !isPassive ? DrRole::Xdcr : i == 1 ? DrRole::Master : DrRole::Replica;
        DrHostSim& host = world_.add(role, {i == 1 ? 2 : i - 1}, 1 + static_cast<int>(random_.below(3)));
        if (!bug.empty()) host.faults.arm(bug);
    }
}

bool DrLoad::begin() {
    for (int i = 1; i <= clusters_; ++i) {
        if (!world_.at(i).start()) return false;
        world_.at(i).store().setTables({memTable("T"), memTable("R", false)});
        for (int k = 0; k < 5 && (i == 1 || !isPassive_); ++k) {
            if (i == 1) writeSomething(1);
        }
        world_.runMs(20);
        const int upTo = i;
        if (i > 1 && !world_.until([&] {
                for (int each = 1; each <= upTo; ++each) {
                    const auto states = world_.at(each).cluster().states();
                    if (static_cast<int>(states.size()) != upTo - 1) return false;
                    for (const auto& [remote, state] : states) {
                        if (state != DrState::Active) return false;
                    }
                }
                return true;
            })) {
            return false;
        }
    }
    return true;
}

void DrLoad::writeSomething(int cluster) {
    DrHostSim& host = world_.at(cluster);
    if (!host.up() || (isPassive_ && cluster != 1)) return;
    std::vector<MemChange> changes;
    const std::uint64_t count = 1 + random_.below(3);
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::string table = random_.below(4) == 0 ? "R" : "T";
        const auto& all = host.store().published().rows;
        const auto rows = all.find(table);
        const bool isNew = rows == all.end() || rows->second.empty() || random_.below(3) == 0;
        if (isNew) {
            // Mostly of their own; sometimes two clusters mean the same key.
            const std::int64_t id =
                random_.below(10) == 0 ? static_cast<std::int64_t>(random_.below(20)) : 100 + nextId_++;
            changes.push_back({DrOperation::Insert, table, memRow(id, fmt::format("c{}", cluster))});
            continue;
        }
        auto at = rows->second.begin();
        std::advance(at, static_cast<long>(random_.below(rows->second.size())));
        RowImage row(at->begin(), at->begin() + 3);
        row[1] = fmt::format("c{} n{}", cluster, nextId_++);
        changes.push_back({random_.below(5) == 0 ? DrOperation::Delete : DrOperation::Update, table, row});
    }
    (void)host.store().transact(changes);  // a violated constraint is an answer, too
}

void DrLoad::weather() {
    const int a = static_cast<int>(random_.below(static_cast<std::uint64_t>(clusters_)));
    const int b = static_cast<int>(random_.below(static_cast<std::uint64_t>(clusters_)));
    if (a == b) return;
    if (!cut_.empty() && random_.below(2) == 0) {
        world_.network.cut(cut_.begin()->first, cut_.begin()->second, false);
        cut_.erase(cut_.begin());
    } else if (random_.below(3) == 0) {
        world_.network.resetStreams(a, b);
    } else {
        world_.network.cut(a, b, true);
        cut_.emplace(a, b);
    }
}

void DrLoad::die(int cluster) {
    DrHostSim& host = world_.at(cluster);
    if (host.up()) {
        // Not at rest: something is on its way as it dies.
        for (int i = 1; i <= clusters_; ++i) writeSomething(i);
        (void)world_.until(
            [&host] {
                for (const auto& [remote, consumer] : host.cluster().consumers()) {
                    for (const auto& [partition, stream] : consumer->streams()) {
                        if (stream.isWriting) return true;
                    }
                }
                return false;
            },
            100 + static_cast<Millis>(random_.below(60)));
    }
    if (!host.up()) {
        (void)host.start();  // judged in the end
    } else if (random_.below(2) == 0) {
        host.kill();
    } else {
        host.powerCut();
    }
}

void DrLoad::act() {
    const std::uint64_t what = random_.below(100);
    const int cluster = 1 + static_cast<int>(random_.below(static_cast<std::uint64_t>(clusters_)));
    if (what < 84) {
        writeSomething(cluster);
    } else if (what < 92) {
        weather();
    } else if (what < 96) {
        die(cluster);
    } else {
        world_.runMs(static_cast<Millis>(random_.below(3'000)));
    }
    world_.runMs(static_cast<Millis>(random_.below(60)));
}

bool DrLoad::isMesh() {
    for (int i = 1; i <= clusters_; ++i) {
        if (!world_.at(i).up()) return false;
        for (const auto& [remote, state] : world_.at(i).cluster().states()) {
            if (remote < 0 || state != DrState::Active) return false;
        }
    }
    return true;
}

bool DrLoad::isQuiet() {
    for (int i = 1; i <= clusters_; ++i) {
        DrHostSim& host = world_.at(i);
        if (host.store().durable() != host.store().entries().size() || !host.cluster().isProducerDrained())
            return false;
    }
    return true;
}

std::string DrLoad::states() {
    std::string out;
    for (int i = 1; i <= clusters_; ++i) {
        out += world_.at(i).up() ? world_.at(i).roles() + " " + world_.at(i).failures() : "down";
        out += "; ";
    }
    return out;
}

std::string DrLoad::run() {
    if (!begin()) return "the group is not made: " + states();
    const int actions = 150;
    for (int i = 0; i < actions; ++i) {
        act();
        for (int each = 1; each <= clusters_; ++each) {
            if (!world_.at(each).up()) continue;
            const MemStore& store = world_.at(each).store();
            if (store.producedPieces() == store.ownPieces()) continue;
            return fmt::format("cluster {} produced {} pieces, and {} are its own", each, store.producedPieces(),
                               store.ownPieces());
        }
    }
    world_.network.healAll();
    for (int i = 1; i <= clusters_; ++i) {
        if (!world_.at(i).up() && !world_.at(i).start()) return fmt::format("cluster {} does not start", i);
    }
    if (!world_.until([this] { return isMesh() && isQuiet(); }, 120'000)) return "it does not settle: " + states();
    return judge();
}

std::string DrLoad::judge() {
    // Each cluster's own transactions were applied everywhere else once, whatever became of them there.
    for (int i = 1; i <= clusters_; ++i) {
        DrHostSim& host = world_.at(i);
        const auto trackers = host.store().trackers();
        for (int other = 1; other <= clusters_; ++other) {
            if (other == i || (isPassive_ && i == 1)) continue;
            for (const auto& [partition, next] : world_.at(other).store().published().next) {
                const auto known = trackers->nextOf(other);
                const auto at = known.find(partition);
                if (at == known.end() || at->second != next) {
                    return fmt::format("cluster {} has not got all of partition {} of {}", i, partition, other);
                }
            }
        }
    }
    const std::string wrong = judgeConflicts();
    if (!wrong.empty()) return wrong;
    // Rows are the same but for those that a divergent conflict names. And but for a row whose delete came on another
    // way before the row itself: the log calls it convergent (DD_MR), and with three clusters it is not.
    std::set<std::pair<std::string, std::string>> divergent;
    for (int i = 1; i <= clusters_; ++i) {
        for (const MemEntry& entry : world_.at(i).store().entries()) {
            for (const DrConflictNote& note : entry.conflicts) {
                const auto rows = parseConflictLog(note.lines);
                for (const ConflictRow& row : *rows) {
                    const bool isOvertaken = clusters_ > 2 && row.actionType == 'D' && row.conflictType == "MISS";
                    if ((row.divergence == 'D' || isOvertaken) && row.tuple)
                        divergent.emplace(row.tableName, row.tuple->substr(0, row.tuple->find(',')));
                }
            }
        }
    }
    for (const char* table : {"T", "R"}) {
        std::map<std::string, std::vector<RowImage>> byKey;
        for (int i = 1; i <= clusters_; ++i) {
            const DrTables::Entry* entry = world_.at(i).store().tables().named(table);
            const auto& all = world_.at(i).store().published().rows;
            const auto rows = all.find(table);
            if (rows == all.end()) continue;
            for (const RowImage& row : rows->second) {
                const std::string tuple = tupleText(*entry, row);
                byKey[tuple.substr(0, tuple.find(','))].push_back(row);
            }
        }
        for (const auto& [key, rows] : byKey) {
            if (divergent.contains({table, key})) continue;
            if (static_cast<int>(rows.size()) != clusters_) {
                return fmt::format("row {} of {} is at {} of {} clusters", key, table, rows.size(), clusters_);
            }
            for (const RowImage& row : rows) {
                if (row != rows.front()) return fmt::format("row {} of {} differs", key, table);
            }
        }
    }
    return {};
}

/// What the model says each side must have seen: a log that is read again, operation by operation.
std::string DrLoad::judgeConflicts() {
    for (int i = 1; i <= clusters_; ++i) {
        MemStore& store = world_.at(i).store();
        MemState state;
        for (std::size_t at = 0; at < store.entries().size(); ++at) {
            const MemEntry& entry = store.entries()[at];
            std::set<std::string> seen;
            for (const DrConflictNote& note : entry.conflicts) {
                ++conflicts_;
                if (isPassive_) return "a conflict in passive DR";
                if (!seen.insert(note.lines).second) return fmt::format("cluster {} logged one conflict twice", i);
            }
            // An accepted operation changes rows; one that changes none was rejected, and must be in the log.
            for (const MemEffect& effect : entry.effects) state.apply(effect);
        }
        if (state.rows != store.published().rows) return fmt::format("the log of cluster {} does not give its rows", i);
    }
    return {};
}

}  // namespace tributary::test
