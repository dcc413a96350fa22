// The checks over instances that say what a test tells them to: yes, no, and what nobody can tell.
#include "app/instanceruns/instancechecks.h"

#include "app/systems/dialects.h"
#include "core/base/text.h"
#include "fakeworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
using runbooks::CheckVerdict;
using test::FakeWorld;

namespace {

const std::string kOne = "master_master:instance001";
const std::string kTwo = "master_master:instance002";

/// "yes", "no" or "?", and the evidence of the last one in `evidence`.
struct Asker {
    FakeWorld& world;
    std::string evidence{};

    std::string operator()(const std::string& line) {
        std::vector<std::string> words = split(line, ' ');
        const std::string name = words.front();
        words.erase(words.begin());
        for (std::string& word : words) {
            if (word == "1") word = kOne;
            if (word == "2") word = kTwo;
            if (word == "3") word = "master_master:instance003";
            if (word == "''") word.clear();
        }
        const runbooks::CheckOutcome outcome = evaluateInstanceCheck(world, name, words);
        evidence = outcome.evidence;
        return outcome.verdict == CheckVerdict::True ? "yes" : outcome.verdict == CheckVerdict::False ? "no" : "?";
    }
};

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

class TestInstanceChecks : public QObject {
    Q_OBJECT
private slots:
    void everyCheckOfTheDialectIsAnswered() {
        FakeWorld world;
        for (const runbooks::CheckSpec* spec : dialects().of("tarantool").checks()) {
            std::vector<std::string> arguments;
            for (const std::string_view argument : spec->arguments) {
                arguments.push_back(argument == "INSTANCE" ? kOne
                                    : argument == "PEER"   ? kTwo
                                    : argument == "ROWS"   ? "0"
                                                           : "database.mode");
            }
            const auto outcome = evaluateInstanceCheck(world, std::string(spec->name), arguments);
            QVERIFY2(outcome.verdict != CheckVerdict::Unknown,
                     (std::string(spec->name) + ": " + outcome.evidence).c_str());
            arguments.emplace_back("more");
            QVERIFY(evaluateInstanceCheck(world, std::string(spec->name), arguments).verdict == CheckVerdict::Unknown);
        }
        QVERIFY(evaluateInstanceCheck(world, "dataset-exists", {"/x"}).verdict == CheckVerdict::Unknown);
    }

    void aHealthyPair_data() {
        QTest::addColumn<QString>("check");
        QTest::addColumn<QString>("verdict");
        const auto row = [](const char* check, const char* verdict) {
            QTest::newRow(check) << QString::fromUtf8(check) << QString::fromUtf8(verdict);
        };
        row("instance-runs 1", "yes");
        row("instance-stopped 1", "no");
        row("instance-ready 1", "yes");
        row("read-write 1", "yes");
        row("read-only 1", "no");
        row("follows 1 2", "yes");
        row("follows 2 1", "yes");
        row("upstream-stopped 1 2", "no");
        row("no-upstream 1 2", "no");
        row("no-upstream 1 3", "yes");
        row("sends-to 1 2", "yes");
        row("caught-up 1 2", "yes");
        row("same-data 1 2", "yes");
        row("rows-only-here 1 2 0", "yes");
        row("rows-only-here 1 2 many", "?");
        row("registered 2 1", "yes");
        row("registered 3 1", "no");
        row("not-registered 3 1", "yes");
        row("member-id 2 1 01", "no");
        row("member-id 3 1 4", "no");
        row("uuid-pinned 2 1", "no");
        row("no-third-peer-ahead 2 1", "yes");
        row("config-has 1 database.mode rw", "yes");
        row("config-has 1 database.mode ro", "no");
        row("config-has 1 database.instance_uuid ''", "yes");
        row("config-has 3 database.mode ro", "?");
        row("configured 1", "yes");
        row("configured 3", "no");
        row("not-configured 3", "yes");
        row("data-absent 1", "yes");
        row("instance-runs nobody:x", "?");
        row("instance-runs master_master", "yes");
        row("instance-ready master_master", "yes");
        row("instance-stopped master_master", "no");
        row("instance-runs nobody", "?");
    }
    void aHealthyPair() {
        QFETCH(QString, check);
        FakeWorld world;
        Asker ask{world};
        const std::string verdict = ask(check.toStdString());
        QVERIFY2(!ask.evidence.empty(), "every answer says what was seen");
        QTEST(QString::fromStdString(verdict), "verdict");
    }

    void whatDoesNotAnswerIsUnknownAndNeverFine() {
        FakeWorld world;
        world.at("instance002").isRunning = false;
        Asker ask{world};
        for (const char* check : {"read-write 2", "read-only 2", "follows 2 1", "caught-up 1 2", "same-data 1 2",
                                  "rows-only-here 2 1 0", "registered 1 2", "uuid-pinned 1 2",
                                  "no-third-peer-ahead 1 2", "no-upstream 2 1", "upstream-stopped 2 1"}) {
            QVERIFY2(ask(check) == "?", check);
        }
        QCOMPARE(ask("instance-stopped 2"), std::string("yes"));
        QCOMPARE(ask("instance-ready 2"), std::string("no"));
        QCOMPARE(ask("instance-runs master_master"), std::string("no"));
        QCOMPARE(ask.evidence.find("instance002: it has no process") != std::string::npos, true);
        QCOMPARE(ask("instance-stopped master_master"), std::string("no"));
        QCOMPARE(ask("instance-ready master_master"), std::string("no"));
        world.isUnclear = true;
        QCOMPARE(ask("instance-runs master_master"), std::string("?"));
        QCOMPARE(ask("instance-ready 2"), std::string("?"));
        QCOMPARE(ask("instance-stopped 2"), std::string("?"));
        QCOMPARE(ask("instance-runs 2"), std::string("?"));
    }

    void theStoppedApplierOfTheTutorial() {
        FakeWorld world;
        world.member("instance001", "1")["upstream"] = {
            {"status", "stopped"}, {"idle", 3.9}, {"lag", 143.5}, {"message", "Duplicate key exists"}};
        world.member("instance001", "1")["downstream"] = {{"status", "stopped"}, {"message", "unexpected EOF"}};
        Asker ask{world};
        QCOMPARE(ask("follows 1 2"), std::string("no"));
        QVERIFY(holds(ask.evidence, "stopped: Duplicate key exists"));
        QCOMPARE(ask("upstream-stopped 1 2"), std::string("yes"));
        QCOMPARE(ask("sends-to 1 2"), std::string("no"));
        QVERIFY(holds(ask.evidence, "unexpected EOF"));
    }

    void clocksAreComparedWithoutTheLocalComponent() {
        FakeWorld world;
        world.at("instance001").info["vclock"] = {{"0", 100}, {"1", 9}, {"2", 8}};
        Asker ask{world};
        QCOMPARE(ask("caught-up 1 2"), std::string("no"));
        QVERIFY(holds(ask.evidence, "3 rows behind"));
        QCOMPARE(ask("caught-up 2 1"), std::string("yes"));
    }

    void whoHasNoDataYetHasNoPosition() {
        for (const char* name : {"instance001", "instance002"}) {
            FakeWorld world;
            world.at(name).info["vclock"] = nlohmann::json::object();
            Asker ask{world};
            QVERIFY2(ask("caught-up 1 2") == "?", name);
            QVERIFY2(ask("caught-up 2 1") == "?", name);
        }
        FakeWorld world;
        world.at("instance001").info["status"] = "loading";
        Asker ask{world};
        QCOMPARE(ask("no-third-peer-ahead 2 1"), std::string("?"));
        QVERIFY2(holds(ask.evidence, "box.info.vclock of the keeper says nothing"), ask.evidence.c_str());
    }

    /// Equal clocks, all follow, and other rows.
    void equalClocksAreNotEqualData() {
        FakeWorld world;
        world.at("instance002").spaces["bands"][1].second = "incorrect data";
        world.at("instance002").spaces["bands"].emplace_back("7", "Abba");
        Asker ask{world};
        QCOMPARE(ask("caught-up 1 2"), std::string("yes"));
        QCOMPARE(ask("caught-up 2 1"), std::string("yes"));
        QCOMPARE(ask("same-data 1 2"), std::string("no"));
        QVERIFY2(holds(ask.evidence, "space bands has 2 and 3 rows"), ask.evidence.c_str());
        QVERIFY2(holds(ask.evidence, "only at instance002: bands 2, bands 7"), ask.evidence.c_str());
        QCOMPARE(ask("rows-only-here 2 1 0"), std::string("no"));
        QCOMPARE(ask("rows-only-here 2 1 4"), std::string("yes"));
        QCOMPARE(ask("rows-only-here 1 2 0"), std::string("no"));
        world.at("instance002").spaces["more"];
        QCOMPARE(ask("same-data 1 2"), std::string("no"));
        QVERIFY(holds(ask.evidence, "space more: the first has no such space"));
    }

    void aThirdThatIsAheadOrSilentStopsARebootstrap() {
        FakeWorld world;
        world.write("instances.yml", "instance001:\ninstance002:\ninstance003:\n");
        FakeInstance& third = world.at("instance003");
        third.info = world.at("instance001").info;
        Asker ask{world};
        QCOMPARE(ask("no-third-peer-ahead 2 1"), std::string("yes"));
        third.info["vclock"]["1"] = 10;
        QCOMPARE(ask("no-third-peer-ahead 2 1"), std::string("no"));
        QVERIFY2(holds(ask.evidence, "instance003 holds row 10 of member 1, instance001 holds 9"),
                 ask.evidence.c_str());
        third.isRunning = false;
        QCOMPARE(ask("no-third-peer-ahead 2 1"), std::string("?"));
        QVERIFY(holds(ask.evidence, "cannot be known"));
    }

    void aMemberThatIsNotConfiguredCannotBeAsked() {
        FakeWorld world;
        world.member("instance001", "3") = {{"id", 3}, {"uuid", "x"}, {"lsn", 0}, {"name", "gone"}};
        Asker ask{world};
        QCOMPARE(ask("no-third-peer-ahead 2 1"), std::string("?"));
        QVERIFY(holds(ask.evidence, "gone"));
    }

    void membersWithoutNamesAreKnownByUuid() {
        FakeWorld world;
        QVERIFY(evaluateInstanceCheck(world, "member-id", {kTwo, kOne, "1"}).verdict == CheckVerdict::True);
        world.member("instance001", "1").erase("name");
        Asker ask{world};
        QCOMPARE(ask("follows 1 2"), std::string("yes"));
        world.at("instance002").isRunning = false;
        QCOMPARE(ask("follows 1 2"), std::string("no"));
    }

    void aPinnedUuidIsTheRegisteredOne() {
        FakeWorld world;
        Asker ask{world};
        world.write("config.yaml", std::string(test::kConfig) + "            x: 1\n");
        std::string pinned = test::kConfig;
        pinned.replace(pinned.find("mode: rw   # both"), 17,
                       std::string("mode: rw\n              instance_uuid: '") + test::kUuid2 + "'");
        world.write("config.yaml", pinned);
        QCOMPARE(ask("uuid-pinned 2 1"), std::string("yes"));
        world.member("instance001", "1")["uuid"] = "another";
        QCOMPARE(ask("uuid-pinned 2 1"), std::string("no"));
    }

    void snapshotsAndLogsAreData() {
        FakeWorld world;
        Asker ask{world};
        world.write("var/lib/instance002/lock", "");
        QCOMPARE(ask("data-absent 2"), std::string("yes"));
        world.write("var/lib/instance002/0001.xlog", "x");
        QCOMPARE(ask("data-absent 2"), std::string("no"));
        QVERIFY(holds(ask.evidence, "0001.xlog"));
    }

    void damagedAnswersAreNeverTrue() {
        FakeWorld world;
        Asker ask{world};
        world.at("instance001").info = nlohmann::json::array({1, 2});
        for (const char* check : {"instance-ready 1", "read-write 1", "read-only 1", "follows 1 2", "sends-to 1 2"}) {
            QVERIFY2(ask(check) != "yes", check);
        }
        world.at("instance001").info = {{"replication", {{"1", 5}}}, {"ro", "perhaps"}, {"vclock", "none"}};
        for (const char* check : {"instance-ready 1", "read-write 1", "read-only 1", "follows 1 2", "registered 2 1"}) {
            QVERIFY2(ask(check) != "yes", check);
        }
    }

private:
    using FakeInstance = test::FakeInstance;
};
TRIBUTARY_TEST(TestInstanceChecks)
#include "tst_instancechecks.moc"
