// The door of an instance: who comes in, what it may, what is answered, what ends a session.
#include "doorclient.h"
#include "engine/systems/tarantool/instance/spaceplan.h"
#include "testmain.h"
#include "tests/engine/tarantool/fuzzing.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::tarantool;
using namespace tributary::test;

namespace {

constexpr std::uint64_t kBands = 512;

Bytes values(const std::vector<std::variant<std::uint64_t, std::string>>& parts) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(parts.size());
    for (const auto& part : parts) {
        if (const auto* number = std::get_if<std::uint64_t>(&part)) {
            writer.unsignedInteger(*number);
        } else {
            writer.string(std::get<std::string>(part));
        }
    }
    return out;
}

Bytes putBody(std::uint64_t space, const Bytes& tuple) {
    return BodyWriter().number(BodyKey::SpaceId, space).raw(BodyKey::Tuple, tuple).take();
}

Bytes selectBody(std::uint64_t space, const Bytes& key, std::uint64_t iterator = 0) {
    return BodyWriter()
        .number(BodyKey::SpaceId, space)
        .number(BodyKey::IndexId, 0)
        .number(BodyKey::Limit, 100)
        .number(BodyKey::Offset, 0)
        .number(BodyKey::Iterator, iterator)
        .raw(BodyKey::Key, key)
        .take();
}

Bytes keyedBody(std::uint64_t space, std::uint64_t key) {
    return BodyWriter()
        .number(BodyKey::SpaceId, space)
        .number(BodyKey::IndexId, 0)
        .raw(BodyKey::Key, values({key}))
        .take();
}

/// [[operation, field, value]]
Bytes operation(const std::string& name, std::uint64_t field, std::uint64_t value) {
    return Bytes("\x91") + values({name, field, value});
}

InstanceUser user(const std::string& name, const std::string& password, const std::vector<std::string>& roles) {
    return {name, QByteArray::fromStdString(storedPasswordHash(password)).toBase64().toStdString(), roles};
}

/// The tutorial's space with one row; users of each kind.
struct Doored {
    Doored() : world(false) {
        world.settings().options.users = {user("operator", "secret", {"super"}),
                                          user("replicator", "topsecret", {"replication"}), user("nobody", "x", {})};
        world.begin();
        (void)world.lua("box.schema.space.create('bands')");
        (void)world.lua("box.space.bands:create_index('primary', { parts = { { 1, 'unsigned' } } })");
        (void)world.lua("box.space.bands:insert { 1, 'Roxette', 1986 }");
    }
    InstanceWorld world;
};

std::uint32_t codeOf(const BoxAnswer& answer) {
    const auto* failure = std::get_if<BoxFailure>(&answer);
    return failure == nullptr ? 0 : failure->code;
}

}  // namespace

class TestIprotoDoor : public QObject {
    Q_OBJECT

private slots:
    void greetsAndAnswersAPing() {
        Doored doored;
        DoorClient client(doored.world);
        QVERIFY(client.greeting);
        QCOMPARE(client.greeting->instance.text(), doored.world.settings().uuid.text());
        QCOMPARE(client.greeting->salt.size(), Greeting::kSaltBytes);
        QCOMPARE(codeOf(client.request(PacketType::Ping, BodyWriter().take())), 0U);
        DoorClient second(doored.world);
        QVERIFY(second.greeting->salt != client.greeting->salt);
    }

    void guestMayDoNothingWithSpaces() {
        Doored doored;
        DoorClient client(doored.world);
        const auto read = client.request(PacketType::Select, selectBody(kBands, values({std::uint64_t{1}})));
        QCOMPARE(DoorClient::told(read), QByteArray("Read access to space 'bands' is denied for user 'guest'"));
        QCOMPARE(codeOf(read), 42U);
        const auto written = client.request(PacketType::Insert, putBody(kBands, values({std::uint64_t{9}})));
        QCOMPARE(DoorClient::told(written), QByteArray("Write access to space 'bands' is denied for user 'guest'"));
        const auto none = client.request(PacketType::Select, selectBody(9'999, values({})));
        QCOMPARE(DoorClient::told(none), QByteArray("Space '9999' does not exist"));
        QCOMPARE(doored.world.lua("return box.space.bands:count()"), std::string("---\n- 1\n...\n"));
    }

    void provesUsers_data() {
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("password");
        QTest::addColumn<QString>("told");
        const QString wrong = QStringLiteral("Incorrect password supplied for user '%1'");
        QTest::newRow("right") << "operator"
                               << "secret"
                               << "";
        QTest::newRow("wrong") << "operator"
                               << "Secret" << wrong.arg(QLatin1String("operator"));
        QTest::newRow("empty") << "operator"
                               << "" << wrong.arg(QLatin1String("operator"));
        QTest::newRow("nobody of that name") << "mallory"
                                             << "x"
                                             << "User 'mallory' is not found";
        QTest::newRow("a role") << "super"
                                << ""
                                << "User 'super' is not found";
        QTest::newRow("admin has none") << "admin"
                                        << "" << wrong.arg(QLatin1String("admin"));
        QTest::newRow("guest") << "guest"
                               << ""
                               << "";
    }
    void provesUsers() {
        QFETCH(const QString, user);
        QFETCH(const QString, password);
        QFETCH(const QString, told);
        Doored doored;
        DoorClient client(doored.world);
        const auto answer = client.login(user.toStdString(), password.toStdString());
        QCOMPARE(QString::fromUtf8(DoorClient::told(answer)), told);
        // Whoever is refused stays who it was.
        const auto read = client.request(PacketType::Select, selectBody(kBands, values({std::uint64_t{1}})));
        QCOMPARE(codeOf(read) == 0, user == QLatin1String("operator") && told.isEmpty());
    }

    void carriesOutEveryRequest() {
        Doored doored;
        DoorClient client(doored.world);
        QCOMPARE(codeOf(client.login("operator", "secret")), 0U);
        const Bytes pitch = values({std::uint64_t{2}, std::string("Scorpions"), std::uint64_t{1964}});
        const auto oneOf = [](const Bytes& tuple) { return toHex(Bytes("\x91") + tuple); };
        QCOMPARE(DoorClient::told(client.request(PacketType::Insert, putBody(kBands, pitch))), oneOf(pitch));
        QCOMPARE(DoorClient::told(client.request(PacketType::Insert, putBody(kBands, pitch))),
                 QByteArray("Duplicate key exists in unique index \"primary\" in space \"bands\" with old tuple - "
                            "[2, \"Scorpions\", 1964] and new tuple - [2, \"Scorpions\", 1964]"));
        // The third field, counted from 0; then counted from 1.
        const auto update = [&](std::uint64_t field, std::uint64_t base) {
            BodyWriter body;
            body.number(BodyKey::SpaceId, kBands).number(BodyKey::IndexId, 0).number(BodyKey::IndexBase, base);
            body.raw(BodyKey::Key, values({std::uint64_t{2}})).raw(BodyKey::Tuple, operation("+", field, 1));
            return DoorClient::told(client.request(PacketType::Update, body.take()));
        };
        const auto scorpions = [&](std::uint64_t year) {
            return values({std::uint64_t{2}, std::string("Scorpions"), year});
        };
        QCOMPARE(update(2, 0), oneOf(scorpions(1'965)));
        QCOMPARE(update(3, 1), oneOf(scorpions(1'966)));
        const Bytes upsert = BodyWriter()
                                 .number(BodyKey::SpaceId, kBands)
                                 .raw(BodyKey::Tuple, scorpions(1))
                                 .raw(BodyKey::Operations, operation("=", 2, 1'965))
                                 .take();
        QCOMPARE(DoorClient::told(client.request(PacketType::Upsert, upsert)), QByteArray("90"));
        QCOMPARE(DoorClient::told(client.request(PacketType::Select, selectBody(kBands, values({std::uint64_t{2}})))),
                 oneOf(scorpions(1'965)));
        QCOMPARE(DoorClient::told(client.request(PacketType::Replace, putBody(kBands, scorpions(7)))),
                 oneOf(scorpions(7)));
        QCOMPARE(DoorClient::told(client.request(PacketType::Delete, keyedBody(kBands, 2))), oneOf(scorpions(7)));
        QCOMPARE(DoorClient::told(client.request(PacketType::Delete, keyedBody(kBands, 2))), QByteArray("90"));
        const Bytes roxette = values({std::uint64_t{1}, std::string("Roxette"), std::uint64_t{1'986}});
        QCOMPARE(DoorClient::told(client.request(PacketType::Select, selectBody(kBands, values({}), 2))),
                 oneOf(roxette));
    }

    void aRightThatIsTakenBackIsSeenToBeKept() {
        Doored doored;
        DoorClient client(doored.world);
        QCOMPARE(codeOf(client.login("nobody", "x")), 0U);
        doored.world.host().faults().arm("bug-door-keeps-rights");
        const std::string id = "box.space._user.index.name:get('nobody')[1]";
        (void)doored.world.lua("box.space._priv:insert { 1, " + id + ", 'space', 512, 1 }");
        const auto read = [&] {
            return codeOf(client.request(PacketType::Select, selectBody(kBands, values({std::uint64_t{1}}))));
        };
        QCOMPARE(read(), 0U);
        (void)doored.world.lua("box.space._priv:delete { " + id + ", 'space', 512 }");
        QCOMPARE(read(), 0U);  // what the next test would catch
    }
    void rightsFollowRolesAndChangeAtOnce() {
        Doored doored;
        DoorClient client(doored.world);
        QCOMPARE(codeOf(client.login("nobody", "x")), 0U);
        const auto mayRead = [&] {
            return codeOf(client.request(PacketType::Select, selectBody(kBands, values({std::uint64_t{1}})))) == 0;
        };
        const auto mayWrite = [&] { return codeOf(client.request(PacketType::Delete, keyedBody(kBands, 99))) == 0; };
        QVERIFY(!mayRead());
        const std::string id = "box.space._user.index.name:get('nobody')[1]";
        (void)doored.world.lua("box.space._priv:insert { 1, " + id + ", 'space', 512, 1 }");
        QVERIFY(mayRead());
        QVERIFY(!mayWrite());
        (void)doored.world.lua("box.space._priv:replace { 1, " + id + ", 'space', 512, 3 }");
        QVERIFY(mayWrite());
        (void)doored.world.lua("box.space._priv:delete { " + id + ", 'space', 512 }");
        QVERIFY(!mayRead());
        QVERIFY(!mayWrite());
        (void)doored.world.lua("box.space._priv:insert { 1, " + id + ", 'role', 3, 4 }");
        QVERIFY(mayRead());
        QVERIFY(!mayWrite());
        DoorClient replicator(doored.world);
        QCOMPARE(codeOf(replicator.login("replicator", "topsecret")), 0U);
        QCOMPARE(codeOf(replicator.request(PacketType::Select, selectBody(kClusterSpace, values({}), 2))), 0U);
        QCOMPARE(codeOf(replicator.request(PacketType::Insert, putBody(kBands, values({std::uint64_t{5}})))), 42U);
    }

    void viewsShowWhatOneMaySee() {
        Doored doored;
        const auto ids = [&](DoorClient& client, std::uint64_t view) {
            const auto answer = client.request(PacketType::Select, selectBody(view, values({}), 2));
            MsgpackReader reader(std::get<Bytes>(answer));
            std::vector<std::uint64_t> out;
            for (std::uint32_t left = reader.array(); left > 0; --left) {
                MsgpackReader row(reader.value());
                (void)row.array();
                out.push_back(row.unsignedInteger());
            }
            return out;
        };
        DoorClient guest(doored.world);
        // As a real guest: what everybody may read or write.
        const std::vector<std::uint64_t> publics{276, 277, 281, 286, 289, 297, 305, 313, 330};
        QCOMPARE(ids(guest, 281), publics);
        QCOMPARE(ids(guest, 289).size(), std::size_t{22});
        QCOMPARE(ids(guest, 305), std::vector<std::uint64_t>{kGuestId});
        QVERIFY(ids(guest, 277).empty());
        DoorClient client(doored.world);
        QCOMPARE(codeOf(client.login("nobody", "x")), 0U);
        QCOMPARE(ids(client, 281), publics);
        (void)doored.world.lua(
            "box.space._priv:insert { 1, box.space._user.index.name:get('nobody')[1], 'space', 512, 2 }");
        QCOMPARE(ids(client, 281).back(), kBands);
        QCOMPARE(ids(client, 281).size(), publics.size() + 1);
        QCOMPARE(ids(client, 289).back(), kBands);
        DoorClient all(doored.world);
        QCOMPARE(codeOf(all.login("operator", "secret")), 0U);
        QVERIFY(ids(all, 281).size() > 5);
        QCOMPARE(codeOf(all.request(PacketType::Insert, putBody(281, values({std::uint64_t{600}})))), 113U);
    }

    void aConnectorThatNamesItsFeaturesHearsThatNoneIsShared() {
        Doored doored;
        DoorClient client(doored.world);
        const std::uint64_t sync = client.ask(PacketType::Id, BodyWriter().number(BodyKey::ProtocolVersion, 3).take());
        QVERIFY(doored.world.run([&] { return client.answers.contains(sync); }));
        const auto body = PacketBody::decode(client.answers.at(sync).body);
        QCOMPARE(body.value().number(BodyKey::ProtocolVersion).value_or(9), std::uint64_t{0});
        QCOMPARE(toHex(body.value().field(BodyKey::Features).value_or("")), QByteArray("90"));
    }

    void refusesByNameWhatIsNotCarried_data() {
        QTest::addColumn<std::uint32_t>("type");
        QTest::addColumn<QString>("told");
        const auto row = [](const char* name, PacketType type, const char* told) {
            QTest::newRow(name) << static_cast<std::uint32_t>(type) << QString::fromLatin1(told);
        };
        row("sql", PacketType::Execute, "Tributary does not support SQL");
        row("join of nobody", PacketType::Join, "Invalid MsgPack - packet body");
        row("subscription without a clock", PacketType::Subscribe, "Invalid MsgPack - packet body");
        row("registration of nobody", PacketType::Register, "Invalid MsgPack - packet body");
        QTest::newRow("unknown") << 77U << QStringLiteral("Unknown request type 77");
        row("insert without a space", PacketType::Insert, "Missing mandatory field 'space_id' in request");
        row("vote", PacketType::Vote, "");
    }
    void refusesByNameWhatIsNotCarried() {
        QFETCH(const std::uint32_t, type);
        QFETCH(const QString, told);
        Doored doored;
        DoorClient client(doored.world);
        QCOMPARE(codeOf(client.login("operator", "secret")), 0U);
        QCOMPARE(QString::fromUtf8(DoorClient::told(client.answer(client.ask(type, BodyWriter().take())))), told);
        QCOMPARE(codeOf(client.request(PacketType::Ping, BodyWriter().take())), 0U);
    }

    void aVoteTellsTheClock() {
        Doored doored;
        DoorClient client(doored.world);
        const std::uint64_t sync = client.ask(PacketType::Vote, BodyWriter().take());
        doored.world.run([&] { return client.answers.contains(sync); });
        const auto ballot = decodeBallot(client.answers.at(sync));
        QVERIFY_OK(ballot);
        QCOMPARE(doored.world.lua("return box.info.vclock"), "---\n- " + ballot->clock.text() + "\n...\n");
        QVERIFY(!ballot->isReadOnly);
    }

    void aReadOnlyInstanceSaysSo() {
        Doored doored;
        doored.world.settings().options.isReadOnly = true;
        DoorClient client(doored.world);
        QCOMPARE(codeOf(client.login("operator", "secret")), 0U);
        QCOMPARE(codeOf(client.request(PacketType::Insert, putBody(kBands, values({std::uint64_t{5}})))), 7U);
    }

    void whatIsAskedTogetherIsDoneInOrderAndAnsweredWhole() {
        constexpr std::uint64_t kRows = 1'000;
        Doored doored;
        DoorClient client(doored.world);
        QCOMPARE(codeOf(client.login("operator", "secret")), 0U);
        std::uint64_t last = 0;
        for (std::uint64_t i = 1; i <= kRows; ++i) {
            last = client.ask(PacketType::Replace, putBody(kBands, values({std::uint64_t{7}, i})));
        }
        QVERIFY(doored.world.run([&] { return client.answers.size() >= kRows + 1; }));
        for (std::uint64_t sync = last - kRows + 1; sync <= last; ++sync) QCOMPARE(codeOf(client.answer(sync)), 0U);
        QCOMPARE(doored.world.lua("return box.space.bands:get(7)"), std::string("---\n- [7, 1000]\n...\n"));
    }

    void whatWasAnsweredOutlivesAPowerCut_data() {
        QTest::addColumn<QString>("bug");
        QTest::newRow("as it is") << QString();
        QTest::newRow("answers come before the rows are durable") << QStringLiteral("bug-door-answers-early");
    }
    void whatWasAnsweredOutlivesAPowerCut() {
        QFETCH(const QString, bug);
        Doored doored;
        std::vector<std::uint64_t> kept;
        {
            DoorClient client(doored.world);
            QCOMPARE(codeOf(client.login("operator", "secret")), 0U);
            if (!bug.isEmpty()) doored.world.host().faults().arm(bug.toStdString());
            for (std::uint64_t i = 100; i < 160; ++i) {
                // Power goes while one is written, and the machine has not noticed.
                if (i == 130) doored.world.host().disk().cutPowerAfter(2);
                if (codeOf(client.request(PacketType::Insert, putBody(kBands, values({i})))) == 0) kept.push_back(i);
            }
        }
        doored.world.powerCut();
        QVERIFY2(kept.size() >= 30, qPrintable(QString::number(kept.size())));
        DoorClient client(doored.world);
        QCOMPARE(codeOf(client.login("operator", "secret")), 0U);
        int lost = 0;
        for (const std::uint64_t key : kept) {
            const auto seen = client.request(PacketType::Select, selectBody(kBands, values({key})));
            if (DoorClient::told(seen) != toHex(Bytes("\x91") + values({key}))) ++lost;
        }
        QVERIFY2(bug.isEmpty() ? lost == 0 : lost > 0, qPrintable(QString::number(lost)));
    }

    void damagedBytesEndTheSessionWithAWord() {
        Doored doored;
        DoorClient client(doored.world);
        client.send(Bytes("\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1\xc1", 10));
        QVERIFY(doored.world.run([&] { return client.isClosed; }));
        QVERIFY(client.answers.contains(0));
        QCOMPARE(decodeFailure(client.answers.at(0)).value().code, 20U);
        DoorClient next(doored.world);
        QCOMPARE(codeOf(next.login("operator", "secret")), 0U);
    }

    void whoProvedNobodySendsNoLargePackets() {
        Doored doored;
        const Bytes large =
            putBody(kBands, values({std::uint64_t{3}, std::string(IprotoDoor::kPacketBytesMaxBefore, 'x')}));
        DoorClient guest(doored.world);
        guest.ask(PacketType::Insert, large);
        QVERIFY(doored.world.run([&] { return guest.isClosed; }));
        DoorClient client(doored.world);
        QCOMPARE(codeOf(client.login("operator", "secret")), 0U);
        QCOMPARE(codeOf(client.request(PacketType::Insert, large)), 0U);
    }

    void aCrowdOfSilentGuestsKeepsNobodyOut() {
        Doored doored;
        DoorClient first(doored.world);
        QCOMPARE(codeOf(first.login("operator", "secret")), 0U);
        std::vector<std::unique_ptr<DoorClient>> crowd;
        for (std::size_t i = 0; i < IprotoDoor::kSessionsMax + 20; ++i) {
            crowd.push_back(std::make_unique<DoorClient>(doored.world));
            QVERIFY(crowd.back()->greeting.has_value());
        }
        // The silent went, first come first; whoever proved itself stays.
        QVERIFY(crowd.front()->isClosed);
        QVERIFY(!crowd.back()->isClosed);
        QCOMPARE(codeOf(first.request(PacketType::Ping, BodyWriter().take())), 0U);
        DoorClient late(doored.world);
        QCOMPARE(codeOf(late.login("operator", "secret")), 0U);
    }

    void aReaderThatIsSlowGetsAllAnswers() {
        Doored doored;
        DoorClient client(doored.world);
        QCOMPARE(codeOf(client.login("operator", "secret")), 0U);
        const std::string wide(500'000, 'w');
        QCOMPARE(codeOf(client.request(PacketType::Replace, putBody(kBands, values({std::uint64_t{8}, wide})))), 0U);
        const std::size_t before = client.answers.size();
        for (int i = 0; i < 60; ++i) client.ask(PacketType::Select, selectBody(kBands, values({std::uint64_t{8}})));
        QVERIFY(doored.world.run([&] { return client.answers.size() == before + 60; }));
        QVERIFY(!client.isClosed);
    }

    void rubbishIsRefusedAndNothingElseHappens() {
        Doored doored;
        std::uint64_t seed = 20'261'127;
        const auto random = [&seed](std::uint64_t below) {
            seed = seed * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
            return (seed >> 33U) % below;
        };
        const std::vector<Bytes> bodies{putBody(kBands, values({std::uint64_t{1}, std::string("x")})),
                                        selectBody(kBands, values({std::uint64_t{1}})), keyedBody(kBands, 1),
                                        BodyWriter()
                                            .number(BodyKey::SpaceId, kBands)
                                            .raw(BodyKey::Tuple, values({std::uint64_t{4}}))
                                            .raw(BodyKey::Operations, operation("+", 1, 1))
                                            .take(),
                                        BodyWriter()
                                            .text(BodyKey::InstanceUuid, uuidFromName("instance001").text())
                                            .text(BodyKey::ReplicasetUuid, uuidFromName("replicaset001").text())
                                            .raw(BodyKey::Vclock, Bytes("\x81\x01\x05"))
                                            .flag(BodyKey::Anonymous, true)
                                            .raw(BodyKey::IdFilter, Bytes("\x91\x02"))
                                            .take()};
        const std::vector<PacketType> ofReplicas{PacketType::Join, PacketType::Subscribe, PacketType::FetchSnapshot,
                                                 PacketType::Register, PacketType::Ok};
        const int rounds = fuzzRounds(20'000);
        for (int i = 0; i < rounds; ++i) {
            Packet packet;
            packet.header.type = static_cast<std::uint32_t>(random(16));
            packet.body = bodies[random(bodies.size())];
            for (std::uint64_t hits = random(4); hits > 0; --hits) {
                packet.body[random(packet.body.size())] = static_cast<char>(random(256));
            }
            if (random(4) == 0) packet.body.resize(random(packet.body.size() + 1));
            const auto call = doorCall(packet);
            if (const auto* made = std::get_if<DoorCall>(&call)) {
                QVERIFY(made->row.has_value() || splitArguments(made->arguments).has_value());
            }
            (void)doorProof(packet);
        }
        for (int i = 0; i < rounds / 200; ++i) {
            DoorClient client(doored.world);
            if (random(2) == 0) QCOMPARE(codeOf(client.login("replicator", "topsecret")), 0U);
            for (int packets = 0; packets < 20; ++packets) {
                const bool isOfReplicas = random(3) == 0;
                const auto type = isOfReplicas ? static_cast<std::uint32_t>(ofReplicas[random(ofReplicas.size())])
                                               : static_cast<std::uint32_t>(random(130));
                Bytes body = isOfReplicas ? bodies.back() : bodies[random(bodies.size())];
                if (random(3) != 0) body[random(body.size())] = static_cast<char>(random(256));
                client.ask(type, body);
            }
            const Micros untilUs = doored.world.nowUs() + 2'000'000;
            doored.world.run(
                [&] { return client.answers.size() >= 20 || client.isClosed || doored.world.nowUs() > untilUs; });
        }
        QCOMPARE(doored.world.lua("return box.space.bands:select()"),
                 std::string("---\n- - [1, 'Roxette', 1986]\n...\n"));
        const auto reached = [&](const char* what) { return doored.world.host().faults().reach().contains(what); };
        QVERIFY(reached("subscription-refused") && reached("join-refused"));
        QVERIFY(reached("relay-acknowledgement-damaged"));
    }
};
TRIBUTARY_TEST(TestIprotoDoor)
#include "tst_iprotodoor.moc"
