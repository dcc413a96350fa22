// A runbook that was written is the runbook that is read.
#include <QTest>

#include "runbooks/model/load.h"
#include "runbooks/planner/runbookwriter.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;

class RunbookWriterTest : public QObject {
    Q_OBJECT

private slots:
    void everyPartIsReadBackAsItWas_data() {
        QTest::addColumn<std::string>("text");
        for (const char* each :
             {"plain words", "a: b", "with \"quotes\" and 'quotes'", "back\\slash", "# no comment", "- no list", "true",
              "12", "{braces}", "[brackets]", "* & ! % @", "ends with:", "/mapr/a/t -> /mapr/b/t", "grüße", "none"}) {
            QTest::newRow(each) << std::string(each);
        }
    }
    void everyPartIsReadBackAsItWas() {
        QFETCH(std::string, text);
        Runbook book;
        book.id = "writer";
        book.title = text;
        book.why = text;
        book.system = "maprdb";
        book.requirements = {Check{"table-has", {"/mapr/a/t", "replperm", "u:ana | u:ben"}, {}},
                             Check{"gateways-set", {"a", "b", ""}, {}}};
        Step step;
        step.id = "one";
        step.title = text;
        step.why = text;
        step.kind = StepKind::Commands;
        step.targets = {text, "/mapr/a/t"};
        step.doneWhen = {Check{"dataset-exists", {"/mapr/a/t"}, {}}};
        step.requirements = book.requirements;
        step.commands = {{"maprcli table create -path /mapr/a/t", Check{"dataset-exists", {"/mapr/a/t"}, {}}, {}},
                         {"maprcli table edit -path /mapr/a/t -replperm 'u:ana | u:ben'", {}, {}}};
        step.verify = {{VerifyClause::Kind::Becomes, step.doneWhen.front()},
                       {VerifyClause::Kind::Becomes, step.doneWhen.front(), 120'000, 200}};
        step.undo = {{"maprcli table delete -path /mapr/a/t", {}, {}}};
        step.repeatable = true;
        step.timeoutMs = 43'200'000;
        step.retry = {3, {FailureClass::Transient, FailureClass::Unreachable}, 2'000};
        step.approval = {true, text, text};
        step.safeToStop = false;
        step.expect = text;
        book.steps = {step, step};
        book.steps[1].id = "two";
        book.steps[1].undo.clear();
        book.steps[1].irreversible = text;
        book.steps[1].approval = {true, text, {}};
        book.steps[1].targets = {text};
        const std::string written = runbookText(book, "two lines\nof a head");
        const auto read = parseRunbook(written, "written.yaml");
        QVERIFY2(read.ok(), read.ok() ? "" : (read.error().full() + "\n" + written).c_str());
        QCOMPARE(read->title, text);
        QCOMPARE(read->why, text);
        QCOMPARE(read->requirements[0].text(), book.requirements[0].text());
        QCOMPARE(read->requirements[1].text(), book.requirements[1].text());
        QCOMPARE(read->steps.size(), std::size_t{2});
        for (std::size_t i = 0; i < 2; ++i) compare(read->steps[i], book.steps[i]);
        // Written again it is the same text.
        QCOMPARE(runbookText(*read, "two lines\nof a head"), written);
    }

private:
    static void compare(const Step& read, const Step& meant) {
        QCOMPARE(stepHash(read), stepHash(meant));
        QCOMPARE(read.why, meant.why);
        QCOMPARE(read.targets, meant.targets);
        QCOMPARE(read.verify.size(), meant.verify.size());
        QCOMPARE(read.verify.back().withinMs, meant.verify.back().withinMs);
        QCOMPARE(read.verify.back().intervalMs, meant.verify.back().intervalMs);
        QCOMPARE(read.timeoutMs, meant.timeoutMs);
        QCOMPARE(read.retry.attempts, meant.retry.attempts);
        QCOMPARE(read.retry.on, meant.retry.on);
        QCOMPARE(read.approval.text, meant.approval.text);
        QCOMPARE(read.approval.typeTheName, meant.approval.typeTheName);
        QCOMPARE(read.irreversible, meant.irreversible);
        QCOMPARE(read.safeToStop, meant.safeToStop);
        QCOMPARE(read.repeatable, meant.repeatable);
        QCOMPARE(read.expect, meant.expect);
    }
};
TRIBUTARY_TEST(RunbookWriterTest)
#include "tst_runbookwriter.moc"
