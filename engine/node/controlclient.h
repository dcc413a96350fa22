// A blocking client of a cluster's control endpoint, for terminals and runbooks (never for a node or a GUI thread).
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/units.h"
#include "engine/node/controlapi.h"

namespace tributary::engine {

using Json = nlohmann::ordered_json;

/// One connection to one cluster. Calls block and may come from one thread at a time.
class ControlClient {
public:
    virtual ~ControlClient() = default;
    /// Sends a request and waits for its answer. Errors: what the cluster answered, Unavailable, Timeout.
    virtual Result<Bytes> call(Method method, BytesView body, Millis timeoutMs = 30'000) = 0;
    /// The same with JSON bodies. An answer that is not JSON is Corrupt.
    Result<Json> callJson(Method method, const Json& body, Millis timeoutMs = 30'000);
    /// Sends without waiting; the answers are taken with receive(), in order of sending. For pipelines (copy, bench).
    virtual Status send(Method method, BytesView body) = 0;
    virtual Result<Bytes> receive(Millis timeoutMs = 30'000) = 0;
    [[nodiscard]] virtual const std::string& cluster() const = 0;
};

/// Finds clusters by name. Implemented by app (ports files of the workspace) and by tests.
class ClusterDirectory {
public:
    virtual ~ClusterDirectory() = default;
    /// A client acting as the directory's user. NotFound for an unknown cluster (with the known ones named),
    /// Unavailable when its engine is not up.
    virtual Result<std::shared_ptr<ControlClient>> client(const std::string& cluster) = 0;
    /// The same for what an operation that runs at cluster `from` does at another one: it passes the network between
    /// the two, with its delay, bandwidth and cuts. Unavailable also when `from` is not up, or does not get there.
    virtual Result<std::shared_ptr<ControlClient>> clientFrom(const std::string& /*from*/, const std::string& cluster) {
        return client(cluster);  // a directory without networks
    }
    [[nodiscard]] virtual std::vector<std::string> clusters() const = 0;
    /// The cluster that local paths mean; may be empty.
    [[nodiscard]] virtual std::string defaultCluster() const = 0;
};

}  // namespace tributary::engine
