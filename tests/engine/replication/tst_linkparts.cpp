// The parts of a link by themselves: progress, trouble, pace, batch, throttle, filter, dropped families.
#include <algorithm>

#include "engine/replication/clockwatch.h"
#include "engine/replication/horizon.h"
#include "engine/replication/linkbatch.h"
#include "engine/replication/linkfilter.h"
#include "engine/replication/linkpace.h"
#include "engine/replication/linkprogress.h"
#include "engine/replication/linktrouble.h"
#include "engine/replication/skipentry.h"
#include "engine/replication/skiprun.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "engine/systems/maprdb/tables/tablekind.h"
#include "engine/systems/maprdb/tables/tableprojections.h"
#include "engine/systems/maprdb/tables/tablerecord.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;

namespace {

LogEntry entryAt(Lsn lsn, std::uint32_t operations, std::size_t bytes = 100) {
    LogEntry entry;
    entry.lsn = lsn;
    entry.envelope.operations = operations;
    PayloadHeader header;
    header.sequence = lsn;
    header.stamp = stampFromMs(static_cast<Millis>(1'000 * lsn));
    entry.payload = std::make_shared<const Bytes>(encodePayload(header, Bytes(bytes, '\0')));
    return entry;
}

InFlight inFlight(std::uint64_t sequence, Lsn lsn, std::uint64_t bytes, Millis sentMs = 0) {
    return InFlight{sequence, lsn, bytes, 1, bytes, static_cast<Millis>(1'000 * lsn), sentMs};
}

Bytes payloadOf(const std::vector<std::string>& families, BytesView mutations) {
    PayloadHeader header;
    header.origin = Uuid::fromRandom(1, 2);
    header.incarnation = 1;
    header.sequence = 5;
    header.stamp = stampFromMs(1'000);
    return encodePayload(header, maprdb::encodeBody(families, mutations));
}

maprdb::FamilyRecord family(std::uint32_t id, const std::string& name, Lsn created, Lsn dropped) {
    maprdb::FamilyRecord record;
    record.id = id;
    record.name = name;
    record.createdLsn = created;
    record.droppedLsn = dropped;
    return record;
}

LinkFilter filter(const std::string& columns) {
    return LinkFilter::make(maprdb::columnProjections(), columns).value();
}

std::vector<BytesView> familiesOf(const PayloadView& payload) {
    return maprdb::parseBody(payload.body).value().families;
}

}  // namespace

class TestLinkParts : public QObject {
    Q_OBJECT
private slots:
    void cursorMovesWithDurableAcksOnly() {
        LinkProgress progress({});
        for (Lsn lsn = 1; lsn <= 3; ++lsn) {
            progress.count(entryAt(lsn, 1), 0);
            progress.sent(inFlight(lsn, lsn, 60));
        }
        QVERIFY(progress.acked({2, 0, 0}, {5'000, 10}, false) == AckOutcome::Nothing);
        QCOMPARE(progress.cursorLsn(), Lsn{0});
        QCOMPARE(progress.receivedLsn(), Lsn{2});
        QCOMPARE(progress.unreceivedBytes(), std::uint64_t{60});
        QVERIFY(progress.acked({3, 2, 0}, {6'000, 20}, false) == AckOutcome::Moved);
        QCOMPARE(progress.cursorLsn(), Lsn{2});
        LinkStatus status;
        progress.fill(status, 0);
        QCOMPARE(status.operationsPending, std::uint64_t{1});
        QCOMPARE(status.transportLagMs, Millis{3'000});
        QCOMPARE(status.applyLagMs, Millis{4'000});
        QCOMPARE(progress.inFlightBytes(), std::uint64_t{60});
        QCOMPARE(progress.receivedBytes(), std::uint64_t{180});
    }
    void entriesPassedOverAreReceivedWithTheOneBeforeThem() {
        LinkProgress progress({});
        for (Lsn lsn = 1; lsn <= 3; ++lsn) progress.count(entryAt(lsn, 1), 0);
        progress.sent(inFlight(1, 1, 10));
        InFlight passed;
        passed.lsn = 2;
        passed.operations = 1;
        progress.passOver(passed, true);
        QCOMPARE(progress.receivedLsn(), Lsn{0});
        QVERIFY(progress.acked({1, 0, 0}, {}, false) == AckOutcome::Nothing);
        QCOMPARE(progress.receivedLsn(), Lsn{2});
        passed.lsn = 3;
        progress.passOver(passed, true);
        QCOMPARE(progress.receivedLsn(), Lsn{3});
        QCOMPARE(progress.cursorLsn(), Lsn{0});
        QVERIFY(progress.acked({1, 1, 0}, {}, false) == AckOutcome::Moved);
        QCOMPARE(progress.cursorLsn(), Lsn{3});
        LinkStatus status;
        progress.fill(status, 0);
        QCOMPARE(status.operationsPending, std::uint64_t{0});
    }
    void ackOfWhatWasNeverSentIsImpossible() {
        LinkProgress progress({});
        QVERIFY(progress.acked({1, 0, 0}, {}, false) == AckOutcome::Impossible);
        progress.sent(inFlight(1, 1, 10));
        QVERIFY(progress.acked({2, 2, 0}, {}, false) == AckOutcome::Impossible);
        QCOMPARE(progress.cursorLsn(), Lsn{0});
        QVERIFY(progress.acked({1, 1, 0}, {}, false) == AckOutcome::Moved);
        progress.rewind();
        QVERIFY(progress.acked({1, 1, 0}, {}, false) == AckOutcome::Impossible);
    }
    void lostSessionForgetsWhatWasInFlightAndKeepsTheCursor() {
        LinkProgress progress({});
        for (Lsn lsn = 1; lsn <= 2; ++lsn) progress.count(entryAt(lsn, 1), 0);
        progress.sent(inFlight(1, 1, 10));
        progress.sent(inFlight(2, 2, 10));
        QVERIFY(progress.acked({2, 1, 0}, {}, false) == AckOutcome::Moved);
        progress.rewind();
        QCOMPARE(progress.cursorLsn(), Lsn{1});
        QCOMPARE(progress.receivedLsn(), Lsn{1});
        QCOMPARE(progress.inFlightBytes(), std::uint64_t{0});
        QVERIFY(progress.oldestInFlight() == nullptr && progress.quietSinceMs() == 0);
        LinkStatus status;
        progress.fill(status, 0);
        QCOMPARE(status.operationsPending, std::uint64_t{1});
    }
    void refusedPayloadIsFoundByItsSequence() {
        LinkProgress progress({});
        progress.sent(inFlight(1, 11, 10));
        progress.sent(inFlight(2, 12, 10));
        QCOMPARE(progress.inFlightAt(2)->lsn, Lsn{12});
        QVERIFY(progress.inFlightAt(0) == nullptr && progress.inFlightAt(3) == nullptr);
        QVERIFY(progress.acked({1, 1, 0}, {}, false) == AckOutcome::Moved);
        QVERIFY(progress.inFlightAt(1) == nullptr);
        QCOMPARE(progress.inFlightAt(2)->lsn, Lsn{12});
    }
    void troubleCountsFromTheFirstFailureAndBacksOffFurther() {
        LinkTrouble trouble;
        LinkTrouble::Failure failure{"ErrA", "a", 7, 1'000, 10, 100, 1'000};
        QVERIFY(trouble.note(failure));
        QCOMPARE(trouble.backOffMs(), Millis{100});
        failure.wallMs = 5'000;
        failure.monotonicMs = 4'010;
        QVERIFY(!trouble.note(failure));
        failure.code = "ErrB";
        QVERIFY(trouble.note(failure));
        for (int i = 0; i < 10; ++i) (void)trouble.note(failure);
        QCOMPARE(trouble.backOffMs(), Millis{1'000});
        LinkStatus status;
        trouble.fill(status, 6'010);
        QCOMPARE(status.errorCode, std::string("ErrB"));
        QCOMPARE(status.errorLsn, Lsn{7});
        QCOMPARE(status.errorSinceMs, Millis{1'000});
        QCOMPARE(status.errorForMs, Millis{6'000});
        trouble.clear();
        QVERIFY(!trouble.active() && trouble.backOffMs() == 0);
        QVERIFY(trouble.note(failure));
        QCOMPARE(trouble.backOffMs(), Millis{100});
    }
    void windowFollowsWhatTheLineCarries() {
        LinkPace pace(8U << 20U);
        QCOMPARE(pace.windowBytes(), LinkPace::kFirstBytes);
        std::uint64_t received = 0;
        for (Millis ms = 0; ms <= 10'000; ms += 100) {
            pace.heldBack(received, ms);
            pace.received(received += 20'000, 5, ms);
        }
        QVERIFY2(pace.bytesPerS() > 150'000 && pace.bytesPerS() < 250'000, std::to_string(pace.bytesPerS()).c_str());
        QCOMPARE(pace.windowBytes(), static_cast<std::size_t>(pace.bytesPerS()));
        QVERIFY(pace.batchBytes(512U << 10U) <= pace.windowBytes() / 4);
        for (Millis ms = 10'000; ms <= 12'000; ms += 100) {
            pace.heldBack(received, ms);
            pace.received(received += 20'000'000, 5, ms);
        }
        QCOMPARE(pace.windowBytes(), std::size_t{8U << 20U});
        QCOMPARE(pace.batchBytes(512U << 10U), std::size_t{512U << 10U});
    }
    void linkWithLittleToSayIsNotTakenForASlowOne() {
        LinkPace pace(8U << 20U);
        for (Millis ms = 0; ms <= 10'000; ms += 100) {
            pace.received(static_cast<std::uint64_t>(ms), 5, ms);
            pace.idle();
        }
        QCOMPARE(pace.windowBytes(), LinkPace::kFirstBytes);
        QCOMPARE(pace.bytesPerS(), std::uint64_t{0});
    }
    void longLineGetsMoreThanASecondOfItsRate() {
        LinkPace pace(8U << 20U);
        std::uint64_t received = 0;
        for (Millis ms = 0; ms <= 10'000; ms += 100) {
            pace.heldBack(received, ms);
            pace.received(received += 20'000, 1'500, ms);
        }
        QVERIFY(pace.windowBytes() > 2 * pace.bytesPerS());
    }
    void batchHoldsItsPayloadsInOrder() {
        LinkBatch batch;
        QVERIFY(batch.empty());
        for (std::uint64_t sequence = 4; sequence < 7; ++sequence) {
            const auto bytes = std::make_shared<const Bytes>(Bytes(60, static_cast<char>('a' + sequence)));
            batch.add(sequence, {bytes, *bytes});
        }
        QCOMPARE(batch.bytes(), std::size_t{180});
        const SessionFrame frame = batch.take(Codec::Lz4, pushLinks().codec());
        QVERIFY(batch.empty() && batch.bytes() == 0);
        QCOMPARE(frame.type, FrameType::Batch);
        const auto decoded = decodeBatch(frame.body);
        QVERIFY_OK(decoded);
        QCOMPARE(decoded.value().first, std::uint64_t{4});
        QCOMPARE(decoded.value().payloads.size(), std::size_t{3});
        QCOMPARE(decoded.value().payloads[2], BytesView(Bytes(60, 'g')));
    }
    void throttleHoldsItsRate() {
        LinkThrottle throttle;
        std::size_t left = 0;
        for (Micros us = 1'000'000; us <= 11'000'000; us += 1'000) {
            if (!throttle.mayLeave(100'000, us)) continue;
            throttle.left(5'000);
            left += 5'000;
        }
        QVERIFY2(left > 950'000 && left < 1'100'000, std::to_string(left).c_str());
    }
    void projectionNamesOnlyTheFamiliesOfWhatIsLeft() {
        Bytes mutations;
        maprdb::MutationBuilder builder(mutations);
        builder.put("k", {0, "x", "gone", {}});
        builder.beginPut("k");
        builder.addCell({1, "y", "kept", {}});
        builder.addCell({0, "x", "gone", {}});
        builder.endPut();
        builder.deleteColumn("k", 1, "z");
        const Bytes payload = payloadOf({"profile", "orders"}, mutations);
        const auto projected = filter("notes,orders").project(parsePayload(payload, true).value());
        QVERIFY_OK(projected);
        const auto view = parsePayload(*projected.value(), true);
        QVERIFY_OK(view);
        QCOMPARE(view.value().projection, BytesView("notes,orders"));
        QCOMPARE(familiesOf(view.value()), std::vector<BytesView>{"orders"});
        QCOMPARE(view.value().operations, 2U);
        QVERIFY_OK(maprdb::countAndCheck(maprdb::parseBody(view.value().body).value().mutations, 1));
    }
    void rowDeleteIsNarrowedToEveryFamilyOfTheLink() {
        Bytes mutations;
        maprdb::MutationBuilder(mutations).deleteRow("k");
        const auto projected = filter("notes,orders:x").project(parsePayload(payloadOf({}, mutations), true).value());
        QVERIFY_OK(projected);
        const auto view = parsePayload(*projected.value(), true);
        QCOMPARE(familiesOf(view.value()), (std::vector<BytesView>{"notes", "orders"}));
    }
    void horizonIsNearAtFourFifths() {
        constexpr Millis kTtlMs = 100'000;
        constexpr Millis kOldestMs = 1'000'000;
        const auto at = [&](Millis ageMs) { return horizonOf(kOldestMs, kTtlMs, kOldestMs + ageMs); };
        QVERIFY(at(0) == Horizon::Far && at(79'999) == Horizon::Far);
        QVERIFY(at(80'000) == Horizon::Near && at(100'000) == Horizon::Near);
        QVERIFY(at(100'001) == Horizon::Passed);
        QVERIFY(horizonOf(0, kTtlMs, kOldestMs) == Horizon::Far);
        QVERIFY(horizonOf(kOldestMs, 0, 2 * kOldestMs) == Horizon::Far);
        QCOMPARE(horizonText(kOldestMs, kTtlMs, kOldestMs + 85'000),
                 std::string("its oldest change waits for 85 s, and delete markers live 100 s: let it through within "
                             "15 s, or deleted rows may come back"));
    }
    void clocksAreHeldUntilTimeOrAnAdministratorLetsThemIn() {
        ClockWatch clocks(60'000);
        const ClockWatch::Place place{1, 2};
        const Stamp ahead = stampFromMs(300'000);
        QCOMPARE(clocks.tooFarMs(place, ahead, 240'000), Millis{0});
        QCOMPARE(clocks.tooFarMs(place, ahead, 100'000), Millis{140'000});
        clocks.held(place, {"ny", "/mapr/ny/t", ahead, 200'000});
        clocks.held(place, {"ny", "/mapr/ny/t", ahead, 190'000});
        QCOMPARE(clocks.heldNow(110'000).at(place).skewMs, Millis{200'000});
        QCOMPARE(heldText(clocks.heldNow(110'000).at(place), 60'000, 110'000).substr(0, 69),
                 std::string("ny (/mapr/ny/t) stamps its writes 200 s ahead of the clock here: they"));
        QVERIFY(clocks.heldNow(240'000).empty());
        clocks.held(place, {"ny", "/mapr/ny/t", ahead, 200'000});
        clocks.letIn(110'000);
        QVERIFY(clocks.heldNow(110'000).empty());
        QVERIFY(clocks.tooFarMs(place, stampFromMs(370'000), 110'000) <= 0);
        QVERIFY(clocks.tooFarMs(place, stampFromMs(371'000), 110'000) > 0);
        QVERIFY(clocks.tooFarMs({1, 3}, ahead, 110'000) > 0);
        clocks.held(place, {"ny", "/mapr/ny/t", stampFromMs(371'000), 261'000});
        clocks.taken(place);
        QVERIFY(clocks.heldNow(110'000).empty());
    }
    void skipEntryKeepsItsBytes() {
        Lane lane;
        lane.origin = Uuid::fromBytes(BytesView("0123456789abcdef"));
        lane.incarnation = 3;
        lane.projection = "orders,profile:x";
        const Bytes bytes = encodeSkipEntry({lane, 5, 260});
        const char golden[] = "0123456789abcdef\3\0\0\0\0\0\0\0\5\0\0\0\0\0\0\0\4\1\0\0\0\0\0\0orders,profile:x";
        QCOMPARE(bytes, Bytes(golden, sizeof(golden) - 1));
        const auto read = decodeSkipEntry(bytes);
        QVERIFY_OK(read);
        QVERIFY(read.value().lane == lane);
        QCOMPARE(read.value().from, std::uint64_t{5});
        QCOMPARE(read.value().to, std::uint64_t{260});
        QVERIFY(originOfSkipEntry(bytes) == lane.origin);
        for (std::size_t cut = 0; cut < 40; ++cut) QVERIFY(!decodeSkipEntry(BytesView(bytes).substr(0, cut)));
        QVERIFY(!decodeSkipEntry(encodeSkipEntry({lane, 0, 3})));
        QVERIFY(!decodeSkipEntry(encodeSkipEntry({lane, 4, 3})));
        QVERIFY(!decodeSkipEntry(encodeSkipEntry({lane, 4, UINT64_MAX})));
    }
    void skipsOfOneLaneThatFollowEachOtherAreOne() {
        const Lane lane{Uuid::fromRandom(1, 2), 1, "a"};
        SkipRun run;
        QVERIFY(run.empty());
        QVERIFY(run.take(lane, 4, 4, inFlight(0, 10, 100)));
        QVERIFY(run.take(lane, 5, 7, inFlight(0, 11, 100)));
        QVERIFY(!run.take(lane, 9, 9, inFlight(0, 12, 100)));
        QVERIFY(!run.take({lane.origin, 2, "a"}, 8, 8, inFlight(0, 12, 100)));
        QVERIFY(!run.take({lane.origin, 1, "b"}, 8, 8, inFlight(0, 12, 100)));
        InFlight passed;
        passed.lsn = 13;
        passed.operations = 2;
        run.passOver(passed);
        run.passTo(20);
        QCOMPARE(run.skip().from, std::uint64_t{4});
        QCOMPARE(run.skip().to, std::uint64_t{7});
        QCOMPARE(run.done().lsn, Lsn{20});
        QCOMPARE(run.done().bytes, std::uint64_t{200});
        QCOMPARE(run.done().operations, std::uint64_t{4});
        QCOMPARE(run.done().stampMs, Millis{11'000});
        run.clear();
        QVERIFY(run.empty() && run.take(lane, 9, 9, inFlight(0, 12, 1)));
        QCOMPARE(run.done().bytes, std::uint64_t{1});
    }
    void secondFilterTakesWhatBothLetThrough() {
        LinkNarrowing narrowing;
        const auto left = [&](std::string_view projection, std::string_view columns) {
            return narrowing.left(maprdb::columnProjections(), projection, columns).value().value_or("nothing");
        };
        QCOMPARE(left("", ""), std::string());
        QCOMPARE(left("", "orders"), std::string("orders"));
        QCOMPARE(left("profile", ""), std::string("profile"));
        QCOMPARE(left("profile", "orders"), std::string("nothing"));
        QCOMPARE(left("profile", "orders"), std::string("nothing"));
        QCOMPARE(left("orders,profile", "notes,profile:name"), std::string("profile:name"));
        QVERIFY(!narrowing.left(maprdb::columnProjections(), "a,,b", "a"));
        QCOMPARE(left("a,,b", ""), std::string("a,,b"));  // no filter, nothing to read
        QCOMPARE(left("orders,profile", "notes,profile:name"), std::string("profile:name"));
    }
    void filteringTwiceIsFilteringByBoth_data() {
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("second");
        QTest::newRow("families") << "orders,profile"
                                  << "notes,profile";
        QTest::newRow("columns of a family") << "orders,profile"
                                             << "profile:x";
        QTest::newRow("family of columns") << "orders:x,profile:x"
                                           << "orders,profile:y";
    }
    /// Byte for byte: a sequence of a lane means one thing, whichever way it came.
    void filteringTwiceIsFilteringByBoth() {
        QFETCH(const QString, first);
        QFETCH(const QString, second);
        Bytes mutations;
        maprdb::MutationBuilder builder(mutations);
        builder.beginPut("k");
        for (std::uint32_t family = 0; family < 3; ++family) {
            for (const char* qualifier : {"x", "y"}) builder.addCell({family, qualifier, "v", {}});
        }
        builder.endPut();
        builder.deleteRow("k2");
        builder.deleteFamily("k3", 1);
        builder.deleteColumn("k4", 2, "x");
        const Bytes payload = payloadOf({"notes", "orders", "profile"}, mutations);
        const auto once = filter(first.toStdString()).project(parsePayload(payload, true).value());
        const PayloadView between = parsePayload(*once.value(), true).value();
        LinkNarrowing narrowing;
        const auto both = narrowing.left(maprdb::columnProjections(), between.projection, second.toStdString());
        QVERIFY(both && both.value());
        const auto twice = filter(*both.value()).project(between);
        const auto direct = filter(*both.value()).project(parsePayload(payload, true).value());
        QVERIFY(twice && direct && twice.value() && *twice.value() == *direct.value());
        QCOMPARE(parsePayload(*twice.value(), true).value().projection, BytesView(*both.value()));
    }
    void nameMeansWhatItMeantAtItsEntry() {
        maprdb::TableSchema table;
        table.families = {family(1, "stays", 1, 0), family(2, "gone", 1, 10), family(3, "anew", 1, 10),
                          family(4, "anew", 12, 0), family(5, "old", 1, 10),  family(5, "renamed", 10, 0)};
        const SchemaPtr schema = maprdb::makeSchema(table);
        const auto left = [&](const std::string& asked, const std::string& name, Lsn lsn) {
            return maprdb::tableKind().withoutDropped(*schema, maprdb::encodeBody({"stays", name}, {}), asked, lsn);
        };
        QVERIFY(!left({}, "stays", 5).value());
        QVERIFY(!left({}, "anew", 15).value());
        QVERIFY(!left({}, "old", 5).value());
        QCOMPARE(left({}, "gone", 5).value().value(), std::string("renamed,stays"));
        QCOMPARE(left("gone,stays:x", "gone", 5).value().value(), std::string("stays:x"));
        QCOMPARE(left("anew", "anew", 5).value().value(), std::string());
        QVERIFY(!left({}, "anything", 5).value());
    }
};
TRIBUTARY_TEST(TestLinkParts)
#include "tst_linkparts.moc"
