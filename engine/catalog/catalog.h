// The catalog of one cluster: materialised from the log, changed only by catalog entries.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/catalog/datasetrecord.h"

namespace tributary::engine {

/// One change, as logged: absolute, so that replaying it twice changes nothing.
/// Grammar: engine/catalog/README.md, "Catalog entries".
struct CatalogChange {
    enum class What { DatasetPut, DatasetDrop, GatewaysPut, VolumePut };
    What what = What::DatasetPut;
    DatasetRecord dataset;              ///< DatasetPut (whole record); DatasetDrop uses its id only
    std::string cluster;                ///< GatewaysPut: the destination cluster
    std::vector<std::string> gateways;  ///< GatewaysPut: empty = delete
    std::string volume;                 ///< VolumePut: what alarms are raised for
    std::int64_t lagThresholdSeconds = 0;

    static CatalogChange put(DatasetRecord record);
    static CatalogChange drop(std::uint32_t datasetId);
};

[[nodiscard]] Bytes encodeChange(const CatalogChange& change);
/// Errors: Corrupt, Unsupported (a kind that is not in the list).
Result<CatalogChange> decodeChange(BytesView payload, const Kinds& kinds);

/// The materialised catalog. Executor's thread only.
class Catalog {
public:
    /// The kinds outlive it.
    explicit Catalog(const Kinds& kinds) : kinds_(&kinds) {}

    /// Applies a logged change at `lsn`: what is new in it since then learns that it is (DatasetKind::settled).
    void apply(const CatalogChange& change, Lsn lsn);

    [[nodiscard]] const DatasetRecord* byPath(std::string_view path) const;
    [[nodiscard]] const DatasetRecord* byId(std::uint32_t id) const;
    [[nodiscard]] const DatasetRecord* byUuid(const Uuid& uuid) const;
    [[nodiscard]] const std::map<std::uint32_t, DatasetRecord>& datasets() const { return datasets_; }
    [[nodiscard]] std::uint32_t nextId() const { return nextId_; }
    [[nodiscard]] const Kinds& kinds() const { return *kinds_; }
    /// Gateways set by `cluster gateway set` for a destination; nullptr when none were.
    [[nodiscard]] const std::vector<std::string>* gatewaysFor(const std::string& cluster) const;
    [[nodiscard]] const std::map<std::string, std::vector<std::string>>& gateways() const { return gateways_; }
    [[nodiscard]] std::int64_t lagThresholdSeconds(const std::string& volume) const;  ///< 0 = never set

    /// Forgets what the dataset has dropped and no entry above `lsn` of it can name (DatasetKind::withoutGone).
    void forgetGone(std::uint32_t datasetId, Lsn lsn);

    [[nodiscard]] Json snapshot() const;
    Status restore(const Json& json);

private:
    const Kinds* kinds_;
    std::map<std::uint32_t, DatasetRecord> datasets_;
    std::map<std::string, std::vector<std::string>> gateways_;
    std::map<std::string, std::int64_t> volumes_;
    std::uint32_t nextId_ = 1;
};

}  // namespace tributary::engine
