// Column lists.
#include "core/base/result.h"  // before columns.h: moc cannot read <compare> as the first header
#include "core/operations/columns.h"

#include "testmain.h"

using namespace tributary;

class TestColumns : public QObject {
    Q_OBJECT
private slots:
    void readsAndPrintsCanonically_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("canonical");
        QTest::newRow("family") << "cf"
                                << "cf";
        QTest::newRow("sorted") << "z,a:q,m"
                                << "a:q,m,z";
        QTest::newRow("family swallows its columns") << "cf:b,cf,cf:a"
                                                     << "cf";
        QTest::newRow("family does not swallow its neighbour") << "cf,cf2:a,cf2:a"
                                                               << "cf,cf2:a";
        QTest::newRow("qualifier with colon") << "cf:a:b"
                                              << "cf:a:b";
        QTest::newRow("empty qualifier") << "cf:,cf:a"
                                         << "cf:,cf:a";
    }
    void readsAndPrintsCanonically() {
        QFETCH(QString, text);
        const auto list = parseColumns(text.toStdString());
        QVERIFY_OK(list);
        QTEST(QString::fromStdString(printColumns(list.value())), "canonical");
        QVERIFY(parseColumns(printColumns(list.value())).value() == list.value());
    }
    void refusesBadEntriesByPlace_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        QTest::newRow("nothing") << ""
                                 << "is empty";
        QTest::newRow("empty entry") << "a,,b"
                                     << "entry 2";
        QTest::newRow("trailing comma") << "a,"
                                        << "entry 2";
        QTest::newRow("no family") << "a,b,:q"
                                   << "entry 3";
        QTest::newRow("blank") << "a, b"
                               << "entry 2";
    }
    void refusesBadEntriesByPlace() {
        QFETCH(QString, text);
        QFETCH(QString, says);
        const auto list = parseColumns(text.toStdString());
        QVERIFY(!list.ok());
        QVERIFY2(list.error().what.find(says.toStdString()) != std::string::npos, list.error().what.c_str());
    }
    void coversWhatItSelects_data() {
        QTest::addColumn<QString>("wider");
        QTest::addColumn<QString>("narrower");
        QTest::addColumn<bool>("covered");
        QTest::newRow("whole table covers all") << ""
                                                << "a,b:c" << true;
        QTest::newRow("whole table covers itself") << ""
                                                   << "" << true;
        QTest::newRow("nothing else covers the table") << "a"
                                                       << "" << false;
        QTest::newRow("family covers its column") << "a"
                                                  << "a:x,a:y" << true;
        QTest::newRow("column does not cover its family") << "a:x"
                                                          << "a" << false;
        QTest::newRow("column covers itself") << "a:x,b"
                                              << "b:q,a:x" << true;
        QTest::newRow("other column") << "a:x"
                                      << "a:y" << false;
    }
    void coversWhatItSelects() {
        const auto read = [](const QString& text) {
            return text.isEmpty() ? ColumnList{} : parseColumns(text.toStdString()).value();
        };
        QFETCH(QString, wider);
        QFETCH(QString, narrower);
        QTEST(covers(read(wider), read(narrower)), "covered");
        if (covers(read(wider), read(narrower))) {
            for (const ColumnSpec& spec : read(narrower)) {
                QVERIFY(selects(read(wider), spec.family, spec.qualifier.value_or("any")));
            }
        }
    }
};
TRIBUTARY_TEST(TestColumns)
#include "tst_columns.moc"
