// One question to the door.
#include "app/daemon/hostedstate.h"

namespace tributary::app {
namespace {

constexpr Millis kTimeoutMs = 4'000;

bool flag(const engine::Json& json, const char* name, bool otherwise) {
    const auto at = json.find(name);
    return at != json.end() && at->is_boolean() ? at->get<bool>() : otherwise;
}

std::string text(const engine::Json& json, const char* name) {
    const auto at = json.find(name);
    return at != json.end() && at->is_string() ? at->get<std::string>() : std::string();
}

}  // namespace

HostedState hostedStateIn(const engine::Json& answer, const std::string& cluster) {
    HostedState out;
    const auto listed = answer.find("clusters");
    if (listed == answer.end() || !listed->is_array()) return out;
    for (const engine::Json& hosted : *listed) {
        if (!hosted.is_object() || text(hosted, "name") != cluster) continue;
        if (!flag(hosted, "running", true)) out.kind = HostedState::Kind::Killed;
        out.reason = text(hosted, "stopped");
        if (!out.reason.empty()) out.kind = HostedState::Kind::Stopped;
        if (flag(hosted, "frozen", false)) out.kind = HostedState::Kind::Frozen;
    }
    return out;
}

Result<HostedState> hostedStateAt(engine::ControlClient& door, const std::string& cluster) {
    const auto answer = door.callJson(engine::Method::NodeStatus, engine::Json::object(), kTimeoutMs);
    if (!answer) return answer.error();
    return hostedStateIn(answer.value(), cluster);
}

}  // namespace tributary::app
