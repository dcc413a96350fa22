// The tables of columns.
#include "engine/systems/voltdb/statistics/columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"

namespace tributary::engine::voltdb {

namespace {

using Type = StatisticType;
using Columns = std::vector<StatisticColumn>;

/// What every row of a host begins with.
Columns behindHost(const Columns& rest) {
    Columns out{{"TIMESTAMP", Type::Bigint}, {"HOST_ID", Type::Integer}, {"HOSTNAME", Type::Varchar}};
    out.insert(out.end(), rest.begin(), rest.end());
    return out;
}

StatisticTable role() {
    return {"DRROLE", {{"ROLE", Type::Varchar}, {"STATE", Type::Varchar}, {"REMOTE_CLUSTER_ID", Type::Integer}}};
}

StatisticTable producerPartition() {
    return {"DRPRODUCERPARTITION", behindHost({{"CLUSTER_ID", Type::Integer},
                                               {"REMOTE_CLUSTER_ID", Type::Integer},
                                               {"PARTITION_ID", Type::Integer},
                                               {"STREAMTYPE", Type::Varchar},
                                               {"TOTALBYTES", Type::Bigint},
                                               {"TOTALBYTESINMEMORY", Type::Bigint},
                                               {"TOTALBUFFERS", Type::Bigint},
                                               {"LASTQUEUEDDRID", Type::Bigint},
                                               {"LASTACKDRID", Type::Bigint},
                                               {"LASTQUEUEDTIMESTAMP", Type::Timestamp},
                                               {"LASTACKTIMESTAMP", Type::Timestamp},
                                               {"ISSYNCED", Type::Varchar},
                                               {"MODE", Type::Varchar},
                                               {"QUEUE_GAP", Type::Bigint},
                                               {"CONNECTION_STATUS", Type::Varchar},
                                               {"AVAILABLE_BYTES", Type::Bigint},
                                               {"AVAILABLE_BUFFERS", Type::Bigint},
                                               {"CONSUMER_LIMIT_TYPE", Type::Varchar}})};
}

StatisticTable producerNode() {
    return {"DRPRODUCERNODE", behindHost({{"CLUSTER_ID", Type::Integer},
                                          {"REMOTE_CLUSTER_ID", Type::Integer},
                                          {"STATE", Type::Varchar},
                                          {"SYNCSNAPSHOTSTATE", Type::Varchar},
                                          {"ROWSINSYNCSNAPSHOT", Type::Bigint},
                                          {"ROWSACKEDFORSYNCSNAPSHOT", Type::Bigint},
                                          {"QUEUEDEPTH", Type::Bigint},
                                          {"REMOTECREATIONTIMESTAMP", Type::Timestamp}})};
}

StatisticTable producerCluster() {
    return {"DRPRODUCERCLUSTER",
            {{"CLUSTER_ID", Type::Integer},
             {"REMOTE_CLUSTER_ID", Type::Integer},
             {"STATE", Type::Varchar},
             {"LASTFAILURE", Type::Integer}}};
}

StatisticTable consumerNode() {
    return {"DRCONSUMERNODE", behindHost({{"CLUSTER_ID", Type::Integer},
                                          {"REMOTE_CLUSTER_ID", Type::Integer},
                                          {"STATE", Type::Varchar},
                                          {"REPLICATION_RATE_1M", Type::Bigint},
                                          {"REPLICATION_RATE_5M", Type::Bigint},
                                          {"REMOTE_CREATION_TIMESTAMP", Type::Timestamp}})};
}

StatisticTable consumerPartition() {
    return {"DRCONSUMERPARTITION", behindHost({{"CLUSTER_ID", Type::Integer},
                                               {"REMOTE_CLUSTER_ID", Type::Integer},
                                               {"PARTITION_ID", Type::Integer},
                                               {"IS_COVERED", Type::Varchar},
                                               {"COVERING_HOST", Type::Varchar},
                                               {"LAST_RECEIVED_TIMESTAMP", Type::Timestamp},
                                               {"LAST_APPLIED_TIMESTAMP", Type::Timestamp},
                                               {"IS_PAUSED", Type::Varchar},
                                               {"DUPLICATE_BUFFERS", Type::Bigint},
                                               {"IGNORED_BUFFERS", Type::Bigint},
                                               {"AVAILABLE_BYTES", Type::Bigint},
                                               {"AVAILABLE_BUFFERS", Type::Bigint},
                                               {"CONSUMER_LIMIT_TYPE", Type::Varchar}})};
}

StatisticTable consumerCluster() {
    return {"DRCONSUMERCLUSTER",
            {{"CLUSTER_ID", Type::Integer},
             {"REMOTE_CLUSTER_ID", Type::Integer},
             {"STATE", Type::Varchar},
             {"LAST_FAILURE", Type::Integer}}};
}

StatisticTable conflictsTable() {
    return {"DRCONFLICTS", behindHost({{"CLUSTER_ID", Type::Integer},
                                       {"REMOTE_CLUSTER_ID", Type::Integer},
                                       {"PARTITION_ID", Type::Integer},
                                       {"TABLE_NAME", Type::Varchar},
                                       {"LAST_CONFLICT_TIMESTAMP", Type::Bigint},
                                       {"TOTAL_CONFLICT_COUNT", Type::Bigint},
                                       {"DIVERGENCE_COUNT", Type::Bigint},
                                       {"MISSING_ROW_COUNT", Type::Bigint},
                                       {"TIMESTAMP_MISMATCH_COUNT", Type::Bigint},
                                       {"CONSTRAINT_VIOLATION_COUNT", Type::Bigint}})};
}

struct SelectorRow {
    std::string name;
    std::vector<StatisticTable> tables;
};

const std::vector<SelectorRow>& selectorRows() {
    static const std::vector<SelectorRow> kRows{
        {"DRROLE", {role()}},
        {"DRPRODUCER", {producerPartition(), producerNode(), producerCluster()}},
        {"DR", {producerPartition(), producerNode(), producerCluster()}},
        {"DRPRODUCERPARTITION", {producerPartition()}},
        {"DRPRODUCERNODE", {producerNode()}},
        {"DRPRODUCERCLUSTER", {producerCluster()}},
        {"DRCONSUMER", {consumerNode(), consumerPartition(), consumerCluster()}},
        {"DRCONSUMERNODE", {consumerNode()}},
        {"DRCONSUMERPARTITION", {consumerPartition()}},
        {"DRCONSUMERCLUSTER", {consumerCluster()}},
        {"DRCONFLICTS", {conflictsTable()}}};
    return kRows;
}

}  // namespace

const std::vector<std::string>& statisticSelectors() {
    static const std::vector<std::string> kNames = [] {
        std::vector<std::string> out;
        for (const SelectorRow& each : selectorRows()) out.push_back(each.name);
        return out;
    }();
    return kNames;
}

Result<std::vector<StatisticTable>> statisticTables(std::string_view selector) {
    const std::string wanted = toLower(selector);
    for (const SelectorRow& each : selectorRows()) {
        if (toLower(each.name) == wanted) return each.tables;
    }
    std::string upper(selector);
    std::transform(upper.begin(), upper.end(), upper.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    const std::string near = nearest(upper, statisticSelectors());
    return Error{ErrorCode::InvalidInput,
                 fmt::format("'{}' is no selector of @Statistics about replication", selector),
                 {},
                 near.empty() ? fmt::format("one of: {}", join(statisticSelectors(), ", "))
                              : fmt::format("did you mean {}?", near)};
}

std::string_view drStateName(DrState state) {
    switch (state) {
        case DrState::Disabled: return "DISABLED";
        case DrState::Active: return "ACTIVE";
        case DrState::Pending: return "PENDING";
        case DrState::Stopped: return "STOPPED";
    }
    return "DISABLED";
}

DrState worse(DrState left, DrState right) {
    return std::max(left, right);
}

}  // namespace tributary::engine::voltdb
