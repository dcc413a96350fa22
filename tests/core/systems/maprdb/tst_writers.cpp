// Whom the drawn permissions keep from writing.
#include "core/systems/maprdb/rules/writers.h"

#include "core/workspace/topologyfile.h"
#include "rulehelp.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::test;

class TestWriters : public QObject {
    Q_OBJECT
private slots:
    void namesTheTablesThatADrawnPermissionCloses_data() {
        QTest::addColumn<QString>("families");
        QTest::addColumn<QString>("perms");
        QTest::addColumn<bool>("closed");
        const auto row = [](const char* name, const char* families, const char* perms, bool closed) {
            QTest::newRow(name) << QString::fromUtf8(families) << QString::fromUtf8(perms) << closed;
        };
        row("nothing drawn", "[profile, orders]", "{}", false);
        row("the table's default", "[profile, orders]", "{defaultwriteperm: u:ana}", true);
        row("by group", "[profile, orders]", "{defaultwriteperm: g:ops}", false);
        row("one family", "[profile, {name: orders, perms: {writeperm: u:ana}}]", "{}", true);
        row("its own before the default", "[{name: orders, perms: {writeperm: p}}]", "{defaultwriteperm: u:ana}",
            false);
        row("reading is another matter", "[profile]", "{defaultreadperm: u:ana}", false);
    }
    void namesTheTablesThatADrawnPermissionCloses() {
        QFETCH(QString, families);
        QFETCH(QString, perms);
        QFETCH(bool, closed);
        std::string text =
            replaced(std::string(kGoodDrawing), "families: [profile, orders], exists: true",
                     "families: " + families.toStdString() + ", exists: true, perms: " + perms.toStdString());
        text = replaced(text, "users: [ana, ben]", "users: [ana, ben], groups: {ops: [root]}");
        const Result<Topology> topology = parseTopology(text, "drawing");
        QVERIFY_OK(topology);
        const std::vector<std::string> expected =
            closed ? std::vector<std::string>{"/mapr/sf/t"} : std::vector<std::string>();
        QCOMPARE(tablesClosedToWriter(*topology, "root"), expected);
        QVERIFY(tablesClosedToWriter(*topology, "ana").empty() || perms.contains(QStringLiteral("g:ops")));
    }
};
TRIBUTARY_TEST(TestWriters)
#include "tst_writers.moc"
