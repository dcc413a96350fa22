// Verbs on running clusters: up, the dialect, status, faults and their proof, down.
#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "spawn.h"
#include "testmain.h"

using tributary::test::builtProgram;
using tributary::test::Spawned;
using tributary::test::SpawnOptions;

class VerbsLiveTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(dir_.isValid());
        options_.user = QStringLiteral("ana");
        QCOMPARE(run("new @ --example multi-master").code, 0);
        options_.folder = workspace();
        const Spawned started = run("up");
        QVERIFY2(started.code == 0, qPrintable(started.err));
    }
    void cleanupTestCase() { run("down"); }

    void upIsIdempotent() {
        const Spawned again = run("up");
        QCOMPARE(again.code, 0);
        QCOMPARE(again.out, QStringLiteral("sanfrancisco was up already\nnewyork was up already\n"));
    }

    void theDialectWorksAsVerbAndByItsOwnName() {
        const Spawned verb = run("maprcli table cf list -path /mapr/sanfrancisco/customers");
        QCOMPARE(verb.code, 0);
        QVERIFY(verb.out.contains(QStringLiteral("profile")));
        const QString link = dir_.filePath(QStringLiteral("maprcli"));
        QVERIFY(QFile::link(builtProgram(), link));
        SpawnOptions named = options_;
        named.program = link;
        const QStringList words{QStringLiteral("table"), QStringLiteral("cf"), QStringLiteral("list"),
                                QStringLiteral("-path"), QStringLiteral("/mapr/sanfrancisco/customers")};
        QCOMPARE(tributary::test::spawn(words, named).out, verb.out);
        const Spawned json = run("--json maprcli table info -path /mapr/sanfrancisco/customers");
        QCOMPARE(json.code, 0);
        const QJsonObject envelope = QJsonDocument::fromJson(json.out.toUtf8()).object();
        QCOMPARE(envelope[QStringLiteral("status")].toString(), QStringLiteral("OK"));
        const Spawned missing = run("maprcli table info -path /mapr/newyork/customers");
        QCOMPARE(missing.code, 1);
        QVERIFY2(missing.err.startsWith(QStringLiteral("ERROR (2) -  table info: ")), qPrintable(missing.err));
    }

    void statusTellsWhatIsDrawnAndNotThere() {
        const QJsonObject status = statusNow();
        QCOMPARE(status[QStringLiteral("clusters")].toArray().size(), 2);
        QVERIFY(kindsOf(status).contains(QStringLiteral("missing")));
        QVERIFY(!kindsOf(status).contains(QStringLiteral("unknown")));
    }

    void faultsAreListedAndClearedForCertain() {
        QCOMPARE(run("fault cut sanfrancisco newyork").code, 0);
        QCOMPARE(faultsNow(), (QStringList{QStringLiteral("cut newyork"), QStringLiteral("cut sanfrancisco")}));
        QCOMPARE(run("fault heal sanfrancisco newyork --one-way").code, 0);
        QCOMPARE(faultsNow(), QStringList{QStringLiteral("cut newyork")});
        QCOMPARE(run("fault delay newyork sanfrancisco 20ms --one-way").code, 0);  // leaves the cut as it is
        QCOMPARE(run("fault gateway stop gw-sf-2").code, 0);
        QCOMPARE(run("fault disk slow sanfrancisco").code, 0);
        QCOMPARE(run("fault kill newyork").code, 0);
        QCOMPARE(faultsNow(),
                 (QStringList{QStringLiteral("cut newyork"), QStringLiteral("delay newyork"),
                              QStringLiteral("disk slow sanfrancisco"), QStringLiteral("gateway stopped sanfrancisco"),
                              QStringLiteral("kill newyork")}));
        const QJsonObject status = statusNow();
        QVERIFY(kindsOf(status).contains(QStringLiteral("unknown")));
        const Spawned cleared = run("fault clear");
        QVERIFY2(cleared.code == 0, qPrintable(cleared.err));
        QCOMPARE(cleared.out, QStringLiteral("no faults\n"));
        QCOMPARE(faultsNow(), QStringList());
        QVERIFY(!kindsOf(statusNow()).contains(QStringLiteral("unknown")));
    }

    void statusDoesNotWaitForFrozenClusters() {
        QCOMPARE(run("fault freeze newyork").code, 0);
        QElapsedTimer timer;
        timer.start();
        const QJsonObject status = statusNow();
        QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(status[QStringLiteral("clusters")].toArray()[1].toObject()[QStringLiteral("state")].toString(),
                 QStringLiteral("frozen"));
        QCOMPARE(run("fault thaw newyork").code, 0);
        QCOMPARE(faultsNow(), QStringList());
    }

    void faultsAreForAdministratorsOnly() {
        const Spawned refused = run("--as ana fault kill newyork");
        QVERIFY(refused.code != 0);
        QVERIFY2(refused.err.contains(QStringLiteral("--as ")), qPrintable(refused.err));
        QCOMPARE(faultsNow(), QStringList());
    }

    void wrongFaultsAreRefused_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("said");
        QTest::newRow("cluster") << "fault kill newyrok" << 2 << "did you mean 'newyork'?";
        QTest::newRow("itself") << "fault cut newyork newyork" << 2 << "two different clusters";
        QTest::newRow("gateway") << "fault gateway stop gw-ny-9" << 2 << "no gateway gw-ny-9";
        QTest::newRow("disk") << "fault disk broken newyork" << 2 << "full, slow or ok";
        QTest::newRow("no delay") << "fault delay newyork sanfrancisco 0" << 2 << "a delay of 0 is none";
        QTest::newRow("finer than the network") << "fault delay newyork sanfrancisco 1.5ms" << 2 << "write 1ms or 2ms";
        QTest::newRow("rate") << "fault bandwidth newyork sanfrancisco fast" << 2 << "fast";
    }
    void wrongFaultsAreRefused() {
        QFETCH(QString, line);
        QFETCH(int, code);
        QFETCH(QString, said);
        const Spawned done = run(line);
        QCOMPARE(done.code, code);
        QVERIFY2(done.err.contains(said), qPrintable(done.err));
        QCOMPARE(faultsNow(), QStringList());
    }

    void whatIsClosedToTheReaderIsNotCalledAbsent() {
        const QString path = QStringLiteral("/mapr/sanfrancisco/closed");
        QCOMPARE(
            run(QStringLiteral("maprcli table create -path ") + path + QStringLiteral(" -defaultreadperm u:ben")).code,
            0);
        QCOMPARE(run(QStringLiteral("maprcli table cf create -path ") + path + QStringLiteral(" -cfname f")).code, 0);
        QCOMPARE(run(QStringLiteral("put ") + path + QStringLiteral(" k f:q=1")).code, 0);
        const Spawned there = run(QStringLiteral("get ") + path + QStringLiteral(" k"));
        QCOMPARE(there.code, 1);
        QVERIFY2(there.err.contains(QStringLiteral("has no row k that ana may read")), qPrintable(there.err));
        Spawned absent =
            run(QStringLiteral("get ") + path + QStringLiteral(" none"));  // says no more of a row that is not there
        QCOMPARE(absent.err.replace(QStringLiteral(" none "), QStringLiteral(" k ")), there.err);
        const Spawned scanned = run(QStringLiteral("scan ") + path);
        QCOMPARE(scanned.code, 0);
        QVERIFY(scanned.out.isEmpty());
        QVERIFY2(scanned.err.contains(QStringLiteral("ana may not read all of ") + path), qPrintable(scanned.err));
        QVERIFY(run(QStringLiteral("--quiet scan ") + path).err.isEmpty());
        const Spawned reader = run(QStringLiteral("--as ben get ") + path + QStringLiteral(" k"));
        QCOMPARE(reader.out, QStringLiteral("f:q=1\n"));
        QVERIFY2(reader.err.isEmpty(), qPrintable(reader.err));
        QVERIFY(run(QStringLiteral("--as ben get ") + path + QStringLiteral(" none"))
                    .err.contains(QStringLiteral("has no row none\n")));
        QCOMPARE(run(QStringLiteral("maprcli table delete -path ") + path).code, 0);
    }

    void parametersNameDrawnClusters() {
        for (const char* how : {"", " --dry-run"}) {
            const Spawned ran =
                run(QStringLiteral("run replica-setup --yes --set source=/mapr/sanfrancisco/customers --set "
                                   "replica=/mapr/tokyo/customers") +
                    QString::fromLatin1(how));
            QCOMPARE(ran.code, 2);
            QVERIFY2(ran.err.contains(QStringLiteral("parameter replica")), qPrintable(ran.err));
            QVERIFY2(ran.err.contains(QStringLiteral("lies in cluster tokyo, which is not drawn")),
                     qPrintable(ran.err));
            QVERIFY2(ran.err.contains(QStringLiteral("drawn: sanfrancisco, newyork")), qPrintable(ran.err));
        }
    }

    void aRunIntoAPipeIsLinesAndEndsWithItsEnd() {
        const Spawned ran = run(
            "run replica-setup --yes --set source=/mapr/sanfrancisco/customers --set replica=/mapr/newyork/customers");
        QVERIFY2(ran.code == 0, qPrintable(ran.out + ran.err));
        // No redrawing, no colours, no sparklines or charts; and nothing follows the end, such as a chart of zeros.
        for (const QChar c : ran.out) {
            const bool picture = c.unicode() >= 0x2500 && c.unicode() <= 0x28ff;
            QVERIFY2((c.isPrint() && !picture) || c == u'\n', qPrintable(ran.out));
        }
        const QStringList lines = ran.out.split(u'\n', Qt::SkipEmptyParts);
        QVERIFY2(lines.size() > 10, qPrintable(ran.out));
        QVERIFY2(lines.last().contains(QStringLiteral("success")), qPrintable(lines.last()));
        QVERIFY2(ran.err.isEmpty(), qPrintable(ran.err));
    }

    void zzDownStopsEverythingAndStatusStillWorks() {
        const Spawned stopped = run("down");
        QVERIFY2(stopped.code == 0, qPrintable(stopped.err));
        QCOMPARE(stopped.out, QStringLiteral("sanfrancisco is down\nnewyork is down\n"));
        for (const QJsonValue& cluster : statusNow()[QStringLiteral("clusters")].toArray()) {
            QCOMPARE(cluster.toObject()[QStringLiteral("state")].toString(), QStringLiteral("down"));
        }
        QCOMPARE(run("down").code, 0);
        QCOMPARE(run("fault clear").code, 0);
        const Spawned refused = run("fault kill newyork");
        QVERIFY(refused.code != 0);
        QVERIFY2(refused.err.contains(QStringLiteral("tributary up")), qPrintable(refused.err));
    }

private:
    QString workspace() const { return dir_.filePath(QStringLiteral("w s")); }

    Spawned run(const QString& line) const {
        QStringList words = line.split(u' ');
        for (QString& word : words) {
            if (word == QStringLiteral("@")) word = workspace();
        }
        SpawnOptions options = options_;
        if (words.first() == QStringLiteral("fault")) options.user.clear();  // the owner: an administrator
        return tributary::test::spawn(words, options);
    }
    Spawned run(const char* line) const { return run(QString::fromLatin1(line)); }

    QJsonObject statusNow() const { return QJsonDocument::fromJson(run("status --json").out.toUtf8()).object(); }

    static QStringList kindsOf(const QJsonObject& status) {
        QStringList kinds;
        for (const QJsonValue& difference : status[QStringLiteral("differences")].toArray()) {
            kinds << difference.toObject()[QStringLiteral("kind")].toString();
        }
        return kinds;
    }

    // "what cluster" of every fault, sorted.
    QStringList faultsNow() const {
        const QJsonObject document = QJsonDocument::fromJson(run("fault list --json").out.toUtf8()).object();
        QStringList faults;
        for (const QJsonValue& value : document[QStringLiteral("faults")].toArray()) {
            const QJsonObject fault = value.toObject();
            faults << fault[QStringLiteral("what")].toString() + u' ' + fault[QStringLiteral("cluster")].toString();
        }
        faults.sort();
        return faults;
    }

    QTemporaryDir dir_{QDir::tempPath() + QStringLiteral("/live XXXXXX")};
    SpawnOptions options_;
};

TRIBUTARY_TEST(VerbsLiveTest)
#include "tst_verbslive.moc"
