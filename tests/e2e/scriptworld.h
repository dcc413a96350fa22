// Exported scripts on a workspace, with the dialects' programs on PATH as `tributary env` puts them there.
#pragma once

#include <signal.h>

#include <QRegularExpression>

#include "terminalworld.h"

namespace tributary::test {

/// The values that the example workspace's runbooks take, as words of `export` and of a script.
struct ScriptCase {
    QString runbook;
    QStringList set;        ///< NAME=VALUE
    QStringList arguments;  ///< of the script
};

/// Scripts live in a folder beside the workspace; each has its own journal there.
class ScriptWorld {
public:
    explicit ScriptWorld(const QString& example) : world_(example) {}

    [[nodiscard]] TerminalWorld& world() { return world_; }
    [[nodiscard]] QString folder() const { return folder_.path(); }
    [[nodiscard]] QString script(const ScriptCase& one) const {
        return folder() + QLatin1Char('/') + name(one) + QStringLiteral(".sh");
    }
    [[nodiscard]] QString journal(const ScriptCase& one) const {
        return folder() + QLatin1Char('/') + name(one) + QStringLiteral(".journal");
    }
    /// `tributary export` into script().
    [[nodiscard]] Ran exportScript(const ScriptCase& one) const {
        QStringList words{QStringLiteral("-w"), world_.dir(),         QStringLiteral("export"),
                          one.runbook,          QStringLiteral("-o"), script(one)};
        for (const QString& value : one.set) words << QStringLiteral("--set") << value;
        return TerminalWorld::run(words);
    }
    /// Prepares a start of the script through `eval "$(tributary env ...)"`.
    void prepare(QProcess& process, const ScriptCase& one, const QStringList& more) const {
        process.setWorkingDirectory(folder());
        const QString shell = QStringLiteral("eval \"$(\"$0\" env \"$1\")\"; shift; exec \"$@\"");
        process.setProgram(QStringLiteral("bash"));
        process.setArguments(QStringList{QStringLiteral("-c"), shell, TerminalWorld::executable(), world_.dir(),
                                         script(one), QStringLiteral("--journal"), journal(one)} +
                             one.arguments + more);
    }
    /// Runs the script to its end, nobody at the terminal.
    [[nodiscard]] Ran run(const ScriptCase& one, const QStringList& more = {}, const QString& user = {}) const {
        QProcess process;
        prepare(process, one, more);
        process.setStandardInputFile(QProcess::nullDevice());
        if (!user.isEmpty()) {
            QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
            environment.insert(QStringLiteral("TRIBUTARY_USER"), user);
            process.setProcessEnvironment(environment);
        }
        process.start();
        Ran ran;
        if (!process.waitForFinished(180'000)) {
            process.kill();
            process.waitForFinished();
            ran.err = QStringLiteral("timed out: ") + one.runbook + QString::fromUtf8(process.readAllStandardError());
            return ran;
        }
        ran.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
        ran.out = QString::fromUtf8(process.readAllStandardOutput());
        ran.err = QString::fromUtf8(process.readAllStandardError());
        return ran;
    }
    /// Starts the script with --step, lets `steps` steps go and kills it (kill -9) at the question before the next
    /// one. False when it came to its end before; `ended` tells how.
    [[nodiscard]] bool killedBeforeStep(const ScriptCase& one, int steps, Ran& ended) const {
        QProcess process;
        prepare(process, one, {QStringLiteral("--step")});
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start();
        QByteArray seen;
        qsizetype answered = 0;
        const QByteArray question("go, skip or stop?");
        while (process.state() != QProcess::NotRunning) {
            process.waitForReadyRead(100);
            seen += process.readAll();
            const qsizetype asked = seen.count(question);
            if (asked <= answered) continue;
            if (answered == steps) {
                process.kill();
                process.waitForFinished(10'000);
                return true;
            }
            process.write("g\n");
            ++answered;
        }
        process.waitForFinished(10'000);
        seen += process.readAll();
        ended.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
        ended.out = QString::fromUtf8(seen);
        return false;
    }

    static QByteArray contents(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

private:
    static QString name(const ScriptCase& one) {
        return one.runbook.section(QLatin1Char('/'), -1).section(QLatin1Char('.'), 0, 0);
    }

    QTemporaryDir folder_;
    TerminalWorld world_;
};

}  // namespace tributary::test
