// env: the system's commands by their own names in this shell, on one workspace.
#include "app/terminal/envverb.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "app/systems/dialects.h"
#include "app/terminal/dataverbscommon.h"
#include "core/base/text.h"

namespace tributary::app {
namespace {

constexpr const char* kMarker = "TRIBUTARY_SHIMS";  ///< the folder that an earlier env put on PATH

std::string environmentText(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : std::string(value);
}

std::string shellQuoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

bool isExecutable(const std::string& path) {
    return ::access(path.c_str(), X_OK) == 0;
}

/// Those that the system has, too; the others are functions of scripts.
std::vector<std::string> realPrograms() {
    std::vector<std::string> names;
    const runbooks::Dialects all = dialects();
    for (const runbooks::Dialect* dialect : all.all()) {
        if (dialect->words().starts.empty()) names.emplace_back(dialect->words().program);
    }
    return names;
}

/// The folder of the links: beside the executable (build tree) or in the package's private folder.
Result<std::string> shimsFolder() {
    char buffer[4096];
    const ssize_t size = ::readlink("/proc/self/exe", buffer, sizeof(buffer));
    if (size <= 0) return Error{ErrorCode::Io, "the executable's own place cannot be read", "/proc/self/exe", {}};
    const std::string exe(buffer, static_cast<std::size_t>(size));
    const std::string folder = exe.substr(0, exe.rfind('/'));
    for (const std::string& candidate :
         {folder + "/shims", folder.substr(0, folder.rfind('/')) + "/lib/tributary/shims"}) {
        const auto names = realPrograms();
        const bool whole = std::all_of(names.begin(), names.end(),
                                       [&](const std::string& name) { return isExecutable(candidate + "/" + name); });
        if (whole) return candidate;
    }
    return Error{ErrorCode::NotFound,
                 "the links maprcli, mapr, hbase, tt, voltdb, voltadmin and sqlcmd are not installed",
                 folder + "/shims", "install the package tributary again, or build the target tributary"};
}

struct EnvWords {
    std::string workspace;
    bool undo = false;
};

int printAll(const VerbContext& context, const std::vector<std::pair<std::string, std::string>>& variables) {
    if (context.json) {
        engine::Json document = engine::Json::object();
        for (const auto& [name, value] : variables)
            document[name] = value.empty() ? engine::Json() : engine::Json(value);
        printJson(document);
        return 0;
    }
    for (const auto& [name, value] : variables) {
        if (value.empty()) {
            fmt::print("unset {}\n", name);
        } else {
            fmt::print("export {}={}\n", name, shellQuoted(value));
        }
    }
    return 0;
}

int leave(const VerbContext& context) {
    const std::string folder = environmentText(kMarker);
    if (folder.empty()) {
        return context.fail(Error{ErrorCode::NotFound, "this shell has no workspace's commands on its PATH", kMarker,
                                  "eval \"$(tributary env WORKSPACE)\" puts them there"});
    }
    return printAll(context, {{"PATH", pathWithout(environmentText("PATH"), folder)},
                              {"TRIBUTARY_WORKSPACE", environmentText("TRIBUTARY_WORKSPACE_BEFORE")},
                              {"TRIBUTARY_WORKSPACE_BEFORE", {}},
                              {kMarker, {}}});
}

int enter(const VerbContext& context, const std::string& workspace) {
    const auto paths = findWorkspace(workspace.empty() ? context.workspaceDir : workspace);
    if (!paths) return context.fail(paths.error());
    const auto folder = shimsFolder();
    if (!folder) return context.fail(folder.error());
    const std::string earlier = environmentText(kMarker);
    const std::string path = pathWithout(pathWithout(environmentText("PATH"), earlier), *folder);
    std::vector<std::pair<std::string, std::string>> variables{{"PATH", path.empty() ? *folder : *folder + ":" + path},
                                                               {"TRIBUTARY_WORKSPACE", paths->root},
                                                               {kMarker, *folder}};
    // What was there before the first env comes back with --undo, not what an env in between had set.
    const std::string before = environmentText("TRIBUTARY_WORKSPACE");
    if (earlier.empty() && !before.empty()) variables.emplace_back("TRIBUTARY_WORKSPACE_BEFORE", before);
    if (!context.user.empty()) variables.emplace_back("TRIBUTARY_USER", context.user);
    const int done = printAll(context, variables);
    if (::isatty(STDOUT_FILENO) != 0 && !context.quiet) {
        fmt::print(stderr, "\nNext:\n  eval \"$(tributary env {})\"\n", shellQuoted(paths->root));
    }
    return done;
}

}  // namespace

std::string pathWithout(const std::string& path, const std::string& folder) {
    std::vector<std::string> kept;
    for (const std::string& piece : split(path, ':')) {
        if (piece != folder || folder.empty()) kept.push_back(piece);
    }
    return join(kept, ":");
}

Verb envVerb() {
    Verb verb{"env",
              "dialects",
              "Put maprcli, mapr, hbase, tt, voltdb, voltadmin and sqlcmd on this shell's PATH, for one workspace",
              "eval \"$(tributary env demo)\"\neval \"$(tributary env --undo)\"",
              {}};
    verb.describe = [](CLI::App& app) {
        auto words = std::make_shared<EnvWords>();
        app.add_option("WORKSPACE", words->workspace,
                       "The workspace; that of -w, or of the current folder, without it");
        app.add_flag("--undo", words->undo, "Take them off again");
        return
            [words](VerbContext& context) { return words->undo ? leave(context) : enter(context, words->workspace); };
    };
    return verb;
}

}  // namespace tributary::app
