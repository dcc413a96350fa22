// The table of keys.
#include "core/workspace/drawingkeys.h"

#include <cassert>

namespace tributary {
namespace {

constexpr std::string_view kRequired = "required";

DrawingElement file() {
    return {"the drawing",
            "topology.yaml",
            "the file; sections that are empty may be left out",
            {{"tributary", "1", kRequired, "the version of the format; stands first"},
             {"clusters", "{NAME: cluster}", "none", "the sites"},
             {"datasets", "{PATH: dataset}", "none", "tables and streams, by path"},
             {"replicas", "[replica edge, ...]", "none", "who sends to whom"},
             {"upstreams", "[upstream edge, ...]", "none", "who accepts from whom"},
             {"wan", "[wan line, ...]", "none", "the network between clusters"}}};
}

DrawingElement cluster() {
    return {
        "a cluster",
        "clusters: NAME: {...}",
        "a named site; the name is the C of /mapr/C/PATH",
        {{"system", "word", "maprdb",
          "which system it is: maprdb; tarantool and voltdb are known, and refused by check and up in this version"},
         {"gateways", "[gateway, ...]", "none", "the doors that replicated writes come in by"},
         {"users", "[name, ...]", "not drawn", "who may act as a user there (--as)"},
         {"groups", "{GROUP: [user, ...]}", "none", "who g:GROUP means in permissions"},
         {"secure", "flag", "false", "tickets and wire encryption are set up"}}};
}

DrawingElement gateway() {
    return {"a gateway",
            "an item of gateways: NAME, or {...}",
            "a name alone is enough",
            {{"name", "text", kRequired, "unique in the drawing"},
             {"address", "host:port", "the engine chooses a port", "where it listens, as 127.0.0.1:7660"}}};
}

DrawingElement dataset() {
    return {
        "a dataset",
        "datasets: PATH: {...}",
        "a table or a stream; PATH is /mapr/CLUSTER/PATH of a drawn cluster",
        {{"kind", "word", kRequired, "what it is: binary-table, json-table or stream"},
         {"families", "[family, ...]", "none", "column families; tables only"},
         {"exists", "flag", "false",
          "`up` creates it (a binary-table; this version makes no other kind); otherwise a command or a runbook does"},
         {"bulkload", "flag", "false", "in bulk load mode, which takes no replication; tables only"},
         {"deletettl", "seconds", "1d", "how long tombstones stay: longer than any outage; tables only"},
         {"topics", "[name, ...]", "none", "topics that are produced here; streams only"},
         {"perms", "{PERMISSION: ace}", "the creator only", "who may do what"}}};
}

DrawingElement family() {
    return {"a family",
            "an item of families: NAME, or {...}",
            "a name alone is enough",
            {{"name", "text", kRequired, "unique in its table"},
             {"versions", "integer from 1", "1", "versions of a cell that are kept"},
             {"minversions", "integer from 0", "0", "versions that stay although their ttl is over"},
             {"ttl", "seconds", "0", "how long cells live; 0 is for ever"},
             {"compression", "word", "the folder's", "how it is stored: off, lzf, lz4 or zlib"},
             {"inmemory", "flag", "false", "kept in memory with preference"},
             {"jsonpath", "text", "empty", "where it begins in the document; json-table only"},
             {"perms", "{PERMISSION: ace}", "the table's defaults", "who may do what"}}};
}

DrawingElement replica() {
    return {"a replica edge",
            "replicas: - {...}",
            "\"from sends to to\", recorded at the source; with its upstream edge it is a link",
            {{"from", "path", kRequired, "the source"},
             {"to", "path", kRequired, "the replica"},
             {"synchronous", "flag", "false", "a write waits for the replica"},
             {"paused", "flag", "false", "registered, and not sending"},
             {"throttle", "flag", "false", "sends with less of the source's strength"},
             {"columns", "[column, ...]", "every column", "family or family:qualifier; also \"a,b:c\" in one text"},
             {"networkcompression", "word", "on for tables", "how it is packed: off, on (lz4), lzf, lz4 or zlib"},
             {"networkencryption", "flag", "false", "encrypted on the wire; both clusters are secure"}}};
}

DrawingElement upstream() {
    return {"an upstream edge",
            "upstreams: - {...}",
            "\"at accepts from from\", recorded at the replica",
            {{"at", "path", kRequired, "the replica"}, {"from", "path", kRequired, "the source"}}};
}

DrawingElement wan() {
    return {"a wan line",
            "wan: - {...}",
            "the network between two clusters, in both directions; `up` puts it in force, `up --no-wan` leaves it out",
            {{"between", "[cluster, cluster]", kRequired, "two names of clusters"},
             {"latency", "duration", "0", "one way, in whole milliseconds"},
             {"bandwidth", "rate", "unlimited", "each way"},
             {"outage", "seconds", "not drawn", "the longest cut to be expected; deletettl is judged by it"}}};
}

}  // namespace

const std::vector<DrawingElement>& drawingElements() {
    static const std::vector<DrawingElement> kElements{file(),   cluster(), gateway(),  dataset(),
                                                       family(), replica(), upstream(), wan()};
    return kElements;
}

std::vector<std::string> drawingKeyNames(std::string_view thing) {
    std::vector<std::string> names;
    for (const DrawingElement& element : drawingElements()) {
        if (element.thing != thing) continue;
        for (const DrawingKey& key : element.keys) names.emplace_back(key.key);
    }
    assert(!names.empty());
    return names;
}

}  // namespace tributary
