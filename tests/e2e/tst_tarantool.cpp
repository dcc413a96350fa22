// Instances of Tarantool as processes: the tutorial's lines, and what kill -9 leaves.
#include <QDir>
#include <QRegularExpression>

#include "testmain.h"
#include "ttworld.h"

using namespace tributary::test;

namespace {

const QByteArray kFirst = "master_master:instance001";
const QByteArray kSecond = "master_master:instance002";

constexpr const char* kMakeBands =
    "box.schema.space.create('bands')\n"
    "box.space.bands:format({ { name = 'id', type = 'unsigned' }, { name = 'band_name', type = 'string' }, "
    "{ name = 'year', type = 'unsigned' } })\n"
    "box.space.bands:create_index('primary', { parts = { 'id' } })\n";

}  // namespace

class TestTarantool : public QObject {
    Q_OBJECT
private slots:
    void startsShowsAndStopsAProcessForEachInstance() {
        const TtWorld world;
        const Ran before = world.tt({"status", "master_master"});
        QCOMPARE(before.out, QStringLiteral("INSTANCE                      STATUS          PID\n"
                                            "master_master:instance001     NOT RUNNING     \n"
                                            "master_master:instance002     NOT RUNNING     \n"));
        const Ran started = world.tt({"start", "master_master"});
        QVERIFY2(started.code == 0, qPrintable(started.all()));
        QVERIFY2(started.err.contains(QStringLiteral("   • Starting an instance [master_master:instance001]...\n")),
                 qPrintable(started.err));
        QVERIFY2(started.err.contains(QStringLiteral("   • Starting an instance [master_master:instance002]...\n")),
                 qPrintable(started.err));
        const Ran shown = world.tt({"status", "master_master"});
        static const QRegularExpression kTable(
            QStringLiteral("^INSTANCE {22}STATUS {6}PID\nmaster_master:instance001 {5}RUNNING {5}\\d+\n"
                           "master_master:instance002 {5}RUNNING {5}\\d+\n$"));
        QVERIFY2(kTable.match(shown.out).hasMatch(), qPrintable(shown.out));
        const qint64 first = world.pid(kFirst);
        QVERIFY(first > 0 && first != world.pid(kSecond));
        const Ran again = world.tt({"start", kFirst});
        QVERIFY2(again.err.contains(QStringLiteral("   • The instance master_master:instance001 (PID = %1) is already "
                                                   "running.\n")
                                        .arg(first)),
                 qPrintable(again.err));
        const Ran stopped = world.tt({"stop", kFirst});
        QCOMPARE(stopped.err, QStringLiteral("   • The Instance master_master:instance001 (PID = %1) has been "
                                             "terminated.\n")
                                  .arg(first));
        QVERIFY(world.pid(kFirst) == 0 && world.pid(kSecond) > 0);
        const Ran refused = world.console(kFirst, "box.info.ro\n");
        QVERIFY2(refused.code == 3 && refused.err.contains(QStringLiteral("is not running")),
                 qPrintable(refused.all()));
        const Ran restarted = world.tt({"restart", "-y", kSecond});
        QVERIFY2(restarted.code == 0, qPrintable(restarted.all()));
        QVERIFY(world.pid(kSecond) > 0);
    }
    void consoleAnswersAsTheTutorialPrints() {
        const TtWorld world;
        QCOMPARE(world.tt({"start", kFirst}).code, 0);
        const Ran ro = world.console(kFirst, "box.info.ro\n");
        QCOMPARE(ro.all(), QStringLiteral("---\n- false\n...\n\n"));
        QCOMPARE(world.console(kFirst, kMakeBands).code, 0);
        const Ran rows = world.console(kFirst,
                                       "box.space.bands:insert { 1, 'Roxette', 1986 }\n"
                                       "box.space.bands:insert { 2, 'Scorpions', 1965 }\n"
                                       "box.space.bands:select()\n"
                                       "box.space.bands:insert { 2, 'incorrect data', 0 }\n");
        QCOMPARE(rows.all(),
                 QStringLiteral(
                     "---\n- [1, 'Roxette', 1986]\n...\n\n---\n- [2, 'Scorpions', 1965]\n...\n\n"
                     "---\n- - [1, 'Roxette', 1986]\n  - [2, 'Scorpions', 1965]\n...\n\n"
                     "---\n- error: Duplicate key exists in unique index \"primary\" in space \"bands\" with old\n"
                     "    tuple - [2, \"Scorpions\", 1965] and new tuple - [2, \"incorrect data\", 0]\n"
                     "...\n\n"));
        // The configuration decides who may write, when it is read again.
        QByteArray readOnly(TtWorld::kConfig);
        readOnly.replace("mode: rw", "mode: ro");
        world.write("instances.enabled/master_master/config.yaml", readOnly);
        const Ran reloaded = world.console(kFirst,
                                           "require('config'):reload()\n"
                                           "box.info.ro\n"
                                           "box.space.bands:delete(1)\n");
        QCOMPARE(reloaded.all(), QStringLiteral("---\n...\n\n---\n- true\n...\n\n---\n- error: Can't modify data on a "
                                                "read-only instance - box.cfg.read_only is true\n...\n\n"));
        world.write("instances.enabled/master_master/config.yaml", "groups: [\n");
        const Ran broken = world.console(kFirst, "require('config'):reload()\n");
        QVERIFY2(broken.out.contains(QStringLiteral("config.yaml:")), qPrintable(broken.all()));
        QCOMPARE(world.console(kFirst, "require('config'):info().status\n").out,
                 QStringLiteral("---\n- check_errors\n...\n\n"));
        QCOMPARE(world.tt({"check", kFirst}).code, 2);
    }
    void killNineLosesNoRowThatWasAcknowledged() {
        const TtWorld world;
        QCOMPARE(world.tt({"start", kFirst}).code, 0);
        QCOMPARE(world.console(kFirst, kMakeBands).code, 0);
        for (int round = 0; round < 3; ++round) {
            const int base = 1'000'000 * (round + 1);
            QByteArray typed;
            for (int i = 0; i < 2'000; ++i) {
                typed += QByteArrayLiteral("box.space.bands:insert{") + QByteArray::number(base + i) + ", 'x', 1}[1]\n";
            }
            QProcess writer;
            world.prepare(writer, {"connect", kFirst});
            writer.start();
            QVERIFY(writer.waitForStarted());
            writer.write(typed);
            writer.closeWriteChannel();
            QByteArray said;
            while (said.count("...") < 40 * (round + 1) && writer.waitForReadyRead(60'000)) {
                said += writer.readAllStandardOutput();
            }
            const qint64 pid = world.pid(kFirst);
            QVERIFY(pid > 0);
            QCOMPARE(::kill(static_cast<pid_t>(pid), SIGKILL), 0);
            QVERIFY(writer.waitForFinished(60'000));
            said += writer.readAllStandardOutput();
            int acknowledged = 0;
            while (said.contains(QByteArrayLiteral("- ") + QByteArray::number(base + acknowledged) + "\n")) {
                ++acknowledged;
            }
            QVERIFY(acknowledged >= 40 * (round + 1) - 1);
            const Ran dead = world.tt({"status", kFirst});
            QVERIFY2(dead.out.contains(QStringLiteral("ERROR. The process is dead")), qPrintable(dead.out));
            const Ran started = world.tt({"start", kFirst});
            QVERIFY2(started.code == 0, qPrintable(started.all()));
            const Ran there =
                world.console(kFirst, "box.space.bands:count(" + QByteArray::number(base) + ", {iterator = 'GE'})\n");
            static const QRegularExpression kCount(QStringLiteral("^---\n- (\\d+)\n"));
            const auto count = kCount.match(there.out);
            QVERIFY2(count.hasMatch() && count.captured(1).toInt() >= acknowledged, qPrintable(there.all()));
            // At most the one that was under way is there unacknowledged.
            QVERIFY2(count.captured(1).toInt() <= acknowledged + 1, qPrintable(there.all()));
        }
    }
};

TRIBUTARY_TEST(TestTarantool)
#include "tst_tarantool.moc"
