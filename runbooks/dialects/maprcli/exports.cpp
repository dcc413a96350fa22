// How a person asks what a check asks, and what a script cannot ask in full: one row per check.
#include "runbooks/dialects/maprcli/exports.h"

#include <iterator>

namespace tributary::runbooks {
namespace {

constexpr std::string_view kInfo = "maprcli table info -path {0} -json";
constexpr std::string_view kReplicas = "maprcli table replica list -path {0} -refreshnow true -json";
constexpr std::string_view kUpstreams = "maprcli table upstream list -path {0} -json";
constexpr std::string_view kFamilies = "maprcli table cf list -path {0} -json";

constexpr CheckLookup kLookups[] = {
    {"dataset-exists", kInfo, "status OK"},
    {"dataset-absent", kInfo, "`No such file or directory`, and no other error"},
    {"same-metadata", "diff <(maprcli table cf list -path {0}) <(maprcli table cf list -path {1})",
     "nothing; compare `maprcli table info` of both as well"},
    {"replica-listed", kReplicas, "a row with replicaPath {1}"},
    {"replica-absent", kReplicas, "no row with replicaPath {1}"},
    {"replica-paused", kReplicas, "paused true in the row of {1}"},
    {"upstream-listed", kUpstreams, "a row that names {1}"},
    {"upstream-absent", kUpstreams, "no row that names {1}"},
    {"upstream-and-replica", kReplicas,
     "a row of {1} whose uuid is that of `maprcli table info -path {1}`; `maprcli table upstream list -path {1}` names "
     "{0}"},
    {"leftover-of", kUpstreams,
     "no row but that of {1}; without a row, totalrows 0 in `maprcli table info -path {0}`; and `maprcli table replica "
     "list -path {0}` shows no row"},
    {"link-state", kReplicas, "for {1} the state {2}"},
    {"link-healthy", kReplicas, "for {1} REPLICA_STATE_REPLICATING, paused false and no errors"},
    {"caught-up", kReplicas, "for {1} bytesPending 0 and putsPending 0; under load, a minPendingTS newer than now"},
    {"same-data",
     "hbase com.mapr.fs.hbase.tools.mapreduce.DiffTables -src {0} -dst {1} -outdir /tmp/diff -mapreduce false",
     "no rows that differ"},
    {"family-exists", kFamilies, "a row with cfname {1}"},
    {"family-absent", kFamilies, "no row with cfname {1}"},
    {"replicates-family", kReplicas, "for {1} no columns, or columns that name {2}"},
    {"whole-table", kReplicas, "for {1} no columns"},
    {"subset", kReplicas, "for {1} a list of columns"},
    {"readable", kFamilies, "a readperm that lets you in"},
    {"writable", kFamilies, "a writeperm that lets you in; `maprcli table info` shows bulkload false"},
    {"has-permission", kInfo, "a {1} that lets you in (readperm and writeperm: `maprcli table cf list`)"},
    {"gateways-reachable", "maprcli cluster gateway resolve -dstcluster {1} -cluster {0}", "the gateways of {1}"},
    {"topic-exists", "maprcli stream topic list -path {0} -json", "a row with topic {1}"},
    {"topics-apart",
     "comm -12 <(maprcli stream topic list -path {0} | cut -f 1 | sort) <(maprcli stream topic list -path {1} | cut -f "
     "1 "
     "| sort)",
     "no topic that clients produce to in both"},
    {"not-in-bulkload", kInfo, "bulkload false"},
    {"no-alarm", "maprcli alarm list -cluster {0} -json", "no alarm {1}"},
    {"dataset-is", kInfo, "the uuid {1}"},
    {"table-has", kInfo, "{1} {2}"},
    {"family-has", kFamilies, "for {1} {2} {3} (a ttl of 2147483647 is for ever: 0)"},
    {"replica-has", kReplicas, "for {1} {2} {3}"},
    {"only-here", kInfo, "totalrows of at most {2}; more is fine only where DiffTables finds them in another table"},
    {"rows-at-most", kInfo, "totalrows of at most {2}"},
    {"gateway-open", "maprcli cluster gateway local -cluster {0} -json", "{1}, and it answers"},
    {"gateways-set", "maprcli cluster gateway list -cluster {0} -json", "for {1} the gateways {2}"},
};

// In the order of the vocabulary. A check that is not named is asked in full.
constexpr CheckLoss kLosses[] = {
    {"link-healthy", "link-healthy sees whether the link is connected",
     "replicaState, paused and errors are read: a link that has not tried yet counts as healthy until it reports an "
     "error"},
    {"caught-up", "caught-up asks source and replica for their positions",
     "bytesPending and putsPending of the source with -refreshnow true; what was pending when the wait began must go"},
    {"same-data", "same-data compares row by row and names the first difference",
     "the summary that DiffTables prints decides; where it prints none the script stops as undecided, and the rows "
     "that differ stand in its -outdir"},
    {"upstream-and-replica", "upstream-and-replica compares identities as they are stored",
     "the uuids are compared as printed, which the system does in two spellings"},
    {"readable", "readable reads a row", "no row is read: the table answers and a column family grants readperm"},
    {"writable", "writable asks the state of the cluster as well",
     "nothing is written: the table is not in bulk-load mode and a column family grants writeperm"},
    {"has-permission", "has-permission leaves an expression over groups and roles undecided",
     "groups are those of this machine; a role stops the script as undecided; the user is that of this shell unless "
     "--user names another"},
    {"topics-apart", "topics-apart asks where the messages of each topic come from",
     "topics of one name in both count as produced at both, unless one of the two records the other as its replica"},
    {"only-here", "only-here compares the rows of a table with its copies",
     "rows are counted, not compared: where the count alone does not settle it, the script stops as undecided"},
    {"rows-at-most", "rows-at-most counts what can be read, and of a family only its own",
     "totalrows of the whole table is compared"},
    {"gateway-open", "gateway-open asks whether the gateway runs", "the gateway must be known to its cluster"},
    {"gateways-reachable", "gateways-reachable proves that a gateway answers the source's cluster",
     "a gateway must be known there; whether it answers shows only when the link runs"},
};

}  // namespace

ExportWords maprExports() {
    ExportWords words;
    words.lookups = {std::begin(kLookups), std::end(kLookups)};
    words.losses = {std::begin(kLosses), std::end(kLosses)};
    words.lag = "the checks print bytesPending and putsPending of the link that they wait for";
    words.failures = "by exit code and ERROR (n) of the command; an unknown text counts as a plain failure";
    words.errors =
        "`ERROR (n)` names the reason. 2 nothing there, 13 a permission is missing, 16 busy, try again, 17 it exists "
        "already, 110 no answer.";
    words.script = maprScriptBlocks();
    words.checks = maprCheckBlocks();
    return words;
}

}  // namespace tributary::runbooks
