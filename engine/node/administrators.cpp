// Who administers a cluster: the owner of its process, and whom its configuration names.
#include "engine/node/administrators.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"

namespace tributary::engine {

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
