// Help of the program and of its verbs, read off the one table and the options that the verbs declare.
#include "app/terminal/terminalhelp.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"

namespace tributary::app {
namespace {

constexpr int kWidest = 100;
constexpr int kNameColumn = 14;
constexpr int kOptionColumn = 26;

struct GroupTitle {
    const char* group;
    const char* title;
};
constexpr GroupTitle kGroups[] = {
    {"workspace", "Workspaces"},
    {"runbooks", "Runbooks"},
    {"dialects", "Commands of the real system, on this workspace"},
    {"data", "Data and load"},
    {"faults", "Faults"},
    {"help", "Help"},
};

bool isListed(const std::string& group) {
    return std::any_of(std::begin(kGroups), std::end(kGroups),
                       [&](const GroupTitle& row) { return group == row.group; });
}

std::string row(const std::string& left, const std::string& right, int column, int columns) {
    std::string line = "  " + left;
    const auto width = static_cast<std::size_t>(column);
    if (line.size() + 2 > width) {
        line += "\n" + std::string(width, ' ');
    } else {
        line.resize(width, ' ');
    }
    return line + wrapped(right, columns - column, column) + "\n";
}

std::string exampleLines(const std::string& examples) {
    std::string out;
    for (const std::string& line : split(examples, '\n')) {
        if (!trim(line).empty()) out += "  " + std::string(trim(line)) + "\n";
    }
    return out;
}

std::string valueName(const CLI::Option& option) {
    if (option.get_items_expected_max() == 0 || option.get_expected_max() == 0) return {};
    const std::vector<std::string> choices = choicesOf(option);
    if (!choices.empty()) return " " + join(choices, "|");
    const std::string whole = option.get_type_name();
    const std::string type = whole.substr(0, whole.find(':'));  // behind it: the ranges of validators
    if (type.empty()) return {};
    if (type == "INT" || type == "UINT" || type == "FLOAT") return " N";
    return " " + (type == "TEXT" ? "VALUE" : type);
}

std::string optionText(const CLI::Option& option) {
    std::vector<std::string> names;
    for (const std::string& name : option.get_snames()) names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) {
        if (name != "no-colour") names.push_back("--" + name);
    }
    return join(names, ", ") + valueName(option);
}

std::string positionalText(const CLI::Option& option) {
    std::string name = option.get_name(true);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    if (option.get_expected_max() > 1) name += "...";
    return option.get_required() ? name : "[" + name + "]";
}

std::string usageLine(const CLI::App& app, const std::string& command, bool raw) {
    if (raw) return command + " COMMAND [-OPTION VALUE]...";
    std::string line = command;
    for (const CLI::Option* option : app.get_options()) {
        if (option->get_positional()) line += " " + positionalText(*option);
    }
    if (!app.get_subcommands({}).empty()) line += " COMMAND";
    return line + " [OPTIONS]";
}

std::string optionRows(const CLI::App& app, bool everywhere, int columns) {
    std::string out;
    for (const CLI::Option* option : app.get_options()) {
        const bool global = option->get_group() == kEverywhereGroup || option->get_name() == "--help";
        if (option->get_positional() || global != everywhere || option->get_group().empty()) continue;
        out += row(optionText(*option), option->get_description(), kOptionColumn, columns);
    }
    return out;
}

std::string positionalRows(const CLI::App& app, int columns) {
    std::string out;
    for (const CLI::Option* option : app.get_options()) {
        if (!option->get_positional()) continue;
        out += row(positionalText(*option), option->get_description(), kOptionColumn, columns);
    }
    return out;
}

}  // namespace

std::vector<std::string> choicesOf(const CLI::Option& option) {
    const std::string type = option.get_type_name();  // "TEXT:{fsync,write}"
    const std::size_t from = type.find('{');
    if (from == std::string::npos || !type.ends_with("}")) return {};
    return split(std::string_view(type).substr(from + 1, type.size() - from - 2), ',');
}

std::string wrapped(const std::string& text, int columns, int indent) {
    const std::size_t start = std::min(text.find_first_not_of(' '), text.size());
    std::string out(start, ' ');
    int used = static_cast<int>(start);
    bool lineBegins = true;
    for (const std::string& word : split(std::string_view(text).substr(start), ' ')) {
        const int size = static_cast<int>(word.size());
        if (!lineBegins && used + 1 + size > columns) {
            out += "\n" + std::string(static_cast<std::size_t>(indent), ' ');
            used = 0;
            lineBegins = true;
        }
        if (!lineBegins) {
            out += ' ';
            ++used;
        }
        lineBegins = false;
        out += word;
        used += size;
    }
    return out;
}

std::string overviewHelp(int columns) {
    const int width = std::min(columns, kWidest);
    std::string out =
        "tributary draws, proves, rehearses and runs replication between clusters.\n"
        "\n"
        "Begin with:\n"
        "  tributary new demo --example multi-master\n"
        "  tributary check -w demo\n"
        "  tributary up -w demo\n"
        "  tributary status -w demo\n"
        "  tributary run multi-master-setup -w demo\n";
    for (const GroupTitle& group : kGroups) {
        std::string rows;
        for (const Verb& verb : verbTable()) {
            const bool here = verb.group == group.group || (std::string(group.group) == "data" &&
                                                            !isListed(verb.group) && verb.group != kHiddenGroup);
            if (here) rows += row(verb.name, verb.summary, kNameColumn, width);
        }
        if (!rows.empty()) out += fmt::format("\n{}:\n{}", group.title, rows);
    }
    return out +
           "\nEvery verb takes -w DIR, --as USER, --json, --no-color, --quiet and --no-input.\n"
           "More: tributary help VERB, tributary help topics, tributary --version\n";
}

std::string verbHelp(const Verb& verb, const CLI::App& at, const std::string& command, int columns) {
    const int width = std::min(columns, kWidest);
    const bool whole = at.get_parent() == nullptr;
    std::string out = wrapped(whole ? verb.summary : at.get_description(), width, 0) + "\n";
    std::string examples;
    for (const std::string& line : split(verb.examples, '\n')) {
        const std::string text(trim(line));
        if (whole || (text + " ").find(command + " ") != std::string::npos) examples += text + "\n";
    }
    if (!examples.empty()) out += "\nExamples:\n" + exampleLines(examples);
    out += "\nUsage:\n  " + wrapped(usageLine(at, command, verb.rawArguments), width - 2, 6) + "\n";
    if (const std::string rows = positionalRows(at, width); !rows.empty()) out += "\nArguments:\n" + rows;
    std::string subs;
    for (const CLI::App* sub : at.get_subcommands({})) {
        subs += row(sub->get_name(), sub->get_description(), kNameColumn, width);
    }
    if (!subs.empty()) out += "\nCommands:\n" + subs;
    if (const std::string rows = optionRows(at, false, width); !rows.empty()) out += "\nOptions:\n" + rows;
    const CLI::App* top = &at;
    while (top->get_parent() != nullptr) top = top->get_parent();
    if (const std::string rows = optionRows(*top, true, width); !rows.empty()) out += "\nEverywhere:\n" + rows;
    return out;
}

}  // namespace tributary::app
