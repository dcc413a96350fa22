// The figures of the designer's Speed list, measured on the real window; a target of its own, no test.
#include <QApplication>
#include <QElapsedTimer>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QWheelEvent>
#include <algorithm>
#include <cstdio>

#include "app/desktop/shell/mainwindow.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/topologyfile.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;

namespace {

constexpr int kClusters = 500;
constexpr int kDatasetsEach = 4;

/// 500 clusters, 2,000 datasets, 2,000 links of two records each.
Topology largeDrawing() {
    Topology out;
    const auto path = [](int cluster, int dataset) {
        return "/mapr/site" + std::to_string(cluster) + "/table" + std::to_string(dataset);
    };
    for (int c = 0; c < kClusters; ++c) {
        Cluster cluster;
        cluster.name = "site" + std::to_string(c);
        cluster.gateways.resize(2);
        cluster.gateways[0].name = "gw-" + std::to_string(c) + "-1";
        cluster.gateways[1].name = "gw-" + std::to_string(c) + "-2";
        out.clusters.push_back(cluster);
        for (int d = 0; d < kDatasetsEach; ++d) {
            Dataset dataset;
            dataset.path = path(c, d);
            dataset.families.emplace_back().name = "data";
            dataset.exists = true;
            dataset.deleteTtlSeconds = 604800;
            out.datasets.push_back(dataset);
            Replica replica;
            replica.from = dataset.path;
            replica.to = path((c + 1 + d * 7) % kClusters, d);
            out.replicas.push_back(replica);
            Upstream upstream;
            upstream.at = replica.to;
            upstream.from = replica.from;
            out.upstreams.push_back(upstream);
        }
    }
    return out;
}

void report(const char* what, double ms, double limitMs) {
    std::printf("%-58s %9.2f ms   limit %6.0f ms   %s\n", what, ms, limitMs, ms <= limitMs ? "ok" : "OVER");
}

double percentile(std::vector<double> times, double share) {
    std::sort(times.begin(), times.end());
    return times[static_cast<std::size_t>(share * static_cast<double>(times.size() - 1))];
}

double msOf(const QElapsedTimer& clock) {
    return static_cast<double>(clock.nsecsElapsed()) / 1e6;
}

/// Paints what is due at once, as the event loop would next.
void paintNow() {
    QApplication::sendPostedEvents();
}

double panFrame(CanvasView& view) {
    std::vector<double> times;
    QScrollBar& bar = *view.horizontalScrollBar();
    const int middle = (bar.minimum() + bar.maximum()) / 2;
    bar.setValue(middle - 2400);
    paintNow();
    for (int i = 0; i < 400; ++i) {
        QElapsedTimer clock;
        clock.start();
        bar.setValue(bar.value() + 12);
        paintNow();
        times.push_back(msOf(clock));
    }
    return percentile(times, 0.99);
}

double zoomStep(CanvasView& view) {
    std::vector<double> times;
    for (int i = 0; i < 12; ++i) {
        QElapsedTimer clock;
        clock.start();
        view.zoomBy(i % 2 == 0 ? 1.2 : 1 / 1.2);
        paintNow();
        times.push_back(msOf(clock));
    }
    return percentile(times, 0.99);
}

double editToProblems(DesktopDocument& document) {
    QSignalSpy found(&document.problems(), &ProblemChecker::findingsChanged);
    QElapsedTimer clock;
    clock.start();
    const Replica& edge = document.topology().replicas[1000];
    const Status done = document.apply(removeElement(UpstreamId{edge.to, edge.from}));
    if (!done) std::printf("edit failed: %s\n", done.error().full().c_str());
    std::printf("    of which the GUI thread: %.1f ms\n", msOf(clock));
    found.wait(30'000);
    return msOf(clock);
}

}  // namespace

int main(int argc, char** argv) {
    QElapsedTimer start;
    start.start();
    QApplication app(argc, argv);
    QTemporaryDir folder;
    QSettings settings(folder.filePath(u"settings.ini"_s), QSettings::IniFormat);
    ThemeHolder themes(ThemeKind::Light);
    applyTheme(themes.theme());
    MainWindow window(themes, settings);
    window.restorePlaces();
    window.resize(1920, 1080);
    window.show();
    paintNow();
    report("cold start to a usable window (welcome page)", msOf(start), 500);
    const std::string path = folder.path().toStdString();
    if (!saveFileAtomically(path + "/topology.yaml", writeTopology(largeDrawing()))) return 1;
    QElapsedTimer opening;
    opening.start();
    QSignalSpy checked(&window.bench().document.problems(), &ProblemChecker::findingsChanged);
    window.openWorkspace(folder.path());
    paintNow();
    std::printf("opening 500 clusters, 2,000 datasets, 4,000 edges: %.0f ms\n", msOf(opening));
    checked.wait(30'000);
    std::printf("rules done after %.0f ms, %zu findings\n", msOf(opening),
                window.bench().document.problems().findings().size());
    CanvasView& view = *window.bench().view;
    view.fit();
    paintNow();
    report("pan, whole drawing in sight, p99 frame", panFrame(view), 16);
    report("zoom step, whole drawing in sight, p99", zoomStep(view), 33);
    QElapsedTimer sharp;
    sharp.start();
    view.zoomBy(1.1);
    QSignalSpy sharpened(&view, &CanvasView::sharpened);
    sharpened.wait(2'000);
    paintNow();
    report("sharp again after zooming", msOf(sharp), 200);
    view.setZoom(1);
    sharpened.wait(2'000);
    paintNow();
    report("pan at 100 %, p99 frame", panFrame(view), 16);
    report("edit to problems", editToProblems(window.bench().document), 100);
    window.bench().document.undoStack().setClean();
    return 0;
}
