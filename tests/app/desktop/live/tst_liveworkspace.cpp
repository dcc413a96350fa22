// The facade against the real engine: start, run, observe, break, heal, stop, fail.
#include <QElapsedTimer>
#include <QSignalSpy>
#include <atomic>
#include <future>

#include "app/daemon/daemon.h"
#include "app/desktop/live/livetext.h"
#include "core/workspace/workspace.h"
#include "liveworld.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using tributary::test::kPatientMs;
using tributary::test::LiveWorld;

class LiveWorkspaceTest : public QObject {
    Q_OBJECT
private slots:
    void setsUpMultiMasterAndFollowsIt();
    void breaksAndHealsANetwork();
    void pausesARunAndResumesItAfterReopening();
    void failsWithReasonWhenAPortIsTaken();
    void failsWhenTheDaemonItIsAttachedToEnds();
    void tellsThatAWorkspaceCannotBeRead();
    void leavesACallThatHangsBehind();
};

void LiveWorkspaceTest::setsUpMultiMasterAndFollowsIt() {
    LiveWorld world;
    QVERIFY(world.isValid());
    LiveWorkspace& live = world.open();
    QCOMPARE(live.engine().state, EngineState::Off);
    QVERIFY(world.start());
    QVERIFY(world.load(2'000));
    QSignalSpy active(&live, &LiveWorkspace::runActive);
    QSignalSpy steps(&live, &LiveWorkspace::stepChanged);
    QVERIFY(world.makeMultiMaster());
    QCOMPARE(active.size(), 2);
    QCOMPARE(active.front().front().toBool(), true);
    QCOMPARE(active.back().front().toBool(), false);
    QVERIFY(steps.size() >= 2 * 10);
    bool namedSource = false;
    for (const auto& step : steps) namedSource |= step.at(2).toStringList().contains(toQt(std::string(test::kSource)));
    QVERIFY(namedSource);
    QVERIFY(live.run().ending()->report.find("multi-master") != std::string::npos);
    for (const RunStepRow& row : live.run().steps().rows()) {
        QVERIFY2(runbooks::isSettled(row.phase), qPrintable(row.id + u": "_s + RunSteps::phaseText(row)));
    }
    QVERIFY2(world.audited().contains(u"\"runbook\":\"multi-master-setup\""_s), qPrintable(world.audited()));
    // Both directions are observed, drained, and leave samples.
    QTRY_VERIFY_WITH_TIMEOUT(world.link(test::kSource) != nullptr && world.link(test::kReplica) != nullptr, kPatientMs);
    QTRY_VERIFY_WITH_TIMEOUT(world.link(test::kSource)->lagMs == 0 && world.link(test::kSource)->state == "replicating",
                             kPatientMs);
    QCOMPARE(live.lag().links().size(), std::size_t{2});
    const LinkTrack* track = live.lag().link(std::string(test::kSource) + " -> " + test::kReplica);
    QVERIFY(track != nullptr && track->series.latest().has_value());
    QVERIFY(!live.lag().marks().empty());
    QTRY_COMPARE_WITH_TIMEOUT(live.snapshot().status.cluster("newyork")->tables.size(), std::size_t{1}, kPatientMs);
    QTRY_COMPARE_WITH_TIMEOUT(live.snapshot().status.cluster("newyork")->tables[0].rows, std::uint64_t{2'000},
                              kPatientMs);
    live.stopEngine();
    QCOMPARE(live.engine().state, EngineState::Stopping);
    QTRY_COMPARE_WITH_TIMEOUT(live.engine().state, EngineState::Off, kPatientMs);
    QTRY_VERIFY_WITH_TIMEOUT(!live.snapshot().anyUp(), kPatientMs);
}

void LiveWorkspaceTest::breaksAndHealsANetwork() {
    LiveWorld world;
    QVERIFY(world.start());
    QVERIFY(world.makeMultiMaster());
    LiveWorkspace& live = world.live();
    QSignalSpy done(&live, &LiveWorkspace::faultDone);
    live.sendFault({FaultKind::Cut, "sanfrancisco", "newyork", {}, true});
    QTRY_COMPARE_WITH_TIMEOUT(done.size(), 1, kPatientMs);
    QCOMPARE(done[0][1].toString(), QString());
    QTRY_COMPARE_WITH_TIMEOUT(live.snapshot().status.faults.size(), std::size_t{1}, kPatientMs);
    QCOMPARE(live.lag().faults().back().toMs, Millis{0});
    QVERIFY(world.load(100));
    // What cannot be sent waits: the backlog is told, and grows with time.
    QTRY_VERIFY_WITH_TIMEOUT(
        world.link(test::kSource) != nullptr && world.link(test::kSource)->operationsPending.value_or(0) >= 100,
        kPatientMs);
    QSignalSpy cleared(&live, &LiveWorkspace::faultsCleared);
    live.clearFaults();
    QTRY_COMPARE_WITH_TIMEOUT(cleared.size(), 1, kPatientMs);
    QVERIFY2(cleared[0][0].toBool(), qPrintable(cleared[0][1].toString()));
    QTRY_VERIFY_WITH_TIMEOUT(live.snapshot().status.faults.empty() && live.lag().faults().back().toMs > 0, kPatientMs);
    QTRY_VERIFY_WITH_TIMEOUT(world.link(test::kSource)->operationsPending == 0, kPatientMs);
    done.clear();
    live.sendFault({FaultKind::Delay, "sanfrancisco", "nowhere", "35ms", false});
    QTRY_COMPARE_WITH_TIMEOUT(done.size(), 1, kPatientMs);
    QVERIFY(done[0][1].toString().contains(u"nowhere"_s));
    QVERIFY2(world.audited().contains(u"tributary fault cut sanfrancisco"_s), qPrintable(world.audited()));
    QVERIFY2(world.audited().contains(u"tributary fault clear"_s), qPrintable(world.audited()));
}

void LiveWorkspaceTest::pausesARunAndResumesItAfterReopening() {
    LiveWorld world;
    QVERIFY(world.start());
    QVERIFY(world.load(500));
    QVERIFY(world.chooseMultiMaster());
    RunControl& run = world.live().run();
    QVERIFY(run.start(true));
    // Three steps by hand, then the window goes while a question waits.
    for (int i = 0; i < 3; ++i) {
        QTRY_COMPARE_WITH_TIMEOUT(run.phase(), RunPhase::Asking, kPatientMs);
        QCOMPARE(run.question()->kind, RunQuestion::Kind::BeforeStep);
        run.step();
    }
    QTRY_COMPARE_WITH_TIMEOUT(run.phase(), RunPhase::Asking, kPatientMs);
    const QString waitsAt = run.question()->stepId;
    world.close();
    QVERIFY(world.start());
    RunControl& again = world.live().run();
    QTRY_VERIFY_WITH_TIMEOUT(again.unfinished().has_value(), kPatientMs);
    QCOMPARE(again.unfinished()->runbookId, std::string("multi-master-setup"));
    QVERIFY(again.canResume());
    QVERIFY(again.resume());
    QTRY_COMPARE_WITH_TIMEOUT(again.phase(), RunPhase::Ended, kPatientMs);
    QCOMPARE(again.ending()->result.outcome, runbooks::RunOutcome::Success);
    QVERIFY(again.steps().find(waitsAt) != nullptr);
    QVERIFY(again.canUndo());
    QVERIFY(again.undo());
    QTRY_COMPARE_WITH_TIMEOUT(again.phase(), RunPhase::Asking, kPatientMs);
    again.approveUndo(true);
    const auto wantsTheName = [&] {
        return again.phase() == RunPhase::Ended ||
               (again.question() && again.question()->kind == RunQuestion::Kind::Approve);
    };
    QTRY_VERIFY_WITH_TIMEOUT(wantsTheName(), kPatientMs);
    if (again.question()) again.approve(true, again.question()->typeTheName, {});
    QTRY_COMPARE_WITH_TIMEOUT(again.phase(), RunPhase::Ended, kPatientMs);
    QVERIFY2(again.ending()->result.outcome == runbooks::RunOutcome::Undone, again.ending()->result.reason.c_str());
    QTRY_VERIFY_WITH_TIMEOUT(world.live().snapshot().status.links.empty(), kPatientMs);
}

void LiveWorkspaceTest::failsWithReasonWhenAPortIsTaken() {
    LiveWorld world;
    QVERIFY(world.isValid());
    // A process that holds the port drawn for a gateway: here this one, before the engine asks for it.
    auto holder = std::make_unique<LiveWorld>();
    QVERIFY(holder->start());
    quint16 taken = 0;
    for (const auto& gateway : holder->live().snapshot().status.clusters[0].gateways) {
        taken = toQt(gateway.endpoint).section(u':', -1).toUShort();
    }
    QVERIFY(taken != 0);
    auto paths = findWorkspace(toStd(world.dir()));
    auto workspace = openWorkspace(*paths);
    Topology wanted = workspace->topology;
    wanted.clusters[0].gateways[0].address = "127.0.0.1:" + std::to_string(taken);
    QVERIFY(saveWorkspace(*workspace, wanted).ok());
    LiveWorkspace& live = world.open();
    live.startEngine();
    QTRY_COMPARE_WITH_TIMEOUT(live.engine().state, EngineState::Failed, kPatientMs);
    QVERIFY2(live.engine().reason.contains(QString::number(taken)), qPrintable(live.engine().reason));
    QVERIFY(!live.engine().action.isEmpty());
    holder.reset();
    live.startEngine();
    QTRY_COMPARE_WITH_TIMEOUT(live.engine().state, EngineState::Running, kPatientMs);
}

void LiveWorkspaceTest::failsWhenTheDaemonItIsAttachedToEnds() {
    LiveWorld world;
    auto daemon = std::make_unique<LiveWorkspace>(world.dir());  // another owner of the engine
    daemon->startEngine();
    QTRY_COMPARE_WITH_TIMEOUT(daemon->engine().state, EngineState::Running, kPatientMs);
    LiveWorkspace& live = world.open();
    QTRY_COMPARE_WITH_TIMEOUT(live.engine().state, EngineState::Attached, kPatientMs);
    daemon.reset();
    QTRY_COMPARE_WITH_TIMEOUT(live.engine().state, EngineState::Failed, kPatientMs);
    QVERIFY(!live.engine().reason.isEmpty());
    QVERIFY(live.engine().action.contains(u"tributary up"_s));
    live.startEngine();
    QTRY_COMPARE_WITH_TIMEOUT(live.engine().state, EngineState::Running, kPatientMs);
}

void LiveWorkspaceTest::tellsThatAWorkspaceCannotBeRead() {
    QTemporaryDir empty;
    LiveWorkspace live(empty.path());
    QTRY_VERIFY_WITH_TIMEOUT(!live.snapshot().problem.isEmpty(), kPatientMs);
    live.startEngine();
    QTRY_COMPARE_WITH_TIMEOUT(live.engine().state, EngineState::Failed, kPatientMs);
    QVERIFY(live.engine().reason.contains(empty.path()));
}

void LiveWorkspaceTest::leavesACallThatHangsBehind() {
    LiveWorld world;
    QVERIFY(world.isValid());
    auto release = std::make_shared<std::promise<void>>();
    auto begun = std::make_shared<std::atomic<bool>>(false);
    auto over = std::make_shared<std::atomic<bool>>(false);
    bool answered = false;
    auto lane = world.open().makeLane();
    lane->ask<bool>(
        this,
        [release, begun, over](app::Session&) -> Result<bool> {
            begun->store(true);
            release->get_future().wait();
            over->store(true);
            return true;
        },
        [&answered](const Result<bool>&) { answered = true; });
    QTRY_VERIFY_WITH_TIMEOUT(begun->load(), kPatientMs);
    QElapsedTimer clock;
    clock.start();
    lane.reset();
    QVERIFY2(clock.elapsed() < 1'000, qPrintable(QString::number(clock.elapsed())));
    QVERIFY(!over->load());
    release->set_value();
    QTRY_VERIFY_WITH_TIMEOUT(over->load(), kPatientMs);
    QCoreApplication::sendPostedEvents();
    QVERIFY(!answered);
}

TRIBUTARY_TEST(LiveWorkspaceTest)
#include "tst_liveworkspace.moc"
