// Writes example workspaces.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "core/base/privatefolder.h"
#include "core/base/text.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/exampledata.h"
#include "core/workspace/workspace.h"

namespace fs = std::filesystem;

namespace tributary {

std::vector<std::string> exampleNames() {
    std::vector<std::string> out;
    for (const ExampleFile& file : exampleFiles()) {
        if (out.empty() || out.back() != file.example) out.emplace_back(file.example);
    }
    return out;
}

Result<std::vector<std::string>> createExample(const std::string& name, const std::string& dir) {
    const std::vector<std::string> names = exampleNames();
    if (std::find(names.begin(), names.end(), name) == names.end()) {
        const std::string near = nearest(name, names);
        return Error{
            ErrorCode::NotFound,
            fmt::format("there is no example '{}'", name),
            {},
            near.empty() ? fmt::format("one of: {}", join(names, ", ")) : fmt::format("did you mean '{}'?", near)};
    }
    std::error_code problem;
    if (Status made = makeFolders(dir); !made) return made.error();
    const bool empty = fs::is_empty(dir, problem);
    if (problem) return Error{ErrorCode::Io, "the folder cannot be read: " + problem.message(), dir, {}};
    if (!empty) {
        return Error{ErrorCode::AlreadyExists, "the folder is not empty", dir, "name a new or an empty folder"};
    }
    std::vector<std::string> written;
    // topology.yaml comes last: a folder that was left half made is not yet a workspace.
    for (const ExampleFile& file : exampleFiles()) {
        if (file.example != name) continue;
        std::string path = (fs::path(dir) / file.name).string();
        if (Status made = makeFolders(fs::path(path).parent_path().string()); !made) return made.error();
        if (Status saved = saveFileAtomically(path, file.text); !saved) return saved.error();
        written.push_back(std::move(path));
    }
    return written;
}

}  // namespace tributary
