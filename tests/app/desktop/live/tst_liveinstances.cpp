// Instances started, seen and stopped from the window, each a process of its own.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "app/desktop/live/liveworkspace.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary;
using namespace tributary::desktop;

namespace {

constexpr int kStartsWithinMs = 60'000;

QByteArray anyFreePort() {
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(at);
    if (::bind(probe, reinterpret_cast<sockaddr*>(&at), size) != 0 ||
        ::getsockname(probe, reinterpret_cast<sockaddr*>(&at), &size) != 0) {
        qFatal("no port is free");
    }
    ::close(probe);
    return QByteArray::number(ntohs(at.sin_port));
}

}  // namespace

class LiveInstancesTest : public QObject {
    Q_OBJECT
private slots:
    void theWindowStartsThemShowsThemAndStopsThem() {
        qputenv("TRIBUTARY_EXE", TRIBUTARY_BINARY_DIR "/bin/tributary");
        QTemporaryDir folder;
        QFile drawing(folder.filePath(u"topology.yaml"_s));
        QVERIFY(drawing.open(QIODevice::WriteOnly));
        drawing.write(
            "tributary: 1\nclusters:\n  replicaset001:\n    system: tarantool\n    failover: off\n    members:\n"
            "      instance001: {mode: rw, listen: \"127.0.0.1:" +
            anyFreePort() + "\"}\n      instance002: {mode: ro, listen: \"127.0.0.1:" + anyFreePort() +
            "\"}\n    users:\n      replicator: {roles: [replication]}\n");
        drawing.close();
        LiveWorkspace live(folder.path());
        live.startEngine();
        QTRY_COMPARE_WITH_TIMEOUT(live.engine().state, EngineState::Running, kStartsWithinMs);
        const auto members = [&] {
            const app::ClusterRow* row = live.snapshot().status.cluster("replicaset001");
            return row == nullptr ? std::vector<app::MemberLook>() : row->members;
        };
        const auto all = [&](const char* state) {
            const auto seen = members();
            return seen.size() == 2 && seen[0].state == state && seen[1].state == state;
        };
        QTRY_VERIFY_WITH_TIMEOUT(all("running"), kStartsWithinMs);
        QVERIFY(members()[0].readOnly == false && members()[1].readOnly == true);
        QVERIFY(members()[0].pid != members()[1].pid && members()[0].pid != ::getpid());
        QCOMPARE(live.snapshot().status.links.size(), std::size_t(2));
        live.stopEngine();
        QTRY_COMPARE_WITH_TIMEOUT(live.engine().state, EngineState::Off, kStartsWithinMs);
        QTRY_VERIFY_WITH_TIMEOUT(all("down"), kStartsWithinMs);
    }
    void aDrawingThatBreaksARuleSaysWhyNothingStarted() {
        qputenv("TRIBUTARY_EXE", TRIBUTARY_BINARY_DIR "/bin/tributary");
        QTemporaryDir folder;
        QFile drawing(folder.filePath(u"topology.yaml"_s));
        QVERIFY(drawing.open(QIODevice::WriteOnly));
        drawing.write(
            "tributary: 1\nclusters:\n  rs: {system: tarantool, failover: off, members: "
            "{i1: {mode: rw, listen: '127.0.0.1:3301'}, i2: {mode: ro, listen: '127.0.0.1:3301'}}, "
            "users: {replicator: {roles: [replication]}}}\n");
        drawing.close();
        LiveWorkspace live(folder.path());
        live.startEngine();
        QTRY_COMPARE_WITH_TIMEOUT(live.engine().state, EngineState::Failed, kStartsWithinMs);
        QVERIFY2(live.engine().reason.contains(u"tarantool.listen-twice"_s), qPrintable(live.engine().reason));
    }
};
TRIBUTARY_TEST(LiveInstancesTest)
#include "tst_liveinstances.moc"
