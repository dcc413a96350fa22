// Layouts fill the room's shape, and groups stand together.
#include <map>

#include "app/desktop/canvas/layouts.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary::desktop;

class LayoutShapesTest : public QObject {
    Q_OBJECT
private slots:
    void fillsTheRoom_data() { kinds(); }
    void fillsTheRoom() {
        QFETCH(const LayoutKind, kind);
        const std::vector<LayoutBox> boxes(100, LayoutBox{QSizeF(240, 300), QPointF(), false});
        std::vector<LayoutEdge> chain;  // radial: a star
        for (std::size_t i = 0; i + 1 < boxes.size(); ++i)
            chain.emplace_back(kind == LayoutKind::Radial ? 0 : i, i + 1);
        for (const double aspect : {0.9, 1.6, 2.2}) {
            const std::vector<QPointF> at = layoutBoxes(kind, boxes, chain, aspect);
            QRectF whole;
            for (const QPointF& each : at) whole = whole.united(QRectF(each, boxes[0].size));
            const double shape = whole.width() / whole.height();
            QVERIFY2(shape > aspect * 0.6 && shape < aspect * 1.7, qPrintable(u"%1 for %2"_s.arg(shape).arg(aspect)));
        }
    }
    void aGroupStandsTogether_data() { kinds(); }
    void aGroupStandsTogether() {
        QFETCH(const LayoutKind, kind);
        std::vector<LayoutBox> boxes(30, LayoutBox{QSizeF(240, 160), QPointF(), false});
        std::vector<LayoutEdge> edges;
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            boxes[i].group = i % 4 == 3 ? -1 : static_cast<int>(i % 4);
            edges.emplace_back(i, (i * 7 + 2) % boxes.size());
        }
        const std::vector<QPointF> at = layoutBoxes(kind, boxes, edges);
        std::map<int, QRectF> frames;
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            if (boxes[i].group >= 0)
                frames[boxes[i].group] = frames[boxes[i].group].united(QRectF(at[i], boxes[i].size));
        }
        QCOMPARE(frames.size(), std::size_t{3});
        for (std::size_t i = 0; i < boxes.size(); ++i) {
            for (const auto& [group, frame] : frames) {
                const bool own = boxes[i].group == group;
                QCOMPARE(frame.intersects(QRectF(at[i], boxes[i].size)), own);
            }
        }
        // One that is pinned keeps its whole group where it is.
        boxes[0].fixed = true;
        boxes[0].place = QPointF(5000, 40);
        boxes[4].place = QPointF(5300, 40);
        const std::vector<QPointF> pinned = layoutBoxes(kind, boxes, edges);
        QCOMPARE(pinned[0], boxes[0].place);
        QCOMPARE(pinned[4], boxes[4].place);
    }

private:
    static void kinds() {
        QTest::addColumn<LayoutKind>("kind");
        QTest::newRow("layered") << LayoutKind::Layered;
        QTest::newRow("ring") << LayoutKind::Ring;
        QTest::newRow("radial") << LayoutKind::Radial;
        QTest::newRow("force") << LayoutKind::Force;
    }
};
TRIBUTARY_TEST(LayoutShapesTest)
#include "tst_layoutshapes.moc"
