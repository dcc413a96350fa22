// What a member's number of this instance says of it.
#include "engine/systems/tarantool/replication/reusednumbers.h"

#include "engine/systems/tarantool/instance/beginning.h"
#include "testmain.h"

using tributary::Millis;
using tributary::engine::tarantool::ReusedNumbers;
using tributary::engine::tarantool::uuidFromName;

class TestReusedNumbers : public QObject {
    Q_OBJECT
private slots:
    void judgesTheFirstMeeting_data() {
        QTest::addColumn<qint64>("began");
        QTest::addColumn<bool>("isJoined");
        QTest::addColumn<qint64>("theirs");
        QTest::addColumn<qint64>("own");
        QTest::addColumn<QString>("said");
        QTest::newRow("it knows less") << qint64{8} << false << qint64{7} << qint64{9} << "";
        QTest::newRow("it knows as much") << qint64{8} << false << qint64{8} << qint64{8} << "";
        QTest::newRow("what was written since came by another") << qint64{8} << false << qint64{9} << qint64{9} << "";
        QTest::newRow("it knows more")
            << qint64{8} << false << qint64{9} << qint64{8}
            << "m has rows of this instance up to number 9, and the instance itself has them "
               "up to 8";
        QTest::newRow("joined, as much") << qint64{8} << true << qint64{8} << qint64{20} << "";
        QTest::newRow("joined, more than it began with") << qint64{8} << true << qint64{9} << qint64{9}
                                                         << "m had rows of this instance up to number 9 when it was "
                                                            "met; the instance joined anew at 8 and has given "
                                                            "numbers up to 9 since";
        QTest::newRow("joined, more than it has") << qint64{8} << true << qint64{9} << qint64{8} << "m has rows";
    }
    void judgesTheFirstMeeting() {
        QFETCH(const qint64, began);
        QFETCH(const bool, isJoined);
        QFETCH(const qint64, theirs);
        QFETCH(const qint64, own);
        QFETCH(const QString, said);
        ReusedNumbers numbers;
        const auto member = uuidFromName("m");
        QVERIFY(!numbers.met(member, "m", 99, 0, 1));  // without data there is nothing to judge by
        numbers.began(began, isJoined);
        const auto found = numbers.met(member, "m", theirs, own, 1'000);
        QCOMPARE(found.has_value(), !said.isEmpty());
        if (found) QVERIFY2(QString::fromStdString(*found).startsWith(said), found->c_str());
        QCOMPARE(numbers.findings().size(), said.isEmpty() ? std::size_t{0} : std::size_t{1});
        if (found) QCOMPARE(numbers.findings().front().sinceMs, Millis{1'000});
        // Later it has what it was sent.
        QVERIFY(!numbers.met(member, "m", own + 5, own, 1'000));
    }
    void beginsAnewWithItsData() {
        ReusedNumbers numbers;
        numbers.began(1, false);
        QVERIFY(numbers.met(uuidFromName("m"), "m", 2, 1, 1));
        numbers.began(2, true);
        QVERIFY(numbers.findings().empty());
    }
};

TRIBUTARY_TEST(TestReusedNumbers)
#include "tst_reusednumbers.moc"
