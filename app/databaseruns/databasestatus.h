// voltadmin status: a cluster, its hosts, and how far behind each remote cluster is.
#pragma once

#include "app/databaseruns/databaseworld.h"
#include "core/operations/outcome.h"

namespace tributary::app {

struct DatabaseStatusWords {
    bool remotes = false;  ///< --dr: also what the remote clusters say of themselves
    bool json = false;
};

/// Errors: of the world.
[[nodiscard]] Result<Outcome> databaseStatus(DatabaseWorld& world, const std::vector<HostPlace>& places,
                                             const DatabaseStatusWords& words);

}  // namespace tributary::app
