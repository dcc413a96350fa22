// What the texts of a drawing name: a cluster, a member of one, or a dataset in one. The one place that knows.
//
//   /mapr/newyork/customers      a dataset of a MapR-DB cluster (core/systems/maprdb/naming.h)
//   replicaset001:bands          a dataset of any other system's cluster
//   replicaset001/instance001    a member of a cluster
//   replicaset001                a cluster
#pragma once

#include <string>
#include <string_view>

namespace tributary {

/// The end of an edge, or a dataset. Whether it is drawn is another question.
struct Endpoint {
    std::string cluster;  ///< empty: the text has none of the forms above
    std::string member;   ///< "instance001", or empty
    std::string dataset;  ///< as it is named inside the cluster: "/customers", "bands"; or empty

    [[nodiscard]] bool known() const { return !cluster.empty(); }
    [[nodiscard]] bool isCluster() const { return known() && member.empty() && dataset.empty(); }
    [[nodiscard]] bool isMember() const { return !member.empty(); }
    [[nodiscard]] bool isDataset() const { return !dataset.empty(); }
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// Reads any of the forms; an Endpoint that is not known() when the text has none of them.
[[nodiscard]] Endpoint endpointOf(std::string_view text);

/// How a dataset's name tells its cluster, for advice: "/mapr/CLUSTER/...".
[[nodiscard]] std::string_view clusterForm();

/// The cluster of a dataset's name; empty when the text names no dataset.
[[nodiscard]] std::string clusterOf(std::string_view dataset);

/// The system whose names look like this, whole or nearly so ("maprdb" of /customers too, since nobody else's begin
/// with a slash); empty when any system's may.
[[nodiscard]] std::string_view systemOfForm(std::string_view text);

/// Whether a dataset of `system` may be named like this: slashes are MapR-DB's and nobody else's.
[[nodiscard]] bool formFits(std::string_view system, std::string_view text);

/// How a dataset of `system` is named: "/mapr/newyork/customers", "replicaset001:bands".
[[nodiscard]] std::string datasetIn(std::string_view system, std::string_view cluster, std::string_view name);
/// "replicaset001:bands".
[[nodiscard]] std::string joinedDataset(std::string_view cluster, std::string_view dataset);
/// "replicaset001/instance001".
[[nodiscard]] std::string joinedMember(std::string_view cluster, std::string_view member);

}  // namespace tributary
