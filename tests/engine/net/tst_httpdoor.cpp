// The page for monitoring systems: one page for one request, whatever follows it.
#include "engine/net/httpdoor.h"

#include "qtworld.h"
#include "testmain.h"

namespace tributary::engine::test {

namespace {

/// Somebody who asks.
class Asker {
public:
    Asker(QtWorld& world, const Endpoint& door) : world_(world), connection_(world.transport().dial(door)) {
        connection_->onConnected = [this] { connected_ = true; };
        connection_->onBytes = [this](BytesView bytes) { heard_ += bytes; };
        connection_->onClosed = [this](const Error&) { closed_ = true; };
        QVERIFY(world_.pumpUntil([this] { return connected_ || closed_; }));
    }
    void say(const Bytes& bytes) {
        connection_->send(bytes);
        QVERIFY(world_.pumpUntil([this] { return connection_->queuedBytes() == 0 || closed_; }));
    }
    /// All that the door says until it closes.
    const Bytes& answer() {
        QTest::qVerify(world_.pumpUntil([this] { return closed_; }), "closed", "", __FILE__, __LINE__);
        return heard_;
    }

private:
    QtWorld& world_;
    std::unique_ptr<Connection> connection_;
    Bytes heard_;
    bool connected_ = false;
    bool closed_ = false;
};

/// A door whose page is given out when the test says so.
class Kiosk {
public:
    explicit Kiosk(QtWorld& world)
        : place_(world.listenAt()),
          door_({"/metrics", "text/plain", [this](HttpDoor::Reply reply) { asked_.push_back(std::move(reply)); }}) {
        QVERIFY_OK(door_.open(place_.localPath));
    }
    [[nodiscard]] const Endpoint& place() const { return place_; }
    [[nodiscard]] std::size_t asked() const { return asked_.size(); }
    void give(const Bytes& text) {
        for (const HttpDoor::Reply& reply : asked_) reply(text);
    }

private:
    Endpoint place_;
    std::vector<HttpDoor::Reply> asked_;
    HttpDoor door_;
};

int countOf(const Bytes& text, const Bytes& what) {
    int times = 0;
    for (std::size_t at = text.find(what); at != Bytes::npos; at = text.find(what, at + 1)) ++times;
    return times;
}

}  // namespace

class HttpDoorTest : public QObject {
    Q_OBJECT
private slots:
    void onePageForOneRequestWhateverFollows() {
        QtWorld world(QtWorld::Kind::Local);
        Kiosk kiosk(world);
        Asker asker(world, kiosk.place());
        for (const char* piece : {"GET /metrics HTT", "P/1.1\r\n", "\r\n"}) asker.say(piece);
        for (int i = 0; i < 50; ++i) asker.say("GET /metrics HTTP/1.1\r\n\r\n");
        QVERIFY(world.pumpUntil([&] { return kiosk.asked() > 0; }));
        Asker other(world, kiosk.place());
        other.say("GET /metrics HTTP/1.1\r\n\r\n");
        QVERIFY(world.pumpUntil([&] { return kiosk.asked() > 1; }));
        kiosk.give("the page");
        for (Asker* one : {&asker, &other}) {
            QCOMPARE(countOf(one->answer(), "HTTP/1.1 200 OK"), 1);
            QVERIFY(one->answer().ends_with("the page"));
        }
        QCOMPARE(kiosk.asked(), std::size_t{2});
    }
    void whatIsNoRequestIsRefusedWithItsReason_data() {
        QTest::addColumn<QByteArray>("said");
        QTest::addColumn<QByteArray>("status");
        QTest::newRow("another page") << QByteArray("GET / HTTP/1.1\r\n\r\n") << QByteArray(" 404 ");
        QTest::newRow("a write") << QByteArray("PUT /metrics HTTP/1.1\r\n\r\n") << QByteArray(" 405 ");
        QTest::newRow("no HTTP") << QByteArray("hello\r\n\r\n") << QByteArray(" 400 ");
        QTest::newRow("too long") << QByteArray(9'000, 'x') << QByteArray(" 431 ");
    }
    void whatIsNoRequestIsRefusedWithItsReason() {
        QFETCH(const QByteArray, said);
        QFETCH(const QByteArray, status);
        QtWorld world(QtWorld::Kind::Local);
        Kiosk kiosk(world);
        Asker asker(world, kiosk.place());
        asker.say(said.toStdString());
        QVERIFY2(asker.answer().find(status.toStdString()) != Bytes::npos, asker.answer().c_str());
        QCOMPARE(kiosk.asked(), std::size_t{0});
    }
};
TRIBUTARY_TEST(HttpDoorTest)

}  // namespace tributary::engine::test
#include "tst_httpdoor.moc"
