// Lines of tt, box and instance: what is read, what is refused and how, help and completion.
#include "core/base/text.h"
#include "runbooks/dialects/box/statements.h"
#include "runbooks/dialects/tt/instances.h"
#include "spokendialects.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;

namespace {

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class TestInstanceLines : public QObject {
    Q_OBJECT
private slots:
    void linesAreRead_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("printed");
        const auto row = [](const char* line, const char* printed) {
            QTest::newRow(line) << QString::fromUtf8(line) << QString::fromUtf8(printed);
        };
        row("tt start", "tt start");
        row("tt stop master_master:instance001 --yes", "tt stop -y master_master:instance001");
        row("tt clean --force a:b", "tt clean -f a:b");
        row("box a:b box.info.ro", "box a:b box.info.ro");
        row("box a:b 'require(\"config\"):reload()'", "box a:b 'require(\"config\"):reload()'");
        row("box a:b \"box.space.bands:insert { 5, 'Pink Floyd', 1965 }\"",
            "box a:b \"box.space.bands:insert { 5, 'Pink Floyd', 1965 }\"");
        row("instance set a:b iproto {}", "instance set a:b iproto \"{}\"");
        row("instance set a:b x.y \"-1\"", "instance set a:b x.y \"-1\"");
    }
    void linesAreRead() {
        QFETCH(QString, line);
        const auto parsed = parseLine(line.toStdString());
        QVERIFY_OK(parsed);
        QTEST(QString::fromStdString(printLine(parsed->op)), "printed");
        QVERIFY(parsed->warnings.empty());
    }

    void wrongLinesSayWhatToWrite_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* line, const char* where, const char* said) {
            QTest::newRow(line) << QString::fromUtf8(line) << QString::fromUtf8(where) << QString::fromUtf8(said);
        };
        row("tt", "", "continue with one of: start, stop, restart");
        row("tt starrt a:b", "column 4", "did you mean 'start'?");
        row("tt stop -x a:b", "column 9", "tt stop [-y] [APP[:INSTANCE]]");
        row("tt stop a:b c", "column 13", "unexpected word 'c'");
        row("tt start a:-b", "column 10", "'a:-b' names no instance");
        row("tt connect a:b", "column 4", "box APP:INSTANCE \"STATEMENT\"");
        row("tt replicaset promote a:b", "column 4", "instance set APP:INSTANCE database.mode rw");
        row("box a:b", "column 5", "box APP:INSTANCE STATEMENT");
        row("box a box.info", "column 7", "write a:INSTANCE");
        row("box a:b box.info ro", "column 18", "what holds blanks stands in quotes");
        row("box a:b print", "column 9", "one of: box.info[.PATH]");
        row("box a:b \"box.space.bands:insrt{1}\"", "column 9", "did you mean 'insert'?");
        row("box a:b \"box.space.bands:insert{1\"", "column 9", "} is missing");
        row("box a:b \"box.info; box.info\"", "column 9", "a line holds one statement");
        row("box a:b \"box.begin()\"", "column 9", "a transaction of its own");
        row("instance set a:b database.mode", "column 18", "instance set APP:INSTANCE KEY VALUE");
        row("instance add a:c a:b 127.0.0.1:1 w", "column 34", "is none of ro, rw");
        row("instance wipe a", "column 15", "is an application");
        row("instance set {{app}}:{{one}} database.mode ro", "column 14", "has no value yet");
    }
    void wrongLinesSayWhatToWrite() {
        QFETCH(QString, line);
        QFETCH(QString, said);
        const auto parsed = parseLine(line.toStdString());
        QVERIFY(!parsed);
        QTEST(QString::fromStdString(parsed.error().where), "where");
        QVERIFY2(holds(parsed.error().full(), said.toStdString()), parsed.error().full().c_str());
    }

    void templatesKeepTheirPlaceholders() {
        const auto parsed = parseLine("box {{app}}:{{one}} \"require('config'):reload()\"", {.placeholders = true});
        QVERIFY_OK(parsed);
        QCOMPARE(parsed->placeholders, (std::vector<std::string>{"{{app}}", "{{one}}"}));
        QCOMPARE(printLine(parsed->op), std::string("box {{app}}:{{one}} \"require('config'):reload()\""));
    }

    /// The statements of the tutorial.
    void formsTellWhetherSomethingChanges_data() {
        QTest::addColumn<QString>("statement");
        QTest::addColumn<bool>("mutates");
        const auto row = [](const char* statement, bool mutates) {
            QTest::newRow(statement) << QString::fromUtf8(statement) << mutates;
        };
        row("box.info.ro", false);
        row("box.info.replication[1].upstream", false);
        row("box.info()", false);
        row("box.schema.space.create('bands')", true);
        row("box.space.bands:format({ { name = 'id', type = 'unsigned' } })", true);
        row("box.space.bands:create_index('primary', { parts = { 'id' } })", true);
        row("box.space.bands:insert { 1, 'Roxette', 1986 }", true);
        row("box.space.bands:select()", false);
        row("box.space._cluster:select{}", false);
        row("box.space._cluster:delete(3)", true);
        row("box.space['odd name']:get{'a:b'}", false);
        row("box.space.bands.index.primary:count()", false);
        row("require('config'):reload()", true);
        row("require('config'):info('v2')", false);
        row("box.cfg{replication = {}}", true);
        row("box.snapshot()", true);
    }
    void formsTellWhetherSomethingChanges() {
        QFETCH(QString, statement);
        QFETCH(bool, mutates);
        const auto form = statementForm(statement.toStdString());
        QVERIFY_OK(form);
        QCOMPARE(form->mutates, mutates);
        const auto parsed = parseLine("box a:b " + quoteWord(statement.toStdString()));
        QVERIFY_OK(parsed);
        QCOMPARE(changesInstances(parsed->op), mutates);
    }

    void helpIsWhole() {
        for (const auto& [dialect, row] : wordRows()) {
            std::vector<std::string> words = row.words;
            words.insert(words.begin(), std::string(dialect->words().program));
            const std::string help = spoken().helpFor(words);
            QVERIFY2(holds(help, "Usage: " + dialect->usage(row)), help.c_str());
            for (const std::string& line : split(help, '\n'))
                QVERIFY2(line.empty() || line.back() != ' ', line.c_str());
        }
        QVERIFY(holds(spoken().helpFor({"tt"}), "tt restart [-y] [APP[:INSTANCE]]"));
        QVERIFY(holds(spoken().helpFor({"box"}), "require('config'):reload()"));
        QVERIFY(holds(spoken().helpFor({}), "instance <verb> APP:INSTANCE"));
    }

    void completes_data() {
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("current");
        QTest::addColumn<QString>("candidates");
        const auto row = [](const char* words, const char* current, const char* candidates) {
            QTest::addRow("%s|%s", words, current)
                << QString::fromUtf8(words) << QString::fromUtf8(current) << QString::fromUtf8(candidates);
        };
        row("tt", "st", "start stop status");
        row("tt stop", "-", "-y --yes");
        row("tt stop", "", "");
        row("instance", "", "set unset pin-uuid add remove wipe save-rows");
        row("instance add a:c a:b 127.0.0.1:1", "", "ro rw");
    }
    void completes() {
        QFETCH(QString, words);
        QFETCH(QString, current);
        std::vector<std::string> list;
        for (const QString& word : words.split(QLatin1Char(' '))) list.push_back(word.toStdString());
        QTEST(QString::fromStdString(join(spoken().complete(list, current.toStdString()), " ")), "candidates");
    }

    void importedLinesBecomeStepsWithChecks() {
        const Dialects all = spoken();
        for (const auto& [dialect, row] : wordRows()) {
            if (dialect->words().system != "tarantool") continue;
            const auto parsed = parseLine(std::string(dialect->words().program) + " " + row.example);
            QVERIFY_OK(parsed);
            const StepShape shape = dialect->shapeOf(parsed->op);
            QVERIFY(!shape.id.empty() && !shape.title.empty());
            QVERIFY(shape.byHand || !shape.verify.empty());
            QVERIFY(shape.byHand || shape.undo.empty() != shape.irreversible.empty());
            for (const std::string& check : shape.verify) {
                QVERIFY2(all.of("tarantool").findCheck(check.substr(0, check.find(' '))) != nullptr, check.c_str());
            }
        }
    }
};
TRIBUTARY_TEST(TestInstanceLines)
#include "tst_instancelines.moc"
