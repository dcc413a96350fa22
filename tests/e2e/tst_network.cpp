// The network between two clusters, as drawn and as faulted, is what everything gets that passes between them.
#include <algorithm>

#include "terminalworld.h"
#include "testmain.h"

using tributary::test::Ran;
using tributary::test::TerminalWorld;
using namespace Qt::StringLiterals;

class TestNetwork : public QObject {
    Q_OBJECT
private:
    static QString pair(const QString& first = u"source"_s, const QString& second = u"replica"_s) {
        return u"--no-input --yes --set %1=%2 --set %3=%4"_s.arg(first, QLatin1String(TerminalWorld::kSf), second,
                                                                 QLatin1String(TerminalWorld::kNy));
    }
    static QString copyLine() {
        return u"hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src %1 -dst %2 -bulkload false -mapreduce false"_s
            .arg(QLatin1String(TerminalWorld::kSf), QLatin1String(TerminalWorld::kNy));
    }
    static QString diffLine() {
        return u"diff %1 %2"_s.arg(QLatin1String(TerminalWorld::kSf), QLatin1String(TerminalWorld::kNy));
    }
    static QJsonObject status(const TerminalWorld& world) {
        return QJsonDocument::fromJson(world.verb(u"status --json"_s).out.toUtf8()).object();
    }
    static QStringList networkStates(const TerminalWorld& world) {
        QStringList states;
        for (const auto& row : status(world).value(u"network"_s).toArray())
            states << row.toObject().value(u"state"_s).toString();
        return states;
    }
    /// The median time behind of the link to New York while a client writes in San Francisco.
    static double medianLagMs(const TerminalWorld& world, int seed) {
        QProcess writer;
        writer.setStandardInputFile(QProcess::nullDevice());
        writer.setProcessChannelMode(QProcess::MergedChannels);
        writer.start(TerminalWorld::executable(),
                     {u"-w"_s, world.dir(), u"workload"_s, QLatin1String(TerminalWorld::kSf), u"--rate"_s, u"200"_s,
                      u"--seconds"_s, u"60"_s, u"--prefix"_s, u"lag%1-"_s.arg(seed), u"--seed"_s, QString::number(seed),
                      u"--ack-log"_s, u"%1/acks%2"_s.arg(world.dir()).arg(seed)});
        std::vector<double> lags;
        while (lags.size() < 25 && !writer.waitForFinished(1)) {
            for (const auto& link : status(world).value(u"links"_s).toArray()) {
                const QJsonObject row = link.toObject();
                if (row.value(u"to"_s) != QLatin1String(TerminalWorld::kNy)) continue;
                // A look before the first write tells nothing of the network.
                if (lags.empty() && row.value(u"operationsPending"_s).toInt() == 0) continue;
                lags.push_back(row.value(u"lagMs"_s).toDouble());
            }
        }
        TerminalWorld::terminate(writer);
        if (lags.empty()) qWarning("the writer: %s", writer.readAll().constData());
        if (lags.empty()) return -1;
        std::sort(lags.begin(), lags.end());
        return lags[lags.size() / 2];
    }

private slots:
    void linksAreAsFarBehindAsTheDrawnNetworkMakesThem() {
        TerminalWorld world(u"multi-master"_s);
        QVERIFY_RAN(world.verb(u"up"_s));
        QVERIFY_RAN(world.verb(u"run multi-master-setup "_s + pair()));
        QCOMPARE(networkStates(world), (QStringList{u"as-drawn"_s, u"as-drawn"_s}));
        const double drawn = medianLagMs(world, 1);
        QVERIFY_RAN(world.verb(u"up --no-wan"_s));  // of clusters that run
        QCOMPARE(networkStates(world), (QStringList{u"left-out"_s, u"left-out"_s}));
        QVERIFY(world.verb(u"status"_s).out.contains(u"left out (up --no-wan)"_s));
        QVERIFY_RAN(world.until0(diffLine()));
        const double without = medianLagMs(world, 2);
        qInfo("median time behind: %.0f ms as drawn, %.0f ms without", drawn, without);
        QVERIFY2(drawn >= 30, std::to_string(drawn).c_str());
        QVERIFY2(without >= 0 && without < drawn / 2, std::to_string(without).c_str());
        QVERIFY_RAN(world.until0(diffLine()));
    }

    void anEditedDrawingIsNamedAndInForceAtTheNextUp() {
        TerminalWorld world(u"multi-master"_s);
        QVERIFY_RAN(world.verb(u"up"_s));
        QFile file(world.dir() + u"/topology.yaml"_s);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QByteArray text = file.readAll();
        file.close();
        text.replace("latency: 35ms", "latency: 70ms");
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(text), text.size());
        file.close();
        QCOMPARE(networkStates(world), (QStringList{u"differs"_s, u"differs"_s}));
        const Ran shown = world.verb(u"status"_s);
        QVERIFY2(shown.out.contains(u"drawn 70ms, 200Mbit/s, in force 35ms, 200Mbit/s"_s), qPrintable(shown.out));
        const Ran up = world.verb(u"up"_s);
        QVERIFY_RAN(up);
        QVERIFY2(up.out.contains(u"sanfrancisco was up already"_s), qPrintable(up.out));
        QCOMPARE(networkStates(world), (QStringList{u"as-drawn"_s, u"as-drawn"_s}));
    }

    void aCutReachesWhatPassesBetweenTwoClusters_data() {
        QTest::addColumn<bool>("oneWay");
        QTest::newRow("both ways") << false;
        QTest::newRow("one way") << true;
    }
    void aCutReachesWhatPassesBetweenTwoClusters() {
        QFETCH(bool, oneWay);
        TerminalWorld world(u"multi-master"_s);
        QVERIFY_RAN(world.verb(u"up --no-wan"_s));
        QVERIFY_RAN(world.verb(u"load /mapr/sanfrancisco/customers --generate 500 --seed 5"_s));
        QVERIFY_RAN(world.verb(
            u"maprcli table create -path /mapr/newyork/customers -copymetafrom /mapr/sanfrancisco/customers"_s));
        QVERIFY_RAN(
            world.verb(oneWay ? u"fault cut newyork sanfrancisco --one-way"_s : u"fault cut sanfrancisco newyork"_s));
        const QStringList refused{
            copyLine(),
            diffLine(),
            u"maprcli cluster gateway resolve -dstcluster newyork -cluster sanfrancisco"_s,
            u"maprcli table create -path /mapr/newyork/other -copymetafrom /mapr/sanfrancisco/customers"_s,
            u"maprcli table replica add -path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers"_s,
            u"maprcli table replica autosetup -path /mapr/sanfrancisco/customers -replica /mapr/newyork/third"_s,
        };
        for (const QString& line : refused) {
            const Ran ran = world.verb(line);
            QVERIFY2(ran.code != 0, qPrintable(line));
            QVERIFY2(ran.all().contains(u"reach"_s), qPrintable(line + u'\n' + ran.all()));
        }
        // A client's own commands to a cluster are not on that way.
        QVERIFY_RAN(world.verb(u"maprcli table info -path /mapr/newyork/customers"_s));
        QVERIFY_RAN(world.verb(u"fault clear"_s));
        QVERIFY_RAN(world.verb(copyLine()));
        QVERIFY_RAN(world.verb(diffLine()));
        QVERIFY_RAN(world.verb(refused.at(2)));
    }

    void aBandwidthSlowsACopy() {
        TerminalWorld world(u"multi-master"_s);
        QVERIFY_RAN(world.verb(u"up --no-wan"_s));
        QVERIFY_RAN(world.verb(u"load /mapr/sanfrancisco/customers --generate 8000 --seed 5"_s));
        QVERIFY_RAN(world.verb(
            u"maprcli table create -path /mapr/newyork/customers -copymetafrom /mapr/sanfrancisco/customers"_s));
        QVERIFY_RAN(world.verb(u"fault bandwidth sanfrancisco newyork 400kB/s"_s));
        QElapsedTimer clock;
        clock.start();
        QVERIFY_RAN(world.verb(copyLine()));
        QVERIFY2(clock.elapsed() > 1'000, std::to_string(clock.elapsed()).c_str());
        QVERIFY_RAN(world.verb(diffLine()));
    }

    void aPausedLinkIsHeldAndSaysWhatWaits() {
        TerminalWorld world(u"multi-master"_s);
        QVERIFY_RAN(world.verb(u"up --no-wan"_s));
        QVERIFY_RAN(world.verb(u"run multi-master-setup "_s + pair()));
        QVERIFY_RAN(
            world.verb(u"maprcli table replica pause -path /mapr/sanfrancisco/customers -replica "
                       "/mapr/newyork/customers"_s));
        QVERIFY_RAN(world.verb(u"put /mapr/sanfrancisco/customers k profile:name=x"_s));
        const QString text = world.verb(u"status"_s).out;
        QVERIFY2(text.simplified().contains(u"paused since "_s) && text.simplified().contains(u"1 operations ("_s),
                 qPrintable(text));
        for (const auto& link : status(world).value(u"links"_s).toArray()) {
            const QJsonObject row = link.toObject();
            const bool paused = row.value(u"to"_s) == QLatin1String(TerminalWorld::kNy);
            QCOMPARE(row.value(u"health"_s).toString(), paused ? u"held"_s : u"good"_s);
            QCOMPARE(row.value(u"pausedSince"_s).isNull(), !paused);
        }
        const Ran doctor = world.verb(u"doctor"_s);
        QVERIFY2(doctor.out.contains(u"paused since"_s), qPrintable(doctor.out));
    }

    void whatIsTakenOutOfTheDrawingIsNamedWhileItRuns() {
        TerminalWorld world(u"multi-master"_s);
        QVERIFY_RAN(world.verb(u"up --no-wan"_s));
        QVERIFY_RAN(world.verb(u"run multi-master-setup "_s + pair()));
        QFile file(world.dir() + u"/topology.yaml"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        const QByteArray left =
            "tributary: 1\nclusters:\n  sanfrancisco: {system: maprdb, gateways: [gw-sf-1, gw-sf-2]}\n"
            "datasets:\n  /mapr/sanfrancisco/clients: {kind: binary-table, families: [profile]}\n";
        QCOMPARE(file.write(left), left.size());
        file.close();
        const QString text = world.verb(u"status"_s).out.simplified();
        for (
            const QString& wanted :
            {u"cluster newyork is not drawn, but it runs: up"_s,
             u"dataset /mapr/sanfrancisco/customers is not drawn, but it runs: replicates to /mapr/newyork/customers"_s,
             u"dataset /mapr/newyork/customers is not drawn, but it runs"_s,
             u"replica /mapr/sanfrancisco/customers -> /mapr/newyork/customers is not drawn, but it runs"_s}) {
            QVERIFY2(text.contains(wanted), qPrintable(wanted + u'\n' + text));
        }
        int running = 0;
        for (const auto& each : status(world).value(u"differences"_s).toArray())
            running += each.toObject().value(u"runs"_s).toBool() ? 1 : 0;
        QCOMPARE(running, 5);
        QVERIFY_RAN(world.verb(u"down"_s));
    }

    void aClusterOfSeveralHostsIsRefused() {
        TerminalWorld world(u"multi-master"_s);
        QFile file(world.dir() + u"/topology.yaml"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        const QByteArray drawn =
            "tributary: 1\nclusters:\n  berlin: {system: voltdb, id: 1, members: {berlin1: {}, berlin2: {}}}\n";
        QCOMPARE(file.write(drawn), drawn.size());
        file.close();
        const Ran checked = world.verb(u"check"_s);
        QCOMPARE(checked.code, 0);
        QVERIFY2(checked.out.contains(u"topology.yaml:3:3: info: cluster berlin has 2 hosts"_s),
                 qPrintable(checked.out));
        const Ran ran = world.verb(u"up"_s);
        QVERIFY(ran.code != 0);
        QVERIFY2(ran.err.contains(u"cluster berlin has 2 hosts"_s) && ran.err.contains(u"topology.yaml:3:3"_s),
                 qPrintable(ran.all()));
        QCOMPARE(world.daemonPid(u"berlin"_s), 0);
    }
};
TRIBUTARY_TEST(TestNetwork)
#include "tst_network.moc"
