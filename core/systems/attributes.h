// Which attributes the elements of a drawing have, by system.
#pragma once

#include <string_view>
#include <vector>

#include "core/systems/attribute.h"
#include "core/topology/topology.h"

namespace tributary {

/// Attributes of clusters of a system. An unknown system counts as the first, as a drawing that names none does.
[[nodiscard]] const AttributeTable<Cluster>& clusterAttributes(std::string_view system);
/// Attributes of datasets of a kind's system; rows that other kinds of it have say so (Attribute::applies).
[[nodiscard]] const AttributeTable<Dataset>& datasetAttributes(DatasetKind kind);
[[nodiscard]] const AttributeTable<Gateway>& gatewayAttributes();
[[nodiscard]] const AttributeTable<Family>& familyAttributes();
[[nodiscard]] const AttributeTable<Replica>& replicaAttributes();
[[nodiscard]] const AttributeTable<Upstream>& upstreamAttributes();
[[nodiscard]] const AttributeTable<Member>& memberAttributes();
[[nodiscard]] const AttributeTable<Account>& accountAttributes();
[[nodiscard]] const AttributeTable<Peer>& peerAttributes();
[[nodiscard]] const AttributeTable<Wan>& wanAttributes();

/// One section of the file.
struct DrawingSection {
    std::string_view key;
    std::string_view form;
    std::string_view fallback;
    std::string_view meaning;
};
[[nodiscard]] const std::vector<DrawingSection>& drawingSections();

}  // namespace tributary
