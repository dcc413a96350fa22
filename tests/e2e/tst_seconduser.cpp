// A program of another user, on the same machine, in the place of a stopped gateway: a real second uid.
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <QDir>
#include <QJsonArray>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "terminalworld.h"
#include "testmain.h"

using tributary::test::Ran;
using tributary::test::TerminalWorld;

namespace {

constexpr uid_t kNobody = 65534;

int tcpSocket(std::uint16_t port, bool listening) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* raw = reinterpret_cast<const sockaddr*>(&address);
    const bool ok = listening ? ::bind(fd, raw, sizeof(address)) == 0 && ::listen(fd, 64) == 0
                              : ::connect(fd, raw, sizeof(address)) == 0;
    if (ok) return fd;
    ::close(fd);
    return -1;
}

/// Writes to the report: 'H' what was heard, 'A' what the live gateway answered, 'E' an end.
void report(int fd, char kind, const char* bytes, std::uint32_t size) {
    char head[5] = {kind};
    std::memcpy(head + 1, &size, sizeof(size));
    (void)!::write(fd, head, sizeof(head));
    (void)!::write(fd, bytes, size);
}

/// The life of the stranger: takes the port, and carries what it hears to the live gateway and back (0: says nothing).
/// Never returns.
[[noreturn]] void live(std::uint16_t port, std::uint16_t relayTo, int reportFd) {
    if (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0) ::_exit(3);
    const int door = tcpSocket(port, true);
    if (door < 0) ::_exit(4);
    report(reportFd, 'R', "", 0);
    struct Guest {
        int near = -1;
        int far = -1;
    };
    std::vector<Guest> guests;
    while (true) {
        std::vector<pollfd> watched{{door, POLLIN, 0}};
        for (const Guest& guest : guests) {
            watched.push_back({guest.near, POLLIN, 0});
            watched.push_back({guest.far, POLLIN, 0});
        }
        if (::poll(watched.data(), watched.size(), 60'000) <= 0) ::_exit(0);
        if (watched[0].revents != 0) {
            guests.push_back({::accept(door, nullptr, nullptr), relayTo != 0 ? tcpSocket(relayTo, false) : -1});
        }
        for (std::size_t i = 1; i < watched.size(); ++i) {
            if (watched[i].fd < 0 || watched[i].revents == 0) continue;
            Guest& guest = guests[(i - 1) / 2];
            const bool fromNear = (i - 1) % 2 == 0;
            char buffer[65536];
            const ssize_t got = ::read(watched[i].fd, buffer, sizeof(buffer));
            if (got <= 0) {
                for (int* fd : {&guest.near, &guest.far}) {
                    if (*fd >= 0) ::close(*fd);
                    *fd = -1;
                }
                report(reportFd, 'E', "", 0);
                continue;
            }
            report(reportFd, fromNear ? 'H' : 'A', buffer, static_cast<std::uint32_t>(got));
            const int to = fromNear ? guest.far : guest.near;
            if (to >= 0) (void)!::write(to, buffer, static_cast<std::size_t>(got));
        }
    }
}

/// A process of user nobody.
class Stranger {
public:
    Stranger(std::uint16_t port, std::uint16_t relayTo) {
        int pipes[2];
        if (::pipe2(pipes, O_CLOEXEC) != 0) qFatal("no pipe");
        pid_ = ::fork();
        if (pid_ == 0) live(port, relayTo, pipes[1]);
        ::close(pipes[1]);
        fd_ = pipes[0];
        stands_ = next() == 'R';
        ::fcntl(fd_, F_SETFL, O_NONBLOCK);
    }
    ~Stranger() { end(); }
    Stranger(const Stranger&) = delete;
    Stranger& operator=(const Stranger&) = delete;
    void end() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        while (next() != 0) {
        }
        ::close(fd_);
        pid_ = 0;
    }
    [[nodiscard]] bool stands() const { return stands_; }
    void hear() {
        while (next() != 0) {
        }
    }
    [[nodiscard]] const QByteArray& heard() const { return heard_; }
    [[nodiscard]] const QByteArray& answered() const { return answered_; }

private:
    char next() {
        char head[5];
        if (::read(fd_, head, sizeof(head)) != sizeof(head)) return 0;
        std::uint32_t size = 0;
        std::memcpy(&size, head + 1, sizeof(size));
        QByteArray bytes(static_cast<qsizetype>(size), '\0');
        for (qsizetype done = 0; done < bytes.size();) {
            const ssize_t got = ::read(fd_, bytes.data() + done, static_cast<std::size_t>(bytes.size() - done));
            if (got > 0) done += got;
            if (got == 0) return 0;
        }
        if (head[0] == 'H') heard_ += bytes;
        if (head[0] == 'A') answered_ += bytes;
        return head[0];
    }

    pid_t pid_ = 0;
    int fd_ = -1;
    bool stands_ = false;
    QByteArray heard_;
    QByteArray answered_;
};

/// What `work` answers as user nobody; -1 when there is no such user here.
int asNobody(const std::function<int()>& work) {
    const pid_t child = ::fork();
    if (child == 0) {
        if (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0) ::_exit(255);
        ::_exit(work());
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) != 255 ? WEXITSTATUS(status) : -1;
}

QByteArray fileBytes(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class SecondUserTest : public QObject {
    Q_OBJECT

    /// Ports of a cluster's gateways, by name.
    static std::uint16_t portOf(const TerminalWorld& world, const QString& gateway) {
        for (const auto& each : world.ports(QStringLiteral("newyork")).value(QStringLiteral("gateways")).toArray()) {
            const QJsonObject one = each.toObject();
            if (one.value(QStringLiteral("name")).toString() != gateway) continue;
            return one.value(QStringLiteral("endpoint")).toString().section(QLatin1Char(':'), -1).toUShort();
        }
        return 0;
    }
    static Ran service(const TerminalWorld& world, const char* action, const char* gateway) {
        return world.verb(QStringLiteral("maprcli node services -name gateway -action %1 -nodes %2 -cluster newyork")
                              .arg(QLatin1String(action), QLatin1String(gateway)));
    }
    static void learnedNothing(const TerminalWorld& world, const QByteArray& seen) {
        for (const char* cluster : {"newyork", "sanfrancisco"}) {
            const QByteArray key = fileBytes(world.dir() + QStringLiteral("/.tributary/clusters/") +
                                             QLatin1String(cluster) + QStringLiteral("/key"));
            QVERIFY(key.size() >= 32);
            for (qsizetype at = 0; at + 8 <= key.size(); ++at) QVERIFY(!seen.contains(key.mid(at, 8)));
            QVERIFY(!seen.contains(QByteArray::fromHex(key).left(8)));
        }
        for (const char* word : {"/mapr", "customers", "newyork", "sanfrancisco", "root", "row0"}) {
            QVERIFY2(!seen.contains(word), word);
        }
    }

private slots:
    void initTestCase() {
        if (::geteuid() != 0) QSKIP("only root can be another user, too");
    }
    void inTheGatewaysPlaceNothingIsLearnedTakenOrRelayed() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        const QString sf = QLatin1String(TerminalWorld::kSf);
        const QString ny = QLatin1String(TerminalWorld::kNy);
        QVERIFY_RAN(world.verb(QStringLiteral("run multi-master-setup --set source=%1 --set replica=%2").arg(sf, ny)));
        const std::uint16_t stopped = portOf(world, QStringLiteral("gw-ny-1"));
        const std::uint16_t going = portOf(world, QStringLiteral("gw-ny-2"));
        QVERIFY(stopped != 0 && going != 0);
        QVERIFY_RAN(service(world, "stop", "gw-ny-1"));
        Stranger stranger(stopped, going);
        QVERIFY(stranger.stands());
        // While another gateway lives, rows go by that one.
        QVERIFY_RAN(world.verb(QStringLiteral("put %1 row01 profile:name=one").arg(sf)));
        QVERIFY_RAN(world.until0(QStringLiteral("get %1 row01").arg(ny)));
        // Without one they wait, and nobody else has them.
        QVERIFY_RAN(service(world, "stop", "gw-ny-2"));
        Stranger second(going, 0);
        QVERIFY(second.stands());
        QVERIFY_RAN(world.verb(QStringLiteral("put %1 row02 profile:name=two").arg(sf)));
        QTRY_VERIFY_WITH_TIMEOUT((stranger.hear(), second.hear(), !second.heard().isEmpty()), 30'000);
        QTRY_VERIFY_WITH_TIMEOUT(world.verb(QStringLiteral("maprcli table replica list -path ") + sf)
                                     .out.contains(QStringLiteral("ErrAllGatewaysUnreachable")),
                                 30'000);
        QVERIFY(world.verb(QStringLiteral("get %1 row02").arg(ny)).code != 0);
        stranger.end();
        second.end();
        QVERIFY(!stranger.heard().isEmpty());
        for (const QByteArray& seen : {stranger.heard(), stranger.answered(), second.heard(), second.answered()}) {
            learnedNothing(world, seen);
        }
        // Each connection of the source said one thing: a challenge of 48 bytes.
        QCOMPARE(stranger.heard().size() % 48, 0);
        QCOMPARE(second.heard().size() % 48, 0);
        QVERIFY_RAN(service(world, "start", "gw-ny-1"));
        QVERIFY_RAN(world.until0(QStringLiteral("get %1 row02").arg(ny)));
        QVERIFY_RAN(world.until0(QStringLiteral("diff %1 %2").arg(sf, ny)));
    }
    void nothingOfTheEngineOpens() {
        TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up")));
        // Even where the folders above were open: each file and socket is closed by itself.
        const QString clusters = world.dir() + QStringLiteral("/.tributary/clusters/newyork");
        for (const char* name : {"key", "ports.json", "volume/lock"}) {
            const std::string path = (clusters + QLatin1Char('/') + QLatin1String(name)).toStdString();
            struct stat info {};
            QVERIFY2(::stat(path.c_str(), &info) == 0 && (info.st_mode & 077U) == 0, name);
            QCOMPARE(asNobody([&] { return ::open(path.c_str(), O_RDONLY) < 0 ? 1 : 0; }), 1);
        }
        const std::uint16_t port = world.ports(QStringLiteral("newyork"))
                                       .value(QStringLiteral("tcp"))
                                       .toString()
                                       .section(QLatin1Char(':'), -1)
                                       .toUShort();
        // As root, by word alone, in the manner of protocol version 1 and of this one: refused both times.
        const int refused = asNobody([port] {
            const int fd = tcpSocket(port, false);
            if (fd < 0) return 2;
            const char said[] = "\x0b\x00\x00\x00\x00\x00\x00\x00\x01TRIB\x01\x00\x03root";
            (void)!::write(fd, said, sizeof(said) - 1);
            char answer[4096];
            std::string all;
            while (true) {
                const ssize_t got = ::read(fd, answer, sizeof(answer));
                if (got <= 0) break;
                all.append(answer, static_cast<std::size_t>(got));
            }
            return all.find("Err") != std::string::npos ? 1 : 0;
        });
        QCOMPARE(refused, 1);
    }
};
TRIBUTARY_TEST(SecondUserTest)
#include "tst_seconduser.moc"
