// A large drawing: panning, zooming, and from an edit to its problems.
#include <QScrollBar>
#include <QSignalSpy>

#include "benchcases.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/topologyfile.h"
#include "stopwatch.h"

namespace tributary::bench {

using namespace desktop;

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

/// Every frame that moved the picture; it turns round at the ends.
Took panFrame(CanvasView& view) {
    std::vector<Took> times;
    QScrollBar& bar = *view.horizontalScrollBar();
    bar.setValue((bar.minimum() + bar.maximum()) / 2);
    paintNow();
    int by = 12;
    while (times.size() < 400) {
        const int before = bar.value();
        const Stopwatch clock;
        bar.setValue(bar.value() + by);
        paintNow();
        if (bar.value() == before) {
            by = -by;
        } else {
            times.push_back(clock.took());
        }
    }
    return percentile(times, 0.99);
}

/// The worst step, the first one too, which makes the picture that the others show.
Took zoomStep(CanvasView& view) {
    std::vector<Took> times;
    for (int i = 0; i < 24; ++i) {
        const Stopwatch clock;
        view.zoomBy(i % 2 == 0 ? 1.2 : 1 / 1.2);
        paintNow();
        times.push_back(clock.took());
    }
    return percentile(times, 1);
}

/// Every link of the first `count` passes something, as a look at running clusters would tell; the rest are idle.
void letFlow(CanvasScene& scene, const Topology& topology, std::size_t count) {
    ObservedState seen;
    seen.known = true;
    for (const Cluster& each : topology.clusters) {
        seen.clusters[each.name].reachable = true;
        seen.clusters[each.name].state = "up";
    }
    for (const Replica& each : topology.replicas) {
        ObservedLink& link = seen.links[{each.from, each.to}];
        link.replicaListed = link.upstreamListed = true;
        link.state = "replicating";
        link.lagMs = 12;
        if (seen.links.size() <= count) link.bytesPerS = 250'000;
    }
    scene.setObserved(seen);
    scene.setFlowShown(true);
}

/// From an edit until the problems are known and everything that shows them is up to date: the middle of several.
Took editToProblems(DesktopDocument& document) {
    std::vector<Took> whole;
    std::vector<Took> apply;
    for (int i = 0; i < 15; ++i) {
        const Replica edge = document.topology().replicas[static_cast<std::size_t>(100 * i)];
        QSignalSpy found(&document.problems(), &ProblemChecker::findingsChanged);
        const Stopwatch clock;
        const Status done = document.apply(removeElement(UpstreamId{edge.to, edge.from}));
        if (!done) std::printf("edit failed: %s\n", done.error().full().c_str());
        apply.push_back(clock.took());
        found.wait(30'000);
        paintNow();
        whole.push_back(clock.took());
    }
    report("edit, until the drawing has it, median", percentile(apply, 0.5), 50);
    return percentile(whole, 0.5);
}

}  // namespace

void benchDrawing(MainWindow& window, const QString& folder) {
    if (!saveFileAtomically(folder.toStdString() + "/topology.yaml", writeTopology(largeDrawing()))) return;
    const Stopwatch opening;
    QSignalSpy checked(&window.bench().document.problems(), &ProblemChecker::findingsChanged);
    window.openWorkspace(folder);
    paintNow();
    std::printf("opening 500 clusters, 2,000 datasets, 4,000 edges: %.0f ms\n", opening.took().wallMs);
    checked.wait(30'000);
    std::printf("rules done after %.0f ms, %zu findings\n", opening.took().wallMs,
                window.bench().document.problems().findings().size());
    CanvasView& view = *window.bench().view;
    view.fit();
    paintNow();
    report("pan, whole drawing in sight, p99 frame", panFrame(view), 16);
    report("zoom step, whole drawing in sight, worst", zoomStep(view), 33);
    const Stopwatch sharp;
    view.zoomBy(1.1);
    QSignalSpy sharpened(&view, &CanvasView::sharpened);
    sharpened.wait(2'000);
    paintNow();
    report("sharp again after zooming", sharp.took(), 200);
    for (const auto& [zoom, what] : {std::pair{1.0, "pan at 100 %, p99 frame"}, {0.5, "pan at 50 %, p99 frame"}}) {
        view.setZoom(zoom);
        sharpened.wait(2'000);
        paintNow();
        report(what, panFrame(view), 16);
    }
    letFlow(*window.bench().scene, window.bench().document.topology(), CanvasFlow::kLinksMost);
    view.setZoom(0.5);
    sharpened.wait(2'000);
    paintNow();
    report("pan at 50 %, links flowing, p99 frame", panFrame(view), 16);
    view.fit();
    paintNow();
    report("pan, whole drawing live and in sight, p99 frame", panFrame(view), 16);
    window.bench().selection.select(clusterRef("site40"));
    paintNow();
    report("pan, the rest faded, p99 frame", panFrame(view), 16);
    window.bench().selection.clear();
    report("edit to problems, median", editToProblems(window.bench().document), 100);
    window.bench().document.undoStack().setClean();
}

}  // namespace tributary::bench
