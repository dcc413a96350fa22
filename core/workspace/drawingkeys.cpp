// The tables of attributes as keys of the file.
#include "core/workspace/drawingkeys.h"

#include <algorithm>
#include <cassert>

#include "core/systems/attributes.h"

namespace tributary {
namespace {

DrawingElement file() {
    DrawingElement out{"the drawing", "topology.yaml", "the file; sections that are empty may be left out", {}};
    for (const DrawingSection& each : drawingSections()) {
        out.keys.push_back({each.key, each.form, each.fallback, each.meaning});
    }
    return out;
}

template <typename T>
DrawingElement element(const AttributeTable<T>& table) {
    DrawingElement out{table.thing, table.section, table.meaning, {}};
    for (const Attribute<T>& row : table.rows) {
        if (row.spec.identity) continue;
        out.keys.push_back({row.spec.name, row.spec.form, row.spec.fallback, row.spec.meaning});
    }
    return out;
}

}  // namespace

const std::vector<DrawingElement>& drawingElements() {
    static const std::vector<DrawingElement> kElements{file(),
                                                       element(clusterAttributes("maprdb")),
                                                       element(gatewayAttributes()),
                                                       element(datasetAttributes(DatasetKind::BinaryTable)),
                                                       element(familyAttributes()),
                                                       element(replicaAttributes()),
                                                       element(upstreamAttributes()),
                                                       element(wanAttributes()),
                                                       element(clusterAttributes("tarantool")),
                                                       element(memberAttributes()),
                                                       element(accountAttributes()),
                                                       element(datasetAttributes(DatasetKind::Space)),
                                                       element(peerAttributes()),
                                                       element(clusterAttributes("voltdb")),
                                                       element(memberAttributes("voltdb")),
                                                       element(datasetAttributes(DatasetKind::DrTable)),
                                                       element(connectionAttributes()),
                                                       element(regionAttributes())};
    return kElements;
}

std::vector<std::string> drawingKeyNames(std::string_view thing) {
    std::vector<std::string> names;
    const auto found = std::find_if(drawingElements().begin(), drawingElements().end(),
                                    [&](const DrawingElement& element) { return element.thing == thing; });
    assert(found != drawingElements().end());
    for (const DrawingKey& key : found->keys) names.emplace_back(key.key);
    return names;
}

}  // namespace tributary
