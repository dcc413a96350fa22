// Messages of partitions merged into pages: order, both directions, going on, what is gone, what is damaged.
#include <QTest>

#include "app/browse/messagepages.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

namespace {

/// Partitions in memory: message i of partition p was written at times[p][i]; those below `low` are gone.
struct Topic {
    std::vector<std::vector<Millis>> times;
    std::vector<std::uint64_t> low;
    std::uint64_t answerMost = 3;  ///< messages of one answer, however many are asked for

    [[nodiscard]] std::vector<PartitionShown> partitions() const {
        std::vector<PartitionShown> out;
        for (std::size_t p = 0; p < times.size(); ++p) {
            out.push_back({static_cast<std::uint32_t>(p), low.empty() ? 0 : low[p], times[p].size()});
        }
        return out;
    }
    [[nodiscard]] Result<ReadPage> read(std::uint32_t partition, std::uint64_t offset, std::uint64_t messages) const {
        ReadPage page;
        page.end = times[partition].size();
        page.next = std::max(offset, low.empty() ? 0 : low[partition]);
        while (page.next < page.end && page.messages.size() < std::min(messages, answerMost)) {
            MessageRead message;
            message.partition = partition;
            message.offset = page.next;
            message.timestampMs = times[partition][page.next];
            message.value = "v";
            page.messages.push_back(message);
            ++page.next;
        }
        return page;
    }
};

/// "0:1 1:0" = partition 0, offset 1, then partition 1, offset 0; pages are parted by " | ".
std::string walkedMessages(const Topic& topic, BrowseRequest request, int pagesMost = 20) {
    std::string out;
    for (int i = 0; i < pagesMost; ++i) {
        const auto page = readMessagePage(
            topic.partitions(), request, [&](auto p, auto offset, auto count) { return topic.read(p, offset, count); });
        if (!page) return page.error().what;
        for (const auto& row : page->rows) out += row[0].text + ':' + row[1].text + ' ';
        if (!page->next) return out;
        out += "| ";
        request.after = *page->next;
    }
    return out + "no end";
}

BrowseRequest askMessages(bool newestFirst, std::size_t rows, std::string from = {}) {
    BrowseRequest out;
    out.newestFirst = newestFirst;
    out.rowsMost = rows;
    out.from = std::move(from);
    return out;
}

}  // namespace

class MessagePagesTest : public QObject {
    Q_OBJECT
private slots:
    void mergesByTime_data() {
        QTest::addColumn<bool>("newestFirst");
        QTest::addColumn<int>("rows");
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("oldest first") << false << 10 << QByteArray() << QByteArray("0:0 1:0 0:1 1:1 0:2 0:3 0:4 ");
        QTest::newRow("newest first") << true << 10 << QByteArray() << QByteArray("0:4 0:3 0:2 1:1 0:1 1:0 0:0 ");
        QTest::newRow("pages") << false << 3 << QByteArray() << QByteArray("0:0 1:0 0:1 | 1:1 0:2 0:3 | 0:4 ");
        QTest::newRow("pages back") << true << 3 << QByteArray() << QByteArray("0:4 0:3 0:2 | 1:1 0:1 1:0 | 0:0 ");
        QTest::newRow("from an offset") << false << 10 << QByteArray("1") << QByteArray("0:1 1:1 0:2 0:3 0:4 ");
        QTest::newRow("back from an offset") << true << 10 << QByteArray("1") << QByteArray("1:1 0:1 1:0 0:0 ");
        QTest::newRow("beyond the end") << false << 10 << QByteArray("99") << QByteArray();
        QTest::newRow("no offset") << false << 10 << QByteArray("-1") << QByteArray("'-1' is no offset");
        QTest::newRow("largest offset") << true << 2 << QByteArray("18446744073709551615")
                                        << QByteArray("0:4 0:3 | 0:2 1:1 | 0:1 1:0 | 0:0 ");
    }
    void mergesByTime() {
        QFETCH(bool, newestFirst);
        QFETCH(int, rows);
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, expected);
        const Topic topic{{{10, 30, 50, 60, 70}, {20, 40}}, {}};
        QCOMPARE(QByteArray::fromStdString(walkedMessages(
                     topic, askMessages(newestFirst, static_cast<std::size_t>(rows), from.toStdString()))),
                 expected);
    }
    void offsetsOrderAPartitionWhateverItsTimesSay() {
        const Topic topic{{{90, 10, 50}}, {}};
        QCOMPARE(walkedMessages(topic, askMessages(false, 10)), std::string("0:0 0:1 0:2 "));
        QCOMPARE(walkedMessages(topic, askMessages(true, 10)), std::string("0:2 0:1 0:0 "));
    }
    void whatIsGoneIsNotWaitedFor() {
        // All of partition 0 is gone, of partition 1 the first two.
        const Topic topic{{{1, 2, 3}, {1, 2, 3, 4}}, {3, 2}};
        QCOMPARE(walkedMessages(topic, askMessages(false, 10)), std::string("1:2 1:3 "));
        QCOMPARE(walkedMessages(topic, askMessages(true, 1)), std::string("1:3 | 1:2 "));
        const auto page =
            readMessagePage(topic.partitions(), askMessages(false, 10),
                            [&](auto p, auto offset, auto count) { return topic.read(p, offset, count); });
        QCOMPARE(page->note, std::string("2 messages in 2 partitions"));
    }
    void anEmptyPartitionSaysWhatComes() {
        const auto page = readMessagePage({{4, 7, 7}}, askMessages(false, 10), [](auto, auto, auto) {
            return Result<ReadPage>(Error{ErrorCode::Io, "nobody should ask", {}, {}});
        });
        QVERIFY2(page, page ? "" : page.error().what.c_str());
        QCOMPARE(page->note, std::string("no message; the next gets offset 7"));
        QVERIFY(!page->next);
    }
    void damagedContinuationsAreRefused() {
        const Topic topic{{{10, 30, 50, 60, 70}, {20, 40}}, {}};
        const auto read = [&](auto p, auto offset, auto count) { return topic.read(p, offset, count); };
        BrowseRequest ask = askMessages(false, 3);
        const Bytes whole = *readMessagePage(topic.partitions(), ask, read)->next;
        for (std::size_t size = 1; size < whole.size(); ++size) {
            ask.after = whole.substr(0, size);
            const auto page = readMessagePage(topic.partitions(), ask, read);
            QVERIFY2(!page, qPrintable(QString::number(size)));
            QVERIFY(page.error().code == ErrorCode::Corrupt);
        }
        // Whatever numbers stand there: no message that is not there, and an end.
        for (std::size_t at = 4; at < whole.size(); ++at) {
            ask.after = whole;
            ask.after[at] = static_cast<char>(0xff);
            const std::string rows = walkedMessages(topic, ask);
            QVERIFY2(!rows.ends_with("no end"), rows.c_str());
        }
    }
    void aFailingReadIsThePagesError() {
        const auto page = readMessagePage({{0, 0, 5}}, askMessages(false, 10), [](auto, auto, auto) {
            return Result<ReadPage>(Error{ErrorCode::Unavailable, "the cluster is down", {}, {}});
        });
        QVERIFY(!page);
        QCOMPARE(page.error().what, std::string("the cluster is down"));
    }
};
TRIBUTARY_TEST(MessagePagesTest)
#include "tst_messagepages.moc"
