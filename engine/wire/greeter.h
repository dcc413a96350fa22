// Meets new connections: bounded in number, bytes and time until they have proved who they are and said what they want.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "engine/seams/seams.h"
#include "engine/wire/greeting.h"
#include "engine/wire/wire.h"

namespace tributary::engine {

/// Accepts connections of one listener and hands over those that proved to know the cluster's key and greeted properly.
/// Everything else is answered with a reason where possible and closed. Executor's thread only.
class Greeter {
public:
    struct Limits {
        std::size_t waitingMax = 64;   ///< connections that have not greeted yet; the longest silent one makes room
        Millis greetingMsMax = 5'000;  ///< for the challenge, and again for what must follow it
        std::size_t bytesMax = 2 * kFrameBytesMaxBeforeHello;  ///< that one may have sent before it is let in
    };
    /// A greeted connection with what it has sent after its Hello.
    using OnGreeted = std::function<void(std::unique_ptr<Connection>, Wire, Hello)>;

    /// `key` is that of `cluster`; an empty one lets nobody in.
    Greeter(Seams& seams, std::string cluster, Bytes key, OnGreeted onGreeted, Limits limits);
    ~Greeter();
    Greeter(const Greeter&) = delete;
    Greeter& operator=(const Greeter&) = delete;

    /// Where the listener is, with its real port. Before the first accept().
    void setPlace(const Endpoint& place) { place_ = place; }
    void accept(std::unique_ptr<Connection> connection);
    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

private:
    struct Waiting {
        std::unique_ptr<Connection> connection;
        Wire wire;
        TimerId timer = 0;
        std::size_t bytes = 0;
        bool challenged = false;
        bool leaving = false;
    };
    bool beginsProperly(std::uint64_t id, Waiting& waiting);
    [[nodiscard]] std::string certificateMismatch(const Waiting& waiting, const Hello& hello) const;
    void restartTimer(std::uint64_t id, Waiting& waiting);
    void onBytes(std::uint64_t id, BytesView bytes);
    void letIn(std::uint64_t id, Waiting& waiting, Hello hello);
    void refuse(std::uint64_t id, const std::string& code, const std::string& message);
    void forget(std::uint64_t id);

    Seams& seams_;
    std::string cluster_;
    Bytes key_;
    OnGreeted onGreeted_;
    Limits limits_;
    Endpoint place_;
    std::map<std::uint64_t, Waiting> waiting_;
    std::uint64_t nextId_ = 1;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine
