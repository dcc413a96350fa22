// A client's way to another cluster through this one: what the client does there "from here" passes the same network.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "engine/seams/seams.h"

namespace tributary::engine {

/// Connects clients of this cluster with other clusters' control endpoints and carries their bytes both ways, unread,
/// with back-pressure. The far connection is dialled through the node's own transport and names its peer, so links and
/// relays share one network between two clusters. Executor's thread only.
class ControlRelays {
public:
    /// Where a cluster's control endpoint listens now, best first; empty = it is not known here.
    using Resolve = std::function<std::vector<Endpoint>(const std::string& cluster)>;
    /// Called once: where the far end is, now connected, or why it is not.
    using OnOpened = std::function<void(Result<Endpoint>)>;

    ControlRelays(Seams& seams, Resolve resolve) : seams_(seams), resolve_(std::move(resolve)) {}
    ~ControlRelays() { *alive_ = false; }
    ControlRelays(const ControlRelays&) = delete;
    ControlRelays& operator=(const ControlRelays&) = delete;

    /// Dials `cluster` for the client behind `session`. Errors (through `opened`): NotFound, Unavailable, Timeout.
    void open(std::uint64_t session, const std::string& cluster, OnOpened opened);
    /// The client's connection, once opened() said yes: from now on its bytes are the far end's.
    void join(std::uint64_t session, std::unique_ptr<Connection> client);
    /// The client is gone before it was joined.
    void forget(std::uint64_t session);
    [[nodiscard]] std::size_t size() const { return relays_.size(); }

private:
    struct Relay {
        std::string cluster;
        Endpoint place;
        std::unique_ptr<Connection> client;
        std::unique_ptr<Connection> far;
        OnOpened opened;
        TimerId timer = 0;
    };
    void answer(std::uint64_t session, const Status& status);
    void pass(std::uint64_t session, BytesView bytes, bool toFar);
    void listen(std::uint64_t session, bool atFar);
    void end(std::uint64_t session);

    Seams& seams_;
    Resolve resolve_;
    std::map<std::uint64_t, Relay> relays_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine
