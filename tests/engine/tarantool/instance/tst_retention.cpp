// For whom the log of a master is held, and what comes of it where it is not.
#include "masterworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::tarantool;
using namespace tributary::test;

class TestRetention : public QObject {
    Q_OBJECT
private slots:
    void theLogIsHeldForWhoIsRegistered() {
        Master master;
        QCOMPARE(master.world.control().neededFrom(), kHoldsNothing);
        ReplicaClient first(master.world, joining(master.world, "instance001"));
        QVERIFY(first.isSubscribed());
        const Lsn held = master.world.control().neededFrom();
        QVERIFY(held > 0 && held <= master.world.host().node().log().headLsn() + 1);
        first.cut();
        master.insert(2, 30);
        QVERIFY(master.world.control().neededFrom() <= held);
        // Nobody has heard of it since the start: it may need all there is.
        master.world.powerCut();
        QCOMPARE(master.world.control().neededFrom(), Lsn{0});
        ReplicaClient second(master.world, plan(master.world, "instance001", first.clock));
        QVERIFY(second.isInSync());
        QVERIFY(second.until([&] { return master.world.control().neededFrom() > 0; }));
        second.cut();
        (void)master.world.lua("box.space._cluster:delete { 2 }");
        QCOMPARE(master.world.control().neededFrom(), kHoldsNothing);
    }

    void whatIsReleasedIsMissedByThoseWhoHoldNothing_data() {
        QTest::addColumn<bool>("isRegistered");
        QTest::addColumn<QString>("bug");
        QTest::addColumn<bool>("follows");
        QTest::newRow("registered") << true << QString() << true;
        QTest::newRow("registered, and forgotten") << true << QStringLiteral("bug-retention-forgotten") << false;
        QTest::newRow("anonymous") << false << QString() << false;
        QTest::newRow("anonymous, and the gap is passed") << false << QStringLiteral("bug-relay-ignores-gap") << false;
    }
    void whatIsReleasedIsMissedByThoseWhoHoldNothing() {
        QFETCH(const bool, isRegistered);
        QFETCH(const QString, bug);
        QFETCH(const bool, follows);
        Master master(32U << 10U);
        auto asks = isRegistered ? joining(master.world, "instance001") : anonymous(master.world, "instance001");
        asks.wantsData = true;
        ReplicaClient first(master.world, asks);
        QVERIFY(first.isSubscribed());
        const Vclock reached = first.clock;
        const Lsn head = master.world.host().node().log().headLsn();
        first.cut();
        if (!bug.isEmpty()) master.world.host().faults().arm(bug.toStdString());
        // So much that what is at work in memory does not hold it.
        for (int i = 0; i < 40; ++i) {
            (void)master.world.lua(
                "box.begin() for i = 1, 100 do box.space.bands:replace { i, string.rep('x', 5000) } end box.commit()");
        }
        const Micros untilUs = master.world.nowUs() + 10'000'000;
        (void)master.world.run([&] { return master.world.nowUs() > untilUs; });
        const bool isKept = isRegistered && bug.isEmpty();
        QCOMPARE(master.world.host().node().log().firstLsn() <= head + 1, isKept);
        auto back = plan(master.world, "instance001", reached);
        back.subscription.isAnonymous = !isRegistered;
        ReplicaClient second(master.world, back);
        const bool isWhole = second.isInSync() && second.stream.size() == 4'000;
        QCOMPARE(isWhole, follows);
        QCOMPARE(second.refused.has_value(), !follows && bug != QLatin1String("bug-relay-ignores-gap"));
        if (!second.refused) return;
        QCOMPARE(second.refused->code, 32U);
        QVERIFY2(second.refused->message.starts_with("Missing .xlog file between LSN "),
                 second.refused->message.c_str());
        if (isRegistered) QCOMPARE(master.downstream(2), kStopped);
    }
};
TRIBUTARY_TEST(TestRetention)
#include "tst_retention.moc"
