// Who lives, who is only a name in the table of processes, and who holds a lock.
#include "app/daemon/processes.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <QProcess>
#include <QTemporaryDir>

#include "engine/machine/realfileops.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

class ProcessesTest : public QObject {
    Q_OBJECT

    /// A child that waits until it is killed.
    static pid_t sleeper() {
        const pid_t child = ::fork();
        if (child == 0) {
            while (true) ::pause();
        }
        return child;
    }

private slots:
    void aProcessIsKnownByNumberAndStart() {
        const ProcessId self{::getpid(), startTicksOf(::getpid())};
        QVERIFY(self.startTicks > 0);
        QCOMPARE(stateOf(self), ProcessState::Running);
        QCOMPARE(stateOf({self.pid, 0}), ProcessState::Running);
        QCOMPARE(stateOf({self.pid, self.startTicks + 1}), ProcessState::Gone);  // another one took the number
        QCOMPARE(stateOf({0, 0}), ProcessState::Gone);
        QCOMPARE(stateOf({1, 0}), ProcessState::Running);  // somebody else's, perhaps
    }

    void aStoppedOneIsToldFromARunningOne() {
        const pid_t child = sleeper();
        QCOMPARE(stateOf({child, 0}), ProcessState::Running);
        QCOMPARE(::kill(child, SIGSTOP), 0);
        QTRY_COMPARE(stateOf({child, 0}), ProcessState::Stopped);
        QCOMPARE(::kill(child, SIGCONT), 0);
        QTRY_COMPARE(stateOf({child, 0}), ProcessState::Running);
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
    }

    void aZombieIsGone() {
        const pid_t child = sleeper();
        ::kill(child, SIGKILL);
        QTRY_COMPARE(stateOf({child, 0}), ProcessState::Gone);
        QCOMPARE(::kill(child, 0), 0);  // its number is still taken: nobody fetched its exit code
        ::waitpid(child, nullptr, 0);
        QCOMPARE(stateOf({child, 0}), ProcessState::Gone);
    }

    void theHolderOfALockIsFoundWithoutTakingIt() {
        const std::string path = dir_.filePath(QStringLiteral("lock")).toStdString();
        QVERIFY(!holderOfLock(path).value());  // no file, no holder
        engine::RealFileOps files;
        {
            const auto lock = files.lock(path);
            QVERIFY_OK(lock);
            QCOMPARE(holderOfLock(path).value().value_or(0), std::int64_t{::getpid()});
        }
        QVERIFY(!holderOfLock(path).value());
    }

private:
    QTemporaryDir dir_;
};
TRIBUTARY_TEST(ProcessesTest)
#include "tst_processes.moc"
