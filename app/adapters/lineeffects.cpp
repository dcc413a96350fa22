// One case per verb; what deletes data is compared with its other copies.
#include "app/adapters/lineeffects.h"
#include "engine/systems/maprdb/streams/defaults.h"
#include "engine/systems/maprdb/streams/streamapi.h"
#include "engine/systems/maprdb/tables/tableapi.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "app/adapters/onlyhere.h"
#include "app/systems/dialects.h"
#include "core/systems/maprdb/familylimits.h"
#include "core/systems/naming.h"
#include "core/telemetry/humanunits.h"

namespace tributary::app {
namespace {

using engine::Json;
using engine::Method;
using engine::maprdb::ClusterCalls;
using engine::maprdb::numberOf;
using engine::maprdb::TableDescription;
using engine::maprdb::textOf;
using runbooks::LineEffect;

LineEffect unknown(std::string text, std::string target, const Error& error) {
    LineEffect effect;
    effect.text = std::move(text);
    effect.destroysData = true;
    effect.target = std::move(target);
    effect.problem = error.text();
    return effect;
}

/// What the lines before will have deleted, and what they will have made anew.
struct ByThen {
    GoneByThen gone;
    std::set<std::string> fresh;  ///< tables that are created empty
};

ByThen byThen(ClusterCalls& calls, const std::vector<std::string>& lines) {
    ByThen out;
    for (const std::string& line : lines) {
        const auto parsed = dialects().parseLine(line);
        if (!parsed) continue;
        const Result<std::string> path = calls.fullPath(parsed->op.text("path"), {}, "-path");
        if (!path) continue;
        if (parsed->op.verb == Verb::TableDelete || parsed->op.verb == Verb::StreamDelete) {
            out.gone.tables.insert(*path);
            out.fresh.erase(*path);
        } else if (parsed->op.verb == Verb::CfDelete) {
            out.gone.families[*path].insert(parsed->op.text("cfname"));
        } else if ((parsed->op.verb == Verb::TableCreate || parsed->op.verb == Verb::StreamCreate) &&
                   out.gone.tables.count(*path) > 0) {
            out.fresh.insert(*path);
        }
    }
    return out;
}

/// Deletes a table, or one family of it, or a stream.
LineEffect deletion(ClusterCalls& calls, const std::string& given, const std::string& family,
                    const runbooks::LookAround& around, const char* noun = "table") {
    const bool whole = family.empty();
    const Result<std::string> full = calls.fullPath(given, {}, "-path");
    const std::string path = full ? *full : given;
    const std::string text = whole ? fmt::format("deletes {} {}", noun, path)
                                   : fmt::format("deletes family {} of {}, with its cells in every row", family, path);
    const std::string target = whole ? path : family;
    const Result<std::optional<TableDescription>> table = calls.findDataset(path);
    if (!table) return unknown(text, target, table.error());
    LineEffect effect;
    effect.text = text;
    effect.destroysData = true;
    effect.target = target;
    const bool there = table->has_value() && (whole || (*table)->record.family(family) != nullptr);
    const ByThen then = byThen(calls, around.before);
    const bool goes = there && then.gone.holds(path, family);
    if (!there || goes) {
        effect.present = goes && whole && then.fresh.count(path) > 0;
        effect.rows = effect.onlyHere = 0;
        if (goes && !effect.present) effect.problem = "an earlier step deletes it";
        return effect;
    }
    const OnlyHere found = countOnlyHere(calls, **table, family, {around.related, then.gone});
    effect.rows = found.rows;
    effect.onlyHere = found.onlyHere;
    effect.keys = found.keys;
    effect.problem = found.problem;
    return effect;
}

/// What still waits at the source for a replica that is about to be left out or paused.
std::string waiting(ClusterCalls& calls, const std::string& source, const std::string& replica, Method list) {
    const Result<Json> answer = calls.callAt(source, list, Json{{"path", source}, {"refresh", true}});
    if (!answer) return "; what waits for it is not known (" + answer.error().what + ")";
    for (const Json& row : answer->value("replicas", Json::array())) {
        if (textOf(row, "path") != replica) continue;
        const std::int64_t operations = numberOf(row, "putspending", -1);
        if (operations < 0) return "; what waits for it is not known";
        if (operations == 0) return "; nothing waits for it";
        return fmt::format("; {} {} for it", countText(static_cast<std::uint64_t>(operations), "operation"),
                           operations == 1 ? "waits" : "wait");
    }
    return ", which is not recorded any more";
}

LineEffect plain(std::string text) {
    LineEffect effect;
    effect.text = std::move(text);
    return effect;
}

/// Messages of the topics in an answer to StreamMethod::Topics.
std::int64_t messagesIn(const Json& answer) {
    std::int64_t messages = 0;
    for (const Json& topic : answer.value("topics", Json::array())) {
        for (const Json& partition : topic.value("partitions", Json::array())) {
            messages += numberOf(partition, "next") - numberOf(partition, "low");
        }
    }
    return messages;
}

/// Whether another stream has the topic's messages is not compared.
LineEffect topicDeletion(ClusterCalls& calls, const std::string& given, const std::string& topic) {
    const std::string text = fmt::format("deletes topic {} of {}, with its messages", topic, given);
    const Result<std::string> path = calls.fullPath(given, {}, "-path");
    const auto answer =
        path ? calls.callAt(*path, engine::maprdb::StreamMethod::Topics, Json{{"path", *path}, {"topic", topic}})
             : Result<Json>(path.error());
    if (!answer && answer.error().code != ErrorCode::NotFound) return unknown(text, topic, answer.error());
    LineEffect effect;
    effect.text = text;
    effect.target = topic;
    effect.destroysData = true;
    effect.present = answer.ok();
    effect.rows = 0;
    if (!answer) {
        effect.onlyHere = 0;
        return effect;
    }
    effect.rows = messagesIn(*answer);
    effect.onlyHere = effect.rows == 0 ? 0 : -1;
    if (effect.rows > 0) effect.problem = "which of its messages other streams have is not compared here";
    return effect;
}

/// Changes the limits of a family. Narrower ones drop cells as soon as they hold, which is counted as if all went:
/// which cells are old enough is known when it is too late.
LineEffect limits(ClusterCalls& calls, const Operation& op, const runbooks::LookAround& around) {
    const std::string given = op.text("path");
    const std::string family = op.text("cfname");
    if (!op.has("ttl") && !op.has("maxversions")) return plain({});
    const Result<std::string> full = calls.fullPath(given, {}, "-path");
    const std::string path = full ? *full : given;
    const std::string text =
        fmt::format("family {} of {} drops what its new limits do not keep ({}), at most its cells in", family, path,
                    op.has("ttl") ? fmt::format("ttl {} s", op.integer("ttl"))
                                  : fmt::format("maxversions {}", op.integer("maxversions")));
    const Result<std::optional<TableDescription>> table = calls.find(path);
    if (!table) return unknown(text, family, table.error());
    const auto* record = table->has_value() ? (*table)->record.family(family) : nullptr;
    LineEffect effect;
    effect.text = text;
    effect.target = family;
    effect.present = record != nullptr;
    if (record == nullptr) return effect;
    const bool shorter = op.has("ttl") && maprdb::livesShorter(record->ttlSeconds, op.integer("ttl"));
    const bool fewer = op.has("maxversions") && maprdb::keepsFewer(record->maxVersions, op.integer("maxversions"));
    if (!shorter && !fewer) return plain(fmt::format("family {} of {} keeps no less than before", family, path));
    const OnlyHere found = countOnlyHere(calls, **table, family, {around.related, {}});
    effect.destroysData = true;
    effect.rows = found.rows;
    effect.onlyHere = found.onlyHere;
    effect.keys = found.keys;
    effect.problem = found.problem;
    return effect;
}

/// Changes a stream's attributes. A shorter time to live drops messages, counted as if all went.
LineEffect streamLimits(ClusterCalls& calls, const Operation& op) {
    if (!op.has("ttl")) return plain({});
    const std::string given = op.text("path");
    const std::string text =
        fmt::format("{} drops messages that are older than its new time to live (ttl {} s)", given, op.integer("ttl"));
    const Result<std::string> path = calls.fullPath(given, {}, "-path");
    if (!path) return unknown(text, given, path.error());
    using engine::maprdb::StreamMethod;
    const Json body{{"path", *path}};
    const Result<Json> told = calls.callAt(*path, StreamMethod::Describe, body);
    if (!told) return unknown(text, *path, told.error());
    const auto ttl = engine::maprdb::textOf(told->value("attributes", Json::object()), "ttl");
    const std::int64_t now = ttl.empty() ? engine::maprdb::kStreamTtlSeconds : std::atoll(ttl.c_str());
    if (!maprdb::livesShorter(now, op.integer("ttl"))) {
        return plain(fmt::format("{} keeps its messages no shorter than before", *path));
    }
    const Result<Json> topics = calls.callAt(*path, StreamMethod::Topics, body);
    if (!topics) return unknown(text, *path, topics.error());
    LineEffect effect;
    effect.text = text;
    effect.target = *path;
    effect.present = true;
    effect.destroysData = true;
    effect.rows = messagesIn(*topics);
    effect.onlyHere = effect.rows == 0 ? 0 : -1;
    if (effect.rows > 0) effect.problem = "which of its messages other streams have is not compared here";
    return effect;
}

}  // namespace

LineEffect effectOfLine(ClusterCalls& calls, const std::string& line, const runbooks::LookAround& around) {
    const auto parsed = dialects().parseLine(line);
    if (!parsed) return plain({});
    const Operation& op = parsed->op;
    const std::string path = op.text("path");
    const std::string replica = op.text("replica");
    const auto waits = [&](Method list) { return waiting(calls, path, replica, list); };
    const auto unlinks = [&](Method list) {
        return plain(fmt::format("{} sends {} nothing any more{}", path, replica, waits(list)));
    };
    const auto pauses = [&](Method list) {
        return plain(fmt::format("{} sends {} nothing until it is resumed{}", path, replica, waits(list)));
    };
    switch (op.verb) {
        case Verb::TableDelete: return deletion(calls, path, {}, around);
        case Verb::StreamDelete: return deletion(calls, path, {}, around, "stream");
        case Verb::StreamTopicDelete: return topicDeletion(calls, path, op.text("topic"));
        case Verb::CfDelete: return deletion(calls, path, op.text("cfname"), around);
        case Verb::ReplicaRemove: return unlinks(engine::maprdb::TableMethod::ListReplicas);
        case Verb::StreamReplicaRemove: return unlinks(engine::maprdb::StreamMethod::ListReplicas);
        case Verb::ReplicaPause: return pauses(engine::maprdb::TableMethod::ListReplicas);
        case Verb::StreamReplicaPause: return pauses(engine::maprdb::StreamMethod::ListReplicas);
        case Verb::UpstreamRemove:
        case Verb::StreamUpstreamRemove:
            return plain(fmt::format("{} accepts nothing from {} any more", path, op.text("upstream")));
        case Verb::ReplicaAdd:
        case Verb::StreamReplicaAdd:
        case Verb::StreamReplicaAutosetup:
        case Verb::ReplicaAutosetup: return plain(fmt::format("{} records {} as its replica again", path, replica));
        case Verb::ReplicaResume:
        case Verb::StreamReplicaResume:
            return plain(fmt::format("{} sends {} again what it holds for it", path, replica));
        case Verb::UpstreamAdd:
        case Verb::StreamUpstreamAdd: return plain(fmt::format("{} accepts {} again", path, op.text("upstream")));
        case Verb::StreamCreate:
        case Verb::TableCreate: return plain(fmt::format("creates {}, empty", path));
        case Verb::CfCreate: return plain(fmt::format("creates family {} of {}, empty", op.text("cfname"), path));
        case Verb::CfEdit: return limits(calls, op, around);
        case Verb::StreamEdit: return streamLimits(calls, op);
        case Verb::CopyTable:
        case Verb::JsonCopyTable:
            return plain(fmt::format("copies the rows of {} over those of {}", op.text("src"), op.text("dst")));
        case Verb::StreamTopicCreate: return plain(fmt::format("makes topic {} of {}, empty", op.text("topic"), path));
        case Verb::CopyStream:
            return plain(
                fmt::format("copies the messages of {} to {}, with their offsets", op.text("src"), op.text("dst")));
        default: return plain({});
    }
}

}  // namespace tributary::app
