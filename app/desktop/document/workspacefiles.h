// The two files of a drawing on disk, topology.yaml and layout.yaml: reading, saving, and telling who changed them.
#pragma once

#include <optional>
#include <string>

#include "app/desktop/document/layoutsidecar.h"
#include "core/base/result.h"
#include "core/workspace/workspace.h"

namespace tributary::desktop {

/// What the files held when they were last read or saved. Blocking; saving syncs to disk.
class WorkspaceFiles {
public:
    /// A drawing that has no folder yet.
    WorkspaceFiles() = default;

    /// Reads a workspace folder. A topology.yaml that does not parse is no error here: its text is kept. A layout that
    /// cannot be read is told by layoutProblem() and its file is kept aside at the next save.
    /// Errors: NotFound, Io; Unsupported when the drawing's format is newer, naming the version needed.
    [[nodiscard]] static Result<WorkspaceFiles> open(const std::string& folder);

    [[nodiscard]] bool hasFolder() const { return !paths_.root.empty(); }
    [[nodiscard]] const WorkspacePaths& paths() const { return paths_; }
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] const LayoutSidecar& layout() const { return layout_; }
    [[nodiscard]] const std::optional<Error>& layoutProblem() const { return layoutProblem_; }

    /// What topology.yaml holds now; nullopt when it is gone or unreadable.
    [[nodiscard]] std::optional<std::string> textOnDisk() const;
    /// Whether somebody else wrote topology.yaml since it was read or saved here.
    [[nodiscard]] bool changedOutside() const;

    enum class Overwrite { No, Yes };
    /// Saves both files, atomically each. Errors: Conflict when somebody else wrote topology.yaml and `overwrite` is
    /// No; those of saveFileAtomically. After an error nothing of the drawing on disk is lost.
    [[nodiscard]] Status save(const std::string& text, const LayoutSidecar& layout, Overwrite overwrite);
    /// Binds to another folder, which is made when missing, and saves there. Errors: AlreadyExists when it already
    /// holds a drawing; saving. On an error the old folder stays bound.
    [[nodiscard]] Status saveAs(const std::string& folder, const std::string& text, const LayoutSidecar& layout);

private:
    [[nodiscard]] Status saveLayout(const LayoutSidecar& layout);

    WorkspacePaths paths_;
    std::string text_;
    LayoutSidecar layout_;
    std::optional<Error> layoutProblem_;
};

}  // namespace tributary::desktop
