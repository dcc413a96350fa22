// Applying catalog entries, and the snapshot form.
#include "engine/catalog/catalog.h"

#include <algorithm>

#include "core/base/jsonnumbers.h"

namespace tributary::engine {

CatalogChange CatalogChange::put(DatasetRecord record) {
    CatalogChange change;
    change.dataset = std::move(record);
    return change;
}

CatalogChange CatalogChange::drop(std::uint32_t datasetId) {
    CatalogChange change;
    change.what = What::DatasetDrop;
    change.dataset.id = datasetId;
    return change;
}

Bytes encodeChange(const CatalogChange& change) {
    Json json{{"what", static_cast<int>(change.what)}};
    switch (change.what) {
        case CatalogChange::What::DatasetPut: json["table"] = toJson(change.dataset); break;
        case CatalogChange::What::DatasetDrop: json["id"] = change.dataset.id; break;
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

Result<CatalogChange> decodeChange(BytesView payload, const Kinds& kinds) try {
    if (const Status numbers = checkWholeNumbers(payload); !numbers) {
        return Error{ErrorCode::Corrupt, "a catalog change: " + numbers.error().what, {}, {}};
    }
    const Json json = Json::parse(payload);
    CatalogChange change;
    change.what = static_cast<CatalogChange::What>(json.at("what").get<int>());
    switch (change.what) {
        case CatalogChange::What::DatasetPut: {
            auto dataset = datasetFromJson(json.at("table"), kinds);
            if (!dataset) return dataset.error();
            change.dataset = std::move(dataset).value();
            break;
        }
        case CatalogChange::What::DatasetDrop: change.dataset.id = json.at("id"); break;
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
        case CatalogChange::What::DatasetPut: {
            DatasetRecord dataset = change.dataset;
            if (dataset.createdLsn == 0) dataset.createdLsn = lsn;
            dataset.schema = dataset.kind().settled(dataset.schema, lsn);
            for (auto& replica : dataset.replicas) {
                if (replica.fromLsn == 0) replica.fromLsn = lsn;
                for (auto& [upTo, earlier] : replica.earlierProjections) {
                    if (upTo == 0) upTo = lsn;
                }
            }
            nextId_ = std::max(nextId_, dataset.id + 1);
            datasets_[dataset.id] = std::move(dataset);
            break;
        }
        case CatalogChange::What::DatasetDrop: datasets_.erase(change.dataset.id); break;
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

const DatasetRecord* Catalog::byPath(std::string_view path) const {
    for (const auto& [id, dataset] : datasets_) {
        if (dataset.path == path) return &dataset;
    }
    return nullptr;
}

const DatasetRecord* Catalog::byId(std::uint32_t id) const {
    const auto at = datasets_.find(id);
    return at == datasets_.end() ? nullptr : &at->second;
}

const DatasetRecord* Catalog::byUuid(const Uuid& uuid) const {
    for (const auto& [id, dataset] : datasets_) {
        if (dataset.uuid == uuid) return &dataset;
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

void Catalog::forgetGone(std::uint32_t datasetId, Lsn lsn) {
    const auto at = datasets_.find(datasetId);
    if (at == datasets_.end()) return;
    at->second.schema = at->second.kind().withoutGone(at->second.schema, lsn);
}

Json Catalog::snapshot() const {
    Json json{{"nexttable", nextId_}, {"gateways", gateways_}, {"volumes", volumes_}, {"tables", Json::array()}};
    for (const auto& [id, dataset] : datasets_) json["tables"].push_back(toJson(dataset));
    return json;
}

Status Catalog::restore(const Json& json) try {
    datasets_.clear();
    for (const auto& item : json.at("tables")) {
        auto dataset = datasetFromJson(item, *kinds_);
        if (!dataset) return dataset.error();
        const std::uint32_t id = dataset.value().id;
        datasets_.emplace(id, std::move(dataset).value());
    }
    gateways_ = json.at("gateways").get<std::map<std::string, std::vector<std::string>>>();
    volumes_ = json.at("volumes").get<std::map<std::string, std::int64_t>>();
    nextId_ = json.at("nexttable");
    return okStatus();
} catch (const nlohmann::json::exception& problem) {
    return Error{ErrorCode::Corrupt, std::string("catalog snapshot: ") + problem.what(), {}, {}};
}

}  // namespace tributary::engine
