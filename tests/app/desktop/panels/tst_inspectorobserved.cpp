// The inspector beside a running system: ghosts with their two ways, drawn and observed, link actions in words.
#include <QPushButton>
#include <QSignalSpy>

#include "app/desktop/panels/comparisonview.h"
#include "app/desktop/panels/inspectorpanel.h"
#include "seen.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using namespace tributary::test;

class InspectorObservedTest : public QObject {
    Q_OBJECT
private slots:
    void init() {
        document_ = std::make_unique<DesktopDocument>();
        selection_ = std::make_unique<Selection>();
        editor_ = std::make_unique<DrawingEditor>(*document_, *selection_);
        document_->createNew();
        QVERIFY(document_->change(drawnLess(), u"Draw"_s).ok());
        inspector_ = std::make_unique<InspectorPanel>(*document_, *editor_, *selection_, themes_);
        look(seenMore());
    }
    void cleanup() {
        inspector_.reset();
        document_->close();
    }

    void aGhostIsAdoptedOrRemovedFromHere() {
        const QSignalSpy adopt(inspector_.get(), &InspectorPanel::adoptRequested);
        const QSignalSpy remove(inspector_.get(), &InspectorPanel::removeRequested);
        selection_->select(datasetRef("/mapr/newyork/old"));
        QTRY_VERIFY(button(u"ghost-adopt"_s) != nullptr);
        button(u"ghost-adopt"_s)->click();
        button(u"ghost-remove"_s)->click();
        QCOMPARE(adopt.count(), 1);
        QCOMPARE(remove.count(), 1);
        QVERIFY(!isDrawn(document_->topology(), datasetRef("/mapr/newyork/old")));  // the window does it
    }
    void aDrawnItemHasNoSuchButtons() {
        selection_->select(datasetRef(kSf));
        QTRY_VERIFY(table() != nullptr);
        QVERIFY(button(u"ghost-adopt"_s) == nullptr);
        QVERIFY(button(u"link-action-0"_s) == nullptr);
    }
    void onlyTheActionThatFitsIsOffered() {
        selection_->select(linkRef(kSf, kNy));
        QTRY_VERIFY(button(u"link-action-0"_s) != nullptr);
        QVERIFY(button(u"link-action-0"_s)->isEnabled());   // pause
        QVERIFY(!button(u"link-action-1"_s)->isEnabled());  // resume
        QVERIFY(button(u"link-action-0"_s)->toolTip().contains(u"sends nothing more"_s));
        Observation seen = seenMore();
        seen.clusters.front().datasets.front().replicas->front().paused = true;
        look(seen);
        QVERIFY(!button(u"link-action-0"_s)->isEnabled());
        QVERIFY(button(u"link-action-1"_s)->isEnabled());
        const QSignalSpy asked(inspector_.get(), &InspectorPanel::linkActionRequested);
        button(u"link-action-1"_s)->click();
        QCOMPARE(asked.count(), 1);
    }
    void newLooksLeaveTheFieldsAlone() {
        selection_->select(linkRef(kSf, kNy));
        QTRY_VERIFY(table() != nullptr);
        const QPointer<QWidget> page = inspector_->widget();
        Observation seen = seenMore();
        seen.clusters.front().datasets.front().replicas->front().paused = true;
        look(seen);
        QCOMPARE(table()->topLevelItem(0)->child(0)->text(0), u"paused"_s);
        QCoreApplication::sendPostedEvents();
        QVERIFY(page == inspector_->widget());
    }
    void nothingRunsIsSaid() {
        inspector_->setObserved(nullptr, {});
        selection_->select(datasetRef(kSf));
        QTRY_VERIFY(label(u"Nothing runs"_s));
        QVERIFY(table() == nullptr);
    }

private:
    void look(const Observation& seen) {
        inspector_->setObserved(std::make_shared<const Observation>(seen),
                                ghostsOf(differencesOf(document_->topology(), seen), seen));
    }
    [[nodiscard]] QPushButton* button(const QString& name) const {
        return inspector_->widget()->findChild<QPushButton*>(name);
    }
    [[nodiscard]] ComparisonView* table() const { return inspector_->widget()->findChild<ComparisonView*>(); }
    [[nodiscard]] bool label(const QString& start) const {
        for (const auto* each : inspector_->widget()->findChildren<QLabel*>()) {
            if (each->text().startsWith(start)) return true;
        }
        return false;
    }

    const ThemeHolder themes_{ThemeKind::Light};
    std::unique_ptr<DesktopDocument> document_;
    std::unique_ptr<Selection> selection_;
    std::unique_ptr<DrawingEditor> editor_;
    std::unique_ptr<InspectorPanel> inspector_;
};
TRIBUTARY_TEST(InspectorObservedTest)
#include "tst_inspectorobserved.moc"
