// Sequencing, group commit and publication.
#include "engine/log/segmentedlog.h"

#include "core/base/exceptions.h"

namespace tributary::engine {

using namespace logformat;

namespace {
/// Entries of one group together; more waits for the next.
constexpr std::uint64_t kGroupTargetBytes = 8ULL << 20U;
}  // namespace

template <typename Work, typename Done>
void SegmentedLog::runOn(WorkKind kind, Work work, Done done) {
    const std::weak_ptr<int> alive = alive_;
    seams_.workers.run(kind, seams_.executor, std::move(work), [alive, done = std::move(done)] {
        if (!alive.expired()) done();
    });
}

SegmentedLog::SegmentedLog(Seams& seams, LogOptions options, std::vector<SegmentInfo> segments,
                           std::unique_ptr<File> lastFile, RecentRing ring)
    : seams_(seams), options_(std::move(options)), segments_(std::move(segments)), ring_(std::move(ring)) {
    const SegmentInfo& last = segments_.back();
    writer_ = std::make_shared<SegmentWriter>(seams_.files, last.header, std::move(lastFile), last.end);
    headLsn_ = durableLsn_ = writtenLsn_ = syncedLsn_ = last.lastLsn;
    limitBytes_ = std::min(options_.firstSegmentBytes, options_.segmentBytes);
    activeSinceUs_ = seams_.clock.monotonicUs();
    activeFrom_ = last.end;
    for (const SegmentInfo& info : segments_) {
        if (&info != &last && info.totalsKnown && !info.hasFooter) sealSoon(info);
    }
}

SegmentedLog::~SegmentedLog() {
    writer_->abandon();
    if (settleTimer_ != 0) seams_.timers.cancel(settleTimer_);
    if (deferTimer_ != 0) seams_.timers.cancel(deferTimer_);
}

Lsn SegmentedLog::refuseAppend(Error error, OnDurable onDurable) {
    const std::weak_ptr<int> alive = alive_;
    seams_.executor.post([alive, error = std::move(error), onDurable = std::move(onDurable)] {
        if (!alive.expired() && onDurable) onDurable(error);
    });
    return 0;
}

Lsn SegmentedLog::append(const EntryEnvelope& envelope, std::shared_ptr<const Bytes> payload, OnDurable onDurable) {
    if (failure_) return refuseAppend(*failure_, std::move(onDurable));
    if (closed_)
        return refuseAppend({ErrorCode::Conflict, "the commit log is closed", options_.dir, {}}, std::move(onDurable));
    assert(payload);
    if (payload->size() > kPayloadBytesMax) {
        return refuseAppend(
            {ErrorCode::InvalidInput,
             fmt::format("an entry of {} bytes exceeds the limit of {}", payload->size(), kPayloadBytesMax),
             options_.dir, "write it in smaller batches"},
            std::move(onDurable));
    }
    waiting_.push_back({{envelope, std::move(payload)}, {}});
    const Lsn lsn = ++headLsn_;
    if (isDeferred()) {
        appendDeferred(lsn, std::move(onDurable));
        return lsn;
    }
    waiting_.back().onDurable = std::move(onDurable);
    try {
        startNext();
    } catch (...) {
        // Memory was refused before anything was taken: the caller hears of it, so the entry must not be written.
        if (!failure_) {
            waiting_.pop_back();
            --headLsn_;
        }
        throw;
    }
    return lsn;
}

void SegmentedLog::fillJob(Job& job) {
    job.order.firstLsn = writtenLsn_ + 1;
    job.order.sync = options_.durability != Durability::Write || settleWanted_;
    job.order.entries.reserve(waiting_.size());
    job.callbacks.reserve(waiting_.size());
    while (!waiting_.empty()) {
        const std::uint64_t bytes = kEntryHeadBytes + waiting_.front().entry.payload->size();
        if (!job.callbacks.empty() && job.groupBytes + bytes > kGroupTargetBytes) break;
        job.groupBytes += bytes;
        job.order.entries.push_back(std::move(waiting_.front().entry));
        job.callbacks.push_back(std::move(waiting_.front().onDurable));
        waiting_.pop_front();
    }
    if (!job.order.entries.empty()) job.groupBytes += kGroupHeaderBytes;
    job.order.claim = settleWanted_ && job.order.entries.empty();
    settleWanted_ = false;
}

void SegmentedLog::planRoll(Job& job) {
    const SegmentInfo& active = segments_.back();
    const bool holdsEntries = active.lastLsn >= active.header.firstLsn;
    if (job.order.entries.empty() || !holdsEntries || active.end + job.groupBytes <= limitBytes_) return;
    if (removed()) {
        seams_.faults.reached("log-removed");
        return;
    }
    const std::uint64_t id = seams_.random.next();
    job.order.roll =
        segmentfiles::NewSegment{{id, job.order.firstLsn, active.header.id}, options_.dir, sparePath_, options_.names};
}

bool SegmentedLog::removed() const {
    if (!options_.removedStays || seams_.faults.hit("bug-removed-comes-back")) return false;
    return !seams_.files.exists(segments_.back().path);
}

void SegmentedLog::startNext() {
    if (busy_ || failure_ || closed_ || isClosing_ || (waiting_.empty() && !settleWanted_)) return;
    if (isDeferred() && ((!writeDue_ && !settleWanted_) || seams_.faults.hit("log-window-held"))) return;
    auto job = std::make_shared<Job>();
    fillJob(*job);
    try {
        planRoll(*job);
        runOn(
            WorkKind::LogSync, [writer = writer_, job] { job->outcome = writer->carryOut(job->order); },
            [this, job] { finished(job); });
    } catch (...) {
        // The entries are out of the queue and cannot be put back for certain: the log stops, as after a failed write.
        failure_ = currentExceptionError();
        throw;
    }
    busy_ = true;
}

void SegmentedLog::finished(const std::shared_ptr<Job>& job) {
    busy_ = false;
    const WriteOutcome& outcome = job->outcome;
    if (job->order.roll) {
        sparePath_.clear();  // used, or removed by the attempt
        if (outcome.rolled) enterNewSegment(*job);
    }
    segments_.back().end = outcome.end;
    if (outcome.status.ok()) {
        publish(*job);
        return;
    }
    if (!outcome.recoverable) {
        failure_ = outcome.status.error();
    } else if (job->order.entries.empty()) {
        // Only a claim found no space: nobody waits for it.
        if (outcome.synced) syncedLsn_ = writtenLsn_;
        startNext();
        tellSynced();
        return;
    }
    if (isDeferred()) {
        failDeferred(outcome.status.error());
        return;
    }
    refuseAll(*job);
}

void SegmentedLog::tellSynced() {
    if (!onSynced_ || toldSynced_ == syncedLsn_) return;
    toldSynced_ = syncedLsn_;
    onSynced_(syncedLsn_);
}

void SegmentedLog::enterNewSegment(const Job& job) {
    sealSoon(segments_.back());
    SegmentInfo info;
    info.path = options_.dir + "/" + segmentName(job.order.roll->header.firstLsn, options_.names);
    info.header = job.order.roll->header;
    info.lastLsn = info.header.firstLsn - 1;
    info.end = kSegmentHeaderBytes;
    info.totalsKnown = true;
    segments_.push_back(std::move(info));
    syncedLsn_ = writtenLsn_;  // the step to a new segment syncs the former one
    limitBytes_ = std::min(options_.segmentBytes, limitBytes_ * 2);
    fillAsked_ = false;
    activeSinceUs_ = seams_.clock.monotonicUs();
    activeFrom_ = kSegmentHeaderBytes;
}

void SegmentedLog::publish(Job& job) {
    SegmentInfo& active = segments_.back();
    if (!job.order.entries.empty()) {
        addIndexPoint(active.index, job.order.firstLsn, job.outcome.offset);
        claimDue_ = true;
    }
    for (OutgoingEntry& entry : job.order.entries) {
        addToTotals(active.totals, entry.envelope, entry.payload->size());
        ++writtenLsn_;
        if (isDeferred()) continue;
        ring_.push({++durableLsn_, entry.envelope, std::move(entry.payload)});
    }
    active.lastLsn = writtenLsn_;
    if (job.outcome.synced) syncedLsn_ = writtenLsn_;
    if (job.order.claim) claimDue_ = false;
    // The disk works on the next group while the callbacks run.
    startNext();
    maybeFillAhead();
    armSettle();
    if (isDeferred()) {
        tellSynced();
        return;
    }
    if (!callAll(job.callbacks, okStatus())) return;
    const std::weak_ptr<int> alive = alive_;
    if (!job.callbacks.empty() && onPublished_) onPublished_(durableLsn_);
    if (!alive.expired()) tellSynced();
}

bool SegmentedLog::callAll(std::vector<OnDurable>& callbacks, const Status& status) {
    const std::weak_ptr<int> alive = alive_;
    for (OnDurable& callback : callbacks) {
        if (callback) callback(status);
        if (alive.expired()) return false;
    }
    return true;
}

void SegmentedLog::refuseAll(Job& job) {
    // Behind a refused group nothing can be accepted: its entries' lsns would leave a hole.
    std::vector<OnDurable> callbacks = std::move(job.callbacks);
    for (Waiting& waiting : waiting_) callbacks.push_back(std::move(waiting.onDurable));
    waiting_.clear();
    headLsn_ = durableLsn_;
    const Status refusal = job.outcome.status;
    (void)callAll(callbacks, refusal);
}

void SegmentedLog::syncSoon() {
    if (syncedLsn_ == durableLsn_) return;
    settleWanted_ = true;
    startNext();
}

void SegmentedLog::armSettle() {
    if (options_.settleMs <= 0 || settleTimer_ != 0 || !claimDue_) return;
    settleTimer_ = seams_.timers.after(options_.settleMs, [this] {
        settleTimer_ = 0;
        // Under steady Fsync load each group claims for the one before it: only a quiet log, or an unsynced one, needs
        // it.
        const bool quiet = waiting_.empty() && !busy_;
        if (quiet || options_.durability == Durability::Write) {
            settleWanted_ = true;
            startNext();
        } else {
            armSettle();
        }
    });
}

Status SegmentedLog::close() {
    if (failure_) return *failure_;
    if (closed_) return okStatus();
    if (isDeferred() && !busy_) {
        if (Status written = writeWaiting(); !written) return written;
    }
    if (!waiting_.empty() || (busy_ && headLsn_ != writtenLsn_)) {
        return Error{ErrorCode::Conflict, "appends still wait for their durability", options_.dir,
                     "close the log after the last onDurable"};
    }
    WriteOrder order;
    order.firstLsn = writtenLsn_ + 1;
    order.cleanEnd = true;
    const WriteOutcome outcome = writer_->carryOut(order);
    if (!outcome.status) return outcome.status;
    closed_ = true;
    syncedLsn_ = writtenLsn_;
    writer_->abandon();
    if (!sparePath_.empty()) (void)seams_.files.remove(sparePath_);  // the next open removes it otherwise
    sparePath_.clear();
    return okStatus();
}

}  // namespace tributary::engine
