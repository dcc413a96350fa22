// The administrators of a drawn cluster.
#include "core/topology/administrators.h"

namespace tributary {

std::vector<std::string> administratorsOf(const Cluster& cluster) {
    std::vector<std::string> out{"root", "mapr"};
    const auto group = cluster.groups.find("administrators");
    if (group != cluster.groups.end()) out.insert(out.end(), group->second.begin(), group->second.end());
    return out;
}

}  // namespace tributary
