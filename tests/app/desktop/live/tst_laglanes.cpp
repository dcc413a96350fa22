// Labels in a chart: none covers another, none is cut off.
#include "app/desktop/live/laglanes.h"

#include <QRandomGenerator>

#include "testmain.h"

using namespace tributary::desktop;

class LagLanesTest : public QObject {
    Q_OBJECT
private slots:
    void labelsThatAreApartShareALane() {
        const auto places = placeInLanes({{0, 40}, {60, 40}, {120, 40}}, 3, 0, 300);
        for (const LanePlace& each : places) QCOMPARE(each.lane, 0);
        QCOMPARE(lanesUsed(places), 1);
    }
    void labelsThatWouldTouchTakeAnother() {
        const auto places = placeInLanes({{0, 40}, {20, 40}, {44, 40}}, 3, 0, 300);
        QCOMPARE(places[0].lane, 0);
        QCOMPARE(places[1].lane, 1);
        QCOMPARE(places[2].lane, 2);  // 44 is too near to 40, too
    }
    void aLabelAtTheEndMovesInsteadOfBeingCutOff() {
        const auto places = placeInLanes({{290, 40}}, 1, 0, 300);
        QCOMPARE(places[0].x, 260.0);
        QCOMPARE(placeInLanes({{-20, 40}}, 1, 0, 300)[0].x, 0.0);
    }
    void whatHasNoRoomIsLeftOut() {
        QCOMPARE(placeInLanes({{0, 40}, {0, 40}}, 1, 0, 300)[1].lane, -1);
        QCOMPARE(placeInLanes({{0, 400}}, 1, 0, 300)[0].lane, -1);
        QCOMPARE(placeInLanes({{0, 40}}, 0, 0, 300)[0].lane, -1);
        QCOMPARE(lanesUsed({}), 0);
    }
    void anyLabelsNeverOverlapAndStayInside() {
        QRandomGenerator random(20261127);
        for (int round = 0; round < 200; ++round) {
            std::vector<LaneLabel> labels(1 + random.bounded(40));
            for (LaneLabel& each : labels) each = {random.bounded(900.0) - 50, 5 + random.bounded(200.0)};
            const auto places = placeInLanes(labels, 4, 0, 800);
            QCOMPARE(places.size(), labels.size());
            for (std::size_t i = 0; i < places.size(); ++i) {
                if (places[i].lane < 0) continue;
                QVERIFY(places[i].x >= 0 && places[i].x + labels[i].width <= 800 && places[i].lane < 4);
                for (std::size_t k = 0; k < i; ++k) {
                    if (places[k].lane != places[i].lane) continue;
                    QVERIFY(places[k].x + labels[k].width <= places[i].x ||
                            places[i].x + labels[i].width <= places[k].x);
                }
            }
        }
    }
};
TRIBUTARY_TEST(LagLanesTest)
#include "tst_laglanes.moc"
