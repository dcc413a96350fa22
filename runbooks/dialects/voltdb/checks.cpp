// What runbooks may ask of clusters and hosts.
#include "runbooks/dialects/voltdb/checks.h"

namespace tributary::runbooks {
namespace {

struct DatabaseCheck {
    std::string_view name;
    std::vector<std::string_view> arguments;
    std::string_view meaning;
    std::string_view phrase;
};

std::vector<DatabaseCheck> processChecks() {
    return {
        {"root-made", {"DIR"}, "DIR holds a voltdbroot that voltdb init made", "{0} holds a root folder"},
        {"host-runs", {"DIR"}, "the process of the host whose root is in DIR runs and serves", "the host in {0} runs"},
        {"host-stopped", {"DIR"}, "the host whose root is in DIR has no process", "the host in {0} is stopped"},
        {"database-up", {"CLUSTER"}, "CLUSTER answers, and its state is RUNNING or PAUSED", "{0} is up"},
        {"database-down", {"CLUSTER"}, "no host of CLUSTER has a process", "{0} is down"},
        {"paused", {"CLUSTER"}, "CLUSTER is paused: clients cannot write", "{0} is paused"},
        {"not-paused", {"CLUSTER"}, "CLUSTER answers and is not paused", "{0} is not paused"},
        {"k-safe",
         {"CLUSTER"},
         "the deployment of CLUSTER has a kfactor above 0: a lost host's partitions live on at others",
         "{0} has K-safety"},
        {"full-safety",
         {"CLUSTER"},
         "CLUSTERSAFETY of CLUSTER is FULL: every partition has all its copies",
         "{0} has every copy of its partitions"},
        {"command-log-synchronous",
         {"CLUSTER"},
         "the command log of CLUSTER is on and synchronous",
         "{0} writes its command log synchronously"},
    };
}

std::vector<DatabaseCheck> replicationChecks() {
    return {
        {"dr-role", {"CLUSTER", "DRROLE"}, "@Statistics DRROLE of CLUSTER names this role", "{0} has the role {1}"},
        {"dr-state",
         {"CLUSTER", "OTHERCLUSTER", "DRSTATE"},
         "the row of OTHERCLUSTER in @Statistics DRROLE of CLUSTER is in this state",
         "{0} says of {1}: {2}"},
        {"dr-active",
         {"CLUSTER", "OTHERCLUSTER"},
         "the row of OTHERCLUSTER in @Statistics DRROLE of CLUSTER is ACTIVE",
         "{0} replicates with {1}"},
        {"dr-synced",
         {"CLUSTER", "OTHERCLUSTER"},
         "every partition of CLUSTER sends transactions to OTHERCLUSTER, no snapshot any more (STREAMTYPE TRANSACTIONS "
         "and ISSYNCED)",
         "{1} has the snapshot of {0}"},
        {"dr-drained",
         {"CLUSTER", "OTHERCLUSTER"},
         "OTHERCLUSTER has acknowledged all that CLUSTER wrote: no partition has bytes queued, or a gap, or an id "
         "behind the last queued one",
         "{1} has all that {0} wrote"},
        {"dr-forgotten",
         {"CLUSTER", "ID"},
         "CLUSTER answers and keeps no log for the cluster with the id ID",
         "{0} has forgotten cluster {1}"},
        {"dr-covered",
         {"CLUSTER", "OTHERCLUSTER"},
         "every partition that CLUSTER fetches from OTHERCLUSTER is covered by a host, and none is paused",
         "no stream from {1} to {0} waits"},
        {"dr-tables-empty", {"CLUSTER"}, "no replicated table of CLUSTER has a row", "{0} has no replicated rows"},
        {"same-dr-schema",
         {"CLUSTER", "OTHERCLUSTER"},
         "both have the same replicated tables: columns, types, partitioning column, unique indexes",
         "{0} and {1} agree about replicated tables"},
        {"same-data",
         {"CLUSTER", "OTHERCLUSTER"},
         "every replicated table of both holds equal rows, compared now; flaps while clients write",
         "{0} and {1} hold equal rows"},
        {"table-exists", {"CLUSTER", "TABLE"}, "CLUSTER has a table of this name", "{0} has the table {1}"},
        {"has-column",
         {"CLUSTER", "TABLE", "COLUMN"},
         "the table of CLUSTER has a column of this name",
         "{1} has the column {2} at {0}"},
    };
}

}  // namespace

std::vector<CheckSpec> databaseChecks() {
    std::vector<CheckSpec> out;
    for (std::vector<DatabaseCheck> raws : {processChecks(), replicationChecks()}) {
        for (DatabaseCheck& raw : raws) {
            CheckSpec spec;
            spec.name = raw.name;
            spec.arguments = std::move(raw.arguments);
            spec.meaning = raw.meaning;
            spec.phrase = raw.phrase;
            spec.standing = raw.name == "command-log-synchronous";
            out.push_back(std::move(spec));
        }
    }
    return out;
}

}  // namespace tributary::runbooks
