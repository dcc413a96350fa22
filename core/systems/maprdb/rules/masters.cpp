// Rules about datasets that are written on several sides.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

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

std::optional<std::string> sharedTopic(const Dataset& left, const Dataset& right) {
    for (const std::string& topic : left.topics) {
        if (std::find(right.topics.begin(), right.topics.end(), topic) != right.topics.end()) return topic;
    }
    return std::nullopt;
}

/// A stream that both sources send to directly, or nullptr.
const Dataset* meetingPoint(const Context& context, const Dataset& left, const Dataset& right) {
    for (const Context::Edge* edge : context.edgesFrom(left)) {
        for (const Context::Edge* other : context.edgesFrom(right)) {
            if (other->target == edge->target) return edge->target;
        }
    }
    return nullptr;
}

void reportCollision(const Context& context, FindingSink& sink, const Dataset& here, const Dataset& other) {
    const auto topic = sharedTopic(here, other);
    if (!topic) return;
    const bool travels = context.reaches(here.path, other.path) || context.reaches(other.path, here.path);
    const Dataset* meet = travels ? nullptr : meetingPoint(context, here, other);
    if (!travels && meet == nullptr) return;
    const std::string place = travels ? fmt::format("{} and {}", other.path, here.path) : meet->path;
    sink.add(
        {here.path, here.pos,
         fmt::format("topic '{}' is produced at {} and at {}: their offsets collide at {} and messages are lost",
                     *topic, other.path, here.path, place),
         fmt::format("give the topics different names, as in {0}-1 and {0}-2, or replicate to a stream each", *topic)});
}

void streamTopicCollision(const Context& context, FindingSink& sink) {
    std::map<std::string_view, std::vector<const Dataset*>> producers;  // by topic, of the streams before this one
    for (const Dataset& here : context.topology.datasets) {
        if (isTable(here)) continue;
        std::vector<const Dataset*> others;
        for (const std::string& topic : here.topics) {
            const std::vector<const Dataset*>& before = producers[topic];
            others.insert(others.end(), before.begin(), before.end());
        }
        std::sort(others.begin(), others.end());  // they lie in one vector: the drawing's order
        others.erase(std::unique(others.begin(), others.end()), others.end());
        for (const Dataset* other : others) reportCollision(context, sink, here, *other);
        for (const std::string& topic : here.topics) producers[topic].push_back(&here);
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
