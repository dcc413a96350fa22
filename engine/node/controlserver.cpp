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

ControlServer::ControlServer(Node& node)
    : node_(node),
      server_(
          node.seams(),
          RequestServer::Config{node.config().cluster, node.config().key, knownUsers(node.config()),
                                fmt::format("cluster {}", node.config().cluster), node.config().control},
          [this](RequestServer::Incoming incoming) { dispatch(std::move(incoming)); },
          [this](std::uint64_t session) {
              node_.endCopySessions(session);
              for (const auto& control : node_.controls()) control->sessionEnded(session);
              relays_.forget(session);
          }),
      relays_(node.seams(), node.config().resolveControl) {
    addNodeRequests(requests_);
    for (const auto& control : node_.controls()) control->addRequests(requests_);
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
                     reply(Json{{"place", opened.value().text()}}.dump());
                     if (auto client = server_.detach(session)) {
                         node_.endCopySessions(session);
                         relays_.join(session, std::move(client));
                     } else {
                         relays_.forget(session);
                     }
                 });
}

void ControlServer::dispatch(RequestServer::Incoming incoming) {
    if (Method{incoming.method} == Method::Relay) {
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
    const bool binary = entry->body == ControlRequests::Body::Binary;
    if (Status sound = binary ? okStatus() : checkBody(incoming.body); !sound) {
        incoming.reply(sound.error());
        return;
    }
    node_.copies().heard(incoming.session);
    auto reply = incoming.reply;
    const auto handled = guarded<void>([&]() -> Status {
        entry->handler(ControlCall{node_, incoming.session, std::move(incoming.user), std::move(incoming.body),
                                   std::move(incoming.reply)});
        return okStatus();
    });
    if (!handled) reply(handled.error());
}

}  // namespace tributary::engine
