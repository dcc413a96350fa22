// The catalog of one cluster: materialised from the log, changed only by catalog entries.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/catalog/records.h"

namespace tributary::engine {

/// One change, as logged: absolute, so that replaying it twice changes nothing.
/// Grammar: engine/README.md, "Catalog entries".
struct CatalogChange {
    enum class What { TablePut, TableDrop, GatewaysPut, VolumePut };
    What what = What::TablePut;
    TableRecord table;                  ///< TablePut (whole record); TableDrop uses its id only
    std::string cluster;                ///< GatewaysPut: the destination cluster
    std::vector<std::string> gateways;  ///< GatewaysPut: empty = delete
    std::string volume;                 ///< VolumePut
    std::int64_t lagThresholdSeconds = 0;

    static CatalogChange put(TableRecord record);
    static CatalogChange drop(std::uint32_t tableId);
};

[[nodiscard]] Bytes encodeChange(const CatalogChange& change);
Result<CatalogChange> decodeChange(BytesView payload);

/// The materialised catalog. Executor's thread only.
class Catalog {
public:
    /// Applies a logged change at `lsn`; new families get createdLsn = lsn, newly dropped ones droppedLsn = lsn.
    void apply(const CatalogChange& change, Lsn lsn);

    [[nodiscard]] const TableRecord* byPath(std::string_view path) const;
    [[nodiscard]] const TableRecord* byId(std::uint32_t id) const;
    [[nodiscard]] const TableRecord* byUuid(const Uuid& uuid) const;
    [[nodiscard]] const std::map<std::uint32_t, TableRecord>& tables() const { return tables_; }
    [[nodiscard]] std::uint32_t nextTableId() const { return nextTableId_; }
    /// Gateways set by `cluster gateway set` for a destination; nullptr when none were.
    [[nodiscard]] const std::vector<std::string>* gatewaysFor(const std::string& cluster) const;
    [[nodiscard]] const std::map<std::string, std::vector<std::string>>& gateways() const { return gateways_; }
    [[nodiscard]] std::int64_t lagThresholdSeconds(const std::string& volume) const;  ///< 0 = never set

    /// Forgets dropped families that no entry at or above `lsn` of this table can name.
    void forgetDroppedFamilies(std::uint32_t tableId, Lsn belowLsn);

    [[nodiscard]] Json snapshot() const;
    Status restore(const Json& json);

private:
    std::map<std::uint32_t, TableRecord> tables_;
    std::map<std::string, std::vector<std::string>> gateways_;
    std::map<std::string, std::int64_t> volumes_;
    std::uint32_t nextTableId_ = 1;
};

/// "/mapr/<cluster>/<rest>" -> cluster, or empty.
[[nodiscard]] std::string clusterOfPath(std::string_view path);
/// The volume of a path, as alarms name it: "/mapr/<cluster>" for a table at the top, else its first folder.
[[nodiscard]] std::string volumeOfPath(std::string_view path);

}  // namespace tributary::engine
