// Reading and saving a drawing's files.
#include "app/desktop/document/workspacefiles.h"

#include <filesystem>
#include <system_error>

#include "core/workspace/atomicfile.h"
#include "core/workspace/strictyaml.h"
#include "core/workspace/topologyfile.h"

namespace fs = std::filesystem;

namespace tributary::desktop {

Result<WorkspaceFiles> WorkspaceFiles::open(const std::string& folder) {
    const Result<WorkspacePaths> paths = findWorkspace(folder, folder);
    if (!paths) return paths.error();
    WorkspaceFiles out;
    out.paths_ = *paths;
    Result<std::string> text = readTextFile(paths->topology());
    if (!text) return text.error();
    const Result<Topology> parsed = parseTopology(*text, paths->topology());
    if (!parsed && parsed.error().code == ErrorCode::Unsupported) return parsed.error();
    out.text_ = std::move(*text);
    const Result<std::string> layoutText = readTextFile(paths->layout());
    if (layoutText) {
        Result<LayoutSidecar> layout = parseLayout(*layoutText, paths->layout());
        if (layout) {
            out.layout_ = std::move(*layout);
        } else {
            out.layoutProblem_ = layout.error();
        }
    } else if (layoutText.error().code != ErrorCode::NotFound) {
        out.layoutProblem_ = layoutText.error();
    }
    return out;
}

std::optional<std::string> WorkspaceFiles::textOnDisk() const {
    Result<std::string> text = readTextFile(paths_.topology());
    return text ? std::optional(std::move(*text)) : std::nullopt;
}

bool WorkspaceFiles::changedOutside() const {
    if (!hasFolder()) return false;
    const std::optional<std::string> now = textOnDisk();
    return now && *now != text_;
}

Status WorkspaceFiles::save(const std::string& text, const LayoutSidecar& layout, Overwrite overwrite) {
    if (!hasFolder()) {
        return Error{ErrorCode::InvalidInput, "the drawing has no folder yet", {}, "choose a folder with 'Save as'"};
    }
    if (overwrite == Overwrite::No && changedOutside()) {
        return Error{ErrorCode::Conflict, "the file was changed by somebody else since it was read", paths_.topology(),
                     "reload it, or save over it"};
    }
    const std::optional<std::string> now = textOnDisk();
    if (!now || *now != text) {
        if (Status saved = saveFileAtomically(paths_.topology(), text); !saved) return saved;
        const std::optional<std::string> back = textOnDisk();
        if (!back || *back != text) {
            return Error{ErrorCode::Io, "the file does not read back as it was written", paths_.topology(),
                         "check the disk, then save again"};
        }
    }
    text_ = text;
    return saveLayout(layout);
}

Status WorkspaceFiles::saveLayout(const LayoutSidecar& layout) {
    std::error_code problem;
    const bool present = fs::exists(paths_.layout(), problem);
    if (!layoutProblem_ && layout == layout_ && (present || layout.empty())) return okStatus();
    if (layoutProblem_ && present) {
        fs::copy_file(paths_.layout(), paths_.layout() + ".unreadable", fs::copy_options::overwrite_existing, problem);
    }
    if (Status saved = saveFileAtomically(paths_.layout(), writeLayout(layout)); !saved) return saved;
    layout_ = layout;
    layoutProblem_.reset();
    return okStatus();
}

Status WorkspaceFiles::saveAs(const std::string& folder, const std::string& text, const LayoutSidecar& layout) {
    std::error_code problem;
    fs::create_directories(folder, problem);
    if (problem) {
        return Error{ErrorCode::Io, "the folder cannot be made: " + problem.message(), folder, "choose another folder"};
    }
    WorkspaceFiles there;
    there.paths_.root = fs::absolute(folder, problem).lexically_normal().string();
    if (there.textOnDisk()) {
        return Error{ErrorCode::AlreadyExists, "the folder already holds a drawing", folder,
                     "choose an empty folder, or open that drawing"};
    }
    if (Status saved = there.save(text, layout, Overwrite::Yes); !saved) return saved;
    *this = std::move(there);
    return okStatus();
}

}  // namespace tributary::desktop
