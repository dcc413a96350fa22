// The source's end of one link: the parts that dial, send, count and wait, and what joins them.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/replication/linkcontext.h"
#include "engine/replication/linkprogress.h"
#include "engine/replication/linksender.h"
#include "engine/replication/linksession.h"
#include "engine/replication/linkstatus.h"
#include "engine/replication/linktrouble.h"
#include "engine/replication/syncgate.h"

namespace tributary::engine {

/// One link. Executor's thread only. A lost session starts again behind the cursor, and the receiver's positions tell
/// what need not be sent twice. An error and its back-off end with progress only; until then sessions probe, one
/// payload at a time.
class Link final : private LinkSession::Owner, private LinkSender::Owner {
public:
    Link(LinkHost& host, std::uint32_t datasetId, std::uint32_t replicaIdx, const LinkSnapshot& from);
    ~Link() override = default;
    Link(const Link&) = delete;
    Link& operator=(const Link&) = delete;

    /// Reads the record again: starts, stops or restarts the session as it says.
    void update();
    /// The replica calls, with an agreement. Not from within a session's own callbacks.
    void adopt(ReplicaCall call);
    /// A door of this cluster was closed: a session that came through it ends, and may come again through another.
    void doorClosed(const std::string& gateway);
    /// A published entry of this dataset: counts it when it is for this link.
    void onEntry(const LogEntry& entry);
    /// More of the log may be shipped.
    void pump() { sender_.pump(); }

    /// Runs `done` when the entry at `lsn` was RECEIVED, or at once when the link is not synchronous now (or the entry
    /// is not for it).
    void whenReceived(Lsn lsn, std::function<void()> done) { gate_.whenReceived(lsn, std::move(done)); }
    [[nodiscard]] bool synchronousNow() const { return gate_.on(); }

    [[nodiscard]] LinkStatus status() const;
    [[nodiscard]] LinkSnapshot snapshot() const;
    [[nodiscard]] Lsn cursorLsn() const { return progress_.cursorLsn(); }

private:
    void sessionDials(const std::string& host) override;
    void sessionStarted(HelloOk ok) override;
    void sessionAcked(const Ack& ack) override;
    void sessionReady() override { sender_.pump(); }
    void sessionFailed(std::string code, std::string message, std::uint64_t sequence) override;
    void senderFailed(std::string code, std::string message, Lsn lsn) override;
    void senderPassed() override;
    void senderCaughtUp() override { progressed(); }
    void endSession();
    void progressed();
    [[nodiscard]] bool failsOver();
    void backOff(std::string code, std::string message, Lsn lsn);
    [[nodiscard]] std::string stallReason(Millis quietMs) const;

    LinkContext context_;
    LinkProgress progress_;
    LinkTrouble trouble_;
    LinkSession session_;
    LinkSender sender_;
    SyncGate gate_;
    std::optional<Millis> failedOverMs_;  ///< monotonic
};

}  // namespace tributary::engine
