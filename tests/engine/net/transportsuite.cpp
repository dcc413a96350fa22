// What every Transport must do, as a reusable suite: one subclass per implementation supplies a world to run it in.
#include "transportsuite.h"

#include <QTest>
#include <algorithm>
#include <cstring>
#include <random>

#include "testmain.h"

namespace tributary::engine::test {

namespace {

Bytes randomBytes(std::size_t size, unsigned seed) {
    std::mt19937_64 random(seed);
    Bytes out(size, '\0');
    for (std::size_t at = 0; at + 8 <= size; at += 8) {
        const std::uint64_t word = random();
        std::memcpy(out.data() + at, &word, sizeof(word));
    }
    return out;
}

}  // namespace

/// A dialled and an accepted end, and the listener between them.
struct TransportSuite::Pair {
    std::unique_ptr<Listener> listener;
    std::unique_ptr<Connection> client;
    std::unique_ptr<Connection> server;
};

void TransportSuite::init() {
    world_ = makeWorld();
}
void TransportSuite::cleanup() {
    world_.reset();
}

TransportSuite::Pair TransportSuite::openPair() {
    Pair pair;
    auto accepted = std::make_shared<std::unique_ptr<Connection>>();
    auto listening = world_->transport().listen(
        world_->listenAt(), [accepted](std::unique_ptr<Connection> connection) { *accepted = std::move(connection); });
    if (!listening) {
        qWarning("%s", listening.error().full().c_str());
        return pair;
    }
    pair.listener = std::move(listening).value();
    pair.client = world_->transport().dial(pair.listener->endpoint());
    bool connected = false;
    pair.client->onConnected = [&connected] { connected = true; };
    if (pump([&] { return connected && *accepted != nullptr; })) pair.server = std::move(*accepted);
    pair.client->onConnected = nullptr;
    return pair;
}

bool TransportSuite::pumpFor(Millis forMs) {
    bool over = false;
    world_->timers().after(forMs, [&over] { over = true; });
    return pump([&over] { return over; });
}

void TransportSuite::echoesRandomSplitsUnchanged() {
    Pair pair = openPair();
    QVERIFY(pair.server != nullptr);
    const Bytes source = randomBytes(echoBytes(), 7);
    std::mt19937_64 random(11);
    std::size_t sent = 0;
    std::size_t received = 0;
    bool same = true;
    std::size_t queuedMost = 0;
    pair.server->onBytes = [&](BytesView bytes) {
        pair.server->send(Bytes(bytes));
        // A node that echoes holds its reader back while its own queue is long.
        if (pair.server->queuedBytes() > (4U << 20U)) pair.server->pauseReading(true);
        queuedMost = std::max(queuedMost, pair.server->queuedBytes());
    };
    pair.server->onDrained = [&] { pair.server->pauseReading(false); };
    pair.client->onBytes = [&](BytesView bytes) {
        same = same && received + bytes.size() <= source.size() &&
               std::memcmp(bytes.data(), source.data() + received, bytes.size()) == 0;
        received += bytes.size();
    };
    const auto feed = [&] {
        while (sent < source.size() && pair.client->queuedBytes() < (1U << 20U)) {
            // Mostly small pieces with some large ones, as frames are; every third one shared.
            const std::size_t most = random() % 4 == 0 ? 2'000'000 : 20'000;
            const std::size_t size = std::min<std::size_t>(1 + random() % most, source.size() - sent);
            Bytes piece = source.substr(sent, size);
            if (random() % 3 == 0) {
                pair.client->send(std::make_shared<const Bytes>(std::move(piece)));
            } else {
                pair.client->send(std::move(piece));
            }
            sent += size;
        }
        return received >= source.size() || !same;
    };
    QVERIFY(pump(feed));
    QVERIFY(same);
    QCOMPARE(received, source.size());
    QVERIFY(queuedMost < (8U << 20U));
}

void TransportSuite::pausedReceiverHoldsTheSenderBack() {
    Pair pair = openPair();
    QVERIFY(pair.server != nullptr);
    std::size_t received = 0;
    pair.server->onBytes = [&](BytesView bytes) { received += bytes.size(); };
    pair.server->pauseReading(true);
    const std::size_t total = 2 * underWayBytesMax();
    for (std::size_t sent = 0; sent < total; sent += 1U << 20U) pair.client->send(Bytes(1U << 20U, 'x'));
    QVERIFY(pumpFor(200));
    QCOMPARE(received, std::size_t{0});
    QVERIFY2(total - pair.client->queuedBytes() <= underWayBytesMax(),
             std::to_string(total - pair.client->queuedBytes()).c_str());
    pair.server->pauseReading(false);
    QVERIFY(pump([&] { return received == total; }));
    QVERIFY(pump([&] { return pair.client->queuedBytes() == 0; }));
}

void TransportSuite::tellsWhenTheQueueHasDrained() {
    Pair pair = openPair();
    QVERIFY(pair.server != nullptr);
    pair.server->onBytes = [](BytesView) {};
    int drained = 0;
    std::size_t queuedThen = 0;
    pair.client->onDrained = [&] {
        ++drained;
        queuedThen = pair.client->queuedBytes();
    };
    std::size_t received = 0;
    pair.server->onBytes = [&](BytesView bytes) { received += bytes.size(); };
    pair.client->send(Bytes(200U << 10U, 'a'));  // never above the mark: not worth a call
    QVERIFY(pump([&] { return received == 200U << 10U; }));
    QCOMPARE(drained, 0);
    pair.client->send(Bytes(8U << 20U, 'b'));
    QVERIFY(pump([&] { return drained > 0; }));
    QVERIFY(queuedThen <= 256U << 10U);
    QVERIFY(pump([&] { return received == (200U << 10U) + (8U << 20U); }));
    QCOMPARE(drained, 1);
}

void TransportSuite::deliversEverythingBeforeTheEnd() {
    Pair pair = openPair();
    QVERIFY(pair.server != nullptr);
    const std::size_t total = 3U << 20U;
    std::size_t received = 0;
    std::size_t receivedAtEnd = 0;
    int ends = 0;
    pair.client->onBytes = [&](BytesView bytes) { received += bytes.size(); };
    pair.client->onClosed = [&](const Error& error) {
        ++ends;
        receivedAtEnd = received;
        QCOMPARE(error.code, ErrorCode::Unavailable);
    };
    pair.client->send(Bytes(1000, 'q'));  // unread at the closer: must not turn the end into a reset
    QVERIFY(pumpFor(20));
    pair.server->send(Bytes(total, 'z'));
    pair.server->close();
    pair.server.reset();
    QVERIFY(pump([&] { return ends > 0; }));
    QCOMPARE(receivedAtEnd, total);
    QVERIFY(pumpFor(20));
    QCOMPARE(ends, 1);
}

void TransportSuite::pausedEndWaitsForTheReader() {
    Pair pair = openPair();
    QVERIFY(pair.server != nullptr);
    std::size_t received = 0;
    int ends = 0;
    pair.client->onBytes = [&](BytesView bytes) { received += bytes.size(); };
    pair.client->onClosed = [&](const Error&) { ++ends; };
    pair.client->pauseReading(true);
    pair.server->send(Bytes(100'000, 'z'));
    pair.server->close();
    QVERIFY(pumpFor(100));
    QCOMPARE(received, std::size_t{0});
    QCOMPARE(ends, 0);
    pair.client->pauseReading(false);
    QVERIFY(pump([&] { return ends == 1; }));
    QCOMPARE(received, std::size_t{100'000});
}

void TransportSuite::closerHearsNothing() {
    Pair pair = openPair();
    QVERIFY(pair.server != nullptr);
    int atCloser = 0;
    int atPeer = 0;
    pair.client->onClosed = [&](const Error&) { ++atCloser; };
    pair.server->onClosed = [&](const Error&) { ++atPeer; };
    pair.client->close();
    QVERIFY(pump([&] { return atPeer == 1; }));
    QVERIFY(pumpFor(20));
    QCOMPARE(atCloser, 0);
    pair.client->send(Bytes("late"));  // harmless
    QCOMPARE(pair.client->queuedBytes(), std::size_t{0});
}

void TransportSuite::destroyedConnectionEndsThePeer() {
    Pair pair = openPair();
    QVERIFY(pair.server != nullptr);
    int atPeer = 0;
    int atDestroyed = 0;
    pair.server->onClosed = [&](const Error&) { ++atPeer; };
    pair.client->onClosed = [&](const Error&) { ++atDestroyed; };
    pair.client.reset();
    QVERIFY(pump([&] { return atPeer == 1; }));
    QCOMPARE(atDestroyed, 0);
}

void TransportSuite::mayBeDestroyedInsideEachCallback_data() {
    QTest::addColumn<QString>("callback");
    for (const char* name : {"onBytes", "onClosed", "onDrained", "onConnected"}) {
        QTest::newRow(name) << QString::fromLatin1(name);
    }
}

void TransportSuite::mayBeDestroyedInsideEachCallback() {
    QFETCH(const QString, callback);
    Pair pair = openPair();
    QVERIFY(pair.server != nullptr);
    // The callback owns something: were it destroyed while it runs, the sanitizers would see it.
    const auto witness = std::make_shared<std::string>("alive and longer than the small string buffer");
    std::string seen;
    const auto destroy = [&seen, &pair, witness] {
        pair.client.reset();
        seen = *witness;
    };
    pair.server->onBytes = [](BytesView) {};
    pair.client->onBytes = [destroy](BytesView) { destroy(); };
    pair.client->onClosed = [destroy](const Error&) { destroy(); };
    pair.client->onDrained = destroy;
    if (callback == QLatin1String("onBytes")) pair.server->send(Bytes(100'000, 'x'));
    if (callback == QLatin1String("onClosed")) pair.server->close();
    if (callback == QLatin1String("onDrained")) pair.client->send(Bytes(1U << 20U, 'x'));
    if (callback == QLatin1String("onConnected")) {
        pair.client = world_->transport().dial(pair.listener->endpoint());
        pair.client->onConnected = destroy;
    }
    QVERIFY(pump([&] { return !seen.empty(); }));
    QCOMPARE(seen, *witness);
    QVERIFY(pumpFor(20));
}

void TransportSuite::bytesSentBeforeTheOpeningArrive() {
    Bytes received;
    std::unique_ptr<Connection> server;
    auto listening = world_->transport().listen(world_->listenAt(), [&](std::unique_ptr<Connection> connection) {
        server = std::move(connection);
        server->onBytes = [&](BytesView bytes) { received += bytes; };
    });
    QVERIFY_OK(listening);
    const auto client = world_->transport().dial((*listening)->endpoint());
    client->send(Bytes("hello, "));
    client->send(Bytes("gateway"));
    QVERIFY(pump([&] { return received.size() == 14; }));
    QCOMPARE(received, Bytes("hello, gateway"));
}

void TransportSuite::refusedDialIsUnavailable() {
    const Endpoint nowhere = world_->refusedAt();
    const auto client = world_->transport().dial(nowhere);
    std::vector<Error> errors;
    bool connected = false;
    client->onConnected = [&] { connected = true; };
    client->onClosed = [&](const Error& error) { errors.push_back(error); };
    QVERIFY(pump([&] { return !errors.empty(); }));
    QVERIFY(!connected);
    QCOMPARE(errors.size(), std::size_t{1});
    QCOMPARE(errors[0].code, ErrorCode::Unavailable);
    QVERIFY(errors[0].text().find(nowhere.text()) != std::string::npos);
}

void TransportSuite::noCallbackRunsInsideACall() {
    bool inside = false;
    int calls = 0;
    int wrong = 0;
    const auto called = [&] {
        ++calls;
        if (inside) ++wrong;
    };
    std::unique_ptr<Connection> server;
    auto listening = world_->transport().listen(world_->listenAt(), [&](std::unique_ptr<Connection> connection) {
        called();
        server = std::move(connection);
        server->onBytes = [&](BytesView) { called(); };
        server->onClosed = [&](const Error&) { called(); };
    });
    QVERIFY_OK(listening);
    inside = true;
    const auto client = world_->transport().dial((*listening)->endpoint());
    client->onConnected = called;
    client->onDrained = called;
    client->onBytes = [&](BytesView) { called(); };
    client->onClosed = [&](const Error&) { called(); };
    client->send(Bytes(1U << 20U, 'x'));
    inside = false;
    QVERIFY(pump([&] { return server != nullptr; }));
    inside = true;
    server->send(Bytes(1000, 'y'));
    client->pauseReading(true);
    client->pauseReading(false);
    client->send(Bytes(1U << 20U, 'x'));
    inside = false;
    QVERIFY(pumpFor(50));
    inside = true;
    server->close();
    client->send(Bytes(10, 'x'));
    inside = false;
    QVERIFY(pumpFor(50));
    QVERIFY(calls >= 5);
    QCOMPARE(wrong, 0);
}

void TransportSuite::takenPlaceIsAConflict() {
    auto first = world_->transport().listen(world_->listenAt(), [](std::unique_ptr<Connection>) {});
    QVERIFY_OK(first);
    const Endpoint taken = (*first)->endpoint();
    auto second = world_->transport().listen(taken, [](std::unique_ptr<Connection>) {});
    QVERIFY(!second.ok());
    QCOMPARE(second.error().code, ErrorCode::Conflict);
    QVERIFY(second.error().text().find(taken.text()) != std::string::npos);
}

void TransportSuite::closedListenerRefusesButKeepsItsConnections() {
    Pair pair = openPair();
    QVERIFY(pair.server != nullptr);
    const Endpoint was = pair.listener->endpoint();
    pair.listener.reset();
    Bytes received;
    pair.server->onBytes = [&](BytesView bytes) { received += bytes; };
    pair.client->send(Bytes("still here"));
    QVERIFY(pump([&] { return received == "still here"; }));
    const auto late = world_->transport().dial(was);
    bool refused = false;
    late->onClosed = [&](const Error&) { refused = true; };
    QVERIFY(pump([&] { return refused; }));
}

}  // namespace tributary::engine::test
