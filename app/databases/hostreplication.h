// What a host's half of replication is told: where it listens, whom it dials.
#pragma once

#include "app/databases/hostprocess.h"
#include "engine/systems/voltdb/data/voltsettings.h"

namespace tributary::app {

/// Where a host that starts listens for consumers: what it is told, else its own address.
[[nodiscard]] std::string doorOf(const HostPlace& place, const HostSetup& setup, const HostStart& how);

/// Where the host of a connection's source is dialled: as its process tells, as it is drawn, else as addressOfSource().
[[nodiscard]] std::string sourceAddress(const std::string& environment, const std::string& source,
                                        const HostStart& how);

/// Adds replication to what a host is told, where its deployment file has it. Errors: InvalidInput for a source that
/// names no host.
[[nodiscard]] Status giveReplication(engine::voltdb::VoltSettings& settings, const HostPlace& place,
                                     const HostSetup& setup, const HostStart& how);

}  // namespace tributary::app
