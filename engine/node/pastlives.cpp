// Which lives are over for every link, and how much of the past they speak for.
#include "engine/node/pastlives.h"

#include <algorithm>

#include "engine/node/node.h"

namespace tributary::engine {
namespace {

constexpr int kAtOnceMax = 64;

/// All links have been heard in this life, and hold everything of those before it.
bool allLinksPassed(const DatasetRuntime& dataset, Lsn startLsn) {
    return std::all_of(dataset.links.begin(), dataset.links.end(),
                       [&](const auto& link) { return link.second->cursorLsn() >= startLsn; });
}

}  // namespace

void PastLives::begun(std::uint64_t before, std::uint64_t now, bool apart) {
    if (before != 0) past_.push_back(before);
    if (apart) apart_.push_back(now);
}

void PastLives::tell(Lsn startLsn) {
    if (startLsn == 0 || underWay_ > 0 || node_.failed() || node_.seams().faults.hit("bug-lives-kept")) return;
    std::erase_if(past_, [&](std::uint64_t life) {
        bool open = false;
        for (const auto& [id, record] : node_.catalog().datasets()) {
            if (underWay_ >= kAtOnceMax) return false;
            open = tellOf(id, life, startLsn) || open;
        }
        return !open;
    });
}

/// True when the dataset still has something of the life to tell.
bool PastLives::tellOf(std::uint32_t datasetId, std::uint64_t life, Lsn startLsn) {
    const DatasetRuntime* dataset = node_.dataset(datasetId);
    const DatasetRecord* record = node_.catalog().byId(datasetId);
    if (dataset == nullptr || record == nullptr || life == node_.incarnation()) return false;
    const auto lane = dataset->durable.lanes().find(Lane{record->uuid, life, {}});
    if (lane == dataset->durable.lanes().end()) return false;
    // An end speaks of one lane: where a kind has several, its lives stay as they are.
    for (auto at = lane; at != dataset->durable.lanes().end() && at->first.incarnation == life; ++at) {
        if (at->first.origin == record->uuid && !at->first.subKey.empty()) return false;
    }
    LifeEnd end;
    end.last = lane->second.contiguousFromOne();
    if (end.last == 0 || lane->second.ranges().size() != 1) return false;  // never whole: it stays as it is
    if (!allLinksPassed(*dataset, startLsn)) return true;
    end.origin = record->uuid;
    end.from = firstOf(*dataset, record->uuid, life);
    end.incarnation = life;
    log(datasetId, end);
    return true;
}

/// Behind the last that is told, behind what is not (each speaks for itself), and behind where the volume was another.
std::uint64_t PastLives::firstOf(const DatasetRuntime& dataset, const Uuid& origin, std::uint64_t life) const {
    std::uint64_t from = 1;
    if (const auto told = dataset.durable.complete().find({origin, {}}); told != dataset.durable.complete().end()) {
        for (const auto& [first, last] : told->second.ranges()) {
            if (last < life) from = std::max(from, last + 1);
        }
    }
    for (auto at = dataset.durable.lanes().lower_bound(Lane{origin, from, {}}); at != dataset.durable.lanes().end();
         ++at) {
        if (at->first.origin != origin || at->first.incarnation >= life) break;
        from = at->first.incarnation + 1;
    }
    for (const std::uint64_t apart : apart_) {
        if (apart <= life) from = std::max(from, apart);
    }
    return from;
}

void PastLives::log(std::uint32_t datasetId, const LifeEnd& end) {
    EntryEnvelope envelope;
    envelope.kind = EntryKind::LifeEnd;
    envelope.datasetId = datasetId;
    envelope.receivedMs = node_.seams().clock.wallMs();
    auto bytes = std::make_shared<const Bytes>(encodeLifeEnd(end));
    auto lsn = std::make_shared<Lsn>(0);
    ++underWay_;
    *lsn =
        node_.log().append(envelope, bytes, [this, alive = node_.alive(), envelope, bytes, lsn](const Status& status) {
            if (!*alive) return;
            --underWay_;
            const Status told = status ? node_.applyTold(LogEntry{*lsn, envelope, bytes}) : status;
            if (!told) node_.logRefused(told);  // told by a later tick
        });
    node_.seams().faults.reached("life-told");
}

void PastLives::write(Json& snapshot) const {
    if (!past_.empty()) snapshot["lives"] = past_;
    if (!apart_.empty()) snapshot["apart"] = apart_;
}

void PastLives::read(const Json& snapshot) {
    past_ = snapshot.value("lives", std::vector<std::uint64_t>());
    apart_ = snapshot.value("apart", std::vector<std::uint64_t>());
}

}  // namespace tributary::engine
