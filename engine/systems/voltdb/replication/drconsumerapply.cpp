// Buffers of a producer on their way into the log here.
#include <algorithm>

#include "engine/systems/voltdb/replication/drconsumer.h"

namespace tributary::engine::voltdb {

void DrConsumer::takeBuffer(DrBuffer&& buffer) {
    if (!isWelcome_ || want_ != DrWant::Follow) return;
    const int partition = buffer.partition;
    Stream& stream = streams_[partition];
    const std::uint64_t before = stream.nextArrival;
    bool isGap = false;
    std::size_t fresh = 0;
    for (DrSent& each : buffer.transactions) {
        const auto head = peekFrame(each.frame);
        if (!head || !*head) {
            lost("a buffer of partition " + std::to_string(partition) + " holds no frames");
            return;
        }
        isGap = isGap || (*head)->sequence > stream.nextArrival;
        if (isGap) break;
        if (takeSent(partition, stream, std::move(each))) ++fresh;
    }
    if (isGap) {
        ++stream.ignored;
        seams_.faults.reached("dr-stream-gap");
        if (!stream.isShort) askAgain(partition, stream);
    } else if (fresh == 0 && !buffer.transactions.empty()) {
        ++stream.duplicates;
    }
    if (stream.nextArrival != before) stream.hasAskedAgain = false;
    if (seams_.faults.hit("bug-dr-acks-early") && line_ != nullptr) {
        line_->send(DrAck{partition, stream.nextArrival, 0});
    }
    pump();
}

/// False for what is here already. What finds no room is as if it had not come.
bool DrConsumer::takeSent(int partition, Stream& stream, DrSent&& sent) {
    const auto head = peekFrame(sent.frame);
    if ((*head)->sequence < stream.nextArrival) return false;
    if (!stream.queue.empty() && stream.queuedBytes + sent.frame.size() > hub_.store().settings().consumerBytesMax) {
        ++stream.ignored;
        // What was asked for has come, and found no room.
        stream.isShort = true;
        stream.hasAskedAgain = false;
        seams_.faults.reached("dr-buffer-ignored");
        return true;
    }
    Received received;
    received.timestampUs = sent.timestampUs;
    received.uniqueId = (*head)->uniqueId;
    received.sequence = (*head)->sequence;
    received.participants = std::move(sent.participants);
    received.frame = std::move(sent.frame);
    if (!received.participants.empty() &&
        !std::binary_search(received.participants.begin(), received.participants.end(), partition)) {
        received.participants.clear();
    }
    stream.receivedUs = received.timestampUs;
    stream.queuedBytes += received.frame.size();
    stream.nextArrival = received.sequence + 1;
    stream.queue.push_back(std::move(received));
    return true;
}

void DrConsumer::askAgain(int partition, Stream& stream) {
    if (stream.hasAskedAgain || line_ == nullptr) return;
    // With a full queue what is sent again finds no room either: it is asked for once there is some.
    if (stream.queuedBytes * 2 > hub_.store().settings().consumerBytesMax) return;
    stream.hasAskedAgain = true;
    stream.isShort = seams_.faults.hit("bug-dr-asks-for-ever");
    line_->send(DrResend{partition, stream.nextArrival});
}

void DrConsumer::pump() {
    if (state_ != State::Receive) return;
    for (bool more = true; more;) {
        more = false;
        for (auto& [partition, stream] : streams_) more = pumpStream(partition, stream) || more;
    }
}

/// True when a write was begun.
bool DrConsumer::pumpStream(int partition, Stream& stream) {
    if (stream.isWriting || stream.isPaused || stream.isStopped || stream.queue.empty()) return false;
    if (stream.queue.front().participants.size() > 1) return pumpShared(partition, stream);
    DrApplyBody body;
    body.cluster = member_->cluster;
    std::size_t bytes = 0;
    std::uint64_t end = 0;
    std::int64_t timestampUs = 0;
    const std::size_t most = stream.isAlone ? 1 : stream.queue.size();
    while (body.transactions.size() < most && bytes < kWriteBytes) {
        Received& received = stream.queue[body.transactions.size()];
        if (received.participants.size() > 1) break;
        bytes += received.frame.size();
        end = received.sequence + 1;
        timestampUs = received.timestampUs;
        body.transactions.push_back({received.timestampUs, {{partition, received.frame}}});
    }
    stream.isWriting = true;
    write(std::move(body), {{partition, end}}, timestampUs);
    return true;
}

/// A transaction of several partitions: once its pieces stand at the heads of all of them.
bool DrConsumer::pumpShared(int partition, Stream& stream) {
    const Received& head = stream.queue.front();
    if (head.participants.front() != partition) return false;  // the first of them looks
    DrApplyBody body;
    body.cluster = member_->cluster;
    DrIncoming whole;
    whole.timestampUs = head.timestampUs;
    std::map<int, std::uint64_t> ends;
    for (const int each : head.participants) {
        const auto at = streams_.find(each);
        if (at == streams_.end() || at->second.queue.empty() || at->second.isWriting || at->second.isPaused ||
            at->second.isStopped || at->second.queue.front().uniqueId != head.uniqueId) {
            return false;
        }
        whole.pieces.push_back({each, at->second.queue.front().frame});
        ends[each] = at->second.queue.front().sequence + 1;
    }
    for (const int each : head.participants) streams_[each].isWriting = true;
    const std::int64_t timestampUs = whole.timestampUs;
    seams_.faults.reached("dr-mp-applied");
    body.transactions.push_back(std::move(whole));
    write(std::move(body), std::move(ends), timestampUs);
    return true;
}

void DrConsumer::write(DrApplyBody body, std::map<int, std::uint64_t> ends, std::int64_t timestampUs) {
    const std::size_t transactions = body.transactions.size();
    body.here = hub_.store().settings().cluster;
    body.role = hub_.book().role;
    body.nowUs = nowUs(seams_);
    hub_.store().write(encodeBody(body), [this, life = life_, alive = alive_, ends = std::move(ends), timestampUs,
                                          transactions](const Result<DrDecided>& decided) {
        if (!*alive) return;
        if (decided) hub_.conflicts(decided->conflicts);
        if (life == life_) written(ends, timestampUs, transactions, decided);
    });
}

void DrConsumer::written(const std::map<int, std::uint64_t>& ends, std::int64_t timestampUs, std::size_t transactions,
                         const Result<DrDecided>& decided) {
    for (const auto& [partition, end] : ends) streams_[partition].isWriting = false;
    if (!decided) {
        refusedWrite(ends, transactions, decided.error());
        return;
    }
    for (const auto& [partition, end] : ends) {
        Stream& stream = streams_[partition];
        stream.isAlone = false;
        while (!stream.queue.empty() && stream.queue.front().sequence < end) {
            stream.queuedBytes -= stream.queue.front().frame.size();
            stream.queue.pop_front();
        }
        stream.nextApply = end;
        stream.appliedUs = timestampUs;
        acknowledge(partition, stream);
    }
    pump();
}

void DrConsumer::refusedWrite(const std::map<int, std::uint64_t>& ends, std::size_t transactions, const Error& error) {
    if (error.code != ErrorCode::Conflict) {
        lost(error.text());
        return;
    }
    for (const auto& [partition, end] : ends) {
        Stream& stream = streams_[partition];
        if (transactions > 1) {
            stream.isAlone = true;
        } else if (error.where == kUnmatched) {
            stream.isPaused = true;
            failure_ = error.what;
            seams_.faults.reached("dr-stream-paused");
        } else {
            stream.isStopped = true;
            failure_ = error.what;
            hub_.store().logLine("DR: " + error.what);
            seams_.faults.reached("dr-stream-stopped");
        }
    }
    pump();
}

void DrConsumer::acknowledge(int partition, Stream& stream) {
    if (line_ == nullptr) return;
    const std::uint64_t most = hub_.store().settings().consumerBytesMax;
    line_->send(DrAck{partition, stream.nextApply, most - std::min(most, stream.queuedBytes)});
    if (stream.isShort && stream.queue.empty()) askAgain(partition, stream);
}

}  // namespace tributary::engine::voltdb
