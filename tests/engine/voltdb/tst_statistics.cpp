// The columns of @Statistics, as the reference lists them.
#include "engine/systems/voltdb/statistics/columns.h"

#include <set>

#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::voltdb;

class TestStatistics : public QObject {
    Q_OBJECT
private slots:
    void columnsAreTheDocumentedOnes_data() {
        QTest::addColumn<QString>("selector");
        QTest::addColumn<int>("tables");
        QTest::addColumn<QString>("last");  // the columns of the last table
        QTest::newRow("role") << QStringLiteral("DRROLE") << 1 << QStringLiteral("ROLE STATE REMOTE_CLUSTER_ID");
        QTest::newRow("producer") << QStringLiteral("DRPRODUCER") << 3
                                  << QStringLiteral("CLUSTER_ID REMOTE_CLUSTER_ID STATE LASTFAILURE");
        QTest::newRow("its other name") << QStringLiteral("dr") << 3
                                        << QStringLiteral("CLUSTER_ID REMOTE_CLUSTER_ID STATE LASTFAILURE");
        QTest::newRow("producer's partitions")
            << QStringLiteral("DRPRODUCERPARTITION") << 1
            << QStringLiteral(
                   "TIMESTAMP HOST_ID HOSTNAME CLUSTER_ID REMOTE_CLUSTER_ID PARTITION_ID STREAMTYPE TOTALBYTES "
                   "TOTALBYTESINMEMORY TOTALBUFFERS LASTQUEUEDDRID LASTACKDRID LASTQUEUEDTIMESTAMP "
                   "LASTACKTIMESTAMP ISSYNCED MODE QUEUE_GAP CONNECTION_STATUS AVAILABLE_BYTES "
                   "AVAILABLE_BUFFERS CONSUMER_LIMIT_TYPE");
        QTest::newRow("producer's hosts")
            << QStringLiteral("DRPRODUCERNODE") << 1
            << QStringLiteral(
                   "TIMESTAMP HOST_ID HOSTNAME CLUSTER_ID REMOTE_CLUSTER_ID STATE SYNCSNAPSHOTSTATE "
                   "ROWSINSYNCSNAPSHOT ROWSACKEDFORSYNCSNAPSHOT QUEUEDEPTH REMOTECREATIONTIMESTAMP");
        QTest::newRow("consumer") << QStringLiteral("DRCONSUMER") << 3
                                  << QStringLiteral("CLUSTER_ID REMOTE_CLUSTER_ID STATE LAST_FAILURE");
        QTest::newRow("consumer's hosts")
            << QStringLiteral("DRCONSUMERNODE") << 1
            << QStringLiteral(
                   "TIMESTAMP HOST_ID HOSTNAME CLUSTER_ID REMOTE_CLUSTER_ID STATE REPLICATION_RATE_1M "
                   "REPLICATION_RATE_5M REMOTE_CREATION_TIMESTAMP");
        QTest::newRow("consumer's partitions")
            << QStringLiteral("DRCONSUMERPARTITION") << 1
            << QStringLiteral(
                   "TIMESTAMP HOST_ID HOSTNAME CLUSTER_ID REMOTE_CLUSTER_ID PARTITION_ID IS_COVERED "
                   "COVERING_HOST LAST_RECEIVED_TIMESTAMP LAST_APPLIED_TIMESTAMP IS_PAUSED DUPLICATE_BUFFERS "
                   "IGNORED_BUFFERS AVAILABLE_BYTES AVAILABLE_BUFFERS CONSUMER_LIMIT_TYPE");
        QTest::newRow("conflicts")
            << QStringLiteral("DRCONFLICTS") << 1
            << QStringLiteral(
                   "TIMESTAMP HOST_ID HOSTNAME CLUSTER_ID REMOTE_CLUSTER_ID PARTITION_ID TABLE_NAME "
                   "LAST_CONFLICT_TIMESTAMP TOTAL_CONFLICT_COUNT DIVERGENCE_COUNT MISSING_ROW_COUNT "
                   "TIMESTAMP_MISMATCH_COUNT CONSTRAINT_VIOLATION_COUNT");
    }
    void columnsAreTheDocumentedOnes() {
        QFETCH(QString, selector);
        const auto tables = statisticTables(selector.toStdString());
        QVERIFY_OK(tables);
        QTEST(static_cast<int>(tables->size()), "tables");
        QStringList names;
        for (const StatisticColumn& each : tables->back().columns) {
            names << QString::fromUtf8(each.name.data(), static_cast<qsizetype>(each.name.size()));
        }
        QTEST(names.join(QLatin1Char(' ')), "last");
    }

    void everySelectorAnswersWithDistinctColumns() {
        for (const std::string& selector : statisticSelectors()) {
            const auto tables = statisticTables(selector);
            QVERIFY_OK(tables);
            for (const StatisticTable& table : *tables) {
                std::set<std::string_view> seen;
                for (const StatisticColumn& each : table.columns) QVERIFY(seen.insert(each.name).second);
            }
        }
    }

    void anUnknownSelectorNamesTheNearest() {
        const auto out = statisticTables("drprodcer");
        QVERIFY(!out.ok());
        QCOMPARE(out.error().fix, std::string("did you mean DRPRODUCER?"));
    }

    void theWorstStateIsShown_data() {
        QTest::addColumn<int>("left");
        QTest::addColumn<int>("right");
        QTest::addColumn<QString>("shown");
        const auto row = [](DrState left, DrState right, const char* shown) {
            QTest::newRow(shown) << static_cast<int>(left) << static_cast<int>(right) << QString::fromUtf8(shown);
        };
        row(DrState::Active, DrState::Disabled, "ACTIVE");
        row(DrState::Active, DrState::Pending, "PENDING");
        row(DrState::Stopped, DrState::Pending, "STOPPED");
        row(DrState::Disabled, DrState::Disabled, "DISABLED");
    }
    void theWorstStateIsShown() {
        QFETCH(int, left);
        QFETCH(int, right);
        const auto worst = worse(static_cast<DrState>(left), static_cast<DrState>(right));
        QTEST(QString::fromUtf8(drStateName(worst).data()), "shown");
        QCOMPARE(worst, worse(static_cast<DrState>(right), static_cast<DrState>(left)));
    }
};
TRIBUTARY_TEST(TestStatistics)
#include "tst_statistics.moc"
