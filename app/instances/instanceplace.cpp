// Folders and instances.yml.
#include "app/instances/instanceplace.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/daemon/socketfolder.h"
#include "core/base/naming.h"
#include "core/base/text.h"
#include "core/workspace/strictyaml.h"

namespace tributary::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEnabled = "/instances.enabled";

Result<std::vector<InstancePlace>> instancesOf(const std::string& environment, const std::string& app) {
    const std::string folder = environment + kEnabled + "/" + app;
    const std::string file = folder + "/instances.yml";
    const auto list = loadStrictYaml(file);
    if (!list) return list.error();
    std::vector<InstancePlace> found;
    if (!list.value().isMap()) {
        return Error{ErrorCode::InvalidInput, "no instance is named", file, "a line for each: instance001:"};
    }
    for (const StrictNode& each : list.value().children) {
        if (const Status named = checkName("an instance", each.key); !named) {
            return Error{named.error().code, named.error().what,
                         fmt::format("{}:{}:{}", file, each.keyLine, each.keyColumn), named.error().fix};
        }
        found.push_back({app, each.key, folder});
    }
    std::sort(found.begin(), found.end(),
              [](const InstancePlace& one, const InstancePlace& other) { return one.name < other.name; });
    return found;
}

}  // namespace

std::string InstancePlace::controlSocket() const {
    return shortSocketPath(runFolder() + "/tarantool.control");
}

Result<std::string> findEnvironment(const std::string& start) {
    std::error_code ignored;
    for (fs::path folder = fs::absolute(start, ignored); !folder.empty(); folder = folder.parent_path()) {
        if (fs::exists(folder / "tt.yaml", ignored) || fs::is_directory(folder / "instances.enabled", ignored)) {
            return fs::canonical(folder, ignored).string();
        }
        if (folder == folder.parent_path()) break;
    }
    return Error{ErrorCode::NotFound, "there is no environment of tt here or above", start, "tributary tt init"};
}

std::vector<std::string> findApplications(const std::string& environment) {
    std::vector<std::string> found;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(environment + kEnabled, ignored)) {
        if (fs::exists(entry.path() / "instances.yml", ignored)) found.push_back(entry.path().filename().string());
    }
    std::sort(found.begin(), found.end());
    return found;
}

Result<std::vector<InstancePlace>> findInstances(const std::string& environment, const std::string& word) {
    const std::vector<std::string> apps = findApplications(environment);
    const std::size_t colon = word.find(':');
    const std::string app = word.substr(0, colon);
    const std::string name = colon == std::string::npos ? std::string() : word.substr(colon + 1);
    if (!word.empty() && std::find(apps.begin(), apps.end(), app) == apps.end()) {
        return Error{ErrorCode::NotFound,
                     fmt::format("there is no application {} in {}", app, environment + kEnabled),
                     {},
                     apps.empty() ? "make APP/instances.yml and APP/config.yaml there" : "one of: " + join(apps, ", ")};
    }
    std::vector<InstancePlace> found;
    for (const std::string& each : apps) {
        if (!word.empty() && each != app) continue;
        const auto instances = instancesOf(environment, each);
        if (!instances) return instances.error();
        for (const InstancePlace& place : instances.value()) {
            if (name.empty() || place.name == name) found.push_back(place);
        }
    }
    if (!found.empty() || word.empty()) return found;
    return Error{ErrorCode::NotFound,
                 fmt::format("application {} has no instance {}", app, name),
                 environment + kEnabled + "/" + app + "/instances.yml",
                 {}};
}

}  // namespace tributary::app
