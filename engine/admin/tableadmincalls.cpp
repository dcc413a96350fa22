// Requests to clusters: path resolution, time budget, and errors that name the next command.
#include "engine/admin/tableadmincalls.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/systems/maprdb/naming.h"
#include "engine/systems/maprdb/streams/streamapi.h"

namespace tributary::engine::maprdb {
namespace {

Result<TableDescription> readDescription(const Json& json) {
    Result<TableRecord> record = describedRecord(json);
    if (!record) return record.error();
    TableDescription out;
    out.record = std::move(*record);
    out.volume = textOf(json, "volume");
    out.unavailable = textOf(json, "unavailable");
    const auto stats = json.find("stats");
    if (stats == json.end() || !stats->is_object()) return out;
    const auto size = [&](const char* name) {
        return static_cast<std::uint64_t>(std::max<std::int64_t>(0, numberOf(*stats, name)));
    };
    out.rows = size("rows");
    out.diskBytes = size("diskBytes");
    out.memoryBytes = size("memoryBytes");
    out.memoryRows = size("memoryRows");
    return out;
}

}  // namespace

Result<TableRecord> describedRecord(const Json& answer) {
    if (textOf(answer, "kind") != "stream") return tableFromJson(answer);
    Json record = answer;
    record["families"] = Json::array();
    record["nextfamily"] = 0;
    return tableFromJson(record);
}

ClusterCalls::ClusterCalls(ClusterDirectory& directory, NowMs nowMs, Millis timeoutMs)
    : directory_(directory), nowMs_(std::move(nowMs)), deadlineMs_(timeoutMs > 0 ? nowMs_() + timeoutMs : 0) {}

ClusterCalls ClusterCalls::unbounded() const {
    ClusterCalls calls(directory_, nowMs_);
    calls.standAt(home_);
    calls.setPause(pause_);
    return calls;
}

Result<Millis> ClusterCalls::budget(Millis wantedMs) const {
    if (deadlineMs_ == 0) return wantedMs;
    const Millis left = deadlineMs_ - nowMs_();
    if (left <= 0) {
        return Error{ErrorCode::Timeout, "the time given for the command is over", {}, "allow it more time"};
    }
    return std::min(left, wantedMs);
}

Result<std::shared_ptr<ControlClient>> ClusterCalls::client(const std::string& cluster) {
    Result<std::shared_ptr<ControlClient>> found =
        home_.empty() || home_ == cluster ? directory_.client(cluster) : directory_.clientFrom(home_, cluster);
    if (found) return found;
    const Error& error = found.error();
    if (error.code == ErrorCode::NotFound) {
        const std::vector<std::string> known = directory_.clusters();
        const std::string near = nearest(cluster, known);
        return withFix(error, near.empty() ? fmt::format("name one of: {}", join(known, ", "))
                                           : fmt::format("did you mean '{}'?", near));
    }
    if (error.code == ErrorCode::Unavailable) return withFix(error, "start its engine: tributary up");
    return error;
}

Result<Json> ClusterCalls::call(const std::string& cluster, Method method, const Json& body, Millis timeoutMs) {
    Result<std::shared_ptr<ControlClient>> to = client(cluster);
    if (!to) return to.error();
    Result<Millis> left = budget(timeoutMs);
    if (!left) return left.error();
    const Result<Bytes> answer = (*to)->call(method, body.dump(-1, ' ', false, Json::error_handler_t::replace), *left);
    if (!answer) return answer.error();
    if (answer->empty()) return Json::object();
    Json json = Json::parse(*answer, nullptr, false);
    if (json.is_discarded()) {
        return Error{ErrorCode::Corrupt,
                     fmt::format("cluster {} answered with something that is not JSON", cluster),
                     {},
                     "check that both sides run the same version: tributary doctor"};
    }
    return json;
}

Result<Json> ClusterCalls::callAt(const std::string& path, Method method, const Json& body, Millis timeoutMs) {
    return call(clusterOf(path), method, body, timeoutMs);
}

Result<std::optional<TableDescription>> ClusterCalls::find(const std::string& path) {
    const std::string cluster = clusterOf(path);
    Result<std::shared_ptr<ControlClient>> to = client(cluster);
    if (!to) return to.error();
    const Result<Json> answer = call(cluster, TableMethod::Describe, Json{{"path", path}});
    if (!answer) {
        if (answer.error().code == ErrorCode::NotFound) return std::optional<TableDescription>();
        return answer.error();
    }
    Result<TableDescription> description = readDescription(*answer);
    if (!description) return description.error();
    return std::optional<TableDescription>(std::move(*description));
}

Result<std::optional<TableDescription>> ClusterCalls::findDataset(const std::string& path) {
    auto table = find(path);
    // "... is a stream, not a table": whoever asks for a dataset may have it.
    if (table || table.error().code != ErrorCode::InvalidInput) return table;
    const Result<Json> answer = callAt(path, StreamMethod::Describe, Json{{"path", path}});
    if (!answer) return answer.error().code == ErrorCode::InvalidInput ? table.error() : answer.error();
    Result<TableDescription> description = readDescription(*answer);
    if (!description) return description.error();
    return std::optional<TableDescription>(std::move(*description));
}

Result<TableDescription> ClusterCalls::describe(const std::string& path, std::string_view where) {
    Result<std::optional<TableDescription>> found = find(path);
    if (!found) return withWhere(found.error(), where);
    if (found->has_value()) return std::move(**found);
    return Error{ErrorCode::NotFound, fmt::format("there is no table {}", path), std::string(where),
                 fmt::format("maprcli table create -path {}", shellWord(path))};
}

Result<std::string> ClusterCalls::fullPath(const std::string& path, const std::string& cluster,
                                           std::string_view where) const {
    const bool local = path.starts_with('/') && path != "/mapr" && !path.starts_with("/mapr/");
    if (local) {
        Result<std::string> session = sessionCluster(cluster);
        if (!session) {
            return Error{ErrorCode::InvalidInput,
                         fmt::format("the path {} does not say in which cluster it lies", path), std::string(where),
                         fmt::format("{} /mapr/<cluster>{}", where, path)};
        }
        return "/mapr/" + *session + path;
    }
    const Result<DatasetPath> parsed = parseDatasetPath(path);
    if (!parsed) return withWhere(parsed.error(), where);
    return parsed->text();
}

Result<std::string> ClusterCalls::sessionCluster(const std::string& cluster) const {
    if (!cluster.empty()) return cluster;
    std::string fallback = directory_.defaultCluster();
    if (!fallback.empty()) return fallback;
    const std::vector<std::string> known = directory_.clusters();
    return Error{ErrorCode::InvalidInput, "the command does not say which cluster it is for", "-cluster",
                 known.empty() ? "add -cluster <name>" : fmt::format("add -cluster {}", join(known, " or -cluster "))};
}

Error withFix(Error error, std::string fix) {
    if (error.fix.empty()) error.fix = std::move(fix);
    return error;
}

Error withWhere(Error error, std::string_view where) {
    if (error.where.empty()) error.where = where;
    return error;
}

std::string shellWord(std::string_view value) {
    const auto harmless = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("/_.-:,=@%+").find(c) != std::string_view::npos;
    };
    if (!value.empty() && std::all_of(value.begin(), value.end(), harmless)) return std::string(value);
    std::string out = "'";
    for (const char c : value) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

std::string textOf(const Json& json, const char* name) {
    const auto at = json.find(name);
    return at != json.end() && at->is_string() ? at->get<std::string>() : std::string();
}

std::int64_t numberOf(const Json& json, const char* name, std::int64_t otherwise) {
    const auto at = json.find(name);
    return at != json.end() && at->is_number() ? at->get<std::int64_t>() : otherwise;
}

bool flagOf(const Json& json, const char* name, bool otherwise) {
    const auto at = json.find(name);
    return at != json.end() && at->is_boolean() ? at->get<bool>() : otherwise;
}

}  // namespace tributary::engine::maprdb
