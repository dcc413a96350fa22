// A link in virtual time: what ends its errors, what slow lines and refused payloads cost, what dropped families leave.
#include "linkworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using tributary::test::LinkWorld;

namespace {

constexpr std::size_t kMega = 1U << 20U;

/// Puts about `bytes` in rows of 20 kB that do not compress.
void backlog(LinkWorld& world, std::size_t bytes) {
    std::string value(20'000, '\0');
    std::uint32_t state = 1;
    for (std::size_t sent = 0; sent < bytes; sent += value.size()) {
        for (char& c : value) c = static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U);
        QVERIFY_OK(world.put(0, fmt::format("row{:06}", sent), value));
    }
}

}  // namespace

class TestLink : public QObject {
    Q_OBJECT
private slots:
    void refusedPayloadKeepsErrorAlarmAndBackOff() {
        LinkWorld world;
        world.connect();
        world.createFamily(0, "notes");
        QVERIFY(world.run(5'000, [&] { return world.caughtUp(); }));
        QVERIFY_OK(world.put(0, "k", "v", "notes"));
        backlog(world, 10 * kMega);
        world.forgetTraffic();
        world.run(60'000);
        const LinkStatus status = world.link();
        QCOMPARE(status.errorCode, std::string("ErrColumnFamilyMissing"));
        QCOMPARE(QString::fromLatin1(linkStateName(status.state).data()), QStringLiteral("backing-off"));
        QVERIFY(status.errorForMs >= 60'000);
        QVERIFY(status.errorSinceMs > 0);
        QVERIFY2(status.errorLsn > 0 && status.errorMessage.find(fmt::format("entry {} ", status.errorLsn)) == 0,
                 status.errorMessage.c_str());
        QVERIFY(status.bytesPending >= 10 * kMega);
        QVERIFY2(world.alarms(0).find("TABLE_REPL_ERROR") != std::string::npos, world.alarms(0).c_str());
        // Probes, further and further apart, of one payload each: not a storm of sessions, not the backlog again.
        QVERIFY2(world.sessions() <= 30, std::to_string(world.sessions()).c_str());
        QVERIFY2(world.bytesSent() < 50'000, std::to_string(world.bytesSent()).c_str());
        // It goes on by itself once the cause is gone.
        world.createFamily(1, "notes");
        QVERIFY(world.run(20'000, [&] { return world.caughtUp(); }));
        QVERIFY(world.link().errorCode.empty());
        QCOMPARE(world.get(1, "k"), std::string("v"));
        world.run(1'000);
        QCOMPARE(world.alarms(0), std::string());
        QVERIFY2(world.bytesSent() < 11.5 * kMega, std::to_string(world.bytesSent()).c_str());
    }
    void fullDiskOfTheReplicaIsTroubleUntilItHasSpace() {
        LinkWorld world;
        world.connect();
        QVERIFY_OK(world.put(0, "k0", "v"));
        QVERIFY(world.run(5'000, [&] { return world.caughtUp(); }));
        CrashDisk& disk = world.world().host(1).disk();
        disk.setCapacityBytes(disk.usedBytes());
        backlog(world, 5 * kMega);
        world.run(60'000);
        QCOMPARE(world.link().errorCode, std::string("ErrDiskFull"));
        QVERIFY2(world.alarms(0).find("TABLE_REPL_ERROR") != std::string::npos, world.alarms(0).c_str());
        world.forgetTraffic();
        world.run(60'000);
        QVERIFY2(world.sessions() <= 30, std::to_string(world.sessions()).c_str());
        QVERIFY2(world.bytesSent() < kMega, std::to_string(world.bytesSent()).c_str());
        disk.setCapacityBytes(UINT64_MAX);
        QVERIFY(world.run(20'000, [&] { return world.caughtUp() && world.link().errorCode.empty(); }));
    }
    void greetingAloneEndsTroubleOnlyWhenNothingWaits() {
        LinkWorld world;
        world.connect();
        QVERIFY(world.run(5'000, [&] { return world.link().state == LinkState::Streaming; }));
        QVERIFY_OK(world.node(1).gateways().stop("gw-1"));
        QVERIFY(world.run(5'000, [&] { return world.link().errorCode == "ErrAllGatewaysUnreachable"; }));
        QVERIFY_OK(world.node(1).gateways().start("gw-1"));
        QVERIFY(world.run(15'000, [&] { return world.link().errorCode.empty(); }));
        QVERIFY(world.link().state == LinkState::Streaming);
    }
    void linkThatIsMadeAgainStartsWithoutAnError() {
        LinkWorld world;
        world.connect();
        // Each session of the first link is one that the second knows nothing of.
        for (const bool paused : {true, false, true, false}) {
            QVERIFY_OK(world.editReplica([&](ReplicaRecord& replica) { replica.paused = paused; }));
            QVERIFY(world.run(5'000, [&] { return world.link().state != LinkState::Connecting; }));
        }
        QVERIFY_OK(world.edit(0, [](maprdb::TableRecord& table) { table.replicas.clear(); }));
        world.run(100);
        QVERIFY_OK(world.edit(0, [](maprdb::TableRecord& table) {
            ReplicaRecord record;
            record.idx = table.nextEdgeIdx++;
            record.cluster = "c1";
            record.path = LinkWorld::path(1);
            record.uuid = LinkWorld::uuid(1);
            record.compression = "off";
            table.replicas.push_back(std::move(record));
        }));
        bool erred = false;
        QVERIFY(world.run(5'000, [&] {
            erred = erred || !world.link().errorCode.empty();
            return world.link().state == LinkState::Streaming;
        }));
        QVERIFY2(!erred, world.link().errorMessage.c_str());
    }
    void stoppedGatewayIsNoErrorWhileAnotherRuns() {
        LinkWorld world([](NodeConfig& config) {
            const int host = config.cluster == "c1" ? 1 : 0;
            config.gateways.push_back({fmt::format("gw-{}b", host), {"127.0.0.1", LinkWorld::door(host, 2), {}, {}}});
            config.resolve = [](const std::string& cluster, const std::vector<std::string>&) {
                const int to = cluster == "c1" ? 1 : 0;
                return std::vector<Endpoint>{{"127.0.0.1", LinkWorld::door(to, 1), {}, cluster},
                                             {"127.0.0.1", LinkWorld::door(to, 2), {}, cluster}};
            };
        });
        world.connect();
        QVERIFY(world.run(5'000, [&] { return world.link().state == LinkState::Streaming; }));
        bool erred = false;
        const auto watch = [&] { return erred = erred || !world.link().errorCode.empty(); };
        world.run(1'500, watch);
        QVERIFY_OK(world.node(1).gateways().stop("gw-1"));
        world.run(500, watch);
        QVERIFY2(!erred, world.link().errorMessage.c_str());
        QVERIFY(world.link().state == LinkState::Streaming);
        QVERIFY_OK(world.put(0, "k", "v"));
        QVERIFY(world.run(5'000, [&] { return world.get(1, "k") == "v"; }));
        // The last one: that is an error.
        QVERIFY_OK(world.node(1).gateways().stop("gw-1b"));
        QVERIFY(world.run(5'000, [&] { return !world.link().errorCode.empty(); }));
    }
    void encryptedLinkSendsNothingThroughAPlainDoor_data() {
        QTest::addColumn<QString>("bug");
        QTest::addColumn<bool>("isSent");
        QTest::newRow("it waits, and says for what") << "" << false;
        QTest::newRow("seeded bug: the flag means nothing") << "bug-encryption-ignored" << true;
    }
    void encryptedLinkSendsNothingThroughAPlainDoor() {
        QFETCH(const QString, bug);
        QFETCH(const bool, isSent);
        LinkWorld world;
        if (!bug.isEmpty()) world.world().host(0).faults().arm(bug.toStdString());
        world.connect([](ReplicaRecord& replica) { replica.networkEncryption = true; });
        QVERIFY_OK(world.put(0, "k", "secret"));
        QCOMPARE(world.run(20'000, [&] { return !world.get(1, "k").empty(); }), isSent);
        if (isSent) return;
        const std::string said = world.link().errorMessage;
        QVERIFY2(said.find("the doors of cluster c1 speak no TLS") != std::string::npos, said.c_str());
    }
    void slowLineCarriesTheBacklogAtItsSpeed_data() {
        QTest::addColumn<int>("bytesPerS");
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("rowBytes");
        QTest::newRow("5 MB at 50 kB/s") << 50'000 << 250 << 20'000;
        QTest::newRow("5 MB at 100 kB/s") << 100'000 << 250 << 20'000;
        QTest::newRow("small rows at 50 kB/s") << 50'000 << 1'000 << 500;
        QTest::newRow("one row of 10 MB at 1 MB/s") << 1'000'000 << 1 << 10'000'000;
        QTest::newRow("one row of 10 MB at 50 kB/s") << 50'000 << 1 << 10'000'000;
    }
    void slowLineCarriesTheBacklogAtItsSpeed() {
        QFETCH(const int, bytesPerS);
        QFETCH(const int, rows);
        QFETCH(const int, rowBytes);
        LinkWorld world;
        world.connect([](ReplicaRecord& replica) { replica.paused = true; });
        for (int i = 0; i < rows; ++i) {
            QVERIFY_OK(world.put(0, fmt::format("row{:06}", i), std::string(static_cast<std::size_t>(rowBytes), 'x')));
        }
        world.setBytesPerS(static_cast<std::uint64_t>(bytesPerS));
        world.forgetTraffic();
        const std::uint64_t due = world.link().bytesPending;
        const Micros from = world.nowUs();
        QVERIFY_OK(world.editReplica([](ReplicaRecord& replica) { replica.paused = false; }));
        QVERIFY(world.run(1'000'000, [&] { return world.caughtUp(); }));
        const double seconds = static_cast<double>(world.nowUs() - from) / 1e6;
        const double ideal = static_cast<double>(due) / bytesPerS;
        QVERIFY2(seconds < 1.3 * ideal + 1, fmt::format("{:.1f} s, {:.1f} s at best", seconds, ideal).c_str());
        QVERIFY2(static_cast<double>(world.bytesSent()) < 1.1 * static_cast<double>(due) + 10'000,
                 fmt::format("{} bytes sent, {} due", world.bytesSent(), due).c_str());
        QCOMPARE(world.sessions(), std::size_t{1});
        qInfo("%s: %.1f s, %.2f of the bandwidth's time; sent %.3f of the backlog", QTest::currentDataTag(), seconds,
              seconds / ideal, static_cast<double>(world.bytesSent()) / static_cast<double>(due));
    }
    void slowLineSaysWhyNothingIsAcknowledged() {
        LinkWorld world;
        world.connect();
        QVERIFY(world.run(5'000, [&] { return world.link().state == LinkState::Streaming; }));
        world.setBytesPerS(50'000);
        QVERIFY_OK(world.put(0, "k", std::string(4 * kMega, 'x')));
        world.run(20'000);
        const LinkStatus status = world.link();
        QVERIFY(status.state == LinkState::Streaming);
        QVERIFY(status.errorCode.empty());
        QVERIFY(status.stallForMs > 10'000);
        QVERIFY2(status.stallReason.find("wait for the line") != std::string::npos, status.stallReason.c_str());
    }
    void deadLineIsStillNoticed() {
        LinkWorld world;
        world.connect();
        QVERIFY_OK(world.put(0, "k0", "v"));
        QVERIFY(world.run(5'000, [&] { return world.caughtUp(); }));
        world.world().network().cut(0, 1, true);
        world.world().network().cut(1, 0, true);
        QVERIFY_OK(world.put(0, "k1", "v"));
        QVERIFY(world.run(8'000, [&] { return !world.link().errorCode.empty(); }));
        world.world().network().healAll();
        QVERIFY(world.run(20'000, [&] { return world.caughtUp() && world.link().errorCode.empty(); }));
    }
    void manyRowsThatPassNothingCostFewEntries() {
        LinkWorld world;
        world.connect([](ReplicaRecord& replica) { replica.projection = "b"; });
        const Lsn before = world.node(1).log().headLsn();
        const auto putMany = [&] {
            for (int i = 0; i < 2'000; ++i) QVERIFY_OK(world.put(0, fmt::format("row{:06}", i), "v"));
        };
        const Micros from = world.nowUs();
        putMany();
        QVERIFY(world.run(10'000, [&] { return world.caughtUp(); }));
        // One for each tenth of a second that it took, about, and none for each row.
        const auto tenths = static_cast<Lsn>((world.nowUs() - from) / 100'000);
        const Lsn live = world.node(1).log().headLsn() - before;
        QVERIFY2(live >= 1 && live <= tenths + 2, fmt::format("{} entries in {} tenths", live, tenths).c_str());
        QVERIFY_OK(world.editReplica([](ReplicaRecord& replica) { replica.paused = true; }));
        putMany();
        QVERIFY_OK(world.editReplica([](ReplicaRecord& replica) { replica.paused = false; }));
        QVERIFY(world.run(10'000, [&] { return world.caughtUp(); }));
        const Lsn backlog = world.node(1).log().headLsn() - before - live;
        QVERIFY2(backlog >= 1 && backlog <= 4, std::to_string(backlog).c_str());
        // What was told survives the end of the process and of its power.
        world.world().host(1).powerCut(world.world().splitSeed());
        QVERIFY_OK(world.world().host(1).start());
        const Lane lane{LinkWorld::uuid(0), world.node(0).incarnation(), "b"};
        QVERIFY(world.node(1)
                    .dataset(world.record(1).id)
                    ->durable.coversRange(maprdb::columnProjections(), lane, 1, 4'000));
    }
    void entriesOfADroppedFamilyArePassedOver() {
        LinkWorld world;
        for (const int host : {0, 1}) world.createFamily(host, "notes");
        world.connect([](ReplicaRecord& replica) { replica.paused = true; });
        QVERIFY_OK(world.put(0, "only", "old", "notes"));
        Bytes mutations;
        maprdb::MutationBuilder builder(mutations);
        builder.put("mixed", {0, "v", "kept", {}});
        builder.put("mixed2", {1, "v", "old", {}});
        QVERIFY_OK(world.putBody(0, maprdb::encodeBody({"a", "notes"}, mutations)));
        QVERIFY_OK(world.put(0, "after", "v"));
        for (const int host : {0, 1}) world.dropFamily(host, "notes");
        QVERIFY_OK(world.editReplica([](ReplicaRecord& replica) { replica.paused = false; }));
        QVERIFY(world.run(10'000, [&] { return world.caughtUp() && world.link().errorCode.empty(); }));
        QCOMPARE(world.get(1, "mixed"), std::string("kept"));
        QCOMPARE(world.get(1, "after"), std::string("v"));
        // Their positions were told: nothing is owed.
        const Lane lane{LinkWorld::uuid(0), world.node(0).incarnation(), {}};
        QVERIFY(
            world.node(1).dataset(world.record(1).id)->durable.coversRange(maprdb::columnProjections(), lane, 1, 3));
        QCOMPARE(world.link().bytesPending, std::uint64_t{0});
    }
    void familyMadeAnewDoesNotBringOldDataBack() {
        LinkWorld world;
        for (const int host : {0, 1}) world.createFamily(host, "notes");
        world.connect([](ReplicaRecord& replica) { replica.paused = true; });
        QVERIFY_OK(world.put(0, "old", "old", "notes"));
        for (const int host : {0, 1}) {
            world.dropFamily(host, "notes");
            world.createFamily(host, "notes");
        }
        QVERIFY_OK(world.put(0, "new", "new", "notes"));
        QVERIFY_OK(world.editReplica([](ReplicaRecord& replica) { replica.paused = false; }));
        QVERIFY(world.run(10'000, [&] { return world.caughtUp(); }));
        for (const int host : {0, 1}) {
            QCOMPARE(world.get(host, "old"), std::string());
            QCOMPARE(world.get(host, "new"), std::string("new"));
        }
    }
    void clockFarAheadHoldsItsLinkUntilTimeHasCaughtUp() {
        LinkWorld world;
        world.connect();
        world.world().host(0).clock().setSkewMs(200'000);
        QVERIFY_OK(world.put(0, "k", "ahead"));
        QVERIFY_OK(world.put(0, "k2", "ahead"));
        world.run(5'000);
        const LinkStatus held = world.link();
        QCOMPARE(held.errorCode, std::string("ErrClockSkew"));
        QVERIFY2(
            held.errorLsn > 0 && held.errorMessage.find(" s ahead of the clock of cluster c1") != std::string::npos,
            held.errorMessage.c_str());
        QCOMPARE(held.operationsPending, std::uint64_t{2});
        const std::string alarm = alarmText(world, 1, kAlarmClockDrift);
        QVERIFY2(alarm.find("c0 (/mapr/c0/t)") == 0 && alarm.find(" 200 s ahead") != std::string::npos, alarm.c_str());
        QVERIFY(!alarmText(world, 0, kAlarmReplicationError).empty());
        // What is written here meanwhile is seen here, and so are deletes.
        QVERIFY_OK(world.put(1, "k", "mine"));
        QCOMPARE(world.get(1, "k"), std::string("mine"));
        world.world().host(0).clock().setSkewMs(0);
        world.run(120'000);
        QCOMPARE(world.link().errorCode, std::string("ErrClockSkew"));
        QVERIFY(world.run(30'000, [&] { return world.caughtUp() && world.link().errorCode.empty(); }));
        world.run(1'000);
        QCOMPARE(world.alarms(0) + world.alarms(1), std::string());
        QCOMPARE(world.get(1, "k"), std::string("ahead"));
        QVERIFY_OK(world.put(1, "k", "later"));
        QCOMPARE(world.get(1, "k"), std::string("later"));
    }
    void administratorLetsInWhatIsHeld() {
        LinkWorld world;
        world.connect();
        world.world().host(0).clock().setSkewMs(3'600'000);
        for (int i = 0; i < 20; ++i) QVERIFY_OK(world.put(0, fmt::format("k{}", i), "ahead"));
        QVERIFY(world.run(5'000, [&] { return world.link().errorCode == "ErrClockSkew"; }));
        world.run(20'000);
        world.node(1).letInHeldClocks();
        QVERIFY(world.run(10'000, [&] { return world.caughtUp() && world.link().errorCode.empty(); }));
        world.run(1'000);
        QCOMPARE(world.alarms(1), std::string());
        // The clock here went with it: a later write wins.
        QVERIFY_OK(world.put(1, "k7", "later"));
        QCOMPARE(world.get(1, "k7"), std::string("later"));
        // That was for what had been written: what comes from much later is held again.
        world.run(120'000);
        QVERIFY_OK(world.put(0, "new", "ahead"));
        QVERIFY(world.run(5'000, [&] { return world.link().errorCode == "ErrClockSkew"; }));
    }
    void linkThatLagsTowardsDeletettlIsToldBeforeAndRememberedAfter() {
        LinkWorld world;
        world.connect([](ReplicaRecord& replica) { replica.paused = true; });
        QVERIFY_OK(world.edit(0, [](maprdb::TableRecord& table) { table.attributes["deletettl"] = "100"; }));
        world.run(200'000);
        QCOMPARE(alarmText(world, 0, kAlarmReplicationError), std::string());  // nothing waits
        QVERIFY_OK(world.put(0, "k", "v"));
        world.run(79'000);
        QCOMPARE(alarmText(world, 0, kAlarmReplicationError), std::string());
        world.run(2'000);
        const std::string near = alarmText(world, 0, kAlarmReplicationError);
        QVERIFY2(near.find("let it through within 1") != std::string::npos, near.c_str());
        // In time: nothing has happened.
        QVERIFY_OK(world.editReplica([](ReplicaRecord& replica) { replica.paused = false; }));
        QVERIFY(world.run(5'000, [&] { return world.caughtUp(); }));
        world.run(1'000);
        QCOMPARE(world.alarms(0), std::string());
        QCOMPARE(world.record(0).replicas.front().divergedMs, Millis{0});
        // Too late: it stays, whatever arrives afterwards, and whoever dies.
        QVERIFY_OK(world.editReplica([](ReplicaRecord& replica) { replica.paused = true; }));
        QVERIFY_OK(world.put(0, "k", "v2"));
        world.run(102'000);
        QVERIFY(world.record(0).replicas.front().divergedMs > 0);
        QVERIFY_OK(world.editReplica([](ReplicaRecord& replica) { replica.paused = false; }));
        QVERIFY(world.run(5'000, [&] { return world.caughtUp(); }));
        world.world().host(0).powerCut(world.world().splitSeed());
        QVERIFY_OK(world.world().host(0).start());
        world.run(2'000);
        const std::string after = alarmText(world, 0, kAlarmReplicationError);
        QVERIFY2(after.find("diverged possible") != std::string::npos, after.c_str());
        world.node(0).forgetDivergence("/mapr/c1/t");
        world.run(1'000);
        QVERIFY(!alarmText(world, 0, kAlarmReplicationError).empty());
        world.node(0).forgetDivergence(LinkWorld::path(0));
        world.run(1'000);
        QCOMPARE(world.alarms(0), std::string());
    }
    void linkThatFellBackStaysSoThroughAnUnrelatedEdit() {
        LinkWorld world;
        world.connect([](ReplicaRecord& replica) { replica.synchronous = true; });
        QVERIFY_OK(world.put(0, "k0", "v"));
        QVERIFY(world.run(5'000, [&] { return world.caughtUp() && world.link().synchronousNow; }));
        // It answers later than a synchronous link may, and lives.
        PathRule slow = world.world().network().rule(1, 0);
        slow.latencyUs = 2'600'000;
        world.world().network().setRule(1, 0, slow);
        QVERIFY_OK(world.put(0, "k1", "v"));
        QVERIFY(world.run(10'000, [&] { return !world.link().synchronousNow; }));
        QVERIFY_OK(world.put(0, "k2", "v"));
        QVERIFY_OK(world.editReplica([](ReplicaRecord& replica) { replica.throttle = true; }));
        QVERIFY(!world.link().synchronousNow);
        const Micros from = world.nowUs();
        QVERIFY_OK(world.put(0, "k3", "v"));
        QVERIFY(world.nowUs() - from < 500'000);
        world.world().network().healAll();
        QVERIFY(world.run(30'000, [&] { return world.link().synchronousNow; }));
    }

private:
    using PathRule = engine::sim::PathRule;
    static std::string alarmText(LinkWorld& world, int host, std::string_view name) {
        for (const Alarm& alarm : world.node(host).alarms().list()) {
            if (alarm.name == name) return alarm.description;
        }
        return {};
    }
};
TRIBUTARY_TEST(TestLink)
#include "tst_link.moc"
