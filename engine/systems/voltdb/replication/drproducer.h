// Those whom a cluster sends its logs to: its door, who may come in, what is held for whom.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "engine/systems/voltdb/replication/drtalk.h"

namespace tributary::engine::voltdb {

/// Executor's thread only.
class DrProducer {
public:
    explicit DrProducer(DrHub& hub) : hub_(hub) {}
    ~DrProducer();
    DrProducer(const DrProducer&) = delete;
    DrProducer& operator=(const DrProducer&) = delete;

    /// Takes up the conversations of the book. Before it is told of the log.
    void takeUp();
    /// Opens the door. Errors: those of listening.
    Status start();
    [[nodiscard]] std::optional<Endpoint> door() const;

    /// An entry of the log, in its order; those from neededFrom() on again after a start.
    void logged(DrLogged logged);
    /// All of the log up to `lsn` was told.
    void loggedUpTo(Lsn lsn) { published_ = lsn; }
    [[nodiscard]] Lsn published() const { return published_; }
    /// What the flush interval holds back goes out now.
    void flush();
    void schemaChanged();
    void membersChanged();
    /// A conversation that the book has got.
    void take(int cluster);
    /// Its logs are not held any more.
    void forget(int cluster);
    void hangUpAll();

    /// The oldest entry of the log that somebody may still need, by what the saved book says.
    [[nodiscard]] Lsn neededFrom() const;
    /// Into the book, before it is saved.
    void note();
    [[nodiscard]] const std::map<int, std::unique_ptr<DrTalk>>& talks() const { return talks_; }
    [[nodiscard]] const DrTalk::Queues& queues() const { return queues_; }

private:
    void accept(std::unique_ptr<Connection> connection);
    void greeted(std::uint64_t guest, const DrHello& hello);
    void refuse(std::unique_ptr<DrLine> line, const DrHello& hello, const DrRefusal& refusal);
    /// Why it may not come in at all.
    [[nodiscard]] std::optional<DrRefusal> whyNot(const DrHello& hello);
    [[nodiscard]] std::optional<DrRefusal> whyNoJoin(const DrHello& hello);
    [[nodiscard]] std::optional<DrRefusal> whyNoXdcrJoin(const DrHello& hello, bool hasRows);
    [[nodiscard]] std::optional<DrRefusal> whyNoFollow(const DrHello& hello);
    [[nodiscard]] std::optional<DrRefusal> whyNoHold(const DrHello& hello);
    /// Makes the conversation durable, and its logs held. Errors: those of saving.
    Status enrol(const DrHello& hello);
    [[nodiscard]] DrWelcome welcome() const;
    void trim();
    void startFlushTimer();

    DrHub& hub_;
    std::unique_ptr<Listener> listener_;
    std::map<std::uint64_t, std::unique_ptr<DrLine>> guests_;  ///< that have not greeted
    std::uint64_t nextGuest_ = 1;
    DrTalk::Queues queues_;
    std::map<int, std::unique_ptr<DrTalk>> talks_;
    Lsn published_ = 0;
    TimerId flushTimer_ = 0;
};

}  // namespace tributary::engine::voltdb
