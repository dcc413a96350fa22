// State units that keep all rows in memory: against a map of all events, their pictures on the disk, their bound.
#include <QDir>
#include <QTemporaryDir>

#include "engine/machine/realfileops.h"
#include "engine/storage/treepicture.h"
#include "engine/storage/treestateunit.h"
#include "storagefixture.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::test;

namespace {

constexpr std::size_t kPlenty = 64U << 20U;

// Two rows at entry 300; made once and never changed (treestateunit.h).
constexpr const char* kGolden =
    "545249425452454501000000000000002c010000000000001011121314151617"
    "18191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f0263310700000000"
    "0000000200000000000000016101780162027979";

Uuid uuidCounting(char first) {
    Bytes bytes;
    for (int i = 0; i < 16; ++i) bytes.push_back(static_cast<char>(first + i));
    return Uuid::fromBytes(bytes);
}

StateOwner ownerOfPicture() {
    return {uuidCounting('\x10'), uuidCounting('\x20'), "c1", 7};
}

/// A row of a format that knows nothing but "key blob | value blob"; a value "bad" makes a record that cannot be read.
class PlainFolder final : public RowFolder {
public:
    void setContext(const FoldContext&) override {}
    void reset() override { value_.clear(); }
    bool addRecord(BytesView record) override { return record != "bad"; }
    void addOperation(const char* at, const EntryRef& entry) override {
        ByteReader reader(
            BytesView(at, static_cast<std::size_t>(entry.mutations.data() + entry.mutations.size() - at)));
        (void)reader.blob();
        value_ = Bytes(reader.blob());
    }
    BytesView finish(FoldMode) override { return value_; }
    bool hasPurgeable() const override { return false; }

private:
    Bytes value_;
};

class PlainFormat final : public RowFormat {
public:
    Result<std::uint32_t> check(const EntryRef& entry) const override {
        ByteReader reader(entry.mutations);
        std::uint32_t blobs = 0;
        for (; !reader.atEnd() && reader.ok(); ++blobs) (void)reader.blob();
        if (!reader.ok() || blobs % 2 != 0) return Error{ErrorCode::Corrupt, "damaged", {}, {}};
        return blobs / 2;
    }
    BytesView keyAt(const char* at, const char* end, const char*& next) const override {
        ByteReader reader(BytesView(at, static_cast<std::size_t>(end - at)));
        const BytesView key = reader.blob();
        (void)reader.blob();
        next = reader.position();
        return key;
    }
    std::unique_ptr<RowFolder> makeFolder() const override { return std::make_unique<PlainFolder>(); }
};

EntryRef plain(Lsn lsn, const std::vector<std::pair<std::string, std::string>>& rows) {
    auto payload = std::make_shared<Bytes>();
    for (const auto& [key, value] : rows) {
        appendBlob(*payload, key);
        appendBlob(*payload, value);
    }
    EntryRef entry;
    entry.lsn = lsn;
    entry.mutations = *payload;
    entry.hold = payload;
    return entry;
}

std::map<std::string, std::string> rowsOf(StateUnit& unit) {
    std::map<std::string, std::string> rows;
    const auto view = unit.view(false);
    const auto chunk = view.value()->scan({}, {}, 1'000, kPlenty);
    for (const StoredRow& row : chunk.value().rows) rows[row.key] = row.record;
    return rows;
}

}  // namespace

class TestTreeStateUnit : public QObject {
    Q_OBJECT
private slots:
    void init() {
        dir_ = std::make_unique<QTemporaryDir>(QDir::tempPath() + QStringLiteral("/tree unit XXXXXX"));
        options_ = storageOptions(dir_->filePath(QStringLiteral("rows.db")).toStdString());
        options_.owner = ownerOfPicture();
    }
    void agreesWithAMap() {
        const Workload load(21, 300, 40, 9);
        const FoldContext context = options_.context;
        auto unit = opened();
        Dice dice(22);
        std::vector<std::pair<std::unique_ptr<StateView>, Lsn>> pictures;
        for (const EntryRef& entry : load.entries()) {
            VERIFY_ONCE(unit->apply(entry));
            const std::uint64_t roll = dice.below(30);
            if (roll < 2) VERIFY_ONCE(finished(unit->makeFlush(entry.lsn)));
            if (roll == 2) pictures.emplace_back(unit->view(true).value(), entry.lsn);
            if (roll > 4) continue;
            QVERIFY(tableOf(*unit, context) == load.after(entry.lsn, context));
        }
        QVERIFY(pictures.size() > 3);
        for (const auto& [view, lsn] : pictures) {
            QCOMPARE(view->position(), lsn);
            QVERIFY(scanned(*view, context, 1 + dice.below(50)) == load.after(lsn, context));
        }
        VERIFY_ONCE(finished(unit->makeFlush(UINT64_MAX)));
        QCOMPARE(unit->memoryRows(), std::uint64_t{0});
        unit.reset();
        options_.create = false;
        unit = opened();
        QCOMPARE(unit->flushedLsn(), load.entries().back().lsn);
        QCOMPARE(unit->checkpointedLsn(), unit->flushedLsn());
        QVERIFY(tableOf(*unit, context) == load.after(UINT64_MAX, context));
    }
    void pictureIsNeverAheadOfTheSyncedLog() {
        options_.format = std::make_shared<PlainFormat>();
        auto unit = opened();
        VERIFY_ONCE(unit->apply(plain(1, {{"a", "1"}})));
        VERIFY_ONCE(unit->apply(plain(2, {{"b", "2"}})));
        QVERIFY(unit->makeFlush(1) == nullptr);
        VERIFY_ONCE(unit->apply(plain(3, {{"a", "3"}})));
        VERIFY_ONCE(finished(unit->makeFlush(2)));  // what waited, as it was then
        QCOMPARE(unit->flushedLsn(), Lsn{2});
        QCOMPARE(unit->memoryRows(), std::uint64_t{1});
        QCOMPARE(unit->coveredLsn(), Lsn{2});
        unit.reset();
        options_.create = false;
        unit = opened();
        QCOMPARE(rowsOf(*unit), (std::map<std::string, std::string>{{"a", "1"}, {"b", "2"}}));
        VERIFY_ONCE(unit->apply(plain(2, {{"b", "again"}})));  // replay of what it holds
        QCOMPARE(rowsOf(*unit).at("b"), std::string("2"));
    }
    void idleUnitSaysWhatItsFileLacksNothingOf() {
        options_.format = std::make_shared<PlainFormat>();
        auto unit = opened();
        VERIFY_ONCE(unit->apply(plain(5, {{"a", "1"}})));
        QCOMPARE(unit->coveredLsn(), Lsn{0});
        VERIFY_ONCE(finished(unit->makeFlush(5)));
        unit->advanceTo(90);
        QCOMPARE(unit->coveredLsn(), Lsn{90});
        QCOMPARE(unit->rests().size(), std::size_t{1});
        QCOMPARE(unit->rests().front().position, Lsn{5});
        QVERIFY(unit->makeFlush(90) == nullptr);
        VERIFY_ONCE(unit->apply(plain(95, {{"a", ""}})));
        QCOMPARE(unit->coveredLsn(), Lsn{90});
        QVERIFY(rowsOf(*unit).empty());
    }
    void entryIsAppliedWholeOrNotAtAll() {
        options_.format = std::make_shared<PlainFormat>();
        auto unit = opened();
        VERIFY_ONCE(unit->apply(plain(1, {{"a", "1"}, {"b", "2"}, {"z", "bad"}})));
        const auto before = rowsOf(*unit);
        const std::size_t bytes = unit->memoryBytes();
        const Status damaged = unit->apply(plain(2, {{"a", "9"}, {"b", ""}, {"c", "new"}, {"z", "x"}}));
        QVERIFY(!damaged.ok() && damaged.error().code == ErrorCode::Corrupt);
        QVERIFY(rowsOf(*unit) == before);
        QCOMPARE(unit->memoryBytes(), bytes);
        QCOMPARE(unit->appliedLsn(), Lsn{1});
    }
    void tellsWhatIsLeftOfItsMemory() {
        options_.format = std::make_shared<PlainFormat>();
        auto unit = opened(10'000);
        const std::size_t all = unit->bytesLeft();
        QCOMPARE(all, std::size_t{10'000});
        VERIFY_ONCE(unit->apply(plain(1, {{"a", std::string(5'000, 'x')}})));
        const std::size_t left = unit->bytesLeft();
        QVERIFY(left < 5'000 && left > 4'000);
        VERIFY_ONCE(unit->apply(plain(2, {{"b", std::string(50'000, 'x')}})));  // what was logged is taken
        QCOMPARE(unit->bytesLeft(), std::size_t{0});
        VERIFY_ONCE(unit->apply(plain(3, {{"b", ""}})));
        QCOMPARE(unit->bytesLeft(), left);
        VERIFY_ONCE(finished(unit->makeFlush(3)));
        unit.reset();
        options_.create = false;
        QCOMPARE(opened(10'000)->bytesLeft(), left);
    }
    void writesItsGoldenBytes() {
        TreePicture picture;
        picture.position = 300;
        (void)picture.tree.insert(std::make_shared<TreeRow>(TreeRow{"a", "x"}));
        (void)picture.tree.insert(std::make_shared<TreeRow>(TreeRow{"b", "yy"}));
        const QByteArray hex = QByteArray::fromStdString(encodePicture(picture, ownerOfPicture())).toHex();
        QCOMPARE(hex.left(hex.size() - 8), QByteArray(kGolden));
    }
    void refusesWhatIsCutFlippedOrForeign() {
        TreePicture picture;
        picture.position = 300;
        for (const char* key : {"a", "b", "c"}) (void)picture.tree.insert(std::make_shared<TreeRow>(TreeRow{key, key}));
        const Bytes whole = encodePicture(picture, ownerOfPicture());
        QVERIFY(decodePicture(whole, ownerOfPicture(), "f").ok());
        for (std::size_t size = 0; size < whole.size(); ++size) {
            QVERIFY(!decodePicture(BytesView(whole).substr(0, size), ownerOfPicture(), "f").ok());
            for (const char bit : {1, 64}) {
                Bytes flipped = whole;
                flipped[size] = static_cast<char>(flipped[size] ^ bit);
                const auto read = decodePicture(flipped, ownerOfPicture(), "f");
                QVERIFY(!read.ok() && read.error().where == "f");
            }
        }
        StateOwner other = ownerOfPicture();
        other.dataset = other.volume;
        QCOMPARE(decodePicture(whole, other, "f").error().code, ErrorCode::InvalidInput);
        other = ownerOfPicture();
        other.volume = other.dataset;
        QCOMPARE(decodePicture(whole, other, "f").error().code, ErrorCode::InvalidInput);
        other = ownerOfPicture();
        other.cluster = "c2";
        QCOMPARE(decodePicture(whole, other, "f").error().code, ErrorCode::InvalidInput);
    }

private:
    std::unique_ptr<StateUnit> opened(std::size_t bytesMax = kPlenty) {
        auto unit = openTreeStateUnit(options_, files_, bytesMax);
        if (!unit) qFatal("%s", unit.error().full().c_str());
        return std::move(unit).value();
    }

    RealFileOps files_;
    std::unique_ptr<QTemporaryDir> dir_;
    StateUnitOptions options_;
};
TRIBUTARY_TEST(TestTreeStateUnit)
#include "tst_treestateunit.moc"
