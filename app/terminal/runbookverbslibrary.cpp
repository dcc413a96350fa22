// runbook list, show, validate, new.
#include <fmt/format.h>
#include <sys/stat.h>

#include "app/adapters/drawnvalues.h"
#include "app/systems/dialects.h"
#include "app/terminal/dataverbscommon.h"
#include "app/terminal/runbookverbs.h"
#include "core/base/text.h"
#include "core/telemetry/humanunits.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/topologyfile.h"
#include "core/workspace/workspace.h"
#include "runbooks/library/library.h"
#include "runbooks/model/load.h"

namespace tributary::app {
namespace {

using engine::Json;
using runbooks::LibraryEntry;
using runbooks::Runbook;

/// Empty when there is no workspace: the built-in runbooks can be looked at anywhere.
std::string workspaceDirOf(const VerbContext& context) {
    const auto paths = findWorkspace(context.workspaceDir);
    return paths ? paths.value().root : std::string();
}

int list(const VerbContext& context) {
    const std::string dir = workspaceDirOf(context);
    const auto entries = dir.empty() ? runbooks::listLibrary(dialects()) : runbooks::listRunbooks(dir, dialects());
    std::size_t width = 0;
    for (const LibraryEntry& entry : entries) width = std::max(width, entry.name.size());
    Json rows = Json::array();
    for (const LibraryEntry& entry : entries) {
        if (context.json) {
            rows.push_back(Json{{"name", entry.name},
                                {"title", entry.title},
                                {"system", entry.system},
                                {"file", entry.origin.empty() ? Json(nullptr) : Json(entry.origin)},
                                {"problem", entry.problem.empty() ? Json(nullptr) : Json(entry.problem)}});
        } else {
            fmt::print("{:<{}}  {}\n", entry.name, width,
                       entry.problem.empty() ? entry.title : "cannot be read: " + entry.problem);
        }
    }
    if (context.json) printJson(Json{{"runbooks", rows}});
    return 0;
}

void showParameters(const Runbook& book) {
    if (book.parameters.empty()) return;
    fmt::print("\nParameters\n");
    for (const runbooks::Parameter& parameter : book.parameters) {
        const std::string how = parameter.required              ? "required"
                                : parameter.defaultText.empty() ? "optional"
                                                                : "default " + parameter.defaultText;
        fmt::print("  {:<12} {} ({}{})\n", parameter.name, parameter.title, how,
                   parameter.example.empty() ? "" : ", as " + parameter.example);
    }
}

Json bookJson(const Runbook& book) {
    Json json{{"name", book.id},   {"title", book.title},         {"why", book.why},       {"system", book.system},
              {"hash", book.hash}, {"parameters", Json::array()}, {"steps", Json::array()}};
    for (const runbooks::Parameter& parameter : book.parameters) {
        json["parameters"].push_back(Json{{"name", parameter.name},
                                          {"type", runbooks::parameterTypeName(parameter.type)},
                                          {"title", parameter.title},
                                          {"required", parameter.required},
                                          {"default", parameter.defaultText},
                                          {"example", parameter.example}});
    }
    for (const runbooks::Step& step : book.steps) {
        Json item{{"id", step.id},
                  {"title", step.title},
                  {"do", Json::array()},
                  {"verify", Json::array()},
                  {"irreversible", step.irreversible}};
        for (const auto& line : step.commands) item["do"].push_back(line.text);
        for (const auto& clause : step.verify) item["verify"].push_back(clause.check.text());
        json["steps"].push_back(std::move(item));
    }
    return json;
}

int show(const VerbContext& context, const std::string& name, bool yaml) {
    const auto book = runbooks::findRunbook(name, workspaceDirOf(context), dialects());
    if (!book) return context.fail(book.error());
    const Runbook& runbook = book.value();
    if (context.json) {
        printJson(bookJson(runbook));
        return 0;
    }
    if (yaml) {
        printDocument(context.outIsTerminal, runbook.text);
        return 0;
    }
    fmt::print("{}\n{}\n", runbook.id, runbook.title);
    if (!runbook.why.empty()) fmt::print("{}\n", runbook.why);
    showParameters(runbook);
    fmt::print("\nSteps\n");
    int number = 0;
    for (const runbooks::Step& step : runbook.steps) {
        fmt::print("  {:>2}  {:<28} {}\n", ++number, step.id, step.title);
        for (const auto& line : step.commands) fmt::print("        $ {}\n", line.text);
        if (!step.irreversible.empty()) fmt::print("        cannot be undone: {}\n", step.irreversible);
    }
    std::string set;
    for (const runbooks::Parameter& parameter : runbook.parameters) {
        if (parameter.required)
            set += fmt::format(" --set {}={}", parameter.name, parameter.example.empty() ? "..." : parameter.example);
    }
    if (!context.quiet && context.errIsTerminal) fmt::print(stderr, "\nNext:\n  tributary run {}{}\n", runbook.id, set);
    return 0;
}

/// A command whose placeholders are single words: a filter is no pipe of a shell, and `{{x | option -y}}` stands for an
/// option and its value, or for nothing: no word of a command.
std::string withoutFilters(std::string text) {
    for (std::size_t at = text.find("{{"); at != std::string::npos; at = text.find("{{", at + 1)) {
        const std::size_t end = text.find("}}", at);
        if (end == std::string::npos) break;
        const std::vector<std::string> parts = split(text.substr(at + 2, end - at - 2), '|');
        const bool option = parts.size() > 1 && trim(parts[1]).starts_with("option ");
        text.replace(at, end + 2 - at, option ? std::string() : "{{" + std::string(trim(parts[0])) + "}}");
    }
    return text;
}

/// The first command line of a runbook that no dialect understands.
Status checkCommands(const Runbook& book, const std::string& file) {
    for (const runbooks::Step& step : book.steps) {
        for (const auto* lines : {&step.commands, &step.undo}) {
            for (const runbooks::CommandLine& line : *lines) {
                const auto parsed = dialects().parseLine(withoutFilters(line.text), {false, true});
                if (parsed) continue;
                Error error = parsed.error();
                error.what = fmt::format("step {}, {}: {}", step.id, error.where, error.what);
                error.where =
                    line.place.line > 0 ? fmt::format("{}:{}:{}", file, line.place.line, line.place.column) : file;
                return error;
            }
        }
    }
    return okStatus();
}

int validate(const VerbContext& context, const std::string& file) {
    const auto book = runbooks::loadRunbook(file, dialects());
    if (!book) return context.fail(book.error());
    if (Status good = checkCommands(book.value(), file); !good) return context.fail(good.error());
    // Beside a drawing, clusters that are named outright must be drawn.
    if (const auto paths = findWorkspace(context.workspaceDir); paths) {
        if (const auto drawing = loadTopology(paths.value().topology()); drawing) {
            if (Status drawn = checkDrawnChecks(book.value(), drawing.value()); !drawn)
                return context.fail(drawn.error());
        }
    }
    if (context.json) {
        printJson(
            Json{{"file", file}, {"runbook", book.value().id}, {"steps", book.value().steps.size()}, {"valid", true}});
    } else {
        fmt::print("valid\t{}\t{}\n", book.value().id, countText(book.value().steps.size(), "step"));
    }
    return 0;
}

int create(const VerbContext& context, const std::string& name) {
    const auto text = runbooks::newRunbook(name);
    if (!text) return context.fail(text.error());
    const auto paths = findWorkspace(context.workspaceDir);
    if (!paths) return context.fail(paths.error());
    const std::string folder = paths.value().runbooks();
    const std::string file = folder + "/" + name + ".yaml";
    struct stat info {};
    if (::stat(file.c_str(), &info) == 0) {
        return context.fail(
            Error{ErrorCode::AlreadyExists, "there is a runbook of that name", file, "choose another name"});
    }
    ::mkdir(folder.c_str(), 0755);  // a folder that cannot be made shows when the file is saved
    if (Status saved = saveFileAtomically(file, text.value()); !saved) return context.fail(saved.error());
    if (context.json) {
        printJson(Json{{"file", file}});
    } else {
        fmt::print("{}\n", file);
    }
    if (!context.quiet && context.errIsTerminal)
        fmt::print(stderr, "\nNext:\n  edit it, then tributary runbook validate {}\n", file);
    return 0;
}

}  // namespace

Verb runbookVerb() {
    Verb verb{"runbook",
              "runbooks",
              "List, show, check and begin runbooks",
              "tributary runbook list\ntributary runbook show multi-master-setup\n"
              "tributary runbook validate runbooks/mine.yaml\ntributary runbook new mine",
              {}};
    verb.describe = [](CLI::App& app) {
        struct Words {
            std::string name, file, fresh;
            bool yaml = false;
        };
        auto words = std::make_shared<Words>();
        app.require_subcommand(1);
        CLI::App* listing = app.add_subcommand("list", "The runbooks of the workspace and those that come with it");
        CLI::App* showing = app.add_subcommand("show", "What a runbook does");
        showing->add_option("NAME", words->name, "A name of `runbook list`, or a .yaml file")->required();
        showing->add_flag("--yaml", words->yaml, "Its text");
        CLI::App* checking = app.add_subcommand("validate", "Check a runbook's file");
        checking->add_option("FILE", words->file, "The file")->required();
        CLI::App* making = app.add_subcommand("new", "Begin a runbook of one's own");
        making->add_option("NAME", words->fresh, "Lower case, digits and dashes")->required();
        return [=](VerbContext& context) {
            if (listing->parsed()) return list(context);
            if (showing->parsed()) return show(context, words->name, words->yaml);
            if (checking->parsed()) return validate(context, words->file);
            return making->parsed() ? create(context, words->fresh) : 2;
        };
    };
    return verb;
}

}  // namespace tributary::app
