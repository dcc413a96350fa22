// The commit log over segments: sequencing, group commit, publication, reads and retention. Executor's thread only.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "engine/log/commitlog.h"
#include "engine/log/recentring.h"
#include "engine/log/recovery.h"
#include "engine/log/segmentwriter.h"
#include "engine/log/storedreader.h"

namespace tributary::engine {

class SegmentedLog final : public CommitLog {
public:
    /// `segments` is not empty and `lastFile` belongs to its back, cut and synced.
    SegmentedLog(Seams& seams, LogOptions options, std::vector<SegmentInfo> segments, std::unique_ptr<File> lastFile,
                 RecentRing ring);
    ~SegmentedLog() override;
    SegmentedLog(const SegmentedLog&) = delete;
    SegmentedLog& operator=(const SegmentedLog&) = delete;

    Lsn append(const EntryEnvelope& envelope, std::shared_ptr<const Bytes> payload, OnDurable onDurable) override;
    [[nodiscard]] Lsn headLsn() const override { return headLsn_; }
    [[nodiscard]] Lsn durableLsn() const override { return durableLsn_; }
    [[nodiscard]] Lsn firstLsn() const override { return segments_.front().header.firstLsn; }
    std::optional<std::vector<LogEntry>> readRecent(Lsn from, std::size_t bytesMax) override;
    void readStored(Lsn from, std::uint32_t datasetId, std::size_t bytesMax,
                    std::function<void(Result<StoredBatch>)> done) override;
    void releaseBelow(Lsn lsn) override;
    [[nodiscard]] std::uint64_t bytesFrom(Lsn lsn) const override;
    [[nodiscard]] std::pair<Lsn, std::uint64_t> activeSegment() const override {
        return {segments_.back().header.firstLsn, segments_.back().header.id};
    }
    void setOnPublished(std::function<void(Lsn)> onPublished) override { onPublished_ = std::move(onPublished); }
    void setOnSynced(std::function<void(Lsn)> onSynced) override { onSynced_ = std::move(onSynced); }
    [[nodiscard]] const std::optional<Error>& failure() const override { return failure_; }
    [[nodiscard]] Lsn syncedLsn() const override { return syncedLsn_; }
    void syncSoon() override;
    void prepareClose() override { isClosing_ = isDeferred(); }
    [[nodiscard]] bool removed() const override;
    [[nodiscard]] Pending pendingFrom(Lsn from, std::uint32_t datasetId) const override;

    /// See closeCleanly().
    Status close();

private:
    struct Waiting {
        OutgoingEntry entry;
        OnDurable onDurable;
    };
    /// A group on its way to the disk and back; shared with the LogSync worker.
    struct Job {
        WriteOrder order;
        WriteOutcome outcome;
        std::vector<OnDurable> callbacks;
        std::uint64_t groupBytes = 0;
    };

    /// Runs blocking work whose reply is dropped when the log has died meanwhile.
    template <typename Work, typename Done>
    void runOn(WorkKind kind, Work work, Done done);
    Lsn refuseAppend(Error error, OnDurable onDurable);
    // Durability::Deferred
    [[nodiscard]] bool isDeferred() const { return options_.durability == Durability::Deferred; }
    void appendDeferred(Lsn lsn, OnDurable onDurable);
    void announce();
    void armDefer();
    void failDeferred(const Error& error);
    Status writeWaiting();
    void startNext();
    void fillJob(Job& job);
    void planRoll(Job& job);
    void finished(const std::shared_ptr<Job>& job);
    void publish(Job& job);
    void enterNewSegment(const Job& job);
    void tellSynced();
    void refuseAll(Job& job);
    /// Calls them in order, unless one of them destroys the log; false then.
    bool callAll(std::vector<OnDurable>& callbacks, const Status& status);
    void armSettle();
    [[nodiscard]] bool fillPays() const;
    void maybeFillAhead();
    void sealSoon(const SegmentInfo& info);
    void removeReleased();
    StoredRequest planRead(Lsn from, std::uint32_t datasetId, std::size_t bytesMax) const;
    void learn(const StoredAnswer& answer);

    Seams& seams_;
    LogOptions options_;
    std::vector<SegmentInfo> segments_;  ///< ascending, never empty; back() is being written
    RecentRing ring_;
    std::shared_ptr<SegmentWriter> writer_;
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);  ///< replies hold it weakly

    std::deque<Waiting> waiting_;
    bool busy_ = false;  ///< a job is on the LogSync worker
    Lsn headLsn_ = 0;
    Lsn durableLsn_ = 0;
    Lsn writtenLsn_ = 0;  ///< behind durableLsn_ with Deferred only
    Lsn syncedLsn_ = 0;
    std::optional<Error> failure_;
    bool isClosing_ = false;  ///< Deferred: close() writes what waits, nobody else does
    bool closed_ = false;
    std::function<void(Lsn)> onPublished_;
    std::function<void(Lsn)> onSynced_;
    Lsn toldSynced_ = 0;  ///< what onSynced_ was last called with

    std::uint64_t limitBytes_;      ///< of the segment that is being written
    std::string sparePath_;         ///< ready for the next segment; empty when there is none
    bool fillAsked_ = false;        ///< for the segment that is being written
    Micros activeSinceUs_ = 0;      ///< when the segment that is being written began to grow here
    std::uint64_t activeFrom_ = 0;  ///< and its end then
    TimerId settleTimer_ = 0;
    bool settleWanted_ = false;  ///< the next job syncs and claims
    bool claimDue_ = false;      ///< entries were written since the last claim

    std::vector<std::pair<LogEntry, OnDurable>> announcing_;  ///< Deferred: to be published by a posted task
    std::size_t waitingBytes_ = 0;                            ///< Deferred: of entries that wait for the disk
    TimerId deferTimer_ = 0;
    bool writeDue_ = false;  ///< Deferred: what waits has waited long enough

    std::vector<std::string> released_;  ///< files to be removed, oldest first
    bool removing_ = false;
};

}  // namespace tributary::engine
