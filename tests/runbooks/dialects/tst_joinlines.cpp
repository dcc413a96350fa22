// Commands out of pasted pages.
#include "runbooks/dialects/joinlines.h"

#include "core/base/text.h"
#include "spokendialects.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;

class TestJoinLines : public QObject {
    Q_OBJECT
private slots:
    void joinsWhatWasWrapped_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("lines");  // separated by |
        QTest::addColumn<int>("notes");
        QTest::newRow("one line") << "  maprcli table info -path /a  "
                                  << "maprcli table info -path /a" << 0;
        QTest::newRow("prompt") << "$ maprcli alarm list"
                                << "maprcli alarm list" << 0;
        QTest::newRow("value on the next line") << "maprcli table info -path\n    /mapr/a/t\nDone."
                                                << "maprcli table info -path /mapr/a/t" << 1;
        QTest::newRow("placeholder on the next line")
            << "maprcli table upstream add -path <r> -upstream\n <the source>"
            << "maprcli table upstream add -path <r> -upstream <the source>" << 1;
        QTest::newRow("option on the next line") << "maprcli table create -path /b\n -copymetafrom /a"
                                                 << "maprcli table create -path /b -copymetafrom /a" << 1;
        QTest::newRow("backslash") << "maprcli table create -path /b \\\n -copymetafrom /a"
                                   << "maprcli table create -path /b -copymetafrom /a" << 0;
        QTest::newRow("backslash eats the blank") << "maprcli table info -path\\\n/mapr/a/t"
                                                  << "maprcli table info -path /mapr/a/t" << 1;
        QTest::newRow("three lines") << "maprcli table replica add\n-path /a\n-replica /b\n"
                                     << "maprcli table replica add -path /a -replica /b" << 2;
        QTest::newRow("prose around") << "Run the maprcli table info command:\nmaprcli table info -path /a\n"
                                         "The path is a table.\n/usr/bin is not.\nhbase shell"
                                      << "maprcli table info -path /a|hbase shell" << 0;
        QTest::newRow("two commands") << "maprcli alarm names\nmaprcli alarm list"
                                      << "maprcli alarm names|maprcli alarm list" << 0;
        QTest::newRow("program alone is prose") << "maprcli\n-path /a"
                                                << "" << 0;
        QTest::newRow("full path of the program") << "/opt/mapr/bin/maprcli alarm names"
                                                  << "/opt/mapr/bin/maprcli alarm names" << 0;
    }
    void joinsWhatWasWrapped() {
        QFETCH(QString, text);
        std::vector<std::string> lines;
        int notes = 0;
        for (const JoinedLine& found : joinWrappedLines(text.toStdString(), spoken())) {
            lines.push_back(found.line);
            notes += static_cast<int>(found.notes.size());
        }
        QTEST(QString::fromStdString(join(lines, "|")), "lines");
        QTEST(notes, "notes");
    }
    void knowsWhereACommandStood() {
        const auto found = joinWrappedLines("Title\n\n  maprcli table info -path\n  /a\n", spoken());
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found[0].firstLine, std::size_t{3});
        QCOMPARE(found[0].lineCount, std::size_t{2});
    }
};
TRIBUTARY_TEST(TestJoinLines)
#include "tst_joinlines.moc"
