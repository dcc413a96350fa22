// Finding, opening and saving a workspace.
#include "core/workspace/workspace.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "core/workspace/atomicfile.h"
#include "core/workspace/strictyaml.h"
#include "core/workspace/topologyfile.h"
#include "core/workspace/topologypatch.h"

namespace fs = std::filesystem;

namespace tributary {

namespace {

constexpr std::string_view kTopologyName = "topology.yaml";

bool isWorkspace(const fs::path& dir) {
    std::error_code problem;
    return fs::is_regular_file(dir / kTopologyName, problem);
}

/// The folder that is named, whole and without a slash at its end.
fs::path wholeFolder(const fs::path& given, std::error_code& problem) {
    fs::path dir = fs::absolute(given, problem).lexically_normal();
    if (!dir.has_filename() && dir.has_relative_path()) dir = dir.parent_path();
    return dir;
}

Result<WorkspacePaths> explicitWorkspace(const fs::path& given) {
    std::error_code problem;
    fs::path dir = wholeFolder(given, problem);
    if (dir.filename() == kTopologyName && fs::is_regular_file(dir, problem)) dir = dir.parent_path();
    (void)fs::status(dir / kTopologyName, problem);
    if (problem == std::errc::permission_denied) {
        return Error{ErrorCode::PermissionDenied, "no permission to look into this folder", given.string(),
                     "run it as the folder's owner"};
    }
    if (!fs::exists(dir, problem)) {
        return Error{ErrorCode::NotFound, "there is no such folder", given.string(),
                     fmt::format("tributary new {}", given.string())};
    }
    if (!isWorkspace(dir)) {
        return Error{ErrorCode::NotFound, fmt::format("this is not a workspace: it has no {}", kTopologyName),
                     given.string(), "name a folder with a drawing, or make one with 'tributary new'"};
    }
    return WorkspacePaths{dir.string()};
}

}  // namespace

Result<WorkspacePaths> findWorkspace(const std::string& explicitDir, const std::string& startDir) {
    if (!explicitDir.empty()) return explicitWorkspace(explicitDir);
    std::error_code problem;
    const fs::path start = fs::absolute(startDir, problem).lexically_normal();
    for (fs::path dir = start;; dir = dir.parent_path()) {
        if (isWorkspace(dir)) return WorkspacePaths{dir.string()};
        if (dir == dir.parent_path()) break;
    }
    return Error{ErrorCode::NotFound,
                 fmt::format("no workspace here: neither this folder nor one above it has a {}", kTopologyName),
                 start.string(), "go to a workspace, name one with --workspace, or make one with 'tributary new'"};
}

Result<WorkspacePaths> findWorkspace(const std::string& explicitDir) {
    std::error_code problem;
    const fs::path here = fs::current_path(problem);
    if (problem) return Error{ErrorCode::Io, "the current folder cannot be told: " + problem.message(), {}, {}};
    return findWorkspace(explicitDir, here.string());
}

Result<WorkspacePaths> findWorkspaceOrState(const std::string& explicitDir) {
    Result<WorkspacePaths> drawn = findWorkspace(explicitDir);
    if (drawn || drawn.error().code != ErrorCode::NotFound) return drawn;
    std::error_code problem;
    const WorkspacePaths paths{wholeFolder(explicitDir.empty() ? "." : explicitDir, problem).string()};
    if (problem || !fs::is_directory(paths.state(), problem)) return drawn;
    return paths;
}

Result<Workspace> openWorkspace(const WorkspacePaths& paths) {
    Result<std::string> text = readTextFile(paths.topology());
    if (!text) return text.error();
    Result<Topology> topology = parseTopology(*text, paths.topology());
    if (!topology) return topology.error();
    return Workspace{paths, std::move(*topology), std::move(*text)};
}

Result<SaveOutcome> saveWorkspace(Workspace& workspace, const Topology& wanted) {
    const std::string path = workspace.paths.topology();
    const Result<std::string> onDisk = readTextFile(path);
    if (!onDisk) return onDisk.error();
    if (*onDisk != workspace.text) {
        return Error{ErrorCode::Conflict, "the file was changed by somebody else since it was read", path,
                     "reload the workspace and make the change again"};
    }
    Result<PatchedText> patched = patchTopology(workspace.text, path, wanted);
    if (!patched) return patched.error();
    Result<Topology> renewed = parseTopology(patched->text, path);
    if (!renewed) return renewed.error();
    if (patched->text != workspace.text) {
        if (Status saved = saveFileAtomically(path, patched->text); !saved) return saved.error();
    }
    workspace.text = std::move(patched->text);
    workspace.topology = std::move(*renewed);
    return SaveOutcome{patched->rewritten};
}

}  // namespace tributary
