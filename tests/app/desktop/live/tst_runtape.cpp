// A run kept and shown again: steps, looks and moments; bounded however long it is.
#include <QSignalSpy>

#include "app/desktop/live/replaybar.h"
#include "app/desktop/live/runtape.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using runbooks::EventType;
using runbooks::RunEvent;
using runbooks::StepPhase;

namespace {

constexpr Millis kBegunMs = 1'000'000;

runbooks::Runbook twoSteps() {
    runbooks::Runbook book;
    book.title = "Two steps";
    for (const char* id : {"first", "second"}) {
        runbooks::Step step;
        step.id = id;
        step.title = std::string("Do the ") + id;
        step.targets = {std::string("/mapr/sf/") + id};
        book.steps.push_back(step);
    }
    return book;
}

RunEvent stepEvent(EventType type, const char* id, Millis afterMs, const char* result = "") {
    RunEvent event;
    event.type = type;
    event.stepId = id;
    event.title = std::string("Do the ") + id;
    event.atMs = kBegunMs + afterMs;
    event.result = result;
    return event;
}

LiveSnapshot seenAt(Millis afterMs, const std::string& state = {}) {
    LiveSnapshot snapshot;
    snapshot.atMs = kBegunMs + afterMs;
    app::LinkRow link;
    link.from = "/mapr/sf/first";
    link.to = "/mapr/ny/first";
    link.state = state;
    snapshot.status.links.push_back(link);
    return snapshot;
}

void playTwoSteps(RunTape& tape) {
    tape.begin("run-1", twoSteps(), {});
    tape.take(stepEvent(EventType::StepStarted, "first", 0));
    tape.look(seenAt(500, "copying"));
    tape.take(stepEvent(EventType::StepFinished, "first", 2'000, "done"));
    tape.take(stepEvent(EventType::StepStarted, "second", 3'000));
    tape.look(seenAt(3'500, "replicating"));
    tape.take(stepEvent(EventType::StepFinished, "second", 4'000, "failed"));
    tape.end();
    tape.look(seenAt(4'300, "error"));
    tape.look(seenAt(9'000, "afterwards"));  // the run is over, and this is no part of it
}

std::string stateAt(const RunTape& tape, Millis afterMs) {
    return tape.lookAt(kBegunMs + afterMs)->status.links.front().state;
}

}  // namespace

class RunTapeTest : public QObject {
    Q_OBJECT
private slots:
    void anyMomentIsShownAgain() {
        RunTape tape;
        QVERIFY(!tape.isPlayable() && !tape.wantsLook());
        playTwoSteps(tape);
        QVERIFY(tape.isPlayable());
        QCOMPARE(tape.fromMs(), kBegunMs);
        QCOMPARE(tape.toMs(), kBegunMs + 4'300);
        QVERIFY(tape.lookAt(kBegunMs) == nullptr && tape.lookAt(kBegunMs + 499) == nullptr);  // nothing was seen yet
        QCOMPARE(stateAt(tape, 500), std::string("copying"));
        QCOMPARE(stateAt(tape, 3'499), std::string("copying"));
        QCOMPARE(stateAt(tape, 3'500), std::string("replicating"));
        QCOMPARE(stateAt(tape, 99'000), std::string("error"));
        RunSteps steps;
        tape.show(steps, kBegunMs + 1'000);
        QCOMPARE(steps.rows()[0].phase, StepPhase::Started);
        QCOMPARE(steps.rows()[1].phase, StepPhase::Pending);
        tape.show(steps, kBegunMs + 2'500);
        QCOMPARE(steps.rows()[0].phase, StepPhase::Done);
        QCOMPARE(steps.rows()[1].phase, StepPhase::Pending);
        tape.show(steps, tape.toMs());
        QCOMPARE(steps.rows()[1].phase, StepPhase::Failed);
        tape.show(steps, kBegunMs);  // backwards too
        QCOMPARE(steps.rows()[0].phase, StepPhase::Started);
    }
    void stepsAreStretchesOfTime() {
        RunTape tape;
        playTwoSteps(tape);
        QCOMPARE(tape.spans().size(), std::size_t(2));
        QCOMPARE(tape.spanAt(kBegunMs + 1'000)->id, u"first"_s);
        QVERIFY(tape.spanAt(kBegunMs + 2'500) == nullptr);
        QCOMPARE(tape.pathsAt(kBegunMs + 3'100), QStringList{u"/mapr/sf/second"_s});
        QVERIFY(tape.pathsAt(kBegunMs + 2'500).isEmpty());
        QCOMPARE(tape.neighbour(kBegunMs, true), kBegunMs + 2'000);
        QCOMPARE(tape.neighbour(kBegunMs + 2'500, true), kBegunMs + 3'000);
        QCOMPARE(tape.neighbour(kBegunMs + 2'500, false), kBegunMs + 2'000);
        QCOMPARE(tape.neighbour(kBegunMs + 4'100, true), tape.toMs());
    }
    /// The line and the list of steps say the same of every end that a step can have.
    void everyEndIsTheSameOnTheLineAndInTheList_data() {
        QTest::addColumn<bool>("isUndo");
        QTest::addColumn<QString>("result");
        QTest::addColumn<QString>("reason");
        QTest::addColumn<StepPhase>("phase");
        QTest::newRow("done") << false << u"done"_s << QString() << StepPhase::Done;
        QTest::newRow("failed") << false << u"failed"_s << u"no"_s << StepPhase::Failed;
        QTest::newRow("in doubt") << false << u"in-doubt"_s << u"no answer"_s << StepPhase::InDoubt;
        QTest::newRow("undone") << true << u"undone"_s << QString() << StepPhase::Undone;
        QTest::newRow("not undone") << true << u"failed"_s << u"no"_s << StepPhase::Failed;
        QTest::newRow("by hand") << true << u"by-hand"_s << u"BY HAND, take back: it"_s << StepPhase::Done;
    }
    void everyEndIsTheSameOnTheLineAndInTheList() {
        QFETCH(const bool, isUndo);
        QFETCH(const QString, result);
        QFETCH(const QString, reason);
        QFETCH(const StepPhase, phase);
        RunTape tape;
        tape.begin("run-1", twoSteps(), {});
        tape.take(stepEvent(isUndo ? EventType::UndoStarted : EventType::StepStarted, "first", 0));
        RunEvent end = stepEvent(isUndo ? EventType::UndoFinished : EventType::StepFinished, "first", 2'000);
        end.result = result.toStdString();
        end.reason = reason.toStdString();
        tape.take(end);
        RunSteps steps;
        tape.show(steps, tape.toMs());
        QCOMPARE(tape.spans().front().phase, phase);
        QCOMPARE(steps.rows().front().phase, phase);
    }
    void anotherSessionGoesOnAndAnotherRunBeginsAnew() {
        RunTape tape;
        playTwoSteps(tape);
        tape.begin("run-1", twoSteps(), {});
        tape.take(stepEvent(EventType::StepStarted, "second", 10'000));
        tape.take(stepEvent(EventType::StepFinished, "second", 11'000, "done"));
        tape.end();
        QCOMPARE(tape.spans().size(), std::size_t(3));
        QCOMPARE(tape.fromMs(), kBegunMs);
        tape.begin("run-2", twoSteps(), {});
        QVERIFY(tape.spans().empty() && tape.lookAt(kBegunMs) == nullptr && !tape.isPlayable());
    }
    void aLongRunThinsOut() {
        RunTape tape;
        tape.begin("run-1", twoSteps(), {});
        tape.take(stepEvent(EventType::StepStarted, "first", 0));
        constexpr Millis kLooks = 50'000;
        for (Millis i = 1; i <= kLooks; ++i) tape.look(seenAt(i * 300, std::to_string(i)));
        QVERIFY2(tape.lookCount() <= RunTape::kLooksMax, qPrintable(QString::number(tape.lookCount())));
        QVERIFY(tape.lookCount() > RunTape::kLooksMax / 4);
        // Every time is still near something that was seen then.
        for (Millis i = 1'000; i < kLooks; i += 997) {
            const Millis off = kBegunMs + i * 300 - tape.lookAt(kBegunMs + i * 300)->atMs;
            QVERIFY2(off >= 0 && off <= 16'000, qPrintable(QString::number(off)));
        }
    }
    void theLineIsDraggedAndSteppedThrough() {
        RunTape tape;
        playTwoSteps(tape);
        const LagHistory lag;
        ReplayBar bar(tape, lag);
        bar.resize(600, 100);
        bar.show();
        bar.rewind();
        QSignalSpy moved(&bar, &ReplayBar::moved);
        ReplayLine& line = bar.line();
        QTest::mousePress(&line, Qt::LeftButton, {}, QPoint(line.width() / 2, 10));
        QCOMPARE(moved.size(), 1);
        QVERIFY(std::abs(line.at() - (kBegunMs + 2'150)) < 50);
        QTest::keyClick(&line, Qt::Key_Right);
        QCOMPARE(line.at(), kBegunMs + 3'000);
        QTest::keyClick(&line, Qt::Key_Left);
        QCOMPARE(line.at(), kBegunMs + 2'000);
        QTest::keyClick(&line, Qt::Key_End);
        QCOMPARE(line.at(), tape.toMs());
        line.setAt(tape.toMs() + 99'000);
        QCOMPARE(line.at(), tape.toMs());
        QTest::keyClick(&line, Qt::Key_Home);
        QCOMPARE(moved.last().first().toLongLong(), tape.fromMs());
        bar.setPlaying(true);
        QTRY_VERIFY(line.at() > tape.fromMs());
        bar.setPlaying(false);
        QVERIFY(!bar.isPlaying());
    }
};
TRIBUTARY_TEST(RunTapeTest)
#include "tst_runtape.moc"
