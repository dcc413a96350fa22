// The verbs and the functions that carry them out.
#include "engine/admin/tableadmin.h"

#include <fmt/format.h>

#include "core/systems/maprdb/naming.h"
#include "engine/admin/edgeadmin.h"
#include "engine/admin/streamadmin.h"
#include "engine/admin/tableadminparts.h"

namespace tributary::engine::maprdb {
namespace admin {
namespace {

Result<Outcome> dispatchTable(const Command& command) {
    switch (command.op.verb) {
        case Verb::TableCreate: return tableCreate(command);
        case Verb::TableEdit: return tableEdit(command);
        case Verb::TableInfo: return tableInfo(command);
        case Verb::TableDelete: return tableDelete(command);
        case Verb::TableListRecent: return tableListRecent(command);
        case Verb::TableRegionList: return tableRegionList(command);
        case Verb::CfCreate: return familyCreate(command);
        case Verb::CfEdit: return familyEdit(command);
        case Verb::CfDelete: return familyDelete(command);
        case Verb::CfList: return familyList(command);
        case Verb::ColumnPermGet: return columnPermGet(command);
        case Verb::ColumnPermSet: return columnPermSet(command);
        case Verb::ColumnPermDelete: return columnPermDelete(command);
        case Verb::ReplicaAdd: return replicaAdd(command);
        case Verb::ReplicaAutosetup: return replicaAutosetup(command);
        case Verb::ReplicaEdit: return replicaEdit(command);
        case Verb::ReplicaList: return replicaList(command);
        case Verb::ReplicaPause: return pauseReplica(command, tableEdges(), true);
        case Verb::ReplicaResume: return pauseReplica(command, tableEdges(), false);
        case Verb::ReplicaRemove: return removeReplica(command, tableEdges());
        case Verb::UpstreamAdd: return upstreamAdd(command);
        case Verb::UpstreamList: return listUpstreams(command, tableEdges());
        case Verb::UpstreamRemove: return removeUpstream(command, tableEdges());
        default: return dispatchStream(command);
    }
}

Result<Outcome> dispatch(const Command& command) {
    switch (command.op.verb) {
        case Verb::GatewaySet: return gatewaySet(command);
        case Verb::GatewayGet: return gatewayGet(command);
        case Verb::GatewayDelete: return gatewayDelete(command);
        case Verb::GatewayList: return gatewayList(command);
        case Verb::GatewayLocal: return gatewayLocal(command);
        case Verb::GatewayResolve: return gatewayResolve(command);
        case Verb::NodeServices: return nodeServices(command);
        case Verb::AlarmList: return alarmList(command);
        case Verb::AlarmNames: return alarmNames(command);
        case Verb::AlarmRaise: return alarmRaise(command);
        case Verb::AlarmClear: return alarmClear(command);
        case Verb::AlarmClearAll: return alarmClearAll(command);
        case Verb::VolumeModify: return volumeModify(command);
        case Verb::CopyTable:
        case Verb::JsonCopyTable: return copyTableTool(command);
        case Verb::DiffTables:
        case Verb::DiffTablesWithCrc:
        case Verb::JsonDiffTables:
        case Verb::JsonDiffTablesWithCrc: return diffTablesTool(command);
        case Verb::JsonImport: return importJsonTool(command);
        case Verb::JsonExport: return exportJsonTool(command);
        default: return dispatchTable(command);
    }
}

}  // namespace

Result<std::string> Command::path(std::string_view option) const {
    const std::string where = "-" + std::string(option);
    if (!op.has(option)) {
        return Error{ErrorCode::InvalidInput, fmt::format("'{}' needs {}", verbName(op.verb), where), where,
                     fmt::format("add {} /mapr/<cluster>/<table>", where)};
    }
    return calls.fullPath(op.text(option), op.cluster, where);
}

}  // namespace admin

TableAdmin::TableAdmin(ClusterDirectory& directory, std::string user, NowMs nowMs, AdminOptions options)
    : directory_(directory), user_(std::move(user)), nowMs_(std::move(nowMs)), options_(std::move(options)) {}

namespace {

// Where a command runs: at the table it is about (a copy or comparison at its source), else at the cluster it asks.
std::string homeOf(const ClusterCalls& calls, const Operation& op) {
    for (const char* option : {"path", "src"}) {
        if (!op.has(option)) continue;
        const Result<std::string> path = calls.fullPath(op.text(option), op.cluster, option);
        return path ? clusterOf(*path) : std::string();  // refused in a moment, with the reason
    }
    return calls.sessionCluster(op.cluster).valueOr(std::string());
}

}  // namespace

Result<Outcome> TableAdmin::execute(const Operation& op, Millis timeoutMs) {
    ClusterCalls calls(directory_, nowMs_, timeoutMs);
    calls.standAt(homeOf(calls, op));
    calls.setPause(options_.pause);
    return admin::dispatch(admin::Command{calls, op, user_, options_});
}

}  // namespace tributary::engine::maprdb
