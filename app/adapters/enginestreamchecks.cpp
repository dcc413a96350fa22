// What streams tell of their topics.
#include "app/adapters/enginestreamchecks.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/admin/tableadmincopymeta.h"
#include "engine/systems/maprdb/streams/streamapi.h"

namespace tributary::app {
namespace {

using engine::Json;
using engine::maprdb::ClusterCalls;
using engine::maprdb::StreamMethod;
using engine::maprdb::textOf;
using runbooks::CheckOutcome;
using runbooks::CheckVerdict;
using Arguments = std::vector<std::string>;
/// Streams that gave the offsets of a topic's messages, by topic.
using Origins = std::map<std::string, std::set<std::string>>;

CheckOutcome verdictOf(bool holds, std::string evidence) {
    return {holds ? CheckVerdict::True : CheckVerdict::False, std::move(evidence)};
}

/// nullopt: there is no such stream. A table is an Error.
Result<std::optional<std::string>> streamAt(ClusterCalls& calls, const Arguments& given, std::size_t i) {
    const Result<std::string> path = calls.fullPath(given[i], {}, fmt::format("argument {}", i + 1));
    if (!path) return path.error();
    const auto found = calls.findDataset(*path);
    if (!found) return found.error();
    if (!found->has_value()) return std::optional<std::string>();
    if (engine::maprdb::isStream((*found)->record)) return std::optional(*path);
    return Error{ErrorCode::InvalidInput, *path + " is a table and has no topics", {}, {}};
}

Result<Json> topicsOf(ClusterCalls& calls, const std::string& path) {
    const auto answer = calls.callAt(path, StreamMethod::Topics, Json{{"path", path}});
    if (!answer) return answer.error();
    return answer->value("topics", Json::array());
}

Result<Origins> originsOf(ClusterCalls& calls, const std::string& path) {
    const Result<Json> topics = topicsOf(calls, path);
    if (!topics) return topics.error();
    Origins out;
    for (const Json& topic : *topics) {
        for (const Json& partition : topic.value("partitions", Json::array())) {
            for (const Json& origin : partition.value("origins", Json::array())) {
                if (origin.is_string()) out[textOf(topic, "topic")].insert(origin.get<std::string>());
            }
        }
    }
    return out;
}

}  // namespace

Result<CheckOutcome> topicExists(ClusterCalls& calls, const Arguments& given) {
    const auto path = streamAt(calls, given, 0);
    if (!path) return path.error();
    if (!path->has_value()) return verdictOf(false, fmt::format("there is no {}", given[0]));
    const Result<Json> topics = topicsOf(calls, **path);
    if (!topics) return topics.error();
    const bool there = std::any_of(topics->begin(), topics->end(),
                                   [&](const Json& topic) { return textOf(topic, "topic") == given[1]; });
    return verdictOf(there, fmt::format("{} {} topic {}", given[0], there ? "has" : "has no", given[1]));
}

Result<CheckOutcome> topicsApart(ClusterCalls& calls, const Arguments& given) {
    Origins origins[2];
    for (const std::size_t i : {0U, 1U}) {
        const auto path = streamAt(calls, given, i);
        if (!path) return path.error();
        if (!path->has_value()) return verdictOf(true, fmt::format("there is no {}", given[i]));
        auto found = originsOf(calls, **path);
        if (!found) return found.error();
        origins[i] = std::move(found).value();
    }
    for (const auto& [topic, here] : origins[0]) {
        const auto other = origins[1].find(topic);
        if (other == origins[1].end()) continue;
        // A topic that only one has messages of has no entry at the other.
        if (other->second != here) return verdictOf(false, fmt::format("topic {} has messages of both", topic));
    }
    return verdictOf(true, "no topic has messages of both");
}

}  // namespace tributary::app
