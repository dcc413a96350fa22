// What maprcli knows, and what of it is refused.
#include "runbooks/dialects/maprcli/commands.h"

#include "core/base/text.h"

namespace tributary::runbooks {
namespace {

struct MaprcliRow {
    Verb verb;
    const char* words;
    const char* example;
};

constexpr MaprcliRow kMaprcliRows[] = {
    {Verb::TableCreate, "table create", "-path /mapr/newyork/customers -copymetafrom /mapr/sanfrancisco/customers"},
    {Verb::TableEdit, "table edit", "-path /mapr/newyork/customers -bulkload false"},
    {Verb::TableInfo, "table info", "-path /mapr/sanfrancisco/customers"},
    {Verb::TableDelete, "table delete", "-path /mapr/newyork/customers"},
    {Verb::TableListRecent, "table listrecent", ""},
    {Verb::TableRegionList, "table region list", "-path /mapr/sanfrancisco/customers"},
    {Verb::CfCreate, "table cf create", "-path /mapr/newyork/customers -cfname orders"},
    {Verb::CfEdit, "table cf edit", "-path /mapr/newyork/customers -cfname orders -maxversions 3"},
    {Verb::CfDelete, "table cf delete", "-path /mapr/newyork/customers -cfname orders"},
    {Verb::CfList, "table cf list", "-path /mapr/newyork/customers"},
    {Verb::ColumnPermGet, "table cf colperm get", "-path /mapr/sf/t -cfname orders -name total"},
    {Verb::ColumnPermSet, "table cf colperm set", "-path /mapr/sf/t -cfname orders -name total -readperm u:ana"},
    {Verb::ColumnPermDelete, "table cf colperm delete", "-path /mapr/sf/t -cfname orders -name total"},
    {Verb::ReplicaAdd, "table replica add",
     "-path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers -paused true"},
    {Verb::ReplicaAutosetup, "table replica autosetup",
     "-path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers"},
    {Verb::ReplicaEdit, "table replica edit",
     "-path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers -columns profile,orders:total"},
    {Verb::ReplicaList, "table replica list", "-path /mapr/sanfrancisco/customers -refreshnow true"},
    {Verb::ReplicaPause, "table replica pause", "-path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers"},
    {Verb::ReplicaResume, "table replica resume",
     "-path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers"},
    {Verb::ReplicaRemove, "table replica remove",
     "-path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers"},
    {Verb::UpstreamAdd, "table upstream add", "-path /mapr/newyork/customers -upstream /mapr/sanfrancisco/customers"},
    {Verb::UpstreamList, "table upstream list", "-path /mapr/newyork/customers"},
    {Verb::UpstreamRemove, "table upstream remove",
     "-path /mapr/newyork/customers -upstream /mapr/sanfrancisco/customers"},
    {Verb::StreamCreate, "stream create", "-path /mapr/newyork/activity -copymetafrom /mapr/sanfrancisco/activity"},
    {Verb::StreamEdit, "stream edit", "-path /mapr/newyork/activity -ttl 86400"},
    {Verb::StreamInfo, "stream info", "-path /mapr/sanfrancisco/activity"},
    {Verb::StreamDelete, "stream delete", "-path /mapr/newyork/activity"},
    {Verb::StreamTopicCreate, "stream topic create", "-path /mapr/sanfrancisco/activity -topic topic_1 -partitions 4"},
    {Verb::StreamTopicEdit, "stream topic edit", "-path /mapr/sanfrancisco/activity -topic topic_1 -partitions 8"},
    {Verb::StreamTopicInfo, "stream topic info", "-path /mapr/sanfrancisco/activity -topic topic_1"},
    {Verb::StreamTopicList, "stream topic list", "-path /mapr/sanfrancisco/activity"},
    {Verb::StreamTopicDelete, "stream topic delete", "-path /mapr/sanfrancisco/activity -topic topic_1"},
    {Verb::StreamCursorList, "stream cursor list", "-path /mapr/sanfrancisco/activity -consumergroup reports"},
    {Verb::StreamCursorDelete, "stream cursor delete", "-path /mapr/sanfrancisco/activity -consumergroup reports"},
    {Verb::StreamAssignList, "stream assign list", "-path /mapr/sanfrancisco/activity -consumergroup reports"},
    {Verb::StreamReplicaAdd, "stream replica add",
     "-path /mapr/sanfrancisco/activity -replica /mapr/newyork/activity -paused true"},
    {Verb::StreamReplicaAutosetup, "stream replica autosetup",
     "-path /mapr/sanfrancisco/activity -replica /mapr/newyork/activity"},
    {Verb::StreamReplicaEdit, "stream replica edit",
     "-path /mapr/sanfrancisco/activity -replica /mapr/newyork/activity -throttle true"},
    {Verb::StreamReplicaList, "stream replica list", "-path /mapr/sanfrancisco/activity -refreshnow true"},
    {Verb::StreamReplicaPause, "stream replica pause",
     "-path /mapr/sanfrancisco/activity -replica /mapr/newyork/activity"},
    {Verb::StreamReplicaResume, "stream replica resume",
     "-path /mapr/sanfrancisco/activity -replica /mapr/newyork/activity"},
    {Verb::StreamReplicaRemove, "stream replica remove",
     "-path /mapr/sanfrancisco/activity -replica /mapr/newyork/activity"},
    {Verb::StreamUpstreamAdd, "stream upstream add",
     "-path /mapr/newyork/activity -upstream /mapr/sanfrancisco/activity"},
    {Verb::StreamUpstreamList, "stream upstream list", "-path /mapr/newyork/activity"},
    {Verb::StreamUpstreamRemove, "stream upstream remove",
     "-path /mapr/newyork/activity -upstream /mapr/sanfrancisco/activity"},
    {Verb::GatewaySet, "cluster gateway set", "-dstcluster newyork -gateways \"gw-ny-1 gw-ny-2\""},
    {Verb::GatewayGet, "cluster gateway get", "-dstcluster newyork"},
    {Verb::GatewayDelete, "cluster gateway delete", "-dstcluster newyork"},
    {Verb::GatewayList, "cluster gateway list", ""},
    {Verb::GatewayLocal, "cluster gateway local", "-format dns"},
    {Verb::GatewayResolve, "cluster gateway resolve", "-dstcluster newyork"},
    {Verb::AlarmList, "alarm list", "-type volume"},
    {Verb::AlarmNames, "alarm names", ""},
    {Verb::AlarmRaise, "alarm raise", "-alarm VOLUME_ALARM_TABLE_REPL_ERROR -entity customers"},
    {Verb::AlarmClear, "alarm clear", "-alarm VOLUME_ALARM_TABLE_REPL_ERROR -entity customers"},
    {Verb::AlarmClearAll, "alarm clearall", ""},
    {Verb::VolumeModify, "volume modify", "-name customers -dbrepllagsecalarmthresh 300"},
    {Verb::NodeServices, "node services", "-name gateway -action restart -nodes \"gw-ny-1 gw-ny-2\""},
};

std::vector<RefusedRow> refusedRows() {
    return {
        {{"stream", "purge"},
         "messages are not purged by hand in this version: they go when their time to live is over",
         "maprcli stream edit -path <stream> -ttl <seconds>"},
        {{"table", "changelog"}, "change logs are not carried by this version", {}},
        {{"table", "index"}, "secondary indexes of JSON tables are not carried by this version", {}},
        {{"table", "replica", "elasticsearch"},
         "replication to Elasticsearch is no longer supported by the system (removed after 6.x)",
         "replicate to a table: maprcli table replica autosetup ..."},
        {{"table", "cf", "column"},
         "security policies of JSON tables are not carried by this version",
         "for binary tables use maprcli table cf colperm set"},
        {{"table", "region", "pack"}, "regions are not packed by hand in this version", {}},
        {{"table", "region", "split"}, "regions are not split by hand in this version", {}},
        {{"table", "region", "merge"}, "regions are not merged by hand in this version", {}},
        {{"table", "region", "stat"},
         "region statistics are not kept by this version",
         "maprcli table region list -path <table>"},
        {{"alarm", "config"}, "alarm configuration is not carried by this version", "maprcli alarm names"},
    };
}

}  // namespace

CommandTable maprcliCommands() {
    CommandTable table;
    for (const MaprcliRow& raw : kMaprcliRows)
        table.rows.push_back({raw.verb, split(raw.words, ' '), true, raw.example, {}});
    table.refused = refusedRows();
    return table;
}

}  // namespace tributary::runbooks
