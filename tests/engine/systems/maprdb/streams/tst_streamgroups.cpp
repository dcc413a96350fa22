// Who of a consumer group reads which partition: one reader each, all read, and what becomes of a reader that is gone.
#include "engine/systems/maprdb/streams/streamgroups.h"

#include <QTest>

#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;

class StreamGroupsTest : public QObject {
    Q_OBJECT

    struct TestClock final : Clock {
        [[nodiscard]] Millis wallMs() const override { return us / 1000; }
        [[nodiscard]] Micros monotonicUs() const override { return us; }
        Micros us = 0;
    };
    static constexpr std::uint32_t kStream = 3;

    StreamGroups::Share beat(std::string member, std::uint64_t session, const std::set<std::string>& topics = {"t"}) {
        StreamGroups::Share share;
        std::map<std::string, std::uint32_t> partitions;
        for (const std::string& topic : topics) partitions[topic] = partitions_;
        if (!groups_->heard(kStream, "g", member, session, topics, partitions, share)) share.member = "full";
        return share;
    }
    /// Every partition has one reader, and it is a member.
    [[nodiscard]] std::size_t assigned() const {
        std::set<StreamGroups::Partition> seen;
        for (const auto& row : groups_->list(kStream)) {
            if (!seen.insert(row.partition).second) return 0;
        }
        return seen.size();
    }

private slots:
    void init() {
        clock_ = TestClock();
        partitions_ = 6;
        groups_ = std::make_unique<StreamGroups>(clock_);
    }
    void partitionsAreDealtOutAndDealtAgain() {
        const auto first = beat({}, 1);
        QCOMPARE(first.partitions.size(), 6U);
        const auto second = beat({}, 2);
        QVERIFY(second.member != first.member);
        QCOMPARE(second.partitions.size(), 0U);  // the first one may be reading them
        QCOMPARE(second.coming, 3U);
        const auto again = beat(first.member, 1);
        QCOMPARE(again.partitions.size(), 3U);
        QVERIFY(again.generation > first.generation);
        const auto then = beat(second.member, 2);
        QCOMPARE(then.partitions.size(), 3U);
        QCOMPARE(then.coming, 0U);
        QVERIFY(then.generation > second.generation);
        QCOMPARE(beat(first.member, 1).generation, then.generation);  // nothing changed
        QCOMPARE(assigned(), 6U);
    }
    void nobodyReadsWhatAnotherHasNotLetGoOf() {
        std::map<std::string, StreamGroups::Share> told;
        const auto tell = [&](const StreamGroups::Share& share) { told[share.member] = share; };
        tell(beat({}, 1));
        for (std::uint64_t session = 2; session <= 5; ++session) tell(beat({}, session));
        for (int round = 0; round < 20; ++round) {
            auto each = told.begin();
            std::advance(each, (round * 7) % 5);
            tell(beat(each->first, 1 + (round * 7) % 5));
            std::set<StreamGroups::Partition> seen;
            for (const auto& [member, share] : told) {
                for (const auto& partition : share.partitions) QVERIFY(seen.insert(partition).second);
            }
        }
        for (int round = 0; round < 2; ++round) {
            for (const auto& [member, share] : std::map(told)) tell(beat(member, 9));
        }
        std::size_t sum = 0;
        for (const auto& [member, share] : told) sum += share.partitions.size();
        QCOMPARE(sum, 6U);
    }
    void whoIsGoneHoldsNothing() {
        const auto first = beat({}, 1);
        const auto second = beat({}, 2);
        QCOMPARE(second.coming, 3U);
        groups_->sessionEnded(1);
        QCOMPARE(beat(second.member, 2).partitions.size(), 6U);
    }
    void whoIsGoneReadsNothing_data() {
        QTest::addColumn<int>("how");
        QTest::newRow("leaves") << 0;
        QTest::newRow("its connection ends") << 1;
        QTest::newRow("falls silent") << 2;
    }
    void whoIsGoneReadsNothing() {
        QFETCH(int, how);
        const auto first = beat({}, 1);
        const auto second = beat({}, 2);
        if (how == 0) groups_->leave(kStream, "g", second.member);
        if (how == 1) groups_->sessionEnded(2);
        if (how == 2) {
            clock_.us += StreamGroups::kSilentMs * 600;
            (void)beat(first.member, 1);
            clock_.us += StreamGroups::kSilentMs * 600;
        }
        QCOMPARE(beat(first.member, 1).partitions.size(), 6U);
        QCOMPARE(assigned(), 6U);
        for (const auto& row : groups_->list(kStream)) QCOMPARE(row.member, first.member);
    }
    void topicsGoToThoseWhoSubscribe() {
        const auto first = beat({}, 1, {"t", "u"});
        const auto joined = beat({}, 2, {"u"});
        QCOMPARE(beat(first.member, 1, {"t", "u"}).partitions.size(), 9U);
        const auto second = beat(joined.member, 2, {"u"});
        QCOMPARE(second.partitions.size(), 3U);
        for (const auto& [topic, number] : second.partitions) QCOMPARE(topic, std::string("u"));
        partitions_ = 8;  // a topic grew
        QCOMPARE(beat(first.member, 1, {"t", "u"}).partitions.size(), 12U);
    }
    void aGroupHasABound() {
        for (std::size_t i = 0; i < StreamGroups::kMembersMax; ++i) QVERIFY(beat({}, i + 1).member != "full");
        QCOMPARE(beat({}, 9'999).member, std::string("full"));
        groups_->sessionEnded(1);
        QVERIFY(beat({}, 9'999).member != "full");
    }
    void theLastOneLeavesNothing() {
        const auto only = beat({}, 1);
        groups_->leave(kStream, "g", only.member);
        QCOMPARE(assigned(), 0U);
    }

private:
    TestClock clock_;
    std::uint32_t partitions_ = 6;
    std::unique_ptr<StreamGroups> groups_;
};
TRIBUTARY_TEST(StreamGroupsTest)
#include "tst_streamgroups.moc"
