// Orders into requests.
#include "app/desktop/live/faultorders.h"

#include <fmt/format.h>

#include "app/desktop/live/livetext.h"
#include "app/observe/audit.h"
#include "core/base/text.h"
#include "core/topology/measures.h"

namespace tributary::desktop {
namespace {

using engine::Json;

constexpr Millis kGatewayCallMs = 10'000;

bool allDigits(const std::string& text) {
    return !text.empty() && text.size() < 16 && text.find_first_not_of("0123456789") == std::string::npos;
}

Result<Millis> millisOf(const std::string& text) {
    const Result<Micros> parsed = parseLatency(allDigits(text) ? text + "ms" : text);
    if (!parsed) return parsed.error();
    if (*parsed == 0) return Error{ErrorCode::InvalidInput, "a delay of 0 is none", {}, "35ms"};
    return *parsed / 1000;
}

Status known(const Topology& topology, const std::string& name) {
    if (topology.cluster(name) != nullptr) return okStatus();
    return Error{ErrorCode::InvalidInput,
                 fmt::format("the saved drawing has no cluster '{}'", name),
                 {},
                 "save the drawing, or choose another cluster"};
}

Result<Json> networkRequest(const FaultOrder& order) {
    if (order.kind == FaultKind::Cut) return Json{{"what", "cut"}};
    if (order.kind == FaultKind::Heal) return Json{{"what", "heal"}};
    if (order.kind == FaultKind::Delay) {
        const auto ms = millisOf(order.amount);
        if (!ms) return ms.error();
        return Json{{"what", "delay"}, {"ms", *ms}};
    }
    const auto bytes = parseBandwidth(allDigits(order.amount) ? order.amount + "B/s" : order.amount);
    if (!bytes) return bytes.error();
    return Json{{"what", "bandwidth"}, {"bytes", *bytes}};
}

Status networkFaultOf(app::Session& session, const FaultOrder& order) {
    for (const std::string& name : {order.a, order.b}) {
        if (Status there = known(session.topology(), name); !there) return there;
    }
    if (order.a == order.b) {
        return Error{ErrorCode::InvalidInput, "a network lies between two different clusters", {}, {}};
    }
    auto request = networkRequest(order);
    if (!request) return request.error();
    (*request)["peer"] = order.b;
    if (Status sent = app::sendFault(session, order.a, *request); !sent) return sent;
    if (order.oneWay) return okStatus();
    (*request)["peer"] = order.a;
    return app::sendFault(session, order.b, *request);
}

Status gatewayFaultOf(app::Session& session, const FaultOrder& order) {
    const auto cluster = app::clusterOfGateway(session.topology(), order.a);
    if (!cluster) return cluster.error();
    auto client = session.directory().client(*cluster);
    if (!client) return client.error();
    const char* action = order.kind == FaultKind::GatewayStop ? "stop" : "start";
    const auto done = client.value()->callJson(engine::Method::GatewayService,
                                               Json{{"name", order.a}, {"action", action}}, kGatewayCallMs);
    return done ? okStatus() : Status(done.error());
}

Status clusterFaultOf(app::Session& session, const FaultOrder& order) {
    if (Status there = known(session.topology(), order.a); !there) return there;
    Json request;
    switch (order.kind) {
        case FaultKind::Kill: request = {{"what", "kill"}}; break;
        case FaultKind::Freeze: request = {{"what", "freeze"}}; break;
        case FaultKind::Thaw: request = {{"what", "thaw"}}; break;
        case FaultKind::Start: request = {{"what", "start"}}; break;
        case FaultKind::DiskFull: request = {{"what", "disk"}, {"mode", "full"}}; break;
        case FaultKind::DiskSlow: request = {{"what", "disk"}, {"mode", "slow"}}; break;
        default: request = {{"what", "disk"}, {"mode", "ok"}}; break;
    }
    if (order.kind == FaultKind::DiskSlow && !order.amount.empty()) {
        const auto ms = millisOf(order.amount);
        if (!ms) return ms.error();
        request["ms"] = *ms;
    }
    const Status sent = app::sendFault(session, order.a, request);
    session.directory().forget();  // what was killed or started answers at a new connection
    return sent;
}

bool isNetwork(FaultKind kind) {
    return kind == FaultKind::Cut || kind == FaultKind::Delay || kind == FaultKind::Bandwidth ||
           kind == FaultKind::Heal;
}

const char* verbOf(FaultKind kind) {
    switch (kind) {
        case FaultKind::Cut: return "cut";
        case FaultKind::Delay: return "delay";
        case FaultKind::Bandwidth: return "bandwidth";
        case FaultKind::Heal: return "heal";
        case FaultKind::GatewayStop: return "gateway stop";
        case FaultKind::GatewayStart: return "gateway start";
        case FaultKind::Kill: return "kill";
        case FaultKind::Freeze: return "freeze";
        case FaultKind::Thaw: return "thaw";
        case FaultKind::Start: return "start";
        case FaultKind::DiskFull: return "disk full";
        case FaultKind::DiskSlow: return "disk slow";
        case FaultKind::DiskOk: return "disk ok";
    }
    return "";
}

}  // namespace

QString faultOrderText(const FaultOrder& order) {
    std::string text = verbOf(order.kind);
    text += " " + order.a;
    if (isNetwork(order.kind)) text += (order.oneWay ? " -> " : " <-> ") + order.b;
    if (!order.amount.empty()) text += ", " + order.amount;
    return toQt(text);
}

Status carryOutFault(app::Session& session, const FaultOrder& order) {
    const bool gateway = order.kind == FaultKind::GatewayStop || order.kind == FaultKind::GatewayStart;
    const Status done = isNetwork(order.kind) ? networkFaultOf(session, order)
                        : gateway             ? gatewayFaultOf(session, order)
                                              : clusterFaultOf(session, order);
    app::audit(session, "tributary fault " + toStd(faultOrderText(order)), done ? std::string() : done.error().text());
    return done;
}

ClearedFaults clearAndProve(app::Session& session) {
    ClearedFaults cleared;
    cleared.problems = app::clearFaults(session);
    cleared.left = app::listFaults(session);  // the proof: asked anew, not believed
    app::audit(session, "tributary fault clear", cleared.clean() ? std::string() : "faults are left");
    return cleared;
}

}  // namespace tributary::desktop
