// Reading command lines: what is accepted, and what each mistake is told.
#include "core/base/text.h"
#include "spokendialects.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;

class TestParser : public QObject {
    Q_OBJECT
private slots:
    void readsAFullLine() {
        const auto parsed = parseLine(
            "maprcli table replica add -path /mapr/sf/t -replica \"/mapr/ny/t\" -COLUMNS cf2:q,cf1 -paused true "
            "-cluster sf -json");
        QVERIFY_OK(parsed);
        const Operation& op = parsed.value().op;
        QVERIFY(op.verb == Verb::ReplicaAdd);
        QCOMPARE(op.text("path"), std::string("/mapr/sf/t"));
        QCOMPARE(op.text("columns"), std::string("cf1,cf2:q"));
        QVERIFY(op.flag("paused"));
        QCOMPARE(op.cluster, std::string("sf"));
        QVERIFY(op.json);
        QVERIFY(parsed.value().warnings.empty());
    }
    void sameOperationInManySpellings_data() {
        QTest::addColumn<QString>("line");
        QTest::newRow("case") << "maprcli table create -PATH /b -copyMetaFrom /a -JSON";
        QTest::newRow("json first") << "maprcli -json table create -path /b -copymetafrom /a";
        QTest::newRow("json between") << "maprcli table -json create -path /b -copymetafrom /a";
        QTest::newRow("json between options") << "maprcli table create -path /b -json -copymetafrom /a";
        QTest::newRow("full path of the program")
            << "/opt/mapr/bin/maprcli table create -path /b -copymetafrom /a -json";
        QTest::newRow("continued") << "maprcli table create -path /b \\\n  -copymetafrom /a -json";
        QTest::newRow("words in any case") << "maprcli Table CREATE -path //b/ -copymetafrom '/a' -json";
        QTest::newRow("comment") << "maprcli table create -path /b -copymetafrom /a -json # the replica";
    }
    void sameOperationInManySpellings() {
        QFETCH(QString, line);
        const auto parsed = parseLine(line.toStdString());
        QVERIFY_OK(parsed);
        const auto plain = parseLine("maprcli table create -path /b -copymetafrom /a -json");
        QVERIFY(parsed.value().op == plain.value().op);
    }
    void clusterMayStandAnywhere() {
        const auto before = parseLine("maprcli -cluster ny alarm -json list -type volume");
        QVERIFY_OK(before);
        QVERIFY(before.value().op == parseLine("maprcli alarm list -type volume -cluster ny -json").value().op);
    }
    void argvNeedsNoQuotes() {
        const auto parsed = parseWords({"maprcli", "alarm", "raise", "-alarm", "A", "-description", "<b> $c | 'd'"});
        QVERIFY_OK(parsed);
        QCOMPARE(parsed.value().op.text("description"), std::string("<b> $c | 'd'"));
        QVERIFY(parsed.value().placeholders.empty());
    }
    void lintsWithoutRefusing_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("warning");
        QTest::newRow("yes") << "maprcli table replica autosetup -path /a -replica /b -multimaster yes"
                             << "-multimaster yes: read as true";
        QTest::newRow("old package") << "hbase com.mapr.fs.hbase.mapreduce.CopyTable -src /a -dst /b"
                                     << "name of release 5.0";
    }
    void lintsWithoutRefusing() {
        QFETCH(QString, line);
        QFETCH(QString, warning);
        const auto parsed = parseLine(line.toStdString());
        QVERIFY_OK(parsed);
        QCOMPARE(parsed.value().warnings.size(), std::size_t{1});
        QVERIFY2(parsed.value().warnings[0].find(warning.toStdString()) != std::string::npos,
                 parsed.value().warnings[0].c_str());
    }
    void bareFlagsOfTheDiffTools() {
        const auto parsed = parseLine(
            "hbase com.mapr.fs.hbase.tools.mapreduce.DiffTables -first_exit -src /a -dst /b -outdir out -cmpmeta");
        QVERIFY_OK(parsed);
        QVERIFY(parsed.value().op.flag("first_exit") && parsed.value().op.flag("cmpmeta"));
    }

    void explainsMistakes_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("says");
        QTest::addColumn<QString>("fix");  // exact; a leading ~ means: contains
        const auto row = [](const char* title, const char* line, const char* where, const char* says, const char* fix) {
            QTest::newRow(title) << QString::fromUtf8(line) << QString::fromUtf8(where) << QString::fromUtf8(says)
                                 << QString::fromUtf8(fix);
        };
        row("nothing", "", "", "line is empty", "~maprcli");
        row("missing program", "table info -path /a", "column 1", "not a program", "maprcli table info -path /a");
        row("misspelt program", "maprclii table info -path /a", "column 1", "not a program",
            "maprcli table info -path /a");
        row("foreign program", "kubectl get pods", "column 1", "not a program", "~begin with maprcli");
        row("incomplete command", "maprcli table replica", "column 15", "'maprcli table replica' is not complete",
            "~add, autosetup");
        row("misspelt command", "maprcli table relpica add -path /a -replica /b", "column 15", "mean 'replica'",
            "maprcli table replica add -path /a -replica /b");
        row("misspelt verb", "maprcli table replica paus -path /a -replica /b", "column 23", "mean 'pause'",
            "maprcli table replica pause -path /a -replica /b");
        row("unknown verb", "maprcli table zzzzz", "column 15", "knows no 'zzzzz'", "~create, edit");
        row("misspelt class", "hbase com.mapr.fs.hbase.tools.mapreduce.CopyTabel -src /a -dst /b", "column 7",
            "did you mean", "hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src /a -dst /b");
        row("misspelt option", "maprcli table info -pth /a", "column 20", "did you mean -path?",
            "maprcli table info -path /a");
        row("unknown option", "maprcli table info -path /a -zzzzzz 1", "column 29", "unknown option '-zzzzzz'",
            "~-path");
        row("double dash", "maprcli table info --path /a", "column 20", "did you mean -path?",
            "maprcli table info -path /a");
        row("value missing at the end", "maprcli table info -path", "column 20, -path", "has no value",
            "~-path <value>");
        row("value missing before an option", "maprcli table replica add -path -replica /b", "column 27, -path",
            "has no value", "~-path <value>");
        row("twice", "maprcli table info -path /a -PATH /b", "column 29, -path", "given twice", "~keep one");
        row("required missing", "maprcli table replica pause -path /a", "-replica", "needs -replica",
            "maprcli table replica pause -path /a -replica <the replica table>");
        row("names without quotes", "maprcli cluster gateway set -dstcluster ny -gateways gw1 gw2 -json", "column 58",
            "needs quotes", "maprcli cluster gateway set -dstcluster ny -gateways \"gw1 gw2\" -json");
        row("blank after a comma", "maprcli table replica add -path /a -replica /b -columns cf1, cf2", "column 62",
            "needs quotes", "~\"cf1, cf2\"");
        row("value without an option", "maprcli table info /a", "column 20", "needs an option",
            "maprcli table info -path /a");
        row("value of json", "maprcli table info -path /a -json true", "column 35", "unexpected word 'true'", "~-path");
        row("value refused by its type", "maprcli table cf create -path /a -cfname f -ttl soon", "column 49, -ttl",
            "'soon' is not a whole number", "-ttl 0");
        row("globals are not of the tools", "hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src /a -dst /b -json",
            "column 67", "unknown option '-json'", "~-src");
        // The traps of the manuals (maprdb.md section 5).
        row("slash missing",
            "maprcli table replica resume -path mapr/sanfrancisco/customers -replica /mapr/newyork/customers",
            "column 36, -path", "leading slash is missing",
            "maprcli table replica resume -path /mapr/sanfrancisco/customers -replica /mapr/newyork/customers");
        row("slash missing in the replica", "maprcli table replica resume -path /a -replica mapr/ny/t",
            "column 48, -replica", "leading slash is missing",
            "maprcli table replica resume -path /a -replica /mapr/ny/t");
        row("backslash joins a path", "maprcli table info -path\\\n/mapr/sf/t", "column 20, -path",
            "unknown option '-path/mapr/sf/t'", "maprcli table info -path /mapr/sf/t");
        row("backslash joins a path without slash", "maprcli table info -path\\\nmapr/sf/t", "column 20, -path",
            "unknown option '-pathmapr/sf/t'", "maprcli table info -path mapr/sf/t");
        row("backslash joins a placeholder", "maprcli table info -path\\\n<path to the table>", "column 20, -path",
            "are one word", "maprcli table info -path <path to the table>");
        row("equals sign", "maprcli table info -path=/mapr/sf/t", "column 20, -path", "not by '='",
            "maprcli table info -path /mapr/sf/t");
        row("wrapped line", "maprcli table info -path\n/mapr/sf/t", "column 26", "second one",
            "maprcli table info -path /mapr/sf/t");
        row("two commands", "maprcli alarm names\nmaprcli alarm list", "column 21", "second one", "~one command");
        row("placeholder", "maprcli table info -path <path to the table>", "column 26, -path",
            "'<path to the table>' is a parameter of a template", "~runbook step");
        row("braces", "maprcli table info -path {{source}}", "column 26, -path", "parameter of a template",
            "~-path /mapr/<cluster>/<table>");
    }
    void explainsMistakes() {
        QFETCH(QString, line);
        QFETCH(QString, says);
        QFETCH(QString, fix);
        const auto parsed = parseLine(line.toStdString());
        QVERIFY(!parsed.ok());
        const Error& error = parsed.error();
        QVERIFY(error.code == ErrorCode::InvalidInput);
        QTEST(QString::fromStdString(error.where), "where");
        QVERIFY2(error.what.find(says.toStdString()) != std::string::npos, error.full().c_str());
        if (fix.startsWith(QLatin1Char('~'))) {
            QVERIFY2(error.fix.find(fix.mid(1).toStdString()) != std::string::npos, error.full().c_str());
        } else {
            QCOMPARE(QString::fromStdString(error.fix), fix);
        }
    }
    void lenientReadingRepairs_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("warnings");
        QTest::newRow("slash") << "maprcli table info -path mapr/sf/t" << 1;
        QTest::newRow("backslash") << "maprcli table info -path\\\n/mapr/sf/t" << 1;
        QTest::newRow("backslash and slash") << "maprcli table info -path\\\nmapr/sf/t" << 2;
        QTest::newRow("equals") << "maprcli table info -path=/mapr/sf/t" << 1;
        QTest::newRow("wrapped") << "maprcli table info -path\n   /mapr/sf/t\n" << 1;
    }
    void lenientReadingRepairs() {
        QFETCH(QString, line);
        QVERIFY(!parseLine(line.toStdString()).ok());
        const auto parsed = parseLine(line.toStdString(), {.lenient = true});
        QVERIFY_OK(parsed);
        QCOMPARE(parsed.value().op.text("path"), std::string("/mapr/sf/t"));
        QTEST(static_cast<int>(parsed.value().warnings.size()), "warnings");
    }
    void lenientReadingDoesNotGuessWhereARelativePathLies() {
        QVERIFY(!parseLine("maprcli table info -path customers", {.lenient = true}).ok());
    }
    void templatesKeepTheirParameters() {
        const auto parsed = parseLine(
            "maprcli table replica add -path <the source> -replica {{replica}} -columns {{columns}} -paused {{p}} "
            "-cluster <the source>",
            {.placeholders = true});
        QVERIFY_OK(parsed);
        QCOMPARE(join(parsed.value().placeholders, "|"), std::string("<the source>|{{columns}}|{{p}}|{{replica}}"));
        QCOMPARE(parsed.value().op.text("path"), std::string("<the source>"));
        const auto again = parseLine(printLine(parsed.value().op), {.placeholders = true});
        QVERIFY_OK(again);
        QVERIFY(again.value().op == parsed.value().op);
    }
    void templatesMayHoldParametersInsideAValue() {
        const std::string line = "maprcli table info -path /mapr/{{cluster}}/{{table}}";
        const auto strict = parseLine(line);
        QVERIFY(!strict.ok());
        QVERIFY(strict.error().what.starts_with("'{{cluster}}' is a parameter"));
        const auto parsed = parseLine(line, {.placeholders = true});
        QVERIFY_OK(parsed);
        QCOMPARE(join(parsed.value().placeholders, "|"), std::string("{{cluster}}|{{table}}"));
        const auto relative = parseLine("maprcli table info -path mapr/{{cluster}}/t", {.placeholders = true});
        QVERIFY(!relative.ok());
        QCOMPARE(relative.error().fix, std::string("maprcli table info -path /mapr/{{cluster}}/t"));
    }
    void refusesWhatIsNotCarried_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("says");
        QTest::newRow("stream purge") << "maprcli stream purge -path /a"
                                      << "not purged by hand";
        QTest::newRow("changelog") << "maprcli table changelog add -path /a"
                                   << "change logs";
        QTest::newRow("index") << "maprcli table index list -path /a"
                               << "JSON tables";
        QTest::newRow("elasticsearch") << "maprcli table replica elasticsearch list -path /a"
                                       << "no longer supported";
        QTest::newRow("region split") << "maprcli table region split -path /a"
                                      << "regions";
        QTest::newRow("alarm config") << "maprcli alarm config load"
                                      << "alarm configuration";
        QTest::newRow("dbshell") << "mapr dbshell"
                                 << "no step of a runbook";
        QTest::newRow("exportstream") << "mapr exportstream -src /a -dst /b"
                                      << "'mapr exportstream' is not carried";
        QTest::newRow("hbase shell") << "hbase shell"
                                     << "HBase shell";
        QTest::newRow("index of a table") << "maprcli table info -path /a -index i"
                                          << "secondary index";
    }
    void refusesWhatIsNotCarried() {
        QFETCH(QString, line);
        QFETCH(QString, says);
        const auto parsed = parseLine(line.toStdString());
        QVERIFY(!parsed.ok());
        QVERIFY(parsed.error().code == ErrorCode::Unsupported);
        QVERIFY2(parsed.error().what.find(says.toStdString()) != std::string::npos, parsed.error().full().c_str());
    }
};
TRIBUTARY_TEST(TestParser)
#include "tst_parser.moc"
