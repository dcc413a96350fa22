// DiffTables: planted differences are found, counted, told and written as operations that make the tables equal.
#include <QTest>

#include "core/operations/schema.h"
#include "engine/admin/difftables.h"
#include "engine/admin/tableadmin.h"
#include "fakeclusters.h"
#include "memoryfiles.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;
using test::FakeCluster;
using test::FakeDirectory;
using test::FakeItem;

class DiffTablesTest : public QObject {
    Q_OBJECT

    FakeDirectory directory_;
    FakeCluster* sf_ = nullptr;
    FakeCluster* ny_ = nullptr;
    test::FakeTable* a_ = nullptr;
    test::FakeTable* b_ = nullptr;

    static DiffRequest request() {
        DiffRequest out;
        out.a = "/mapr/sf/t";
        out.b = "/mapr/ny/t";
        out.rowsPerRange = 10;
        return out;
    }
    Result<DiffResult> diff(const DiffRequest& what, const OnCellChange& onChange = {}) {
        ClusterCalls calls(directory_, [] { return Millis{1'700'000'000'000}; });
        return diffTables(calls, what, onChange);
    }
    /// The same while `meanwhile` happens in each pause between two looks.
    Result<DiffResult> diffWhile(const DiffRequest& what, const std::function<void()>& meanwhile,
                                 Millis* waited = nullptr) {
        ClusterCalls calls(directory_, [] { return Millis{1'700'000'000'000}; });
        calls.setPause([&](Millis forMs) {
            if (waited != nullptr) *waited += forMs;
            meanwhile();
        });
        return diffTables(calls, what);
    }
    /// Writes the changes into the tables, as an import would.
    void apply(const CellChange& change) {
        auto& table = change.toB ? *b_ : *a_;
        auto& row = table.rows[change.key];
        std::erase_if(row, [&](const FakeItem& item) {
            return item.family == change.family && item.qualifier == change.qualifier &&
                   item.timestampMs == change.timestampMs;
        });
        if (!change.remove)
            table.put(change.key, change.family, change.qualifier, change.timestampMs, change.value, 99);
    }

private slots:
    void init() {
        directory_ = FakeDirectory();
        sf_ = &directory_.add("sf");
        ny_ = &directory_.add("ny");
        a_ = &sf_->add("/t", {"f", "g"}, 1);
        b_ = &ny_->add("/t", {"g", "f"}, 2);  // other family ids: only names count
        for (auto* table : {a_, b_}) {
            for (int i = 0; i < 100; ++i) table->put("row" + std::to_string(100 + i), "f", "q", 1000 + i, "v");
        }
    }

    void equalTablesAreIdenticalWithoutReadingRows() {
        const auto same = diff(request());
        QVERIFY_OK(same);
        QVERIFY(same->identical && same->complete);
        QCOMPARE(same->rowsSource, std::uint64_t{100});
        QCOMPARE(same->rowsReplica, std::uint64_t{100});
        QVERIFY(same->ranges >= 10);
        QCOMPARE(std::count(sf_->log.begin(), sf_->log.end(), "ReadRange"), 0);
    }

    void emptyTablesAreIdentical() {
        a_->rows.clear();
        b_->rows.clear();
        const auto same = diff(request());
        QVERIFY_OK(same);
        QVERIFY(same->identical && same->complete);
        QCOMPARE(same->rowsSource, std::uint64_t{0});
    }

    void plantedDifferencesAreFound() {
        b_->rows.erase("row105");
        a_->rows.erase("row150");
        b_->put("row170", "f", "q", 2000, "newer");
        const auto found = diff(request());
        QVERIFY_OK(found);
        QVERIFY(!found->identical);
        QVERIFY(found->complete);
        QCOMPARE(found->rowsSource, std::uint64_t{99});
        QCOMPARE(found->rowsReplica, std::uint64_t{99});
        QCOMPARE(found->rowsDifferent, std::uint64_t{3});
        QCOMPARE(found->rangesDifferent, std::uint64_t{3});
        QCOMPARE(found->differences[0].key, Bytes("row105"));
        QCOMPARE(found->differences[0].kind, DifferenceKind::MissingAtB);
        QCOMPARE(found->differences[1].kind, DifferenceKind::MissingAtA);
        QCOMPARE(found->differences[2].kind, DifferenceKind::Different);
        QVERIFY(found->differences[2].detail.find("f:q at 2000 only at /mapr/ny/t") != std::string::npos);
    }

    void rowsAtTheEdgesOfRangesAreNotMissed_data() {
        QTest::addColumn<QString>("key");
        for (const char* key : {"a", "row100", "row109", "row110", "row199", "zzz"}) QTest::newRow(key) << key;
    }
    void rowsAtTheEdgesOfRangesAreNotMissed() {
        QFETCH(QString, key);
        b_->put(key.toStdString(), "g", "only", 1, "x");
        const auto found = diff(request());
        QVERIFY_OK(found);
        QCOMPARE(found->rowsDifferent, std::uint64_t{1});
        QCOMPARE(found->differences[0].key, key.toStdString());
    }

    void hiddenCellsDoNotDiffer() {
        a_->rows["row105"].insert(FakeItem{OpKind::DeleteColumn, "f", "q", 900, 1, ""});
        a_->rows["row106"].insert(FakeItem{OpKind::DeleteRow, "", "", 5000, 1, ""});
        b_->rows.erase("row106");
        a_->put("row105", "f", "q", 800, "masked");
        ny_->cutAtFingerprints = false;  // so that the cells themselves are judged
        const auto same = diff(request());
        QVERIFY_OK(same);
        QVERIFY(same->rangesDifferent == same->ranges);
        QVERIFY2(same->identical, same->differences.empty() ? "" : same->differences[0].detail.c_str());
    }

    void versionsBeyondTheFamilysAndExpiredCellsDoNotDiffer() {
        ny_->cutAtFingerprints = false;
        a_->put("row105", "f", "q", 500, "second version");  // maxversions is 1
        QVERIFY(diff(request())->identical);
        for (auto* table : {a_, b_}) table->record.families[table == a_ ? 1 : 0].ttlSeconds = 60;
        a_->put("row105", "g", "q", 1'700'000'000'000 - 60'000, "expired");
        QVERIFY(diff(request())->identical);
        a_->put("row105", "g", "q", 1'700'000'000'000 - 59'999, "alive");
        QVERIFY(!diff(request())->identical);
    }

    void aRowThatSettlesIsEqual() {
        b_->rows.erase("row105");
        int pauses = 0;
        const auto settled = diffWhile(request(), [&] {
            if (++pauses == 2) b_->put("row105", "f", "q", 1005, "v");
        });
        QVERIFY_OK(settled);
        QVERIFY(settled->identical && settled->complete);
        QCOMPARE(settled->rowsDifferent, std::uint64_t{0});
        QCOMPARE(settled->rowsSource, std::uint64_t{100});
        QCOMPARE(settled->rowsReplica, std::uint64_t{100});
        QCOMPARE(pauses, 2);
    }

    void aRowThatVanishesAtBothSidesIsEqual() {
        a_->rows.erase("row105");
        const auto settled = diffWhile(request(), [&] { b_->rows.erase("row105"); });
        QVERIFY_OK(settled);
        QVERIFY(settled->identical);
        QCOMPARE(settled->rowsReplica, std::uint64_t{99});
    }

    void aRowThatStaysAsItIsIsDifferent() {
        b_->rows.erase("row105");
        Millis waited = 0;
        int writes = 0;
        const auto found = diffWhile(
            request(), [&] { a_->put("row170", "f", "q", 3000 + ++writes, "else"); }, &waited);
        QVERIFY_OK(found);
        QCOMPARE(found->rowsDifferent, std::uint64_t{1});
        QCOMPARE(found->differences.size(), std::size_t{1});
        QVERIFY(!found->differences[0].changing);
        QVERIFY(waited <= 1'000);  // a standing difference costs a second at most
    }

    void rowsThatDifferAnewAtEachLookAreSaidToChange() {
        b_->rows.erase("row105");
        Millis waited = 0;
        int writes = 0;
        a_->put("row170", "f", "q", 3000, "first");
        const auto found = diffWhile(
            request(), [&] { a_->put("row170", "f", "q", 3001 + ++writes, "else"); }, &waited);
        QVERIFY_OK(found);
        QVERIFY(!found->identical);
        QCOMPARE(found->rowsDifferent, std::uint64_t{1});
        QCOMPARE(found->rowsChanging, std::uint64_t{1});
        QVERIFY(found->differences[1].changing);
        QVERIFY(waited <= 3'000);
        b_->put("row105", "f", "q", 1005, "v");
        const auto changing = diffWhile(request(), [&] { a_->put("row170", "f", "q", 9000 + ++writes, "else"); });
        QVERIFY(!changing->identical);
        QCOMPARE(changing->rowsDifferent, std::uint64_t{0});
        QCOMPARE(changing->rowsChanging, std::uint64_t{1});
    }

    void theFirstExitWaitsForWhatSettlesToo() {
        b_->rows.erase("row105");
        b_->rows.erase("row170");
        DiffRequest what = request();
        what.firstExit = true;
        const auto settled = diffWhile(what, [&] {
            b_->put("row105", "f", "q", 1005, "v");
            b_->put("row170", "f", "q", 1070, "v");
        });
        QVERIFY_OK(settled);
        QVERIFY(settled->identical && settled->complete);
        b_->rows.erase("row105");
        b_->rows.erase("row170");
        const auto found = diffWhile(what, [] {});
        QCOMPARE(found->rowsDifferent, std::uint64_t{1});
        QVERIFY(!found->complete);
    }

    void deletesThatALateWriteWouldMeetAreTold() {
        const Millis recentMs = 1'700'000'000'000 - 1'000;
        a_->rows["row105"].insert(FakeItem{OpKind::DeleteColumn, "f", "gone", recentMs, 1, ""});
        a_->rows["onlydeleted"].insert(FakeItem{OpKind::DeleteRow, "", "", recentMs, 1, ""});
        const auto found = diff(request());
        QVERIFY_OK(found);
        QVERIFY(found->identical);
        QCOMPARE(found->rowsOnlyDeletes, std::uint64_t{2});
        QCOMPARE(found->deletesKeys, (std::vector<Bytes>{"onlydeleted", "row105"}));
        // The same deletes at both, or so old that one side may have forgotten them: nothing to tell.
        b_->rows["onlydeleted"] = a_->rows["onlydeleted"];
        b_->rows["row105"].insert(FakeItem{OpKind::DeleteColumn, "f", "gone", recentMs, 7, ""});
        a_->rows["row106"].insert(FakeItem{OpKind::DeleteColumn, "f", "gone", 900, 1, ""});
        QCOMPARE(diff(request())->rowsOnlyDeletes, std::uint64_t{0});
        // One that a wider delete covers tells nothing more.
        for (auto* table : {a_, b_}) table->rows["row107"] = {FakeItem{OpKind::DeleteRow, "", "", recentMs, 1, ""}};
        a_->rows["row107"].insert(FakeItem{OpKind::DeleteColumn, "f", "q", recentMs - 1, 1, ""});
        QCOMPARE(diff(request())->rowsOnlyDeletes, std::uint64_t{0});
    }

    void anAnswerThatIsNotCutAsAskedIsNotTrusted() {
        ny_->cutAtFingerprints = false;
        b_->rows.erase("row105");
        const auto found = diff(request());
        QVERIFY_OK(found);
        QCOMPARE(found->rowsDifferent, std::uint64_t{1});
        QCOMPARE(found->rowsSource, std::uint64_t{100});
    }

    void operationsOfBothDirectionsMakeTheTablesEqual_data() {
        QTest::addColumn<int>("master");
        QTest::newRow("both are masters") << 0;
        QTest::newRow("source is right") << 1;
        QTest::newRow("replica is right") << 2;
    }
    void operationsOfBothDirectionsMakeTheTablesEqual() {
        QFETCH(int, master);
        b_->rows.erase("row105");
        a_->rows.erase("row150");
        a_->rows.erase("row160");
        a_->put("row160", "f", "q", 1060, "w", 2);  // same version, other value
        DiffRequest ask = request();
        ask.master = static_cast<DiffMaster>(master);
        std::vector<CellChange> changes;
        const auto found = diff(ask, [&](const CellChange& change) {
            changes.push_back(change);
            return okStatus();
        });
        QVERIFY_OK(found);
        QCOMPARE(found->opsForDst + found->opsForSrc, std::uint64_t{changes.size()});
        QCOMPARE(found->opsForSrc == 0, master == 1);
        QCOMPARE(found->opsForDst == 0, master == 2);
        for (const CellChange& change : changes) apply(change);
        const auto after = diff(request());
        QVERIFY2(after->identical, after->differences.empty() ? "" : after->differences[0].detail.c_str());
        QCOMPARE(a_->visible("row160")[0].value, Bytes(master == 2 ? "v" : "w"));
    }

    void firstExitStopsEarly() {
        for (int i = 0; i < 50; ++i) b_->rows.erase("row" + std::to_string(100 + i));
        DiffRequest ask = request();
        ask.firstExit = true;
        const auto found = diff(ask);
        QVERIFY(!found->identical && !found->complete);
        QCOMPARE(found->rowsDifferent, std::uint64_t{1});
    }

    void columnsAreComparedAlone() {
        b_->put("row105", "g", "q", 1, "x");
        DiffRequest ask = request();
        ask.columns = "f";
        QVERIFY(diff(ask)->identical);
        ask.columns = "zzz";
        QCOMPARE(diff(ask).error().code, ErrorCode::InvalidInput);
    }

    void metadataIsComparedWhenAsked() {
        b_->record.families[0].maxVersions = 7;
        QVERIFY(diff(request())->identical);
        DiffRequest ask = request();
        ask.compareMeta = true;
        const auto found = diff(ask);
        QVERIFY(!found->identical);
        QCOMPARE(found->metadata,
                 (std::vector<std::string>{"family g, maxversions: 1 at /mapr/sf/t, 7 at /mapr/ny/t"}));
    }

    void anUnreachableSideIsAnErrorNotADifference() {
        ny_->up = false;
        QCOMPARE(diff(request()).error().code, ErrorCode::Unavailable);
    }

    void theToolWritesTheOperationsIntoANewDirectory() {
        b_->rows.erase("row105");
        a_->rows.erase("row150");
        test::MemoryFiles files;
        AdminOptions options;
        options.files = &files;
        TableAdmin admin(
            directory_, "ana", [] { return Millis{1'700'000'000'000}; }, options);
        const auto op = makeOperation(
            Verb::DiffTables,
            {{"src", "/mapr/sf/t"}, {"dst", "/mapr/ny/t"}, {"outdir", "out dir"}, {"mapreduce", "false"}});
        QVERIFY_OK(op);
        const auto done = admin.execute(*op);
        QVERIFY_OK(done);
        QCOMPARE(done->lines.back(), std::string("the tables differ"));
        const Json forDst = Json::parse(files.contents.at("out dir/opsForDst"));
        QCOMPARE(
            forDst.dump(),
            (Json{
                {"op", "put"}, {"key", "row105"}, {"family", "f"}, {"column", "q"}, {"timestamp", 1005}, {"value", "v"}}
                 .dump()));
        QCOMPARE(Json::parse(files.contents.at("out dir/opsForSrc"))["key"].dump(), Json("row150").dump());
        QCOMPARE(admin.execute(*op).error().code, ErrorCode::AlreadyExists);
    }
};
TRIBUTARY_TEST(DiffTablesTest)

#include "tst_difftables.moc"
