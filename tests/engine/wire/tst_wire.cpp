// The security of a session: golden bytes, and that nothing is taken that the peer did not send here, now, in this
// place.
#include "engine/wire/wire.h"

#include <QFile>

#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;

namespace {

const Bytes kKey = "0123456789abcdef0123456789abcdef";

/// Counts up: the same handshake each time.
class CountingRandom final : public Random {
public:
    explicit CountingRandom(std::uint64_t first) : next_(first) {}
    std::uint64_t next() override { return next_++; }

private:
    std::uint64_t next_;
};

WireDoor door(std::uint16_t port = 7660) {
    return wireDoorOf(Endpoint{"127.0.0.1", port, {}, {}}, "newyork");
}

/// Both ends of a connection.
struct Ends {
    Wire dialler;
    Wire atDoor;
};

Ends unopened(const WireDoor& dialled, const WireDoor& listening, const Bytes& known = kKey, std::uint64_t seed = 1) {
    CountingRandom first(seed * 100);
    CountingRandom second(seed * 200);
    return {Wire::dialling(dialled, ConnectionClass::Data, known, first), Wire::accepting(listening, kKey, second)};
}

/// Carries what the ends have to say until both are silent. The first error ends it.
Status carry(Ends& ends) {
    while (true) {
        const Bytes there = ends.dialler.takeOutput();
        const Bytes back = ends.atDoor.takeOutput();
        if (there.empty() && back.empty()) return okStatus();
        ends.atDoor.feed(there);
        ends.dialler.feed(back);
        for (Wire* end : {&ends.atDoor, &ends.dialler}) {
            const auto frame = end->next();
            if (!frame) return frame.error();
        }
    }
}

Ends opened(std::uint64_t seed = 1) {
    Ends ends = unopened(door(), door(), kKey, seed);
    if (!carry(ends) || !ends.dialler.isOpen() || !ends.atDoor.isOpen()) qFatal("the handshake failed");
    return ends;
}

QByteArray hex(const Bytes& bytes) {
    return QByteArray::fromStdString(bytes).toHex();
}

/// The body of the next frame, or "error", or "" when there is none.
std::string taken(Wire& wire) {
    const auto frame = wire.next();
    if (!frame) return "error";
    return frame.value() ? Bytes(frame.value()->body) : Bytes();
}

}  // namespace

class TestWire : public QObject {
    Q_OBJECT
private slots:
    void bytesAreThoseWrittenDown() {
        Ends ends = unopened(door(), door());
        const Bytes challenge = ends.dialler.takeOutput();
        QCOMPARE(hex(challenge),
                 QByteArray("28000000411157f704545249420200016400000000000000650000000000000066000000000000006700000000"
                            "000000"));
        ends.atDoor.feed(challenge);
        QCOMPARE(taken(ends.atDoor), std::string());
        const Bytes counter = ends.atDoor.takeOutput();
        ends.dialler.feed(counter);
        QCOMPARE(taken(ends.dialler), std::string());
        QVERIFY(ends.dialler.isOpen());
        const Bytes proof = ends.dialler.takeOutput();
        const Bytes ping = ends.dialler.seal(FrameType::Ping, {});
        const Bytes hello = ends.dialler.seal(FrameType::Hello, "hello");
        const Bytes golden = counter + proof + ping + hello;
        QFile file(QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests/data/wire-v2/handshake.hex"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(hex(golden), file.readAll().trimmed());
    }
    void everySplitOpensAndCarries() {
        Ends whole = unopened(door(), door());
        const Bytes challenge = whole.dialler.takeOutput();
        for (std::size_t split = 0; split <= challenge.size(); ++split) {
            Ends ends = unopened(door(), door());
            (void)ends.dialler.takeOutput();
            ends.atDoor.feed(BytesView(challenge).substr(0, split));
            QCOMPARE(taken(ends.atDoor), std::string());
            ends.atDoor.feed(BytesView(challenge).substr(split));
            QCOMPARE(taken(ends.atDoor), std::string());
            QVERIFY_OK(carry(ends));
            // What follows the proof at once is already under its MAC.
            ends.atDoor.feed(ends.dialler.seal(FrameType::Hello, "h"));
            ends.atDoor.feed(ends.dialler.seal(FrameType::Batch, "b"));
            QCOMPARE(taken(ends.atDoor), std::string("h"));
            QCOMPARE(taken(ends.atDoor), std::string("b"));
            ends.dialler.feed(ends.atDoor.seal(FrameType::Ack, "a"));
            QCOMPARE(taken(ends.dialler), std::string("a"));
        }
    }
    void noByteOfTheKeyTravels() {
        Ends ends = unopened(door(), door());
        Bytes seen = ends.dialler.takeOutput();
        ends.atDoor.feed(seen);
        (void)ends.atDoor.next();
        const Bytes counter = ends.atDoor.takeOutput();
        ends.dialler.feed(counter);
        (void)ends.dialler.next();
        seen += counter + ends.dialler.takeOutput() + ends.dialler.seal(FrameType::Hello, "h");
        for (std::size_t at = 0; at + 8 <= kKey.size(); ++at) {
            QVERIFY(seen.find(kKey.substr(at, 8)) == Bytes::npos);
        }
    }

    void differentDoorsDoNotOpen_data() {
        QTest::addColumn<int>("row");
        const char* names[] = {"another port", "another host", "another cluster", "local and not",
                               "no key",       "another key",  "another class"};
        for (int i = 0; i < 7; ++i) QTest::newRow(names[i]) << i;
    }
    void differentDoorsDoNotOpen() {
        QFETCH(const int, row);
        WireDoor dialled = door();
        Bytes key = kKey;
        if (row == 0) dialled = door(7661);
        if (row == 1) dialled.place = "127.0.0.2:7660";
        if (row == 2) dialled.cluster = "sanfrancisco";
        if (row == 3) dialled.local = true;
        if (row == 4) key.clear();
        if (row == 5) key.back() = 'g';
        Ends ends = unopened(dialled, door(), key);
        Status outcome;
        if (row == 6) {
            // The class in the challenge is changed under way.
            Bytes challenge = ends.dialler.takeOutput();
            FrameReader reader;
            reader.feed(challenge);
            Bytes body(reader.next().value()->body);
            body[6] = static_cast<char>(ConnectionClass::Control);
            ends.atDoor.feed(encodeFrame(FrameType::Challenge, body));
            QCOMPARE(taken(ends.atDoor), std::string());
        }
        outcome = carry(ends);
        QVERIFY(!outcome.ok());
        QCOMPARE(outcome.error().where, std::string(kErrAuthentication));
        QVERIFY(!ends.dialler.isOpen() && !ends.atDoor.isOpen());
    }
    void aDoorWithoutAKeyLetsNobodyIn() {
        CountingRandom random(1);
        Ends ends{Wire::dialling(door(), ConnectionClass::Control, {}, random), Wire::accepting(door(), {}, random)};
        const Status outcome = carry(ends);
        QVERIFY(!outcome.ok());
        QCOMPARE(outcome.error().where, std::string(kErrAuthentication));
    }
    void whatTheDoorSaidIsNoProofOfADialler() {
        // Reflection: a stranger takes the counter of the door for its own proof, to the door and to the dialler.
        Ends ends = unopened(door(), door());
        ends.atDoor.feed(ends.dialler.takeOutput());
        QCOMPARE(taken(ends.atDoor), std::string());
        FrameReader reader;
        reader.feed(ends.atDoor.takeOutput());
        const Bytes body(reader.next().value()->body);
        ends.atDoor.feed(encodeFrame(FrameType::Proof, BytesView(body).substr(32)));
        QCOMPARE(taken(ends.atDoor), std::string("error"));
        // Two doors that are played against each other: the challenge of one is no challenge to answer for the other.
        Ends other = unopened(door(), door());
        other.dialler.feed(other.dialler.takeOutput());
        QCOMPARE(taken(other.dialler), std::string("error"));
    }
    void anOldCounterProvesNothing() {
        Ends first = unopened(door(), door(), kKey, 1);
        first.atDoor.feed(first.dialler.takeOutput());
        QCOMPARE(taken(first.atDoor), std::string());
        const Bytes counter = first.atDoor.takeOutput();
        Ends second = unopened(door(), door(), kKey, 2);
        (void)second.dialler.takeOutput();
        second.dialler.feed(counter);
        QCOMPARE(taken(second.dialler), std::string("error"));
        QVERIFY(!second.dialler.isOpen());
    }
    void relayedToAnotherDoorOpensNothing() {
        // A stranger at 7660 carries every byte to the live door at 7661 and back.
        Ends ends = unopened(door(7660), door(7661));
        const Status outcome = carry(ends);
        QVERIFY(!outcome.ok());
        QVERIFY(!ends.dialler.isOpen());
        QCOMPARE(ends.dialler.takeOutput(), Bytes());
        QVERIFY(!ends.atDoor.isOpen());
    }

    void anyFlippedBitIsSeen() {
        const Bytes plain = "some rows of a table";
        const std::size_t size = opened().dialler.seal(FrameType::Batch, plain).size();
        QCOMPARE(size, kFrameHeaderBytes + plain.size() + kMacBytes);
        for (std::size_t bit = 0; bit < 8 * size; ++bit) {
            Ends ends = opened();
            Bytes frame = ends.dialler.seal(FrameType::Batch, plain);
            frame[bit / 8] = static_cast<char>(frame[bit / 8] ^ (1U << (bit % 8)));
            ends.atDoor.setFrameBytesMax(kFrameBytesMax);
            ends.atDoor.feed(frame);
            const std::string seen = taken(ends.atDoor);
            QVERIFY2(seen == "error" || (bit < 32 && seen.empty()), qPrintable(QString::number(bit)));
        }
    }
    void aChecksumThatFitsTheAlteredFrameDoesNotHelp() {
        Ends ends = opened();
        const Bytes frame = ends.dialler.seal(FrameType::Batch, "value of mine");
        const Bytes altered = encodeFrame(FrameType::Batch, "value of thine") + frame.substr(frame.size() - kMacBytes);
        ends.atDoor.feed(altered);
        QCOMPARE(taken(ends.atDoor), std::string("error"));
    }
    void framesCountInTheirPlaceOnly() {
        {
            Ends ends = opened();  // replayed
            const Bytes frame = ends.dialler.seal(FrameType::Batch, "one");
            ends.atDoor.feed(frame + frame);
            QCOMPARE(taken(ends.atDoor), std::string("one"));
            QCOMPARE(taken(ends.atDoor), std::string("error"));
        }
        {
            Ends ends = opened();  // out of order, and lost
            const Bytes one = ends.dialler.seal(FrameType::Batch, "one");
            const Bytes two = ends.dialler.seal(FrameType::Batch, "two");
            ends.atDoor.feed(two + one);
            QCOMPARE(taken(ends.atDoor), std::string("error"));
            QCOMPARE(taken(ends.atDoor), std::string("error"));
        }
        {
            Ends ends = opened();  // reflected
            ends.dialler.feed(ends.dialler.seal(FrameType::Ack, "mine"));
            QCOMPARE(taken(ends.dialler), std::string("error"));
        }
        {
            Ends first = opened(1);  // of an earlier session
            Ends second = opened(2);
            second.atDoor.feed(first.dialler.seal(FrameType::Batch, "one"));
            QCOMPARE(taken(second.atDoor), std::string("error"));
        }
        {
            Ends ends = opened();  // without a MAC
            ends.atDoor.feed(encodeFrame(FrameType::Batch, "one") + Bytes(kMacBytes, '\0'));
            QCOMPARE(taken(ends.atDoor), std::string("error"));
        }
    }
    void localSocketsProveAndCarryNoMacs() {
        const Endpoint socket{{}, 0, "/some/where/control.sock", {}};
        Ends ends = unopened(wireDoorOf(socket, "newyork"),
                             wireDoorOf(Endpoint{{}, 0, "/moved/to/control.sock", {}}, "newyork"));
        QVERIFY_OK(carry(ends));
        QVERIFY(ends.dialler.isOpen() && ends.atDoor.isOpen());
        QCOMPARE(ends.dialler.seal(FrameType::Ping, {}).size(), kFrameHeaderBytes);
    }
    void oneDoorHasOneSpelling() {
        for (const char* host : {"", "localhost", "127.0.0.1"}) {
            QCOMPARE(wireDoorOf(Endpoint{host, 7660, {}, {}}, "c").place, std::string("127.0.0.1:7660"));
        }
        for (const char* host : {"::1", "[::1]", "0:0:0:0:0:0:0:1"}) {
            QCOMPARE(wireDoorOf(Endpoint{host, 7660, {}, {}}, "c").place, std::string("[::1]:7660"));
        }
    }

    void anotherVersionIsNamed() {
        Bytes hello;  // of protocol version 1
        appendFixed<std::uint32_t>(hello, 0x42495254);
        appendFixed<std::uint16_t>(hello, 1);
        hello += Bytes(60, '\0');
        Ends ends = unopened(door(), door());
        ends.atDoor.feed(encodeFrame(FrameType::Hello, hello));
        const auto frame = ends.atDoor.next();
        QVERIFY(!frame.ok());
        QCOMPARE(frame.error().where, std::string(kErrVersion));
        QCOMPARE(frame.error().what, std::string("protocol version 2 is spoken here, not 1"));
    }
    void aStrangersRefusalIsHeardByTheDiallerOnly() {
        Ends ends = unopened(door(), door());
        ends.dialler.feed(encodeFrame(FrameType::Refused, "no"));
        QCOMPARE(taken(ends.dialler), std::string("no"));
        QVERIFY(!ends.dialler.isOpen());
        ends.atDoor.feed(encodeFrame(FrameType::Refused, "no"));
        QCOMPARE(taken(ends.atDoor), std::string("error"));
    }

    // Fuzz: damaged handshakes at both ends, and damaged frames before and after the proofs.
    void damagedHandshakesOpenNothing() {
        test::Mutator mutator(11);
        Ends good = unopened(door(), door());
        const Bytes challenge = good.dialler.takeOutput();
        good.atDoor.feed(challenge);
        (void)good.atDoor.next();
        const Bytes counter = good.atDoor.takeOutput();
        good.dialler.feed(counter);
        (void)good.dialler.next();
        const Bytes proof = good.dialler.takeOutput();
        for (int i = 0; i < 4'000; ++i) {
            Ends ends = unopened(door(), door());
            (void)ends.dialler.takeOutput();
            const Bytes damagedCounter = mutator.damaged(counter);
            ends.dialler.feed(damagedCounter);
            (void)ends.dialler.next();
            QVERIFY(!ends.dialler.isOpen() || damagedCounter.starts_with(counter));
            const Bytes said = mutator.damaged(challenge) + mutator.damaged(proof);
            ends.atDoor.feed(said);
            while (ends.atDoor.next().ok() && ends.atDoor.bufferedBytes() > 8 && !ends.atDoor.isOpen()) {
                if (ends.atDoor.takeOutput().empty()) break;
            }
            QVERIFY(!ends.atDoor.isOpen() || said.starts_with(challenge + proof));
        }
    }
    void damagedStreamsYieldOnlyWhatWasSent() {
        test::Mutator mutator(12);
        for (int i = 0; i < 1'000; ++i) {
            Ends ends = opened();
            std::vector<Bytes> sent;
            Bytes stream;
            for (int each = 0; each < 4; ++each) {
                sent.push_back(Bytes(1 + static_cast<std::size_t>(mutator.below(60)), static_cast<char>('a' + each)));
                stream += ends.dialler.seal(FrameType::Batch, sent.back());
            }
            ends.atDoor.feed(mutator.damaged(stream));
            for (const Bytes& wanted : sent) {
                const std::string seen = taken(ends.atDoor);
                if (seen.empty() || seen == "error") break;
                QCOMPARE(seen, wanted);
            }
        }
    }
};
TRIBUTARY_TEST(TestWire)
#include "tst_wire.moc"
