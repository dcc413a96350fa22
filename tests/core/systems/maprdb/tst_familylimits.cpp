// Limits of families: what drops cells that are kept now.
#include "core/systems/maprdb/familylimits.h"
#include "testmain.h"

using namespace tributary;

class TestFamilyLimits : public QObject {
    Q_OBJECT

private slots:
    void aShorterLifeDropsCells_data() {
        QTest::addColumn<qint64>("now");
        QTest::addColumn<qint64>("wanted");
        QTest::addColumn<bool>("shorter");
        const auto row = [](const char* name, qint64 now, qint64 wanted, bool shorter) {
            QTest::newRow(name) << now << wanted << shorter;
        };
        row("a limit where there was none", 0, 60, true);
        row("a limit where for ever was written out", 2'147'483'647, 60, true);
        row("shorter", 3'600, 60, true);
        row("the same", 60, 60, false);
        row("longer", 60, 3'600, false);
        row("for ever", 60, 0, false);
        row("for ever, written out", 60, 2'147'483'647, false);
        row("for ever in two spellings", 0, 2'147'483'647, false);
    }
    void aShorterLifeDropsCells() {
        QFETCH(qint64, now);
        QFETCH(qint64, wanted);
        QTEST(maprdb::livesShorter(now, wanted), "shorter");
    }
    void fewerVersionsDropCells() {
        QVERIFY(maprdb::keepsFewer(3, 1));
        QVERIFY(!maprdb::keepsFewer(3, 3));
        QVERIFY(!maprdb::keepsFewer(1, 3));
    }
};
TRIBUTARY_TEST(TestFamilyLimits)
#include "tst_familylimits.moc"
