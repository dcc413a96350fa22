// The network is cut one way while clients write: edge, chart, alarm and problems agree, and agree again when it heals.
#include <QTest>

#include "designer.h"
#include "terminalworld.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using tributary::test::Designer;
using tributary::test::TerminalWorld;
using tributary::test::Wanted;
using tributary::test::Widget;

class FaultsTest : public QObject {
    Q_OBJECT
private slots:
    void cutsTheNetworkOneWayUnderLoadAndHeals();
    void makesEveryKindOfFaultAndClearsItWithOneButton();
};

void FaultsTest::cutsTheNetworkOneWayUnderLoadAndHeals() {
    const TerminalWorld world(u"multi-master"_s);
    Designer designer(u"faults"_s);
    designer.start({world.dir()});
    designer.key(u"Ctrl+R"_s);
    designer.see(
        {u"^Run$"_s, u"push button"_s, u"Plan"_s, {}}, [](const Widget& run) { return run.enabled(); }, 40'000);
    designer.key(u"Ctrl+Return"_s);
    designer.see({u"Finished: every step holds"_s, {}, u"Runbook"_s, {}}, 60'000);
    designer.click({u"^Data$"_s, u"page tab"_s, {}, {}});
    designer.click({u"^Write$"_s, u"push button"_s, u"Data"_s, {}});
    designer.see({u"^[0-9,]+ written$"_s, u"label"_s, u"Data"_s, {}});
    QVERIFY_WELL(designer);

    const QString sf = QString::fromLatin1(TerminalWorld::kSf);
    const QString ny = QString::fromLatin1(TerminalWorld::kNy);
    const Wanted chart{u"^Lag chart$"_s, {}, {}, {}};
    designer.click({u"^Lag$"_s, u"page tab"_s, {}, {}});
    designer.see(chart);
    designer.click({u"^Faults$"_s, u"page tab"_s, {}, {}});
    designer.see({u"^Cut the network$"_s, u"combo box"_s, u"Faults"_s, {}});
    designer.click({u"^One way only$"_s, u"check box"_s, u"Faults"_s, {}});
    designer.click({u"^Apply$"_s, u"push button"_s, u"Faults"_s, {}});
    // Each view tells it in its own way.
    designer.see({u"^link %1 to %2"_s.arg(sf, ny), {}, u"Canvas"_s, u"fault on the way: cut"_s});
    designer.see({u"^Lag chart$"_s, {}, {}, u"Fault in force: "_s});
    designer.see({u"^Lag chart$"_s, {}, {}, u"sanfrancisco . newyork[^\n]*: lag now [2-9][0-9.]* s"_s}, 30'000);
    designer.picture(u"cut"_s);
    designer.click({u"^Problems"_s, u"page tab"_s, {}, {}});
    designer.see({u"A fault is in force"_s, u"list item"_s, u"Problems"_s, {}});
    designer.see({u"The link fails"_s, u"list item"_s, u"Problems"_s, {}}, 40'000);
    designer.see({u"Alarm VOLUME_ALARM_TABLE_REPL_ERROR at sanfrancisco"_s, u"list item"_s, u"Problems"_s, {}}, 60'000);
    designer.picture(u"problems"_s);
    designer.see({u"^link %1 to %2"_s.arg(sf, ny), {}, u"Canvas"_s, u"observed: unreachable"_s});
    designer.see({u"^cluster sanfrancisco"_s, {}, u"Canvas"_s, u"1 alarm"_s});
    designer.click({u"^Alarms"_s, u"page tab"_s, {}, {}});
    designer.see({u"VOLUME_ALARM_TABLE_REPL_ERROR"_s, {}, u"Alarms"_s, {}});
    designer.picture(u"alarms"_s);
    QVERIFY_WELL(designer);

    // One button heals and proves it; everything drains and clears by itself.
    designer.click({u"^Clear all$"_s, u"push button"_s, u"Faults"_s, {}});
    designer.see({u"^No alarm is raised"_s, {}, u"Alarms"_s, {}}, 30'000);
    designer.seeNo({u"fault is in force|The link fails|Alarm VOLUME"_s, u"list item"_s, {}, {}});
    designer.click({u"^Lag$"_s, u"page tab"_s, {}, {}});
    designer.see({u"^Lag chart$"_s, {}, {}, u"sanfrancisco . newyork[^\n]*: lag now [0-9.]+ ms, highest [0-9.]+ s"_s},
                 30'000);
    designer.see({u"^Lag chart$"_s, {}, {}, u"Fault over: "_s});
    designer.see({u"^link %1 to %2"_s.arg(sf, ny), {}, u"Canvas"_s, u"observed: replicating"_s});
    designer.picture(u"healed"_s);
    designer.click({u"^Problems"_s, u"page tab"_s, {}, {}});
    designer.seeNo({u"fault is in force|The link fails|Alarm "_s, u"list item"_s, u"Problems"_s, {}});
    designer.click({u"^Data$"_s, u"page tab"_s, {}, {}});
    designer.click({u"^Stop$"_s, u"push button"_s, u"Data"_s, {}});
    designer.click({u"^Compare$"_s, u"page tab"_s, {}, {}});
    designer.click({u"^Compare$"_s, u"push button"_s, {}, {}});
    designer.see({u"^✓ Identical: [0-9]+ rows"_s, {}, u"Data"_s, {}}, 60'000);
    QVERIFY_WELL(designer);
}

void FaultsTest::makesEveryKindOfFaultAndClearsItWithOneButton() {
    const TerminalWorld world(u"multi-master"_s);
    Designer designer(u"every-fault"_s);
    designer.start({world.dir()});
    designer.key(u"Ctrl+Shift+U"_s);
    designer.see({u"^cluster newyork"_s, {}, u"Canvas"_s, u": up$"_s}, 40'000);
    designer.click({u"^Faults$"_s, u"page tab"_s, {}, {}});
    QVERIFY_WELL(designer);
    // The kind as it is typed into the list, and what the list of faults in force then says.
    const std::pair<QString, QString> kinds[] = {{u"Delay"_s, u"^delay"_s},        {u"Limit"_s, u"^bandwidth"_s},
                                                 {u"Stop"_s, u"^gateway"_s},       {u"Kill"_s, u"^kill"_s},
                                                 {u"Freeze"_s, u"^freeze"_s},      {u"Disk full"_s, u"^disk full"_s},
                                                 {u"Disk slow"_s, u"^disk slow"_s}};
    for (const auto& [typed, told] : kinds) {
        designer.click({u"^Fault$|network|bandwidth|gateway|cluster$|^Disk|^Delay"_s, u"combo box"_s, u"Faults"_s, {}});
        designer.type(typed);
        designer.key(u"Return"_s);
        designer.see({u"^"_s + typed, u"combo box"_s, u"Faults"_s, {}});
        designer.click({u"^Apply$"_s, u"push button"_s, u"Faults"_s, {}});
        designer.see({told, {}, u"Faults in force"_s, {}}, 10'000);
        designer.see({u"A fault is in force"_s, u"list item"_s, {}, {}}, 10'000);
        designer.picture(QString(typed).remove(u' '));
        designer.click({u"^Clear all$"_s, u"push button"_s, u"Faults"_s, {}});
        designer.see({u"^✓ No fault is in force"_s, {}, u"Faults"_s, {}}, 30'000);
        designer.seeNo({told, {}, u"Faults in force"_s, {}});
        designer.see({u"^cluster sanfrancisco"_s, {}, u"Canvas"_s, u": up"_s}, 30'000);
        QVERIFY_WELL(designer);
    }
}

TRIBUTARY_TEST(FaultsTest)
#include "tst_faults.moc"
