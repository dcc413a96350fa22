// Joining the engine, the poller, runs, faults and the log.
#include "app/desktop/live/liveworkspace.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/adapters/engineport.h"
#include "app/desktop/live/engineservice.h"
#include "app/desktop/live/livetext.h"
#include "app/desktop/live/plancontrol.h"
#include "app/desktop/live/statuspoller.h"
#include "app/observe/audit.h"
#include "app/observe/clocks.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {
namespace {

constexpr Millis kAlarmCallMs = 5'000;
constexpr Millis kCommandCallMs = 15'000;

/// "name at entity": what tells one alarm from another.
QString alarmKey(const app::ClusterRow& cluster, const app::AlarmRow& alarm) {
    return u"%1 · %2 · %3"_s.arg(toQt(cluster.name), toQt(alarm.name), toQt(alarm.entity));
}

}  // namespace

LiveWorkspace::LiveWorkspace(const QString& workspaceDir, const LiveOptions& options, QObject* parent)
    : QObject(parent), root_(workspaceDir), access_{toStd(workspaceDir), toStd(options.user)} {
    service_ = std::make_unique<EngineService>(relay_, access_);
    filesLane_ = makeLane();
    faultLane_ = makeLane();
    run_ = std::make_unique<RunControl>(relay_, *filesLane_, access_);
    plan_ = std::make_unique<PlanControl>(relay_, access_);
    connectRun();
    poller_ = std::make_unique<StatusPoller>(relay_, access_, options.pollEveryMs,
                                             [this](LiveSnapshot snapshot) { onSnapshot(std::move(snapshot)); });
    filesLane_->ask<Topology>(
        this, [](app::Session& session) -> Result<Topology> { return session.topology(); },
        [this](Result<Topology> saved) {
            if (!saved || drawingGiven_) return;
            drawing_ = std::move(saved).value();
            emit drawingChanged();
        });
    run_->refresh();
}

LiveWorkspace::~LiveWorkspace() {
    plan_.reset();
    run_.reset();  // a live run ends first: it needs the clusters
    poller_.reset();
    faultLane_.reset();
    filesLane_.reset();
    service_.reset();
}

std::unique_ptr<WorkLane> LiveWorkspace::makeLane() {
    return std::make_unique<WorkLane>(relay_, access_);
}

std::shared_ptr<const void> LiveWorkspace::wantParts() {
    auto wanted = partsWanted_.lock();
    if (!wanted) partsWanted_ = wanted = std::make_shared<const bool>(true);
    poller_->setWantsParts(true);
    return wanted;
}

void LiveWorkspace::note(LogEntry::Kind kind, LogEntry::Level level, const QString& text, const QString& detail,
                         const QString& path) {
    log_.add({app::wallNowMs(), kind, level, text, detail, {}, path});
}

void LiveWorkspace::setDrawing(const Topology& drawing) {
    drawing_ = drawing;
    drawingGiven_ = true;
    poller_->setDrawing(drawing);
    emit drawingChanged();
}

void LiveWorkspace::setEngine(EngineStatus status) {
    const bool same = status.state == engine_.state && status.reason == engine_.reason;
    engine_ = std::move(status);
    if (!same) emit engineChanged(engine_);
}

void LiveWorkspace::startEngine() {
    if (engine_.state == EngineState::Starting || engine_.state == EngineState::Stopping) return;
    if (!engine_.usable()) setEngine({EngineState::Starting, tr("Starting the engine"), {}});
    service_->start(this, [this](const Result<EngineStarted>& started) { engineStarted(started); });
}

void LiveWorkspace::engineStarted(const Result<EngineStarted>& started) {
    poller_->hurry();
    if (!started) {
        const Error& error = started.error();
        note(LogEntry::Kind::Engine, LogEntry::Level::Failure, tr("The engine did not start"), toQt(error.full()));
        const QString action =
            error.fix.empty() ? tr("Remove the cause, then start the engine again") : toQt(error.fix);
        setEngine({EngineState::Failed, tr("The engine did not start: %1").arg(toQt(error.text())), action});
        return;
    }
    if (started->started > 0) {
        note(LogEntry::Kind::Engine, LogEntry::Level::Info, tr("%n cluster(s) started", nullptr, started->started));
    }
    setEngine({started->owned ? EngineState::Running : EngineState::Attached, {}, {}});
}

void LiveWorkspace::stopEngine() {
    if (engine_.state == EngineState::Attached || engine_.state == EngineState::Failed) {
        // What another process runs is not ours to stop.
        if (engine_.state == EngineState::Failed) setEngine({});
        return;
    }
    if (!engine_.usable()) return;
    setEngine({EngineState::Stopping, tr("Stopping the engine"), {}});
    service_->stop(this, [this](const Result<bool>& stopped) {
        stoppedMs_ = app::wallNowMs();
        poller_->hurry();
        if (stopped) {
            note(LogEntry::Kind::Engine, LogEntry::Level::Info, tr("The engine stopped"));
            setEngine({});
            return;
        }
        note(LogEntry::Kind::Engine, LogEntry::Level::Failure, tr("The engine did not stop cleanly"),
             toQt(stopped.error().full()));
        setEngine({EngineState::Failed, tr("The engine did not stop cleanly: %1").arg(toQt(stopped.error().text())),
                   tr("Start it again: it recovers from its disk")});
    });
}

void LiveWorkspace::workspaceSaved() {
    filesLane_->reopen();
    faultLane_->reopen();
    poller_->reopen();
    // What was planned was planned for the drawing as it was.
    plan_->reopen();
    plan_->discard();
    poller_->hurry();
    run_->refresh();
    if (engine_.state == EngineState::Running) startEngine();
}

void LiveWorkspace::onSnapshot(LiveSnapshot snapshot) {
    logSnapshot(snapshot);
    snapshot_ = std::move(snapshot);
    lag_.observe(snapshot_);
    if (run_->tape().wantsLook()) run_->tape().look(snapshot_);
    poller_->setWantsParts(!partsWanted_.expired() || run_->tape().wantsLook());
    followDaemon();
    emit observed(snapshot_);
}

void LiveWorkspace::followDaemon() {
    if (!snapshot_.problem.isEmpty()) return;
    const bool up = snapshot_.anyUp();
    const bool idle = engine_.state == EngineState::Off || engine_.state == EngineState::Failed;
    if (idle && up) {
        // Asked before our own engine had stopped: it is that which answered, nobody else's.
        if (stoppedMs_ != 0 && snapshot_.askedMs <= stoppedMs_) return;
        note(LogEntry::Kind::Engine, LogEntry::Level::Info, tr("Attached to the engine that runs this workspace"));
        setEngine({EngineState::Attached, {}, {}});
    } else if (engine_.state == EngineState::Attached && !up) {
        const QString reason = tr("The process that ran this workspace's engine has ended");
        note(LogEntry::Kind::Engine, LogEntry::Level::Failure, reason);
        setEngine({EngineState::Failed, reason, tr("Start the engine here, or run: tributary up -w %1").arg(root_)});
    }
}

void LiveWorkspace::logSnapshot(const LiveSnapshot& fresh) {
    const auto alarmsOf = [](const LiveSnapshot& snapshot) {
        std::map<QString, std::pair<QString, QString>> alarms;  // key -> description, cluster
        for (const auto& cluster : snapshot.status.clusters) {
            for (const auto& alarm : cluster.alarms) {
                alarms[alarmKey(cluster, alarm)] = {toQt(alarm.description), toQt(cluster.name)};
            }
        }
        return alarms;
    };
    const auto before = alarmsOf(snapshot_);
    const auto now = alarmsOf(fresh);
    for (const auto& [key, about] : now) {
        if (!before.contains(key)) {
            note(LogEntry::Kind::Alarm, LogEntry::Level::Warning, tr("Raised: %1").arg(key), about.first, about.second);
        }
    }
    for (const auto& [key, about] : before) {
        // A cluster that does not answer has not cleared its alarms.
        const app::ClusterRow* cluster = fresh.status.cluster(toStd(about.second));
        if (!now.contains(key) && cluster != nullptr && cluster->answered) {
            note(LogEntry::Kind::Alarm, LogEntry::Level::Info, tr("Cleared: %1").arg(key), {}, about.second);
        }
    }
    for (const auto& cluster : fresh.status.clusters) {
        const app::ClusterRow* earlier = snapshot_.status.cluster(cluster.name);
        if (earlier == nullptr || earlier->state == cluster.state) continue;
        const QString name = toQt(cluster.name);
        const bool well = cluster.state == "up" || cluster.state == "down";
        note(LogEntry::Kind::Engine, well ? LogEntry::Level::Info : LogEntry::Level::Warning,
             tr("Cluster %1 is %2").arg(name, cluster.state == "?" ? tr("not answering") : toQt(cluster.state)),
             toQt(cluster.reason), name);
    }
}

void LiveWorkspace::connectRun() {
    connect(run_.get(), &RunControl::runActive, this, &LiveWorkspace::runActive);
    // A run changes what a plan was made for: while one is shown it is made anew, and proves what came of it.
    connect(run_.get(), &RunControl::runActive, this, [this](bool active) {
        if (!active && plan_->phase() != PlanPhase::None) plan_->again();
    });
    connect(run_.get(), &RunControl::stepChanged, this, &LiveWorkspace::stepChanged);
    connect(run_.get(), &RunControl::eventCame, this, [this](const runbooks::RunEvent& event) {
        using runbooks::EventType;
        const QString step = toQt(event.stepId);
        const QString title = toQt(event.title);
        LogEntry entry{event.atMs, LogEntry::Kind::Run, LogEntry::Level::Info, {}, {}, step, {}};
        if (event.type == EventType::StepStarted) {
            lag_.mark({event.atMs, step, title, u"started"_s});
            entry.text = tr("%1 started").arg(step);
        } else if (event.type == EventType::StepFinished || event.type == EventType::UndoFinished) {
            entry.text = u"%1: %2"_s.arg(step, toQt(event.result));
            entry.detail = toQt(event.reason);
            if (event.result == "failed" || event.result == "in-doubt") {
                entry.level = LogEntry::Level::Failure;
                lag_.mark({event.atMs, step, toQt(event.reason), toQt(event.result)});
            }
        } else if (event.type == EventType::CommandFinished) {
            entry.text = u"$ %1"_s.arg(toQt(event.text));
            entry.detail = toQt(event.output.empty() ? event.reason : event.output);
        } else if (event.type == EventType::RunFinished) {
            entry.text = tr("The run ended: %1").arg(toQt(event.result));
            entry.detail = toQt(event.reason);
            if (event.exitCode != 0) entry.level = LogEntry::Level::Warning;
        } else {
            return;
        }
        if (const RunStepRow* row = run_->steps().find(step)) entry.path = row->paths.value(0);
        log_.add(std::move(entry));
    });
}

void LiveWorkspace::sendFault(const FaultOrder& order) {
    const QString what = faultOrderText(order);
    faultLane_->ask<bool>(
        this,
        [order](app::Session& session) -> Result<bool> {
            const Status done = carryOutFault(session, order);
            if (!done) return done.error();
            return true;
        },
        [this, what](const Result<bool>& done) {
            poller_->hurry();
            note(LogEntry::Kind::Fault, done ? LogEntry::Level::Info : LogEntry::Level::Failure, what,
                 done ? QString() : toQt(done.error().full()));
            emit faultDone(what, done ? QString() : toQt(done.error().text()));
        });
}

void LiveWorkspace::runCommand(const QString& line) {
    faultLane_->ask<bool>(
        this,
        [line = toStd(line)](app::Session& session) -> Result<bool> {
            app::EnginePort enginePort(session.directory(), session.user(), app::wallNowMs);
            app::AuditLog log(app::auditPath(session));
            app::AuditedPort port(enginePort, log, app::auditEntry(session), app::wallNowMs);
            const auto outcome = port.execute(line, kCommandCallMs);
            if (outcome.ok) return true;
            return Error{ErrorCode::Conflict, outcome.error, {}, outcome.fix};
        },
        [this, line](const Result<bool>& done) {
            poller_->hurry();
            note(LogEntry::Kind::Run, done ? LogEntry::Level::Info : LogEntry::Level::Failure, u"$ %1"_s.arg(line),
                 done ? QString() : toQt(done.error().full()));
            emit commandDone(line, done ? QString() : toQt(done.error().text()));
        });
}

void LiveWorkspace::clearFaults() {
    faultLane_->ask<ClearedFaults>(
        this, [](app::Session& session) -> Result<ClearedFaults> { return clearAndProve(session); },
        [this](const Result<ClearedFaults>& cleared) {
            poller_->hurry();
            if (!cleared) {
                emit faultsCleared(false, toQt(cleared.error().text()));
                return;
            }
            QStringList lines;
            for (const std::string& problem : cleared->problems) lines << toQt(problem);
            for (const app::FaultRow& row : cleared->left.faults) lines << tr("Still in force: %1").arg(toQt(row.text));
            for (const std::string& unknown : cleared->left.unknown)
                lines << tr("Could not tell: %1").arg(toQt(unknown));
            const bool clean = cleared->clean();
            if (clean) lines << tr("No fault is in force: every cluster was asked again");
            note(LogEntry::Kind::Fault, clean ? LogEntry::Level::Info : LogEntry::Level::Failure,
                 clean ? tr("Faults cleared") : tr("Faults are left"), lines.join(u'\n'));
            emit faultsCleared(clean, lines.join(u'\n'));
        });
}

void LiveWorkspace::clearAlarm(const QString& cluster, const QString& name, const QString& entity) {
    faultLane_->ask<bool>(
        this,
        [cluster = toStd(cluster), name = toStd(name), entity = toStd(entity)](app::Session& session) -> Result<bool> {
            auto client = session.directory().client(cluster);
            if (!client) return client.error();
            const auto done = client.value()->callJson(engine::Method::ClearAlarm,
                                                       engine::Json{{"name", name}, {"entity", entity}}, kAlarmCallMs);
            app::audit(session, fmt::format("alarm clear {} {} at {}", name, entity, cluster),
                       done ? std::string() : done.error().text());
            if (!done) return done.error();
            return true;
        },
        [this, name, cluster](const Result<bool>& done) {
            poller_->hurry();
            if (!done) {
                note(LogEntry::Kind::Alarm, LogEntry::Level::Failure, tr("Alarm %1 was not cleared").arg(name),
                     toQt(done.error().full()), cluster);
            }
        });
}

}  // namespace tributary::desktop
