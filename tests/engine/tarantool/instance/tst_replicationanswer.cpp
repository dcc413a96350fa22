// box.info.replication as the console prints it.
#include "engine/systems/tarantool/data/boxarguments.h"
#include "engine/systems/tarantool/instance/mapwriter.h"
#include "engine/systems/tarantool/instance/replicationanswer.h"
#include "engine/systems/tarantool/script/sandbox.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::tarantool;

namespace {

/// A `box` that knows members and nothing else.
class Members final : public BoxBackend {
public:
    explicit Members(std::vector<MemberSeen> members) : members_(std::move(members)) {}
    BoxAnswer call(std::string_view method, BytesView) override {
        if (method != "info") return BoxFailure{0, "no such call", {}};
        MapWriter none;
        MapWriter info;
        info.text("uuid", "u");
        info.raw("replicaset", none.take());
        info.raw("vclock", none.take());
        info.raw("replication", replicationAnswer(members_));
        return oneResult(info.take());
    }

private:
    std::vector<MemberSeen> members_;
};

Vclock clock(std::int64_t first, std::int64_t second) {
    Vclock out;
    (void)out.follow(1, first);
    (void)out.follow(2, second);
    return out;
}

std::string shown(std::vector<MemberSeen> members) {
    Members box(std::move(members));
    auto sandbox = Sandbox::make(box, {});
    return sandbox ? sandbox.value()->evaluate("box.info.replication") : sandbox.error().full();
}

MemberSeen other() {
    return {1, "4cfa6e3c-625e-b027-00a7-29b2f2182f23", "instance002", 9, {}, {}};
}
MemberSeen itself() {
    return {2, "9bb111c2-3ff5-36a7-00f4-2b9a573ea660", "instance001", 6, {}, {}};
}

}  // namespace

class TestReplicationAnswer : public QObject {
    Q_OBJECT
private slots:
    void bothDirectionsFollow() {
        MemberSeen peer = other();
        peer.upstream =
            UpstreamSeen{"follow", 0.21281599999929, 0.00030207633972168, "replicator@127.0.0.1:3302", {}, {}};
        peer.downstream = DownstreamSeen{true, 0.5, 0, clock(9, 6), {}, {}};
        QCOMPARE(shown({peer, itself()}), std::string("---\n"
                                                      "- 1:\n"
                                                      "    id: 1\n"
                                                      "    uuid: 4cfa6e3c-625e-b027-00a7-29b2f2182f23\n"
                                                      "    lsn: 9\n"
                                                      "    upstream:\n"
                                                      "      status: follow\n"
                                                      "      idle: 0.21281599999929\n"
                                                      "      peer: replicator@127.0.0.1:3302\n"
                                                      "      lag: 0.00030207633972168\n"
                                                      "    name: instance002\n"
                                                      "    downstream:\n"
                                                      "      status: follow\n"
                                                      "      idle: 0.5\n"
                                                      "      vclock: {2: 6, 1: 9}\n"
                                                      "      lag: 0\n"
                                                      "  2:\n"
                                                      "    id: 2\n"
                                                      "    uuid: 9bb111c2-3ff5-36a7-00f4-2b9a573ea660\n"
                                                      "    lsn: 6\n"
                                                      "    name: instance001\n"
                                                      "...\n"));
    }

    void bothDirectionsAreStopped() {
        MemberSeen peer = other();
        peer.upstream = UpstreamSeen{
            "stopped", 1309.943383, 143.52251672745, "replicator@127.0.0.1:3302", "Duplicate key exists", {}};
        peer.downstream = DownstreamSeen{false, 7, 8, clock(9, 6), "unexpected EOF", "Broken pipe"};
        QCOMPARE(shown({peer}), std::string("---\n"
                                            "- 1:\n"
                                            "    id: 1\n"
                                            "    uuid: 4cfa6e3c-625e-b027-00a7-29b2f2182f23\n"
                                            "    lsn: 9\n"
                                            "    upstream:\n"
                                            "      peer: replicator@127.0.0.1:3302\n"
                                            "      lag: 143.52251672745\n"
                                            "      status: stopped\n"
                                            "      idle: 1309.943383\n"
                                            "      message: Duplicate key exists\n"
                                            "    name: instance002\n"
                                            "    downstream:\n"
                                            "      status: stopped\n"
                                            "      message: unexpected EOF\n"
                                            "      system_message: Broken pipe\n"
                                            "...\n"));
    }

    void whatIsNotKnownIsNotShown() {
        MemberSeen nameless = other();
        nameless.name.clear();
        nameless.upstream = UpstreamSeen{"disconnected", 1, 2, "127.0.0.1:3302", "connect", "Connection refused"};
        QCOMPARE(shown({nameless}), std::string("---\n"
                                                "- 1:\n"
                                                "    id: 1\n"
                                                "    uuid: 4cfa6e3c-625e-b027-00a7-29b2f2182f23\n"
                                                "    lsn: 9\n"
                                                "    upstream:\n"
                                                "      peer: 127.0.0.1:3302\n"
                                                "      lag: 2\n"
                                                "      status: disconnected\n"
                                                "      idle: 1\n"
                                                "      message: connect\n"
                                                "      system_message: Connection refused\n"
                                                "...\n"));
    }
};

TRIBUTARY_TEST(TestReplicationAnswer)
#include "tst_replicationanswer.moc"
