// The source's end of a session: dials the destination's gateways in turn and greets, or waits until the replica calls;
// listens, and notices silence.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/replication/linkcontext.h"
#include "engine/replication/linkroute.h"
#include "engine/replication/linkstatus.h"
#include "engine/replication/messages.h"
#include "engine/wire/wire.h"

namespace tributary::engine {

/// A replica that dialled, proved to know the key of this cluster and greeted. Whoever takes it listens from then on.
struct ReplicaCall {
    std::unique_ptr<Connection> connection;
    Wire wire;
    std::string caller;   ///< for people
    std::string gateway;  ///< the door that it came through
    std::uint64_t epoch = 0;
};

/// One live session at a time, with an epoch that fences what a replaced one still had in flight. Executor's thread
/// only. It never ends itself: it reports, and the owner calls close().
class LinkSession {
public:
    class Owner {
    public:
        virtual ~Owner() = default;
        virtual void sessionDials(const std::string& host) = 0;
        virtual void sessionStarted(HelloOk ok) = 0;
        /// Before sessionStarted(), of a replica that holds a part of a cut.
        virtual void sessionWants(CutWant want) = 0;
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

    /// Dials the first gateway, or waits for a call; nothing when the record is gone or paused.
    void open();
    /// The replica calls: its session takes the place of what there was. Not from within a session's own callbacks.
    void adopt(ReplicaCall call);
    /// Says why it will be closed.
    void refuse(const Refusal& refusal);
    /// open() after so long.
    void openAfter(Millis delayMs);
    /// Ends it without a word; timers too.
    void close();
    void setState(LinkState state) { state_ = state; }

    [[nodiscard]] LinkState state() const { return state_; }
    [[nodiscard]] bool connected() const { return connection_ != nullptr; }
    [[nodiscard]] bool streaming() const { return state_ == LinkState::Streaming && connection_ != nullptr; }
    /// The door of this cluster that the session came through; empty when it dialled.
    [[nodiscard]] const std::string& gateway() const { return gateway_; }
    [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
    /// What TLS has agreed on; empty without it, or without a session.
    [[nodiscard]] std::string channel() const;
    [[nodiscard]] std::size_t queuedBytes() const { return connection_ == nullptr ? 0 : connection_->queuedBytes(); }
    /// When the peer was heard last (monotonic).
    [[nodiscard]] Millis heardMs() const { return life_.heardMs; }
    void tell(const Said& said) { send(context_.kind.codec().encode(said)); }
    void send(const SessionFrame& frame) { say(wire_.seal(frame.type, frame.body)); }

private:
    [[nodiscard]] bool adopts() const { return context_.kind.dials() == Dials::Replica; }
    void failed(const Error& failure);
    void dialNext();
    void listen();
    void greet();
    void say(Bytes bytes);
    bool takeFrames();
    void unproven(const Error& why);
    void dialNextLater();
    void closedByPeer(const Error& error);
    void onBytes(BytesView bytes);
    bool onFrame(const Frame& frame);
    bool onHeard(Heard heard);
    bool onRefusal(const Frame& frame);
    void heartbeat();
    [[nodiscard]] bool alive(Millis nowMs);

    const LinkContext& context_;
    Owner& owner_;
    LinkState state_ = LinkState::Connecting;
    std::unique_ptr<Connection> connection_;
    Wire wire_;
    LinkRoute route_;
    std::string host_;  ///< at the other end, for people
    std::string gateway_;
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
