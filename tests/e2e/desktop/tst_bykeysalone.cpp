// The same story without a pointer: shortcuts, outline, tab order and the command palette.
#include <QTest>

#include "designer.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using tributary::test::Designer;
using tributary::test::Picture;
using tributary::test::Wanted;
using tributary::test::Widget;

class ByKeysAloneTest : public QObject {
    Q_OBJECT
private slots:
    void drawsRunsUnderLoadProvesSavesAndReopens();

private:
    static void add(Designer& designer, const QString& keys, const QString& name);
    /// Walks down the outline to a dataset.
    static void walkTo(Designer& designer, const QString& path);
    static void command(Designer& designer, const QString& letters);
};

void ByKeysAloneTest::add(Designer& designer, const QString& keys, const QString& name) {
    designer.key(keys);
    designer.see({u"New name"_s, u"text"_s, u"Canvas"_s, {}}, [](const Widget& edit) { return edit.focused(); });
    designer.type(name);
    designer.key(u"Return"_s);
    designer.see({u"\\b"_s + name + u"\\b"_s, {}, u"Canvas"_s, {}});
}

void ByKeysAloneTest::walkTo(Designer& designer, const QString& path) {
    designer.key(u"Alt+2"_s);
    designer.key(u"Home"_s);
    const Wanted item{u"^dataset "_s + path, {}, u"Canvas"_s, {}};
    for (int i = 0; i < 20 && designer.well(); ++i) {
        const auto there = designer.find(item);
        if (there && there->selected()) return;
        designer.key(u"Down"_s);
    }
    designer.fail(u"the outline did not lead to "_s + path);
}

void ByKeysAloneTest::command(Designer& designer, const QString& letters) {
    designer.key(u"Ctrl+K"_s);
    designer.see({u"What to do"_s, u"text"_s, {}, {}}, [](const Widget& input) { return input.focused(); });
    designer.type(letters);
    designer.key(u"Return"_s);
}

void ByKeysAloneTest::drawsRunsUnderLoadProvesSavesAndReopens() {
    const QString sf = u"/mapr/sanfrancisco/customers"_s;
    const QString ny = u"/mapr/newyork/customers"_s;
    Designer designer(u"keys"_s);
    designer.start();
    designer.key(u"Ctrl+N"_s);
    designer.see({u"^Canvas$"_s, u"canvas"_s, {}, {}}, [](const Widget& canvas) { return canvas.focused(); });
    for (const auto& [site, gateways] :
         {std::pair(u"sanfrancisco"_s, u"gw-sf"_s), std::pair(u"newyork"_s, u"gw-ny"_s)}) {
        add(designer, u"Ctrl+Shift+C"_s, site);
        add(designer, u"Ctrl+Shift+G"_s, gateways + u"-1"_s);
        add(designer, u"Ctrl+Shift+G"_s, gateways + u"-2"_s);
        add(designer, u"Ctrl+Shift+B"_s, u"customers"_s);
        designer.see({u"^dataset /mapr/%1/customers$"_s.arg(site), {}, u"Canvas"_s, {}});
    }
    QVERIFY_WELL(designer);

    walkTo(designer, sf);
    designer.key(u"Ctrl+L"_s);
    designer.see({u"^Link from "_s, u"dialog"_s, {}, {}});
    designer.keyUntil(u"Tab"_s, {{}, u"combo box"_s, u"Link from "_s + sf, {}});
    designer.key(u"Down"_s);  // the replica record only
    designer.see({u"^Replica record only"_s, u"combo box"_s, {}, {}});
    designer.picture(u"link"_s);
    designer.key(u"Return"_s);
    designer.see({u"^link %1 to %2"_s.arg(sf, ny), {}, u"Canvas"_s, u"broken: the upstream half is missing"_s});
    designer.see({u"upstream half of the agreement is missing"_s, u"list item"_s, u"Problems"_s, {}});
    designer.key(u"F8"_s);
    designer.key(u"Ctrl+."_s);
    designer.see({u"^link %1 to %2"_s.arg(sf, ny), {}, u"Canvas"_s, u"drawn whole"_s});
    walkTo(designer, ny);
    designer.key(u"Ctrl+L"_s);
    designer.see({u"^Link from "_s, u"dialog"_s, {}, {}});
    designer.key(u"Return"_s);
    designer.see({u"^link %1 to %2"_s.arg(ny, sf), {}, u"Canvas"_s, u"drawn whole"_s});
    QVERIFY_WELL(designer);

    designer.key(u"Ctrl+R"_s);
    designer.see({u"Save the drawing"_s, u"dialog"_s, {}, {}});
    designer.key(u"Ctrl+A"_s);
    designer.type(designer.folder(u"by keys"_s));
    designer.key(u"Return"_s);
    designer.see(
        {u"^Run$"_s, u"push button"_s, u"Plan"_s, {}}, [](const Widget& run) { return run.enabled(); }, 40'000);
    designer.key(u"Alt+9"_s);
    designer.keyUntil(u"Tab"_s, {u"^Writes per second$"_s, {}, {}, {}});
    designer.type(u"4000"_s);
    designer.keyUntil(u"Shift+Tab"_s, {u"^Write$"_s, u"push button"_s, {}, {}});
    designer.key(u"Space"_s);
    designer.see({u"^[0-9]+,[0-9]{3} written$"_s, u"label"_s, u"Data"_s, {}});
    QVERIFY_WELL(designer);

    // The plan was made for an empty table: it is made anew for the rows that are there now.
    designer.key(u"Ctrl+R"_s);
    designer.see({u"rows .*are copied"_s, {}, u"Plan"_s, {}});
    designer.key(u"Ctrl+Alt+P"_s);
    designer.key(u"Ctrl+Return"_s);
    designer.see({u"Finished: every step holds"_s, {}, u"Runbook"_s, {}}, 60'000);
    designer.key(u"Alt+8"_s);
    designer.see({u"^Lag chart$"_s, {}, {}, u"sanfrancisco . newyork . customers: lag now [0-9.]+ ms"_s});
    designer.key(u"Alt+9"_s);
    designer.keyUntil(u"Tab"_s, {u"^Stop$"_s, u"push button"_s, u"Data"_s, {}});
    designer.key(u"Space"_s);
    designer.see({u"^Write$"_s, u"push button"_s, u"Data"_s, {}});
    designer.keyUntil(u"Shift+Tab"_s, {{}, u"page tab list"_s, u"Data"_s, {}});
    designer.key(u"Right"_s);
    designer.keyUntil(u"Tab"_s, {u"^Compare$"_s, u"push button"_s, {}, {}});
    designer.key(u"Space"_s);
    designer.see({u"^✓ Identical: [0-9]{4,} rows"_s, {}, u"Data"_s, {}}, 60'000);
    designer.picture(u"identical"_s);
    QVERIFY_WELL(designer);

    designer.key(u"Alt+1"_s);
    designer.key(u"Ctrl+Z"_s);
    designer.see({u"^link %1 to %2"_s.arg(ny, sf), {}, u"Canvas"_s, u"not drawn, but it runs"_s});
    designer.key(u"Ctrl+Shift+Z"_s);
    designer.see({u"^link %1 to %2"_s.arg(ny, sf), {}, u"Canvas"_s, u"drawn whole"_s});
    designer.key(u"Ctrl+S"_s);
    command(designer, u"stop the engine"_s);
    designer.seeNo({{}, {}, u"Canvas"_s, u": (up|\\?)$"_s});
    designer.key(u"Escape"_s);
    const Wanted back{u"^link %1 to %2"_s.arg(ny, sf), {}, u"Canvas"_s, u"drawn whole"_s};
    const int differing = designer.differingAfterReopening(designer.folder(u"by keys"_s), back);
    QVERIFY_WELL(designer);
    QCOMPARE(differing, 0);
}

TRIBUTARY_TEST(ByKeysAloneTest)
#include "tst_bykeysalone.moc"
