// Schema of database clusters with their own command line tools (voltdb.md sections 2.3 and 2.4): the words of voltdb
// and voltadmin, and one statement of sqlcmd.
#include "core/operations/schemaparts.h"

namespace tributary::schema {
namespace {

VerbSpec databaseVerb(Verb id, std::string name, bool mutates, std::string summary, std::vector<ParamSpec> params) {
    VerbSpec spec = verb(id, std::move(name), mutates, std::move(summary), std::move(params));
    spec.takesGlobals = false;
    return spec;
}

ParamSpec given(std::string name, std::string help) {
    return choice(std::move(name), std::move(help), {}, {"true"});
}

ParamSpec host() {
    return text("host", "a cluster, or one of its hosts; the only cluster there is when it is not given");
}

std::vector<VerbSpec> hostVerbs() {
    const ParamSpec dir = text("dir", "the folder that holds voltdbroot; the current one when it is not given");
    return {
        databaseVerb(
            Verb::VoltInit, "voltdb init", true, "Makes the root folder of a host.",
            {text("config", "the deployment file"), dir, text("schema", "a file of DDL, run at the first start"),
             given("force", "delete the root that is there, with its data: begin from scratch")}),
        databaseVerb(Verb::VoltStart, "voltdb start", true, "Starts a host on its root folder, or recovers it.",
                     {dir, text("host", "the hosts of its cluster, with commas"),
                      integer("count", "how many hosts the cluster has", "1", 1, 1024),
                      given("background", "leave it running, and wait only until it serves"),
                      given("pause", "begin paused"), text("replication", "where consumers reach it, ADDRESS:PORT")}),
    };
}

}  // namespace

std::vector<VerbSpec> databaseVerbs() {
    const ParamSpec timeout = integer("timeout", "seconds without progress after which it gives up", "120", 1, 86'400);
    std::vector<VerbSpec> all = hostVerbs();
    for (VerbSpec& spec : std::vector<VerbSpec>{
             databaseVerb(Verb::VoltPromote, "voltadmin promote", true, "Makes a replica a master that takes writes.",
                          {host()}),
             databaseVerb(
                 Verb::VoltPause, "voltadmin pause", true, "Lets only administrators write.",
                 {host(), given("wait", "and wait until consumers have acknowledged all that was written"), timeout}),
             databaseVerb(Verb::VoltResume, "voltadmin resume", true, "Lets clients write again.", {host()}),
             databaseVerb(
                 Verb::VoltDrReset, "voltadmin dr reset", true,
                 "Stops sending to a cluster, or to all, and deletes the logs kept for it.",
                 {host(), integer("remote", "the id of the cluster that is forgotten", {}, 0, 127),
                  given("force", "also when its snapshot has arrived"), given("all", "forget every other cluster")}),
             databaseVerb(Verb::VoltDrDrop, "voltadmin dr drop", true,
                          "Leaves the group, once the others have all that this cluster wrote, and has them forget it.",
                          {host(), timeout}),
             databaseVerb(Verb::VoltShutdown, "voltadmin shutdown", true, "Ends the hosts of a cluster in order.",
                          {host(), given("save", "wait for replication, and write a snapshot"),
                           given("force", "end hosts at once that do not end in time"), timeout}),
             databaseVerb(Verb::VoltStatus, "voltadmin status", false, "Shows a cluster and its remote ones.",
                          {host(), given("dr", "also what the remote clusters say"), given("as-json", "for programs")}),
             databaseVerb(Verb::VoltSave, "voltadmin save", false, "Writes a snapshot into a folder.",
                          {host(), required(text("directory", "the folder")), required(text("nonce", "its name"))}),
             databaseVerb(Verb::VoltRestore, "voltadmin restore", true,
                          "Loads the rows of a snapshot; where replication stood is not restored.",
                          {host(), required(text("directory", "the folder")), required(text("nonce", "its name"))}),
             databaseVerb(Verb::VoltUpdate, "voltadmin update", true, "Applies a deployment file to a running cluster.",
                          {host(), required(text("config", "the deployment file"))}),
             databaseVerb(
                 Verb::SqlRun, "sqlcmd", true, "Runs statements of SQL, exec and show.",
                 {text("servers", "a cluster, or hosts of one, with commas"),
                  integer("port", "21212 of clients, 21211 of administrators; in this version both are one door",
                          "21212", 1, 65'535),
                  required(text("query", "statements, with semicolons")),
                  choice("format", "how tables are written: fixed, csv, tab", "fixed", {"fixed", "csv", "tab"}),
                  given("skip-metadata", "no names of columns, and no footer")}),
         }) {
        all.push_back(std::move(spec));
    }
    return all;
}

}  // namespace tributary::schema
