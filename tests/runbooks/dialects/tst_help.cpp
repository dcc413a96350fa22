// Help and completion.
#include "core/base/text.h"
#include "spokendialects.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;

class TestHelp : public QObject {
    Q_OBJECT
private slots:
    void commandHelpNamesEveryOption() {
        for (const SpokenRow& row : commandRows()) {
            std::vector<std::string> words = row.words;
            words.insert(words.begin(), row.program);
            const std::string help = spoken().helpFor(words);
            QVERIFY(help.find("Usage: " + join(words, " ")) != std::string::npos);
            for (const ParamSpec& param : specOf(row.verb).params) {
                QVERIFY2(help.find("\n  -" + param.name + " ") != std::string::npos, param.name.c_str());
            }
            for (const std::string& line : split(help, '\n')) QVERIFY2(trim(line).empty() || line.back() != ' ', "");
        }
    }
    void commandHelpShowsDefaultsAndReleases() {
        const std::string help = spoken().helpFor({"maprcli", "table", "replica", "autosetup"});
        QVERIFY(help.find("(default true; since 6.0)") != std::string::npos);
        QVERIFY(help.find("off|on|lzf|lz4|zlib") != std::string::npos);
    }
    void partialCommandListsWhatFollows() {
        const std::string help = spoken().helpFor({"maprcli", "table", "replica"});
        QVERIFY(help.find("maprcli table replica autosetup\n") != std::string::npos);
        QVERIFY(help.find("table upstream") == std::string::npos);
        QVERIFY(spoken().helpFor({}).find("hbase") != std::string::npos);
    }
    void wrongWordsGetASuggestion() {
        QVERIFY(spoken().helpFor({"maprcli", "tabl"}).find("Did you mean 'table'?") != std::string::npos);
        QVERIFY(spoken().helpFor({"foo"}).find("no program 'foo'") != std::string::npos);
        const std::string purge = spoken().helpFor({"maprcli", "stream", "purge"});
        QVERIFY(purge.find("Not available: messages are not purged") != std::string::npos);
    }
    void completes_data() {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("current");
        QTest::addColumn<QString>("candidates");
        const auto row = [](const char* words, const char* current, const char* candidates) {
            QTest::addRow("%s|%s", words, current)
                << QString::fromUtf8(words) << QString::fromUtf8(current) << QString::fromUtf8(candidates);
        };
        row("", "ma", "maprcli mapr");
        row("maprcli", "", "table stream cluster alarm volume node");
        row("maprcli table", "re", "region replica");
        row("maprcli table replica", "re", "resume remove");
        row("maprcli table replica pause", "", "-path -replica -cluster -json");
        row("maprcli table replica pause -path /a", "-", "-replica -cluster -json");
        row("maprcli table replica pause -PATH", "", "");
        row("maprcli table replica add -networkcompression", "l", "lzf lz4");
        row("maprcli table replica add -paused", "", "true false");
        row("maprcli table info -cluster", "", "");
        row("maprcli table cf create", "-json", "-jsonpath -json");
        row("maprcli tabel", "", "");
        row("maprcli stream", "", "create edit info delete topic cursor assign replica upstream");
        row("maprcli stream topic create -path /a -topic t", "-", "-partitions -cluster -json");
        row("mapr", "",
            "copytable difftables difftableswithcrc importJSON exportJSON copystream diffstreams "
            "diffstreamswithcrc perfproducer perfconsumer streamanalyzer");
        row("hbase", "com.mapr.fs.hbase.tools.mapreduce.C", "com.mapr.fs.hbase.tools.mapreduce.CopyTable");
        row("hbase com.mapr.fs.hbase.mapreduce.CopyTable -src /a", "-d", "-dst");
        row("hbase com.mapr.fs.hbase.tools.mapreduce.DiffTables -first_exit", "-s", "-src -starttime");
    }
    void completes() {
        QFETCH(QString, words);
        QFETCH(QString, current);
        std::vector<std::string> list;
        for (const QString& word : words.split(QLatin1Char(' '), Qt::SkipEmptyParts))
            list.push_back(word.toStdString());
        QTEST(QString::fromStdString(join(spoken().complete(list, current.toStdString()), " ")), "candidates");
    }
};
TRIBUTARY_TEST(TestHelp)
#include "tst_help.moc"
