// Private to table administration: one function per verb, grouped by file, and what they share.
#pragma once

#include "engine/admin/tableadmin.h"

namespace tributary::engine::maprdb::admin {

/// One running command.
struct Command {
    ClusterCalls& calls;
    const Operation& op;
    const std::string& user;
    const AdminOptions& options;

    /// The full path that an option names. InvalidInput when the option is missing.
    [[nodiscard]] Result<std::string> path(std::string_view option) const;
    /// The cluster that a command without a path is for.
    [[nodiscard]] Result<std::string> cluster() const { return calls.sessionCluster(op.cluster); }
};

// tableadmintable.cpp
Result<Outcome> tableCreate(const Command& command);
Result<Outcome> tableEdit(const Command& command);
Result<Outcome> tableInfo(const Command& command);
Result<Outcome> tableDelete(const Command& command);
Result<Outcome> tableListRecent(const Command& command);
Result<Outcome> tableRegionList(const Command& command);
// tableadminfamily.cpp
Result<Outcome> familyCreate(const Command& command);
Result<Outcome> familyEdit(const Command& command);
Result<Outcome> familyDelete(const Command& command);
Result<Outcome> familyList(const Command& command);
Result<Outcome> columnPermGet(const Command& command);
Result<Outcome> columnPermSet(const Command& command);
Result<Outcome> columnPermDelete(const Command& command);
// tableadminreplica.cpp
Result<Outcome> replicaAdd(const Command& command);
Result<Outcome> replicaEdit(const Command& command);
Result<Outcome> replicaList(const Command& command);
// tableadminautosetup.cpp
Result<Outcome> replicaAutosetup(const Command& command);
// tableadminupstream.cpp
Result<Outcome> upstreamAdd(const Command& command);
// tableadmingateway.cpp
Result<Outcome> gatewaySet(const Command& command);
Result<Outcome> gatewayGet(const Command& command);
Result<Outcome> gatewayDelete(const Command& command);
Result<Outcome> gatewayList(const Command& command);
Result<Outcome> gatewayLocal(const Command& command);
Result<Outcome> gatewayResolve(const Command& command);
Result<Outcome> nodeServices(const Command& command);
// tableadminalarm.cpp
Result<Outcome> alarmList(const Command& command);
Result<Outcome> alarmNames(const Command& command);
Result<Outcome> alarmRaise(const Command& command);
Result<Outcome> alarmClear(const Command& command);
Result<Outcome> alarmClearAll(const Command& command);
Result<Outcome> volumeModify(const Command& command);
// tableadmintools.cpp
Result<Outcome> copyTableTool(const Command& command);
Result<Outcome> diffTablesTool(const Command& command);
// jsonfiles.cpp
Result<Outcome> importJsonTool(const Command& command);
Result<Outcome> exportJsonTool(const Command& command);

[[nodiscard]] inline bool isJsonTable(const TableRecord& table) {
    return table.kind == "json";
}

/// Shared by replica add and autosetup: the two ends of an edge, checked as far as the documents demand before
/// anything is changed (maprdb.md sections 1.4 and 2.1).
Status checkEnds(const TableDescription& source, const TableDescription& replica, bool waitsForBulkLoad = false);
/// InvalidInput unless every family that `columns` names exists at the source.
Status checkColumns(const TableDescription& source, const std::string& columns);
/// The families of those that `columns` sends (empty = all) which the replica lacks; none for JSON tables.
[[nodiscard]] std::vector<std::string> missingFamilies(const TableRecord& source, const TableRecord& replica,
                                                       const std::string& columns);
/// "maprcli table cf create -path P -cfname F".
[[nodiscard]] std::string createFamilyCommand(const std::string& path, const std::string& family);
/// The body of an AddReplica request, as the operation's options say.
[[nodiscard]] Json replicaBody(const Operation& op, const TableRecord& source, const TableRecord& replica);
/// Registers `source` at `replica`; AlreadyExists counts as done when `tolerant`.
Status registerUpstream(ClusterCalls& calls, const TableRecord& replica, const TableRecord& source, bool tolerant);

}  // namespace tributary::engine::maprdb::admin
