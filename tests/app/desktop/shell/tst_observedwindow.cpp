// What runs and is not drawn in a real window: chosen by keys, not edited as if it were drawn; the badge.
#include <QStatusBar>

#include "seen.h"
#include "testmain.h"
#include "windowworld.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using namespace tributary::test;

class ObservedWindowTest : public QObject {
    Q_OBJECT
private slots:
    void aGhostIsChosenByKeysAndNotEdited();
    void anEmptyCanvasSaysWhatToDo();
    void theBadgeAlwaysSaysWhereThisRuns();

private:
    static void look(const WindowWorld& world) {
        const Observation seen = seenMore();
        ObservedState state;
        state.known = true;
        state.ghosts = ghostsOf(differencesOf(world.drawing(), seen), seen);
        world.bench().scene->setObserved(state);
        world.bench().outline->setGhosts(state.ghosts);
        world.bench().inspector->setObserved(std::make_shared<const Observation>(seen), state.ghosts);
    }
};

void ObservedWindowTest::aGhostIsChosenByKeysAndNotEdited() {
    const WindowWorld world;
    QTest::keyClick(world.window.get(), Qt::Key_N, Qt::ControlModifier);
    QTRY_VERIFY(!world.window->showsWelcome());
    QVERIFY_OK(world.document().change(drawnLess(), u"Draw"_s));
    look(world);
    const ItemRef old = datasetRef("/mapr/newyork/old");
    QTreeWidget& tree = world.bench().outline->tree();
    QTRY_VERIFY(!tree.findItems(u"old (not drawn)"_s, Qt::MatchExactly | Qt::MatchRecursive).isEmpty());
    tree.setFocus();
    QTest::keyClick(&tree, Qt::Key_Home);
    for (int i = 0; i < 20 && world.bench().selection.single() != old; ++i) QTest::keyClick(&tree, Qt::Key_Down);
    QCOMPARE(world.bench().selection.single(), old);
    QVERIFY(world.bench().scene->itemOf(old)->isSelected());
    for (const QString& id : {u"edit.delete"_s, u"edit.rename"_s, u"edit.duplicate"_s, u"draw.link"_s})
        QVERIFY2(!world.window->actionTable().find(id)->isEnabled(), qPrintable(id));
    const Topology before = world.drawing();
    QTest::keyClick(world.window.get(), Qt::Key_Delete);
    QVERIFY(world.drawing() == before);
    // What is drawn is edited as ever.
    world.bench().selection.select(datasetRef(kNy));
    QVERIFY(world.window->actionTable().find(u"edit.delete"_s)->isEnabled());
}

void ObservedWindowTest::anEmptyCanvasSaysWhatToDo() {
    const WindowWorld world;
    QTest::keyClick(world.window.get(), Qt::Key_N, Qt::ControlModifier);
    QTRY_VERIFY(!world.window->showsWelcome());
    const auto* hint = world.bench().view->findChild<QLabel*>(u"canvasEmpty"_s);
    QVERIFY(hint->isVisible());
    QVERIFY(hint->text().contains(u"Add a cluster"_s));
    QVERIFY(world.bench().editor.addCluster().valid());
    QVERIFY(!hint->isVisible());
}

void ObservedWindowTest::theBadgeAlwaysSaysWhereThisRuns() {
    const WindowWorld world;
    WhereBadge& badge = world.window->where();
    QVERIFY(world.window->statusBar()->isAncestorOf(&badge));
    QSet<QString> texts;
    for (const EngineState state : {EngineState::Off, EngineState::Starting, EngineState::Running,
                                    EngineState::Attached, EngineState::Stopping, EngineState::Failed}) {
        badge.showState(state);
        QVERIFY(badge.text().startsWith(u"Local rehearsal: "_s));
        QVERIFY(badge.toolTip().contains(u"on this machine"_s));
        texts.insert(badge.text());
    }
    QCOMPARE(texts.size(), 6);
}

TRIBUTARY_TEST(ObservedWindowTest)
#include "tst_observedwindow.moc"
