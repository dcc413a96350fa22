// Help and completion, both read off the command table and the core schema.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "runbooks/dialects/maprcli.h"
#include "runbooks/dialects/options/grammar.h"

namespace tributary::runbooks {
namespace {

std::vector<std::string> spelledValues(const ParamSpec& spec) {
    if (spec.type == ParamType::Bool) return {"true", "false"};
    std::vector<std::string> words;
    for (const std::string& value : spec.values) words.push_back(value.substr(0, value.find('=')));
    return words;
}

std::string valueShape(const ParamSpec& spec) {
    switch (spec.type) {
        case ParamType::Path: return "<path>";
        case ParamType::Bool: return "true|false";
        case ParamType::Int: return "<number>";
        case ParamType::Text: return "<text>";
        case ParamType::Enum: return join(spelledValues(spec), "|");
        case ParamType::EnumSet: return join(spelledValues(spec), ",");
        case ParamType::Columns: return "<cf[:qualifier],...>";
        case ParamType::Ace: return "<u:user|g:group|r:role|p>";
        case ParamType::Names: return "\"<name> <name>\"";
    }
    return {};
}

std::string remarks(const ParamSpec& spec) {
    std::vector<std::string> all;
    if (spec.required) all.emplace_back("required");
    if (!spec.fallback.empty()) all.push_back("default " + spec.fallback);
    if (!spec.since.empty()) all.push_back("since " + spec.since);
    if (spec.jsonTablesOnly) all.emplace_back("JSON tables only, not carried by this version");
    return all.empty() ? std::string() : fmt::format(" ({})", join(all, "; "));
}

std::string commandHelp(const CommandRow& row) {
    const VerbSpec& spec = specOf(row.verb);
    const std::string command = row.program + " " + join(row.words, " ");
    std::string usage = command;
    for (const ParamSpec& param : spec.params) {
        if (param.required) usage += fmt::format(" -{} {}", param.name, valueShape(param));
    }
    const bool hasOptional =
        std::any_of(spec.params.begin(), spec.params.end(), [](const ParamSpec& param) { return !param.required; });
    if (hasOptional) usage += " [options]";
    if (spec.takesGlobals) usage += " [-cluster <name>] [-json]";
    std::string text = fmt::format("{}\n\nUsage: {}\n", spec.summary, usage);
    if (!spec.params.empty()) text += "\nOptions (names in any case):\n";
    for (const ParamSpec& param : spec.params) {
        text += fmt::format("  -{} {}\n      {}{}\n", param.name, valueShape(param), param.help, remarks(param));
    }
    const std::string& example = rowOf(row.verb).example;
    text += fmt::format("\nExample:\n  {} {}\n", command, example);
    if (example.empty()) text.erase(text.size() - 2, 1);
    return text;
}

std::string listHelp(const std::string& program, const std::vector<std::string>& prefix) {
    std::string text =
        fmt::format("Commands below '{}':\n", join(prefix, " ").empty() ? program : program + " " + join(prefix, " "));
    for (const CommandRow& row : commandRows()) {
        const bool below = row.program == program && row.canonical && prefix.size() <= row.words.size() &&
                           std::equal(prefix.begin(), prefix.end(), row.words.begin());
        if (below) text += fmt::format("  {} {}\n      {}\n", program, join(row.words, " "), specOf(row.verb).summary);
    }
    return text;
}

std::string programHelp() {
    return "Programs:\n"
           "  maprcli <object> <verb> [-option value]...\n      administration of tables, replication, gateways, "
           "alarms\n"
           "  hbase <class> [-option value]...\n      CopyTable, DiffTables and DiffTablesWithCrc for binary tables\n";
}

struct CommandWords {
    std::string program;
    std::vector<std::string> words;  // lower case, up to the first option
};

CommandWords commandWords(const std::vector<std::string>& words) {
    CommandWords out;
    if (words.empty()) return out;
    out.program = words.front().substr(words.front().find_last_of('/') + 1);
    for (std::size_t at = 1; at < words.size() && !words[at].starts_with('-'); ++at) {
        out.words.push_back(toLower(words[at]));
    }
    return out;
}

std::vector<std::string> startingWith(std::string_view current, const std::vector<std::string>& candidates) {
    std::vector<std::string> out;
    for (const std::string& candidate : candidates) {
        if (toLower(candidate).starts_with(toLower(current))) out.push_back(candidate);
    }
    return out;
}

std::vector<std::string> unusedOptions(const VerbSpec& spec, const std::vector<std::string>& words) {
    std::set<std::string> used;
    for (const std::string& word : words) used.insert(toLower(word));
    std::vector<std::string> options;
    // Required ones first: they are what the line still lacks.
    for (const bool wanted : {true, false}) {
        for (const ParamSpec& param : spec.params) {
            if (param.required == wanted && !param.jsonTablesOnly) options.push_back("-" + param.name);
        }
    }
    if (spec.takesGlobals) options.insert(options.end(), {"-cluster", "-json"});
    std::erase_if(options, [&used](const std::string& option) { return used.contains(option); });
    return options;
}

}  // namespace

std::string helpFor(const std::vector<std::string>& words) {
    const CommandWords asked = commandWords(words);
    if (asked.program.empty()) return programHelp();
    const CommandMatch match = matchCommand(asked.program, asked.words);
    if (match.refused != nullptr) {
        const std::string& fix = match.refused->fix;
        return fmt::format("Not available: {}.\n{}", match.refused->what, fix.empty() ? "" : "Instead: " + fix + "\n");
    }
    if (match.row != nullptr) return commandHelp(*match.row);
    const std::vector<std::string> known(asked.words.begin(),
                                         asked.words.begin() + static_cast<std::ptrdiff_t>(match.used));
    const std::vector<std::string> next = nextWords(asked.program, known);
    if (next.empty()) return fmt::format("There is no program '{}'.\n\n{}", asked.program, programHelp());
    if (match.used == asked.words.size()) return listHelp(asked.program, known);
    const std::string near = nearest(asked.words[match.used], next);
    return fmt::format("There is no '{}' here.{}\n\n{}", asked.words[match.used],
                       near.empty() ? "" : fmt::format(" Did you mean '{}'?", near), listHelp(asked.program, known));
}

std::vector<std::string> complete(const std::vector<std::string>& words, std::string_view current) {
    if (words.empty()) return startingWith(current, programs());
    const CommandWords asked = commandWords(words);
    const CommandMatch match = matchCommand(asked.program, asked.words);
    if (match.refused != nullptr) return {};
    if (match.row == nullptr) {
        if (match.used < asked.words.size()) return {};
        return startingWith(current, nextWords(asked.program, asked.words));
    }
    const VerbSpec& spec = specOf(match.row->verb);
    const std::string last = toLower(words.back());
    const ParamSpec* param = last.starts_with('-') ? spec.find(last.substr(1)) : nullptr;
    const bool wantsValue = (param != nullptr && !param->bare) || (last == "-cluster" && spec.takesGlobals);
    if (wantsValue) return param == nullptr ? std::vector<std::string>{} : startingWith(current, spelledValues(*param));
    return startingWith(current, unusedOptions(spec, words));
}

}  // namespace tributary::runbooks
