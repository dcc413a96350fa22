// Listing and reading runs that are over.
#include "app/desktop/live/recordedruns.h"

#include <QDateTime>
#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/desktop/live/livetext.h"
#include "app/systems/dialects.h"
#include "core/telemetry/humanunits.h"
#include "core/workspace/strictyaml.h"
#include "runbooks/model/parameters.h"
#include "runbooks/runner/runner.h"
#include "runbooks/runner/runstore.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr std::size_t kRunsListed = 200;

RecordedRow rowOf(const std::string& runId, const Result<runbooks::RecordedRun>& run) {
    RecordedRow out;
    out.runId = runId;
    if (!run) {
        out.problem = run.error().text();
        return out;
    }
    out.title = run->state.title;
    out.standing = run->state.standing();
    out.startedAtMs = run->state.startedAtMs;
    out.endedAtMs = run->state.finished ? run->state.endedAtMs : 0;
    out.problem = run->problem;
    out.isPlayable = run->events.size() > 1;
    return out;
}

}  // namespace

Result<runbooks::RecordedRun> recordedRun(const std::string& stateDir, const std::string& runId) {
    const std::string path = runbooks::RunStore(stateDir + "/runs").journalPath(runId);
    const Result<std::string> text = readTextFile(path, runbooks::kRecordedBytesMax);
    if (!text) return text.error();
    return runbooks::readRecordedRun(*text, path);
}

Result<std::vector<RecordedRow>> recordedRuns(const std::string& stateDir) {
    auto ids = runbooks::RunStore(stateDir + "/runs").ids();
    if (!ids) return ids.error();
    std::vector<RecordedRow> out;
    out.reserve(std::min(ids->size(), kRunsListed));
    for (const std::string& id : *ids) {
        if (out.size() == kRunsListed) break;
        out.push_back(rowOf(id, recordedRun(stateDir, id)));
    }
    return out;
}

runbooks::Runbook recordedRunbook(const runbooks::RunState& state) {
    const auto book = runbooks::storedRunbook(state, app::dialects());
    if (book) {
        const auto values = runbooks::resolveParameters(*book, state.parameters);
        auto rendered = values ? runbooks::renderRunbook(*book, *values) : Result<runbooks::Runbook>(values.error());
        if (rendered) return std::move(rendered).value();
    }
    // A support bundle holds no texts of runbooks: the steps are what the record names.
    runbooks::Runbook out;
    out.id = state.runbookId;
    out.title = state.title;
    out.system = state.system;
    for (const runbooks::StepState& each : state.steps) {
        runbooks::Step& step = out.steps.emplace_back();
        step.id = each.id;
        step.title = each.title;
    }
    return out;
}

RunsDialog::RunsDialog(std::unique_ptr<WorkLane> lane, QWidget* parent)
    : QDialog(parent),
      lane_(std::move(lane)),
      list_(new QTreeWidget(this)),
      told_(new QLabel(tr("Reading the journals\u2026"), this)) {
    setObjectName(u"runsDialog"_s);
    setWindowTitle(tr("Replay a run"));
    resize(720, 420);
    auto* column = new QVBoxLayout(this);
    list_->setObjectName(u"runs"_s);
    list_->setAccessibleName(tr("Runs of this workspace"));
    list_->setRootIsDecorated(false);
    list_->setHeaderLabels({tr("Started"), tr("Runbook"), tr("How it stands"), tr("Took")});
    list_->header()->setStretchLastSection(false);
    list_->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    list_->header()->setSectionResizeMode(1, QHeaderView::Stretch);
    told_->setWordWrap(true);
    told_->setProperty("muted", true);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    replay_ = buttons->addButton(tr("&Replay"), QDialogButtonBox::AcceptRole);
    replay_->setObjectName(u"runs-replay"_s);
    replay_->setEnabled(false);
    column->addWidget(list_);
    column->addWidget(told_);
    column->addWidget(buttons);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(replay_, &QPushButton::clicked, this, &RunsDialog::choose);
    connect(list_, &QTreeWidget::itemActivated, this, &RunsDialog::choose);
    connect(list_, &QTreeWidget::currentItemChanged, this, [this](const QTreeWidgetItem* item) {
        replay_->setEnabled(item != nullptr && item->data(0, Qt::UserRole + 1).toBool());
        if (item != nullptr) told_->setText(item->toolTip(0));
    });
    lane_->ask<std::vector<RecordedRow>>(
        this, [](app::Session& session) { return recordedRuns(session.workspace().paths.state()); },
        [this](const Result<std::vector<RecordedRow>>& runs) { show(runs); });
}

void RunsDialog::show(const Result<std::vector<RecordedRow>>& runs) {
    if (!runs) {
        told_->setText(toQt(runs.error().text()));
        return;
    }
    for (const RecordedRow& each : *runs) {
        auto* item = new QTreeWidgetItem(list_);
        const QDateTime started = QDateTime::fromMSecsSinceEpoch(each.startedAtMs);
        item->setText(0, each.startedAtMs > 0 ? QLocale().toString(started, QLocale::ShortFormat) : u"?"_s);
        item->setText(1, each.title.empty() ? toQt(each.runId) : toQt(each.title));
        item->setText(2, each.standing.empty() ? tr("unreadable") : toQt(each.standing));
        item->setText(3, each.endedAtMs > 0 ? toQt(humanDuration(each.endedAtMs - each.startedAtMs)) : u"?"_s);
        item->setData(0, Qt::UserRole, toQt(each.runId));
        item->setData(0, Qt::UserRole + 1, each.isPlayable);
        item->setToolTip(0, each.problem.empty() ? toQt(each.runId) : toQt(each.runId + ": " + each.problem));
    }
    told_->setText(runs->empty() ? tr("No run has been begun in this workspace yet.") : QString());
    if (list_->topLevelItemCount() > 0) list_->setCurrentItem(list_->topLevelItem(0));
    list_->setFocus();
}

void RunsDialog::choose() {
    const QTreeWidgetItem* item = list_->currentItem();
    if (item == nullptr || !item->data(0, Qt::UserRole + 1).toBool()) return;
    const QString run = item->data(0, Qt::UserRole).toString();
    accept();
    emit chosen(run);
}

}  // namespace tributary::desktop
