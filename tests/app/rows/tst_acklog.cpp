// What was acknowledged is found again, and what is lost is told.
#include "app/rows/acklog.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "fakecells.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
using tributary::app::test::FakeCellClient;
using tributary::app::test::FakeCells;

class AckLogTest : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;
    std::string path() const { return dir_.filePath(QStringLiteral("acks of a day.log")).toStdString(); }

    /// Acknowledges writes 5 and 7 of key "a", 6 of "b".
    AckLog written() {
        const std::string file = path();
        QFile::remove(QString::fromStdString(file));
        AckLogWriter writer;
        if (!writer.open(file)) return {};
        writer.add("a", workloadValue("a", 5, 40), 5);
        writer.add("b", workloadValue("b", 6, 40), 6);
        writer.add("a", workloadValue("a", 7, 40), 7);
        if (!writer.flush()) return {};
        return readAckLog(file).valueOr({});
    }

private slots:
    void theLastAcknowledgementOfAKeyCounts() {
        const AckLog log = written();
        QCOMPARE(log.lines, std::uint64_t{3});
        QCOMPARE(log.lastSequence, std::uint64_t{7});
        QCOMPARE(log.keys.size(), std::size_t{2});
        QCOMPARE(log.keys.at("a").sequence, std::uint64_t{7});
        QCOMPARE(log.keys.at("b").sequence, std::uint64_t{6});
    }

    void aTornLineCountsForNothingAndIsCutOff() {
        written();
        QFile file(QString::fromStdString(path()));
        QVERIFY(file.open(QIODevice::Append));
        file.write("c\t00000000000");
        file.close();
        QCOMPARE(readAckLog(path()).value().keys.size(), std::size_t{2});
        AckLogWriter writer;
        QVERIFY_OK(writer.open(path()));
        writer.add("d", workloadValue("d", 8, 40), 8);
        QVERIFY_OK(writer.flush());
        const auto log = readAckLog(path());
        QVERIFY_OK(log);
        QCOMPARE(log.value().lines, std::uint64_t{4});
        QCOMPARE(log.value().keys.at("d").sequence, std::uint64_t{8});
    }

    void damageIsToldWithItsLine() {
        const auto log = parseAckLog("a\t00000000000000ff\t1\nnonsense\n", "x.log");
        QVERIFY(!log.ok());
        QCOMPARE(log.error().code, ErrorCode::InvalidInput);
        QCOMPARE(log.error().where, std::string("x.log:2:1"));
    }

    void valuesProveThemselves() {
        const Bytes value = workloadValue("key", 42, 64);
        QCOMPARE(value.size(), std::size_t{64});
        QCOMPARE(sequenceOfValue("key", value), std::optional<std::uint64_t>(42));
        QVERIFY(!sequenceOfValue("other", value));
        Bytes changed = value;
        changed.back() = changed.back() == '0' ? '1' : '0';
        QVERIFY(!sequenceOfValue("key", changed));
        QVERIFY(!sequenceOfValue("key", "42"));
        QVERIFY(!sequenceOfValue("key", ""));
    }

    void aTableIsJudged_data() {
        QTest::addColumn<QByteArray>("shown");
        QTest::addColumn<bool>("holds");
        QTest::addColumn<int>("newer");
        QTest::addColumn<QByteArray>("reason");
        const auto value = [](std::uint64_t sequence) {
            return QByteArray::fromStdString(workloadValue("a", sequence, 40));
        };
        QTest::newRow("the last acknowledged value") << value(7) << true << 0 << QByteArray();
        QTest::newRow("a later one that was under way") << value(9) << true << 1 << QByteArray();
        QTest::newRow("an older one") << value(5) << false << 0 << QByteArray("shows the older write 5");
        QTest::newRow("nothing") << QByteArray() << false << 0 << QByteArray("is not there");
        QTest::newRow("somebody else's") << QByteArray("99:stranger") << false << 0
                                         << QByteArray("shows a value that no workload wrote");
    }
    void aTableIsJudged() {
        QFETCH(QByteArray, shown);
        QFETCH(bool, holds);
        QFETCH(int, newer);
        FakeCells cells;
        cells.rows["b"]["f:v"] = workloadValue("b", 6, 40);
        cells.rows["a"]["g:v"] = workloadValue("a", 7, 40);  // another family says nothing
        if (!shown.isEmpty()) cells.rows["a"]["f:v"] = shown.toStdString();
        FakeCellClient client(cells);
        const auto verdict = verifyAckLog(client, {"/mapr/sf/t", "f"}, written());
        QVERIFY_OK(verdict);
        QCOMPARE(verdict.value().holds(), holds);
        QCOMPARE(verdict.value().keys, std::uint64_t{2});
        QCOMPARE(verdict.value().newer, static_cast<std::uint64_t>(newer));
        QCOMPARE(verdict.value().samples.size(), std::size_t{holds ? 0U : 1U});
        if (holds) return;
        QCOMPARE(verdict.value().samples.front().key, std::string("a"));
        QTEST(QByteArray::fromStdString(verdict.value().samples.front().reason), "reason");
    }

    void manyKeysAreAskedAtOnceAndAllCounted() {
        AckLog log;
        FakeCells cells;
        for (int i = 0; i < 500; ++i) log.keys["k" + std::to_string(i)] = {1, 0};
        FakeCellClient client(cells);
        const auto verdict = verifyAckLog(client, {"/mapr/sf/t", "f"}, log, 20);
        QVERIFY_OK(verdict);
        QCOMPARE(verdict.value().lost, std::uint64_t{500});
        QCOMPARE(verdict.value().samples.size(), std::size_t{20});
        QVERIFY(client.mostInFlight > 10);
    }
};
TRIBUTARY_TEST(AckLogTest)
#include "tst_acklog.moc"
