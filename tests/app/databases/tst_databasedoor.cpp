// What is said of a host that does not answer: whether it runs.
#include "app/databases/databasedoor.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <QDir>
#include <QTemporaryDir>
#include <cstring>

#include "app/daemon/doorkey.h"
#include "engine/machine/realfileops.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

class TestDatabaseDoor : public QObject {
    Q_OBJECT
private slots:
    void init() {
        dir_ = std::make_unique<QTemporaryDir>();
        QVERIFY(dir_->isValid());
        place_ = HostPlace{"east", "east1", dir_->path().toStdString() + "/e"};
        QVERIFY(QDir().mkpath(QString::fromStdString(place_.root())));
        QVERIFY_OK(makeDoorKey(place_.keyFile()));
    }

    void whereNobodyListensItDoesNotRun() {
        const auto door = DatabaseDoor::connect(place_, 50);
        QVERIFY(!door);
        QCOMPARE(door.error().code, ErrorCode::Unavailable);
        QCOMPARE(door.error().what, std::string("host east/east1 is not running"));
        QVERIFY(door.error().fix.find("voltdb start") != std::string::npos);
    }

    void whereSomebodyHoldsTheLockItIsNotSaidToBeDown() {
        engine::RealFileOps files;
        QVERIFY_OK(files.makeDirs(place_.volume()));
        const auto lock = files.lock(place_.lockFile());
        QVERIFY_OK(lock);
        const auto door = DatabaseDoor::connect(place_, 50);
        QVERIFY(!door);
        QCOMPARE(door.error().code, ErrorCode::Unavailable);
        QVERIFY2(door.error().what.find("not running") == std::string::npos, door.error().what.c_str());
        QVERIFY2(door.error().what.find("starting or stopping") != std::string::npos, door.error().what.c_str());
    }

    /// As one whose thread is busy: the system takes the connection, and nobody says a word.
    void oneThatSaysNothingRuns() {
        const std::string path = place_.controlSocket();
        const int listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
        QVERIFY(listener >= 0);
        sockaddr_un named{};
        named.sun_family = AF_UNIX;
        QVERIFY(path.size() < sizeof(named.sun_path));
        std::memcpy(named.sun_path, path.c_str(), path.size() + 1);
        QCOMPARE(::bind(listener, reinterpret_cast<const sockaddr*>(&named), sizeof(named)), 0);
        QCOMPARE(::listen(listener, 4), 0);
        const auto door = DatabaseDoor::connect(place_, 50);
        ::close(listener);
        QVERIFY(!door);
        QCOMPARE(door.error().code, ErrorCode::Timeout);
        QVERIFY2(door.error().what.starts_with("host east/east1 does not answer"), door.error().what.c_str());
        QVERIFY2(door.error().what.find("not running") == std::string::npos, door.error().what.c_str());
        QVERIFY(door.error().fix.find(place_.logFile()) != std::string::npos);
    }

private:
    std::unique_ptr<QTemporaryDir> dir_;
    HostPlace place_;
};
TRIBUTARY_TEST(TestDatabaseDoor)
#include "tst_databasedoor.moc"
