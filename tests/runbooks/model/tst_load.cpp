// Runbook files: what is read, and what is refused with which place and hint.
#include "core/base/text.h"
#include "runbooks/model/load.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;

namespace {

const std::string kHead = "runbook: test\ntitle: T\nsystem: maprdb\n";
const std::string kParameters = "parameters:\n  source: {type: dataset, example: /mapr/a/t}\n";
const std::string kStep = "  - id: a\n    title: A\n    verify: readable /t\n";

std::string head(const std::string& rest) {
    return kHead + rest;
}
std::string step(const std::string& lines) {
    return kHead + kParameters + "steps:\n  - id: a\n    title: A\n" + lines;
}

}  // namespace

class TestLoad : public QObject {
    Q_OBJECT
private slots:
    void aDeletionWantsItsNameTyped_data() {
        QTest::addColumn<std::string>("lines");
        QTest::addColumn<bool>("needed");
        QTest::addColumn<std::string>("name");
        const auto row = [](const char* title, const std::string& lines, bool needed, const char* name) {
            QTest::newRow(title) << lines << needed << std::string(name);
        };
        const std::string gone = "    do: maprcli table delete -path {{source}}\n    undo: none\n";
        row("nothing said", gone, true, "{{source}}");
        row("irreversible", "    do: maprcli table delete -path {{source}}\n    irreversible: gone\n", true,
            "{{source}}");
        row("family", "    do: maprcli table cf delete -path {{source}} -cfname f\n    undo: none\n", true, "f");
        row("two",
            "    do: [maprcli table delete -path /mapr/a/t, maprcli table delete -path /mapr/a/u]\n"
            "    undo: none\n",
            true, "/mapr/a/t /mapr/a/u");
        row("topic", "    do: maprcli stream topic delete -path {{source}} -topic web\n    undo: none\n", true, "web");
        row("its own", gone + "    approval: sure?\n", true, "");
        row("said no", gone + "    approval: false\n", false, "");
        row("no deletion", "    do: maprcli table info -path {{source}}\n    undo: none\n", false, "");
    }
    void aDeletionWantsItsNameTyped() {
        QFETCH(const std::string, lines);
        const auto book = parseRunbook(step(lines + "    verify: readable /t\n"), "t.yaml", spoken());
        QVERIFY_OK(book);
        QTEST(book->steps.at(0).approval.needed, "needed");
        QTEST(book->steps.at(0).approval.typeTheName, "name");
    }

    void refusesWithPlaceAndHint_data() {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<std::string>("where");
        QTest::addColumn<std::string>("what");
        QTest::addColumn<std::string>("fix");
        const auto row = [](const char* name, const std::string& text, const char* where, const char* what,
                            const char* fix) {
            QTest::newRow(name) << text << std::string(where) << std::string(what) << std::string(fix);
        };
        row("unknown key", head("setps:\n" + kStep), "4:1", "setps", "steps");
        row("duplicate key", head("title: again\nsteps:\n" + kStep), "4:1", "title", "");
        row("alias", head("why: &x text\nsteps:\n" + kStep), "4:6", "", "");
        row("no steps", head("steps: []\n"), "4:8", "no steps", "");
        row("unknown system", "runbook: t\ntitle: T\nsystem: mapr\nsteps:\n" + kStep, "3:9", "unknown system",
            "maprdb");
        row("bad id", "runbook: Test One\ntitle: T\nsystem: maprdb\nsteps:\n" + kStep, "1:10", "no runbook id", "");
        row("unknown step key", step("    verfy: readable /t\n"), "9:5", "verfy", "verify");
        row("unknown check", step("    verify: raedable /t\n"), "9:13", "unknown check `raedable`", "`readable`");
        row("arity", step("    verify: readable /t /u\n"), "9:13", "takes 1 argument(s), not 2", "readable P");
        row("permission", step("    requires: has-permission /t bulkload\n"), "9:15", "bulkload", "bulkloadperm");
        row("state", step("    verify: link-state /a /b replicated\n"), "9:13", "replicated", "`replicating`");
        row("unknown placeholder", step("    verify: readable {{sorce}}\n"), "9:13", "unknown parameter `sorce`",
            "`source`");
        row("unknown filter", step("    verify: readable {{source | nam}}\n"), "9:13", "unknown filter `nam`",
            "`name`");
        row("open placeholder", step("    verify: readable {{source\n"), "9:13", "never closed", "}}");
        row("open quote", step("    do: make 'x\n    verify: readable /t\n    undo: none\n"), "9:9", "quote", "");
        row("no undo", step("    do: make x\n    verify: readable /t\n"), "7:5", "does not say how it is undone",
            "undo: none");
        row("two undos", step("    do: make x\n    verify: readable /t\n    undo: none\n    irreversible: why\n"),
            "7:5", "says twice", "");
        row("no verify", step("    do: make x\n    undo: none\n"), "7:5", "no `verify`", "");
        row("does nothing", step(""), "7:5", "neither does nor checks", "");
        row("does two things", step("    wait: 5s\n    human: Do it.\n"), "7:5", "more than one thing", "");
        row("two ids", step("    verify: readable /t\n") + kStep, "10:5", "two steps have the id `a`", "");
        row("duration", step("    wait: 5\n"), "9:11", "`5` is no duration", "30s");
        row("verify form", step("    verify: {becomes: readable /t, stays: readable /t}\n"), "9:13", "exactly one", "");
        row("within of stays", step("    verify: {stays: readable /t, within: 5s}\n"), "9:34", "`within` belongs",
            "for:");
        row("retry class", step("    verify: readable /t\n    retry: {attempts: 2, on: [transent]}\n"), "10:31",
            "transent", "`transient`");
        row("retry attempts", step("    verify: readable /t\n    retry: {attempts: 0}\n"), "10:23", "0", "");
        row("on-failure", step("    verify: readable /t\n    on-failure: abrt\n"), "10:17", "abrt", "`abort`");
        row("disabled without reason", step("    verify: readable /t\n    enabled: false\n"), "7:5", "disabled-because",
            "");
        row("parameter type", head("parameters:\n  s: {type: datset}\nsteps:\n" + kStep), "5:13", "datset",
            "`dataset`");
        row("parameter example", head("parameters:\n  s: {type: dataset, example: mapr/a/t}\nsteps:\n" + kStep), "5:31",
            "not an absolute path", "");
        row("parameter default", head("parameters:\n  s: {type: bool, default: maybe}\nsteps:\n" + kStep), "5:28",
            "neither true nor false", "");
        row("default of a later parameter",
            head("parameters:\n  s: {type: text, default: \"{{t}}\"}\n  t: {type: text}\nsteps:\n" + kStep), "5:28",
            "unknown parameter `t`", "");
        row("enum without values", head("parameters:\n  s: {type: enum}\nsteps:\n" + kStep), "5:3", "values", "");
        row("condition", step("    when: dataset-exist /t\n    verify: readable /t\n"), "9:11", "dataset-exist",
            "`dataset-exists`");
        row("command over lines", step("    do: |\n      one\n      two\n    verify: readable /t\n    undo: none\n"),
            "9:9", "several lines", "list");
    }
    void refusesWithPlaceAndHint() {
        QFETCH(std::string, text);
        QFETCH(std::string, where);
        QFETCH(std::string, what);
        QFETCH(std::string, fix);
        const auto parsed = parseRunbook(text, "book.yaml");
        QVERIFY(!parsed.ok());
        const Error& error = parsed.error();
        QCOMPARE(error.code, ErrorCode::InvalidInput);
        QCOMPARE(error.where, "book.yaml:" + where);
        QVERIFY2(error.what.find(what) != std::string::npos, error.what.c_str());
        QVERIFY2(error.fix.find(fix) != std::string::npos, error.full().c_str());
    }
    void readsEveryMember() {
        const auto parsed = parseRunbook(
            head(kParameters + "  mode: {type: enum, values: [fast, slow], default: slow}\n"
                               "requires: dataset-exists {{source}}\n"
                               "invariants: [readable /t]\nsteps:\n"
                               "  - id: all\n    title: All of {{source}}\n    why: Because.\n"
                               "    target: [one, two]\n    when: [not false, whole-table /a /b]\n"
                               "    done-when: [readable /a, readable /b]\n    requires: writable /a\n"
                               "    do:\n      - make one\n      - {run: make two, done-when: readable /two}\n"
                               "    verify:\n      - readable /a\n"
                               "      - {becomes: readable /b, within: 2m, interval: 250ms}\n"
                               "      - {stays: readable /c, for: 5s}\n"
                               "    undo: [drop two, drop one]\n    timeout: 90s\n"
                               "    retry: {attempts: 4, on: timeout, delay: 2s}\n"
                               "    on-failure: compensate\n    approval: {type-the-name: one}\n"
                               "    safe-to-stop: no\n    repeatable: yes\n    expect: Lag.\n    docs: Page.\n"
                               "  - id: rest\n    title: Rest\n    wait: 2h\n"),
            "book.yaml");
        QVERIFY_OK(parsed);
        const Runbook& book = parsed.value();
        const Step& all = book.steps.at(0);
        QCOMPARE(book.parameters.at(1).allowedValues.size(), std::size_t{2});
        QCOMPARE(book.requirements.at(0).text(), std::string("dataset-exists {{source}}"));
        QCOMPARE(book.invariants.at(0).name, std::string("readable"));
        QCOMPARE(all.targets.size(), std::size_t{2});
        QVERIFY(all.when.at(0).isStatic() && all.when.at(0).staticValue());
        QCOMPARE(all.when.at(1).text(), std::string("whole-table /a /b"));
        QCOMPARE(all.doneWhen.size(), std::size_t{2});
        QCOMPARE(all.commands.at(1).doneWhen->text(), std::string("readable /two"));
        QCOMPARE(all.verify.at(0).withinMs, Millis{30'000});
        QCOMPARE(all.verify.at(1).withinMs, Millis{120'000});
        QCOMPARE(all.verify.at(1).intervalMs, Millis{250});
        QVERIFY(all.verify.at(2).kind == VerifyClause::Kind::Stays);
        QCOMPARE(all.verify.at(2).withinMs, Millis{5'000});
        QCOMPARE(all.timeoutMs, Millis{90'000});
        QCOMPARE(all.retry.attempts, 4);
        QVERIFY(all.retry.covers(FailureClass::Timeout) && !all.retry.covers(FailureClass::Transient));
        QVERIFY(all.onFailure == OnFailure::Compensate);
        QCOMPARE(all.approval.typeTheName, std::string("one"));
        QVERIFY(!all.safeToStop && all.repeatable && all.canUndo());
        QCOMPARE(all.place.line, 10);
        QVERIFY(book.steps.at(1).kind == StepKind::Wait);
        QCOMPARE(book.steps.at(1).waitMs, Millis{7'200'000});
        QCOMPARE(book.hash, contentHash(book.text));
    }
    void hashFollowsTheText() {
        const auto one = parseRunbook(head("steps:\n" + kStep), "a");
        const auto two = parseRunbook(head("steps:\n" + kStep + "# note\n"), "a");
        QVERIFY_OK(one);
        QVERIFY_OK(two);
        QCOMPARE(one.value().hash.size(), std::size_t{32});
        QVERIFY(one.value().hash != two.value().hash);
    }
    void stepHashFollowsWhatIsDone() {
        const auto parsed = parseRunbook(step("    do: make x\n    verify: readable /t\n    undo: drop x\n"), "a");
        QVERIFY_OK(parsed);
        Step changed = parsed.value().steps[0];
        const std::string hash = stepHash(changed);
        QCOMPARE(hash.size(), std::size_t{12});
        changed.title = "Another title";
        QCOMPARE(stepHash(changed), hash);
        changed.commands[0].text = "make y";
        QVERIFY(stepHash(changed) != hash);
    }
    void missingFileIsNotFound() {
        const auto loaded = loadRunbook("/nonexistent/book.yaml", spoken());
        QVERIFY(!loaded.ok());
        QCOMPARE(loaded.error().code, ErrorCode::NotFound);
    }
};
TRIBUTARY_TEST(TestLoad)
#include "tst_load.moc"
