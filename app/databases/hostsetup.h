// A deployment file as what a host is told, and root folders made and deleted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/databases/hostplace.h"
#include "core/topology/topology.h"

namespace tributary::app {

struct HostSetup {
    Cluster cluster;                   ///< as the deployment file says it
    std::vector<std::string> sources;  ///< hosts of other clusters, "oslo1" or "oslo1:5555"
    bool takesPart = false;            ///< there is a <dr>: it replicates
};

/// Reads voltdbroot/config/deployment.xml. Errors: NotFound (voltdb init was not run); InvalidInput at
/// file:line:column; Unsupported for K-safety, which needs hosts that this version does not have.
[[nodiscard]] Result<HostSetup> readHost(const HostPlace& place);

/// What `voltdb init` was asked.
struct HostInit {
    std::string dir;         ///< empty: the current folder
    std::string deployment;  ///< a file; empty: a deployment file without replication
    std::string schema;      ///< a file of DDL; empty: none
    bool force = false;
};

/// Makes voltdbroot for its owner alone, its configuration in it. Errors: AlreadyExists without `force`; Conflict while
/// its process runs; those of reading the files; Io.
[[nodiscard]] Result<HostPlace> initHost(const HostInit& asked);

/// A host's own address on the loopback network, which follows from its folder: hosts of one machine have port 5555
/// each. A copy of a workspace has addresses of its own.
[[nodiscard]] std::string derivedAddress(const HostPlace& place, std::int64_t port);
/// What its process wrote, while that runs: of another life, or of the workspace that was copied, it says nothing.
[[nodiscard]] std::optional<std::string> toldAddress(const HostPlace& place);
/// Where a host is reached by consumers: what its process tells, else its own address.
[[nodiscard]] std::string replicationAddress(const HostPlace& place, std::int64_t port);
/// The same for a name in a connection's source: a host of the environment, initialised or not, or "address:port".
/// Empty when nobody is called so.
[[nodiscard]] std::string addressOfSource(const std::string& environment, const std::string& source);

}  // namespace tributary::app
