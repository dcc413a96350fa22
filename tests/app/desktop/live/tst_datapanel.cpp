// Rows, edits, import, the paced writer and the comparison, by mouse and keys against the real engine.
#include <QComboBox>
#include <QFile>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>

#include "app/desktop/live/datacompare.h"
#include "app/desktop/live/datapanel.h"
#include "liveworld.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using tributary::test::kPatientMs;
using tributary::test::LiveWorld;

class DataPanelTest : public QObject {
    Q_OBJECT
private slots:
    void readsPageByPageAndEdits();
    void importsAndSaysWhereALineIsBad();
    void writesAtARateUntilStopped();
    void comparesTwoTables();
};

void DataPanelTest::readsPageByPageAndEdits() {
    LiveWorld world;
    QVERIFY(world.start());
    QVERIFY(world.load(500));
    DataPanel panel(world.live());
    panel.resize(420, 600);
    panel.show();
    panel.showTable(QString::fromLatin1(test::kSource));
    RowTable& rows = panel.rows();
    QTRY_COMPARE_WITH_TIMEOUT(rows.rowCount(), RowTable::kPageRows, kPatientMs);
    QVERIFY(rows.canFetchMore({}));
    while (rows.canFetchMore({})) {
        rows.fetchMore({});
        QTRY_VERIFY_WITH_TIMEOUT(!rows.isBusy(), kPatientMs);
    }
    QCOMPARE(rows.rowCount(), 500);
    // Insert through the line below the rows.
    QTest::keyClicks(panel.findChild<QLineEdit*>(u"data-key"_s), u"a-first"_s);
    panel.findChild<QComboBox*>(u"data-column"_s)->setEditText(u"profile:name"_s);
    QTest::keyClicks(panel.findChild<QLineEdit*>(u"data-value"_s), u"Ada"_s);
    QSignalSpy written(&rows, &RowTable::written);
    QTest::mouseClick(panel.findChild<QPushButton*>(u"data-put"_s), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(written.size(), 1, kPatientMs);
    QCOMPARE(written[0][1].toString(), QString());
    QTRY_VERIFY_WITH_TIMEOUT(!rows.isBusy() && rows.rowCount() > 0 && rows.keyText(0) == u"a-first"_s, kPatientMs);
    int name = 0;
    for (int i = 1; i < rows.columnCount(); ++i) {
        if (rows.columnName(i) == u"profile:name"_s) name = i;
    }
    QCOMPARE(rows.index(0, name).data().toString(), u"Ada"_s);
    // Edit in place: what is shown is what the cluster then holds.
    rows.setData(rows.index(0, name), u"Ada Lovelace"_s, Qt::EditRole);
    QCOMPARE(rows.index(0, name).data().toString(), u"Ada"_s);
    QTRY_VERIFY_WITH_TIMEOUT(
        !rows.isBusy() && rows.rowCount() > 0 && rows.index(0, name).data().toString() == u"Ada Lovelace"_s,
        kPatientMs);
    auto* list = panel.findChild<QTableView*>(u"data-rows"_s);
    QVERIFY(QTest::qWaitForWindowActive(&panel));
    list->setFocus();
    list->setCurrentIndex(rows.index(0, 0));
    QTest::keyClick(list, Qt::Key_Delete);
    QTRY_VERIFY_WITH_TIMEOUT(!rows.isBusy() && rows.rowCount() > 0 && rows.keyText(0) != u"a-first"_s, kPatientMs);
    // Audited, without keys and values.
    const QString log = world.audited();
    QVERIFY2(log.contains(u"tributary put "_s + QString::fromLatin1(test::kSource)), qPrintable(log));
    QVERIFY2(log.contains(u"tributary delete "_s + QString::fromLatin1(test::kSource)), qPrintable(log));
    QVERIFY2(!log.contains(u"a-first"_s) && !log.contains(u"Ada"_s), qPrintable(log));
}

void DataPanelTest::importsAndSaysWhereALineIsBad() {
    LiveWorld world;
    QVERIFY(world.start());
    DataPanel panel(world.live());
    panel.show();
    panel.showTable(QString::fromLatin1(test::kSource));
    const auto save = [&](const QByteArray& text) {
        QFile file(world.dir() + u"/rows.csv"_s);
        return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
    };
    QVERIFY(save("id,profile:name\nb1,Bo\nb2,Bea\n"));
    panel.importFile(world.dir() + u"/rows.csv"_s);
    QTRY_COMPARE_WITH_TIMEOUT(panel.rows().rowCount(), 2, kPatientMs);
    QVERIFY(save("id,profile:name\nb3,Cy\nb4,\"open\n"));
    panel.importFile(world.dir() + u"/rows.csv"_s);
    // What stands before the bad line is loaded, and the message names the place.
    QTRY_COMPARE_WITH_TIMEOUT(panel.rows().rowCount(), 3, kPatientMs);
}

void DataPanelTest::writesAtARateUntilStopped() {
    LiveWorld world;
    QVERIFY(world.start());
    DataPanel panel(world.live());
    panel.show();
    panel.showTable(QString::fromLatin1(test::kSource));
    auto* write = panel.findChild<QPushButton*>(u"data-write"_s);
    QTRY_VERIFY_WITH_TIMEOUT(write->isEnabled(), kPatientMs);
    QTest::mouseClick(write, Qt::LeftButton);
    QVERIFY(panel.isWriting());
    // A look may come before the table is made, or find the cluster busy.
    const auto rows = [&world] {
        const app::ClusterRow* cluster = world.live().snapshot().status.cluster("sanfrancisco");
        return cluster == nullptr || cluster->tables.empty() ? 0 : cluster->tables.front().rows;
    };
    QTRY_VERIFY_WITH_TIMEOUT(rows() >= 50, kPatientMs);
    QTest::mouseClick(write, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!panel.isWriting(), kPatientMs);
}

void DataPanelTest::comparesTwoTables() {
    LiveWorld world;
    QVERIFY(world.start());
    QVERIFY(world.load(200));
    QVERIFY(world.makeMultiMaster());
    DataPanel panel(world.live());
    panel.show();
    auto* compare = panel.findChild<DataCompare*>();
    QTRY_VERIFY_WITH_TIMEOUT(compare->findChild<QPushButton*>(u"data-compare"_s)->isEnabled(), kPatientMs);
    QSignalSpy compared(compare, &DataCompare::compared);
    compare->compare();
    QTRY_COMPARE_WITH_TIMEOUT(compared.size(), 1, kPatientMs);
    QVERIFY2(compared[0][0].toBool(), qPrintable(compare->verdict()));
    // Without open gateways the sides part, and the row shows both.
    QSignalSpy done(&world.live(), &LiveWorkspace::faultDone);
    world.live().sendFault({FaultKind::GatewayStop, "gw-ny-1", {}, {}, false});
    world.live().sendFault({FaultKind::GatewayStop, "gw-ny-2", {}, {}, false});
    QTRY_COMPARE_WITH_TIMEOUT(done.size(), 2, kPatientMs);
    QVERIFY(world.load(1, 5'000));
    compare->compare();
    QTRY_COMPARE_WITH_TIMEOUT(compared.size(), 2, kPatientMs);
    QVERIFY(!compared[1][0].toBool());
    auto* list = compare->findChild<QTableView*>();
    QVERIFY2(list->model()->rowCount() == 1, qPrintable(compare->verdict()));
    const QString a = list->model()->index(0, CompareTable::AColumn).data().toString();
    const QString b = list->model()->index(0, CompareTable::BColumn).data().toString();
    QVERIFY((a == u"no such row"_s) != (b == u"no such row"_s));
    // Who compares stands at the left side: behind a cut network the right one cannot be told, and nothing is listed.
    world.live().sendFault({FaultKind::Cut, "sanfrancisco", "newyork", {}, false});
    QTRY_COMPARE_WITH_TIMEOUT(done.size(), 3, kPatientMs);
    compare->compare();
    QTRY_COMPARE_WITH_TIMEOUT(compared.size(), 3, kPatientMs);
    QVERIFY(!compared[2][0].toBool());
    QVERIFY2(compare->verdict().contains(u"Could not tell"_s), qPrintable(compare->verdict()));
    QCOMPARE(list->model()->rowCount(), 0);
}

TRIBUTARY_TEST(DataPanelTest)
#include "tst_datapanel.moc"
