// A conversation without a socket: greeting in pieces, answers out of order, what nobody asked for.
#include "engine/admin/tarantool/boxsession.h"

#include "engine/systems/tarantool/iproto/requests.h"
#include "fuzzing.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::tarantool;

namespace {

Bytes greetingBytes(bool isConsole = false) {
    Greeting greeting;
    greeting.version = "2.6.0";
    greeting.isConsole = isConsole;
    greeting.instance = Uuid::fromRandom(1, 2);
    greeting.salt = Bytes(Greeting::kSaltBytes, 's');
    return greeting.encode();
}

Bytes okAnswer(std::uint64_t sync) {
    PacketHeader header;
    header.sync = sync;
    return encodePacket(header, BodyWriter().take());
}

}  // namespace

class TestBoxSession : public QObject {
    Q_OBJECT
private slots:
    void greetsByteByByte() {
        BoxSession session;
        for (const char byte : greetingBytes()) {
            QVERIFY(!session.greeting());
            QVERIFY_OK(session.feed(BytesView(&byte, 1)));
        }
        QVERIFY(session.greeting().has_value());
        QCOMPARE(session.greeting()->version, std::string("2.6.0"));
    }

    void pairsAnswersWithRequests() {
        BoxSession session;
        const std::uint64_t first = session.nextSync();
        const std::uint64_t second = session.nextSync();
        QVERIFY_OK(session.feed(greetingBytes() + okAnswer(second)));
        QVERIFY(!session.take(first));
        QVERIFY(session.take(second).has_value());
        QVERIFY2(!session.take(second), "an answer is taken once");
        QVERIFY_OK(session.feed(okAnswer(first)));
        QVERIFY(session.take(first).has_value());
    }

    void refusesAnswersToNothing() {
        BoxSession session;
        QVERIFY_OK(session.feed(greetingBytes()));
        const Status fed = session.feed(okAnswer(1));
        QVERIFY(!fed.ok());
        QCOMPARE(static_cast<int>(fed.error().code), static_cast<int>(ErrorCode::Corrupt));
    }

    void dropsPushedMessages() {
        BoxSession session;
        const std::uint64_t sync = session.nextSync();
        PacketHeader header;
        header.type = static_cast<std::uint32_t>(PacketType::Chunk);
        header.sync = sync;
        QVERIFY_OK(session.feed(greetingBytes() + encodePacket(header, BodyWriter().take())));
        QVERIFY(!session.take(sync));
        QVERIFY_OK(session.feed(okAnswer(sync)));
        QVERIFY(session.take(sync).has_value());
    }

    void namesATextConsole() {
        BoxSession session;
        const Status fed = session.feed(greetingBytes(true));
        QVERIFY(!fed.ok());
        QCOMPARE(static_cast<int>(fed.error().code), static_cast<int>(ErrorCode::Unsupported));
    }
};
TRIBUTARY_TEST(TestBoxSession)
#include "tst_boxsession.moc"
