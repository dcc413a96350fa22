// The system in memory.
#include "fakes.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "runbooks/dialects/templatewords.h"

namespace tributary::runbooks::test {
namespace {

CommandOutcome good(std::string output = {}) {
    return {true, std::move(output), {}, {}, {}};
}

CommandOutcome bad(std::string kind, std::string text) {
    return {false, {}, "ERROR (17) -  " + std::move(text), std::move(kind), {}};
}

std::map<std::string, std::string> optionsOf(const std::vector<std::string>& words) {
    std::map<std::string, std::string> out;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (words[i].size() > 1 && words[i][0] == '-') out[words[i]] = words[i + 1];
    }
    return out;
}

}  // namespace

CommandOutcome FakePort::execute(const std::string& line, Millis timeoutMs) {
    executed.push_back(line);
    clock_.passedMs += commandTakesMs;
    if (onExecute) onExecute(line);
    for (auto& [part, fault] : faults) {
        if (fault.times <= 0 || line.find(part) == std::string::npos) continue;
        --fault.times;
        if (fault.takesEffect) (void)apply(*splitTemplateWords(line));  // only the answer is lost
        if (fault.errorKind == "timeout") clock_.passedMs += timeoutMs;
        return bad(fault.errorKind, "injected " + fault.errorKind);
    }
    return apply(*splitTemplateWords(line));
}

CommandOutcome FakePort::apply(const std::vector<std::string>& words) {
    std::map<std::string, std::string> options = optionsOf(words);
    if (words[0] == "make") {
        return tables.emplace(words[1], std::set<std::string>{}).second ? good() : bad("already-exists", "File exists");
    }
    if (words[0] == "drop") return tables.erase(words[1]) > 0 ? good() : bad("not-found", "No such file");
    if (words[0] == "note") return good(words.size() > 1 ? words[1] : "");
    if (words[0] == "hbase") {
        if (tables.count(options["-dst"]) == 0) return bad("not-found", "No such table");
        copied.insert({options["-src"], options["-dst"]});
        return good("copied");
    }
    if (words[1] == "alarm") return good();
    return table(words, options);
}

CommandOutcome FakePort::table(const std::vector<std::string>& words, std::map<std::string, std::string>& options) {
    const std::string& path = options["-path"];
    if (words[2] == "create") {
        if (tables.count(path) > 0) return bad("already-exists", path + ": File exists");
        tables[path] = tables[options["-copymetafrom"]];
        return good();
    }
    if (tables.count(path) == 0) return bad("not-found", path + ": No such file or directory");
    if (words[2] == "delete") {
        tables.erase(path);
        std::erase_if(replicas, [&](const auto& item) { return item.first.first == path; });
        std::erase_if(upstreams, [&](const Pair& item) { return item.first == path; });
        return good();
    }
    if (words[2] == "cf") {
        std::set<std::string>& families = tables[path];
        if (words[3] == "create") {
            return families.insert(options["-cfname"]).second ? good() : bad("already-exists", "File exists");
        }
        return families.erase(options["-cfname"]) > 0 ? good() : bad("not-found", "no such family");
    }
    if (words[2] == "replica") return replica(words[3], options);
    const Pair record{path, options["-upstream"]};
    if (words[3] == "add") return upstreams.insert(record).second ? good() : bad("already-exists", "upstream exists");
    if (words[3] == "remove") return upstreams.erase(record) > 0 ? good() : bad("not-found", "no such upstream");
    return good("upstreams of " + path);
}

CommandOutcome FakePort::replica(const std::string& verb, std::map<std::string, std::string>& options) {
    const Pair edge{options["-path"], options["-replica"]};
    if (verb == "list") return good("replicas of " + edge.first);
    if (verb == "add") {
        const Edge record{options["-paused"] == "true", options["-columns"]};
        return replicas.emplace(edge, record).second ? good() : bad("already-exists", "replica exists");
    }
    const auto at = replicas.find(edge);
    if (at == replicas.end()) return bad("not-found", "no such replica");
    if (verb == "remove") replicas.erase(at);
    if (verb == "pause") at->second.paused = true;
    if (verb == "resume") at->second.paused = false;
    if (verb == "edit") at->second.columns = options["-columns"];
    return good();
}

Status FakePort::validate(const std::string& line) {
    const auto words = splitTemplateWords(line);
    static const std::set<std::string> kPrograms{"maprcli",   "mapr",   "hbase",    "tt",   "box",  "voltdb",
                                                 "voltadmin", "sqlcmd", "instance", "make", "drop", "note"};
    if (words.ok() && !words->empty() && kPrograms.count(words->front()) > 0) return okStatus();
    return Error{ErrorCode::InvalidInput, "unknown command", {}, "`help maprcli`"};
}

bool FakePort::running(const Pair& edge) const {
    const auto at = replicas.find(edge);
    return at != replicas.end() && !at->second.paused && upstreams.count({edge.second, edge.first}) > 0 &&
           tables.count(edge.first) > 0 && tables.count(edge.second) > 0;
}

bool FakePort::holds(const std::string& name, const std::vector<std::string>& arguments) const {
    const std::string& first = arguments[0];
    const std::string second = arguments.size() > 1 ? arguments[1] : "";
    const Pair pair{first, second};
    const auto edge = replicas.find(pair);
    if (name == "dataset-exists" || name == "readable" || name == "writable") return tables.count(first) > 0;
    if (name == "dataset-absent") return tables.count(first) == 0;
    if (name == "same-metadata") {
        return tables.count(first) > 0 && tables.count(second) > 0 && tables.at(first) == tables.at(second);
    }
    if (name == "replica-listed") return edge != replicas.end();
    if (name == "replica-absent") return edge == replicas.end();
    if (name == "replica-paused") return edge != replicas.end() && edge->second.paused;
    if (name == "upstream-listed") return upstreams.count(pair) > 0;
    if (name == "upstream-absent") return upstreams.count(pair) == 0;
    if (name == "upstream-and-replica") return edge != replicas.end() && upstreams.count({second, first}) > 0;
    if (name == "link-healthy" || name == "caught-up") return running(pair);
    if (name == "family-exists") return tables.count(first) > 0 && tables.at(first).count(second) > 0;
    if (name == "whole-table") return edge != replicas.end() && edge->second.columns.empty();
    if (name == "subset") return edge != replicas.end() && !edge->second.columns.empty();
    if (name == "replicates-family") {
        if (edge == replicas.end()) return false;
        const std::vector<std::string> columns = split(edge->second.columns, ',');
        return edge->second.columns.empty() || std::find(columns.begin(), columns.end(), arguments[2]) != columns.end();
    }
    return true;  // permissions, gateways, bulk load, alarms: all well
}

CheckOutcome FakePort::check(const std::string& name, const std::vector<std::string>& arguments) {
    const std::string text = Check{name, arguments, {}}.text();
    const auto told = answers.find(text);
    if (told != answers.end() && !told->second.empty()) {
        const CheckVerdict verdict = told->second.front();
        if (told->second.size() > 1) told->second.pop_front();
        return {verdict, "as told", verdict == CheckVerdict::False && finals.count(text) > 0};
    }
    const bool is = holds(name, arguments);
    return {is ? CheckVerdict::True : CheckVerdict::False, is ? "seen" : "not seen"};
}

std::vector<LinkObservation> FakePort::links() {
    std::vector<LinkObservation> out;
    for (const auto& [pair, edge] : replicas) {
        const bool up = running(pair);
        out.push_back({pair.first,
                       pair.second,
                       edge.paused ? "paused"
                       : up        ? "replicating"
                                   : "agreement-missing",
                       {},
                       up ? 12 : -1,
                       up ? 2048 : -1,
                       up ? 3 : -1});
    }
    return out;
}

std::string FakePort::fingerprint() {
    return contentHash(stateText()).substr(0, 8);
}

std::vector<std::string> FakePort::describe() {
    std::vector<std::string> facts = split(stateText(), '\n');
    std::erase(facts, "");
    return facts;
}

LineEffect FakePort::effectOf(const std::string& line, const LookAround& around) {
    relatedAsked = around.related;
    const std::vector<std::string> words = *splitTemplateWords(line);
    LineEffect effect;
    if (words[0] != "drop") return effect;
    effect.text = "deletes " + words[1];
    effect.destroysData = true;
    effect.target = words[1];
    effect.present = tables.count(words[1]) > 0;
    effect.rows = rows[words[1]];
    effect.onlyHere = onlyHere[words[1]];
    if (copies.count(words[1]) > 0) {
        const std::string& copy = copies[words[1]];
        const bool goes = std::find(around.before.begin(), around.before.end(), "drop " + copy) != around.before.end();
        if (goes || tables.count(copy) == 0) effect.onlyHere = effect.rows;
    }
    if (effect.onlyHere > 0) effect.keys = {"k1"};
    if (effect.onlyHere < 0) effect.problem = "newyork does not answer";
    return effect;
}

std::string FakePort::stateText() const {
    std::string out;
    for (const auto& [path, families] : tables) {
        out += fmt::format("table {} {}\n", path, join({families.begin(), families.end()}, ","));
    }
    for (const auto& [pair, edge] : replicas) {
        out += fmt::format("replica {} {} {}{}\n", pair.first, pair.second, edge.paused ? "paused" : "running",
                           edge.columns.empty() ? "" : " " + edge.columns);
    }
    for (const auto& [at, from] : upstreams) out += fmt::format("upstream {} {}\n", at, from);
    return out;
}

void LogListener::onEvent(const RunEvent& event) {
    events.push_back(event);
    switch (event.type) {
        case EventType::RunStarted: lines.push_back("run"); break;
        case EventType::RunResumed: lines.push_back("resume"); break;
        case EventType::StepStarted: lines.push_back("> " + event.stepId); break;
        case EventType::CommandStarted: lines.push_back("$ " + event.text); break;
        case EventType::CommandFinished: lines.push_back("= " + event.result); break;
        case EventType::Retrying: lines.push_back("retry " + std::to_string(event.attempt)); break;
        case EventType::ApprovalGiven: lines.push_back("approval " + event.result); break;
        case EventType::PauseRequested: lines.push_back("pausing"); break;
        case EventType::StepFinished: lines.push_back("< " + event.stepId + " " + event.result); break;
        case EventType::UndoStarted: lines.push_back("undo " + event.stepId); break;
        case EventType::UndoFinished: lines.push_back(event.result + " " + event.stepId); break;
        case EventType::RunFinished: lines.push_back("end " + event.result); break;
        case EventType::CheckSeen:
        case EventType::UndoPlanned:
        case EventType::LagSample: break;
    }
}

namespace {

template <typename T>
T next(std::deque<T>& queue, T otherwise) {
    if (queue.empty()) return otherwise;
    T front = queue.front();
    queue.pop_front();
    return front;
}

}  // namespace

StepDecision ScriptedApprover::beforeStep(const StepPrompt& prompt) {
    asked.push_back("step " + prompt.step->id);
    if (whileAsked) whileAsked();
    return next(steps, StepDecision{StepChoice::Go, {}});
}

StepDecision ScriptedApprover::afterFailure(const StepPrompt& prompt) {
    asked.push_back("failure " + prompt.step->id);
    if (whileAsked) whileAsked();
    return next(failures, StepDecision{StepChoice::Stop, {}});
}

Answer ScriptedApprover::approve(const StepPrompt& prompt) {
    asked.push_back("approve " + prompt.step->id);
    if (whileAsked) whileAsked();
    return next(approvals, Answer{Answer::Kind::Yes, "ana", "reviewed", prompt.approval.typeTheName});
}

Answer ScriptedApprover::approveUndo(const UndoPlan& plan) {
    asked.push_back("plan of " + std::to_string(plan.steps.size()));
    return next(plans, Answer{Answer::Kind::Yes, "ana", {}, {}});
}

Answer ScriptedApprover::instruct(const StepPrompt& prompt) {
    asked.push_back("instruct " + prompt.step->id);
    if (whileAsked) whileAsked();
    return next(instructions, Answer{Answer::Kind::Yes, "ana", {}, {}});
}

}  // namespace tributary::runbooks::test
