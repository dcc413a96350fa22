// The runbooks for instances, run on a replica set of a test: what they do, what they refuse, and what they leave.
#include "app/instanceruns/instanceport.h"
#include "app/systems/dialects.h"
#include "core/base/text.h"
#include "replicasetworld.h"
#include "runbooks/library/library.h"
#include "runbooks/runner/runner.h"
#include "testmain.h"
#include "tests/runbooks/runner/fakes.h"

using namespace tributary;
using namespace tributary::app;
using namespace tributary::runbooks;
using tributary::test::ReplicaSetWorld;

namespace {

const ParameterValues kRebootstrap{{"app", "master_master"},
                                   {"wiped", "instance002"},
                                   {"keeper", "instance001"},
                                   {"listen", "127.0.0.1:3301"},
                                   {"rows-lost", "1"}};

/// One run on a world.
struct Run {
    Run(const char* name, ParameterValues given) : values(std::move(given)) {
        runbook = findRunbook(name, {}, dialects()).value();
    }
    RunResult operator()() {
        journalText.clear();
        RunJournal journal(std::make_unique<runbooks::test::MemorySink>(journalText), clock, "run-1");
        InstancePort port(world);
        Runner runner(port, clock, *person, listener, dialects());
        RunOptions options;
        options.approvals = approvals;
        options.approveAll = approveAll;
        return runner.run(runbook, values, journal, options);
    }
    RunResult undo() {
        RunJournal journal(std::make_unique<runbooks::test::MemorySink>(journalText), clock,
                           readJournal(journalText, "j").value());
        InstancePort port(world);
        Runner runner(port, clock, approver, listener, dialects());
        UndoOptions options;
        options.approveAll = true;
        return runner.undo(journal, options);
    }
    [[nodiscard]] std::string config() const { return readTextFile(world.folder() + "/config.yaml").valueOr(""); }

    ReplicaSetWorld world;
    runbooks::test::FakeClock clock;
    AbsentApprover approver;
    Approver* person = &approver;
    runbooks::test::LogListener listener;
    Runbook runbook;
    ParameterValues values;
    std::map<std::string, std::string> approvals;
    std::string journalText;
    bool approveAll = true;
};

bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class TestTarantoolBooks : public QObject {
    Q_OBJECT
private slots:
    void twoMastersAreStarted() {
        Run run("tarantool-master-master",
                {{"app", "master_master"}, {"first", "instance001"}, {"second", "instance002"}});
        run.world.at("instance001").isRunning = false;
        run.world.at("instance002").isRunning = false;
        const RunResult result = run();
        QVERIFY2(result.outcome == RunOutcome::Success, (result.stepId + ": " + result.reason).c_str());
        QVERIFY(run.world.at("instance001").isRunning && run.world.at("instance002").isRunning);
        QCOMPARE(run.undo().outcome, RunOutcome::Undone);
        QVERIFY(!run.world.at("instance001").isRunning && !run.world.at("instance002").isRunning);
    }

    void aRebootstrapEndsWithEqualRowsAndTheSameUuid() {
        Run run("tarantool-rebootstrap", kRebootstrap);
        run.values["save"] = "lost.jsonl";
        run.world.at("instance002").spaces["bands"][0].second = std::string("\x92\x01\xa1x", 4);
        run.world.at("instance001").spaces["bands"][0].second = std::string("\x92\x01\xa1x", 4);
        run.world.clash();
        run.world.at("instance002").spaces["bands"].back().second = std::string("\x92\x05\xa1y", 4);
        run.approvals["wipe"] = "instance002";
        const RunResult result = run();
        QVERIFY2(result.outcome == RunOutcome::Success, (result.stepId + ": " + result.reason).c_str());
        QVERIFY(run.world.at("instance001").spaces == run.world.at("instance002").spaces);
        QCOMPARE(run.world.member("instance001", "1")["uuid"].get<std::string>(), std::string(tributary::test::kUuid2));
        QCOMPARE(run.world.member("instance001", "1")["upstream"]["status"].get<std::string>(), std::string("follow"));
        QVERIFY(!run.world.at("instance002").info["ro"].get<bool>());
        QVERIFY(says(run.config(), "- uri: '127.0.0.1:3301'") || says(run.config(), "[{uri: '127.0.0.1:3301'}]"));
        QVERIFY(says(run.config(), std::string("instance_uuid: ") + tributary::test::kUuid2));
        QVERIFY(says(run.config(), "mode: rw   # both"));
        QCOMPARE(readTextFile(run.world.environment() + "/lost.jsonl").valueOr(""),
                 std::string("[\"bands\",[5,\"y\"]]\n"));
    }

    void rowsThatWouldBeLostAreListedAndRefuseIt() {
        Run run("tarantool-rebootstrap", kRebootstrap);
        run.world.clash();
        run.values["rows-lost"] = "0";
        run.approvals["wipe"] = "instance002";
        const RunResult result = run();
        QCOMPARE(result.stepId, std::string("check-rows-lost"));
        QVERIFY2(says(result.reason, "1 rows exist only at instance002: bands 5"), result.reason.c_str());
        QCOMPARE(run.config(), std::string(tributary::test::kConfig));
        QVERIFY(run.world.at("instance002").isRunning);
    }

    void aThirdPeerThatIsAheadRefusesItBeforeAnything() {
        Run run("tarantool-rebootstrap", kRebootstrap);
        run.world.clash();
        run.world.write("instances.yml", "instance001:\ninstance002:\ninstance003:\n");
        run.world.at("instance003").info = run.world.at("instance002").info;
        run.approvals["wipe"] = "instance002";
        for (const bool runs : {true, false}) {
            run.world.at("instance003").isRunning = runs;
            const RunResult result = run();
            QCOMPARE(result.stepId, std::string("check-third-peers"));
            QVERIFY2(says(result.reason, "instance003"), result.reason.c_str());
        }
        QVERIFY(run.world.said.empty());
        QCOMPARE(run.config(), std::string(tributary::test::kConfig));
    }

    void itsWipeWantsTheNameTyped() {
        Run run("tarantool-rebootstrap", kRebootstrap);
        run.world.clash();
        const RunResult result = run();
        QCOMPARE(result.outcome, RunOutcome::ApprovalNeeded);
        QVERIFY(std::filesystem::exists(run.world.folder() + "/var/lib/instance002/1.snap"));
        run.approvals["wipe"] = "instance001";
        QVERIFY(run().outcome != RunOutcome::Success);
        QVERIFY(std::filesystem::exists(run.world.folder() + "/var/lib/instance002/1.snap"));
    }

    void aJoinThatDoesNotComeIsToldAndNotTakenForOne() {
        Run run("tarantool-rebootstrap", kRebootstrap);
        run.world.clash();
        run.world.joins = false;
        run.approvals["wipe"] = "instance002";
        const RunResult result = run();
        QCOMPARE(result.stepId, std::string("start"));
        QVERIFY(result.outcome != RunOutcome::Success);
        run.world.joins = true;
        // Nothing is wiped again: what is found done stays done.
        const auto before = run.world.said.size();
        const RunResult again = run();
        QVERIFY2(again.outcome != RunOutcome::Success, "the wiped one runs no more, so its rows cannot be looked at");
        QVERIFY(run.world.said.size() >= before);
        run.values["look"] = "false";
        const RunResult last = run();
        QVERIFY2(last.outcome == RunOutcome::Success, (last.stepId + ": " + last.reason).c_str());
    }

    void conflictsAreSkippedOnlyUntilTheRightRowIsWritten() {
        Run run("tarantool-resolve-conflict", {{"app", "master_master"},
                                               {"keep", "instance001"},
                                               {"other", "instance002"},
                                               {"keep-listen", "127.0.0.1:3301"},
                                               {"other-listen", "127.0.0.1:3302"},
                                               {"way", "skip"}});
        QCOMPARE(run().stepId, std::string("check-conflict"));
        run.world.clash();
        run.world.at("instance002").info["vclock"] = run.world.at("instance001").info["vclock"];
        runbooks::test::ScriptedApprover somebody;
        somebody.approvals = {Answer{Answer::Kind::Yes, "ana", {}, {}}};
        somebody.instructions = {Answer{Answer::Kind::Yes, "ana", {}, {}}};
        somebody.whileAsked = [&] {
            if (somebody.asked.size() < 2) return;
            QVERIFY(says(run.config(), "skip_conflict: true"));
            QVERIFY(run.world.at("instance001").spaces != run.world.at("instance002").spaces);
            run.world.at("instance002").spaces = run.world.at("instance001").spaces;
        };
        run.person = &somebody;
        run.approveAll = false;
        const RunResult result = run();
        QVERIFY2(result.outcome == RunOutcome::Success, (result.stepId + ": " + result.reason).c_str());
        QCOMPARE(somebody.asked, (std::vector<std::string>{"approve skip-conflicts", "instruct write-right-rows"}));
        QVERIFY(!says(run.config(), "skip_conflict"));
        QCOMPARE(run.world.member("instance002", "2")["upstream"]["status"].get<std::string>(), std::string("follow"));
    }

    void anInstanceIsAddedAndRemoved() {
        Run add("tarantool-add-instance", {{"app", "master_master"},
                                           {"instance", "instance003"},
                                           {"like", "instance001"},
                                           {"other", "instance002"},
                                           {"listen", "127.0.0.1:3303"}});
        add.world.at("instance003").isRunning = false;
        const RunResult added = add();
        QVERIFY2(added.outcome == RunOutcome::Success, (added.stepId + ": " + added.reason).c_str());
        QVERIFY(says(add.config(), "instance003"));
        QCOMPARE(add.world.member("instance002", "3")["upstream"]["status"].get<std::string>(), std::string("follow"));

        add.runbook = findRunbook("tarantool-remove-instance", {}, dialects()).value();
        add.values = {{"app", "master_master"},  {"instance", "instance003"}, {"id", "3"},
                      {"keeper", "instance001"}, {"other", "instance002"},    {"listen", "127.0.0.1:3303"}};
        add.approvals["unregister"] = "instance003";
        const RunResult removed = add();
        QVERIFY2(removed.outcome == RunOutcome::Success, (removed.stepId + ": " + removed.reason).c_str());
        QCOMPARE(add.config(), std::string(tributary::test::kConfig));
        QVERIFY(!add.world.at("instance001").info["replication"].contains("3"));
    }

    void aWriterIsNeverRemovedWithRowsThatNobodyHas() {
        Run run("tarantool-remove-instance", {{"app", "master_master"},
                                              {"instance", "instance002"},
                                              {"id", "1"},
                                              {"keeper", "instance001"},
                                              {"listen", "127.0.0.1:3302"}});
        run.world.clash();
        run.approvals["unregister"] = "instance002";
        const RunResult result = run();
        QCOMPARE(result.stepId, std::string("drain"));
        QVERIFY(run.world.at("instance002").isRunning);
        const RunResult undone = run.undo();
        QVERIFY2(undone.outcome == RunOutcome::Undone, undone.reason.c_str());
        QCOMPARE(run.config(), std::string(tributary::test::kConfig));
    }
};
TRIBUTARY_TEST(TestTarantoolBooks)
#include "tst_tarantoolbooks.moc"
