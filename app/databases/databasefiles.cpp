// Rules first, then files, then root folders.
#include "app/databases/databasefiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "app/databases/hostsetup.h"
#include "core/base/privatefolder.h"
#include "core/systems/catalogue.h"
#include "core/systems/voltdb/ddl.h"
#include "core/systems/voltdb/deployment.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/strictyaml.h"
#include "engine/machine/realfileops.h"

namespace tributary::app {
namespace {

namespace fs = std::filesystem;

/// Nobody should start hosts from what breaks a rule.
Status requireSoundDatabases(const Topology& topology, const std::string& file) {
    for (const Finding& each : checkTopology(topology)) {
        const bool ours = each.rule.starts_with("voltdb.") || each.rule == "drawing.kind-of-other-system";
        if (!ours || each.severity != Severity::Error) continue;
        return Error{ErrorCode::Conflict, fmt::format("{} [{}]", each.reason, each.rule),
                     fmt::format("{}:{}:{}", file, each.pos.line, each.pos.column), each.fix};
    }
    return okStatus();
}

Status requireOneHost(const Cluster& cluster, const std::string& file) {
    if (cluster.members.size() == 1 && cluster.kfactor.value_or(0) == 0) return okStatus();
    return Error{ErrorCode::Unsupported,
                 fmt::format("cluster {} has {} hosts and K-safety {}: in this version a cluster runs on one host, "
                             "without K-safety",
                             cluster.name, cluster.members.size(), cluster.kfactor.value_or(0)),
                 fmt::format("{}:{}:{}", file, cluster.pos.line, cluster.pos.column), "draw one member and kfactor: 0"};
}

class FileMaker {
public:
    FileMaker(const WorkspacePaths& paths, const Topology& topology) : paths_(paths), topology_(topology) {}

    Result<DatabaseFilesMade> make(const std::vector<std::string>& clusters) {
        if (Status sound = requireSoundDatabases(topology_, paths_.topology()); !sound) return sound.error();
        const auto derived = voltdb::deriveDeployments(topology_);
        if (!derived) return derived.error();
        for (const voltdb::DeploymentFile& each : *derived) {
            if (std::find(clusters.begin(), clusters.end(), each.cluster) == clusters.end()) continue;
            const Cluster& cluster = *topology_.cluster(each.cluster);
            if (Status one = requireOneHost(cluster, paths_.topology()); !one) return one.error();
            if (Status made = deployment(each); !made) return made.error();
            // Folders first: hosts find each other by them.
            for (const Member& member : cluster.members) {
                if (Status dir = files_.makeDirs(folder(cluster.name) + "/" + member.name); !dir) return dir.error();
            }
        }
        for (const std::string& name : clusters) {
            const Cluster* cluster = topology_.cluster(name);
            if (cluster == nullptr) continue;
            for (const Member& member : cluster->members) {
                if (Status made = root(*cluster, member); !made) return made.error();
            }
        }
        return std::move(made_);
    }

private:
    [[nodiscard]] std::string folder(const std::string& cluster) const { return clusterFolder(paths_.root, cluster); }

    Status deployment(const voltdb::DeploymentFile& derived) {
        const std::string file = folder(derived.cluster) + "/deployment.xml";
        if (Status dir = files_.makeDirs(folder(derived.cluster)); !dir) return dir;
        std::string text = derived.text;
        const auto there = readTextFile(file);
        if (!there && there.error().code != ErrorCode::NotFound) return there.error();
        if (there) {
            auto patched = voltdb::patchDeployment(*there, file, topology_, derived.cluster);
            if (!patched) return patched.error();
            if (*patched == *there) return okStatus();
            text = std::move(*patched);
        }
        made_.notes.push_back(fmt::format("voltdb/{}/deployment.xml {}", derived.cluster,
                                          there ? "follows the drawing again" : "is made from the drawing"));
        return saveFileAtomically(file, text);
    }

    Result<std::string> schemaOf(const Cluster& cluster) {
        if (!cluster.schema.empty()) return readTextFile(paths_.root + "/" + cluster.schema);
        return voltdb::deriveDdl(topology_, cluster.name);
    }

    Status root(const Cluster& cluster, const Member& member) {
        const HostPlace place{cluster.name, member.name, folder(cluster.name) + "/" + member.name};
        const std::string made = folder(cluster.name) + "/deployment.xml";
        if (files_.exists(place.deploymentFile())) {
            if (Status renewed = renewSchema(cluster, place); !renewed) return renewed;
            return follow(place, made);
        }
        if (files_.exists(place.volume())) return putBack(place, made);
        const auto schema = schemaOf(cluster);
        if (!schema) return schema.error();
        // A root folder without data is what an init that was broken off left.
        HostInit init{place.dir, made, {}, files_.exists(place.root())};
        if (!schema->empty()) {
            init.schema = folder(cluster.name) + "/schema.sql";
            if (Status saved = saveFileAtomically(init.schema, *schema); !saved) return saved;
        }
        const auto done = initHost(init);
        if (!done) return done.error();
        made_.notes.push_back(fmt::format("{} has its root folder in voltdb/{}/{}{}", place.title(), cluster.name,
                                          member.name, schema->empty() ? ", without a schema" : ""));
        return okStatus();
    }

    /// Somebody took the deployment file from a root folder with data: it comes back, and the data stays.
    Status putBack(const HostPlace& place, const std::string& made) {
        const auto wanted = readTextFile(made);
        if (!wanted) return wanted.error();
        if (Status dir = makePrivateFolders(place.root() + "/config"); !dir) return dir;
        if (Status saved = saveFileAtomically(place.deploymentFile(), *wanted, NewFile::Private); !saved) return saved;
        made_.notes.push_back(
            fmt::format("{} had lost its deployment file: it is made from the drawing again, and its "
                        "data is kept",
                        place.title()));
        return okStatus();
    }

    /// A schema of the drawing that was not run yet, because it was wrong perhaps, is the drawing's of now. One that
    /// somebody gave by hand stays.
    Status renewSchema(const Cluster& cluster, const HostPlace& place) {
        if (!files_.exists(place.pendingSchema())) return okStatus();
        const auto wanted = schemaOf(cluster);
        if (!wanted) return wanted.error();
        const std::string made = folder(cluster.name) + "/schema.sql";
        const auto there = readTextFile(place.pendingSchema());
        const auto before = readTextFile(made);
        const bool isOurs = there && before && *there == *before;
        if (!isOurs || *there == *wanted) return okStatus();
        if (wanted->empty()) return files_.remove(place.pendingSchema());
        if (Status saved = saveFileAtomically(made, *wanted); !saved) return saved;
        if (Status saved = saveFileAtomically(place.pendingSchema(), *wanted, NewFile::Private); !saved) return saved;
        made_.notes.push_back(fmt::format("{} has not run its schema yet: it is the one of now", place.title()));
        return okStatus();
    }

    /// A root folder's own deployment file is what its host runs by: it follows before the next start.
    Status follow(const HostPlace& place, const std::string& made) {
        const auto wanted = readTextFile(made);
        if (!wanted) return wanted.error();
        const auto there = readTextFile(place.deploymentFile());
        if (!there) return there.error();
        if (*wanted == *there) return okStatus();
        return saveFileAtomically(place.deploymentFile(), *wanted, NewFile::Private);
    }

    const WorkspacePaths& paths_;
    const Topology& topology_;
    engine::RealFileOps files_;
    DatabaseFilesMade made_;
};

}  // namespace

Result<DatabaseFilesMade> makeDatabaseFiles(const WorkspacePaths& paths, const Topology& topology,
                                            const std::vector<std::string>& clusters) {
    return FileMaker(paths, topology).make(clusters);
}

std::vector<std::string> madeClusters(const WorkspacePaths& paths) {
    std::vector<std::string> out;
    const auto hosts = findHosts(paths.root, {});
    if (!hosts) return out;
    for (const HostPlace& place : *hosts) {
        if (out.empty() || out.back() != place.cluster) out.push_back(place.cluster);
    }
    return out;
}

std::vector<HostPlace> hostsOf(const WorkspacePaths& paths, const Topology& topology, const std::string& cluster) {
    std::vector<HostPlace> out;
    const std::string folder = clusterFolder(paths.root, cluster);
    if (const Cluster* drawn = topology.cluster(cluster); drawn != nullptr) {
        for (const Member& member : drawn->members) out.push_back({cluster, member.name, folder + "/" + member.name});
    }
    const auto hosts = findHosts(paths.root, cluster);
    if (!hosts) return out;
    for (const HostPlace& place : *hosts) {
        const bool isKnown =
            std::any_of(out.begin(), out.end(), [&](const HostPlace& each) { return each.dir == place.dir; });
        if (place.cluster == cluster && !isKnown) out.push_back(place);
    }
    return out;
}

}  // namespace tributary::app
