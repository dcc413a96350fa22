// The typed operation: a verb and its validated parameters, whoever asked for it and in whatever dialect.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace tributary {

/// Everything that can be asked of a system. The order is the order of the schema and of help; names, not numbers,
/// travel and are stored (see verbName()).
enum class Verb {
    TableCreate,
    TableEdit,
    TableInfo,
    TableDelete,
    TableListRecent,
    TableRegionList,
    CfCreate,
    CfEdit,
    CfDelete,
    CfList,
    ColumnPermGet,
    ColumnPermSet,
    ColumnPermDelete,
    ReplicaAdd,
    ReplicaAutosetup,
    ReplicaEdit,
    ReplicaList,
    ReplicaPause,
    ReplicaResume,
    ReplicaRemove,
    UpstreamAdd,
    UpstreamList,
    UpstreamRemove,
    GatewaySet,
    GatewayGet,
    GatewayDelete,
    GatewayList,
    GatewayLocal,
    GatewayResolve,
    AlarmList,
    AlarmNames,
    AlarmRaise,
    AlarmClear,
    AlarmClearAll,
    VolumeModify,
    NodeServices,
    CopyTable,
    DiffTables,
    DiffTablesWithCrc,
    StreamCreate,
    StreamEdit,
    StreamInfo,
    StreamDelete,
    StreamTopicCreate,
    StreamTopicEdit,
    StreamTopicInfo,
    StreamTopicList,
    StreamTopicDelete,
    StreamCursorList,
    StreamCursorDelete,
    StreamAssignList,
    StreamReplicaAdd,
    StreamReplicaAutosetup,
    StreamReplicaEdit,
    StreamReplicaList,
    StreamReplicaPause,
    StreamReplicaResume,
    StreamReplicaRemove,
    StreamUpstreamAdd,
    StreamUpstreamList,
    StreamUpstreamRemove,
    CopyStream,
    DiffStreams,
    DiffStreamsWithCrc,
    PerfProducer,
    PerfConsumer,
    StreamAnalyzer,
    JsonCopyTable,
    JsonDiffTables,
    JsonDiffTablesWithCrc,
    JsonImport,
    JsonExport,
    InstanceStart,
    InstanceStop,
    InstanceRestart,
    InstanceKill,
    InstanceStatus,
    InstanceCheck,
    InstanceClean,
    BoxRun,
    InstanceSet,
    InstanceUnset,
    InstancePinUuid,
    InstanceAdd,
    InstanceRemove,
    InstanceWipe,
    InstanceSaveRows,
    VoltInit,
    VoltStart,
    VoltPromote,
    VoltPause,
    VoltResume,
    VoltDrReset,
    VoltDrDrop,
    VoltShutdown,
    VoltStatus,
    VoltSave,
    VoltRestore,
    VoltUpdate,
    SqlRun
};

/// How many verbs there are; they are numbered 0 .. kVerbCount-1.
inline constexpr std::size_t kVerbCount = static_cast<std::size_t>(Verb::SqlRun) + 1;

/// One thing to do. Build it with makeOperation() (core/operations/schema.h), which guarantees what is said here; a
/// hand-built one is checked only when it passes makeOperation() or operationFromJson().
struct Operation {
    Verb verb = Verb::TableInfo;
    /// Canonical lower-case option name without dash -> canonical value. Booleans are "true"/"false", integers
    /// decimal, paths absolute without doubled or trailing slashes, columns and access expressions in canonical
    /// spelling, lists separated by one blank or comma. Only what was given: no defaults are filled in, because
    /// "not given" and "given as the default" differ for edits.
    std::map<std::string, std::string> params;
    std::string cluster;  ///< the cluster asked (-cluster); empty means the one the session works in
    bool json = false;    ///< the answer is wanted as the JSON envelope

    [[nodiscard]] bool has(std::string_view name) const;
    /// The given value, or `fallback` when the parameter was not given.
    [[nodiscard]] std::string text(std::string_view name, std::string_view fallback = {}) const;
    /// A boolean parameter; `fallback` when not given.
    [[nodiscard]] bool flag(std::string_view name, bool fallback = false) const;
    /// An integer parameter; `fallback` when not given (or, in a hand-built operation, not a number).
    [[nodiscard]] std::int64_t integer(std::string_view name, std::int64_t fallback = 0) const;

    friend bool operator==(const Operation&, const Operation&) = default;
};

/// Stable name of a verb, as stored, sent and shown: "table replica add".
[[nodiscard]] std::string_view verbName(Verb verb);

}  // namespace tributary
