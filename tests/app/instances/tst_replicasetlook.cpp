// A replica set put together out of what its instances tell: the tutorial's three pictures, and what nobody mentions.
#include <QTest>

#include "app/instances/replicasetlook.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

namespace {

Cluster tutorialSet() {
    Cluster cluster;
    cluster.name = "replicaset001";
    cluster.system = "tarantool";
    for (int i = 1; i <= 2; ++i) {
        Member& member = cluster.members.emplace_back();
        member.name = "instance00" + std::to_string(i);
        member.listen = "127.0.0.1:330" + std::to_string(i);
    }
    return cluster;
}

PeerHalf half(const std::string& status, const std::string& message = {}) {
    PeerHalf out;
    out.status = status;
    out.message = message;
    out.lagS = 0.25;
    out.idleS = 0.5;
    return out;
}

/// A running instance that lists both, with the other one's halves.
InstanceHeard heard(int number, std::uint32_t id, ClockValues clock, std::optional<PeerHalf> upstream,
                    std::optional<PeerHalf> downstream) {
    InstanceHeard out;
    out.name = "instance00" + std::to_string(number);
    out.seen = {InstanceLife::Running, 4700 + number};
    BoxInfo& info = out.info.emplace();
    info.id = id;
    info.name = out.name;
    info.uuid = "uuid-" + std::to_string(number);
    info.status = "running";
    info.uptimeS = 12.5;
    info.clock = std::move(clock);
    PeerInfo self;
    self.id = id;
    self.name = info.name;
    self.uuid = info.uuid;
    PeerInfo other;
    other.id = 3 - id;
    other.name = "instance00" + std::to_string(3 - number);
    other.uuid = "uuid-" + std::to_string(3 - number);
    other.upstream = std::move(upstream);
    other.downstream = std::move(downstream);
    info.replication = {self, other};
    return out;
}

std::vector<InstanceHeard> bothFollow() {
    return {heard(1, 2, {{1, 9}, {2, 5}}, half("follow"), half("follow")),
            heard(2, 1, {{1, 9}, {2, 5}}, half("follow"), half("follow"))};
}

ClusterLook look(const std::vector<InstanceHeard>& all) {
    const Cluster set = tutorialSet();
    return lookOf(set, {}, &set, all);
}

/// "instance002 -> instance001 follow".
QStringList spelt(const ClusterLook& look) {
    QStringList out;
    for (const EdgeLook& each : look.edges) {
        out << QString::fromStdString(each.from.substr(14) + " -> " + each.to.substr(14) + " " + each.state);
    }
    return out;
}

}  // namespace

class TestReplicaSetLook : public QObject {
    Q_OBJECT
private slots:
    void everybodyFollows() {
        const ClusterLook seen = look(bothFollow());
        QCOMPARE(seen.state, std::string("up"));
        QVERIFY(seen.answered && seen.reason.empty());
        QCOMPARE(spelt(seen), (QStringList{QStringLiteral("instance002 -> instance001 follow"),
                                           QStringLiteral("instance001 -> instance002 follow")}));
        const MemberLook& first = seen.members.front();
        QCOMPARE(first.state, std::string("running"));
        QCOMPARE(first.id, 2U);
        QCOMPARE(first.pid, std::int64_t(4701));
        QCOMPARE(first.uptimeMs.value(), Millis(12'500));
        QCOMPARE(first.listen, std::string("127.0.0.1:3301"));
        QCOMPARE(seen.edges[0].lagMs.value(), std::int64_t(250));
        QCOMPARE(seen.edges[0].idleMs.value(), std::int64_t(500));
        QCOMPARE(seen.edges[0].rowsBehind.value(), std::int64_t(0));
        QVERIFY(seen.edges[0].error.empty() && seen.edges[0].sourceNote.empty());
    }
    void aConflictStopsBothDirections() {
        const std::string why = "Duplicate key exists in unique index \"primary\" in space \"bands\"";
        const ClusterLook seen = look({heard(1, 2, {{1, 9}, {2, 6}}, half("stopped", why), half("stopped", "EOF")),
                                       heard(2, 1, {{1, 10}, {2, 5}}, half("stopped", why), half("stopped", "EOF"))});
        QCOMPARE(seen.state, std::string("up"));  // both run and take writes: that is the trap
        QCOMPARE(spelt(seen), (QStringList{QStringLiteral("instance002 -> instance001 stopped"),
                                           QStringLiteral("instance001 -> instance002 stopped")}));
        QCOMPARE(seen.edges[0].error, why);
        QVERIFY(!seen.edges[0].lagMs);  // it is frozen, and no lag
        QCOMPARE(seen.edges[0].idleMs.value(), std::int64_t(500));
        QCOMPARE(seen.edges[0].rowsBehind.value(), std::int64_t(1));
        QCOMPARE(seen.edges[1].rowsBehind.value(), std::int64_t(1));
        QCOMPARE(seen.edges[0].sourceNote, std::string("stopped: EOF"));
    }
    void afterTheReseedOneDirectionLives() {
        const ClusterLook seen =
            look({heard(1, 2, {{1, 9}, {2, 6}}, half("stopped", "Duplicate key exists"), half("follow")),
                  heard(2, 1, {{1, 9}, {2, 6}}, half("follow"), std::nullopt)});
        QCOMPARE(spelt(seen), (QStringList{QStringLiteral("instance002 -> instance001 stopped"),
                                           QStringLiteral("instance001 -> instance002 follow")}));
    }
    void aPeerThatWasNeverReachedIsShown() {
        std::vector<InstanceHeard> all = bothFollow();
        all[1].info->replication = {all[1].info->replication[0]};  // as a fresh instance lists itself only
        const ClusterLook seen = look(all);
        QCOMPARE(spelt(seen), (QStringList{QStringLiteral("instance002 -> instance001 follow"),
                                           QStringLiteral("instance001 -> instance002 not connected")}));
        QVERIFY2(seen.edges[1].error.find("instance002 is told to follow instance001 and has never reached it") !=
                     std::string::npos,
                 seen.edges[1].error.c_str());
        QVERIFY(!seen.edges[1].rowsBehind);  // its ids need not be those of the other one
    }
    void onlyDrawnPeersAreExpected() {
        const Cluster set = tutorialSet();
        std::vector<InstanceHeard> all = bothFollow();
        for (InstanceHeard& each : all) each.info->replication[1].upstream.reset();
        const Peer peer{"replicaset001/instance002", "replicaset001/instance001", {}};
        const ClusterLook seen = lookOf(set, {peer}, &set, all);
        QCOMPARE(spelt(seen), QStringList{QStringLiteral("instance001 -> instance002 not connected")});
        QVERIFY(seen.edges[0].error.find("has no applier for it") != std::string::npos);
    }
    void whatIsFollowedAndNotDrawnIsShownToo() {
        const Cluster set = tutorialSet();
        const Peer peer{"replicaset001/instance002", "replicaset001/instance001", {}};
        QCOMPARE(spelt(lookOf(set, {peer}, &set, bothFollow())).size(), 2);
    }
    void peersWithoutNamesAreKnownByUuidOrAddress() {
        std::vector<InstanceHeard> all = bothFollow();
        for (InstanceHeard& each : all) {
            for (PeerInfo& peer : each.info->replication) peer.name.clear();
        }
        QCOMPARE(spelt(look(all)).first(), QStringLiteral("instance002 -> instance001 follow"));
        all[0].info->replication[1].upstream->peer = "replicator@127.0.0.1:3302";
        all[1].info.reset();  // down: its uuid is not known
        all[1].seen = {};
        QCOMPARE(spelt(look(all)), (QStringList{QStringLiteral("instance002 -> instance001 follow"),
                                                QStringLiteral("instance001 -> instance002 ?")}));
    }
    void aKilledProcessIsSaidToBe() {
        std::vector<InstanceHeard> all = bothFollow();
        all[0].info.reset();
        all[0].seen = {InstanceLife::Dead, 4701};
        const ClusterLook seen = look(all);
        QCOMPARE(seen.state, std::string("partly up"));
        QCOMPARE(seen.members[0].state, std::string("killed"));
        QCOMPARE(seen.reason, std::string("instance001 is killed: process 4701 is gone, and nobody had stopped it"));
        QVERIFY(seen.answered);
        QCOMPARE(seen.edges[0].state, std::string("?"));
        QCOMPARE(seen.edges[0].error, std::string("instance001 is killed"));
        all[1] = all[0];
        all[1].name = "instance002";
        QCOMPARE(look(all).state, std::string("killed"));
    }
    void whatDoesNotAnswerLeavesTheWholeUnknown() {
        std::vector<InstanceHeard> all = bothFollow();
        all[1].info.reset();
        all[1].silence = Error{ErrorCode::Timeout, "process 4702 does not answer", {}, "tributary status"};
        const ClusterLook seen = look(all);
        QCOMPARE(seen.state, std::string("?"));
        QCOMPARE(seen.members[1].state, std::string("?"));
        QVERIFY(!seen.edges[0].rowsBehind);
        QVERIFY(seen.reason.find("instance002 is not answering: process 4702") != std::string::npos);
    }
    void nothingRuns() {
        const ClusterLook seen = look({});
        QCOMPARE(seen.state, std::string("down"));
        QVERIFY(!seen.answered && seen.reason.empty());
        QCOMPARE(seen.members.size(), std::size_t(2));
        QCOMPARE(seen.edges.size(), std::size_t(2));
    }
    void anOrphanIsToldAsOne() {
        std::vector<InstanceHeard> all = bothFollow();
        all[0].info->status = "orphan";
        all[0].info->readOnly = true;
        all[0].info->readOnlyReason = "orphan";
        const ClusterLook seen = look(all);
        QCOMPARE(seen.state, std::string("orphan"));
        QCOMPARE(seen.members[0].readOnly, std::optional(true));
        QVERIFY(seen.reason.starts_with("instance001 is orphan: cannot reach its peers"));
    }
    void anInstanceThatIsNotDrawnIsAMember() {
        Cluster set = tutorialSet();
        const Cluster drawn = tutorialSet();
        Member& third = set.members.emplace_back();
        third.name = "instance003";
        third.listen = "127.0.0.1:3303";
        const ClusterLook seen = lookOf(set, {}, &drawn, bothFollow());
        QCOMPARE(seen.members.size(), std::size_t(3));
        QVERIFY(seen.members[0].drawn && !seen.members[2].drawn);
        QCOMPARE(seen.state, std::string("partly up"));
        QCOMPARE(seen.edges.size(), std::size_t(6));
    }
};

TRIBUTARY_TEST(TestReplicaSetLook)
#include "tst_replicasetlook.moc"
