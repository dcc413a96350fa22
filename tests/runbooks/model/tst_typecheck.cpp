// Conditions, arguments and filters of the wrong type are refused when a runbook is read, with place and advice.
#include "runbooks/model/load.h"
#include "runbooks/model/parameters.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;

namespace {

const std::string kTypedBook =
    "runbook: test\ntitle: T\nsystem: maprdb\nparameters:\n"
    "  source: {type: dataset}\n  mode: {type: enum, values: [fast, slow]}\n  copy: {type: bool, default: true}\n"
    "  maybe: {type: bool, default: \"\"}\n  count: {type: integer}\n  pause: {type: duration}\n"
    "  limit: {type: bytes, default: \"\"}\n  site: {type: cluster}\n  family: {type: family}\n"
    "  word: {type: text}\n  key: {type: secret}\n  perm: {type: enum, values: [readperm, bulkload]}\n"
    "  where: {type: path}\n  other: {type: enum, values: [quick, SLOW]}\nsteps:\n  - id: a\n    title: A\n";
constexpr int kLine = 22;

std::string typedStep(const std::string& lines) {
    return kTypedBook + lines;
}

}  // namespace

class TestTypecheck : public QObject {
    Q_OBJECT
private slots:
    void conditionsThatCannotDecideAreRefused_data() {
        QTest::addColumn<std::string>("condition");
        QTest::addColumn<std::string>("what");
        QTest::addColumn<std::string>("fix");
        const auto row = [](const char* condition, const char* what, const char* fix) {
            QTest::newRow(condition) << std::string(condition) << std::string(what) << std::string(fix);
        };
        row("{{mode}}", "`{{mode}}` is an enum", "{{mode}} == fast");
        row("not {{mode}}", "only a bool", "type bool");
        row("{{source}}", "is a dataset", "==");
        row("{{count}}", "is an integer", "==");
        row("{{word}}", "is a text", "==");
        row("{{maybe}}", "may be empty", "default: false");
        row("x{{copy}}", "neither true nor false", "==");
        row("{{copy | upper}}", "neither true nor false", "==");
        row("{{mode}} == fats", "`fats` is no value of `{{mode}}`", "fast, slow");
        row("fasst != {{mode}}", "`fasst` is no value", "`fast`");
        row("{{mode}} == ''", "is no value of `{{mode}}`", "fast, slow");
        row("{{mode | upper}} == fast", "no value", "FAST, SLOW");
        row("{{copy}} == yes", "`yes` is no value of `{{copy}}`", "true, false");
        row("{{mode}} == {{copy}}", "no value", "");
        row("{{mode}} == {{other}}", "no value", "");
        row("{{count}} == three", "`three` is no value of `{{count}}`, an integer", "");
        row("{{count}} == 007", "is spelled `7`", "write 7");
        row("{{count}} == ''", "never empty", "default");
        row("{{pause}} == 1m", "several spellings", "enum");
        row("{{limit}} == 1KB", "several spellings", "enum");
        row("{{source}} == customers", "is not an absolute path", "");
        row("{{site}} == {{source}}", "is a cluster", "one type");
        row("{{key}} == x", "secret", "");
        row("a == a", "fixed texts", "");
        row("a != b", "fixed texts", "");
        row("{{mode}} = fast", "`=` compares or joins nothing", "A == B");
        row("{{mode}} is fast", "`is`", "A == B");
        row("{{count}} > 3", "`>`", "A == B");
        row("{{copy}} and {{mode}} == fast", "`and`", "list");
        row("{{copy}} || {{mode}} == fast", "`||`", "list");
        row("{{mode}}==fast", "one word", "blanks");
        row("{{mode}} ==fast", "one word", "blanks");
        row("yes", "`yes` is no condition", "write true");
        row("False", "`False` is no condition", "write false");
        row("not", "empty", "CHECK");
        row("!{{copy}}", "!", "");
        row("{{mode}} fast", "no condition", "A == B");
        row("{{mod}} == fast", "unknown parameter `mod`", "`mode`");
        row("not dataset-exists {{site}}", "is a cluster, and P of `dataset-exists`", "");
    }
    void conditionsThatCannotDecideAreRefused() {
        QFETCH(std::string, condition);
        QFETCH(std::string, what);
        QFETCH(std::string, fix);
        for (const bool list : {false, true}) {
            const std::string key = list ? "    when:\n      - " : "    when: ";
            const auto parsed =
                parseRunbook(typedStep(key + "\"" + condition + "\"\n    verify: readable /t\n"), "b.yaml");
            QVERIFY2(!parsed.ok(), condition.c_str());
            const std::string place = list ? std::to_string(kLine + 1) + ":9" : std::to_string(kLine) + ":11";
            QCOMPARE(parsed.error().where, "b.yaml:" + place);
            QVERIFY2(parsed.error().what.find(what) != std::string::npos, parsed.error().full().c_str());
            QVERIFY2(parsed.error().fix.find(fix) != std::string::npos, parsed.error().full().c_str());
        }
    }
    void conditionsThatDecideAreRead_data() {
        QTest::addColumn<std::string>("condition");
        for (const char* condition : {"true",
                                      "false",
                                      "not true",
                                      "{{copy}}",
                                      "not {{copy}}",
                                      "{{mode}} == fast",
                                      "slow != {{mode}}",
                                      "{{mode | upper}} == FAST",
                                      "{{mode | upper}} == {{other}}",
                                      "{{copy}} == true",
                                      "{{maybe}} == ''",
                                      "{{maybe}} == true",
                                      "{{count}} == 7",
                                      "{{limit}} == ''",
                                      "{{word}} == 'two words'",
                                      "{{word}} != ''",
                                      "{{source | cluster}} == {{site}}",
                                      "{{source}} == /mapr/a/t",
                                      "{{source}} != {{where}}",
                                      "{{site}} == newyork",
                                      "x{{mode}} == xfast",
                                      "dataset-exists {{source}}",
                                      "not readable {{word}}",
                                      "gateways-reachable {{source | cluster}} {{site}}",
                                      "family-exists {{source}} {{family}}"}) {
            QTest::newRow(condition) << std::string(condition);
        }
    }
    void conditionsThatDecideAreRead() {
        QFETCH(std::string, condition);
        const auto parsed =
            parseRunbook(typedStep("    when: \"" + condition + "\"\n    verify: readable /t\n"), "b.yaml");
        QVERIFY_OK(parsed);
        QCOMPARE(parsed->steps.at(0).when.size(), std::size_t{1});
    }
    void everyFieldIsTyped_data() {
        QTest::addColumn<std::string>("lines");
        QTest::addColumn<std::string>("place");
        QTest::addColumn<std::string>("what");
        QTest::addColumn<std::string>("fix");
        const auto row = [](const char* name, const char* lines, const char* place, const char* what, const char* fix) {
            QTest::newRow(name) << std::string(lines) << std::string(place) << std::string(what) << std::string(fix);
        };
        row("cluster of a dataset", "    requires: gateways-reachable {{source}} {{site}}\n", "22:15",
            "FROMCLUSTER of `gateways-reachable`", "{{source | cluster}}");
        row("relative path", "    verify: readable customers\n", "22:13", "no absolute path", "/mapr/");
        row("path for a cluster", "    verify: no-alarm /mapr/a X\n", "22:13", "no name", "");
        row("family of a table", "    done-when: family-exists {{source}} {{site}}\n    wait: 5s\n", "22:16",
            "F of `family-exists`", "");
        row("permission out of an enum", "    verify: has-permission {{source}} {{perm}}\n", "22:13",
            "may be `bulkload`", "readperm");
        row("filter of a bool", "    ask: Is it {{copy | cluster}}?\n", "22:10", "is a bool, not a path", "{{copy}}");
        row("file of no secret", "    human: Read {{word | file}}.\n", "22:12", "not a secret", "");
        row("template in a duration", "    wait: \"{{pause}}\"\n", "22:11", "takes no parameter", "30s");
        row("template in within", "    verify: {becomes: readable /t, within: \"{{pause}}\"}\n", "22:44",
            "takes no parameter", "30s");
        row("template in docs", "    wait: 5s\n    docs: See {{pgae}}\n", "23:11", "unknown parameter `pgae`", "");
        row("empty when", "    when: []\n    wait: 5s\n", "22:11", "an empty list", "leave the key out");
        row("empty verify", "    verify: []\n    wait: 5s\n", "22:13", "an empty list", "leave the key out");
        row("empty requires", "    requires: []\n    wait: 5s\n", "22:15", "an empty list", "leave the key out");
        row("empty do", "    do: []\n", "22:9", "an empty list", "leave the key out");
        row("retry of a wait", "    wait: 5s\n    retry: {attempts: 3}\n", "23:5", "belongs to commands", "within");
        row("timeout of a check", "    verify: readable /t\n    timeout: 5s\n", "23:5", "belongs to commands",
            "within");
        row("undo of a wait", "    wait: 5s\n    undo: drop x\n", "23:5", "only looks or waits", "leave it out");
        row("irreversible check", "    verify: readable /t\n    irreversible: gone\n", "23:5", "only looks or waits",
            "");
        row("unquoted template", "    when: {{copy}}\n    wait: 5s\n", "22:11", "", "quote");
    }
    void everyFieldIsTyped() {
        QFETCH(std::string, lines);
        QFETCH(std::string, place);
        QFETCH(std::string, what);
        QFETCH(std::string, fix);
        const auto parsed = parseRunbook(typedStep(lines), "b.yaml");
        QVERIFY(!parsed.ok());
        QCOMPARE(parsed.error().where, "b.yaml:" + place);
        QVERIFY2(parsed.error().what.find(what) != std::string::npos, parsed.error().full().c_str());
        QVERIFY2(parsed.error().fix.find(fix) != std::string::npos, parsed.error().full().c_str());
    }
    void aValueThatTheCheckDoesNotKnowIsRefusedBeforeTheRun() {
        const auto parsed = parseRunbook(
            "runbook: t\ntitle: T\nsystem: maprdb\nparameters:\n  state: {type: text}\nsteps:\n  - id: a\n    title: "
            "A\n"
            "    verify: link-state /a /b {{state}}\n",
            "b.yaml");
        QVERIFY_OK(parsed);
        QVERIFY(renderRunbook(*parsed, {{"state", "paused"}}).ok());
        const auto rendered = renderRunbook(*parsed, {{"state", "pausd"}});
        QVERIFY(!rendered.ok());
        QVERIFY2(rendered.error().text().find("`pausd` is no STATE") != std::string::npos,
                 rendered.error().text().c_str());
    }
    void anEnumNamesEachValueOnce() {
        const auto parsed = parseRunbook(
            "runbook: t\ntitle: T\nsystem: maprdb\nparameters:\n  m: {type: enum, values: [a, b, a]}\n"
            "steps:\n  - id: a\n    title: A\n    wait: 5s\n",
            "b.yaml");
        QVERIFY(!parsed.ok());
        QVERIFY(parsed.error().what.find("twice") != std::string::npos);
    }
};
TRIBUTARY_TEST(TestTypecheck)
#include "tst_typecheck.moc"
