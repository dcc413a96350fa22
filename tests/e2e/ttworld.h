// An environment of tt with the tutorial's application, driven through the built executable.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "terminalworld.h"

namespace tributary::test {

/// Ends every instance that it started.
class TtWorld {
public:
    enum class Size {
        Pair,
        Alone  ///< only instance001, which waits for nobody
    };
    explicit TtWorld(Size size = Size::Pair) {
        (void)tt({"init"});
        const bool isPair = size == Size::Pair;
        write("instances.enabled/master_master/instances.yml",
              isPair ? "instance001:\ninstance002:\n" : "instance001:\n");
        if (!isPair) config_.truncate(config_.indexOf("          instance002:"));
        for (auto& [drawn, port] : ports_) {
            const auto isTaken = [this](const QByteArray& one) {
                return std::any_of(ports_.begin(), ports_.end(), [&](const auto& each) { return each.second == one; });
            };
            QByteArray chosen = freePort();
            while (isTaken(chosen)) chosen = freePort();  // the system may give one twice
            port = chosen;
            // With what stands around it: a port that was chosen may hold another one's digits.
            config_.replace(":" + drawn + "'", ":" + port + "'");
        }
        writeConfig(config_);
    }
    ~TtWorld() { (void)tt({"kill", "-f", "master_master"}); }
    TtWorld(const TtWorld&) = delete;
    TtWorld& operator=(const TtWorld&) = delete;

    /// config.yaml, on ports that nobody else has.
    [[nodiscard]] const QByteArray& config() const { return config_; }
    void writeConfig(const QByteArray& text) const { write("instances.enabled/master_master/config.yaml", text); }
    /// Where the instance listens that the tutorial has on `drawn`.
    [[nodiscard]] QByteArray portOf(const QByteArray& drawn) const { return ports_.at(drawn); }

    static constexpr const char* kConfig = R"(credentials:
  users:
    replicator:
      password: 'topsecret'
      roles: [replication]

iproto:
  advertise:
    peer:
      login: replicator

replication:
  failover: off

groups:
  group001:
    replicasets:
      replicaset001:
        instances:
          instance001:
            database:
              mode: rw
            iproto:
              listen:
              - uri: '127.0.0.1:3301'
          instance002:
            database:
              mode: rw
            iproto:
              listen:
              - uri: '127.0.0.1:3302'
)";

    void write(const QByteArray& name, const QByteArray& text) const {
        const QString path = temporary_.filePath(QString::fromUtf8(name));
        (void)QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) qFatal("%s", qPrintable(path));
    }
    [[nodiscard]] QByteArray path(const char* name) const {
        return temporary_.filePath(QString::fromUtf8(name)).toUtf8();
    }
    void prepare(QProcess& process, const QList<QByteArray>& words) const {
        process.setWorkingDirectory(temporary_.path());
        process.setProgram(TerminalWorld::executable());
        QStringList arguments{QStringLiteral("tt")};
        for (const QByteArray& word : words) arguments.append(QString::fromUtf8(word));
        process.setArguments(arguments);
    }
    /// A verb with what is typed into it.
    [[nodiscard]] Ran tt(const QList<QByteArray>& words, const QByteArray& typed = {}) const {
        QProcess process;
        prepare(process, words);
        process.start();
        process.write(typed);
        process.closeWriteChannel();
        Ran ran;
        if (!process.waitForFinished(120'000)) {
            process.kill();
            process.waitForFinished();
            ran.err = QStringLiteral("timed out: ") + QString::fromUtf8(words.join(' '));
            return ran;
        }
        ran.code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -2;
        ran.out = QString::fromUtf8(process.readAllStandardOutput());
        ran.err = QString::fromUtf8(process.readAllStandardError());
        return ran;
    }
    /// Statements in the console of an instance.
    [[nodiscard]] Ran console(const QByteArray& instance, const QByteArray& typed) const {
        return tt({"connect", instance}, typed);
    }
    /// The process of an instance, as its status tells; 0 when there is none.
    [[nodiscard]] qint64 pid(const QByteArray& instance) const {
        for (const QString& line : tt({"status", instance}).out.split(QLatin1Char('\n'))) {
            const QStringList words = line.split(QLatin1Char(' '), Qt::SkipEmptyParts);
            if (words.size() == 3 && words[0] == QString::fromUtf8(instance) && words[1] == QLatin1String("RUNNING")) {
                return words[2].toLongLong();
            }
        }
        return 0;
    }

private:
    static QByteArray freePort() {
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

    QTemporaryDir temporary_;
    QByteArray config_ = kConfig;
    std::map<QByteArray, QByteArray> ports_{{"3301", {}}, {"3302", {}}, {"3303", {}}};
};

}  // namespace tributary::test
