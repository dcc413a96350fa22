// The oracles that look at nodes and logs: during the run, after each restart, and at rest.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/replication/entryparts.h"
#include "engine/replication/linkfilter.h"
#include "engine/replication/payload.h"
#include "engine/replication/skipentry.h"
#include "simrun.h"

namespace tributary::simtest {

using namespace tributary::engine;

namespace {

constexpr Micros kSettleUs = 120'000'000;  ///< a healed world is at rest within so much virtual time, or it hangs
constexpr Micros kLookUs = 200'000;
constexpr Micros kRestUs = 5'000'000;  ///< nothing may be sent for so long, once at rest

/// Sequence by sequence: they may be known through several lanes.
bool coversEach(const Projections& order, const Positions& positions, const Lane& lane, std::uint64_t from,
                std::uint64_t to) {
    if (positions.coversRange(order, lane, from, to)) return true;
    for (std::uint64_t sequence = from; sequence <= to; ++sequence) {
        if (!positions.covers(order, lane, sequence)) return false;
    }
    return true;
}

/// The payload of an entry that holds one of the dataset; nothing for all others.
std::optional<PayloadView> payloadOf(const LogEntry& entry, std::uint32_t dataset) {
    if (entry.envelope.datasetId != dataset || !holdsPayload(entry.envelope.kind)) return std::nullopt;
    const auto view = parsePayload(partsOf(entry).payload, false);
    return view ? std::optional(view.value()) : std::nullopt;
}

}  // namespace

const Projections& SimRun::order() const {
    return kinds_->kinds.speaker().projections();
}

void SimRun::absorb(int host) {
    if (!world_->host(host).up()) return;
    CommitLog& log = world_->host(host).node().log();
    NodeModel& model = *sites_[static_cast<std::size_t>(host)].model;
    while (model.head() < log.durableLsn()) {
        const auto recent = log.readRecent(model.head() + 1, 1U << 20U);
        if (!recent || recent->empty()) {
            fail(fmt::format("log-order: host {} published entry {}, and entry {} cannot be read", host,
                             log.durableLsn(), model.head() + 1));
            return;
        }
        for (const LogEntry& entry : *recent) model.take(entry);
    }
    if (model.violation()) fail(fmt::format("{} (host {})", *model.violation(), host));
}

/// Logged, or logged as skipped.
bool SimRun::loggedAt(int host, const Uuid& dataset, const Lane& lane, std::uint64_t from, std::uint64_t to) {
    absorb(host);
    const NodeModel& model = *sites_[static_cast<std::size_t>(host)].model;
    const DatasetRecord* record = model.catalog().byUuid(dataset);
    if (record == nullptr) return false;
    return lane.origin == dataset || coversEach(order(), model.told(record->id), lane, from, to);
}

bool SimRun::droppedAt(int host, const Uuid& dataset, const PayloadView& payload) {
    if (!world_->host(host).up()) return false;
    const DatasetRecord* record = world_->host(host).node().catalog().byUuid(dataset);
    if (record == nullptr || !plan_.kind->hasDropped(*record)) return false;
    const auto& entries = sites_[static_cast<std::size_t>(host)].model->entries();
    for (auto at = entries.rbegin(); at != entries.rend(); ++at) {
        const auto view = payloadOf(*at, record->id);
        const bool same = view && view->origin == payload.origin && view->incarnation == payload.incarnation &&
                          view->sequence == payload.sequence;
        if (!same) continue;
        const auto left = record->kind().withoutDropped(*record->schema, payload.body, {}, at->lsn);
        return left && left.value();
    }
    return false;
}

/// By the filter as it was at any entry that holds this sequence: it may have come more than once, projected anew.
bool SimRun::allowedAt(int host, const Hello& hello, const PayloadView& payload) {
    if (!world_->host(host).up()) return true;
    absorb(host);
    const DatasetRecord* record = world_->host(host).node().catalog().byUuid(hello.fromUuid);
    const ReplicaRecord* replica = record == nullptr ? nullptr : record->replicaByPath(hello.toPath);
    if (replica == nullptr || (replica->projection.empty() && replica->earlierProjections.empty())) return true;
    const auto& entries = sites_[static_cast<std::size_t>(host)].model->entries();
    for (auto at = entries.rbegin(); at != entries.rend(); ++at) {
        const auto view = payloadOf(*at, record->id);
        const bool same = view && view->origin == payload.origin && view->incarnation == payload.incarnation &&
                          view->sequence == payload.sequence;
        if (!same) continue;
        const std::string& filter = replica->projectionAt(at->lsn);
        if (filter.empty()) return true;
        if (payload.projection.empty()) continue;
        if (plan_.kind->lets(filter, std::string(payload.projection))) return true;
    }
    return false;
}

void SimRun::checkAcked(int host) {
    const NodeModel& model = *sites_[static_cast<std::size_t>(host)].model;
    for (std::size_t id = 0; id < ops_.size(); ++id) {
        const Op& op = ops_[id];
        if (op.host != host || op.state != OpState::Acked || model.holdsOp(static_cast<int>(id))) continue;
        fail(fmt::format("acked: operation {} ({}) was acknowledged by host {} and is gone after its restart", id,
                         op.what, host));
        return;
    }
}

std::string SimRun::compareRows(int host, std::uint32_t datasetId) {
    Node& node = world_->host(host).node();
    const NodeModel& model = *sites_[static_cast<std::size_t>(host)].model;
    const DatasetRecord* record = node.catalog().byId(datasetId);
    // A file that the disk refused is tried again every two seconds; until then readers are told.
    if (record == nullptr || !node.checkAvailable(*record)) return {};
    if (model.filling(datasetId)) return "is shown, and was not filled yet";
    auto view = node.view(datasetId, false);
    if (!view) return "no view: " + view.error().text();
    const auto chunk = view.value()->scan({}, {}, 1U << 20U, 1U << 30U);
    if (!chunk) return "no scan: " + chunk.error().text();
    const FoldContext context = node.foldContext(*record);
    std::vector<ShownRow> seen;
    for (const StoredRow& row : chunk.value().rows) plan_.kind->show(row, context, seen);
    const DatasetRecord* logged = model.catalog().byId(datasetId);
    const std::vector<ShownRow> due = logged == nullptr ? std::vector<ShownRow>() : model.rows().shown(*logged);
    const auto [a, b] = std::mismatch(seen.begin(), seen.end(), due.begin(), due.end());
    if (a == seen.end() && b == due.end()) return {};
    return fmt::format("shows {} cells, {} are due; it shows [{:.60}] where [{:.60}] is due", seen.size(), due.size(),
                       a == seen.end() ? "nothing" : a->key + " " + a->text,
                       b == due.end() ? "nothing" : b->key + " " + b->text);
}

/// What a reader sees is the fold of the log, no more and no less.
void SimRun::checkState(int host) {
    if (!usable(host) || sites_[static_cast<std::size_t>(host)].ioFaults) return;
    for (const auto& [id, record] : world_->host(host).node().catalog().datasets()) {
        const std::string difference = compareRows(host, id);
        if (world_->host(host).disk().powerIsOff()) return;  // it went while we looked
        if (!difference.empty()) fail(fmt::format("state: host {} {}: {}", host, record.path, difference));
    }
}

/// The catalog is the fold of the log, too.
void SimRun::checkCatalog(int host) {
    if (!usable(host)) return;
    const auto text = [](const Catalog& catalog) {
        std::string out;
        for (const auto& [id, record] : catalog.datasets()) {
            DatasetRecord now = record;
            now.schema = record.kind().withoutGone(record.schema, UINT64_MAX);
            out += toJson(now).dump();
        }
        return out;
    };
    const std::string is = text(world_->host(host).node().catalog());
    const std::string due = text(sites_[static_cast<std::size_t>(host)].model->catalog());
    if (is == due) return;
    const auto at =
        static_cast<std::size_t>(std::mismatch(is.begin(), is.end(), due.begin(), due.end()).first - is.begin());
    const std::size_t from = at < 40 ? 0 : at - 40;
    fail(fmt::format("catalog: host {} has ...{} where ...{} is due", host, is.substr(from, 100),
                     due.substr(from, 100)));
}

/// What a link should have carried and the replica does not have; nothing = it is complete.
std::optional<LogEntry> SimRun::firstMissing(const Edge& edge) {
    const NodeModel& source = *sites_[static_cast<std::size_t>(edge.from)].model;
    const NodeModel& target = *sites_[static_cast<std::size_t>(edge.to)].model;
    const DatasetRecord* from = source.catalog().byPath(pathOf(edge.from));
    const DatasetRecord* to = target.catalog().byPath(pathOf(edge.to));
    const ReplicaRecord* replica = from == nullptr ? nullptr : from->replicaByPath(pathOf(edge.to));
    if (to == nullptr || replica == nullptr) return std::nullopt;
    const Positions& logged = target.logged(to->id);
    for (const LogEntry& entry : source.entries()) {
        const auto view = payloadOf(entry, from->id);
        if (!view || entry.lsn <= replica->fromLsn || view->origin == to->uuid) continue;
        std::string projection(view->projection);
        const std::string& filter = replica->projectionAt(entry.lsn);
        if (!filter.empty()) {
            const auto left = plan_.kind->left(projection, filter);
            if (!left) continue;
            const auto projected = LinkFilter::make(order(), *left).value().project(*view);
            if (!projected || !projected.value()) continue;
            projection = *left;
        }
        if (logged.coversPayload(order(), *view, projection)) continue;
        // What speaks of something dropped is passed over, or goes without it, when it was not sent before the drop.
        if (plan_.kind->mayHaveGone(*from, *view, entry.lsn)) continue;
        // Another source, which has dropped it, may have told that nothing of it comes.
        const DatasetRuntime* there = world_->host(edge.to).node().dataset(std::string_view(pathOf(edge.to)));
        if (there != nullptr && there->durable.coversPayload(order(), *view, projection) &&
            plan_.kind->comesAndGoes(*view))
            continue;
        return entry;
    }
    return std::nullopt;
}

/// The first entry that should have crossed a link and is not there; empty = complete.
std::string SimRun::missingOn(const Edge& edge) {
    const DatasetRecord* from = sites_[static_cast<std::size_t>(edge.from)].model->catalog().byPath(pathOf(edge.from));
    const DatasetRecord* to = sites_[static_cast<std::size_t>(edge.to)].model->catalog().byPath(pathOf(edge.to));
    if (from == nullptr || to == nullptr) return "a dataset is missing";
    if (from->replicaByPath(pathOf(edge.to)) == nullptr) return "no replica record";
    const std::optional<LogEntry> missing = firstMissing(edge);
    if (!missing) return {};
    const auto view = payloadOf(*missing, from->id);
    return fmt::format("entry {} of host {} (origin {} sequence {}) is not at host {}", missing->lsn, edge.from,
                       view->origin.text(), view->sequence, edge.to);
}

/// What still moves, or should; empty = at rest.
std::string SimRun::unrest() {
    if (pendingOps_ != 0) return fmt::format("{} writes wait for their answer", pendingOps_);
    for (int i = 0; i < plan_.nodes; ++i) {
        if (!usable(i)) return fmt::format("host {} is down", i);
        absorb(i);
    }
    for (const Edge& edge : plan_.edges) {
        Node& node = world_->host(edge.from).node();
        const DatasetRecord* record = node.catalog().byPath(pathOf(edge.from));
        const ReplicaRecord* replica = record == nullptr ? nullptr : record->replicaByPath(pathOf(edge.to));
        if (replica == nullptr) return fmt::format("link {} -> {} has no record", edge.from, edge.to);
        const LinkStatus status = node.dataset(record->id)->links.at(replica->idx)->status();
        const std::string link = fmt::format("link {} -> {}", edge.from, edge.to);
        if (status.state != LinkState::Streaming) {
            return fmt::format("{} is {} ({} {})", link, linkStateName(status.state), status.errorCode,
                               status.errorMessage);
        }
        if (status.operationsPending != 0 || status.bytesPending != 0) {
            return fmt::format("{} has {} operations, {} bytes pending", link, status.operationsPending,
                               status.bytesPending);
        }
        if (status.cursorLsn < node.log().durableLsn()) {
            return fmt::format("{} pins the log from entry {} of {}", link, status.cursorLsn + 1,
                               node.log().durableLsn());
        }
        if (const std::string missing = missingOn(edge); !missing.empty()) return link + ": " + missing;
    }
    return {};
}

bool SimRun::settle(const char* phase) {
    const Micros deadline = world_->events().nowUs() + kSettleUs;
    std::string why = "not looked at";
    while (world_->events().nowUs() < deadline && !outcome_.violation) {
        const Micros look = world_->events().nowUs() + kLookUs;
        (void)world_->runUntil(look, [&] { return world_->events().nowUs() >= look; });
        why = unrest();
        if (why.empty()) {
            trace(fmt::format("at rest {}", phase));
            return !outcome_.violation;
        }
    }
    fail(fmt::format("liveness: no rest {} within {} virtual seconds: {}", phase, kSettleUs / 1'000'000, why));
    return false;
}

/// Every node shows the same, but for what one of them did not take.
void SimRun::checkConvergence() {
    if (!plan_.converges()) return;
    std::set<std::string> unlike;
    for (int i = 0; i < plan_.nodes; ++i) {
        const NodeModel& model = *sites_[static_cast<std::size_t>(i)].model;
        unlike.merge(model.rows().unlike(*model.catalog().byPath(pathOf(i))));
    }
    std::vector<std::vector<ShownRow>> shown;
    for (int i = 0; i < plan_.nodes; ++i) {
        const NodeModel& model = *sites_[static_cast<std::size_t>(i)].model;
        shown.push_back(model.rows().shownEverywhere(*model.catalog().byPath(pathOf(i))));
        std::erase_if(shown.back(), [&](const ShownRow& row) { return unlike.count(row.key) != 0; });
    }
    outcome_.counts["rows compared"] += shown[0].size();
    for (std::size_t i = 1; i < shown.size(); ++i) {
        if (shown[i] == shown[0]) continue;
        const auto [a, b] = std::mismatch(shown[0].begin(), shown[0].end(), shown[i].begin(), shown[i].end());
        fail(fmt::format("convergence: host 0 shows {} cells, host {} {}: [{:.60}] and [{:.60}]", shown[0].size(), i,
                         shown[i].size(), a == shown[0].end() ? "nothing" : a->key + " " + a->text,
                         b == shown[i].end() ? "nothing" : b->key + " " + b->text));
        return;
    }
    checkLost();
}

void SimRun::checkLost() {
    for (std::size_t id = 0; id < ops_.size(); ++id) {
        if (ops_[id].state != OpState::Acked || !ops_[id].watched) continue;
        for (std::size_t host = 0; host < sites_.size(); ++host) {
            if (sites_[host].model->holdsOp(static_cast<int>(id))) continue;
            fail(fmt::format("lost: operation {} ({}), acknowledged by host {}, is not at host {}", id, ops_[id].what,
                             ops_[id].host, host));
            return;
        }
    }
}

/// Rings come to rest: once everything has arrived, nobody sends any more.
void SimRun::checkRest() {
    const std::uint64_t before = wire_->payloadsSent();
    const Micros until = world_->events().nowUs() + kRestUs;
    (void)world_->runUntil(until, [&] { return world_->events().nowUs() >= until; });
    if (outcome_.violation) return;
    if (wire_->payloadsSent() != before) {
        fail(
            fmt::format("rest: {} payloads were sent although everything had arrived", wire_->payloadsSent() - before));
        return;
    }
    if (const std::string why = unrest(); !why.empty()) fail("rest: it did not last: " + why);
}

void SimRun::checkEverywhere() {
    checkRest();
    for (int i = 0; i < plan_.nodes && !outcome_.violation; ++i) {
        checkAcked(i);
        checkState(i);
        checkCatalog(i);
        for (const Alarm& alarm : world_->host(i).node().alarms().list()) {
            if (alarm.name != kAlarmClockDrift) continue;
            fail(fmt::format("clock-alarm: host {} still says at rest: {}", i, alarm.description));
        }
        // Positions promise what the log holds, and nothing that was logged is forgotten.
        Node& node = world_->host(i).node();
        const DatasetRuntime* runtime = node.dataset(std::string_view(pathOf(i)));
        const NodeModel& model = *sites_[static_cast<std::size_t>(i)].model;
        for (const auto& [lane, set] : model.told(runtime->id).lanes()) {
            for (const auto& [from, to] : set.ranges()) {
                if (runtime->durable.coversRange(order(), lane, from, to)) continue;
                fail(fmt::format("positions: host {} forgot sequences {}..{} of {}", i, from, to, lane.origin.text()));
            }
        }
    }
    for (int i = 0; i < plan_.nodes; ++i) checkLives(i);
    for (const Edge& edge : plan_.edges) checkSkips(edge);
    if (!outcome_.violation) checkConvergence();
}

/// What is said to be complete is: whatever anybody has logged of such a life has been logged or skipped here, too.
void SimRun::checkLives(int host) {
    const DatasetRuntime* table = world_->host(host).node().dataset(std::string_view(pathOf(host)));
    const Positions& told = sites_[static_cast<std::size_t>(host)].model->told(table->id);
    for (const auto& [sight, lives] : table->durable.complete()) {
        if (sight.first == uuidOf(host)) continue;
        for (int other = 0; other < plan_.nodes && !outcome_.violation; ++other) {
            const NodeModel& model = *sites_[static_cast<std::size_t>(other)].model;
            for (const auto& [lane, set] : model.logged(model.catalog().byPath(pathOf(other))->id).lanes()) {
                if (lane.origin != sight.first || !lives.contains(lane.incarnation)) continue;
                ++outcome_.counts["complete-life"];
                for (const auto& [from, to] : set.ranges()) {
                    const Lane seen{lane.origin, lane.incarnation, sight.second};
                    if (coversEach(order(), told, seen, from, to)) continue;
                    fail(fmt::format("life: host {} takes life {} of {} for complete, and lacks some of {}..{}", host,
                                     lane.incarnation, lane.origin.text(), from, to));
                }
            }
        }
    }
}

/// What a filter keeps back is said, so that the replica's positions stay whole, at every hop and after every death.
void SimRun::checkSkips(const Edge& edge) {
    if (outcome_.violation) return;
    const NodeModel& source = *sites_[static_cast<std::size_t>(edge.from)].model;
    const DatasetRecord* from = source.catalog().byPath(pathOf(edge.from));
    const ReplicaRecord* replica = from->replicaByPath(pathOf(edge.to));
    const DatasetRuntime* target = world_->host(edge.to).node().dataset(std::string_view(pathOf(edge.to)));
    for (const LogEntry& entry : source.entries()) {
        if (entry.envelope.datasetId != from->id || entry.lsn <= replica->fromLsn) continue;
        if (entry.envelope.kind == EntryKind::Skip) {
            const SkipEntry skip = decodeSkipEntry(*entry.payload).value();
            const auto left = plan_.kind->left(skip.lane.projection, replica->projectionAt(entry.lsn));
            if (!left || skip.lane.origin == uuidOf(edge.to)) continue;
            const Lane lane{skip.lane.origin, skip.lane.incarnation, *left};
            if (coversEach(order(), target->durable, lane, skip.from, skip.to)) continue;
            fail(fmt::format("skip: host {} was never told that \"{}\" of sequences {}..{} was kept back before",
                             edge.to, *left, skip.from, skip.to));
            return;
        }
        const auto view = payloadOf(entry, from->id);
        if (!view || view->origin == uuidOf(edge.to)) continue;
        const std::string& filter = replica->projectionAt(entry.lsn);
        const auto left = plan_.kind->left(std::string(view->projection), filter);
        if (filter.empty() || !left) continue;
        if (target->durable.covers(order(), Lane{view->origin, view->incarnation, *left}, view->sequence)) continue;
        fail(fmt::format("skip: host {} was never told of sequence {} that the filter \"{}\" keeps back", edge.to,
                         view->sequence, *left));
        return;
    }
}

/// All lose power at once, at rest: nothing may be missing, nothing may be sent again.
void SimRun::cutEverybody() {
    ++outcome_.counts["fault power-cut-of-all"];
    for (int i = 0; i < plan_.nodes; ++i) powerCut(i, random_.between(100, 2'000'000));
    if (settle("after the power cut of all")) checkEverywhere();
}

}  // namespace tributary::simtest
