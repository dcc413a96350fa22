// Text helpers.
#include "core/base/text.h"

#include "testmain.h"

using namespace tributary;

class TestText : public QObject {
    Q_OBJECT
private slots:
    void suggestsOnlyWhatIsNear() {
        const std::vector<std::string> words{"replica", "upstream", "gateway"};
        QCOMPARE(nearest("relpica", words), std::string("replica"));
        QCOMPARE(nearest("upstraem", words), std::string("upstream"));
        QVERIFY(nearest("zzz", words).empty());
    }
    void splitsAndJoins() {
        QCOMPARE(split("a,,b", ',').size(), std::size_t{3});
        QCOMPARE(join(split("a,,b", ','), "|"), std::string("a||b"));
        QVERIFY(trim("  x y\n") == "x y");
        QVERIFY(trim(" \n").empty());
    }
    void formatsForPeople() {
        QCOMPARE(groupedDigits(1234567), std::string("1,234,567"));
        QCOMPARE(groupedDigits(12), std::string("12"));
        QCOMPARE(isoTime(1'700'000'000'123), std::string("2023-11-14T22:13:20.123Z"));
    }
};
TRIBUTARY_TEST(TestText)
#include "tst_text.moc"
