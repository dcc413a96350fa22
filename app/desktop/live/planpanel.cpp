// The plan dock's widgets.
#include "app/desktop/live/planpanel.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMessageBox>
#include <QPushButton>
#include <QShortcut>
#include <QTreeView>
#include <QVBoxLayout>

#include "app/desktop/live/livetext.h"
#include "app/desktop/live/plancontrol.h"
#include "app/desktop/live/wrappedlabel.h"
#include "core/workspace/atomicfile.h"
#include "runbooks/planner/plantext.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

PlanPanel::PlanPanel(LiveWorkspace& live, QWidget* parent) : QWidget(parent), live_(live) {
    summary_ = new WrappedLabel(this);
    summary_->setObjectName(u"plan-summary"_s);
    summary_->setContentsMargins(8, 6, 8, 0);
    view_ = new QTreeView(this);
    view_->setObjectName(u"plan-steps"_s);
    view_->setModel(&tree_);
    view_->setAccessibleName(tr("Steps of the plan, by element"));
    view_->setFrameShape(QFrame::NoFrame);
    view_->setUniformRowHeights(true);
    view_->setTabKeyNavigation(false);
    view_->header()->setSectionResizeMode(PlanTree::TextColumn, QHeaderView::Stretch);
    view_->header()->setSectionResizeMode(PlanTree::CostColumn, QHeaderView::ResizeToContents);
    view_->header()->setStretchLastSection(false);
    view_->setIndentation(12);
    about_ = new WrappedLabel(this);
    about_->setObjectName(u"plan-about"_s);
    about_->setContentsMargins(8, 0, 8, 0);
    auto* buttons = new QHBoxLayout;
    buttons->setContentsMargins(8, 0, 8, 6);
    buttons->setSpacing(4);
    run_ = addButton("plan-run", tr("&Run"),
                     tr("Do all of it; what takes data away asks for its name first (Ctrl+Return)"));
    run_->setProperty("primary", true);
    step_ = addButton("plan-step", tr("&Step"), tr("Begin, and wait before every step (F10)"));
    save_ = addButton("plan-save", tr("Sa&ve…"), tr("Save the plan as a runbook; tributary apply FILE runs it too"));
    look_ = addButton("plan-look", tr("&Look again"), tr("Compare the drawing with what runs, anew"));
    for (QPushButton* each : {run_, step_, save_, look_}) buttons->addWidget(each);
    buttons->addStretch(1);
    limited_ = new QWidget(this);
    only_ = new WrappedLabel(limited_);
    only_->setObjectName(u"plan-only"_s);
    all_ = addButton("plan-all", tr("Plan e&verything"), tr("Plan for the whole drawing again"));
    auto* limit = new QHBoxLayout(limited_);
    limit->setContentsMargins(8, 6, 8, 0);
    limit->addWidget(only_, 1);
    limit->addWidget(all_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(limited_);
    layout->addWidget(summary_);
    layout->addWidget(view_, 1);
    layout->addWidget(about_);
    layout->addLayout(buttons);

    connect(run_, &QPushButton::clicked, this, [this] { run(false); });
    connect(step_, &QPushButton::clicked, this, [this] { run(true); });
    connect(save_, &QPushButton::clicked, this, &PlanPanel::save);
    connect(look_, &QPushButton::clicked, &live_.plan(), &PlanControl::again);
    connect(all_, &QPushButton::clicked, this, [this] { live_.plan().make(); });
    connect(view_, &QTreeView::activated, this, [this](const QModelIndex& index) {
        const QString place = index.data(PlanTree::PlaceRole).toString();
        if (!place.isEmpty()) emit live_.jumpRequested(place);
    });
    // A dock is narrow: what a line cannot hold stands below, whole.
    connect(view_->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex& index) {
        about_->setText(index.siblingAtColumn(PlanTree::TextColumn).data(Qt::ToolTipRole).toString());
    });
    connect(&live_.plan(), &PlanControl::changed, this, &PlanPanel::refresh);
    connect(&live_, &LiveWorkspace::engineChanged, this, &PlanPanel::refreshButtons);
    connect(&live_, &LiveWorkspace::runActive, this, &PlanPanel::refreshButtons);
    const auto key = [this](const QKeySequence& keys, QPushButton* button) {
        auto* shortcut = new QShortcut(keys, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, button, &QPushButton::click);
    };
    key(Qt::CTRL | Qt::Key_Return, run_);
    key(Qt::Key_F10, step_);
    refresh();
}

QPushButton* PlanPanel::addButton(const char* name, const QString& text, const QString& tip) {
    auto* button = new QPushButton(text, this);
    button->setObjectName(QString::fromLatin1(name));
    button->setToolTip(tip);
    button->setAutoDefault(false);
    return button;
}

QString PlanPanel::summary() const {
    const PlanControl& control = live_.plan();
    switch (control.phase()) {
        case PlanPhase::None:
            return tr(
                "Nothing is planned. “Look again” compares the drawing with what runs and shows the steps between.");
        case PlanPhase::Looking: return tr("Looking at the clusters…");
        case PlanPhase::Refused: {
            const Error& error = control.refusal();
            QString text = tr("No plan: %1").arg(toQt(error.text()));
            if (!error.fix.empty()) text += u'\n' + tr("Try: %1").arg(toQt(error.fix));
            return text;
        }
        case PlanPhase::Ready: break;
    }
    if (control.plan()->agrees() && !control.only().empty())
        return tr("✓ It runs as it is drawn: nothing is to be done.");
    if (control.plan()->agrees()) return tr("✓ What runs is what is drawn: there is nothing to do.");
    return toQt(runbooks::totalsText(*control.plan()));
}

void PlanPanel::refresh() {
    QStringList names;
    for (const std::string& each : live_.plan().only()) names << toQt(each);
    limited_->setVisible(!names.isEmpty());
    only_->setText(tr("Limited to %1.").arg(names.join(u", "_s)));
    summary_->setText(summary());
    tree_.show(live_.plan().plan());
    view_->expandAll();
    view_->setColumnHidden(PlanTree::CostColumn, !tree_.hasCosts());
    view_->setHeaderHidden(!tree_.hasCosts());
    about_->clear();
    about_->setVisible(tree_.rowCount() > 0);
    refreshButtons();
}

void PlanPanel::refreshButtons() {
    const PlanControl& control = live_.plan();
    const bool idle = !live_.run().isActive() && control.phase() != PlanPhase::Looking;
    const bool steps = control.plan() != nullptr && !control.plan()->steps.empty();
    for (QPushButton* each : {look_, all_}) each->setEnabled(idle && live_.engine().usable());
    save_->setEnabled(steps);
    for (QPushButton* each : {run_, step_}) each->setEnabled(idle && steps && live_.engine().usable());
}

void PlanPanel::run(bool stepwise) {
    if (live_.plan().plan() == nullptr) return;
    live_.run().take(live_.plan().plan()->runbook);
    live_.run().start(stepwise);
}

void PlanPanel::save() {
    auto* dialog = new QFileDialog(this, tr("Save the plan"), live_.root() + u"/runbooks/plan.yaml"_s);
    dialog->setObjectName(u"plan-save-as"_s);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Runbooks (*.yaml)"));
    dialog->setDefaultSuffix(u"yaml"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        if (live_.plan().plan() == nullptr) return;
        const Status saved = saveFileAtomically(toStd(file), live_.plan().plan()->runbook.text);
        if (saved) return;
        auto* box = new QMessageBox(QMessageBox::Warning, tr("The plan was not saved"), toQt(saved.error().text()),
                                    QMessageBox::Ok, this);
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->open();
    });
    dialog->open();
}

}  // namespace tributary::desktop
