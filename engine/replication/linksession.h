// The session of a link: dials the destination's gateways in turn, greets, listens, and notices silence.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/replication/linkcontext.h"
#include "engine/replication/linkstatus.h"
#include "engine/replication/messages.h"
#include "engine/wire/wire.h"

namespace tributary::engine {

/// One live session at a time, with an epoch that fences what a replaced one still had in flight. Executor's thread
/// only. It never ends itself: it reports, and the owner calls close().
class LinkSession {
public:
    class Owner {
    public:
        virtual ~Owner() = default;
        virtual void sessionDials(const std::string& host) = 0;
        virtual void sessionStarted(HelloOk ok) = 0;
        virtual void sessionAcked(const Ack& ack) = 0;
        /// Everything buffered was read, or the socket has room again: more may be sent.
        virtual void sessionReady() = 0;
        /// `sequence` is the payload that was refused; 0 = it is about none.
        virtual void sessionFailed(std::string code, std::string message, std::uint64_t sequence) = 0;
    };

    LinkSession(const LinkContext& context, Owner& owner, std::uint64_t epoch);
    ~LinkSession();
    LinkSession(const LinkSession&) = delete;
    LinkSession& operator=(const LinkSession&) = delete;

    /// Dials the first gateway; nothing when the record is gone or paused.
    void open();
    /// open() after so long.
    void openAfter(Millis delayMs);
    /// Ends it without a word; timers too.
    void close();
    void setState(LinkState state) { state_ = state; }

    [[nodiscard]] LinkState state() const { return state_; }
    [[nodiscard]] bool connected() const { return connection_ != nullptr; }
    [[nodiscard]] bool streaming() const { return state_ == LinkState::Streaming && connection_ != nullptr; }
    [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
    [[nodiscard]] std::size_t queuedBytes() const { return connection_ == nullptr ? 0 : connection_->queuedBytes(); }
    /// When the peer was heard last (monotonic).
    [[nodiscard]] Millis heardMs() const { return life_.heardMs; }
    void send(FrameType type, BytesView body);

private:
    void dialNext();
    void greet();
    void say(Bytes bytes);
    bool takeFrames();
    void unproven(const Error& why);
    void dialNextLater();
    [[nodiscard]] Result<Bytes> keyOf(const std::string& cluster) const;
    [[nodiscard]] Error noGateway(const std::string& cluster) const;
    void closedByPeer(const Error& error);
    void onBytes(BytesView bytes);
    bool onFrame(const Frame& frame);
    bool onRefusal(const Frame& frame);
    void heartbeat();
    [[nodiscard]] bool alive(Millis nowMs);

    const LinkContext& context_;
    Owner& owner_;
    LinkState state_ = LinkState::Connecting;
    std::unique_ptr<Connection> connection_;
    Wire wire_;
    struct Route {
        std::vector<Endpoint> endpoints;
        std::size_t next = 0;  ///< round-robin over the gateways, across sessions
        std::size_t tried = 0;
        std::string host;     ///< the one dialled last
        Error unproven;       ///< why the last one that answered is no gateway of the cluster; no text = none was
        bool fenced = false;  ///< told of a newer epoch since open()
    } route_;
    std::uint64_t epoch_ = 0;
    std::uint64_t closings_ = 0;  ///< tells within onBytes that the session ended
    /// A session lives while something comes in, or goes out: a slow line is not a dead one.
    struct Life {
        Millis heardMs = 0;
        Millis leftMs = 0;              ///< when bytes were last seen to have left a queue
        std::uint64_t sentBytes = 0;    ///< given to the connection
        std::uint64_t leftBytes = 0;    ///< of those, no longer queued when last looked at
        std::uint64_t queuedBytes = 0;  ///< when last looked at
    } life_;
    TimerId retryTimer_ = 0;
    TimerId heartbeatTimer_ = 0;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine
