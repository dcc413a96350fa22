// A door for requests that speaks TLS, the blocking client before it, and who else comes there.
#include "engine/host/socketcontrolclient.h"
#include "engine/machine/realfileops.h"
#include "engine/net/nodethread.h"
#include "engine/wire/requestserver.h"
#include "mutator.h"
#include "testmain.h"
#include "tests/engine/security/certificates.h"

namespace tributary::engine::test {
namespace {

constexpr const char* kKey = "0123456789abcdef0123456789abcdef";
constexpr Millis kPatienceMs = 5'000;

/// The door of "c0" on a thread of its own; c1 is known there, too.
class TlsDoor {
public:
    explicit TlsDoor(const std::string& bug = {}) {
        thread_.run([&] {
            thread_.seams().faults.countReached(true);
            if (!bug.empty()) thread_.seams().faults.arm(bug);
            thread_.secure().setSource(*sourceOf(c0_));
            Endpoint at{"127.0.0.1", 0, {}, {}};
            at.tls = true;
            server_ = std::make_unique<RequestServer>(
                thread_.seams(), RequestServer::Config{"c0", kKey, {}, "cluster c0", {at}},
                [](const RequestServer::Incoming& incoming) { incoming.reply(Bytes("{\"answer\":42}")); });
            if (const Status started = server_->startAll(); !started) qFatal("%s", started.error().full().c_str());
            place_ = server_->endpoints().front();
            place_.peer = "c0";
        });
    }
    ~TlsDoor() {
        thread_.run([this] { server_.reset(); });
    }
    TlsDoor(const TlsDoor&) = delete;
    TlsDoor& operator=(const TlsDoor&) = delete;

    [[nodiscard]] const Endpoint& place() const { return place_; }
    [[nodiscard]] std::shared_ptr<const TlsSource> sourceOf(const MadeCluster& who) const {
        TlsSource source;
        source.identity = [&who]() -> Result<TlsIdentity> { return TlsIdentity{who.name, who.own}; };
        source.trustOf = [this](const std::string& cluster) -> Result<CertificateTrust> {
            if (cluster == "c0") return c0_.trust();
            if (cluster == "c1") return c1_.trust();
            return Error{ErrorCode::NotFound, "no such cluster", {}, {}};
        };
        source.nowS = [] { return kNowS; };
        return std::make_shared<const TlsSource>(std::move(source));
    }
    [[nodiscard]] const MadeCluster& c0() const { return c0_; }
    [[nodiscard]] const MadeCluster& c1() const { return c1_; }
    [[nodiscard]] bool reached(const std::string& what) {
        return thread_.run([&] { return thread_.seams().faults.reach().count(what) != 0; });
    }
    /// What comes of a client that dials like this and asks one thing.
    [[nodiscard]] std::string ask(const Endpoint& to, std::shared_ptr<const TlsSource> source,
                                  const Bytes& key = kKey) {
        auto client = SocketControlClient::connect({to, "c0", key, {}, kPatienceMs, std::move(source)});
        if (!client) return client.error().what;
        const auto answer = client.value()->call(Method::NodeStatus, "{}", kPatienceMs);
        return answer ? answer.value() : answer.error().what;
    }

private:
    MadeCluster c0_{"c0"};
    MadeCluster c1_{"c1"};
    RealFileOps files_;
    RealWorkers workers_{RealWorkers::Pending::Drop};
    NodeThread thread_{"door", SharedSeams{workers_, files_, {}}};
    std::unique_ptr<RequestServer> server_;
    Endpoint place_;
};

Endpoint without(Endpoint at) {
    at.tls = false;
    return at;
}

}  // namespace

class TlsDoorsTest final : public QObject {
    Q_OBJECT

private slots:
    void theBlockingClientSpeaksTls() {
        TlsDoor door;
        QVERIFY(door.place().tls);
        QCOMPARE(door.ask(door.place(), door.sourceOf(door.c0())), std::string("{\"answer\":42}"));
        QVERIFY(door.ask(door.place(), door.sourceOf(door.c0()), Bytes(32, 'x')).find("does not prove") !=
                std::string::npos);
    }

    void whoSpeaksPlainIsTold() {
        TlsDoor door;
        const std::string said = door.ask(without(door.place()), nullptr);
        QVERIFY2(said.find("speak TLS 1.3 only") != std::string::npos, said.c_str());
        QVERIFY(door.reached("plain-at-tls-door"));
        TlsDoor open("bug-plain-at-tls-door");
        QCOMPARE(open.ask(without(open.place()), nullptr), std::string("{\"answer\":42}"));
    }

    void certificateAndNameAreOne() {
        TlsDoor door;
        const std::string said = door.ask(door.place(), door.sourceOf(door.c1()));
        QVERIFY2(said.find("with the certificate of c1") != std::string::npos, said.c_str());
        QVERIFY(door.reached("certificate-of-another"));
    }

    void proofsThatAreNotBoundAreRefused() {
        TlsDoor door("bug-tls-unbound");
        const std::string said = door.ask(door.place(), door.sourceOf(door.c0()));
        QVERIFY2(said.find("does not prove") != std::string::npos, said.c_str());
    }

    void withoutCertificateNobodyDials() {
        TlsDoor door;
        QVERIFY(door.ask(door.place(), nullptr).find("no certificate") != std::string::npos);
    }

    /// Damaged hellos, and whatever else: the door stands.
    void damagedHandshakesDoNothing() {
        TlsDoor door;
        tributary::test::Mutator mutator(7);
        const Bytes hello = TlsStream::dialling(*door.sourceOf(door.c0()), "c0").value().takeOutput();
        for (int i = 0; i < 300; ++i) {
            auto channel = BlockingChannel::connect(without(door.place()), kPatienceMs);
            QVERIFY_OK(channel);
            (void)channel.value().send(mutator.damaged(hello), kPatienceMs);
        }
        QCOMPARE(door.ask(door.place(), door.sourceOf(door.c0())), std::string("{\"answer\":42}"));
    }
};

TRIBUTARY_TEST(TlsDoorsTest)

}  // namespace tributary::engine::test

#include "tst_tlsdoors.moc"
