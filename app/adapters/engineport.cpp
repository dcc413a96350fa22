// Lines, lag and the fingerprint of the engine's port; the checks are in enginechecks.cpp.
#include "app/adapters/engineport.h"
#include "engine/admin/tableadmincopymeta.h"
#include "engine/systems/maprdb/streams/streamapi.h"
#include "engine/systems/maprdb/tables/tableapi.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "app/adapters/enginechecks.h"
#include "app/adapters/lineeffects.h"
#include "app/systems/dialects.h"
#include "core/base/text.h"

namespace tributary::app {
namespace {

using engine::Json;
using engine::Method;
using engine::maprdb::ClusterCalls;

std::vector<std::string> wordsOfLine(const std::string& line) {
    std::vector<std::string> words;
    for (const std::string& word : split(line, ' ')) {
        if (!word.empty()) words.push_back(word);
    }
    return words;
}

runbooks::CommandOutcome failed(const runbooks::RenderedError& rendered, const Error& error) {
    runbooks::CommandOutcome outcome;
    outcome.error = std::string(trim(rendered.err.empty() ? rendered.out : rendered.err));
    outcome.errorKind = std::string(errorCodeName(error.code));
    outcome.fix = error.fix;
    return outcome;
}

Error withoutFix(Error error) {
    error.fix.clear();  // it travels beside the text
    return error;
}

runbooks::LinkObservation observe(const Json& link) {
    runbooks::LinkObservation out;
    out.from = engine::maprdb::textOf(link, "dataset");
    out.to = engine::maprdb::textOf(link, "path");
    out.state = linkStateOf(link);
    out.error = linkErrorOf(link);
    out.lagMs = engine::maprdb::numberOf(link, "lagms", -1);
    out.bytesPending = engine::maprdb::numberOf(link, "bytespending", -1);
    out.operationsPending = engine::maprdb::numberOf(link, "putspending", -1);
    return out;
}

// What of a table a runbook's start depends on; counters, states and pauses change while it runs.
void describeTable(const engine::maprdb::TableRecord& table, std::string& out) {
    out += engine::maprdb::isStream(table) ? fmt::format("stream {} {}\n", table.path, table.uuid.text())
                                           : fmt::format("table {} {} {}\n", table.path, table.kind, table.uuid.text());
    std::vector<std::string> lines;
    for (const auto& family : table.families) {
        if (family.live()) lines.push_back(fmt::format("family {}", family.name));
    }
    for (const auto& replica : table.replicas) {
        lines.push_back(fmt::format("replica {} {} {}", replica.path, replica.uuid.text(), replica.projection));
    }
    for (const auto& upstream : table.upstreams) {
        lines.push_back(fmt::format("upstream {} {}", upstream.path, upstream.uuid.text()));
    }
    std::sort(lines.begin(), lines.end());
    for (const std::string& line : lines) out += "  " + line + "\n";
}

// Appends a cluster's tables and streams; false when it could not be asked.
bool describeCluster(ClusterCalls& calls, const std::string& cluster, std::string& out) {
    const Result<Json> answer = calls.call(cluster, engine::maprdb::TableMethod::ListTables, Json::object());
    if (!answer) return false;
    std::vector<std::string> paths;
    for (const Json& table : answer->value("tables", Json::array())) {
        paths.push_back(engine::maprdb::textOf(table, "path"));
    }
    const Result<Json> streams = calls.call(cluster, engine::maprdb::StreamMethod::List, Json::object());
    if (!streams) return false;
    for (const Json& stream : streams->value("streams", Json::array())) {
        paths.push_back(engine::maprdb::textOf(stream, "path"));
    }
    std::sort(paths.begin(), paths.end());
    out += fmt::format("cluster {}\n", cluster);
    for (const std::string& path : paths) {
        const auto table = calls.findDataset(path);
        if (!table) return false;
        if (table->has_value()) describeTable((*table)->record, out);
    }
    return true;
}

}  // namespace

EnginePort::EnginePort(engine::ClusterDirectory& directory, std::string user, engine::maprdb::NowMs nowMs,
                       EnginePortOptions options)
    : directory_(directory), user_(std::move(user)), nowMs_(std::move(nowMs)), options_(std::move(options)) {}

runbooks::CommandOutcome EnginePort::execute(const std::string& line, Millis timeoutMs) {
    const Result<runbooks::ParsedLine> parsed = dialects().parseLine(line);
    if (!parsed) {
        const Error bare = withoutFix(parsed.error());
        return failed(dialects().renderError(wordsOfLine(line), bare, nowMs_(), options_.tzOffsetMinutes),
                      parsed.error());
    }
    engine::maprdb::TableAdmin admin(directory_, user_, nowMs_, options_.admin);
    const Result<Outcome> done = admin.execute(parsed->op, timeoutMs);
    if (!done) {
        const Error bare = withoutFix(done.error());
        return failed(dialects().renderError(parsed->op, bare, nowMs_(), options_.tzOffsetMinutes), done.error());
    }
    runbooks::CommandOutcome outcome;
    outcome.ok = true;
    outcome.output = dialects().render(parsed->op, *done, nowMs_(), options_.tzOffsetMinutes);
    for (const std::string& warning : parsed->warnings) outcome.output += "warning: " + warning + "\n";
    for (const std::string& warning : done->warnings) outcome.output += "warning: " + warning + "\n";
    return outcome;
}

Status EnginePort::validate(const std::string& line) {
    const Result<runbooks::ParsedLine> parsed = dialects().parseLine(line);
    if (!parsed) return parsed.error();
    return okStatus();
}

runbooks::CheckOutcome EnginePort::check(const std::string& name, const std::vector<std::string>& arguments) {
    ClusterCalls calls(directory_, nowMs_);
    calls.setPause(options_.admin.pause);
    return evaluateCheck(calls, user_, name, arguments);
}

std::vector<runbooks::LinkObservation> EnginePort::links() {
    ClusterCalls calls(directory_, nowMs_);
    std::vector<runbooks::LinkObservation> out;
    for (const std::string& cluster : directory_.clusters()) {
        const Result<Json> status = calls.call(cluster, Method::NodeStatus, Json::object());
        std::vector<runbooks::LinkObservation>& known = lastLinks_[cluster];
        if (status) {
            known.clear();
            for (const Json& link : status->value("links", Json::array())) known.push_back(observe(link));
        } else {
            for (runbooks::LinkObservation& link : known) {
                link = runbooks::LinkObservation{link.from, link.to, "unreachable", status.error().what, -1, -1, -1};
            }
        }
        out.insert(out.end(), known.begin(), known.end());
    }
    return out;
}

std::string EnginePort::systemText() {
    ClusterCalls calls(directory_, nowMs_);
    std::vector<std::string> clusters = directory_.clusters();
    std::sort(clusters.begin(), clusters.end());
    std::string text;
    for (const std::string& cluster : clusters) {
        if (!describeCluster(calls, cluster, text)) return {};
    }
    return text;
}

std::string EnginePort::fingerprint() {
    const std::string text = systemText();
    if (text.empty()) return {};
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::vector<std::string> EnginePort::describe() {
    std::vector<std::string> facts;
    std::string table;
    for (const std::string& line : split(systemText(), '\n')) {
        if (line.empty() || line.starts_with("cluster ")) continue;
        const bool part = line.starts_with("  ");
        if (!part) table = line.substr(0, line.find(' ', line.find(' ') + 1));  // "table PATH", "stream PATH"
        facts.push_back(part ? std::string(trim(line)) + " of " + table : line);
    }
    std::sort(facts.begin(), facts.end());
    return facts;
}

runbooks::LineEffect EnginePort::effectOf(const std::string& line, const runbooks::LookAround& around) {
    ClusterCalls calls(directory_, nowMs_);
    return effectOfLine(calls, line, around);
}

}  // namespace tributary::app
