// EVAL and CALL at the door: who may, with which rights a script works, and what it leaves open.
#include "doorclient.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::tarantool;
using namespace tributary::test;

namespace {

/// Holds what is to be run until a test plays the script.
class PlayedScripts final : public DoorScripts {
public:
    void run(DoorScript asked, Executor&, Box box, Answered done) override {
        script = std::move(asked);
        box_ = std::move(box);
        done_ = std::move(done);
    }
    BoxAnswer call(InstanceWorld& world, std::string_view method, const std::vector<Bytes>& arguments) {
        std::optional<BoxAnswer> answer;
        box_(method, arrayOf(arguments), [&](BoxAnswer given) { answer = std::move(given); });
        (void)world.run([&] { return answer.has_value(); });
        return answer ? *answer : BoxAnswer(BoxFailure{DoorClient::kNoAnswer, "no answer", {}});
    }
    void end(BoxAnswer answer) { done_(std::move(answer)); }
    std::optional<DoorScript> script;

private:
    Box box_;
    Answered done_;
};

InstanceUser runUser(const std::string& name, const std::vector<std::string>& roles) {
    return {name, QByteArray::fromStdString(storedPasswordHash("secret")).toBase64().toStdString(), roles};
}

Bytes runNumber(std::uint64_t value) {
    Bytes out;
    MsgpackWriter(out).unsignedInteger(value);
    return out;
}

struct RunWorld {
    explicit RunWorld(bool hasScripts = true)
        : world(true, InstanceWorld::kSegmentBytes, [&](InstanceSettings& settings) {
              if (hasScripts) settings.scripts = scripts;
              settings.options.users = {runUser("anybody", {}), runUser("operator", {"super"})};
          }) {
        (void)world.lua("box.schema.space.create('bands')");
        (void)world.lua("box.space.bands:create_index('primary')");
    }
    std::shared_ptr<PlayedScripts> scripts = std::make_shared<PlayedScripts>();
    InstanceWorld world;
};

Bytes evalBody(std::string_view text) {
    return BodyWriter().text(BodyKey::Expression, text).raw(BodyKey::Tuple, "\x90").take();
}

std::uint32_t codeOfRun(const BoxAnswer& answer) {
    const auto* failure = std::get_if<BoxFailure>(&answer);
    return failure == nullptr ? 0 : failure->code;
}

const Bytes kRunSpace = runNumber(512);

Bytes runRow(std::uint64_t id) {
    return arrayOf({runNumber(id)});
}

}  // namespace

class TestDoorRun : public QObject {
    Q_OBJECT
private slots:
    void onlyWhoMayExecuteRunsScripts() {
        RunWorld at;
        DoorClient guest(at.world);
        const BoxAnswer refused = guest.request(PacketType::Eval, evalBody("return 1"));
        QCOMPARE(DoorClient::told(refused), QByteArray("Execute access to universe '' is denied for user 'guest'"));
        QCOMPARE(codeOfRun(refused), 42U);
        const Bytes call = BodyWriter().text(BodyKey::FunctionName, "f").raw(BodyKey::Tuple, "\x90").take();
        QCOMPARE(DoorClient::told(guest.request(PacketType::Call, call)),
                 QByteArray("Execute access to function 'f' is denied for user 'guest'"));
        QVERIFY(!at.scripts->script);
        DoorClient client(at.world);
        QCOMPARE(codeOfRun(client.login("operator", "secret")), 0U);
        const std::uint64_t sync = client.ask(PacketType::Call, call);
        QVERIFY(at.world.run([&] { return at.scripts->script.has_value(); }));
        QVERIFY(at.scripts->script->isCall);
        QCOMPARE(at.scripts->script->expression, Bytes("f"));
        at.scripts->end(Bytes("\x91\x07"));
        QCOMPARE(DoorClient::told(client.answer(sync)), QByteArray("9107"));
    }

    void bodiesAreCheckedAndWithoutScriptsBothAreRefused() {
        RunWorld without(false);
        DoorClient client(without.world);
        QCOMPARE(codeOfRun(client.login("operator", "secret")), 0U);
        QCOMPARE(codeOfRun(client.request(PacketType::Eval, evalBody("return 1"))), 5U);
        QCOMPARE(codeOfRun(client.request(PacketType::Eval, BodyWriter().take())), 69U);
        QCOMPARE(codeOfRun(client.request(PacketType::Call, BodyWriter().take())), 69U);
        const Bytes noArray = BodyWriter().text(BodyKey::Expression, "x").raw(BodyKey::Tuple, "\x01").take();
        QVERIFY(codeOfRun(client.request(PacketType::Eval, noArray)) != 0);
    }

    void aScriptWorksInATransactionOfItsOwn() {
        RunWorld at;
        DoorClient client(at.world);
        QCOMPARE(codeOfRun(client.login("operator", "secret")), 0U);
        const std::uint64_t sync = client.ask(PacketType::Eval, evalBody("a transaction"));
        QVERIFY(at.world.run([&] { return at.scripts->script.has_value(); }));
        QCOMPARE(codeOfRun(at.scripts->call(at.world, "begin", {})), 0U);
        QCOMPARE(codeOfRun(at.scripts->call(at.world, "insert", {kRunSpace, runRow(1)})), 0U);
        // What the same connection does meanwhile is no part of it.
        const Bytes put = BodyWriter().number(BodyKey::SpaceId, 512).raw(BodyKey::Tuple, runRow(2)).take();
        QCOMPARE(codeOfRun(client.request(PacketType::Insert, put)), 0U);
        QCOMPARE(at.world.lua("box.space.bands:select()"), std::string("---\n- - [2]\n...\n"));
        QCOMPARE(codeOfRun(at.scripts->call(at.world, "commit", {})), 0U);
        at.scripts->end(Bytes("\x90"));
        QCOMPARE(codeOfRun(client.answer(sync)), 0U);
        QCOMPARE(at.world.lua("box.space.bands:select()"), std::string("---\n- - [1]\n  - [2]\n...\n"));
    }

    void whatAScriptLeavesOpenIsRolledBack() {
        RunWorld at;
        DoorClient client(at.world);
        QCOMPARE(codeOfRun(client.login("operator", "secret")), 0U);
        const std::uint64_t sync = client.ask(PacketType::Eval, evalBody("box.begin()"));
        QVERIFY(at.world.run([&] { return at.scripts->script.has_value(); }));
        QCOMPARE(codeOfRun(at.scripts->call(at.world, "begin", {})), 0U);
        QCOMPARE(codeOfRun(at.scripts->call(at.world, "insert", {kRunSpace, runRow(1)})), 0U);
        at.scripts->end(Bytes("\x90"));
        QCOMPARE(DoorClient::told(client.answer(sync)), QByteArray("Transaction is active at return from function"));
        QCOMPARE(at.world.lua("box.space.bands:select()"), std::string("---\n- []\n...\n"));
    }

    void aScriptHasTheRightsOfItsUser_data() {
        QTest::addColumn<QString>("bug");
        QTest::newRow("as it is") << QString();
        QTest::newRow("scripts may all") << QStringLiteral("bug-script-has-all-rights");
    }
    void aScriptHasTheRightsOfItsUser() {
        QFETCH(const QString, bug);
        RunWorld at;
        // execute on the universe, and nothing else
        (void)at.world.lua("box.space._priv:insert{1, 32, 'universe', 0, 4}");
        if (!bug.isEmpty()) at.world.host().faults().arm(bug.toStdString());
        DoorClient client(at.world);
        QCOMPARE(codeOfRun(client.login("anybody", "secret")), 0U);
        (void)client.ask(PacketType::Eval, evalBody("writes"));
        QVERIFY(at.world.run([&] { return at.scripts->script.has_value(); }));
        const std::uint32_t writes = codeOfRun(at.scripts->call(at.world, "insert", {kRunSpace, runRow(1)}));
        const std::uint32_t reads = codeOfRun(at.scripts->call(at.world, "len", {kRunSpace}));
        const std::uint32_t drops = codeOfRun(at.scripts->call(at.world, "drop_space", {kRunSpace}));
        QCOMPARE(writes == 42 && reads == 42 && drops == 42, bug.isEmpty());
        QCOMPARE(codeOfRun(at.scripts->call(at.world, "info", {})), 0U);
    }

    void whoIsGoneIsNotAnswered() {
        RunWorld at;
        auto client = std::make_unique<DoorClient>(at.world);
        QCOMPARE(codeOfRun(client->login("operator", "secret")), 0U);
        (void)client->ask(PacketType::Eval, evalBody("slow"));
        QVERIFY(at.world.run([&] { return at.scripts->script.has_value(); }));
        QCOMPARE(codeOfRun(at.scripts->call(at.world, "begin", {})), 0U);
        client.reset();
        (void)at.world.run([] { return false; });
        at.scripts->end(Bytes("\x90"));
        QCOMPARE(at.world.lua("box.space.bands:insert{1}"), std::string("---\n- [1]\n...\n"));
    }
};

TRIBUTARY_TEST(TestDoorRun)
#include "tst_doorrun.moc"
