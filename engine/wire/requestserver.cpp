// Sessions of a request server.
#include "engine/wire/requestserver.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "core/base/limits.h"
#include "engine/wire/requests.h"

namespace tributary::engine {
namespace {

void refuse(Connection& connection, Wire& wire, const Refusal& refusal) {
    connection.send(wire.seal(FrameType::Refused, encodeRefusal(refusal)));
    connection.close();
}

}  // namespace

RequestServer::RequestServer(Seams& seams, Config config, Dispatch dispatch, OnEnded onEnded)
    : seams_(seams), config_(std::move(config)), dispatch_(std::move(dispatch)), onEnded_(std::move(onEnded)) {}

RequestServer::~RequestServer() {
    *alive_ = false;
}

Status RequestServer::startAll() {
    for (const Endpoint& endpoint : config_.endpoints) {
        // Each door has a greeter, and so bounds, of its own: strangers on TCP do not hold up the local socket.
        greeters_.push_back(std::make_unique<Greeter>(
            seams_, config_.cluster, config_.key,
            [this](std::unique_ptr<Connection> connection, Wire wire, const Hello& hello) {
                // Links and set-ups come by the gateways.
                if (hello.kind == ConnectionClass::Data || hello.kind == ConnectionClass::Setup) {
                    refuse(*connection, wire, {"ErrWrongDoor", "this is a control endpoint: links go to a gateway", 0});
                } else {
                    (void)letIn(std::move(connection), std::move(wire), hello);
                }
            },
            Greeter::Limits{}));
        auto listener = seams_.transport.listen(
            endpoint, [greeter = greeters_.back().get()](std::unique_ptr<Connection> connection) {
                greeter->accept(std::move(connection));
            });
        if (!listener) {
            Error error = listener.error();
            error.where = "control endpoint of " + config_.who;
            return error;
        }
        greeters_.back()->setPlace(listener.value()->endpoint());
        listeners_.push_back(std::move(listener).value());
    }
    return okStatus();
}

std::vector<Endpoint> RequestServer::endpoints() const {
    std::vector<Endpoint> out;
    for (const auto& listener : listeners_) out.push_back(listener->endpoint());
    return out;
}

/// Memory that is refused to one request ends its session, not the server.
template <typename Work>
void RequestServer::orEnd(std::uint64_t id, Work work) {
    try {
        work();
    } catch (const std::bad_alloc&) {
        end(id);
    }
}

std::optional<Refusal> RequestServer::whyNot(const Connection& connection, const Hello& hello) const {
    const auto peer = connection.localPeer();
    if (peer && !peer->ownsThis && (peer->user.empty() || (!hello.user.empty() && hello.user != peer->user))) {
        seams_.faults.reached("claim-refused");
        return Refusal{"ErrUserClaim", fmt::format("user {} may not act as {}", peer->user, hello.user), 0};
    }
    const std::string& user = peer && hello.user.empty() ? peer->user : hello.user;
    const auto& users = config_.users;
    if (!users.empty() && std::find(users.begin(), users.end(), user) == users.end()) {
        return Refusal{kErrUnknownUser, fmt::format("{} knows no user {}", config_.who, user), 0};
    }
    return std::nullopt;
}

/// The user of one request, which may name another than its session.
Result<std::string> RequestServer::actingUser(const Session& session, const std::string& claimed) const {
    if (claimed.empty() || claimed == session.user) return session.user;
    const auto& users = config_.users;
    const bool known = users.empty() || std::find(users.begin(), users.end(), claimed) != users.end();
    if (session.actsForOthers && known) return claimed;
    return Error{ErrorCode::PermissionDenied,
                 known ? fmt::format("user {} may not act as {}", session.user, claimed)
                       : fmt::format("{} knows no user {}", config_.who, claimed),
                 {},
                 {}};
}

std::uint64_t RequestServer::adopt(std::unique_ptr<Connection> connection, Wire wire, const Hello& hello) {
    return letIn(std::move(connection), std::move(wire), hello);
}

std::uint64_t RequestServer::letIn(std::unique_ptr<Connection> connection, Wire wire, const Hello& hello) {
    if (const auto refusal = whyNot(*connection, hello)) {
        refuse(*connection, wire, *refusal);
        return 0;
    }
    const auto peer = connection->localPeer();
    const std::uint64_t id = nextSession_++;
    Session& session = sessions_[id];
    session.connection = std::move(connection);
    session.wire = std::move(wire);
    session.user = peer && hello.user.empty() ? peer->user : hello.user;
    session.actsForOthers = !peer || peer->ownsThis;
    session.connection->onBytes = [this, id](BytesView bytes) {
        orEnd(id, [&] {
            const auto at = sessions_.find(id);
            if (at == sessions_.end()) return;
            at->second.wire.feed(bytes);
            drain(id);
        });
    };
    session.connection->onClosed = [this, id](const Error&) { end(id); };
    if (!hello.fromCluster.empty()) session.connection->tagPeer(hello.fromCluster);
    session.connection->send(session.wire.seal(FrameType::HelloOk, encodeWelcome(seams_.clock.wallMs())));
    drain(id);
    return id;
}

void RequestServer::drain(std::uint64_t id) {
    while (true) {
        const auto at = sessions_.find(id);
        if (at == sessions_.end()) return;
        Session& session = at->second;
        if (session.pending >= kPendingMax) {
            session.paused = true;
            session.connection->pauseReading(true);
            return;
        }
        const auto frame = session.wire.next();
        if (!frame) {
            end(id);
            return;
        }
        if (!frame.value()) return;
        take(id, *frame.value());
    }
}

void RequestServer::take(std::uint64_t id, const Frame& frame) {
    Session& session = sessions_.at(id);
    if (frame.type == FrameType::Ping) {
        session.connection->send(session.wire.seal(FrameType::Pong, {}));
        return;
    }
    const auto request = frame.type == FrameType::Request
                             ? decodeRequest(frame.body)
                             : Result<Request>(Error{ErrorCode::Corrupt, "not a request", {}, {}});
    if (!request) {
        end(id);
        return;
    }
    const std::uint64_t requestId = request.value().id;
    ++session.pending;
    if (Status fits = limits::check("request", request.value().body.size(), "a request"); !fits) {
        answer(id, requestId, fits.error());
        return;
    }
    auto user = actingUser(session, request.value().user);
    if (!user) {
        answer(id, requestId, user.error());
        return;
    }
    dispatch_(Incoming{id, request.value().method, std::move(user).value(), Bytes(request.value().body),
                       [this, alive = alive_, id, requestId](const Result<Bytes>& result) {
                           if (!*alive) return;
                           orEnd(id, [&] { answer(id, requestId, result); });
                       }});
}

void RequestServer::answer(std::uint64_t id, std::uint64_t requestId, const Result<Bytes>& result) {
    const auto at = sessions_.find(id);
    if (at == sessions_.end()) return;
    Session& session = at->second;
    if (session.pending > 0) --session.pending;
    Response response;
    response.id = requestId;
    const Status fits = result.ok() ? limits::check("answer", result.value().size(), "an answer") : okStatus();
    response.ok = result.ok() && fits.ok();
    if (response.ok) {
        response.body = result.value();
    } else {
        response.error = result.ok() ? fits.error() : result.error();
    }
    session.connection->send(session.wire.seal(FrameType::Response, encodeResponse(response)));
    if (!session.paused || session.pending > kPendingMax / 2) return;
    session.paused = false;
    session.connection->pauseReading(false);
    seams_.executor.post([this, alive = alive_, id] {
        if (*alive) drain(id);
    });
}

std::unique_ptr<Connection> RequestServer::detach(std::uint64_t id) {
    const auto at = sessions_.find(id);
    if (at == sessions_.end()) return nullptr;
    if (at->second.wire.bufferedBytes() != 0) {
        end(id);
        return nullptr;
    }
    std::unique_ptr<Connection> connection = std::move(at->second.connection);
    sessions_.erase(at);
    connection->onBytes = {};
    connection->onClosed = {};
    return connection;
}

void RequestServer::end(std::uint64_t id) {
    const auto at = sessions_.find(id);
    if (at == sessions_.end()) return;
    auto old = std::make_shared<std::unique_ptr<Connection>>(std::move(at->second.connection));
    sessions_.erase(at);
    if (onEnded_) onEnded_(id);
    seams_.executor.post([old] { old->reset(); });
}

}  // namespace tributary::engine
