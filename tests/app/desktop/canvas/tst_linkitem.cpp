// What a link looks like: green and a tick only when it does all it is meant to.
#include <QGraphicsScene>
#include <QImage>
#include <QPainter>

#include "app/desktop/canvas/linkitem.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;

class LinkItemTest : public QObject {
    Q_OBJECT

    static LinkLook look(const ObservedLink& observed) {
        LinkLook out;
        out.replica = out.upstream = out.observedKnown = true;
        out.observed = observed;
        return out;
    }
    static ObservedLink observed(const std::string& state) {
        ObservedLink out;
        out.replicaListed = out.upstreamListed = true;
        out.state = state;
        out.lagMs = 32'000;
        return out;
    }
    /// Whether any pixel of the painted link has one of the colours.
    static bool shows(const LinkLook& look, const QColor& a, const QColor& b) {
        const ThemeHolder themes(ThemeKind::Light);
        QGraphicsScene scene;
        auto* item = new LinkItem(themes, linkRef("/mapr/sf/t", "/mapr/ny/t"));
        item->setLook(look);
        item->setRoute(straight());
        scene.addItem(item);
        QImage image(600, 300, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        scene.render(&painter, QRectF(0, 0, 600, 300), QRectF(-50, -150, 600, 300));
        painter.end();
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                const QColor pixel = image.pixelColor(x, y);
                if (pixel == a || pixel == b) return true;
            }
        }
        return false;
    }
    static LinkRoute straight();

private slots:
    void greenIsForHealthyLinksOnly_data() {
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("error");
        QTest::addColumn<bool>("lagKnown");
        QTest::addColumn<bool>("cut");
        QTest::addColumn<bool>("fellBack");
        QTest::addColumn<bool>("green");
        const auto row = [](const char* name, const char* state, const char* error, bool known, bool cut, bool fell,
                            bool green) {
            QTest::newRow(name) << QString::fromLatin1(state) << QString::fromLatin1(error) << known << cut << fell
                                << green;
        };
        row("replicates", "replicating", "", true, false, false, true);
        row("paused", "paused", "", true, false, false, false);
        row("copying", "copying", "", true, false, false, false);
        row("fails", "replicating", "no gateway answers", true, false, false, false);
        row("gateways down", "unreachable", "", true, false, false, false);
        row("cut", "replicating", "", true, true, false, false);
        row("fell back", "replicating", "", true, false, true, false);
        row("lag unknown", "replicating", "", false, false, false, false);
        row("half agreed", "agreement-missing", "", true, false, false, false);
    }
    void greenIsForHealthyLinksOnly() {
        QFETCH(QString, state);
        QFETCH(QString, error);
        QFETCH(bool, lagKnown);
        QFETCH(bool, cut);
        QFETCH(bool, fellBack);
        QFETCH(bool, green);
        ObservedLink link = observed(state.toStdString());
        link.error = error.toStdString();
        if (!lagKnown) link.lagMs.reset();
        link.cut = cut;
        link.fellBack = fellBack;
        const Theme theme = makeTheme(ThemeKind::Light);
        QCOMPARE(shows(look(link), theme.good, theme.goodSoft), green);
    }
    void aPausedLinkIsAmber() {
        const Theme theme = makeTheme(ThemeKind::Light);
        QVERIFY(shows(look(observed("paused")), theme.warn, theme.warnSoft));
    }
    void aLinkThatIsDrawnHalfIsNotGreen() {
        LinkLook half = look(observed("replicating"));
        half.upstream = false;
        const Theme theme = makeTheme(ThemeKind::Light);
        QVERIFY(!shows(half, theme.good, theme.goodSoft));
    }
    void saysHowMuchArrives() {
        const ThemeHolder themes(ThemeKind::Light);
        LinkItem item(themes, linkRef("/mapr/sf/t", "/mapr/ny/t"));
        ObservedLink busy = observed("replicating");
        item.setLook(look(busy));
        QVERIFY(!item.description().contains(u"arrive"_s));  // nothing does, or nothing is known to
        busy.operationsPerS = 1'200;
        busy.bytesPerS = 2'000'000;
        item.setLook(look(busy));
        QVERIFY2(item.description().contains(u"1.2 k/s operations, 2.0 MB/s arrive"_s), qPrintable(item.description()));
    }
    void saysWhatWaits() {
        const ThemeHolder themes(ThemeKind::Light);
        LinkItem item(themes, linkRef("/mapr/sf/t", "/mapr/ny/t"));
        ObservedLink paused = observed("paused");
        paused.note = "paused since 10:00:00 UTC; 12 operations (1.5 kB) wait";
        item.setLook(look(paused));
        QVERIFY(item.description().contains(u"12 operations (1.5 kB) wait"_s));
        QVERIFY(item.toolTip().contains(u"paused since"_s));
    }
};

LinkRoute LinkItemTest::straight() {
    LinkRoute route;
    route.from.at = {0, 0};
    route.to = {CardSide::Left, {500, 0}};
    return route;
}

TRIBUTARY_TEST(LinkItemTest)
#include "tst_linkitem.moc"
