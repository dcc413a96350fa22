// Looking a table up for writing.
#include "app/rows/targettable.h"

#include <fmt/format.h>

#include "app/observe/clocks.h"
#include "core/systems/naming.h"
#include "engine/admin/tableadmincalls.h"

namespace tributary::app {

Result<TargetTable> findTable(WorkspaceDirectory& directory, const std::string& path) {
    engine::maprdb::ClusterCalls calls(directory, wallNowMs);
    const auto full = calls.fullPath(path, {}, "PATH");
    if (!full) return full.error();
    const auto described = calls.describe(full.value(), "PATH");
    if (!described) return described.error();
    if (described.value().record.kind == "json") {
        return Error{ErrorCode::InvalidInput,
                     fmt::format("{} is a JSON table: it takes documents, not cells", full.value()),
                     {},
                     "write it with mapr dbshell or mapr importJSON"};
    }
    TargetTable table{full.value(), clusterOf(full.value()), {}};
    for (const auto& family : described.value().record.families) {
        if (family.live()) table.families.push_back(family.name);
    }
    if (table.families.empty()) {
        return Error{ErrorCode::Conflict,
                     fmt::format("table {} has no column family", table.path),
                     {},
                     fmt::format("tributary maprcli table cf create -path {} -cfname profile", table.path)};
    }
    return table;
}

}  // namespace tributary::app
