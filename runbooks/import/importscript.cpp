// Lines to commands, placeholders to parameters, commands to steps.
#include "runbooks/import/importscript.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/text.h"
#include "core/workspace/topologyfile.h"
#include "runbooks/dialects/joinlines.h"
#include "runbooks/dialects/maprcli.h"
#include "runbooks/export/carried.h"
#include "runbooks/import/scriptvariables.h"
#include "runbooks/import/stepshapes.h"
#include "runbooks/model/load.h"

namespace tributary::runbooks {
namespace {

using detail::ScriptVariables;
using detail::StepShape;

/// A parameter that the text asks for.
struct Wanted {
    std::string name;
    std::string type;
    std::string title;
    std::string example;
    std::string fallback;  ///< its default; empty: required
};

struct Command {
    Operation op;
    std::size_t line = 0;
    int scope = 0;  ///< sections with placeholders of their own
};

std::string typeFor(const std::string& option) {
    static const std::vector<std::string> kPaths{"path", "replica",      "upstream",  "src",
                                                 "dst",  "copymetafrom", "newreplica"};
    if (std::find(kPaths.begin(), kPaths.end(), option) != kPaths.end()) return "path";
    if (option == "cfname") return "family";
    return option == "columns" ? "columns" : "text";
}

/// "<path to the source table>" -> "source-table".
std::string parameterName(const std::string& placeholder) {
    std::string inside(placeholder.substr(placeholder.front() == '<' ? 1 : 2));
    inside.resize(inside.find_first_of(">}"));
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

bool isPlaceholder(const std::string& value) {
    return (value.starts_with("<") && value.ends_with(">")) || (value.starts_with("{{") && value.ends_with("}}"));
}

class Importer {
public:
    Importer(std::string_view text, std::string name, std::string fileName)
        : text_(text), name_(std::move(name)), fileName_(std::move(fileName)), variables_(text) {}

    Result<ImportedRunbook> run() {
        readCommands();
        if (commands_.empty()) {
            Error none{ErrorCode::InvalidInput, "there is no command in it that can be read", fileName_,
                       "lines that begin with maprcli or hbase are read; `tributary maprcli --help` lists them"};
            if (!out_.unread.empty()) none.what += ": " + out_.unread.front().text;
            return none;
        }
        foldExamples();
        addCopy();
        nameParameters();
        write();
        std::stable_sort(out_.notes.begin(), out_.notes.end(), [](const ImportNote& a, const ImportNote& b) {
            return (a.line == 0) != (b.line == 0) ? b.line == 0 : a.line < b.line;
        });
        const auto book = parseRunbook(out_.text, name_ + ".yaml");
        if (!book)
            return Error{ErrorCode::Internal, "what was written cannot be read: " + book.error().text(), fileName_, {}};
        return std::move(out_);
    }

private:
    void note(std::size_t line, std::string text) { out_.notes.push_back({line, std::move(text)}); }

    /// The number of "other direction" sections that begin before a line.
    [[nodiscard]] int scopeOf(std::size_t line) const {
        const std::vector<std::string> lines = split(text_, '\n');
        int scope = 0;
        for (std::size_t i = 0; i + 1 < line && i < lines.size(); ++i) {
            const std::string_view start = trim(lines[i]);
            const bool item = start.size() > 2 && start[0] >= '1' && start[0] <= '9' && start[1] == '.';
            if (item && start.find("other direction") != std::string_view::npos) ++scope;
        }
        return scope;
    }

    void readCommands() {
        for (const JoinedLine& joined : joinWrappedLines(text_)) {
            for (const std::string& remark : joined.notes) note(joined.firstLine, remark);
            const std::string line = variables_.replaced(joined.line);
            if (const std::size_t dollar = line.find('$'); dollar != std::string::npos) {
                out_.unread.push_back(
                    {joined.firstLine, fmt::format("the value of `{}` is not known: give it a line "
                                                   "NAME=VALUE in the text",
                                                   line.substr(dollar, line.find(' ', dollar) - dollar))});
                continue;
            }
            const auto parsed = parseLine(line, {.lenient = true, .placeholders = true});
            if (!parsed) {
                out_.unread.push_back({joined.firstLine, parsed.error().full()});
                continue;
            }
            for (const std::string& warning : parsed->warnings) note(joined.firstLine, warning);
            commands_.push_back({parsed->op, joined.firstLine, scopeOf(joined.firstLine)});
            commands_.back().op.json = false;
        }
    }

    /// A template that is followed by the same command with values: the values are examples.
    void foldExamples() {
        std::vector<Command> kept;
        for (Command& command : commands_) {
            if (!kept.empty() && isExampleOf(kept.back().op, command.op)) {
                for (const auto& [option, value] : kept.back().op.params) {
                    if (isPlaceholder(value)) examples_[{kept.back().scope, value}] = command.op.params.at(option);
                }
                note(command.line, "an example of the line before it; its values became examples of the parameters");
                continue;
            }
            kept.push_back(std::move(command));
        }
        commands_ = std::move(kept);
    }

    static bool isExampleOf(const Operation& pattern, const Operation& example) {
        if (pattern.verb != example.verb || pattern.params.size() != example.params.size()) return false;
        bool any = false;
        for (const auto& [option, value] : pattern.params) {
            const auto at = example.params.find(option);
            if (at == example.params.end() || isPlaceholder(at->second)) return false;
            if (isPlaceholder(value)) {
                any = true;
            } else if (value != at->second) {
                return false;
            }
        }
        return any;
    }

    /// A page that names the copy tool in prose gives no line for it; without the copy, old rows never arrive.
    void addCopy() {
        const std::size_t mention = text_.find("CopyTable utility");
        const bool has = std::any_of(commands_.begin(), commands_.end(),
                                     [](const Command& command) { return command.op.verb == Verb::CopyTable; });
        if (mention == std::string_view::npos || has) return;
        const auto line = static_cast<std::size_t>(
                              std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(mention), '\n')) +
                          1;
        const auto resume = std::find_if(commands_.begin(), commands_.end(), [&](const Command& command) {
            return command.op.verb == Verb::ReplicaResume && command.line > line;
        });
        if (resume == commands_.end()) return;
        Command copy = *resume;
        copy.line = line;
        copy.op.verb = Verb::CopyTable;
        copy.op.params = {{"src", resume->op.text("path")},
                          {"dst", resume->op.text("replica")},
                          {"bulkload", "false"},
                          {"mapreduce", "false"}};
        commands_.insert(resume, copy);
        note(line, "the text names the CopyTable utility without a line; the step copy-table was written for it");
    }

    /// Gives every placeholder a parameter and puts {{name}} in its place.
    void nameParameters() {
        for (Command& command : commands_) {
            for (auto& [option, value] : command.op.params) {
                if (!isPlaceholder(value)) continue;
                value = "{{" + wanted(command, option, value).name + "}}";
            }
        }
        for (std::size_t i = 0; i < order_.size(); ++i) swapDefault(i);
    }

    Wanted& wanted(const Command& command, const std::string& option, const std::string& value) {
        const std::pair<int, std::string> key{command.scope, value};
        const auto known = wanted_.find(key);
        if (known != wanted_.end()) return known->second;
        Wanted fresh;
        fresh.name = parameterName(value);
        if (command.scope > 0) fresh.name += command.scope == 1 ? "-reverse" : fmt::format("-{}", command.scope + 1);
        fresh.type = typeFor(option);
        fresh.title = value.front() == '<' ? value.substr(1, value.size() - 2) : std::string();
        fresh.fallback = variables_.valueOf(fresh.name);
        if (const auto example = examples_.find(key); example != examples_.end()) fresh.example = example->second;
        order_.push_back(key);
        return wanted_[key] = fresh;
    }

    /// In the other direction, source and replica have changed places: the other one is the default.
    void swapDefault(std::size_t index) {
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
        note(0, fmt::format("{}: in the other direction `{}` is what was `{}`; --set {}=... says otherwise",
                            parameter.name, text, other, parameter.name));
    }

    void write() {
        out_.text = fmt::format(
            "# Imported from {}: look at every step before you run it.\nrunbook: {}\ntitle: {}\n"
            "system: maprdb\n",
            fileName_, name_, yamlScalar("What " + fileName_ + " does"));
        if (!order_.empty()) out_.text += "parameters:\n";
        for (const auto& key : order_) writeParameter(wanted_[key]);
        out_.text += "steps:\n";
        for (const Command& command : commands_) writeStep(command);
        writeArrival();
        out_.commands = commands_.size();
    }

    void writeParameter(const Wanted& parameter) {
        out_.text += fmt::format("  {}:\n    type: {}\n", parameter.name, parameter.type);
        if (!parameter.title.empty()) out_.text += "    title: " + yamlScalar(parameter.title) + "\n";
        if (!parameter.example.empty()) out_.text += "    example: " + yamlScalar(parameter.example) + "\n";
        if (parameter.fallback.empty()) {
            out_.parameters.push_back(parameter.name);
        } else {
            out_.text += "    default: " + yamlScalar(parameter.fallback) + "\n";
        }
    }

    std::string uniqueId(const std::string& id) {
        const int count = ++ids_[id];
        return count == 1 ? id : fmt::format("{}-{}", id, count);
    }

    void key(const std::string& name, const std::string& value) {
        if (!value.empty()) out_.text += fmt::format("    {}: {}\n", name, yamlScalar(value));
    }

    void writeStep(const Command& command) {
        const StepShape shape = detail::shapeOf(command.op);
        out_.text += fmt::format("\n  - id: {}\n", uniqueId(shape.id));
        key("title", shape.title);
        key("docs", fmt::format("{}, line {}", fileName_, command.line));
        if (shape.byHand) {
            key("human", "Run: " + printLine(command.op));
            note(command.line, "no check can tell that it worked; it became a step for a person");
            return;
        }
        key("done-when", shape.doneWhen);
        if (!shape.approvalName.empty()) {
            out_.text += "    approval:\n      text: " + yamlScalar("This cannot be undone: " + shape.irreversible) +
                         "\n      type-the-name: " + yamlScalar(shape.approvalName) + "\n";
        }
        key("do", printLine(command.op));
        out_.text += "    verify:\n";
        for (const std::string& check : shape.verify) {
            out_.text += shape.verifyWithin.empty() ? fmt::format("      - {}\n", yamlScalar(check))
                                                    : fmt::format("      - becomes: {}\n        within: {}\n",
                                                                  yamlScalar(check), shape.verifyWithin);
        }
        key("undo", shape.undo);
        key("irreversible", shape.irreversible);
        key("timeout", shape.timeout);
        if (shape.repeatable) out_.text += "    repeatable: true\n";
    }

    /// "The command returned" is not "it is true at both ends": every link that was set going must arrive.
    void writeArrival() {
        std::vector<std::string> checks;
        for (const Command& command : commands_) {
            const bool starts = command.op.verb == Verb::ReplicaResume || command.op.verb == Verb::ReplicaAutosetup ||
                                (command.op.verb == Verb::ReplicaAdd && !command.op.flag("paused"));
            if (!starts) continue;
            checks.push_back("caught-up " + command.op.text("path") + " " + command.op.text("replica"));
        }
        if (checks.empty()) return;
        out_.text += "\n  - id: arrived\n    title: Every link that was set going has caught up\n    verify:\n";
        for (const std::string& check : checks) {
            out_.text +=
                fmt::format("      - becomes: {}\n        within: 12h\n        interval: 1s\n", yamlScalar(check));
        }
        note(0, "the step arrived was added: it waits until every link has caught up");
    }

    std::string_view text_;
    std::string name_;
    std::string fileName_;
    ScriptVariables variables_;
    ImportedRunbook out_;
    std::vector<Command> commands_;
    std::map<std::pair<int, std::string>, std::string> examples_;
    std::map<std::pair<int, std::string>, Wanted> wanted_;
    std::vector<std::pair<int, std::string>> order_;
    std::map<std::string, int> ids_;
};

/// The runbook that an export carries; says what somebody changed in the export since.
Result<ImportedRunbook> fromExport(std::string_view text, const std::string& fileName) {
    const auto carried = carriedRunbook(text);
    if (!carried) return carried.error();
    const auto book = parseRunbook(carried->text, fileName);
    if (!book) return book.error();
    ImportedRunbook out;
    out.text = carried->text;
    for (const Step& step : book->steps) out.commands += step.commands.size();
    for (const Parameter& parameter : book->parameters) {
        if (parameter.required) out.parameters.push_back(parameter.name);
    }
    const auto again = exportRunbook(*book, carried->values, carried->target, carried->version);
    if (!again) return again.error();
    const std::vector<std::string> mine = split(*again, '\n');
    const std::vector<std::string> given = split(text, '\n');
    for (std::size_t i = 0; i < std::max(mine.size(), given.size()); ++i) {
        if (i < mine.size() && i < given.size() && mine[i] == given[i]) continue;
        out.notes.push_back({i + 1,
                             "the export was changed here since, or another version wrote it; the runbook is the "
                             "one that it was made from, without that change"});
        break;
    }
    return out;
}

}  // namespace

Result<ImportedRunbook> importScript(std::string_view text, const std::string& name, const std::string& fileName) {
    if (carriesRunbook(text)) return fromExport(text, fileName);
    return Importer(text, name, fileName).run();
}

}  // namespace tributary::runbooks
