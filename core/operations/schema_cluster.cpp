// Schema of gateways, alarms, volumes, services and the copy and diff tools (maprdb.md sections 1.7 to 1.9).
#include "core/operations/schemaparts.h"

namespace tributary::schema {
namespace {

std::vector<VerbSpec> gatewayVerbs() {
    const ParamSpec destination = required(text("dstcluster", "the destination cluster"));
    return {
        verb(Verb::GatewaySet, "cluster gateway set", true, "Names the gateways that lead to a destination cluster.",
             {destination, required(param(ParamType::Names, "gateways", "host names, separated by blanks"))}),
        verb(Verb::GatewayGet, "cluster gateway get", false, "Shows the gateways set for a destination cluster.",
             {destination}),
        verb(Verb::GatewayDelete, "cluster gateway delete", true, "Forgets the gateways set for a destination.",
             {destination}),
        verb(Verb::GatewayList, "cluster gateway list", false, "Lists all destinations with their gateways.", {}),
        verb(Verb::GatewayLocal, "cluster gateway local", false, "Lists the gateways that run in this cluster.",
             {choice("format", "plain text, or lines for a DNS zone", "text", {"text", "dns"})}),
        verb(Verb::GatewayResolve, "cluster gateway resolve", false,
             "Shows the gateways that a source would use now, without those that do not answer.", {destination}),
    };
}

std::vector<VerbSpec> alarmVerbs() {
    const ParamSpec name = required(text("alarm", "the alarm's name"));
    const ParamSpec entity = text("entity", "volume, node or cluster that the alarm is about");
    return {
        verb(Verb::AlarmList, "alarm list", false, "Lists raised alarms.",
             {text("alarm", "only this alarm"), text("entity", "only this volume, node or cluster"),
              choice("type", "only this type", {}, {"cluster", "node", "volume", "ae"}),
              choice("summary", "1: count by alarm instead of listing", "0", {"0", "1"}),
              integer("start", "first row to show", "0", 0, kInt32Max),
              integer("limit", "most rows to show", "2147483647", 0, kInt32Max),
              choice("output", "long or short field names", "verbose", {"verbose", "terse"})}),
        verb(Verb::AlarmNames, "alarm names", false, "Lists the names of all alarms.", {}),
        verb(Verb::AlarmRaise, "alarm raise", true, "Raises an alarm by hand.",
             {name, entity, text("description", "why")}),
        verb(Verb::AlarmClear, "alarm clear", true, "Clears an alarm.", {name, entity}),
        verb(Verb::AlarmClearAll, "alarm clearall", true, "Clears every alarm.", {}),
    };
}

VerbSpec toolVerb(Verb id, std::string name, bool mutates, std::string summary, std::vector<ParamSpec> params) {
    VerbSpec spec = verb(id, std::move(name), mutates, std::move(summary), std::move(params));
    spec.takesGlobals = false;
    return spec;
}

std::vector<ParamSpec> toolRange() {
    return {
        columns("only these column families and columns"),
        integer("maxversions", "versions of a cell to consider", {}, 1, kInt32Max),
        integer("starttime", "cells from this time on, ms since 1970", {}, 0),
        integer("endtime", "cells before this time, ms since 1970", {}, 0),
        flag("mapreduce", "run as a MapReduce job", "true"),
        integer("numthreads", "threads when no MapReduce job runs", "16", 1, 100'000),
    };
}

std::vector<ParamSpec> jsonToolParams() {
    return {columns("only these fields, as a,b.c; an empty entry is the default family"),
            flag("mapreduce", "run as a MapReduce job", "true"),
            integer("numthreads", "threads when no MapReduce job runs", "16", 1, 100'000)};
}

std::vector<ParamSpec> jsonDiffParams() {
    return concat({{required(path("src", "the first table")), required(path("dst", "the second table")),
                    required(text("outdir", "directory for the operations that make the tables equal")),
                    bare(flag("first_exit", "stop at the first difference", "false")),
                    bare(flag("cmpmeta", "compare metadata too", "false"))},
                   jsonToolParams()});
}

std::vector<VerbSpec> jsonToolVerbs() {
    const ParamSpec mapReduce = flag("mapreduce", "run as a MapReduce job", "true");
    return {
        toolVerb(Verb::JsonCopyTable, "mapr copytable", true,
                 "Copies a JSON table's documents, creating the destination when missing.",
                 concat({{required(path("src", "the table to read")), required(path("dst", "the table to write")),
                          text("fromid", "documents from this _id on"), text("toid", "documents before this _id"),
                          flag("bulkload", "write by bulk load; leaves the table in bulk-load mode", "true")},
                         jsonToolParams()})),
        toolVerb(Verb::JsonDiffTables, "mapr difftables", false, "Compares two JSON tables field by field.",
                 jsonDiffParams()),
        toolVerb(Verb::JsonDiffTablesWithCrc, "mapr difftableswithcrc", false,
                 "Compares two JSON tables by checksums of ranges, then in detail where they differ.",
                 jsonDiffParams()),
        toolVerb(Verb::JsonImport, "mapr importJSON", true,
                 "Inserts or replaces the documents of a local file, one to a line.",
                 {required(text("src", "the file")), required(path("dst", "the table")),
                  text("idfield", "the field that holds the id of a document without _id"), mapReduce}),
        toolVerb(Verb::JsonExport, "mapr exportJSON", false,
                 "Writes the documents of a table to a new local file, one to a line.",
                 {required(path("src", "the table")), required(text("dst", "the file")), mapReduce}),
    };
}

std::vector<ParamSpec> diffParams() {
    return concat({{required(path("src", "the first table")), required(path("dst", "the second table")),
                    required(text("outdir", "directory for the operations that make the tables equal")),
                    bare(flag("first_exit", "stop at the first difference", "false")),
                    path("master", "the table that is right; without it both are"),
                    bare(flag("cmpmeta", "compare metadata too", "false"))},
                   toolRange()});
}

}  // namespace

std::vector<VerbSpec> clusterVerbs() {
    std::vector<VerbSpec> all = gatewayVerbs();
    for (VerbSpec& spec : alarmVerbs()) all.push_back(std::move(spec));
    all.push_back(verb(
        Verb::VolumeModify, "volume modify", true, "Changes a volume's replication lag threshold.",
        {required(text("name", "the volume")),
         required(integer("dbrepllagsecalarmthresh", "seconds of lag that raise the lag alarm", {}, 0, kInt32Max))}));
    all.push_back(verb(Verb::NodeServices, "node services", true, "Starts, stops or restarts the gateway service.",
                       {required(choice("name", "the service", {}, {"gateway"})),
                        required(choice("action", "what to do", {}, {"start", "stop", "restart"})),
                        param(ParamType::Names, "nodes", "only on these nodes; all when not given")}));
    return all;
}

std::vector<VerbSpec> toolVerbs() {
    std::vector<VerbSpec> all = {
        toolVerb(Verb::CopyTable, "CopyTable", true,
                 "Copies a binary table's cells with their timestamps, creating the destination when missing.",
                 concat({{required(path("src", "the table to read")), required(path("dst", "the table to write")),
                          flag("bulkload", "write by bulk load; leaves the table in bulk-load mode", "true")},
                         toolRange()})),
        toolVerb(Verb::DiffTables, "DiffTables", false, "Compares two binary tables cell by cell.", diffParams()),
        toolVerb(Verb::DiffTablesWithCrc, "DiffTablesWithCrc", false,
                 "Compares two binary tables by checksums of row ranges, then in detail where they differ.",
                 diffParams()),
    };
    for (VerbSpec& spec : jsonToolVerbs()) all.push_back(std::move(spec));
    return all;
}

}  // namespace tributary::schema
