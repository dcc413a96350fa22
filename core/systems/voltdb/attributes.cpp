// Clusters with their hosts, replicated tables, connections.
#include "core/systems/voltdb/attributes.h"

#include "core/systems/commonattributes.h"
#include "core/systems/voltdb/vocabulary.h"

namespace tributary {

namespace {

using attribute::field;
using attribute::structure;
using Text = std::optional<std::string>;

Status assignHosts(Cluster& cluster, const Text& value) {
    return attribute::assignParts(cluster.members, value, "a host");
}
Status assignOfHost(Cluster& cluster, std::string_view rest, const Text& value) {
    return attribute::assignOfPart(cluster.members, memberAttributes("voltdb"), rest, value);
}

template <auto Member>
auto numberRow(std::string_view name, std::string_view fallback, std::string_view meaning, std::int64_t low,
               std::int64_t high) {
    return field<Member>({.name = name,
                          .form = "number",
                          .fallback = fallback,
                          .meaning = meaning,
                          .value = ValueForm::Integer,
                          .low = low,
                          .high = high});
}

}  // namespace

AttributeTable<Cluster> voltdb::clusterTable() {
    constexpr std::int64_t kPortMax = 65535;
    return {"a cluster of voltdb",
            "clusters: NAME: {system: voltdb, ...}",
            "hosts that hold partitions together; its deployment file is derived from it",
            {attribute::clusterName(), attribute::clusterSystem(),
             numberRow<&Cluster::id>("id", "none", "its number, unlike that of every cluster it replicates with", 0,
                                     kClusterIdMax),
             field<&Cluster::role>({"role", "word", "master",
                                    "master (sends), replica (read-only, fetches), xdcr (both), none (left its group)",
                                    ValueForm::Word, roleNames}),
             structure<Cluster>({"members", "{NAME: host}", "none", "its hosts"}, assignHosts),
             numberRow<&Cluster::sitesPerHost>("sites-per-host", "8", "partitions that a host holds", 1, kSitesMax),
             numberRow<&Cluster::kfactor>("kfactor", "0", "hosts that may be lost without losing a partition", 0,
                                          kKfactorMax),
             field<&Cluster::commandLog>({"command-log", "word", "asynchronous",
                                          "synchronous, asynchronous (the last 200 ms may be lost) or off",
                                          ValueForm::Word, commandLogNames}),
             field<&Cluster::schema>(
                 {"schema", "file", "none", "the file of its DDL, beside the drawing", ValueForm::Text}),
             numberRow<&Cluster::port>("port", "5555", "where it listens for consumers", 1, kPortMax),
             field<&Cluster::flushIntervalUs>({"flush-interval", "duration", "1s",
                                               "how long a change may wait to be sent: the least lag of an idle stream",
                                               ValueForm::Latency}),
             field<&Cluster::conflictRetention>({"conflict-retention", "number with s, m, h or d", "for ever",
                                                 "how long logs of conflicts are kept", ValueForm::Text}),
             numberRow<&Cluster::maxBuffers>("max-buffers", "256", "buffers that a consumer queues, per partition", 1,
                                             kNumberMax),
             numberRow<&Cluster::maxBytes>("max-bytes", "52428800", "the same in bytes; one of the two", 1, kNumberMax),
             field<&Cluster::overflow>({"overflow", "folder", "dr_overflow",
                                        "where logs wait that consumers have not acknowledged and memory does not hold",
                                        ValueForm::Text}),
             field<&Cluster::overflowLimit>({"overflow-limit", "percent or GiB", "none",
                                             "how full its disk may get before the cluster pauses: 80%, 20",
                                             ValueForm::Text})},
            {{"member.", "member.<name>.<attribute>", assignOfHost}}};
}

AttributeTable<Dataset> voltdb::datasetTable() {
    return {
        "a replicated table",
        "datasets: CLUSTER:TABLE: {kind: dr-table, ...}",
        "a table that DR TABLE names; it is drawn at every cluster that holds it",
        {attribute::datasetPath(), attribute::datasetKind("dr-table"),
         structure<Dataset>({"format", "[[column, type], ...]", "not drawn",
                             "its columns; {name: COLUMN, type: TYPE, nullable: true} for one that may be null"},
                            attribute::assignFormat),
         field<&Dataset::primary>(
             {"primary", "[column, ...]", "none", "the columns of its primary key", ValueForm::Texts}),
         field<&Dataset::unique>({"unique", "[\"column, column\", ...]", "none",
                                  "its further unique indexes, each the columns of one", ValueForm::Texts}),
         field<&Dataset::partition>({"partition", "column", "it is on every partition",
                                     "the column by which its rows are spread", ValueForm::Text}),
         field<&Dataset::data>({"data", "flag", "false", "it has rows before replication starts", ValueForm::Flag})},
        {}};
}

AttributeTable<Member> voltdb::memberTable() {
    return {"a host",
            "members: NAME: {...}",
            "a machine of a cluster of voltdb",
            {field<&Member::listen>({"listen", "host:port", "its name and the cluster's port",
                                     "where consumers reach it (`replication` of voltdb start)", ValueForm::Address})},
            {}};
}

const AttributeTable<Connection>& connectionAttributes() {
    static const AttributeTable<Connection> kTable{
        "a connection",
        "connections: - {...}",
        "\"at fetches from\": recorded at the consumer; clusters with role xdcr fetch from each other",
        {field<&Connection::at>({"at", "CLUSTER", "required", "the consumer, which dials", ValueForm::Text}),
         field<&Connection::from>({"from", "CLUSTER", "required", "the producer", ValueForm::Text}),
         field<&Connection::source>({.name = "source",
                                     .form = "[host, ...]",
                                     .fallback = "all hosts that are drawn",
                                     .meaning = "hosts of the producer that are dialled",
                                     .value = ValueForm::Names,
                                     .item = "a host"}),
         field<&Connection::preferred>(
             {"preferred", "flag", "false", "asked for the snapshot before others", ValueForm::Flag})},
        {}};
    return kTable;
}

}  // namespace tributary
