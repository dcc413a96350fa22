// The replica's end of a link whose replica dials: calls the source's doors, greets, takes what comes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/replication/datasession.h"
#include "engine/replication/linkcontext.h"
#include "engine/replication/linkroute.h"
#include "engine/replication/linkstatus.h"
#include "engine/replication/linktrouble.h"

namespace tributary::engine {

/// One intake for each upstream of a dataset. Executor's thread only. While the source cannot be reached, or what it
/// brings cannot be taken, calls follow each other further and further apart; that ends with something new that is
/// durable, or with a session that has lasted.
class LinkIntake {
public:
    LinkIntake(LinkHost& host, ReceiverHost& receiver, std::uint32_t datasetId, std::uint32_t upstreamIdx);
    ~LinkIntake();
    LinkIntake(const LinkIntake&) = delete;
    LinkIntake& operator=(const LinkIntake&) = delete;

    /// Reads the records again: calls at once when there is no session.
    void update();
    /// Reads on when the node is no longer overloaded.
    void resumeIfPossible();
    /// State and error of this end; what is pending only the source knows.
    [[nodiscard]] LinkStatus status() const;

private:
    [[nodiscard]] const UpstreamRecord* upstream() const;
    [[nodiscard]] Millis monotonicMs() const;
    /// The session has shown that nothing stands in the way.
    [[nodiscard]] bool healthy() const;
    void open();
    void dialNext();
    void dialSoon();
    void onBytes(BytesView bytes);
    void passOver(const Error& why);
    void greet();
    void startSession();
    void sessionOver();
    void fail(std::string code, std::string message);
    void close();
    [[nodiscard]] Hello asSource() const;

    LinkHost& host_;
    ReceiverHost& receiver_;
    std::uint32_t datasetId_ = 0;
    std::uint32_t upstreamIdx_ = 0;
    LinkRoute route_;
    std::unique_ptr<Connection> connection_;  ///< until there is a session
    Wire wire_;
    std::unique_ptr<DataSession> session_;
    Millis startedMs_ = 0;     ///< of the session, monotonic
    std::uint64_t epoch_ = 0;  ///< the doors tell which are too old
    std::uint64_t call_ = 0;   ///< fences what was posted for an earlier one
    LinkTrouble trouble_;
    std::string door_;  ///< dialled last
    TimerId timer_ = 0;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine
