// Lines to operations, operations to a child or an edit, and what is seen of links.
#include "app/instanceruns/instanceport.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/instanceruns/instancechecks.h"
#include "app/instanceruns/instanceedits.h"
#include "app/systems/dialects.h"
#include "core/base/text.h"
#include "runbooks/dialects/words.h"

namespace tributary::app {
namespace {

using nlohmann::json;

runbooks::Dialects spoken() {
    return dialects().of("tarantool");
}

std::string lastLines(const std::string& text) {
    return std::string(trim(text));
}

ErrorCode codeNamed(const std::string& name) {
    for (int code = 0; code <= static_cast<int>(ErrorCode::Internal); ++code) {
        if (errorCodeName(static_cast<ErrorCode>(code)) == name) return static_cast<ErrorCode>(code);
    }
    return ErrorCode::Internal;
}

/// The error in what `tributary --json` printed, else what it said on stderr.
Error errorOf(const ToolAnswer& answer) {
    const json document = json::parse(answer.out, nullptr, false);
    if (document.is_object() && document.contains("error") && document["error"].is_object()) {
        const json& error = document["error"];
        return {codeNamed(error.value("code", "")), error.value("what", ""), error.value("where", ""),
                error.value("fix", "")};
    }
    const std::string said = lastLines(answer.err.empty() ? answer.out : answer.err);
    return {ErrorCode::Conflict, said.empty() ? fmt::format("it ended with {}", answer.code) : said, {}, {}};
}

Outcome linesOf(const std::string& text) {
    Outcome outcome;
    for (const std::string& line : split(text, '\n')) outcome.lines.push_back(line);
    while (!outcome.lines.empty() && outcome.lines.back().empty()) outcome.lines.pop_back();
    return outcome;
}

/// A word of tt. What it says of errors is read; what it prints of instances is shown as it came.
Result<Outcome> runWord(InstanceWorld& world, const Operation& op, Millis timeoutMs) {
    const auto words = runbooks::splitWords(spoken().printLine(op));
    if (!words) return words.error();
    const bool isTable = op.verb == Verb::InstanceStatus;
    std::vector<std::string> argv{"--no-input", "--no-color"};
    if (!isTable) argv.emplace_back("--json");
    for (const runbooks::Word& word : words->words) argv.push_back(word.text);
    const auto answer = world.tool(argv, {}, timeoutMs);
    if (!answer) return answer.error();
    if (answer->code != 0) return errorOf(*answer);
    return linesOf(isTable ? answer->out : answer->err);
}

Result<Outcome> runStatement(InstanceWorld& world, const Operation& op, Millis timeoutMs) {
    const std::vector<std::string> argv{"--no-input", "--json", "tt", "connect", op.text("instance"), "-f", "-"};
    const auto answer = world.tool(argv, op.text("statement") + "\n", timeoutMs);
    if (!answer) return answer.error();
    if (answer->code != 0) return errorOf(*answer);
    const json document = json::parse(answer->out, nullptr, false);
    const json answers = document.is_object() ? document.value("answers", json()) : json();
    const json first = answers.is_array() && !answers.empty() ? answers[0] : json();
    if (!first.is_object() || !first.contains("answer") || !first["answer"].is_string()) {
        return Error{ErrorCode::Corrupt, "the console's answer cannot be read", op.text("instance"), {}};
    }
    const auto text = first["answer"].get<std::string>();
    constexpr std::string_view kRefused = "---\n- error: ";
    if (!text.starts_with(kRefused)) return linesOf(text);
    return Error{ErrorCode::Conflict,
                 text.substr(kRefused.size(), text.rfind("\n...") - kRefused.size()),
                 op.text("instance"),
                 {}};
}

runbooks::LinkObservation observed(const InstancePlace& place, const PeerInfo& member) {
    runbooks::LinkObservation link;
    link.from = place.app + ":" + (member.name.empty() ? member.uuid : member.name);
    link.to = place.title();
    link.state = member.upstream->status;
    link.error = member.upstream->message;
    if (const auto lagS = reportedLagS(*member.upstream)) link.lagMs = static_cast<Millis>(*lagS * 1000);
    return link;
}

}  // namespace

Result<Outcome> executeOnInstances(InstanceWorld& world, const Operation& op, Millis timeoutMs) {
    if (op.verb == Verb::BoxRun) return runStatement(world, op, timeoutMs);
    if (isInstanceEdit(op)) return editInstance(world, op);
    return runWord(world, op, timeoutMs);
}

InstancePort::InstancePort(InstanceWorld& world) : MemberPort(dialects().of("tarantool")), world_(world) {}

Result<Outcome> InstancePort::carryOut(const Operation& op, Millis timeoutMs) {
    return executeOnInstances(world_, op, timeoutMs);
}

runbooks::CheckOutcome InstancePort::check(const std::string& name, const std::vector<std::string>& arguments) {
    return evaluateInstanceCheck(world_, name, arguments);
}

std::vector<runbooks::LinkObservation> InstancePort::links() {
    const auto places = world_.instances({});
    std::vector<runbooks::LinkObservation> links;
    if (!places) return links;
    std::map<std::string, BoxInfo> infos;
    for (const InstancePlace& place : *places) {
        if (auto info = world_.info(place)) infos.emplace(place.title(), std::move(info).value());
    }
    for (const InstancePlace& place : *places) {
        const auto info = infos.find(place.title());
        if (info == infos.end()) continue;
        for (const PeerInfo& member : info->second.replication) {
            if (!member.upstream) continue;
            runbooks::LinkObservation link = observed(place, member);
            if (const auto source = infos.find(link.from); source != infos.end()) {
                link.operationsPending = rowsBehind(source->second.clock, info->second.clock);
            }
            links.push_back(std::move(link));
        }
    }
    return links;
}

std::vector<std::string> InstancePort::describe() {
    const auto places = world_.instances({});
    std::vector<std::string> facts;
    if (!places) return facts;
    for (const InstancePlace& place : *places) facts.push_back("instance " + place.title());
    std::sort(facts.begin(), facts.end());
    return facts;
}

runbooks::LineEffect InstancePort::effectOf(const std::string& line, const runbooks::LookAround&) {
    runbooks::LineEffect effect;
    const auto parsed = spoken().parseLine(line);
    if (!parsed) return effect;
    const Operation& op = parsed->op;
    if (op.verb != Verb::InstanceWipe && op.verb != Verb::InstanceClean) return effect;
    effect.destroysData = true;
    effect.target = op.text("instance");
    effect.text = "snapshots and logs of " + effect.target + " are deleted";
    const auto place = placeOf(world_, effect.target);
    effect.present = !place || !dataFilesOf(*place).empty();
    effect.problem = "how many rows exist only there can be seen while it runs: rows-only-here";
    return effect;
}

}  // namespace tributary::app
