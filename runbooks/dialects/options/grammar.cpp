// The table itself, and matching against it.
#include "runbooks/dialects/options/grammar.h"

#include <algorithm>
#include <cassert>

#include "core/base/text.h"

namespace tributary::runbooks {
namespace {

struct RawRow {
    Verb verb;
    const char* program;
    const char* words;
    const char* example;
};

constexpr RawRow kRows[] = {
    {Verb::TableCreate, "maprcli", "table create",
     "-path /mapr/newyork/customers -copymetafrom /mapr/sanfrancisco/customers"},
    {Verb::TableEdit, "maprcli", "table edit", "-path /mapr/newyork/customers -bulkload false"},
    {Verb::TableInfo, "maprcli", "table info", "-path /mapr/sanfrancisco/customers"},
    {Verb::TableDelete, "maprcli", "table delete", "-path /mapr/newyork/customers"},
    {Verb::TableListRecent, "maprcli", "table listrecent", ""},
    {Verb::TableRegionList, "maprcli", "table region list", "-path /mapr/sanfrancisco/customers"},
    {Verb::CfCreate, "maprcli", "table cf create", "-path /mapr/newyork/customers -cfname orders"},
    {Verb::CfEdit, "maprcli", "table cf edit", "-path /mapr/newyork/customers -cfname orders -maxversions 3"},
    {Verb::CfDelete, "maprcli", "table cf delete", "-path /mapr/newyork/customers -cfname orders"},
    {Verb::CfList, "maprcli", "table cf list", "-path /mapr/newyork/customers"},
    {Verb::ColumnPermGet, "maprcli", "table cf colperm get", "-path /mapr/sf/t -cfname orders -name total"},
    {Verb::ColumnPermSet, "maprcli", "table cf colperm set",
     "-path /mapr/sf/t -cfname orders -name total -readperm u:ana"},
    {Verb::ColumnPermDelete, "maprcli", "table cf colperm delete", "-path /mapr/sf/t -cfname orders -name total"},
    {Verb::ReplicaAdd, "maprcli", "table replica add",
     "-path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers -paused true"},
    {Verb::ReplicaAutosetup, "maprcli", "table replica autosetup",
     "-path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers"},
    {Verb::ReplicaEdit, "maprcli", "table replica edit",
     "-path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers -columns profile,orders:total"},
    {Verb::ReplicaList, "maprcli", "table replica list", "-path /mapr/sanfrancisco/customers -refreshnow true"},
    {Verb::ReplicaPause, "maprcli", "table replica pause",
     "-path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers"},
    {Verb::ReplicaResume, "maprcli", "table replica resume",
     "-path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers"},
    {Verb::ReplicaRemove, "maprcli", "table replica remove",
     "-path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers"},
    {Verb::UpstreamAdd, "maprcli", "table upstream add",
     "-path /mapr/newyork/customers -upstream /mapr/sanfrancisco/customers"},
    {Verb::UpstreamList, "maprcli", "table upstream list", "-path /mapr/newyork/customers"},
    {Verb::UpstreamRemove, "maprcli", "table upstream remove",
     "-path /mapr/newyork/customers -upstream /mapr/sanfrancisco/customers"},
    {Verb::GatewaySet, "maprcli", "cluster gateway set", "-dstcluster newyork -gateways \"gw-ny-1 gw-ny-2\""},
    {Verb::GatewayGet, "maprcli", "cluster gateway get", "-dstcluster newyork"},
    {Verb::GatewayDelete, "maprcli", "cluster gateway delete", "-dstcluster newyork"},
    {Verb::GatewayList, "maprcli", "cluster gateway list", ""},
    {Verb::GatewayLocal, "maprcli", "cluster gateway local", "-format dns"},
    {Verb::GatewayResolve, "maprcli", "cluster gateway resolve", "-dstcluster newyork"},
    {Verb::AlarmList, "maprcli", "alarm list", "-type volume"},
    {Verb::AlarmNames, "maprcli", "alarm names", ""},
    {Verb::AlarmRaise, "maprcli", "alarm raise", "-alarm VOLUME_ALARM_TABLE_REPL_ERROR -entity customers"},
    {Verb::AlarmClear, "maprcli", "alarm clear", "-alarm VOLUME_ALARM_TABLE_REPL_ERROR -entity customers"},
    {Verb::AlarmClearAll, "maprcli", "alarm clearall", ""},
    {Verb::VolumeModify, "maprcli", "volume modify", "-name customers -dbrepllagsecalarmthresh 300"},
    {Verb::NodeServices, "maprcli", "node services", "-name gateway -action restart -nodes \"gw-ny-1 gw-ny-2\""},
    {Verb::CopyTable, "hbase", "com.mapr.fs.hbase.tools.mapreduce.CopyTable",
     "-src /mapr/sanfrancisco/customers -dst /mapr/newyork/customers -mapreduce false"},
    {Verb::DiffTables, "hbase", "com.mapr.fs.hbase.tools.mapreduce.DiffTables",
     "-src /mapr/sanfrancisco/customers -dst /mapr/newyork/customers -outdir /tmp/diff -mapreduce false"},
    {Verb::DiffTablesWithCrc, "hbase", "com.mapr.fs.hbase.tools.mapreduce.DiffTablesWithCrc",
     "-src /mapr/sanfrancisco/customers -dst /mapr/newyork/customers -outdir /tmp/diff"},
};

// The package name of release 5.0 (maprdb.md section 1.8).
constexpr RawRow kOldSpellings[] = {
    {Verb::CopyTable, "hbase", "com.mapr.fs.hbase.mapreduce.CopyTable", ""},
    {Verb::DiffTables, "hbase", "com.mapr.fs.hbase.mapreduce.DiffTables", ""},
    {Verb::DiffTablesWithCrc, "hbase", "com.mapr.fs.hbase.mapreduce.DiffTablesWithCrc", ""},
};

std::vector<CommandRow> buildRows() {
    std::vector<CommandRow> rows;
    for (const RawRow& raw : kRows) {
        rows.push_back({raw.verb, raw.program, split(raw.words, ' '), true, raw.example});
    }
    for (const RawRow& raw : kOldSpellings) {
        rows.push_back({raw.verb, raw.program, split(raw.words, ' '), false, raw.example});
    }
    return rows;
}

std::vector<RefusedRow> buildRefused() {
    const std::string streams = "streams are not yet carried by this version";
    const std::string later =
        "JSON tables and streams are not yet carried by this version; their 'mapr' tools come with them";
    const std::string binary = "use a binary table, and 'hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable' to copy it";
    return {
        {"maprcli", {"stream"}, streams, "use a table: maprcli table replica ..."},
        {"maprcli", {"table", "changelog"}, "change logs go to streams, and " + streams, {}},
        {"maprcli",
         {"table", "index"},
         "secondary indexes belong to JSON tables, which this version does not carry",
         {}},
        {"maprcli",
         {"table", "replica", "elasticsearch"},
         "replication to Elasticsearch is no longer supported by the system (removed after 6.x)",
         "replicate to a table: maprcli table replica autosetup ..."},
        {"maprcli",
         {"table", "cf", "column"},
         "security policies belong to JSON tables, which this version does not carry",
         "for binary tables use maprcli table cf colperm set"},
        {"maprcli", {"table", "region", "pack"}, "regions are not packed by hand in this version", {}},
        {"maprcli", {"table", "region", "split"}, "regions are not split by hand in this version", {}},
        {"maprcli", {"table", "region", "merge"}, "regions are not merged by hand in this version", {}},
        {"maprcli",
         {"table", "region", "stat"},
         "region statistics are not kept by this version",
         "maprcli table region list -path <table>"},
        {"maprcli", {"alarm", "config"}, "alarm configuration is not carried by this version", "maprcli alarm names"},
        {"hbase", {"shell"}, "the HBase shell is not carried by this version", "tributary put, get and scan"},
        {"mapr", {}, later, binary},
    };
}

bool startsWith(const std::vector<std::string>& words, const std::vector<std::string>& prefix) {
    return prefix.size() <= words.size() && std::equal(prefix.begin(), prefix.end(), words.begin(),
                                                       [](const auto& a, const auto& b) { return toLower(a) == b; });
}

std::size_t commonPrefix(const std::vector<std::string>& row, const std::vector<std::string>& words) {
    std::size_t common = 0;
    while (common < row.size() && common < words.size() && toLower(row[common]) == words[common]) ++common;
    return common;
}

}  // namespace

const std::vector<CommandRow>& commandRows() {
    static const std::vector<CommandRow> kAll = buildRows();
    return kAll;
}

const std::vector<RefusedRow>& refusedRows() {
    static const std::vector<RefusedRow> kAll = buildRefused();
    return kAll;
}

const CommandRow& rowOf(Verb verb) {
    const auto found = std::find_if(commandRows().begin(), commandRows().end(),
                                    [verb](const CommandRow& row) { return row.canonical && row.verb == verb; });
    assert(found != commandRows().end());
    return *found;
}

const std::vector<std::string>& programs() {
    static const std::vector<std::string> kPrograms{"maprcli", "hbase", "mapr"};
    return kPrograms;
}

CommandMatch matchCommand(const std::string& program, const std::vector<std::string>& words) {
    CommandMatch match;
    for (const RefusedRow& row : refusedRows()) {
        if (row.program == program && startsWith(words, row.words)) {
            match.refused = &row;
            match.used = row.words.size();
            return match;
        }
    }
    for (const CommandRow& row : commandRows()) {
        if (row.program != program) continue;
        const std::size_t common = commonPrefix(row.words, words);
        match.used = std::max(match.used, common);
        if (common == row.words.size()) match.row = &row;
    }
    if (match.row != nullptr) match.used = match.row->words.size();
    return match;
}

std::vector<std::string> nextWords(const std::string& program, const std::vector<std::string>& prefix) {
    std::vector<std::string> next;
    for (const CommandRow& row : commandRows()) {
        if (row.program != program || !row.canonical || row.words.size() <= prefix.size()) continue;
        if (commonPrefix(row.words, prefix) != prefix.size()) continue;
        const std::string& word = row.words[prefix.size()];
        if (std::find(next.begin(), next.end(), word) == next.end()) next.push_back(word);
    }
    return next;
}

}  // namespace tributary::runbooks
