// The fold converges: any order, any grouping, any number of repeats give the same record.
#include "engine/systems/maprdb/tables/rowfold.h"

#include <numeric>

#include "rowmodel.h"
#include "tests/core/db/verifyonce.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;
using namespace tributary::test;

namespace {

FoldContext foldContextOf(std::uint32_t maxVersions, Millis ttlMs = 0) {
    FoldContext context;
    context.rules = makeFoldRules({{10, maxVersions, 1, ttlMs}, {11, maxVersions, 0, ttlMs}});
    context.nowMs = 1006;
    context.deleteTtlMs = 86'400'000;
    return context;
}

class Folds {
public:
    explicit Folds(const FoldContext& context, FoldMode mode = FoldMode::Purge) : mode_(mode) {
        folder_->setContext(context);
    }
    /// Joins records and events.
    Bytes of(const std::vector<Bytes>& records, const std::vector<RowEvent>& events) {
        folder_->reset();
        for (const Bytes& record : records) {
            if (!folder_->addRecord(record)) return "damaged";
        }
        std::vector<Bytes> lists(events.size());
        EntryRef entry;
        entry.ids = {10, 11};
        for (std::size_t i = 0; i < events.size(); ++i) {
            MutationBuilder out(lists[i]);
            appendEvent(out, "row", events[i], entry.ids);
            entry.mutations = lists[i];
            folder_->addOperation(lists[i].data(), entry);
        }
        return Bytes(folder_->finish(mode_));
    }
    bool hasPurgeable() const { return folder_->hasPurgeable(); }

private:
    std::shared_ptr<const RowFormat> format_ = makeTableRowFormat();
    std::unique_ptr<RowFolder> folder_ = format_->makeFolder();
    FoldMode mode_;
};

RowEvent put(Millis timestampMs, const std::string& value, Stamp stamp = 1) {
    return {OpKind::Put, 10, "q", timestampMs, stamp, value};
}

}  // namespace

class TestRowFold : public QObject {
    Q_OBJECT
private slots:
    void convergesForEveryOrder_data() {
        QTest::addColumn<int>("maxVersions");
        QTest::addColumn<int>("ttlMs");
        QTest::newRow("one version") << 1 << 0;
        QTest::newRow("two versions") << 2 << 0;
        QTest::newRow("many versions") << 9 << 0;
        QTest::newRow("two versions, ttl") << 2 << 4;
    }
    void convergesForEveryOrder() {
        QFETCH(int, maxVersions);
        QFETCH(int, ttlMs);
        const auto context = foldContextOf(static_cast<std::uint32_t>(maxVersions), ttlMs);
        Folds folds(context);
        Dice dice(7);
        for (int round = 0; round < 60; ++round) {
            std::vector<RowEvent> events;
            for (int i = 0; i < 5; ++i) events.push_back(randomEvent(dice));
            const Bytes expected = folds.of({}, events);
            QCOMPARE(seenCells(expected, context) == seenCells(events, context), true);
            std::vector<std::size_t> order(events.size());
            std::iota(order.begin(), order.end(), std::size_t{0});
            do {
                // One at a time, as if each had its own flush.
                Bytes record;
                for (const std::size_t i : order) record = folds.of({record}, {events[i]});
                QVERIFY2(record == expected, qPrintable(QStringLiteral("round %1").arg(round)));
            } while (std::next_permutation(order.begin(), order.end()));
        }
    }
    void convergesForEveryGrouping() {
        const auto context = foldContextOf(2);
        Folds folds(context);
        Dice dice(8);
        for (int round = 0; round < 2000; ++round) {
            std::vector<RowEvent> events;
            for (std::uint64_t i = 0, count = 2 + dice.below(9); i < count; ++i) events.push_back(randomEvent(dice));
            const Bytes expected = folds.of({}, events);
            // A random tree of joins: take two records at a time until one is left; some are joined twice.
            std::vector<Bytes> records;
            for (const RowEvent& event : events) records.push_back(folds.of({}, {event}));
            while (records.size() > 1) {
                std::swap(records[dice.below(records.size())], records.back());
                const Bytes last = records.back();
                records.pop_back();
                Bytes& other = records[dice.below(records.size())];
                other = dice.below(3) == 0 ? folds.of({other, last, other}, {}) : folds.of({other, last}, {});
            }
            QVERIFY2(records[0] == expected, qPrintable(QStringLiteral("round %1").arg(round)));
            QVERIFY(folds.of({expected, expected}, events) == expected);  // idempotent
        }
    }
    void aLaterDeleteBringsNothingBackThatWasCut() {
        // maxVersions 1 has cut "old"; the delete of everything up to 5 must not matter for it.
        Folds folds(foldContextOf(1));
        const Bytes cut = folds.of({}, {put(3, "old"), put(1004, "new")});
        const RowEvent remove{OpKind::DeleteColumn, 10, "q", 5, 1, ""};
        QVERIFY(folds.of({cut}, {remove}) == folds.of({}, {remove, put(3, "old"), put(1004, "new")}));
    }
    void ordersCellsByTimestampDeleteArrivalBytes_data() {
        QTest::addColumn<int>("left");
        QTest::addColumn<int>("right");
        QTest::addColumn<QString>("winner");
        QTest::newRow("higher timestamp") << 0 << 1 << QStringLiteral("b");
        QTest::newRow("later arrival") << 1 << 2 << QStringLiteral("a");
        QTest::newRow("larger bytes") << 2 << 3 << QStringLiteral("aa");
        QTest::newRow("delete before put") << 3 << 4 << QString();
    }
    void ordersCellsByTimestampDeleteArrivalBytes() {
        QFETCH(int, left);
        QFETCH(int, right);
        QFETCH(QString, winner);
        const std::vector<RowEvent> events{put(1000, "z", 9),
                                           put(1001, "b", 1),
                                           put(1001, "a", 2),
                                           put(1001, "aa", 2),
                                           {OpKind::DeleteColumn, 10, "q", 1001, 1, ""}};
        const auto context = foldContextOf(1);
        Folds folds(context);
        const auto seen = seenCells(
            folds.of({}, {events[static_cast<std::size_t>(left)], events[static_cast<std::size_t>(right)]}), context);
        QCOMPARE(seen.empty() ? QString() : QString::fromStdString(std::get<3>(seen[0])), winner);
    }
    void purgesTombstonesWhenTheirTimeHasPassed_data() {
        QTest::addColumn<qint64>("timestampMs");
        QTest::addColumn<qint64>("arrivalMs");
        QTest::addColumn<qint64>("deleteTtlMs");
        QTest::addColumn<bool>("pinned");
        QTest::addColumn<bool>("kept");
        QTest::newRow("young") << 900LL << 950LL << 100LL << false << true;
        QTest::newRow("old") << 900LL << 905LL << 100LL << false << false;
        QTest::newRow("old timestamp, young arrival") << 10LL << 950LL << 100LL << false << true;
        QTest::newRow("timestamp to come") << 2000LL << 5LL << 100LL << false << true;
        QTest::newRow("no retention at all") << 2000LL << 999LL << 0LL << false << false;
        QTest::newRow("a copy session runs") << 900LL << 905LL << 100LL << true << true;
    }
    void purgesTombstonesWhenTheirTimeHasPassed() {
        QFETCH(qint64, timestampMs);
        QFETCH(qint64, arrivalMs);
        QFETCH(qint64, deleteTtlMs);
        QFETCH(bool, pinned);
        QFETCH(bool, kept);
        FoldContext context = foldContextOf(1);
        context.deleteTtlMs = deleteTtlMs;
        context.keepTombstones = pinned;
        const RowEvent remove{OpKind::DeleteRow, 0, "", timestampMs, stampFromMs(arrivalMs), ""};
        QCOMPARE(!Folds(context).of({}, {remove}).empty(), kept);
        Folds keeping(context, FoldMode::Keep);
        QVERIFY(!keeping.of({}, {remove}).empty());
        QCOMPARE(keeping.hasPurgeable(), !kept);
    }
    void masksBeforeItPurges() {
        FoldContext context = foldContextOf(1);
        context.deleteTtlMs = 0;
        Folds folds(context);
        QVERIFY(folds.of({}, {put(1000, "x"), {OpKind::DeleteRow, 0, "", 1000, 1, ""}}).empty());
    }
    void dropsCellsOfFamiliesThatAreNotLive() {
        FoldContext context = foldContextOf(1);
        Folds folds(context);
        const Bytes both = folds.of(
            {}, {put(1000, "x"), {OpKind::Put, 11, "q", 1000, 1, "y"}, {OpKind::DeleteFamily, 11, "", 5, 1, ""}});
        context.rules = makeFoldRules({{11, 1, 1, 0}});
        Folds after(context);
        const Bytes rest = after.of({both}, {});
        const auto seen = seenCells(rest, context);
        QCOMPARE(seen.size(), std::size_t{1});
        QCOMPARE(std::get<0>(seen[0]), 11U);
        context.rules = nullptr;
        QVERIFY(Folds(context).of({both}, {}).empty());
    }
    void keepsTheLongerLifeOfTwoTombstones() {
        // The one with the larger timestamp arrived long ago: its join with the young one must not be purged.
        FoldContext context = foldContextOf(1);
        context.deleteTtlMs = 100;
        Folds folds(context);
        const RowEvent wide{OpKind::DeleteColumn, 10, "q", 900, stampFromMs(800), ""};
        const RowEvent young{OpKind::DeleteColumn, 10, "q", 890, stampFromMs(1000), ""};
        QVERIFY(folds.of({}, {wide}).empty());
        QVERIFY(!folds.of({}, {wide, young}).empty());
    }
    void refusesADamagedRecord() {
        const auto format = makeTableRowFormat();
        const auto folder = format->makeFolder();
        folder->reset();
        QVERIFY(!folder->addRecord("\x07garbage"));
        QVERIFY(folder->addRecord(""));
    }
};
TRIBUTARY_TEST(TestRowFold)
#include "tst_rowfold.moc"
