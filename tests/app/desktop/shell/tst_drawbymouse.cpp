// The drawing half of the must-show list by mouse: two sites, gateways, a table, a broken link, its quick fix, saved.
#include <QDir>
#include <QMessageBox>
#include <QPushButton>
#include <cmath>

#include "core/systems/naming.h"
#include "testmain.h"
#include "windowworld.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using tributary::test::WindowWorld;

class DrawByMouseTest : public QObject {
    Q_OBJECT
private slots:
    void init() { world_ = std::make_unique<WindowWorld>(); }
    void cleanup() {
        world_->document().undoStack().setClean();
        world_.reset();
    }

    void drawsSavesAndReopensTheSamePicture();
    void movesAndSnapsAndUndoes();
    void refusesATargetWithRuleReasonAndFix();
    void opensAnExampleInOneClick();
    void asksBeforeClosingUnsavedWork();

private:
    void startDrawing() {
        auto* fresh = world_->window->findChild<QPushButton*>(u"welcomeNew"_s);
        QVERIFY(fresh != nullptr);
        QTest::mouseClick(fresh, Qt::LeftButton);
        QTRY_VERIFY(!world_->window->showsWelcome());
        QTRY_VERIFY(world_->bench().view->isVisible());
    }
    /// Adds by a command and types the name into the editor that opens.
    void add(const QString& command, const QString& name) {
        world_->window->actionTable().find(command)->trigger();
        QTRY_VERIFY(world_->bench().view->editingName());
        auto* edit = world_->window->findChild<QLineEdit*>(u"nameEdit"_s);
        QTest::keyClicks(edit, name);
        QTest::keyClick(edit, Qt::Key_Return);
    }
    void drawTwoSites() {
        startDrawing();
        add(u"draw.cluster"_s, u"sanfrancisco"_s);
        add(u"draw.gateway"_s, u"gw-sf-1"_s);
        add(u"draw.gateway"_s, u"gw-sf-2"_s);
        add(u"draw.binary-table"_s, u"customers"_s);
        world_->bench().selection.clear();
        add(u"draw.cluster"_s, u"newyork"_s);
        add(u"draw.gateway"_s, u"gw-ny-1"_s);
        add(u"draw.gateway"_s, u"gw-ny-2"_s);
        add(u"draw.binary-table"_s, u"customers"_s);
        QCOMPARE(world_->drawing().clusters.size(), std::size_t{2});
        QCOMPARE(world_->drawing().datasets.size(), std::size_t{2});
        world_->bench().view->fit();
    }
    [[nodiscard]] DatasetItem& item(const std::string& path) const { return *world_->bench().scene->dataset(path); }
    void dragLink(const std::string& from, const std::string& to) const {
        world_->drag(item(from).handle(), item(to).mapToScene(item(to).cardRect().center()));
    }

    std::unique_ptr<WindowWorld> world_;
    const std::string sf_ = "/mapr/sanfrancisco/customers";
    const std::string ny_ = "/mapr/newyork/customers";
};

void DrawByMouseTest::drawsSavesAndReopensTheSamePicture() {
    drawTwoSites();
    dragLink(sf_, ny_);
    QTRY_VERIFY(WindowWorld::menu() != nullptr);
    QTest::keyClick(WindowWorld::menu(), Qt::Key_R);  // replica edge only
    QTRY_VERIFY(world_->drawing().replica(sf_, ny_) != nullptr);
    QVERIFY(world_->drawing().upstream(ny_, sf_) == nullptr);
    // Broken on the canvas, and listed with a quick fix.
    QVERIFY(!world_->bench().scene->link(sf_, ny_)->look().whole());
    QVERIFY(world_->bench().scene->link(sf_, ny_)->description().contains(u"upstream half is missing"));
    QTRY_VERIFY(world_->hasProblem("maprdb.upstream-missing"));
    QListWidget& problems = world_->bench().problems->list();
    int row = -1;
    QTRY_VERIFY(problems.count() > 0);
    for (int i = 0; i < problems.count(); ++i) {
        if (problems.item(i)->text().contains(u"upstream half of the agreement is missing")) row = i;
    }
    QVERIFY(row >= 0);
    QTest::mouseClick(problems.viewport(), Qt::LeftButton, {}, problems.visualItemRect(problems.item(row)).center());
    QCOMPARE(problems.currentRow(), row);
    world_->window->actionTable().find(u"problems.fix"_s)->trigger();
    QVERIFY(world_->drawing().upstream(ny_, sf_) != nullptr);
    QVERIFY(world_->bench().scene->link(sf_, ny_)->look().whole());
    QTRY_VERIFY(!world_->hasProblem("maprdb.upstream-missing"));
    // Undo on the canvas, and back.
    world_->document().undoStack().undo();
    QVERIFY(!world_->bench().scene->link(sf_, ny_)->look().whole());
    world_->document().undoStack().redo();

    world_->window->flow().saveAs(world_->folder());
    QVERIFY(!world_->document().modified());
    const LayoutSidecar places = world_->bench().scene->effectiveLayout();
    const Topology drawn = withoutPositions(world_->drawing());
    world_->open();
    world_->window->openWorkspace(world_->folder());
    QTRY_VERIFY(!world_->window->showsWelcome());
    QVERIFY(withoutPositions(world_->drawing()) == drawn);
    QVERIFY(world_->bench().scene->effectiveLayout() == places);
    QVERIFY(world_->bench().scene->link(sf_, ny_)->look().whole());
}

void DrawByMouseTest::movesAndSnapsAndUndoes() {
    drawTwoSites();
    ClusterItem* site = world_->bench().scene->cluster("newyork");
    const QPointF before = site->pos();
    const QPointF head = site->frameRect().topLeft() + QPointF(130, 12);
    world_->drag(head, head + QPointF(83, 61));
    QVERIFY(site->pos() != before);
    // On the grid, or in line with the other site.
    const QRectF other = world_->bench().scene->cluster("sanfrancisco")->frameRect();
    const bool inLine = site->frameRect().center().y() == other.center().y() || site->pos().y() == other.top() ||
                        site->frameRect().bottom() == other.bottom();
    QVERIFY(std::fmod(site->pos().x(), 8) == 0 || inLine);
    world_->document().undoStack().undo();
    QCOMPARE(world_->bench().scene->cluster("newyork")->pos(), before);
}

void DrawByMouseTest::refusesATargetWithRuleReasonAndFix() {
    drawTwoSites();
    add(u"draw.stream"_s, u"events"_s);
    const std::string stream = "/mapr/newyork/events";
    QVERIFY(world_->drawing().dataset(stream) != nullptr);
    dragLink(sf_, stream);
    QVERIFY(WindowWorld::menu() == nullptr);
    QVERIFY(world_->drawing().replicas.empty());
    const QString said = world_->bench().banners->textOf(u"error"_s);
    QVERIFY2(said.contains(u"[maprdb.kind-mismatch]"), qPrintable(said));
    QVERIFY2(said.contains(u"fix: "), qPrintable(said));
}

void DrawByMouseTest::opensAnExampleInOneClick() {
    auto* example = world_->window->findChild<QPushButton*>(u"example-ring-of-three"_s);
    QVERIFY(example != nullptr);
    QTest::mouseClick(example, Qt::LeftButton);
    QTRY_VERIFY(!world_->window->showsWelcome());
    QCOMPARE(world_->drawing().clusters.size(), std::size_t{3});
    QVERIFY(world_->document().files().hasFolder());
    QVERIFY(!world_->window->flow().recents().isEmpty());
    QVERIFY(QDir(QString::fromStdString(world_->document().files().paths().root)).removeRecursively());
}

void DrawByMouseTest::asksBeforeClosingUnsavedWork() {
    drawTwoSites();
    world_->window->close();
    QVERIFY(world_->window->isVisible());
    auto* box = world_->window->findChild<QMessageBox*>(u"unsaved"_s);
    QVERIFY(box != nullptr);
    QTest::mouseClick(box->button(QMessageBox::Cancel), Qt::LeftButton);
    QVERIFY(world_->window->isVisible());
    world_->window->close();
    QTRY_VERIFY(world_->window->findChild<QMessageBox*>(u"unsaved"_s) != nullptr);
    box = world_->window->findChildren<QMessageBox*>(u"unsaved"_s).last();
    QTest::mouseClick(box->button(QMessageBox::Discard), Qt::LeftButton);
    QTRY_VERIFY(!world_->window->isVisible());
}

TRIBUTARY_TEST(DrawByMouseTest)
#include "tst_drawbymouse.moc"
