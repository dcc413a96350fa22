// The list of built systems.
#include "core/topology/systems.h"

#include <algorithm>

namespace tributary {

const std::vector<std::string>& builtSystemNames() {
    static const std::vector<std::string> kBuilt{"maprdb"};
    return kBuilt;
}

bool isBuiltSystem(std::string_view system) {
    const std::vector<std::string>& built = builtSystemNames();
    return std::find(built.begin(), built.end(), system) != built.end();
}

}  // namespace tributary
