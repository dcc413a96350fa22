// Row records: reading, visibility, copies and fingerprints.
#include "engine/systems/maprdb/tables/row.h"

#include <set>
#include "engine/systems/maprdb/tables/rowfold.h"

#include "rowmodel.h"
#include "tests/core/db/verifyonce.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;
using namespace tributary::test;

namespace {

FoldContext contextOf(std::uint32_t maxVersions, std::uint32_t minVersions = 0, Millis ttlMs = 0) {
    FoldContext context;
    context.rules = makeFoldRules({{10, maxVersions, minVersions, ttlMs}, {11, maxVersions, minVersions, ttlMs}});
    context.nowMs = 1010;
    context.deleteTtlMs = 86'400'000;
    return context;
}

/// Events folded into a record, as one payload.
Bytes recordOf(const std::vector<RowEvent>& events, const FoldContext& context,
               const std::vector<std::uint32_t>& families = {10, 11}) {
    Bytes list;
    MutationBuilder out(list);
    for (const RowEvent& event : events) appendEvent(out, "row", event, families);
    EntryRef entry;
    entry.mutations = list;
    entry.ids = families;
    const auto format = makeTableRowFormat();
    const auto folder = format->makeFolder();
    folder->setContext(context);
    folder->reset();
    const char* end = list.data() + list.size();
    for (const char* at = list.data(); at != end;) {
        folder->addOperation(at, entry);
        (void)format->keyAt(at, end, at);
    }
    return Bytes(folder->finish(FoldMode::Keep));
}

}  // namespace

class TestRow : public QObject {
    Q_OBJECT
private slots:
    void showsWhatTheRulesSay_data() {
        QTest::addColumn<int>("maxVersions");
        QTest::addColumn<int>("minVersions");
        QTest::addColumn<int>("ttlMs");
        QTest::newRow("one version") << 1 << 0 << 0;
        QTest::newRow("three versions") << 3 << 0 << 0;
        QTest::newRow("ttl") << 3 << 0 << 8;
        QTest::newRow("ttl, one kept") << 3 << 1 << 8;
        QTest::newRow("all expired but two") << 4 << 2 << 1;
    }
    void showsWhatTheRulesSay() {
        QFETCH(int, maxVersions);
        QFETCH(int, minVersions);
        QFETCH(int, ttlMs);
        const auto context =
            contextOf(static_cast<std::uint32_t>(maxVersions), static_cast<std::uint32_t>(minVersions), ttlMs);
        Dice dice(1);
        int visible = 0;
        for (int round = 0; round < 3000; ++round) {
            std::vector<RowEvent> events;
            for (std::uint64_t i = 0, count = 1 + dice.below(8); i < count; ++i) events.push_back(randomEvent(dice));
            const auto expected = seenCells(events, context);
            const auto seen = seenCells(recordOf(events, context), context);
            QVERIFY2(seen == expected, qPrintable(QStringLiteral("round %1").arg(round)));
            visible += static_cast<int>(seen.size());
        }
        QVERIFY(visible > 1000);
    }
    void refusesEveryTruncationInsideAnItem() {
        const auto context = contextOf(5);
        const Bytes record = recordOf({{OpKind::DeleteRow, 0, "", 500, 7, ""},
                                       {OpKind::Put, 10, "a", 1000, stampFromMs(1000), "value"},
                                       {OpKind::DeleteFamily, 11, "", 900, 1, ""},
                                       {OpKind::DeleteColumn, 11, "q", 950, 1, ""}},
                                      context);
        std::set<std::size_t> whole{0};
        RecordReader items(record);
        RowItem item;
        Bytes rewritten;
        while (items.next(item)) {
            appendItem(rewritten, item);
            whole.insert(rewritten.size());
        }
        QVERIFY(rewritten == record);
        for (std::size_t size = 0; size <= record.size(); ++size) {
            RecordReader reader(BytesView(record).substr(0, size));
            while (reader.next(item)) continue;
            QCOMPARE(reader.ok(), whole.count(size) == 1);
        }
    }
    void copiesRowsWithTimestampsStampsVersionsAndTombstones() {
        const auto context = contextOf(3);
        Dice dice(2);
        for (int round = 0; round < 1000; ++round) {
            std::vector<RowEvent> events;
            for (std::uint64_t i = 0, count = 1 + dice.below(8); i < count; ++i) events.push_back(randomEvent(dice));
            const Bytes record = recordOf(events, context);
            Bytes list;
            MutationBuilder out(list);
            VERIFY_ONCE(appendRecordAsMutations(out, "row", record, {10, 11}));
            QVERIFY(countAndCheck(list, 2).ok());
            EntryRef entry;
            entry.mutations = list;
            entry.stamp = stampFromMs(999'999);  // the copy's own stamp must not show
            entry.ids = {10, 11};
            const auto format = makeTableRowFormat();
            const auto folder = format->makeFolder();
            folder->setContext(context);
            folder->reset();
            const char* end = list.data() + list.size();
            for (const char* at = list.data(); at != end;) {
                folder->addOperation(at, entry);
                (void)format->keyAt(at, end, at);
            }
            QVERIFY(folder->finish(FoldMode::Keep) == record);
        }
    }
    void fingerprintsWhatIsVisibleAndNothingElse() {
        const auto context = contextOf(2);
        const std::vector<FamilyName> names{{10, "profile"}, {11, "orders"}};
        const RowEvent name{OpKind::Put, 10, "name", 1000, stampFromMs(1000), "ann"};
        const RowEvent order{OpKind::Put, 11, "o1", 1001, stampFromMs(1001), "7"};
        const auto base = rowFingerprint("row", recordOf({name, order}, context), context, names).valueOr(0);
        QVERIFY(base != 0);
        // Other ids in the other order, another arrival, an old tombstone, a masked cell: the same picture.
        FoldContext other = context;
        other.rules = makeFoldRules({{3, 2, 0, 0}, {4, 2, 0, 0}});
        RowEvent name4 = name;
        name4.family = 4;
        name4.stamp += 5;
        RowEvent order3 = order;
        order3.family = 3;
        const Bytes mirrored =
            recordOf({{OpKind::DeleteRow, 0, "", 500, 1, ""}, {OpKind::Put, 4, "gone", 400, 1, "x"}, name4, order3},
                     other, {3, 4});
        const auto mirror = rowFingerprint("row", mirrored, other, {{4, "profile"}, {3, "orders"}}).valueOr(0);
        QCOMPARE(mirror, base);
        const auto differs = [&](RowEvent changed, BytesView key) {
            return rowFingerprint(key, recordOf({changed, order}, context), context, names).valueOr(0) != base;
        };
        QVERIFY(differs(name, "row2"));
        RowEvent changed = name;
        changed.value = "bob";
        QVERIFY(differs(changed, "row"));
        changed = name;
        changed.timestampMs += 1;
        QVERIFY(differs(changed, "row"));
        changed = name;
        changed.qualifier = "nam";
        QVERIFY(differs(changed, "row"));
        changed = name;
        changed.family = 11;
        QVERIFY(differs(changed, "row"));
        const Bytes tombstone = recordOf({{OpKind::DeleteRow, 0, "", 500, 1, ""}}, context);
        QCOMPARE(rowFingerprint("row", tombstone, context, names).valueOr(1), std::uint64_t{0});
    }
};
TRIBUTARY_TEST(TestRow)
#include "tst_row.moc"
