// What the engine writes is its owner's alone, whatever the process masks; names lead nowhere; other users are kept
// out.
#include <sys/stat.h>

#include <QDirIterator>

#include "terminalworld.h"
#include "testmain.h"

using tributary::test::Ran;
using tributary::test::TerminalWorld;

class TestClosed : public QObject {
    Q_OBJECT

    std::unique_ptr<TerminalWorld> world_;

    /// A workspace whose clusters are up, shared by the rows that change nothing.
    const TerminalWorld& running() {
        if (world_ == nullptr) {
            world_ = std::make_unique<TerminalWorld>(QStringLiteral("multi-master"));
            (void)world_->verb(QStringLiteral("up"));  // a failed start shows in the first verb of the test
        }
        return *world_;
    }

    /// Runs with a mask of its own.
    static Ran masked(unsigned mask, const QStringList& words) {
        QProcess process;
        process.setStandardInputFile(QProcess::nullDevice());
        process.setChildProcessModifier([mask] { ::umask(mask); });
        process.start(TerminalWorld::executable(), words);
        Ran ran;
        if (!process.waitForFinished(120'000)) {
            process.kill();
            process.waitForFinished();
            return ran;
        }
        ran.code = process.exitCode();
        ran.out = QString::fromUtf8(process.readAllStandardOutput());
        ran.err = QString::fromUtf8(process.readAllStandardError());
        return ran;
    }

    /// "mode path" of everything at or below `path` that others may read, write or enter.
    static QStringList openBelow(const QString& path) {
        QStringList found;
        const auto look = [&](const QString& at) {
            struct stat info {};
            if (::lstat(qPrintable(at), &info) != 0 || S_ISLNK(info.st_mode)) return;
            const unsigned right = S_ISDIR(info.st_mode) ? 0700U : 0600U;
            const bool closed = S_ISSOCK(info.st_mode) ? (info.st_mode & 077U) == 0 : (info.st_mode & 0777U) == right;
            if (!closed) {
                found << QStringLiteral("%1 %2").arg(info.st_mode & 0777U, 0, 8).arg(at);
            }
        };
        look(path);
        QDirIterator below(path, QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                           QDirIterator::Subdirectories);
        while (below.hasNext()) look(below.next());
        return found;
    }

private slots:
    void cleanupTestCase() { world_.reset(); }

    void afterABusyDayOnlyTheOwnerReads_data() {
        QTest::addColumn<int>("mask");
        QTest::newRow("nothing masked") << 0;
        QTest::newRow("usual") << 022;
        QTest::newRow("everything masked") << 077;
    }
    void afterABusyDayOnlyTheOwnerReads() {
        QFETCH(int, mask);
        QTemporaryDir temporary;
        const QString dir = temporary.path() + QStringLiteral("/busy day");
        const auto run = [&](const QString& line) {
            return masked(static_cast<unsigned>(mask),
                          QStringList{QStringLiteral("-w"), dir} + line.split(QLatin1Char(' '), Qt::SkipEmptyParts));
        };
        QVERIFY_RAN(masked(static_cast<unsigned>(mask),
                           {QStringLiteral("new"), dir, QStringLiteral("--example"), QStringLiteral("multi-master")}));
        QVERIFY_RAN(run(QStringLiteral("up")));
        const auto down = qScopeGuard([&] { (void)run(QStringLiteral("down")); });
        const QString sf = QLatin1String(TerminalWorld::kSf);
        const QString ny = QLatin1String(TerminalWorld::kNy);
        QVERIFY_RAN(run(QStringLiteral("load %1 --generate 2000").arg(sf)));
        QVERIFY_RAN(run(QStringLiteral("run multi-master-setup --set source=%1 --set replica=%2").arg(sf, ny)));
        QVERIFY_RAN(run(QStringLiteral("fault delay sanfrancisco newyork 5ms")));
        const QString acks = temporary.path() + QStringLiteral("/acks");
        QVERIFY_RAN(masked(
            static_cast<unsigned>(mask),
            {QStringLiteral("-w"), dir, QStringLiteral("workload"), sf, QStringLiteral("--rate"), QStringLiteral("200"),
             QStringLiteral("--seconds"), QStringLiteral("1"), QStringLiteral("--ack-log"), acks}));
        QVERIFY_RAN(run(QStringLiteral("fault clear")));
        const QString report = temporary.path() + QStringLiteral("/report.md");
        const QString archive = temporary.path() + QStringLiteral("/all.tar.zst");
        const QString bundle = temporary.path() + QStringLiteral("/bundle.tar.zst");
        const Ran reported = run(QStringLiteral("report -o ") + report);
        QVERIFY_RAN(reported);
        QVERIFY_RAN(run(QStringLiteral("support -o ") + bundle));
        QCOMPARE(openBelow(dir + QStringLiteral("/.tributary")), QStringList());
        const Ran doctor = run(QStringLiteral("doctor"));
        QVERIFY2(doctor.out.contains(QStringLiteral("only its owner reads what the engine writes")),
                 qPrintable(doctor.all()));
        QVERIFY_RAN(run(QStringLiteral("down")));
        QVERIFY_RAN(run(QStringLiteral("backup ") + archive));
        for (const QString& file : {report, bundle, archive, acks}) {
            QVERIFY2(QFile::exists(file), qPrintable(file));
            QCOMPARE(openBelow(file), QStringList());
        }
        const QString restored = temporary.path() + QStringLiteral("/restored");
        QVERIFY_RAN(masked(static_cast<unsigned>(mask), {QStringLiteral("restore"), archive, restored}));
        QCOMPARE(openBelow(restored + QStringLiteral("/.tributary")), QStringList());
    }

    void doctorSaysWhatIsOpen() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        QVERIFY_RAN(world.verb(QStringLiteral("down")));
        const QString ports = world.dir() + QStringLiteral("/.tributary/clusters/newyork/ports.json");
        QCOMPARE(::chmod(qPrintable(ports), 0644), 0);
        const Ran doctor = world.verb(QStringLiteral("doctor"));
        QCOMPARE(doctor.code, 1);
        QVERIFY2(doctor.out.contains(ports + QStringLiteral(" is open to others")), qPrintable(doctor.out));
        QVERIFY(doctor.out.contains(QStringLiteral("chmod -R go-rwx")));
    }

    void namesOfClustersLeadNowhere_data() {
        QTest::addColumn<QByteArray>("name");
        for (const char* name : {"../../outside", "a/b", ".", "..", "", "-rf", ".hidden", "x y", "a:b"}) {
            QTest::newRow(*name == '\0' ? "empty" : name) << QByteArray(name);
        }
        QTest::newRow("escape") << QByteArray("a\\e[31m");
        QTest::newRow("line feed") << QByteArray("a\\nb");
        QTest::newRow("zero") << QByteArray("a\\0b");
        QTest::newRow("too long") << QByteArray(300, 'a');
    }
    void namesOfClustersLeadNowhere() {
        QFETCH(QByteArray, name);
        QTemporaryDir temporary;
        const QString dir = temporary.path() + QStringLiteral("/one/two");
        QVERIFY(QDir().mkpath(dir));
        QFile drawing(dir + QStringLiteral("/topology.yaml"));
        QVERIFY(drawing.open(QIODevice::WriteOnly));
        drawing.write("tributary: 1\nclusters:\n  \"" + name + "\": {system: maprdb, gateways: [gw-1]}\n");
        drawing.close();
        for (const char* verb : {"check", "up", "status", "load /mapr/x/t --generate 1"}) {
            const Ran ran = TerminalWorld::run(QStringList{QStringLiteral("-w"), dir} +
                                               QString::fromLatin1(verb).split(QLatin1Char(' ')));
            QVERIFY2(ran.code != 0, verb);
            QVERIFY2(ran.err.contains(QStringLiteral("topology.yaml:3:")), qPrintable(ran.all()));
            QVERIFY(!ran.all().contains(QChar(0x1b)));
        }
        QStringList made;
        QDirIterator all(temporary.path(), QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot,
                         QDirIterator::Subdirectories);
        while (all.hasNext()) made << all.next().mid(temporary.path().size() + 1);
        made.sort();
        QCOMPARE(made, (QStringList{QStringLiteral("one"), QStringLiteral("one/two"),
                                    QStringLiteral("one/two/topology.yaml")}));
    }

    void othersThanAdministratorsChangeNoCluster_data() {
        QTest::addColumn<QString>("line");
        for (const char* line : {"maprcli cluster gateway set -dstcluster newyork -gateways gw-ny-1",
                                 "maprcli node services -name gateway -action stop -cluster sanfrancisco",
                                 "maprcli alarm clearall -cluster sanfrancisco",
                                 "maprcli volume modify -name mapr.sanfrancisco.root -dbrepllagsecalarmthresh 5",
                                 "fault cut sanfrancisco newyork", "fault gateway stop gw-sf-1"}) {
            QTest::newRow(line) << QString::fromLatin1(line);
        }
    }
    void othersThanAdministratorsChangeNoCluster() {
        QFETCH(QString, line);
        const TerminalWorld& world = running();
        const Ran refused = TerminalWorld::run(
            QStringList{QStringLiteral("-w"), world.dir(), QStringLiteral("--as"), QStringLiteral("ana")} +
            line.split(QLatin1Char(' ')));
        QVERIFY(refused.code != 0);
        QVERIFY2(refused.all().contains(QStringLiteral("administrators may")), qPrintable(refused.all()));
    }

    void administratorsAreKnownAtEveryVerb_data() {
        QTest::addColumn<QString>("line");
        for (const char* line :
             {"maprcli table listrecent -cluster newyork", "status", "fault list",
              "maprcli table create -path /mapr/newyork/by-mapr", "maprcli alarm list -cluster sanfrancisco"}) {
            QTest::newRow(line) << QString::fromLatin1(line);
        }
    }
    void administratorsAreKnownAtEveryVerb() {
        QFETCH(QString, line);
        QVERIFY_RAN(running().verb(QStringLiteral("--as mapr ") + line));  // the drawing names ana and ben alone
    }

    void whatIsNotThereIsRefused_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* line, const char* reason) {
            QTest::newRow(line) << QString::fromLatin1(line) << QString::fromLatin1(reason);
        };
        row("table edit -path /mapr/sanfrancisco/customers -replperm u:nobody-known", "nobody-known");
        row("table cf create -path /mapr/sanfrancisco/customers -cfname a:b", "a:b");
        row("table cf create -path /mapr/sanfrancisco/customers -cfname f -ttl -5", "ttl");
        row("volume modify -name nosuch -dbrepllagsecalarmthresh 5 -cluster sanfrancisco", "nosuch");
        row("cluster gateway set -dstcluster nowhere -gateways gw-ny-1", "nowhere");
        row("alarm clear -alarm NO_SUCH_ALARM -cluster sanfrancisco", "NO_SUCH_ALARM");
        row("alarm clear -alarm NODE_ALARM_SERVICE_GATEWAY_DOWN -entity nosuch -cluster sanfrancisco", "nosuch");
    }
    void whatIsNotThereIsRefused() {
        QFETCH(QString, line);
        QFETCH(QString, reason);
        const TerminalWorld& world = running();
        const Ran refused = world.verb(QStringLiteral("maprcli ") + line);
        QVERIFY2(refused.code != 0, qPrintable(refused.all()));
        QVERIFY2(refused.all().contains(reason), qPrintable(refused.all()));
    }

    void anAutosetupThatIsRefusedLeavesNothing() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        // ana may read all of it, and create tables at the other site, but not replicate.
        for (const char* change : {"cf edit -path /mapr/sanfrancisco/customers -cfname profile -readperm p",
                                   "cf edit -path /mapr/sanfrancisco/customers -cfname orders -readperm p"}) {
            QVERIFY_RAN(world.verb(QStringLiteral("maprcli table ") + QString::fromLatin1(change)));
        }
        const Ran refused = TerminalWorld::run(
            QStringList{QStringLiteral("-w"), world.dir(), QStringLiteral("--as"), QStringLiteral("ana")} +
            QStringLiteral("maprcli table replica autosetup -path %1 -replica %2")
                .arg(QLatin1String(TerminalWorld::kSf), QLatin1String(TerminalWorld::kNy))
                .split(QLatin1Char(' ')));
        QVERIFY2(refused.code != 0, qPrintable(refused.all()));
        QVERIFY2(refused.all().contains(QStringLiteral("replperm")), qPrintable(refused.all()));
        const Ran tables = world.verb(QStringLiteral("maprcli table listrecent -cluster newyork"));
        QVERIFY2(!tables.out.contains(QStringLiteral("/mapr/newyork/customers")), qPrintable(tables.all()));
    }
};
TRIBUTARY_TEST(TestClosed)
#include "tst_closed.moc"
