// A workspace on disk: a folder with topology.yaml, and what lies beside it (architecture section 7).
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/topology/topology.h"

namespace tributary {

/// The places of a workspace. Absolute paths once found; nothing but topology.yaml need exist.
struct WorkspacePaths {
    std::string root;

    [[nodiscard]] std::string topology() const { return root + "/topology.yaml"; }
    [[nodiscard]] std::string layout() const { return root + "/layout.yaml"; }
    [[nodiscard]] std::string runbooks() const { return root + "/runbooks"; }
    /// Engine volumes, ports, secret, run journal, samples: nothing a person edits.
    [[nodiscard]] std::string state() const { return root + "/.tributary"; }
};

/// Finds the workspace: `explicitDir` when not empty (a folder, or its topology.yaml), else `startDir` and the folders
/// above it. Errors: NotFound naming the folder and what it lacks.
[[nodiscard]] Result<WorkspacePaths> findWorkspace(const std::string& explicitDir, const std::string& startDir);
/// The same from the process' current folder.
[[nodiscard]] Result<WorkspacePaths> findWorkspace(const std::string& explicitDir = {});
/// The same for what must be possible without a drawing: a folder that has only the state of a workspace counts, too.
[[nodiscard]] Result<WorkspacePaths> findWorkspaceOrState(const std::string& explicitDir);

/// An open workspace: the drawing and the text it was read from.
struct Workspace {
    WorkspacePaths paths;
    Topology topology;
    std::string text;
};

/// Reads a workspace. Errors: those of loadTopology.
[[nodiscard]] Result<Workspace> openWorkspace(const WorkspacePaths& paths);

struct SaveOutcome {
    bool rewritten = false;  ///< comments inside the file could not be kept
};

/// Makes topology.yaml draw `wanted`, patching its text, and renews `workspace`. On an error file and `workspace` are
/// unchanged. Errors: Conflict when the file on disk is not what was read (somebody else edited it); patching and
/// saving.
[[nodiscard]] Result<SaveOutcome> saveWorkspace(Workspace& workspace, const Topology& wanted);

/// The example workspaces that come with the product.
[[nodiscard]] std::vector<std::string> exampleNames();
/// Writes the example `name` into `dir`, which is created when missing. Returns the files written. Errors: NotFound
/// with the nearest name; AlreadyExists when `dir` is not empty; saving.
[[nodiscard]] Result<std::vector<std::string>> createExample(const std::string& name, const std::string& dir);

}  // namespace tributary
