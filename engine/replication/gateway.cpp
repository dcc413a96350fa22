// Opening and closing doors; who may come in.
#include "engine/replication/gateway.h"

#include <fmt/format.h>

namespace tributary::engine {

Gateways::Gateways(Seams& seams, const LinkConfig& config, ReceiverHost& host, SourceHost& sources)
    : seams_(seams), config_(config), host_(host), sources_(sources) {
    for (const GatewayConfig& gateway : config_.gateways) doors_.push_back(Door{gateway, nullptr, nullptr});
}

Gateways::~Gateways() {
    *alive_ = false;
}

Status Gateways::startAll() {
    for (Door& door : doors_) {
        if (Status opened = open(door); !opened) return opened;
    }
    return okStatus();
}

Status Gateways::open(Door& door) {
    if (door.listener != nullptr) return okStatus();
    const std::string name = door.config.name;
    door.greeter = std::make_unique<Greeter>(
        seams_, config_.cluster, config_.key,
        [this, name](std::unique_ptr<Connection> connection, Wire wire, Hello hello) {
            greeted(name, std::move(connection), std::move(wire), std::move(hello));
        },
        Greeter::Limits{});
    Greeter* greeter = door.greeter.get();
    auto listener = seams_.transport.listen(door.config.listen, [greeter](std::unique_ptr<Connection> connection) {
        greeter->accept(std::move(connection));
    });
    if (!listener) {
        door.greeter.reset();
        Error error = listener.error();
        error.where = fmt::format("gateway {} of cluster {}", name, config_.cluster);
        if (error.fix.empty())
            error.fix = fmt::format("give {} another port in topology.yaml, or end what uses it", name);
        return error;
    }
    door.listener = std::move(listener).value();
    door.config.listen = door.listener->endpoint();
    greeter->setPlace(door.config.listen);
    return okStatus();
}

Status Gateways::start(const std::string& name) {
    for (Door& door : doors_) {
        if (door.config.name == name) return open(door);
    }
    std::string known;
    for (const Door& door : doors_) known += (known.empty() ? "" : ", ") + door.config.name;
    return Error{ErrorCode::NotFound,
                 fmt::format("cluster {} has no gateway {}", config_.cluster, name),
                 {},
                 "use one of: " + known};
}

Status Gateways::stop(const std::string& name) {
    for (Door& door : doors_) {
        if (door.config.name != name) continue;
        door.listener.reset();
        door.greeter.reset();
        std::vector<std::uint64_t> ended;
        for (auto& [id, session] : sessions_) {
            if (session.gateway == name) ended.push_back(id);
        }
        for (const std::uint64_t id : ended) {
            sessions_.at(id).session->revoke("ErrGatewayStopped", fmt::format("gateway {} was stopped", name));
        }
        sources_.doorClosed(name);
        if (setupDoor_.closed) setupDoor_.closed(name);
        return okStatus();
    }
    return start(name);  // for its NotFound
}

std::vector<GatewayStatus> Gateways::list() const {
    std::vector<GatewayStatus> out;
    for (const Door& door : doors_) {
        out.push_back(GatewayStatus{door.config.name, door.config.listen, door.listener != nullptr});
    }
    return out;
}

std::vector<IncomingStatus> Gateways::incoming() const {
    std::vector<IncomingStatus> out;
    for (const auto& [id, session] : sessions_) {
        const Hello& hello = session.session->hello();
        out.push_back(IncomingStatus{hello.fromCluster, hello.fromPath, hello.toPath, session.gateway,
                                     session.session->upstreamIdx()});
    }
    return out;
}

void Gateways::refuse(Connection& connection, Wire& wire, const Refusal& refusal) {
    connection.send(wire.seal(FrameType::Refused, encodeRefusal(refusal)));
    connection.close();
}

void Gateways::greeted(const std::string& gateway, std::unique_ptr<Connection> connection, Wire wire, Hello hello) {
    if (hello.kind == ConnectionClass::Setup && setupDoor_.open) {
        setupDoor_.open(gateway, std::move(connection), std::move(wire), std::move(hello));
        return;
    }
    if (hello.kind != ConnectionClass::Data) {
        refuse(*connection, wire,
               {"ErrWrongDoor", "this is a gateway: commands go to the cluster's control endpoint", 0});
        return;
    }
    connection->tagPeer(hello.fromCluster);
    const auto link = std::make_pair(hello.fromUuid, hello.toUuid);
    std::uint64_t& newest = epochs_[link];
    if (hello.epoch < newest && !seams_.faults.hit("bug-no-epoch-fence")) {
        seams_.faults.reached("session-fenced");
        refuse(*connection, wire, {"ErrFenced", "a newer session of this link exists", newest});
        return;
    }
    newest = hello.epoch;
    if (const auto called = sources_.linkFor(hello)) {
        if (const Refusal* refusal = std::get_if<Refusal>(&*called)) {
            refuse(*connection, wire, *refusal);
        } else {
            std::get<Link*>(*called)->adopt(
                {std::move(connection), std::move(wire), hello.fromPath, gateway, hello.epoch});
        }
        return;
    }
    std::vector<std::uint64_t> replaced;
    for (auto& [id, session] : sessions_) {
        if (session.session->hello().fromUuid == link.first && session.session->hello().toUuid == link.second) {
            replaced.push_back(id);
        }
    }
    for (const std::uint64_t id : replaced) {
        seams_.faults.reached("session-replaced");
        sessions_.at(id).session->revoke("ErrFenced", "replaced by a newer session of this link");
    }
    const std::uint64_t id = nextSession_++;
    auto session = std::make_unique<DataSession>(seams_, config_.peerTimeoutMs, host_, std::move(connection),
                                                 std::move(wire), std::move(hello), [this, id] { end(id); });
    DataSession* raw = session.get();
    sessions_[id] = Session{gateway, std::move(session)};
    if (!raw->start()) end(id);
}

void Gateways::end(std::uint64_t id) {
    // Sessions end inside their own callbacks: the object goes in a later turn.
    const auto at = sessions_.find(id);
    if (at == sessions_.end()) return;
    auto old = std::make_shared<std::unique_ptr<DataSession>>(std::move(at->second.session));
    sessions_.erase(at);
    seams_.executor.post([old] { old->reset(); });
}

void Gateways::revokeWhere(const std::function<bool(std::uint32_t, std::uint32_t)>& gone, const std::string& code,
                           const std::string& message) {
    std::vector<std::uint64_t> ended;
    for (auto& [id, session] : sessions_) {
        if (gone(session.session->datasetId(), session.session->upstreamIdx())) ended.push_back(id);
    }
    for (const std::uint64_t id : ended) {
        const auto at = sessions_.find(id);
        if (at != sessions_.end()) at->second.session->revoke(code, message);
    }
}

void Gateways::resumeSessions() {
    std::vector<std::uint64_t> ids;
    ids.reserve(sessions_.size());
    for (const auto& [id, session] : sessions_) ids.push_back(id);
    for (const std::uint64_t id : ids) {
        const auto at = sessions_.find(id);
        if (at != sessions_.end()) at->second.session->resumeIfPossible();
    }
}

}  // namespace tributary::engine
