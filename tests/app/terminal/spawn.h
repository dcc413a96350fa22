// Runs the built executable as a person does, away from the settings of whoever runs the tests.
#pragma once

#include <QByteArray>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>
#include <QTest>

namespace tributary::test {

struct Spawned {
    int code = -1;
    QString out;
    QString err;
};

struct SpawnOptions {
    QString folder;  ///< working folder; empty = the system's temporary one
    QByteArray input;
    QString program;  ///< empty = tributary
    QString user;     ///< TRIBUTARY_USER
};

inline QString builtProgram() {
    return QStringLiteral(TRIBUTARY_BINARY_DIR "/bin/tributary");
}

inline Spawned spawn(const QStringList& words, const SpawnOptions& options = {}) {
    QProcess process;
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("PATH"), QStringLiteral("/usr/bin:/bin"));
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C.UTF-8"));
    environment.insert(QStringLiteral("TZ"), QStringLiteral("UTC"));
    if (!options.user.isEmpty()) environment.insert(QStringLiteral("TRIBUTARY_USER"), options.user);
    for (const char* kept : {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS"}) {
        if (qEnvironmentVariableIsSet(kept)) environment.insert(QString::fromLatin1(kept), qEnvironmentVariable(kept));
    }
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(options.folder.isEmpty() ? QDir::tempPath() : options.folder);
    process.start(options.program.isEmpty() ? builtProgram() : options.program, words);
    process.write(options.input);
    process.closeWriteChannel();
    Spawned done;
    if (!process.waitForFinished(120'000)) return done;
    done.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
    done.out = QString::fromUtf8(process.readAllStandardOutput());
    done.err = QString::fromUtf8(process.readAllStandardError());
    return done;
}

inline QByteArray fileText(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Compares with tests/golden/terminal/NAME; TRIBUTARY_UPDATE_GOLDEN=1 writes it instead.
inline void compareGolden(const QString& name, const QString& text) {
    const QString path = QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests/golden/terminal/") + name;
    if (qEnvironmentVariableIsSet("TRIBUTARY_UPDATE_GOLDEN")) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(text.toUtf8());
        return;
    }
    QVERIFY2(QFile::exists(path), qPrintable(path + QStringLiteral(" is missing: run with TRIBUTARY_UPDATE_GOLDEN=1")));
    QCOMPARE(text, QString::fromUtf8(fileText(path)));
}

}  // namespace tributary::test
