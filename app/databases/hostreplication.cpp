// Addresses of the deployment file's hosts.
#include "app/databases/hostreplication.h"

namespace tributary::app {

Status giveReplication(engine::voltdb::VoltSettings&, const HostPlace&, const HostSetup&, const HostStart&) {
    return okStatus();
}

}  // namespace tributary::app
