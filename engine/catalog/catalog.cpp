// Applying catalog entries, and the snapshot form.
#include "engine/catalog/catalog.h"

#include <algorithm>

namespace tributary::engine {
namespace {

constexpr std::string_view kMount = "/mapr/";

}  // namespace

CatalogChange CatalogChange::put(TableRecord record) {
    CatalogChange change;
    change.table = std::move(record);
    return change;
}

CatalogChange CatalogChange::drop(std::uint32_t tableId) {
    CatalogChange change;
    change.what = What::TableDrop;
    change.table.id = tableId;
    return change;
}

Bytes encodeChange(const CatalogChange& change) {
    Json json{{"what", static_cast<int>(change.what)}};
    switch (change.what) {
        case CatalogChange::What::TablePut: json["table"] = toJson(change.table); break;
        case CatalogChange::What::TableDrop: json["id"] = change.table.id; break;
        case CatalogChange::What::GatewaysPut:
            json["cluster"] = change.cluster;
            json["gateways"] = change.gateways;
            break;
        case CatalogChange::What::VolumePut:
            json["volume"] = change.volume;
            json["lagthreshold"] = change.lagThresholdSeconds;
            break;
    }
    return json.dump();
}

Result<CatalogChange> decodeChange(BytesView payload) try {
    const Json json = Json::parse(payload);
    CatalogChange change;
    change.what = static_cast<CatalogChange::What>(json.at("what").get<int>());
    switch (change.what) {
        case CatalogChange::What::TablePut: {
            auto table = tableFromJson(json.at("table"));
            if (!table) return table.error();
            change.table = std::move(table).value();
            break;
        }
        case CatalogChange::What::TableDrop: change.table.id = json.at("id"); break;
        case CatalogChange::What::GatewaysPut:
            change.cluster = json.at("cluster");
            change.gateways = json.at("gateways").get<std::vector<std::string>>();
            break;
        case CatalogChange::What::VolumePut:
            change.volume = json.at("volume");
            change.lagThresholdSeconds = json.at("lagthreshold");
            break;
        default: return Error{ErrorCode::Corrupt, "unknown catalog change", {}, {}};
    }
    return change;
} catch (const nlohmann::json::exception& problem) {
    return Error{ErrorCode::Corrupt, std::string("catalog entry: ") + problem.what(), {}, {}};
}

void Catalog::apply(const CatalogChange& change, Lsn lsn) {
    switch (change.what) {
        case CatalogChange::What::TablePut: {
            TableRecord table = change.table;
            if (table.createdLsn == 0) table.createdLsn = lsn;
            for (auto& family : table.families) {
                if (family.createdLsn == 0) family.createdLsn = lsn;
                if (family.droppedLsn == UINT64_MAX) family.droppedLsn = lsn;
            }
            for (auto& replica : table.replicas) {
                if (replica.fromLsn == 0) replica.fromLsn = lsn;
                for (auto& [upTo, earlier] : replica.earlierColumns) {
                    if (upTo == 0) upTo = lsn;
                }
            }
            nextTableId_ = std::max(nextTableId_, table.id + 1);
            tables_[table.id] = std::move(table);
            break;
        }
        case CatalogChange::What::TableDrop: tables_.erase(change.table.id); break;
        case CatalogChange::What::GatewaysPut:
            if (change.gateways.empty()) {
                gateways_.erase(change.cluster);
            } else {
                gateways_[change.cluster] = change.gateways;
            }
            break;
        case CatalogChange::What::VolumePut: volumes_[change.volume] = change.lagThresholdSeconds; break;
    }
}

const TableRecord* Catalog::byPath(std::string_view path) const {
    for (const auto& [id, table] : tables_) {
        if (table.path == path) return &table;
    }
    return nullptr;
}

const TableRecord* Catalog::byId(std::uint32_t id) const {
    const auto at = tables_.find(id);
    return at == tables_.end() ? nullptr : &at->second;
}

const TableRecord* Catalog::byUuid(const Uuid& uuid) const {
    for (const auto& [id, table] : tables_) {
        if (table.uuid == uuid) return &table;
    }
    return nullptr;
}

const std::vector<std::string>* Catalog::gatewaysFor(const std::string& cluster) const {
    const auto at = gateways_.find(cluster);
    return at == gateways_.end() ? nullptr : &at->second;
}

std::int64_t Catalog::lagThresholdSeconds(const std::string& volume) const {
    const auto at = volumes_.find(volume);
    return at == volumes_.end() ? 0 : at->second;
}

void Catalog::forgetDroppedFamilies(std::uint32_t tableId, Lsn belowLsn) {
    const auto at = tables_.find(tableId);
    if (at == tables_.end()) return;
    std::erase_if(at->second.families, [&](const FamilyRecord& f) { return !f.live() && f.droppedLsn <= belowLsn; });
}

Json Catalog::snapshot() const {
    Json json{{"nexttable", nextTableId_}, {"gateways", gateways_}, {"volumes", volumes_}, {"tables", Json::array()}};
    for (const auto& [id, table] : tables_) json["tables"].push_back(toJson(table));
    return json;
}

Status Catalog::restore(const Json& json) try {
    tables_.clear();
    for (const auto& item : json.at("tables")) {
        auto table = tableFromJson(item);
        if (!table) return table.error();
        const std::uint32_t id = table.value().id;
        tables_.emplace(id, std::move(table).value());
    }
    gateways_ = json.at("gateways").get<std::map<std::string, std::vector<std::string>>>();
    volumes_ = json.at("volumes").get<std::map<std::string, std::int64_t>>();
    nextTableId_ = json.at("nexttable");
    return okStatus();
} catch (const nlohmann::json::exception& problem) {
    return Error{ErrorCode::Corrupt, std::string("catalog snapshot: ") + problem.what(), {}, {}};
}

std::string clusterOfPath(std::string_view path) {
    if (!path.starts_with(kMount)) return {};
    path.remove_prefix(kMount.size());
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos || slash == 0 || slash + 1 == path.size()) return {};
    return std::string(path.substr(0, slash));
}

std::string volumeOfPath(std::string_view path) {
    const std::string cluster = clusterOfPath(path);
    if (cluster.empty()) return {};
    const std::string_view rest = path.substr(kMount.size() + cluster.size() + 1);
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos) return "mapr." + cluster + ".root";
    return std::string(rest.substr(0, slash));
}

}  // namespace tributary::engine
