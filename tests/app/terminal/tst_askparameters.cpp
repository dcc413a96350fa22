// A person at a terminal is asked for the values that a runbook needs; a script is not.
#include "spawn.h"
#include "testmain.h"

using tributary::test::builtProgram;
using tributary::test::fileText;
using tributary::test::Spawned;

namespace {

void writeText(const QString& path, const QByteArray& text) {
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text), text.size());
}

/// Types at a terminal: waits for each text on it, then answers.
Spawned atTerminal(const QString& folder, const QString& line, const QList<std::pair<QByteArray, QByteArray>>& talk) {
    QProcess process;
    process.setWorkingDirectory(folder);
    process.start(QStringLiteral("script"),
                  {QStringLiteral("-qec"), builtProgram() + QLatin1Char(' ') + line, QStringLiteral("/dev/null")});
    Spawned done;
    QByteArray seen;
    qsizetype from = 0;
    for (const auto& [wanted, answer] : talk) {
        while (seen.indexOf(wanted, from) < 0) {
            if (!process.waitForReadyRead(20'000)) {
                done.out = QString::fromUtf8(seen) + QStringLiteral("\nwaited for ") + QString::fromUtf8(wanted);
                process.kill();
                process.waitForFinished();
                return done;
            }
            seen += process.readAllStandardOutput();
        }
        from = seen.indexOf(wanted, from) + wanted.size();
        process.write(answer);
    }
    process.waitForFinished(60'000);
    done.code = process.exitCode();
    done.out = QString::fromUtf8(seen + process.readAllStandardOutput());
    return done;
}

}  // namespace

class AskParametersTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QCOMPARE(tributary::test::spawn({QStringLiteral("new"), folder()}).code, 0);
        QVERIFY(QDir(folder()).mkpath(QStringLiteral("runbooks")));
        writeText(folder() + QStringLiteral("/runbooks/asks.yaml"),
                  "runbook: asks\ntitle: A runbook that asks\nsystem: maprdb\nparameters:\n"
                  "  count: {type: integer, title: How many}\n"
                  "  colour: {type: enum, values: [red, green], title: Which colour}\n"
                  "  word: {type: text, default: 'about {{colour}}', title: A word}\n"
                  "  token: {type: secret, title: A secret}\n"
                  "steps:\n  - id: look\n    title: See {{count}} {{colour}} {{word}}\n    when: \"false\"\n"
                  "    human: nothing\n");
    }

    void eachMissingValueIsAskedForUntilItIsOfItsType() {
        writeText(folder() + QStringLiteral("/token"), "x");
        const QByteArray token = "file:" + folder().toUtf8() + "/token";
        const Spawned run = atTerminal(folder(), QStringLiteral("run asks --dry-run"),
                                       {{"How many (integer)", {}},
                                        {"count: ", "many\n"},
                                        {"count: ", "3\n"},
                                        {"Which colour (red, green)", {}},
                                        {"colour: ", "blue\n"},
                                        {"colour: ", "green\n"},
                                        {"word [about green]: ", "\n"},
                                        {"A secret (secret, file:PATH, not shown)", {}},
                                        {"token: ", token + "\n"}});
        QVERIFY2(run.code == 0, qPrintable(run.out));
        QVERIFY2(run.out.contains(QStringLiteral("3 values are missing")), qPrintable(run.out));
        QVERIFY2(run.out.contains(QStringLiteral("See 3 green about green")), qPrintable(run.out));
        QVERIFY(run.out.contains(QStringLiteral("many\r\n")));  // what was typed shows ...
        QVERIFY(!run.out.section(QStringLiteral("token: "), 1).startsWith(QString::fromUtf8(token)));  // ... not this
    }

    void givenValuesAreNotAskedFor() {
        const Spawned run =
            atTerminal(folder(),
                       QStringLiteral("run asks --dry-run --set count=2 --set colour=red --set token=file:") +
                           folder() + QStringLiteral("/token"),
                       {});
        QVERIFY2(run.code == 0, qPrintable(run.out));
        QVERIFY(!run.out.contains(QStringLiteral("missing")));
        QVERIFY(run.out.contains(QStringLiteral("See 2 red about red")));
    }

    void leavingRunsNothing() {
        const Spawned left = atTerminal(folder(), QStringLiteral("run asks"), {{"count: ", "\x03"}});
        QCOMPARE(left.code, 130);
        QVERIFY2(left.out.contains(QStringLiteral("nothing was run")), qPrintable(left.out));
        QVERIFY(!QFile::exists(folder() + QStringLiteral("/.tributary/runs")));
        const Spawned ended = atTerminal(folder(), QStringLiteral("run asks"), {{"count: ", "\x04"}});
        QCOMPARE(ended.code, 130);
    }

    void withoutATerminalTheMissingOneIsNamed() {
        tributary::test::SpawnOptions options;
        options.folder = folder();
        const Spawned run = tributary::test::spawn({QStringLiteral("run"), QStringLiteral("asks")}, options);
        QCOMPARE(run.code, 2);
        QVERIFY2(run.err.contains(QStringLiteral("parameters count, colour, token: values are missing")),
                 qPrintable(run.err));
        const Spawned quiet = atTerminal(folder(), QStringLiteral("run asks --no-input"), {});
        QCOMPARE(quiet.code, 2);
    }

private:
    [[nodiscard]] QString folder() const { return dir_.filePath(QStringLiteral("ws")); }
    QTemporaryDir dir_;
};
TRIBUTARY_TEST(AskParametersTest)
#include "tst_askparameters.moc"
