// Typed tables, calls and answers as bytes; texts of decimals and timestamps.
#include "engine/systems/voltdb/data/voltcall.h"
#include "testmain.h"
#include "tests/core/db/verifyonce.h"

using namespace tributary;
using namespace tributary::engine::voltdb;

namespace {

VoltAnswer someAnswer() {
    VoltAnswer answer;
    answer.text = "a note";
    answer.tables.push_back(
        {{{"A", ColumnType::Tinyint},
          {"B", ColumnType::Float},
          {"C", ColumnType::Decimal},
          {"D", ColumnType::Varchar},
          {"E", ColumnType::Timestamp}},
         {{std::int64_t{1}, 0.5, decimalOf("-1.25").value(), std::string("x\0y", 3), std::int64_t{7}},
          {{}, {}, {}, {}, {}}}});
    answer.tables.push_back({{{"modified_tuples", ColumnType::Bigint}}, {{std::int64_t{2}}}});
    return answer;
}

}  // namespace

class TestResultTable : public QObject {
    Q_OBJECT

private slots:
    void answersComeBack() {
        const VoltAnswer answer = someAnswer();
        const auto again = decodeAnswer(encodeAnswer(answer));
        VERIFY_ONCE(again);
        QCOMPARE(again.value() == answer, true);
        const auto refusal = decodeAnswer(encodeAnswer(VoltAnswer::failed(CallStatus::ServerUnavailable, "paused")));
        VERIFY_ONCE(refusal);
        QCOMPARE(static_cast<int>(refusal.value().status), -5);
        QCOMPARE(refusal.value().text, std::string("paused"));
    }
    void callsComeBack() {
        const VoltCall call{"@AdHoc", {std::string("SELECT ?"), std::int64_t{-1}, 2.5, decimalOf("3").value(), {}}};
        const auto again = decodeCall(encodeCall(call));
        VERIFY_ONCE(again);
        QCOMPARE(again.value().procedure, call.procedure);
        QCOMPARE(again.value().parameters == call.parameters, true);
    }
    void damagedBytesAreRefused() {
        const Bytes answer = encodeAnswer(someAnswer());
        const Bytes call = encodeCall({"x", {std::int64_t{1}, std::string("abc"), {}, 1.5}});
        for (std::size_t size = 0; size < answer.size(); ++size) QVERIFY(!decodeAnswer(answer.substr(0, size)).ok());
        for (std::size_t size = 0; size < call.size(); ++size) QVERIFY(!decodeCall(call.substr(0, size)).ok());
        QVERIFY(!decodeAnswer(answer + "x").ok());
        QVERIFY(!decodeCall(call + "x").ok());
        // Any flipped bit gives an answer or an error, and never more than the bytes can hold.
        for (const Bytes& whole : {answer, call}) {
            for (std::size_t at = 0; at < whole.size() * 8; ++at) {
                Bytes damaged = whole;
                damaged[at / 8] = static_cast<char>(damaged[at / 8] ^ (1 << (at % 8)));
                const auto read = decodeAnswer(damaged);
                for (const auto& table : read ? read.value().tables : std::vector<ResultTable>()) {
                    QVERIFY(table.rows.size() <= damaged.size());
                }
                (void)decodeCall(damaged);
            }
        }
    }
    void decimals_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("zero") << QByteArray("0") << QByteArray("0.000000000000");
        QTest::newRow("negative") << QByteArray("-12.5") << QByteArray("-12.500000000000");
        QTest::newRow("fraction") << QByteArray(".000000000001") << QByteArray("0.000000000001");
        QTest::newRow("largest") << QByteArray("99999999999999999999999999.999999999999")
                                 << QByteArray("99999999999999999999999999.999999999999");
        QTest::newRow("too large") << QByteArray("100000000000000000000000000") << QByteArray();
        QTest::newRow("too fine") << QByteArray("0.0000000000001") << QByteArray();
        QTest::newRow("zeros behind") << QByteArray("1.5000000000000000") << QByteArray("1.500000000000");
        QTest::newRow("no number") << QByteArray("1.2.3") << QByteArray();
        QTest::newRow("nothing") << QByteArray("") << QByteArray();
        QTest::newRow("point") << QByteArray("-.") << QByteArray();
    }
    void decimals() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, shown);
        const auto decimal = decimalOf(text.toStdString());
        QCOMPARE(decimal.ok(), !shown.isEmpty());
        if (decimal.ok()) QCOMPARE(decimalText(decimal.value()), shown.toStdString());
    }
    void timestamps_data() {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("day") << QByteArray("2008-01-01") << QByteArray("2008-01-01 00:00:00.000000");
        QTest::newRow("second") << QByteArray("1969-12-31 23:59:59") << QByteArray("1969-12-31 23:59:59.000000");
        QTest::newRow("micros") << QByteArray("2026-02-28 01:02:03.000456") << QByteArray("2026-02-28 01:02:03.000456");
        QTest::newRow("millis") << QByteArray("2026-02-28 01:02:03.5") << QByteArray("2026-02-28 01:02:03.500000");
        QTest::newRow("no day") << QByteArray("2026-02-30") << QByteArray();
        QTest::newRow("hour") << QByteArray("2026-02-28 24:00:00") << QByteArray();
        QTest::newRow("half") << QByteArray("2026-02-28 24:00") << QByteArray();
        QTest::newRow("rest") << QByteArray("2026-02-28x") << QByteArray();
    }
    void timestamps() {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, shown);
        const auto at = timestampOf(text.toStdString());
        QCOMPARE(at.ok(), !shown.isEmpty());
        if (at.ok()) QCOMPARE(timestampText(at.value()), shown.toStdString());
    }
};
TRIBUTARY_TEST(TestResultTable)
#include "tst_resulttable.moc"
