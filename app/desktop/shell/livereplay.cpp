// The last run again: its time line under the canvas, and what every view shows of a moment.
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include "app/care/bundlereader.h"
#include "app/desktop/live/lagpanel.h"
#include "app/desktop/live/logpanel.h"
#include "app/desktop/live/recordedruns.h"
#include "app/desktop/live/replaybar.h"
#include "app/desktop/shell/livebridge.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

void LiveBridge::startReplay() {
    if (!live_ || replay_ != nullptr || live_->run().isActive() || !live_->run().tape().isPlayable()) return;
    replay_ = new ReplayBar(live_->run().tape(), live_->lag(), &window_);
    window_.addBelowCanvas(replay_);
    connect(replay_, &ReplayBar::moved, this, &LiveBridge::showMoment);
    connect(replay_, &ReplayBar::closed, this, &LiveBridge::endReplay);
    replay_->rewind();
    replay_->line().setFocus();
    emit changed();
}

void LiveBridge::askReplay() {
    if (!live_ || live_->run().isActive()) return;
    auto* dialog = new RunsDialog(live_->makeLane(), &window_);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RunsDialog::chosen, this, &LiveBridge::replayRun);
    dialog->open();
}

void LiveBridge::replayRun(const QString& runId) {
    if (!live_ || live_->run().isActive()) return;
    endReplay();
    connect(&live_->run(), &RunControl::recordedShown, this, &LiveBridge::startReplay, Qt::SingleShotConnection);
    live_->run().loadRecorded(runId);
}

void LiveBridge::openBundle(const QString& file) {
    window_.flow().leaveThen([this, file] {
        const QString home = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + u"/replays/"_s;
        QDir().mkpath(home);
        const QString name = QFileInfo(file).fileName().section(u'.', 0, 0);
        QString folder = home + name;
        for (int i = 2; QFileInfo::exists(folder); ++i) folder = u"%1%2-%3"_s.arg(home, name).arg(i);
        const auto unpacked = app::unpackBundle(file.toStdString(), folder.toStdString());
        if (!unpacked) {
            window_.bench().tell(unpacked.error());
            return;
        }
        wantsRuns_ = true;
        window_.openWorkspace(folder);
    });
}

void LiveBridge::endReplay() {
    if (replay_ == nullptr) return;
    ReplayBar* bar = replay_;
    replay_ = nullptr;
    moment_.reset();
    momentHighlights_.clear();
    bar->hide();
    bar->disconnect(this);
    bar->deleteLater();  // it may be its own button that was pressed
    if (!live_) return;
    live_->run().showMoment(0);
    if (QDockWidget* dock = window_.panel(u"lag"_s)) {
        if (auto* lag = qobject_cast<LagPanel*>(dock->widget())) lag->showMoment(0, 0, 0);
    }
    refresh();
}

void LiveBridge::showMoment(Millis atMs) {
    if (replay_ == nullptr || !live_) return;
    RunControl& run = live_->run();
    moment_ = run.tape().lookAt(atMs);
    momentHighlights_.clear();
    for (const QString& each : run.tape().pathsAt(atMs)) momentHighlights_.insert(each.toStdString());
    run.showMoment(atMs);
    if (QDockWidget* dock = window_.panel(u"lag"_s)) {
        if (auto* lag = qobject_cast<LagPanel*>(dock->widget())) {
            lag->showMoment(run.tape().fromMs(), run.tape().toMs(), atMs);
        }
    }
    if (QDockWidget* dock = window_.panel(u"log"_s)) {
        if (auto* log = qobject_cast<LogPanel*>(dock->widget())) log->showTime(atMs);
    }
    refresh();
}

}  // namespace tributary::desktop
