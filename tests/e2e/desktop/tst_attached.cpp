// A window attached to clusters that `tributary up` runs: one step in the window, the next in the terminal.
#include <QElapsedTimer>
#include <QTest>

#include "designer.h"
#include "terminalworld.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using tributary::test::Designer;
using tributary::test::TerminalWorld;
using tributary::test::Wanted;
using tributary::test::Widget;

class AttachedTest : public QObject {
    Q_OBJECT
private slots:
    void followsTheTerminalWithinASecond();

private:
    /// The chosen runbook as the script that goes to the real clusters.
    static void exportScript(Designer& designer);
};

void AttachedTest::exportScript(Designer& designer) {
    designer.see(
        {u"^Run$"_s, u"push button"_s, u"Plan"_s, {}}, [](const Widget& run) { return run.enabled(); }, 40'000);
    designer.menu(u"File"_s, u"Export the runbook as a bash script"_s);
    designer.see({u"Export the runbook as a script"_s, u"dialog"_s, {}, {}});
    designer.key(u"Ctrl+A"_s);
    const QString file = designer.folder(u"set up.sh"_s);
    designer.type(file);
    designer.key(u"Return"_s);
    designer.see({u"^Exported to "_s, {}, {}, {}});
    QProcess bash;
    bash.setProcessChannelMode(QProcess::MergedChannels);
    bash.start(u"bash"_s, {file, u"--dry-run"_s});
    const bool ended = bash.waitForFinished();
    const QByteArray said = bash.readAll();
    if (!ended || bash.exitCode() != 0 || !said.contains("replica add")) {
        designer.fail(u"the exported script does not run: "_s + QString::fromUtf8(said));
    }
}

void AttachedTest::followsTheTerminalWithinASecond() {
    constexpr qint64 kFollowsMsMax = 1'000;
    constexpr int kClosesMsMax = 1'500;
    const QString sf = QString::fromLatin1(TerminalWorld::kSf);
    const QString ny = QString::fromLatin1(TerminalWorld::kNy);
    const TerminalWorld world(u"multi-master"_s);
    QVERIFY_RAN(world.verb(u"up"_s));
    // With rows to copy the plan registers its links paused.
    QVERIFY_RAN(world.verb(u"load %1 --generate 100"_s.arg(QString::fromLatin1(TerminalWorld::kSf))));
    Designer designer(u"attached"_s);
    designer.start({world.dir()});
    designer.see({u"^cluster sanfrancisco"_s, {}, u"Canvas"_s, u": up$"_s});
    designer.key(u"Ctrl+R"_s);
    exportScript(designer);
    QVERIFY_WELL(designer);
    const Wanted step{u"^Step$"_s, u"push button"_s, u"Runbook"_s, {}};
    const auto ready = [](const Widget& button) { return button.enabled(); };
    // Step by step in the window, until the replica is registered at the source, paused.
    designer.click({u"^Step$"_s, u"push button"_s, u"Plan"_s, {}});  // begins, and waits before the first step
    designer.see({u"structure of the drawing is locked"_s, {}, {}, {}});
    designer.see(step, ready);
    for (int i = 1; i <= 4; ++i) {
        designer.click(step);
        designer.see({u"^Step %1, .*: (done|not needed)"_s.arg(i), u"list item"_s, u"Runbook"_s, {}});
        designer.see(step, ready);
    }
    const QString name = u"^link %1 to %2"_s.arg(sf, ny);
    designer.see({name, {}, u"Canvas"_s, u"observed: paused"_s});
    designer.picture(u"stepped"_s);
    QVERIFY_WELL(designer);

    // The next steps by hand in the terminal.
    QVERIFY_RAN(world.verb(u"maprcli table upstream add -path %1 -upstream %2"_s.arg(ny, sf)));
    QVERIFY_RAN(world.verb(u"maprcli table replica resume -path %1 -replica %2"_s.arg(sf, ny)));
    QElapsedTimer clock;
    clock.start();
    designer.see({name, {}, u"Canvas"_s, u"observed: replicating"_s});
    const qint64 followedMs = clock.elapsed();
    designer.picture(u"followed"_s);
    QVERIFY_WELL(designer);
    // A cluster that hangs does not hold the window.
    designer.click({u"^Pause$"_s, u"push button"_s, u"Runbook"_s, {}});
    designer.see({u"^Resume"_s, u"push button"_s, u"Runbook"_s, {}});
    QVERIFY_RAN(world.verb(u"fault freeze newyork"_s));
    designer.see({u"^cluster newyork"_s, {}, u"Canvas"_s, u"frozen"_s});
    designer.picture(u"frozen"_s);
    designer.key(u"Ctrl+Q"_s);
    designer.expectEnd(kClosesMsMax);
    QVERIFY_WELL(designer);
    QVERIFY2(followedMs <= kFollowsMsMax, qPrintable(u"the window followed after %1 ms"_s.arg(followedMs)));
}

TRIBUTARY_TEST(AttachedTest)
#include "tst_attached.moc"
