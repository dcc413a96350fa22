// SIGKILL of each process under load, again and again: what was acknowledged is at both ends afterwards.
#include "killswriter.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using tributary::test::killRounds;
using tributary::test::KillsWriter;
using tributary::test::moreAcknowledged;
using tributary::test::proveAtBothEnds;
using tributary::test::Ran;
using tributary::test::TerminalWorld;

class KillsTest : public QObject {
    Q_OBJECT
private slots:
    void engineLosesNothing_data();
    void engineLosesNothing();
    void copyingClientLosesNothing();
    void runnerLosesNothing();

private:
    /// Both directions replicate a table of a few rows.
    static void setUpPair(TerminalWorld& world, const QStringList& ups);
    static const QString sf_;
    static const QString ny_;
};

const QString KillsTest::sf_ = QString::fromLatin1(TerminalWorld::kSf);
const QString KillsTest::ny_ = QString::fromLatin1(TerminalWorld::kNy);

void KillsTest::setUpPair(TerminalWorld& world, const QStringList& ups) {
    for (const QString& up : ups) QVERIFY_RAN(world.verb(up));
    QVERIFY_RAN(world.verb(u"load %1 --generate 2000 --seed 1"_s.arg(sf_)));
    QVERIFY_RAN(world.verb(u"run multi-master-setup --set source=%1 --set replica=%2"_s.arg(sf_, ny_)));
}

void KillsTest::engineLosesNothing_data() {
    QTest::addColumn<QStringList>("ups");
    QTest::addColumn<QString>("victim");
    const QStringList apart{u"up --cluster sanfrancisco"_s, u"up --cluster newyork"_s};
    QTest::newRow("source") << apart << u"sanfrancisco"_s;
    QTest::newRow("replica") << apart << u"newyork"_s;
    QTest::newRow("daemon of both") << QStringList{u"up"_s} << u"newyork"_s;
}

void KillsTest::engineLosesNothing() {
    QFETCH(QStringList, ups);
    QFETCH(QString, victim);
    TerminalWorld world(u"multi-master"_s);
    setUpPair(world, ups);
    if (QTest::currentTestFailed()) return;
    KillsWriter there(world, sf_, u"a"_s);
    KillsWriter here(world, ny_, u"b"_s);
    for (int round = 0; round < killRounds(); ++round) {
        QVERIFY2(moreAcknowledged({&there, &here}, round), qPrintable(u"round %1"_s.arg(round)));
        world.killDaemon(victim);
        for (const QString& up : ups) QVERIFY_RAN(world.verb(up));
    }
    QVERIFY_RAN(proveAtBothEnds(world, {sf_, ny_}, {&there, &here}, QTest::currentDataTag(), killRounds()));
}

void KillsTest::copyingClientLosesNothing() {
    TerminalWorld world(u"multi-master"_s);
    setUpPair(world, {u"up"_s});
    if (QTest::currentTestFailed()) return;
    const int rows = killRounds() == 1 ? 20'000 : 100'000;
    QVERIFY_RAN(world.verb(u"load %1 --generate %2 --seed 2"_s.arg(sf_).arg(rows)));
    KillsWriter there(world, sf_, u"a"_s);
    KillsWriter here(world, ny_, u"b"_s);
    const QString copyLine =
        u"hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src %1 -dst %2 -bulkload false"_s.arg(sf_, ny_);
    int kills = 0;
    for (int round = 0; kills < killRounds(); ++round) {
        QVERIFY2(round < killRounds() * 10, "the copy ends before it can be killed");
        QProcess& copy = world.start(copyLine);
        QVERIFY(copy.waitForStarted());
        // A copy that ends sooner was not killed, and does not count.
        if (copy.waitForFinished(20 + (round * 37) % 400)) continue;
        copy.kill();
        copy.waitForFinished();
        ++kills;
    }
    QVERIFY(moreAcknowledged({&there, &here}, 0));
    QVERIFY_RAN(world.verb(copyLine));
    QVERIFY_RAN(proveAtBothEnds(world, {sf_, ny_}, {&there, &here}, "copying client", kills));
}

void KillsTest::runnerLosesNothing() {
    TerminalWorld world(u"multi-master"_s);
    QVERIFY_RAN(world.verb(u"up"_s));
    int kills = 0;
    for (int round = 0; kills < killRounds(); ++round) {
        QVERIFY2(round < killRounds() * 5, "the run ends before it can be killed");
        const QString source = u"/mapr/sanfrancisco/runner%1"_s.arg(round);
        const QString replica = u"/mapr/newyork/runner%1"_s.arg(round);
        QVERIFY_RAN(world.verb(u"maprcli table create -path %1"_s.arg(source)));
        QVERIFY_RAN(world.verb(u"maprcli table cf create -path %1 -cfname profile"_s.arg(source)));
        KillsWriter writer(world, source, u"r%1"_s.arg(round));
        QVERIFY(moreAcknowledged({&writer}, 0));
        QProcess& run = world.start(u"run multi-master-setup --set source=%1 --set replica=%2"_s.arg(source, replica));
        QVERIFY(run.waitForStarted());
        const bool ended = run.waitForFinished(60 + (round * 53) % 900);
        run.kill();
        run.waitForFinished();
        if (!ended) {
            ++kills;
            const Ran resumed = world.verb(u"run --resume"_s);
            // Killed before its first record: then there is nothing to resume, and the run is started anew.
            if (resumed.code != 0) {
                QVERIFY_RAN(
                    world.verb(u"run multi-master-setup --set source=%1 --set replica=%2"_s.arg(source, replica)));
            }
        }
        QVERIFY_RAN(proveAtBothEnds(world, {source, replica}, {&writer}, "runner", kills));
    }
}

TRIBUTARY_TEST(KillsTest)
#include "tst_kills.moc"
