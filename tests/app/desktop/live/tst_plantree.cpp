// A plan as a tree: one group per element, marks, costs, losses, what is left.
#include "app/desktop/live/plantree.h"

#include "app/desktop/live/plancontrol.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;
using runbooks::StepEffect;

namespace {

void add(runbooks::Plan& plan, const std::string& title, const ElementId& element, StepEffect effect) {
    runbooks::Step& step = plan.runbook.steps.emplace_back();
    step.title = title;
    step.why = "because of " + title;
    runbooks::PlannedStep& planned = plan.steps.emplace_back();
    planned.element = element;
    planned.effect = effect;
}

runbooks::Plan somePlan() {
    runbooks::Plan plan;
    add(plan, "Create t", DatasetId{"/mapr/ny/t"}, StepEffect::Adds);
    add(plan, "Register", ReplicaId{"/mapr/sf/t", "/mapr/ny/t"}, StepEffect::Adds);
    add(plan, "Accept", UpstreamId{"/mapr/ny/t", "/mapr/sf/t"}, StepEffect::Adds);
    add(plan, "Copy", ReplicaId{"/mapr/sf/t", "/mapr/ny/t"}, StepEffect::Copies);
    plan.steps.back().cost.rows = 1'200'000;
    plan.steps.back().cost.seconds = 40;
    add(plan, "Drop old", DatasetId{"/mapr/ny/old"}, StepEffect::Removes);
    plan.steps.back().lost = "3 rows that exist nowhere else";
    return plan;
}

QStringList linesOf(const PlanTree& tree, int group) {
    QStringList out;
    const QModelIndex top = tree.index(group, 0);
    for (int row = 0; row < tree.rowCount(top); ++row) out << tree.index(row, 0, top).data().toString();
    return out;
}

}  // namespace

class PlanTreeTest : public QObject {
    Q_OBJECT
private slots:
    void bothHalvesOfALinkAreOneGroup() {
        PlanTree tree;
        const runbooks::Plan plan = somePlan();
        tree.show(&plan);
        QCOMPARE(tree.rowCount(), 3);
        QCOMPARE(tree.index(1, 0).data().toString(), u"sf/t → ny/t"_s);
        QCOMPARE(tree.index(1, 0).data(PlanTree::PlaceRole).toString(), u"/mapr/sf/t -> /mapr/ny/t"_s);
        QCOMPARE(linesOf(tree, 1), QStringList({u"+  Register"_s, u"+  Accept"_s, u">  Copy"_s}));
        QCOMPARE(tree.parent(tree.index(2, 0, tree.index(1, 0))), tree.index(1, 0));
    }
    void costsAndLossesStandBesideTheirSteps() {
        PlanTree tree;
        const runbooks::Plan plan = somePlan();
        tree.show(&plan);
        QVERIFY(tree.hasCosts());
        const QModelIndex copy = tree.index(2, PlanTree::CostColumn, tree.index(1, 0));
        QCOMPARE(copy.data().toString(), u"1.2 M rows, 40 s"_s);
        const QModelIndex drop = tree.index(0, PlanTree::CostColumn, tree.index(2, 0));
        QCOMPARE(drop.data().toString(), u"lost"_s);
        QCOMPARE(linesOf(tree, 2), QStringList(u"−  Drop old"_s));
        const QString whole = drop.siblingAtColumn(0).data(Qt::ToolTipRole).toString();
        QVERIFY(whole.contains(u"because of Drop old") && whole.contains(u"3 rows that exist nowhere else"));
    }
    void unknownRowsAreNotNone() {
        runbooks::PlannedStep step;
        step.effect = StepEffect::Copies;
        QCOMPARE(costText(step), u"rows not known"_s);
    }
    void whatNoStepClosesIsAGroupWithTheCommand() {
        runbooks::Plan plan;
        Difference down;
        down.kind = DifferenceKind::Unknown;
        down.element = ClusterId{"ny"};
        down.detail = "is down";
        plan.differences.push_back(down);
        plan.left.push_back({0, "a plan starts no cluster", "tributary up"});
        PlanTree tree;
        tree.show(&plan);
        QCOMPARE(linesOf(tree, 0), QStringList({u"ny is down"_s}));
        QCOMPARE(tree.index(0, PlanTree::CostColumn, tree.index(0, 0)).data().toString(), u"tributary up"_s);
        tree.show(nullptr);
        QCOMPARE(tree.rowCount(), 0);
    }
};
TRIBUTARY_TEST(PlanTreeTest)
#include "tst_plantree.moc"
