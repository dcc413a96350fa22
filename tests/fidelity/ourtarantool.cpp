// Processes of this program as instances of the era 2.6: `tt` starts, stops and kills them, a console for each asks.
#include <signal.h>

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <map>

#include "engine/net/endpoints.h"
#include "instances.h"

using namespace Qt::StringLiterals;

namespace tributary::test {
namespace {

constexpr int kOurStartMs = 40'000;
constexpr int kOurEndMs = 20'000;
constexpr int kOurAnswerMs = 30'000;
constexpr int kOurLookMs = 20;

const std::map<QString, QString>& ourUuids() {
    static const std::map<QString, QString> kUuids{{u"i1"_s, u"9bb111c2-3ff5-36a7-00f4-2b9a573ea660"_s},
                                                   {u"i2"_s, u"4cfa6e3c-625e-b027-00a7-29b2f2182f23"_s},
                                                   {u"i3"_s, u"9a3a1b9b-8a18-baf6-00b3-a6e5e11fd8b6"_s}};
    return kUuids;
}

quint16 ourFreePort() {
    static quint16 next = 0;
    if (next == 0) next = static_cast<quint16>(30'000 + QCoreApplication::applicationPid() % 2'000);
    while (!engine::isPortFree("127.0.0.1", ++next)) {
    }
    return next;
}

/// One application in one environment; config.yaml says of each instance what it was started with last.
class OurTarantool final : public Instances {
public:
    OurTarantool() { (void)tt({u"init"_s}); }
    ~OurTarantool() override {
        while (!consoles_.empty()) endConsole(consoles_.begin()->first);
        (void)tt({u"kill"_s, u"-f"_s, u"app"_s});
    }
    OurTarantool(const OurTarantool&) = delete;
    OurTarantool& operator=(const OurTarantool&) = delete;

    QString version() const override { return u"2.6.0"_s; }

    QString start(const std::vector<InstancePlan>& plans) override {
        if (const QString problem = launch(plans); !problem.isEmpty()) return problem;
        for (const InstancePlan& plan : plans) {
            const QDeadlineTimer deadline(kOurStartMs);
            QString answer;
            while (!ask(plan.name, u"box.info.status"_s, answer).isEmpty() || !answer.contains(u"running")) {
                if (deadline.hasExpired()) {
                    return plan.name + u" does not run: "_s + answer + u'\n' + logLines(plan.name, {}).join(u'\n');
                }
                pause(kOurLookMs);
            }
        }
        return {};
    }

    QString launch(const std::vector<InstancePlan>& plans) override {
        for (const InstancePlan& plan : plans) {
            configured_[plan.name] = plan;
            for (const QString& peer : plan.peers) {
                if (!configured_.contains(peer)) configured_[peer] = {peer, plan.peers, {}};
            }
        }
        if (const QString problem = writeConfig(); !problem.isEmpty()) return problem;
        for (const InstancePlan& plan : plans) {
            endConsole(plan.name);
            if (!tt({u"start"_s, u"--era"_s, u"2.6"_s, u"app:"_s + plan.name})) return ran_;
        }
        // The script of the real one has this quorum unless it is told another.
        for (const InstancePlan& plan : plans) {
            if (setting(plan, u"quorum"_s).isEmpty()) {
                QString ignored;
                const QString problem = ask(plan.name, u"box.cfg{replication_connect_quorum = 1}"_s, ignored);
                if (!problem.isEmpty()) return problem;
            }
        }
        return {};
    }

    QString stop(const QString& name) override {
        endConsole(name);
        return tt({u"stop"_s, u"-y"_s, u"app:"_s + name}) ? QString() : ran_;
    }
    QString kill(const QString& name) override {
        endConsole(name);
        return tt({u"kill"_s, u"-f"_s, u"app:"_s + name}) ? QString() : ran_;
    }
    QString freeze(const QString& name, bool frozen) override {
        const auto pid = static_cast<pid_t>(pidOf(name));
        if (pid <= 0) return name + u" does not run"_s;
        return ::kill(pid, frozen ? SIGSTOP : SIGCONT) == 0 ? QString() : u"no signal reached "_s + name;
    }
    QString exitOf(const QString& name, int& code) override {
        code = -1;
        return name + u": nobody sees the exit code of a detached process"_s;
    }

    QString wipe(const QString& name, const QStringList& patterns) override {
        const QDir dir(folder(name) + u"/var/lib/"_s + name);
        for (const QString& file : dir.entryList(patterns, QDir::Files)) {
            if (!QFile::remove(dir.filePath(file))) return u"cannot remove "_s + file;
        }
        return {};
    }

    QString ask(const QString& name, const QString& statement, QString& answer) override {
        std::unique_ptr<QProcess>& console = consoles_[name];
        if (console == nullptr || console->state() == QProcess::NotRunning) {
            console = std::make_unique<QProcess>();
            prepare(*console, {u"connect"_s, u"app:"_s + name});
            console->start();
        }
        console->write(statement.toUtf8() + '\n');
        QByteArray said;
        const QDeadlineTimer deadline(kOurAnswerMs);
        while (!said.endsWith("...\n\n")) {
            if (!console->waitForReadyRead(static_cast<int>(deadline.remainingTime()))) {
                const QString why = QString::fromUtf8(console->readAllStandardError());
                endConsole(name);
                return why.isEmpty() ? u"no answer"_s : why;
            }
            said += console->readAllStandardOutput();
        }
        said.chop(1);
        answer = QString::fromUtf8(said);
        return {};
    }

    QStringList logLines(const QString& name, const QString& text) override {
        QFile file(folder(name) + u"/var/log/"_s + name + u"/tt.log"_s);
        if (!file.open(QIODevice::ReadOnly)) return {};
        return QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts).filter(text);
    }

    void pause(int ms) override {
        // A console that ends meanwhile is news, and comes back at once.
        for (auto& [name, console] : consoles_) {
            if (console->state() == QProcess::NotRunning) continue;
            console->waitForFinished(ms);
            return;
        }
    }

    quint16 portOf(const QString& name) override {
        quint16& port = ports_[name];
        if (port == 0) port = ourFreePort();
        return port;
    }

    void setPort(const QString& name, quint16 port) override { ports_[name] = port; }

private:
    static QString setting(const InstancePlan& plan, const QString& key) {
        for (const QString& setting : plan.settings) {
            if (setting.startsWith(key + u'=')) return setting.mid(key.size() + 1);
        }
        return {};
    }
    QString folder(const QString&) const { return folder_.path() + u"/instances.enabled/app"_s; }

    void prepare(QProcess& process, const QStringList& words) const {
        const QString given = qEnvironmentVariable("TRIBUTARY_EXE");
        process.setWorkingDirectory(folder_.path());
        process.setProgram(given.isEmpty() ? QStringLiteral(TRIBUTARY_BINARY_DIR "/bin/tributary") : given);
        process.setArguments(QStringList{u"tt"_s} + words);
    }
    bool tt(const QStringList& words) {
        QProcess process;
        prepare(process, words);
        process.setStandardInputFile(QProcess::nullDevice());
        process.start();
        const bool ended = process.waitForFinished(kOurStartMs);
        ran_ = words.join(u' ') + u": "_s + QString::fromUtf8(process.readAllStandardError());
        out_ = QString::fromUtf8(process.readAllStandardOutput());
        return ended && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0;
    }
    void endConsole(const QString& name) {
        const auto at = consoles_.find(name);
        if (at == consoles_.end()) return;
        at->second->closeWriteChannel();
        at->second->kill();
        at->second->waitForFinished(kOurEndMs);
        consoles_.erase(at);
    }
    qint64 pidOf(const QString& name) {
        (void)tt({u"status"_s, u"app:"_s + name});
        for (const QString& line : out_.split(u'\n')) {
            const QStringList words = line.split(u' ', Qt::SkipEmptyParts);
            if (words.size() == 3 && words[1] == u"RUNNING") return words[2].toLongLong();
        }
        return 0;
    }

    QString configOf(const InstancePlan& plan) {
        const QString password = setting(plan, u"password"_s);
        QString peers;
        for (const QString& peer : plan.peers) {
            peers +=
                u"\n              - 'replicator:%1@127.0.0.1:%2'"_s.arg(password.isEmpty() ? u"topsecret"_s : password)
                    .arg(portOf(peer));
        }
        const auto seconds = [&](const QString& key, const QString& usual) {
            const QString given = setting(plan, key);
            return given.isEmpty() ? usual : given;
        };
        return u"          %1:\n"
               "            database: {mode: %2, instance_uuid: '%3'}\n"
               "            iproto: {listen: [{uri: '127.0.0.1:%4'}]}\n"
               "            replication:\n"
               "              connect_timeout: %5\n"
               "              skip_conflict: %6\n"
               "              peers:%7\n"_s
                   .arg(plan.name, setting(plan, u"mode"_s) == u"ro" ? u"ro"_s : u"rw"_s, ourUuids().at(plan.name))
                   .arg(portOf(plan.name))
                   .arg(seconds(u"connect"_s, u"20"_s), setting(plan, u"skip"_s) == u"yes" ? u"true"_s : u"false"_s,
                        peers);
    }

    QString writeConfig() {
        QString instances;
        QString config =
            u"credentials:\n"
            "  users:\n"
            "    replicator: {password: 'topsecret', roles: [replication]}\n"
            "    operator: {password: 'operator', roles: [super]}\n"
            "iproto: {advertise: {peer: {login: replicator}}}\n"
            "replication:\n"
            "  failover: off\n"_s;
        // What the scenario wants of one is said of all: the others are started with theirs.
        for (const auto& [name, plan] : configured_) {
            if (setting(plan, u"quorum"_s).toInt() > 1) {
                config += u"  bootstrap_strategy: legacy\n"_s;
                break;
            }
        }
        config +=
            u"groups:\n  group001:\n    replicasets:\n      set:\n"
            "        database: {replicaset_uuid: 'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee'}\n"
            "        instances:\n"_s;
        for (const auto& [name, plan] : configured_) {
            instances += name + u":\n"_s;
            config += configOf(plan);
        }
        const QString app = folder({});
        if (!QDir().mkpath(app)) return u"no folder for the application"_s;
        for (const auto& [file, text] : {std::pair(u"/instances.yml"_s, instances), {u"/config.yaml"_s, config}}) {
            QFile written(app + file);
            if (!written.open(QIODevice::WriteOnly | QIODevice::Truncate) || written.write(text.toUtf8()) < 0) {
                return written.errorString();
            }
        }
        return {};
    }

    QTemporaryDir folder_;
    QString ran_;
    QString out_;
    std::map<QString, InstancePlan> configured_;
    std::map<QString, std::unique_ptr<QProcess>> consoles_;
    std::map<QString, quint16> ports_;
};

}  // namespace

std::unique_ptr<Instances> ourTarantool() {
    return std::make_unique<OurTarantool>();
}

}  // namespace tributary::test
