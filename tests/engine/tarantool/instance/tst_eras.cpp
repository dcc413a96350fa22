// The two eras: first rows, what a space costs, words; and box.cfg{...}, which both have.
#include "engine/systems/tarantool/instance/erawords.h"
#include "engine/systems/tarantool/replication/peeraddress.h"
#include "instanceworld.h"
#include "testmain.h"

using namespace tributary::test;

namespace {

void as26(tt::InstanceSettings& settings) {
    settings.era = tt::Era::V2_6;
}

QString said(InstanceWorld& world, const char* statement) {
    return QString::fromStdString(world.lua(statement)).section(QStringLiteral("---\n"), 1).chopped(4);
}

}  // namespace

class TestEras : public QObject {
    Q_OBJECT
private slots:
    void wordsOfBoth_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("of26");
        QTest::newRow("duplicate")
            << "Duplicate key exists in unique index \"p\" in space \"t\" with old tuple - [1] and new tuple - [1, 2]"
            << "Duplicate key exists in unique index 'p' in space 't'";
        QTest::newRow("read-only") << "Can't modify data on a read-only instance - it is an orphan"
                                   << "Can't modify data because this instance is in read-only mode.";
        QTest::newRow("end") << "unexpected EOF when reading from socket, called on fd 5: Broken pipe"
                             << "unexpected EOF when reading from socket, called on fd 5";
        QTest::newRow("cut") << "Duplicate key exists in unique index \"p"
                             << "Duplicate key exists in unique index \"p";
        QTest::newRow("other") << "timed out"
                               << "timed out";
        QTest::newRow("empty") << ""
                               << "";
    }
    void wordsOfBoth() {
        QFETCH(const QString, text);
        QFETCH(const QString, of26);
        QCOMPARE(QString::fromStdString(tt::inWordsOf(tt::Era::V2_6, text.toStdString())), of26);
        QCOMPARE(QString::fromStdString(tt::inWordsOf(tt::Era::V3_0, text.toStdString())), text);
    }
    void namesOfBoth() {
        for (const tt::Era era : {tt::Era::V2_6, tt::Era::V3_0}) QVERIFY(tt::eraOf(tt::nameOf(era)) == era);
        QVERIFY(!tt::eraOf("2.7") && !tt::eraOf(""));
    }

    /// As on the real one: nothing of the first picture has a number; a user is five rows; a space is two.
    void beginsAs26() {
        InstanceWorld world(true, InstanceWorld::kSegmentBytes, as26);
        QCOMPARE(said(world, "box.info.vclock"), QStringLiteral("- {1: 6}\n"));
        QCOMPARE(said(world, "box.space._cluster:select()"),
                 QStringLiteral("- - [1, '4cfa6e3c-625e-b027-00a7-29b2f2182f23']\n"));
        QCOMPARE(said(world, "box.space._schema:get('max_id')"), QStringLiteral("- ['max_id', 511]\n"));
        (void)world.lua("box.schema.space.create('t'):create_index('p')");
        QCOMPARE(said(world, "box.info.vclock"), QStringLiteral("- {1: 9}\n"));
        QCOMPARE(said(world, "box.space.t.id, box.space._schema:get('max_id')[2]"), QStringLiteral("- 512\n- 512\n"));
        (void)world.lua("box.schema.space.create('u')");
        QCOMPARE(said(world, "box.space.u.id, box.info.lsn"), QStringLiteral("- 513\n- 11\n"));
        (void)world.lua("box.space.t:insert { 1 }");
        QCOMPARE(said(world, "box.space.t:insert { 1 }"),
                 QStringLiteral("- error: Duplicate key exists in unique index 'p' in space 't'\n"));
        QVERIFY(said(world, "box.info.name").startsWith(QStringLiteral("- null")));
        world.powerCut();
        QCOMPARE(said(world, "box.info.vclock"), QStringLiteral("- {1: 12}\n"));
        QCOMPARE(said(world, "box.space.t:select()"), QStringLiteral("- - [1]\n"));
    }
    void beginsAs30() {
        InstanceWorld world;
        (void)world.lua("box.schema.space.create('t')");
        QCOMPARE(said(world, "box.info.vclock"), QStringLiteral("- {1: 7}\n"));
    }

    void cfgChangesAllOrNothing_data() {
        QTest::addColumn<QString>("statement");
        QTest::addColumn<QString>("answer");
        const auto row = [](const char* statement, const char* answer) {
            QTest::newRow(statement) << QString::fromLatin1(statement) << QString::fromLatin1(answer);
        };
        row("box.cfg{}", "");
        row("box.cfg{read_only = true}", "");
        row("box.cfg{nosuch = 1}", "- error: 'Incorrect value for option ''nosuch'': unexpected option'\n");
        row("box.cfg{read_only = 'yes'}",
            "- error: 'Incorrect value for option ''read_only'': should be of type boolean'\n");
        row("box.cfg{replication_timeout = 'x'}",
            "- error: 'Incorrect value for option ''replication_timeout'': should be of type number'\n");
        row("box.cfg{replication_timeout = 0}",
            "- error: 'Incorrect value for option ''replication_timeout'': the value must be greater\n    than 0'\n");
        row("box.cfg{instance_uuid = '4cfa6e3c-625e-b027-00a7-29b2f2182f23'}", "");
        row("box.cfg{instance_uuid = '4cfa6e3c-625e-b027-00a7-29b2f2182f24'}",
            "- error: Can't set option 'instance_uuid' dynamically\n");
        row("box.cfg{wal_mode = 'none'}", "- error: Can't set option 'wal_mode' dynamically\n");
        row("box.cfg{memtx_memory = 1}",
            "- error: This version does not support another 'memtx_memory' while it runs\n");
        row("box.cfg(1)", "- error: Illegal parameters, box.cfg takes a table of options\n");
    }
    void cfgChangesAllOrNothing() {
        QFETCH(const QString, statement);
        QFETCH(const QString, answer);
        InstanceWorld world;
        QCOMPARE(said(world, qPrintable(statement)), answer);
        const bool isReadOnly = statement == QStringLiteral("box.cfg{read_only = true}");
        QCOMPARE(said(world, "box.info.ro"), isReadOnly ? QStringLiteral("- true\n") : QStringLiteral("- false\n"));
        // With one that is refused nothing is taken.
        (void)world.lua("box.cfg{read_only = true, nosuch = 1}");
        QCOMPARE(said(world, "box.info.ro"), isReadOnly ? QStringLiteral("- true\n") : QStringLiteral("- false\n"));
    }
    void cfgKeepsPasswordsToItself() {
        InstanceWorld world;
        QCOMPARE(said(world, "box.cfg{replication = {'replicator:topsecret@127.0.0.1:3399'}}"), QString());
        QCOMPARE(said(world, "box.cfg.replication"), QStringLiteral("- - replicator@127.0.0.1:3399\n"));
        for (const std::string& line : world.log) QVERIFY(line.find("topsecret") == std::string::npos);
        QVERIFY(
            said(world, "box.cfg{replication = 'a:topsecret@b'}").startsWith(QStringLiteral("- error: 'Incorrect")));
        QCOMPARE(said(world, "box.cfg.replication"), QStringLiteral("- - replicator@127.0.0.1:3399\n"));
    }
    /// A quorum of two with nobody there: an orphan, until the list asks for less.
    void quorumMakesAnOrphan_data() {
        QTest::addColumn<bool>("isBroken");
        QTest::newRow("kept") << false;
        QTest::newRow("ignored") << true;
    }
    void quorumMakesAnOrphan() {
        QFETCH(const bool, isBroken);
        InstanceWorld world;
        if (isBroken) world.host().faults().arm("bug-quorum-ignored");
        (void)world.lua("box.cfg{replication_connect_quorum = 2}");
        QCOMPARE(said(world, "box.info.status"), QStringLiteral("- running\n"));
        (void)world.lua("box.cfg{replication = {'127.0.0.1:3302', '127.0.0.1:3399'}}");
        const bool isOrphan = said(world, "box.info.status") == QStringLiteral("- orphan\n");
        QCOMPARE(isOrphan, !isBroken);
        if (isBroken) return;
        QVERIFY(said(world, "box.space._schema:insert { 'x' }").contains(QStringLiteral("it is an orphan")));
        (void)world.lua("box.cfg{replication = {'127.0.0.1:3302'}}");
        QVERIFY(world.run([&] { return said(world, "box.info.status") == QStringLiteral("- running\n"); }));
    }
    void snapshotIsWritten() {
        InstanceWorld world;
        (void)world.lua("box.schema.space.create('t'):create_index('p')");
        (void)world.lua("box.space.t:insert { 1 }");
        QCOMPARE(said(world, "box.snapshot()"), QStringLiteral("- ok\n"));
        QVERIFY(world.host().node().settled());
    }
    /// A full disk is said at once, and the next one works when there is room.
    void snapshotOnAFullDiskFails() {
        InstanceWorld world;
        (void)world.lua("box.schema.space.create('t'):create_index('p')");
        (void)world.lua("box.space.t:insert { 1 }");
        world.host().setDiskFaults([](DiskOperation operation, const std::string& path) -> std::optional<ErrorCode> {
            const bool isRows = path.find("/tables/") != std::string::npos;
            return operation == DiskOperation::Write && isRows ? std::optional(ErrorCode::DiskFull) : std::nullopt;
        });
        const QString told = said(world, "box.snapshot()");
        QVERIFY2(told.contains(QStringLiteral("Failed to write to disk")), qPrintable(told));
        world.host().setDiskFaults(nullptr);
        QCOMPARE(said(world, "box.snapshot()"), QStringLiteral("- ok\n"));
        QCOMPARE(said(world, "box.space.t:count()"), QStringLiteral("- 1\n"));
    }
    void passwordsAreSplitOff_data() {
        QTest::addColumn<QString>("uri");
        QTest::addColumn<QString>("shown");
        QTest::addColumn<QString>("password");
        QTest::newRow("user") << "u:p@h:1"
                              << "u@h:1"
                              << "p";
        QTest::newRow("with signs") << "u:p:@q@h:1"
                                    << "u@h:1"
                                    << "p:@q";
        QTest::newRow("without") << "u@h:1"
                                 << "u@h:1"
                                 << "";
        QTest::newRow("nobody") << "h:1"
                                << "h:1"
                                << "";
        QTest::newRow("empty") << ""
                               << ""
                               << "";
    }
    void passwordsAreSplitOff() {
        QFETCH(const QString, uri);
        QFETCH(const QString, shown);
        QFETCH(const QString, password);
        const auto split = tt::splitPassword(uri.toStdString());
        QCOMPARE(QString::fromStdString(split.shown), shown);
        QCOMPARE(QString::fromStdString(split.password), password);
    }
};

TRIBUTARY_TEST(TestEras)
#include "tst_eras.moc"
