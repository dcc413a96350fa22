// Who may come in: the refusals of a producer.
#include <fmt/format.h>

#include <algorithm>

#include "engine/systems/voltdb/dr/drid.h"
#include "engine/systems/voltdb/replication/drproducer.h"

namespace tributary::engine::voltdb {

namespace {

DrRefusal forGood(std::string text) {
    return {true, std::move(text)};
}

DrRefusal forNow(std::string text) {
    return {false, std::move(text)};
}

bool fits(DrRole producer, DrRole consumer) {
    return (producer == DrRole::Master && consumer == DrRole::Replica) ||
           (producer == DrRole::Xdcr && consumer == DrRole::Xdcr);
}

}  // namespace

std::optional<DrRefusal> DrProducer::whyNot(const DrHello& hello) {
    const DrMember self = hub_.self();
    const DrBook& book = hub_.book();
    if (hello.protocol < kDrProtocolLeast) {
        return forGood(
            fmt::format("DR protocol version {} is not spoken here: {} at least", hello.protocol, kDrProtocolLeast));
    }
    if (hello.self.cluster == self.cluster) {
        return forGood(
            fmt::format("Both clusters have the DR cluster id {}: ids of a group must differ", self.cluster));
    }
    if (!fits(book.role, hello.role)) {
        return forGood(fmt::format("Incompatible DR modes between two clusters: cluster {} is {}, cluster {} is {}",
                                   self.cluster, drRoleName(book.role), hello.self.cluster, drRoleName(hello.role)));
    }
    if (book.isSyncing) return forNow("this cluster has no whole sync snapshot itself");
    const auto known = book.conversations.find(hello.self.cluster);
    if (known != book.conversations.end() && known->second.remote.creationMs != hello.self.creationMs) {
        return forGood(
            fmt::format("Cluster {} was created anew: DR with the one of before cannot be resumed. Forget it "
                        "first: voltadmin dr reset --cluster={}",
                        hello.self.cluster, hello.self.cluster));
    }
    return std::nullopt;
}

std::optional<DrRefusal> DrProducer::whyNoJoin(const DrHello& hello) {
    const DrBook& book = hub_.book();
    const int cluster = hello.self.cluster;
    const auto known = book.conversations.find(cluster);
    if (known != book.conversations.end() && (known->second.hasBegun || known->second.isSynced)) {
        return forGood(std::string(kSnapshotBroken));
    }
    const auto hasRows = hub_.store().hasRows();
    if (!hasRows) return forNow(hasRows.error().text());
    if (hub_.joining() && *hub_.joining() != cluster) {
        return forNow(fmt::format("cluster {} is joining: one at a time", *hub_.joining()));
    }
    if (book.role == DrRole::Xdcr) return whyNoXdcrJoin(hello, *hasRows);
    for (const auto& [other, talk] : book.conversations) {
        if (other == cluster) continue;
        return forGood(
            fmt::format("This master has a replica already: cluster {}. Passive DR is between two clusters", other));
    }
    if (!hello.hasRows) return std::nullopt;
    return forNow(fmt::format("The DR tables of replica cluster {} are not empty: DR cannot start", cluster));
}

std::optional<DrRefusal> DrProducer::whyNoXdcrJoin(const DrHello& hello, bool hasRows) {
    const DrBook& book = hub_.book();
    const DrMember self = hub_.self();
    if (hello.hasJoined) {
        return forGood(fmt::format("Cluster {} is of a group that this cluster is not of", hello.self.cluster));
    }
    if (hello.hasRows && (hasRows || book.hasJoined)) {
        return forNow(fmt::format("Clusters {} and {} both have data in their DR tables: DR cannot start", self.cluster,
                                  hello.self.cluster));
    }
    if (book.hasJoined) return std::nullopt;
    // Neither is of a group: who has data begins it, else who was there first.
    const bool isFirst = self.creationMs != hello.self.creationMs ? self.creationMs < hello.self.creationMs
                                                                  : self.cluster < hello.self.cluster;
    if (hello.hasRows || (!hasRows && !isFirst)) {
        return forNow(fmt::format("it is cluster {} that begins the group", hello.self.cluster));
    }
    return std::nullopt;
}

std::optional<DrRefusal> DrProducer::whyNoHold(const DrHello& hello) {
    const DrBook& book = hub_.book();
    if (!book.hasJoined) return forNow("this cluster has not joined yet");
    if (hub_.joining() && *hub_.joining() != hello.self.cluster) {
        return forNow(fmt::format("cluster {} is joining: one at a time", *hub_.joining()));
    }
    const auto known = book.conversations.find(hello.self.cluster);
    if (known != book.conversations.end() && known->second.isSynced) return forGood(std::string(kSnapshotBroken));
    if (hello.members.empty() && !book.conversations.contains(hello.via)) {
        return forNow(fmt::format("cluster {} is not known here", hello.via));
    }
    return std::nullopt;
}

std::optional<DrRefusal> DrProducer::whyNoFollow(const DrHello& hello) {
    const DrBook& book = hub_.book();
    const int cluster = hello.self.cluster;
    const auto known = book.conversations.find(cluster);
    // A snapshot whose end was acknowledged, and the acknowledgement lost, has made a group all the same.
    const bool hasBegun = known != book.conversations.end() && known->second.hasBegun;
    if (book.role == DrRole::Xdcr && !book.hasJoined && !hasBegun) return forNow("this cluster has not joined yet");
    const auto talk = talks_.find(cluster);
    if (talk == talks_.end()) {
        return forGood(fmt::format("No logs are held for cluster {}: DR can only be restarted from scratch", cluster));
    }
    for (const auto& [partition, cursor] : talk->second->cursors()) {
        const auto wanted = hello.next.find(partition);
        if (wanted == hello.next.end()) continue;
        std::uint64_t ours = hub_.store().nextSequence(partition);
        if (known != book.conversations.end() && known->second.until.contains(partition)) {
            ours = std::min(ours, known->second.until.at(partition));
        }
        if (wanted->second >= cursor.acked && wanted->second <= ours) continue;
        const bool isLost = wanted->second > ours;
        const DrId theirs =
            wanted->second == 0 ? DrId::empty(hub_.self().cluster) : DrId::of(hub_.self().cluster, wanted->second - 1);
        const DrId last = DrId::of(hub_.self().cluster, (isLost ? ours : cursor.acked) - 1);
        hub_.store().seams().faults.reached("dr-cannot-resume");
        return forGood(fmt::format(
            "DR cannot be resumed: of partition {}, cluster {} has DR ids up to {}, while {} is the last that cluster "
            "{} "
            "{}. DR can only be restarted from scratch",
            partition, cluster, static_cast<std::int64_t>(theirs.bits()), static_cast<std::int64_t>(last.bits()),
            hub_.self().cluster, isLost ? "has" : "saw acknowledged"));
    }
    return std::nullopt;
}

}  // namespace tributary::engine::voltdb
