// Meets new connections: bounded in number, bytes and time until they have said who they are.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "engine/gateway/frames.h"
#include "engine/gateway/messages.h"
#include "engine/seams/seams.h"

namespace tributary::engine {

/// Accepts connections of one listener and hands over those that greeted properly: right protocol, version and secret.
/// Everything else is answered with a reason where possible and closed. Executor's thread only.
class Greeter {
public:
    struct Limits {
        std::size_t waitingMax = 64;  ///< connections that have not greeted yet; the longest silent one makes room
        Millis greetingMsMax = 5'000;
    };
    /// A greeted connection with what it has sent after its Hello.
    using OnGreeted = std::function<void(std::unique_ptr<Connection>, FrameReader, Hello)>;

    Greeter(Seams& seams, Bytes secret, OnGreeted onGreeted, Limits limits);
    ~Greeter();
    Greeter(const Greeter&) = delete;
    Greeter& operator=(const Greeter&) = delete;

    void accept(std::unique_ptr<Connection> connection);
    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

private:
    struct Waiting {
        std::unique_ptr<Connection> connection;
        FrameReader reader;
        TimerId timer = 0;
        bool leaving = false;
    };
    void onBytes(std::uint64_t id, BytesView bytes);
    void refuse(std::uint64_t id, const std::string& code, const std::string& message);
    void forget(std::uint64_t id);

    Seams& seams_;
    Bytes secret_;
    OnGreeted onGreeted_;
    Limits limits_;
    std::map<std::uint64_t, Waiting> waiting_;
    std::uint64_t nextId_ = 1;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine
