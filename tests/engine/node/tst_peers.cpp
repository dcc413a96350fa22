// Who comes by a local socket is who the kernel says, whatever the greeting says: with a real second uid.
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QTemporaryDir>

#include "engine/host/enginehost.h"
#include "engine/host/socketcontrolclient.h"
#include "engine/systems/maprdb/tables/tablecontrol.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;

namespace {

constexpr uid_t kNobody = 65534;
const Bytes kKey = "the key of one";

/// What becomes of a greeting at the socket: "let in", or why not.
std::string greetingOf(const std::string& socket, const Bytes& key, const std::string& user) {
    Endpoint at;
    at.localPath = socket;
    const auto client = SocketControlClient::connect({at, "one", key, user, 3'000});
    return client ? "let in" : client.error().what;
}

/// A process of another user, made before there are threads; it greets when it is told where.
class SecondUser {
public:
    SecondUser(const Bytes& key, const std::string& claims) {
        int there[2];
        int back[2];
        if (::pipe(there) != 0 || ::pipe(back) != 0) qFatal("no pipe");
        pid_ = ::fork();
        if (pid_ == 0) {
            if (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0) ::_exit(1);
            char path[256] = {};
            if (::read(there[0], path, sizeof(path) - 1) <= 0) ::_exit(1);
            const std::string outcome = greetingOf(path, key, claims);
            (void)!::write(back[1], outcome.data(), outcome.size());
            ::_exit(0);
        }
        ::close(there[0]);
        ::close(back[1]);
        there_ = there[1];
        back_ = back[0];
    }
    ~SecondUser() {
        ::close(there_);
        ::close(back_);
        ::waitpid(pid_, nullptr, 0);
    }
    SecondUser(const SecondUser&) = delete;
    SecondUser& operator=(const SecondUser&) = delete;
    std::string greets(const std::string& socket) {
        (void)!::write(there_, socket.data(), socket.size());
        char outcome[512] = {};
        return ::read(back_, outcome, sizeof(outcome) - 1) > 0 ? outcome : "no answer";
    }

private:
    pid_t pid_ = 0;
    int there_ = -1;
    int back_ = -1;
};

/// One cluster with a local socket.
class LocalCluster {
public:
    LocalCluster() {
        ::chmod(qPrintable(dir_.path()), 0755);
        NodeConfig config;
        config.kinds = maprdb::onlyTables();
        config.cluster = "one";
        config.volumeDir = dir_.path().toStdString() + "/volume";
        Endpoint at;
        at.localPath = dir_.path().toStdString() + "/s";
        config.control = {at};
        config.key = kKey;
        const Status started = host_.start(std::move(config));
        if (!started) qFatal("%s", started.error().full().c_str());
    }
    ~LocalCluster() { (void)host_.stopAll(); }
    [[nodiscard]] std::string socket() const { return dir_.path().toStdString() + "/s"; }

private:
    QTemporaryDir dir_;
    EngineHost host_{EngineHost::Options{}};
};

}  // namespace

class TestPeers : public QObject {
    Q_OBJECT
private slots:
    void theOwnerMayActForOthersAndNeedsTheKey() {
        const LocalCluster cluster;
        for (const char* user : {"ana", "root", ""}) {
            QCOMPARE(greetingOf(cluster.socket(), kKey, user), std::string("let in"));
        }
        for (const Bytes& key : {Bytes(), Bytes("another"), Bytes("the key of two")}) {
            const std::string why = greetingOf(cluster.socket(), key, "root");
            QVERIFY2(why.find("does not prove to be cluster one's") != std::string::npos, why.c_str());
        }
    }
    void anotherUserIsItselfOnly_data() {
        QTest::addColumn<QString>("claims");
        QTest::addColumn<bool>("letIn");
        QTest::newRow("root") << QStringLiteral("root") << false;
        QTest::newRow("somebody") << QStringLiteral("ana") << false;
        QTest::newRow("itself") << QString::fromLocal8Bit(::getpwuid(kNobody)->pw_name) << true;
        QTest::newRow("nobody in particular") << QString() << true;
    }
    void anotherUserIsItselfOnly() {
        if (::geteuid() != 0) QSKIP("only root can be another user, too");
        QFETCH(QString, claims);
        QFETCH(bool, letIn);
        SecondUser second(kKey, claims.toStdString());
        const LocalCluster cluster;
        // The engine closes the socket to others; here it stands open, and the key is known.
        ::chmod(cluster.socket().c_str(), 0666);
        const std::string outcome = second.greets(cluster.socket());
        if (letIn) {
            QCOMPARE(outcome, std::string("let in"));
        } else {
            QVERIFY2(outcome.find("may not act as") != std::string::npos, outcome.c_str());
        }
    }
    void anotherUserDoesNotReachAClosedSocket() {
        if (::geteuid() != 0) QSKIP("only root can be another user, too");
        SecondUser second(kKey, {});
        const LocalCluster cluster;
        QVERIFY(second.greets(cluster.socket()).find("refused the connection") != std::string::npos);
    }
};
TRIBUTARY_TEST(TestPeers)
#include "tst_peers.moc"
