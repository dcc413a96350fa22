// help and completion.
#include <fmt/format.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/terminal/completion.h"
#include "app/terminal/helptopics.h"
#include "app/terminal/manpages.h"
#include "app/terminal/terminal.h"
#include "app/terminal/terminalhelp.h"
#include "core/base/text.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/workspace.h"

namespace tributary::app {
namespace {

using Work = std::function<int(VerbContext&)>;

int printHelpText(const std::string& text, const VerbContext& context) {
    if (context.json) {
        printJson({{"help", text}});
    } else {
        fmt::print("{}", text);
    }
    return 0;
}

int runHelp(const std::vector<std::string>& words, const VerbContext& context) {
    if (words.empty()) return printHelpText(overviewHelp(context.columns), context);
    const std::string meant = findVerb(words.front()) == nullptr ? topicMeant(words.front()) : words.front();
    for (const HelpTopic& topic : helpTopics()) {
        if (topic.name == meant) return printHelpText(topic.text(context.columns), context);
    }
    if (findVerb(words.front()) == nullptr) {
        const std::string near = nearest(words.front(), helpTopicNames());
        return context.fail({ErrorCode::InvalidInput,
                             fmt::format("there is no help on '{}'", words.front()),
                             {},
                             near.empty() ? "tributary help topics" : fmt::format("tributary help {}", near)});
    }
    std::vector<std::string> asked = words;
    asked.emplace_back("--help");
    return runWords(asked, context);
}

Work describeHelp(CLI::App& app) {
    auto words = std::make_shared<std::vector<std::string>>();
    app.add_option("topic", *words, "A verb with its sub-commands, or a topic (tributary help topics)");
    return [words](VerbContext& context) { return runHelp(*words, context); };
}

Work describeCompletion(CLI::App& app) {
    auto shell = std::make_shared<std::string>();
    app.add_option("shell", *shell, "bash, zsh or fish")->required();
    return [shell](VerbContext& context) {
        const std::string script = completionScript(*shell);
        if (script.empty()) {
            return context.fail({ErrorCode::InvalidInput,
                                 fmt::format("there is no completion for '{}'", *shell),
                                 {},
                                 "one of: " + join(completionShells(), ", ")});
        }
        fmt::print("{}", script);
        return 0;
    };
}

// The workspace that the line being typed names, else the one found from here; nothing is said when there is none.
std::optional<Topology> drawingFor(const std::vector<std::string>& words, const VerbContext& context) {
    std::string dir = context.workspaceDir;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (words[i] == "-w" || words[i] == "--workspace") dir = words[i + 1];
    }
    const auto paths = findWorkspace(dir);
    if (!paths) return std::nullopt;
    auto workspace = openWorkspace(*paths);
    if (!workspace) return std::nullopt;
    return std::move(workspace->topology);
}

// `__man FOLDER`: writes the man pages; the build installs them.
Work describeManPages(CLI::App& app) {
    auto folder = std::make_shared<std::string>();
    app.add_option("FOLDER", *folder, "An existing folder")->required();
    return [folder](VerbContext& context) {
        for (const ManPage& page : manPages()) {
            if (Status saved = saveFileAtomically(*folder + "/" + page.fileName(), page.text); !saved) {
                return context.fail(saved.error());
            }
        }
        return 0;
    };
}

// `__complete -- WORD... CURRENT`: candidates, one per line.
Work describeCandidates(CLI::App& app) {
    return [&app](VerbContext& context) {
        std::vector<std::string> words = app.remaining();
        if (!words.empty() && words.front() == "--") words.erase(words.begin());
        if (words.empty()) words.emplace_back();
        const std::string current = words.back();
        words.pop_back();
        const std::optional<Topology> topology = drawingFor(words, context);
        for (const std::string& word : completeWords(words, current, topology ? &*topology : nullptr)) {
            fmt::print("{}\n", word);
        }
        return 0;
    };
}

}  // namespace

std::vector<Verb> helpVerbs() {
    return {
        {"help", "help", "Explain a verb or a topic",
         "tributary help fault\ntributary help exit-codes\ntributary help guarantees", describeHelp},
        {"completion", "help", "Print the completion script of a shell",
         "source <(tributary completion bash)\ntributary completion fish | source", describeCompletion},
        {"__complete", kHiddenGroup, "Candidates for a word, for completion scripts", "", describeCandidates, true},
        {"__man", kHiddenGroup, "Write the man pages into a folder", "", describeManPages},
    };
}

}  // namespace tributary::app
