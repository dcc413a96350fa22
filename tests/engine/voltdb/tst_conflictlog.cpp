// The conflict log: its columns, its lines, and lines that are damaged.
#include "engine/systems/voltdb/conflicts/conflictlog.h"

#include "fuzzing.h"
#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::voltdb;
using namespace tributary::test;

namespace {

/// Cluster 1 receives a newer update of cluster 2.
ConflictEvent newerUpdate() {
    ConflictEvent out;
    out.operation = DrOperation::Update;
    out.conflicts.mismatch = true;
    out.tableName = "STOCK";
    out.existing = {{DrStamp::of(1, kEpochMs + 1000, 0), R"({"ITEM":1,"NOTE":"a \"b\", c"})"}};
    out.expected = {DrStamp::of(1, kEpochMs + 500, 3), "{}"};
    out.incoming = {DrStamp::of(2, kEpochMs + 2000, 0), "{\"ITEM\":1}"};
    out.resolution = resolve(out.operation, out.conflicts, out.incoming.stamp, out.existing.front().stamp);
    out.currentClusterId = 1;
    out.currentTimestampUs = 2'500'000;
    return out;
}

std::string linesOf(const ConflictEvent& event) {
    std::string out;
    for (const ConflictRow& each : conflictRows(event)) out += conflictLine(each);
    return out;
}

}  // namespace

class TestConflictLog : public QObject {
    Q_OBJECT
private slots:
    void hasTwelveColumns() {
        std::string names;
        for (const std::string_view each : conflictColumns()) names += std::string(each) + " ";
        QCOMPARE(names, std::string("ROW_TYPE ACTION_TYPE CONFLICT_TYPE CONFLICTS_ON_PRIMARY_KEY DECISION CLUSTER_ID "
                                    "TIMESTAMP DIVERGENCE TABLE_NAME CURRENT_CLUSTER_ID CURRENT_TIMESTAMP TUPLE "));
    }

    void showsWhatIsThereWhatWasExpectedAndWhatCame() {
        QCOMPARE(QString::fromStdString(linesOf(newerUpdate())),
                 QStringLiteral(R"("EXT","U","MSMT","0","A","1","1000000","C","STOCK","1","2500000",)"
                                R"("{""ITEM"":1,""NOTE"":""a \""b\"", c""}")"
                                "\n"
                                R"("EXP","U","MSMT","0","A","1","500003","C","STOCK","1","2500000","{}")"
                                "\n"
                                R"("NEW","U","NONE","0","A","2","2000000","C","STOCK","1","2500000","{""ITEM"":1}")"
                                "\n"));
    }

    void rowsOfSituations_data() {
        QTest::addColumn<int>("operation");
        QTest::addColumn<int>("conflicts");
        QTest::addColumn<QString>("rows");
        QTest::newRow("two inserts") << static_cast<int>(DrOperation::Insert) << 4
                                     << QStringLiteral("EXT/CNST NEW/CNST");
        QTest::newRow("an update that collides")
            << static_cast<int>(DrOperation::Update) << 4 << QStringLiteral("EXT/CNST EXP/NONE NEW/CNST");
        QTest::newRow("an update of nothing")
            << static_cast<int>(DrOperation::Update) << 1 << QStringLiteral("EXP/MISS NEW/NONE");
        QTest::newRow("a delete of another")
            << static_cast<int>(DrOperation::Delete) << 2 << QStringLiteral("EXT/MSMT EXP/MSMT DEL/NONE");
        QTest::newRow("two deletes") << static_cast<int>(DrOperation::Delete) << 1
                                     << QStringLiteral("EXP/MISS DEL/NONE");
    }
    void rowsOfSituations() {
        QFETCH(int, operation);
        QFETCH(int, conflicts);
        ConflictEvent event = newerUpdate();
        event.operation = static_cast<DrOperation>(operation);
        event.conflicts = {(conflicts & 1) != 0, (conflicts & 2) != 0, (conflicts & 4) != 0};
        event.resolution =
            resolve(event.operation, event.conflicts, event.incoming.stamp, event.existing.front().stamp);
        QStringList rows;
        for (const ConflictRow& each : conflictRows(event)) {
            rows << QString::fromStdString(each.rowType + "/" + each.conflictType);
            QCOMPARE(each.tuple.has_value(), each.rowType != "DEL");
        }
        QTEST(rows.join(QLatin1Char(' ')), "rows");
    }

    void everyColliderHasALine() {
        ConflictEvent event = newerUpdate();
        event.conflicts = {false, false, true};
        event.existing.push_back(event.existing.front());
        event.resolution = resolve(event.operation, event.conflicts, {}, {});
        QCOMPARE(conflictRows(event).size(), std::size_t{4});
    }

    void linesComeBack() {
        ConflictEvent event = newerUpdate();
        event.tableName = "a\"b,c\nd";
        std::vector<ConflictRow> rows = conflictRows(event);
        rows.push_back(rows.front());
        rows.back().tuple.reset();
        std::string text;
        for (const ConflictRow& each : rows) text += conflictLine(each);
        const auto back = parseConflictLog(text);
        QVERIFY_OK(back);
        QVERIFY(*back == rows);
        QVERIFY_OK(parseConflictLog(""));
        const auto open = parseConflictLog(text.substr(0, text.size() - 1));  // the last line break is not there yet
        QVERIFY_OK(open);
        QCOMPARE(open->size(), rows.size());
    }

    void refusesAtThePlace_data() {
        QTest::addColumn<QString>("from");
        QTest::addColumn<QString>("to");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* from, const char* to, const char* where, const char* reason) {
            QTest::newRow(reason) << QString::fromUtf8(from) << QString::fromUtf8(to) << QString::fromUtf8(where)
                                  << QString::fromUtf8(reason);
        };
        row("\"EXP\"", "\"EXQ\"", "2:1", "ROW_TYPE has a value that it cannot have");
        row("\"500003\"", "\"5e3\"", "2:1", "TIMESTAMP has a value");
        row("\"500003\"", "500003", "2:30", "a value begins with a quote");
        row(",\"{}\"", "", "2:64", "has 12 columns");
        row("\"{}\"\n", "\"{}\n", "3:2", "has 12 columns");
    }
    void refusesAtThePlace() {
        QFETCH(QString, from);
        QFETCH(QString, to);
        QFETCH(QString, reason);
        const QString text = QString::fromStdString(linesOf(newerUpdate()));
        QVERIFY(text.contains(from));
        const auto read = parseConflictLog(QString(text).replace(text.indexOf(from), from.size(), to).toStdString());
        QVERIFY(!read.ok() && read.error().code == ErrorCode::Corrupt);
        QVERIFY2(QString::fromStdString(read.error().what).contains(reason), read.error().what.c_str());
        QTEST(QString::fromStdString(read.error().where), "where");
    }

    void damagedLogsAreReadOrRefused() {
        const std::string whole = linesOf(newerUpdate());
        Mutator mutator(3);
        for (int i = 0; i < fuzzRounds(3'000); ++i) {
            const auto read = parseConflictLog(mutator.damaged(whole));
            if (!read) {
                QVERIFY(read.error().code == ErrorCode::Corrupt);
                continue;
            }
            std::string again;
            for (const ConflictRow& each : *read) again += conflictLine(each);
            const auto back = parseConflictLog(again);
            QVERIFY_OK(back);
            QVERIFY(*back == *read);
        }
    }

    void conflictsAreCountedByKind() {
        ConflictCounts counts;
        counts.count(newerUpdate());
        ConflictEvent both = newerUpdate();
        both.conflicts = {true, false, true};
        both.resolution = resolve(both.operation, both.conflicts, {}, {});
        counts.count(both);
        QVERIFY(counts.total == 2 && counts.divergence == 1 && counts.missingRow == 1 &&
                counts.timestampMismatch == 1 && counts.constraintViolation == 1);
    }
};
TRIBUTARY_TEST(TestConflictLog)
#include "tst_conflictlog.moc"
