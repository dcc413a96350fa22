// Who administers a cluster: the owner of its process, and whom its configuration names.
#include "engine/node/administrators.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"

namespace tributary::engine {

std::vector<std::string> knownUsers(const NodeConfig& config) {
    std::vector<std::string> known = config.users;
    if (known.empty()) return known;
    // Who may change the cluster as a whole is no stranger at any of its other verbs.
    for (const std::string& name : config.administrators) {
        if (std::find(known.begin(), known.end(), name) == known.end()) known.push_back(name);
    }
    return known;
}

Status requireAdministrator(const NodeConfig& config, const std::string& user, std::string_view deed) {
    const auto& known = config.administrators;
    if (known.empty() || std::find(known.begin(), known.end(), user) != known.end()) return okStatus();
    return Error{
        ErrorCode::PermissionDenied,
        fmt::format("user {} may not {} of cluster {}: its administrators may ({})", user, deed, config.cluster,
                    join(known, ", ")),
        {},
        fmt::format("--as {}, or draw {} in the group administrators of {}", known.front(), user, config.cluster)};
}

}  // namespace tributary::engine
