// Dispatch, and what every handler shares.
#include "engine/node/controlserver.h"

#include <fmt/format.h>

#include "engine/node/administrators.h"
#include "engine/node/requestguard.h"

namespace tributary::engine {

ControlServer::ControlServer(Node& node)
    : node_(node),
      server_(
          node.seams(),
          RequestServer::Config{node.config().cluster, node.config().key, knownUsers(node.config()),
                                fmt::format("cluster {}", node.config().cluster), node.config().control},
          [this](RequestServer::Incoming incoming) { dispatch(std::move(incoming)); },
          [this](std::uint64_t session) {
              node_.endCopySessions(session);
              relays_.forget(session);
          }),
      relays_(node.seams(), node.config().resolveControl) {
    addCatalogHandlers(table_);
    addEdgeHandlers(table_);
    addNodeHandlers(table_);
    addDataHandlers(table_);
}

void ControlServer::relay(const RequestServer::Incoming& incoming) {
    const Json body = Json::parse(incoming.body, nullptr, false);
    const auto named = body.find("cluster");
    if (!body.is_object() || named == body.end() || !named->is_string()) {
        incoming.reply(Error{ErrorCode::InvalidInput, "malformed request: a relay needs a cluster", {}, {}});
        return;
    }
    relays_.open(incoming.session, *named,
                 [this, session = incoming.session, reply = incoming.reply](const Result<Endpoint>& opened) {
                     if (!opened) {
                         reply(opened.error());
                         return;
                     }
                     // The client proves itself to the far end, at its own door, and the far end to it: this cluster
                     // carries bytes.
                     reply(Json{{"place", opened.value().text()}}.dump());
                     if (auto client = server_.detach(session)) {
                         node_.endCopySessions(session);
                         relays_.join(session, std::move(client));
                     } else {
                         relays_.forget(session);
                     }
                 });
}

void ControlServer::dispatch(RequestServer::Incoming incoming) {
    if (static_cast<Method>(incoming.method) == Method::Relay) {
        const auto relayed = guarded<void>([&]() -> Status {
            relay(incoming);
            return okStatus();
        });
        if (!relayed) incoming.reply(relayed.error());
        return;
    }
    const auto handler = table_.find(static_cast<Method>(incoming.method));
    if (handler == table_.end()) {
        incoming.reply(Error{ErrorCode::Unsupported,
                             fmt::format("this version knows no request {}", incoming.method),
                             {},
                             "use the same version of tributary at both ends"});
        return;
    }
    const bool binary = handler->first == Method::Put || handler->first == Method::ReadRange;
    if (Status flat = binary ? okStatus() : checkNesting(incoming.body); !flat) {
        incoming.reply(flat.error());
        return;
    }
    node_.copies().heard(incoming.session);
    auto reply = incoming.reply;
    const auto handled = guarded<void>([&]() -> Status {
        handler->second(ControlCall{node_, incoming.session, std::move(incoming.user), std::move(incoming.body),
                                    std::move(incoming.reply)});
        return okStatus();
    });
    if (!handled) reply(handled.error());
}

Result<const TableRecord*> recordOf(Node& node, const std::string& path) {
    const std::string cluster = clusterOfPath(path);
    if (cluster != node.config().cluster) {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("{} is not a path of cluster {}", path, node.config().cluster),
                     {},
                     fmt::format("write it as /mapr/{}/<name>", node.config().cluster)};
    }
    const TableRecord* record = node.catalog().byPath(path);
    if (record == nullptr) {
        return Error{ErrorCode::NotFound,
                     fmt::format("no table {}", path),
                     {},
                     fmt::format("maprcli table create -path {}", path)};
    }
    return record;
}

}  // namespace tributary::engine
