// The comparison of two instances as text, and its exit codes.
#include <QTest>

#include "app/terminal/diffinstances.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

namespace {

SpaceComparison space(const std::string& name, std::uint64_t rowsA, std::uint64_t rowsB) {
    SpaceComparison out;
    out.a = {name, rowsA, 0xabcdU};
    out.b = {name, rowsB, 0xabceU};
    return out;
}

}  // namespace

class TestDiffInstances : public QObject {
    Q_OBJECT
private slots:
    void tellsEachSpaceAndTheRowsOfThoseThatDiffer() {
        std::vector<SpaceComparison> all{space("albums", 2'500, 2'500), space("bands", 5, 4), space("moving", 1, 1),
                                         space("new", 0, 0)};
        all[1].rowsDifferent = 2;
        all[1].differences = {{"[5]", "[5, \"Pink Floyd\", 1965]", "[5, \"incorrect data\", 0]"},
                              {"[7]", "[7, \"x\\x1b\"]", ""}};
        all[2].rowsChanging = 1;
        all[3].shape = "the second has no such space";
        QCOMPARE(QString::fromStdString(comparisonText("rs/i1", "rs/i2", all)),
                 QStringLiteral("identical\talbums\t2,500 rows\t000000000000abcd\n"
                                "different\tbands\t2 rows differ (5 in rs/i1, 4 in rs/i2)\n"
                                "  [5]\t[5, \"Pink Floyd\", 1965]\t[5, \"incorrect data\", 0]\n"
                                "  [7]\t[7, \"x\\x1b\"]\t-\n"
                                "still changing\tmoving\t1 row differs (1 in rs/i1, 1 in rs/i2)\n"
                                "different\tnew\tthe second has no such space\n"));
        QCOMPARE(comparisonExit(all), 1);
    }
    void exitTellsDifferentFromChanging() {
        QCOMPARE(comparisonExit({}), 0);
        QCOMPARE(comparisonExit({space("a", 1, 1)}), 0);
        SpaceComparison changing = space("a", 1, 1);
        changing.rowsChanging = 1;
        QCOMPARE(comparisonExit({changing}), 3);
        SpaceComparison different = space("b", 1, 1);
        different.rowsDifferent = 1;
        QCOMPARE(comparisonExit({changing, different}), 1);
        SpaceComparison absent = space("c", 0, 0);
        absent.shape = "the first has no such space";
        QCOMPARE(comparisonExit({absent}), 1);
    }
    void aMemberIsToldFromATable() {
        QVERIFY(namesMember("replicaset001/instance001"));
        QVERIFY(!namesMember("/mapr/newyork/customers") && !namesMember("replicaset001:bands"));
    }
};

TRIBUTARY_TEST(TestDiffInstances)
#include "tst_diffinstances.moc"
