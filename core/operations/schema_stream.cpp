// Schema of `stream ...` and `mapr copystream` (maprdb.md sections 1.6 and 1.8).
#include "core/operations/schemaparts.h"

namespace tributary::schema {
namespace {

constexpr std::int64_t kPartitionsMax = 4'096;

ParamSpec theStream() {
    return required(path("path", "the stream"));
}
ParamSpec sourceStream() {
    return required(path("path", "the source stream"));
}
ParamSpec replicaStream() {
    return required(path("replica", "the replica stream"));
}
ParamSpec theTopic() {
    return required(text("topic", "the topic's name: letters, digits, dots, underscores, dashes"));
}

// The same options at create and edit; only the first has defaults.
std::vector<ParamSpec> properties(bool withDefaults) {
    const std::string creator = withDefaults ? "u:<creator>" : "";
    return {
        integer("ttl", "seconds that messages live, 0 = for ever", withDefaults ? "604800" : "", 0, kInt32Max),
        flag("autocreate", "make a topic when something is produced to it", withDefaults ? "true" : ""),
        integer("defaultpartitions", "partitions of topics that name no number", withDefaults ? "1" : "", 1,
                kPartitionsMax),
        choice("compression", "compression of messages", withDefaults ? "lz4" : "", {"off", "lz4", "lzf", "zlib"}),
        ace("produceperm", "who may produce", creator),
        ace("consumeperm", "who may consume", creator),
        ace("topicperm", "who may make and drop topics", creator),
        ace("copyperm", "who may copy: produce, consume and make topics together", creator),
        ace("adminperm", "who may change the stream and its replicas", creator),
    };
}

std::vector<ParamSpec> shippingOfStream(bool withDefaults) {
    const std::string off = withDefaults ? "false" : "";
    return {
        flag("throttle", "slow down so that other work is not hurt", off),
        flag("networkencryption", "encrypt on the wire; both clusters must be secure", off),
        flag("synchronous", "acknowledge messages only when a destination gateway has them", off),
        choice("networkcompression", "compression on the wire; the stream's own when not given", "",
               {"off", "lz4", "lzf", "zlib"}),
    };
}

std::vector<VerbSpec> streamsThemselves() {
    std::vector<ParamSpec> create = {theStream(),
                                     path("copymetafrom", "take attributes and permissions of this stream")};
    return {
        verb(Verb::StreamCreate, "stream create", true, "Makes a stream.",
             concat({std::move(create), properties(true)})),
        verb(Verb::StreamEdit, "stream edit", true, "Changes attributes and permissions of a stream.",
             concat({{theStream()}, properties(false)})),
        verb(Verb::StreamInfo, "stream info", false, "Shows a stream's attributes, sizes and permissions.",
             {theStream()}),
        verb(Verb::StreamDelete, "stream delete", true, "Deletes a stream with all its messages.", {theStream()}),
    };
}

std::vector<VerbSpec> topicVerbs() {
    const ParamSpec partitions = integer("partitions", "how many partitions", "", 1, kPartitionsMax);
    const ParamSpec group = text("consumergroup", "one consumer group");
    const ParamSpec oneTopic = text("topic", "one topic");
    const ParamSpec onePartition = integer("partition", "one partition; needs -topic", "", 0, kPartitionsMax - 1);
    return {
        verb(Verb::StreamTopicCreate, "stream topic create", true, "Makes a topic.",
             {theStream(), theTopic(), partitions}),
        verb(Verb::StreamTopicEdit, "stream topic edit", true, "Gives a topic more partitions.",
             {theStream(), theTopic(), required(partitions)}),
        verb(Verb::StreamTopicInfo, "stream topic info", false, "Shows a topic, one row for each partition.",
             {theStream(), theTopic()}),
        verb(Verb::StreamTopicList, "stream topic list", false, "Lists the topics of a stream.", {theStream()}),
        verb(Verb::StreamTopicDelete, "stream topic delete", true, "Deletes a topic with its messages.",
             {theStream(), theTopic()}),
        verb(Verb::StreamCursorList, "stream cursor list", false, "Lists how far consumer groups have read.",
             {theStream(), group, oneTopic, onePartition}),
        verb(Verb::StreamCursorDelete, "stream cursor delete", true, "Deletes cursors of consumer groups.",
             {theStream(), group, oneTopic, onePartition}),
        verb(Verb::StreamAssignList, "stream assign list", false,
             "Lists which consumer of a group reads which partition.",
             {theStream(), group, oneTopic, onePartition,
              bare(flag("detail", "when each consumer was heard last, too", "false"))}),
    };
}

std::vector<VerbSpec> streamEdges() {
    std::vector<ParamSpec> add = {sourceStream(), required(path("replica", "the replica stream; it must exist")),
                                  flag("paused", "register without starting to ship", "false")};
    std::vector<ParamSpec> edit = {sourceStream(), replicaStream(),
                                   path("newreplica", "new path of the same replica (same uuid) after a rename")};
    const ParamSpec at = required(path("path", "the replica stream"));
    const ParamSpec upstream = required(path("upstream", "the source stream"));
    return {
        verb(Verb::StreamReplicaAdd, "stream replica add", true,
             "Registers an existing stream as replica of a source: all topics, always.",
             concat({std::move(add), shippingOfStream(true)})),
        verb(Verb::StreamReplicaAutosetup, "stream replica autosetup", true,
             "Makes a replica of a stream with everything it needs, copies, and starts.",
             concat({{sourceStream(), required(path("replica", "the replica stream; it must not exist")),
                      flag("multimaster", "set up the way back as well", "false"),
                      flag("directcopy", "let the source's cluster do it, by itself and through gateways", "true")},
                     shippingOfStream(true)})),
        verb(Verb::StreamReplicaEdit, "stream replica edit", true,
             "Changes how a replica is fed, or follows its rename.",
             concat({std::move(edit), shippingOfStream(false)})),
        verb(Verb::StreamReplicaList, "stream replica list", false,
             "Lists a source's replicas with their state and lag.",
             {sourceStream(), flag("refreshnow", "take new figures instead of those up to five minutes old", "false")}),
        verb(Verb::StreamReplicaPause, "stream replica pause", true, "Stops shipping; messages wait at the source.",
             {sourceStream(), replicaStream()}),
        verb(Verb::StreamReplicaResume, "stream replica resume", true, "Continues shipping where it stopped.",
             {sourceStream(), replicaStream()}),
        verb(Verb::StreamReplicaRemove, "stream replica remove", true,
             "Deregisters a replica at the source; its messages and its upstream record stay.",
             {sourceStream(), replicaStream()}),
        verb(Verb::StreamUpstreamAdd, "stream upstream add", true, "Lets a replica accept messages from a source.",
             {at, upstream}),
        verb(Verb::StreamUpstreamList, "stream upstream list", false, "Lists the sources that a replica accepts.",
             {at}),
        verb(Verb::StreamUpstreamRemove, "stream upstream remove", true,
             "Stops a replica from accepting messages of a source.", {at, upstream}),
    };
}

std::vector<VerbSpec> streamTools() {
    const std::vector<ParamSpec> diff = {required(path("src", "the first stream")),
                                         required(path("dst", "the second stream")),
                                         bare(flag("first_exit", "stop at the first difference", "false")),
                                         flag("mapreduce", "run as a job of the cluster", "true")};
    const ParamSpec topics = integer("ntopics", "how many topics, called perf_0, perf_1, ...", "1", 1, 1'000);
    const ParamSpec partitions = integer("npart", "partitions of each topic", "1", 1, kPartitionsMax);
    return {
        verb(Verb::DiffStreams, "diffstreams", false,
             "Compares two streams: topics, and offset, key, value, time and headers of every message.", diff),
        verb(Verb::DiffStreamsWithCrc, "diffstreamswithcrc", false,
             "Compares two streams as diffstreams does; checksums save nothing here.", diff),
        verb(Verb::PerfProducer, "perfproducer", true, "Produces messages of 200 bytes to topics that it makes.",
             {theStream(), topics, partitions,
              integer("nmsgs", "how many messages for each topic", "100000", 1, 1'000'000'000),
              flag("rr", "one partition after the other, and not all by key", "false")}),
        verb(Verb::PerfConsumer, "perfconsumer", false, "Reads what perfproducer has produced, and counts it.",
             {theStream(), topics, partitions}),
        verb(Verb::StreamAnalyzer, "streamanalyzer", false,
             "Counts the messages of a stream; the last number that it prints is the sum.",
             {theStream(), text("topics", "only these, separated by commas"),
              flag("printmessages", "print each message", "false")}),
    };
}

}  // namespace

std::vector<VerbSpec> streamVerbs() {
    std::vector<VerbSpec> all = streamsThemselves();
    for (const auto& part : {topicVerbs(), streamEdges()}) all.insert(all.end(), part.begin(), part.end());
    VerbSpec copy = verb(Verb::CopyStream, "copystream", true,
                         "Copies topics, messages with their offsets, and cursors of a stream into another.",
                         {required(path("src", "the source stream")),
                          required(path("dst", "the destination; it is made with the source's metadata when missing")),
                          flag("mapreduce", "run as a job of the cluster", "true")});
    copy.takesGlobals = false;
    all.push_back(std::move(copy));
    for (VerbSpec& tool : streamTools()) {
        tool.takesGlobals = false;
        all.push_back(std::move(tool));
    }
    return all;
}

}  // namespace tributary::schema
