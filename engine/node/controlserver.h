// The control endpoint of a cluster: what clients may ask.
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

/// A source in another cluster that sets up a replica here: who it is, and which gateway it came by. It has proved to
/// know this cluster's key, as links do.
struct GatewayCaller {
    std::string gateway;
    Hello hello;
};

/// One request as a handler sees it. `reply` is called once, now or later, on the executor.
struct ControlCall {
    Node& node;
    std::uint64_t session = 0;  ///< the connection it came by
    std::string user;
    Bytes body;
    std::function<void(Result<Bytes>)> reply;
    std::shared_ptr<const GatewayCaller> caller{};  ///< null: a client, at the control endpoint

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

/// What is answered, by number. The node and each kind add their own.
class ControlRequests {
public:
    enum class Body { Text, Binary };
    struct Entry {
        ControlHandler handler;
        Body body = Body::Text;
        bool ofSetups = false;  ///< a source that sets up a replica may ask it, through a gateway
    };
    /// The number must be free.
    void add(Method method, ControlHandler handler, Body body = Body::Text);
    /// A source may ask these, added before, when it sets up a replica.
    void openToSetups(std::initializer_list<Method> methods);
    [[nodiscard]] const Entry* find(std::uint16_t method) const;

private:
    std::map<std::uint16_t, Entry> entries_;
};

/// The handler for administrators only; `deed` completes "may not ... of cluster x".
[[nodiscard]] ControlHandler administratorOnly(const char* deed, ControlHandler handler);

/// The requests that any cluster answers.
void addNodeRequests(ControlRequests& requests);

/// Answers what a cluster may be asked, at the node's control endpoints. Executor's thread only.
class ControlServer {
public:
    /// `receiver` knows when the log is synced.
    ControlServer(Node& node, ReceiverHost& receiver);
    /// Errors: Conflict naming the endpoint.
    Status startAll() { return server_.startAll(); }
    [[nodiscard]] std::vector<Endpoint> endpoints() const { return server_.endpoints(); }
    /// A source that sets up a replica here came through a gateway.
    void adopt(const std::string& gateway, std::unique_ptr<Connection> connection, Wire wire, Hello hello);
    /// A gateway was stopped: so are those who came by it.
    void gatewayClosed(const std::string& gateway);
    /// A request of the node itself, for a user; what it opens belongs to `session`, which the caller ends.
    void ask(RequestServer::Incoming incoming) { dispatch(std::move(incoming)); }

private:
    void dispatch(RequestServer::Incoming incoming);
    void relay(const RequestServer::Incoming& incoming);
    [[nodiscard]] std::function<void(Result<Bytes>)> whenSynced(std::function<void(Result<Bytes>)> reply);

    Node& node_;
    ReceiverHost& receiver_;
    ControlRequests requests_;
    RequestServer server_;
    ControlRelays relays_;
    std::map<std::uint64_t, std::shared_ptr<const GatewayCaller>> callers_;  ///< by session
};

}  // namespace tributary::engine
