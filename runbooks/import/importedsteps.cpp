// Placeholders to parameters, commands to steps.
#include "runbooks/import/importedsteps.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/workspace/topologyfile.h"
#include "runbooks/dialects/templatewords.h"
#include "runbooks/dialects/words.h"

namespace tributary::runbooks::detail {
namespace {

/// What a person reads must not be taken for a template.
std::string withoutBraces(std::string text) {
    for (std::size_t at = text.find("{{"); at != std::string::npos; at = text.find("{{", at)) text.insert(at + 1, " ");
    return text;
}

}  // namespace

bool isWholePlaceholder(const std::string& value) {
    if (value.starts_with("<") && value.ends_with(">")) return true;
    return value.starts_with("{{") && value.ends_with("}}") && value.find("}}") + 2 == value.size();
}

std::string parameterName(const std::string& placeholder) {
    std::string inside(placeholder.substr(placeholder.front() == '<' ? 1 : 2));
    inside.resize(std::min(inside.find_first_of(">}"), inside.size()));
    std::string out;
    for (const std::string& word : split(toLower(trim(inside)), ' ')) {
        if (word == "path" || word == "to" || word == "the" || word == "of" || word.empty()) continue;
        std::string clean;
        for (const char c : word) {
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_') clean += c == '_' ? '-' : c;
        }
        if (!clean.empty()) out += (out.empty() ? "" : "-") + clean;
    }
    if (out.empty() || out.front() < 'a') out.insert(0, "value-");
    return out;
}

RunbookWriter::RunbookWriter(std::string name, std::string fileName, const Dialects& dialects, ImportedRunbook& out)
    : name_(std::move(name)), fileName_(withoutBraces(std::move(fileName))), dialects_(dialects), out_(out) {}

void RunbookWriter::write(std::vector<ImportedStep>& steps) {
    nameParameters(steps);
    header(systemOf(steps));
    if (!order_.empty()) out_.text += "parameters:\n";
    for (const auto& key : order_) writeParameter(wanted_[key]);
    out_.text += "steps:\n";
    for (const ImportedStep& step : steps) writeStep(step);
    writeArrival(steps);
    out_.commands = static_cast<std::size_t>(std::count_if(
        steps.begin(), steps.end(), [](const ImportedStep& step) { return step.kind == ImportedStep::Kind::Command; }));
}

void RunbookWriter::note(std::size_t line, std::string text) {
    out_.notes.push_back({line, std::move(text)});
}

/// Gives every placeholder a parameter and puts {{name}} in its place.
void RunbookWriter::nameParameters(std::vector<ImportedStep>& steps) {
    for (ImportedStep& step : steps) {
        for (auto& [option, value] : step.op.params) {
            if (isWholePlaceholder(value)) {
                value = named(step, option, value);
                continue;
            }
            for (const std::string& inside : placeholdersIn(value)) {
                const std::string fresh = named(step, "", inside);
                for (std::size_t at = value.find(inside); at != std::string::npos;
                     at = value.find(inside, at + fresh.size())) {
                    value.replace(at, inside.size(), fresh);
                }
            }
        }
    }
    for (std::size_t i = 0; i < order_.size(); ++i) swapDefault(i);
}

std::string RunbookWriter::named(const ImportedStep& step, const std::string& option, const std::string& value) {
    return "{{" + wanted(step, option, value).name + "}}";
}

std::string RunbookWriter::typeFor(const ImportedStep& step, const std::string& option) const {
    const Dialect* dialect = dialects_.ofOperation(step.op);
    return dialect == nullptr ? "text" : dialect->parameterTypeOf(option);
}

StepShape RunbookWriter::shapeOf(const ImportedStep& step) const {
    const Dialect* dialect = dialects_.ofOperation(step.op);
    return dialect == nullptr ? shapeByHand(step.op) : dialect->shapeOf(step.op);
}

RunbookWriter::Wanted& RunbookWriter::wanted(const ImportedStep& step, const std::string& option,
                                             const std::string& value) {
    const auto fallback = defaults.find(value);
    const int scope = fallback != defaults.end() ? 0 : step.scope;
    const std::pair<int, std::string> key{scope, value};
    if (const auto known = wanted_.find(key); known != wanted_.end()) {
        if (known->second.type != typeFor(step, option)) known->second.type = "text";
        return known->second;
    }
    Wanted fresh;
    fresh.name = parameterName(value);
    if (scope > 0) fresh.name += scope == 1 ? "-reverse" : fmt::format("-{}", scope + 1);
    const auto taken = [&] {
        return std::any_of(wanted_.begin(), wanted_.end(),
                           [&](const auto& other) { return other.second.name == fresh.name; });
    };
    for (int i = 2; taken(); ++i) fresh.name = fmt::format("{}-{}", parameterName(value), i);
    fresh.type = typeFor(step, option);
    fresh.title = value.front() == '<' ? value.substr(1, value.size() - 2) : std::string();
    if (fallback != defaults.end()) fresh.fallback = fallback->second;
    if (const auto example = examples.find(key); example != examples.end()) fresh.example = example->second;
    order_.push_back(key);
    return wanted_[key] = fresh;
}

/// In the other direction, source and replica have changed places: the other one is the default.
void RunbookWriter::swapDefault(std::size_t index) {
    const auto& [scope, text] = order_[index];
    if (scope == 0) return;
    std::vector<std::string> first;
    for (const auto& [otherScope, otherText] : order_) {
        if (otherScope == 0) first.push_back(otherText);
    }
    if (first.size() != 2 || std::find(first.begin(), first.end(), text) == first.end()) return;
    const std::string& other = first[first[0] == text ? 1 : 0];
    Wanted& parameter = wanted_[order_[index]];
    parameter.fallback = "{{" + wanted_[{0, other}].name + "}}";
    note(0, fmt::format("{}: in the other direction `{}` is what was `{}`; --set {}=... says otherwise", parameter.name,
                        text, other, parameter.name));
}

/// That of the commands: the importer takes those of one system only.
std::string RunbookWriter::systemOf(const std::vector<ImportedStep>& steps) const {
    for (const ImportedStep& step : steps) {
        const Dialect* dialect = step.kind == ImportedStep::Kind::Command ? dialects_.ofOperation(step.op) : nullptr;
        if (dialect != nullptr) return std::string(dialect->words().system);
    }
    return {};
}

void RunbookWriter::header(const std::string& system) {
    out_.text = fmt::format("# Imported from {}: look at every step before you run it.\n", fileName_);
    if (!out_.unread.empty()) {
        out_.text += "#\n# Not read, and so not in it:\n";
        for (const ImportNote& unread : out_.unread) {
            std::vector<std::string> lines = split(unread.text, '\n');
            out_.text += fmt::format("#   line {}: {}\n", unread.line, lines[0]);
            for (std::size_t i = 1; i < lines.size(); ++i) out_.text += "#     " + lines[i] + "\n";
        }
        out_.text += "#\n";
    }
    out_.text +=
        fmt::format("runbook: {}\ntitle: {}\nsystem: {}\n", name_, yamlScalar("What " + fileName_ + " does"), system);
}

void RunbookWriter::writeParameter(const Wanted& parameter) {
    out_.text += fmt::format("  {}:\n    type: {}\n", parameter.name, parameter.type);
    if (!parameter.title.empty()) out_.text += "    title: " + yamlScalar(parameter.title) + "\n";
    if (!parameter.example.empty()) out_.text += "    example: " + yamlScalar(parameter.example) + "\n";
    if (parameter.fallback.empty()) {
        out_.parameters.push_back(parameter.name);
    } else {
        out_.text += "    default: " + yamlScalar(parameter.fallback) + "\n";
    }
}

std::string RunbookWriter::uniqueId(const std::string& id) {
    const int count = ++ids_[id];
    return count == 1 ? id : fmt::format("{}-{}", id, count);
}

void RunbookWriter::key(const std::string& name, const std::string& value) {
    if (!value.empty()) out_.text += fmt::format("    {}: {}\n", name, yamlScalar(value));
}

void RunbookWriter::writeStep(const ImportedStep& step) {
    const std::string docs = fmt::format("{}, line {}", fileName_, step.line);
    if (step.kind == ImportedStep::Kind::Command) return writeCommand(step, shapeOf(step));
    const bool waits = step.kind == ImportedStep::Kind::Wait;
    out_.text += fmt::format("\n  - id: {}\n", uniqueId(waits ? "wait" : "go-on"));
    key("title", waits ? "Wait " + millisText(step.waitMs) : "Decide whether to go on");
    key("docs", docs);
    if (waits) return key("wait", millisText(step.waitMs));
    key("human", withoutBraces(step.text));
    note(step.line, "only the shell can tell whether the script ends here; it became a step for a person");
}

void RunbookWriter::writeCommand(const ImportedStep& step, const StepShape& shape) {
    out_.text += fmt::format("\n  - id: {}\n", uniqueId(shape.id));
    key("title", shape.title);
    key("docs", fmt::format("{}, line {}", fileName_, step.line));
    if (shape.byHand) {
        key("human", "Run: " + dialects_.printLine(step.op));
        note(step.line, "no check can tell that it worked; it became a step for a person");
        return;
    }
    key("done-when", shape.doneWhen);
    if (!shape.approvalName.empty()) {
        out_.text += "    approval:\n      text: " + yamlScalar("This cannot be undone: " + shape.irreversible) +
                     "\n      type-the-name: " + yamlScalar(shape.approvalName) + "\n";
    }
    key("do", dialects_.printLine(step.op));
    out_.text += "    verify:\n";
    for (const std::string& check : shape.verify) {
        out_.text += shape.verifyWithin.empty() ? fmt::format("      - {}\n", yamlScalar(check))
                                                : fmt::format("      - becomes: {}\n        within: {}\n",
                                                              yamlScalar(check), shape.verifyWithin);
    }
    key("undo", shape.undo);
    key("irreversible", shape.irreversible);
    key("timeout", step.timeoutMs && *step.timeoutMs > 0 ? millisText(*step.timeoutMs) : shape.timeout);
    if (step.mayFail) key("on-failure", "continue");
    if (shape.repeatable) out_.text += "    repeatable: true\n";
}

/// "The command returned" is not "it is true at both ends": every link that was set going must arrive.
void RunbookWriter::writeArrival(const std::vector<ImportedStep>& steps) {
    std::vector<std::string> checks;
    for (const ImportedStep& step : steps) {
        if (step.kind != ImportedStep::Kind::Command) continue;
        const std::string check = shapeOf(step).arrival;
        if (check.empty()) continue;
        if (std::find(checks.begin(), checks.end(), check) == checks.end()) checks.push_back(check);
    }
    if (checks.empty()) return;
    out_.text += fmt::format("\n  - id: {}\n    title: Every link that was set going has caught up\n    verify:\n",
                             uniqueId("arrived"));
    for (const std::string& check : checks) {
        out_.text += fmt::format("      - becomes: {}\n        within: 12h\n        interval: 1s\n", yamlScalar(check));
    }
    note(0, "the step arrived was added: it waits until every link has caught up");
}

}  // namespace tributary::runbooks::detail
