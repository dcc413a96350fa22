// A workspace and a shell in it: redirections, pipes, other users, signals.
#pragma once

#include <sys/prctl.h>
#include <unistd.h>

#include "terminalworld.h"

namespace tributary::test {

/// Runs shell lines that call `tributary` in the world's workspace. Their exit code is the line's.
class ShellWorld : public TerminalWorld {
public:
    using TerminalWorld::TerminalWorld;

    [[nodiscard]] Ran shell(const QString& line, const QMap<QString, QString>& variables = {},
                            int timeoutMs = 120'000) const {
        return shellAt(dir(), line, variables, timeoutMs);
    }
    [[nodiscard]] static Ran shellAt(const QString& workspace, const QString& line,
                                     const QMap<QString, QString>& variables = {}, int timeoutMs = 120'000) {
        QProcess process;
        prepare(process, workspace, line, variables);
        process.start();
        return finish(process, line, timeoutMs);
    }
    static void prepare(QProcess& process, const QString& workspace, const QString& line,
                        const QMap<QString, QString>& variables = {}) {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("TRIBUTARY_WORKSPACE"), workspace);
        for (auto at = variables.begin(); at != variables.end(); ++at) environment.insert(at.key(), at.value());
        process.setProcessEnvironment(environment);
        process.setStandardInputFile(QProcess::nullDevice());
        process.setProgram(QStringLiteral("/bin/bash"));
        process.setArguments({QStringLiteral("-c"),
                              QStringLiteral("tributary() { \"$0\" \"$@\"; }; set -o pipefail; ") + line,
                              executable()});
    }
    [[nodiscard]] static Ran finish(QProcess& process, const QString& line, int timeoutMs = 120'000) {
        Ran ran;
        if (!process.waitForFinished(timeoutMs)) {
            process.kill();
            process.waitForFinished();
            ran.err = QStringLiteral("timed out: ") + line;
            return ran;
        }
        ran.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
        ran.out = QString::fromUtf8(process.readAllStandardOutput());
        ran.err = QString::fromUtf8(process.readAllStandardError());
        return ran;
    }
};

}  // namespace tributary::test

/// Compares an exit code and shows all that was printed when it differs.
#define QCOMPARE_EXIT(ran, wanted)                                                                     \
    do {                                                                                               \
        const ::tributary::test::Ran tributaryRan = (ran);                                             \
        QVERIFY2(tributaryRan.code == (wanted),                                                        \
                 qPrintable(QStringLiteral("exit %1: ").arg(tributaryRan.code) + tributaryRan.all())); \
    } while (false)
