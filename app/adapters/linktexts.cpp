// What a row of ListReplicas or NodeStatus says of its link, as people and checks name it.
#include "app/adapters/linktexts.h"

#include <fmt/format.h>

#include "core/base/text.h"

namespace tributary::app {

using engine::Json;
using engine::maprdb::flagOf;
using engine::maprdb::numberOf;
using engine::maprdb::textOf;

std::string linkErrorOf(const Json& link) {
    const auto error = link.find("error");
    if (error == link.end() || !error->is_object()) return {};
    std::string text = textOf(*error, "code") + ": " + textOf(*error, "message");
    // Since when nothing gets further, and what waits for it.
    if (const std::int64_t sinceMs = numberOf(*error, "sincems", 0); sinceMs > 0) {
        text += fmt::format(" (since {}; {} operations, {} bytes wait)", isoTime(sinceMs),
                            numberOf(link, "putspending", 0), numberOf(link, "bytespending", 0));
    }
    return text;
}

std::string linkStallOf(const Json& link) {
    const auto stall = link.find("stall");
    if (stall == link.end() || !stall->is_object()) return {};
    return fmt::format("nothing acknowledged for {} s: {}", numberOf(*stall, "forms", 0) / 1000,
                       textOf(*stall, "reason"));
}

std::string linkStateOf(const Json& link) {
    if (link.contains("copystalledsincems")) return "error";
    if (flagOf(link, "paused")) return "paused";
    const std::string replica = textOf(link, "state");
    if (replica == "REPLICA_STATE_UNEXPECTED") return "error";
    if (replica.ends_with("_SCHEDULE") || replica == "REPLICA_STATE_WAIT_TILL_BULKLOAD") return "scheduled";
    if (replica != "REPLICA_STATE_REPLICATING" && !replica.empty()) return "copying";
    const std::string state = textOf(link, "link");
    const auto error = link.find("error");
    const std::string code = error != link.end() && error->is_object() ? textOf(*error, "code") : std::string();
    if (state == "agreement-missing" || code == "ErrNoUpstream") return "agreement-missing";
    if (code == "ErrAllGatewaysUnreachable" || code == "ErrNoGateways") return "unreachable";
    if (!code.empty()) return "error";
    if (state == "streaming") return "replicating";
    return state == "backing-off" ? "unreachable" : state;
}

}  // namespace tributary::app
