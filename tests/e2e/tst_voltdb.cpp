// Clusters of VoltDB in a workspace, as real processes: up, statements, a kill, down; the words of its own programs.
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
        QVERIFY2(away.code == 3 && away.err.contains(u"does not answer"_s), qPrintable(textOf(away)));
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
        const Ran started = world.verb(u"voltdb start --dir=voltdb/lone/lone1 --background"_s);
        QVERIFY2(started.code == 0, qPrintable(textOf(started)));
        const Ran second = world.verb(u"voltdb start --dir=voltdb/lone/lone1 --background"_s);
        QVERIFY2(second.code != 0 && second.err.contains(u"runs already"_s), qPrintable(textOf(second)));
        QCOMPARE(world.sql(u"lone"_s, u"create table t (a bigint not null primary key)"_s).code, 0);
        QCOMPARE(world.sql(u"lone"_s, u"insert into t values (7)"_s).code, 0);
        QCOMPARE(world.rows(u"lone"_s, u"select a from t"_s), QStringList{u"7"_s});
        const Ran busy = world.verb(u"voltdb init --dir=voltdb/lone/lone1 --force"_s);
        QVERIFY2(busy.code != 0 && busy.err.contains(u"runs as process"_s), qPrintable(textOf(busy)));
        QCOMPARE(world.verb(u"voltadmin shutdown --host=lone"_s).code, 0);
        QCOMPARE(world.verb(u"voltdb init --dir=voltdb/lone/lone1 --force"_s).code, 0);
        QCOMPARE(world.verb(u"voltdb start --dir=voltdb/lone/lone1 --background"_s).code, 0);
        QVERIFY(world.sql(u"lone"_s, u"select a from t"_s).code != 0);
        QCOMPARE(world.verb(u"voltadmin shutdown --host=lone1"_s).code, 0);
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
