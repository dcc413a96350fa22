// Addresses of the deployment file's hosts.
#include "app/databases/hostreplication.h"

#include <fmt/format.h>

#include <filesystem>

#include "app/daemon/daemonlog.h"
#include "core/base/hostport.h"
#include "core/systems/voltdb/vocabulary.h"
#include "core/workspace/atomicfile.h"
#include "engine/systems/voltdb/host/hostreplication.h"

namespace tributary::app {
namespace {

constexpr std::int64_t kMicrosPerMilli = 1'000;

Result<engine::Endpoint> endpointAt(const std::string& address, const std::string& where) {
    const auto both = parseHostPort(address);
    if (!both) {
        return Error{ErrorCode::InvalidInput, fmt::format("'{}' is no address", address), where,
                     "write ADDRESS:PORT, as 127.0.0.1:5555"};
    }
    engine::Endpoint endpoint;
    endpoint.host = both->host;
    endpoint.port = both->port;
    return endpoint;
}

}  // namespace

Status giveReplication(engine::voltdb::VoltSettings& settings, const HostPlace& place, const HostSetup& setup,
                       const HostStart& how) {
    engine::voltdb::ReplicationSettings replication;
    const std::int64_t port = setup.cluster.port.value_or(voltdb::kDefaultPort);
    const std::string own = how.replication.empty() ? replicationAddress(place, port) : how.replication;
    const auto door = endpointAt(own, place.deploymentFile());
    if (!door) return door.error();
    replication.door = *door;
    replication.address = own;
    // voltdb/CLUSTER/HOST stands in the environment.
    const std::string environment = std::filesystem::path(place.dir).parent_path().parent_path().parent_path().string();
    replication.sources.reserve(setup.sources.size());
    for (const std::string& source : setup.sources) {
        const std::string address = addressOfSource(environment, source);
        if (address.empty()) {
            return Error{ErrorCode::InvalidInput,
                         fmt::format("the connection's source '{}' is no host of this environment", source),
                         place.deploymentFile(),
                         "make its folder voltdb/CLUSTER/" + source + ", or write ADDRESS:PORT"};
        }
        const auto endpoint = endpointAt(address, place.deploymentFile());
        if (!endpoint) return endpoint.error();
        replication.sources.push_back(*endpoint);
    }
    replication.flushIntervalMs =
        setup.cluster.flushIntervalUs.value_or(voltdb::kFlushIntervalDefaultUs) / kMicrosPerMilli;
    if (setup.cluster.maxBytes) replication.consumerBytesMax = static_cast<std::uint64_t>(*setup.cluster.maxBytes);
    replication.conflictFile = place.root() + "/xdcr_conflicts/LOG.csv";
    replication.logLine = [](const std::string& line) { daemonLog(line); };
    if (settings.role != engine::voltdb::DrRole::None) {
        if (Status told = saveFileAtomically(place.replicationFile(), own + "\n", NewFile::Private); !told) return told;
    }
    engine::voltdb::addReplication(settings, std::move(replication));
    return okStatus();
}

}  // namespace tributary::app
