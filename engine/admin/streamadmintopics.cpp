// `stream topic ...` and `stream cursor ...` (maprdb.md section 1.6).
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/admin/streamadmin.h"

namespace tributary::engine::maprdb::admin {
namespace {

Result<Json> topicsAt(const Command& command, const std::string& path, const std::string& topic) {
    Json body{{"path", path}};
    if (!topic.empty()) body["topic"] = topic;
    auto answer = command.calls.callAt(path, StreamMethod::Topics, body);
    if (answer || answer.error().where != "-topic") return answer;
    return withFix(answer.error(), fmt::format("maprcli stream topic list -path {}", shellWord(path)));
}

/// Offsets of consumer groups by topic and partition: {topic: {partition: [offsets]}}.
Result<Json> cursorsAt(const Command& command, const std::string& path) {
    auto answer = command.calls.callAt(path, StreamMethod::Cursors, Json{{"path", path}});
    if (!answer) return answer.error();
    return answer->value("cursors", Json::array());
}

bool isOf(const Json& cursor, const std::string& topic, std::int64_t partition) {
    return textOf(cursor, "topic") == topic && numberOf(cursor, "partition") == partition;
}

/// A conflict is never silent: whoever looks at a topic is told.
void warnOfConflicts(const Json& topic, Outcome& outcome) {
    for (const Json& partition : topic.value("partitions", Json::array())) {
        for (const Json& conflict : partition.value("conflicts", Json::array())) {
            outcome.warnings.push_back(fmt::format(
                "topic {}, partition {}: {} messages of {} have offsets (from {}) that messages of {} have; they are "
                "kept apart: tributary consume ... --apart. Replicate each source to a stream of its own",
                textOf(topic, "topic"), numberOf(partition, "partition"), numberOf(conflict, "messages"),
                textOf(conflict, "origin"), numberOf(conflict, "first"), textOf(conflict, "holder")));
        }
    }
}

/// What -consumergroup, -topic and -partition ask for.
Result<Json> chosenCursors(const Command& command, const std::string& path) {
    const Operation& op = command.op;
    if (op.has("partition") && !op.has("topic")) {
        return Error{ErrorCode::InvalidInput, "-partition needs -topic", "-partition", "add -topic <topic>"};
    }
    const Result<Json> cursors = cursorsAt(command, path);
    if (!cursors) return cursors.error();
    Json chosen = Json::array();
    for (const Json& cursor : *cursors) {
        if (op.has("consumergroup") && textOf(cursor, "group") != op.text("consumergroup")) continue;
        if (op.has("topic") && textOf(cursor, "topic") != op.text("topic")) continue;
        if (op.has("partition") && numberOf(cursor, "partition") != op.integer("partition")) continue;
        chosen.push_back(cursor);
    }
    return chosen;
}

}  // namespace

Result<Outcome> topicChange(const Command& command, TopicChange::Mode mode) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const std::string topic = command.op.text("topic");
    if (Status named = checkTopicName(topic); !named) return named.error();
    std::int64_t partitions = command.op.integer("partitions");
    if (mode == TopicChange::Mode::Create && !command.op.has("partitions")) {
        const Result<Json> stream = describeStreamAt(command.calls, *path, "-path");
        if (!stream) return stream.error();
        const std::string drawn = textOf(stream->value("attributes", Json::object()), "defaultpartitions");
        partitions = drawn.empty() ? 1 : std::stoll(drawn);
    }
    Bytes parts;
    appendTopic(parts, {topic, static_cast<std::uint32_t>(partitions), mode});
    const Result<Json> done = putParts(command.calls, *path, parts, false);
    if (done) return Outcome{};
    Error error = done.error();
    if (error.where == "-topic") error.fix = fmt::format("maprcli stream topic list -path {}", shellWord(*path));
    return error;
}

Result<Outcome> topicInfo(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const std::string topic = command.op.text("topic");
    const Result<Json> answer = topicsAt(command, *path, topic);
    if (!answer) return answer.error();
    const Result<Json> cursors = cursorsAt(command, *path);
    if (!cursors) return cursors.error();
    Outcome outcome;
    for (const Json& found : answer->value("topics", Json::array())) {
        for (const Json& partition : found.value("partitions", Json::array())) {
            const std::int64_t number = numberOf(partition, "partition");
            std::int64_t least = -1;
            for (const Json& cursor : *cursors) {
                if (!isOf(cursor, topic, number)) continue;
                const std::int64_t offset = numberOf(cursor, "offset");
                least = least < 0 ? offset : std::min(least, offset);
            }
            outcome.add(Json{{"partitionid", number},
                             {"physicalsize", numberOf(partition, "bytes")},
                             {"logicalsize", numberOf(partition, "bytes")},
                             {"minoffset", numberOf(partition, "low")},
                             {"maxoffset", numberOf(partition, "next") - 1},
                             {"minoffsetacrossconsumers", std::max<std::int64_t>(0, least)},
                             {"mintimestamp", numberOf(partition, "oldestms")},
                             {"maxtimestamp", numberOf(partition, "newestms")}});
        }
        warnOfConflicts(found, outcome);
    }
    return outcome;
}

Result<Outcome> topicList(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const Result<Json> answer = topicsAt(command, *path, {});
    if (!answer) return answer.error();
    const Result<Json> cursors = cursorsAt(command, *path);
    if (!cursors) return cursors.error();
    Outcome outcome;
    for (const Json& topic : answer->value("topics", Json::array())) {
        const std::string name = textOf(topic, "topic");
        std::int64_t bytes = 0;
        for (const Json& partition : topic.value("partitions", Json::array())) bytes += numberOf(partition, "bytes");
        std::set<std::string> groups;
        std::int64_t lag = 0;
        for (const Json& cursor : *cursors) {
            if (textOf(cursor, "topic") != name) continue;
            groups.insert(textOf(cursor, "group"));
            lag = std::max(lag, numberOf(cursor, "next") - numberOf(cursor, "offset"));
        }
        outcome.add(Json{{"topic", name},
                         {"partitions", topic.value("partitions", Json::array()).size()},
                         {"consumers", groups.size()},
                         {"physicalsize", bytes},
                         {"logicalsize", bytes},
                         {"maxlag", lag}});
        warnOfConflicts(topic, outcome);
    }
    return outcome;
}

Result<Outcome> cursorList(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const Result<Json> cursors = chosenCursors(command, *path);
    if (!cursors) return cursors.error();
    Outcome outcome;
    for (const Json& cursor : *cursors) {
        const std::int64_t behind = numberOf(cursor, "next") - numberOf(cursor, "offset");
        const std::int64_t lagMs = numberOf(cursor, "newestms") - numberOf(cursor, "committedms");
        outcome.add(Json{{"consumergroup", textOf(cursor, "group")},
                         {"topic", textOf(cursor, "topic")},
                         {"partitionid", numberOf(cursor, "partition")},
                         {"produceroffset", numberOf(cursor, "next") - 1},
                         {"committedoffset", numberOf(cursor, "offset")},
                         {"producertimestamp", numberOf(cursor, "newestms")},
                         {"consumertimestamp", numberOf(cursor, "committedms")},
                         {"consumerlagmillis", behind > 0 ? std::max<std::int64_t>(0, lagMs) : 0}});
    }
    return outcome;
}

Result<Outcome> cursorDelete(const Command& command) {
    const Result<std::string> path = command.path("path");
    if (!path) return path.error();
    const Result<Json> cursors = chosenCursors(command, *path);
    if (!cursors) return cursors.error();
    Bytes parts;
    for (const Json& cursor : *cursors) {
        const std::string group = textOf(cursor, "group");
        const std::string topic = textOf(cursor, "topic");
        appendCursor(parts, {group, topic, static_cast<std::uint32_t>(numberOf(cursor, "partition")), {}, 0});
    }
    if (parts.empty()) {
        return Error{ErrorCode::NotFound, "there is no such cursor", "-consumergroup",
                     fmt::format("maprcli stream cursor list -path {}", shellWord(*path))};
    }
    const Result<Json> done = putParts(command.calls, *path, parts, false);
    if (!done) return done.error();
    return Outcome{};
}

}  // namespace tributary::engine::maprdb::admin
