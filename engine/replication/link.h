// The source's end of one link: the parts that dial, send, count and wait, and what joins them.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "engine/replication/linkcontext.h"
#include "engine/replication/linkcut.h"
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
class Link final : private LinkSession::Owner, private LinkSender::Owner, private LinkCut::Owner {
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
    void pump();
    /// The dataset here was brought to these positions by a cut: what it holds now is not in the log, and the replica
    /// must say again what it has. Not from within a session's own callbacks.
    void broughtHere(const Positions& positions);

    /// Runs `done` when the entry at `lsn` was RECEIVED, or at once when the link is not synchronous now (or the entry
    /// is not for it).
    void whenReceived(Lsn lsn, std::function<void()> done) { gate_.whenReceived(lsn, std::move(done)); }
    [[nodiscard]] bool synchronousNow() const { return gate_.on(); }

    [[nodiscard]] LinkStatus status() const;
    [[nodiscard]] LinkSnapshot snapshot() const;
    [[nodiscard]] bool cutting() const { return cut_.active(); }
    [[nodiscard]] Lsn cursorLsn() const { return progress_.cursorLsn(); }

private:
    void sessionDials(const std::string& host) override;
    void sessionStarted(HelloOk ok) override;
    void sessionWants(CutWant want) override { wanted_ = std::move(want); }
    void sessionAcked(const Ack& ack) override;
    void sessionReady() override { pump(); }
    void sessionFailed(std::string code, std::string message, std::uint64_t sequence) override;
    void senderFailed(std::string code, std::string message, Lsn lsn) override;
    void senderPassed() override;
    void senderCaughtUp() override { progressed(); }
    void senderSent(std::uint64_t sequence, const PayloadView& view) override { base_.sent(sequence, view); }
    void cutFailed(std::string code, std::string message) override;
    [[nodiscard]] const Projections& projections() const;
    [[nodiscard]] bool needsCut(const Positions& positions) const;
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
    const bool cuts_;  ///< its kind has them
    LinkBase base_;
    LinkCut cut_;
    std::optional<CutWant> wanted_;
    std::optional<Millis> failedOverMs_;  ///< monotonic
};

}  // namespace tributary::engine
