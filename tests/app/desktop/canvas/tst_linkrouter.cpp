// Links find their way around clusters: pure geometry.
#include "app/desktop/canvas/linkrouter.h"

#include <QPainterPathStroker>
#include <algorithm>

#include "testmain.h"

using namespace tributary;
using namespace tributary::desktop;

class LinkRouterTest : public QObject {
    Q_OBJECT
private slots:
    void linksGoAroundWhatStandsBetween_data() {
        QTest::addColumn<QRectF>("to");
        QTest::addColumn<std::vector<QRectF>>("boxes");
        QTest::newRow("one box, a little low") << QRectF(900, 0, 200, 50) << std::vector{QRectF(400, -40, 240, 160)};
        QTest::newRow("two boxes in a row")
            << QRectF(1500, 0, 200, 50) << std::vector{QRectF(400, -90, 240, 160), QRectF(900, -60, 240, 160)};
        QTest::newRow("backwards") << QRectF(-900, 0, 200, 50) << std::vector{QRectF(-450, -90, 240, 160)};
        QTest::newRow("downwards") << QRectF(0, 900, 200, 50) << std::vector{QRectF(-40, 400, 240, 160)};
        QTest::newRow("a second box where the first detour leads")
            << QRectF(900, 0, 200, 50) << std::vector{QRectF(400, -90, 240, 160), QRectF(380, 90, 240, 160)};
    }
    void linksGoAroundWhatStandsBetween() {
        QFETCH(const QRectF, to);
        QFETCH(const std::vector<QRectF>, boxes);
        const QRectF from(0, 0, 200, 50);
        LinkRoute route = routeLinks({{linkRef("a", "b"), from, to}})[0];
        const auto hits = [&] {
            const QPolygonF curve = curveOf(route);
            return std::any_of(boxes.begin(), boxes.end(), [&](const QRectF& box) {
                QPainterPath line;
                line.addPolygon(curve);
                QPainterPathStroker pen;
                pen.setWidth(2);
                return pen.createStroke(line).intersects(box);
            });
        };
        QVERIFY(hits());
        routeAround(route, boxes);
        QVERIFY(!hits());
        const QPolygonF curve = curveOf(route);
        QCOMPARE(curve.size(), kCurvePieces + 1);
        QCOMPARE(curve.front(), route.from.at);
        QVERIFY(QLineF(curve.back(), route.to.at).length() < 3);
    }
    void aFreeLinkStaysAsItIs() {
        const QRectF from(0, 0, 200, 50);
        LinkRoute route = routeLinks({{linkRef("a", "b"), from, QRectF(900, 0, 200, 50)}})[0];
        const LinkRoute before = route;
        routeAround(route, {QRectF(400, 300, 240, 160)});
        QVERIFY(route == before);
    }
};
TRIBUTARY_TEST(LinkRouterTest)
#include "tst_linkrouter.moc"
