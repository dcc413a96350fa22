// Drawn connections, against what the books of hosts say.
#include "app/databases/secondmaster.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/databases/databasefiles.h"
#include "app/databases/hostprocess.h"
#include "core/systems/voltdb/vocabulary.h"
#include "engine/machine/realfileops.h"
#include "engine/systems/voltdb/replication/drbook.h"

namespace tributary::app {
namespace {

/// A replica by the drawing that is a master by its own book.
bool wasPromoted(const std::vector<HostPlace>& places) {
    engine::RealFileOps files;
    return std::any_of(places.begin(), places.end(), [&](const HostPlace& place) {
        const auto book = engine::voltdb::loadBook(files, place.bookFile());
        return book && book->role == engine::voltdb::DrRole::Master;
    });
}

bool anyRuns(const std::vector<HostPlace>& places) {
    return std::any_of(places.begin(), places.end(), [](const HostPlace& place) {
        const auto seen = lookAtHost(place);
        return seen && seen->life == HostLife::Running;
    });
}

}  // namespace

Status requireOneMaster(const WorkspacePaths& paths, const Topology& topology,
                        const std::vector<std::string>& clusters) {
    const auto isAsked = [&](const std::string& name) {
        return std::find(clusters.begin(), clusters.end(), name) != clusters.end();
    };
    for (const Connection& connection : topology.connections) {
        const Cluster* replica = topology.cluster(connection.at);
        const Cluster* master = topology.cluster(connection.from);
        if (replica == nullptr || master == nullptr) continue;
        if (voltdb::roleOf(*replica) != "replica" || voltdb::roleOf(*master) != "master") continue;
        const std::vector<HostPlace> promoted = hostsOf(paths, topology, replica->name);
        if (!wasPromoted(promoted)) continue;
        const bool replicaRuns = anyRuns(promoted);
        const bool masterRuns = anyRuns(hostsOf(paths, topology, master->name));
        const bool replicaStarts = !replicaRuns && isAsked(replica->name);
        const bool masterStarts = !masterRuns && isAsked(master->name);
        const bool isBoth = (replicaRuns || replicaStarts) && (masterRuns || masterStarts);
        if (!isBoth || (!replicaStarts && !masterStarts)) continue;
        return Error{
            ErrorCode::Conflict,
            fmt::format("{0} is drawn as a replica of {1}, and it was promoted: beside {1} there would be two masters, "
                        "and their rows would go apart",
                        replica->name, master->name),
            fmt::format("{}:{}:{}", paths.topology(), replica->pos.line, replica->pos.column),
            fmt::format("start the one that counts: tributary up --cluster {0}; then draw role: master for {0}, role: "
                        "replica for {1} and the connection the other way round, and begin {1} from scratch: runbook "
                        "restart-dr-from-scratch",
                        replica->name, master->name)};
    }
    return okStatus();
}

}  // namespace tributary::app
