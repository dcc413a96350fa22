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
/// Attributes of members of a system's clusters; of Tarantool's when nothing is said.
[[nodiscard]] const AttributeTable<Member>& memberAttributes(std::string_view system = "tarantool");
/// What such a member is called: "an instance", "a host".
[[nodiscard]] std::string_view memberNoun(std::string_view system);
[[nodiscard]] const AttributeTable<Account>& accountAttributes();
[[nodiscard]] const AttributeTable<Peer>& peerAttributes();
[[nodiscard]] const AttributeTable<Connection>& connectionAttributes();
[[nodiscard]] const AttributeTable<Wan>& wanAttributes();
[[nodiscard]] const AttributeTable<Region>& regionAttributes();

/// InvalidInput unless a field of a dataset of this kind may have the type.
[[nodiscard]] Status checkFieldType(DatasetKind kind, std::string_view type);
/// The type of a field that names none.
[[nodiscard]] std::string_view defaultFieldType(DatasetKind kind);

/// One section of the file.
struct DrawingSection {
    std::string_view key;
    std::string_view form;
    std::string_view fallback;
    std::string_view meaning;
};
[[nodiscard]] const std::vector<DrawingSection>& drawingSections();

}  // namespace tributary
