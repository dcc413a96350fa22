// The shipped runbooks: they load, and run from end to end against a system in memory.
#include <QTemporaryDir>

#include "core/base/text.h"
#include "runbooks/library/library.h"
#include "runbooks/runner/dryrun.h"
#include "spokenrunbooks.h"
#include "testmain.h"
#include "tests/runbooks/runner/harness.h"

using namespace tributary;
using namespace tributary::runbooks;
using namespace tributary::runbooks::test;

namespace {

const std::string kEdge = "replica /mapr/sanfrancisco/customers /mapr/newyork/customers running";
const std::string kReverse = "replica /mapr/newyork/customers /mapr/sanfrancisco/customers running";

Harness harnessOf(const std::string& name, ParameterValues values) {
    return Harness(libraryText(name).value(), std::move(values));
}

void seed(FakePort& port, bool replicated, const std::string& columns = {}) {
    port.tables[kSource] = {"profile", "orders"};
    if (!replicated) return;
    port.tables[kReplica] = {"profile", "orders"};
    port.replicas[{kSource, kReplica}] = {false, columns};
    port.upstreams.insert({kReplica, kSource});
}

void seedReverse(FakePort& port) {
    port.replicas[{kReplica, kSource}] = {};
    port.upstreams.insert({kSource, kReplica});
}

ParameterValues pair() {
    return {{"source", kSource}, {"replica", kReplica}};
}

bool has(const FakePort& port, const std::string& line) {
    const std::vector<std::string> lines = split(port.stateText(), '\n');
    return std::find(lines.begin(), lines.end(), line) != lines.end();
}

std::vector<std::string> commandsOf(const FakePort& port) {
    std::vector<std::string> out;
    for (const std::string& line : port.executed) {
        if (line.find(" list ") == std::string::npos) out.push_back(line);
    }
    return out;
}

}  // namespace

class TestLibrary : public QObject {
    Q_OBJECT
private slots:
    void everyRunbookLoadsRendersAndIsShipped() {
        const std::vector<LibraryEntry> library = listLibrary();
        QCOMPARE(library.size(), std::size_t{29});
        FakeClock clock;
        FakePort port(clock);
        for (const LibraryEntry& entry : library) {
            QVERIFY2(entry.problem.empty(), entry.problem.c_str());
            QVERIFY(!entry.title.empty() && !entry.why.empty() && entry.origin.empty());
            const auto book = findRunbook(entry.name, {});
            QVERIFY_OK(book);
            QCOMPARE(book.value().id, entry.name);
            ParameterValues examples;
            for (const Parameter& parameter : book.value().parameters) {
                if (parameter.required) examples[parameter.name] = parameter.example;
            }
            const auto dry = dryRun(book.value(), examples, &port);
            QVERIFY_OK(dry);
            QVERIFY2(dry.value().invalidLines == 0, (entry.name + "\n" + dry.value().text).c_str());
            const QString path = QStringLiteral(TRIBUTARY_SOURCE_DIR "/runbooks/library/");
            const auto shipped = loadRunbook(path.toStdString() + entry.name + ".yaml", spoken());
            QVERIFY_OK(shipped);
            QCOMPARE(shipped.value().hash, book.value().hash);
        }
    }
    void multiMasterFollowsTheDocumentedOrder() {
        Harness harness = harnessOf("multi-master-setup", pair());
        QVERIFY2(harness.problem.empty(), harness.problem.c_str());
        seed(harness.port, false);
        const RunResult result = harness.run();
        QVERIFY2(result.outcome == RunOutcome::Success, result.reason.c_str());
        const std::string s = kSource;
        const std::string r = kReplica;
        const std::vector<std::string> expected{
            "maprcli table create -path " + r + " -copymetafrom " + s,
            "maprcli table replica add -path " + s + " -replica " + r + " -paused true",
            "maprcli table replica list -path " + s + " -refreshnow true",
            "maprcli table upstream add -path " + r + " -upstream " + s,
            "maprcli table upstream list -path " + r,
            "hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src " + s + " -dst " + r +
                " -bulkload false -mapreduce false",
            "maprcli table replica resume -path " + s + " -replica " + r,
            "maprcli table replica add -path " + r + " -replica " + s,
            "maprcli table replica list -path " + r + " -refreshnow true",
            "maprcli table upstream add -path " + s + " -upstream " + r};
        QCOMPARE(join(harness.port.executed, "\n"), join(expected, "\n"));
        QVERIFY(has(harness.port, kEdge) && has(harness.port, kReverse));
        QCOMPARE(harness.state.find("compare")->phase, StepPhase::NotNeeded);
        const auto undone = harness.undo();
        QVERIFY_OK(undone);
        QVERIFY2(undone.value().outcome == RunOutcome::Undone, undone.value().reason.c_str());
        QCOMPARE(harness.port.stateText(), "table " + kSource + " orders,profile\n");
    }
    void oneWaySetupIsTheFirstDirectionOfMultiMaster() {
        Harness one = harnessOf("replica-setup", pair());
        QVERIFY2(one.problem.empty(), one.problem.c_str());
        seed(one.port, false);
        const RunResult result = one.run();
        QVERIFY2(result.outcome == RunOutcome::Success, result.reason.c_str());
        Harness both = harnessOf("multi-master-setup", pair());
        seed(both.port, false);
        QCOMPARE(both.run().outcome, RunOutcome::Success);
        const std::vector<std::string> first(both.port.executed.begin(), both.port.executed.begin() + 7);
        QCOMPARE(join(one.port.executed, "\n"), join(first, "\n"));
        QVERIFY(has(one.port, kEdge) && !has(one.port, kReverse));
        const auto undone = one.undo();
        QVERIFY_OK(undone);
        QVERIFY2(undone.value().outcome == RunOutcome::Undone, undone.value().reason.c_str());
        QCOMPARE(one.port.stateText(), "table " + kSource + " orders,profile\n");
    }
    void multiMasterRunsAgainWithoutDoingAnything() {
        Harness harness = harnessOf("multi-master-setup", pair());
        seed(harness.port, true);
        seedReverse(harness.port);
        harness.values["copy"] = "false";
        const std::string before = harness.port.stateText();
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
        QVERIFY(commandsOf(harness.port).empty());
        QCOMPARE(harness.port.stateText(), before);
    }
    void multiMasterStopsBeforeAnythingWithoutPermission() {
        Harness harness = harnessOf("multi-master-setup", pair());
        seed(harness.port, false);
        harness.port.answers["has-permission " + kSource + " replperm"] = {CheckVerdict::False};
        const RunResult result = harness.run();
        QCOMPARE(static_cast<int>(result.exitCode()), 1);
        QCOMPARE(result.stepId, std::string("check-source-permissions"));
        QVERIFY(harness.port.executed.empty());
    }
    void multiMasterSurvivesACrashAtEveryRecord() {
        int crashes = 0;
        for (int at = 2;; ++at) {
            Harness harness = harnessOf("multi-master-setup", pair());
            seed(harness.port, false);
            harness.crashAt = at;
            harness.crashAfterWriting = false;
            try {
                QCOMPARE(harness.run().outcome, RunOutcome::Success);
                break;
            } catch (const Crash&) {
                ++crashes;
            }
            harness.crashAt = 0;
            const auto resumed = harness.resume();
            QVERIFY_OK(resumed);
            QVERIFY2(resumed.value().outcome == RunOutcome::Success, resumed.value().reason.c_str());
            QVERIFY(has(harness.port, kEdge) && has(harness.port, kReverse));
            QVERIFY(harness.port.copied.count({kSource, kReplica}) == 1);
        }
        QVERIFY(crashes > 60);
    }
    void columnFamilyOnAWholeTable() {
        Harness harness = harnessOf("column-family-addition", pair());
        harness.values["family"] = "preferences";
        seed(harness.port, true);
        const RunResult result = harness.run();
        QVERIFY2(result.outcome == RunOutcome::Success, result.reason.c_str());
        const std::vector<std::string> expected{"maprcli table cf create -path " + kReplica + " -cfname preferences",
                                                "maprcli table cf create -path " + kSource + " -cfname preferences"};
        QCOMPARE(join(harness.port.executed, "\n"), join(expected, "\n"));
        QCOMPARE(harness.state.find("pause")->phase, StepPhase::NotNeeded);
    }
    void columnFamilyOnASubset() {
        Harness harness = harnessOf("column-family-addition", pair());
        harness.values["family"] = "preferences";
        harness.values["columns"] = "profile,preferences";
        seed(harness.port, true, "profile");
        const RunResult result = harness.run();
        QVERIFY2(result.outcome == RunOutcome::Success, result.reason.c_str());
        const std::string edge = " -path " + kSource + " -replica " + kReplica;
        const std::vector<std::string> tail(harness.port.executed.begin() + 2, harness.port.executed.end());
        const std::vector<std::string> expected{
            "maprcli table replica pause" + edge, "maprcli table replica edit" + edge + " -columns profile,preferences",
            "hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src " + kSource + " -dst " + kReplica +
                " -columns preferences -bulkload false -mapreduce false",
            "maprcli table replica resume" + edge};
        QCOMPARE(join(tail, "\n"), join(expected, "\n"));
        QVERIFY(has(harness.port, kEdge + " profile,preferences"));
    }
    void columnFamilyOnASubsetWantsTheFullList() {
        Harness harness = harnessOf("column-family-addition", pair());
        harness.values["family"] = "preferences";
        seed(harness.port, true, "profile");
        const RunResult result = harness.run();
        QCOMPARE(result.outcome, RunOutcome::VerifyFailed);
        QCOMPARE(result.stepId, std::string("check-columns"));
        QVERIFY(harness.port.executed.empty());
    }
    void redirectAndReturnWaitsForTheTable() {
        Harness harness = harnessOf("redirect-and-return", {{"offline", kSource}, {"standby", kReplica}});
        seed(harness.port, true);
        seedReverse(harness.port);
        std::deque<CheckVerdict>& answers = harness.port.answers["readable " + kSource];
        answers = {CheckVerdict::Unknown, CheckVerdict::Unknown, CheckVerdict::False, CheckVerdict::True};
        const RunResult result = harness.run();
        QVERIFY2(result.outcome == RunOutcome::Success, result.reason.c_str());
        const std::vector<std::string> asked{"instruct redirect-clients", "instruct return-clients"};
        QVERIFY(harness.approver.asked == asked);
        QVERIFY(harness.port.executed.empty());
        QVERIFY(harness.clock.passedMs >= 15'000);
    }
    void resyncLetsThroughCopiesBothWaysAndClears() {
        Harness harness = harnessOf("replica-resync", pair());
        QVERIFY2(harness.problem.empty(), harness.problem.c_str());
        seed(harness.port, true);
        seedReverse(harness.port);
        harness.port.replicas[{kReplica, kSource}].paused = true;
        std::deque<CheckVerdict>& same = harness.port.answers["same-data " + std::string(kSource) + " " + kReplica];
        same = {CheckVerdict::False};
        harness.port.onExecute = [&same](const std::string& line) {
            if (line.find("CopyTable -src " + std::string(kReplica)) != std::string::npos) same = {CheckVerdict::True};
        };
        const RunResult result = harness.run();
        QVERIFY2(result.outcome == RunOutcome::Success, result.reason.c_str());
        const std::string s = kSource;
        const std::string r = kReplica;
        const std::string copy = "hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src ";
        const std::string clear = "maprcli alarm clear -alarm VOLUME_ALARM_TABLE_REPL_ERROR -entity ";
        const std::vector<std::string> expected{"maprcli table replica resume -path " + r + " -replica " + s,
                                                copy + s + " -dst " + r + " -bulkload false -mapreduce false",
                                                copy + r + " -dst " + s + " -bulkload false -mapreduce false",
                                                clear + s + " -cluster sanfrancisco", clear + r + " -cluster newyork"};
        QCOMPARE(join(commandsOf(harness.port), "\n"), join(expected, "\n"));
        QCOMPARE(harness.state.find("let-through")->phase, StepPhase::AlreadyDone);
    }
    void resyncOfEqualTablesCopiesNothing() {
        Harness harness = harnessOf("replica-resync", pair());
        harness.values["multimaster"] = "false";
        seed(harness.port, true);
        const RunResult result = harness.run();
        QVERIFY2(result.outcome == RunOutcome::Success, result.reason.c_str());
        QVERIFY(harness.port.copied.empty());
        QCOMPARE(commandsOf(harness.port).size(), std::size_t{1});
    }
    void rebuildThrowsTheReplicaAwayAndMakesItAgain() {
        Harness harness = harnessOf("rebuild-replica", pair());
        harness.values["multimaster"] = "true";
        harness.values["columns"] = "profile";
        seed(harness.port, true, "profile");
        seedReverse(harness.port);
        harness.port.tables[kReplica] = {"profile", "diverged"};
        const RunResult result = harness.run();
        QVERIFY2(result.outcome == RunOutcome::Success, result.reason.c_str());
        QVERIFY(has(harness.port, kEdge + " profile") && has(harness.port, kReverse + " profile"));
        QVERIFY(has(harness.port, "table " + kReplica + " orders,profile"));
        QCOMPARE(harness.state.approvals.at(0).stepId, std::string("delete-replica"));
        QCOMPARE(harness.state.approvals.at(0).how, std::string("typed"));
        const auto undone = harness.undo();
        QVERIFY_OK(undone);
        QCOMPARE(undone.value().outcome, RunOutcome::Usage);
        QCOMPARE(undone.value().stepId, std::string("delete-replica"));
    }
    void rebuildSurvivesACrashAtEveryRecord() {
        int crashes = 0;
        for (int at = 2;; ++at) {
            Harness harness = harnessOf("rebuild-replica", pair());
            seed(harness.port, true);
            harness.port.tables[kReplica] = {"diverged"};
            harness.crashAt = at;
            harness.crashAfterWriting = false;
            try {
                QCOMPARE(harness.run().outcome, RunOutcome::Success);
                break;
            } catch (const Crash&) {
                ++crashes;
            }
            harness.crashAt = 0;
            const auto resumed = harness.resume();
            QVERIFY_OK(resumed);
            QVERIFY2(resumed.value().outcome == RunOutcome::Success, resumed.value().reason.c_str());
            QVERIFY(has(harness.port, kEdge));
            QVERIFY(has(harness.port, "table " + kReplica + " orders,profile"));
            QCOMPARE(std::count(harness.port.executed.begin(), harness.port.executed.end(),
                                "maprcli table delete -path " + kReplica),
                     1);
        }
        QVERIFY(crashes > 50);
    }
    void teardownLeavesNoRecordAndUndoBringsThemBack() {
        Harness harness = harnessOf("replication-teardown", pair());
        seed(harness.port, true);
        seedReverse(harness.port);
        const std::string before = harness.port.stateText();
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
        QVERIFY(harness.port.replicas.empty() && harness.port.upstreams.empty());
        QCOMPARE(harness.port.tables.size(), std::size_t{2});
        QCOMPARE(harness.undo().value().outcome, RunOutcome::Undone);
        QCOMPARE(harness.port.stateText(), before);
    }
    void teardownOfOneDirectionKeepsTheOther() {
        Harness harness = harnessOf("replication-teardown", pair());
        harness.values["both"] = "false";
        seed(harness.port, true);
        seedReverse(harness.port);
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
        QVERIFY(!has(harness.port, kEdge) && has(harness.port, kReverse));
    }
    void ownRunbooksComeFirst() {
        QTemporaryDir dir;
        QVERIFY(QDir(dir.path()).mkpath(QStringLiteral("runbooks")));
        write(dir, "multi-master-setup", newRunbook("multi-master-setup").value());
        write(dir, "broken", "runbook: [");
        const std::string workspace = dir.path().toStdString();
        const auto own = findRunbook("multi-master-setup", workspace);
        QVERIFY_OK(own);
        QCOMPARE(own.value().steps.size(), std::size_t{1});
        const std::vector<LibraryEntry> listed = listRunbooks(workspace);
        QCOMPARE(listed.size(), std::size_t{30});
        QCOMPARE(listed[1].name, std::string("broken"));
        QVERIFY(listed[1].problem.find("broken.yaml:") != std::string::npos);
        const auto missing = findRunbook("rebiuld-replica", workspace);
        QVERIFY(!missing.ok());
        QCOMPARE(missing.error().fix, std::string("did you mean `rebuild-replica`?"));
    }
    void aNewRunbookRunsAsItIs() {
        const auto text = newRunbook("my-steps");
        QVERIFY_OK(text);
        Harness harness(text.value(), {{"source", kSource}});
        QVERIFY2(harness.problem.empty(), harness.problem.c_str());
        QCOMPARE(harness.runbook.id, std::string("my-steps"));
        seed(harness.port, false);
        QCOMPARE(harness.run().outcome, RunOutcome::Success);
        QVERIFY(!newRunbook("My Steps").ok());
    }

private:
    static void write(const QTemporaryDir& dir, const char* name, const std::string& text) {
        QFile file(dir.filePath(QStringLiteral("runbooks/%1.yaml").arg(QString::fromLatin1(name))));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text.data(), static_cast<qint64>(text.size()));
    }
};
TRIBUTARY_TEST(TestLibrary)
#include "tst_library.moc"
