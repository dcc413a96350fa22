// A finished run shown again in a real window: canvas, steps and chart at any moment of it, and back to what runs.
#include <QDir>
#include <QDockWidget>
#include <QToolButton>

#include "app/desktop/live/replaybar.h"
#include "app/desktop/shell/livebridge.h"
#include "core/workspace/workspace.h"
#include "testmain.h"
#include "windowworld.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using namespace tributary::test;

namespace {

constexpr int kRunWithinMs = 120'000;
const ObservedState::LinkKey kForth{"/mapr/sanfrancisco/customers", "/mapr/newyork/customers"};

bool isReplicating(const ObservedState& state) {
    const auto link = state.links.find(kForth);
    return link != state.links.end() && link->second.replicaListed && link->second.state == "replicating";
}

/// With TRIBUTARY_PICTURES=folder the window is kept as a picture, in each theme and size, for people to look at.
void keepPictures(WindowWorld& world, const QString& name) {
    const QString folder = qEnvironmentVariable("TRIBUTARY_PICTURES");
    if (folder.isEmpty()) return;
    QDir().mkpath(folder);
    for (const auto& [theme, word] : {std::pair{ThemeKind::Light, u"light"_s}, {ThemeKind::Dark, u"dark"_s}}) {
        world.themes.setKind(theme);
        applyTheme(world.themes.theme());
        for (const QSize size : {QSize(1280, 800), QSize(1920, 1080)}) {
            world.window->resize(size);
            world.window->sizePanels();
            world.bench().view->fit();
            QVERIFY(world.window->grab().save(
                u"%1/%2-%3x%4-%5.png"_s.arg(folder, name).arg(size.width()).arg(size.height()).arg(word)));
        }
    }
}

}  // namespace

class ReplayTest : public QObject {
    Q_OBJECT
private slots:
    void anyMomentOfARunIsShownAgain() {
        WindowWorld world;
        QVERIFY_OK(createExample("multi-master", world.folder().toStdString()));
        LiveBridge bridge(*world.window);
        world.window->openWorkspace(world.folder());
        QTRY_VERIFY(bridge.live() != nullptr);
        bridge.startReplay();
        QVERIFY(bridge.replay() == nullptr);  // nothing to show yet
        LiveWorkspace& live = *bridge.live();
        live.startEngine();
        QTRY_COMPARE_WITH_TIMEOUT(live.engine().state, EngineState::Running, kRunWithinMs);
        QTRY_VERIFY_WITH_TIMEOUT(bridge.observed().known, kRunWithinMs);
        RunControl& run = live.run();
        run.choose(u"multi-master-setup"_s);
        QTRY_VERIFY_WITH_TIMEOUT(run.runbook() != nullptr, kRunWithinMs);
        run.setParameters({{"source", kForth.first}, {"replica", kForth.second}});
        QTRY_VERIFY_WITH_TIMEOUT(run.parametersComplete(), kRunWithinMs);
        QVERIFY(run.start(false));
        while (run.phase() != RunPhase::Ended) {
            QTRY_VERIFY_WITH_TIMEOUT(run.phase() == RunPhase::Ended || run.phase() == RunPhase::Asking, kRunWithinMs);
            if (run.phase() == RunPhase::Asking) run.approve(true, u"customers"_s, {});
        }
        QTRY_VERIFY_WITH_TIMEOUT(isReplicating(bridge.observed()), kRunWithinMs);
        QTRY_VERIFY_WITH_TIMEOUT(!run.tape().wantsLook(), kRunWithinMs);
        const auto settled = [&run] {
            const auto& rows = run.steps().rows();
            return std::count_if(rows.begin(), rows.end(),
                                 [](const RunStepRow& row) { return runbooks::isSettled(row.phase); });
        };
        const auto all = settled();
        QVERIFY(all > 5);

        bridge.startReplay();
        QVERIFY(bridge.replay() != nullptr);
        // At its beginning nothing was done, and nothing ran between the two.
        QVERIFY(!isReplicating(bridge.observed()));
        QVERIFY2(settled() <= 1, qPrintable(QString::number(settled())));
        ReplayLine& line = bridge.replay()->line();
        line.setAt((run.tape().fromMs() + run.tape().toMs()) / 2);
        QVERIFY(settled() > 0 && settled() < all);
        // Looks at what runs do not take the moment away.
        const auto there = bridge.observed();
        QSignalSpy looks(&live, &LiveWorkspace::observed);
        QTRY_VERIFY(looks.size() >= 2);
        QVERIFY(bridge.observed() == there);
        if (QDockWidget* lag = world.window->panel(u"lag"_s)) lag->raise();
        keepPictures(world, u"replay"_s);
        line.setAt(run.tape().toMs());
        QVERIFY(isReplicating(bridge.observed()));
        QCOMPARE(settled(), all);
        line.setAt(run.tape().fromMs());

        QTest::mouseClick(bridge.replay()->findChild<QToolButton*>(u"replay-close"_s), Qt::LeftButton);
        QVERIFY(bridge.replay() == nullptr);
        QVERIFY(isReplicating(bridge.observed()));
        QCOMPARE(settled(), all);
        live.stopEngine();
        QTRY_COMPARE_WITH_TIMEOUT(live.engine().state, EngineState::Off, kRunWithinMs);
    }
};
TRIBUTARY_TEST(ReplayTest)
#include "tst_replay.moc"
