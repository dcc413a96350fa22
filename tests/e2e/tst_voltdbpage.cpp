// The page of seed 004, walked on real processes, as far as clusters of one
// host go.
#include "voltworld.h"

#include "testmain.h"

using namespace tributary::test;
using namespace Qt::StringLiterals;

class TestVoltDbPage : public QObject {
    Q_OBJECT

    static Ran run(const VoltWorld& world, const QStringList& words) {
        return TerminalWorld::run(QStringList{u"-w"_s, world.dir()} + words);
    }

private slots:
    /// The page of the seed: a master with rows, its replica, what each refuses,
    /// a disaster, and the replica's promotion.
    void theReplicaFollowsRefusesWritesAndIsPromoted() {
        const VoltWorld world(u"voltdb-passive-dr"_s);
        const Ran up = world.verb(u"up"_s);
        QVERIFY2(up.code == 0, qPrintable(textOf(up)));
        const QString role = u"exec @Statistics DRROLE 0"_s;
        QVERIFY2(world.becomes(u"west"_s, role, {u"REPLICA,ACTIVE,1"_s}),
                 qPrintable(textOf(world.sql(u"west"_s, role))));
        QVERIFY2(world.becomes(u"east"_s, role, {u"MASTER,ACTIVE,2"_s}),
                 qPrintable(textOf(world.sql(u"east"_s, role))));

        // The runbook finds all of it done.
        const Ran found = world.verb(
            u"run passive-dr-setup --set master=east "
            u"--set replica=west --set schema=none.sql "
            "--yes"_s);
        QVERIFY2(found.code == 0, qPrintable(textOf(found)));
        QCOMPARE(world.sql(u"east"_s, u"insert into contestants values (1, 'Edwina')"_s).code, 0);
        QCOMPARE(world
                     .sql(u"east"_s,
                          u"insert into votes values (5551234, 'MA', 1); "
                          "insert into votes values (5559876, 'NY', 1)"_s)
                     .code,
                 0);
        const QStringList votes{u"5551234,MA,1"_s, u"5559876,NY,1"_s};
        QVERIFY(world.becomes(u"west"_s, u"select * from votes"_s, votes));
        QVERIFY(world.becomes(u"west"_s, u"select * from contestants"_s, {u"1,Edwina"_s}));

        const Ran refused = world.sql(u"west"_s, u"insert into votes values (1, 'XX', 1)"_s);
        QVERIFY2(refused.code == 1 && refused.err.contains(u"not allowed in replica cluster"_s),
                 qPrintable(textOf(refused)));
        const Ran status = world.verb(u"voltadmin status --host=east --dr"_s);
        QVERIFY2(status.out.contains(u"Cluster 2 (ACTIVE)"_s), qPrintable(textOf(status)));
        const Ran no = world.verb(u"voltadmin promote --host=east"_s);
        QVERIFY2(no.code != 0 && no.err.contains(u"@Promote issued on non-replica cluster. No action taken."_s),
                 qPrintable(textOf(no)));

        // It comes back, and both go on where they were.
        QVERIFY(world.kill(u"east"_s, u"east1"_s));
        QCOMPARE(world.verb(u"up"_s).code, 0);
        QCOMPARE(world.sql(u"east"_s, u"insert into votes values (5550000, 'VT', 1)"_s).code, 0);
        const QStringList more{u"5550000,VT,1"_s, u"5551234,MA,1"_s, u"5559876,NY,1"_s};
        QVERIFY2(world.becomes(u"west"_s, u"select * from votes"_s, more),
                 qPrintable(textOf(world.sql(u"west"_s, u"exec @Statistics DRCONSUMER 0"_s))));

        // It does not come back: the replica takes its place.
        QVERIFY(world.kill(u"east"_s, u"east1"_s));
        const Ran promoted = world.verb(u"voltadmin promote --host=west"_s);
        QVERIFY2(promoted.out == u"The cluster is promoted to normal operation.\n"_s, qPrintable(textOf(promoted)));
        QCOMPARE(world.sql(u"west"_s, u"insert into votes values (1, 'XX', 1)"_s).code, 0);
        QVERIFY(world.rows(u"west"_s, role).value(0).startsWith(u"MASTER"_s));
    }

    void replicationBeginsAgainFromScratch() {
        const VoltWorld world(u"voltdb-passive-dr"_s);
        QCOMPARE(world.verb(u"up"_s).code, 0);
        QCOMPARE(world.sql(u"east"_s, u"insert into votes values (5551234, 'MA', 1)"_s).code, 0);
        const Ran begun = world.verb(
            u"run restart-dr-from-scratch --set winner=east --set loser=west --set loser-id=2 "
            "--set schema=voltdb/west/schema.sql --approve init-loser=west --yes"_s);
        QVERIFY2(begun.code == 0, qPrintable(textOf(begun)));
        QCOMPARE(world.rows(u"west"_s, u"select * from votes"_s), QStringList{u"5551234,MA,1"_s});
        const Ran refused =
            world.verb(u"run replace-a-host --set cluster=east --set host=east2 --set other=east1 --yes"_s);
        QVERIFY2(refused.code != 0 && refused.all().contains(u"kfactor is 0"_s), qPrintable(textOf(refused)));
    }

    void threeActiveClustersFindEachOtherAndChangeTheirSchema() {
        const VoltWorld world(u"voltdb-xdcr-three"_s);
        const Ran up = world.verb(u"up"_s);
        QVERIFY2(up.code == 0, qPrintable(textOf(up)));
        const QString role = u"exec @Statistics DRROLE 0"_s;
        QVERIFY2(world.becomes(u"lima"_s, role, {u"XDCR,ACTIVE,1"_s, u"XDCR,ACTIVE,2"_s}),
                 qPrintable(textOf(world.sql(u"lima"_s, role))));
        QVERIFY(world.becomes(u"tokyo"_s, role, {u"XDCR,ACTIVE,2"_s, u"XDCR,ACTIVE,3"_s}));
        int item = 0;
        for (const QString& cluster : {u"tokyo"_s, u"oslo"_s, u"lima"_s}) {
            QCOMPARE(world.sql(cluster, u"insert into stock values (%1, 10)"_s.arg(++item)).code, 0);
        }
        for (const QString& cluster : {u"tokyo"_s, u"oslo"_s, u"lima"_s}) {
            QVERIFY2(world.becomes(cluster, u"select * from stock"_s, {u"1,10"_s, u"2,10"_s, u"3,10"_s}),
                     qPrintable(textOf(world.sql(cluster, u"select * from stock"_s))));
        }

        const Ran changed =
            run(world, {u"run"_s, u"schema-change-without-deadlock"_s, u"--set"_s, u"first=tokyo"_s, u"--set"_s,
                        u"second=oslo"_s, u"--set"_s, u"table=stock"_s, u"--set"_s, u"column=place"_s, u"--set"_s,
                        u"statement=ALTER TABLE stock ADD COLUMN place VARCHAR(20)"_s, u"--yes"_s});
        QVERIFY2(changed.code == 0, qPrintable(textOf(changed)));
        QCOMPARE(world.sql(u"tokyo"_s, u"insert into stock values (9, 1, 'Edo')"_s).code, 0);
        QVERIFY(world.becomes(u"oslo"_s, u"select place from stock where item = 9"_s, {u"Edo"_s}));
    }
};
TRIBUTARY_TEST(TestVoltDbPage)
#include "tst_voltdbpage.moc"
