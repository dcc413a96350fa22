// Which replicas are set up now.
#include "engine/node/setups.h"

#include <algorithm>

#include "engine/node/node.h"
#include "engine/node/setuprun.h"

namespace tributary::engine {
namespace {

constexpr std::size_t kCopiesMax = 2;                            // at once; the others wait in COPY_SCHEDULE
constexpr std::uint64_t kOwnSessions = std::uint64_t{1} << 63U;  // no connection has such a number

}  // namespace

Setups::Setups(Node& node) : node_(node) {}

Setups::~Setups() {
    *alive_ = false;
}

Json Setups::asked(const std::string& user, const Json& options) {
    Json setup = options.is_object() ? options : Json::object();
    setup["user"] = user;
    return setup;
}

void Setups::follow() {
    if (stopped_ || node_.config().kinds->setups == nullptr || node_.controlServer() == nullptr) return;
    std::map<std::pair<std::uint32_t, std::uint32_t>, bool> wanted;
    for (const auto& [id, dataset] : node_.catalog().datasets()) {
        for (const ReplicaRecord& replica : dataset.replicas) {
            if (!replica.setup.is_null()) wanted[{id, replica.idx}] = true;
        }
    }
    std::erase_if(runs_, [&](const auto& item) { return !wanted.contains(item.first); });
    for (const auto& [place, yes] : wanted) {
        auto& run = runs_[place];
        if (run == nullptr) {
            run = std::make_unique<SetupRun>(node_, *this, place.first, place.second, kOwnSessions | nextSession_++);
        }
    }
    for (auto& [place, run] : runs_) {
        const auto copying = static_cast<std::size_t>(
            std::count_if(runs_.begin(), runs_.end(), [](const auto& item) { return item.second->copying(); }));
        run->go(run->copying() || copying < kCopiesMax);
    }
}

void Setups::followSoon() {
    if (stopped_ || std::exchange(soon_, true)) return;
    node_.seams().executor.post([this, alive = alive_] {
        if (!*alive) return;
        soon_ = false;
        follow();
    });
}

void Setups::stop() {
    stopped_ = true;
    runs_.clear();
}

void Setups::addTrouble(std::uint32_t datasetId, const ReplicaRecord& replica, LinkStatus& status) const {
    if (replica.setup.is_null()) return;
    const auto at = runs_.find({datasetId, replica.idx});
    if (at != runs_.end()) at->second->addTrouble(replica, status);
}

std::int32_t Setups::percentOf(std::uint32_t datasetId, const ReplicaRecord& replica) const {
    const auto at = runs_.find({datasetId, replica.idx});
    if (replica.setup.is_null() || at == runs_.end()) return replica.copyPercent;
    return std::max(replica.copyPercent, at->second->percent());
}

std::uint64_t Setups::bytesPerS() const {
    const auto copying =
        std::count_if(runs_.begin(), runs_.end(), [](const auto& run) { return run.second->copying(); });
    const std::uint64_t share = node_.config().setupBytesPerS / static_cast<std::uint64_t>(std::max<long>(1, copying));
    return std::max<std::uint64_t>(1, share);
}

}  // namespace tributary::engine
