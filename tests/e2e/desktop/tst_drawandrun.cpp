// The must-show list by mouse: drawn, broken, mended, run under load, proved, saved, opened again.
#include <QTest>

#include "designer.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using tributary::test::Designer;
using tributary::test::Hands;
using tributary::test::Picture;
using tributary::test::Wanted;
using tributary::test::Widget;

class DrawAndRunTest : public QObject {
    Q_OBJECT
private slots:
    void drawsRunsUnderLoadProvesSavesAndReopens();

private:
    /// Double-clicks a palette entry and types the new thing's name into the editor on the canvas.
    static void add(Designer& designer, const QString& entry, const QString& name);
    static void addSite(Designer& designer, const QString& site, const QString& gatewayPrefix);
    /// Drags from the circle at a dataset's right edge onto another and chooses from the menu that opens.
    static void link(Designer& designer, const QString& from, const QString& to, const QString& way);
    /// A writer at the source, before and during the run; the chart tells copy and drain, Data that all is the same.
    static void stepUpToTheLoad(Designer& designer);
    static void runUnderLoad(Designer& designer);
    static void showDock(Designer& designer, const QString& title);
};

void DrawAndRunTest::add(Designer& designer, const QString& entry, const QString& name) {
    designer.doubleClick({u"^"_s + entry + u"$"_s, u"list item"_s, u"Palette"_s, {}});
    designer.see({u"New name"_s, u"text"_s, u"Canvas"_s, {}}, [](const Widget& edit) { return edit.focused(); });
    designer.type(name);
    designer.key(u"Return"_s);
    designer.see({u"\\b"_s + name + u"\\b"_s, {}, u"Canvas"_s, {}});
}

void DrawAndRunTest::addSite(Designer& designer, const QString& site, const QString& gatewayPrefix) {
    add(designer, u"Cluster"_s, site);
    add(designer, u"Gateway"_s, gatewayPrefix + u"-1"_s);
    add(designer, u"Gateway"_s, gatewayPrefix + u"-2"_s);
    add(designer, u"Binary table"_s, u"customers"_s);
    designer.see({u"^dataset /mapr/%1/customers$"_s.arg(site), {}, u"Canvas"_s, {}});
}

void DrawAndRunTest::link(Designer& designer, const QString& from, const QString& to, const QString& way) {
    const Widget source = designer.see({u"^dataset "_s + from, {}, u"Canvas"_s, {}});
    const Widget target = designer.see({u"^dataset "_s + to, {}, u"Canvas"_s, {}});
    if (!designer.well()) return;
    // The handle sits on the card's right edge, inside the item's outline.
    constexpr int kHandleInset = 12;
    designer.drag(QPoint(source.rect.right() - kHandleInset, source.rect.center().y()), target.rect.center());
    designer.choose(way);
}

void DrawAndRunTest::showDock(Designer& designer, const QString& title) {
    designer.click({u"^"_s + title, u"page tab"_s, {}, {}});
}

void DrawAndRunTest::stepUpToTheLoad(Designer& designer) {
    designer.click({u"^Look again$"_s, u"push button"_s, u"Plan"_s, {}});
    designer.see({u"[0-9]{3},[0-9]{3} rows"_s, {}, u"Plan"_s, {}});
    designer.picture(u"planned"_s);
    designer.click({u"^Step$"_s, u"push button"_s, u"Plan"_s, {}});
    designer.see({u"structure of the drawing is locked"_s, {}, {}, {}});
    const Wanted question{u"^Next: "_s, {}, u"Runbook"_s, {}};
    constexpr int kStepsMax = 20;
    QString asked = designer.see(question).name;
    for (int step = 0; designer.well() && !asked.startsWith(u"Next: Copy "); ++step) {
        if (step == kStepsMax) designer.fail(u"the load never came: "_s + asked);
        designer.click({u"^Go$"_s, u"push button"_s, u"Runbook"_s, {}});
        asked = designer.see(question, [&](const Widget& next) { return next.name != asked; }).name;
    }
}

void DrawAndRunTest::runUnderLoad(Designer& designer) {
    // Under load: a writer at the source, before and during the run.
    showDock(designer, u"Data"_s);
    designer.click({u"Writes per second"_s, u"spin box"_s, {}, {}});
    designer.key(u"Ctrl+A"_s);
    designer.type(u"100000"_s);
    designer.click({u"^Write$"_s, u"push button"_s, u"Data"_s, {}});
    designer.see({u"^[1-9][0-9]{2},[0-9]{3} written$"_s, u"label"_s, u"Data"_s, {}});
    designer.click({u"^Stop$"_s, u"push button"_s, u"Data"_s, {}});
    designer.see({u"^Write$"_s, u"push button"_s, u"Data"_s, {}});
    designer.click({u"Writes per second"_s, u"spin box"_s, {}, {}});
    designer.key(u"Ctrl+A"_s);
    designer.type(u"2000"_s);
    designer.click({u"^Write$"_s, u"push button"_s, u"Data"_s, {}});
    designer.see({u"^Stop$"_s, u"push button"_s, u"Data"_s, {}});
    showDock(designer, u"Lag"_s);
    const Widget chart = designer.see({u"^Lag chart$"_s, {}, {}, {}});
    const Picture before = designer.look(chart.rect);
    stepUpToTheLoad(designer);
    // Paused, the link waits longer and longer; the copy and the drain end that.
    const QString lag = u"sanfrancisco . newyork . customers: lag now "_s;
    designer.see({u"^Lag chart$"_s, {}, {}, lag + u"[1-9][0-9.]* s"_s});
    designer.picture(u"running"_s);
    designer.click({u"^Run on$"_s, u"push button"_s, u"Runbook"_s, {}});
    designer.see({u"Finished: every step holds"_s, {}, u"Runbook"_s, {}}, 60'000);
    designer.picture(u"finished"_s);
    showDock(designer, u"Plan"_s);
    designer.see({u"^✓ What runs is what is drawn"_s, {}, u"Plan"_s, {}});
    designer.see({u"^Lag chart$"_s, {}, {}, lag + u"[0-9.]+ ms, highest [1-9][0-9.]* s"_s});
    if (designer.well() && designer.look(chart.rect).differingFrom(before) <= 500)
        designer.fail(u"the chart drew nothing"_s);

    showDock(designer, u"Data"_s);
    designer.click({u"^Stop$"_s, u"push button"_s, u"Data"_s, {}});
    designer.see({u"^Write$"_s, u"push button"_s, u"Data"_s, {}});
    designer.click({u"^Compare$"_s, u"page tab"_s, {}, {}});
    designer.click({u"^Compare$"_s, u"push button"_s, {}, {}});
    designer.see({u"^✓ Identical: [0-9]{5,} rows"_s, {}, u"Data"_s, {}}, 60'000);
    designer.picture(u"identical"_s);
}

void DrawAndRunTest::drawsRunsUnderLoadProvesSavesAndReopens() {
    const QString sf = u"/mapr/sanfrancisco/customers"_s;
    const QString ny = u"/mapr/newyork/customers"_s;
    Designer designer(u"mouse"_s);
    designer.start();
    designer.picture(u"welcome"_s);
    designer.click({u"New drawing"_s, u"push button"_s, {}, {}});
    addSite(designer, u"sanfrancisco"_s, u"gw-sf"_s);
    // A click on the empty canvas selects nothing; the next site stands beside the first.
    designer.key(u"Escape"_s);
    addSite(designer, u"newyork"_s, u"gw-ny"_s);
    designer.key(u"Ctrl+0"_s);
    designer.picture(u"sites"_s);
    QVERIFY_WELL(designer);

    // One record of the two: drawn broken, told as a problem, mended by its quick fix.
    link(designer, sf, ny, u"R"_s);
    const Wanted forth{u"^link %1 to %2"_s.arg(sf, ny), {}, u"Canvas"_s, u"broken: the upstream half is missing"_s};
    designer.see(forth);
    designer.picture(u"broken"_s);
    designer.click({u"upstream half of the agreement is missing"_s, u"list item"_s, u"Problems"_s, {}});
    designer.click({u"^Fix$"_s, u"push button"_s, {}, {}});
    designer.see({u"^link %1 to %2"_s.arg(sf, ny), {}, u"Canvas"_s, u"drawn whole"_s});
    designer.seeNo({u"upstream half of the agreement is missing"_s, u"list item"_s, {}, {}});
    link(designer, ny, sf, u"B"_s);
    designer.see({u"^link %1 to %2"_s.arg(ny, sf), {}, u"Canvas"_s, u"drawn whole"_s});
    designer.picture(u"whole"_s);
    QVERIFY_WELL(designer);

    // Real: asks for a folder, saves, starts the engine, plans.
    designer.click({u"Make this drawing real"_s, u"push button"_s, {}, {}});
    designer.see({u"Save the drawing"_s, u"dialog"_s, {}, {}});
    designer.key(u"Ctrl+A"_s);
    designer.type(designer.folder(u"customers demo"_s));
    designer.key(u"Return"_s);
    designer.see(
        {u"^Run$"_s, u"push button"_s, u"Plan"_s, {}}, [](const Widget& run) { return run.enabled(); }, 40'000);
    designer.see({u"steps change something, .* Nothing is lost"_s, {}, u"Plan"_s, {}});
    designer.picture(u"real"_s);
    QVERIFY_WELL(designer);
    runUnderLoad(designer);
    QVERIFY_WELL(designer);

    // The drawing is intent: it can be undone while what was made runs on, and the two are shown apart.
    const Widget canvas = designer.see({u"^Canvas$"_s, u"canvas"_s, {}, {}});
    designer.clickAt(canvas.rect.topLeft() + QPoint(20, 20));
    designer.key(u"Ctrl+Z"_s);
    designer.see({u"^link %1 to %2"_s.arg(ny, sf), {}, u"Canvas"_s, u"not drawn, but it runs"_s});
    designer.picture(u"undone"_s);
    designer.key(u"Ctrl+Shift+Z"_s);
    designer.see({u"^link %1 to %2"_s.arg(ny, sf), {}, u"Canvas"_s, u"drawn whole"_s});
    designer.key(u"Ctrl+S"_s);
    designer.menu(u"Run"_s, u"Stop the engine"_s);
    designer.seeNo({{}, {}, u"Canvas"_s, u": (up|\\?)$"_s});
    QVERIFY_WELL(designer);
    const Wanted back{u"^link %1 to %2"_s.arg(ny, sf), {}, u"Canvas"_s, u"drawn whole"_s};
    const int differing = designer.differingAfterReopening(designer.folder(u"customers demo"_s), back);
    QVERIFY_WELL(designer);
    QCOMPARE(differing, 0);
}

TRIBUTARY_TEST(DrawAndRunTest)
#include "tst_drawandrun.moc"
