// Deployment files on disk.
#include "app/terminal/deploymentfiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "core/workspace/strictyaml.h"

namespace tributary::app {
namespace {

namespace fs = std::filesystem;
constexpr const char* kFileName = "deployment.xml";

/// The deployment files of a folder, sorted.
std::vector<std::string> filesIn(const fs::path& folder) {
    std::vector<std::string> out;
    std::error_code problem;
    for (const fs::directory_entry& each : fs::directory_iterator(folder, problem)) {
        const fs::path inner = each.path() / kFileName;
        if (each.path().extension() == ".xml" && each.is_regular_file(problem)) out.push_back(each.path().string());
        if (each.is_directory(problem) && fs::is_regular_file(inner, problem)) out.push_back(inner.string());
    }
    std::sort(out.begin(), out.end());
    return out;
}

bool isFolder(const std::string& path) {
    std::error_code problem;
    return fs::is_directory(path, problem);
}

/// "east/deployment.xml" -> east, "west.xml" -> west.
std::string clusterNamed(const std::string& path) {
    std::error_code problem;
    const fs::path whole = fs::absolute(path, problem).lexically_normal();
    return whole.filename() == kFileName ? whole.parent_path().filename().string() : whole.stem().string();
}

}  // namespace

Result<std::vector<DeploymentOutput>> deploymentOutputs(const Topology& topology, const std::string& folder,
                                                        bool anew) {
    const auto derived = voltdb::deriveDeployments(topology);
    if (!derived) return derived.error();
    std::vector<DeploymentOutput> out;
    out.reserve(derived->size());
    for (const voltdb::DeploymentFile& each : *derived) {
        DeploymentOutput file{fmt::format("{}/{}", each.cluster, kFileName), each.text, false};
        const std::string path = folder + "/" + file.path;
        const auto there =
            folder.empty() || anew ? Result<std::string>(Error{ErrorCode::NotFound, {}, {}, {}}) : readTextFile(path);
        if (!there && there.error().code != ErrorCode::NotFound) return there.error();
        if (there) {
            auto patched = voltdb::patchDeployment(*there, path, topology, each.cluster);
            if (!patched) return patched.error();
            file.text = std::move(*patched);
            file.patched = true;
        }
        out.push_back(std::move(file));
    }
    return out;
}

bool meansDeployments(const std::vector<std::string>& paths) {
    return std::any_of(paths.begin(), paths.end(), [](const std::string& path) {
        return path.ends_with(".xml") || (isFolder(path) && !filesIn(path).empty());
    });
}

Result<std::vector<voltdb::DeploymentText>> readDeployments(const std::vector<std::string>& paths) {
    std::vector<voltdb::DeploymentText> out;
    for (const std::string& path : paths) {
        const std::vector<std::string> files = isFolder(path) ? filesIn(path) : std::vector<std::string>{path};
        if (files.empty()) {
            return Error{ErrorCode::NotFound, "the folder holds no deployment file", path,
                         "tributary import --config east.xml west.xml"};
        }
        for (const std::string& file : files) {
            auto text = readTextFile(file);
            if (!text) return text.error();
            out.push_back({clusterNamed(file), file, std::move(*text)});
        }
    }
    return out;
}

}  // namespace tributary::app
