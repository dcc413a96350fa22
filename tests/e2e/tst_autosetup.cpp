// Autosetup by the source's cluster on real processes: at once acknowledged, kill -9 of everybody, nothing lost.
#include "terminalworld.h"
#include "testmain.h"

using tributary::test::Ran;
using tributary::test::TerminalWorld;

namespace {

/// Each end five times and a million items, or a few for the gate.
bool isLong() {
    return qEnvironmentVariableIsSet("TRIBUTARY_AUTOSETUP_LONG");
}

/// Each cluster in a process of its own: a kill meets one of them.
Ran upEach(const TerminalWorld& world) {
    const Ran first = world.verb(QStringLiteral("up --no-wan --cluster sanfrancisco"));
    return first.code != 0 ? first : world.verb(QStringLiteral("up --no-wan --cluster newyork"));
}

/// Two clusters; the source has a stream and a table.
class SetupWorld : public TerminalWorld {
public:
    SetupWorld() : TerminalWorld(QStringLiteral("multi-master")) {
        QFile drawing(dir() + QStringLiteral("/topology.yaml"));
        if (!drawing.open(QIODevice::WriteOnly)) return;
        drawing.write(
            "tributary: 1\n"
            "clusters:\n"
            "  sanfrancisco: {system: maprdb, gateways: [gw-sf-1, gw-sf-2]}\n"
            "  newyork: {system: maprdb, gateways: [gw-ny-1, gw-ny-2]}\n"
            "datasets:\n"
            "  /mapr/sanfrancisco/activity: {kind: stream, exists: true}\n"
            "  /mapr/sanfrancisco/customers: {kind: binary-table, families: [profile], exists: true}\n");
    }
    [[nodiscard]] QJsonObject row(const QString& noun, const QString& path) const {
        const Ran list =
            verb(QStringLiteral("maprcli %1 replica list -path %2 -refreshnow true -json").arg(noun, path));
        return QJsonDocument::fromJson(list.out.toUtf8())
            .object()
            .value(QStringLiteral("data"))
            .toArray()
            .at(0)
            .toObject();
    }
    [[nodiscard]] QString state(const QString& noun, const QString& path) const {
        return row(noun, path).value(QStringLiteral("replicaState")).toString();
    }
    [[nodiscard]] int percent(const QString& noun, const QString& path) const {
        return row(noun, path).value(QStringLiteral("copyTableCompletionPercentage")).toInt(-1);
    }
};

}  // namespace

class TestAutosetup : public QObject {
    Q_OBJECT

    static constexpr const char* kStream = "/mapr/sanfrancisco/activity";
    static constexpr const char* kTable = "/mapr/sanfrancisco/customers";
    static constexpr const char* kReplica = "/mapr/newyork/copy";

private slots:
    void killedFromEverySideItEndsReplicating_data() {
        QTest::addColumn<QString>("noun");
        QTest::newRow("stream") << QStringLiteral("stream");
        QTest::newRow("table") << QStringLiteral("table");
    }
    void killedFromEverySideItEndsReplicating() {
        QFETCH(QString, noun);
        const int kills = isLong() ? 5 : 1;
        const int items = isLong() ? 1'000'000 : 250'000;
        const QString path = QString::fromLatin1(noun == QLatin1String("stream") ? kStream : kTable);
        SetupWorld world;
        QVERIFY_RAN(upEach(world));
        if (noun == QLatin1String("stream")) {
            QVERIFY_RAN(world.verb(QStringLiteral("mapr perfproducer -path %1 -ntopics 1 -npart 8 -nmsgs %2 -rr true")
                                       .arg(path)
                                       .arg(items),
                                   600'000));
        } else {
            QVERIFY_RAN(world.verb(QStringLiteral("load %1 --generate %2").arg(path).arg(items), 600'000));
        }
        QElapsedTimer clock;
        clock.start();
        const QString ask = QStringLiteral("maprcli %1 replica autosetup -path %2 -replica %3")
                                .arg(noun, path, QLatin1String(kReplica));
        QVERIFY_RAN(world.verb(ask));
        qInfo("%s autosetup of %d items answered in %lld ms, the start of the program included", qPrintable(noun),
              items, clock.elapsed());
        int killed = 0;
        int reached = 0;
        for (const char* victim : {"sanfrancisco", "newyork"}) {
            for (int i = 0; i < kills; ++i) {
                // Each time it has got further.
                const auto further = [&] {
                    const QString state = world.state(noun, path);
                    return state == QLatin1String("REPLICA_STATE_REPLICATING") ||
                           (state == QLatin1String("REPLICA_STATE_COPY_IN_PROGRESS") &&
                            world.percent(noun, path) >= reached + 6);
                };
                QVERIFY(QTest::qWaitFor(further, 120'000));
                const int before = world.percent(noun, path);
                if (before == 100) break;  // it was faster
                world.killDaemon(QString::fromLatin1(victim));
                QVERIFY_RAN(upEach(world));
                reached = world.percent(noun, path);
                qInfo("%s killed at %d %%, goes on at %d %%: %d %% are sent again", victim, before, reached,
                      std::max(0, before - reached));
                QVERIFY2(reached >= before - 25, "what was copied is not copied from the beginning");
                ++killed;
            }
        }
        QVERIFY2(killed >= kills, "the copy was over before anybody could be killed");
        QVERIFY(QTest::qWaitFor([&] { return world.state(noun, path) == QLatin1String("REPLICA_STATE_REPLICATING"); },
                                300'000));
        QCOMPARE(world.percent(noun, path), 100);
        const QString compare = noun == QLatin1String("stream")
                                    ? QStringLiteral("mapr diffstreams -src %1 -dst %2 -mapreduce false")
                                    : QStringLiteral("diff %1 %2");
        const Ran same = world.until0(compare.arg(path, QLatin1String(kReplica)), 120'000);
        QVERIFY_RAN(same);
        if (noun == QLatin1String("stream")) {
            QVERIFY2(same.out.contains(QLatin1String("the streams are identical")), qPrintable(same.all()));
            QVERIFY2(same.out.contains(QStringLiteral("messages in %1: %2").arg(QLatin1String(kReplica)).arg(items)),
                     qPrintable(same.all()));
        }
        // It follows.
        if (noun == QLatin1String("stream"))
            QVERIFY_RAN(world.verb(QStringLiteral("produce %1:perf_0 late").arg(path)));
        QVERIFY_RAN(world.until0(compare.arg(path, QLatin1String(kReplica)), 60'000));
    }

    void aTableInBulkLoadIsWaitedFor() {
        SetupWorld world;
        QVERIFY_RAN(upEach(world));
        const QString table = QStringLiteral("/mapr/sanfrancisco/loading");
        QVERIFY_RAN(world.verb(QStringLiteral("maprcli table create -path %1 -bulkload true").arg(table)));
        QVERIFY_RAN(world.verb(QStringLiteral("maprcli table cf create -path %1 -cfname f").arg(table)));
        const Ran asked = world.verb(
            QStringLiteral("maprcli table replica autosetup -path %1 -replica %2").arg(table, QLatin1String(kReplica)));
        QVERIFY_RAN(asked);
        const QString ends = QStringLiteral("maprcli table edit -path %1 -bulkload false").arg(table);
        QVERIFY2(asked.all().contains(ends), qPrintable(asked.all()));
        QCOMPARE(world.state(QStringLiteral("table"), table), QStringLiteral("REPLICA_STATE_WAIT_TILL_BULKLOAD"));
        QVERIFY_RAN(world.verb(ends));
        QVERIFY(QTest::qWaitFor(
            [&] { return world.state(QStringLiteral("table"), table) == QLatin1String("REPLICA_STATE_REPLICATING"); },
            120'000));
    }

    void withoutDirectcopyAKilledClientLeavesWhatTheCleanupTakesAway() {
        SetupWorld world;
        QVERIFY_RAN(upEach(world));
        QVERIFY_RAN(world.verb(
            QStringLiteral("mapr perfproducer -path %1 -ntopics 1 -npart 4 -nmsgs 400000").arg(QLatin1String(kStream)),
            600'000));
        const QString ask = QStringLiteral("maprcli stream replica autosetup -path %1 -replica %2 -directcopy false")
                                .arg(QLatin1String(kStream), QLatin1String(kReplica));
        QProcess& client = world.start(ask);
        QVERIFY(QTest::qWaitFor(
            [&] {
                return world.row(QStringLiteral("stream"), QLatin1String(kStream))
                    .value(QStringLiteral("paused"))
                    .toBool();
            },
            60'000));
        QVERIFY2(client.state() == QProcess::Running, "it blocks until the copy is done");
        client.kill();
        QVERIFY(client.waitForFinished());
        const Ran again = world.verb(ask);
        QVERIFY2(again.code != 0 && again.all().contains(QStringLiteral("already exists")) &&
                     again.all().contains(QLatin1String(kReplica)),
                 qPrintable(again.all()));
        QVERIFY_RAN(world.verb(QStringLiteral("run autosetup-cleanup --set source=%1 --set replica=%2 --yes "
                                              "--approve delete-stream=%2")
                                   .arg(QLatin1String(kStream), QLatin1String(kReplica))));
        QVERIFY_RAN(world.verb(QStringLiteral("run stream-autosetup --set source=%1 --set replica=%2 --yes")
                                   .arg(QLatin1String(kStream), QLatin1String(kReplica)),
                               300'000));
        const Ran same = world.verb(QStringLiteral("mapr diffstreams -src %1 -dst %2 -mapreduce false")
                                        .arg(QLatin1String(kStream), QLatin1String(kReplica)));
        QVERIFY2(same.out.contains(QLatin1String("the streams are identical")), qPrintable(same.all()));
        // A replica that works for one source is no leftover of another one.
        QVERIFY_RAN(world.verb(QStringLiteral("maprcli stream create -path /mapr/sanfrancisco/other")));
        const Ran refused = world.verb(QStringLiteral("run autosetup-cleanup --set source=/mapr/sanfrancisco/other "
                                                      "--set replica=%1 --yes --approve delete-stream=%1")
                                           .arg(QLatin1String(kReplica)));
        QVERIFY2(refused.code != 0 && refused.all().contains(QStringLiteral("it is a replica of that")),
                 qPrintable(refused.all()));
        QVERIFY_RAN(world.verb(QStringLiteral("maprcli stream info -path %1").arg(QLatin1String(kReplica))));
    }
};
TRIBUTARY_TEST(TestAutosetup)
#include "tst_autosetup.moc"
