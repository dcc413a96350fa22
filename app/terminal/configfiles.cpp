// Configuration files of a drawing, and drawings of them.
#include "app/terminal/configfiles.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <system_error>

#include "app/terminal/deploymentfiles.h"
#include "app/terminal/terminaltext.h"
#include "core/base/escape.h"
#include "core/base/privatefolder.h"
#include "core/base/text.h"
#include "core/systems/catalogue.h"
#include "core/systems/tarantool/config.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/strictyaml.h"
#include "core/workspace/topologyfile.h"
#include "core/workspace/workspace.h"

namespace tributary::app {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Passwords = std::map<std::string, std::string>;

struct OutputFile {
    std::string path;  ///< below the folder
    std::string text;
    bool patched = false;  ///< what is there is kept in it
};

/// What the files would not say right, so that nobody starts instances from them.
Status requireSound(const Topology& topology, const std::string& file, const std::string& user) {
    CheckOptions options;
    options.user = user;
    for (const Finding& each : checkTopology(topology, options)) {
        const bool ours = each.rule.starts_with("tarantool.") || each.rule.starts_with("voltdb.") ||
                          each.rule == "drawing.kind-of-other-system";
        if (!ours || each.severity != Severity::Error) continue;
        return Error{ErrorCode::Conflict, fmt::format("{} [{}]", each.reason, each.rule),
                     fmt::format("{}:{}:{}", file, each.pos.line, each.pos.column), each.fix};
    }
    return okStatus();
}

/// The text of a secret's file without the line break at its end.
Result<std::string> secretOf(const std::string& reference, const std::string& user) {
    if (!reference.starts_with("file:")) {
        return Error{ErrorCode::InvalidInput, "a password stands in a file, not on the command line", "--password",
                     fmt::format("--password {}=file:/PATH", user)};
    }
    auto text = readTextFile(reference.substr(5), 64U << 10U);
    if (!text) return text.error();
    while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
    if (text->empty() || text->find('\n') != std::string::npos) {
        return Error{ErrorCode::InvalidInput, "the file does not hold one line", reference.substr(5),
                     "put the password alone into it"};
    }
    return text;
}

Result<Passwords> passwordsOf(const std::vector<std::string>& words, const Topology& topology) {
    std::vector<std::string> users;
    for (const Cluster& cluster : topology.clusters) {
        for (const Account& account : cluster.accounts) users.push_back(account.name);
    }
    Passwords out;
    for (const std::string& word : words) {
        const std::size_t equals = word.find('=');
        const std::string user = word.substr(0, equals);
        if (equals == std::string::npos || std::find(users.begin(), users.end(), user) == users.end()) {
            const std::string near = nearest(user, users);
            return Error{ErrorCode::InvalidInput, fmt::format("no drawn user is called '{}'", shownLine(user)),
                         "--password",
                         near.empty() ? "--password USER=file:/PATH" : fmt::format("did you mean '{}'?", near)};
        }
        auto secret = secretOf(word.substr(equals + 1), user);
        if (!secret) return secret.error();
        out[user] = *secret;
    }
    return out;
}

/// Writes the files below a folder. Nothing is written when one of them is there with another text, unless forced.
Status writeAll(const std::vector<OutputFile>& files, const std::string& folder, bool force, bool secret) {
    for (const OutputFile& file : files) {
        const std::string path = folder + "/" + file.path;
        const auto there = readTextFile(path);
        if (force || file.patched || (!there && there.error().code == ErrorCode::NotFound) ||
            (there && *there == file.text))
            continue;
        return Error{ErrorCode::AlreadyExists, "there is another text in it", path,
                     fmt::format("compare it with: tributary import --config {}; --force replaces it",
                                 fs::path(path).parent_path().string())};
    }
    for (const OutputFile& file : files) {
        const fs::path path = fs::path(folder) / file.path;
        if (Status made = makeFolders(path.parent_path().string()); !made) {
            Error error = made.error();
            error.fix = "another folder (-o)";
            return error;
        }
        const Status saved = saveFileAtomically(path.string(), file.text, secret ? NewFile::Private : NewFile::Shared);
        if (!saved) return saved;
    }
    return okStatus();
}

void tellNext(const VerbContext& context, const std::vector<tarantool::ConfigFiles>& derived, const Topology& topology,
              const std::string& folder) {
    if (context.quiet) return;
    for (const DatasetKind kind : {DatasetKind::Space, DatasetKind::DrTable}) {
        const auto count = std::count_if(topology.datasets.begin(), topology.datasets.end(),
                                         [&](const Dataset& each) { return each.kind == kind; });
        const std::string_view noun = kind == DatasetKind::Space ? "space" : "table";
        if (count == 0) continue;
        fmt::print(stderr, "Not in the files: {} drawn {}{}; a configuration creates none\n", count, noun,
                   count == 1 ? "" : "s");
    }
    for (const tarantool::ConfigFiles& each : derived) {
        for (const auto& [user, variable] : each.passwordFrom) {
            fmt::print(stderr, "The password of {} is taken from the variable {} when {} starts\n", user, variable,
                       each.app);
        }
    }
    if (!context.errIsTerminal) return;
    fmt::print(stderr, "\nNext:\n");
    for (const tarantool::ConfigFiles& each : derived) fmt::print(stderr, "  tt start {}\n", each.app);
    for (const Cluster& each : topology.clusters) {
        if (each.system != "voltdb") continue;
        fmt::print(stderr, "  voltdb init --config={}/deployment.xml\n",
                   folder.empty() ? each.name : folder + "/" + each.name);
    }
}

/// Something that files say and a drawing does not, of whichever system.
using Note = voltdb::DeploymentNote;

std::vector<Note> notesOf(const std::string& file, const std::vector<tarantool::ConfigNote>& notes) {
    std::vector<Note> out;
    out.reserve(notes.size());
    for (const tarantool::ConfigNote& note : notes) out.push_back({file, note.line, note.text});
    return out;
}

Json notesJson(const std::vector<Note>& notes, bool withFile) {
    Json rows = Json::array();
    for (const Note& note : notes) {
        Json row{{"line", note.line == 0 ? Json() : Json(note.line)}, {"text", note.text}};
        if (withFile) row["file"] = note.file;
        rows.push_back(std::move(row));
    }
    return rows;
}

void printNotes(const char* head, const std::vector<Note>& notes) {
    if (!notes.empty()) fmt::print(stderr, "{}\n", head);
    for (const Note& note : notes) {
        const std::string place =
            note.line == 0 ? std::string() : fmt::format("{}:{}: ", shownLine(note.file), note.line);
        fmt::print(stderr, "  {}{}\n", place, shownLine(note.text));
    }
}

/// A file of one of these names in the folder, or empty.
std::string fileIn(const fs::path& folder, std::initializer_list<const char*> names) {
    for (const char* name : names) {
        std::error_code problem;
        if (fs::exists(folder / name, problem)) return (folder / name).string();
    }
    return {};
}

/// What an import found.
struct DrawnFiles {
    Topology topology;
    std::vector<Note> notes;
    std::vector<Note> unread;
    std::string place;  ///< for errors about all of them
    bool severalFiles = false;
};

Result<DrawnFiles> drawReplicaSets(const std::string& path) {
    std::error_code problem;
    const fs::path given = fs::absolute(path, problem).lexically_normal();
    const bool isFolder = fs::is_directory(given, problem);
    const fs::path folder = isFolder ? given : given.parent_path();
    const std::string file = isFolder ? fileIn(folder, {"config.yaml", "config.yml"}) : given.string();
    if (file.empty()) {
        return Error{ErrorCode::NotFound, "the folder holds no config.yaml", given.string(),
                     "tributary import --config instances.enabled/APP"};
    }
    const auto config = readTextFile(file);
    if (!config) return config.error();
    const std::string list = fileIn(folder, {"instances.yml", "instances.yaml"});
    const auto instances = list.empty() ? Result<std::string>(std::string()) : readTextFile(list);
    if (!instances) return instances.error();
    const std::string app = (folder.has_filename() ? folder : folder.parent_path()).filename().string();
    auto drawn = tarantool::drawConfig(app, *config, file, *instances);
    if (!drawn) return drawn.error();
    return DrawnFiles{std::move(drawn->topology), notesOf(file, drawn->notes), notesOf(file, drawn->unread), file,
                      false};
}

Result<DrawnFiles> drawFiles(const std::vector<std::string>& paths) {
    if (meansDeployments(paths)) {
        const auto files = readDeployments(paths);
        if (!files) return files.error();
        auto drawn = voltdb::drawDeployments(*files);
        if (!drawn) return drawn.error();
        return DrawnFiles{std::move(drawn->topology), std::move(drawn->notes), std::move(drawn->unread), paths.front(),
                          true};
    }
    if (paths.size() == 1) return drawReplicaSets(paths.front());
    return Error{
        ErrorCode::InvalidInput, "one config.yaml at a time", {}, "tributary import --config instances.enabled/APP"};
}

/// The files that a drawing has, of all its systems; `derived` gets what is said of those of Tarantool.
Result<std::vector<OutputFile>> filesOf(const Topology& topology, const Passwords& passwords,
                                        const ConfigExportWords& words, std::vector<tarantool::ConfigFiles>& derived) {
    const auto draws = [&](std::string_view system) {
        return std::any_of(topology.clusters.begin(), topology.clusters.end(),
                           [&](const Cluster& each) { return each.system == system; });
    };
    std::vector<OutputFile> files;
    if (draws("tarantool")) {
        auto configs = tarantool::deriveConfig(topology, passwords);
        if (!configs) return configs.error();
        derived = std::move(*configs);
    }
    for (const tarantool::ConfigFiles& each : derived) {
        files.push_back({"instances.enabled/" + each.app + "/instances.yml", each.instances, false});
        files.push_back({"instances.enabled/" + each.app + "/config.yaml", each.config, false});
    }
    if (draws("voltdb")) {
        auto deployments = deploymentOutputs(topology, words.folder, words.force);
        if (!deployments) return deployments.error();
        for (DeploymentOutput& each : *deployments) {
            files.push_back({std::move(each.path), std::move(each.text), each.patched});
        }
    }
    if (!files.empty()) return files;
    return Error{ErrorCode::NotFound,
                 "no replica set and no cluster of voltdb is drawn",
                 {},
                 "draw a cluster with system: tarantool or system: voltdb"};
}

}  // namespace

int exportConfig(const VerbContext& context, const ConfigExportWords& words) {
    const auto paths = findWorkspace(context.workspaceDir);
    if (!paths) return context.fail(paths.error());
    const auto topology = loadTopology(paths->topology());
    if (!topology) return context.fail(topology.error());
    if (Status sound = requireSound(*topology, paths->topology(), context.user); !sound) {
        return context.fail(sound.error());
    }
    const auto passwords = passwordsOf(words.passwords, *topology);
    if (!passwords) return context.fail(passwords.error());
    std::vector<tarantool::ConfigFiles> derived;
    const auto files = filesOf(*topology, *passwords, words, derived);
    if (!files) return context.fail(files.error());
    if (!words.folder.empty()) {
        if (Status saved = writeAll(*files, words.folder, words.force, !passwords->empty()); !saved) {
            return context.fail(saved.error());
        }
    }
    if (context.json) {
        Json rows = Json::array();
        for (const OutputFile& file : *files) {
            Json row{{"path", words.folder.empty() ? file.path : words.folder + "/" + file.path}};
            if (words.folder.empty()) row["text"] = file.text;
            rows.push_back(std::move(row));
        }
        Json variables = Json::object();
        for (const tarantool::ConfigFiles& each : derived) {
            for (const auto& [user, variable] : each.passwordFrom) variables[user] = variable;
        }
        printJson({{"files", rows}, {"passwordsFrom", variables}});
        return 0;
    }
    for (const OutputFile& file : *files) {
        if (words.folder.empty()) {
            const bool xml = file.path.ends_with(".xml");
            fmt::print("{}{}{}\n{}", xml ? "<!-- " : "# ", file.path, xml ? " -->" : "", file.text);
        } else {
            fmt::print("{}/{}\n", words.folder, file.path);
        }
    }
    std::fflush(stdout);
    tellNext(context, derived, *topology, words.folder);
    return 0;
}

int importConfig(const VerbContext& context, const ConfigImportWords& words) {
    const auto drawn = drawFiles(words.paths);
    if (!drawn) return context.fail(drawn.error());
    if (words.strict && !drawn->unread.empty()) {
        printNotes("Not drawn:", drawn->unread);
        return context.fail(Error{
            ErrorCode::Conflict,
            fmt::format("{} option{} not drawn", drawn->unread.size(), drawn->unread.size() == 1 ? " is" : "s are"),
            drawn->place, "leave out --strict and see to them by hand"});
    }
    const std::string text = writeTopologyInBlocks(drawn->topology);
    const std::string place = words.output.empty() ? "-" : words.output;
    std::error_code problem;
    if (place != "-") {
        if (!words.force && fs::exists(place, problem)) {
            return context.fail(Error{ErrorCode::AlreadyExists, "there is a file of that name", place,
                                      "another name (-o FILE), or --force"});
        }
        if (Status saved = saveFileAtomically(place, text); !saved) return context.fail(saved.error());
    }
    if (context.json) {
        Json document{{"notes", notesJson(drawn->notes, drawn->severalFiles)},
                      {"unread", notesJson(drawn->unread, drawn->severalFiles)}};
        document[place == "-" ? "text" : "file"] = place == "-" ? text : place;
        printJson(document);
        return 0;
    }
    fmt::print("{}{}", place == "-" ? text : place, place == "-" ? "" : "\n");
    std::fflush(stdout);
    if (context.quiet) return 0;
    printNotes(drawn->severalFiles ? "Concluded:" : "Left out:", drawn->notes);
    printNotes("Not drawn:", drawn->unread);
    if (place != "-") fmt::print(stderr, "\nNext:\n  tributary check -w {}\n", place);
    return 0;
}

}  // namespace tributary::app
