// Values: exact ranges, names and tags of types, fields of maps.
#include "engine/systems/maprdb/json/value.h"

#include <limits>

#include "jsonsamples.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::maprdb::json;
using namespace tributary::test;

class TestValue : public QObject {
    Q_OBJECT
private slots:
    void holdsItsRangeExactly_data() {
        QTest::addColumn<int>("type");
        QTest::addColumn<qint64>("least");
        QTest::addColumn<qint64>("most");
        QTest::newRow("byte") << int(ValueType::Byte) << qint64{-128} << qint64{127};
        QTest::newRow("short") << int(ValueType::Short) << qint64{-32768} << qint64{32767};
        QTest::newRow("int") << int(ValueType::Int) << qint64{INT32_MIN} << qint64{INT32_MAX};
        QTest::newRow("date") << int(ValueType::Date) << qint64{INT32_MIN} << qint64{INT32_MAX};
        QTest::newRow("time") << int(ValueType::Time) << qint64{0} << qint64{86'399'999};
    }
    void holdsItsRangeExactly() {
        QFETCH(int, type);
        QFETCH(qint64, least);
        QFETCH(qint64, most);
        const auto valueType = static_cast<ValueType>(type);
        QCOMPARE(Value::integer(valueType, least)->asInteger(), std::int64_t{least});
        QCOMPARE(Value::integer(valueType, most)->asInteger(), std::int64_t{most});
        QVERIFY(!Value::integer(valueType, least - 1));
        const auto above = Value::integer(valueType, most + 1);
        QVERIFY(!above && above.error().code == ErrorCode::InvalidInput);
    }
    void takesAllSixtyFourBits() {
        for (const ValueType type : {ValueType::Long, ValueType::Timestamp, ValueType::Interval}) {
            QCOMPARE(Value::integer(type, INT64_MIN)->asInteger(), std::int64_t{INT64_MIN});
            QCOMPARE(Value::integer(type, INT64_MAX)->asInteger(), std::int64_t{INT64_MAX});
        }
    }
    void refusesWhatIsNotFinite() {
        for (const ValueType type : {ValueType::Float, ValueType::Double}) {
            QVERIFY(!Value::real(type, std::numeric_limits<double>::infinity()));
            QVERIFY(!Value::real(type, std::numeric_limits<double>::quiet_NaN()));
        }
        QVERIFY(Value::real(ValueType::Float, std::numeric_limits<float>::max()).ok());
        QVERIFY(!Value::real(ValueType::Float, 3.5e38));
        QCOMPARE(Value::real(ValueType::Float, 0.1)->asReal(), static_cast<double>(0.1F));
    }
    void namesEveryType() {
        for (std::uint8_t code = 1; code <= 17; ++code) {
            const auto type = static_cast<ValueType>(code);
            QCOMPARE(typeOfName(typeName(type)), std::optional(type));
            if (!tagOf(type).empty()) QCOMPARE(typeOfTag(tagOf(type)), std::optional(type));
        }
        QVERIFY(!isType(0) && !isType(18));
        QVERIFY(!typeOfTag("") && !typeOfTag("$eq") && !typeOfTag("numberLong") && !typeOfName("Int"));
    }
    void keepsFieldsInOneOrder() {
        Value one = Value::map();
        one.set("b", Value::boolean(true));
        one.set("a", Value());
        one.set("b", Value::boolean(false));
        const auto other = Value::map({{"a", Value()}, {"b", Value::boolean(false)}});
        QVERIFY(one == other.value());
        QVERIFY(one.erase("a") && !one.erase("a") && one.find("a") == nullptr);
        QCOMPARE(one.fields().size(), std::size_t{1});
    }
    void refusesDoubleNamesAndTags() {
        QVERIFY(!Value::map({{"a", Value()}, {"a", Value()}}));
        QVERIFY(!Value::map({{"$date", Value()}}));
        QVERIFY(Value::map({{"$eq", Value()}}).ok());
    }
    void tellsTypesAndContentsApart() {
        QVERIFY(parsed("{\"$numberInt\":1}") != parsed("{\"$numberLong\":1}"));
        QVERIFY(parsed("0") != parsed("-0.0"));
        QVERIFY(parsed("{\"$decimal\":\"1.5\"}") != parsed("{\"$decimal\":\"1.50\"}"));
        QVERIFY(parsed("[1,2]") != parsed("[2,1]"));
        QVERIFY(parsed("{\"a\":1,\"b\":2}") == parsed("{\"b\":2,\"a\":1}"));
    }
};
TRIBUTARY_TEST(TestValue)
#include "tst_value.moc"
