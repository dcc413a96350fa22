// Attributes by name.
#include "core/topology/attributes.h"

#include "testmain.h"

using namespace tributary;

class TestAttributes : public QObject {
    Q_OBJECT
private slots:
    void assignsEveryAttributeOfADataset() {
        Dataset dataset;
        QVERIFY_OK(assignAttribute(dataset, "path", "/mapr/a/t"));
        QVERIFY_OK(assignAttribute(dataset, "kind", "json-table"));
        QVERIFY_OK(assignAttribute(dataset, "exists", "yes"));
        QVERIFY_OK(assignAttribute(dataset, "bulkload", "false"));
        QVERIFY_OK(assignAttribute(dataset, "deletettl", "7d"));
        QVERIFY_OK(assignAttribute(dataset, "families", "profile, orders"));
        QVERIFY_OK(assignAttribute(dataset, "family.orders.versions", "3"));
        QVERIFY_OK(assignAttribute(dataset, "family.orders.ttl", "1d"));
        QVERIFY_OK(assignAttribute(dataset, "family.orders.perms.readperm", "u:ana"));
        QVERIFY_OK(assignAttribute(dataset, "perms.replperm", "p"));
        QCOMPARE(dataset.path, std::string("/mapr/a/t"));
        QCOMPARE(dataset.kind, DatasetKind::JsonTable);
        QVERIFY(dataset.exists && dataset.bulkLoad == false);
        QCOMPARE(dataset.deleteTtlSeconds.value_or(0), std::int64_t{604'800});
        QCOMPARE(dataset.families.at(1).maxVersions.value_or(0), std::int64_t{3});
        QCOMPARE(dataset.families.at(1).ttlSeconds.value_or(0), std::int64_t{86'400});
        QCOMPARE(dataset.families.at(1).perms.at("readperm").ace, std::string("u:ana"));
        QCOMPARE(dataset.perms.at("replperm").ace, std::string("p"));
        QVERIFY_OK(assignAttribute(dataset, "families", "orders,new"));
        QCOMPARE(dataset.families.at(0).maxVersions.value_or(0),
                 std::int64_t{3});  // a family that stays keeps its settings
        QVERIFY_OK(assignAttribute(dataset, "perms.replperm", std::nullopt));
        QVERIFY(dataset.perms.empty());
    }

    void assignsEdgesClustersAndWan() {
        Replica replica;
        QVERIFY_OK(assignAttribute(replica, "columns", "profile, orders:total"));
        QVERIFY_OK(assignAttribute(replica, "synchronous", "true"));
        QCOMPARE(replica.columns, (std::vector<std::string>{"profile", "orders:total"}));
        QVERIFY_OK(assignAttribute(replica, "columns", ",a.e"));
        QCOMPARE(replica.columns, (std::vector<std::string>{"", "a.e"}));  // "" is a JSON table's default family
        Cluster cluster;
        QVERIFY_OK(assignAttribute(cluster, "gateways", "gw-1, gw-2=host:7660"));
        QCOMPARE(cluster.gateways.at(1).address, std::string("host:7660"));
        Wan wan;
        QVERIFY_OK(assignAttribute(wan, "latency", "35ms"));
        QVERIFY_OK(assignAttribute(wan, "bandwidth", "1MB/s"));
        QCOMPARE(wan.latencyUs, Micros{35'000});
        QVERIFY_OK(assignAttribute(wan, "latency", std::nullopt));
        QCOMPARE(wan.latencyUs, Micros{0});
    }

    void whatIsDrawnIsWhatIsInForce() {
        Wan wan;
        QVERIFY(!assignAttribute(wan, "latency", "1.5ms").ok());
        Dataset dataset;
        QVERIFY_OK(assignAttribute(dataset, "perms.defaultreadperm", "u:ana"));
        QVERIFY(!assignAttribute(dataset, "perms.readperm", "u:ben").ok());
        QCOMPARE(dataset.perms.size(), std::size_t{1});
        QVERIFY_OK(assignAttribute(dataset, "perms.defaultreadperm", std::nullopt));
        QVERIFY_OK(assignAttribute(dataset, "perms.readperm", "u:ben"));
    }

    void refusesAndLeavesTheElementAlone_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("fix");
        const auto row = [](const char* name, const char* value, const char* fix) {
            QTest::addRow("%s=%s", name, value)
                << QString::fromUtf8(name) << QString::fromUtf8(value) << QString::fromUtf8(fix);
        };
        row("exist", "true", "did you mean 'exists'?");
        row("kind", "binary-tabel", "did you mean 'binary-table'?");
        row("exists", "maybe", "");
        row("deletettl", "soon", "a number and a unit: us, ms, s, m, h or d, as in 35ms");
        row("perms.replprem", "p", "did you mean 'replperm'?");
        row("family.nosuch.ttl", "1", "");
        row("path", "", "");
    }
    void refusesAndLeavesTheElementAlone() {
        QFETCH(QString, name);
        QFETCH(QString, value);
        Dataset dataset;
        dataset.path = "/mapr/a/t";
        const Dataset before = dataset;
        const Status status = assignAttribute(dataset, name.toStdString(), value.toStdString());
        QVERIFY(!status.ok());
        QTEST(QString::fromStdString(status.error().fix), "fix");
        QVERIFY(dataset == before);
    }
};
TRIBUTARY_TEST(TestAttributes)
#include "tst_attributes.moc"
