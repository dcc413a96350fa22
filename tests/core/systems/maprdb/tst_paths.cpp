// Global dataset paths.
#include "core/systems/maprdb/naming.h"

#include "testmain.h"

using namespace tributary;

class TestPaths : public QObject {
    Q_OBJECT
private slots:
    void splitsAPath() {
        const Result<DatasetPath> path = parseDatasetPath("/mapr/newyork/volume1/customers");
        QVERIFY_OK(path);
        QCOMPARE(path->cluster, std::string("newyork"));
        QCOMPARE(path->local, std::string("/volume1/customers"));
        QCOMPARE(path->name, std::string("customers"));
        QCOMPARE(path->text(), std::string("/mapr/newyork/volume1/customers"));
        QCOMPARE(clusterOf("/mapr/newyork/t"), std::string("newyork"));
        QVERIFY(clusterOf("mapr/newyork/t").empty());
    }

    void refusesOtherForms_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("fix");
        const auto row = [](const char* text, const char* fix) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(fix);
        };
        row("mapr/sanfrancisco/customers", "/mapr/sanfrancisco/customers");
        row("/mapr//sanfrancisco/customers", "/mapr/sanfrancisco/customers");
        row("/mapr/sanfrancisco/customers/", "/mapr/sanfrancisco/customers");
        row("/customers", "write /mapr/<cluster>/<path>");
        row("/mapr/sanfrancisco", "write /mapr/<cluster>/<path>");
        row("/mapr/a/../b/t", "write the path out");
        row("/mapr/a/my table", "remove it");
        row("", "write /mapr/<cluster>/<path>");
    }
    void refusesOtherForms() {
        QFETCH(QString, text);
        const Result<DatasetPath> path = parseDatasetPath(text.toStdString());
        QVERIFY(!path.ok());
        QTEST(QString::fromStdString(path.error().fix), "fix");
    }
};
TRIBUTARY_TEST(TestPaths)
#include "tst_paths.moc"
