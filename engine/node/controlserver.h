// The control endpoint of a cluster: the table of what clients may ask.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/node/controlapi.h"
#include "engine/node/controlrelay.h"
#include "engine/node/node.h"
#include "engine/wire/requestserver.h"

namespace tributary::engine {

/// One request as a handler sees it. `reply` is called once, now or later, on the executor.
struct ControlCall {
    Node& node;
    std::uint64_t session = 0;  ///< the connection it came by
    std::string user;
    Bytes body;
    std::function<void(Result<Bytes>)> reply;

    void replyJson(const Json& json) const { reply(json.dump()); }
    void replyStatus(const Status& status) const {
        if (status) {
            reply(Bytes("{}"));
        } else {
            reply(status.error());
        }
    }
};

using ControlHandler = std::function<void(ControlCall)>;
using ControlTable = std::map<Method, ControlHandler>;

// Each file of handlers adds its own.
void addCatalogHandlers(ControlTable& table);
void addEdgeHandlers(ControlTable& table);
void addNodeHandlers(ControlTable& table);
void addDataHandlers(ControlTable& table);

/// The record of a path, or NotFound with the next command to try. A path of another cluster is InvalidInput.
Result<const TableRecord*> recordOf(Node& node, const std::string& path);

/// One link as ListReplicas and NodeStatus show it (controlapi.h). `stalledSinceMs` is the copy watch's answer.
[[nodiscard]] Json replicaJson(const ReplicaRecord& replica, const LinkStatus& status, Millis nowMs,
                               std::uint64_t bucketBytes, std::optional<Millis> stalledSinceMs);

/// Answers what a cluster may be asked, at the node's control endpoints. Executor's thread only.
class ControlServer {
public:
    explicit ControlServer(Node& node);
    /// Errors: Conflict naming the endpoint.
    Status startAll() { return server_.startAll(); }
    [[nodiscard]] std::vector<Endpoint> endpoints() const { return server_.endpoints(); }

private:
    void dispatch(RequestServer::Incoming incoming);
    void relay(const RequestServer::Incoming& incoming);

    Node& node_;
    ControlTable table_;
    RequestServer server_;
    ControlRelays relays_;
};

}  // namespace tributary::engine
