// Lines that edit files, delete data and save rows.
#include "app/instanceruns/instanceedits.h"

#include "app/systems/dialects.h"
#include "core/workspace/strictyaml.h"
#include "fakeworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
using test::FakeWorld;

namespace {

Result<Outcome> edit(FakeWorld& world, const std::string& line) {
    const auto parsed = dialects().parseLine(line);
    if (!parsed) return parsed.error();
    return editInstance(world, parsed->op);
}

std::string config(const FakeWorld& world) {
    return readTextFile(world.folder() + "/config.yaml").valueOr("none");
}

std::string with(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

}  // namespace

class TestInstanceEdits : public QObject {
    Q_OBJECT
private slots:
    void valuesAreSetAndTakenOut() {
        FakeWorld world;
        QVERIFY_OK(edit(world, "instance set master_master:instance002 database.mode ro"));
        QCOMPARE(config(world), with(test::kConfig, "mode: rw   # both", "mode: ro   # both"));
        QVERIFY_OK(edit(world, "instance set master_master:instance002 database.mode rw"));
        QCOMPARE(config(world), std::string(test::kConfig));
        QVERIFY_OK(edit(world, "instance unset master_master:instance001 iproto.listen"));
        QVERIFY(config(world).find("iproto: {}") != std::string::npos);
        QVERIFY_OK(edit(world, "instance set master_master:instance001 iproto.listen \"[{uri: '127.0.0.1:3301'}]\""));
        QVERIFY(!edit(world, "instance set master_master:instance009 database.mode ro"));
    }
    void theUuidIsThatUnderWhichThePeerKnowsIt() {
        FakeWorld world;
        world.at("instance002").isRunning = false;
        QVERIFY_OK(edit(world, "instance pin-uuid master_master:instance002 master_master:instance001"));
        QVERIFY(config(world).find(std::string("instance_uuid: ") + test::kUuid2) != std::string::npos);
        world.at("instance001").isRunning = false;
        QVERIFY(!edit(world, "instance pin-uuid master_master:instance002 master_master:instance001"));
    }
    void instancesComeAndGoInBothFiles() {
        FakeWorld world;
        const std::string line = "instance add master_master:instance003 master_master:instance001 127.0.0.1:3303 ro";
        QVERIFY_OK(edit(world, line));
        QVERIFY_OK(edit(world, line));  // again, as after an interruption
        QCOMPARE(readTextFile(world.folder() + "/instances.yml").valueOr(""),
                 std::string("instance001:\ninstance002:\ninstance003:\n"));
        QVERIFY(config(world).ends_with("              - uri: '127.0.0.1:3303'\n"));
        QVERIFY_OK(edit(world, "instance remove master_master:instance003"));
        QVERIFY_OK(edit(world, "instance remove master_master:instance003"));
        QCOMPARE(config(world), std::string(test::kConfig));
        QCOMPARE(readTextFile(world.folder() + "/instances.yml").valueOr(""),
                 std::string("instance001:\ninstance002:\n"));
    }
    void onlyTheDataOfAStoppedInstanceIsDeleted() {
        FakeWorld world;
        for (const char* file :
             {"var/lib/instance002/1.snap", "var/lib/instance002/1.xlog", "var/lib/instance002/keep.txt",
              "var/lib/instance001/1.snap", "var/lib/instance002/identity.json"}) {
            world.write(file, "x");
        }
        const auto refused = edit(world, "instance wipe master_master:instance002");
        QVERIFY(!refused && refused.error().code == ErrorCode::Conflict);
        QVERIFY(std::filesystem::exists(world.folder() + "/var/lib/instance002/1.snap"));
        world.at("instance002").isRunning = false;
        QVERIFY_OK(edit(world, "instance wipe master_master:instance002"));
        QVERIFY(!std::filesystem::exists(world.folder() + "/var/lib/instance002/1.snap"));
        QVERIFY(!std::filesystem::exists(world.folder() + "/var/lib/instance002/1.xlog"));
        QVERIFY(std::filesystem::exists(world.folder() + "/var/lib/instance002/identity.json"));
        QVERIFY(std::filesystem::exists(world.folder() + "/var/lib/instance002/keep.txt"));
        QVERIFY(std::filesystem::exists(world.folder() + "/var/lib/instance001/1.snap"));
        world.isUnclear = true;
        QVERIFY(!edit(world, "instance wipe master_master:instance001"));
    }
    void rowsThatExistOnlyThereAreSaved() {
        FakeWorld world;
        world.at("instance002").spaces["bands"].emplace_back("5", std::string("\x93\x05\xa3why\x00", 7));
        const std::string line = "instance save-rows master_master:instance002 master_master:instance001 saved.jsonl";
        QVERIFY_OK(edit(world, line));
        QCOMPARE(readTextFile(world.environment() + "/saved.jsonl").valueOr(""),
                 std::string("[\"bands\",[5,\"why\",0]]\n"));
        const auto again = edit(world, line);
        QVERIFY(!again && again.error().code == ErrorCode::AlreadyExists);
    }
};
TRIBUTARY_TEST(TestInstanceEdits)
#include "tst_instanceedits.moc"
