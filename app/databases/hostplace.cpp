// Folders below voltdb/.
#include "app/databases/hostplace.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/daemon/socketfolder.h"
#include "core/base/text.h"

namespace tributary::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = "/voltdb";

std::vector<std::string> foldersIn(const std::string& path) {
    std::vector<std::string> out;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(path, ignored)) {
        if (entry.is_directory(ignored)) out.push_back(entry.path().filename().string());
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::string absoluteOf(const std::string& path) {
    std::error_code ignored;
    const fs::path whole = fs::absolute(path.empty() ? "." : path, ignored).lexically_normal();
    return whole.has_filename() ? whole.string() : whole.parent_path().string();
}

}  // namespace

std::string HostPlace::controlSocket() const {
    return shortSocketPath(root() + "/voltdb.control");
}

std::string clusterFolder(const std::string& environment, const std::string& cluster) {
    return environment + kFolder + "/" + cluster;
}

Result<std::string> findDatabases(const std::string& start) {
    std::error_code ignored;
    for (fs::path folder = absoluteOf(start); !folder.empty(); folder = folder.parent_path()) {
        const std::string clusters = folder.string() + kFolder;
        if (fs::is_directory(clusters, ignored)) return folder.string();
        if (folder == folder.parent_path()) break;
    }
    return Error{ErrorCode::NotFound, "there are no clusters of VoltDB here or above", start,
                 "tributary up, or tributary voltdb init --config=FILE --dir=voltdb/CLUSTER/HOST"};
}

HostPlace hostAt(const std::string& dir) {
    const fs::path whole = absoluteOf(dir);
    return {whole.parent_path().filename().string(), whole.filename().string(), whole.string()};
}

Result<std::vector<HostPlace>> findHosts(const std::string& environment, const std::string& word) {
    const std::string name = word.substr(0, word.find(':'));
    std::vector<HostPlace> found;
    const std::vector<std::string> clusters = foldersIn(environment + kFolder);
    for (const std::string& cluster : clusters) {
        const std::string folder = clusterFolder(environment, cluster);
        for (const std::string& host : foldersIn(folder)) {
            const HostPlace place{cluster, host, folder + "/" + host};
            std::error_code ignored;
            const bool isMeant = name.empty() || name == cluster || name == host;
            if (isMeant && fs::is_directory(place.root(), ignored)) found.push_back(place);
        }
    }
    if (!found.empty() || name.empty()) return found;
    return Error{ErrorCode::NotFound,
                 fmt::format("there is no cluster or host '{}' in {}", name, environment + kFolder),
                 {},
                 clusters.empty() ? "tributary up" : "one of: " + join(clusters, ", ")};
}

Result<std::vector<HostPlace>> hostsMeant(const std::string& environment, const std::string& word) {
    auto found = findHosts(environment, word);
    if (!found) return found;
    if (found->empty()) {
        return Error{ErrorCode::NotFound, "no host has a root folder", environment + kFolder, "tributary up"};
    }
    std::vector<std::string> clusters;
    for (const HostPlace& place : *found) {
        if (clusters.empty() || clusters.back() != place.cluster) clusters.push_back(place.cluster);
    }
    if (clusters.size() == 1) return found;
    return Error{ErrorCode::InvalidInput,
                 fmt::format("{} may be meant", join(clusters, ", ")),
                 {},
                 fmt::format("--host={}", clusters.front())};
}

}  // namespace tributary::app
