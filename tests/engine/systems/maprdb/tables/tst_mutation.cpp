// Mutation lists: what is written is read, damage is refused at every byte, projections keep only what they may.
#include "engine/systems/maprdb/tables/mutation.h"

#include <fmt/format.h>

#include <set>

#include "tests/core/db/verifyonce.h"

using namespace tributary;
using namespace tributary::engine::maprdb;

namespace {

const Stamp kStamp = stampFromMs(5000) + 3;

/// The list as text, one line per operation.
std::string shown(BytesView list) {
    std::string out;
    MutationReader reader(list, kStamp);
    OpView op;
    while (reader.next(op)) {
        out += fmt::format("{} {}", static_cast<int>(op.kind), op.key);
        CellReader cells = op.cells();
        CellView cell;
        while (cells.next(cell)) {
            out += fmt::format(" [{} {} {} {} {}]", cell.family, cell.qualifier, cell.timestampMs, cell.stamp - kStamp,
                               cell.value);
        }
        out += cells.ok() ? "\n" : " damaged\n";
    }
    return reader.ok() ? out : out + "damaged\n";
}

Bytes sample() {
    Bytes list;
    MutationBuilder out(list);
    out.put("row1", {0, "q", "value", {}});
    out.beginPut("row2");
    out.addCell({1, "a", "1", {Millis{77}, {}}});
    out.addCell({300, "b", "", {Millis{-5}, Stamp{kStamp + 9}}});
    out.endPut();
    out.deleteRow("row3");
    out.deleteFamily("row4", 1, {Millis{88}, {}});
    out.deleteColumn("row5", 2, "q", {{}, Stamp{kStamp + 1}});
    return list;
}

}  // namespace

class TestMutation : public QObject {
    Q_OBJECT
private slots:
    void readsBackWhatWasWritten() {
        QCOMPARE(shown(sample()), std::string("1 row1 [0 q 5000 0 value]\n"
                                              "1 row2 [1 a 77 0 1] [300 b -5 9 ]\n"
                                              "2 row3 [0  5000 0 ]\n"
                                              "3 row4 [1  88 0 ]\n"
                                              "4 row5 [2 q 5000 1 ]\n"));
        QCOMPARE(countAndCheck(sample(), 301).valueOr(0), 5U);
        QCOMPARE(countAndCheck({}, 0).valueOr(9), 0U);
    }
    void costsFewBytesForASmallRow() {
        Bytes list;
        MutationBuilder out(list);
        out.put(Bytes(16, 'k'), {0, "c", Bytes(100, 'v'), {}});
        QCOMPARE(list.size(), std::size_t{16 + 100 + 1 + 6});  // key, value, qualifier and 6 bytes of structure
    }
    void refusesEveryTruncation() {
        const Bytes list = sample();
        std::set<std::size_t> whole;  // a list cut between two operations is a shorter list
        MutationReader reader(list, 0);
        OpView op;
        whole.insert(0);
        while (reader.next(op)) whole.insert(static_cast<std::size_t>(reader.position() - list.data()));
        for (std::size_t size = 0; size < list.size(); ++size) {
            const auto checked = countAndCheck(BytesView(list).substr(0, size), 301);
            QCOMPARE(checked.ok(), whole.count(size) == 1);
            if (!checked.ok()) QCOMPARE(checked.error().code, ErrorCode::Corrupt);
        }
    }
    void neverReadsPastTheEndWhateverTheBytes() {
        const Bytes list = sample();
        for (std::size_t at = 0; at < list.size(); ++at) {
            for (const int flip : {1, 2, 4, 64, 128, 255}) {
                // Exactly as large as its content, so that the address sanitizer sees one byte too many.
                std::vector<char> damaged(list.begin(), list.end());
                damaged[at] = static_cast<char>(damaged[at] ^ flip);
                const BytesView view(damaged.data(), damaged.size());
                const auto checked = countAndCheck(view, 301);
                const auto projected = project(view, {{0, {}}, {1, {}}});
                // What passes the check can be walked to its end.
                if (checked.ok()) QVERIFY(shown(view).find("damaged") == std::string::npos && projected.ok());
            }
        }
    }
    void refusesWhatNoBuilderWrites_data() {
        QTest::addColumn<QByteArray>("list");
        QTest::newRow("unknown kind") << QByteArray("\x05\x01k\x01\x00", 5);
        QTest::newRow("kind zero") << QByteArray("\x00\x01k\x01\x00", 5);
        QTest::newRow("empty key") << QByteArray("\x02\x00\x01\x00", 4);
        QTest::newRow("put without cells") << QByteArray("\x01\x01k\x00", 4);
        QTest::newRow("two tombstones in one delete") << QByteArray("\x02\x01k\x02\x00\x00", 6);
        QTest::newRow("family beyond the table") << QByteArray("\x03\x01k\x01\x08", 5);
        QTest::newRow("length beyond the end") << QByteArray("\x01\x7fk", 3);
    }
    void refusesWhatNoBuilderWrites() {
        QFETCH(QByteArray, list);
        const auto checked = countAndCheck(BytesView(list.constData(), static_cast<std::size_t>(list.size())), 2);
        QVERIFY(!checked.ok());
        QCOMPARE(checked.error().code, ErrorCode::Corrupt);
    }
    void projectsFamiliesAndColumns_data() {
        QTest::addColumn<QString>("expected");
        QTest::addColumn<int>("which");
        QTest::newRow("a whole family") << QStringLiteral(
                                               "1 r [1 x 5000 0 1] [1 y 77 0 2]\n3 r [1  5000 0 ]\n"
                                               "3 r [1  88 0 ]\n4 r [1 x 99 4 ]\n")
                                        << 0;
        QTest::newRow("one column") << QStringLiteral("1 r [1 y 77 0 2]\n4 r [1 y 5000 0 ]\n4 r [1 y 88 0 ]\n") << 1;
        QTest::newRow("nothing of it") << QStringLiteral("3 r [9  5000 0 ]\n") << 2;
    }
    void projectsFamiliesAndColumns() {
        QFETCH(QString, expected);
        QFETCH(int, which);
        Bytes list;
        MutationBuilder out(list);
        out.beginPut("r");
        out.addCell({0, "x", "0", {}});
        out.addCell({1, "x", "1", {}});
        out.addCell({1, "y", "2", {Millis{77}, {}}});
        out.endPut();
        out.deleteRow("r");
        out.deleteFamily("r", 0);
        out.deleteFamily("r", 1, {Millis{88}, {}});
        out.deleteColumn("r", 1, "x", {Millis{99}, Stamp{kStamp + 4}});
        const std::vector<std::vector<KeptFamily>> kept{{{1, {}}}, {{1, {"y"}}}, {{9, {}}}};
        const auto projected = project(list, kept[static_cast<std::size_t>(which)]);
        VERIFY_ONCE(projected);
        QCOMPARE(QString::fromStdString(shown(projected.value())), expected);
        QVERIFY(countAndCheck(projected.value(), 10).ok());
    }
    void projectsToNothing() {
        Bytes list;
        MutationBuilder(list).put("r", {0, "x", "0", {}});
        QVERIFY(project(list, {{1, {}}}).valueOr("?").empty());
        QVERIFY(project(list, {}).valueOr("?").empty());
    }
};
TRIBUTARY_TEST(TestMutation)
#include "tst_mutation.moc"
