// The file suite on the simulated disk, and what a power cut leaves of it.
#include <QTest>

#include "engine/sim/simfileops.h"
#include "fileopssuite.h"
#include "testmain.h"

namespace tributary::engine::sim::test {

class SimFileOpsWorld final : public engine::test::FileOpsWorld {
public:
    SimFileOpsWorld() { (void)disk_.makeDirs("/a folder"); }
    FileOps& files() override { return files_; }
    [[nodiscard]] std::string dir() const override { return "/a folder"; }

private:
    CrashDisk disk_;
    SimFileOps files_{disk_};
};

class SimFileOpsSuiteTest final : public engine::test::FileOpsSuite {
    Q_OBJECT
protected:
    std::unique_ptr<engine::test::FileOpsWorld> makeWorld() override { return std::make_unique<SimFileOpsWorld>(); }
};

class SimFileOpsTest final : public QObject {
    Q_OBJECT
private slots:
    void replacedFileSurvivesEveryPowerCutWhole() {
        for (std::uint64_t seed = 1; seed <= 50; ++seed) {
            CrashDisk disk;
            SimFileOps files(disk);
            QVERIFY_OK(files.makeDirs("/v"));
            QVERIFY_OK(files.replace("/v/record", Bytes(5'000, 'a'), false));
            disk.cutPowerAfter(seed % 6);
            const bool done = files.replace("/v/record", Bytes(7'000, 'b'), false).ok();
            disk.crash(seed);
            const Bytes left = files.readAll("/v/record").valueOr({});
            QVERIFY(left == Bytes(7'000, 'b') || (!done && left == Bytes(5'000, 'a')));
        }
    }
    void unsyncedWritesMayBeLost() {
        bool lost = false;
        for (std::uint64_t seed = 1; seed <= 50 && !lost; ++seed) {
            CrashDisk disk;
            SimFileOps files(disk);
            QVERIFY_OK(files.makeDirs("/v"));
            {
                auto file = files.open("/v/f", FileOps::Open::Create);
                QVERIFY_OK(file);
                QVERIFY_OK(file.value()->write(0, Bytes(2'000, 's')));
                QVERIFY_OK(file.value()->sync());
                QVERIFY_OK(files.syncDir("/v"));
                QVERIFY_OK(file.value()->write(2'000, Bytes(2'000, 'u')));
            }
            disk.crash(seed);
            const Bytes left = files.readAll("/v/f").valueOr({});
            QCOMPARE(left.substr(0, 2'000), Bytes(2'000, 's'));
            lost = left != Bytes(2'000, 's') + Bytes(2'000, 'u');
        }
        QVERIFY(lost);
    }
    void fullDiskTellsNoFreeSpace() {
        CrashDisk disk;
        SimFileOps files(disk);
        QVERIFY_OK(files.makeDirs("/v"));
        disk.setCapacityBytes(1'000);
        QCOMPARE(files.replace("/v/f", Bytes(2'000, 'x'), false).error().code, ErrorCode::DiskFull);
        QCOMPARE(files.freeBytes("/v").valueOr(0), std::uint64_t{1'000});
    }
};

TRIBUTARY_TEST(SimFileOpsSuiteTest)
TRIBUTARY_TEST(SimFileOpsTest)

}  // namespace tributary::engine::sim::test

#include "tst_simfileops.moc"
