// Catalog changes through the log, and what follows from them for tables, links and sessions.
#include <fmt/format.h>

#include "engine/node/node.h"

namespace tributary::engine {

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
    auto made = make(catalog_);
    if (!made) {
        done(made.error());
        return;
    }
    auto change = std::make_shared<CatalogChange>(std::move(made).value());
    auto payload = std::make_shared<const Bytes>(encodeChange(*change));
    EntryEnvelope envelope;
    envelope.kind = EntryKind::Catalog;
    envelope.datasetId = 0;
    envelope.receivedMs = seams_.clock.wallMs();
    catalogBusy_ = true;
    auto lsn = std::make_shared<Lsn>(0);
    *lsn = log_->append(envelope, payload,
                        [this, alive = alive_, change, lsn, done = std::move(done)](const Status& status) {
                            if (!*alive) return;
                            if (status) {
                                applyCatalog(*change, *lsn);
                            } else {
                                failWaiters(*lsn, status);
                            }
                            catalogBusy_ = false;
                            done(status);
                            settle();
                        });
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
                for (auto& [idx, shipper] : table->shippers) shipper->update();
            }
            break;
        case CatalogChange::What::VolumePut: break;
    }
}

void Node::refreshTable(std::uint32_t tableId) {
    const TableRecord* record = catalog_.byId(tableId);
    if (record == nullptr) return;
    auto at = tables_.find(tableId);
    if (at == tables_.end()) {
        auto runtime = openRuntime(*record);
        if (!runtime) {
            recoveryNote_ = runtime.error().text();
            return;
        }
        at = tables_.emplace(tableId, std::move(runtime).value()).first;
    }
    TableRuntime& table = *at->second;
    table.state->setFoldContext(foldContext(*record));
    refreshShippers(table, *record);
    gateways_->revokeWhere(
        [&](std::uint32_t id, std::uint32_t upstreamIdx) {
            return id == tableId && record->upstreamByIdx(upstreamIdx) == nullptr;
        },
        "ErrNoUpstream", fmt::format("{} is no longer an upstream of the replica", "the source"));
}

void Node::refreshShippers(TableRuntime& table, const TableRecord& record) {
    std::erase_if(table.shippers, [&](const auto& item) {
        for (const auto& replica : record.replicas) {
            if (replica.idx == item.first) return false;
        }
        return true;
    });
    for (const auto& replica : record.replicas) {
        auto at = table.shippers.find(replica.idx);
        if (at == table.shippers.end()) {
            ShipperSnapshot from;
            from.cursorLsn = replica.fromLsn;
            at = table.shippers
                     .emplace(replica.idx, std::make_unique<Shipper>(shipperHost(), record.id, replica.idx, from))
                     .first;
        }
        at->second->update();
    }
}

ShipperHost Node::shipperHost() {
    ShipperHost host;
    host.seams = &seams_;
    host.config = &config_;
    host.log = [this]() -> CommitLog& { return *log_; };
    host.table = [this](std::uint32_t id) { return catalog_.byId(id); };
    host.gateways = [this](const std::string& cluster) {
        const auto* set = catalog_.gatewaysFor(cluster);
        return set == nullptr ? std::vector<std::string>{} : *set;
    };
    host.changed = [this, alive = alive_] {
        seams_.executor.post([this, alive] {
            if (*alive) evaluateAlarms();
        });
    };
    return host;
}

ReceiverHost Node::receiverHost() {
    ReceiverHost host;
    host.seams = &seams_;
    host.peerTimeoutMs = config_.peerTimeoutMs;
    host.agree = [this](const Hello& hello) { return agree(hello); };
    host.receive = [this](std::uint32_t tableId, std::uint32_t upstreamIdx, BytesView payload) {
        return receive(tableId, upstreamIdx, payload);
    };
    host.skip = [this](std::uint32_t tableId, const Skip& skip) {
        if (TableRuntime* runtime = table(tableId)) {
            runtime->durable.add(skip.lane, skip.from, skip.to);
            runtime->received.add(skip.lane, skip.from, skip.to);
        }
    };
    host.whenDurable = [this](Lsn lsn, std::function<void(const Status&)> done) { whenDurable(lsn, std::move(done)); };
    host.whenPositionsDurable = [this](std::function<void(const Status&)> done) {
        whenDurable(log_->durableLsn(), std::move(done));
    };
    host.overloaded = [this] { return overloaded(); };
    return host;
}

/// Both halves of the agreement: the table is the one the source means (uuid, not path), and it names the source.
std::variant<ReceiverHost::Agreement, Refusal> Node::agree(const Hello& hello) {
    const TableRecord* record = catalog_.byPath(hello.toPath);
    if (record == nullptr) {
        return Refusal{"ErrTableMissing", fmt::format("no table {} in cluster {}", hello.toPath, config_.cluster), 0};
    }
    if (record->uuid != hello.toUuid) {
        return Refusal{
            "ErrUuidMismatch",
            fmt::format("{} is another table than the one registered (it was deleted and made anew)", hello.toPath), 0};
    }
    const UpstreamRecord* upstream = record->upstreamByUuid(hello.fromUuid);
    if (upstream == nullptr && !seams_.faults.hit("bug-half-agreement")) {
        return Refusal{"ErrNoUpstream",
                       fmt::format("{} is not registered as upstream of {}", hello.fromPath, hello.toPath), 0};
    }
    ReceiverHost::Agreement agreement;
    agreement.tableId = record->id;
    agreement.upstreamIdx = upstream == nullptr ? 0 : upstream->idx;
    if (TableRuntime* runtime = table(record->id)) agreement.positions = runtime->durable;
    return agreement;
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
    context.keepTombstones = at != tables_.end() && !at->second->copySessions.empty();
    return context;
}

void Node::copySession(std::uint32_t tableId, std::uint64_t session, bool begin) {
    TableRuntime* runtime = table(tableId);
    const TableRecord* record = catalog_.byId(tableId);
    if (runtime == nullptr || record == nullptr) return;
    int& open = runtime->copySessions[session];
    open += begin ? 1 : -1;
    if (open <= 0) runtime->copySessions.erase(session);
    runtime->state->setFoldContext(foldContext(*record));
}

void Node::endCopySessions(std::uint64_t session) {
    for (auto& [id, table] : tables_) {
        if (table->copySessions.erase(session) == 0) continue;
        if (const TableRecord* record = catalog_.byId(id)) table->state->setFoldContext(foldContext(*record));
    }
}

}  // namespace tributary::engine
