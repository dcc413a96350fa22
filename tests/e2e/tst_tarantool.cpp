// Instances of Tarantool as processes: the tutorial's lines, and what kill -9 leaves.
#include <QDir>
#include <QRegularExpression>
#include <QStandardPaths>

#include "testmain.h"
#include "tests/fidelity/absence.h"
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
        QVERIFY2(again.err.contains(QStringLiteral("   • The instance master_master:instance001 (PID = %1) is "
                                                   "already running.\n")
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
        const TtWorld world(TtWorld::Size::Alone);
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
        QByteArray readOnly = world.config();
        readOnly.replace("mode: rw", "mode: ro");
        world.writeConfig(readOnly);
        const Ran reloaded = world.console(kFirst,
                                           "require('config'):reload()\n"
                                           "box.info.ro\n"
                                           "box.space.bands:delete(1)\n");
        QCOMPARE(reloaded.all(), QStringLiteral("---\n...\n\n---\n- true\n...\n\n---\n- error: Can't modify data on a "
                                                "read-only instance - box.cfg.read_only is true\n...\n\n"));
        world.writeConfig("groups: [\n");
        const Ran broken = world.console(kFirst, "require('config'):reload()\n");
        QVERIFY2(broken.out.contains(QStringLiteral("config.yaml:")), qPrintable(broken.all()));
        QCOMPARE(world.console(kFirst, "require('config'):info().status\n").out,
                 QStringLiteral("---\n- check_errors\n...\n\n"));
        QCOMPARE(world.tt({"check", kFirst}).code, 2);
    }
    void aConnectorOfARealTarantoolIsServed() {
        const QString program = QStandardPaths::findExecutable(QStringLiteral("tarantool"));
        TRIBUTARY_NEEDS_TARANTOOL(program.isEmpty() ? nullptr : &program);
        const TtWorld world(TtWorld::Size::Alone);
        QByteArray config = world.config();
        config.replace("      roles: [replication]\n",
                       "      roles: [replication]\n    operator:\n      password: '{{ context.word }}'\n"
                       "      roles: [super]\n");
        world.write("secret", "hush\n");
        world.writeConfig("config:\n  context:\n    word:\n      from: file\n      file: " + world.path("secret") +
                          "\n      rstrip: true\n" + config);
        const Ran started = world.tt({"start", kFirst});
        QVERIFY2(started.code == 0, qPrintable(started.all()));
        QCOMPARE(world.console(kFirst, kMakeBands).code, 0);
        const QByteArray script = "local at = '127.0.0.1:" + world.portOf("3301") + "'\n" + R"(
            local box = require('net.box')
            local c = box.connect('operator:hush@' .. at)
            local bands = c.space.bands
            bands:insert{ 1, 'Roxette', 1986 }
            bands:insert{ 2, 'Scorpions', 1964 }
            bands:update(2, { { '+', 3, 1 } })
            bands:upsert({ 1, 'x', 0 }, { { '=', 2, 'ROXETTE' } })
            for _, row in ipairs(bands:select({}, { iterator = 'GE' })) do print(row) end
            print(bands:get(2).band_name, bands:delete(2), #bands:select())
            print(select(2, pcall(bands.insert, bands, { 1, 'again', 0 })))
            print(c:ping(), c.peer_version_id ~= nil)
            local guest = box.connect(at)
            print(guest.state, guest.space.bands)
            local wrong = box.connect('operator:wrong@' .. at)
            print(wrong.state, wrong.error)
            local follower = box.connect('replicator:topsecret@' .. at)
            local theirs = follower.space.bands
            print(#theirs:select(), select(2, pcall(theirs.delete, theirs, 1)))
            os.exit(0)
        )";
        world.write("client.lua", script);
        QProcess client;
        client.start(program, {QString::fromUtf8(world.path("client.lua"))});
        QVERIFY(client.waitForFinished(60'000));
        QCOMPARE(
            QString::fromUtf8(client.readAllStandardOutput()),
            QStringLiteral("[1, 'ROXETTE', 1986]\n[2, 'Scorpions', 1965]\nScorpions\t[2, 'Scorpions', 1965]\t1\n"
                           "Duplicate key exists in unique index \"primary\" in space \"bands\" with old tuple - [1, "
                           "\"ROXETTE\", 1986] and new tuple - [1, \"again\", 0]\ntrue\ttrue\nactive\tnil\n"
                           "error\tIncorrect password supplied for user 'operator'\n"
                           "1\tWrite access to space 'bands' is denied for user 'replicator'\n"));
        // A password that changes in the configuration is the one that counts.
        world.write("secret", "other\n");
        const Ran reloaded = world.console(kFirst, "require('config'):reload()\n");
        QCOMPARE(reloaded.all(), QStringLiteral("---\n...\n\n"));
        world.write("client.lua", "print(require('net.box').connect('operator:other@127.0.0.1:" + world.portOf("3301") +
                                      "').state)\nos.exit(0)\n");
        client.start(program, {QString::fromUtf8(world.path("client.lua"))});
        QVERIFY(client.waitForFinished(60'000));
        QCOMPARE(QString::fromUtf8(client.readAllStandardOutput()), QStringLiteral("active\n"));
    }
    void anAddressInUseAndAMissingSecretAreErrorsOfTheStart() {
        const TtWorld world;
        QCOMPARE(world.tt({"start", kFirst}).code, 0);
        QByteArray config = world.config();
        config.replace("127.0.0.1:" + world.portOf("3302"), "127.0.0.1:" + world.portOf("3301"));
        world.writeConfig(config);
        const Ran taken = world.tt({"start", kSecond});
        QVERIFY2(taken.code != 0 && taken.err.contains(QString::fromUtf8("127.0.0.1:" + world.portOf("3301"))),
                 qPrintable(taken.all()));
        QVERIFY(world.pid(kSecond) == 0);
        config = world.config();
        config.replace("'topsecret'", "'{{ context.word }}'");
        world.writeConfig("config:\n  context:\n    word:\n      from: env\n      env: NO_SUCH_VARIABLE_HERE\n" +
                          config);
        const Ran missing = world.tt({"start", kSecond});
        QVERIFY2(missing.code == 2 && missing.err.contains(QStringLiteral("config.yaml:5:12: the environment has no "
                                                                          "variable NO_SUCH_VARIABLE_HERE")),
                 qPrintable(missing.all()));
    }
    void killNineLosesNoRowThatWasAcknowledged() {
        const TtWorld world(TtWorld::Size::Alone);
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
