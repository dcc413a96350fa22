// A plan as it is printed: golden files.
#include <QFile>
#include <QTest>

#include "core/workspace/topologyfile.h"
#include "planharness.h"
#include "runbooks/planner/plantext.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;
using namespace tributary::runbooks::test;

namespace {

void compareGolden(const char* name, const std::string& text) {
    QFile file(QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests/golden/runbooks/") + QString::fromLatin1(name));
    if (qEnvironmentVariableIsSet("TRIBUTARY_UPDATE_GOLDEN")) {
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(text));
        return;
    }
    QVERIFY2(file.open(QIODevice::ReadOnly), name);
    QCOMPARE(QString::fromUtf8(file.readAll()), QString::fromStdString(text));
}

}  // namespace

class PlanTextTest : public QObject {
    Q_OBJECT

    /// A plan with every kind of step in it.
    static Result<Plan> plan() {
        Topology drawing =
            loadTopology(std::string(TRIBUTARY_SOURCE_DIR) + "/resources/examples/multi-master/topology.yaml").value();
        PlanHarness world;
        world.port.clusters = {"sanfrancisco", "newyork"};
        for (const char* line :
             {"maprcli table create -path /mapr/sanfrancisco/customers",
              "maprcli table cf create -path /mapr/sanfrancisco/customers -cfname profile",
              "maprcli table cf create -path /mapr/sanfrancisco/customers -cfname orders -maxversions 3",
              "maprcli table create -path /mapr/newyork/old",
              "maprcli table replica add -path /mapr/newyork/old -replica /mapr/sanfrancisco/customers"}) {
            (void)world.port.execute(line, 0);
        }
        for (int i = 0; i < 1'234; ++i) world.port.put("/mapr/sanfrancisco/customers", "row" + std::to_string(i));
        world.port.put("/mapr/newyork/old", "kim");
        drawing.wan.clear();
        return world.plan(drawing);
    }

private slots:
    void isReadByPeopleAndProgramsAndIsARunbook() {
        const auto made = plan();
        QVERIFY_OK(made);
        compareGolden("plan.txt", planText(*made));
        compareGolden("plan.json", planJson(*made).dump(2) + "\n");
        compareGolden("plan.yaml", made->runbook.text);
    }
    void saysWhenThereIsNothingToDo() {
        QCOMPARE(planText(Plan{}), std::string("What runs is what is drawn: there is nothing to do.\n"));
    }
};
TRIBUTARY_TEST(PlanTextTest)
#include "tst_plantext.moc"
