// What an end of a session says is what the other hears, in whatever bytes a kind has for it.
#include "engine/replication/linkkind.h"

#include "mutator.h"
#include "testmain.h"
#include "tests/toy/toylinks.h"

using namespace tributary;
using namespace tributary::engine;

namespace {

constexpr int kDamagedGreetings = 3'000;

const LinkKind& kindOf(const QString& name) {
    return name == QStringLiteral("toy") ? toy::toyLinks() : pushLinks();
}

HelloOk positions() {
    HelloOk ok;
    ok.nowMs = 1'700'000'000'000;
    ok.positions.add(Lane{Uuid::fromRandom(1, 2), 7, {}, "name"}, 1, 40);
    ok.positions.add(Lane{Uuid::fromRandom(1, 2), 7, {}, "add"}, 3, 9);
    return ok;
}

/// Everything that both kinds say.
std::vector<Said> sayings() {
    static const Bytes kFirst(60, 'a');
    static const Bytes kSecond(80, 'b');
    return {OriginPlace{0x1'0000'0005, 0x1'0000'0001, 77},
            positions(),
            PayloadRun{5, {kFirst, kSecond}, Codec::Off},
            Ended{9, LifeEnd{Uuid::fromRandom(3, 4), 2, 6, 12}},
            Ack{12, 11, 1'700'000'000'001},
            Beat{true},
            Beat{false},
            CutWant{6, 2, "here"},
            CutPart{4, CutPart::What::Chunk, 6, 3, "a/ana", "a/ben", "rows"}};
}

struct Same {
    bool operator()(const OriginPlace& a, const OriginPlace& b) const {
        return a.incarnation == b.incarnation && a.before == b.before && a.nextSequence == b.nextSequence;
    }
    bool operator()(const HelloOk& a, const HelloOk& b) const {
        return a.nowMs == b.nowMs && a.positions == b.positions;
    }
    bool operator()(const PayloadRun& a, const Batch& b) const {
        return a.first == b.first && a.payloads == b.payloads;
    }
    bool operator()(const Ended& a, const Ended& b) const {
        return a.sequence == b.sequence && a.end.origin == b.end.origin && encodeLifeEnd(a.end) == encodeLifeEnd(b.end);
    }
    bool operator()(const Ack& a, const Ack& b) const {
        return a.received == b.received && a.durable == b.durable && a.receiverNowMs == b.receiverNowMs;
    }
    bool operator()(const Beat& a, const Beat& b) const { return a.question == b.question; }
    bool operator()(const CutWant& a, const CutWant& b) const { return encodeCutWant(a) == encodeCutWant(b); }
    bool operator()(const CutPart& a, const CutPart& b) const { return encodeCutPart(a) == encodeCutPart(b); }
    template <typename A, typename B>
    bool operator()(const A&, const B&) const {
        return false;
    }
};

void kinds() {
    QTest::addColumn<QString>("kind");
    QTest::newRow("the source dials") << QStringLiteral("push");
    QTest::newRow("toys, whose replicas dial") << QStringLiteral("toy");
}

}  // namespace

class TestLinkKind : public QObject {
    Q_OBJECT
private slots:
    void whatIsSaidIsHeard_data() { kinds(); }
    void whatIsSaidIsHeard() {
        QFETCH(const QString, kind);
        const SessionCodec& codec = kindOf(kind).codec();
        for (const Said& said : sayings()) {
            const SessionFrame frame = codec.encode(said);
            const auto heard = codec.decode(Frame{frame.type, frame.body});
            QVERIFY_OK(heard);
            QVERIFY(std::visit(Same(), said, heard.value()));
        }
    }
    void damagedFramesAreRefusedOrHarmless_data() { kinds(); }
    void damagedFramesAreRefusedOrHarmless() {
        QFETCH(const QString, kind);
        const SessionCodec& codec = kindOf(kind).codec();
        test::Mutator mutator(11);
        int refused = 0;
        for (const Said& said : sayings()) {
            const SessionFrame frame = codec.encode(said);
            for (int i = 0; i < kDamagedGreetings; ++i) {
                const Bytes body = mutator.damaged(frame.body);
                const auto heard = codec.decode(Frame{frame.type, body});
                if (!heard) {
                    ++refused;
                    QVERIFY(heard.error().code == ErrorCode::Corrupt);
                } else if (const auto* batch = std::get_if<Batch>(&heard.value())) {
                    std::size_t bytes = 0;
                    for (const BytesView payload : batch->payloads) bytes += payload.size();
                    QVERIFY(bytes <= std::max(body.size(), batch->plain.size()));
                }
            }
        }
        QVERIFY(refused > kDamagedGreetings);
    }
    void framesOfDoorsAreNoneOfASession_data() { kinds(); }
    void framesOfDoorsAreNoneOfASession() {
        QFETCH(const QString, kind);
        const SessionCodec& codec = kindOf(kind).codec();
        for (const FrameType type : {FrameType::Hello, FrameType::Refused, FrameType::Challenge, FrameType::Request}) {
            QVERIFY(!codec.decode(Frame{type, "x"}));
        }
    }
    void toysDoNotHearTheCommonFrames() {
        const SessionFrame frame = pushLinks().codec().encode(Ack{2, 1, 0});
        QVERIFY(!toy::toyLinks().codec().decode(Frame{frame.type, frame.body}));
        const SessionFrame own = toy::toyLinks().codec().encode(Ack{2, 1, 0});
        QVERIFY(!pushLinks().codec().decode(Frame{own.type, own.body}));
    }
};

TRIBUTARY_TEST(TestLinkKind)

#include "tst_linkkind.moc"
