// Files of the workspace's engine.
#include "app/daemon/workspaceengine.h"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "app/daemon/doorkey.h"
#include "app/daemon/socketfolder.h"
#include "core/base/hostport.h"
#include "core/base/naming.h"
#include "core/systems/naming.h"
#include "core/systems/registry.h"
#include "core/topology/administrators.h"
#include "engine/machine/realclock.h"
#include "engine/machine/realfileops.h"
#include "engine/machine/realrandom.h"
#include "engine/net/endpoints.h"
#include "engine/systems/maprdb/maprdbkinds.h"
#include "engine/systems/maprdb/streams/defaults.h"
#include "engine/systems/maprdb/streams/streamapi.h"
#include "engine/systems/maprdb/streams/streambody.h"
#include "engine/systems/maprdb/tables/tableapi.h"

namespace tributary::app {
namespace {

using engine::Endpoint;
using engine::Json;

constexpr const char* kLoopback = "127.0.0.1";

Endpoint tcpFrom(const std::string& text) {
    const auto parsed = parseHostPort(text);
    return parsed ? Endpoint{parsed->host, parsed->port, {}, {}} : Endpoint{};
}

std::string userName(uid_t uid) {
    const passwd* entry = ::getpwuid(uid);
    if (entry != nullptr && entry->pw_name != nullptr) return entry->pw_name;
    return fmt::format("uid{}", uid);
}

/// The port of an earlier start when nobody has taken it since, else 0: nobody asked for that very number.
std::uint16_t stillFree(const std::string& host, std::uint16_t port) {
    return engine::isPortFree(host, port) ? port : std::uint16_t{0};
}

}  // namespace

std::string WorkspaceEngine::clusterDir(const std::string& cluster) const {
    return paths_.state() + "/clusters/" + cluster;
}

std::string WorkspaceEngine::lockPath(const std::string& cluster) const {
    return clusterDir(cluster) + "/volume/lock";
}

std::string WorkspaceEngine::owner() const {
    struct stat info {};
    for (const std::string& path : {paths_.state(), paths_.root}) {
        if (::stat(path.c_str(), &info) == 0) return userName(info.st_uid);
    }
    return "its owner";
}

Error WorkspaceEngine::notYours(const std::string& path) const {
    return Error{ErrorCode::PermissionDenied,
                 fmt::format("no permission: the engine's files belong to {}, and this is {}", owner(), systemUser()),
                 path, fmt::format("run it as {}", owner())};
}

std::string WorkspaceEngine::socketPath(const std::string& cluster, const std::string& what) const {
    return shortSocketPath(clusterDir(cluster) + "/" + what + ".sock");
}

std::string WorkspaceEngine::metricsSocket() const {
    return shortSocketPath(paths_.state() + "/metrics.sock");
}

Status WorkspaceEngine::prepareSockets(const std::vector<std::string>& clusters) const {
    bool outside = metricsSocket() != paths_.state() + "/metrics.sock";
    for (const std::string& cluster : clusters) {
        for (const char* what : {"control", "host"}) {
            outside = outside || socketPath(cluster, what) != clusterDir(cluster) + "/" + what + ".sock";
        }
    }
    return outside ? makePrivateFolder(socketFolder()) : okStatus();
}

Result<Bytes> WorkspaceEngine::readKey(const std::string& path) const {
    auto key = readDoorKey(path);
    if (key) return key;
    Error error = key.error();
    if (error.code == ErrorCode::PermissionDenied && ::access(path.c_str(), R_OK) != 0) return notYours(path);
    if (error.code == ErrorCode::NotFound) error.fix = "tributary up";
    return error;
}

Result<Bytes> WorkspaceEngine::key(const std::string& cluster) const {
    auto own = readKey(clusterDir(cluster) + "/key");
    if (own || own.error().code != ErrorCode::NotFound) return own;
    auto shared = readKey(paths_.state() + "/secret");
    return shared || shared.error().code != ErrorCode::NotFound ? shared : own;
}

Result<Bytes> WorkspaceEngine::makeKey(const std::string& cluster) const {
    auto known = key(cluster);
    if (known || known.error().code != ErrorCode::NotFound) return known;
    return makeDoorKey(clusterDir(cluster) + "/key");
}

Result<engine::NodeConfig> WorkspaceEngine::nodeConfig(const Topology& topology, const std::string& cluster) const {
    const Cluster* drawn = topology.cluster(cluster);
    if (drawn == nullptr) {
        std::string known;
        for (const Cluster& other : topology.clusters) known += (known.empty() ? "" : ", ") + other.name;
        return Error{ErrorCode::NotFound, fmt::format("the drawing has no cluster {}", cluster), paths_.topology(),
                     "use one of: " + known};
    }
    if (Status built = requireBuilt(topology, paths_, {cluster}); !built) return built.error();
    // The loader refuses such names too; this is what a folder is made of.
    if (Status named = checkName("a cluster", cluster); !named) return named.error();
    engine::NodeConfig config;
    config.cluster = cluster;
    config.kinds = engine::maprdb::maprdbKinds();
    config.volumeDir = clusterDir(cluster) + "/volume";
    config.identityFile = paths_.state() + "/identity/" + cluster + ".json";
    config.pid = ::getpid();
    config.users = drawn->users;
    config.groups = drawn->groups;
    // Whoever runs the engine owns its files: the drawing may name others, it cannot lock the owner out.
    config.administrators = {systemUser()};
    for (const std::string& also : administratorsOf(*drawn)) {
        if (also != systemUser()) config.administrators.push_back(also);
    }
    const bool tls = certificates_.wanted(cluster);
    config.tls = tlsSource(cluster);
    if (tls) {
        if (const auto held = certificates_.holds(cluster, config.tls->nowS()); !held) return held.error();
    }
    const auto earlier = readPorts(cluster);
    for (const Gateway& gateway : drawn->gateways) {
        Endpoint listen{kLoopback, 0, {}, {}};
        if (!gateway.address.empty()) {
            listen = tcpFrom(gateway.address);
        } else if (earlier) {
            for (const auto& [name, endpoint] : earlier.value().gateways) {
                if (name == gateway.name) listen.port = stillFree(kLoopback, endpoint.port);
            }
        }
        listen.tls = tls;
        config.gateways.push_back(engine::GatewayConfig{gateway.name, listen});
    }
    Endpoint local;
    local.localPath = socketPath(cluster, "control");
    Endpoint control{kLoopback, earlier ? stillFree(kLoopback, earlier.value().tcp.port) : std::uint16_t{0}, {}, {}};
    control.tls = tls;
    config.control = {local, control};
    config.resolve = [engine = *this](const std::string& destination, const std::vector<std::string>& gateways) {
        return engine.resolveGateways(destination, gateways);
    };
    config.keyOf = [engine = *this](const std::string& destination) { return engine.key(destination); };
    config.resolveControl = [engine = *this](const std::string& destination) {
        std::vector<Endpoint> out;
        if (const auto ports = engine.readPorts(destination); ports && ports.value().tcp.port != 0) {
            out.push_back(ports.value().tcp);
            out.back().peer = destination;
        }
        return out;
    };
    return config;
}

std::shared_ptr<const engine::TlsSource> WorkspaceEngine::tlsSource(const std::string& cluster) const {
    engine::TlsSource source;
    source.identity = [certificates = certificates_, cluster] { return certificates.identity(cluster); };
    source.trustOf = [certificates = certificates_](const std::string& other) { return certificates.trust(other); };
    source.nowS = [] { return engine::RealClock().wallMs() / 1000; };
    return std::make_shared<const engine::TlsSource>(std::move(source));
}

Status WorkspaceEngine::writePorts(const engine::HostedCluster& cluster, const std::string& door) const {
    Json json{{"pid", ::getpid()},   {"start", startTicksOf(::getpid())},
              {"root", paths_.root}, {"version", TRIBUTARY_VERSION},
              {"control", ""},       {"tcp", ""},
              {"door", door},        {"gateways", Json::array()}};
    for (const Endpoint& endpoint : cluster.control) {
        json[endpoint.isLocal() ? "control" : "tcp"] = endpoint.text();
        if (endpoint.tls) json["tls"] = true;
    }
    for (const auto& gateway : cluster.gateways) {
        json["gateways"].push_back(Json{{"name", gateway.name}, {"endpoint", gateway.endpoint.text()}});
    }
    engine::RealFileOps files;
    return files.replace(clusterDir(cluster.name) + "/ports.json", json.dump(1) + "\n");
}

std::vector<std::string> WorkspaceEngine::knownClusters() const {
    std::vector<std::string> out;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(paths_.state() + "/clusters", ignored)) {
        if (std::filesystem::exists(entry.path() / "ports.json", ignored)) {
            out.push_back(entry.path().filename().string());
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

Result<ClusterPorts> WorkspaceEngine::readPorts(const std::string& cluster) const try {
    engine::RealFileOps files;
    const std::string path = clusterDir(cluster) + "/ports.json";
    auto text = files.readAll(path);
    if (!text && text.error().code == ErrorCode::NotFound) {
        return Error{
            ErrorCode::NotFound, fmt::format("cluster {} has never been started here", cluster), {}, "tributary up"};
    }
    if (!text && text.error().code == ErrorCode::PermissionDenied) return notYours(path);
    if (!text) return text.error();
    const Json json = Json::parse(text.value());
    ClusterPorts ports;
    ports.process = {json.at("pid").get<std::int64_t>(), json.value("start", std::uint64_t{0})};
    ports.root = json.value("root", "");
    ports.version = json.value("version", "");
    ports.control.localPath = json.at("control");
    ports.tcp = tcpFrom(json.at("tcp"));
    ports.door.localPath = json.at("door");
    ports.tcp.tls = json.value("tls", false);
    for (const Json& gateway : json.at("gateways")) {
        ports.gateways.emplace_back(gateway.at("name"), tcpFrom(gateway.at("endpoint")));
        ports.gateways.back().second.tls = ports.tcp.tls;
    }
    return ports;
} catch (const nlohmann::json::exception&) {
    return Error{ErrorCode::Corrupt, "the ports file does not parse", clusterDir(cluster) + "/ports.json",
                 "tributary up"};
}

std::vector<Endpoint> WorkspaceEngine::resolveGateways(const std::string& cluster,
                                                       const std::vector<std::string>& gateways) const {
    std::vector<Endpoint> out;
    const auto ports = readPorts(cluster);
    const auto add = [&](Endpoint endpoint) {
        endpoint.peer = cluster;
        out.push_back(std::move(endpoint));
    };
    if (gateways.empty() && ports) {
        for (const auto& [name, endpoint] : ports.value().gateways) add(endpoint);
    }
    for (const std::string& gateway : gateways) {
        if (ports) {
            for (const auto& [name, endpoint] : ports.value().gateways) {
                if (name == gateway) add(endpoint);
            }
        }
        if (parseHostPort(gateway)) {
            Endpoint named = tcpFrom(gateway);
            named.tls = ports ? ports.value().tcp.tls : certificates_.wanted(cluster);
            add(named);
        }
    }
    return out;
}

Status requireBuilt(const Topology& topology, const WorkspacePaths& paths, const std::vector<std::string>& clusters) {
    const auto at = [&](const SourcePos& pos) {
        return fmt::format("{}:{}:{}", paths.topology(), pos.line, pos.column);
    };
    for (const std::string& name : clusters) {
        const Cluster* drawn = topology.cluster(name);
        if (drawn == nullptr || isBuiltSystem(drawn->system)) continue;
        const System* known = findSystem(drawn->system);
        const bool useful = known != nullptr && !known->otherwise.empty();
        const bool others = std::any_of(topology.clusters.begin(), topology.clusters.end(),
                                        [](const Cluster& cluster) { return isBuiltSystem(cluster.system); });
        return Error{ErrorCode::Unsupported,
                     fmt::format("cluster {} is drawn as {}, which this version cannot run{}{}", name, drawn->system,
                                 useful ? "; " : "", useful ? known->otherwise : ""),
                     at(drawn->pos),
                     fmt::format("draw system: {}{}", builtSystemNames().front(),
                                 others ? ", or start the others: tributary up --cluster NAME" : "")};
    }
    for (const Dataset& dataset : topology.datasets) {
        const std::string cluster = clusterOf(dataset.path);
        if (std::find(clusters.begin(), clusters.end(), cluster) == clusters.end()) continue;
        Status built = requireBuiltKind(dataset);
        if (built) continue;
        Error error = built.error();
        error.where = at(dataset.pos);
        return error;
    }
    return okStatus();
}

std::string systemUser() {
    return userName(::geteuid());
}

namespace {

Json permissionsOf(const Dataset& dataset) {
    Json out = Json::object();
    for (const auto& [name, permission] : dataset.perms) {
        const bool ofTable = dataset.kind != DatasetKind::Stream && name == "readperm";
        out[ofTable ? "defaultreadperm" : name] = permission.ace;
    }
    return out;
}

Json tableBody(const Dataset& dataset) {
    Json body{{"path", dataset.path},
              {"kind", dataset.kind == DatasetKind::JsonTable ? "json" : "binary"},
              {"families", Json::array()},
              {"perms", permissionsOf(dataset)},
              {"attributes", Json::object()}};
    if (dataset.bulkLoad) body["attributes"]["bulkload"] = *dataset.bulkLoad ? "true" : "false";
    if (dataset.deleteTtlSeconds) body["attributes"]["deletettl"] = std::to_string(*dataset.deleteTtlSeconds);
    for (const Family& family : dataset.families) {
        Json item{{"name", family.name}, {"perms", Json::object()}};
        if (!family.jsonPath.empty()) item["jsonpath"] = family.jsonPath;
        if (family.maxVersions) item["maxversions"] = *family.maxVersions;
        if (family.minVersions) item["minversions"] = *family.minVersions;
        if (family.ttlSeconds) item["ttl"] = *family.ttlSeconds;
        if (!family.compression.empty()) item["compression"] = family.compression;
        if (family.inMemory) item["inmemory"] = *family.inMemory;
        for (const auto& [name, permission] : family.perms) item["perms"][name] = permission.ace;
        body["families"].push_back(std::move(item));
    }
    return body;
}

/// The stream, and those of its topics that are not there: an earlier start may have come no further.
Status realiseStream(engine::ControlClient& client, const Dataset& dataset) {
    using namespace engine::maprdb;
    const Json body{{"path", dataset.path}, {"perms", permissionsOf(dataset)}};
    const auto made = client.callJson(StreamMethod::Create, body);
    if (!made && made.error().code != ErrorCode::AlreadyExists) return made.error();
    for (const std::string& topic : dataset.topics) {
        Bytes parts;
        appendTopic(parts, {topic, kDefaultPartitions, TopicChange::Mode::Create});
        const auto put = client.call(StreamMethod::Put, encodePut(dataset.path, false, parts));
        if (!put && put.error().code != ErrorCode::AlreadyExists) return put.error();
    }
    return okStatus();
}

}  // namespace

Status realiseDatasets(const Topology& topology, engine::ClusterDirectory& directory,
                       const std::vector<std::string>& clusters) {
    for (const Dataset& dataset : topology.datasets) {
        const std::string cluster = clusterOf(dataset.path);
        if (!dataset.exists || std::find(clusters.begin(), clusters.end(), cluster) == clusters.end()) continue;
        auto client = directory.client(cluster);
        if (!client) return client.error();
        if (Status built = requireBuiltKind(dataset); !built) return built;
        if (dataset.kind == DatasetKind::Stream) {
            if (Status made = realiseStream(*client.value(), dataset); !made) return made;
            continue;
        }
        const auto made = client.value()->callJson(engine::maprdb::TableMethod::CreateTable, tableBody(dataset));
        if (!made && made.error().code != ErrorCode::AlreadyExists) return made.error();
    }
    return okStatus();
}

}  // namespace tributary::app
