// The bridge between window and running workspace.
#include "app/desktop/shell/livebridge.h"

#include <utility>

#include <QMessageBox>
#include <QPushButton>

#include "app/desktop/live/lagpanel.h"
#include "app/desktop/live/livedocks.h"
#include "app/desktop/live/plancontrol.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

LiveBridge::LiveBridge(MainWindow& window) : QObject(&window), window_(window) {
    connect(&window_.bench().document, &DesktopDocument::stateChanged, this, &LiveBridge::follow);
    connect(&window_.bench().document, &DesktopDocument::drawingChanged, this, [this] {
        if (live_) live_->setDrawing(window_.bench().document.topology());
    });
    connect(&window_.flow(), &DocumentFlow::saved, this, [this] {
        if (live_) live_->workspaceSaved();
    });
    window_.flow().setLeaveGuard([this](const std::function<void()>& then) { leave(then); });
}

LiveBridge::~LiveBridge() {
    detach();
}

void LiveBridge::follow() {
    const DesktopDocument& document = window_.bench().document;
    const QString folder = document.isOpen() && document.files().hasFolder()
                               ? QString::fromStdString(document.files().paths().root)
                               : QString();
    const QString now = live_ ? live_->root() : QString();
    if (folder == now) return;
    detach();
    if (!folder.isEmpty()) attach(folder);
}

void LiveBridge::attach(const QString& folder) {
    live_ = std::make_unique<LiveWorkspace>(folder);
    live_->setDrawing(window_.bench().document.topology());
    for (const LiveDock& each : makeLiveDocks(*live_, &window_)) {
        // A panel scrolls inside; it must not make the window larger than a small screen.
        each.widget->setMinimumSize(250, 80);
        if (auto* lag = qobject_cast<LagPanel*>(each.widget)) {
            lag->setThresholds(loadThresholds(window_.settings()));
            connect(lag, &LagPanel::thresholdsEdited, this,
                    [this, lag] { saveThresholds(window_.settings(), lag->thresholds()); });
        }
        docks_.push_back(window_.addPanel({each.id, each.title, each.widget, each.area}));
    }
    window_.placePanels();
    connectLive();
    emit changed();
    if (std::exchange(wantsRuns_, false)) QMetaObject::invokeMethod(this, &LiveBridge::askReplay, Qt::QueuedConnection);
}

void LiveBridge::detach() {
    if (!live_) return;
    endReplay();
    live_->disconnect(this);
    // Panels die before the workspace that they show.
    for (QDockWidget* each : docks_) window_.removePanel(each);
    docks_.clear();
    live_.reset();
    observed_ = {};
    highlights_.clear();
    window_.bench().scene->setObserved(observed_);
    window_.bench().problems->setObserved({});
    window_.bench().outline->setObserved({});
    window_.bench().outline->setGhosts({});
    window_.bench().inspector->setObserved(nullptr, {});
    window_.where().showState(EngineState::Off);
    for (const QString& id : {u"engine"_s, u"unfinished"_s, u"leaving"_s}) window_.bench().banners->hideBanner(id);
    emit changed();
}

void LiveBridge::connectLive() {
    Workbench& bench = window_.bench();
    connect(live_.get(), &LiveWorkspace::observed, this, [this] {
        if (replay_ == nullptr) refresh();
    });
    connect(live_.get(), &LiveWorkspace::replayRequested, this, &LiveBridge::startReplay);
    connect(live_.get(), &LiveWorkspace::engineChanged, this, &LiveBridge::showEngine);
    connect(live_.get(), &LiveWorkspace::runActive, this, [this, &bench](bool active) {
        bench.document.setLock(active ? tr("A run is live: the structure of the drawing is locked until it ends.")
                                      : QString());
        if (active) endReplay();
        if (!active) highlights_.clear();
        if (QDockWidget* dock = window_.panel(u"runbook"_s); active && dock != nullptr) dock->raise();
        refresh();
        emit changed();
    });
    connect(live_.get(), &LiveWorkspace::stepChanged, this,
            [this](const QString& /*step*/, const QString& state, const QStringList& paths) {
                if (state != u"started") return;
                highlights_.clear();
                for (const QString& each : paths) highlights_.insert(each.toStdString());
                refresh();
            });
    connect(live_.get(), &LiveWorkspace::jumpRequested, this,
            [&bench](const QString& path) { bench.selection.reveal(refOfPlace(path.toStdString())); });
    connect(live_.get(), &LiveWorkspace::logRequested, this, [this] {
        if (QDockWidget* dock = window_.panel(u"log"_s)) dock->raise();
    });
    connect(&live_->plan(), &PlanControl::changed, this, [this] {
        // A plan is a runbook: exported and looked at like any other. One that was run stays on show until a new start.
        const runbooks::Plan* plan = live_->plan().plan();
        if (plan != nullptr && !plan->steps.empty() && live_->run().phase() == RunPhase::Idle)
            live_->run().take(plan->runbook);
        refresh();
    });
    connect(&live_->run(), &RunControl::unfinishedChanged, this, &LiveBridge::showUnfinished);
    connect(&live_->run(), &RunControl::refused, this, [&bench](const QString& reason, const QString& action) {
        bench.banners->showBanner(u"run"_s,
                                  {Severity::Warning, action.isEmpty() ? reason : reason + u"\n"_s + action, {}});
    });
    connect(live_.get(), &LiveWorkspace::faultsCleared, this, [&bench](bool clean, const QString& text) {
        bench.banners->showBanner(u"faults"_s, {clean ? Severity::Info : Severity::Warning, text, {}});
    });
}

void LiveBridge::refresh() {
    if (!live_) return;
    const LiveSnapshot nothing;
    const LiveSnapshot& shown = replay_ == nullptr ? live_->snapshot() : moment_ ? *moment_ : nothing;
    observed_ = observedOf(shown, live_->lag(), replay_ == nullptr ? highlights_ : momentHighlights_);
    if (!live_->run().isActive() && replay_ == nullptr) {
        for (const std::string& each : live_->plan().places()) observed_.highlights.insert(each);
    }
    window_.bench().scene->setObserved(observed_);
    std::vector<Finding> problems = problemsOf(shown);
    window_.bench().problems->setObserved(problems);
    window_.bench().outline->setObserved(std::move(problems));
    window_.bench().outline->setGhosts(observed_.ghosts);
    window_.bench().inspector->setObserved(observed_.known ? shown.observation : nullptr, observed_.ghosts);
    window_.where().showState(live_->engine().state);
    const bool faulty = !live_->snapshot().status.faults.empty();
    // "No fault is in force" is no longer true. A look that began before the clearing does not count.
    if (faulty && !faulty_) window_.bench().banners->hideBanner(u"faults"_s);
    faulty_ = faulty;
    // Clusters answer before what the drawing says to exist is made in them: a plan waits for the whole start.
    if (wantsPlan_ && replay_ == nullptr && observed_.known && live_->engine().usable()) openPlan();
    emit changed();
}

void LiveBridge::showEngine() {
    const EngineStatus& status = live_->engine();
    BannerBar& banners = *window_.bench().banners;
    if (status.state == EngineState::Failed) {
        wantsPlan_ = false;
        banners.showBanner(u"engine"_s,
                           {Severity::Error,
                            status.action.isEmpty() ? status.reason : status.reason + u"\n"_s + status.action,
                            {{tr("Start again"), [this] {
                                  window_.bench().banners->hideBanner(u"engine"_s);
                                  if (live_) live_->startEngine();
                              }}}});
    } else {
        banners.hideBanner(u"engine"_s);
    }
    refresh();
    emit changed();
}

void LiveBridge::showUnfinished() {
    const auto& open = live_->run().unfinished();
    if (!open || !open->crashed) {
        window_.bench().banners->hideBanner(u"unfinished"_s);
        return;
    }
    window_.bench().banners->showBanner(
        u"unfinished"_s,
        {Severity::Warning,
         tr("The run of %1 was interrupted. Its journal tells what it did: start the engine and resume it.")
             .arg(QString::fromStdString(open->runbookId)),
         {{tr("Show the run"), [this] {
               window_.bench().banners->hideBanner(u"unfinished"_s);
               if (QDockWidget* dock = window_.panel(u"runbook"_s)) {
                   dock->show();
                   dock->raise();
               }
           }}}});
}

void LiveBridge::planOnly(std::vector<std::string> elements) {
    DesktopDocument& document = window_.bench().document;
    if (document.modified() || !document.files().hasFolder()) {
        window_.flow().save([this, elements] { planOnly(elements); });
        return;
    }
    if (!live_) return;
    endReplay();
    wantsPlan_ = true;
    planOnly_ = std::move(elements);
    if (live_->engine().usable() && observed_.known) {
        openPlan();
    } else if (live_->engine().state != EngineState::Starting) {
        live_->startEngine();
    }
}

void LiveBridge::openPlan() {
    wantsPlan_ = false;
    live_->plan().make(planOnly_);
    if (QDockWidget* dock = window_.panel(u"plan"_s)) {
        dock->show();
        dock->raise();
        dock->widget()->setFocus();
    }
}

void LiveBridge::leave(const std::function<void()>& then) {
    if (!live_ || !live_->run().isActive()) {
        stopThen(then);
        return;
    }
    auto* box = new QMessageBox(QMessageBox::Question, tr("A run is live"),
                                tr("Leaving pauses the run at its next safe point. Its journal lets it go on when the "
                                   "workspace is opened again."),
                                QMessageBox::Ok | QMessageBox::Cancel, &window_);
    box->setObjectName(u"leaveRun"_s);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->button(QMessageBox::Ok)->setText(tr("Pause and leave"));
    connect(box, &QMessageBox::finished, this, [this, then](int answer) {
        if (answer != QMessageBox::Ok || !live_) return;
        if (!live_->run().isActive()) {
            stopThen(then);
            return;
        }
        auto* once = new QObject(this);
        connect(live_.get(), &LiveWorkspace::runActive, once, [this, once, then](bool active) {
            if (active) return;
            once->deleteLater();
            window_.bench().banners->hideBanner(u"leaving"_s);
            QMetaObject::invokeMethod(
                this, [this, then] { stopThen(then); }, Qt::QueuedConnection);
        });
        live_->run().pause();
        // A step may take its time, or hang at a cluster that does not answer: that is seen, and can be cut short.
        window_.bench().banners->showBanner(u"leaving"_s, {Severity::Info,
                                                           tr("Leaving: the run pauses at its next safe point."),
                                                           {{tr("Stop at once"),
                                                             [this] {
                                                                 if (live_) live_->run().pause();
                                                             }}},
                                                           false});
    });
    box->open();
}

void LiveBridge::stopThen(const std::function<void()>& then) {
    if (!live_ || (live_->engine().state != EngineState::Running && live_->engine().state != EngineState::Starting)) {
        then();
        return;
    }
    // The window stays alive while the clusters stop.
    auto* once = new QObject(this);
    connect(live_.get(), &LiveWorkspace::engineChanged, once, [this, once, then](const EngineStatus& status) {
        if (status.state != EngineState::Off && status.state != EngineState::Failed) return;
        once->deleteLater();
        QMetaObject::invokeMethod(this, then, Qt::QueuedConnection);
    });
    live_->stopEngine();
}

}  // namespace tributary::desktop
