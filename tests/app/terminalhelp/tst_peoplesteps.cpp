// Steps of people, as a reader of the help alone meets them: hashes, wrong hashes, and what is left by hand.
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include "testmain.h"
#include "tests/app/terminal/spawn.h"

using tributary::test::Spawned;

class PeopleStepsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(folder_.isValid());
        QCOMPARE(run("new @ --example multi-master").code, 0);
        QVERIFY(book("asks", "  - id: sure\n    title: Sure\n    ask: Is it so?\n"));
        QVERIFY(book("moves", "  - id: move\n    title: Move\n    human: Move the clients.\n"));
    }
    void whatAPersonIsToDoStandsBeforeTheQuestionWhetherTheyMay() {
        QVERIFY(book("asked",
                     "  - id: move\n    title: Move\n    human: Move the clients.\n"
                     "    approval: {text: Clients lose their connections}\n"));
        // `script` is what gives the program a terminal; the answers are typed at it.
        const QString asked = QStringLiteral("'%1' run -w '%2' asked")
                                  .arg(tributary::test::builtProgram(), folder_.filePath(QStringLiteral("ws")));
        QProcess terminal;
        terminal.setProcessChannelMode(QProcess::MergedChannels);
        terminal.start(QStringLiteral("script"), {QStringLiteral("-qec"), asked, QStringLiteral("/dev/null")});
        QVERIFY(terminal.waitForStarted());
        terminal.write("n\n");
        QVERIFY(terminal.waitForFinished());
        const QByteArray screen = terminal.readAll();
        const qsizetype deed = screen.indexOf("Move the clients.");
        const qsizetype question = screen.indexOf("approve? [y/n]");
        QVERIFY2(question > 0, screen.constData());
        QVERIFY2(deed > 0 && deed < question, screen.constData());
    }
    void anEmptyListOfRunsSaysSo() {
        const Spawned ran = run("report list -w @");
        QCOMPARE(ran.code, 0);
        QVERIFY(ran.out.isEmpty());
        QVERIFY2(ran.err.contains(QStringLiteral("there are no runs yet")), qPrintable(ran.err));
    }
    void theDryRunShowsTheHashThatAQuestionTakes() {
        const QString option = approval("asks");
        QVERIFY2(option.startsWith(QStringLiteral("--approve sure=")), qPrintable(option));
        QVERIFY(run("run -w @ asks --dry-run").out.contains(option));
        const Spawned refused = run("run -w @ asks --no-input --approve sure=0123456789ab");
        QCOMPARE(refused.code, 8);
        const QString next = refused.err.mid(refused.err.indexOf(QStringLiteral("Next:")));
        QVERIFY2(next.contains(option), qPrintable(refused.err));
        QVERIFY2(!next.contains(QStringLiteral("0123456789ab")), qPrintable(next));
        QCOMPARE(run(QStringLiteral("run -w @ asks --no-input ") + option).code, 0);
    }
    void whatIsLeftByHandIsConfirmedOnce() {
        QCOMPARE(run(QStringLiteral("run -w @ moves --no-input ") + approval("moves")).code, 0);
        const QStringList runs = QDir(folder_.filePath(QStringLiteral("ws/.tributary/runs")))
                                     .entryList({QStringLiteral("*-moves")}, QDir::Dirs);
        QCOMPARE(runs.size(), 1);
        const QString undo = QStringLiteral("run -w @ --no-input --undo ") + runs.first();
        const Spawned left = run(undo + QStringLiteral(" --yes"));
        QCOMPARE(left.code, 7);
        QVERIFY2(left.out.contains(QStringLiteral("BY HAND, take back: Move the clients.")), qPrintable(left.out));
        const QString next = left.err.mid(left.err.indexOf(QStringLiteral("Next:")));
        QVERIFY2(next.contains(QStringLiteral("--resolve move=done")), qPrintable(left.err));
        const Spawned done = run(undo + QStringLiteral(" --resolve move=done"));
        QVERIFY2(done.code == 0, qPrintable(done.out + done.err));
    }

private:
    Spawned run(const QString& line) {
        QStringList words = line.split(QLatin1Char(' '), Qt::SkipEmptyParts);
        for (QString& word : words) {
            if (word == QLatin1String("@")) word = folder_.filePath(QStringLiteral("ws"));
        }
        return tributary::test::spawn(words, {folder_.path(), {}, {}, {}});
    }
    Spawned run(const char* line) { return run(QString::fromLatin1(line)); }
    /// What `--json run NAME --dry-run` tells of its only step.
    QString approval(const char* name) {
        const Spawned dry = run(QStringLiteral("--json run -w @ %1 --dry-run").arg(QLatin1String(name)));
        const QJsonArray all =
            QJsonDocument::fromJson(dry.out.toUtf8()).object()[QStringLiteral("approvals")].toArray();
        return all.at(0).toObject()[QStringLiteral("option")].toString();
    }
    bool book(const char* name, const QByteArray& steps) {
        QDir(folder_.path()).mkpath(QStringLiteral("ws/runbooks"));
        QFile file(folder_.filePath(QStringLiteral("ws/runbooks/%1.yaml").arg(QLatin1String(name))));
        if (!file.open(QIODevice::WriteOnly)) return false;
        return file.write("runbook: " + QByteArray(name) + "\ntitle: T\nsystem: maprdb\nsteps:\n" + steps) > 0;
    }

    QTemporaryDir folder_;
};
TRIBUTARY_TEST(PeopleStepsTest)
#include "tst_peoplesteps.moc"
