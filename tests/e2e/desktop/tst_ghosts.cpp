// What runs and is not drawn, by keys alone: seen, adopted, put back, and removed by a plan that asks for its name.
#include <QTest>

#include "designer.h"
#include "terminalworld.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using tributary::test::Designer;
using tributary::test::TerminalWorld;
using tributary::test::Wanted;
using tributary::test::Widget;

class DesktopGhostsTest : public QObject {
    Q_OBJECT
private slots:
    void isAdoptedAndRemovedByKeys();

private:
    /// Walks down the outline to a row.
    static void walkTo(Designer& designer, const Wanted& item);
};

void DesktopGhostsTest::walkTo(Designer& designer, const Wanted& item) {
    designer.key(u"Alt+2"_s);
    designer.key(u"Home"_s);
    for (int i = 0; i < 30 && designer.well(); ++i) {
        const auto there = designer.find(item);
        if (there && there->selected()) return;
        designer.key(u"Down"_s);
    }
    designer.fail(u"the outline did not lead to "_s + item.name);
}

void DesktopGhostsTest::isAdoptedAndRemovedByKeys() {
    const QString path = u"/mapr/newyork/old"_s;
    const TerminalWorld world(u"multi-master"_s);
    QVERIFY_RAN(world.verb(u"up"_s));
    QVERIFY_RAN(world.verb(u"maprcli table create -path "_s + path));
    QVERIFY_RAN(world.verb(u"maprcli table cf create -cfname profile -path "_s + path));
    QVERIFY_RAN(world.verb(u"load %1 --generate 20"_s.arg(path)));
    Designer designer(u"ghosts"_s);
    designer.start({world.dir()});
    designer.see({u"^Local rehearsal: running in a daemon$"_s, {}, {}, {}});
    const Wanted pale{u"^dataset %1, not drawn$"_s.arg(path), {}, u"Canvas"_s, u"is there and not drawn"_s};
    const Wanted drawn{u"^dataset %1$"_s.arg(path), {}, u"Canvas"_s, {}};
    designer.see(pale);
    designer.key(u"Ctrl+0"_s);
    walkTo(designer, pale);
    designer.see({u"^Adopt$"_s, u"push button"_s, u"Inspector"_s, u"undone"_s});
    designer.picture(u"ghost"_s);
    QVERIFY_WELL(designer);

    // An edit of the drawing, and nothing else: undone, the table is a ghost again.
    designer.key(u"Ctrl+Alt+A"_s);
    designer.see(drawn);
    designer.seeNo(pale);
    designer.see({u"^dataset: drawn drawn, observed there; equal$"_s, {}, u"Inspector"_s, {}});
    designer.picture(u"adopted"_s);
    designer.key(u"Ctrl+Z"_s);
    designer.see(pale);
    designer.seeNo(drawn);
    QVERIFY_WELL(designer);

    // Removing opens a plan for this table alone; it goes when its name has been typed.
    walkTo(designer, pale);
    designer.key(u"Ctrl+Alt+R"_s);
    designer.see({u"^Limited to %1"_s.arg(path), {}, u"Plan"_s, {}});
    designer.see(
        {u"^Run$"_s, u"push button"_s, u"Plan"_s, {}}, [](const Widget& run) { return run.enabled(); }, 40'000);
    designer.see({u"20 rows"_s, {}, u"Plan"_s, {}});
    designer.picture(u"plan"_s);
    designer.see(pale);  // nothing is done yet
    designer.key(u"Ctrl+Alt+P"_s);
    designer.key(u"Ctrl+Return"_s);
    const Wanted name{u"^Type %1 to approve$"_s.arg(path), u"text"_s, u"Runbook"_s, {}};
    designer.see(name);
    designer.keyUntil(u"Tab"_s, name);
    designer.type(path);
    designer.keyUntil(u"Tab"_s, {u"^Approve$"_s, u"push button"_s, u"Runbook"_s, {}});
    designer.key(u"Space"_s);
    designer.see({u"Finished: every step holds"_s, {}, u"Runbook"_s, {}}, 60'000);
    designer.seeNo(pale);
    designer.picture(u"removed"_s);
    designer.key(u"Ctrl+Q"_s);
    designer.expectEnd();
    QVERIFY_WELL(designer);
}

TRIBUTARY_TEST(DesktopGhostsTest)
#include "tst_ghosts.moc"
