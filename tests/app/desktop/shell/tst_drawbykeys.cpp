// The same without a pointer: outline, palette and shortcuts.
#include <QComboBox>
#include <QListWidget>
#include <QPushButton>

#include "app/desktop/panels/linkdialog.h"
#include "testmain.h"
#include "windowworld.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using tributary::test::WindowWorld;

class DrawByKeysTest : public QObject {
    Q_OBJECT
private slots:
    void drawsBreaksFixesAndSaves();
    void findsAndRunsCommandsByLetters();
    void findsOnTheCanvas();

private:
    /// A command by its letters in the command palette.
    static void command(WindowWorld& world, const QString& letters) {
        QTest::keyClick(world.window.get(), Qt::Key_K, Qt::ControlModifier);
        auto* palette = world.window->findChild<CommandPalette*>(u"commandPalette"_s);
        QVERIFY(palette != nullptr && palette->isVisible());
        QTest::keyClicks(&palette->input(), letters);
        QTest::keyClick(&palette->input(), Qt::Key_Return);
        QVERIFY(!palette->isVisible());
    }
    /// Types the name into the editor that a new item opens.
    static void name(WindowWorld& world, const QString& text) {
        auto* edit = world.window->findChild<QLineEdit*>(u"nameEdit"_s);
        QTRY_VERIFY(edit->isVisible());
        QTest::keyClicks(edit, text);
        QTest::keyClick(edit, Qt::Key_Return);
        QVERIFY(!edit->isVisible());
    }
    /// Selects a row of the outline by walking down to it.
    static void walkTo(WindowWorld& world, const ItemRef& ref) {
        QTreeWidget& tree = world.bench().outline->tree();
        tree.setFocus();
        QTest::keyClick(&tree, Qt::Key_Home);
        for (int i = 0; i < 40 && world.bench().selection.single() != ref; ++i) QTest::keyClick(&tree, Qt::Key_Down);
        QVERIFY(world.bench().selection.single() == ref);
    }
};

void DrawByKeysTest::drawsBreaksFixesAndSaves() {
    WindowWorld world;
    QTest::keyClick(world.window.get(), Qt::Key_N, Qt::ControlModifier);
    QTRY_VERIFY(!world.window->showsWelcome());
    for (const auto& [site, short_] : {std::pair(u"sanfrancisco"_s, u"sf"_s), std::pair(u"newyork"_s, u"ny"_s)}) {
        QTest::keyClick(world.window.get(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        name(world, site);
        for (int i = 1; i <= 2; ++i) {
            QTest::keyClick(world.window.get(), Qt::Key_G, Qt::ControlModifier | Qt::ShiftModifier);
            name(world, u"gw-%1-%2"_s.arg(short_).arg(i));
        }
        QTest::keyClick(world.window.get(), Qt::Key_B, Qt::ControlModifier | Qt::ShiftModifier);
        name(world, u"customers"_s);
    }
    const std::string sf = "/mapr/sanfrancisco/customers";
    const std::string ny = "/mapr/newyork/customers";
    QVERIFY(world.drawing().dataset(sf) != nullptr && world.drawing().dataset(ny) != nullptr);
    QTRY_VERIFY(world.bench().outline->tree().topLevelItemCount() == 2);
    walkTo(world, datasetRef(sf));
    QTest::keyClick(world.window.get(), Qt::Key_L, Qt::ControlModifier);
    auto* dialog = world.window->findChild<LinkDialog*>(u"linkDialog"_s);
    QVERIFY(dialog != nullptr);
    auto* halves = dialog->findChild<QComboBox*>(u"linkHalves"_s);
    auto* targets = dialog->findChild<QListWidget*>(u"linkTargets"_s);
    QTest::keyClick(halves, Qt::Key_Down);  // the replica record only
    QCOMPARE(targets->currentItem()->text(), QString::fromStdString(ny));
    QTest::keyClick(targets, Qt::Key_Return);
    QTRY_VERIFY(world.drawing().replica(sf, ny) != nullptr);
    QVERIFY(world.drawing().upstream(ny, sf) == nullptr);
    QTRY_VERIFY(world.hasProblem("maprdb.upstream-missing"));
    QListWidget& problems = world.bench().problems->list();
    for (int i = 0; i < problems.count(); ++i) {
        if (problems.item(i)->text().contains(u"upstream half")) problems.setCurrentRow(i);
    }
    world.activate();
    QTest::keyClick(world.window.get(), Qt::Key_Period, Qt::ControlModifier);
    QVERIFY(world.drawing().upstream(ny, sf) != nullptr);
    QTRY_VERIFY(!world.hasProblem("maprdb.upstream-missing"));
    QTest::keyClick(world.window.get(), Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(world.drawing().upstream(ny, sf) == nullptr);
    QTest::keyClick(world.window.get(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(world.drawing().upstream(ny, sf) != nullptr);
    world.window->flow().saveAs(world.folder());
    QVERIFY(QFile::exists(world.folder() + u"/topology.yaml"_s));
    QVERIFY(!world.document().modified());
}

void DrawByKeysTest::findsAndRunsCommandsByLetters() {
    QVERIFY(fuzzyScore(u"zts"_s, u"Zoom to selection"_s) > fuzzyScore(u"zts"_s, u"Fuzzy artifacts"_s));
    QCOMPARE(fuzzyScore(u"xyz"_s, u"Undo"_s), -1);
    WindowWorld world;
    QTest::keyClick(world.window.get(), Qt::Key_N, Qt::ControlModifier);
    QTRY_VERIFY(!world.window->showsWelcome());
    command(world, u"add cluster"_s);
    QTRY_COMPARE(world.drawing().clusters.size(), std::size_t{1});
    world.document().undoStack().undo();
    world.document().undoStack().setClean();
}

void DrawByKeysTest::findsOnTheCanvas() {
    WindowWorld world;
    QVERIFY(createExample("ring-of-three", world.folder().toStdString()).ok());
    world.window->openWorkspace(world.folder());
    QTRY_VERIFY(!world.window->showsWelcome());
    QTest::keyClick(world.window.get(), Qt::Key_F, Qt::ControlModifier);
    auto* input = world.window->findChild<QLineEdit*>(u"find"_s);
    QTRY_VERIFY(input->isVisible());
    QTest::keyClicks(input, u"singapore/cust"_s);
    QCOMPARE(world.bench().selection.single(), datasetRef("/mapr/singapore/customers"));
    QTest::keyClick(input, Qt::Key_Return);
    QVERIFY(world.bench().selection.single() != datasetRef("/mapr/singapore/customers"));
    QTest::keyClick(input, Qt::Key_Escape);
    QVERIFY(!input->isVisible());
}

TRIBUTARY_TEST(DrawByKeysTest)
#include "tst_drawbykeys.moc"
