// Links that lag towards the end of the delete markers' life: told before, remembered after.
#include <algorithm>

#include "engine/node/node.h"
#include "engine/replication/horizon.h"

namespace tributary::engine {

std::string Node::horizonAlarm(const DatasetRecord& record, const ReplicaRecord& replica, const LinkStatus& status,
                               Millis nowMs) const {
    if (replica.divergedMs != 0) return divergedText(replica.divergedMs);
    const Millis oldestMs = status.operationsPending == 0 ? 0 : status.oldestPendingMs;
    const Millis keptMs = record.kind().deletesKeptMs(*record.schema);
    if (horizonOf(oldestMs, keptMs, nowMs) != Horizon::Near) return {};
    return horizonText(oldestMs, keptMs, nowMs);
}

/// What has passed is a fact that a restart must not forget: it goes into the records, one dataset at a time.
void Node::markDivergence() {
    if (divergenceAsked_ || catalogBusy_ || stopping_ || failed()) return;
    if (seams_.faults.hit("bug-horizon-silent")) return;
    const Millis nowMs = seams_.clock.wallMs();
    for (const auto& [id, dataset] : datasets_) {
        const DatasetRecord* record = catalog_.byId(id);
        if (record == nullptr) continue;
        const Millis keptMs = record->kind().deletesKeptMs(*record->schema);
        std::vector<std::uint32_t> passed;
        for (const ReplicaRecord& replica : record->replicas) {
            const auto link = dataset->links.find(replica.idx);
            if (replica.divergedMs != 0 || link == dataset->links.end()) continue;
            const LinkStatus status = link->second->status();
            const Millis oldestMs = status.operationsPending == 0 ? 0 : status.oldestPendingMs;
            if (horizonOf(oldestMs, keptMs, nowMs) == Horizon::Passed) passed.push_back(replica.idx);
        }
        if (passed.empty()) continue;
        seams_.faults.reached("horizon-passed");
        divergenceAsked_ = true;
        change(
            [datasetId = id, passed, nowMs](const Catalog& catalog) -> Result<CatalogChange> {
                const DatasetRecord* now = catalog.byId(datasetId);
                if (now == nullptr) return Error{ErrorCode::NotFound, "the dataset is gone", {}, {}};
                DatasetRecord marked = *now;
                for (ReplicaRecord& replica : marked.replicas) {
                    const bool meant = std::find(passed.begin(), passed.end(), replica.idx) != passed.end();
                    if (meant && replica.divergedMs == 0) replica.divergedMs = nowMs;
                }
                return CatalogChange::put(std::move(marked));
            },
            [this](const Status&) { divergenceAsked_ = false; });  // a refused one is tried again by the next tick
        return;
    }
}

void Node::forgetDivergence(const std::string& entity) {
    for (const auto& [id, record] : catalog_.datasets()) {
        const bool meant =
            entity.empty() || entity == record.path || entity == control(record).alarmEntity(record.path);
        const bool marked = std::any_of(record.replicas.begin(), record.replicas.end(),
                                        [](const ReplicaRecord& replica) { return replica.divergedMs != 0; });
        if (!meant || !marked) continue;
        change(
            [datasetId = id](const Catalog& catalog) -> Result<CatalogChange> {
                const DatasetRecord* now = catalog.byId(datasetId);
                if (now == nullptr) return Error{ErrorCode::NotFound, "the dataset is gone", {}, {}};
                DatasetRecord cleared = *now;
                for (ReplicaRecord& replica : cleared.replicas) replica.divergedMs = 0;
                return CatalogChange::put(std::move(cleared));
            },
            [](const Status&) {});  // the alarm stays when it could not be written
    }
}

}  // namespace tributary::engine
