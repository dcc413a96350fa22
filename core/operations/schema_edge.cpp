// Schema of `table replica` and `table upstream` (maprdb.md sections 1.4 and 1.5).
#include "core/operations/schemaparts.h"

namespace tributary::schema {
namespace {

ParamSpec source() {
    return required(path("path", "the source table"));
}
ParamSpec replica() {
    return required(path("replica", "the replica table"));
}

// How the edge ships: the same options at add, autosetup and edit; only the first two have defaults.
std::vector<ParamSpec> shipping(bool withDefaults) {
    const std::string off = withDefaults ? "false" : "";
    return {
        columns("column families and columns to replicate, the full list; whole table when not given"),
        flag("throttle", "slow down so that other work is not hurt", off),
        flag("networkencryption", "encrypt on the wire; both clusters must be secure", off),
        flag("synchronous", "acknowledge writes only when a destination gateway has them", off),
        choice("networkcompression", "compression on the wire", withDefaults ? "lz4" : "",
               {"off", "on=lz4", "lzf", "lz4", "zlib"}),
    };
}

std::vector<VerbSpec> replicaVerbs() {
    std::vector<ParamSpec> add = {source(), required(path("replica", "the replica table; it must exist")),
                                  flag("paused", "register without starting to ship", "false")};
    std::vector<ParamSpec> automatic = {
        source(), required(path("replica", "the replica table; it is created")),
        flag("multimaster", "replicate in both directions", "false"),
        since("6.0", flag("directcopy", "copy by the servers, resumable, without a client", "true")),
        since("6.0", flag("useexistingreplica", "use a replica that exists already", "false"))};
    std::vector<ParamSpec> edit = {source(), replica(),
                                   path("newreplica", "new path of the same replica (same uuid) after a rename")};
    return {
        verb(Verb::ReplicaAdd, "table replica add", true, "Registers an existing table as replica of a source.",
             concat({std::move(add), shipping(true)})),
        verb(Verb::ReplicaAutosetup, "table replica autosetup", true,
             "Creates the replica, registers both halves, copies the data and starts replication.",
             concat({std::move(automatic), shipping(true)})),
        verb(Verb::ReplicaEdit, "table replica edit", true, "Changes how a replica is fed, or follows its rename.",
             concat({std::move(edit), shipping(false)})),
        verb(Verb::ReplicaList, "table replica list", false, "Lists a source's replicas with their state and lag.",
             {source(), flag("refreshnow", "take new figures instead of those up to five minutes old", "false")}),
        verb(Verb::ReplicaPause, "table replica pause", true, "Stops shipping; updates wait at the source.",
             {source(), replica()}),
        verb(Verb::ReplicaResume, "table replica resume", true, "Continues shipping where it stopped.",
             {source(), replica()}),
        verb(Verb::ReplicaRemove, "table replica remove", true,
             "Deregisters a replica at the source; its data and its upstream record stay.", {source(), replica()}),
    };
}

}  // namespace

std::vector<VerbSpec> edgeVerbs() {
    std::vector<VerbSpec> all = replicaVerbs();
    const ParamSpec at = required(path("path", "the replica table"));
    const ParamSpec upstream = required(path("upstream", "the source table"));
    all.push_back(verb(Verb::UpstreamAdd, "table upstream add", true, "Lets a replica accept updates from a source.",
                       {at, upstream}));
    all.push_back(
        verb(Verb::UpstreamList, "table upstream list", false, "Lists the sources that a replica accepts.", {at}));
    all.push_back(verb(Verb::UpstreamRemove, "table upstream remove", true,
                       "Stops a replica from accepting updates of a source.", {at, upstream}));
    return all;
}

}  // namespace tributary::schema
