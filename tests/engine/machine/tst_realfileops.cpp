// The file suite on the real disk and behind healthy fault switches; modes, owners and a disk that is really full.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include "engine/machine/faultyfileops.h"
#include "engine/machine/realfile.h"
#include "engine/machine/realfileops.h"
#include "fileopssuite.h"
#include "testmain.h"

namespace tributary::engine::test {

class RealWorld : public FileOpsWorld {
public:
    FileOps& files() override { return files_; }
    [[nodiscard]] std::string dir() const override { return dir_.path().toStdString(); }

private:
    QTemporaryDir dir_{QDir::tempPath() + QStringLiteral("/tributary files XXXXXX")};
    RealFileOps files_;
};

class HealthyWorld final : public RealWorld {
public:
    FileOps& files() override { return faulty_; }

private:
    FaultyFileOps faulty_{RealWorld::files()};
};

class RealFileOpsSuiteTest final : public FileOpsSuite {
    Q_OBJECT
protected:
    std::unique_ptr<FileOpsWorld> makeWorld() override { return std::make_unique<RealWorld>(); }
};

class HealthyFileOpsSuiteTest final : public FileOpsSuite {
    Q_OBJECT
protected:
    std::unique_ptr<FileOpsWorld> makeWorld() override { return std::make_unique<HealthyWorld>(); }
};

class RealFileOpsTest final : public QObject {
    Q_OBJECT

private slots:
    void secretsAreForTheirUserOnly() {
        RealWorld world;
        const std::string path = world.dir() + "/secret";
        QVERIFY_OK(world.files().replace(path, "s", true));
        struct stat found {};
        QCOMPARE(::stat(path.c_str(), &found), 0);
        QCOMPARE(found.st_mode & 0777U, 0600U);
    }

    void lockNamesItsOwner() {
        RealWorld world;
        const std::string path = world.dir() + "/lock";
        auto held = world.files().lock(path);
        QVERIFY_OK(held);
        const auto second = world.files().lock(path);
        QVERIFY(!second.ok());
        const std::string pid = std::to_string(::getpid());
        QVERIFY2(second.error().what.find("process " + pid) != std::string::npos, second.error().full().c_str());
        QCOMPARE(world.files().readAll(path).valueOr({}), pid + "\n");
    }

    /// The size that a pipe tells is 0, whatever is in it.
    void anInputIsReadToItsEnd() {
        RealWorld world;
        int ends[2] = {-1, -1};
        QCOMPARE(::pipe2(ends, O_CLOEXEC), 0);
        QCOMPARE(::write(ends[1], "one\ntwo", 7), ssize_t{7});
        const auto input = world.files().openInput("/dev/fd/" + std::to_string(ends[0]));
        QVERIFY_OK(input);
        ::close(ends[0]);
        ::close(ends[1]);
        QCOMPARE((*input)->read(0, 3).valueOr({}), Bytes("one"));
        QCOMPARE((*input)->read(3, 100).valueOr({}), Bytes("\ntwo"));
        QCOMPARE((*input)->read(7, 100).valueOr("?"), Bytes());
        QCOMPARE((*input)->read(0, 1).error().code, ErrorCode::Internal);

        const std::string readOnly = world.dir() + "/given by another";
        QVERIFY_OK(world.files().replace(readOnly, "rows"));
        QCOMPARE(::chmod(readOnly.c_str(), 0400), 0);
        const auto file = world.files().openInput(readOnly);
        QVERIFY_OK(file);
        QCOMPARE((*file)->read(0, 100).valueOr({}), Bytes("rows"));
        QCOMPARE((*file)->write(0, "x").ok(), false);

        const auto memory = world.files().openInput("/proc/self/mem");
        if (!memory) QSKIP("there is no /proc/self/mem here");
        QCOMPARE((*memory)->read(0, 100).error().code, ErrorCode::Io);
    }

    void fullDiskIsTold() {
        const int fd = ::open("/dev/full", O_RDWR | O_CLOEXEC);
        if (fd < 0) QSKIP("there is no /dev/full here");
        RealFile file(fd, "/dev/full");
        const Status one = file.write(0, "x");
        QVERIFY(!one.ok());
        QCOMPARE(one.error().code, ErrorCode::DiskFull);
        QCOMPARE(file.writeGathered(0, {"x", "y"}).error().code, ErrorCode::DiskFull);
    }

    void errnoBecomesACode_data() {
        QTest::addColumn<int>("number");
        QTest::addColumn<int>("code");
        QTest::newRow("ENOSPC") << ENOSPC << static_cast<int>(ErrorCode::DiskFull);
        QTest::newRow("EDQUOT") << EDQUOT << static_cast<int>(ErrorCode::DiskFull);
        QTest::newRow("ENOENT") << ENOENT << static_cast<int>(ErrorCode::NotFound);
        QTest::newRow("EACCES") << EACCES << static_cast<int>(ErrorCode::PermissionDenied);
        QTest::newRow("EIO") << EIO << static_cast<int>(ErrorCode::Io);
    }
    void errnoBecomesACode() {
        QFETCH(const int, number);
        QFETCH(const int, code);
        const Error error = fileError("write", number, "/volume/segment");
        QCOMPARE(static_cast<int>(error.code), code);
        QVERIFY(error.text().find("/volume/segment: cannot write: ") == 0);
    }
};

TRIBUTARY_TEST(RealFileOpsSuiteTest)
TRIBUTARY_TEST(HealthyFileOpsSuiteTest)
TRIBUTARY_TEST(RealFileOpsTest)

}  // namespace tributary::engine::test

#include "tst_realfileops.moc"
