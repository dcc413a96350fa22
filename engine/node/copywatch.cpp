// A map that is nearly always empty.
#include "engine/node/copywatch.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"

namespace tributary::engine {

void CopyWatch::touch(Watched& watched) const {
    watched.heardUs = clock_.monotonicUs();
    watched.heardMs = clock_.wallMs();
}

void CopyWatch::filledBy(std::uint32_t datasetId, std::uint32_t replicaIdx, std::uint64_t session) {
    Watched& watched = watched_[{datasetId, replicaIdx}];
    watched.session = session;
    touch(watched);
}

void CopyWatch::heard(std::uint64_t session) {
    for (auto& [key, watched] : watched_) {
        if (watched.session == session) touch(watched);
    }
}

void CopyWatch::ended(std::uint64_t session) {
    for (auto& [key, watched] : watched_) {
        if (watched.session == session) watched.session = 0;
    }
}

void CopyWatch::follow(const Catalog& catalog) {
    for (auto& [key, watched] : watched_) watched.copying = false;
    for (const auto& [id, dataset] : catalog.datasets()) {
        for (const ReplicaRecord& replica : dataset.replicas) {
            if (!isCopyState(replica.state) || !replica.setup.is_null()) continue;  // a node sees to its own
            const auto [at, isNew] = watched_.try_emplace({id, replica.idx});
            if (isNew) touch(at->second);
            at->second.copying = true;
        }
    }
    std::erase_if(watched_, [](const auto& item) { return !item.second.copying && item.second.session == 0; });
}

std::optional<Millis> CopyWatch::stalledSinceMs(std::uint32_t datasetId, std::uint32_t replicaIdx) const {
    const auto at = watched_.find({datasetId, replicaIdx});
    if (at == watched_.end() || !at->second.copying) return std::nullopt;
    const Millis limitMs = at->second.session == 0 ? kGoneMs : kSilentMs;
    if (clock_.monotonicUs() - at->second.heardUs < limitMs * 1000) return std::nullopt;
    return at->second.heardMs;
}

std::string copyStalledText(Millis sinceMs, std::int32_t percent) {
    return fmt::format(
        "copy stalled since {}, {} %: whoever copied is gone, and the replica is not whole until a copy is "
        "run to its end",
        isoTime(sinceMs), std::max<std::int32_t>(0, percent));
}

}  // namespace tributary::engine
