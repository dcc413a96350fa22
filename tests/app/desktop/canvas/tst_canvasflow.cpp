// What moves on the canvas: only what is known to flow, only while it does, and never more than is calm.
#include <limits>

#include "app/desktop/canvas/canvasflow.h"
#include "app/desktop/canvas/linkitem.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;

namespace {

LinkLook flowingLook() {
    LinkLook look;
    look.replica = look.upstream = look.observedKnown = true;
    look.observed.emplace();
    look.observed->replicaListed = look.observed->upstreamListed = true;
    look.observed->state = "replicating";
    look.observed->lagMs = 5;
    look.observed->bytesPerS = 12'000;
    look.observed->operationsPerS = 100;
    return look;
}

}  // namespace

class CanvasFlowTest : public QObject {
    Q_OBJECT
private slots:
    void onlyWhatIsKnownToFlowFlows() {
        const ThemeHolder themes(ThemeKind::Light);
        LinkItem item(themes, linkRef("/mapr/sf/t", "/mapr/ny/t"));
        QVERIFY(!item.isFlowing());  // only drawn
        item.setLook(flowingLook());
        QVERIFY(item.isFlowing());
        const auto with = [&](const std::function<void(LinkLook&)>& change) {
            LinkLook look = flowingLook();
            change(look);
            item.setLook(look);
            return item.isFlowing();
        };
        QVERIFY(!with([](LinkLook& look) { look.observed->bytesPerS = look.observed->operationsPerS = 0; }));
        QVERIFY(!with([](LinkLook& look) { look.observed->stale = true; }));
        QVERIFY(!with([](LinkLook& look) { look.observed->cut = true; }));
        QVERIFY(!with([](LinkLook& look) { look.observed->error = "refused"; }));
        QVERIFY(!with([](LinkLook& look) { look.upstream = false; }));
        QVERIFY(!with([](LinkLook& look) { look.observed.reset(); }));
    }
    void theClockRunsOnlyWhileSomethingMoves() {
        int links = 0;
        double place = 0;
        CanvasFlow flow([&](double now) {
            place = now;
            return links;
        });
        flow.consider();
        QVERIFY(!flow.isMoving());
        QCOMPARE(place, -1.0);  // whatever was shown is taken away
        links = 2;
        flow.consider();
        QVERIFY(flow.isMoving());
        const double before = place;
        QTRY_VERIFY(place > before);
        links = 0;
        QTRY_VERIFY(!flow.isMoving());
        links = CanvasFlow::kLinksMost + 1;
        flow.consider();
        QVERIFY(!flow.isMoving());
        links = 1;
        flow.setOn(false);
        flow.consider();
        QVERIFY(!flow.isMoving());
        flow.setOn(true);
        QVERIFY(flow.isMoving());
    }
    void aGapInACurveIsNoChange() {
        const double gap = std::numeric_limits<double>::quiet_NaN();
        LinkLook a = flowingLook();
        a.observed->sparkline = {1, gap, 3};
        LinkLook b = a;
        QVERIFY(a == b);  // else every look at the clusters would paint every link again
        b.observed->sparkline = {1, 2, 3};
        QVERIFY(!(a == b));
        b.observed->sparkline = {1, gap};
        QVERIFY(!(a == b));
    }
    void whenItIsCaughtUpIsSaid() {
        const ThemeHolder themes(ThemeKind::Light);
        LinkItem item(themes, linkRef("/mapr/sf/t", "/mapr/ny/t"));
        LinkLook look = flowingLook();
        look.observed->drainMs = 65'000;
        item.setLook(look);
        QVERIFY(!item.description().contains(u"caught up"_s));  // 5 ms behind is no backlog
        look.observed->lagMs = 30'000;
        item.setLook(look);
        QVERIFY2(item.description().contains(u"caught up in 1 min"_s), qPrintable(item.description()));
        look.observed->drainMs.reset();
        item.setLook(look);
        QVERIFY(!item.description().contains(u"caught up"_s));
    }
};
TRIBUTARY_TEST(CanvasFlowTest)
#include "tst_canvasflow.moc"
