// Users of a configuration: new ones, and those who are there before it is read; at the first start and later.
#include "engine/systems/tarantool/instance/beginning.h"

#include "doorclient.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::test;

namespace {

constexpr std::uint32_t kWrongPassword = 47;

tt::InstanceUser configuredUser(const std::string& name, const std::string& password,
                                const std::vector<std::string>& roles) {
    const QByteArray hash = QByteArray::fromStdString(tt::storedPasswordHash(password)).toBase64();
    return {name, password.empty() ? Bytes() : hash.toStdString(), roles};
}

std::uint32_t refusalOf(const tt::BoxAnswer& answer) {
    const auto* failure = std::get_if<tt::BoxFailure>(&answer);
    return failure == nullptr ? 0 : failure->code;
}

/// An instance that begins with these users, and has a space.
struct ConfiguredWorld {
    explicit ConfiguredWorld(std::vector<tt::InstanceUser> users, tt::Era era = tt::Era::V3_0) : world(false) {
        world.settings().options.users = std::move(users);
        world.settings().era = era;
        world.begin();
        (void)world.lua("box.schema.space.create('t'):create_index('p')");
    }
    std::uint32_t login(const std::string& name, const std::string& password) {
        return refusalOf(DoorClient(world).login(name, password));
    }
    /// Whether a session may write; no name: as guest.
    bool writes(const std::string& name, const std::string& password, std::uint64_t key) {
        DoorClient client(world);
        if (!name.empty() && refusalOf(client.login(name, password)) != 0) return false;
        Bytes tuple;
        tt::MsgpackWriter writer(tuple);
        writer.array(1);
        writer.unsignedInteger(key);
        const Bytes body =
            tt::BodyWriter().number(tt::BodyKey::SpaceId, tt::kFirstUserSpace).raw(tt::BodyKey::Tuple, tuple).take();
        return refusalOf(client.request(tt::PacketType::Insert, body)) == 0;
    }
    InstanceWorld world;
};

}  // namespace

class TestBeginning : public QObject {
    Q_OBJECT

private slots:
    void guestAndAdminGetWhatTheyAreTold_data() {
        QTest::addColumn<bool>("is26");
        QTest::newRow("3.0") << false;
        QTest::newRow("2.6") << true;
    }
    void guestAndAdminGetWhatTheyAreTold() {
        QFETCH(const bool, is26);
        ConfiguredWorld at({configuredUser("guest", "", {"super"}),
                            configuredUser("admin", "secret", {"super", "public"}), configuredUser("nobody", "x", {})},
                           is26 ? tt::Era::V2_6 : tt::Era::V3_0);
        QVERIFY(at.writes("", "", 1));
        QCOMPARE(at.login("admin", "other"), kWrongPassword);
        QCOMPARE(at.login("admin", "secret"), 0U);
        QVERIFY(!at.writes("nobody", "x", 2));
        QCOMPARE(
            at.world.lua("return box.space._user:get(0)[3], box.space._user:get(1)[3], box.space._user:get(32)[3]"),
            std::string("---\n- guest\n- admin\n- nobody\n...\n"));
    }

    void passwordsFollowTheConfiguration() {
        ConfiguredWorld at({configuredUser("operator", "secret", {"super"})});
        at.world.settings().options.users = {configuredUser("operator", "changed", {"super"})};
        at.world.begin();
        QCOMPARE(at.login("operator", "secret"), kWrongPassword);
        QCOMPARE(at.login("operator", "changed"), 0U);
    }

    void rolesFollowTheConfiguration() {
        ConfiguredWorld at({configuredUser("nobody", "x", {"public", "replication"})});
        QVERIFY(!at.writes("nobody", "x", 1) && !at.writes("", "", 1));
        const auto clock = [&] { return at.world.lua("return box.info.vclock"); };
        const std::string before = clock();
        at.world.begin();
        QCOMPARE(clock(), before);  // who has what he is told gets nothing
        at.world.settings().options.users = {configuredUser("nobody", "x", {"super"}),
                                             configuredUser("guest", "", {"super"})};
        at.world.begin();
        QVERIFY(at.writes("nobody", "x", 2) && at.writes("", "", 3));
    }
};

TRIBUTARY_TEST(TestBeginning)
#include "tst_beginning.moc"
