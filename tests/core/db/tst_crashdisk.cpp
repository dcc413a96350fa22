// What survives a power cut on the simulated disk, and what need not.
#include "core/db/crashdisk.h"

#include "tests/core/db/verifyonce.h"

using namespace tributary;

namespace {

CrashDisk::Handle opened(CrashDisk& disk, const std::string& path) {
    return disk.open(path, CrashDisk::Open::Create).valueOr({});
}

Bytes contents(CrashDisk& disk, const std::string& path) {
    const auto file = disk.open(path, CrashDisk::Open::Existing);
    if (!file.ok()) return "<missing>";
    Bytes out(disk.size(file.value()).valueOr(0), '\0');
    (void)disk.read(file.value(), 0, out.data(), out.size());
    return out;
}

}  // namespace

class TestCrashDisk : public QObject {
    Q_OBJECT
private slots:
    void keepsWhatWasSynced() {
        for (std::uint64_t seed = 0; seed < 50; ++seed) {
            CrashDisk disk;
            const auto file = opened(disk, "/f");
            VERIFY_ONCE(disk.write(file, 0, "synced"));
            VERIFY_ONCE(disk.sync(file));
            VERIFY_ONCE(disk.syncDir("/"));
            disk.crash(seed);
            QCOMPARE(contents(disk, "/f"), Bytes("synced"));
        }
    }
    void tearsUnsyncedWritesBySectors() {
        bool kept = false;
        bool lost = false;
        bool torn = false;
        const Bytes before(4 * CrashDisk::kSectorBytes, 'a');
        const Bytes after(4 * CrashDisk::kSectorBytes, 'b');
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            CrashDisk disk;
            const auto file = opened(disk, "/f");
            VERIFY_ONCE(disk.write(file, 0, before));
            VERIFY_ONCE(disk.sync(file));
            VERIFY_ONCE(disk.syncDir("/"));
            VERIFY_ONCE(disk.write(file, 0, after));
            disk.crash(seed);
            const Bytes now = contents(disk, "/f");
            QCOMPARE(now.size(), before.size());
            for (std::size_t at = 0; at < now.size(); at += CrashDisk::kSectorBytes) {
                const Bytes sector = now.substr(at, CrashDisk::kSectorBytes);
                QVERIFY(sector == before.substr(0, sector.size()) || sector == after.substr(0, sector.size()));
            }
            kept |= now == after;
            lost |= now == before;
            torn |= now != after && now != before;
        }
        QVERIFY(kept && lost && torn);
    }
    void bringsBackWhatALostTruncationCut() {
        bool back = false;
        bool cut = false;
        const Bytes data(1300, 'x');
        for (std::uint64_t seed = 0; seed < 100; ++seed) {
            CrashDisk disk;
            const auto file = opened(disk, "/f");
            VERIFY_ONCE(disk.write(file, 0, data));
            VERIFY_ONCE(disk.sync(file));
            VERIFY_ONCE(disk.syncDir("/"));
            VERIFY_ONCE(disk.truncate(file, 100));
            disk.crash(seed);
            const Bytes now = contents(disk, "/f");
            QVERIFY(now == data || now == data.substr(0, 100));
            back |= now == data;
            cut |= now != data;
        }
        QVERIFY(back && cut);
    }
    void forgetsNamesInOrderUntilTheFolderIsSynced() {
        std::set<std::string> seen;
        for (std::uint64_t seed = 0; seed < 100; ++seed) {
            CrashDisk disk;
            const auto a = opened(disk, "/a");
            VERIFY_ONCE(disk.sync(a));
            VERIFY_ONCE(disk.rename("/a", "/b"));
            disk.crash(seed);
            seen.insert(std::string(disk.exists("/a") ? "a" : "") + (disk.exists("/b") ? "b" : ""));
        }
        QVERIFY((seen == std::set<std::string>{"", "a", "b"}));
        CrashDisk strict;
        (void)opened(strict, "/a");
        VERIFY_ONCE(strict.rename("/a", "/b"));
        VERIFY_ONCE(strict.syncDir("/"));
        strict.crash(3);
        QVERIFY(strict.exists("/b") && !strict.exists("/a"));
        CrashDisk easy({1, UINT64_MAX, true});
        (void)opened(easy, "/a");
        easy.crash(3);
        QVERIFY(easy.exists("/a"));
    }
    void refusesOldHandlesAfterACrash() {
        CrashDisk disk;
        const auto file = opened(disk, "/f");
        disk.crash(1);
        QCOMPARE(disk.write(file, 0, "x").error().code, ErrorCode::Io);
        QVERIFY(!disk.size(file).ok());
    }
    void cutsPowerAtAChosenOperation() {
        CrashDisk disk;
        const auto file = opened(disk, "/f");
        disk.cutPowerAfter(1);
        VERIFY_ONCE(disk.write(file, 0, "x"));
        QVERIFY(!disk.sync(file).ok());
        QVERIFY(disk.powerIsOff());
        QVERIFY(!disk.write(file, 0, "y").ok());
        disk.crash(1);
        QVERIFY(!disk.powerIsOff());
        VERIFY_ONCE(disk.open("/g", CrashDisk::Open::CreateNew));
    }
    void refusesWritesBeyondItsCapacity() {
        CrashDisk disk({1, 1000, false});
        const auto file = opened(disk, "/f");
        VERIFY_ONCE(disk.write(file, 0, Bytes(1000, 'x')));
        QCOMPARE(disk.write(file, 1000, "y").error().code, ErrorCode::DiskFull);
        VERIFY_ONCE(disk.write(file, 500, "overwriting needs no space"));
        disk.setCapacityBytes(2000);
        VERIFY_ONCE(disk.write(file, 1000, "y"));
    }
    void injectsFaultsWithoutEffect() {
        CrashDisk disk;
        const auto file = opened(disk, "/f");
        disk.setFaultHook([](DiskOperation operation, const std::string&) {
            return operation == DiskOperation::Write ? std::optional(ErrorCode::Io) : std::nullopt;
        });
        QCOMPARE(disk.write(file, 0, "x").error().code, ErrorCode::Io);
        QCOMPARE(disk.size(file).valueOr(9), std::uint64_t{0});
    }
    void listsFoldersAndRemovesTrees() {
        CrashDisk disk;
        VERIFY_ONCE(disk.makeDirs("/v/log"));
        QCOMPARE(disk.open("/w/f", CrashDisk::Open::Create).error().code, ErrorCode::NotFound);
        (void)opened(disk, "/v/log/2");
        (void)opened(disk, "/v/log/1");
        (void)opened(disk, "/v/f");
        QCOMPARE(disk.list("/v").valueOr({}), (std::vector<std::string>{"f", "log"}));
        QCOMPARE(disk.list("/v/log").valueOr({}), (std::vector<std::string>{"1", "2"}));
        QCOMPARE(disk.list("/").valueOr({}), (std::vector<std::string>{"v"}));
        VERIFY_ONCE(disk.removeTree("/v/log"));
        QVERIFY(!disk.exists("/v/log") && !disk.exists("/v/log/1") && disk.exists("/v/f"));
    }
};
TRIBUTARY_TEST(TestCrashDisk)
#include "tst_crashdisk.moc"
