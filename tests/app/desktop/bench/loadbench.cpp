// The window while 1,000,000 rows replicate: how often and how long it stood still.
#include <QTest>
#include <QTimer>
#include <thread>

#include "app/desktop/shell/livecommands.h"
#include "app/rows/customerrows.h"
#include "app/rows/putpipeline.h"
#include "app/rows/targettable.h"
#include "benchcases.h"
#include "core/workspace/workspace.h"
#include "stopwatch.h"

using namespace Qt::StringLiterals;

namespace tributary::bench {

using namespace desktop;

namespace {

constexpr int kPatientMs = 300'000;
constexpr std::uint64_t kRows = 1'000'000;
constexpr double kStallMs = 50;
constexpr int kTickMs = 5;

/// Asks the event loop for a sign of life every 5 ms; what it lets wait longer than 50 ms is a stall.
class Watchdog final : public QObject {
public:
    Watchdog() {
        timer_.setTimerType(Qt::PreciseTimer);
        timer_.setInterval(kTickMs);
        connect(&timer_, &QTimer::timeout, this, [this] { tick(); });
    }
    void start() {
        last_ = {};
        timer_.start();
    }
    void stop() { timer_.stop(); }
    int ticks = 0;
    int stalls = 0;
    int workStalls = 0;  ///< of them, those in which this thread worked that long: the rest waited for a processor
    Took worst;

private:
    void tick() {
        const Took took = last_.took();
        last_ = {};
        ++ticks;
        if (took.wallMs - kTickMs > kStallMs) ++stalls;
        if (took.workMs > kStallMs) ++workStalls;
        worst = {std::max(worst.wallMs, took.wallMs), std::max(worst.workMs, took.workMs)};
    }
    QTimer timer_;
    Stopwatch last_;
};

Status load(const std::string& folder) {
    auto session = app::Session::open({folder, {}, false});
    if (!session) return session.error();
    const auto table = app::findTable((*session)->directory(), "/mapr/sanfrancisco/customers");
    if (!table) return table.error();
    auto client = (*session)->directory().connect("sanfrancisco");
    if (!client) return client.error();
    app::CustomerRows made(table->families, 1, app::KeyOrder::Sequential);
    app::PutPipeline pipeline(**client, {table->path, made.families()});
    for (std::uint64_t i = 0; i < kRows; ++i) {
        made.append(i, pipeline.builder());
        if (Status done = pipeline.rowDone(); !done) return done;
    }
    return pipeline.finish();
}

bool makeMultiMaster(LiveWorkspace& live) {
    live.startEngine();
    const auto up = [&] {
        const auto& clusters = live.snapshot().status.clusters;
        return clusters.size() == 2 && clusters[0].answered && clusters[1].answered;
    };
    if (!QTest::qWaitFor(up, kPatientMs)) return false;
    RunControl& run = live.run();
    run.choose(u"multi-master-setup"_s);
    if (!QTest::qWaitFor([&] { return run.runbook() != nullptr; }, kPatientMs)) return false;
    run.setParameter("source", "/mapr/sanfrancisco/customers");
    run.setParameter("replica", "/mapr/newyork/customers");
    if (!run.start(false)) return false;
    return QTest::qWaitFor([&] { return run.phase() == RunPhase::Ended; }, kPatientMs) &&
           run.ending()->result.outcome == runbooks::RunOutcome::Success;
}

bool drained(const LiveWorkspace& live) {
    const auto& links = live.snapshot().status.links;
    return !links.empty() && std::all_of(links.begin(), links.end(), [](const app::LinkRow& each) {
        return each.operationsPending == std::int64_t{0};
    });
}

}  // namespace

void benchLoad(const QString& folder) {
    if (!createExample("multi-master", folder.toStdString())) return;
    QSettings settings(folder + u"/settings.ini"_s, QSettings::IniFormat);
    ThemeHolder themes(ThemeKind::Light);
    applyTheme(themes.theme());
    MainWindow window(themes, settings);
    LiveBridge bridge(window);
    const LiveCommands commands(window, bridge);
    window.restorePlaces();
    window.resize(1920, 1080);
    window.show();
    window.openWorkspace(folder);
    if (bridge.live() == nullptr || !makeMultiMaster(*bridge.live())) {
        std::printf("the clusters of the load case could not be joined: no figure\n");
        return;
    }
    if (QDockWidget* dock = window.panel(u"lag"_s)) dock->raise();
    Watchdog watchdog;
    Status loaded = okStatus();
    std::atomic<bool> over{false};
    const Stopwatch clock;
    watchdog.start();
    std::thread loader([&] {
        loaded = load(folder.toStdString());
        over = true;
    });
    const bool inTime = QTest::qWaitFor([&] { return over.load(); }, kPatientMs);
    loader.join();
    const bool done = inTime && loaded && QTest::qWaitFor([&] { return drained(*bridge.live()); }, kPatientMs);
    watchdog.stop();
    std::printf("%s rows replicated %s after %.1f s while the window showed them\n", "1,000,000",
                done ? "wholly" : "NOT wholly", clock.took().wallMs / 1e3);
    std::printf("stalls of the GUI thread over 50 ms: %d of %d ticks, %d by its own work   limit 0   %s\n",
                watchdog.stalls, watchdog.ticks, watchdog.workStalls, watchdog.stalls == 0 ? "ok" : "OVER");
    report("longest time the GUI thread let an event wait", watchdog.worst, kStallMs + kTickMs);
    bridge.live()->stopEngine();
    const bool off = QTest::qWaitFor([&] { return bridge.live()->engine().state == EngineState::Off; }, kPatientMs);
    if (!off) std::printf("the engine did not stop\n");
}

}  // namespace tributary::bench
