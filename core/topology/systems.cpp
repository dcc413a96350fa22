// What is built.
#include "core/topology/systems.h"

#include <fmt/format.h>

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

Status requireBuiltKind(const Dataset& dataset) {
    if (!dataset.exists || dataset.kind == DatasetKind::BinaryTable) return okStatus();
    return Error{
        ErrorCode::Unsupported,
        fmt::format("{} is a {}: this version realises binary tables", dataset.path, datasetKindName(dataset.kind)),
        {},
        "mark it exists: false"};
}

}  // namespace tributary
