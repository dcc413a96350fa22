// Values of a runbook's parameters that name what nobody drew.
#include "app/adapters/drawnvalues.h"

#include "runbooks/model/checks.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
using runbooks::ParameterType;

class DrawnValuesTest : public QObject {
    Q_OBJECT
private slots:
    void clustersThatAreNotDrawnAreRefused_data() {
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("what");  // empty: accepted
        const auto row = [](const char* name, ParameterType type, const char* value, const char* what) {
            QTest::newRow(name) << static_cast<int>(type) << QString::fromUtf8(value) << QString::fromUtf8(what);
        };
        row("cluster", ParameterType::Cluster, "tokyo", "cluster `tokyo` is not drawn");
        row("drawn cluster", ParameterType::Cluster, "newyork", "");
        row("dataset in no drawn cluster", ParameterType::Dataset, "/mapr/tokyo/t",
            "`/mapr/tokyo/t` lies in cluster tokyo, which is not drawn");
        row("path in no drawn cluster", ParameterType::Path, "/mapr/tokyo/t",
            "`/mapr/tokyo/t` lies in cluster tokyo, which is not drawn");
        row("a dataset may still be made", ParameterType::Dataset, "/mapr/newyork/new", "");
        row("a file", ParameterType::Path, "/tmp/diff", "");
        row("not given", ParameterType::Cluster, "", "");
        row("another type", ParameterType::Text, "tokyo", "");
    }
    void clustersThatAreNotDrawnAreRefused() {
        QFETCH(int, type);
        QFETCH(QString, value);
        QFETCH(QString, what);
        Topology topology;
        topology.clusters.resize(2);
        topology.clusters[0].name = "newyork";
        topology.clusters[1].name = "sanfrancisco";
        runbooks::Runbook book;
        book.system = "maprdb";
        book.parameters.resize(1);
        book.parameters[0].name = "target";
        book.parameters[0].type = static_cast<ParameterType>(type);
        const Status status = checkDrawnValues(book, {{"target", value.toStdString()}}, topology);
        QCOMPARE(status.ok(), what.isEmpty());
        if (status) return;
        QCOMPARE(QString::fromStdString(status.error().what), what);
        QCOMPARE(status.error().where, std::string("parameter target"));
        QCOMPARE(status.error().fix, std::string("drawn: newyork, sanfrancisco"));
    }
    void checksOnClustersThatAreNotDrawnAreRefused_data() {
        QTest::addColumn<QString>("check");
        QTest::addColumn<bool>("good");
        QTest::newRow("a drawn path") << "readable /mapr/newyork/t" << true;
        QTest::newRow("another path") << "readable /mapr/newyrok/t" << false;
        QTest::newRow("the second path") << "replica-listed /mapr/newyork/t /mapr/newyrok/t" << false;
        QTest::newRow("a cluster") << "no-alarm newyrok NODE_ALARM_DISK_FULL" << false;
        QTest::newRow("the other cluster") << "gateways-reachable newyork newyrok" << false;
        QTest::newRow("a placeholder") << "readable {{source}}" << true;
        QTest::newRow("what only looks like one") << "family-exists /mapr/newyork/t newyrok" << true;
    }
    void checksOnClustersThatAreNotDrawnAreRefused() {
        QFETCH(QString, check);
        QFETCH(bool, good);
        Topology topology;
        topology.clusters.emplace_back().name = "newyork";
        const auto parsed = runbooks::parseCheck(check.toStdString());
        QVERIFY_OK(parsed);
        for (int place = 0; place < 6; ++place) {
            runbooks::Runbook book;
            book.id = "t";
            book.system = "maprdb";
            runbooks::Step& step = book.steps.emplace_back();
            step.id = "a";
            if (place == 0) book.requirements = {*parsed};
            if (place == 1) book.invariants = {*parsed};
            if (place == 2) step.doneWhen = {*parsed};
            if (place == 3) step.requirements = {*parsed};
            if (place == 4) {
                const auto condition = runbooks::parseCondition("not " + check.toStdString());
                QVERIFY_OK(condition);
                step.when = {*condition};
            }
            if (place == 5) step.verify.emplace_back().check = *parsed;
            const Status status = checkDrawnChecks(book, topology);
            QCOMPARE(status.ok(), good);
            if (good) continue;
            QCOMPARE(status.error().fix, std::string("did you mean newyork? drawn: newyork"));
            QVERIFY(status.error().where.starts_with(place < 2 ? "runbook t, `" : "step a, `"));
        }
    }
};
TRIBUTARY_TEST(DrawnValuesTest)
#include "tst_drawnvalues.moc"
