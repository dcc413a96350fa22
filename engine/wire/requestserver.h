// A door for requests: sessions of clients, bounded, pipelined; what the requests mean is the owner's business.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/wire/greeter.h"

namespace tributary::engine {

/// Listens, greets, reads requests and writes their answers. Who came by a local socket is who the kernel says; only
/// the owner of this process (and root) may name another user. Over TCP the proof of the key stands for the owner.
/// Executor's thread only. A session that is gone drops the answers still to come. At most kPendingMax requests of a
/// session are at work; further reading waits.
class RequestServer {
public:
    static constexpr std::size_t kPendingMax = 256;

    struct Config {
        std::string cluster;             ///< whose door it is
        Bytes key;                       ///< of that cluster; an empty one lets nobody in
        std::vector<std::string> users;  ///< known users; empty = any name
        std::string who;                 ///< "cluster newyork": named in errors
        std::vector<Endpoint> endpoints;
    };
    /// One request. `reply` is called once, now or later, on the executor.
    struct Incoming {
        std::uint64_t session = 0;  ///< which connection; never reused
        std::uint16_t method = 0;
        std::string user;
        Bytes body;
        std::function<void(Result<Bytes>)> reply;
    };
    using Dispatch = std::function<void(Incoming)>;

    using OnEnded = std::function<void(std::uint64_t session)>;

    RequestServer(Seams& seams, Config config, Dispatch dispatch, OnEnded onEnded = {});
    ~RequestServer();
    RequestServer(const RequestServer&) = delete;
    RequestServer& operator=(const RequestServer&) = delete;

    /// Errors: Conflict naming the endpoint.
    Status startAll();
    [[nodiscard]] std::vector<Endpoint> endpoints() const;
    /// A connection that another door greeted: a session like those of this server's own doors. Its number; 0 = it was
    /// refused.
    std::uint64_t adopt(std::unique_ptr<Connection> connection, Wire wire, const Hello& hello);
    /// The number that the next session will have.
    [[nodiscard]] std::uint64_t nextSession() const { return nextSession_; }
    /// Ends a session, as if its client had hung up.
    void drop(std::uint64_t session) { end(session); }
    /// Gives a session's connection away, silent and without a report to OnEnded; null when it is gone, or when its
    /// client has sent more than was asked.
    [[nodiscard]] std::unique_ptr<Connection> detach(std::uint64_t session);

private:
    struct Session {
        std::unique_ptr<Connection> connection;
        Wire wire;
        std::string user;
        bool actsForOthers = true;
        std::size_t pending = 0;
        bool paused = false;
    };
    std::uint64_t letIn(std::unique_ptr<Connection> connection, Wire wire, const Hello& hello);
    [[nodiscard]] std::optional<Refusal> whyNot(const Connection& connection, const Hello& hello) const;
    [[nodiscard]] Result<std::string> actingUser(const Session& session, const std::string& claimed) const;
    template <typename Work>
    void orEnd(std::uint64_t id, Work work);
    void drain(std::uint64_t id);
    void take(std::uint64_t id, const Frame& frame);
    void answer(std::uint64_t id, std::uint64_t requestId, const Result<Bytes>& result);
    void end(std::uint64_t id);

    Seams& seams_;
    Config config_;
    Dispatch dispatch_;
    OnEnded onEnded_;
    std::vector<std::unique_ptr<Greeter>> greeters_;  // one per endpoint, before the listeners that feed them
    std::vector<std::unique_ptr<Listener>> listeners_;
    std::map<std::uint64_t, Session> sessions_;
    std::uint64_t nextSession_ = 1;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine
