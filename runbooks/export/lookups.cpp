// One row per check.
#include "runbooks/export/lookups.h"

#include <string_view>

#include "runbooks/model/templatewords.h"

namespace tributary::runbooks {
namespace {

struct Row {
    std::string_view check;
    std::string_view command;  // {0} {1} {2} stand for the arguments
    std::string_view shows;
};

constexpr std::string_view kInfo = "maprcli table info -path {0} -json";
constexpr std::string_view kReplicas = "maprcli table replica list -path {0} -refreshnow true -json";
constexpr std::string_view kUpstreams = "maprcli table upstream list -path {0} -json";
constexpr std::string_view kFamilies = "maprcli table cf list -path {0} -json";

constexpr Row kRows[] = {
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

std::string filled(std::string_view pattern, const std::vector<std::string>& arguments, bool quote) {
    std::string out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const bool slot = i + 2 < pattern.size() && pattern[i] == '{' && pattern[i + 2] == '}';
        const auto index = static_cast<std::size_t>(slot ? pattern[i + 1] - '0' : 0);
        if (slot && index < arguments.size()) {
            out += quote ? quoteTemplateWord(arguments[index]) : arguments[index];
            i += 2;
        } else {
            out += pattern[i];
        }
    }
    return out;
}

}  // namespace

Lookup lookupOf(const Check& rendered) {
    for (const Row& row : kRows) {
        if (row.check != rendered.name) continue;
        return {filled(row.command, rendered.arguments, true), filled(row.shows, rendered.arguments, false)};
    }
    return {};
}

}  // namespace tributary::runbooks
