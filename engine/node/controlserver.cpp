// Dispatch, and what every handler shares.
#include "engine/node/controlserver.h"

#include <fmt/format.h>

namespace tributary::engine {

ControlServer::ControlServer(Node& node)
    : node_(node),
      server_(
          node.seams(),
          RequestServer::Config{node.config().secret, node.config().users,
                                fmt::format("cluster {}", node.config().cluster), node.config().control},
          [this](RequestServer::Incoming incoming) { dispatch(std::move(incoming)); },
          [this](std::uint64_t session) { node_.endCopySessions(session); }) {
    addCatalogHandlers(table_);
    addEdgeHandlers(table_);
    addNodeHandlers(table_);
    addDataHandlers(table_);
}

void ControlServer::dispatch(RequestServer::Incoming incoming) {
    const auto handler = table_.find(static_cast<Method>(incoming.method));
    if (handler == table_.end()) {
        incoming.reply(Error{ErrorCode::Unsupported,
                             fmt::format("this version knows no request {}", incoming.method),
                             {},
                             "use the same version of tributary at both ends"});
        return;
    }
    auto reply = incoming.reply;
    try {
        handler->second(ControlCall{node_, incoming.session, std::move(incoming.user), std::move(incoming.body),
                                    std::move(incoming.reply)});
    } catch (const nlohmann::json::exception& problem) {
        reply(Error{ErrorCode::InvalidInput, fmt::format("malformed request: {}", problem.what()), {}, {}});
    }
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
