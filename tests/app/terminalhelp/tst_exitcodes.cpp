// `help exit-codes` is true: every code of the table is brought about on the program itself, and nothing else comes.
#include <signal.h>

#include <QDir>
#include <QElapsedTimer>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <set>

#include "runbooks/runner/exitcodes.h"
#include "testmain.h"
#include "tests/app/terminal/spawn.h"

using tributary::runbooks::ExitCodeRow;
using tributary::runbooks::exitCodeTable;

namespace {

constexpr const char* kMake =
    "  - id: make\n    title: Make\n    do: maprcli table create -path /mapr/sanfrancisco/made\n"
    "    verify: dataset-exists /mapr/sanfrancisco/made\n    undo: maprcli table delete -path /mapr/sanfrancisco/made\n"
    "    done-when: dataset-exists /mapr/sanfrancisco/made\n";
constexpr const char* kNever =
    "  - id: never\n    title: Never\n"
    "    verify: {becomes: dataset-exists /mapr/sanfrancisco/nosuch, within: 1s}\n";

constexpr const char* kMore =
    "  - id: more\n    title: More\n    do: maprcli table create -path /mapr/sanfrancisco/more\n"
    "    verify: dataset-exists /mapr/sanfrancisco/more\n    undo: none\n";

}  // namespace

class ExitCodesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        QVERIFY(folder_.isValid());
        QCOMPARE(run("new @ --example multi-master").code, 0);
        QVERIFY(book("never", kNever));
        // A check that fails while commands are still to come leaves the run half done.
        QVERIFY(book("half", QByteArray(kMake) + kNever + kMore));
        QVERIFY(book("back", QByteArray(kMake) + kNever + "    on-failure: compensate\n"));
        QVERIFY(book("asks", "  - id: ask\n    title: Ask\n    ask: Is it so?\n"));
        QVERIFY(book("waits", "  - id: wait\n    title: Wait\n    wait: 10m\n"));
        QVERIFY(book("silent",
                     "  - id: make\n    title: Make\n    timeout: 1ms\n"
                     "    do: maprcli table create -path /mapr/newyork/late\n"
                     "    verify: {becomes: dataset-exists /mapr/newyork/nosuch, within: 1s}\n    undo: none\n"));
        QCOMPARE(run("up -w @").code, 0);
    }
    void cleanupTestCase() { (void)run("down -w @"); }

    void theTableIsWhatHelpPrints() {
        const QString text = run("help exit-codes").out;
        for (const ExitCodeRow& row : exitCodeTable()) {
            const QRegularExpression line(
                QStringLiteral("(?m)^ *%1  %2 ")
                    .arg(static_cast<int>(row.code))
                    .arg(QString::fromUtf8(row.name.data(), static_cast<qsizetype>(row.name.size()))));
            QVERIFY2(line.match(text).hasMatch(), qPrintable(line.pattern()));
        }
    }

    void commandsEndAsHelpSays_data() {
        QTest::addColumn<int>("code");
        const auto row = [](const char* line, int code) { QTest::newRow(line) << code; };
        row("status -w @", 0);
        row("get -w @ /mapr/sanfrancisco/customers nobody", 1);
        row("run -w @ never", 1);
        row("new @", 1);
        for (const char* wrong : {"",
                                  "nosuch",
                                  "-w",
                                  "--nosuch",
                                  "run",
                                  "run -w @ nosuch",
                                  "run -w @ nosuch.yaml",
                                  "run -w @ --nosuch",
                                  "run -w @ never --set a",
                                  "run -w @ never --set a=b",
                                  "run -w @ never --params nosuch",
                                  "run -w @ never --params /",
                                  "run -w @ --resume nosuch",
                                  "run -w @ --undo nosuch",
                                  "run -w @ --resume --undo",
                                  "run -w @ never --start-at nosuch",
                                  "run -w @ never --until nosuch",
                                  "run -w @ never --approve nosuch=yes",
                                  "run -w @ never --resolve nosuch=done",
                                  "run -w @ nosuch --dry-run",
                                  "report -w @ nosuch",
                                  "report -w @ --format nosuch",
                                  "runbook nosuch",
                                  "runbook show -w @ nosuch",
                                  "runbook validate nosuch",
                                  "runbook new -w @ Bad",
                                  "export -w @ nosuch",
                                  "export -w @ never --to nosuch",
                                  "import -w @ nosuch",
                                  "status -w @/nosuch",
                                  "check -w @/nosuch",
                                  "up -w @/nosuch",
                                  "down -w @/nosuch",
                                  "run -w @/nosuch never",
                                  "up -w @ --cluster nosuch",
                                  "down -w @ --cluster nosuch",
                                  "get -w @ /mapr/nosuch/t 1",
                                  "get -w @ customers 1",
                                  "get -w @ /mapr/sanfrancisco/nosuch 1",
                                  "put -w @ /mapr/sanfrancisco/customers 1 nosuch",
                                  "scan -w @ /mapr/sanfrancisco/customers --limit many",
                                  "load -w @ /mapr/sanfrancisco/customers nosuch",
                                  "diff -w @ /mapr/sanfrancisco/customers /mapr/nosuch/t",
                                  "fault -w @ cut sanfrancisco nosuch",
                                  "fault -w @ nosuch",
                                  "fault -w @ delay sanfrancisco newyork soon",
                                  "fault -w @ gateway stop nosuch",
                                  "help nosuch",
                                  "completion nosuch",
                                  "restore nosuch.tar.zst @/other",
                                  "backup -w @/nosuch -o x",
                                  "check -w @ --rule nosuch",
                                  "new @/other --example nosuch",
                                  "runbook",
                                  "status -w @ one more",
                                  "doctor -w @/nosuch",
                                  "metrics -w @/nosuch",
                                  "watch -w @/nosuch",
                                  "workload -w @ nosuch",
                                  "support -w @/nosuch"}) {
            row(wrong, 2);
        }
        row("run -w @ asks --no-input", 8);
        row("run -w @ back --yes", 6);
        row("run -w @ half --yes", 7);
    }
    void commandsEndAsHelpSays() {
        QFETCH(int, code);
        const QString line = QString::fromLatin1(QTest::currentDataTag());
        const tributary::test::Spawned ran = run(line);
        QVERIFY2(ran.code == code,
                 qPrintable(QStringLiteral("%1 ends with %2\n%3").arg(line).arg(ran.code).arg(ran.err)));
        produced_.insert(code);
        if (code != 2 || line.isEmpty()) return;
        QVERIFY2(!ran.err.isEmpty(), qPrintable(line));
        // The same with --json says the same code.
        const tributary::test::Spawned json = run(QStringLiteral("--json ") + line);
        QCOMPARE(json.code, code);
        const QJsonObject document = QJsonDocument::fromJson(json.out.toUtf8()).object();
        const QJsonObject error = document[QStringLiteral("error")].toObject();
        QVERIFY2(!document.isEmpty(), qPrintable(line + QStringLiteral(" prints ") + json.out + json.err));
        QCOMPARE((error.isEmpty() ? document : error)[QStringLiteral("exit")].toInt(), code);
    }

    void aRunbookThatChangedIsStale() {
        QVERIFY(book("changes", kNever));
        QCOMPARE(run("run -w @ changes").code, 1);
        QVERIFY(book("changes", QByteArray(kMake) + kNever));
        // Other runs can be resumed too: name this one.
        const QStringList runs = QDir(folder_.filePath(QStringLiteral("ws/.tributary/runs")))
                                     .entryList({QStringLiteral("*-changes")}, QDir::Dirs);
        QCOMPARE(runs.size(), 1);
        expect(qPrintable(QStringLiteral("run -w @ --resume ") + runs.first()), 5);
    }

    void aSystemThatDoesNotAnswerIsUnknownAndACommandInDoubtATimeout() {
        QCOMPARE(run("fault -w @ freeze newyork").code, 0);
        const int asked = run("diff -w @ /mapr/sanfrancisco/customers /mapr/newyork/customers").code;
        QCOMPARE(run("fault -w @ thaw newyork").code, 0);
        const int timedOut = run("run -w @ silent --yes").code;
        QCOMPARE(asked, 3);
        QCOMPARE(timedOut, 9);
        produced_.insert({3, 9});
    }

    void tablesThatDifferInDeletesAloneHaveACodeOfTheirOwn() {
        QCOMPARE(run("-w @ maprcli table create -path /mapr/sanfrancisco/twin -copymetafrom "
                     "/mapr/sanfrancisco/customers")
                     .code,
                 0);
        expect("diff -w @ /mapr/sanfrancisco/customers /mapr/sanfrancisco/twin", 0);
        QCOMPARE(run("put -w @ /mapr/sanfrancisco/twin gone profile:name=x").code, 0);
        expect("diff -w @ /mapr/sanfrancisco/customers /mapr/sanfrancisco/twin", 1);
        QCOMPARE(run("delete -w @ /mapr/sanfrancisco/twin gone").code, 0);
        expect("diff -w @ /mapr/sanfrancisco/customers /mapr/sanfrancisco/twin", 4);
    }

    void aLiveRunHoldsTheLockAndIsInterruptedBySignal() {
        QProcess live;
        live.setWorkingDirectory(folder_.path());
        // Whoever runs the tests in the background has them ignore the interrupt, and so would the child.
        live.setChildProcessModifier([] { ::signal(SIGINT, SIG_DFL); });
        live.start(tributary::test::builtProgram(), words(QStringLiteral("run -w @ waits --plain")));
        QVERIFY(live.waitForStarted());
        QByteArray said;
        QElapsedTimer since;
        since.start();
        while (!said.contains("Wait") && since.elapsed() < 30'000 && live.waitForReadyRead(30'000)) {
            said += live.readAllStandardOutput();
        }
        QVERIFY2(said.contains("Wait"), said.constData());
        expect("run -w @ never", 10);
        // Once: stop at the next safe point; twice: now.
        ::kill(static_cast<pid_t>(live.processId()), SIGINT);
        if (!live.waitForFinished(3'000)) {
            ::kill(static_cast<pid_t>(live.processId()), SIGINT);
            QVERIFY(live.waitForFinished(30'000));
        }
        QCOMPARE(live.exitCode(), 130);
        produced_.insert(130);
    }

    void eventsThatCannotBeWrittenAreInternal() { expect("run -w @ asks --yes --events /dev/full", 70); }

    void outputThatCannotBeWrittenIsLost() {
        QProcess full;
        full.setStandardOutputFile(QStringLiteral("/dev/full"));
        full.start(tributary::test::builtProgram(), {QStringLiteral("help")});
        QVERIFY(full.waitForFinished());
        QCOMPARE(full.exitCode(), 74);
        produced_.insert(74);
    }

    void zzEveryRowOfTheTableWasProduced() {
        for (const ExitCodeRow& row : exitCodeTable()) {
            QVERIFY2(produced_.count(static_cast<int>(row.code)) == 1, std::string(row.name).c_str());
        }
        for (const int code : produced_) {
            const auto is = [&](const ExitCodeRow& row) { return static_cast<int>(row.code) == code; };
            QVERIFY2(std::any_of(exitCodeTable().begin(), exitCodeTable().end(), is),
                     qPrintable(QString::number(code)));
        }
    }

private:
    /// @ is the workspace.
    [[nodiscard]] QStringList words(const QString& line) const {
        QStringList words = line.split(QLatin1Char(' '), Qt::SkipEmptyParts);
        for (QString& word : words) word.replace(QLatin1Char('@'), folder_.filePath(QStringLiteral("ws")));
        return words;
    }
    [[nodiscard]] tributary::test::Spawned run(const QString& line) const {
        tributary::test::SpawnOptions options;
        options.folder = folder_.path();
        // Faults are for administrators, such as the owner.
        if (!line.startsWith(QLatin1String("fault "))) options.user = QStringLiteral("ana");
        return tributary::test::spawn(words(line), options);
    }
    [[nodiscard]] tributary::test::Spawned run(const char* line) const { return run(QString::fromLatin1(line)); }
    void expect(const char* line, int code) {
        const tributary::test::Spawned ran = run(line);
        QVERIFY2(ran.code == code, qPrintable(QStringLiteral("%1\n%2%3").arg(ran.code).arg(ran.out, ran.err)));
        produced_.insert(code);
    }
    [[nodiscard]] bool book(const char* name, const QByteArray& steps) const {
        const QString folder = folder_.filePath(QStringLiteral("ws/runbooks"));
        QFile file(folder + QLatin1Char('/') + QString::fromLatin1(name) + QStringLiteral(".yaml"));
        const QByteArray whole = QByteArray("runbook: ") + name + "\ntitle: B\nsystem: maprdb\nsteps:\n" + steps;
        return QDir().mkpath(folder) && file.open(QIODevice::WriteOnly) && file.write(whole) == whole.size();
    }

    QTemporaryDir folder_;
    std::set<int> produced_;
};

TRIBUTARY_TEST(ExitCodesTest)
#include "tst_exitcodes.moc"
