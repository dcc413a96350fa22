// The bounds hang together, and say their name.
#include "core/base/limits.h"

#include <QTest>
#include <set>

#include "testmain.h"

using namespace tributary;

class TestLimits : public QObject {
    Q_OBJECT

private slots:
    void whatIsAcceptedCanBeShipped() {
        constexpr std::size_t kSpare = 1U << 20U;  // heads of payload, batch, frame; half a batch before it
        QVERIFY(limits::kValueBytesMax + limits::kKeyBytesMax + limits::kQualifierBytesMax + kSpare <
                limits::kRequestBytesMax);
        QVERIFY(limits::kRequestBytesMax + kSpare < limits::kFrameBytesMax);
        QVERIFY(limits::kAnswerChunkBytes + limits::kValueBytesMax * 6 < limits::kAnswerBytesMax);
        QVERIFY(limits::kColumnsBytesMax + 2 * limits::kPathBytesMax + 2 * limits::kNameBytesMax + 256 < 4096);
    }

    void everyLimitHasANameAUnitAndAMeaning() {
        std::set<std::string_view> names;
        for (const limits::Limit& limit : limits::table()) {
            QVERIFY(names.insert(limit.name).second);
            QVERIFY(limit.most > 0 && !limit.unit.empty() && limit.meaning.ends_with('.'));
            QVERIFY(limits::check(limit.name, limit.most, "it").ok());
            const Status over = limits::check(limit.name, limit.most + 1, "it", "here");
            QCOMPARE(over.error().code, ErrorCode::InvalidInput);
            QVERIFY(over.error().what.find("'" + std::string(limit.name) + "'") != std::string::npos);
            QCOMPARE(over.error().where, std::string("here"));
        }
    }

    void aRefusalSaysBothSizes() {
        QCOMPARE(limits::check("value", 17'000'000, "a value").error().what,
                 std::string("a value of 17,000,000 bytes is larger than the limit 'value' of 16,777,216 bytes"));
    }
};
TRIBUTARY_TEST(TestLimits)
#include "tst_limits.moc"
