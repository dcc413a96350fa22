// Files made, followed or kept.
#include "app/instances/environment.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "app/daemon/doorkey.h"
#include "core/base/privatefolder.h"
#include "core/base/text.h"
#include "core/systems/catalogue.h"
#include "core/systems/tarantool/config.h"
#include "core/systems/tarantool/vocabulary.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/strictyaml.h"
#include "engine/machine/realfileops.h"

namespace tributary::app {
namespace {

namespace fs = std::filesystem;
using tarantool::ConfigFiles;

constexpr const char* kTtYaml = "env:\n  instances_enabled: instances.enabled\n";

/// As the export to files refuses it: nobody should start instances from what breaks a rule.
Status requireSound(const Topology& topology, const std::string& file) {
    for (const Finding& each : checkTopology(topology)) {
        const bool ours = each.rule.starts_with("tarantool.") || each.rule == "drawing.kind-of-other-system";
        if (!ours || each.severity != Severity::Error) continue;
        return Error{ErrorCode::Conflict, fmt::format("{} [{}]", each.reason, each.rule),
                     fmt::format("{}:{}:{}", file, each.pos.line, each.pos.column), each.fix};
    }
    return okStatus();
}

/// The part of a drawing that an application is made of.
Topology partOf(const Topology& topology, const std::string& app) {
    Topology part;
    for (const Cluster& each : topology.clusters) {
        if (each.system == "tarantool" && tarantool::appOf(each) == app) part.clusters.push_back(each);
    }
    part.peers = topology.peers;
    return part;
}

/// In one order, whatever the file's.
Topology sorted(Topology part) {
    const auto byName = [](const auto& one, const auto& other) { return one.name < other.name; };
    std::sort(part.clusters.begin(), part.clusters.end(), byName);
    for (Cluster& each : part.clusters) {
        std::sort(each.members.begin(), each.members.end(), byName);
        std::sort(each.accounts.begin(), each.accounts.end(), byName);
    }
    std::sort(part.peers.begin(), part.peers.end(), [](const Peer& one, const Peer& other) {
        return std::tie(one.at, one.from) < std::tie(other.at, other.from);
    });
    return part;
}

/// The same text for whatever means the same: passwords left out.
std::string meaningOf(const Topology& topology, const std::string& app) {
    const auto derived = tarantool::deriveConfig(sorted(partOf(topology, app)), {});
    return derived && !derived.value().empty() ? derived.value().front().config : std::string();
}

Result<std::string> textOrNothing(const std::string& path) {
    auto text = readTextFile(path);
    if (!text && text.error().code == ErrorCode::NotFound) return std::string();
    return text;
}

class Maker {
public:
    Maker(const WorkspacePaths& paths, const Topology& topology) : paths_(paths), topology_(topology) {}

    Result<EnvironmentMade> make(const std::vector<std::string>& clusters) {
        if (Status sound = requireSound(topology_, paths_.topology()); !sound) return sound.error();
        const auto bare = tarantool::deriveConfig(topology_, {});
        if (!bare) return bare.error();
        for (const ConfigFiles& each : bare.value()) {
            const bool isWanted = std::any_of(clusters.begin(), clusters.end(), [&](const std::string& name) {
                const Cluster* cluster = topology_.cluster(name);
                return cluster != nullptr && tarantool::appOf(*cluster) == each.app;
            });
            if (!isWanted) continue;
            const auto foreign = isForeign(each);
            if (!foreign) return foreign.error();
            if (foreign.value()) {
                if (Status kept = keep(each); !kept) return kept.error();
                continue;
            }
            auto derived = withPasswords(each);
            if (!derived) return derived.error();
            if (Status made = settle(derived.value()); !made) return made.error();
        }
        const std::string tt = paths_.root + "/tt.yaml";
        if (!files_.exists(tt)) {
            if (Status saved = saveFileAtomically(tt, kTtYaml); !saved) return saved.error();
        }
        return std::move(made_);
    }

private:
    [[nodiscard]] std::string passwordFile(const std::string& app, const std::string& user) const {
        return "/passwords/" + app + "." + user;
    }

    /// The files with what stands in for each password. What it was the first time, it stays.
    Result<ConfigFiles> withPasswords(const ConfigFiles& bare) {
        std::map<std::string, std::string> files;
        for (const auto& [user, variable] : bare.passwordFrom) {
            const std::string name = passwordFile(bare.app, user);
            const std::string path = paths_.state() + name;
            const bool isKept = files_.exists(path);
            if (!isKept && std::getenv(variable.c_str()) != nullptr) continue;
            if (!isKept && wasMadeBefore(bare.app)) continue;  // with the variable that is not set now: it says so
            if (const auto made = makeDoorKey(path); !made) return made.error();
            if (!isKept) {
                made_.notes.push_back(fmt::format(
                    "the password of {} was made: .tributary{} (another one: set {} before the first start)", user,
                    name, variable));
            }
            files[user] = "../../.tributary" + name;
        }
        auto derived = tarantool::deriveConfig(partOf(topology_, bare.app), {}, files);
        if (!derived) return derived.error();
        ConfigFiles out = std::move(derived.value().front());
        return out;
    }

    [[nodiscard]] std::string recordFolder(const std::string& app) const { return paths_.state() + "/config/" + app; }
    bool wasMadeBefore(const std::string& app) { return files_.exists(recordFolder(app) + "/config.yaml"); }

    [[nodiscard]] std::string folderOf(const std::string& app) const {
        return paths_.root + "/instances.enabled/" + app;
    }

    struct Files {
        std::string config;
        std::string instances;
        [[nodiscard]] bool empty() const { return config.empty() && instances.empty(); }
        friend bool operator==(const Files&, const Files&) = default;
    };
    static Result<Files> filesIn(const std::string& folder) {
        auto config = textOrNothing(folder + "/config.yaml");
        if (!config) return config.error();
        auto instances = textOrNothing(folder + "/instances.yml");
        if (!instances) return instances.error();
        return Files{std::move(config).value(), std::move(instances).value()};
    }

    /// Somebody else wrote the files, or edited them: they are neither what was made last nor what an export gives.
    Result<bool> isForeign(const ConfigFiles& bare) {
        const auto there = filesIn(folderOf(bare.app));
        if (!there) return there.error();
        const auto last = filesIn(recordFolder(bare.app));
        if (!last) return last.error();
        const bool isExported = there.value() == Files{bare.config, bare.instances};
        return !there.value().empty() && !isExported && there.value() != last.value();
    }

    /// Files that are not there yet, or follow the drawing.
    Status settle(const ConfigFiles& derived) {
        const std::string folder = folderOf(derived.app);
        const auto there = filesIn(folder);
        if (!there) return there.error();
        if (there.value() == Files{derived.config, derived.instances}) return record(derived);
        if (Status made = makeFolders(folder); !made) return made;
        if (Status saved = saveFileAtomically(folder + "/instances.yml", derived.instances); !saved) return saved;
        if (Status saved = saveFileAtomically(folder + "/config.yaml", derived.config); !saved) return saved;
        if (there.value().config != derived.config) made_.changed.push_back(derived.app);
        made_.notes.push_back(
            fmt::format("{} {}", configFileOf(derived.app),
                        there.value().empty() ? "is made from the drawing" : "follows the drawing again"));
        return record(derived);
    }

    Status record(const ConfigFiles& derived) {
        const std::string folder = recordFolder(derived.app);
        if (Status made = files_.makeDirs(folder); !made) return made;
        const auto save = [&](const std::string& name, const std::string& text) {
            return saveFileAtomically(folder + name, text, NewFile::Private);
        };
        if (Status saved = save("/instances.yml", derived.instances); !saved) return saved;
        return save("/config.yaml", derived.config);
    }

    Status keep(const ConfigFiles& derived) {
        const auto configured = configuredTopology(paths_.root, derived.app);
        if (!configured) return configured.error();
        if (meaningOf(configured.value(), derived.app) == meaningOf(topology_, derived.app)) return okStatus();
        const std::string file = configFileOf(derived.app);
        made_.notes.push_back(
            fmt::format("{0} was edited and does not say what is drawn: it is kept, and counts. To draw it: tributary "
                        "import --config instances.enabled/{1}; to have it made anew: remove it and instances.yml",
                        file, derived.app));
        return okStatus();
    }

    const WorkspacePaths& paths_;
    const Topology& topology_;
    engine::RealFileOps files_;
    EnvironmentMade made_;
};

}  // namespace

std::string configFileOf(const std::string& app) {
    return "instances.enabled/" + app + "/config.yaml";
}

Result<Topology> configuredTopology(const std::string& root, const std::string& app) {
    const std::string file = root + "/" + configFileOf(app);
    const auto config = readTextFile(file);
    if (!config) return config.error();
    const auto instances = textOrNothing(root + "/instances.enabled/" + app + "/instances.yml");
    if (!instances) return instances.error();
    auto drawn = tarantool::drawConfig(app, config.value(), file, instances.value());
    if (!drawn) return drawn.error();
    return std::move(drawn.value().topology);
}

Result<EnvironmentMade> makeEnvironment(const WorkspacePaths& paths, const Topology& topology,
                                        const std::vector<std::string>& clusters) {
    return Maker(paths, topology).make(clusters);
}

}  // namespace tributary::app
