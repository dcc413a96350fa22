// The producer: streams and who gets them.
#include "engine/systems/voltdb/replication/drproducer.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace tributary::engine::voltdb {

DrProducer::~DrProducer() {
    if (flushTimer_ != 0) hub_.store().seams().timers.cancel(flushTimer_);
}

void DrProducer::takeUp() {
    if (hub_.book().role == DrRole::Replica) return;
    for (const auto& [cluster, talk] : hub_.book().conversations) take(cluster);
}

Status DrProducer::start() {
    const DrSettings& settings = hub_.store().settings();
    if (!settings.listens || hub_.book().role == DrRole::Replica) return okStatus();
    auto listener = hub_.store().seams().transport.listen(
        settings.door, [this](std::unique_ptr<Connection> connection) { accept(std::move(connection)); });
    if (!listener) return listener.error();
    listener_ = std::move(*listener);
    return okStatus();
}

std::optional<Endpoint> DrProducer::door() const {
    return listener_ == nullptr ? std::nullopt : std::optional(listener_->endpoint());
}

void DrProducer::take(int cluster) {
    talks_[cluster] = std::make_unique<DrTalk>(hub_, queues_, cluster, [this] { trim(); });
}

void DrProducer::forget(int cluster) {
    const auto at = talks_.find(cluster);
    if (at == talks_.end()) return;
    at->second->hangUp();
    // It may be in a call of its own.
    hub_.store().seams().executor.post([old = std::shared_ptr<DrTalk>(std::move(at->second))] {});
    talks_.erase(at);
    trim();
}

void DrProducer::hangUpAll() {
    for (auto& [cluster, talk] : talks_) talk->hangUp();
}

void DrProducer::logged(DrLogged logged) {
    published_ = logged.lsn;
    const int partition = logged.partition;
    const auto made = queues_.try_emplace(partition, hub_.store().settings().memoryBytesMax);
    StreamQueue& queue = made.first->second;
    if (!queue.push(std::move(logged))) {
        hub_.store().logLine(fmt::format("DR ids of partition {} have a gap: DR cannot go on from here", partition));
        hub_.store().seams().faults.reached("dr-queue-gap");
        return;
    }
    if (talks_.empty()) {
        queue.clear();
        return;
    }
    if (queue.unflushedBytes() >= kBufferBytes) {
        queue.flush();
        for (auto& [cluster, talk] : talks_) talk->pump();
    } else {
        startFlushTimer();
    }
}

void DrProducer::startFlushTimer() {
    if (flushTimer_ != 0) return;
    flushTimer_ = hub_.store().seams().timers.after(hub_.store().settings().flushIntervalMs, [this] {
        flushTimer_ = 0;
        flush();
    });
}

void DrProducer::flush() {
    for (auto& [partition, queue] : queues_) queue.flush();
    for (auto& [cluster, talk] : talks_) talk->pump();
}

void DrProducer::schemaChanged() {
    for (auto& [cluster, talk] : talks_) talk->schemaChanged();
}

void DrProducer::membersChanged() {
    for (auto& [cluster, talk] : talks_) talk->membersChanged();
}

void DrProducer::trim() {
    const bool forgets = hub_.store().seams().faults.hit("bug-dr-retention-forgotten");
    for (auto& [partition, queue] : queues_) {
        std::uint64_t low = talks_.empty() ? queue.next() : std::numeric_limits<std::uint64_t>::max();
        std::uint64_t high = 0;
        for (const auto& [cluster, talk] : talks_) {
            const auto at = talk->cursors().find(partition);
            const std::uint64_t acked = at == talk->cursors().end() ? queue.first() : at->second.acked;
            low = std::min(low, acked);
            high = std::max(high, acked);
        }
        queue.trim(forgets ? high : low);
    }
}

Lsn DrProducer::neededFrom() const {
    Lsn out = std::numeric_limits<Lsn>::max();
    for (const auto& [cluster, talk] : hub_.book().conversations) out = std::min(out, talk.heldFrom);
    return out;
}

void DrProducer::note() {
    for (auto& [cluster, talk] : talks_) {
        talk->note();
        hub_.book().conversations.at(cluster).heldFrom = talk->neededFrom(published_ + 1);
    }
}

DrWelcome DrProducer::welcome() const {
    DrWelcome out;
    out.self = hub_.self();
    out.role = hub_.book().role;
    out.partitions = hub_.store().partitions();
    out.tables = hub_.store().tables().tables();
    return out;
}

void DrProducer::accept(std::unique_ptr<Connection> connection) {
    const std::uint64_t guest = nextGuest_++;
    auto line = std::make_unique<DrLine>(hub_.store().seams(), std::move(connection),
                                         DrLine::Hears{[this, guest](DrMessage&& message) {
                                                           if (const auto* hello = std::get_if<DrHello>(&message)) {
                                                               greeted(guest, *hello);
                                                               return;
                                                           }
                                                           const auto at = guests_.find(guest);
                                                           if (at == guests_.end()) return;
                                                           dropLine(hub_.store().seams(), std::move(at->second));
                                                           guests_.erase(at);
                                                       },
                                                       [this, guest](const Error&) {
                                                           const auto at = guests_.find(guest);
                                                           if (at == guests_.end()) return;
                                                           dropLine(hub_.store().seams(), std::move(at->second));
                                                           guests_.erase(at);
                                                       },
                                                       {}});
    guests_.emplace(guest, std::move(line));
}

void DrProducer::greeted(std::uint64_t guest, const DrHello& hello) {
    const auto at = guests_.find(guest);
    if (at == guests_.end()) return;
    std::unique_ptr<DrLine> line = std::move(at->second);
    guests_.erase(at);
    std::optional<DrRefusal> no = whyNot(hello);
    if (!no) {
        no = hello.want == DrWant::Join   ? whyNoJoin(hello)
             : hello.want == DrWant::Hold ? whyNoHold(hello)
                                          : whyNoFollow(hello);
    }
    if (no) {
        refuse(std::move(line), hello, *no);
        return;
    }
    const int cluster = hello.self.cluster;
    if (hello.want != DrWant::Follow) {
        if (Status done = enrol(hello); !done) {
            refuse(std::move(line), hello, {false, done.error().text()});
            return;
        }
    }
    DrWelcome answer = welcome();
    if (hello.want == DrWant::Join) {
        for (const DrMember& each : hub_.others()) {
            if (each.cluster != cluster) answer.members.push_back(each);
        }
        hub_.setJoining(cluster);
        talks_.at(cluster)->beginJoin(std::move(line), answer);
    } else if (hello.want == DrWant::Hold) {
        talks_.at(cluster)->hold(std::move(line), answer);
        hub_.follow(hello.self);
        membersChanged();
    } else {
        answer.members = hub_.others();
        DrConversation& talk = hub_.book().conversations.at(cluster);
        if (!talk.isSynced || !talk.until.empty()) {
            talk.isSynced = true;
            hub_.book().hasJoined = true;
            // Durable before it gets anything that is newer than this start.
            talk.until.clear();
            if (!hub_.save()) return;
        }
        if (hub_.book().role == DrRole::Xdcr) hub_.follow(hello.self);
        std::map<int, std::uint64_t> next = hello.next;
        for (const auto& [partition, cursor] : talks_.at(cluster)->cursors()) next.try_emplace(partition, cursor.acked);
        answer.next = next;
        talks_.at(cluster)->beginFollow(std::move(line), answer, next);
    }
}

void DrProducer::refuse(std::unique_ptr<DrLine> line, const DrHello& hello, const DrRefusal& refusal) {
    hub_.store().seams().faults.reached("dr-refused");
    line->send(refusal);
    dropLine(hub_.store().seams(), std::move(line));
    const auto talk = talks_.find(hello.self.cluster);
    if (refusal.isFinal && talk != talks_.end() && !talk->second->isUp()) talk->second->refused(refusal.text);
}

Status DrProducer::enrol(const DrHello& hello) {
    const int cluster = hello.self.cluster;
    DrConversation talk;
    talk.remote = hello.self;
    const auto via = hub_.book().conversations.find(hello.via);
    note();
    if (hello.want == DrWant::Hold && via != hub_.book().conversations.end()) {
        // Whoever gives the snapshot has this and more of ours, now and later.
        talk.acked = via->second.acked;
        talk.heldFrom = via->second.heldFrom;
    } else {
        for (int partition = 0; partition < hub_.store().partitions(); ++partition) {
            talk.acked[partition] = hub_.store().nextSequence(partition);
        }
        talk.acked[kMpPartition] = hub_.store().nextSequence(kMpPartition);
        talk.heldFrom = published_ + 1;
    }
    hub_.book().conversations.insert_or_assign(cluster, std::move(talk));
    if (Status done = hub_.save(); !done) return done;
    take(cluster);
    return okStatus();
}

}  // namespace tributary::engine::voltdb
