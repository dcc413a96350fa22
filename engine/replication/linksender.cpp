// From the log to the session: what is for this link, in which form, and how much at once.
#include "engine/replication/linksender.h"

#include <algorithm>
#include <cassert>

#include "engine/replication/entryparts.h"
#include "engine/replication/payload.h"

namespace tributary::engine {
namespace {

constexpr std::size_t kReadBytesMin = 64U << 10U;
constexpr std::size_t kReadBytesMax = 1U << 20U;
constexpr std::size_t kBatchBytesMax = 512U << 10U;
constexpr std::size_t kQueuedBytesMax = 4U << 20U;
constexpr std::size_t kSkipBytes = 64;
constexpr Millis kThrottlePauseMs = 20;
constexpr Millis kSkipHoldMs = 100;  ///< a run of skips waits so long for more of its kind

}  // namespace

LinkSender::LinkSender(const LinkContext& context, Owner& owner, LinkSession& session, LinkProgress& progress,
                       const LinkTrouble& trouble)
    : context_(context),
      owner_(owner),
      session_(session),
      progress_(progress),
      trouble_(trouble),
      tellsSent_(context.kind.cuts() != nullptr),
      pace_(context.config().inFlightBytesMax) {}

LinkSender::~LinkSender() {
    *alive_ = false;
    context_.seams().timers.cancel(pumpTimer_);
    context_.seams().timers.cancel(skipTimer_);
}

void LinkSender::start(Positions receiverPositions, std::uint64_t sequence) {
    sessionSequence_ = sequence;
    receiverPositions_ = std::move(receiverPositions);
    reading_.lsn = progress_.cursorLsn() + 1;
    pace_.restart();
}

void LinkSender::reset() {
    ++reading_.generation;
    context_.seams().timers.cancel(pumpTimer_);
    pumpTimer_ = 0;
    context_.seams().timers.cancel(skipTimer_);
    skipTimer_ = 0;
    batch_.clear();
    skips_.clear();
    reading_.stored = false;
}

bool LinkSender::destined(const LogEntry& entry, const DatasetRecord& dataset, const ReplicaRecord& replica) const {
    // Both tell of an origin, and begin with it.
    const bool told = entry.envelope.kind == EntryKind::Skip || entry.envelope.kind == EntryKind::LifeEnd;
    if (!holdsPayload(entry.envelope.kind) && !told) return false;
    if (entry.envelope.datasetId != context_.datasetId) return false;
    if (entry.lsn <= replica.fromLsn) return false;
    if (!context_.seams().faults.hit("bug-echo-to-origin")) {
        const Uuid origin = told ? originOfSkipEntry(*entry.payload) : originOfPayload(partsOf(entry).payload);
        if (origin == replica.uuid) return false;
        if (entry.envelope.upstreamIdx != 0) {
            const UpstreamRecord* upstream = dataset.upstreamByIdx(entry.envelope.upstreamIdx);
            if (upstream != nullptr && upstream->uuid == replica.uuid) return false;
        }
    }
    return true;
}

void LinkSender::acked() {
    pace_.received(progress_.receivedBytes(), progress_.smallWayMs(), context_.monotonicMs());
}

/// True while nothing more may be sent. After a failure one payload at a time is a probe: what a replica refuses must
/// not be followed by all that waits behind it, again and again.
bool LinkSender::heldBack() {
    if (progress_.oldestInFlight() == nullptr) return false;
    if (trouble_.active()) return true;
    if (progress_.inFlightBytes() >= context_.config().inFlightBytesMax) return true;
    if (progress_.unreceivedBytes() < pace_.windowBytes()) return false;
    pace_.heldBack(progress_.receivedBytes(), context_.monotonicMs());
    return true;
}

void LinkSender::pump() {
    while (session_.streaming() && !reading_.stored) {
        const ReplicaRecord* replica = context_.replica();
        CommitLog& log = context_.host.linkLog();
        if (replica == nullptr) return;
        if (reading_.lsn > log.durableLsn()) {
            pace_.idle();
            if (progress_.oldestInFlight() == nullptr && skips_.empty()) owner_.senderCaughtUp();
            return;
        }
        if (heldBack() || session_.queuedBytes() >= kQueuedBytesMax || throttled(*replica)) return;
        auto recent = log.readRecent(reading_.lsn, readBytes());
        if (!recent) {
            readStored();
            continue;
        }
        if (recent->empty()) return;
        if (!ship(*recent)) return;
    }
}

/// No more than may be sent now, about: the rest would be read again.
std::size_t LinkSender::readBytes() const {
    if (trouble_.active()) return kReadBytesMin;
    return std::clamp(pace_.windowBytes(), kReadBytesMin, kReadBytesMax);
}

void LinkSender::readStored() {
    reading_.stored = true;
    context_.seams().faults.reached("link-laggard-read");
    context_.host.linkLog().readStored(
        reading_.lsn, context_.datasetId, readBytes(),
        [this, alive = alive_, generation = reading_.generation](Result<CommitLog::StoredBatch> batch) {
            if (!*alive || generation != reading_.generation) return;
            reading_.stored = false;
            if (!batch && context_.seams().faults.hit("bug-gap-passed")) {
                reading_.lsn = std::max(reading_.lsn + 1, context_.host.linkLog().firstLsn());
                passTo(reading_.lsn - 1);
                pump();
                return;
            }
            if (!batch) {
                owner_.senderFailed("ErrLogRead", batch.error().text(), reading_.lsn);
                return;
            }
            const Lsn before = reading_.lsn;
            const bool all = ship(batch.value().entries);
            if (generation != reading_.generation) return;
            if (all) {
                // What lies behind the last entry for this link is passed with it, or it pins the log.
                reading_.lsn = std::max(reading_.lsn, batch.value().next);
                if (reading_.lsn > before) passTo(reading_.lsn - 1);
            }
            if (reading_.lsn > before) pump();
        });
}

bool LinkSender::throttled(const ReplicaRecord& replica) {
    if (!replica.throttle) return false;
    if (throttle_.mayLeave(context_.config().throttleBytesPerS, context_.seams().clock.monotonicUs())) return false;
    if (pumpTimer_ == 0) {
        pumpTimer_ = context_.seams().timers.after(kThrottlePauseMs, [this] {
            pumpTimer_ = 0;
            pump();
        });
    }
    return true;
}

/// Ships as many as may leave; false when it stopped before the end. The next to look at is noted.
bool LinkSender::ship(const std::vector<LogEntry>& entries) {
    const DatasetRecord* dataset = context_.dataset();
    const ReplicaRecord* replica = context_.replica();
    if (dataset == nullptr || replica == nullptr) return false;
    const std::size_t batchBytes = pace_.batchBytes(kBatchBytesMax);
    for (const LogEntry& entry : entries) {
        if (heldBack()) {
            flushBatch();
            holdSkips(*replica);
            return false;
        }
        if (!shipOne(entry, *dataset, *replica)) return false;
        reading_.lsn = entry.lsn + 1;
        if (batch_.bytes() >= batchBytes) flushBatch();
    }
    flushBatch();
    holdSkips(*replica);
    return true;
}

bool LinkSender::shipOne(const LogEntry& entry, const DatasetRecord& dataset, const ReplicaRecord& replica) {
    if (!destined(entry, dataset, replica)) {
        passOver(entry, false);
        return true;
    }
    if (entry.envelope.kind == EntryKind::Skip) {
        return shipSkip(entry, dataset.kind().projections(), replica.projectionAt(entry.lsn));
    }
    if (entry.envelope.kind == EntryKind::LifeEnd) return shipLifeEnd(entry, dataset.kind().projections());
    const BytesView whole = partsOf(entry).payload;
    auto view = parsePayload(whole, false);
    if (!view) {
        owner_.senderFailed("ErrPayload", view.error().what, entry.lsn);
        return false;
    }
    const PayloadView& payload = view.value();
    const DatasetKind& kind = dataset.kind();
    const Projections& order = kind.projections();
    const auto left = projectionLeft(order, payload, replica.projectionAt(entry.lsn));
    if (!left) {
        owner_.senderFailed("ErrPayload", left.error().what, entry.lsn);
        return false;
    }
    if (!left.value()) {
        // Nothing can be told of it: a skip would speak of a part that did not come this way.
        context_.seams().faults.reached("filters-leave-nothing");
        if (!context_.seams().faults.hit("bug-skip-too-wide")) {
            passOver(entry, true);
        } else {
            skipLane(entry, payload, replica.projectionAt(entry.lsn), true);
        }
        return true;
    }
    const std::string& asked = *left.value();
    const bool filtered = asked != payload.projection;
    const auto narrower = kind.withoutDropped(*dataset.schema, payload.body, asked, entry.lsn);
    if (!narrower) {
        owner_.senderFailed("ErrPayload", narrower.error().what, entry.lsn);
        return false;
    }
    const bool dropped = narrower.value() && !context_.seams().faults.hit("bug-dropped-shipped");
    const std::string& projection = dropped ? *narrower.value() : asked;
    const bool nothingLeft = dropped && projection.empty();
    if (receiverPositions_.coversPayload(order, payload, nothingLeft ? asked : projection)) {
        passOver(entry, true);
        return true;
    }
    if (!filtered && !dropped) {
        sendPayload(entry, payload, {entry.payload, whole}, entry.lsn);
        return true;
    }
    std::optional<Bytes> bytes;
    if (!nothingLeft) {
        auto projected = project(order, projection, payload);
        if (!projected) {
            owner_.senderFailed("ErrPayload", projected.error().what, entry.lsn);
            return false;
        }
        bytes = std::move(projected).value();
    }
    if (bytes) {
        // With a skip behind it the entry is done only when that is acknowledged, too.
        auto part = std::make_shared<const Bytes>(std::move(*bytes));
        const BytesView shown = *part;
        sendPayload(entry, payload, {std::move(part), shown}, entry.lsn - (dropped ? 1 : 0));
        if (dropped) skipLane(entry, payload, asked, false);
        return true;
    }
    if (context_.seams().faults.hit("bug-skip-omitted")) {
        passOver(entry, true);
        return true;
    }
    skipLane(entry, payload, asked, true);
    return true;
}

Result<std::optional<std::string>> LinkSender::projectionLeft(const Projections& order, const PayloadView& payload,
                                                              const std::string& own) {
    const bool second = !payload.projection.empty() && !own.empty();
    if (second && context_.seams().faults.hit("bug-second-filter-omitted")) {
        return std::optional(std::string(payload.projection));
    }
    return narrowing_.left(order, payload.projection, own);
}

void LinkSender::sendPayload(const LogEntry& entry, const PayloadView& view, HeldPayload payload, Lsn lsn) {
    flushSkips();
    progress_.sent(InFlight{++sessionSequence_, lsn, partsOf(entry).payload.size(), entry.envelope.operations,
                            payload.bytes.size(), stampMs(view.stamp), context_.monotonicMs()});
    if (tellsSent_) owner_.senderSent(sessionSequence_, view);
    batch_.add(sessionSequence_, std::move(payload));
}

InFlight LinkSender::passedEntry(const LogEntry& entry, bool counted) const {
    InFlight passed;
    passed.lsn = entry.lsn;
    if (!counted) return passed;
    const BytesView payload = partsOf(entry).payload;
    passed.bytes = payload.size();
    passed.operations = entry.envelope.operations;
    passed.stampMs = stampMs(stampOfPayload(payload));
    return passed;
}

void LinkSender::passOver(const LogEntry& entry, bool counted) {
    const InFlight passed = passedEntry(entry, counted);
    if (skips_.empty()) {
        progress_.passOver(passed, counted);
    } else {
        skips_.passOver(passed);
    }
    if (counted) owner_.senderPassed();
}

void LinkSender::passTo(Lsn lsn) {
    if (skips_.empty()) {
        progress_.passTo(lsn);
    } else {
        skips_.passTo(lsn);
    }
}

bool LinkSender::shipSkip(const LogEntry& entry, const Projections& order, const std::string& own) {
    auto skip = decodeSkipEntry(*entry.payload);
    const auto left = skip ? narrowing_.left(order, skip.value().lane.projection, own)
                           : Result<std::optional<std::string>>(skip.error());
    if (!left) {
        owner_.senderFailed("ErrPayload", left.error().what, entry.lsn);
        return false;
    }
    if (left.value()) skip.value().lane.projection = *left.value();
    const SkipEntry& told = skip.value();
    if (!left.value() || receiverPositions_.coversRange(order, told.lane, told.from, told.to) ||
        context_.seams().faults.hit("bug-skip-not-passed-on")) {
        passOver(entry, false);
        return true;
    }
    context_.seams().faults.reached("skip-passed-on");
    addSkip(told, passedEntry(entry, false));
    return true;
}

bool LinkSender::shipLifeEnd(const LogEntry& entry, const Projections& order) {
    const auto end = decodeLifeEnd(*entry.payload);
    if (!end) {
        owner_.senderFailed("ErrPayload", end.error().what, entry.lsn);
        return false;
    }
    if (receiverPositions_.isComplete(order, Lane{end.value().origin, end.value().incarnation, {}})) {
        passOver(entry, false);
        return true;
    }
    flushSkips();
    flushBatch();
    InFlight said = passedEntry(entry, false);
    said.sequence = ++sessionSequence_;
    said.wireBytes = kSkipBytes;
    said.stampMs = entry.envelope.receivedMs;
    said.sentMs = context_.monotonicMs();
    session_.tell(Ended{said.sequence, end.value()});
    progress_.sent(said);
    return true;
}

void LinkSender::skipLane(const LogEntry& entry, const PayloadView& view, const std::string& projection, bool counted) {
    assert(view.isPlain());  // kinds with several lanes go whole
    const Lane lane{view.origin, view.incarnation, projection};
    InFlight passed = passedEntry(entry, counted);
    passed.stampMs = stampMs(view.stamp);
    addSkip({lane, view.sequence, view.sequence}, passed);
}

void LinkSender::addSkip(const SkipEntry& skip, const InFlight& entry) {
    if (skips_.take(skip.lane, skip.from, skip.to, entry)) return;
    flushSkips();
    (void)skips_.take(skip.lane, skip.from, skip.to, entry);  // an empty run takes anything
}

void LinkSender::flushSkips() {
    if (skips_.empty()) return;
    flushBatch();
    Skip skip = skips_.skip();
    skip.sequence = ++sessionSequence_;
    InFlight done = skips_.done();
    skips_.clear();
    done.sequence = skip.sequence;
    done.wireBytes = kSkipBytes;
    done.sentMs = context_.monotonicMs();
    session_.tell(skip);
    progress_.sent(done);
}

/// More of the same may come in a moment. Not while somebody waits for it: a synchronous write, or a probe.
void LinkSender::holdSkips(const ReplicaRecord& replica) {
    if (skips_.empty()) return;
    if (replica.synchronous || trouble_.active()) {
        flushSkips();
        return;
    }
    if (skipTimer_ != 0) return;
    skipTimer_ = context_.seams().timers.after(kSkipHoldMs, [this] {
        skipTimer_ = 0;
        flushSkips();
    });
}

Result<std::optional<Bytes>> LinkSender::project(const Projections& kind, const std::string& projection,
                                                 const PayloadView& payload) {
    if (!filter_ || filter_->projection() != projection) {
        auto made = LinkFilter::make(kind, projection);
        if (!made) return made.error();
        filter_.emplace(std::move(made).value());
    }
    return filter_->project(payload);
}

void LinkSender::flushBatch() {
    if (batch_.empty()) return;
    const ReplicaRecord* replica = context_.replica();
    const Codec codec = replica == nullptr ? Codec::Off : codecOf(replica->compression);
    const SessionFrame frame = batch_.take(codec, context_.kind.codec());
    progress_.countSentBytes(frame.body.size());
    throttle_.left(frame.body.size());
    session_.send(frame);
}

}  // namespace tributary::engine
