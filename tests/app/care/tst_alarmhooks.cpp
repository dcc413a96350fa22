// A program per event, in order, bounded in number and time, its words in the log.
#include <QElapsedTimer>
#include <QTemporaryDir>

#include "app/daemon/alarmhooks.h"
#include "spawn.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
using tributary::test::fileText;

class AlarmHooksTest : public QObject {
    Q_OBJECT

    struct HookLog {
        std::mutex mutex;
        QStringList lines;

        void add(const std::string& line) {
            const std::lock_guard lock(mutex);
            lines << QString::fromStdString(line);
        }
        [[nodiscard]] bool has(const QString& part) {
            const std::lock_guard lock(mutex);
            return lines.join(QLatin1Char('\n')).contains(part);
        }
    };

private slots:
    void init() { log_ = std::make_unique<HookLog>(); }

    void everyEventRunsTheProgramInOrderWithItsVariables() {
        const QString out = dir_.filePath(QStringLiteral("events"));
        AlarmHooks hooks(options({"/bin/sh", "-c",
                                  "echo \"$TRIBUTARY_ALARM_EVENT $TRIBUTARY_ALARM $TRIBUTARY_ALARM_CLUSTER "
                                  "$TRIBUTARY_ALARM_ENTITY $TRIBUTARY_ALARM_AT $TRIBUTARY_WORKSPACE "
                                  "[$TRIBUTARY_ALARM_DESCRIPTION]\" >>" +
                                      out.toStdString()}));
        hooks.report({true, "sf", "DISK_FULL", "node 1", "a; `b` \"c\" $d", 0});
        hooks.report({false, "sf", "DISK_FULL", "node 1", "gone", 1'000});
        const QByteArray wanted =
            "raised DISK_FULL sf node 1 1970-01-01T00:00:00.000Z /ws [a; `b` \"c\" $d]\n"
            "cleared DISK_FULL sf node 1 1970-01-01T00:00:01.000Z /ws [gone]\n";
        QTRY_COMPARE(fileText(out), wanted);
    }

    void whatItSaysAndHowItEndsIsLogged() {
        AlarmHooks hooks(options({"/bin/sh", "-c", "echo first; echo second >&2; exit 3"}));
        hooks.report({true, "sf", "A", "e", "d", 0});
        QTRY_VERIFY(log_->has(QStringLiteral("hook alarm: it ended with 3")));
        QVERIFY(log_->has(QStringLiteral("hook alarm says: first")));
        QVERIFY(log_->has(QStringLiteral("hook alarm says: second")));
    }

    void itRunsInAFolderOfItsOwn() {
        AlarmHooks hooks(options({"/bin/sh", "-c", "echo left >behind; ls -ld . | cut -c1-10"}));
        hooks.report({true, "sf", "A", "e", "d", 0});
        QTRY_VERIFY(log_->has(QStringLiteral("hook alarm says: drwx------")));
        QCOMPARE(fileText(dir_.filePath(QStringLiteral("own/behind"))), QByteArray("left\n"));
    }

    void oneThatDoesNotStartIsLogged() {
        AlarmHooks hooks(options({"/nowhere/hook"}));
        hooks.report({true, "sf", "A", "e", "d", 0});
        QTRY_VERIFY(log_->has(QStringLiteral("hook alarm: it cannot be started: No such file or directory")));
    }

    void oneThatHangsIsEndedWithItsChildren() {
        const QString pidFile = dir_.filePath(QStringLiteral("child"));
        auto made = options({"/bin/sh", "-c", "sleep 600 & echo $! >" + pidFile.toStdString() + "; wait"});
        made.timeoutMs = 300;
        AlarmHooks hooks(made);
        hooks.report({true, "sf", "A", "e", "d", 0});
        QTRY_VERIFY(log_->has(QStringLiteral("hook alarm: ended after 300 ms")));
        const int child = fileText(pidFile).trimmed().toInt();
        QVERIFY(child > 0);
        QTRY_VERIFY(!QFile::exists(QStringLiteral("/proc/%1").arg(child)) ||
                    fileText(QStringLiteral("/proc/%1/stat").arg(child)).contains(") Z "));
    }

    void reportersNeverWaitAndAFloodIsBounded() {
        const QString out = dir_.filePath(QStringLiteral("flood"));
        const QString go = dir_.filePath(QStringLiteral("go"));
        AlarmHooks hooks(
            options({"/bin/sh", "-c",
                     "while [ ! -e '" + go.toStdString() + "' ]; do sleep 0.01; done; echo x >>" + out.toStdString()}));
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < 300; ++i) hooks.report({true, "sf", "A", "e", "d", i});
        QVERIFY(timer.elapsed() < 1'000);
        QFile(go).open(QIODevice::WriteOnly);
        QTRY_VERIFY(log_->has(QStringLiteral("events came too fast and were dropped")));
    }

    void theEndDoesNotWaitForAProgram() {
        QElapsedTimer timer;
        {
            AlarmHooks hooks(options({"/bin/sleep", "600"}));
            hooks.report({true, "sf", "A", "e", "d", 0});
            hooks.report({true, "sf", "B", "e", "d", 0});
            QTRY_VERIFY(log_->has(QStringLiteral("raised A")));
            timer.start();
        }
        QVERIFY(timer.elapsed() < 3'000);
        QVERIFY(log_->has(QStringLiteral("ended with the daemon")));
        QVERIFY(log_->has(QStringLiteral("1 events are dropped at the end")));
    }

private:
    AlarmHooks::Options options(std::vector<std::string> command) {
        return {std::move(command), 30'000, "/ws", [this](const std::string& line) { log_->add(line); },
                dir_.filePath(QStringLiteral("own")).toStdString()};
    }

    QTemporaryDir dir_;
    std::unique_ptr<HookLog> log_;
};
TRIBUTARY_TEST(AlarmHooksTest)
#include "tst_alarmhooks.moc"
