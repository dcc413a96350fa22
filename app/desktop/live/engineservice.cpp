// Starting and stopping clusters on the service's lane.
#include "app/desktop/live/engineservice.h"

#include <QCoreApplication>
#include <QProcess>
#include <algorithm>
#include <utility>

#include "app/systems/membersystem.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

struct EngineService::Hold {
    std::unique_ptr<engine::EngineHost> host;
    std::vector<std::string> members;  ///< clusters whose members this window has started
    std::string root;
};

namespace {

constexpr int kStartMs = 120'000;

/// Starts the clusters whose members are processes of their own and do not run as a whole. Returns how many.
Result<int> startMembers(app::Session& session, std::vector<std::string>& started) {
    int count = 0;
    for (const Cluster& cluster : session.topology().clusters) {
        const app::MemberSystem* system = app::memberSystem(cluster.system);
        if (system == nullptr) continue;
        const WorkspacePaths& paths = session.workspace().paths;
        if (const std::string state = system->look(paths, session.topology(), cluster).state;
            state != "down" && state != "killed" && state != "partly up") {
            continue;
        }
        QProcess up;
        up.setStandardInputFile(QProcess::nullDevice());
        up.start(terminalProgram(), {u"-w"_s, QString::fromStdString(paths.root), u"up"_s, u"--cluster"_s,
                                     QString::fromStdString(cluster.name)});
        const bool ended = up.waitForFinished(kStartMs);
        if (!ended || up.exitStatus() != QProcess::NormalExit || up.exitCode() != 0) {
            const std::string told = up.readAllStandardError().trimmed().toStdString();
            return Error{ErrorCode::Unavailable,
                         "the instances of " + cluster.name +
                             " did not start: " + (told.empty() ? up.errorString().toStdString() : told),
                         {},
                         "tributary up -w " + paths.root};
        }
        if (std::find(started.begin(), started.end(), cluster.name) == started.end()) started.push_back(cluster.name);
        ++count;
    }
    return count;
}

/// Those that this window has started; the first that does not end is the error.
Status stopMembers(const WorkspacePaths& paths, const Topology& topology, std::vector<std::string>& clusters) {
    const std::vector<std::string> wanted = std::exchange(clusters, {});
    if (wanted.empty()) return okStatus();
    for (const app::MemberSystem* system : app::memberSystems()) {
        const app::MembersStopped stopped = system->stop(paths, topology, wanted);
        if (!stopped.notStopped.empty()) return stopped.notStopped.front().second;
    }
    return okStatus();
}

}  // namespace

QString terminalProgram() {
    const QString given = qEnvironmentVariable("TRIBUTARY_EXE");
    return given.isEmpty() ? QCoreApplication::applicationDirPath() + u"/tributary"_s : given;
}

EngineService::EngineService(QObject& relay, WorkspaceAccess access)
    : hold_(std::make_shared<Hold>()),
      lane_(std::make_unique<WorkLane>(relay, std::move(access), WorkLane::AtEnd::Join)) {}

EngineService::~EngineService() {
    lane_.reset();                                             // joins: nobody else touches the host below
    if (hold_->host != nullptr) (void)hold_->host->stopAll();  // an unclean stop costs a replay at the next start
    if (hold_->members.empty()) return;
    if (auto session = app::Session::openToStop(hold_->root, {})) {
        (void)stopMembers((*session)->workspace().paths, (*session)->topology(), hold_->members);
    }
}

void EngineService::start(QObject* context, std::function<void(Result<EngineStarted>)> done) {
    lane_->reopen();  // the drawing may have been saved since
    lane_->ask<EngineStarted>(
        context,
        [hold = hold_](app::Session& session) -> Result<EngineStarted> {
            const std::vector<std::string> clusters = session.directory().clusters();
            hold->root = session.workspace().paths.root;
            const Result<int> members = startMembers(session, hold->members);
            if (!members) return members.error();
            if (clusters.empty() && session.topology().clusters.empty()) {
                return Error{ErrorCode::InvalidInput, "the drawing has no clusters", session.workspace().paths.root,
                             "draw a cluster, save, and start the engine again"};
            }
            std::vector<std::string> down;
            for (const std::string& cluster : clusters) {
                const app::ClusterPresence seen = session.directory().presence(cluster);
                if (seen.kind == app::ClusterPresence::Kind::Down) down.push_back(cluster);
                const bool told =
                    seen.kind == app::ClusterPresence::Kind::Down || seen.kind == app::ClusterPresence::Kind::Up;
                if (!told) return seen.error;  // a second engine beside one that may be there
            }
            if (!down.empty()) {
                const bool first = hold->host == nullptr;
                if (first) {
                    auto host = app::makeHost(session.engine(), {});
                    if (!host) return host.error();
                    hold->host = std::move(host).value();
                }
                const Status started =
                    app::startClusters(*hold->host, session.engine(), session.topology(), down, session.user());
                if (!started) {
                    if (first) hold->host.reset();  // half an engine would only hide what went wrong
                    return started.error();
                }
            }
            return EngineStarted{hold->host != nullptr || !hold->members.empty(),
                                 static_cast<int>(down.size()) + members.value()};
        },
        std::move(done));
}

void EngineService::stop(QObject* context, std::function<void(Result<bool>)> done) {
    lane_->ask<bool>(
        context,
        [hold = hold_](app::Session& session) -> Result<bool> {
            const bool any = hold->host != nullptr || !hold->members.empty();
            const Status ended = stopMembers(session.workspace().paths, session.topology(), hold->members);
            const Status stopped = hold->host == nullptr ? okStatus() : hold->host->stopAll();
            hold->host.reset();
            if (!stopped) return stopped.error();
            if (!ended) return ended.error();
            return any;
        },
        std::move(done));
}

}  // namespace tributary::desktop
