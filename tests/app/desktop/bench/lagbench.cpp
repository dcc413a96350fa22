// The lag chart with 20 series of 100,000 samples each, at several widths of time.
#include <QMetaObject>

#include "app/desktop/live/lagplot.h"
#include "benchcases.h"
#include "stopwatch.h"

namespace tributary::bench {

using namespace desktop;

namespace {

constexpr int kLinks = 20;
constexpr int kSamples = 100'000;
constexpr Millis kSampleMs = 100;
constexpr Millis kBeginMs = 1'700'000'000'000;

/// Lag that rises and drains, with stretches that nobody knew.
void fill(LagHistory& history) {
    LiveSnapshot snapshot;
    for (int link = 0; link < kLinks; ++link) {
        app::LinkRow row;
        row.from = "/mapr/site" + std::to_string(link) + "/customers";
        row.to = "/mapr/site" + std::to_string(link + 1) + "/customers";
        row.state = "replicating";
        snapshot.status.links.push_back(row);
    }
    for (int i = 0; i < kSamples; ++i) {
        snapshot.atMs = kBeginMs + i * kSampleMs;
        for (int link = 0; link < kLinks; ++link) {
            app::LinkRow& row = snapshot.status.links[static_cast<std::size_t>(link)];
            const bool unknown = (i / 500 + link) % 37 == 0;
            // Bursts that build up and drain within a few minutes, and noise.
            const std::int64_t period = 1'500 + 170 * link;
            const std::int64_t at = (i + 911 * link) % period;
            const std::int64_t lag =
                std::max<std::int64_t>(0, 9'000 - std::abs(at * 36 - 9'000)) + (i * 7'919 + link) % 400;
            row.lagMs = unknown ? std::nullopt : std::optional(lag);
            row.bytesPending = unknown ? std::nullopt : std::optional(lag * 900);
        }
        history.observe(snapshot);
    }
}

}  // namespace

void benchLagChart() {
    LagHistory history;
    const Stopwatch filling;
    fill(history);
    std::printf("%d links x %d samples taken in: %.2f us each\n", kLinks, kSamples,
                filling.took().workMs * 1e3 / (double{kLinks} * kSamples));
    LagPlot plot(history);
    plot.resize(1200, 700);
    std::vector<LagCurve> curves;
    for (const auto& [id, track] : history.links()) curves.push_back({id, static_cast<int>(curves.size()), false});
    plot.setCurves(curves);
    plot.show();
    paintNow();
    QWidget* chart = nullptr;
    for (QWidget* each : plot.findChildren<QWidget*>()) {
        if (each->inherits("QCustomPlot")) chart = each;
    }
    for (const auto& [windowMs, what] :
         {std::pair{Millis{60'000}, "lag chart, 20 x 100,000 samples, 1 min on show, p99"},
          {Millis{300'000}, "lag chart, 20 x 100,000 samples, 5 min on show, p99"},
          {Millis{3'600'000}, "lag chart, 20 x 100,000 samples, 1 h on show, p99"},
          {Millis{10'000'000}, "lag chart, 20 x 100,000 samples, all on show, p99"}}) {
        LagView view;
        view.windowMs = windowMs;
        plot.setView(view);
        std::vector<Took> times;
        for (int i = 0; i < 60; ++i) {
            const Stopwatch clock;
            plot.redraw(history.latestMs());
            QMetaObject::invokeMethod(chart, "replot");  // what redraw() has queued, at once
            paintNow();
            times.push_back(clock.took());
        }
        report(what, percentile(times, 0.99), 10);
        const Took usual = percentile(times, 0.5);
        std::printf("    median %.2f ms (work %.2f ms)\n", usual.wallMs, usual.workMs);
    }
}

}  // namespace tributary::bench
