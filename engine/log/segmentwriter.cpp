// Group encoding without copying payloads, one gathered write and one sync per group.
#include "engine/log/segmentwriter.h"

#include "core/base/crc32c.h"
#include "core/base/exceptions.h"

namespace tributary::engine {

using namespace logformat;

namespace {

/// Payloads below this are copied beside their head: cheaper than one more piece in the gathered write.
constexpr std::size_t kCopyBelowBytes = 512;

/// A group as pieces for a gathered write. Payload pieces borrow from the entries.
struct EncodedGroup {
    Bytes heads;  // never grows beyond its reservation: the pieces point into it
    std::vector<BytesView> pieces;
    std::uint64_t bytes = 0;
};

void encodeGroup(EncodedGroup& out, std::uint32_t seed, const std::vector<OutgoingEntry>& entries, GroupHeader header) {
    std::size_t headBytes = kGroupHeaderBytes;
    out.bytes = kGroupHeaderBytes;
    for (const OutgoingEntry& entry : entries) {
        const std::size_t size = entry.payload->size();
        headBytes += kEntryHeadBytes + (size < kCopyBelowBytes ? size : 0);
        out.bytes += kEntryHeadBytes + size;
    }
    out.heads.reserve(headBytes);
    out.heads.resize(kGroupHeaderBytes, '\0');
    std::uint32_t headsCrc = seed;
    std::size_t runFrom = 0;
    const auto closeRun = [&] {
        if (out.heads.size() > runFrom) out.pieces.push_back(BytesView(out.heads).substr(runFrom));
        runFrom = out.heads.size();
    };
    for (const OutgoingEntry& entry : entries) {
        const std::size_t headAt = out.heads.size();
        appendEntryHead(out.heads, seed, entry.envelope, *entry.payload);
        headsCrc = headsChecksum(BytesView(out.heads).substr(headAt, kEntryHeadBytes), headsCrc);
        if (entry.payload->size() < kCopyBelowBytes) {
            out.heads.append(*entry.payload);
        } else {
            closeRun();
            out.pieces.emplace_back(*entry.payload);
        }
    }
    closeRun();
    assert(out.heads.size() == headBytes);
    header.bytes = static_cast<std::uint32_t>(out.bytes);
    header.entries = static_cast<std::uint32_t>(entries.size());
    out.heads.replace(0, kGroupHeaderBytes, encodeGroupHeader(seed, header, headsCrc));
}

}  // namespace

SegmentWriter::SegmentWriter(FileOps& files, SegmentHeader header, std::unique_ptr<File> file, std::uint64_t end)
    : files_(files),
      header_(header),
      seed_(segmentSeed(header.id)),
      file_(std::move(file)),
      end_(end),
      syncedEnd_(end) {}

WriteOutcome SegmentWriter::carryOut(const WriteOrder& order) {
    const std::lock_guard<std::mutex> lock(mutex_);
    try {
        return carryOutLocked(order);
    } catch (...) {
        // How far it came is not known.
        WriteOutcome outcome;
        (void)refuse(outcome, currentExceptionError(), false);
        outcome.end = end_;
        return outcome;
    }
}

WriteOutcome SegmentWriter::carryOutLocked(const WriteOrder& order) {
    WriteOutcome outcome;
    outcome.end = end_;
    if (broken_) {
        outcome.status = *broken_;
        return outcome;
    }
    if (abandoned_.load()) {
        outcome.status = Error{ErrorCode::Cancelled, "the log was closed", {}, {}};
        return outcome;
    }
    bool ok = true;
    if (order.roll) ok = roll(*order.roll, outcome);
    if (ok && !order.entries.empty()) ok = writeEntries(order, outcome);
    if (ok && order.sync) ok = sync(outcome);
    if (ok && (order.claim || order.cleanEnd)) (void)writeClaim(order, outcome);
    outcome.end = end_;
    return outcome;
}

bool SegmentWriter::refuse(WriteOutcome& outcome, Error error, bool recoverable) {
    outcome.recoverable = recoverable;
    if (!recoverable) broken_ = error;
    outcome.status = std::move(error);
    return false;
}

bool SegmentWriter::roll(const segmentfiles::NewSegment& wanted, WriteOutcome& outcome) {
    // The next segment's existence proves that this one was synced whole.
    if (syncedEnd_ != end_ && !sync(outcome)) return false;
    segmentfiles::Made made = segmentfiles::createSegment(files_, wanted);
    if (!made.status) return refuse(outcome, made.status.error(), made.recoverable);
    file_ = std::move(made.file);
    header_ = wanted.header;
    seed_ = segmentSeed(header_.id);
    end_ = kSegmentHeaderBytes;
    syncedEnd_ = end_;
    outcome.rolled = true;
    return true;
}

bool SegmentWriter::undoWrite(WriteOutcome& outcome, const Error& error) {
    if (error.code != ErrorCode::DiskFull) return refuse(outcome, error, false);
    // Cutting needs no space and leaves nothing of the refused group behind the next one.
    if (Status cut = file_->truncate(end_); !cut) return refuse(outcome, cut.error(), false);
    return refuse(outcome, error, true);
}

bool SegmentWriter::writeEntries(const WriteOrder& order, WriteOutcome& outcome) {
    EncodedGroup group;
    encodeGroup(group, seed_, order.entries, {0, 0, order.firstLsn, header_.firstLsn, syncedEnd_, GroupKind::Entries});
    if (Status step = file_->writeGathered(end_, group.pieces); !step) return undoWrite(outcome, step.error());
    outcome.offset = end_;
    outcome.synced = false;  // a step to a new segment synced what was before, not these
    end_ += group.bytes;
    return true;
}

bool SegmentWriter::sync(WriteOutcome& outcome) {
    if (syncedEnd_ != end_) {
        if (Status step = file_->sync(); !step) {
            // What the cache holds now is unknown: the kernel may have forgotten the dirty pages. Never tried again.
            Error error = step.error();
            error.code = ErrorCode::Io;
            error.what = "the commit log could not be synced: " + error.what;
            error.fix = "check the disk, then start the node again: it recovers from what is durable";
            return refuse(outcome, std::move(error), false);
        }
        syncedEnd_ = end_;
    }
    outcome.synced = true;
    return true;
}

bool SegmentWriter::writeClaim(const WriteOrder& order, WriteOutcome& outcome) {
    const GroupKind kind = order.cleanEnd ? GroupKind::CleanEnd : GroupKind::Claim;
    const Lsn next = order.firstLsn + order.entries.size();
    GroupHeader header{static_cast<std::uint32_t>(kGroupHeaderBytes), 0, next, header_.firstLsn, syncedEnd_, kind};
    const Bytes raw = encodeGroupHeader(seed_, header, seed_);
    if (Status step = file_->write(end_, raw); !step) return undoWrite(outcome, step.error());
    end_ += raw.size();
    // A claim is left unsynced: one that is lost proves nothing, and one that is torn is a torn tail.
    if (!order.cleanEnd) return true;
    if (Status step = file_->truncate(end_); !step) return refuse(outcome, step.error(), false);
    return sync(outcome);
}

}  // namespace tributary::engine
