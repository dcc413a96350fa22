// Damaged bytes at the four doors of a running engine, from strangers and from those who have proved themselves: each
// door ends what is wrong, answers what is right, and stands.
//
// A few hundred inputs in the gate; for TRIBUTARY_FUZZ_SECONDS a row where that is set (label long), from the seed
// TRIBUTARY_FUZZ_SEED.
#include <unistd.h>

#include <QElapsedTimer>
#include <QFile>

#include "doorworld.h"
#include "engine/replication/messages.h"
#include "engine/replication/payload.h"
#include "engine/wire/requests.h"
#include "requestkinds.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::test;

namespace {

constexpr int kInputsInTheGate = 400;
constexpr int kLookEvery = 100;  ///< inputs between two looks whether the door still does what it is for
constexpr std::uint64_t kFramesMax = 6;

long residentMb() {
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly)) return 0;
    return file.readAll().split(' ').value(1).toLong() * (sysconf(_SC_PAGESIZE) / 1024) / 1024;
}

/// One row's world, mutator and caller.
class Fuzz {
public:
    enum class At { Gateway, Tcp, Local, Metrics };

    explicit Fuzz(At at)
        : at_(at), mutator_(7 + static_cast<std::uint64_t>(qEnvironmentVariableIntValue("TRIBUTARY_FUZZ_SEED"))) {}

    [[nodiscard]] Mutator& mutator() { return mutator_; }
    [[nodiscard]] DoorWorld& world() { return world_; }
    [[nodiscard]] const std::string& finding() const { return finding_; }

    /// Runs inputs for as long as this run may take; how many those were. Ends with the first finding.
    int run(const std::function<void()>& input) {
        const int seconds = qEnvironmentVariableIntValue("TRIBUTARY_FUZZ_SECONDS");
        QElapsedTimer clock;
        clock.start();
        int inputs = 0;
        while (finding_.empty() && (seconds > 0 ? clock.elapsed() < seconds * 1'000 : inputs < kInputsInTheGate)) {
            input();
            if (++inputs % kLookEvery == 0) look();
        }
        if (finding_.empty()) look();
        if (!finding_.empty()) finding_ += fmt::format(" (after {} inputs)", inputs);
        return inputs;
    }

    /// Bytes of a stranger.
    void strange() {
        if (at_ == At::Metrics) return strangeRequest();
        DoorCaller caller(place(), kind(), random_);
        if (!caller.isOpen()) return note("the door took no connection");
        Bytes said = caller.challenge();
        switch (mutator_.below(5)) {
            case 0: said += encodeFrame(FrameType::Proof, Bytes(32, 'x')); break;
            case 1: said += encodeFrame(FrameType::Hello, encodeHello(greeting())); break;
            case 2: said = encodeFrame(FrameType::Request, "x") + said; break;
            case 3: said = "GET /metrics HTTP/1.1\r\n\r\n" + said; break;
            default: break;
        }
        inPieces(mutator_.damaged(said), [&](BytesView piece) { caller.say(piece); });
    }

    /// Frames of one who holds the key.
    void proven() {
        DoorCaller caller(place(), kind(), random_);
        if (!caller.prove()) return note("the door took no proof");
        const Bytes hello = encodeHello(greeting());
        caller.seal(FrameType::Hello, mutator_.below(8) == 0 ? mutator_.damaged(hello) : hello);
        for (std::uint64_t left = 1 + mutator_.below(kFramesMax); left > 0; --left) frame(caller);
        caller.seal(FrameType::Ping, {});
        if (!caller.await(FrameType::Pong) && caller.stalled()) note("the door neither answers nor ends");
    }

private:
    [[nodiscard]] Endpoint place() const {
        switch (at_) {
            case At::Gateway: return world_.gateway();
            case At::Tcp: return world_.tcp();
            case At::Local: return world_.local();
            default: return world_.metrics();
        }
    }
    [[nodiscard]] ConnectionClass kind() const {
        return at_ == At::Gateway ? ConnectionClass::Data : ConnectionClass::Control;
    }
    Hello greeting() {
        Hello hello;
        hello.kind = kind();
        if (at_ != At::Gateway) return hello;
        hello.fromCluster = "c1";
        hello.fromPath = "/mapr/c1/t";
        hello.fromUuid = DoorWorld::upstream();
        hello.toPath = "/mapr/c0/t";
        hello.toUuid = world_.uuid();
        hello.epoch = epoch_++;
        hello.incarnation = std::uint64_t{1} << 40U;
        hello.nextSequence = 1'000'000;
        return hello;
    }
    void note(const std::string& finding) {
        if (finding_.empty()) finding_ = finding;
    }
    void inPieces(const Bytes& bytes, const std::function<void(BytesView)>& say) {
        std::size_t at = 0;
        do {
            const auto size = static_cast<std::size_t>(1 + mutator_.below(bytes.size() + 1));
            say(BytesView(bytes).substr(at, size));
            at += size;
        } while (at < bytes.size());
    }
    Bytes payload() {
        PayloadHeader header;
        header.origin = DoorWorld::upstream();
        header.incarnation = std::uint64_t{1} << 40U;
        header.sequence = ++sequence_;
        header.stamp = stampFromMs(1'700'000'000'000 + static_cast<Millis>(sequence_));
        header.operations = 4;
        return encodePayload(header, maprdb::encodeBody({"a", "b"}, goodMutations()));
    }
    void frame(DoorCaller& caller) {
        if (at_ == At::Gateway) return linkFrame(caller);
        const auto kinds = requestKinds();
        const RequestKind& one = kinds[static_cast<std::size_t>(mutator_.below(kinds.size()))];
        const bool json = one.body.front() == '{';
        const Bytes body = mutator_.below(4) == 0           ? one.body
                           : json && mutator_.below(2) == 0 ? oddValue(one.body, mutator_)
                                                            : mutator_.damaged(one.body);
        Request request;
        request.id = mutator_.below(1'000);
        // Numbers of their own for what ends the engine: it is meant to.
        request.method = mutator_.below(10) == 0 ? static_cast<std::uint16_t>(1'000 + mutator_.below(60'000))
                                                 : static_cast<std::uint16_t>(one.method);
        request.body = body;
        const Bytes bytes = encodeRequest(request);
        caller.seal(mutator_.below(12) == 0 ? anyType() : FrameType::Request,
                    mutator_.below(8) == 0 ? mutator_.damaged(bytes) : bytes);
    }
    void linkFrame(DoorCaller& caller) {
        const Bytes one = payload();
        Bytes body;
        FrameType type = FrameType::Batch;
        switch (mutator_.below(6)) {
            case 0: body = encodeBatch(1, {one}, Codec::Off); break;
            case 1: body = encodeBatch(1, std::vector<BytesView>(9, one), Codec::Lz4); break;
            case 2: body = encodeBatch(1, std::vector<BytesView>(9, one), Codec::Zstd); break;
            case 3: {
                const Bytes odd = mutator_.damaged(one);
                body = encodeBatch(1, {odd}, Codec::Off);
                break;
            }
            case 4:
                type = FrameType::Skip;
                body = encodeSkip({1, Lane{DoorWorld::upstream(), 7, "a"}, 1 + mutator_.below(99), 100});
                break;
            default:
                type = FrameType::LifeEnd;
                body = encodeEnded({1, {DoorWorld::upstream(), 1, 1 + mutator_.below(9), 1 + mutator_.below(200)}});
                break;
        }
        caller.seal(mutator_.below(12) == 0 ? anyType() : type, mutator_.below(2) == 0 ? body : mutator_.damaged(body));
    }
    FrameType anyType() { return static_cast<FrameType>(mutator_.below(40)); }
    void strangeRequest() {
        static const std::vector<Bytes> kSaid{"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n", "GET /metrics HTTP/1.1\r\n",
                                              "POST /metrics HTTP/1.0\r\nContent-Length: 4\r\n\r\nbody",
                                              "GET /metrics?x=" + Bytes(9'000, 'y') + " HTTP/1.1\r\n\r\n",
                                              "GET / HTTP/1.1\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n"};
        auto channel = BlockingChannel::connect(place(), DoorCaller::kPatienceMs);
        if (!channel) return note("the door took no connection: " + channel.error().text());
        const Bytes& said = kSaid[static_cast<std::size_t>(mutator_.below(kSaid.size()))];
        inPieces(mutator_.damaged(said), [&](BytesView piece) { (void)channel.value().send(piece, 1'000); });
        if (mutator_.below(4) == 0) (void)channel.value().receiveSome(1);
    }
    /// What the door is for still works.
    void look() {
        if (!world_.isRunning()) return note("the cluster is gone");
        if (at_ == At::Metrics) return lookAtPage();
        DoorCaller caller(place(), kind(), random_);
        if (!caller.prove()) return note("the door takes no proof any more");
        caller.seal(FrameType::Hello, encodeHello(greeting()));
        if (!caller.await(FrameType::HelloOk)) {
            const auto refusal = decodeRefusal(caller.body());
            // A damaged greeting may have told of a session newer than any.
            if (refusal && refusal.value().code == "ErrFenced") epoch_ = refusal.value().sequence;
            if (!refusal || refusal.value().code != "ErrFenced") return note("the door lets nobody in any more");
            return;
        }
        if (at_ == At::Gateway) return;
        Request request;
        request.id = 1;
        request.method = static_cast<std::uint16_t>(Method::NodeStatus);
        request.body = "{}";
        caller.seal(FrameType::Request, encodeRequest(request));
        if (!caller.await(FrameType::Response)) return note("no answer to a request");
        const auto answer = decodeResponse(caller.body());
        if (!answer || !answer.value().ok) note("a good request is refused");
    }
    void lookAtPage() {
        auto channel = BlockingChannel::connect(place(), DoorCaller::kPatienceMs);
        if (!channel) return note("the door took no connection");
        (void)channel.value().send("GET /metrics HTTP/1.1\r\n\r\n", 1'000);
        Bytes heard;
        while (const auto more = channel.value().receiveSome(DoorCaller::kPatienceMs)) heard += more.value();
        // A crowd of those before may still be on its way out.
        if (heard.find("200 OK") == Bytes::npos && heard.find(" 503 ") == Bytes::npos) note("no page: " + heard);
    }

    At at_;
    Mutator mutator_;
    sim::SimRandom random_{11};
    DoorWorld world_;
    std::uint64_t epoch_ = 1;
    std::uint64_t sequence_ = 0;
    std::string finding_;
};

}  // namespace

class DoorFuzzTest : public QObject {
    Q_OBJECT
private slots:
    void doorStands_data() {
        QTest::addColumn<int>("door");
        QTest::addColumn<bool>("proven");
        const auto row = [](const char* name, Fuzz::At door, bool proven) {
            QTest::newRow(name) << static_cast<int>(door) << proven;
        };
        row("gateway, strangers", Fuzz::At::Gateway, false);
        row("gateway, proven", Fuzz::At::Gateway, true);
        row("control over TCP, strangers", Fuzz::At::Tcp, false);
        row("control over TCP, proven", Fuzz::At::Tcp, true);
        row("local socket, strangers", Fuzz::At::Local, false);
        row("local socket, proven", Fuzz::At::Local, true);
        row("metrics, whoever may open its socket", Fuzz::At::Metrics, false);
    }
    void doorStands() {
        QFETCH(const int, door);
        QFETCH(const bool, proven);
        Fuzz fuzz(static_cast<Fuzz::At>(door));
        const long beforeMb = residentMb();
        const int inputs = fuzz.run([&] { proven ? fuzz.proven() : fuzz.strange(); });
        qInfo("%s: %d inputs, resident memory %ld -> %ld MB", QTest::currentDataTag(), inputs, beforeMb, residentMb());
        QVERIFY2(fuzz.finding().empty(), fuzz.finding().c_str());
        if (static_cast<Fuzz::At>(door) == Fuzz::At::Metrics) {
            QVERIFY2(fuzz.world().pages() <= 2 * inputs, std::to_string(fuzz.world().pages()).c_str());
        }
    }
};
TRIBUTARY_TEST(DoorFuzzTest)
#include "tst_doorfuzz.moc"
