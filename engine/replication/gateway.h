// The doors of a cluster for links: several listeners, one set of data sessions, epochs that fence replaced sessions.
// Replicas that dial are handed to their links.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "engine/replication/datasession.h"
#include "engine/replication/link.h"
#include "engine/replication/linkconfig.h"
#include "engine/wire/greeter.h"

namespace tributary::engine {

/// One gateway as status shows it.
struct GatewayStatus {
    std::string name;
    Endpoint endpoint;
    bool running = false;
};

/// One accepted link session as status shows it.
struct IncomingStatus {
    std::string fromCluster;
    std::string fromPath;
    std::string toPath;
    std::string gateway;
    std::uint32_t upstreamIdx = 0;
};

/// The sending half of a node, for replicas that dial. Executor's thread only; outlives the gateways.
class SourceHost {
public:
    virtual ~SourceHost() = default;
    /// The link that a replica calls for; a refusal when there is no agreement with it, or it may not have it now.
    /// nullopt: replicas of that dataset do not dial, so that the caller is a source.
    virtual std::optional<std::variant<Link*, Refusal>> linkFor(const Hello& hello) = 0;
    /// Sessions of links that came through this door end.
    virtual void doorClosed(const std::string& gateway) = 0;
};

/// All gateways of one cluster. Executor's thread only.
class Gateways {
public:
    Gateways(Seams& seams, const LinkConfig& config, ReceiverHost& host, SourceHost& sources);
    ~Gateways();
    Gateways(const Gateways&) = delete;
    Gateways& operator=(const Gateways&) = delete;

    /// Opens every gateway; the real ports are kept for a later start(). Errors: Conflict naming the gateway and port.
    Status startAll();
    /// Starts or stops one; stopping ends its sessions. NotFound names the known gateways.
    Status start(const std::string& name);
    Status stop(const std::string& name);
    [[nodiscard]] std::vector<GatewayStatus> list() const;
    [[nodiscard]] std::vector<IncomingStatus> incoming() const;

    /// Who answers the requests of sources that set up a replica here, and hears that a gateway was stopped. Without
    /// one they are refused.
    struct SetupDoor {
        std::function<void(const std::string& gateway, std::unique_ptr<Connection>, Wire, Hello)> open;
        std::function<void(const std::string& gateway)> closed;
    };
    void setSetupDoor(SetupDoor door) { setupDoor_ = std::move(door); }

    /// Ends sessions whose agreement is no longer whole.
    void revokeWhere(const std::function<bool(std::uint32_t datasetId, std::uint32_t upstreamIdx)>& gone,
                     const std::string& code, const std::string& message);
    /// Sessions that stopped reading look again whether they may go on.
    void resumeSessions();

private:
    struct Door {
        GatewayConfig config;
        std::unique_ptr<Greeter> greeter;
        std::unique_ptr<Listener> listener;
    };
    struct Session {
        std::string gateway;
        std::unique_ptr<DataSession> session;
    };
    Status open(Door& door);
    void greeted(const std::string& gateway, std::unique_ptr<Connection> connection, Wire wire, Hello hello);
    static void refuse(Connection& connection, Wire& wire, const Refusal& refusal);
    void end(std::uint64_t id);

    Seams& seams_;
    const LinkConfig& config_;
    ReceiverHost& host_;
    SourceHost& sources_;
    std::vector<Door> doors_;
    SetupDoor setupDoor_;
    std::map<std::uint64_t, Session> sessions_;
    std::map<std::pair<Uuid, Uuid>, std::uint64_t> epochs_;  ///< (from, to) -> newest epoch seen
    std::uint64_t nextSession_ = 1;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine
