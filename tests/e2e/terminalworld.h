// A workspace driven through the built executable, as a person would: new, up, verbs, kill -9, down.
#pragma once

#include <signal.h>

#include <QElapsedTimer>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>
#include <QTest>
#include <memory>
#include <vector>

namespace tributary::test {

/// What a verb printed and how it ended.
struct Ran {
    int code = -1;
    QString out;
    QString err;
    [[nodiscard]] QString all() const { return out + err; }
};

/// One temporary workspace (its path has a space). Stops every process that it started.
class TerminalWorld {
public:
    explicit TerminalWorld(const QString& example) {
        // A failed start shows in the first verb of the test.
        (void)run({QStringLiteral("new"), dir(), QStringLiteral("--example"), example});
    }
    ~TerminalWorld() {
        for (auto& process : background_) {
            process->kill();
            process->waitForFinished(5'000);
        }
        (void)verb(QStringLiteral("down"));
    }

    [[nodiscard]] QString dir() const { return temporary_.path() + QStringLiteral("/my workspace"); }
    static QString executable() {
        const QString given = qEnvironmentVariable("TRIBUTARY_EXE");
        return given.isEmpty() ? QStringLiteral(TRIBUTARY_BINARY_DIR "/bin/tributary") : given;
    }
    /// Runs with these words and no workspace option.
    static Ran run(const QStringList& words, int timeoutMs = 120'000) {
        QProcess process;
        process.setStandardInputFile(QProcess::nullDevice());
        process.start(executable(), words);
        Ran ran;
        if (!process.waitForFinished(timeoutMs)) {
            process.kill();
            process.waitForFinished();
            ran.err = QStringLiteral("timed out: ") + words.join(QLatin1Char(' '));
            return ran;
        }
        ran.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
        ran.out = QString::fromUtf8(process.readAllStandardOutput());
        ran.err = QString::fromUtf8(process.readAllStandardError());
        return ran;
    }
    /// Runs a command line in this workspace; words are split at blanks.
    [[nodiscard]] Ran verb(const QString& line, int timeoutMs = 120'000) const { return run(words(line), timeoutMs); }
    [[nodiscard]] QStringList words(const QString& line) const {
        QStringList list{QStringLiteral("-w"), dir()};
        return list + line.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    }
    /// Starts a verb that goes on; ended with the world at the latest.
    QProcess& start(const QString& line) {
        background_.push_back(std::make_unique<QProcess>());
        QProcess& process = *background_.back();
        process.setStandardInputFile(QProcess::nullDevice());
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(executable(), words(line));
        return process;
    }
    static void terminate(QProcess& process) {
        process.terminate();
        process.waitForFinished(30'000);
    }
    /// What the engine wrote about a cluster; empty when it never ran.
    [[nodiscard]] QJsonObject ports(const QString& cluster) const {
        QFile file(dir() + QStringLiteral("/.tributary/clusters/") + cluster + QStringLiteral("/ports.json"));
        if (!file.open(QIODevice::ReadOnly)) return {};
        return QJsonDocument::fromJson(file.readAll()).object();
    }
    /// The process that owns a cluster; 0 when none ever did.
    [[nodiscard]] int daemonPid(const QString& cluster) const {
        return ports(cluster).value(QStringLiteral("pid")).toInt();
    }
    /// Where its first gateway listens.
    [[nodiscard]] quint16 gatewayPort(const QString& cluster) const {
        const QJsonObject gateway = ports(cluster).value(QStringLiteral("gateways")).toArray().at(0).toObject();
        const QString endpoint = gateway.value(QStringLiteral("endpoint")).toString();
        return endpoint.section(QLatin1Char(':'), -1).toUShort();
    }
    /// kill -9 of the process that owns a cluster.
    void killDaemon(const QString& cluster) const {
        const int pid = daemonPid(cluster);
        if (pid <= 1) return;
        ::kill(pid, SIGKILL);
        (void)QTest::qWaitFor([pid] { return ::kill(pid, 0) != 0; }, 5'000);
    }
    /// Repeats a verb until it ends with 0; what it printed last otherwise.
    [[nodiscard]] Ran until0(const QString& line, int timeoutMs = 60'000) const {
        QElapsedTimer timer;
        timer.start();
        Ran ran = verb(line);
        while (ran.code != 0 && timer.elapsed() < timeoutMs) {
            ran = verb(line);
        }
        return ran;
    }

    static constexpr const char* kSf = "/mapr/sanfrancisco/customers";
    static constexpr const char* kNy = "/mapr/newyork/customers";

private:
    QTemporaryDir temporary_;
    std::vector<std::unique_ptr<QProcess>> background_;
};

}  // namespace tributary::test

/// Fails with everything the verb printed.
#define QVERIFY_RAN(ran)                                                                               \
    do {                                                                                               \
        const ::tributary::test::Ran tributaryRan = (ran);                                             \
        QVERIFY2(tributaryRan.code == 0,                                                               \
                 qPrintable(QStringLiteral("exit %1: ").arg(tributaryRan.code) + tributaryRan.all())); \
    } while (false)
