// Seeds of load, weather and deaths; and each seeded bug is seen by the oracle.
#include "drload.h"
#include "fuzzing.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::test;

class TestDrSim : public QObject {
    Q_OBJECT
private slots:
    void threeActiveClusters() {
        std::size_t conflicts = 0;
        for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(fuzzRounds(12)); ++seed) {
            DrLoad load(3, seed, {});
            const std::string wrong = load.run();
            QVERIFY2(wrong.empty(), ("seed " + std::to_string(seed) + ": " + wrong).c_str());
            conflicts += load.conflicts();
        }
        QVERIFY(conflicts > 20);
    }
    void masterAndReplica() {
        for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(fuzzRounds(10)); ++seed) {
            DrLoad load(2, seed, {}, true);
            const std::string wrong = load.run();
            QVERIFY2(wrong.empty(), ("seed " + std::to_string(seed) + ": " + wrong).c_str());
        }
    }
    void seededBugsAreSeen_data() {
        QTest::addColumn<QString>("bug");
        QTest::addColumn<bool>("isPassive");
        QTest::newRow("a transaction is skipped") << QStringLiteral("bug-dr-transaction-skipped") << true;
        QTest::newRow("acknowledged too early") << QStringLiteral("bug-dr-acks-early") << true;
        QTest::newRow("half of a transaction") << QStringLiteral("bug-dr-half-of-mp-applied") << true;
        QTest::newRow("forwards what it got") << QStringLiteral("bug-dr-forwards") << false;
        QTest::newRow("forgets who needs its logs") << QStringLiteral("bug-dr-retention-forgotten") << false;
        QTest::newRow("the wrong one wins") << QStringLiteral("bug-dr-wrong-winner") << false;
        QTest::newRow("a conflict is not logged") << QStringLiteral("bug-dr-conflict-not-logged") << false;
    }
    void seededBugsAreSeen() {
        QFETCH(QString, bug);
        QFETCH(bool, isPassive);
        std::string wrong;
        for (std::uint64_t seed = 1; seed <= 30 && wrong.empty(); ++seed) {
            wrong = DrLoad(isPassive ? 2 : 3, seed, bug.toStdString(), isPassive).run();
        }
        QVERIFY(!wrong.empty());
        qInfo("%s", wrong.c_str());
    }
};
TRIBUTARY_TEST(TestDrSim)
#include "tst_drsim.moc"
