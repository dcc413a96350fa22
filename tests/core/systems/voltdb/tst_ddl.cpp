// Drawn tables as statements.
#include "core/systems/voltdb/ddl.h"

#include "core/workspace/topologyfile.h"
#include "testmain.h"

using namespace tributary;

class TestDdl : public QObject {
    Q_OBJECT
private slots:
    void tablesOfOneCluster() {
        const auto drawing = parseTopology(
            "tributary: 1\n"
            "clusters:\n"
            "  east: {system: voltdb, id: 1, members: {e1: {}}}\n"
            "  west: {system: voltdb, id: 2, members: {w1: {}}}\n"
            "datasets:\n"
            "  east:votes:\n"
            "    {kind: dr-table, format: [[phone, bigint], {name: state, type: varchar(2), nullable: true}],\n"
            "     primary: [phone], partition: phone, unique: [\"phone, state\"]}\n"
            "  east:bare: {kind: dr-table}\n"
            "  west:other: {kind: dr-table, format: [[a, integer]]}\n",
            "topology.yaml");
        QVERIFY_OK(drawing);
        QCOMPARE(voltdb::deriveDdl(*drawing, "east"), std::string("CREATE TABLE votes (\n"
                                                                  "    phone BIGINT NOT NULL,\n"
                                                                  "    state VARCHAR(2),\n"
                                                                  "    PRIMARY KEY (phone)\n"
                                                                  ");\n"
                                                                  "CREATE UNIQUE INDEX votes_unique1 ON votes (phone, "
                                                                  "state);\n"
                                                                  "PARTITION TABLE votes ON COLUMN phone;\n"
                                                                  "DR TABLE votes;\n"));
        QCOMPARE(voltdb::deriveDdl(*drawing, "west"),
                 std::string("CREATE TABLE other (\n    a INTEGER NOT NULL\n);\nDR TABLE other;\n"));
        QVERIFY(voltdb::deriveDdl(*drawing, "lima").empty());
    }
};
TRIBUTARY_TEST(TestDdl)
#include "tst_ddl.moc"
