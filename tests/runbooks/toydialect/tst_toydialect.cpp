// A dialect that nothing else knows: its folder and one line of a list make it parsed, checked, exported and imported.
#include "runbooks/export/exporter.h"
#include "runbooks/import/importscript.h"
#include "runbooks/model/load.h"
#include "spokendialects.h"
#include "testmain.h"
#include "toydialect.h"

using namespace tributary;
using namespace tributary::runbooks;

namespace {

/// The line that registers it; in front, since it borrows the verbs of others and the first that speaks one is asked.
Dialects withToy() {
    return {&toy(), &maprcli(), &hbase(), &mapr()};
}

constexpr std::string_view kBook = R"(runbook: clean-up
title: The toy is dropped
system: toybox
parameters:
  name: {type: dataset, title: The toy, example: attic:bear}
requires:
  - toy-there {{name}}

steps:
  - id: drop
    title: Drop it
    do: toy drop {{name}}
    verify: toy-gone {{name}}
    irreversible: it breaks
)";

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class TestToyDialect : public QObject {
    Q_OBJECT
private slots:
    void linesGoThereAndBack() {
        const auto parsed = withToy().parseLine("toy drop attic:bear");
        QVERIFY_OK(parsed);
        QCOMPARE(withToy().printLine(parsed->op), std::string("toy drop attic:bear"));
        QVERIFY(!spoken().parseLine("toy drop attic:bear").ok());
        QCOMPARE(withToy().parseLine("drop attic:bear").error().fix, std::string("toy drop attic:bear"));
    }
    void answersHelpAndCompletionAreItsOwn() {
        const auto parsed = withToy().parseLine("toy look attic:bear");
        QVERIFY_OK(parsed);
        QCOMPARE(withToy().render(parsed->op, {}, 0, 0), std::string("attic:bear is well\n"));
        QCOMPARE(withToy().renderError(parsed->op, {ErrorCode::NotFound, "lost", {}, {}}, 0, 0).exitStatus, 4);
        QCOMPARE(withToy().complete({"toy"}, "l"), std::vector<std::string>{"look"});
        QCOMPARE(withToy().helpFor({"toy"}), std::string("toy look|drop NAME\n"));
        QVERIFY(holds(withToy().helpFor({}), "looks at toys"));
        QVERIFY(!holds(spoken().helpFor({}), "looks at toys"));
    }
    void runbooksAskItsChecksAndNoOthers() {
        QVERIFY_OK(parseRunbook(kBook, "book.yaml", withToy()));
        QVERIFY(!parseRunbook(kBook, "book.yaml", spoken()).ok());
        std::string foreign(kBook);
        foreign.replace(foreign.find("toy-gone"), 8, "dataset-absent");
        QVERIFY(holds(parseRunbook(foreign, "book.yaml", withToy()).error().what, "dataset-absent"));
    }
    void scriptsAndPagesSpeakIt() {
        const auto book = parseRunbook(kBook, "book.yaml", withToy());
        QVERIFY_OK(book);
        const auto values = resolveParameters(*book, {{"name", "attic:bear"}});
        QVERIFY_OK(values);
        const auto script = exportRunbook(*book, *values, ExportTarget::Bash, "1");
        QVERIFY_OK(script);
        QVERIFY(holds(*script, "\ntools=(toy)\n"));
        QVERIFY(holds(*script, "\ntoy_gone() {\n"));
        QVERIFY(holds(*script, "\n# --- Asking the toy ---\n"));
        QVERIFY(!holds(*script, "#@ ") && !holds(*script, "maprcli") && !holds(*script, "/mapr/"));
        const auto page = exportRunbook(*book, *values, ExportTarget::Markdown, "1");
        QVERIFY_OK(page);
        QVERIFY(holds(*page, "attic:bear is gone: `toy look attic:bear` shows nothing"));
        const auto again = importScript(*script, "again", "again.sh", withToy());
        QVERIFY_OK(again);
        QCOMPARE(again->text, std::string(kBook));
    }
    void scriptsOfItBecomeRunbooks() {
        const auto got =
            importScript("#!/bin/bash\ntoy look attic:bear\ntoy drop attic:bear\n", "a", "a.sh", withToy());
        QVERIFY_OK(got);
        QCOMPARE(got->commands, std::size_t{2});
        const auto book = parseRunbook(got->text, "a.yaml", withToy());
        QVERIFY_OK(book);
        QCOMPARE(book->system, std::string("toybox"));
        QCOMPARE(book->steps[1].commands[0].text, std::string("toy drop attic:bear"));
    }
    void aRunbookHasTheCommandsOfOneSystem() {
        const auto got = importScript("#!/bin/bash\ntoy look attic:bear\nmaprcli table info -path /mapr/a/t\n", "a",
                                      "a.sh", withToy());
        QVERIFY_OK(got);
        QCOMPARE(got->commands, std::size_t{1});
        QCOMPARE(got->unread.size(), std::size_t{1});
        QVERIFY(holds(got->unread[0].text, "another system"));
    }
};
TRIBUTARY_TEST(TestToyDialect)
#include "tst_toydialect.moc"
