// Writes to tables are checked here, at the node, whatever the client did before.
#include "engine/systems/maprdb/tables/tablecontrol.h"

#include <fmt/format.h>

#include "engine/systems/maprdb/tables/tablebody.h"
#include "engine/systems/maprdb/tables/tablekind.h"

namespace tributary::engine::maprdb {
namespace {

std::string familyList(const TableSchema& table) {
    std::string out;
    for (const auto& family : table.families) {
        if (family.live()) out += (out.empty() ? "" : ", ") + family.name;
    }
    return out.empty() ? "none" : out;
}

Error noTable(std::string what, const std::string& path) {
    return Error{ErrorCode::NotFound, std::move(what), {}, fmt::format("maprcli table create -path {}", path)};
}

Error otherKind(const DatasetRecord& record) {
    return Error{ErrorCode::InvalidInput,
                 fmt::format("{} is a {}, not a table", record.path, record.kind().words().noun),
                 {},
                 "name a table"};
}

}  // namespace

const DatasetKind& TableControl::kind() const {
    return tableKind();
}

void TableControl::addRequests(ControlRequests& requests) {
    addCatalogRequests(requests);
    addEdgeRequests(requests);
    addDataRequests(requests);
    addVolumeRequests(requests);
}

Result<CheckedWrite> TableControl::checkWrite(const PutRequest& request, const DatasetRecord* record) {
    if (record == nullptr) {
        return noTable(fmt::format("no table {} in cluster {}", request.path, node_.config().cluster), request.path);
    }
    if (&record->kind() != &tableKind()) return otherKind(*record);
    if (Status there = node_.checkAvailable(*record); !there) return there.error();
    const auto body = parseBody(request.body);
    if (!body) return body.error();
    const TableSchema& table = schemaOf(*record);
    for (const BytesView family : body.value().families) {
        if (table.family(family) != nullptr) continue;
        return Error{
            ErrorCode::NotFound,
            fmt::format("table {} has no column family {} (it has: {})", request.path, family, familyList(table)),
            {},
            fmt::format("maprcli table cf create -path {} -cfname {}", request.path, family)};
    }
    // Before anybody looks into the mutations: they are a client's bytes.
    const auto count = countOperations(body.value());
    if (!count) {
        Error error = count.error();
        error.code = ErrorCode::InvalidInput;
        return error;
    }
    CheckedWrite write{count.value().operations, count.value().deletes, 0};
    if (request.copy) write.newestOwnStamp = newestOwnStamp(body.value());
    if (request.bySource() && request.copy && !table.bulkload()) return write;
    if (!table.bulkload()) {
        Status allowed = access_.requireWrite(*record, body.value(), request.user);
        return allowed ? Result<CheckedWrite>(write) : allowed.error();
    }
    if (!request.copy || request.bySource()) {
        return Error{ErrorCode::Conflict,
                     fmt::format("table {} is in bulk-load mode", request.path),
                     {},
                     fmt::format("maprcli table edit -path {} -bulkload false", request.path)};
    }
    Status allowed = access_.require(*record, "bulkloadperm", request.user);
    return allowed ? Result<CheckedWrite>(write) : allowed.error();
}

std::string TableControl::alarmEntity(const std::string& path) const {
    return volumeOfPath(path);
}

bool TableControl::knowsEntity(const std::string& entity) const {
    return entity == rootVolume(node_);
}

std::string rootVolume(const Node& node) {
    return "mapr." + node.config().cluster + ".root";
}

TableControl& tablesOf(Node& node) {
    return static_cast<TableControl&>(node.control(tableKind()));
}

std::shared_ptr<const NodeKinds> onlyTables() {
    const auto make = [](Node& node) -> std::unique_ptr<ControlKind> { return std::make_unique<TableControl>(node); };
    return std::make_shared<const NodeKinds>(NodeKinds{Kinds({&tableKind()}), {make}, {&pushLinks()}});
}

Result<Uuid> uuidFor(const ControlCall& call, const Json& body) {
    Node& node = call.node;
    if (call.caller == nullptr || !body.contains("uuid")) {
        return Uuid::fromRandom(node.seams().random.next(), node.seams().random.next());
    }
    auto uuid = Uuid::parse(body.at("uuid").get<std::string>());
    if (!uuid) return uuid.error();
    const DatasetRecord* holder = node.catalog().byUuid(uuid.value());
    if (holder == nullptr || holder->path == body.at("path").get<std::string>()) return uuid;
    return Error{ErrorCode::Conflict, fmt::format("{} has the identity of the replica", holder->path), {}, {}};
}

Result<const DatasetRecord*> recordOf(Node& node, const std::string& path) {
    const std::string cluster = clusterOfPath(path);
    if (cluster != node.config().cluster) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("{} is not a path of cluster {}", path, node.config().cluster),
                     {},
                     fmt::format("write it as /mapr/{}/<name>", node.config().cluster)};
    }
    const DatasetRecord* record = node.catalog().byPath(path);
    if (record == nullptr) return noTable(fmt::format("no table {}", path), path);
    if (anyTableKind(record->kind()) == nullptr) return otherKind(*record);
    return record;
}

}  // namespace tributary::engine::maprdb
