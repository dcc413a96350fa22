// The docks, driven by keys and mouse, against the real engine.
#include <QComboBox>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTableView>
#include <QToolButton>

#include "app/desktop/live/consolepanel.h"
#include "app/desktop/live/lagpanel.h"
#include "app/desktop/live/livedocks.h"
#include "liveworld.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using tributary::test::kPatientMs;
using tributary::test::LiveWorld;

class LivePanelsTest : public QObject {
    Q_OBJECT
private slots:
    void makesEveryDock();
    void consoleRunsCompletesAndRemembers();
    void lagPanelFollowsPausesAndExports();
};

void LivePanelsTest::makesEveryDock() {
    LiveWorld world;
    QWidget parent;
    const auto docks = makeLiveDocks(world.open(), &parent);
    QVERIFY(docks.size() >= 2);
    QStringList ids;
    for (const LiveDock& dock : docks) {
        QVERIFY(!dock.title.isEmpty() && dock.widget != nullptr && dock.widget->parentWidget() == &parent);
        QVERIFY(!ids.contains(dock.id));
        ids << dock.id;
    }
}

void LivePanelsTest::consoleRunsCompletesAndRemembers() {
    LiveWorld world;
    QVERIFY(world.start());
    ConsolePanel console(world.live());
    console.resize(420, 300);
    console.show();
    auto* input = console.findChild<QLineEdit*>();
    QTest::keyClicks(input, u"maprc"_s);
    QTest::keyClick(input, Qt::Key_Tab);
    QCOMPARE(input->text(), u"maprcli "_s);
    QTest::keyClicks(input, u"table info -path /mapr/sanf"_s);
    QTest::keyClick(input, Qt::Key_Tab);
    QCOMPARE(input->text(), u"maprcli table info -path /mapr/sanfrancisco/customers "_s);
    QSignalSpy finished(&console, &ConsolePanel::lineFinished);
    QTest::keyClick(input, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, kPatientMs);
    QVERIFY2(finished[0][0].toBool(), qPrintable(console.outputText()));
    QVERIFY(console.outputText().contains(u"/mapr/sanfrancisco/customers"_s));
    QTest::keyClicks(input, u"maprcli table info -path /mapr/sanfrancisco/nothing"_s);
    QTest::keyClick(input, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 2, kPatientMs);
    QVERIFY(!finished[1][0].toBool());
    QTest::keyClick(input, Qt::Key_Up);
    QCOMPARE(input->text(), u"maprcli table info -path /mapr/sanfrancisco/nothing"_s);
    QTest::keyClick(input, Qt::Key_Up);
    QVERIFY(input->text().endsWith(u"customers"_s));
    QTest::keyClick(input, Qt::Key_Escape);
    QTest::keyClicks(input, u"help"_s);
    QTest::keyClick(input, Qt::Key_Return);
    QVERIFY(console.outputText().contains(u"maprcli"_s));
}

void LivePanelsTest::lagPanelFollowsPausesAndExports() {
    LiveWorld world;
    QVERIFY(world.start());
    QVERIFY(world.makeMultiMaster());
    LagPanel panel(world.live());
    panel.resize(420, 600);
    panel.show();
    QTRY_COMPARE_WITH_TIMEOUT(panel.table().rowCount(), 2, kPatientMs);
    QVERIFY(panel.plot().isLive());
    const Millis live = panel.plot().range().second;
    QTRY_VERIFY_WITH_TIMEOUT(panel.plot().range().second > live, kPatientMs);
    QToolButton* pause = nullptr;
    for (auto* button : panel.findChildren<QToolButton*>()) {
        if (button->isCheckable()) pause = button;
    }
    QVERIFY(pause != nullptr);
    QTest::mouseClick(pause, Qt::LeftButton);
    QVERIFY(!panel.plot().isLive());
    const auto held = panel.plot().range();
    QSignalSpy looks(&world.live(), &LiveWorkspace::observed);
    QTRY_VERIFY_WITH_TIMEOUT(looks.size() >= 3, kPatientMs);
    QCOMPARE(panel.plot().range(), held);
    QTest::keyClick(&panel.plot(), Qt::Key_End);
    QVERIFY(panel.plot().isLive());
    QVERIFY(!pause->isChecked());
    QTemporaryDir dir;
    for (const QString& name : {u"lag.csv"_s, u"lag.png"_s, u"lag.pdf"_s}) {
        QVERIFY_OK(panel.exportTo(dir.filePath(name)));
        QVERIFY(QFileInfo(dir.filePath(name)).size() > 100);
    }
    QVERIFY(!panel.exportTo(dir.filePath(u"lag.doc"_s)).ok());
    QSignalSpy jumps(&world.live(), &LiveWorkspace::jumpRequested);
    auto* list = panel.findChild<QTableView*>();
    list->setCurrentIndex(panel.table().index(0, 0));
    QTest::keyClick(list, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(jumps.size(), 1, kPatientMs);
    QVERIFY(jumps[0][0].toString().contains(u" -> "_s));
}

TRIBUTARY_TEST(LivePanelsTest)
#include "tst_livepanels.moc"
