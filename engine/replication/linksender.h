// What a link sends: entries from the log, filtered, batched, bounded in flight.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/replication/linkbatch.h"
#include "engine/replication/linkcontext.h"
#include "engine/replication/linkfilter.h"
#include "engine/replication/linkpace.h"
#include "engine/replication/linkprogress.h"
#include "engine/replication/linksession.h"
#include "engine/replication/linktrouble.h"
#include "engine/replication/skipentry.h"
#include "engine/replication/skiprun.h"

namespace tributary::engine {

/// Reads the log behind the cursor and ships what is for this link. Executor's thread only.
class LinkSender {
public:
    class Owner {
    public:
        virtual ~Owner() = default;
        /// The entry at `lsn` could not be read or sent: the session is to end.
        virtual void senderFailed(std::string code, std::string message, Lsn lsn) = 0;
        /// Entries were passed over that the replica holds already.
        virtual void senderPassed() = 0;
        /// Everything is sent and acknowledged.
        virtual void senderCaughtUp() = 0;
        /// Of kinds with cuts: what the replica holds once the sequence is acknowledged.
        virtual void senderSent(std::uint64_t sequence, const PayloadView& view) = 0;
    };

    LinkSender(const LinkContext& context, Owner& owner, LinkSession& session, LinkProgress& progress,
               const LinkTrouble& trouble);
    ~LinkSender();
    LinkSender(const LinkSender&) = delete;
    LinkSender& operator=(const LinkSender&) = delete;

    /// A session begins behind `sequence`: the receiver told what it holds already.
    void start(Positions receiverPositions, std::uint64_t sequence = 0);
    /// The session is gone, with all that was read for it.
    void reset();
    /// More of the log may be shipped.
    void pump();
    /// Acks came.
    void acked();
    [[nodiscard]] const LinkPace& pace() const { return pace_; }
    /// Whether an entry is for this link at all.
    [[nodiscard]] bool destined(const LogEntry& entry, const DatasetRecord& dataset,
                                const ReplicaRecord& replica) const;

private:
    void readStored();
    [[nodiscard]] bool heldBack();
    [[nodiscard]] std::size_t readBytes() const;
    bool throttled(const ReplicaRecord& replica);
    bool ship(const std::vector<LogEntry>& entries);
    bool shipOne(const LogEntry& entry, const DatasetRecord& dataset, const ReplicaRecord& replica);
    /// What is left of the payload behind all filters on its way; nullopt = nothing. Errors: Corrupt.
    Result<std::optional<std::string>> projectionLeft(const Projections& order, const PayloadView& payload,
                                                      const std::string& own);
    void sendPayload(const LogEntry& entry, const PayloadView& view, HeldPayload payload, Lsn lsn);
    void passOver(const LogEntry& entry, bool counted);
    void passTo(Lsn lsn);
    /// What was told to be skipped here is told further, as far as the link's own projection goes.
    bool shipSkip(const LogEntry& entry, const Projections& order, const std::string& own);
    /// Whoever holds all of the life need not keep its intervals.
    bool shipLifeEnd(const LogEntry& entry, const Projections& order);
    /// `counted`: the entry's bytes and operations are done with it.
    void skipLane(const LogEntry& entry, const PayloadView& view, const std::string& projection, bool counted);
    void addSkip(const SkipEntry& skip, const InFlight& entry);
    /// Sends the run of skips now, or soon.
    void flushSkips();
    void holdSkips(const ReplicaRecord& replica);
    [[nodiscard]] InFlight passedEntry(const LogEntry& entry, bool counted) const;
    Result<std::optional<Bytes>> project(const Projections& kind, const std::string& projection,
                                         const PayloadView& payload);
    void flushBatch();

    const LinkContext& context_;
    Owner& owner_;
    LinkSession& session_;
    LinkProgress& progress_;
    const LinkTrouble& trouble_;
    struct Reading {
        Lsn lsn = 0;                   ///< next to look at
        bool stored = false;           ///< an answer from the segments is awaited
        std::uint64_t generation = 0;  ///< fences answers of an older session's reads
    } reading_;
    const bool tellsSent_;  ///< its kind has cuts
    std::uint64_t sessionSequence_ = 0;
    Positions receiverPositions_;
    std::optional<LinkFilter> filter_;
    LinkNarrowing narrowing_;
    LinkBatch batch_;
    SkipRun skips_;
    TimerId skipTimer_ = 0;
    LinkThrottle throttle_;
    LinkPace pace_;
    TimerId pumpTimer_ = 0;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace tributary::engine
