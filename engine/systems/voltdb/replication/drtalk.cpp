// Sending to one consumer.
#include "engine/systems/voltdb/replication/drtalk.h"

#include <fmt/format.h>

#include <algorithm>

namespace tributary::engine::voltdb {

DrTalk::DrTalk(DrHub& hub, Queues& queues, int cluster, std::function<void()> acknowledged)
    : hub_(hub), queues_(queues), cluster_(cluster), acknowledged_(std::move(acknowledged)) {
    for (const auto& [partition, next] : talk().acked) {
        cursors_[partition].acked = next;
        cursors_[partition].sent = next;
    }
}

void DrTalk::adopt(std::unique_ptr<DrLine> line, Phase phase) {
    hangUp();
    line_ = std::move(line);
    phase_ = phase;
    failure_.clear();
    isStopped_ = false;
    line_->setHears({[this](DrMessage&& message) { take(std::move(message)); },
                     [this](const Error& error) { lost(error.text()); }, [this] { pump(); }});
}

void DrTalk::beginJoin(std::unique_ptr<DrLine> line, const DrWelcome& welcome) {
    adopt(std::move(line), Phase::Welcomed);
    line_->send(welcome);
}

void DrTalk::hold(std::unique_ptr<DrLine> line, const DrWelcome& welcome) {
    adopt(std::move(line), Phase::Held);
    line_->send(welcome);
}

void DrTalk::beginFollow(std::unique_ptr<DrLine> line, const DrWelcome& welcome,
                         const std::map<int, std::uint64_t>& next) {
    adopt(std::move(line), Phase::Streaming);
    line_->send(welcome);
    for (auto& [partition, cursor] : cursors_) {
        const auto wanted = next.find(partition);
        if (wanted != next.end()) cursor.acked = std::max(cursor.acked, wanted->second);
        cursor.sent = cursor.acked;
        cursor.again.clear();
    }
    acknowledged_();
    pump();
}

void DrTalk::refused(const std::string& text) {
    hangUp();
    failure_ = text;
    isStopped_ = true;
    hub_.store().logLine(fmt::format("Database Replication ROLE: {} break with Remote Cluster {}. {}",
                                     drRoleName(hub_.book().role), cluster_, text));
}

void DrTalk::hangUp() {
    dropLine(hub_.store().seams(), std::move(line_));
    line_ = nullptr;
    picture_ = nullptr;
    phase_ = Phase::Down;
}

void DrTalk::lost(const std::string& why) {
    const bool wasSnapshot = phase_ == Phase::Snapshot;
    hangUp();
    failure_ = why;
    if (hub_.joining() == cluster_) hub_.setJoining(std::nullopt);
    if (!wasSnapshot) return;
    // It is not resumed: what the joiner has is a part of nothing.
    hub_.store().seams().faults.reached("dr-snapshot-aborted");
    refused("the connection ended before the sync snapshot was whole: " + why);
}

DrState DrTalk::state() const {
    if (isStopped_) return DrState::Stopped;
    return phase_ == Phase::Snapshot || phase_ == Phase::Streaming ? DrState::Active : DrState::Pending;
}

void DrTalk::take(DrMessage&& message) {
    if (std::holds_alternative<DrReady>(message)) {
        if (phase_ == Phase::Welcomed) beginSnapshot();
    } else if (const auto* acked = std::get_if<DrSnapshotAck>(&message)) {
        takeSnapshotAck(*acked);
    } else if (const auto* ack = std::get_if<DrAck>(&message)) {
        takeAck(*ack);
    } else if (const auto* resend = std::get_if<DrResend>(&message)) {
        const auto at = cursors_.find(resend->partition);
        if (at == cursors_.end() || resend->next < at->second.acked || resend->next > at->second.sent) return;
        hub_.store().seams().faults.reached("dr-resend");
        at->second.sent = resend->next;
        at->second.again.clear();
        pump();
    } else if (std::holds_alternative<DrLeave>(message)) {
        line_->send(DrLeave{});
        hub_.left(cluster_);  // this object may be gone now
    }
}

void DrTalk::beginSnapshot() {
    auto picture = hub_.store().picture();
    if (!picture) {
        lost(picture.error().text());
        return;
    }
    talk().hasBegun = true;
    if (!hub_.save()) return;
    picture_ = std::move(*picture);
    std::map<int, std::uint64_t> next = picture_->next();
    for (auto& [partition, cursor] : cursors_) {
        const std::uint64_t behind = next.try_emplace(partition, 0).first->second;
        cursor.acked = behind;
        cursor.sent = behind;
    }
    parts_ = 0;
    partsAcked_ = 0;
    rows_ = picture_->rows();
    rowsSent_ = 0;
    rowsAcked_ = 0;
    isPictureSent_ = false;
    phase_ = Phase::Snapshot;
    line_->send(DrSnapshotBegin{next, picture_->trackers(), rows_.value_or(0)});
    pumpSnapshot();
}

void DrTalk::pumpSnapshot() {
    const DrTables& tables = hub_.store().tables();
    while (!isPictureSent_ && parts_ < partsAcked_ + kPartsAhead && line_->queuedBytes() < kLineBytesMax) {
        auto part = picture_->read(kPartBytes);
        if (!part) {
            lost(part.error().text());
            return;
        }
        if (part->records.empty()) {
            isPictureSent_ = true;
            rows_ = rowsSent_;
            picture_ = nullptr;
            line_->send(DrSnapshotEnd{parts_});
            return;
        }
        DrSnapshotPart message;
        message.number = parts_++;
        message.rows = part->records.size();
        rowsSent_ += message.rows;
        if (Status done = appendTransaction(message.frame, *part, tables.lookup()); !done) {
            lost(done.error().text());
            return;
        }
        line_->send(message);
    }
}

void DrTalk::takeSnapshotAck(const DrSnapshotAck& ack) {
    if (phase_ != Phase::Snapshot || ack.parts < partsAcked_ || ack.parts > parts_) return;
    partsAcked_ = ack.parts;
    rowsAcked_ = ack.rows;
    if (!ack.isWhole) {
        pumpSnapshot();
        return;
    }
    if (!isPictureSent_ || ack.parts != parts_) return;
    talk().isSynced = true;
    hub_.book().hasJoined = true;
    note();
    if (!hub_.save()) return;
    phase_ = Phase::Streaming;
    hub_.setJoining(std::nullopt);
    hub_.store().logLine(fmt::format("the sync snapshot for cluster {} is whole: {} rows", cluster_, rowsAcked_));
    if (hub_.book().role == DrRole::Xdcr) hub_.follow(talk().remote);
    acknowledged_();
    pump();
}

void DrTalk::takeAck(const DrAck& ack) {
    const auto at = cursors_.find(ack.partition);
    if (phase_ != Phase::Streaming || at == cursors_.end()) return;
    Cursor& cursor = at->second;
    cursor.available = ack.availableBytes;
    const auto queue = queues_.find(ack.partition);
    const std::uint64_t next = queue == queues_.end() ? cursor.sent : queue->second.next();
    if (ack.next > next) {
        refused(fmt::format("it acknowledges DR id {} of partition {}, which was never sent", ack.next, ack.partition));
        return;
    }
    if (ack.next > cursor.acked) {
        if (queue != queues_.end()) {
            const StreamQueue::Item* last = queue->second.at(ack.next - 1);
            if (last != nullptr) cursor.ackedTimestampUs = last->timestampUs;
        }
        cursor.acked = ack.next;
        cursor.sent = std::max(cursor.sent, cursor.acked);
        while (!cursor.again.empty() && cursor.again.front().sequence < cursor.sent) cursor.again.pop_front();
        acknowledged_();
    }
    pump();
}

void DrTalk::pump() {
    if (line_ == nullptr) return;
    if (phase_ == Phase::Snapshot) pumpSnapshot();
    if (phase_ != Phase::Streaming) return;
    for (auto& [partition, queue] : queues_) {
        const auto made = cursors_.try_emplace(partition);
        Cursor& cursor = made.first->second;
        if (made.second) cursor.acked = cursor.sent = queue.first();
        pumpPartition(partition, queue, cursor);
    }
}

void DrTalk::pumpPartition(int partition, StreamQueue& queue, Cursor& cursor) {
    while (line_->queuedBytes() < kLineBytesMax) {
        const std::uint64_t inFlight = queue.bytesFrom(cursor.acked) - queue.bytesFrom(cursor.sent);
        if (cursor.sent > cursor.acked && inFlight >= kInFlightBytesMax) return;
        if (!sendBuffer(partition, queue, cursor)) return;
    }
}

bool DrTalk::sendBuffer(int partition, StreamQueue& queue, Cursor& cursor) {
    DrBuffer buffer;
    buffer.partition = partition;
    std::size_t bytes = 0;
    while (cursor.sent < queue.flushed() && bytes < kBufferBytes) {
        const StreamQueue::Item* item = queue.at(cursor.sent);
        if (item == nullptr) break;
        DrSent sent{item->timestampUs, item->participants, {}};
        if (item->frame != nullptr) {
            sent.frame = *item->frame;
        } else if (!cursor.again.empty() && cursor.again.front().sequence == cursor.sent) {
            sent.frame = std::move(cursor.again.front().frame);
            cursor.again.pop_front();
        } else {
            if (buffer.transactions.empty()) readAgain(partition, item->lsn, cursor);
            break;
        }
        bytes += sent.frame.size();
        buffer.transactions.push_back(std::move(sent));
        ++cursor.sent;
    }
    if (buffer.transactions.empty()) return false;
    line_->send(buffer);
    return true;
}

void DrTalk::readAgain(int partition, Lsn lsn, Cursor& cursor) {
    if (cursor.isReading) return;
    cursor.isReading = true;
    cursor.again.clear();
    hub_.store().seams().faults.reached("dr-read-from-disk");
    hub_.store().readAgain(partition, lsn, kBufferBytes,
                           [this, partition, alive = alive_](Result<std::vector<DrLogged>> read) {
                               if (!*alive) return;
                               Cursor& waiting = cursors_[partition];
                               waiting.isReading = false;
                               if (!read) {
                                   lost(read.error().text());
                                   return;
                               }
                               for (DrLogged& each : *read) {
                                   if (each.sequence >= waiting.sent) waiting.again.push_back(std::move(each));
                               }
                               if (!waiting.again.empty()) pump();
                           });
}

void DrTalk::schemaChanged() {
    if (line_ != nullptr && phase_ != Phase::Held) line_->send(DrSchemaNote{hub_.store().tables().tables()});
}

void DrTalk::membersChanged() {
    if (phase_ == Phase::Streaming) line_->send(DrMembersNote{hub_.others()});
}

bool DrTalk::isDrained() const {
    return std::all_of(queues_.begin(), queues_.end(), [this](const auto& each) {
        const auto at = cursors_.find(each.first);
        return at != cursors_.end() && at->second.acked >= each.second.next();
    });
}

Lsn DrTalk::neededFrom(Lsn otherwise) const {
    Lsn out = otherwise;
    for (const auto& [partition, queue] : queues_) {
        const auto at = cursors_.find(partition);
        const std::uint64_t acked = at == cursors_.end() ? queue.first() : at->second.acked;
        const StreamQueue::Item* item = queue.at(std::max(acked, queue.first()));
        if (item != nullptr) out = std::min(out, item->lsn);
    }
    return out;
}

void DrTalk::note() {
    for (const auto& [partition, cursor] : cursors_) talk().acked[partition] = cursor.acked;
}

}  // namespace tributary::engine::voltdb
