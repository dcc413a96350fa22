// kill -9 of the designer in the middle of a run: the drawing comes back, the run goes on, the data is whole.
#include <QFile>
#include <QTest>

#include "designer.h"
#include "terminalworld.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using tributary::test::Designer;
using tributary::test::TerminalWorld;
using tributary::test::Wanted;
using tributary::test::Widget;

class CrashTest : public QObject {
    Q_OBJECT
private slots:
    void recoversDrawingAndRunAfterKill9();
};

void CrashTest::recoversDrawingAndRunAfterKill9() {
    const TerminalWorld world(u"multi-master"_s);
    QVERIFY_RAN(world.verb(u"up"_s));
    QVERIFY_RAN(world.verb(u"load /mapr/sanfrancisco/customers --generate 150000 --seed 1"_s));
    QVERIFY_RAN(world.verb(u"down"_s));
    Designer designer(u"crash"_s);
    designer.start({world.dir()});
    designer.key(u"Ctrl+R"_s);
    const Wanted run{u"^Run$"_s, u"push button"_s, u"Plan"_s, {}};
    designer.see(
        run, [](const Widget& button) { return button.enabled(); }, 40'000);
    // Work that nobody saved: it is in the journal a moment later.
    designer.click({u"^dataset /mapr/newyork/customers"_s, {}, u"Canvas"_s, {}});
    designer.key(u"Ctrl+Shift+G"_s);
    designer.see({u"New name"_s, u"text"_s, u"Canvas"_s, {}}, [](const Widget& edit) { return edit.focused(); });
    designer.type(u"gw-ny-3"_s);
    designer.key(u"Return"_s);
    const Wanted gateway{u"^gateway gw-ny-3 of newyork"_s, {}, u"Canvas"_s, {}};
    designer.see(gateway);
    const QString journal = world.dir() + u"/.tributary/designer-recovery.json"_s;
    const auto journaled = [&journal] {
        QFile file(journal);
        return file.open(QIODevice::ReadOnly) && file.readAll().contains("gw-ny-3");
    };
    QTRY_VERIFY(journaled());
    designer.click(run);
    designer.see({u"rows copied"_s, {}, u"Runbook"_s, {}}, 60'000);
    designer.picture(u"copying"_s);
    QVERIFY_WELL(designer);
    designer.kill();

    designer.start({world.dir()});
    designer.see({u"were recovered after a crash"_s, {}, {}, {}});
    designer.picture(u"recovered"_s);
    designer.click({u"^Restore them$"_s, u"push button"_s, {}, {}});
    designer.see(gateway);
    designer.click({u"^Show the run$"_s, u"push button"_s, {}, {}});
    designer.see({u"was interrupted"_s, {}, u"Runbook"_s, {}});
    designer.picture(u"interrupted"_s);
    designer.key(u"Ctrl+Shift+U"_s);
    designer.click({u"^Resume$"_s, u"push button"_s, u"Runbook"_s, {}});
    designer.see({u"Finished: every step holds"_s, {}, u"Runbook"_s, {}}, 90'000);
    designer.picture(u"finished"_s);
    designer.click({u"^Data$"_s, u"page tab"_s, {}, {}});
    designer.click({u"^Compare$"_s, u"page tab"_s, {}, {}});
    designer.click({u"^Compare$"_s, u"push button"_s, {}, {}});
    designer.see({u"^✓ Identical: 150000 rows"_s, {}, u"Data"_s, {}}, 60'000);
    designer.key(u"Ctrl+S"_s);
    designer.key(u"Ctrl+Q"_s);
    designer.expectEnd();
    QVERIFY_WELL(designer);
    QVERIFY(!QFile::exists(journal));
}

TRIBUTARY_TEST(CrashTest)
#include "tst_crash.moc"
