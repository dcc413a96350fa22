// Rules about datasets that are written on several sides.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "core/systems/maprdb/rules/rulesets.h"
#include "core/systems/naming.h"
#include "core/topology/measures.h"

namespace tributary::maprdb {

namespace {

bool isTable(const Dataset& dataset) {
    return dataset.kind != DatasetKind::Stream;
}

template <typename Visit>
void eachMasterTable(const Context& context, Visit visit) {
    for (const Dataset& dataset : context.topology.datasets) {
        if (isTable(dataset) && context.isMaster(dataset.path)) visit(dataset);
    }
}

void deleteTtlMissing(const Context& context, FindingSink& sink) {
    eachMasterTable(context, [&](const Dataset& dataset) {
        if (dataset.deleteTtlSeconds) return;
        const Thresholds& figures = context.options.thresholds;
        const std::int64_t wanted = std::max(figures.deleteTtlDefaultSeconds, 2 * context.loopOutageSeconds(dataset));
        sink.add({dataset.path, dataset.pos,
                  fmt::format("{} is written on several sides and draws no deletettl: how long delete markers stay "
                              "is left to the system's unpublished default",
                              dataset.path),
                  fmt::format("maprcli table edit -path {} -deletettl {}, and draw deletettl: {}", dataset.path, wanted,
                              formatDuration(wanted * 1'000'000)),
                  setAttribute(idOf(dataset), "deletettl", std::to_string(wanted))});
    });
}

void deleteTtlTooSmall(const Context& context, FindingSink& sink) {
    eachMasterTable(context, [&](const Dataset& dataset) {
        if (!dataset.deleteTtlSeconds) return;
        const std::int64_t drawn = *dataset.deleteTtlSeconds;
        const std::int64_t outage = context.loopOutageSeconds(dataset);
        const std::int64_t least = outage > 0 ? outage : context.options.thresholds.deleteTtlMinSeconds;
        if (drawn > least || (outage == 0 && drawn == least)) return;
        const std::string lag =
            outage > 0 ? fmt::format("the network may be cut for {}", formatDuration(outage * 1'000'000))
                       : fmt::format("less than {} survives no unplanned stop", formatDuration(least * 1'000'000));
        const std::int64_t wanted = std::max(context.options.thresholds.deleteTtlDefaultSeconds, 2 * outage);
        // Our own threshold advises; nothing kept at all, or less than a drawn outage, is sure to diverge.
        sink.add(drawn == 0 || outage > 0 ? Severity::Error : Severity::Warning,
                 {dataset.path, dataset.pos,
                  fmt::format("deletettl is {}, and {}: a put that arrives after its delete marker is gone comes back "
                              "on one side only",
                              formatDuration(drawn * 1'000'000), lag),
                  fmt::format("maprcli table edit -path {} -deletettl {}, and draw deletettl: {}", dataset.path, wanted,
                              formatDuration(wanted * 1'000'000)),
                  setAttribute(idOf(dataset), "deletettl", std::to_string(wanted))});
    });
}

void deleteTtlDiffers(const Context& context, FindingSink& sink) {
    eachMasterTable(context, [&](const Dataset& dataset) {
        // Reported once per loop, at every dataset that differs from the loop's first.
        for (const Dataset* member : context.loopOf(dataset.path)) {
            const Dataset& other = *member;
            if (!isTable(other)) continue;
            if (&other == &dataset) return;
            if (!other.deleteTtlSeconds || !dataset.deleteTtlSeconds) return;
            if (*other.deleteTtlSeconds == *dataset.deleteTtlSeconds) return;
            const std::string wanted = std::to_string(*other.deleteTtlSeconds);
            sink.add({dataset.path, dataset.pos,
                      fmt::format("deletettl is {} here and {} at {}: the masters forget deletes at different times",
                                  formatDuration(*dataset.deleteTtlSeconds * 1'000'000),
                                  formatDuration(*other.deleteTtlSeconds * 1'000'000), other.path),
                      fmt::format("draw the same deletettl on both: {}", wanted),
                      setAttribute(idOf(dataset), "deletettl", wanted)});
            return;
        }
    });
}

bool hasTopic(const Dataset& stream, const std::string& topic) {
    return std::find(stream.topics.begin(), stream.topics.end(), topic) != stream.topics.end();
}

/// Whether the topic's messages begin here: no other stream with it sends here one way. What a replica draws is what
/// its source sends it.
bool beginsAt(const Context& context, const Dataset& stream, const std::string& topic) {
    const Dataset& start = context.topology.datasets[*context.index.datasetAt(stream.path)];
    std::set<const Dataset*> seen{&start};
    std::vector<const Dataset*> open{&start};
    while (!open.empty()) {
        const Dataset* at = open.back();
        open.pop_back();
        for (const Context::Edge* edge : context.edgesInto(*at)) {
            const Dataset& source = *edge->source;
            if (!seen.insert(&source).second) continue;
            if (!isTable(source) && hasTopic(source, topic) && !context.inOneLoop(source.path, stream.path))
                return false;
            open.push_back(&source);
        }
    }
    return true;
}

/// The first stream, in the drawing's order, that messages of both reach, or nullptr.
const Dataset* meetingPoint(const Context& context, const Dataset& left, const Dataset& right) {
    for (const Dataset& place : context.topology.datasets) {
        if (!isTable(place) && context.reaches(left.path, place.path) && context.reaches(right.path, place.path)) {
            return &place;
        }
    }
    return nullptr;
}

/// The remedy of seed 001: what `place` got of each source goes to a stream of that source's name, and `place` goes
/// where nothing else needs it.
EditPtr oneStreamPerSource(const Context& context, const Dataset& place, const std::string& topic) {
    std::vector<EditPtr> edits;
    std::size_t moved = 0;
    for (const Context::Edge* edge : context.edgesInto(place)) {
        if (!hasTopic(*edge->source, topic)) continue;
        const Cluster* cluster = context.clusterOfPath(edge->source->path);
        const bool near = cluster == nullptr || cluster == context.clusterOfPath(place.path);
        const std::string from = near ? edge->source->path.substr(edge->source->path.rfind('/') + 1) : cluster->name;
        Dataset apart = place;
        apart.path = fmt::format("{}_{}", place.path, from);
        apart.topics = edge->source->topics;
        if (context.index.datasetAt(apart.path)) return nullptr;  // drawn as something already
        edits.push_back(addDataset(apart));
        Replica replica = *edge->replica;
        replica.to = apart.path;
        edits.push_back(replaceReplica(idOf(*edge->replica), replica));
        for (const Upstream& upstream : context.topology.upstreams) {
            if (upstream.at != place.path || upstream.from != edge->source->path) continue;
            Upstream agreed = upstream;
            agreed.at = apart.path;
            edits.push_back(replaceUpstream(idOf(upstream), agreed));
        }
        ++moved;
    }
    if (moved == 0) return nullptr;
    if (moved == context.edgesInto(place).size() && context.edgesFrom(place).empty()) {
        edits.push_back(removeElement(idOf(place)));
    }
    return groupEdit("Replicate each source to a stream of its own", std::move(edits));
}

void reportCollision(const Context& context, FindingSink& sink, const Dataset& here, const Dataset& other,
                     const std::string& topic) {
    if (here.path == other.path) return;  // drawn twice, which is another rule's
    const bool both = context.inOneLoop(here.path, other.path);
    const Dataset* meet = both ? nullptr : meetingPoint(context, here, other);
    if (!both && meet == nullptr) return;
    const std::string place = both ? fmt::format("{} and {}", other.path, here.path) : meet->path;
    const std::string fix =
        both ? fmt::format("give the topics different names, as in {0}-1 and {0}-2", topic)
             : fmt::format("replicate each source to a stream of its own, or name the topics {0}-1 and {0}-2", topic);
    sink.add({here.path, here.pos,
              fmt::format("topic '{}' is produced at {} and at {}: their offsets collide at {} and messages are lost",
                          topic, other.path, here.path, place),
              fix, meet == nullptr ? nullptr : oneStreamPerSource(context, *meet, topic)});
}

/// One finding for each pair of streams, by the first topic that both produce.
void streamTopicCollision(const Context& context, FindingSink& sink) {
    std::map<std::string_view, std::vector<const Dataset*>> producers;  // by topic, of the streams before this one
    for (const Dataset& here : context.topology.datasets) {
        if (isTable(here)) continue;
        std::map<const Dataset*, std::string> others;
        for (const std::string& topic : here.topics) {
            if (!beginsAt(context, here, topic)) continue;
            for (const Dataset* before : producers[topic]) others.emplace(before, topic);
            producers[topic].push_back(&here);
        }
        // They lie in one vector: the drawing's order.
        for (const auto& [other, topic] : others) reportCollision(context, sink, here, *other, topic);
    }
}

void streamName(const Context& context, FindingSink& sink) {
    for (const Dataset& dataset : context.topology.datasets) {
        if (isTable(dataset) || !context.isMaprDb(dataset.path)) continue;
        if (dataset.path.find(':') == std::string::npos) continue;
        sink.add({dataset.path, dataset.pos, "a stream's name may not contain ':', which separates it from a topic",
                  "name the stream alone; topics go under topics: [...]"});
    }
}

}  // namespace

void addMasterRules(std::vector<Rule>& rules) {
    rules.push_back({"maprdb.deletettl-missing", Severity::Warning, "multi-master tables without a drawn deletettl",
                     "maprdb.md 1.2, 2.6", judged(deleteTtlMissing)});
    rules.push_back({"maprdb.deletettl-too-small", Severity::Error,
                     "delete markers are forgotten before late puts arrive", "maprdb.md 2.6",
                     judged(deleteTtlTooSmall)});
    rules.push_back({"maprdb.deletettl-differs", Severity::Warning, "masters of one loop with different deletettl",
                     "maprdb.md 2.6", judged(deleteTtlDiffers)});
    rules.push_back({"maprdb.stream-topic-collision", Severity::Error, "one topic produced at two streams that meet",
                     "maprdb.md 2.10, 3; seed 001", judged(streamTopicCollision)});
    rules.push_back(
        {"maprdb.stream-name", Severity::Error, "a stream's name with a colon", "maprdb.md 1.6", judged(streamName)});
}

}  // namespace tributary::maprdb
