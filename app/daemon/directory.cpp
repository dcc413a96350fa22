// Connecting by ports file.
#include "app/daemon/directory.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "app/daemon/socketfolder.h"
#include "core/base/text.h"
#include "core/systems/registry.h"
#include "engine/admin/tableadmincalls.h"

namespace tributary::app {
namespace {

constexpr Millis kGreetingMs = 3'000;

/// A workspace may be reached by several names.
bool isSameFolder(const std::string& a, const std::string& b) {
    struct stat one {};
    struct stat other {};
    return a == b || (::stat(a.c_str(), &one) == 0 && ::stat(b.c_str(), &other) == 0 && one.st_ino == other.st_ino &&
                      one.st_dev == other.st_dev);
}

/// Reconnects once when the cluster was restarted between two calls; a call that may have reached it is not repeated.
class ReconnectingClient final : public engine::ControlClient {
public:
    ReconnectingClient(const WorkspaceDirectory& directory, std::string from, std::string cluster,
                       std::unique_ptr<engine::SocketControlClient> client)
        : directory_(directory), from_(std::move(from)), cluster_(std::move(cluster)), client_(std::move(client)) {}

    Result<Bytes> call(engine::Method method, BytesView body, Millis timeoutMs) override {
        auto answer = client_->call(method, body, timeoutMs);
        if (answer || answer.error().code != ErrorCode::Unavailable) return answer;
        auto fresh = directory_.connect(cluster_, from_);
        if (!fresh) return fresh.error();
        client_ = std::move(fresh).value();
        if (changesSomething(method)) return answer;
        return client_->call(method, body, timeoutMs);
    }
    Status send(engine::Method method, BytesView body) override { return client_->send(method, body); }
    Result<Bytes> receive(Millis timeoutMs) override { return client_->receive(timeoutMs); }
    [[nodiscard]] const std::string& cluster() const override { return cluster_; }

private:
    static bool changesSomething(engine::Method method) {
        switch (method) {
            case engine::maprdb::TableMethod::Describe:
            case engine::maprdb::TableMethod::ListTables:
            case engine::maprdb::TableMethod::ListReplicas:
            case engine::maprdb::TableMethod::ListUpstreams:
            case engine::Method::GatewayInfo:
            case engine::Method::ListAlarms:
            case engine::Method::NodeStatus:
            case engine::maprdb::TableMethod::Get:
            case engine::maprdb::TableMethod::Scan:
            case engine::maprdb::TableMethod::ReadRange:
            case engine::maprdb::TableMethod::Fingerprint: return false;
            default: return true;
        }
    }

    const WorkspaceDirectory& directory_;
    std::string from_;
    std::string cluster_;
    std::unique_ptr<engine::SocketControlClient> client_;
};

}  // namespace

std::string movedText(const std::string& cluster, const ClusterPresence& seen) {
    return fmt::format(
        "cluster {} is run by process {}, which was started in {}: the folder was moved since, and the process can "
        "make no "
        "new files",
        cluster, seen.process.pid, seen.movedFrom);
}

WorkspaceDirectory::WorkspaceDirectory(const WorkspaceEngine& engine, const Topology& topology, std::string user)
    : engine_(engine), user_(std::move(user)) {
    for (const Cluster& cluster : topology.clusters) {
        if (!hasOwnProcesses(cluster.system)) clusters_.push_back(cluster.name);
    }
    if (!clusters_.empty()) defaultCluster_ = clusters_.front();
}

Result<std::unique_ptr<engine::SocketControlClient>> WorkspaceDirectory::connect(const std::string& cluster,
                                                                                 const std::string& from) const {
    const bool drawn = std::find(clusters_.begin(), clusters_.end(), cluster) != clusters_.end();
    if (!drawn && (!engine_.readPorts(cluster) || !isUp(cluster))) {
        const std::string near = nearest(cluster, clusters_);
        return Error{ErrorCode::NotFound,
                     fmt::format("no cluster {} is drawn in this workspace", cluster),
                     {},
                     near.empty() ? "the clusters are: " + join(clusters_, ", ") : "did you mean " + near + "?"};
    }
    const auto down = [&](const std::string& name, const std::string& why) {
        return Error{ErrorCode::Unavailable,
                     fmt::format("the engine of cluster {} is not up ({})", name, why),
                     {},
                     fmt::format("tributary up -w {}", engine::maprdb::shellWord(engine_.paths().root))};
    };
    const std::string& near = from.empty() ? cluster : from;
    const std::string beyond = near == cluster ? std::string() : cluster;
    if (!beyond.empty() && !engine_.readPorts(beyond)) return down(beyond, "never started");
    const auto ports = engine_.readPorts(near);
    std::string why = "never started";
    bool silent = false;  // it took the connection and said nothing: it runs, whatever it does
    // What is stopped takes connections all the same, and never greets.
    if (ports && stateOf(ports->process) != ProcessState::Stopped && !isOfAnother(near, *ports)) {
        auto key = engine_.key(near);
        if (!key) return key.error();
        auto client = knock(near, socketOf(near, *ports, ports->control.localPath, "control"), key.value(), beyond);
        if (client || client.error().code == ErrorCode::PermissionDenied) return client;
        why = client.error().what;
        silent = client.error().code == ErrorCode::Timeout;
        // Beyond the near cluster the error says itself which of the two did not answer.
        if (!beyond.empty() && why.starts_with(fmt::format("cluster {} cannot be reached", beyond))) return client;
    }
    const ClusterPresence seen = presence(near);
    const bool told = seen.kind == ClusterPresence::Kind::Unanswering || seen.kind == ClusterPresence::Kind::Denied;
    if (told) return seen.error;
    if (!silent) return down(near, why);
    return Error{ErrorCode::Unavailable,
                 fmt::format("cluster {} runs and does not answer ({})", near, why),
                 {},
                 "tributary status, tributary fault list"};
}

WorkspaceDirectory::Knock WorkspaceDirectory::knock(const std::string& cluster, const std::string& socket,
                                                    const Bytes& key, const std::string& beyond) const {
    const std::string folder = socket.substr(0, socket.rfind('/'));
    if (folder != engine_.clusterDir(cluster)) {
        if (const Status trusted = checkPrivateFolder(folder); !trusted) return trusted.error();
    }
    engine::Endpoint at;
    at.localPath = socket;
    const engine::SocketControlClient::Options options{at, cluster, key, user_, kGreetingMs};
    if (beyond.empty()) return engine::SocketControlClient::connect(options);
    auto far = engine_.key(beyond);
    if (!far) return far.error();
    return engine::SocketControlClient::connectThrough(options, beyond, far.value(), engine_.tlsSource(beyond));
}

std::string WorkspaceDirectory::socketOf(const std::string& cluster, const ClusterPorts& ports,
                                         const std::string& recorded, const std::string& what) const {
    // The sockets went along with the folder when it was moved; those outside stayed.
    const bool within = !ports.root.empty() && recorded.starts_with(ports.root + "/");
    return within ? engine_.clusterDir(cluster) + "/" + what + ".sock" : recorded;
}

bool WorkspaceDirectory::isOfAnother(const std::string& cluster, const ClusterPorts& ports) const {
    if (ports.root.empty() || isSameFolder(ports.root, engine_.paths().root)) return false;
    const auto holder = holderOfLock(engine_.lockPath(cluster));
    return !holder || holder.value() != ports.process.pid;
}

ClusterPresence WorkspaceDirectory::presence(const std::string& cluster) const {
    return look(cluster, nullptr);
}

ClusterPresence WorkspaceDirectory::look(const std::string& cluster,
                                         std::unique_ptr<engine::SocketControlClient>* client) const {
    using Kind = ClusterPresence::Kind;
    ClusterPresence out;
    const auto be = [&out](Kind kind, Error error) {
        out.kind = kind;
        out.error = std::move(error);
        return out;
    };
    const auto unanswering = [&](const std::string& does) {
        return be(Kind::Unanswering, unansweringError(out.process.pid, stateOf(out.process), does,
                                                      engine_.paths().state() + "/daemon.log"));
    };
    const auto denied = [&](const Error& error) { return be(Kind::Denied, error); };
    const auto ports = engine_.readPorts(cluster);
    if (!ports && ports.error().code == ErrorCode::PermissionDenied) return denied(ports.error());
    const auto holder = holderOfLock(engine_.lockPath(cluster));
    if (!holder && holder.error().code == ErrorCode::PermissionDenied) {
        return denied(engine_.notYours(engine_.lockPath(cluster)));
    }
    const bool held = holder && holder.value().has_value();
    const Error nobody{ErrorCode::Unavailable,
                       fmt::format("no process runs cluster {}", cluster),
                       {},
                       fmt::format("tributary up -w {}", engine::maprdb::shellWord(engine_.paths().root))};
    if (held) out.process = {**holder, startTicksOf(**holder)};
    if (!ports) {
        return held ? unanswering(fmt::format("holds the volume of cluster {}", cluster))
                    : be(Kind::Down, ports.error());
    }
    const bool moved = !ports->root.empty() && !isSameFolder(ports->root, engine_.paths().root);
    const ProcessState state = stateOf(ports->process);
    if (isOfAnother(cluster, *ports)) {
        return held ? unanswering(fmt::format("holds the volume of cluster {}", cluster)) : be(Kind::Down, nobody);
    }
    out.process = ports->process;
    if (moved) out.movedFrom = ports->root;
    const std::string runs = fmt::format("runs cluster {}", cluster);
    if (state == ProcessState::Stopped) return unanswering(runs);
    auto key = engine_.key(cluster);
    if (!key) return !held && state == ProcessState::Gone ? be(Kind::Down, nobody) : denied(key.error());
    auto knocked = knock(cluster, socketOf(cluster, *ports, ports->door.localPath, "host"), key.value());
    if (knocked) {
        if (client != nullptr) *client = std::move(knocked).value();
        out.kind = Kind::Up;
        return out;
    }
    if (knocked.error().code == ErrorCode::PermissionDenied) return denied(knocked.error());
    if (knocked.error().code == ErrorCode::Timeout) {
        return unanswering(runs + fmt::format(" (asked for {} s)", kGreetingMs / 1000));
    }
    // Nobody listens: it begins, it ends, or it lost its socket. The lock tells that from a cluster that was stopped.
    if (!holder) return be(Kind::Unanswering, Error{ErrorCode::Timeout, holder.error().what, holder.error().where, {}});
    return held ? unanswering(fmt::format("holds the volume of cluster {}", cluster)) : be(Kind::Down, nobody);
}

Result<std::unique_ptr<engine::SocketControlClient>> WorkspaceDirectory::door(const std::string& cluster,
                                                                              ClusterPresence* seen) const {
    std::unique_ptr<engine::SocketControlClient> client;
    ClusterPresence looked = look(cluster, &client);
    if (seen != nullptr) *seen = looked;
    if (client == nullptr) return std::move(looked.error);
    return client;
}

bool WorkspaceDirectory::isUp(const std::string& cluster) const {
    return presence(cluster).kind != ClusterPresence::Kind::Down;
}

std::vector<std::string> WorkspaceDirectory::undrawn() const {
    std::vector<std::string> out;
    for (const std::string& name : engine_.knownClusters()) {
        const bool drawn = std::find(clusters_.begin(), clusters_.end(), name) != clusters_.end();
        if (!drawn && isUp(name)) out.push_back(name);
    }
    return out;
}

Result<std::shared_ptr<engine::ControlClient>> WorkspaceDirectory::client(const std::string& cluster) {
    return clientFrom({}, cluster);
}

Result<std::shared_ptr<engine::ControlClient>> WorkspaceDirectory::clientFrom(const std::string& from,
                                                                              const std::string& cluster) {
    const Way way{from == cluster ? std::string() : from, cluster};
    const auto kept = open_.find(way);
    if (kept != open_.end()) return kept->second;
    auto fresh = connect(cluster, way.first);
    if (!fresh) return fresh.error();
    auto client = std::make_shared<ReconnectingClient>(*this, way.first, cluster, std::move(fresh).value());
    open_[way] = client;
    return std::shared_ptr<engine::ControlClient>(client);
}

}  // namespace tributary::app
