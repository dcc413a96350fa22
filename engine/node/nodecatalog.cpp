// Catalog changes through the log, and what follows from them for datasets, links and sessions.
#include <fmt/format.h>

#include "engine/node/node.h"
#include "engine/node/requestguard.h"

namespace tributary::engine {
namespace {

/// A change that may be logged.
struct Made {
    CatalogChange change;
    Bytes payload;
};

}  // namespace

void Node::change(std::function<Result<CatalogChange>(const Catalog&)> make, Done done) {
    if (catalogBusy_) {
        settling_.push_back([this, make = std::move(make), done = std::move(done)]() mutable {
            change(std::move(make), std::move(done));
        });
        return;
    }
    changeSettled(make, std::move(done));
}

void Node::changeSettled(const std::function<Result<CatalogChange>(const Catalog&)>& make, Done done) {
    if (stopped_) {
        done(*stopped_);
        return;
    }
    auto made = guarded<Made>([&]() -> Result<Made> {
        auto change = make(catalog_);
        if (!change) return change.error();
        Bytes payload = encodeChange(change.value());
        return Made{std::move(change).value(), std::move(payload)};
    });
    if (!made) {
        done(made.error());
        return;
    }
    auto change = std::make_shared<CatalogChange>(std::move(made.value().change));
    auto payload = std::make_shared<const Bytes>(std::move(made.value().payload));
    EntryEnvelope envelope;
    envelope.kind = EntryKind::Catalog;
    envelope.datasetId = 0;
    envelope.receivedMs = seams_.clock.wallMs();
    // A new dataset's state first: a dataset that cannot have one must not get into the log.
    auto fresh = std::make_shared<std::unique_ptr<DatasetRuntime>>();
    if (change->what == CatalogChange::What::DatasetPut && dataset(change->dataset.id) == nullptr) {
        auto created = createRuntime(change->dataset);
        if (!created) {
            done(created.error());
            return;
        }
        *fresh = std::move(created).value();
    }
    auto lsn = std::make_shared<Lsn>(0);
    *lsn = log_->append(envelope, payload,
                        [this, alive = alive_, change, fresh, lsn, done = std::move(done)](const Status& status) {
                            if (!*alive) return;
                            if (status) {
                                if (*fresh != nullptr) datasets_[change->dataset.id] = std::move(*fresh);
                                applyCatalog(*change, *lsn);
                            } else {
                                refuseChange(*change, *fresh, *lsn, status);
                            }
                            catalogBusy_ = false;
                            done(status);
                            settle();
                        });
    catalogBusy_ = true;  // nothing is called back before append() has returned
}

void Node::refuseChange(const CatalogChange& change, std::unique_ptr<DatasetRuntime>& fresh, Lsn lsn,
                        const Status& status) {
    logRefused(status);
    waiters_.fail(lsn, status);
    if (fresh == nullptr) return;
    fresh.reset();
    (void)removeStateFiles(change.dataset.id);  // tried again by the next creation, and by the next start
}

/// Runs what waited for the change; each may start another.
void Node::settle() {
    while (!catalogBusy_ && !settling_.empty()) {
        Task next = std::move(settling_.front());
        settling_.pop_front();
        next();
    }
    if (!catalogBusy_) admit();
}

void Node::applyCatalog(const CatalogChange& change, Lsn lsn) {
    const DatasetRecord* before = catalog_.byId(change.dataset.id);
    const KindWords& called = before == nullptr ? words() : before->kind().words();
    catalog_.apply(change, lsn);
    setups_.followSoon();
    switch (change.what) {
        case CatalogChange::What::DatasetPut: refreshDataset(change.dataset.id); break;
        case CatalogChange::What::DatasetDrop: {
            const std::uint32_t id = change.dataset.id;
            datasets_.erase(id);
            links_.dropIntakes(id);
            gateways_->revokeWhere([id](std::uint32_t datasetId, std::uint32_t) { return datasetId == id; },
                                   std::string(called.missingCode),
                                   fmt::format("the replica {} was deleted", called.noun));
            removeOrphans();
            break;
        }
        case CatalogChange::What::GatewaysPut:
            for (auto& [id, dataset] : datasets_) {
                for (auto& [idx, link] : dataset->links) link->update();
            }
            links_.redial();
            break;
        case CatalogChange::What::VolumePut: break;
    }
}

void Node::refreshDataset(std::uint32_t datasetId) {
    const DatasetRecord* record = catalog_.byId(datasetId);
    if (record == nullptr) return;
    auto at = datasets_.find(datasetId);
    if (at == datasets_.end()) at = datasets_.emplace(datasetId, openOrStandIn(*record)).first;
    DatasetRuntime& dataset = *at->second;
    dataset.state->setFoldContext(foldContext(*record));
    refreshLinks(dataset, *record);
    gateways_->revokeWhere(
        [&](std::uint32_t id, std::uint32_t upstreamIdx) {
            return id == datasetId && record->upstreamByIdx(upstreamIdx) == nullptr;
        },
        "ErrNoUpstream", fmt::format("{} is no longer an upstream of the replica", "the source"));
}

void Node::refreshLinks(DatasetRuntime& dataset, const DatasetRecord& record) {
    std::erase_if(dataset.links, [&](const auto& item) {
        for (const auto& replica : record.replicas) {
            if (replica.idx == item.first) return false;
        }
        return true;
    });
    for (const auto& replica : record.replicas) {
        auto at = dataset.links.find(replica.idx);
        if (at == dataset.links.end()) {
            LinkSnapshot from;
            from.cursorLsn = replica.fromLsn;
            if (links_.linkKind(record.id).cuts() != nullptr) from.base = dataset.durable;
            at = dataset.links.emplace(replica.idx, std::make_unique<Link>(links_, record.id, replica.idx, from)).first;
        }
        at->second->update();
    }
    if (!stopping_) links_.refreshIntakes(record, receiver_);
}

FoldContext Node::foldContext(const DatasetRecord& dataset) const {
    FoldContext context = dataset.kind().foldContext(*dataset.schema);
    context.nowMs = seams_.clock.wallMs();
    if (seams_.faults.hit("bug-tombstones-purged")) context.deleteTtlMs = 0;
    const auto at = datasets_.find(dataset.id);
    context.keepTombstones = at != datasets_.end() && at->second->bootstrap.running();
    return context;
}

void Node::copySession(std::uint32_t datasetId, std::uint64_t session, bool begin) {
    DatasetRuntime* runtime = dataset(datasetId);
    const DatasetRecord* record = catalog_.byId(datasetId);
    if (runtime == nullptr || record == nullptr) return;
    if (begin) {
        runtime->bootstrap.begin(session);
    } else {
        runtime->bootstrap.end(session);
    }
    runtime->state->setFoldContext(foldContext(*record));
}

void Node::endCopySessions(std::uint64_t session) {
    copies_.ended(session);
    for (auto& [id, dataset] : datasets_) {
        if (!dataset->bootstrap.forget(session)) continue;
        if (const DatasetRecord* record = catalog_.byId(id)) dataset->state->setFoldContext(foldContext(*record));
    }
}

}  // namespace tributary::engine
