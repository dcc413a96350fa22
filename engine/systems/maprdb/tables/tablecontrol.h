// Tables at one node: who may write, requests, and what alarms and status say of them.
#pragma once

#include "engine/node/controlserver.h"
#include "engine/systems/maprdb/tables/access.h"
#include "engine/systems/maprdb/tables/tableapi.h"

namespace tributary::engine::maprdb {

/// A part of its node; executor's thread only.
class TableControl final : public ControlKind {
public:
    explicit TableControl(Node& node) : node_(node), access_(node.config().groups) {}

    [[nodiscard]] const DatasetKind& kind() const override;
    void addRequests(ControlRequests& requests) override;
    [[nodiscard]] Result<CheckedWrite> checkWrite(const PutRequest& request, const DatasetRecord* record) override;
    [[nodiscard]] std::string alarmEntity(const std::string& path) const override;
    [[nodiscard]] bool knowsEntity(const std::string& entity) const override;
    [[nodiscard]] std::string_view entityNouns() const override { return "table, volume"; }
    [[nodiscard]] Json linkJson(const ShownLink& link) const override;

    [[nodiscard]] Access& access() { return access_; }

private:
    Node& node_;
    Access access_;
};

/// The tables of a node that holds them.
[[nodiscard]] TableControl& tablesOf(Node& node);
/// What a node must be told to hold tables, and nothing else.
[[nodiscard]] std::shared_ptr<const NodeKinds> onlyTables();

// Each file of requests adds its own.
void addCatalogRequests(ControlRequests& requests);
void addEdgeRequests(ControlRequests& requests);
void addDataRequests(ControlRequests& requests);
void addVolumeRequests(ControlRequests& requests);

/// The record of a table's path, or NotFound with the next command to try. A path of another cluster, and a dataset
/// that is no table, are InvalidInput.
Result<const DatasetRecord*> recordOf(Node& node, const std::string& path);
/// The identity of a new dataset: of its own, or the one that a source which sets up a replica has chosen, so that it
/// finds it again after a crash. Errors: InvalidInput, Conflict (another dataset has it).
[[nodiscard]] Result<Uuid> uuidFor(const ControlCall& call, const Json& body);
/// What an AddReplica request with "autosetup" says of a set-up by the source, into its new record: {multimaster,
/// existing, columns}. Without "autosetup" nothing is done. Errors: InvalidInput.
[[nodiscard]] Status askSetup(Node& node, const Json& body, const std::string& user, ReplicaRecord& replica);
/// Whether a link of this cluster can be encrypted, when the request asks for it. Conflict: there are no certificates.
[[nodiscard]] Status checkEncryption(const Node& node, const Json& body);
/// A link as `replica list` and status show it, of a dataset of any kind of this system: without what only tables have.
[[nodiscard]] Json shownLinkJson(Node& node, const ShownLink& link);
/// The answer of ListReplicas; figures may be as old as the cache lets them, unless `refresh`.
[[nodiscard]] Json shownLinksJson(Node& node, const DatasetRecord& record, DatasetRuntime& runtime, bool refresh);
/// The cluster's own volume; it is there without tables, too.
[[nodiscard]] std::string rootVolume(const Node& node);

}  // namespace tributary::engine::maprdb
