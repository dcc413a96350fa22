// One question to the door.
#include "app/daemon/hostedstate.h"

#include "engine/admin/tableadmincalls.h"

namespace tributary::app {
namespace {

using engine::maprdb::flagOf;
using engine::maprdb::textOf;

constexpr Millis kTimeoutMs = 4'000;

}  // namespace

HostedState hostedStateIn(const engine::Json& answer, const std::string& cluster) {
    HostedState out;
    const auto listed = answer.find("clusters");
    if (listed == answer.end() || !listed->is_array()) return out;
    for (const engine::Json& hosted : *listed) {
        if (textOf(hosted, "name") != cluster) continue;
        if (!flagOf(hosted, "running", true)) out.kind = HostedState::Kind::Killed;
        out.reason = textOf(hosted, "stopped");
        if (!out.reason.empty()) out.kind = HostedState::Kind::Stopped;
        if (flagOf(hosted, "frozen")) out.kind = HostedState::Kind::Frozen;
    }
    return out;
}

Result<HostedState> hostedStateAt(engine::ControlClient& door, const std::string& cluster) {
    const auto answer = door.callJson(engine::Method::NodeStatus, engine::Json::object(), kTimeoutMs);
    if (!answer) return answer.error();
    return hostedStateIn(answer.value(), cluster);
}

}  // namespace tributary::app
