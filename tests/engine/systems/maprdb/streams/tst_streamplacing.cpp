// Offsets at one cluster: given once, in order, before the entry is logged; what topics and cursors do.
#include "engine/systems/maprdb/streams/streampolicy.h"

#include "streamworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;
using tributary::test::StreamWorld;

namespace {

Bytes topicBody(const std::string& topic, std::uint32_t partitions, TopicChange::Mode mode) {
    Bytes body;
    appendTopic(body, {topic, partitions, mode});
    return body;
}

}  // namespace

class StreamPlacingTest : public QObject {
    Q_OBJECT
private slots:
    void producingAnswersOffsets() {
        StreamWorld world(1);
        QCOMPARE(world.produce(0, "clicks", {"a", "b"}),
                 std::string(R"([{"topic":"clicks","partition":0,"first":0,"count":2}])"));
        QCOMPARE(world.produce(0, "clicks", {"c"}),
                 std::string(R"([{"topic":"clicks","partition":0,"first":2,"count":1}])"));
        QCOMPARE(world.show(0, "clicks"), std::string("0:a 1:b 2:c"));
    }
    void offsetsSeeWhatIsNotPublishedYet() {
        StreamWorld world(1);
        const auto first = world.ask(0, StreamWorld::messages("t", {"a", "b"}));
        const auto second = world.ask(0, StreamWorld::messages("t", {"c"}));
        QVERIFY(!first->has_value() && !second->has_value());
        QVERIFY(world.run(60'000, [&] { return first->has_value() && second->has_value(); }));
        QCOMPARE((*second)->value(), std::string(R"([{"topic":"t","partition":0,"first":2,"count":1}])"));
    }
    void offsetsGoOnAfterAPowerCut() {
        StreamWorld world(1);
        for (int i = 0; i < 20; ++i) QVERIFY(world.produce(0, "t", {"x"}) != "no answer");
        world.host(0).powerCut(world.seed());
        world.start(0);
        QCOMPARE(world.produce(0, "t", {"y"}), std::string(R"([{"topic":"t","partition":0,"first":20,"count":1}])"));
        QVERIFY(world.show(0, "t").ends_with("19:x 20:y"));
    }
    void whatTheDiskRefusedGivesItsOffsetsBack() {
        StreamWorld world(1);
        (void)world.produce(0, "t", {"a"});
        CrashDisk& disk = world.host(0).disk();
        disk.setCapacityBytes(disk.usedBytes());
        const std::string refused = world.produce(0, "t", {Bytes(1U << 20U, 'x')});
        QVERIFY2(refused.find("first") == std::string::npos, refused.c_str());
        disk.setCapacityBytes(UINT64_MAX);
        QVERIFY(world.run(60'000, [&] {
            return world.produce(0, "t", {"b"}) == R"([{"topic":"t","partition":0,"first":1,"count":1}])";
        }));
        QCOMPARE(world.show(0, "t"), std::string("0:a 1:b"));
    }
    void aKeyStaysInItsPartition() {
        StreamWorld world(1);
        (void)world.put(0, topicBody("t", 16, TopicChange::Mode::Create));
        std::set<std::string> replies;
        for (const char* key : {"ana", "ben", "cleo", "dora"}) {
            Bytes list;
            appendMessage(list, {key, "v", 0, {}});
            Bytes body;
            appendPart(body, StreamPart::Produce, encodeProduce({"t", {}, 1, list}));
            const auto placed = Json::parse(world.put(0, body));
            QCOMPARE(placed[0]["partition"].get<std::uint32_t>(), partitionOfKey(key, 16));
            QCOMPARE(Json::parse(world.put(0, body))[0]["first"].get<int>(), placed[0]["first"].get<int>() + 1);
            replies.insert(placed[0]["partition"].dump());
        }
        QVERIFY(replies.size() > 1);
        QCOMPARE(partitionOfKey("ana", 16), 12U);  // the same for ever: consumers keep state by partition
    }
    void topicsAreMadeGrownAndDropped() {
        StreamWorld world(1);
        QCOMPARE(world.put(0, topicBody("t", 2, TopicChange::Mode::Create)), std::string("[]"));
        QCOMPARE(world.put(0, topicBody("t", 2, TopicChange::Mode::Create)), std::string("topic t: File exists"));
        QCOMPARE(world.put(0, topicBody("t", 1, TopicChange::Mode::Grow)),
                 std::string("topic t has 2 partitions: they may only become more"));
        QCOMPARE(world.put(0, StreamWorld::messages("t", {"x"}, 4)),
                 std::string("topic t has no partition 4: it has 2"));
        QCOMPARE(world.put(0, topicBody("t", 5, TopicChange::Mode::Grow)), std::string("[]"));
        QVERIFY(world.put(0, StreamWorld::messages("t", {"x"}, 4)).find("\"first\":0") != std::string::npos);
        (void)world.produce(0, "t", {"old"});
        QCOMPARE(world.put(0, topicBody("t", 0, TopicChange::Mode::Drop)), std::string("[]"));
        QCOMPARE(world.put(0, topicBody("t", 0, TopicChange::Mode::Drop)), std::string("the stream has no topic t"));
        (void)world.produce(0, "t", {"new"});
        QCOMPARE(world.show(0, "t"), std::string("0:new"));
    }
    void autocreateCanBeOff() {
        StreamWorld world(1);
        world.attributes(0, {{"autocreate", "false"}});
        QCOMPARE(world.produce(0, "t", {"a"}), std::string("the stream has no topic t"));
        world.attributes(0, {{"defaultpartitions", "3"}});
        QVERIFY(world.put(0, StreamWorld::messages("t", {"a"}, 2)).find("\"partition\":2") != std::string::npos);
    }
    void aCursorIsTheLastWord() {
        StreamWorld world(1);
        (void)world.produce(0, "t", {"a", "b"});
        (void)world.put(0, StreamWorld::cursor("readers", "t", 2));
        (void)world.put(0, StreamWorld::cursor("readers", "t", 1));  // gone back on purpose
        QCOMPARE(world.cursorAt(0, "readers", "t"), std::optional<std::uint64_t>(1));
        // Of two in one body, of one instant, the one that is further.
        Bytes both = StreamWorld::cursor("readers", "t", 255);
        both += StreamWorld::cursor("readers", "t", 200);
        (void)world.put(0, both);
        QCOMPARE(world.cursorAt(0, "readers", "t"), std::optional<std::uint64_t>(255));
        Bytes gone;
        appendCursor(gone, {"readers", "t", 0, {}, 0});
        (void)world.put(0, gone);
        QCOMPARE(world.cursorAt(0, "readers", "t"), std::optional<std::uint64_t>());
    }
    void messagesGoFromTheFrontWhenTheirTimeIsOver() {
        StreamWorld world(1);
        world.attributes(0, {{"ttl", "100"}});
        (void)world.produce(0, "t", {"old"});
        world.pass(60'000);
        (void)world.produce(0, "t", {"young"});
        QCOMPARE(world.show(0, "t"), std::string("0:old 1:young"));
        world.pass(60'000);
        QCOMPARE(world.show(0, "t"), std::string("1:young"));
        world.pass(60'000);
        QCOMPARE(world.produce(0, "t", {"next"}), std::string(R"([{"topic":"t","partition":0,"first":2,"count":1}])"));
    }
    void offsetsAreBroughtByCopiesOnly() {
        StreamWorld world(2);
        (void)world.produce(0, "t", {"a", "b"});
        const Bytes copied = world.batchesOf(0, "t");
        QCOMPARE(world.put(1, copied), std::string("only a copy brings its offsets with it"));
        QCOMPARE(world.put(1, copied, true), std::string("[]"));
        QCOMPARE(world.show(1, "t"), std::string("0:a 1:b"));
        QCOMPARE(world.put(1, copied, true), std::string("[]"));  // known: nothing happens
        QCOMPARE(world.show(1, "t"), std::string("0:a 1:b"));
        QVERIFY(world.partition(1, "t").clashes.empty());
    }
};

TRIBUTARY_TEST(StreamPlacingTest)
#include "tst_streamplacing.moc"
