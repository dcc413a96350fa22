// What several of the words and checks ask alike.
#include "app/databaseruns/databaseworld.h"

#include <fmt/format.h>

namespace tributary::app {

Result<NamedRows> askRows(DatabaseWorld& world, const std::vector<HostPlace>& places, const std::string& procedure,
                          const std::vector<std::string>& arguments) {
    auto tables = world.ask(places, procedure, arguments);
    if (!tables) return tables.error();
    if (tables->empty()) return Error{ErrorCode::Corrupt, procedure + " answers no table", {}, {}};
    return NamedRows(tables->front());
}

Result<std::int64_t> idOf(DatabaseWorld& world, const std::string& cluster) {
    const auto places = world.meant(cluster);
    if (!places) return places.error();
    const auto setup = world.setup(places->front());
    if (!setup) return setup.error();
    if (setup->cluster.id) return *setup->cluster.id;
    return Error{ErrorCode::NotFound, fmt::format("{} has no id: its deployment file has no <dr>", cluster), {}, {}};
}

Result<Undrained> undrained(DatabaseWorld& world, const std::vector<HostPlace>& places,
                            std::optional<std::int64_t> remote) {
    const auto rows = askRows(world, places, "@Statistics", {"DRPRODUCERPARTITION", "0"});
    if (!rows) return rows.error();
    Undrained found;
    found.hasRemote = false;
    for (std::size_t row = 0; row < rows->size(); ++row) {
        if (remote && rows->numberAt(row, "REMOTE_CLUSTER_ID") != remote) continue;
        found.hasRemote = true;
        const auto bytes = rows->numberAt(row, "TOTALBYTES");
        const auto gap = rows->numberAt(row, "QUEUE_GAP");
        const auto queued = rows->numberAt(row, "LASTQUEUEDDRID");
        const auto acked = rows->numberAt(row, "LASTACKDRID");
        const std::string partition = rows->at(row, "PARTITION_ID");
        if (!bytes || !gap || !queued || !acked) {
            return Error{
                ErrorCode::Unavailable, fmt::format("partition {} does not tell how far it is", partition), {}, {}};
        }
        if (*gap != 0) {
            found.open.push_back(
                fmt::format("Partition {} has a gap of {} missing drIds that exist on a host that is "
                            "currently offline.",
                            partition, *gap));
        } else if (*bytes > 0 || *queued > *acked) {
            found.open.push_back(fmt::format("Partition {} needs acknowledgement for drIds {} to {} on hosts: {}.",
                                             partition, *acked + 1, *queued, rows->at(row, "HOSTNAME")));
        }
    }
    return found;
}

}  // namespace tributary::app
