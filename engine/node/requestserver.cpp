// Sessions of a request server.
#include "engine/node/requestserver.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "core/base/limits.h"

namespace tributary::engine {

RequestServer::RequestServer(Seams& seams, Config config, Dispatch dispatch, OnEnded onEnded)
    : seams_(seams), config_(std::move(config)), dispatch_(std::move(dispatch)), onEnded_(std::move(onEnded)) {}

RequestServer::~RequestServer() {
    *alive_ = false;
}

Status RequestServer::startAll() {
    for (const Endpoint& endpoint : config_.endpoints) {
        // Each door has a greeter, and so bounds, of its own: strangers on TCP do not hold up the local socket.
        greeters_.push_back(std::make_unique<Greeter>(
            seams_, config_.secret,
            [this](std::unique_ptr<Connection> connection, FrameReader reader, Hello hello) {
                greeted(std::move(connection), std::move(reader), std::move(hello));
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

void RequestServer::greeted(std::unique_ptr<Connection> connection, FrameReader reader, Hello hello) {
    if (hello.kind == ConnectionClass::Data) {
        const Refusal refusal{"ErrWrongDoor", "this is a control endpoint: links go to a gateway", 0};
        connection->send(encodeFrame(FrameType::Refused, encodeRefusal(refusal)));
        connection->close();
        return;
    }
    const auto& users = config_.users;
    if (!users.empty() && std::find(users.begin(), users.end(), hello.user) == users.end()) {
        const Refusal refusal{"ErrUnknownUser", fmt::format("{} knows no user {}", config_.who, hello.user), 0};
        connection->send(encodeFrame(FrameType::Refused, encodeRefusal(refusal)));
        connection->close();
        return;
    }
    const std::uint64_t id = nextSession_++;
    Session& session = sessions_[id];
    session.connection = std::move(connection);
    session.reader = std::move(reader);
    session.user = hello.user;
    session.connection->onBytes = [this, id](BytesView bytes) {
        orEnd(id, [&] {
            const auto at = sessions_.find(id);
            if (at == sessions_.end()) return;
            at->second.reader.feed(bytes);
            drain(id);
        });
    };
    session.connection->onClosed = [this, id](const Error&) { end(id); };
    if (!hello.fromCluster.empty()) session.connection->tagPeer(hello.fromCluster);
    session.connection->send(encodeFrame(FrameType::HelloOk, encodeHelloOk(HelloOk{{}, seams_.clock.wallMs()})));
    drain(id);
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
        const auto frame = session.reader.next();
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
        session.connection->send(encodeFrame(FrameType::Pong, {}));
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
    dispatch_(Incoming{id, request.value().method, request.value().user.empty() ? session.user : request.value().user,
                       Bytes(request.value().body), [this, alive = alive_, id, requestId](const Result<Bytes>& result) {
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
    session.connection->send(encodeFrame(FrameType::Response, encodeResponse(response)));
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
    if (at->second.reader.bufferedBytes() != 0) {
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
