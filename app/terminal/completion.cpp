// Completion, read off the verb table, the options that verbs declare, the dialect's grammar and the drawing.
#include "app/terminal/completion.h"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>

#include "app/adapters/dialectcompletion.h"
#include "app/systems/dialects.h"
#include "app/terminal/helptopics.h"
#include "app/terminal/terminal.h"
#include "app/terminal/terminalhelp.h"
#include "core/base/text.h"
#include "core/systems/catalogue.h"
#include "core/workspace/workspace.h"
#include "runbooks/library/library.h"

namespace tributary::app {
namespace {

using Names = std::vector<std::string>;

Names startingWith(std::string_view current, const Names& candidates) {
    Names out;
    for (const std::string& candidate : candidates) {
        const bool fits = std::string_view(candidate).starts_with(current);
        if (fits && std::find(out.begin(), out.end(), candidate) == out.end()) out.push_back(candidate);
    }
    return out;
}

Names clusterNames(const Topology* topology) {
    Names out;
    if (topology == nullptr) return out;
    for (const Cluster& cluster : topology->clusters) out.push_back(cluster.name);
    return out;
}

Names gatewayNames(const Topology* topology) {
    Names out;
    if (topology == nullptr) return out;
    for (const Cluster& cluster : topology->clusters) {
        for (const Gateway& gateway : cluster.gateways) out.push_back(gateway.name);
    }
    return out;
}

Names userNames(const Topology* topology) {
    Names out;
    if (topology == nullptr) return out;
    for (const Cluster& cluster : topology->clusters) out.insert(out.end(), cluster.users.begin(), cluster.users.end());
    return out;
}

Names datasetPaths(const Topology* topology) {
    Names out;
    if (topology == nullptr) return out;
    for (const Dataset& dataset : topology->datasets) out.push_back(dataset.path);
    return out;
}

// What a shell takes as one word without quotes: links are typed.
Names elementNames(const Topology* topology) {
    Names out = clusterNames(topology);
    for (std::string& path : datasetPaths(topology)) out.push_back(std::move(path));
    return out;
}

Names libraryNames() {
    Names out;
    for (const runbooks::LibraryEntry& entry : runbooks::listLibrary(dialects())) out.push_back(entry.name);
    return out;
}

// Values that a name (of an option or a positional, without dashes) is known to take.
Names valuesFor(const std::string& name, const Topology* topology) {
    if (name == "as") return userNames(topology);
    if (name == "cluster" || name == "a" || name == "b") return clusterNames(topology);
    if (name == "gateway") return gatewayNames(topology);
    if (name == "only" || name == "element") return elementNames(topology);
    if (name == "example") return exampleNames();
    if (name == "shell") return completionShells();
    if (name == "topic") return helpTopicNames();
    if (name == "runbook") return libraryNames();
    if (name == "action") return {"stop", "start"};
    if (name == "state") return {"full", "slow", "ok"};
    if (name == "rule") {
        Names ids;
        for (const Rule& rule : ruleCatalogue()) ids.push_back(rule.id);
        return ids;
    }
    static const Names kPaths{"table", "path", "dataset", "source", "replica", "src", "dst"};
    return std::find(kPaths.begin(), kPaths.end(), name) != kPaths.end() ? datasetPaths(topology) : Names{};
}

const CLI::Option* optionNamed(const CLI::App* app, const std::string& word) {
    for (; app != nullptr; app = app->get_parent()) {
        for (const CLI::Option* option : app->get_options()) {
            if (option->check_name(word)) return option;
        }
    }
    return nullptr;
}

bool takesValue(const CLI::Option* option) {
    return option != nullptr && !option->get_positional() && option->get_items_expected_max() > 0;
}

Names optionNames(const CLI::App* app, const Names& words) {
    Names out;
    for (; app != nullptr; app = app->get_parent()) {
        for (const CLI::Option* option : app->get_options()) {
            for (const std::string& name : option->get_lnames()) {
                const std::string word = "--" + name;
                const bool used = std::find(words.begin(), words.end(), word) != words.end();
                if (!used && !option->get_group().empty() && name != "no-colour") out.push_back(word);
            }
        }
    }
    return out;
}

std::string bareName(const CLI::Option* option) {
    if (option->get_positional()) return toLower(option->get_name(true));
    return option->get_lnames().empty() ? std::string() : option->get_lnames().front();
}

Names valuesOf(const CLI::Option* option, const Topology* topology) {
    const Names choices = choicesOf(*option);
    return choices.empty() ? valuesFor(bareName(option), topology) : choices;
}

// The positional that the next plain word would fill.
const CLI::Option* nextPositional(const CLI::App* app, std::size_t filled) {
    const CLI::Option* last = nullptr;
    for (const CLI::Option* option : app->get_options()) {
        if (!option->get_positional()) continue;
        last = option;
        if (filled == 0) return option;
        --filled;
    }
    return last != nullptr && last->get_expected_max() > 1 ? last : nullptr;
}

Names verbCandidates(const Verb& verb, const Names& words, std::string_view current, const Topology* topology) {
    CLI::App app(verb.summary);
    app.set_help_flag("-h,--help", "Show this help");
    VerbContext context;
    addGlobalOptions(app, context);
    (void)verb.describe(app);
    const CLI::App* at = &app;
    std::size_t plain = 0;
    const CLI::Option* open = nullptr;  // an option that still waits for its value
    for (const std::string& word : words) {
        if (open != nullptr) {
            open = nullptr;
        } else if (word.starts_with("-")) {
            const CLI::Option* option = optionNamed(at, word);
            if (takesValue(option)) open = option;
        } else {
            const std::vector<const CLI::App*> subs = at->get_subcommands({});
            const auto sub =
                std::find_if(subs.begin(), subs.end(), [&](const CLI::App* s) { return s->check_name(word); });
            if (sub != subs.end()) {
                at = *sub;
                plain = 0;
            } else {
                ++plain;
            }
        }
    }
    if (open != nullptr) return startingWith(current, valuesOf(open, topology));
    if (current.starts_with("-")) return startingWith(current, optionNames(at, words));
    Names candidates;
    for (const CLI::App* sub : at->get_subcommands({})) candidates.push_back(sub->get_name());
    if (const CLI::Option* option = nextPositional(at, plain); option != nullptr) {
        const Names values = valuesOf(option, topology);
        candidates.insert(candidates.end(), values.begin(), values.end());
    }
    return startingWith(current, candidates);
}

// Skips the global options in front of the verb; false when the last one still waits for its value.
bool skipGlobals(const Names& words, std::size_t& at) {
    while (at < words.size() && words[at].starts_with("-")) {
        const bool valued = words[at] == "-w" || words[at] == "--workspace" || words[at] == "--as";
        at += valued ? 2 : 1;
    }
    return at <= words.size();
}

}  // namespace

Names completeWords(const Names& words, std::string_view current, const Topology* topology) {
    std::size_t at = 0;
    if (!skipGlobals(words, at)) return words.back() == "--as" ? startingWith(current, userNames(topology)) : Names{};
    if (at == words.size()) {
        Names candidates;
        if (current.starts_with("-")) {
            candidates = {"--workspace", "--as",       "--json",    "--no-color",
                          "--quiet",     "--no-input", "--version", "--help"};
        } else {
            for (const Verb& verb : verbTable()) {
                if (verb.group != kHiddenGroup) candidates.push_back(verb.name);
            }
        }
        return startingWith(current, candidates);
    }
    const Verb* verb = findVerb(words[at]);
    if (verb == nullptr || verb->group == kHiddenGroup) return {};
    const auto from = words.begin() + static_cast<std::ptrdiff_t>(at);
    if (verb->rawArguments) return completeDialect(Names(from, words.end()), current, topology);
    return verbCandidates(*verb, Names(from + 1, words.end()), current, topology);
}

}  // namespace tributary::app
