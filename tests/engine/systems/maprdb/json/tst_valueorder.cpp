// How values compare across types, and the table of precedence.
#include "engine/systems/maprdb/json/valueorder.h"

#include <set>

#include "jsonsamples.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::maprdb::json;
using namespace tributary::test;

class TestValueOrder : public QObject {
    Q_OBJECT
private slots:
    void ordersAllNumbersByExactValue() {
        const char* ascending[] = {"{\"$decimal\":\"-1e400\"}",
                                   "-1e300",
                                   "{\"$numberLong\":-9223372036854775808}",
                                   "{\"$numberByte\":-1}",
                                   "-0.5",
                                   "0",
                                   "5e-324",
                                   "{\"$decimal\":\"0.1\"}",
                                   "0.1",  // a little above a tenth
                                   "{\"$numberFloat\":0.1}",
                                   "{\"$numberShort\":1}",
                                   "{\"$decimal\":\"1.5\"}",
                                   "{\"$numberInt\":2}",
                                   "{\"$numberLong\":9007199254740993}",
                                   "9007199254740994",
                                   "{\"$numberLong\":9223372036854775807}",
                                   "9223372036854775808",
                                   "1e300",
                                   "{\"$decimal\":\"1e400\"}"};
        const int count = static_cast<int>(std::size(ascending));
        for (int i = 0; i < count; ++i) {
            for (int j = 0; j < count; ++j) {
                const auto order = compareValues(parsed(ascending[i]), parsed(ascending[j]));
                QVERIFY2(order == (i < j ? -1 : i > j ? 1 : 0), qPrintable(QStringLiteral("%1 %2").arg(i).arg(j)));
            }
        }
    }
    void takesEqualNumbersOfAllTypesForEqual() {
        const char* twos[] = {"{\"$numberByte\":2}", "{\"$numberLong\":2}", "{\"$numberFloat\":2}", "2",
                              "{\"$decimal\":\"2.00\"}"};
        for (const char* a : twos) {
            for (const char* b : twos) QVERIFY(equalValues(parsed(a), parsed(b)));
        }
        QVERIFY(equalValues(parsed("0"), parsed("-0.0")));
    }
    void comparesOtherTypesWithTheirOwnOnly() {
        QCOMPARE(compareValues(parsed("\"a\""), parsed("\"b\"")), std::optional(-1));
        QCOMPARE(compareValues(parsed("\"\xc3\xa4\""), parsed("\"z\"")), std::optional(1));
        QCOMPARE(compareValues(parsed("false"), parsed("true")), std::optional(-1));
        QCOMPARE(compareValues(parsed("null"), parsed("null")), std::optional(0));
        QCOMPARE(compareValues(parsed("{\"$dateDay\":\"2026-01-01\"}"), parsed("{\"$dateDay\":\"2025-12-31\"}")),
                 std::optional(1));
        QCOMPARE(compareValues(parsed("\"23\""), parsed("23")), std::nullopt);
        QCOMPARE(compareValues(parsed("null"), parsed("0")), std::nullopt);
        QCOMPARE(compareValues(parsed("{\"$interval\":1}"), parsed("{\"$numberLong\":1}")), std::nullopt);
        QCOMPARE(compareValues(parsed("{\"$binary\":\"\"}"), parsed("\"\"")), std::nullopt);
        QCOMPARE(compareValues(parsed("[]"), parsed("[]")), std::nullopt);
    }
    void takesContainersForEqualByTheirContents() {
        QVERIFY(equalValues(parsed("{\"a\":1,\"b\":[{\"$numberInt\":2}]}"),
                            parsed("{\"b\":[2],\"a\":{\"$numberByte\":1}}")));
        QVERIFY(!equalValues(parsed("[1,2]"), parsed("[2,1]")));
        QVERIFY(!equalValues(parsed("[1]"), parsed("[1,1]")));
        QVERIFY(!equalValues(parsed("{\"a\":1}"), parsed("{\"a\":1,\"b\":1}")));
        QVERIFY(!equalValues(parsed("{}"), parsed("[]")));
    }
    void givesEachTypeARankOfItsOwn() {
        std::set<int> ranks;
        for (const TypePrecedence& row : typePrecedences()) {
            QCOMPARE(precedenceOf(row.type), row.rank);
            ranks.insert(row.rank);
        }
        QCOMPARE(ranks.size(), std::size_t{17});
        QVERIFY(precedenceOf(ValueType::Array) > precedenceOf(ValueType::Map));
        QVERIFY(precedenceOf(ValueType::Map) > precedenceOf(ValueType::String));
    }
};
TRIBUTARY_TEST(TestValueOrder)
#include "tst_valueorder.moc"
