// SIGKILL of a designer whose engine clients write to, again and again: what was acknowledged is at both ends.
#include "killswriter.h"

#include <QTest>

#include "designer.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using tributary::test::Designer;
using tributary::test::killRounds;
using tributary::test::KillsWriter;
using tributary::test::moreAcknowledged;
using tributary::test::proveAtBothEnds;
using tributary::test::TerminalWorld;
using tributary::test::Widget;

class DesignerKillsTest : public QObject {
    Q_OBJECT
private slots:
    void designersEngineLosesNothing();

private:
    static void startEngine(Designer& designer, const QString& workspace);
};

void DesignerKillsTest::startEngine(Designer& designer, const QString& workspace) {
    designer.start({workspace});
    designer.see({u"^cluster sanfrancisco"_s, {}, u"Canvas"_s, {}});
    designer.key(u"Ctrl+K"_s);
    designer.see({u"What to do"_s, u"text"_s, {}, {}}, [](const Widget& input) { return input.focused(); });
    designer.type(u"start the engine"_s);
    designer.key(u"Return"_s);
    designer.see({u"^cluster sanfrancisco"_s, {}, u"Canvas"_s, u": up$"_s});
    designer.see({u"^cluster newyork"_s, {}, u"Canvas"_s, u": up$"_s});
}

void DesignerKillsTest::designersEngineLosesNothing() {
    const QString sf = QString::fromLatin1(TerminalWorld::kSf);
    const QString ny = QString::fromLatin1(TerminalWorld::kNy);
    TerminalWorld world(u"multi-master"_s);
    QVERIFY_RAN(world.verb(u"up"_s));
    QVERIFY_RAN(world.verb(u"load %1 --generate 2000 --seed 1"_s.arg(sf)));
    QVERIFY_RAN(world.verb(u"run multi-master-setup --set source=%1 --set replica=%2"_s.arg(sf, ny)));
    QVERIFY_RAN(world.verb(u"down"_s));
    Designer designer(u"kills"_s);
    startEngine(designer, world.dir());
    QVERIFY_WELL(designer);
    KillsWriter there(world, sf, u"a"_s);
    KillsWriter here(world, ny, u"b"_s);
    for (int round = 0; round < killRounds(); ++round) {
        QVERIFY2(moreAcknowledged({&there, &here}, round), qPrintable(u"round %1"_s.arg(round)));
        designer.kill();
        startEngine(designer, world.dir());
        QVERIFY_WELL(designer);
    }
    QVERIFY_RAN(proveAtBothEnds(world, {sf, ny}, {&there, &here}, "designer", killRounds()));
}

TRIBUTARY_TEST(DesignerKillsTest)
#include "tst_kills.moc"
