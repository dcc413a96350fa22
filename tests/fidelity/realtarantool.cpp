// Processes of the installed Tarantool, asked through the product's own client.
#include <signal.h>
#include <sys/prctl.h>

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>

#include <map>

#include "engine/admin/tarantool/boxclient.h"
#include "engine/net/endpoints.h"
#include "instances.h"

using namespace Qt::StringLiterals;
namespace tt = tributary::engine::tarantool;

namespace tributary::test {
namespace {

constexpr int kStartMs = 40'000;
constexpr int kEndMs = 20'000;
constexpr int kLookMs = 20;
constexpr Millis kAskMs = 30'000;

const std::map<QString, QString>& uuids() {
    // Those that the first releases of Tarantool 3 derived from the names instance001 to instance003.
    static const std::map<QString, QString> kUuids{{u"i1"_s, u"9bb111c2-3ff5-36a7-00f4-2b9a573ea660"_s},
                                                   {u"i2"_s, u"4cfa6e3c-625e-b027-00a7-29b2f2182f23"_s},
                                                   {u"i3"_s, u"9a3a1b9b-8a18-baf6-00b3-a6e5e11fd8b6"_s}};
    return kUuids;
}

quint16 freePort() {
    static quint16 next = 0;
    if (next == 0) next = static_cast<quint16>(20'000 + QCoreApplication::applicationPid() % 9'000);
    while (!engine::isPortFree("127.0.0.1", ++next)) {
    }
    return next;
}

class RealTarantool final : public Instances {
public:
    RealTarantool(QString program, QString version) : program_(std::move(program)), version_(std::move(version)) {}
    ~RealTarantool() override {
        for (auto& [name, one] : instances_) {
            if (one.process.state() == QProcess::NotRunning) continue;
            one.process.kill();
            one.process.waitForFinished(kEndMs);
        }
    }
    RealTarantool(const RealTarantool&) = delete;
    RealTarantool& operator=(const RealTarantool&) = delete;

    QString version() const override { return version_; }

    QString start(const std::vector<InstancePlan>& plans) override {
        if (const QString problem = launch(plans); !problem.isEmpty()) return problem;
        for (const InstancePlan& plan : plans) {
            const QDeadlineTimer deadline(kStartMs);
            QString answer;
            while (!ask(plan.name, u"box.info.status"_s, answer).isEmpty() || !answer.contains(u"running")) {
                One& one = instances_[plan.name];
                if (deadline.hasExpired() || one.process.waitForFinished(kLookMs)) {
                    return plan.name + u" does not run: "_s + answer + u'\n' + logLines(plan.name, {}).join(u'\n');
                }
            }
        }
        return {};
    }

    QString launch(const std::vector<InstancePlan>& plans) override {
        if (!folder_.isValid()) return u"no temporary folder"_s;
        for (const InstancePlan& plan : plans) portOf(plan.name);
        for (const InstancePlan& plan : plans) {
            One& one = instances_[plan.name];
            QDir().mkpath(folder(plan.name));
            QStringList peers;
            for (const QString& peer : plan.peers) peers << QString::number(portOf(peer));
            const auto uuid = uuids().find(plan.name);
            if (uuid == uuids().end()) return u"there is no uuid for "_s + plan.name;
            one.client.reset();
            // A test that is itself killed leaves nobody behind.
            one.process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
            one.process.setStandardOutputFile(folder(plan.name) + u"/out"_s);
            one.process.setStandardErrorFile(folder(plan.name) + u"/err"_s);
            one.process.start(program_, QStringList{QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests/fidelity/instance.lua"),
                                                    folder(plan.name), uuid->second, QString::number(portOf(plan.name)),
                                                    peers.join(u',')} +
                                            plan.settings);
            if (!one.process.waitForStarted(kStartMs)) return one.process.errorString();
        }
        return {};
    }

    QString stop(const QString& name) override {
        instances_[name].client.reset();
        instances_[name].process.terminate();
        return ended(name);
    }
    QString kill(const QString& name) override {
        instances_[name].client.reset();
        instances_[name].process.kill();
        return ended(name);
    }
    QString freeze(const QString& name, bool frozen) override {
        const auto pid = static_cast<pid_t>(instances_[name].process.processId());
        if (pid <= 0) return name + u" does not run"_s;
        return ::kill(pid, frozen ? SIGSTOP : SIGCONT) == 0 ? QString() : u"no signal reached "_s + name;
    }
    QString exitOf(const QString& name, int& code) override {
        const QString problem = ended(name);
        code = instances_[name].process.exitCode();
        return problem;
    }

    QString wipe(const QString& name, const QStringList& patterns) override {
        const QDir dir(folder(name));
        for (const QString& file : dir.entryList(patterns, QDir::Files)) {
            if (!QFile::remove(dir.filePath(file))) return u"cannot remove "_s + file;
        }
        return {};
    }

    QString ask(const QString& name, const QString& statement, QString& answer) override {
        One& one = instances_[name];
        if (one.client == nullptr) {
            tt::InstanceAddress address;
            address.endpoint = {"127.0.0.1", portOf(name), {}, {}};
            address.user = "operator";
            address.password = "operator";
            auto client = tt::BoxClient::connect(address, kAskMs);
            if (!client) return QString::fromStdString(client.error().text());
            one.client = std::make_unique<tt::BoxClient>(std::move(client).value());
        }
        Bytes argument;
        tt::MsgpackWriter(argument).string(statement.toStdString());
        const auto said = one.client->eval("return require('console').eval(...)", {argument}, kAskMs);
        if (!said) {
            one.client.reset();
            return QString::fromStdString(said.error().text());
        }
        if (const auto* failure = std::get_if<tt::BoxFailure>(&*said)) {
            one.client.reset();
            return QString::fromStdString(failure->message);
        }
        tt::MsgpackReader reader(std::get<Bytes>(*said));
        reader.array();
        answer = QString::fromStdString(std::string(reader.string()));
        return {};
    }

    QStringList logLines(const QString& name, const QString& text) override {
        QFile file(folder(name) + u"/tarantool.log"_s);
        if (!file.open(QIODevice::ReadOnly)) return {};
        return QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts).filter(text);
    }

    void pause(int ms) override {
        for (auto& [name, one] : instances_) {
            if (one.process.state() == QProcess::NotRunning) continue;
            one.process.waitForFinished(ms);  // comes back at once where one has ended, which is news too
            return;
        }
    }

    quint16 portOf(const QString& name) override {
        quint16& port = ports_[name];
        if (port == 0) port = freePort();
        return port;
    }

    void setPort(const QString& name, quint16 port) override { ports_[name] = port; }

private:
    struct One {
        QProcess process;
        std::unique_ptr<tt::BoxClient> client;
    };

    QString folder(const QString& name) const { return folder_.filePath(u"in stance "_s + name); }
    QString ended(const QString& name) {
        QProcess& process = instances_[name].process;
        if (process.state() == QProcess::NotRunning || process.waitForFinished(kEndMs)) return {};
        return name + u" does not end"_s;
    }

    QString program_;
    QString version_;
    QTemporaryDir folder_;
    std::map<QString, One> instances_;
    std::map<QString, quint16> ports_;
};

}  // namespace

std::unique_ptr<Instances> realTarantool() {
    const QString program = QStandardPaths::findExecutable(u"tarantool"_s);
    if (program.isEmpty()) return nullptr;
    QProcess asked;
    asked.start(program, {u"--version"_s});
    if (!asked.waitForFinished()) return nullptr;
    // "Tarantool 2.6.0-0-g47aa4e01e"
    const QString line = QString::fromUtf8(asked.readAllStandardOutput()).section(u'\n', 0, 0);
    return std::make_unique<RealTarantool>(program, line.section(u' ', 1).section(u'-', 0, 0).trimmed());
}

}  // namespace tributary::test
