// Values of a runbook's parameters that name what nobody drew.
#include "app/adapters/drawnvalues.h"

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
};
TRIBUTARY_TEST(DrawnValuesTest)
#include "tst_drawnvalues.moc"
