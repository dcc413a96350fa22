// Replica sets in a workspace, as real processes: up, status, a kill, a process that is stopped, down; beside MapR.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QRegularExpression>

#include "terminalworld.h"
#include "testmain.h"

using namespace tributary::test;
using namespace Qt::StringLiterals;

namespace {

QByteArray freePort() {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(at);
    if (::bind(probe, reinterpret_cast<sockaddr*>(&at), size) != 0 ||
        ::getsockname(probe, reinterpret_cast<sockaddr*>(&at), &size) != 0) {
        qFatal("no port is free");
    }
    ::close(probe);
    return QByteArray::number(ntohs(at.sin_port));
}

/// A workspace with a replica set of two, and a cluster of MapR beside it when that is wanted.
class ReplicaSetWorld : public TerminalWorld {
public:
    explicit ReplicaSetWorld(bool withMapR) : TerminalWorld(u"multi-master"_s) {
        QByteArray drawing = "tributary: 1\nclusters:\n";
        if (withMapR) drawing += "  sanfrancisco: {system: maprdb, gateways: [gw-sf-1]}\n";
        drawing += "  replicaset001:\n    system: tarantool\n    app: master_master\n    failover: off\n    members:\n";
        for (const char* name : {"instance001", "instance002"}) {
            drawing += QByteArray("      ") + name + ": {mode: rw, listen: \"127.0.0.1:" + freePort() + "\"}\n";
        }
        drawing += "    users:\n      replicator: {roles: [replication]}\n";
        write(u"topology.yaml"_s, drawing);
    }
    void write(const QString& name, const QByteArray& text) const {
        QFile file(dir() + u'/' + name);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) qFatal("%s", qPrintable(name));
    }
    [[nodiscard]] QByteArray read(const QString& name) const {
        QFile file(dir() + u'/' + name);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    /// Statements in the console of an instance.
    void console(const QString& name, const QByteArray& typed) const {
        QProcess process;
        process.start(executable(), words(u"tt connect master_master:"_s + name));
        process.write(typed);
        process.closeWriteChannel();
        if (!process.waitForFinished(60'000)) process.kill();
    }
    [[nodiscard]] QJsonObject cluster(const QString& name) const {
        const QJsonObject status = QJsonDocument::fromJson(verb(u"status --json"_s).out.toUtf8()).object();
        for (const QJsonValue& each : status.value(u"clusters"_s).toArray()) {
            if (each[u"name"_s].toString() == name) return each.toObject();
        }
        return {};
    }
    [[nodiscard]] QJsonObject instance(const QString& name) const {
        for (const QJsonValue& each : cluster(u"replicaset001"_s).value(u"instances"_s).toArray()) {
            if (each[u"name"_s].toString() == name) return each.toObject();
        }
        return {};
    }
    /// An instance that joins answers as loading for a while.
    [[nodiscard]] bool isUpSoon(const QString& name) const {
        return QTest::qWaitFor([&] { return cluster(name).value(u"state"_s).toString() == u"up"_s; }, 60'000);
    }
    [[nodiscard]] QString stateOf(const QString& name) const { return instance(name).value(u"state"_s).toString(); }
};

const QString kMemberOne = u"replicaset001/instance001"_s;
const QString kMemberTwo = u"replicaset001/instance002"_s;

}  // namespace

class TestReplicaSets : public QObject {
    Q_OBJECT
private slots:
    void aWorkspaceOfInstancesGoesUpAndDown() {
        const ReplicaSetWorld world(false);
        QCOMPARE(world.verb(u"check"_s).code, 0);
        const Ran before = world.verb(u"status"_s);
        QCOMPARE(before.code, 0);
        QVERIFY2(before.out.contains(u"tributary up"_s), qPrintable(before.out));
        const Ran up = world.verb(u"up"_s);
        QVERIFY2(up.code == 0, qPrintable(up.all()));
        QCOMPARE(up.out, u"%1 is up\n%2 is up\n"_s.arg(kMemberOne, kMemberTwo));
        QVERIFY2(up.err.contains(u"instances.enabled/master_master/config.yaml is made from the drawing"_s),
                 qPrintable(up.err));
        QVERIFY(up.err.contains(u"the password of replicator was made"_s));
        const QByteArray password = world.read(u".tributary/passwords/master_master.replicator"_s);
        QVERIFY(!password.isEmpty() && !up.all().contains(QString::fromUtf8(password)));
        QCOMPARE(world.verb(u"up"_s).out, u"%1 was up already\n%2 was up already\n"_s.arg(kMemberOne, kMemberTwo));
        QVERIFY(world.isUpSoon(u"replicaset001"_s));
        const QJsonObject first = world.instance(u"instance001"_s);
        QCOMPARE(first.value(u"state"_s).toString(), u"running"_s);
        QCOMPARE(first.value(u"readOnly"_s).toBool(true), false);
        QVERIFY(first.value(u"pid"_s).toInt() > 0);
        QVERIFY(world.isUpSoon(u"replicaset001"_s));
        const Ran down = world.verb(u"down"_s);
        QVERIFY2(down.code == 0, qPrintable(down.all()));
        QCOMPARE(down.out, u"%1 is down\n%2 is down\n"_s.arg(kMemberOne, kMemberTwo));
        QCOMPARE(world.verb(u"down"_s).out,
                 u"%1 was down already\n%2 was down already\n"_s.arg(kMemberOne, kMemberTwo));
        QCOMPARE(world.stateOf(u"instance001"_s), u"down"_s);
        QVERIFY(world.verb(u"doctor"_s).out.contains(u"only its owner reads what the engine writes"_s));
    }
    void aKilledInstanceIsShownAsKilledAndStartedAgain() {
        const ReplicaSetWorld world(false);
        QCOMPARE(world.verb(u"up"_s).code, 0);
        QVERIFY(world.isUpSoon(u"replicaset001"_s));
        const int pid = world.instance(u"instance001"_s).value(u"pid"_s).toInt();
        QVERIFY(pid > 1);
        QCOMPARE(::kill(pid, SIGKILL), 0);
        QVERIFY(QTest::qWaitFor([&] { return world.stateOf(u"instance001"_s) == u"killed"_s; }, 20'000));
        const Ran status = world.verb(u"status"_s);
        QCOMPARE(status.code, 0);
        QVERIFY2(status.out.contains(u"partly up"_s), qPrintable(status.out));
        QVERIFY(world.stateOf(u"instance002"_s) == u"running"_s);
        const Ran up = world.verb(u"up"_s);
        QVERIFY2(up.code == 0, qPrintable(up.all()));
        QVERIFY2(up.out.contains(kMemberOne + u" is up\n"_s) && up.out.contains(kMemberTwo + u" was up already"_s),
                 qPrintable(up.out));
        QVERIFY(QTest::qWaitFor([&] { return world.stateOf(u"instance001"_s) == u"running"_s; }, 60'000));
    }
    void aStoppedProcessIsUnknownAndNotWaitedFor() {
        const ReplicaSetWorld world(false);
        QCOMPARE(world.verb(u"up"_s).code, 0);
        QVERIFY(world.isUpSoon(u"replicaset001"_s));
        const int pid = world.instance(u"instance002"_s).value(u"pid"_s).toInt();
        QVERIFY(pid > 1);
        QCOMPARE(::kill(pid, SIGSTOP), 0);
        const Ran status = world.verb(u"status"_s);
        const QString state = world.stateOf(u"instance002"_s);
        QElapsedTimer timer;
        timer.start();
        const Ran down = world.verb(u"down"_s);
        const qint64 tookMs = timer.elapsed();
        QCOMPARE(::kill(pid, SIGCONT), 0);
        QCOMPARE(status.code, 3);
        QVERIFY2(status.out.contains(u"is stopped (by a signal or a debugger)"_s), qPrintable(status.out));
        QCOMPARE(state, u"unknown"_s);
        QCOMPARE(down.code, 3);
        QVERIFY2(down.err.contains(u"replicaset001/instance002: may be up"_s), qPrintable(down.all()));
        QVERIFY2(tookMs < 15'000, "a process that does nothing was waited for");
        QCOMPARE(world.until0(u"down"_s).code, 0);
    }
    void bothSystemsInOneWorkspace() {
        const ReplicaSetWorld world(true);
        const Ran one = world.verb(u"up --cluster replicaset001 --json"_s);
        QVERIFY2(one.code == 0, qPrintable(one.all()));
        const QJsonObject started = QJsonDocument::fromJson(one.out.toUtf8()).object();
        QCOMPARE(started.value(u"started"_s).toArray().size(), 0);
        QCOMPARE(started.value(u"instances"_s)[u"started"_s].toArray().size(), 2);
        QCOMPARE(world.cluster(u"sanfrancisco"_s).value(u"state"_s).toString(), u"down"_s);
        const Ran rest = world.verb(u"up"_s);
        QVERIFY2(rest.code == 0, qPrintable(rest.all()));
        QVERIFY2(rest.out.contains(u"sanfrancisco is up\n"_s) && rest.out.contains(kMemberOne + u" was up already\n"_s),
                 qPrintable(rest.out));
        QCOMPARE(world.cluster(u"sanfrancisco"_s).value(u"state"_s).toString(), u"up"_s);
        QVERIFY(world.isUpSoon(u"replicaset001"_s));
        QCOMPARE(world.verb(u"down --cluster sanfrancisco"_s).out, u"sanfrancisco is down\n"_s);
        QVERIFY(QTest::qWaitFor([&] { return world.stateOf(u"instance001"_s) == u"running"_s; }, 60'000));
        const Ran wrong = world.verb(u"up --cluster replicaset002"_s);
        QCOMPARE(wrong.code, 2);
        QVERIFY2(wrong.err.contains(u"did you mean 'replicaset001'?"_s), qPrintable(wrong.err));
        QCOMPARE(world.verb(u"down"_s).code, 0);
    }
    void diffNamesTheRowsThatDiffer() {
        const ReplicaSetWorld world(false);
        QCOMPARE(world.verb(u"up"_s).code, 0);
        QVERIFY(world.isUpSoon(u"replicaset001"_s));
        const QString pair = kMemberOne + u' ' + kMemberTwo;
        const Ran none = world.verb(u"diff "_s + pair);
        QCOMPARE(none.code, 0);
        QCOMPARE(none.out, u"identical\tno spaces that replicate\n"_s);
        // Each by itself, so that this holds whether or not they follow each other by now.
        world.console(u"instance001"_s,
                      "box.schema.space.create('shared')\nbox.space.shared:create_index('primary')\n");
        QVERIFY(QTest::qWaitFor(
            [&] {
                world.console(u"instance002"_s,
                              "if not box.space.shared then box.schema.space.create('shared') end\n"
                              "if not box.space.shared.index[0] then box.space.shared:create_index('primary') end\n");
                return world.verb(u"diff "_s + pair).code == 0;
            },
            30'000));
        QVERIFY2(world.verb(u"diff "_s + pair).out.startsWith(u"identical\tshared\t0 rows"_s),
                 qPrintable(world.verb(u"diff "_s + pair).all()));
        const Ran wrong = world.verb(u"diff replicaset001/instance001 replicaset001/instance009"_s);
        QCOMPARE(wrong.code, 2);
        QVERIFY2(wrong.err.contains(u"one of: replicaset001/instance001, replicaset001/instance002"_s),
                 qPrintable(wrong.err));
        QCOMPARE(world.verb(u"down"_s).code, 0);
        QCOMPARE(world.verb(u"diff "_s + pair).code, 3);
    }
    void anEditedConfigurationIsKept() {
        const ReplicaSetWorld world(false);
        QCOMPARE(world.verb(u"up"_s).code, 0);
        QCOMPARE(world.verb(u"down"_s).code, 0);
        const QString file = u"instances.enabled/master_master/config.yaml"_s;
        QByteArray edited = world.read(file);
        edited.replace(edited.indexOf("mode: rw"), 8, "mode: ro");
        world.write(file, edited);
        const Ran up = world.verb(u"up"_s);
        QVERIFY2(up.code == 0, qPrintable(up.all()));
        QVERIFY2(up.err.contains(u"is kept, and counts"_s), qPrintable(up.err));
        QCOMPARE(world.read(file), edited);
        QCOMPARE(world.instance(u"instance001"_s).value(u"readOnly"_s).toBool(), true);
    }
    void aDrawingThatIsGoneDoesNotKeepInstancesUp() {
        const ReplicaSetWorld world(false);
        QCOMPARE(world.verb(u"up"_s).code, 0);
        const QByteArray drawing = world.read(u"topology.yaml"_s);
        world.write(u"topology.yaml"_s, "tributary: [\n");
        const Ran down = world.verb(u"down"_s);
        QVERIFY2(down.code == 0, qPrintable(down.all()));
        world.write(u"topology.yaml"_s, drawing);
        QCOMPARE(world.stateOf(u"instance001"_s), u"down"_s);
    }
};
TRIBUTARY_TEST(TestReplicaSets)
#include "tst_replicasets.moc"
