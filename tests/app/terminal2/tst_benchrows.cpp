// Bench rows are those that the other systems were measured with, and made-up customers never change.
#include "app/terminal/benchrows.h"

#include <QTest>

#include "app/rows/displaytext.h"
#include "engine/systems/maprdb/tables/mutation.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

class BenchRowsTest : public QObject {
    Q_OBJECT

    static std::string customers(std::uint64_t seed, KeyOrder order) {
        CustomerRows rows({"orders", "other", "profile"}, seed, order);
        Bytes out;
        engine::maprdb::MutationBuilder builder(out);
        for (std::uint64_t i = 0; i < 3; ++i) rows.append(i, builder);
        return out;
    }

private slots:
    void rowsAreThoseOfTheComparison_data() {
        QTest::addColumn<bool>("random");
        QTest::addColumn<quint64>("number");
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("valueBegins");
        const QByteArray zero("956eeb2f2632d7bd88ef4feb90ec69ba");
        const QByteArray one("b3d036f0fbcab714f4e090c72a1aed06");
        const QByteArray far("4a9600f13df4d0e3bc287d27bff246a9");
        QTest::newRow("seq 0") << false << quint64{0} << QByteArray("k000000000000000") << zero;
        QTest::newRow("seq 1") << false << quint64{1} << QByteArray("k000000000000001") << one;
        QTest::newRow("seq far") << false << quint64{123456789} << QByteArray("k000000123456789") << far;
        QTest::newRow("rnd 0") << true << quint64{0} << QByteArray("e220a8397b1dcdaf") << zero;
        QTest::newRow("rnd 1") << true << quint64{1} << QByteArray("910a2dec89025cc1") << one;
        QTest::newRow("rnd far") << true << quint64{123456789} << QByteArray("223c74d93deb7679") << far;
    }
    void rowsAreThoseOfTheComparison() {
        QFETCH(bool, random);
        QFETCH(quint64, number);
        const BenchRows rows(random ? KeyOrder::Random : KeyOrder::Sequential);
        QTEST(QByteArray::fromStdString(rows.key(number)), "key");
        const std::string_view value = rows.value(number);
        QCOMPARE(value.size(), BenchRows::kValueBytes);
        QTEST(QByteArray::fromStdString(hexBytes(value.substr(0, 16))), "valueBegins");
    }

    void customersDependOnTheSeedAlone() {
        QCOMPARE(customers(1, KeyOrder::Sequential), customers(1, KeyOrder::Sequential));
        QVERIFY(customers(1, KeyOrder::Sequential) != customers(2, KeyOrder::Sequential));
        QVERIFY(customers(1, KeyOrder::Random) != customers(2, KeyOrder::Random));
    }

    void customersHaveSixteenByteKeysAndAboutAHundredBytes() {
        for (const KeyOrder order : {KeyOrder::Sequential, KeyOrder::Random}) {
            const Bytes list = customers(7, order);
            engine::maprdb::MutationReader reader(list, 1);
            engine::maprdb::OpView op;
            int rows = 0;
            while (reader.next(op)) {
                ++rows;
                QCOMPARE(op.key.size(), std::size_t{16});
                std::size_t bytes = 0;
                auto cells = op.cells();
                engine::maprdb::CellView cell;
                while (cells.next(cell)) bytes += cell.value.size();
                QVERIFY2(bytes >= 60 && bytes <= 140, qPrintable(QString::number(bytes)));
            }
            QCOMPARE(rows, 3);
        }
    }

    void customersGoWhereTheTableHasRoom() {
        const CustomerRows both({"orders", "other", "profile"}, 1, KeyOrder::Sequential);
        QCOMPARE(both.families(), (std::vector<std::string>{"profile", "orders"}));
        const CustomerRows first({"f", "profile"}, 1, KeyOrder::Sequential);
        QCOMPARE(first.families(), (std::vector<std::string>{"f"}));
    }
};
TRIBUTARY_TEST(BenchRowsTest)
#include "tst_benchrows.moc"
