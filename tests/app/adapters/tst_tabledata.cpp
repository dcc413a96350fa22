// Rows as a client reads and writes them.
#include <QTest>

#include "app/adapters/tabledata.h"
#include "testmain.h"
#include "tests/engine/admin/fakeclusters.h"

using namespace tributary;
using namespace tributary::app;
using test::FakeDirectory;

class TableDataTest : public QObject {
    Q_OBJECT

    FakeDirectory directory_;
    std::unique_ptr<TableData> data_;

private slots:
    void init() {
        directory_ = FakeDirectory();
        directory_.fallback = "sf";
        directory_.add("sf").add("/t", {"f", "g"}, 1);
        data_ = std::make_unique<TableData>(directory_, [] { return Millis{1}; });
    }

    void cellsAreReadFromText_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("column");
        QTest::addColumn<QString>("value");
        QTest::newRow("plain") << "f:q=v"
                               << "q"
                               << "v";
        QTest::newRow("value with equals and colon") << "f:q=a=b:c"
                                                     << "q"
                                                     << "a=b:c";
        QTest::newRow("column with colon") << "f:a:b=v"
                                           << "a:b"
                                           << "v";
        QTest::newRow("empty column and value") << "f:="
                                                << ""
                                                << "";
    }
    void cellsAreReadFromText() {
        QFETCH(QString, text);
        const auto cell = parseCellWrite(text.toStdString());
        QVERIFY_OK(cell);
        QCOMPARE(cell->family, std::string("f"));
        QTEST(QString::fromStdString(cell->qualifier), "column");
        QTEST(QString::fromStdString(cell->value), "value");
    }

    void malformedCellsAreRefused_data() {
        QTest::addColumn<QString>("text");
        for (const char* text : {"", "f", "f:q", "=v", ":q=v", "f=v:w"}) QTest::newRow(text) << text;
    }
    void malformedCellsAreRefused() {
        QFETCH(QString, text);
        QCOMPARE(parseCellWrite(text.toStdString()).error().code, ErrorCode::InvalidInput);
    }

    void bytesSurviveTheWayThereAndBack() {
        const Bytes key("\x00\xff\x80key", 6);
        const Bytes value("\xc3\x28\x00", 3);
        QVERIFY_OK(data_->put("/t", key, {{"f", Bytes("\xf0", 1), value, Millis{77}}, {"g", "q", "other", {}}}));
        const auto row = data_->get("/mapr/sf/t", key);
        QVERIFY_OK(row);
        QCOMPARE(row->cells.size(), 2U);
        QCOMPARE(row->cells[0].qualifier, Bytes("\xf0", 1));
        QCOMPARE(row->cells[0].value, value);
        QCOMPARE(row->cells[0].timestampMs, Millis{77});
        QCOMPARE(row->cells[1].family, std::string("g"));
        QCOMPARE(data_->get("/t", "none")->cells.size(), 0U);
    }

    void aColumnIsGivenOnceInARow() {
        const Status twice = data_->put("/t", "k", {{"f", "q", "1", {}}, {"g", "q", "2", {}}, {"f", "q", "3", {}}});
        QCOMPARE(twice.error().code, ErrorCode::InvalidInput);
        QCOMPARE(twice.error().what, std::string("column f:q is given twice"));
        QCOMPARE(data_->get("/t", "k")->cells.size(), 0U);
        QVERIFY_OK(data_->put("/t", "k", {{"f", "q", "1", Millis{1}}, {"f", "q", "2", Millis{2}}}));
    }

    void scansGoPageByPage() {
        for (int i = 0; i < 25; ++i) QVERIFY_OK(data_->put("/t", "k" + std::to_string(100 + i), {{"f", "q", "v", {}}}));
        ScanRequest request;
        request.path = "/t";
        request.limit = 10;
        std::size_t rows = 0;
        int pages = 0;
        while (true) {
            const auto page = data_->scan(request);
            QVERIFY_OK(page);
            rows += page->rows.size();
            ++pages;
            if (!page->next) break;
            request.from = *page->next;
        }
        QCOMPARE(rows, std::size_t{25});
        QCOMPARE(pages, 3);
    }

    void deletesHideRowsFamiliesAndColumns() {
        QVERIFY_OK(data_->put("/t", "k",
                              {{"f", "a", "1", Millis{10}}, {"f", "b", "2", Millis{10}}, {"g", "c", "3", Millis{10}}}));
        QVERIFY_OK(data_->deleteColumn("/t", "k", "f", "a"));
        QCOMPARE(data_->get("/t", "k")->cells.size(), 2U);
        QVERIFY_OK(data_->deleteFamily("/t", "k", "g"));
        QCOMPARE(data_->get("/t", "k")->cells.size(), 1U);
        QVERIFY_OK(data_->deleteRow("/t", "k"));
        QCOMPARE(data_->get("/t", "k")->cells.size(), 0U);
    }

    void senselessWritesAreRefusedHere() {
        QCOMPARE(data_->put("/t", "k", {}).error().code, ErrorCode::InvalidInput);
        QCOMPARE(data_->put("/t", "", {{"f", "q", "v", {}}}).error().code, ErrorCode::InvalidInput);
        QCOMPARE(data_->put("/none", "k", {{"f", "q", "v", {}}}).error().code, ErrorCode::NotFound);
    }
};
TRIBUTARY_TEST(TableDataTest)

#include "tst_tabledata.moc"
