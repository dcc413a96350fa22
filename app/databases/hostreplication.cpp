// Addresses of the deployment file's hosts.
#include "app/databases/hostreplication.h"

#include <fmt/format.h>

#include <filesystem>

#include "app/daemon/daemonlog.h"
#include "core/base/hostport.h"
#include "core/systems/voltdb/vocabulary.h"
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

/// Of another host: where its process listens, else what is drawn of it, else its own address.
std::string addressOf(const HostPlace& place, const HostStart& how) {
    const auto drawn = how.addresses.find(place.name);
    if (drawn != how.addresses.end() && !drawn->second.empty() && !toldAddress(place)) return drawn->second;
    const auto setup = readHost(place);
    return replicationAddress(place, setup ? setup->cluster.port.value_or(voltdb::kDefaultPort) : voltdb::kDefaultPort);
}

/// Clusters of the environment by id: what a volume remembers of them is of the place where it was written.
std::map<int, std::string> addressesIn(const std::string& environment, const HostPlace& self, const HostStart& how) {
    std::map<int, std::string> out;
    const auto hosts = findHosts(environment, {});
    if (!hosts) return out;
    for (const HostPlace& each : *hosts) {
        const auto setup = readHost(each);
        if (each.dir == self.dir || !setup || !setup->cluster.id) continue;
        out.try_emplace(static_cast<int>(*setup->cluster.id), addressOf(each, how));
    }
    return out;
}

}  // namespace

std::string doorOf(const HostPlace& place, const HostSetup& setup, const HostStart& how) {
    if (!how.replication.empty()) return how.replication;
    return derivedAddress(place, setup.cluster.port.value_or(voltdb::kDefaultPort));
}

std::string sourceAddress(const std::string& environment, const std::string& source, const HostStart& how) {
    const std::string name = source.substr(0, source.find(':'));
    const auto known = findHosts(environment, name);
    if (known && known->size() == 1 && known->front().name == name) return addressOf(known->front(), how);
    const auto drawn = how.addresses.find(name);
    const bool isDrawn = drawn != how.addresses.end() && !drawn->second.empty();
    return isDrawn ? drawn->second : addressOfSource(environment, source);
}

Status giveReplication(engine::voltdb::VoltSettings& settings, const HostPlace& place, const HostSetup& setup,
                       const HostStart& how) {
    engine::voltdb::ReplicationSettings replication;
    const std::string own = doorOf(place, setup, how);
    const auto door = endpointAt(own, place.deploymentFile());
    if (!door) return door.error();
    replication.door = *door;
    replication.address = own;
    // voltdb/CLUSTER/HOST stands in the environment.
    const std::string environment = std::filesystem::path(place.dir).parent_path().parent_path().parent_path().string();
    replication.sources.reserve(setup.sources.size());
    for (const std::string& source : setup.sources) {
        const std::string address = sourceAddress(environment, source, how);
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
    replication.addresses = addressesIn(environment, place, how);
    replication.flushIntervalMs =
        setup.cluster.flushIntervalUs.value_or(voltdb::kFlushIntervalDefaultUs) / kMicrosPerMilli;
    if (setup.cluster.maxBytes) replication.consumerBytesMax = static_cast<std::uint64_t>(*setup.cluster.maxBytes);
    replication.conflictFile = place.root() + "/xdcr_conflicts/LOG.csv";
    replication.logLine = [](const std::string& line) { daemonLog(line); };
    engine::voltdb::addReplication(settings, std::move(replication));
    return okStatus();
}

}  // namespace tributary::app
