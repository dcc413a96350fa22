// Streams over links: the same topics, offsets and cursors at the replica; failover; two origins kept apart.
#include "streamworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;
using tributary::test::StreamWorld;

class StreamLinksTest : public QObject {
    Q_OBJECT
private slots:
    void theReplicaHasTheSameTopicsOffsetsAndCursors() {
        StreamWorld world(2);
        world.connect(0, 1);
        (void)world.produce(0, "t", {"a", "b"});
        (void)world.produce(0, "later", {"x"});
        (void)world.produce(0, "t", {"c"});
        (void)world.put(0, StreamWorld::cursor("readers", "t", 2));
        QVERIFY(world.caughtUp(0));
        QCOMPARE(world.show(1, "t"), std::string("0:a 1:b 2:c"));
        QCOMPARE(world.show(1, "later"), std::string("0:x"));
        QCOMPARE(world.cursorAt(1, "readers", "t"), std::optional<std::uint64_t>(2));
        Bytes drop;
        appendTopic(drop, {"later", 0, TopicChange::Mode::Drop});
        QCOMPARE(world.put(0, drop), std::string("[]"));
        QVERIFY(world.caughtUp(0));
        (void)world.produce(0, "later", {"anew"});
        QVERIFY(world.caughtUp(0));
        QCOMPARE(world.show(1, "later"), std::string("0:anew"));
    }
    void aLinkOfAStreamIsShownAsLinksAre() {
        StreamWorld world(2);
        world.connect(0, 1);
        (void)world.produce(0, "t", {"a"});
        QVERIFY(world.caughtUp(0));
        const DatasetRecord& record = world.record(0);
        const LinkStatus status = world.node(0).dataset(record.id)->links.at(record.replicas[0].idx)->status();
        const Json shown = world.node(0).control(record).linkJson({record, record.replicas[0], status, std::nullopt});
        QCOMPARE(shown.at("path").get<std::string>(), StreamWorld::path(1));
        QCOMPARE(shown.at("putspending").get<int>(), 0);
        QVERIFY(!shown.contains("columns"));  // only tables have them
    }
    void gatewaysPublishWhateverProducepermSays() {
        StreamWorld world(2);
        world.edit(1, [&](const Catalog&) {
            DatasetRecord made = world.record(1);
            StreamSchema stream = streamOf(made);
            stream.perms["produceperm"] = stream.perms["copyperm"] = "";
            made.schema = makeStream(std::move(stream));
            return made;
        });
        world.connect(0, 1);
        (void)world.produce(0, "t", {"a"});
        QVERIFY(world.caughtUp(0));
        QCOMPARE(world.show(1, "t"), std::string("0:a"));
        const std::string denied = world.produce(1, "t", {"b"});
        QVERIFY2(denied.starts_with("user ana lacks produceperm"), denied.c_str());
    }
    void whatWasWrittenBeforeTheLinkComesByACopy() {
        StreamWorld world(2);
        (void)world.produce(0, "t", {"a", "b"});
        world.connect(0, 1);
        (void)world.produce(0, "t", {"c"});
        QVERIFY(world.caughtUp(0));
        QCOMPARE(world.show(1, "t"), std::string("2:c"));
        QCOMPARE(world.put(1, world.batchesOf(0, "t"), true), std::string("[]"));
        QCOMPARE(world.show(1, "t"), std::string("0:a 1:b 2:c"));
        QVERIFY(world.partition(1, "t").clashes.empty());
    }
    void aHoleOfALinkWaitsAndACopyFillsIt() {
        StreamWorld world(2);
        world.connect(0, 1);
        (void)world.produce(0, "t", {"a"});
        QVERIFY(world.caughtUp(0));
        world.disconnect(0);
        (void)world.produce(0, "t", {"b"});
        world.connect(0, 1);
        (void)world.produce(0, "t", {"c"});
        QVERIFY(world.run(60'000, [&] { return world.link(0).errorCode == "ErrOffsetGap"; }));
        QCOMPARE(world.show(1, "t"), std::string("0:a"));
        QCOMPARE(world.put(1, world.batchesOf(0, "t"), true), std::string("[]"));
        QVERIFY(world.caughtUp(0));
        QCOMPARE(world.show(1, "t"), std::string("0:a 1:b 2:c"));
    }
    void aReplicaThatGoesOnIsNoConflict() {
        StreamWorld world(3);
        world.connect(0, 1);
        (void)world.produce(0, "t", {"a", "b"});
        QVERIFY(world.caughtUp(0));
        world.host(0).powerCut(world.seed());
        QCOMPARE(world.produce(1, "t", {"c"}), std::string(R"([{"topic":"t","partition":0,"first":2,"count":1}])"));
        QCOMPARE(world.show(1, "t"), std::string("0:a 1:b 2:c"));
        world.connect(1, 2);
        QCOMPARE(world.put(2, world.batchesOf(1, "t"), true), std::string("[]"));
        (void)world.produce(1, "t", {"d"});
        QVERIFY(world.caughtUp(1));
        QCOMPARE(world.show(2, "t"), std::string("0:a 1:b 2:c 3:d"));
        QVERIFY(world.partition(1, "t").clashes.empty() && world.partition(2, "t").clashes.empty());
    }
    void twoOriginsOfATopicAreKeptApartAndTold() {
        StreamWorld world(3);
        world.connect(0, 2);
        world.connect(1, 2);
        (void)world.produce(0, "t", {"a", "b"});
        QVERIFY(world.caughtUp(0));
        (void)world.produce(1, "t", {"x"});
        QVERIFY(world.caughtUp(1));
        QCOMPARE(world.show(2, "t"), std::string("0:a 1:b"));
        QCOMPARE(world.show(2, "t", 'c'), std::string("0:x"));
        const PartitionState state = world.partition(2, "t");
        QCOMPARE(state.clashes.size(), std::size_t{1});
        QVERIFY(state.clashes[0].origin == world.record(1).uuid);
        QVERIFY(state.clashes[0].holder == world.record(0).uuid);
        QCOMPARE(state.clashes[0].messages, std::uint64_t{1});
        (void)world.produce(1, "t", {"y", "z"});  // one of them would be behind the others: apart, too
        QVERIFY(world.caughtUp(1));
        QCOMPARE(world.show(2, "t", 'c'), std::string("0:x 1:y 2:z"));
        QCOMPARE(world.partition(2, "t").clashes[0].messages, std::uint64_t{3});
        (void)world.produce(1, "t", {"w"});  // its offset is free: that it is of the other origin counts
        QVERIFY(world.caughtUp(1));
        world.host(2).powerCut(world.seed());
        world.start(2);
        QCOMPARE(world.show(2, "t"), std::string("0:a 1:b"));
        QCOMPARE(world.show(2, "t", 'c'), std::string("0:x 1:y 2:z 3:w"));
    }
    void offsetsThatAnOriginGaveTwiceAreToldApart() {
        StreamWorld world(2);
        (void)world.produce(0, "t", {"first"});
        QCOMPARE(world.put(1, world.batchesOf(0, "t"), true), std::string("[]"));
        Bytes list;
        appendMessage(list, {{}, "again", 0, {}});
        Bytes again;  // as a volume that was put back writes it
        appendPart(again, StreamPart::Placed,
                   encodeBatch({stampFromMs(5), world.record(0).uuid, "t", 0, 1, 0, 1, list}));
        QCOMPARE(world.put(1, again, true), std::string("[]"));
        QCOMPARE(world.show(1, "t"), std::string("0:first"));
        QCOMPARE(world.show(1, "t", 'c'), std::string("0:again"));
        QVERIFY(world.partition(1, "t").clashes.at(0).holder == world.record(0).uuid);
    }
    void twoMastersKeepTopicsOfTheirOwn() {
        StreamWorld world(2);
        world.connect(0, 1);
        world.connect(1, 0);
        (void)world.produce(0, "t0", {"a"});
        (void)world.produce(1, "t1", {"b"});
        QVERIFY(world.caughtUp(0));
        QVERIFY(world.caughtUp(1));
        for (int host = 0; host < 2; ++host) {
            QCOMPARE(world.show(host, "t0"), std::string("0:a"));
            QCOMPARE(world.show(host, "t1"), std::string("0:b"));
            QVERIFY(world.partition(host, "t0").clashes.empty());
        }
    }
    void nothingIsLostOrDoubledOverPowerCutsOfBothEnds() {
        StreamWorld world(2);
        world.connect(0, 1);
        std::string due;
        for (int i = 0; i < 30; ++i) {
            const std::string placed = world.produce(0, "t", {std::to_string(i)});
            QCOMPARE(Json::parse(placed)[0]["first"].get<int>(), i);
            due += fmt::format("{}{}:{}", due.empty() ? "" : " ", i, i);
            if (i % 5 != 4) continue;
            const int victim = i % 2;
            world.host(victim).powerCut(world.seed());
            world.start(victim);
        }
        QVERIFY(world.caughtUp(0));
        QCOMPARE(world.show(0, "t"), due);
        QCOMPARE(world.show(1, "t"), due);
    }
};

TRIBUTARY_TEST(StreamLinksTest)
#include "tst_streamlinks.moc"
