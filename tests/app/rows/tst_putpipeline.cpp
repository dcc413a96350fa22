// Batches in flight, and batches that the cluster sends back.
#include "app/rows/putpipeline.h"

#include <QTest>

#include "fakecells.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
using tributary::app::test::FakeCellClient;
using tributary::app::test::FakeCells;

class PutPipelineTest : public QObject {
    Q_OBJECT

    static PipelineOptions options() {
        PipelineOptions options{"/mapr/sf/t", {"f"}};
        options.batchRows = 10;
        options.inFlightMax = 3;
        return options;
    }
    static Status write(PutPipeline& pipeline, int rows) {
        for (int i = 0; i < rows; ++i) {
            pipeline.builder().put("k" + std::to_string(i), {0, "v", std::to_string(i), {}});
            if (Status sent = pipeline.rowDone(); !sent) return sent;
        }
        return pipeline.finish();
    }

private slots:
    void everyRowArrivesInBatches() {
        FakeCells cells;
        FakeCellClient client(cells);
        PutPipeline pipeline(client, options());
        QVERIFY_OK(write(pipeline, 95));
        QCOMPARE(pipeline.rowsAcked(), std::uint64_t{95});
        QCOMPARE(cells.rows.size(), std::size_t{95});
        QCOMPARE(cells.batches.size(), std::size_t{10});
        QCOMPARE(cells.batches.back(), std::size_t{5});
        QCOMPARE(cells.rows["k94"]["f:v"], std::string("94"));
        QCOMPARE(client.mostInFlight, std::size_t{3});
    }
    void aBatchRefusedForMemoryIsSentAgain() {
        FakeCells cells;
        FakeCellClient client(cells);
        PutPipeline pipeline(client, options());
        cells.refuse = 2;
        QVERIFY_OK(write(pipeline, 30));
        QCOMPARE(pipeline.rowsAcked(), std::uint64_t{30});
        QCOMPARE(cells.rows.size(), std::size_t{30});
    }
    void aLostConnectionEndsTheLoadAndIsNotTriedForLong() {
        FakeCells cells;
        FakeCellClient client(cells);
        PutPipeline pipeline(client, options());
        cells.loseAnswer = 1;
        const Status done = write(pipeline, 30);
        QVERIFY(!done.ok());
        QCOMPARE(done.error().code, ErrorCode::Unavailable);
        QCOMPARE(pipeline.rowsAcked(), std::uint64_t{0});
        QCOMPARE(pipeline.rowsRefused(), std::uint64_t{0});
        QCOMPARE(pipeline.rowsInDoubt(), std::uint64_t{20});  // the third batch was never sent
    }
    void whatIsForbiddenIsNotInDoubt() {
        FakeCells cells;
        FakeCellClient client(cells);
        PutPipeline pipeline(client, options());
        cells.forbid = 2;
        const Status done = write(pipeline, 50);
        QVERIFY(!done.ok());
        QCOMPARE(pipeline.finish().error().code, ErrorCode::PermissionDenied);
        QCOMPARE(pipeline.rowsRefused(), std::uint64_t{20});
        QCOMPARE(pipeline.rowsAcked(), std::uint64_t{10});  // the third was under way; two more were never sent
        QCOMPARE(pipeline.rowsInDoubt(), std::uint64_t{0});
        QCOMPARE(cells.rows.size(), std::size_t{10});
    }
};
TRIBUTARY_TEST(PutPipelineTest)
#include "tst_putpipeline.moc"
