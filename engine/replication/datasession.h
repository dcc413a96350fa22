// The replica's end of one link session: both halves of the agreement checked, payloads logged, two acknowledgements.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "engine/replication/messages.h"
#include "engine/replication/receiverhost.h"
#include "engine/seams/seams.h"
#include "engine/wire/wire.h"

namespace tributary::engine {

/// One session. Executor's thread only. The owner destroys it when `finished` was called.
class DataSession {
public:
    DataSession(Seams& seams, Millis peerTimeoutMs, ReceiverHost& host, std::unique_ptr<Connection> connection,
                Wire wire, Hello hello, std::function<void()> finished);
    ~DataSession();
    DataSession(const DataSession&) = delete;
    DataSession& operator=(const DataSession&) = delete;

    /// Answers the Hello and starts; false when it was refused (the session is over). The connection is listened to
    /// from here on.
    bool start();
    /// The same at the end that dialled, and has greeted as a replica: `hello` is what the source would say, without
    /// where it stands, which is to come.
    bool startDialled();
    /// Ends it with a reason that the source shows: revoked agreement, gateway stopped, replaced by a newer session.
    void revoke(const std::string& code, const std::string& message);
    /// Reads on when the node is no longer overloaded.
    void resumeIfPossible();

    [[nodiscard]] const Hello& hello() const { return hello_; }
    /// Where the source stands is known: both ends have let each other in.
    [[nodiscard]] bool placed() const { return placed_; }
    /// Something new of this session is durable.
    [[nodiscard]] bool progressed() const { return durableSequence_ > 0; }
    /// Why it ended; no code: the connection did.
    [[nodiscard]] const Refusal& ending() const { return ending_; }
    [[nodiscard]] std::uint32_t datasetId() const { return datasetId_; }
    [[nodiscard]] std::uint32_t upstreamIdx() const { return upstreamIdx_; }

private:
    struct Pending {
        std::uint64_t sequence = 0;
        bool durable = false;
    };
    bool begin();
    void answerHello(const Agreement& agreement, const Status& status);
    bool takePlace(const OriginPlace& place);
    void ended(Refusal why);
    void onBytes(BytesView bytes);
    void drain();
    bool takeFrame(const Frame& frame);
    bool onFrame(const Frame& frame);
    [[nodiscard]] bool mayCome(const Heard& heard) const;
    bool onHeard(const Heard& heard);
    bool onBatch(const Batch& batch);
    /// One more of the session was logged, or need not be; false when it is refused and the session over.
    bool take(std::uint64_t sequence, const Result<Accepted>& accepted);
    void markDurable(std::uint64_t sequence, const Status& status);
    void sendAck();
    void send(FrameType type, BytesView body) { connection_->send(wire_.seal(type, body)); }
    void tell(const Said& said);
    void fail(const std::string& code, const std::string& message, std::uint64_t sequence);
    void watch();
    void beat();

    Seams& seams_;
    Millis peerTimeoutMs_ = 0;
    ReceiverHost& host_;
    std::unique_ptr<Connection> connection_;
    Wire wire_;
    Hello hello_;
    std::function<void()> finished_;
    const LinkKind* kind_ = nullptr;  ///< once there is an agreement
    std::uint32_t datasetId_ = 0;
    std::uint32_t upstreamIdx_ = 0;
    std::uint64_t receivedSequence_ = 0;
    std::uint64_t durableSequence_ = 0;
    std::uint64_t ackedReceived_ = 0;
    std::uint64_t ackedDurable_ = 0;
    std::deque<Pending> pending_;
    bool ackPosted_ = false;
    bool paused_ = false;
    bool dialled_ = false;
    bool placed_ = false;  ///< where the source stands is known
    bool over_ = false;
    Refusal ending_;
    Millis lastHeardMs_ = 0;
    Millis lastBeatMs_ = 0;
    TimerId watchTimer_ = 0;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine
