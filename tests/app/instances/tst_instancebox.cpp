// The door of an instance that does not open: not running, silent, and not ready are told apart.
#include "app/instances/instancebox.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <QDir>
#include <QTemporaryDir>

#include "app/daemon/doorkey.h"
#include "engine/machine/realfileops.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

namespace {

constexpr Millis kPatienceMs = 50;

/// Takes connections and says nothing, as a process that is stopped does.
class SilentDoor {
public:
    explicit SilentDoor(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof(address.sun_path) - 1);
        isOpen =
            ::bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0 && ::listen(fd_, 8) == 0;
    }
    ~SilentDoor() { ::close(fd_); }
    SilentDoor(const SilentDoor&) = delete;
    SilentDoor& operator=(const SilentDoor&) = delete;
    bool isOpen = false;

private:
    int fd_;
};

}  // namespace

class TestInstanceBox : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;
    engine::RealFileOps files_;

    /// An instance that has a key, and neither process nor socket.
    InstancePlace place(const char* name) {
        InstancePlace at{"app", name, dir_.path().toStdString()};
        (void)files_.makeDirs(at.runFolder());
        (void)files_.makeDirs(at.libFolder());
        (void)makeDoorKey(at.keyFile());
        return at;
    }
    static Error knock(const InstancePlace& at) {
        const auto box = InstanceBox::connect(at, kPatienceMs);
        return box ? Error{ErrorCode::Internal, "somebody answered", {}, {}} : box.error();
    }

private slots:
    void whoHasNoProcessIsNotRunning() {
        const InstancePlace at = place("a");
        const Error told = knock(at);
        QCOMPARE(told.code, ErrorCode::Unavailable);
        QCOMPARE(told.what, std::string("instance app:a is not running"));
        QCOMPARE(told.fix, std::string("tributary tt start app:a"));
        // Nor is one that was never started.
        const Error never = knock({"app", "never", dir_.path().toStdString()});
        QCOMPARE(never.what, std::string("instance app:never is not running"));
    }
    void whoIsSilentDoesNotAnswer() {
        const InstancePlace at = place("b");
        const SilentDoor door(at.controlSocket());
        QVERIFY(door.isOpen);
        const Error alone = knock(at);
        QCOMPARE(alone.code, ErrorCode::Timeout);
        QCOMPARE(alone.what, std::string("instance app:b does not answer"));
        const auto lock = files_.lock(at.lockFile());
        QVERIFY_OK(lock);
        const Error held = knock(at);
        QCOMPARE(held.code, ErrorCode::Timeout);
        QCOMPARE(held.what, "process " + std::to_string(::getpid()) + " runs instance app:b and does not answer");
    }
    void whoHasNoSocketYetIsNotReady() {
        const InstancePlace at = place("c");
        const auto lock = files_.lock(at.lockFile());
        QVERIFY_OK(lock);
        const Error told = knock(at);
        QCOMPARE(told.code, ErrorCode::Unavailable);
        QVERIFY2(told.what.ends_with("does not answer: it is starting or stopping"), told.what.c_str());
        QVERIFY(told.fix.find(at.logFile()) != std::string::npos);
    }
    void aKeyThatOthersCanReadIsNoReasonToStartIt() {
        const InstancePlace at = place("d");
        QFile::setPermissions(QString::fromStdString(at.keyFile()), QFile::ReadOwner | QFile::ReadGroup);
        QCOMPARE(knock(at).code, ErrorCode::PermissionDenied);
        QVERIFY(knock(at).what.find("not running") == std::string::npos);
    }
};

TRIBUTARY_TEST(TestInstanceBox)
#include "tst_instancebox.moc"
