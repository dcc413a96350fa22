// Runbooks and the console of a window on instances that are processes of their own: no engine of the window runs.
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTemporaryDir>

#include "app/desktop/live/consolepanel.h"
#include "app/desktop/live/livetext.h"
#include "app/desktop/live/runbookpanel.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/strictyaml.h"
#include "core/workspace/workspace.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;

namespace {

constexpr int kEndsWithinMs = 240'000;
const char* const kProgram = TRIBUTARY_BINARY_DIR "/bin/tributary";

/// The example of two masters in a folder of its own, at ports that are free; what runs at the end is stopped.
class TwoMasters {
public:
    TwoMasters() {
        qputenv("TRIBUTARY_EXE", kProgram);
        if (!createExample("tarantool-master-master", toStd(dir())).ok()) return;
        QTcpServer first;
        QTcpServer second;
        if (!first.listen(QHostAddress::LocalHost) || !second.listen(QHostAddress::LocalHost)) return;
        listen_ = "127.0.0.1:" + std::to_string(first.serverPort());
        const std::string other = "127.0.0.1:" + std::to_string(second.serverPort());
        isValid_ = true;
        for (const char* name : {"/topology.yaml", "/instances.enabled/master_master/config.yaml"}) {
            auto text = readTextFile(toStd(dir()) + name);
            if (!text) {
                isValid_ = false;
                return;
            }
            QString moved = toQt(*text);
            // Whole numbers only: a port that was chosen may begin as another one does.
            moved.replace(QRegularExpression(u"127\\.0\\.0\\.1:3301\\b"_s), toQt(listen_))
                .replace(QRegularExpression(u"127\\.0\\.0\\.1:3302\\b"_s), toQt(other));
            isValid_ = isValid_ && toStd(moved) != *text && saveFileAtomically(toStd(dir()) + name, toStd(moved)).ok();
        }
    }
    ~TwoMasters() {
        QProcess stop;
        stop.setWorkingDirectory(dir());
        stop.start(QString::fromLatin1(kProgram), {u"tt"_s, u"stop"_s, u"-y"_s, u"master_master"_s});
        stop.waitForFinished(kEndsWithinMs);
    }
    TwoMasters(const TwoMasters&) = delete;
    TwoMasters& operator=(const TwoMasters&) = delete;

    [[nodiscard]] bool isValid() const { return isValid_; }
    [[nodiscard]] QString dir() const { return dir_.path() + u"/work space"_s; }
    [[nodiscard]] const std::string& listen() const { return listen_; }
    [[nodiscard]] std::string audited() const {
        return readTextFile(toStd(dir()) + "/.tributary/audit.log").valueOr("");
    }

private:
    QTemporaryDir dir_;
    std::string listen_;
    bool isValid_ = false;
};

/// One window's run dock and console.
class Window {
public:
    explicit Window(const QString& dir) : live(dir), panel(live), console(live) {
        panel.resize(420, 640);
        panel.show();
    }

    bool choose(const char* name, const std::vector<std::pair<std::string, std::string>>& values) {
        run().choose(QString::fromLatin1(name));
        const auto isChosen = [&] { return run().runbook() != nullptr && run().runbook()->id == name; };
        if (!QTest::qWaitFor(isChosen, kEndsWithinMs)) return false;
        run().setParameters(values);
        return QTest::qWaitFor([&] { return button("run-run")->isEnabled(); }, kEndsWithinMs);
    }
    void press(const char* name) { button(name)->click(); }
    /// Until somebody is asked, or it is over.
    bool comesTo(RunPhase phase) {
        const auto isThere = [&] { return run().phase() == RunPhase::Asking || run().phase() == RunPhase::Ended; };
        return QTest::qWaitFor(isThere, kEndsWithinMs) && run().phase() == phase;
    }
    /// A line of the console; true when it succeeded.
    bool type(const QString& line) {
        QSignalSpy finished(&console, &ConsolePanel::lineFinished);
        console.runLine(line);
        const bool isOver = QTest::qWaitFor([&] { return finished.size() == 1; }, kEndsWithinMs);
        return isOver && finished[0][0].toBool();
    }
    [[nodiscard]] std::string why() { return run().ending() ? run().ending()->result.reason : std::string(); }
    RunControl& run() { return live.run(); }
    QPushButton* button(const char* name) { return panel.findChild<QPushButton*>(QString::fromLatin1(name)); }

    LiveWorkspace live;
    RunbookPanel panel;
    ConsolePanel console;
};

}  // namespace

class RunsOnInstancesTest : public QObject {
    Q_OBJECT
private slots:
    void runsAreMadeFailAndAreApproved() {
        TwoMasters masters;
        QVERIFY(masters.isValid());
        Window window(masters.dir());
        QVERIFY(window.choose("tarantool-master-master",
                              {{"app", "master_master"}, {"first", "instance001"}, {"second", "instance002"}}));
        QCOMPARE(window.live.engine().state, EngineState::Off);
        window.press("run-run");
        QVERIFY2(window.comesTo(RunPhase::Ended), "it asks something");
        QVERIFY2(window.run().ending()->result.outcome == runbooks::RunOutcome::Success, window.why().c_str());
        QVERIFY(window.button("run-undo")->isEnabled());
        QVERIFY2(masters.audited().find("tt start master_master:instance001") != std::string::npos,
                 masters.audited().c_str());

        linesAreTaken(window);

        const std::vector<std::pair<std::string, std::string>> values{
            {"app", "master_master"}, {"wiped", "instance002"}, {"keeper", "instance001"}};
        auto wrong = values;
        wrong.emplace_back("listen", "127.0.0.1:1");
        QVERIFY(window.choose("tarantool-rebootstrap", wrong));
        window.press("run-run");
        approve(window);
        QVERIFY2(window.comesTo(RunPhase::Asking), window.why().c_str());
        QCOMPARE(window.run().question()->kind, RunQuestion::Kind::AfterFailure);
        QVERIFY2(window.run().question()->reason.contains(toQt(masters.listen())),
                 qPrintable(window.run().question()->reason));
        window.run().abort();
        QVERIFY(window.comesTo(RunPhase::Ended));
        QVERIFY(window.run().ending()->result.outcome != runbooks::RunOutcome::Success);

        auto right = values;
        right.emplace_back("listen", masters.listen());
        QVERIFY(window.choose("tarantool-rebootstrap", right));
        window.press("run-run");
        approve(window);
        QVERIFY2(window.comesTo(RunPhase::Ended), "it asks once more");
        QVERIFY2(window.run().ending()->result.outcome == runbooks::RunOutcome::Success, window.why().c_str());
        QCOMPARE(window.run().steps().find(u"wipe"_s)->phase, runbooks::StepPhase::Done);
    }
    void withoutAnEnvironmentItSaysSo() {
        QTemporaryDir folder;
        const QString dir = folder.filePath(u"mapr"_s);
        QVERIFY(createExample("multi-master", toStd(dir)).ok());
        qputenv("TRIBUTARY_EXE", kProgram);
        Window window(dir);
        QVERIFY(!window.type(u"tt status"_s));
        QVERIFY2(window.console.outputText().contains(u"no environment of tt"_s),
                 qPrintable(window.console.outputText()));
        QVERIFY(!window.console.outputText().contains(u"start the engine"_s));
    }

private:
    static void linesAreTaken(Window& window) {
        QVERIFY2(window.type(u"tt status master_master"_s), qPrintable(window.console.outputText()));
        QVERIFY2(window.console.outputText().contains(u"RUNNING"_s), qPrintable(window.console.outputText()));
        QVERIFY(window.type(u"box master_master:instance001 \"box.schema.space.create('bands')\""_s));
        QVERIFY(window.type(u"box master_master:instance001 \"box.space.bands:create_index('primary')\""_s));
        QVERIFY(window.type(u"box master_master:instance001 \"box.space.bands:insert{1, 'Roxette'}\""_s));
        QVERIFY2(window.console.outputText().contains(u"- [1, 'Roxette']"_s), qPrintable(window.console.outputText()));
        QVERIFY(!window.type(u"box master_master:instance001 \"box.space.bands:insert{1, 'Ace of Base'}\""_s));
        QVERIFY2(window.console.outputText().contains(u"Duplicate key"_s), qPrintable(window.console.outputText()));
        QVERIFY(!window.type(u"instance set master_master:instance009 database.mode ro"_s));
        QVERIFY(!window.console.outputText().contains(u"start the engine"_s));
    }
    /// The wipe is asked for before anything begins, by name.
    static void approve(Window& window) {
        QVERIFY2(window.comesTo(RunPhase::Asking), window.why().c_str());
        QCOMPARE(window.run().question()->kind, RunQuestion::Kind::Approve);
        QVERIFY(!window.button("question-yes")->isEnabled());
        QTest::keyClicks(window.panel.findChild<QLineEdit*>(u"question-input"_s), u"instance002"_s);
        QVERIFY2(window.button("question-yes")->isEnabled(), qPrintable(window.run().question()->typeTheName));
        window.press("question-yes");
        QVERIFY(window.run().question() == std::nullopt);
    }
};
TRIBUTARY_TEST(RunsOnInstancesTest)
#include "tst_runsoninstances.moc"
