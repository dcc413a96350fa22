// How a person asks what a check asks, and what a script cannot ask in full.
#include "runbooks/dialects/voltdb/exports.h"

namespace tributary::runbooks {
namespace {

constexpr std::string_view kRole = "sqlcmd --servers={0} --query=\"exec @Statistics DRROLE 0\"";
constexpr std::string_view kProducer = "sqlcmd --servers={0} --query=\"exec @Statistics DRPRODUCER 0\"";
constexpr std::string_view kOverview = "sqlcmd --servers={0} --query=\"exec @SystemInformation OVERVIEW\"";
constexpr std::string_view kTables = "sqlcmd --servers={0} --query=\"exec @SystemCatalog TABLES\"";

}  // namespace

ExportWords databaseExports() {
    ExportWords words;
    words.lookups = {
        {"root-made", "ls {0}/voltdbroot", "the folder config"},
        {"host-runs", "cat {0}/voltdbroot/voltdb.pid", "the number of a process that runs"},
        {"host-stopped", "cat {0}/voltdbroot/voltdb.pid", "no process that runs"},
        {"database-up", kOverview, "CLUSTERSTATE RUNNING or PAUSED"},
        {"database-down", kOverview, "a refused connection, and no process of the cluster runs on any of its hosts"},
        {"paused", kOverview, "CLUSTERSTATE PAUSED"},
        {"not-paused", kOverview, "CLUSTERSTATE RUNNING"},
        {"k-safe", "sqlcmd --servers={0} --query=\"exec @SystemInformation DEPLOYMENT\"", "kfactor above 0"},
        {"full-safety", kOverview, "CLUSTERSAFETY FULL"},
        {"command-log-synchronous", "sqlcmd --servers={0} --query=\"exec @SystemInformation DEPLOYMENT\"",
         "commandlogenabled true and commandlogmode sync"},
        {"dr-role", kRole, "ROLE {1} in every row"},
        {"dr-state", kRole, "STATE {2} in the row of the id of {1}"},
        {"dr-active", kRole, "STATE ACTIVE in the row of the id of {1}"},
        {"dr-synced", kProducer, "STREAMTYPE TRANSACTIONS and ISSYNCED true in every row of the id of {1}"},
        {"dr-drained", kProducer,
         "TOTALBYTES 0, QUEUE_GAP 0 and LASTACKDRID as LASTQUEUEDDRID in every row of the id of {1}"},
        {"dr-forgotten", kProducer, "no row with REMOTE_CLUSTER_ID {1}"},
        {"dr-covered", "sqlcmd --servers={0} --query=\"exec @Statistics DRCONSUMER 0\"",
         "IS_COVERED true and IS_PAUSED false in every row of the id of {1}"},
        {"dr-tables-empty", kTables, "replicated tables, and select count(*) of each 0"},
        {"same-dr-schema", "sqlcmd --servers={0} --query=\"exec @SystemCatalog COLUMNS\"",
         "for every replicated table the columns that {1} shows"},
        {"same-data", kTables, "replicated tables, of which select * shows the rows that {1} shows"},
        {"table-exists", kTables, "{1}"},
        {"has-column", "sqlcmd --servers={0} --query=\"exec @SystemCatalog COLUMNS\"", "{2} of {1}"},
    };
    words.losses = {
        {"same-data", "every replicated table, by count and a hash of its rows",
         "rows are fetched whole and compared as text: for tables that fit into one answer"},
        {"same-dr-schema", "columns, types, partitioning column and unique indexes",
         "columns, types and partitioning column"},
        {"database-down", "the processes of the hosts",
         "that its address refuses connections, or its tools say that it does not run: silence is unknown"},
        {"dr-state", "the id of the other cluster in its deployment file",
         "the id that the other cluster tells, or the variable VOLTDB_ID_NAME"},
    };
    words.lag = "of the partitions, as voltadmin status shows it";
    words.failures = "by the exit code of the command, and by its text";
    words.errors = "sqlcmd and voltadmin name the reason in their first line.";
    words.script = databaseScriptBlocks();
    words.checks = databaseCheckBlocks();
    return words;
}

}  // namespace tributary::runbooks
