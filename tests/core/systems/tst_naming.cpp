// What a text of a drawing names, whichever system it is of.
#include "core/systems/naming.h"

#include "testmain.h"

using namespace tributary;

class TestNaming : public QObject {
    Q_OBJECT
private slots:
    void tellsWhatATextNames_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("cluster");
        QTest::addColumn<QString>("member");
        QTest::addColumn<QString>("dataset");
        const auto row = [](const char* text, const char* cluster, const char* member, const char* dataset) {
            QTest::newRow(text) << QString::fromUtf8(text) << QString::fromUtf8(cluster) << QString::fromUtf8(member)
                                << QString::fromUtf8(dataset);
        };
        row("/mapr/newyork/volume1/customers", "newyork", "", "/volume1/customers");
        row("replicaset001:bands", "replicaset001", "", "bands");
        row("replicaset001:a/b", "replicaset001", "", "a/b");
        row("replicaset001/instance001", "replicaset001", "instance001", "");
        row("replicaset001", "replicaset001", "", "");
        row("mapr/newyork/customers", "", "", "");
        row("/customers", "", "", "");
        row("a/b/c", "", "", "");
        row(":bands", "", "", "");
        row("replicaset001:", "", "", "");
        row("two words:bands", "", "", "");
        row("", "", "", "");
    }
    void tellsWhatATextNames() {
        QFETCH(QString, text);
        const Endpoint end = endpointOf(text.toStdString());
        QTEST(QString::fromStdString(end.cluster), "cluster");
        QTEST(QString::fromStdString(end.member), "member");
        QTEST(QString::fromStdString(end.dataset), "dataset");
    }

    void onlyADatasetHasACluster_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("cluster");
        QTest::newRow("path") << QStringLiteral("/mapr/ny/t") << QStringLiteral("ny");
        QTest::newRow("joined") << QStringLiteral("rs:bands") << QStringLiteral("rs");
        QTest::newRow("member") << QStringLiteral("rs/i1") << QString();
        QTest::newRow("cluster") << QStringLiteral("rs") << QString();
    }
    void onlyADatasetHasACluster() {
        QFETCH(QString, text);
        QTEST(QString::fromStdString(clusterOf(text.toStdString())), "cluster");
    }

    void joinedNamesReadBack() {
        QCOMPARE(endpointOf(joinedDataset("rs", "bands")), (Endpoint{"rs", "", "bands"}));
        QCOMPARE(endpointOf(joinedMember("rs", "i1")), (Endpoint{"rs", "i1", ""}));
    }

    void slashesAreMaprDbs() {
        QVERIFY(formFits("maprdb", "/mapr/ny/t"));
        QVERIFY(formFits("maprdb", "mapr/ny/t"));
        QVERIFY(!formFits("maprdb", "rs:bands"));
        QVERIFY(formFits("tarantool", "rs:bands"));
        QVERIFY(!formFits("tarantool", "/mapr/ny/t"));
    }
};
TRIBUTARY_TEST(TestNaming)
#include "tst_naming.moc"
