// Dispatch, and what every handler shares.
#include "engine/node/controlserver.h"

#include <fmt/format.h>

#include <cassert>

#include "engine/node/administrators.h"
#include "engine/node/requestguard.h"

namespace tributary::engine {

void ControlRequests::add(Method method, ControlHandler handler, Body body) {
    const bool isNew = entries_.emplace(static_cast<std::uint16_t>(method), Entry{std::move(handler), body}).second;
    assert(isNew);
    (void)isNew;  // without asserts
}

const ControlRequests::Entry* ControlRequests::find(std::uint16_t method) const {
    const auto at = entries_.find(method);
    return at == entries_.end() ? nullptr : &at->second;
}

ControlServer::ControlServer(Node& node, ReceiverHost& receiver)
    : node_(node),
      receiver_(receiver),
      server_(
          node.seams(),
          RequestServer::Config{node.config().cluster, node.config().key, knownUsers(node.config()),
                                fmt::format("cluster {}", node.config().cluster), node.config().control},
          [this](RequestServer::Incoming incoming) { dispatch(std::move(incoming)); },
          [this](std::uint64_t session) {
              callers_.erase(session);
              node_.endCopySessions(session);
              for (const auto& control : node_.controls()) control->sessionEnded(session);
              relays_.forget(session);
          }),
      relays_(node.seams(), node.config().resolveControl) {
    addNodeRequests(requests_);
    for (const auto& control : node_.controls()) control->addRequests(requests_);
}

void ControlRequests::openToSetups(std::initializer_list<Method> methods) {
    for (const Method method : methods) entries_.at(static_cast<std::uint16_t>(method)).ofSetups = true;
}

void ControlServer::adopt(const std::string& gateway, std::unique_ptr<Connection> connection, Wire wire, Hello hello) {
    const auto caller = std::make_shared<const GatewayCaller>(GatewayCaller{gateway, std::move(hello)});
    // Its first request may be there already: it must be known before it is read.
    callers_[server_.nextSession()] = caller;
    const std::uint64_t expected = server_.nextSession();
    if (server_.adopt(std::move(connection), std::move(wire), caller->hello) == 0) callers_.erase(expected);
}

void ControlServer::gatewayClosed(const std::string& gateway) {
    std::vector<std::uint64_t> ended;
    for (const auto& [session, caller] : callers_) {
        if (caller->gateway == gateway) ended.push_back(session);
    }
    for (const std::uint64_t session : ended) server_.drop(session);
}

void ControlServer::relay(const RequestServer::Incoming& incoming) {
    const Json body = Json::parse(incoming.body, nullptr, false);
    const auto named = body.find("cluster");
    if (!body.is_object() || named == body.end() || !named->is_string()) {
        incoming.reply(Error{ErrorCode::InvalidInput, "malformed request: a relay needs a cluster", {}, {}});
        return;
    }
    relays_.open(incoming.session, *named,
                 [this, session = incoming.session, reply = incoming.reply](const Result<Endpoint>& opened) {
                     if (!opened) {
                         reply(opened.error());
                         return;
                     }
                     // The client proves itself to the far end, at its own door, and the far end to it: this cluster
                     // carries bytes.
                     reply(Json{{"place", opened.value().text()}, {"tls", opened.value().tls}}.dump());
                     if (auto client = server_.detach(session)) {
                         node_.endCopySessions(session);
                         relays_.join(session, std::move(client));
                     } else {
                         relays_.forget(session);
                     }
                 });
}

/// A source forgets what it has an answer for: no power cut may take that back, whatever this cluster's own clients are
/// promised.
std::function<void(Result<Bytes>)> ControlServer::whenSynced(std::function<void(Result<Bytes>)> reply) {
    return [node = &node_, receiver = &receiver_, reply = std::move(reply)](Result<Bytes> answer) {
        if (!answer || node->seams().faults.hit("bug-setup-answered-unsynced")) {
            reply(std::move(answer));
            return;
        }
        receiver->whenDurable(node->log().durableLsn(), [reply, answer = std::move(answer)](const Status& status) {
            reply(status ? answer : Result<Bytes>(status.error()));
        });
    };
}

void ControlServer::dispatch(RequestServer::Incoming incoming) {
    const auto at = callers_.find(incoming.session);
    const std::shared_ptr<const GatewayCaller> caller = at == callers_.end() ? nullptr : at->second;
    if (caller == nullptr && Method{incoming.method} == Method::Relay) {
        const auto relayed = guarded<void>([&]() -> Status {
            relay(incoming);
            return okStatus();
        });
        if (!relayed) incoming.reply(relayed.error());
        return;
    }
    const ControlRequests::Entry* entry = requests_.find(incoming.method);
    if (entry == nullptr) {
        incoming.reply(Error{ErrorCode::Unsupported,
                             fmt::format("this version knows no request {}", incoming.method),
                             {},
                             "use the same version of tributary at both ends"});
        return;
    }
    if (caller != nullptr && !entry->ofSetups) {
        incoming.reply(
            Error{ErrorCode::PermissionDenied,
                  fmt::format("request {} is not one of a set-up: it goes to the control endpoint", incoming.method),
                  "ErrWrongDoor",
                  {}});
        return;
    }
    const bool binary = entry->body == ControlRequests::Body::Binary;
    if (Status sound = binary ? okStatus() : checkBody(incoming.body); !sound) {
        incoming.reply(sound.error());
        return;
    }
    if (caller != nullptr) incoming.reply = whenSynced(std::move(incoming.reply));
    node_.copies().heard(incoming.session);
    auto reply = incoming.reply;
    const auto handled = guarded<void>([&]() -> Status {
        entry->handler(ControlCall{node_, incoming.session, std::move(incoming.user), std::move(incoming.body),
                                   std::move(incoming.reply), caller});
        return okStatus();
    });
    if (!handled) reply(handled.error());
}

}  // namespace tributary::engine
