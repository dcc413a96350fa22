// Clusters of VoltDB in a workspace, as real processes: up, statements, a kill, down; the words of its own programs.
#include <QProcess>
#include <QTcpServer>

#include "voltworld.h"

#include "testmain.h"

using namespace tributary::test;
using namespace Qt::StringLiterals;

class TestVoltDb : public QObject {
    Q_OBJECT
private slots:
    void aHostIsAProcessAndAKillLosesNothing() {
        const VoltWorld world(u"voltdb-passive-dr"_s);
        const Ran up = world.verb(u"up"_s);
        QVERIFY2(up.code == 0, qPrintable(textOf(up)));
        const int pid = world.pidOf(u"east"_s, u"east1"_s);
        QVERIFY(pid > 1 && ::kill(pid, 0) == 0);
        QVERIFY((world.permissions(u"voltdb/east/east1/voltdbroot"_s) & kOthers) == 0);
        QVERIFY((world.permissions(u"voltdb/east/east1/voltdbroot/control.key"_s) & kOthers) == 0);

        const Ran inserted = world.sql(u"east"_s, u"insert into votes values (5551234, 'MA', 1)"_s);
        QVERIFY2(inserted.code == 0, qPrintable(textOf(inserted)));
        const QStringList wanted{u"5551234,MA,1"_s};
        QCOMPARE(world.rows(u"east"_s, u"select * from votes"_s), wanted);

        QVERIFY(world.kill(u"east"_s, u"east1"_s));
        const Ran away = world.sql(u"east"_s, u"select * from votes"_s);
        QVERIFY2(away.code == 3 && away.err.contains(u"is not running"_s), qPrintable(textOf(away)));
        const Ran again = world.verb(u"up"_s);
        QVERIFY2(again.code == 0, qPrintable(textOf(again)));
        QCOMPARE(world.rows(u"east"_s, u"select * from votes"_s), wanted);

        const Ran down = world.verb(u"down"_s);
        QVERIFY2(down.code == 0, qPrintable(textOf(down)));
        QCOMPARE(world.pidOf(u"east"_s, u"east1"_s), 0);
    }

    void wordsOfVoltDbMakeAndStartAHost() {
        const VoltWorld world(u"voltdb-passive-dr"_s);
        const Ran plain = world.verb(u"voltdb init --dir=voltdb/lone/lone1"_s);
        QVERIFY2(plain.code == 0, qPrintable(textOf(plain)));
        QVERIFY(plain.out.startsWith(u"Initialized VoltDB in "_s));
        const Ran twice = world.verb(u"voltdb init --dir=voltdb/lone/lone1"_s);
        QVERIFY(twice.code != 0 && twice.err.contains(u"--force"_s));
        for (const QString& more : {u" --count=2"_s, u" --host=lone1,east1"_s}) {
            const Ran wrong = world.verb(u"voltdb start --dir=voltdb/lone/lone1 --background"_s + more);
            QVERIFY2(wrong.code != 0 && wrong.err.contains(u"one host"_s), qPrintable(textOf(wrong)));
        }
        const Ran started = world.verb(u"voltdb start --dir=voltdb/lone/lone1 --background --host=lone1"_s);
        QVERIFY2(started.code == 0, qPrintable(textOf(started)));
        const Ran second = world.verb(u"voltdb start --dir=voltdb/lone/lone1 --background"_s);
        QVERIFY2(second.code != 0 && second.err.contains(u"runs already"_s), qPrintable(textOf(second)));
        QCOMPARE(world.sql(u"lone"_s, u"create table t (a bigint not null primary key)"_s).code, 0);
        QCOMPARE(world.sql(u"lone"_s, u"insert into t values (7)"_s).code, 0);
        QCOMPARE(world.rows(u"lone"_s, u"select a from t"_s), QStringList{u"7"_s});
        const Ran half = world.sql(u"lone"_s, u"select a from t; describe nope; select a from t"_s);
        QVERIFY2(half.code != 0 && half.out.trimmed() == u"7"_s, qPrintable(textOf(half)));
        const Ran busy = world.verb(u"voltdb init --dir=voltdb/lone/lone1 --force"_s);
        QVERIFY2(busy.code != 0 && busy.err.contains(u"runs as process"_s), qPrintable(textOf(busy)));
        QCOMPARE(world.verb(u"voltadmin shutdown --host=lone"_s).code, 0);
        QCOMPARE(world.verb(u"voltdb init --dir=voltdb/lone/lone1 --force"_s).code, 0);
        QCOMPARE(world.verb(u"voltdb start --dir=voltdb/lone/lone1 --background"_s).code, 0);
        QVERIFY(world.sql(u"lone"_s, u"select a from t"_s).code != 0);
        QCOMPARE(world.verb(u"voltadmin shutdown --host=lone1"_s).code, 0);
    }

    void aFirstSchemaThatIsWrongIsMendedAndRunWhole() {
        const VoltWorld world(u"voltdb-passive-dr"_s);
        const auto write = [&](const QString& file, const char* text) {
            QFile schema(world.dir() + u'/' + file);
            QVERIFY(schema.open(QIODevice::WriteOnly | QIODevice::Truncate));
            schema.write(text);
        };
        write(u"s.sql"_s, "create table t (a bigint not null primary key);\ncreate tabel u (a bigint);\n");
        QCOMPARE(world.verb(u"voltdb init --dir=voltdb/lone/lone1 --schema=s.sql"_s).code, 0);
        const Ran wrong = world.verb(u"voltdb start --dir=voltdb/lone/lone1 --background"_s);
        QVERIFY2(wrong.code != 0 && wrong.err.contains(u"its schema cannot be run"_s), qPrintable(textOf(wrong)));
        QVERIFY2(wrong.err.contains(u"config/schema.sql"_s), qPrintable(textOf(wrong)));
        write(u"voltdb/lone/lone1/voltdbroot/config/schema.sql"_s,
              "create table t (a bigint not null primary key);\ncreate table u (a bigint);\n");
        const Ran right = world.verb(u"voltdb start --dir=voltdb/lone/lone1 --background"_s);
        QVERIFY2(right.code == 0, qPrintable(textOf(right)));
        QCOMPARE(world.sql(u"lone"_s, u"insert into u values (7)"_s).code, 0);
        QCOMPARE(world.verb(u"voltadmin shutdown --host=lone"_s).code, 0);
        // It was run, and whoever should have taken it away was killed before.
        write(u"voltdb/lone/lone1/voltdbroot/config/schema.sql"_s,
              "create table t (a bigint not null primary key);\ncreate table u (a bigint);\n");
        const Ran again = world.verb(u"voltdb start --dir=voltdb/lone/lone1 --background"_s);
        QVERIFY2(again.code == 0, qPrintable(textOf(again)));
        QCOMPARE(world.rows(u"lone"_s, u"select a from u"_s), QStringList{u"7"_s});
        QCOMPARE(world.verb(u"voltadmin shutdown --host=lone"_s).code, 0);
        write(u"voltdb/lone/lone1/voltdbroot/config/schema.sql"_s, "-- no table yet\n");
        const Ran empty = world.verb(u"voltdb start --dir=voltdb/lone/lone1 --background"_s);
        QVERIFY2(empty.code == 0, qPrintable(textOf(empty)));
        QCOMPARE(world.verb(u"voltadmin shutdown --host=lone"_s).code, 0);
    }

    void aHostWhoseDoorIsTakenDoesNotStart() {
        const VoltWorld world(u"voltdb-passive-dr"_s);
        QTcpServer taken;
        QVERIFY(taken.listen(QHostAddress::LocalHost));
        QFile config(world.dir() + u"/one.xml"_s);
        QVERIFY(config.open(QIODevice::WriteOnly));
        config.write("<deployment>\n  <dr id=\"1\" role=\"master\"/>\n</deployment>\n");
        config.close();
        QCOMPARE(world.verb(u"voltdb init --dir=voltdb/lone/lone1 --config=one.xml"_s).code, 0);
        const QString start = u"voltdb start --dir=voltdb/lone/lone1 --background"_s;
        const Ran refused = world.verb(start + u" --replication=127.0.0.1:"_s + QString::number(taken.serverPort()));
        QVERIFY2(refused.code != 0 && refused.err.contains(u" use"_s), qPrintable(textOf(refused)));
        QCOMPARE(world.pidOf(u"lone"_s, u"lone1"_s), 0);
        const Ran started = world.verb(start);
        QVERIFY2(started.code == 0, qPrintable(textOf(started)));
        QCOMPARE(world.verb(u"voltadmin shutdown --host=lone"_s).code, 0);
        QVERIFY(!QFile::exists(world.dir() + u"/voltdb/lone/lone1/voltdbroot/replication.address"_s));
    }

    void aCopiedWorkspaceKeepsToItself() {
        const VoltWorld world(u"voltdb-passive-dr"_s);
        const VoltWorld copy(u"voltdb-passive-dr"_s);
        QCOMPARE(world.verb(u"up"_s).code, 0);
        QCOMPARE(world.sql(u"east"_s, u"insert into votes values (1, 'MA', 1)"_s).code, 0);
        const QString all = u"select * from votes"_s;
        QVERIFY(world.becomes(u"west"_s, all, {u"1,MA,1"_s}));
        QCOMPARE(world.verb(u"down"_s).code, 0);
        QCOMPARE(QProcess::execute(u"cp"_s, {u"-a"_s, world.dir() + u"/voltdb"_s, copy.dir()}), 0);
        QCOMPARE(world.verb(u"up"_s).code, 0);
        const Ran up = copy.verb(u"up"_s);
        QVERIFY2(up.code == 0, qPrintable(textOf(up)));
        QCOMPARE(copy.sql(u"east"_s, u"insert into votes values (2, 'MA', 1)"_s).code, 0);
        QVERIFY(copy.becomes(u"west"_s, all, {u"1,MA,1"_s, u"2,MA,1"_s}));
        QCOMPARE(world.sql(u"east"_s, u"insert into votes values (3, 'MA', 1)"_s).code, 0);
        QVERIFY(world.becomes(u"west"_s, all, {u"1,MA,1"_s, u"3,MA,1"_s}));
        QCOMPARE(copy.rows(u"west"_s, all), (QStringList{u"1,MA,1"_s, u"2,MA,1"_s}));
        QCOMPARE(copy.verb(u"down"_s).code, 0);
        QCOMPARE(world.verb(u"down"_s).code, 0);
    }

    void aPromotedReplicaIsNotJoinedByItsOldMaster() {
        const VoltWorld world(u"voltdb-passive-dr"_s);
        QCOMPARE(world.verb(u"up"_s).code, 0);
        QCOMPARE(world.sql(u"east"_s, u"insert into votes values (1, 'MA', 1)"_s).code, 0);
        QVERIFY(world.becomes(u"west"_s, u"select * from votes"_s, {u"1,MA,1"_s}));
        const Ran promoted = world.verb(u"voltadmin promote --host=west"_s);
        QVERIFY2(promoted.code == 0, qPrintable(textOf(promoted)));
        const QString differs = u"role of west: drawn replica, observed master"_s;
        const Ran status = world.verb(u"status"_s);
        QVERIFY2(status.out.contains(differs), qPrintable(textOf(status)));
        const Ran plan = world.verb(u"plan"_s);
        QVERIFY2(plan.all().contains(differs), qPrintable(textOf(plan)));
        QCOMPARE(world.verb(u"voltadmin shutdown --host=east"_s).code, 0);
        const Ran up = world.verb(u"up"_s);
        QVERIFY2(up.code != 0 && up.err.contains(u"it was promoted"_s), qPrintable(textOf(up)));
        QVERIFY2(up.err.contains(u"role: master for west"_s), qPrintable(textOf(up)));
        QCOMPARE(world.pidOf(u"east"_s, u"east1"_s), 0);
        QCOMPARE(world.verb(u"down"_s).code, 0);
        const Ran alone = world.verb(u"up --cluster west"_s);
        QVERIFY2(alone.code == 0, qPrintable(textOf(alone)));
        QCOMPARE(world.verb(u"down"_s).code, 0);
    }

    void aClusterOfSeveralHostsIsRefusedByName() {
        const VoltWorld world(u"voltdb-passive-dr"_s);
        QFile drawing(world.dir() + u"/topology.yaml"_s);
        QVERIFY(drawing.open(QIODevice::ReadWrite));
        QByteArray text = drawing.readAll();
        text.replace("members: {east1: {}}", "members: {east1: {}, east2: {}}");
        QVERIFY(drawing.resize(0) && drawing.seek(0) && drawing.write(text) == text.size());
        drawing.close();
        const Ran up = world.verb(u"up"_s);
        QVERIFY2(up.code != 0 && up.err.contains(u"cluster east has 2 hosts"_s), qPrintable(textOf(up)));
    }
};
TRIBUTARY_TEST(TestVoltDb)
#include "tst_voltdb.moc"
