// What a run looks like: from events to lines.
#include "app/terminal/runview.h"

#include <QTest>

#include "runbooks/model/load.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
using runbooks::EventType;
using runbooks::LinkObservation;
using runbooks::RunEvent;

class RunViewTest : public QObject {
    Q_OBJECT

    static constexpr Millis kStartMs = 1'769'850'000'000;

    static runbooks::Runbook book(int steps) {
        runbooks::Runbook runbook;
        runbook.id = "setup";
        runbook.title = "Set it up";
        for (int i = 1; i <= steps; ++i) {
            runbooks::Step step;
            step.id = "step-" + std::to_string(i);
            step.title = "Step number " + std::to_string(i);
            runbook.steps.push_back(step);
        }
        return runbook;
    }
    static RunEvent event(EventType type, int step, Millis afterMs, const std::string& text = {}) {
        RunEvent event;
        event.type = type;
        event.atMs = kStartMs + afterMs;
        event.stepId = "step-" + std::to_string(step);
        event.title = "Step number " + std::to_string(step);
        event.stepNumber = step;
        event.stepCount = 3;
        event.text = text;
        return event;
    }
    static RunEvent finished(int step, Millis afterMs, const std::string& result, const std::string& reason = {}) {
        RunEvent done = event(EventType::StepFinished, step, afterMs);
        done.result = result;
        done.reason = reason;
        done.durationMs = 1200;
        return done;
    }
    static LinkObservation link(Millis lagMs) {
        LinkObservation link;
        link.from = "/mapr/a/t";
        link.to = "/mapr/b/t";
        link.state = lagMs < 0 ? "unreachable" : "replicating";
        link.lagMs = lagMs;
        link.bytesPending = lagMs < 0 ? -1 : 34'000;
        link.operationsPending = lagMs < 0 ? -1 : 1'200;
        return link;
    }
    static QByteArray lines(const RunViewModel& model, RunViewStyle style) {
        QByteArray out;
        for (const std::string& line : renderRunView(model, style)) out += QByteArray::fromStdString(line) + '\n';
        return out;
    }
    static RunViewStyle plain() {
        RunViewStyle style;
        style.columns = 60;
        style.nowMs = kStartMs + 5'000;
        style.unicode = false;
        return style;
    }

private slots:
    void aRunUnderWay() {
        RunViewModel model(book(3), "run-1", nullptr);
        model.apply(event(EventType::StepStarted, 1, 0));
        model.apply(finished(1, 1'200, "done"));
        model.apply(event(EventType::StepStarted, 2, 1'200));
        model.apply(event(EventType::CommandStarted, 2, 1'300, "maprcli table create -path /mapr/b/t"));
        model.observe({link(1'500)}, kStartMs + 4'900);
        model.setNotice("stopping");
        QCOMPARE(lines(model, plain()), QByteArray("5.0 s  Set it up\n"
                                                   "done     1 Step number 1                               1.2 s\n"
                                                   "RUN      2 Step number 2                               3.8 s\n"
                                                   "           $ maprcli table create -path /mapr/b/t\n"
                                                   "         3 Step number 3\n"
                                                   "lag 1.5 s  34.0 kB  1,200 operations  replicating  /mapr/...\n"
                                                   "stopping\n"));
    }

    void aFailureShowsItsReasonAndFix() {
        RunViewModel model(book(2), "run-1", nullptr);
        model.apply(event(EventType::StepStarted, 1, 0));
        RunEvent bad = finished(1, 1'200, "failed", "the table is not there");
        bad.fix = "maprcli table create";
        model.apply(bad);
        const QByteArray shown = lines(model, plain());
        QVERIFY(shown.contains("FAIL     1 Step number 1"));
        QVERIFY(shown.contains("the table is not there\n"));
        QVERIFY(shown.contains("try: maprcli table create\n"));
    }

    void aWaitingStepTellsForWhat() {
        RunViewModel model(book(1), "run-1", nullptr);
        model.apply(event(EventType::StepStarted, 1, 0));
        RunEvent check = event(EventType::CheckSeen, 1, 100);
        check.verdict = "false";
        check.phrase = "B has applied all of A";
        model.apply(check);
        QVERIFY(lines(model, plain()).contains("waits until B has applied all of A"));
        check.verdict = "true";
        model.apply(check);
        QVERIFY(!lines(model, plain()).contains("waits until"));
    }

    void unknownLagIsAQuestionMarkAndNeverZero() {
        QCOMPARE(lagLine(link(-1)), std::string("lag ?  ? B  ? operations  unreachable  /mapr/a/t -> /mapr/b/t"));
        QCOMPARE(lagLine(link(0)),
                 std::string("lag 0 ms  34.0 kB  1,200 operations  replicating  /mapr/a/t -> /mapr/b/t"));
        RunViewModel model(book(1), "run-1", nullptr);
        model.observe({link(10)}, kStartMs);
        model.observe({}, kStartMs + 1'000);
        QVERIFY(lines(model, plain()).contains("lag ?  ? B"));
    }

    void longRunsAreFoldedAroundTheCurrentStep() {
        RunViewModel model(book(40), "run-1", nullptr);
        model.apply(event(EventType::StepStarted, 20, 0));
        RunViewStyle style = plain();
        style.lines = 12;
        const QByteArray shown = lines(model, style);
        QVERIFY(shown.count('\n') <= 12);
        QVERIFY(shown.contains("steps above"));
        QVERIFY(shown.contains("steps below"));
        QVERIFY(shown.contains("Step number 20 "));
    }

    void noLineIsWiderThanTheTerminal() {
        runbooks::Runbook runbook = book(2);
        runbook.steps[0].title = std::string(200, 'x');
        RunViewModel model(runbook, "run-1", nullptr);
        model.apply(event(EventType::StepStarted, 1, 0));
        model.apply(event(EventType::CommandStarted, 1, 0, std::string(300, 'y')));
        model.observe({link(1)}, kStartMs);
        for (const std::size_t columns : {40U, 60U, 100U}) {
            RunViewStyle style = plain();
            style.columns = columns;
            for (const std::string& line : renderRunView(model, style)) QVERIFY2(line.size() <= columns, line.c_str());
        }
    }

    void colourOnlyUnderlinesTheWords() {
        RunViewModel model(book(1), "run-1", nullptr);
        model.apply(finished(1, 10, "done"));
        RunViewStyle style = plain();
        style.colour = true;
        QByteArray coloured = lines(model, style);
        QVERIFY(coloured.contains("\x1b[32mdone"));
        style.colour = false;
        coloured.replace("\x1b[32m", "").replace("\x1b[0m", "");
        QCOMPARE(coloured, lines(model, style));
    }

    void aResumedRunShowsWhatWasDoneBefore() {
        runbooks::RunState state;
        runbooks::StepState done;
        done.id = "step-1";
        done.phase = runbooks::StepPhase::Done;
        done.startedAtMs = kStartMs - 9'000;
        done.endedAtMs = kStartMs - 7'000;
        state.steps.push_back(done);
        const RunViewModel model(book(2), "run-1", &state);
        const QByteArray shown = lines(model, plain());
        QVERIFY2(shown.contains("done     1 Step number 1"), shown.constData());
        QVERIFY(shown.contains("2.0 s"));
    }

    void elsewhereAnEventIsALine_data() {
        QTest::addColumn<int>("type");
        QTest::addColumn<QByteArray>("line");
        const auto row = [](EventType type, const char* line) {
            QTest::newRow(std::string(runbooks::eventTypeName(type)).c_str())
                << static_cast<int>(type) << QByteArray(line);
        };
        row(EventType::StepStarted, "[2/3] step-2: Step number 2");
        row(EventType::CommandStarted, "[2/3] step-2: $ maprcli");
        row(EventType::StepFinished, "[2/3] step-2: failed: no such table (try: create it)");
        row(EventType::CheckSeen, "[2/3] step-2: no: it is there (state paused)");
        row(EventType::LagSample, "");
    }
    void elsewhereAnEventIsALine() {
        QFETCH(int, type);
        RunEvent told = event(static_cast<EventType>(type), 2, 0, "maprcli");
        told.result = "failed";
        told.reason = "no such table";
        told.fix = "create it";
        told.verdict = "false";
        told.phrase = "it is there";
        told.evidence = "state paused";
        QTEST(QByteArray::fromStdString(plainEventLine(told)), "line");
    }

    void theEndHasAChartPerLink() {
        RunViewModel model(book(1), "run-1", nullptr);
        for (int i = 0; i < 5; ++i) model.observe({link(i * 100)}, kStartMs + i * 1'000);
        const QByteArray chart = QByteArray::fromStdString(finalCharts(model, kStartMs, plain()));
        QVERIFY(chart.contains("/mapr/a/t -> /mapr/b/t\n"));
        QVERIFY(chart.count('\n') > 5);
        QVERIFY(finalCharts(RunViewModel(book(1), "r", nullptr), kStartMs, plain()).empty());
    }
};
TRIBUTARY_TEST(RunViewTest)
#include "tst_runview.moc"
