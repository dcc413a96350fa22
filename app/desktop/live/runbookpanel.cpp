// The runbook dock's widgets.
#include "app/desktop/live/runbookpanel.h"

#include <QComboBox>
#include <QDateTime>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QListView>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QSplitter>
#include <QTabWidget>
#include <QTextBlock>
#include <QTextBrowser>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "app/desktop/live/livetext.h"
#include "app/desktop/live/runparameterform.h"
#include "app/desktop/live/runquestionbar.h"
#include "app/desktop/live/runstepview.h"
#include "app/desktop/live/wrappedlabel.h"
#include "core/telemetry/humanunits.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {
/// A heading of a page would fill half of a dock: here they are little larger than the text.
void shrinkHeadings(QTextDocument& document) {
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        if (block.blockFormat().headingLevel() == 0) continue;
        QTextCharFormat smaller;
        smaller.setProperty(QTextFormat::FontSizeAdjustment, block.blockFormat().headingLevel() == 1 ? 1 : 0);
        QTextCursor cursor(block);
        cursor.select(QTextCursor::BlockUnderCursor);
        cursor.mergeCharFormat(smaller);
    }
}
}  // namespace

RunbookPanel::RunbookPanel(LiveWorkspace& live, QWidget* parent) : QWidget(parent), live_(live), run_(live.run()) {
    list_ = new QListView(this);
    list_->setModel(&run_.steps());
    list_->setItemDelegate(new RunStepDelegate(list_));
    list_->setAccessibleName(tr("Steps of the runbook"));
    list_->setFrameShape(QFrame::NoFrame);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->setMinimumHeight(60);
    page_ = new QTextBrowser(this);
    page_->setAccessibleName(tr("The selected step"));
    report_ = new QTextBrowser(this);
    report_->setAccessibleName(tr("Report of the run"));
    for (QTextBrowser* browser : {page_, report_}) {
        browser->setFrameShape(QFrame::NoFrame);
        browser->setOpenLinks(false);
        browser->document()->setDocumentMargin(8);
    }
    tabs_ = new QTabWidget(this);
    tabs_->setDocumentMode(true);
    tabs_->addTab(page_, tr("Step"));
    tabs_->addTab(report_, tr("Report"));
    tabs_->setTabVisible(1, false);
    inner_ = new QSplitter(Qt::Vertical, this);
    inner_->setChildrenCollapsible(false);
    inner_->addWidget(list_);
    inner_->addWidget(tabs_);
    inner_->setStretchFactor(0, 3);
    inner_->setStretchFactor(1, 2);
    outer_ = new QSplitter(Qt::Vertical, this);
    outer_->setChildrenCollapsible(false);
    outer_->addWidget(makeHead());
    outer_->addWidget(inner_);
    outer_->setStretchFactor(0, 0);
    outer_->setStretchFactor(1, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->setSizeConstraint(QLayout::SetNoConstraint);
    layout->addWidget(outer_, 1);
    connectRun();
    fillChooser();
    refresh();
}

QWidget* RunbookPanel::makeHead() {
    auto* head = new QWidget(this);
    auto* layout = new QVBoxLayout(head);
    layout->setContentsMargins(8, 6, 8, 4);
    layout->setSpacing(6);
    auto* choose = new QHBoxLayout;
    chooser_ = new QComboBox(head);
    chooser_->setObjectName(u"runbook-chooser"_s);
    chooser_->setAccessibleName(tr("Runbook"));
    chooser_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    chooser_->setMinimumContentsLength(16);
    choose->addWidget(chooser_, 1);
    auto* open = new QToolButton(head);
    open->setText(tr("Open…"));
    open->setToolTip(tr("Take a runbook out of a file"));
    choose->addWidget(open);
    layout->addLayout(choose);
    layout->addWidget(makeUnfinished());
    layout->addWidget(makeButtons());
    layout->addWidget(new RunQuestionBar(run_, head));
    summary_ = new WrappedLabel(head);
    layout->addWidget(summary_);
    auto* scroll = new QScrollArea(head);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    form_ = new RunParameterForm(live_, scroll);
    scroll->setWidget(form_);
    formArea_ = scroll;
    layout->addWidget(scroll, 1);
    layout->addStretch();
    connect(open, &QToolButton::clicked, this, &RunbookPanel::askForFile);
    connect(chooser_, &QComboBox::activated, this,
            [this](int index) { run_.choose(chooser_->itemData(index).toString()); });
    return head;
}

QPushButton* RunbookPanel::addButton(QHBoxLayout* row, const char* name, const QString& text, const QString& tip) {
    auto* button = new QPushButton(text, this);
    button->setObjectName(QString::fromLatin1(name));
    button->setToolTip(tip);
    button->setAutoDefault(false);
    row->addWidget(button);
    return button;
}

QWidget* RunbookPanel::makeButtons() {
    auto* area = new QWidget(this);
    auto* row = new QHBoxLayout(area);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    run1_ = addButton(row, "run-run", tr("Run"), tr("Run all steps (Ctrl+Return)"));
    step_ = addButton(row, "run-step", tr("Step"), tr("Run one step and wait (F10)"));
    pause_ = addButton(row, "run-pause", tr("Pause"), tr("Stop at the next safe point; again: stop now (F9)"));
    resume_ = addButton(row, "run-resume", tr("Res&ume"), tr("Go on with this run"));
    undo_ = addButton(row, "run-undo", tr("Undo"), tr("Show what would be taken back, and ask before it is"));
    replay_ = addButton(row, "run-replay", tr("Repla&y"), tr("Show any moment of this run again, on a time line"));
    itWasDone_ = addButton(row, "run-done", tr("It &was done"), tr("The step in doubt took effect: go on after it"));
    itWasNot_ = addButton(row, "run-not-done", tr("It was &not"), tr("The step in doubt had no effect: do it again"));
    row->addStretch(1);
    connect(run1_, &QPushButton::clicked, this, [this] {
        if (run_.isActive()) {
            run_.runOn();
        } else {
            run_.start(false);
        }
    });
    connect(step_, &QPushButton::clicked, this, [this] {
        if (run_.isActive()) {
            run_.step();
        } else {
            run_.start(true);
        }
    });
    connect(pause_, &QPushButton::clicked, &run_, &RunControl::pause);
    connect(resume_, &QPushButton::clicked, this, [this] { run_.resume(false, run_.isStale()); });
    connect(undo_, &QPushButton::clicked, &run_, &RunControl::undo);
    connect(replay_, &QPushButton::clicked, &live_, &LiveWorkspace::replayRequested);
    connect(itWasDone_, &QPushButton::clicked, this, [this] { run_.resolve(true); });
    connect(itWasNot_, &QPushButton::clicked, this, [this] { run_.resolve(false); });
    const auto key = [this](const QKeySequence& keys, QPushButton* button) {
        auto* shortcut = new QShortcut(keys, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, button, &QPushButton::click);
    };
    key(Qt::CTRL | Qt::Key_Return, run1_);
    key(Qt::Key_F10, step_);
    key(Qt::Key_F9, pause_);
    return area;
}

QWidget* RunbookPanel::makeUnfinished() {
    auto* bar = new QFrame(this);
    bar->setFrameShape(QFrame::StyledPanel);
    bar->setAutoFillBackground(true);
    bar->setBackgroundRole(QPalette::AlternateBase);
    auto* layout = new QVBoxLayout(bar);
    layout->setContentsMargins(8, 6, 8, 6);
    unfinishedText_ = new WrappedLabel(bar);
    layout->addWidget(unfinishedText_);
    unfinished_ = bar;
    return bar;
}

void RunbookPanel::connectRun() {
    connect(&run_, &RunControl::libraryChanged, this, &RunbookPanel::fillChooser);
    connect(&run_, &RunControl::unfinishedChanged, this, [this] {
        refresh();
        QMetaObject::invokeMethod(this, &RunbookPanel::shareRoom, Qt::QueuedConnection);
    });
    connect(&run_, &RunControl::runbookChanged, this, [this] {
        fillChooser();
        refresh();
        // New fields have no size before the event loop has shown them.
        QMetaObject::invokeMethod(this, &RunbookPanel::shareRoom, Qt::QueuedConnection);
    });
    connect(&run_, &RunControl::phaseChanged, this, &RunbookPanel::refresh);
    connect(&run_, &RunControl::progressChanged, this, &RunbookPanel::refresh);
    connect(&run_, &RunControl::ended, this, &RunbookPanel::showEnding);
    connect(&run_, &RunControl::refused, this, [this](const QString& reason, const QString& action) {
        summary_->setText(action.isEmpty() ? reason : reason + u'\n' + tr("Try: %1").arg(action));
        summary_->setVisible(true);
    });
    connect(&live_, &LiveWorkspace::engineChanged, this, &RunbookPanel::refresh);
    connect(form_, &RunParameterForm::goodChanged, this, &RunbookPanel::refreshButtons);
    RunSteps& steps = run_.steps();
    connect(&steps, &QAbstractItemModel::modelReset, this, [this] {
        followsRun_ = true;
        list_->setCurrentIndex(run_.steps().index(std::max(0, run_.steps().current())));
        showPage();
    });
    connect(&steps, &QAbstractItemModel::dataChanged, this, [this](const QModelIndex& first) {
        const int current = run_.steps().current();
        const bool moves = followsRun_ && (run_.isActive() || run_.isReplaying()) && current >= 0;
        if (moves && list_->currentIndex().row() != current) list_->setCurrentIndex(run_.steps().index(current));
        if (list_->currentIndex().row() >= first.row()) showPage();
    });
    connect(list_->selectionModel(), &QItemSelectionModel::currentChanged, this, &RunbookPanel::showPage);
    connect(list_, &QListView::clicked, this, [this](const QModelIndex& index) {
        followsRun_ = index.row() == run_.steps().current();
        tabs_->setCurrentWidget(page_);
    });
    connect(list_, &QListView::activated, this, [this](const QModelIndex& index) {
        const auto& paths = run_.steps().rows()[static_cast<std::size_t>(index.row())].paths;
        if (!paths.isEmpty()) emit live_.jumpRequested(paths.front());
    });
}

void RunbookPanel::fillChooser() {
    const runbooks::Runbook* chosen = run_.runbook();
    chooser_->clear();
    for (const runbooks::LibraryEntry& entry : run_.library()) {
        const QString name = toQt(entry.name);
        chooser_->addItem(entry.problem.empty() ? name : tr("%1 (cannot be read)").arg(name), name);
        const int row = chooser_->count() - 1;
        chooser_->setItemData(row, toQt(entry.problem.empty() ? entry.title + "\n" + entry.why : entry.problem),
                              Qt::ToolTipRole);
        if (chosen != nullptr && chosen->id == entry.name) chooser_->setCurrentIndex(row);
    }
    if (chosen == nullptr) {
        chooser_->setCurrentIndex(-1);
        chooser_->setPlaceholderText(tr("Choose a runbook"));
    } else if (chooser_->findData(toQt(chosen->id)) < 0) {
        chooser_->addItem(toQt(chosen->id), toQt(chosen->id));
        chooser_->setCurrentIndex(chooser_->count() - 1);
    }
}

void RunbookPanel::askForFile() {
    auto* dialog = new QFileDialog(this, tr("Open a runbook"), live_.root());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilter(tr("Runbooks (*.yaml)"));
    connect(dialog, &QFileDialog::fileSelected, &run_, &RunControl::choose);
    dialog->open();
}

QString RunbookPanel::whyNotRun() const {
    if (run_.runbook() == nullptr) return tr("Choose a runbook first.");
    if (run_.startNeedsEngine() && !live_.engine().usable()) return tr("Start the engine to run it.");
    if (!form_->isGood()) return tr("Fill in the parameters to run it.");
    return {};
}

/// " It worked for 12 s and waited 1 min 03 s for people."; empty while nothing is known.
QString RunbookPanel::tookText() const {
    Millis workMs = 0;
    for (const RunStepRow& row : run_.steps().rows()) workMs += std::max<Millis>(0, row.durationMs);
    const Millis personMs = run_.ending()->state.personMs();
    if (workMs == 0) return {};
    const QString work = toQt(humanDuration(workMs));
    if (personMs < 1'000) return u' ' + tr("It worked for %1.").arg(work);
    return u' ' + tr("It worked for %1 and waited %2 for people.").arg(work, toQt(humanDuration(personMs)));
}

QString RunbookPanel::summary() const {
    switch (run_.phase()) {
        case RunPhase::Asking: return {};
        case RunPhase::Pausing: return tr("Stopping at the next safe point. Pause again to stop at once.");
        case RunPhase::Running: return run_.progress().isEmpty() ? tr("Running.") : run_.progress();
        case RunPhase::Ended: {
            const auto& result = run_.ending()->result;
            if (run_.isRecorded()) {
                // Said of then: what holds now nobody has looked at.
                const QDateTime then = QDateTime::fromMSecsSinceEpoch(run_.ending()->state.startedAtMs);
                const QString stood = toQt(std::string(run_.ending()->state.standing()));
                QString text =
                    tr("Record of the run of %1: %2.").arg(QLocale().toString(then, QLocale::ShortFormat), stood);
                if (!result.reason.empty()) text += u' ' + toQt(result.reason);
                return text;
            }
            if (result.outcome == runbooks::RunOutcome::Success)
                return tr("✓ Finished: every step holds.") + tookText();
            if (result.outcome == runbooks::RunOutcome::Undone)
                return tr("↩ Undone: what the run had done is taken back.") + tookText();
            QString text = tr("✗ Ended: %1").arg(toQt(runbooks::outcomeName(result.outcome)));
            if (!result.stepId.empty()) text += tr(" at %1").arg(toQt(result.stepId));
            if (!result.reason.empty()) text += u". "_s + toQt(result.reason);
            return text;
        }
        case RunPhase::Idle: break;
    }
    return whyNotRun();
}

void RunbookPanel::refresh() {
    const QString text = summary();
    summary_->setText(text);
    summary_->setVisible(!text.isEmpty());
    const bool active = run_.isActive();
    chooser_->setEnabled(!active);
    const bool asks = !active && run_.phase() != RunPhase::Ended && run_.runbook() != nullptr;
    if (asks != formArea_->isVisibleTo(this)) {
        formArea_->setVisible(asks);
        QMetaObject::invokeMethod(this, &RunbookPanel::shareRoom, Qt::QueuedConnection);  // after the layout
    }
    tabs_->setTabVisible(1, run_.ending() && run_.ending()->begun);
    refreshUnfinished();
    refreshButtons();
}

/// One above the other: the form as high as it is, up to half of the dock; the steps take what is left.
void RunbookPanel::shareRoom() {
    if (outer_->orientation() != Qt::Vertical) return;
    QWidget* head = outer_->widget(0);
    const QLayout& rows = *head->layout();
    int wanted = std::max(rows.totalMinimumSize().height(), rows.minimumHeightForWidth(head->width()));
    if (formArea_->isVisibleTo(head)) {
        wanted +=
            form_->sizeHint().height() - std::min(formArea_->minimumSizeHint().height(), form_->sizeHint().height());
    }
    const int whole = outer_->height();
    const int given = std::min(wanted, whole / 2);
    outer_->setSizes({given, whole - given});
}

void RunbookPanel::refreshButtons() {
    const bool active = run_.isActive();
    const bool asking = run_.phase() == RunPhase::Asking;
    const bool waits = asking && run_.question()->kind == RunQuestion::Kind::BeforeStep;
    const QString why = whyNotRun();
    const bool fresh = !active && why.isEmpty();
    const bool doubt = !run_.stepInDoubt().isEmpty();
    run1_->setEnabled(fresh || waits);
    run1_->setText(active ? tr("Run on") : tr("Run"));
    run1_->setToolTip(why.isEmpty() ? tr("Run all steps (Ctrl+Return)") : why);
    step_->setEnabled(fresh || waits || run_.phase() == RunPhase::Running);
    pause_->setVisible(active);
    resume_->setVisible(!active && run_.canResume() && !doubt);
    const bool goesOn = live_.engine().usable() || !run_.goingOnNeedsEngine();
    resume_->setEnabled(goesOn);
    resume_->setText(run_.isStale() ? tr("Res&ume anyway") : tr("Res&ume"));
    undo_->setVisible(!active && run_.canUndo());
    undo_->setEnabled(goesOn);
    replay_->setVisible(!active && run_.phase() == RunPhase::Ended && run_.tape().isPlayable());
    itWasDone_->setVisible(doubt);
    itWasNot_->setVisible(doubt);
    summary_->setText(summary());
    summary_->setVisible(!summary_->text().isEmpty());
}

void RunbookPanel::refreshUnfinished() {
    const auto& open = run_.unfinished();
    unfinished_->setVisible(open.has_value() && !run_.isActive() && !run_.ending());
    if (!open) return;
    const QString when = QDateTime::fromMSecsSinceEpoch(open->startedAtMs).toString(u"d MMM HH:mm"_s);
    if (open->undoing) {
        unfinishedText_->setText(
            tr("The undo of %1, begun %2, is not finished. Undo it again: it goes on where it stopped.")
                .arg(toQt(open->runbookId), when));
        return;
    }
    unfinishedText_->setText(
        open->crashed
            ? tr("The run of %1, begun %2, was interrupted. Resume it: what it did is in its "
                 "journal.")
                  .arg(toQt(open->runbookId), when)
            : tr("The run of %1, begun %2, is not finished. Resume it, or undo it.").arg(toQt(open->runbookId), when));
}

void RunbookPanel::showPage() {
    const int row = list_->currentIndex().row();
    const auto& rows = run_.steps().rows();
    if (row < 0 || row >= static_cast<int>(rows.size())) {
        page_->setPlainText(run_.runbook() == nullptr
                                ? tr("A runbook is a list of steps with exact commands, checks and undo. Choose one "
                                     "above to see what it would do.")
                                : QString());
        return;
    }
    page_->setHtml(stepPage(rows[static_cast<std::size_t>(row)], row + 1, palette()));
}

void RunbookPanel::showStep(const QString& stepId) {
    const int row = run_.steps().rowOf(stepId);
    if (row < 0) return;
    followsRun_ = false;
    list_->setCurrentIndex(run_.steps().index(row));
    tabs_->setCurrentWidget(page_);
}

void RunbookPanel::showEnding() {
    if (!run_.ending() || !run_.ending()->begun) return;
    report_->setMarkdown(toQt(run_.ending()->report));
    shrinkHeadings(*report_->document());
    tabs_->setTabVisible(1, true);
    tabs_->setCurrentWidget(report_);
    QMetaObject::invokeMethod(this, &RunbookPanel::shareRoom, Qt::QueuedConnection);  // questions and form are gone
}

void RunbookPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const bool wide = width() > 620 && width() > height();
    const Qt::Orientation wanted = wide ? Qt::Horizontal : Qt::Vertical;
    if (outer_->orientation() == wanted) return;
    outer_->setOrientation(wanted);
    inner_->setOrientation(wanted);
    if (wide) {
        outer_->setSizes({width() / 3, width() * 2 / 3});
        inner_->setSizes({width() / 3, width() / 3});
    }
}

void RunbookPanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) showPage();
    QWidget::changeEvent(event);
}

}  // namespace tributary::desktop
