// The docks, driven by keys and mouse, against the real engine.
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QToolButton>

#include "app/desktop/live/alarmspanel.h"
#include "app/desktop/live/consolepanel.h"
#include "app/desktop/live/faultspanel.h"
#include "app/desktop/live/lagpanel.h"
#include "app/desktop/live/livedocks.h"
#include "app/desktop/live/logpanel.h"
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
    void faultsPanelBreaksShowsAndProves();
    void alarmsAreAcknowledgedAndJumpedTo();
    void logFiltersByKindAndWords();
};

void LivePanelsTest::makesEveryDock() {
    LiveWorld world;
    QWidget parent;
    const auto docks = makeLiveDocks(world.open(), &parent);
    QCOMPARE(docks.size(), std::size_t{8});
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
    console.runLine(u"help --password=hunter2"_s);
    const QString kept = world.dir() + u"/.tributary/console-history"_s;
    const auto keptText = [&] {
        QFile file(kept);
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    };
    QTRY_VERIFY_WITH_TIMEOUT(keptText().endsWith(u"help\n"_s), kPatientMs);
    QVERIFY(!keptText().contains(u"hunter2"_s));
    QCOMPARE(QFile::permissions(kept) & (QFileDevice::ReadGroup | QFileDevice::ReadOther), QFileDevice::Permissions());
    ConsolePanel tomorrow(world.live());
    auto* again = tomorrow.findChild<QLineEdit*>();
    QTest::keyClick(again, Qt::Key_Up);
    QCOMPARE(again->text(), u"help"_s);
    QTest::keyClick(again, Qt::Key_Up);
    QVERIFY(again->text().endsWith(u"nothing"_s));
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
    for (const QString& name : {u"lag.csv"_s, u"lag.png"_s, u"lag.pdf"_s, u"lag.svg"_s}) {
        QVERIFY_OK(panel.exportTo(dir.filePath(name)));
        QVERIFY(QFileInfo(dir.filePath(name)).size() > 100);
    }
    const auto svgText = [&] {
        QFile file(dir.filePath(u"lag.svg"_s));
        return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
    };
    QVERIFY(svgText().contains(u"Time behind"_s));
    QVERIFY(!svgText().contains(u"warning"_s));  // ten seconds lie above the picture
    panel.setThresholds({{500, 800}, {}, {}});
    QVERIFY_OK(panel.exportTo(dir.filePath(u"lag.svg"_s)));
    QVERIFY(svgText().contains(u"warning 500 ms"_s) && svgText().contains(u"critical 800 ms"_s));
    QVERIFY(!panel.exportTo(dir.filePath(u"no such folder/lag.svg"_s)).ok());
    QVERIFY(!panel.exportTo(dir.filePath(u"lag.doc"_s)).ok());
    QSignalSpy jumps(&world.live(), &LiveWorkspace::jumpRequested);
    auto* list = panel.findChild<QTableView*>();
    list->setCurrentIndex(panel.table().index(0, 0));
    QTest::keyClick(list, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(jumps.size(), 1, kPatientMs);
    QVERIFY(jumps[0][0].toString().contains(u" -> "_s));
}

void LivePanelsTest::faultsPanelBreaksShowsAndProves() {
    LiveWorld world;
    QVERIFY(world.start());
    FaultsPanel panel(world.live());
    panel.resize(420, 300);
    panel.show();
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    auto* list = panel.findChild<QTableView*>();
    auto* apply = panel.findChild<QPushButton*>(u"fault-apply"_s);
    QTRY_VERIFY_WITH_TIMEOUT(apply->isEnabled(), kPatientMs);
    QTest::mouseClick(apply, Qt::LeftButton);  // the form's first choice: cut, both ways
    QTRY_COMPARE_WITH_TIMEOUT(list->model()->rowCount(), 2, kPatientMs);
    list->setFocus();
    list->selectRow(0);
    QTest::keyClick(list, Qt::Key_Delete);
    QTRY_COMPARE_WITH_TIMEOUT(list->model()->rowCount(), 1, kPatientMs);
    panel.prepare({FaultKind::Kill, "newyork", {}, {}, false});
    QTest::mouseClick(apply, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(list->model()->rowCount(), 2, kPatientMs);
    QCOMPARE(world.live().snapshot().status.cluster("newyork")->state, std::string("killed"));
    QCOMPARE(world.live().engine().state, EngineState::Running);
    QSignalSpy cleared(&world.live(), &LiveWorkspace::faultsCleared);
    QTest::mouseClick(panel.findChild<QPushButton*>(u"fault-clear"_s), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(cleared.size(), 1, kPatientMs);
    QVERIFY2(cleared[0][0].toBool(), qPrintable(cleared[0][1].toString()));
    QTRY_COMPARE_WITH_TIMEOUT(list->model()->rowCount(), 0, kPatientMs);
    QTRY_VERIFY_WITH_TIMEOUT(world.live().snapshot().status.cluster("newyork")->answered, kPatientMs);
}

void LivePanelsTest::alarmsAreAcknowledgedAndJumpedTo() {
    LiveWorld world;
    AlarmsPanel panel(world.open());
    panel.show();
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    LiveSnapshot snapshot;
    app::ClusterRow cluster;
    cluster.name = "sanfrancisco";
    cluster.state = "up";
    cluster.answered = true;
    cluster.alarms = {{"VOLUME_ALARM_TABLE_REPL_ERROR", "mapr.root", "/mapr/sanfrancisco/customers: cut off", 1'000},
                      {"NODE_ALARM_DISK_FULL", "node1", "no space", 2'000}};
    snapshot.status.clusters = {cluster};
    AlarmTable& table = panel.table();
    table.observe(snapshot);
    QCOMPARE(table.rowCount(), 2);
    QCOMPARE(table.openCount(), 2);
    QCOMPARE(table.at(0).name, u"NODE_ALARM_DISK_FULL"_s);
    auto* list = panel.findChild<QTableView*>();
    list->setFocus();
    list->selectRow(0);
    QTest::keyClick(list, Qt::Key_A);
    QCOMPARE(table.openCount(), 1);
    QCOMPARE(table.at(0).name, u"VOLUME_ALARM_TABLE_REPL_ERROR"_s);
    QSignalSpy jumps(&world.live(), &LiveWorkspace::jumpRequested);
    list->setCurrentIndex(table.index(0, 0));
    QTest::keyClick(list, Qt::Key_Return);
    QCOMPARE(jumps.size(), 1);
    QCOMPARE(jumps[0][0].toString(), u"/mapr/sanfrancisco/customers:"_s.chopped(1));
    // A cluster that falls silent has not cleared its alarms.
    snapshot.status.clusters[0].answered = false;
    snapshot.status.clusters[0].state = "?";
    snapshot.status.clusters[0].alarms.clear();
    table.observe(snapshot);
    QCOMPARE(table.rowCount(), 2);
    QCOMPARE(table.silent(), QStringList{u"sanfrancisco"_s});
    snapshot.status.clusters[0].answered = true;
    table.observe(snapshot);
    QCOMPARE(table.rowCount(), 0);
}

void LivePanelsTest::logFiltersByKindAndWords() {
    LiveWorld world;
    LogPanel panel(world.open());
    panel.show();
    EventLog& log = world.live().log();
    const int before = log.rowCount();
    log.add({1'000, LogEntry::Kind::Run, LogEntry::Level::Info, u"register-replica started"_s, {}, {}, {}});
    log.add({2'000, LogEntry::Kind::Fault, LogEntry::Level::Failure, u"cut a <-> b"_s, u"refused"_s, {}, {}});
    auto* list = panel.findChild<QTableView*>();
    QCOMPARE(list->model()->rowCount(), before + 2);
    auto* words = panel.findChild<QLineEdit*>();
    QTest::keyClicks(words, u"REFUSED cut"_s);
    QCOMPARE(list->model()->rowCount(), 1);
    QVERIFY(list->model()->index(0, EventLog::TextColumn).data().toString().startsWith(u"Failed:"_s));
    // A marker that is clicked shows its line, whatever is filtered.
    emit world.live().logRequested(1'001);
    QVERIFY(words->text().isEmpty());
    QCOMPARE(list->currentIndex().siblingAtColumn(EventLog::TextColumn).data().toString(),
             u"register-replica started"_s);
    QCOMPARE(log.rowNear(1'900), before + 1);
}

TRIBUTARY_TEST(LivePanelsTest)
#include "tst_livepanels.moc"
