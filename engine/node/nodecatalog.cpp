// Catalog changes through the log, and what follows from them for tables, links and sessions.
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
    // A new table's state first: a table that cannot have one must not get into the log.
    auto fresh = std::make_shared<std::unique_ptr<TableRuntime>>();
    if (change->what == CatalogChange::What::TablePut && table(change->table.id) == nullptr) {
        auto created = createRuntime(change->table);
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
                                if (*fresh != nullptr) tables_[change->table.id] = std::move(*fresh);
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

void Node::refuseChange(const CatalogChange& change, std::unique_ptr<TableRuntime>& fresh, Lsn lsn,
                        const Status& status) {
    logRefused(status);
    waiters_.fail(lsn, status);
    if (fresh == nullptr) return;
    fresh.reset();
    (void)removeTableFiles(change.table.id);  // tried again by the next creation, and by the next start
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
    catalog_.apply(change, lsn);
    switch (change.what) {
        case CatalogChange::What::TablePut: refreshTable(change.table.id); break;
        case CatalogChange::What::TableDrop: {
            const std::uint32_t id = change.table.id;
            tables_.erase(id);
            gateways_->revokeWhere([id](std::uint32_t tableId, std::uint32_t) { return tableId == id; },
                                   "ErrTableMissing", "the replica table was deleted");
            removeOrphans();
            break;
        }
        case CatalogChange::What::GatewaysPut:
            for (auto& [id, table] : tables_) {
                for (auto& [idx, link] : table->links) link->update();
            }
            break;
        case CatalogChange::What::VolumePut: break;
    }
}

void Node::refreshTable(std::uint32_t tableId) {
    const TableRecord* record = catalog_.byId(tableId);
    if (record == nullptr) return;
    auto at = tables_.find(tableId);
    if (at == tables_.end()) at = tables_.emplace(tableId, openOrStandIn(*record)).first;
    TableRuntime& table = *at->second;
    table.state->setFoldContext(foldContext(*record));
    refreshLinks(table, *record);
    gateways_->revokeWhere(
        [&](std::uint32_t id, std::uint32_t upstreamIdx) {
            return id == tableId && record->upstreamByIdx(upstreamIdx) == nullptr;
        },
        "ErrNoUpstream", fmt::format("{} is no longer an upstream of the replica", "the source"));
}

void Node::refreshLinks(TableRuntime& table, const TableRecord& record) {
    std::erase_if(table.links, [&](const auto& item) {
        for (const auto& replica : record.replicas) {
            if (replica.idx == item.first) return false;
        }
        return true;
    });
    for (const auto& replica : record.replicas) {
        auto at = table.links.find(replica.idx);
        if (at == table.links.end()) {
            LinkSnapshot from;
            from.cursorLsn = replica.fromLsn;
            at = table.links.emplace(replica.idx, std::make_unique<Link>(links_, record.id, replica.idx, from)).first;
        }
        at->second->update();
    }
}

FoldContext Node::foldContext(const TableRecord& table) const {
    FoldContext context;
    for (const FamilyRecord& family : table.families) {
        if (!family.live()) continue;
        context.families.push_back(
            FoldContext::Family{family.id, family.maxVersions, family.minVersions, family.ttlSeconds * 1000});
    }
    context.nowMs = seams_.clock.wallMs();
    context.deleteTtlMs = seams_.faults.hit("bug-tombstones-purged") ? 0 : table.deleteTtlMs();
    const auto at = tables_.find(table.id);
    context.keepTombstones = at != tables_.end() && at->second->bootstrap.running();
    return context;
}

void Node::copySession(std::uint32_t tableId, std::uint64_t session, bool begin) {
    TableRuntime* runtime = table(tableId);
    const TableRecord* record = catalog_.byId(tableId);
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
    for (auto& [id, table] : tables_) {
        if (!table->bootstrap.forget(session)) continue;
        if (const TableRecord* record = catalog_.byId(id)) table->state->setFoldContext(foldContext(*record));
    }
}

}  // namespace tributary::engine
