// A source sets up a replica by itself: at once acknowledged, through crashes of everybody, and stopped when told to.
#include "setupworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;
using tributary::test::SetupWorld;

class SetupsTest : public QObject {
    Q_OBJECT
    using World = SetupWorld;

    /// The table's set-up to one that is there and has other families.
    static Result<Json> addExistingWithout(World& world) {
        const Json make{{"path", World::kCopy}, {"families", {{{"name", "other"}}}}};
        if (const auto made = world.asked(1, TableMethod::CreateTable, make); !made) return made.error();
        return world.asked(0, TableMethod::AddReplica,
                           {{"path", World::kTable},
                            {"replica", World::kCopy},
                            {"cluster", "c1"},
                            {"uuid", world.node(1).catalog().byPath(World::kCopy)->uuid.text()},
                            {"autosetup", {{"existing", true}}}});
    }

    /// Four set-ups of the table at once.
    static bool addFour(World& world) {
        for (int i = 0; i < 4; ++i) {
            const Json body{{"path", World::kTable},
                            {"replica", fmt::format("/mapr/c1/copy{}", i)},
                            {"cluster", "c1"},
                            {"autosetup", Json::object()}};
            if (!world.asked(0, TableMethod::AddReplica, body)) return false;
        }
        return true;
    }
    static int countOf(World& world, ReplicaState state) {
        int found = 0;
        for (const ReplicaRecord& each : world.node(0).catalog().byPath(World::kTable)->replicas) {
            found += each.state == state ? 1 : 0;
        }
        return found;
    }

private slots:
    void aStreamIsCopiedWithItsOffsetsAndCursorsAndFollows() {
        World world;
        world.fill(40);
        (void)world.put(0, World::cursor("readers", "t", 7));
        QVERIFY_OK(world.setUp());
        QCOMPARE(world.state(), ReplicaState::CreateSchedule);  // acknowledged, and not begun
        QVERIFY(world.until(ReplicaState::CopyInProgress));
        (void)world.produce(0, "t", {"000040 written during the copy"});
        QVERIFY(world.run(60'000, [&] { return world.row()["copypercent"].get<int>() > 30; }));
        QVERIFY(world.row()["lagms"].is_null());
        QVERIFY(world.isSetUp());
        QCOMPARE(world.state(), ReplicaState::Replicating);
        QCOMPARE(world.row()["copypercent"].get<int>(), 100);
        (void)world.produce(0, "t", {"000041"});
        QVERIFY(world.caughtUp(0));
        QCOMPARE(world.shown(1, World::kCopy), world.shown(0, World::kStream));
        QVERIFY(world.shown(1, World::kCopy).ends_with("40:000040 41:000041 "));
        const auto cursors = world.asked(1, StreamMethod::Cursors, {{"path", World::kCopy}});
        QCOMPARE(cursors.value()["cursors"][0]["offset"].get<int>(), 7);
        QVERIFY(!world.alarmed());
    }

    void aTableIsCopiedAndFollows() {
        World world;
        world.makeTable(40);
        QVERIFY_OK(world.setUp(Json::object(), World::kTable));
        QVERIFY(world.until(ReplicaState::CopyInProgress, World::kTable));
        world.putRow(0, World::kTable, "later", "x");
        QVERIFY(world.isSetUp(World::kTable));
        QVERIFY(world.run(60'000, [&] { return world.rows(1, World::kCopy) == 41; }));
    }

    void bothWaysAreFourRecords() {
        World world;
        world.fill(3);
        QVERIFY_OK(world.setUp({{"multimaster", true}}));
        QVERIFY(world.isSetUp());
        const DatasetRecord& source = *world.node(0).catalog().byPath(World::kStream);
        const DatasetRecord& copy = *world.node(1).catalog().byPath(World::kCopy);
        QVERIFY(copy.upstreamByUuid(source.uuid) != nullptr);
        QVERIFY(source.upstreamByUuid(copy.uuid) != nullptr);
        QCOMPARE(copy.replicas.size(), 1U);
        QCOMPARE(copy.replicas[0].uuid, source.uuid);
        QVERIFY(copy.replicas[0].setup.is_null());
    }

    void whoeverIsKilledItGoesOnFromWhereItWas_data() {
        QTest::addColumn<int>("victim");
        QTest::addColumn<bool>("power");
        QTest::addColumn<bool>("table");
        for (const bool table : {false, true}) {
            for (const int victim : {0, 1}) {
                for (const bool power : {false, true}) {
                    QTest::addRow("%s, %s %s", table ? "table" : "stream", victim == 0 ? "source" : "replica",
                                  power ? "loses power" : "is killed")
                        << victim << power << table;
                }
            }
        }
    }
    void whoeverIsKilledItGoesOnFromWhereItWas() {
        QFETCH(int, victim);
        QFETCH(bool, power);
        QFETCH(bool, table);
        World world;
        const std::string path = table ? World::kTable : World::kStream;
        if (table) world.makeTable(80);
        if (!table) world.fill(80);
        QVERIFY_OK(world.setUp(Json::object(), path));
        QVERIFY(world.run(60'000, [&] { return world.replica(path)->copyPercent >= 30; }));
        const Lsn before = world.node(1).log().headLsn();
        for (int round = 0; round < 3; ++round) {
            if (power) world.host(victim).powerCut(world.seed());
            if (!power) world.host(victim).kill();
            world.pass(700);
            world.start(victim);
            world.pass(300);
        }
        QVERIFY(world.isSetUp(path));
        QVERIFY(world.run(60'000, [&] { return world.rows(1, World::kCopy) >= (table ? 80U : 81U); }));
        if (!table) QCOMPARE(world.shown(1, World::kCopy), world.shown(0, path));
        QVERIFY(victim == 1 || world.host(0).faults().reach().contains("setup-resumed"));
        // Five chunks in all; what was not yet told to the record is sent again, and no more.
        const Lsn entries = world.node(1).log().headLsn() - before;
        QVERIFY2(entries < 30, fmt::format("{} entries", entries).c_str());
    }

    void aReplicaThatSyncsLaterLosesNothingForGood_data() {
        QTest::addColumn<bool>("early");
        QTest::newRow("answers when it has synced") << false;
        QTest::newRow("seeded: answers before") << true;
    }
    void aReplicaThatSyncsLaterLosesNothingForGood() {
        QFETCH(bool, early);
        std::string lost;
        for (const int percent : {30, 90}) {
            World world;
            world.host(1).config().durability = Durability::Write;
            if (early) world.host(1).faults().arm("bug-setup-answered-unsynced");
            world.again(1);
            world.makeTable(80);
            QVERIFY_OK(world.setUp(Json::object(), World::kTable));
            QVERIFY(world.run(60'000, [&] { return world.replica(World::kTable)->copyPercent >= percent; }));
            world.host(1).powerCut(world.seed());
            world.start(1);
            QVERIFY(world.isSetUp(World::kTable));
            if (world.run(5'000, [&] { return world.rows(1, World::kCopy) == 80; })) continue;
            lost += fmt::format("cut at {} %: {} rows; ", percent, world.rows(1, World::kCopy));
        }
        QVERIFY2(lost.empty() != early, lost.c_str());
    }

    void aForgottenTokenCopiesFromTheBeginning() {
        std::vector<Lsn> entries;
        for (const bool forgets : {false, true}) {
            World world;
            world.fill(96);
            QVERIFY_OK(world.setUp());
            QVERIFY(world.run(60'000, [&] { return world.replica()->copyPercent >= 60; }));
            world.host(0).kill();
            if (forgets) world.host(0).faults().arm("bug-setup-forgets");
            world.start(0);
            const Lsn before = world.node(1).log().headLsn();
            QVERIFY(world.isSetUp());
            entries.push_back(world.node(1).log().headLsn() - before);
        }
        // The seeded bug is seen by what is sent again.
        QVERIFY2(entries[1] >= entries[0] + 3, fmt::format("{} and {} entries", entries[0], entries[1]).c_str());
    }

    void aReplicaThatIsNotThereIsWaitedForAndSaidToBe() {
        World world;
        world.fill(3);
        world.host(1).kill();
        QVERIFY_OK(world.setUp());
        QVERIFY(world.run(60'000, [&] { return world.errorCode() == "ErrAllGatewaysUnreachable"; }));
        QCOMPARE(world.state(), ReplicaState::CreateSchedule);
        QVERIFY(world.run(10'000, [&] { return world.alarmed(); }));
        QCOMPARE(world.produce(0, "t", {"others are served"}).substr(0, 2), std::string("[{"));
        world.start(1);
        QVERIFY(world.isSetUp());
        QVERIFY(world.run(10'000, [&] { return !world.alarmed(); }));
        QCOMPARE(world.errorCode(), std::string());
    }

    void aStoppedGatewayIsAnErrorUntilItIsStarted() {
        World world;
        world.fill(64);
        QVERIFY_OK(world.setUp());
        QVERIFY(world.run(60'000, [&] { return world.replica()->copyPercent >= 20; }));
        QVERIFY_OK(world.node(1).gateways().stop("gw-1"));
        QVERIFY(world.until(ReplicaState::CopyInRecover));
        QVERIFY(world.run(10'000, [&] { return world.alarmed(); }));
        const int percent = world.replica()->copyPercent;
        QVERIFY(percent >= 20 && percent < 100);
        QVERIFY_OK(world.node(1).gateways().start("gw-1"));
        QVERIFY(world.until(ReplicaState::CopyInProgress));
        QVERIFY(world.isSetUp());
        QCOMPARE(world.shown(1, World::kCopy), world.shown(0, World::kStream));
    }

    void aReplicaThatDoesNotAnswerIsAStalledCopyWithAnAlarm() {
        World world;
        world.fill(64);
        QVERIFY_OK(world.setUp());
        QVERIFY(world.run(60'000, [&] { return world.replica()->copyPercent >= 20; }));
        world.cut(true);
        QVERIFY(world.until(ReplicaState::CopyInRecover));
        QVERIFY(world.run(10'000, [&] { return world.alarmed(); }));
        QVERIFY(!world.errorCode().empty());
        world.cut(false);
        QVERIFY(world.isSetUp());
        QCOMPARE(world.shown(1, World::kCopy), world.shown(0, World::kStream));
    }

    void pausedItRestsAndGoesOn() {
        World world;
        world.fill(64);
        QVERIFY_OK(world.setUp());
        QVERIFY(world.run(60'000, [&] { return world.replica()->copyPercent >= 20; }));
        const Json pause{{"path", World::kStream}, {"replica", World::kCopy}, {"paused", true}};
        QVERIFY_OK(world.asked(0, StreamMethod::PauseReplica, pause));
        world.pass(1'000);
        const Lsn rested = world.node(1).log().headLsn();
        world.pass(20'000);
        QCOMPARE(world.node(1).log().headLsn(), rested);
        QCOMPARE(world.state(), ReplicaState::CopyInProgress);
        Json resume = pause;
        resume["paused"] = false;
        QVERIFY_OK(world.asked(0, StreamMethod::PauseReplica, resume));
        QVERIFY(world.isSetUp());
        QCOMPARE(world.shown(1, World::kCopy), world.shown(0, World::kStream));
    }

    void removedItStops_data() {
        QTest::addColumn<bool>("source");
        QTest::newRow("the record") << false;
        QTest::newRow("the source") << true;
    }
    void removedItStops() {
        QFETCH(bool, source);
        World world;
        world.fill(64);
        QVERIFY_OK(world.setUp());
        QVERIFY(world.run(60'000, [&] { return world.replica()->copyPercent >= 20; }));
        const Json remove{{"path", World::kStream}, {"replica", World::kCopy}};
        QVERIFY_OK(world.asked(0, source ? StreamMethod::Drop : StreamMethod::RemoveReplica, remove));
        world.pass(1'000);
        const Lsn stopped = world.node(1).log().headLsn();
        world.pass(20'000);
        QCOMPARE(world.node(1).log().headLsn(), stopped);
        QVERIFY(world.node(1).catalog().byPath(World::kCopy) != nullptr);  // half a copy stays, as documented
        QVERIFY(!world.alarmed());
    }

    void aDeletedReplicaEndsItWithAReason_data() {
        QTest::addColumn<bool>("table");
        QTest::newRow("stream") << false;
        QTest::newRow("table") << true;
    }
    void aDeletedReplicaEndsItWithAReason() {
        QFETCH(bool, table);
        World world;
        const std::string path = table ? World::kTable : World::kStream;
        if (table) world.makeTable(64);
        if (!table) world.fill(64);
        QVERIFY_OK(world.setUp(Json::object(), path));
        QVERIFY(world.run(60'000, [&] { return world.replica(path)->copyPercent >= 20; }));
        QVERIFY_OK(world.asked(1, table ? TableMethod::DropTable : StreamMethod::Drop, {{"path", World::kCopy}}));
        QVERIFY(world.until(ReplicaState::Unexpected, path));
        QVERIFY(world.row(path).contains("error"));
        QCOMPARE(world.row(path)["error"]["code"].get<std::string>(), std::string(kErrReplicaDeleted));
        QVERIFY(world.run(10'000, [&] { return world.alarmed(); }));
        world.again(0);  // and it stays so
        world.pass(5'000);
        QCOMPARE(world.row(path)["error"]["code"].get<std::string>(), std::string(kErrReplicaDeleted));
    }

    void whatLiesThereAlreadyIsNotTouched() {
        World world;
        world.fill(3);
        QVERIFY_OK(world.asked(1, StreamMethod::Create, {{"path", World::kCopy}}));
        QVERIFY_OK(world.setUp());
        QVERIFY(world.until(ReplicaState::Unexpected));
        QVERIFY(world.row()["error"]["message"].get<std::string>().find("File exists") != std::string::npos);
        QVERIFY(world.node(1).catalog().byPath(World::kCopy)->upstreams.empty());
    }

    void anExistingReplicaIsFilledWhereItWasAskedFor() {
        World world;
        world.makeTable(20);
        QVERIFY_OK(world.asked(1, TableMethod::CreateTable, {{"path", World::kCopy}, {"families", {{{"name", "f"}}}}}));
        const std::string uuid = world.node(1).catalog().byPath(World::kCopy)->uuid.text();
        QVERIFY_OK(world.asked(0, TableMethod::AddReplica,
                               {{"path", World::kTable},
                                {"replica", World::kCopy},
                                {"cluster", "c1"},
                                {"uuid", uuid},
                                {"autosetup", {{"existing", true}}}}));
        QVERIFY(world.isSetUp(World::kTable));
        QCOMPARE(world.rows(1, World::kCopy), 20U);
    }

    void aReplicaThatGreetsAndRefusesEveryRowIsTrouble() {
        World world;
        world.makeTable(20);
        QVERIFY_OK(addExistingWithout(world));
        QVERIFY(world.run(10'000, [&] { return world.alarmed(); }));
        const auto failures = [&] { return world.host(0).faults().reach().at("setup-failed"); };
        const auto before = failures();
        world.pass(10'000);
        // The back-off grows to 5 s, of which up to half is jitter, and is not its first (100 ms) each time.
        QVERIFY2(failures() - before <= 12, fmt::format("{} tries", failures() - before).c_str());
        QVERIFY(world.alarmed());
        QCOMPARE(world.state(World::kTable), ReplicaState::CopyInRecover);
        QVERIFY(!world.row(World::kTable)["error"].is_null());
        QVERIFY_OK(world.asked(1, TableMethod::CreateFamily, {{"path", World::kCopy}, {"name", "f"}}));
        QVERIFY(world.isSetUp(World::kTable));
        QVERIFY(world.run(10'000, [&] { return !world.alarmed(); }));
        QCOMPARE(world.rows(1, World::kCopy), 20U);
    }
    void aGreetingThatClearsTheTroubleIsFound() {
        World world;
        world.makeTable(20);
        world.host(0).faults().arm("bug-setup-greeting-clears");
        QVERIFY_OK(addExistingWithout(world));
        QVERIFY(!world.run(20'000, [&] { return world.alarmed(); }));
    }

    void aTableInBulkLoadIsWaitedFor() {
        World world;
        world.makeTable(3);
        QVERIFY_OK(world.asked(
            0, TableMethod::CreateTable,
            {{"path", "/mapr/c0/bulk"}, {"attributes", {{"bulkload", "true"}}}, {"families", {{{"name", "f"}}}}}));
        const auto added = world.asked(
            0, TableMethod::AddReplica,
            {{"path", "/mapr/c0/bulk"}, {"replica", World::kCopy}, {"cluster", "c1"}, {"autosetup", Json::object()}});
        QVERIFY_OK(added);
        world.pass(5'000);
        QCOMPARE(world.state("/mapr/c0/bulk"), ReplicaState::WaitTillBulkload);
        QVERIFY_OK(world.asked(
            0, TableMethod::AlterTable,
            {{"path", "/mapr/c0/bulk"}, {"attributes", {{"bulkload", "false"}}}, {"perms", Json::object()}}));
        QVERIFY(world.isSetUp("/mapr/c0/bulk"));
    }

    void copiesWaitForTheirTurn() {
        World world;
        world.makeTable(30);
        QVERIFY(addFour(world));
        QVERIFY(world.run(60'000, [&] {
            return countOf(world, ReplicaState::CopyInProgress) == 2 && countOf(world, ReplicaState::CopySchedule) == 2;
        }));
        QVERIFY(world.run(240'000, [&] { return countOf(world, ReplicaState::Replicating) == 4; }));
    }

    void whoeverWaitsForItsTurnHasNoErrorLeft() {
        World world;
        world.makeTable(40);
        QVERIFY(addFour(world));
        QVERIFY(world.run(60'000, [&] { return countOf(world, ReplicaState::CopyInProgress) == 2; }));
        world.cut(true);
        QVERIFY(world.run(120'000, [&] { return countOf(world, ReplicaState::CopyInRecover) >= 2; }));
        world.cut(false);
        // Two copy; the others wait, and for nothing else.
        QVERIFY(world.run(60'000, [&] {
            return countOf(world, ReplicaState::CopyInProgress) == 2 && countOf(world, ReplicaState::CopySchedule) == 2;
        }));
        const auto list = world.asked(0, TableMethod::ListReplicas, {{"path", World::kTable}, {"refresh", true}});
        QVERIFY_OK(list);
        for (const Json& row : list.value()["replicas"]) {
            QVERIFY2(row["state"] != "REPLICA_STATE_COPY_SCHEDULE" || !row.contains("error") || row["error"].is_null(),
                     row.dump().c_str());
        }
        QVERIFY(world.run(240'000, [&] { return countOf(world, ReplicaState::Replicating) == 4; }));
        QVERIFY(world.run(10'000, [&] { return !world.alarmed(); }));
    }
};
TRIBUTARY_TEST(SetupsTest)
#include "tst_setups.moc"
