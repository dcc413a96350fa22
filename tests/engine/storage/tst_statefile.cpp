// Whose a state file is, and that it is what was written.
#include <QFile>
#include <QTemporaryDir>

#include "core/db/gatevfs.h"
#include "engine/storage/pagescan.h"
#include "tests/engine/log/posixfiles.h"
#include "tests/engine/storage/storagefixture.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::test;

namespace {

class OpenGate final : public DiskGate {
public:
    Status beforeWrite(const std::string&) override { return okStatus(); }
    Status beforeSync(const std::string&) override { return okStatus(); }
};

StateOwner owner() {
    return {Uuid::fromRandom(1, 2), Uuid::fromRandom(3, 4), "sf", 0xfeed'0000'0000'0001};
}

}  // namespace

class TestStateFile : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> dir_;
    std::unique_ptr<DiskGate> gate_ = std::make_unique<OpenGate>();
    std::unique_ptr<GateVfs> vfs_;
    MemoryPool pool_{64U << 20U};
    StateUnitOptions options_;

    Result<std::unique_ptr<StateUnit>> opened() { return openStateUnit(options_, pool_); }
    Status fill(std::uint64_t seed) {
        auto unit = opened();
        if (!unit) return unit.error();
        const Workload load(seed, 200, 200, 10);
        const Lsn from = unit.value()->flushedLsn();
        for (EntryRef entry : load.entries()) {
            entry.lsn += from;
            if (Status applied = unit.value()->apply(entry); !applied) return applied;
        }
        return finished(unit.value()->makeFlush(UINT64_MAX));
    }
    [[nodiscard]] QString file() const { return QString::fromStdString(options_.path); }
    [[nodiscard]] QByteArray content() const {
        QFile in(file());
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
    }
    void write(const QByteArray& bytes) const {
        QFile out(file());
        if (out.open(QIODevice::WriteOnly)) out.write(bytes);
    }
    static Result<PageScan> scan(const std::string& path) {
        engine::test::PosixFiles files;
        return scanStatePages(files, path);
    }

private slots:
    void init() {
        dir_ = std::make_unique<QTemporaryDir>(QDir::tempPath() + QStringLiteral("/state file XXXXXX"));
        vfs_ = std::make_unique<GateVfs>(*gate_, "test-state-file", dir_->path().toStdString());
        options_ = storageOptions(dir_->filePath(QStringLiteral("1.db")).toStdString());
        options_.vfsName = vfs_->name();
        options_.owner = owner();
    }
    void cleanup() { vfs_.reset(); }

    void anotherOwnersFileIsRefused_data() {
        QTest::addColumn<int>("what");
        QTest::addColumn<QString>("says");
        QTest::newRow("cluster") << 0 << "one of cluster sf, not of ny";
        QTest::newRow("table") << 1 << "another dataset's";
        QTest::newRow("volume") << 2 << "of another volume";
    }
    void anotherOwnersFileIsRefused() {
        QFETCH(const int, what);
        QFETCH(const QString, says);
        VERIFY_ONCE(fill(1));
        if (what == 0) options_.owner.cluster = "ny";
        if (what == 1) options_.owner.dataset = Uuid::fromRandom(7, 8);
        if (what == 2) options_.owner.volume = Uuid::fromRandom(7, 8);
        const auto refused = opened();
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
        QVERIFY2(refused.error().what.find(says.toStdString()) != std::string::npos, refused.error().what.c_str());
        options_.owner = owner();
        options_.owner.startId = 99;  // the next life of the same
        VERIFY_ONCE(fill(2));
        VERIFY_ONCE(opened());
    }
    void fileWithoutAnOwnerGetsOneWithItsNextFlush() {
        options_.owner = {};
        options_.vfsName = {};  // of format 1: no checksums
        VERIFY_ONCE(fill(1));
        options_.vfsName = vfs_->name();
        options_.owner = owner();
        VERIFY_ONCE(opened());
        options_.owner.dataset = Uuid::fromRandom(7, 8);
        VERIFY_ONCE(opened());  // nobody's yet
        options_.owner = owner();
        VERIFY_ONCE(fill(2));
        options_.owner.dataset = Uuid::fromRandom(7, 8);
        QVERIFY(!opened().ok());
        const auto scanned = scan(options_.path);
        VERIFY_ONCE(scanned);
        QVERIFY(!scanned.value().checked);
    }
    void aFileThatMustBeThereIsNotMade() {
        options_.create = false;
        QCOMPARE(opened().error().code, ErrorCode::NotFound);
        write({});
        const auto empty = opened();
        QVERIFY(!empty.ok());
        QCOMPARE(empty.error().code, ErrorCode::Corrupt);
        QVERIFY(empty.error().what.find("empty") != std::string::npos);
    }
    void scanFindsEveryDamagedPage() {
        VERIFY_ONCE(fill(1));
        const auto sound = scan(options_.path);
        VERIFY_ONCE(sound);
        QVERIFY(sound.value().checked);
        const QByteArray whole = content();
        const auto pages = whole.size() / options_.pageBytes;
        QVERIFY(pages > 20);
        QCOMPARE(sound.value().pages, static_cast<std::uint64_t>(pages));
        for (qsizetype page = 0; page < pages; ++page) {
            QByteArray flipped = whole;
            const qsizetype at = page * options_.pageBytes + 100 + page % 900;
            flipped[at] = static_cast<char>(flipped[at] ^ 32);
            write(flipped);
            const auto found = scan(options_.path);
            QVERIFY2(!found.ok(), std::to_string(page).c_str());
            const std::string place = fmt::format(":offset {}", page * options_.pageBytes);
            QVERIFY2(found.error().where.ends_with(place), found.error().where.c_str());
        }
        write(whole.left(whole.size() - 500));
        QVERIFY(scan(options_.path).error().what.find("cut short") != std::string::npos);
        write(whole.left(whole.size() - static_cast<qsizetype>(options_.pageBytes)));
        QVERIFY(scan(options_.path).error().what.find("cut short") != std::string::npos);
        write({});
        QVERIFY(!scan(options_.path).ok());
    }
    void aFileThatLostItsMarkIsDamaged() {
        VERIFY_ONCE(fill(1));
        QByteArray bytes = content();
        bytes[20] = 0;  // reserved bytes per page
        write(bytes);
        QVERIFY(!scan(options_.path).ok());
        const auto refused = opened();
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::Corrupt);
    }
    void pagesThatWaitInTheLogAreNotJudged() {
        VERIFY_ONCE(fill(1));
        auto unit = opened();
        VERIFY_ONCE(unit);
        const Workload load(3, 50, 200, 10);
        for (EntryRef entry : load.entries()) {
            entry.lsn += 200;
            VERIFY_ONCE(unit.value()->apply(entry));
        }
        VERIFY_ONCE(finished(unit.value()->makeFlush(UINT64_MAX)));  // not checkpointed
        const auto seen = scan(options_.path);
        VERIFY_ONCE(seen);
        QVERIFY(seen.value().waiting > 0);
    }
};
TRIBUTARY_TEST(TestStateFile)
#include "tst_statefile.moc"
