// A full disk and a slow one on request, also for files that are already open.
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>
#include <thread>

#include "engine/machine/faultyfileops.h"
#include "engine/machine/realfileops.h"
#include "testmain.h"

namespace tributary::engine::test {

class FaultyFileOpsTest final : public QObject {
    Q_OBJECT

    struct Disk {
        QTemporaryDir dir;
        RealFileOps real;
        FaultyFileOps files{real};
        [[nodiscard]] std::string path(const char* name) const { return dir.path().toStdString() + "/" + name; }
    };

private slots:
    void fullDiskRefusesWritesAndKeepsWhatIsThere() {
        Disk disk;
        auto file = disk.files.open(disk.path("log"), FileOps::Open::Create);
        QVERIFY_OK(file);
        QVERIFY_OK((*file)->write(0, "before"));
        disk.files.makeFull();
        QCOMPARE((*file)->write(0, "during").error().code, ErrorCode::DiskFull);
        QCOMPARE((*file)->writeGathered(0, {"during"}).error().code, ErrorCode::DiskFull);
        QCOMPARE(disk.files.replace(disk.path("record"), "x").error().code, ErrorCode::DiskFull);
        QCOMPARE(disk.files.makeDirs(disk.path("folder")).error().code, ErrorCode::DiskFull);
        QCOMPARE(disk.files.open(disk.path("new"), FileOps::Open::Create).error().code, ErrorCode::DiskFull);
        QCOMPARE(disk.files.freeBytes(disk.path("")).valueOr(1), std::uint64_t{0});
        QCOMPARE((*file)->read(0, 100).valueOr({}), Bytes("before"));
        QVERIFY_OK((*file)->sync());
        QCOMPARE(disk.files.list(disk.dir.path().toStdString()).valueOr({}), std::vector<std::string>{"log"});
        disk.files.heal();
        QVERIFY_OK((*file)->write(0, "after!"));
        QCOMPARE((*file)->read(0, 100).valueOr({}), Bytes("after!"));
    }

    void slowDiskDelaysEachSyncAndNothingElse() {
        Disk disk;
        auto file = disk.files.open(disk.path("log"), FileOps::Open::Create);
        QVERIFY_OK(file);
        disk.files.makeSlow(120);
        QElapsedTimer clock;
        clock.start();
        QVERIFY_OK((*file)->write(0, "quick"));
        QVERIFY(clock.elapsed() < 120);
        clock.restart();
        QVERIFY_OK((*file)->sync());
        QVERIFY(clock.elapsed() >= 119);
    }

    void healEndsAWaitingSync() {
        Disk disk;
        auto file = disk.files.open(disk.path("log"), FileOps::Open::Create);
        QVERIFY_OK(file);
        disk.files.makeSlow(600'000);
        Status synced = okStatus();
        std::thread worker([&] { synced = (*file)->sync(); });
        disk.files.heal();
        worker.join();  // for ten minutes, were the heal not heard
        QVERIFY_OK(synced);
        QCOMPARE(disk.files.state().disk, FaultyFileOps::Disk::Ok);
    }
};

TRIBUTARY_TEST(FaultyFileOpsTest)

}  // namespace tributary::engine::test

#include "tst_faultyfileops.moc"
