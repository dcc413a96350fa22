// Help and completion, both read off the command table and the core schema.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "runbooks/dialects/dialects.h"
#include "runbooks/dialects/options/optiondialect.h"

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
        case ParamType::Instance: return "<app:instance>";
    }
    return {};
}

std::string remarks(const ParamSpec& spec) {
    std::vector<std::string> all;
    if (spec.required) all.emplace_back("required");
    if (!spec.fallback.empty()) all.push_back("default " + spec.fallback);
    if (!spec.since.empty()) all.push_back("since " + spec.since);
    if (spec.jsonTablesOnly) all.emplace_back("JSON tables only");
    if (!spec.notCarried.empty()) all.emplace_back("refused: " + spec.notCarried);
    return all.empty() ? std::string() : fmt::format(" ({})", join(all, "; "));
}

std::string commandHelp(const OptionDialect& dialect, const CommandRow& row) {
    const VerbSpec& spec = specOf(row.verb);
    const std::string command = std::string(dialect.words().program) + " " + join(row.words, " ");
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
    const std::string& example = dialect.table().rowOf(row.verb)->example;
    text += fmt::format("\nExample:\n  {} {}\n", command, example);
    if (example.empty()) text.erase(text.size() - 2, 1);
    return text;
}

std::string listHelp(const OptionDialect& dialect, const std::vector<std::string>& prefix) {
    const std::string program(dialect.words().program);
    std::string text =
        fmt::format("Commands below '{}':\n", join(prefix, " ").empty() ? program : program + " " + join(prefix, " "));
    for (const CommandRow& row : dialect.table().rows) {
        const bool below = row.canonical && prefix.size() <= row.words.size() &&
                           std::equal(prefix.begin(), prefix.end(), row.words.begin());
        if (below) text += fmt::format("  {} {}\n      {}\n", program, join(row.words, " "), specOf(row.verb).summary);
    }
    return text;
}

std::vector<std::string> unusedOptions(const VerbSpec& spec, const std::vector<std::string>& words) {
    std::set<std::string> used;
    for (const std::string& word : words) used.insert(toLower(word));
    std::vector<std::string> options;
    // Required ones first: they are what the line still lacks.
    for (const bool wanted : {true, false}) {
        for (const ParamSpec& param : spec.params) {
            if (param.required == wanted && param.notCarried.empty()) options.push_back("-" + param.name);
        }
    }
    if (spec.takesGlobals) options.insert(options.end(), {"-cluster", "-json"});
    std::erase_if(options, [&used](const std::string& option) { return used.contains(option); });
    return options;
}

}  // namespace

bool OptionDialect::isWhole(const std::vector<std::string>& words) const {
    const CommandMatch match = table_.match(words);
    return match.refused != nullptr || (match.row != nullptr && match.used == words.size());
}

std::string OptionDialect::help(const std::vector<std::string>& words) const {
    const CommandMatch match = table_.match(words);
    if (match.refused != nullptr) {
        const std::string& fix = match.refused->fix;
        return fmt::format("Not available: {}.\n{}", match.refused->what, fix.empty() ? "" : "Instead: " + fix + "\n");
    }
    if (match.row != nullptr) return commandHelp(*this, *match.row);
    const std::vector<std::string> known(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(match.used));
    if (match.used == words.size()) return listHelp(*this, known);
    const std::string near = nearest(words[match.used], table_.nextWords(known));
    return fmt::format("There is no '{}' here.{}\n\n{}", words[match.used],
                       near.empty() ? "" : fmt::format(" Did you mean '{}'?", near), listHelp(*this, known));
}

std::vector<std::string> OptionDialect::complete(const std::vector<std::string>& words,
                                                 std::string_view current) const {
    std::vector<std::string> lower;
    for (std::size_t at = 1; at < words.size() && !words[at].starts_with('-'); ++at)
        lower.push_back(toLower(words[at]));
    const CommandMatch match = table_.match(lower);
    if (match.refused != nullptr) return {};
    if (match.row == nullptr) {
        if (match.used < lower.size()) return {};
        return startingWith(current, table_.nextWords(lower));
    }
    const VerbSpec& spec = specOf(match.row->verb);
    const std::string last = toLower(words.back());
    const ParamSpec* param = last.starts_with('-') ? spec.find(last.substr(1)) : nullptr;
    const bool wantsValue = (param != nullptr && !param->bare) || (last == "-cluster" && spec.takesGlobals);
    if (wantsValue) return param == nullptr ? std::vector<std::string>{} : startingWith(current, spelledValues(*param));
    return startingWith(current, unusedOptions(spec, words));
}

}  // namespace tributary::runbooks
