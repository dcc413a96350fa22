// Rows of streams: keys sort by offset, records are read as they were written, the fold takes the later one.
#include "engine/systems/maprdb/streams/streamrows.h"

#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;

namespace {

const Uuid kOne = Uuid::fromRandom(1, 1);
const Uuid kTwo = Uuid::fromRandom(2, 2);

PartitionState somePartition() {
    PartitionState state;
    state.version = 7;
    state.next = 300;
    state.bytes = 12'345;
    state.newest = stampFromMs(1'000);
    state.spans = {{0, 100, kOne}, {100, 300, kTwo}};
    state.clashes = {{kTwo, kOne, 10, 3}};
    return state;
}

Bytes batchAt(Millis ms) {
    Bytes list;
    appendMessage(list, {{}, "v", 0, {}});
    return encodeBatch({stampFromMs(ms), kOne, "t", 0, 1, 5, 1, list});
}

FoldContext keeping(Millis ttlMs, Millis nowMs) {
    FoldContext context;
    context.rules = std::make_shared<const StreamRules>(ttlMs);
    context.nowMs = nowMs;
    return context;
}

}  // namespace

class StreamRowsTest : public QObject {
    Q_OBJECT
private slots:
    void keysSortByOffset() {
        const PartitionKey at{"t", 0, 1};
        QVERIFY(batchKey(at, 255) < batchKey(at, 256));
        QVERIFY(batchKey(at, UINT64_MAX) < batchKey({"t", 0, 2}, 0));
        QVERIFY(batchKey({"t", 0, 5}, 0) < batchKey({"t", 1, 0}, 0));
        const CursorPlace place = cursorPlaceOf(cursorKey("readers", "t", 300)).value();
        QCOMPARE(place.group, std::string("readers"));
        QCOMPARE(place.topic, std::string("t"));
        QCOMPARE(place.partition, 300U);
        QCOMPARE(topicOfKey(topicKey("clicks")), std::string("clicks"));
        QCOMPARE(behindPrefix(Bytes("a\xff")), Bytes("b"));
    }
    void recordsAreReadAsTheyWereWritten() {
        const PartitionState state = partitionFrom(encodeRecord(somePartition())).value();
        QCOMPARE(state.next, std::uint64_t{300});
        QCOMPARE(state.spans.size(), std::size_t{2});
        QVERIFY(state.spans[1].origin == kTwo && state.clashes[0].holder == kOne);
        const TopicState topic = topicFrom(encodeRecord(TopicState{3, true, 2, 9})).value();
        QVERIFY(topic.live && topic.epoch == 2 && topic.partitions == 9);
        QCOMPARE(*cursorFrom(encodeRecord(CursorState{1, 5, 77})).value().offset, std::uint64_t{77});
        QVERIFY(!topicFrom(encodeRecord(somePartition())).ok());
    }
    void damagedRecordsAreRefused() {
        test::Mutator mutator(3);
        const Bytes good = encodeRecord(somePartition());
        int refused = 0;
        for (int i = 0; i < 20'000; ++i) {
            const auto read = partitionFrom(mutator.damaged(good));
            refused += read ? 0 : 1;
            if (!read) continue;
            // What is taken says the same when it is written and read again.
            const Bytes again = encodeRecord(read.value());
            const auto twice = partitionFrom(again);
            QVERIFY(twice && encodeRecord(twice.value()) == again);
        }
        QVERIFY2(refused > 2'000, std::to_string(refused).c_str());
    }
    void theFoldTakesTheLaterRecordInAnyOrder() {
        const auto folder = makeStreamRowFormat()->makeFolder();
        const Bytes old = encodeRecord(TopicState{1, true, 0, 300});
        const Bytes fresh = encodeRecord(TopicState{2, false, 1, 0});
        for (const auto& [first, second] : {std::pair{old, fresh}, {fresh, old}, {fresh, fresh}}) {
            folder->reset();
            QVERIFY(folder->addRecord(first) && folder->addRecord(second));
            QVERIFY(folder->finish(FoldMode::Keep) == BytesView(fresh));
        }
        QVERIFY(!folder->addRecord("x"));
    }
    void aBatchStandsInTheBodyOnce() {
        const Bytes batch = batchAt(1'000);
        Bytes effect;
        appendRow(effect, "t1", encodeRecord(TopicState{1, true, 0, 1}));
        appendBatchRow(effect, "m1", batch.size() + 3, batch.size());
        const auto hold = std::make_shared<const Bytes>(effect + "before" + batch + "end");
        EntryRef entry;
        entry.hold = hold;
        entry.mutations = BytesView(*hold).substr(0, effect.size());
        QCOMPARE(makeStreamRowFormat()->check(entry).value(), 2U);
        const char* next = nullptr;
        const char* end = entry.mutations.data() + entry.mutations.size();
        QCOMPARE(Bytes(makeStreamRowFormat()->keyAt(entry.mutations.data(), end, next)), Bytes("t1"));
        const auto folder = makeStreamRowFormat()->makeFolder();
        folder->reset();
        folder->addOperation(next, entry);
        QVERIFY(batchFrom(folder->finish(FoldMode::Keep)).value() == BytesView(batch));
        Bytes wrong;
        appendBatchRow(wrong, "m1", 1'000'000, 5);  // before the entry's first byte
        entry.mutations = wrong;
        QVERIFY(!makeStreamRowFormat()->check(entry).ok());
    }
    void aBatchIsPurgedWhenItsTimeIsOver() {
        const auto folder = makeStreamRowFormat()->makeFolder();
        const Bytes record = batchRecord(batchAt(1'000));
        folder->setContext(keeping(500, 1'499));
        folder->reset();
        QVERIFY(folder->addRecord(record));
        QVERIFY(!folder->hasPurgeable() && !folder->finish(FoldMode::Purge).empty());
        folder->setContext(keeping(500, 1'500));
        QVERIFY(folder->hasPurgeable() && folder->finish(FoldMode::Purge).empty());
        QVERIFY(!folder->finish(FoldMode::Keep).empty());
        folder->setContext(keeping(0, 1'000'000'000));
        QVERIFY(!folder->hasPurgeable());
    }
};

TRIBUTARY_TEST(StreamRowsTest)
#include "tst_streamrows.moc"
