// The greeting and the proof of a password, by bytes of a real 2.6.0.
#include "engine/systems/tarantool/iproto/greeting.h"

#include "fuzzing.h"
#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::tarantool;
using namespace tributary::test;

namespace {

Bytes realGreeting() {
    Bytes text = "Tarantool 2.6.0 (Binary) 160f5f5a-6aef-41ad-b8cb-aa460bf1cc27";
    text.resize(63, ' ');
    Bytes salt = "QK2HoFZGXTXBq2vFj7soCsHqTo6PGTF575ssUBAJLYI=";
    salt.resize(63, ' ');
    return text + "\n" + salt + "\n";
}

}  // namespace

class TestGreeting : public QObject {
    Q_OBJECT
private slots:
    void readsWhatAnInstanceSends() {
        const auto greeting = Greeting::decode(realGreeting());
        QVERIFY_OK(greeting);
        QCOMPARE(greeting->version, std::string("2.6.0"));
        QVERIFY(!greeting->isConsole);
        QCOMPARE(greeting->instance.text(), std::string("160f5f5a-6aef-41ad-b8cb-aa460bf1cc27"));
        QCOMPARE(greeting->salt.size(), Greeting::kSaltBytes);
        QVERIFY(greeting->encode() == realGreeting());
    }

    void knowsATextConsole() {
        Greeting console;
        console.version = "2.6.0";
        console.isConsole = true;
        const Bytes sent = console.encode();
        QCOMPARE(sent.size(), Greeting::kSize);
        QVERIFY(sent.starts_with("Tarantool 2.6.0 (Lua console) "));
        const auto greeting = Greeting::decode(sent);
        QVERIFY_OK(greeting);
        QVERIFY(greeting->isConsole);
    }

    void refusesOthers() {
        for (const Bytes& bytes : {Bytes(), Bytes("HTTP/1.1 400 Bad Request"), Bytes(128, '\0'), Bytes(128, 'T'),
                                   "Tarantool " + Bytes(118, ' ')}) {
            QVERIFY(!Greeting::decode(bytes).ok());
        }
        Mutator mutator(11);
        for (int i = 0; i < fuzzRounds(5'000); ++i) {
            Bytes bytes = mutator.damaged(realGreeting());
            bytes.resize(Greeting::kSize, ' ');
            const auto greeting = Greeting::decode(bytes);
            if (greeting && !greeting->isConsole) QCOMPARE(greeting->salt.size(), Greeting::kSaltBytes);
        }
    }

    void provesAPassword() {
        Bytes salt(32, '\0');
        for (std::size_t i = 0; i < salt.size(); ++i) salt[i] = static_cast<char>(i);
        const Bytes proof = chapSha1(salt, "topsecret");
        QCOMPARE(proof.size(), std::size_t{20});
        const Bytes hash = storedPasswordHash("topsecret");
        QVERIFY(provesChapSha1(salt, hash, proof));
        QVERIFY(!provesChapSha1(salt, storedPasswordHash("other"), proof));
        QVERIFY(!provesChapSha1(Bytes(32, 'x'), hash, proof));
        QVERIFY(!provesChapSha1(salt, hash, {}));
        QVERIFY(!provesChapSha1(salt, {}, proof));
        // Only the first 20 bytes of the salt count.
        salt[20] = 'z';
        QVERIFY(provesChapSha1(salt, hash, proof));
    }
};
TRIBUTARY_TEST(TestGreeting)
#include "tst_greeting.moc"
