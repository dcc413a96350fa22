// The runbook dock by mouse and keys: form, run, step, failure, skip, report; and the models behind it.
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTextBrowser>

#include "app/desktop/live/livetext.h"
#include "app/desktop/live/runbookpanel.h"
#include "app/desktop/live/runparameterform.h"
#include "app/desktop/live/runstepview.h"
#include "core/workspace/atomicfile.h"
#include "liveworld.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using tributary::test::kPatientMs;
using tributary::test::LiveWorld;

namespace {

const char* const kAsking = R"(runbook: asking
title: A run with a person in it
system: maprdb
steps:
  - id: cannot-hold
    title: A table that is not there
    verify: {becomes: dataset-exists /mapr/newyork/nothing, within: 200ms, interval: 50ms}
  - id: by-hand
    title: Somebody looks
    human: Look at the rack.
  - id: make-table
    title: Make a table
    done-when: dataset-exists /mapr/newyork/made
    do: maprcli table create -path /mapr/newyork/made
    verify: dataset-exists /mapr/newyork/made
    undo: maprcli table delete -path /mapr/newyork/made
    approval: {text: A new table is made, type-the-name: made}
)";

const char* const kElsewhere = R"(runbook: elsewhere
title: A check that nobody can make
system: maprdb
steps:
  - id: look
    title: Look at a table of another world
    verify: dataset-exists /mapr/atlantis/t
)";

QPushButton* liveButton(QWidget& panel, const char* name) {
    return panel.findChild<QPushButton*>(QString::fromLatin1(name));
}

}  // namespace

class RunbookPanelTest : public QObject {
    Q_OBJECT
private slots:
    void fillsTheFormAndRunsToTheReport();
    void asksInlineAndTakesEveryAnswer();
    void saysWhyAValueDoesNotFitTheDrawing();
    void aCheckOfAnUndrawnClusterIsRefusedBeforeAnythingBegins();
    void writesThePageOfAStep();
};

void RunbookPanelTest::fillsTheFormAndRunsToTheReport() {
    LiveWorld world;
    QVERIFY(world.start());
    QVERIFY(world.load(300));
    RunbookPanel panel(world.live());
    panel.resize(420, 640);
    panel.show();
    auto* chooser = panel.findChild<QComboBox*>(u"runbook-chooser"_s);
    QTRY_VERIFY_WITH_TIMEOUT(chooser->findData(u"multi-master-setup"_s) >= 0, kPatientMs);
    chooser->setFocus();
    chooser->setCurrentIndex(chooser->findData(u"multi-master-setup"_s));
    emit chooser->activated(chooser->currentIndex());
    auto* run = liveButton(panel, "run-run");
    QTRY_VERIFY_WITH_TIMEOUT(panel.findChild<QComboBox*>(u"parameter-source"_s) != nullptr, kPatientMs);
    QVERIFY(!run->isEnabled());
    QTest::keyClicks(panel.findChild<QComboBox*>(u"parameter-source"_s)->lineEdit(),
                     QString::fromLatin1(test::kSource));
    QTest::keyClicks(panel.findChild<QComboBox*>(u"parameter-replica"_s)->lineEdit(),
                     QString::fromLatin1(test::kReplica));
    QTRY_VERIFY_WITH_TIMEOUT(run->isEnabled(), kPatientMs);
    // The exact commands are on show before anything runs.
    const RunStepRow* copy = world.live().run().steps().find(u"load-replica"_s);
    QVERIFY(copy != nullptr && copy->commands[0].contains(QString::fromLatin1(test::kReplica)));
    QTest::mouseClick(run, Qt::LeftButton);
    QVERIFY(world.live().run().isActive());
    QVERIFY(!chooser->isEnabled());
    QTRY_COMPARE_WITH_TIMEOUT(world.live().run().phase(), RunPhase::Ended, kPatientMs);
    QCOMPARE(world.live().run().ending()->result.outcome, runbooks::RunOutcome::Success);
    bool reported = false;
    for (auto* browser : panel.findChildren<QTextBrowser*>()) {
        reported |= browser->toPlainText().contains(u"CopyTable"_s) && browser->isVisible();
    }
    QVERIFY(reported);
    auto* undo = liveButton(panel, "run-undo");
    QVERIFY(undo->isVisible());
    // The click opens the plan and touches nothing; so does keeping everything.
    QTest::mouseClick(undo, Qt::LeftButton);
    RunControl& control = world.live().run();
    QTRY_COMPARE_WITH_TIMEOUT(control.phase(), RunPhase::Asking, kPatientMs);
    QCOMPARE(control.question()->kind, RunQuestion::Kind::UndoPlan);
    auto* plan = panel.findChild<QPlainTextEdit*>(u"question-plan"_s);
    QVERIFY(plan->isVisible());
    QVERIFY2(plan->toPlainText().contains(u"maprcli table delete -path"_s), qPrintable(plan->toPlainText()));
    QVERIFY2(plan->toPlainText().contains(u"300 rows in all"_s), qPrintable(plan->toPlainText()));
    QCOMPARE(control.steps().find(u"register-replica"_s)->phase, runbooks::StepPhase::Done);
    QTest::mouseClick(liveButton(panel, "question-no"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(control.phase(), RunPhase::Ended, kPatientMs);
    QCOMPARE(control.ending()->state.outcome, runbooks::RunOutcome::Success);
    QVERIFY(!control.canResume());
    QVERIFY(undo->isVisible());
    // Approved, it still wants the name of the table whose rows go.
    QTest::mouseClick(undo, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(control.phase(), RunPhase::Asking, kPatientMs);
    QTest::mouseClick(liveButton(panel, "question-yes"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(
        control.phase() == RunPhase::Asking && control.question()->kind == RunQuestion::Kind::Approve, kPatientMs);
    QVERIFY(!liveButton(panel, "question-yes")->isEnabled());
    panel.findChild<QLineEdit*>(u"question-input"_s)->setText(control.question()->typeTheName);
    QTest::mouseClick(liveButton(panel, "question-yes"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(control.phase(), RunPhase::Ended, kPatientMs);
    QCOMPARE(control.steps().find(u"register-replica"_s)->phase, runbooks::StepPhase::Undone);
    QCOMPARE(control.ending()->result.outcome, runbooks::RunOutcome::Undone);
}

void RunbookPanelTest::asksInlineAndTakesEveryAnswer() {
    LiveWorld world;
    QVERIFY(world.start());
    const QString file = world.dir() + u"/asking.yaml"_s;
    QVERIFY_OK(saveFileAtomically(toStd(file), kAsking));
    RunbookPanel panel(world.live());
    panel.resize(900, 300);
    panel.show();
    RunControl& run = world.live().run();
    run.choose(file);
    QTRY_VERIFY_WITH_TIMEOUT(run.runbook() != nullptr, kPatientMs);
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    QTest::keyClick(&panel, Qt::Key_Return, Qt::ControlModifier);
    // What the last step wants approved is asked before the first one begins.
    auto* yes = liveButton(panel, "question-yes");
    QTRY_VERIFY_WITH_TIMEOUT(run.phase() == RunPhase::Asking && run.question()->kind == RunQuestion::Kind::Approve,
                             kPatientMs);
    QVERIFY(!yes->isEnabled());
    QTest::keyClicks(panel.findChild<QLineEdit*>(u"question-input"_s), u"made"_s);
    QVERIFY(yes->isEnabled());
    QTest::mouseClick(yes, Qt::LeftButton);
    // The first step fails: retry once, then skip it with a reason.
    QTRY_VERIFY_WITH_TIMEOUT(run.phase() == RunPhase::Asking && run.question()->kind == RunQuestion::Kind::AfterFailure,
                             kPatientMs);
    QTest::mouseClick(liveButton(panel, "question-retry"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(run.phase() == RunPhase::Asking && run.question()->kind == RunQuestion::Kind::AfterFailure,
                             kPatientMs);
    auto* skip = liveButton(panel, "question-skip");
    QVERIFY(!skip->isEnabled());
    QTest::keyClicks(panel.findChild<QLineEdit*>(u"question-input"_s), u"not for this test"_s);
    QVERIFY(skip->isEnabled());
    QTest::mouseClick(skip, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(run.phase() == RunPhase::Asking && run.question()->kind == RunQuestion::Kind::Instruct,
                             kPatientMs);
    QTest::mouseClick(yes, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(run.phase(), RunPhase::Ended, kPatientMs);
    QVERIFY2(run.ending()->result.outcome == runbooks::RunOutcome::Success, run.ending()->result.reason.c_str());
    QCOMPARE(run.steps().find(u"cannot-hold"_s)->phase, runbooks::StepPhase::Skipped);
    QVERIFY(run.steps().find(u"cannot-hold"_s)->reason.contains(u"not for this test"_s));
    QCOMPARE(run.steps().find(u"make-table"_s)->phase, runbooks::StepPhase::Done);
}

void RunbookPanelTest::saysWhyAValueDoesNotFitTheDrawing() {
    LiveWorld world;
    world.open();
    QVERIFY(world.chooseMultiMaster());
    RunControl& run = world.live().run();
    QTRY_VERIFY_WITH_TIMEOUT(!world.live().drawing().clusters.empty(), kPatientMs);
    QCOMPARE(run.parameterProblem("source", world.live().drawing()), QString());
    run.setParameter("source", "/mapr/sanfrancisco/nothing");
    QVERIFY(run.parameterProblem("source", world.live().drawing()).contains(u"nothing"_s));
    run.setParameter("replica", "/mapr/atlantis/customers");
    QVERIFY(run.parameterProblem("replica", world.live().drawing()).contains(u"atlantis"_s));
    run.setParameter("replica", {});
    QVERIFY(!run.parametersComplete());
    QSignalSpy refused(&run, &RunControl::refused);
    QVERIFY(!run.start(false));
    QCOMPARE(refused.size(), 1);
}

void RunbookPanelTest::aCheckOfAnUndrawnClusterIsRefusedBeforeAnythingBegins() {
    LiveWorld world;
    QVERIFY(world.start());
    const QString file = world.dir() + u"/elsewhere.yaml"_s;
    QVERIFY_OK(saveFileAtomically(toStd(file), kElsewhere));
    RunControl& run = world.live().run();
    QSignalSpy refused(&run, &RunControl::refused);
    run.choose(file);
    QTRY_VERIFY_WITH_TIMEOUT(run.runbook() != nullptr, kPatientMs);
    QVERIFY(run.start(false));
    QTRY_COMPARE_WITH_TIMEOUT(refused.size(), 1, kPatientMs);
    QVERIFY2(refused[0][0].toString().contains(u"atlantis"_s), qPrintable(refused[0][0].toString()));
    QVERIFY(!QDir(world.dir() + u"/.tributary/runs"_s).exists() ||
            QDir(world.dir() + u"/.tributary/runs"_s).entryList({u"*-elsewhere"_s}, QDir::Dirs).isEmpty());
}

void RunbookPanelTest::writesThePageOfAStep() {
    RunStepRow row;
    row.title = u"Load <b>"_s;
    row.commands = {u"maprcli table create -path /mapr/a/t"_s};
    row.undo = {u"maprcli table delete -path /mapr/a/t"_s};
    row.phase = runbooks::StepPhase::Failed;
    row.reason = u"no space"_s;
    const QString page = stepPage(row, 3, QPalette());
    QVERIFY(page.contains(u"Load &lt;b&gt;"_s));
    QVERIFY(page.contains(u"table delete"_s) && page.contains(u"no space"_s));
    row.irreversible = u"The rows are gone"_s;
    QVERIFY(stepPage(row, 3, QPalette()).contains(u"The rows are gone"_s));
}

TRIBUTARY_TEST(RunbookPanelTest)
#include "tst_runbookpanel.moc"
