// Lines of the three dialects, links and facts, over instances of a test.
#include "app/instanceruns/instanceport.h"

#include "core/base/text.h"
#include "fakeworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
using test::FakeWorld;

class TestInstancePort : public QObject {
    Q_OBJECT
private slots:
    void wordsOfTtAreAskedOfTheProgram() {
        FakeWorld world;
        InstancePort port(world);
        world.answer = ToolAnswer{0, "", "   • Starting an instance [master_master:instance001]...\n"};
        const auto started = port.execute("tt start master_master:instance001", 1000);
        QVERIFY(started.ok);
        QVERIFY(started.output.find("Starting an instance") != std::string::npos);
        QCOMPARE(join(world.said.back(), " "),
                 std::string("--no-input --no-color --json tt start master_master:instance001"));
        world.answer = ToolAnswer{0, "INSTANCE  STATUS\n", ""};
        QCOMPARE(port.execute("tt status master_master", 1000).output, std::string("INSTANCE  STATUS\n"));
        QVERIFY(port.execute("tt stop -y master_master:instance001", 1000).ok);
        QCOMPARE(join(world.said.back(), " "),
                 std::string("--no-input --no-color --json tt stop -y master_master:instance001"));
    }
    void itsErrorsKeepTheirKindAndTheirFix() {
        FakeWorld world;
        InstancePort port(world);
        world.answer = ToolAnswer{
            4, R"({"error":{"code":"unavailable","what":"nobody answers","where":"x","fix":"start it","exit":4}})", ""};
        const auto failed = port.execute("tt restart -y master_master:instance001", 1000);
        QVERIFY(!failed.ok);
        QCOMPARE(failed.error, std::string("x: nobody answers"));
        QCOMPARE(failed.errorKind, std::string(errorCodeName(ErrorCode::Unavailable)));
        QCOMPARE(failed.fix, std::string("start it"));
        world.answer = ToolAnswer{139, "{\"error\":", "dumped"};
        QCOMPARE(port.execute("tt start master_master:instance001", 1000).error, std::string("dumped"));
        world.answer = Error{ErrorCode::Timeout, "late", {}, {}};
        QCOMPARE(port.execute("tt start master_master:instance001", 1000).errorKind,
                 std::string(errorCodeName(ErrorCode::Timeout)));
    }
    void aStatementGoesInAndItsAnswerComesOut() {
        FakeWorld world;
        InstancePort port(world);
        world.answer = ToolAnswer{0, R"({"instance":"i","answers":[{"answer":"---\n- false\n...\n"}]})", ""};
        const auto asked = port.execute("box master_master:instance001 box.info.ro", 1000);
        QVERIFY(asked.ok);
        QCOMPARE(asked.output, std::string("---\n- false\n...\n"));
        QCOMPARE(world.inputs.back(), std::string("box.info.ro\n"));
        world.answer = ToolAnswer{0, R"({"answers":[{"answer":"---\n- error: Duplicate key exists\n...\n"}]})", ""};
        const auto refused = port.execute("box master_master:instance001 \"box.space.bands:insert{1}\"", 1000);
        QVERIFY(!refused.ok);
        QVERIFY(refused.error.ends_with("Duplicate key exists"));
        QCOMPARE(refused.errorKind, std::string(errorCodeName(ErrorCode::Conflict)));
        for (const char* odd : {"", "---", "{}", R"({"answers":[]})", R"({"answers":[5]})", R"({"answers":[{}]})"}) {
            world.answer = ToolAnswer{0, odd, ""};
            QCOMPARE(port.execute("box master_master:instance001 box.info.ro", 1000).errorKind,
                     std::string(errorCodeName(ErrorCode::Corrupt)));
        }
    }
    void linesOfOtherSystemsAreRefused() {
        FakeWorld world;
        InstancePort port(world);
        QVERIFY(!port.validate("maprcli table info -path /mapr/a/t"));
        QVERIFY(!port.execute("maprcli table info -path /mapr/a/t", 1000).ok);
        QVERIFY(world.said.empty());
    }
    void linksTellLagOnlyWhereItIsOne() {
        FakeWorld world;
        world.at("instance002").info["vclock"]["1"] = 12;
        world.member("instance002", "2")["upstream"] = {
            {"status", "stopped"}, {"lag", 143.5}, {"message", "Duplicate key exists"}};
        InstancePort port(world);
        const auto links = port.links();
        QCOMPARE(links.size(), std::size_t{2});
        QCOMPARE(links[0].from, std::string("master_master:instance002"));
        QCOMPARE(links[0].to, std::string("master_master:instance001"));
        QCOMPARE(links[0].state, std::string("follow"));
        QCOMPARE(links[0].lagMs, Millis{0});
        QCOMPARE(links[0].operationsPending, std::int64_t{3});
        QCOMPARE(links[1].lagMs, Millis{-1});
        QCOMPARE(links[1].error, std::string("Duplicate key exists"));
        world.member("instance001", "1")["upstream"]["lag"] = 3153600000.0;
        QCOMPARE(port.links()[0].lagMs, Millis{-1});
        world.at("instance002").isRunning = false;
        QCOMPARE(port.links().size(), std::size_t{1});
        QCOMPARE(port.links()[0].operationsPending, std::int64_t{-1});
    }
    void factsAreWhatIsConfigured() {
        FakeWorld world;
        InstancePort port(world);
        const std::string before = port.fingerprint();
        QCOMPARE(port.describe(), (std::vector<std::string>{"instance master_master:instance001",
                                                            "instance master_master:instance002"}));
        world.at("instance001").isRunning = false;
        QCOMPARE(port.fingerprint(), before);
        world.write("instances.yml", "instance001:\n");
        QVERIFY(port.fingerprint() != before);
    }
    void aWipeSaysWhatItTakes() {
        FakeWorld world;
        InstancePort port(world);
        world.write("var/lib/instance002/1.snap", "x");
        const auto effect = port.effectOf("instance wipe master_master:instance002", {});
        QVERIFY(effect.destroysData && effect.present);
        QCOMPARE(effect.target, std::string("master_master:instance002"));
        QCOMPARE(effect.onlyHere, std::int64_t{-1});
        QVERIFY(!port.effectOf("tt start master_master:instance002", {}).destroysData);
        QVERIFY(!port.effectOf("instance wipe master_master:instance001", {}).present);
    }
};
TRIBUTARY_TEST(TestInstancePort)
#include "tst_instanceport.moc"
