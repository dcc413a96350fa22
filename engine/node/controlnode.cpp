// Handlers of gateways, alarms, faults and the node itself.
#include <fmt/format.h>

#include <algorithm>

#include "core/base/escape.h"
#include "core/base/hostport.h"
#include "core/base/naming.h"
#include "core/base/text.h"
#include "engine/node/administrators.h"
#include "engine/node/controlserver.h"

namespace tributary::engine {
namespace {

std::string_view durabilityName(Durability durability) {
    switch (durability) {
        case Durability::Fsync: return "fsync";
        case Durability::Write: return "write";
        case Durability::Deferred: return "deferred";
    }
    return "fsync";
}

Json gatewayInfo(Node& node) {
    Json json{{"local", Json::array()}, {"set", Json::object()}};
    for (const GatewayStatus& gateway : node.gateways().list()) {
        json["local"].push_back(
            Json{{"name", gateway.name}, {"endpoint", gateway.endpoint.text()}, {"running", gateway.running}});
        if (gateway.endpoint.tls) json["local"].back()["channel"] = "TLS 1.3";
    }
    for (const auto& [cluster, gateways] : node.catalog().gateways()) json["set"][cluster] = gateways;
    return json;
}

void gatewayService(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    const std::string name = body.value("name", std::string());
    const std::string action = body.at("action");
    if (action != "start" && action != "stop" && action != "restart") {
        call.reply(
            Error{ErrorCode::InvalidInput, fmt::format("unknown action {}", action), {}, "start, stop or restart"});
        return;
    }
    for (const GatewayStatus& gateway : call.node.gateways().list()) {
        if (!name.empty() && gateway.name != name) continue;
        if (action != "start") {
            if (Status stopped = call.node.gateways().stop(gateway.name); !stopped) {
                call.reply(stopped.error());
                return;
            }
        }
        if (action != "stop") {
            if (Status started = call.node.gateways().start(gateway.name); !started) {
                call.reply(started.error());
                return;
            }
        }
        if (!name.empty()) {
            call.replyJson(gatewayInfo(call.node));
            return;
        }
    }
    if (!name.empty()) {
        call.reply(call.node.gateways().start(name).error());
        return;
    }
    call.replyJson(gatewayInfo(call.node));
}

void setGateways(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    if (Status named = checkName("a cluster", body.at("cluster").get<std::string>()); !named) {
        call.reply(named.error());
        return;
    }
    for (const Json& gateway : body.at("gateways")) {
        // "name", or "host:port"; more cannot be told here, since gateways may be set before they exist.
        const std::string whole = gateway.get<std::string>();
        const auto address = parseHostPort(whole);
        const std::string host = address ? address->host : whole;
        const bool v6 = address && host.find(':') != std::string::npos &&
                        host.find_first_not_of("0123456789abcdefABCDEF.:") == std::string::npos;
        if (Status named = v6 ? okStatus() : checkName("a gateway", host); !named) {
            call.reply(named.error());
            return;
        }
    }
    CatalogChange change;
    change.what = CatalogChange::What::GatewaysPut;
    change.cluster = body.at("cluster");
    change.gateways = body.at("gateways").get<std::vector<std::string>>();
    call.node.change([change](const Catalog&) -> Result<CatalogChange> { return change; },
                     [call](const Status& status) { call.replyStatus(status); });
}

void listAlarms(const ControlCall& call) {
    Json json{{"alarms", Json::array()}};
    for (const Alarm& alarm : call.node.alarms().list()) {
        json["alarms"].push_back(Json{{"name", alarm.name},
                                      {"entity", alarm.entity},
                                      {"type", alarm.name.starts_with("VOLUME") ? "volume" : "node"},
                                      {"state", 1},
                                      {"raisedms", alarm.raisedMs},
                                      {"description", alarm.description}});
    }
    call.replyJson(json);
}

void raiseAlarm(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    const std::string name = body.at("name");
    for (const auto& [known, meaning] : alarmNames()) {
        if (known != name) continue;
        call.node.alarms().raise(name, body.value("entity", std::string()),
                                 body.value("description", std::string(meaning)), call.node.seams().clock.wallMs());
        call.reply(Bytes("{}"));
        return;
    }
    call.reply(Error{ErrorCode::NotFound, fmt::format("no alarm is called {}", name), {}, {}});
}

/// Alarms of some dataset are, or could be.
bool isRaisedFor(Node& node, const std::string& entity) {
    for (const auto& control : node.controls()) {
        if (control->knowsEntity(entity)) return true;
    }
    const auto& datasets = node.catalog().datasets();
    return std::any_of(datasets.begin(), datasets.end(), [&](const auto& item) {
        return node.control(item.second).alarmEntity(item.second.path) == entity;
    });
}

std::string entityNouns(Node& node) {
    std::vector<std::string> nouns;
    for (const auto& control : node.controls()) nouns.emplace_back(control->entityNouns());
    return join(nouns, ", ");
}

/// Clearing what cannot be raised is a slip of the pen, not a success.
void clearAlarm(const ControlCall& call) {
    const Json body = Json::parse(call.body);
    const std::string name = body.value("name", std::string());
    const std::string entity = body.value("entity", std::string());
    const auto& names = alarmNames();
    if (!name.empty() &&
        std::none_of(names.begin(), names.end(), [&](const auto& known) { return known.first == name; })) {
        call.reply(Error{ErrorCode::NotFound, fmt::format("no alarm is called {}", shownLine(name)), {}, {}});
        return;
    }
    const std::vector<Alarm> raised = call.node.alarms().list();
    const std::vector<GatewayStatus> gateways = call.node.gateways().list();
    bool known = entity.empty() || entity == call.node.config().cluster ||
                 call.node.catalog().byPath(entity) != nullptr || isRaisedFor(call.node, entity);
    for (const Alarm& alarm : raised) known = known || alarm.entity == entity;
    for (const GatewayStatus& gateway : gateways) known = known || gateway.name == entity;
    if (!known) {
        call.reply(Error{ErrorCode::NotFound,
                         fmt::format("cluster {} has no {}, gateway or alarm called {}", call.node.config().cluster,
                                     entityNouns(call.node), shownLine(entity)),
                         {},
                         {}});
        return;
    }
    call.node.alarms().clear(name, entity);
    // By its name only, not among all others: these two say that somebody has looked.
    if (name == kAlarmClockDrift) call.node.letInHeldClocks();
    if (name == kAlarmReplicationError) call.node.forgetDivergence(entity);
    call.reply(Bytes("{}"));
}

Json linksOf(Node& node) {
    Json links = Json::array();
    for (const auto& [id, record] : node.catalog().datasets()) {
        DatasetRuntime* runtime = node.dataset(id);
        if (runtime == nullptr) continue;
        for (const ReplicaRecord& replica : record.replicas) {
            const auto at = runtime->links.find(replica.idx);
            if (at == runtime->links.end()) continue;
            LinkStatus status = at->second->status();
            node.setups().addTrouble(id, replica, status);
            Json json =
                node.control(record).linkJson({record, replica, status, node.copies().stalledSinceMs(id, replica.idx)});
            json["dataset"] = record.path;
            json["pinnedbytes"] = node.log().bytesFrom(status.cursorLsn + 1);
            links.push_back(std::move(json));
        }
    }
    return links;
}

void nodeStatus(const ControlCall& call) {
    Node& node = call.node;
    const bool failed = node.failed();
    Json incoming = Json::array();
    for (const IncomingStatus& session : node.gateways().incoming()) {
        incoming.push_back(Json{{"fromcluster", session.fromCluster},
                                {"frompath", session.fromPath},
                                {"dataset", session.toPath},
                                {"gateway", session.gateway}});
    }
    Json faults = Json::array();
    if (node.config().faults) {
        auto listed = node.config().faults(Json{{"what", "list"}});
        if (listed) faults = listed.value()["faults"];
    }
    const std::string reason = failed            ? node.failure()->text()
                               : node.diskFull() ? "the disk is full: writes are refused, reads go on"
                                                 : "";
    Json json{{"cluster", node.config().cluster},
              {"pid", node.config().pid},
              {"durability", durabilityName(node.config().durability)},
              {"uptimems", (node.seams().clock.monotonicUs() - node.startedUs()) / 1000},
              {"log", Json{{"head", node.log().headLsn()},
                           {"durable", node.log().durableLsn()},
                           {"first", node.log().firstLsn()},
                           {"bytes", node.log().bytesFrom(node.log().firstLsn())}}},
              {"memory", Json{{"used", node.pool().usedBytes()}, {"max", node.pool().limitBytes()}}},
              {"settled", node.settled()},
              {"links", linksOf(node)},
              {"incoming", incoming},
              {"gateways", gatewayInfo(node)["local"]},
              {"gatewayrecords", gatewayInfo(node)["set"]},
              {"users", node.config().users},
              {"groups", node.config().groups},
              {"datasets", node.catalog().datasets().size()},
              {"alarms", node.alarms().list().size()},
              {"faults", faults},
              {"state", failed            ? "failed"
                        : node.diskFull() ? "read-only"
                                          : "ok"},
              {"reason", reason},
              {"note", node.recoveryNote()}};
    call.replyJson(json);
}

void faults(const ControlCall& call) {
    if (Json::parse(call.body).value("what", std::string()) != "list") {
        if (Status allowed = requireAdministrator(call.node.config(), call.user, "make or clear faults"); !allowed) {
            call.reply(allowed.error());
            return;
        }
    }
    if (!call.node.config().faults) {
        call.reply(Error{ErrorCode::Unsupported, "this engine takes no faults", {}, {}});
        return;
    }
    auto done = call.node.config().faults(Json::parse(call.body));
    if (!done) {
        call.reply(done.error());
        return;
    }
    call.replyJson(done.value());
}

}  // namespace

ControlHandler administratorOnly(const char* deed, ControlHandler handler) {
    return [deed, handler = std::move(handler)](const ControlCall& call) {
        if (Status allowed = requireAdministrator(call.node.config(), call.user, deed); !allowed) {
            call.reply(allowed.error());
            return;
        }
        handler(call);
    };
}

void addNodeRequests(ControlRequests& requests) {
    requests.add(Method::SetGateways, administratorOnly("set gateways", setGateways));
    requests.add(Method::GatewayInfo, [](const ControlCall& call) { call.replyJson(gatewayInfo(call.node)); });
    requests.add(Method::GatewayService, administratorOnly("start or stop gateways", gatewayService));
    requests.add(Method::ListAlarms, listAlarms);
    requests.add(Method::RaiseAlarm, administratorOnly("raise alarms", raiseAlarm));
    requests.add(Method::ClearAlarm, administratorOnly("clear alarms", clearAlarm));
    requests.add(Method::NodeStatus, nodeStatus);
    requests.add(Method::Faults, faults);
    requests.add(Method::Shutdown, [](const ControlCall& call) {
        call.reply(Bytes("{}"));
        if (call.node.config().onShutdownRequested) call.node.config().onShutdownRequested();
    });
}

}  // namespace tributary::engine
