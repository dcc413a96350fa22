// Reports, dry run and event lines against golden files (TRIBUTARY_UPDATE_GOLDEN=1 writes them).
#include <QFile>
#include <QXmlStreamReader>

#include "core/base/escape.h"
#include "harness.h"
#include "runbooks/runner/dryrun.h"
#include "runbooks/runner/report.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;
using namespace tributary::runbooks::test;

namespace {

std::string mixed() {
    return "runbook: mixed\ntitle: \"All kinds of steps in {{folder}}\"\nsystem: maprdb\nparameters:\n"
           "  folder: {type: path, example: /t}\nrequires:\n  - dataset-absent {{folder}}/z\nsteps:\n" +
           makeStep("a") + makeStep("b", "    retry: {attempts: 2, delay: 1s}\n") +
           "  - id: branch\n    title: Only with <z>\n    when: dataset-exists {{folder}}/z\n    do: make /t/y\n"
           "    verify: dataset-exists /t/y\n    undo: none\n"
           "  - id: off\n    title: Switched off\n    do: make /t/y\n    verify: dataset-exists /t/y\n    undo: none\n"
           "    enabled: false\n    disabled-because: not on this site\n"
           "  - id: move\n    title: Move clients\n    human: Move the clients of {{folder}}.\n"
           "  - id: delete\n    title: Delete a\n    do: drop /t/a\n    done-when: dataset-absent /t/a\n"
           "    verify: dataset-absent /t/a\n    irreversible: its rows are gone\n    safe-to-stop: false\n"
           "    approval: {text: Deletes a table., type-the-name: \"{{folder}}/a\"}\n"
           "  - id: last\n    title: \"Never true & \\\"quoted\\\"\"\n"
           "    verify: {becomes: caught-up /t/a /t/b, within: 3s}\n" +
           makeStep("f");
}

void compareGolden(const std::string& actual, const char* name) {
    const QString path = QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests/golden/runbooks/") + QString::fromLatin1(name);
    QFile file(path);
    if (qEnvironmentVariableIsSet("TRIBUTARY_UPDATE_GOLDEN")) {
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(actual.data(), static_cast<qint64>(actual.size()));
        return;
    }
    QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(path));
    QCOMPARE(QString::fromStdString(actual), QString::fromUtf8(file.readAll()));
}

}  // namespace

class TestReports : public QObject {
    Q_OBJECT
private slots:
    void writesJunit() { compareGolden(junitReport(mixedRun().state), "report.xml"); }
    void writesMarkdown() { compareGolden(markdownReport(mixedRun().state), "report.md"); }
    void reportsHoldNothingThatActsOnATerminal() {
        RunState state = mixedRun().state;
        const std::string evil = "x\x1b[31m\xc2\x9b\x01\xff<y";
        state.title = state.reason = state.user = evil;
        state.parameters["folder"] = evil;
        for (StepState& step : state.steps) {
            step.title = step.reason = evil;
            for (LineState& line : step.lines) line.text = line.output = evil;
        }
        const std::string junit = junitReport(state);
        QXmlStreamReader xml(QByteArray::fromStdString(junit));
        while (!xml.atEnd()) xml.readNext();
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        for (const std::string& text : {junit, markdownReport(state)}) {
            QCOMPARE(shownText(text), text);
            QVERIFY(text.find("\\x1b[31m") != std::string::npos);
        }
    }
    void writesEventLines() {
        std::string lines;
        for (const RunEvent& event : mixedRun().listener.events) lines += toJsonLine(event) + "\n";
        compareGolden(lines, "events.jsonl");
    }
    void writesTheDryRun() {
        Harness harness(mixed());
        QVERIFY2(harness.problem.empty(), harness.problem.c_str());
        harness.port.tables["/t/a"] = {};
        const auto rendered = dryRun(harness.runbook, {{"folder", "/t"}}, &harness.port);
        QVERIFY_OK(rendered);
        QCOMPARE(rendered.value().notPreviewed, 2);
        QCOMPARE(rendered.value().invalidLines, 0);
        QVERIFY(harness.port.executed.empty());
        compareGolden(rendered.value().text, "dryrun.txt");
    }
    void theDryRunHidesNothingOfTheCourse() {
        Harness harness(
            "runbook: c\ntitle: C\nsystem: maprdb\nparameters:\n"
            "  mode: {type: enum, values: [quick, careful], default: quick}\n"
            "  more: {type: text, default: \"\"}\nsteps:\n"
            "  - id: ask\n    title: Ask\n    when: \"{{mode}} == careful\"\n    ask: Is it so?\n"
            "  - id: sure\n    title: Sure\n    ask: Is it?\n"
            "  - id: note\n    title: Note\n    do: note {{more | option -m}} -x y\n    undo: none\n"
            "    verify: readable /t\n    timeout: 5m\n    on-failure: pause\n"
            "    retry: {attempts: 3, on: [transient, unreachable], delay: 2s}\n");
        QVERIFY2(harness.problem.empty(), harness.problem.c_str());
        const auto rendered = dryRun(harness.runbook, {}, nullptr);
        QVERIFY_OK(rendered);
        const std::string& text = rendered->text;
        QCOMPARE(rendered->approvals.size(), std::size_t{1});
        QCOMPARE(rendered->approvals[0].stepId, std::string("sure"));
        for (const std::string& part :
             {std::string("when      mode == careful   [false: mode is quick]"),
              "--approve sure=" + rendered->approvals[0].value, std::string("do        note -x y\n"),
              std::string("timeout   5m"), std::string("on-failure pause"),
              std::string("retry     3 attempts in all, after transient, unreachable; the first pause is 2s")}) {
            QVERIFY2(text.find(part) != std::string::npos, (part + "\n" + text).c_str());
        }
        RunOptions options;
        options.approvals["sure"] = rendered->approvals[0].value;
        harness.port.answers["readable /t"] = {CheckVerdict::True};
        QCOMPARE(harness.run(options).outcome, RunOutcome::Success);
        QCOMPARE(harness.state.find("ask")->reason, std::string("when: mode == careful is false (mode is quick)"));
        QCOMPARE(harness.port.executed.back(), std::string("note -x y"));
    }
    void aDryRunEndsWhereTheRunWould() {
        Harness harness(runbookOf(makeStep("a") + makeStep("b", "    enabled: false\n    disabled-because: no\n") +
                                  makeStep("c") + makeStep("d")));
        const auto whole = dryRun(harness.runbook, {}, nullptr);
        QVERIFY_OK(whole);
        QCOMPARE(whole->previewed, 3);
        QCOMPARE(whole->leftOut, 1);
        const auto part = dryRun(harness.runbook, {}, nullptr, "b");
        QVERIFY_OK(part);
        QVERIFY(part->text.find("Make c") == std::string::npos);
        QVERIFY2(part->text.ends_with("\n4 steps: 1 previewed, 1 left out, 2 after b not reached\n"),
                 part->text.c_str());
        QCOMPARE(dryRun(harness.runbook, {}, nullptr, "bb").error().where, std::string("--until"));
    }
    void dryRunShowsRefusedLines() {
        Harness harness(runbookOf(makeStep("a")));
        harness.runbook.steps[0].commands[0].text = "mapcli x";
        const auto rendered = dryRun(harness.runbook, {}, &harness.port);
        QVERIFY_OK(rendered);
        QCOMPARE(rendered.value().invalidLines, 1);
        QVERIFY(rendered.value().text.find("REFUSED: unknown command") != std::string::npos);
        const auto blind = dryRun(harness.runbook, {}, nullptr);
        QVERIFY_OK(blind);
        QVERIFY(blind.value().text.find("[now") == std::string::npos);
    }
    void dryRunHashesAreWhatApprovalsTake() {
        Harness harness(runbookOf(makeStep("a", "    approval: true\n")));
        const auto rendered = dryRun(harness.runbook, {}, nullptr);
        QVERIFY_OK(rendered);
        QVERIFY(rendered.value().text.find("--approve a=" + stepHash(harness.runbook.steps[0])) != std::string::npos);
    }
    void eventLinesSurviveBadBytesAndUnknownFigures() {
        RunEvent event;
        event.type = EventType::LagSample;
        event.output = "\xff\xfe";
        event.links.push_back({"/a", "/b", "unreachable", "no route", -1, -1, -1});
        const std::string line = toJsonLine(event);
        QVERIFY(line.find("\"lag_ms\":null") != std::string::npos);
        QVERIFY(line.find("\"bytes_pending\":null") != std::string::npos);
        QVERIFY(line.find('\n') == std::string::npos);
    }
    void everyOutcomeHasACodeAndAName() {
        for (int i = 0; i <= static_cast<int>(RunOutcome::Cancelled); ++i) {
            const auto outcome = static_cast<RunOutcome>(i);
            QCOMPARE(outcomeFromName(outcomeName(outcome)), outcome);
            QVERIFY(!exitCodeName(exitCodeOf(outcome)).empty());
        }
        std::vector<int> codes;
        for (const ExitCodeRow& row : exitCodeTable()) codes.push_back(static_cast<int>(row.code));
        const std::vector<int> documented{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 70, 74, 130};
        QVERIFY(codes == documented);
        QVERIFY(exitCodesHelp().find(" 130  interrupted") != std::string::npos);
    }

private:
    /// A run with every kind of ending, left in the middle by a check that never comes true.
    static Harness mixedRun() {
        Harness harness(mixed(), {{"folder", "/t"}});
        harness.port.commandTakesMs = 250;
        harness.port.faults["make /t/b"] = {"conflict", false, 1};
        harness.port.replicas[{kSource, kReplica}] = {};
        harness.port.upstreams.insert({kReplica, kSource});
        harness.port.tables[kSource] = {};
        harness.port.tables[kReplica] = {};
        RunOptions options;
        options.user = "ben";
        (void)harness.run(options);
        return harness;
    }
};
TRIBUTARY_TEST(TestReports)
#include "tst_reports.moc"
