// Requests about volumes, where tables lie.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/escape.h"
#include "core/base/text.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"
#include "engine/systems/maprdb/tables/tablekind.h"

namespace tributary::engine::maprdb {
namespace {

/// A volume is there when a table lies in it; the cluster's own root volume always is.
std::set<std::string> volumesOf(Node& node) {
    std::set<std::string> known{rootVolume(node)};
    for (const auto& [id, record] : node.catalog().datasets()) {
        if (anyTableKind(record.kind()) != nullptr) known.insert(volumeOfPath(record.path));
    }
    return known;
}

void setVolume(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    const std::string volume = body.at("volume");
    if (const auto known = volumesOf(call.node); known.count(volume) == 0) {
        call.reply(Error{ErrorCode::NotFound,
                         fmt::format("cluster {} has no volume {}", call.node.config().cluster, shownLine(volume)),
                         {},
                         "one of: " + join({known.begin(), known.end()}, ", ")});
        return;
    }
    if (body.at("lagthresholdseconds").get<std::int64_t>() < 0) {
        call.reply(Error{ErrorCode::InvalidInput, "a threshold cannot be negative", {}, "give seconds, 0 = no alarm"});
        return;
    }
    CatalogChange change;
    change.what = CatalogChange::What::VolumePut;
    change.volume = volume;
    change.lagThresholdSeconds = body.at("lagthresholdseconds");
    call.node.change([change](const Catalog&) -> Result<CatalogChange> { return change; },
                     [call](const Status& status) { call.replyStatus(status); });
}

}  // namespace

void addVolumeRequests(ControlRequests& requests) {
    requests.add(TableMethod::SetVolume, administratorOnly("change volumes", setVolume));
}

}  // namespace tributary::engine::maprdb
