// Lines of voltdb, voltadmin and sqlcmd: what is read and refused, statements apart, tables as they are written.
#include "core/base/text.h"
#include "runbooks/dialects/sqlcmd/statements.h"
#include "runbooks/dialects/sqlcmd/tabletext.h"
#include "runbooks/dialects/voltdb/clusters.h"
#include "spokendialects.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;

class TestDatabaseLines : public QObject {
    Q_OBJECT
private slots:
    void linesAreRead_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("printed");
        const auto row = [](const char* line, const char* printed) {
            QTest::newRow(line) << QString::fromUtf8(line) << QString::fromUtf8(printed);
        };
        row("voltdb init --dir=a/b --config=d.xml -f", "voltdb init --config=d.xml --dir=a/b --force");
        row("voltdb init -C d.xml -D \"my root\"", "voltdb init --config=d.xml --dir=\"my root\"");
        row("voltdb start -B -D a --count 2", "voltdb start --dir=a --count=2 --background");
        row("voltadmin promote", "voltadmin promote");
        row("voltadmin promote -H west", "voltadmin promote --host=west");
        row("voltadmin dr reset --cluster=2 --host=east --force", "voltadmin dr reset --host=east --cluster=2 --force");
        row("voltadmin dr reset --all", "voltadmin dr reset --all");
        row("voltadmin pause --wait --timeout=60", "voltadmin pause --wait --timeout=60");
        row("voltadmin status --dr --json", "voltadmin status --dr --json");
        row("voltadmin save /tmp/x monday --host=east", "voltadmin save --host=east /tmp/x monday");
        row("sqlcmd --query='select 1'", "sqlcmd --query=\"select 1\"");
        row("sqlcmd --servers=east --query=\"exec @Statistics DRROLE 0\" --output-format=csv --output-skip-metadata",
            "sqlcmd --servers=east --query=\"exec @Statistics DRROLE 0\" --output-format=csv --output-skip-metadata");
    }
    void linesAreRead() {
        QFETCH(QString, line);
        const auto parsed = parseLine(line.toStdString());
        QVERIFY_OK(parsed);
        QTEST(QString::fromStdString(printLine(parsed->op)), "printed");
    }

    void wrongLinesSayWhatToWrite_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* line, const char* said) {
            QTest::newRow(line) << QString::fromUtf8(line) << QString::fromUtf8(said);
        };
        row("voltdb start --replica --dir=a", "The --replica option is no longer allowed.");
        row("voltdb recover", "start recovers by itself");
        row("voltdb start --dir", "'--dir' needs a value");
        row("voltdb start --dir=a --dir=b", "'dir' is given twice");
        row("voltdb start --count=0", "--count=1");
        row("sqlcmd --query=x --output-format=jso", "--output-format=");
        row("voltadmin dr", "'voltadmin dr' is not complete");
        row("voltadmin dr rest", "did you mean 'reset'?");
        row("voltadmin promot", "did you mean 'promote'?");
        row("voltadmin dr reset --force --all", "You cannot specify both --force and --all options.");
        row("voltadmin dr reset --cluster=1 --all", "You cannot specify both --cluster and --all options.");
        row("voltadmin dr drop --all", "You cannot specify either --force, --cluster or --all for drop.");
        row("voltadmin dr reset --cluster=128", "The specified cluster ID must be in the range of 0 to 127.");
        row("voltadmin dr reset --cluster=-1", "The specified cluster ID must be in the range of 0 to 127.");
        row("voltadmin dr reset --cluster=east", "The specified cluster ID must be in the range of 0 to 127.");
        row("voltadmin save /tmp", "voltadmin save [--host=CLUSTER|HOST] DIRECTORY NONCE");
        row("voltadmin promote west", "unexpected word 'west'");
        row("sqlcmd --servers=east", "'sqlcmd' lacks --query");
        row("sqlcmd --query=\"select 'x\"", "a ' is never closed");
        row("sqlcmd --query=\" ; \"", "no statement is given");
        row("sqlcmd --query=x --output-format=json", "fixed, csv, tab");
    }
    void wrongLinesSayWhatToWrite() {
        QFETCH(QString, line);
        QFETCH(QString, said);
        const auto parsed = parseLine(line.toStdString());
        QVERIFY(!parsed);
        QVERIFY2(parsed.error().full().find(said.toStdString()) != std::string::npos, parsed.error().full().c_str());
    }

    void noErrorSpellsAFlagAsAParameter_data() {
        QTest::addColumn<QString>("line");
        for (const char* line : {"voltadmin dr reset --cluster=128", "voltdb start --count=0",
                                 "sqlcmd --query=x --output-format=json", "voltadmin pause --timeout=0"}) {
            QTest::newRow(line) << QString::fromUtf8(line);
        }
    }
    void noErrorSpellsAFlagAsAParameter() {
        QFETCH(QString, line);
        const auto parsed = parseLine(line.toStdString());
        QVERIFY(!parsed);
        const std::string text = " " + parsed.error().full();
        for (std::size_t at = text.find(" -"); at != std::string::npos; at = text.find(" -", at + 1)) {
            QVERIFY2(text.substr(at + 1, 2) == "--", text.c_str());
        }
    }

    void wholeTextsWaitForNothing_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("isWhole");
        QTest::newRow("ended") << "insert into t values (1);" << true;
        QTest::newRow("a note behind") << "insert into t values (1); -- a note\n" << true;
        QTest::newRow("a comment behind") << "insert into t values (1); /* a note */\n" << true;
        QTest::newRow("nothing but a note") << "-- a note\n" << true;
        QTest::newRow("a line of exec") << "exec @Ping\n" << true;
        QTest::newRow("not ended") << "insert into t values (1)\n" << false;
        QTest::newRow("a semicolon in a note") << "insert into t -- ;\n" << false;
        QTest::newRow("an open quote") << "insert into t values ('a;\n" << false;
        QTest::newRow("an open comment") << "select 1; /* a note\n" << false;
        QTest::newRow("inside of a procedure") << "create procedure p begin select 1;\n" << false;
    }
    void wholeTextsWaitForNothing() {
        QFETCH(QString, text);
        QTEST(isWholeText(text.toStdString()), "isWhole");
    }

    void templatesKeepTheirPlaceholders() {
        const ParseOptions asTemplate{.placeholders = true};
        const auto parsed =
            parseLine("voltadmin dr reset --host={{winner}} --cluster={{loser-id}} --force", asTemplate);
        QVERIFY_OK(parsed);
        QCOMPARE(parsed->placeholders, (std::vector<std::string>{"{{winner}}", "{{loser-id}}"}));
        QVERIFY(!parseLine("voltadmin promote --host={{west}}"));
    }

    void completes_data() {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("current");
        QTest::addColumn<QString>("candidates");
        const auto row = [](const char* words, const char* current, const char* candidates) {
            QTest::addRow("%s|%s", words, current)
                << QString::fromUtf8(words) << QString::fromUtf8(current) << QString::fromUtf8(candidates);
        };
        row("voltadmin", "", "promote pause resume dr shutdown status save restore update");
        row("voltadmin dr", "", "reset drop");
        row("voltadmin dr reset", "--", "--host --cluster --force --all");
        row("sqlcmd", "--output-format=", "--output-format=fixed --output-format=csv --output-format=tab");
    }
    void completes() {
        QFETCH(QString, words);
        QFETCH(QString, current);
        std::vector<std::string> list;
        for (const QString& word : words.split(QLatin1Char(' '))) list.push_back(word.toStdString());
        QTEST(QString::fromStdString(join(spoken().complete(list, current.toStdString()), " ")), "candidates");
    }

    void statementsStandApart_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("apart");
        const auto row = [](const char* name, const char* text, const char* apart) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(apart);
        };
        row("the seed's line", "DR TABLE contestants; DR TABLE votes; DR TABLE area_code_state;",
            "DR TABLE contestants|DR TABLE votes|DR TABLE area_code_state");
        row("a semicolon in quotes", "insert into t values ('a;b'); select 1", "insert into t values ('a;b')|select 1");
        row("a quote twice", "insert into t values ('it''s; so')", "insert into t values ('it''s; so')");
        row("comments", "select 1 -- one; two\n; /* three; */ select 2", "select 1|select 2");
        row("a comment at the end", "select 1; -- done", "select 1");
        row("exec ends with its line", "exec @Statistics DRROLE 0\nselect 1", "exec @Statistics DRROLE 0|select 1");
        row("a select does not", "select\n1", "select 1");
        row("a procedure's body",
            "create procedure p as begin insert into t values (?); select case when 1=1 then 1 end from t; end; select "
            "2",
            "create procedure p as begin insert into t values (?); select case when 1=1 then 1 end from t; end|select "
            "2");
    }
    void statementsStandApart() {
        QFETCH(QString, text);
        const auto statements = splitStatements(text.toStdString());
        QVERIFY_OK(statements);
        std::vector<std::string> texts;
        for (const SqlStatement& each : *statements) texts.push_back(each.text);
        QTEST(QString::fromStdString(join(texts, "|")), "apart");
    }

    void argumentsOfExec() {
        const auto statements = splitStatements("exec Vote 1, 'it''s, so' '' 3; SHOW tables; describe votes");
        QVERIFY_OK(statements);
        QCOMPARE(statements->size(), std::size_t(3));
        QVERIFY(statements->at(0).use == StatementUse::Exec);
        QCOMPARE(statements->at(0).words, (std::vector<std::string>{"Vote", "1", "it's, so", "", "3"}));
        QVERIFY(statements->at(1).use == StatementUse::Show);
        QVERIFY(statements->at(2).use == StatementUse::Describe);
    }

    void whatChangesIsTold_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("changes");
        const auto row = [](const char* text, bool changes) {
            QTest::newRow(text) << QString::fromUtf8(text) << changes;
        };
        row("select 1", false);
        row("select 1; delete from t", true);
        row("exec @Statistics DRROLE 0", false);
        row("exec @systeminformation", false);
        row("exec @Promote", true);
        row("exec Vote 1", true);
        row("exec", true);
        row("show tables; describe t", false);
        row("upsert into t values (1)", true);
        row("select 'x", true);
    }
    void whatChangesIsTold() {
        QFETCH(QString, text);
        QFETCH(bool, changes);
        QCOMPARE(changesSomething(text.toStdString()), changes);
    }

    void tablesAreWritten_data() {
        QTest::addColumn<QString>("format");
        QTest::addColumn<bool>("bare");
        QTest::addColumn<QString>("lines");
        // The widest value sets the width of its column.
        QTest::newRow("fixed") << "fixed" << false
                               << "ID STATE |-- ------|17 MA    | 5 NULL  | 6 Zürich||(Returned 3 rows in 0.01s)";
        QTest::newRow("csv") << "csv" << false << "ID,STATE|17,MA|5,NULL|6,Zürich||(Returned 3 rows in 0.01s)";
        QTest::newRow("csv for scripts") << "csv" << true << "17,MA|5,NULL|6,Zürich";
        QTest::newRow("tab for scripts") << "tab" << true << "17\tMA|5\tNULL|6\tZürich";
    }
    void tablesAreWritten() {
        QFETCH(QString, format);
        QFETCH(bool, bare);
        ShownTable table;
        table.columns = {{"ID", true}, {"STATE", false}};
        table.rows = {{"17", "MA"}, {"5", std::nullopt}, {"6", "Zürich"}};
        const TableStyle style{tableFormatNamed(format.toStdString()), bare};
        QTEST(QString::fromStdString(join(tableLines(table, style, 0.0123), "|")), "lines");
    }
    void changedRowsAreCounted() {
        ShownTable table;
        table.changedRows = 4;
        QCOMPARE(tableLines(table, {}, 0.5), (std::vector<std::string>{"(Returned 4 rows in 0.50s)"}));
        QVERIFY(tableLines(table, {TableFormat::Csv, true}, 0.5).empty());
    }
    void whatHoldsCommasIsQuotedInCsv() {
        ShownTable table;
        table.columns = {{"A", false}};
        table.rows = {{"x,\"y\""}};
        QCOMPARE(tableLines(table, {TableFormat::Csv, true}, 0), (std::vector<std::string>{"\"x,\"\"y\"\"\""}));
    }

    void importedLinesBecomeStepsWithChecks() {
        const Dialects all = spoken();
        for (const auto& [dialect, row] : wordRows()) {
            if (dialect->words().system != "voltdb") continue;
            const auto parsed = parseLine(std::string(dialect->words().program) + " " + row.example);
            QVERIFY_OK(parsed);
            const StepShape shape = dialect->shapeOf(parsed->op);
            QVERIFY(!shape.id.empty() && !shape.title.empty());
            QVERIFY(shape.byHand || !shape.verify.empty());
            QVERIFY(shape.byHand || shape.undo.empty() != shape.irreversible.empty());
            for (const std::string& check : shape.verify) {
                QVERIFY2(all.of("voltdb").findCheck(check.substr(0, check.find(' '))) != nullptr, check.c_str());
            }
        }
    }
};
TRIBUTARY_TEST(TestDatabaseLines)
#include "tst_databaselines.moc"
