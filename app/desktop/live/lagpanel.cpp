// The lag dock's widgets.
#include "app/desktop/live/lagpanel.h"

#include <QAccessible>
#include <QAction>
#include <QActionGroup>
#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSaveFile>
#include <QSplitter>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include "app/desktop/live/lagthresholdsdialog.h"
#include "app/desktop/live/lagwords.h"
#include "app/desktop/live/linkcolours.h"
#include "app/desktop/live/livetext.h"
#include "app/observe/clocks.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {
namespace {

constexpr int kRedrawMs = 100;  // ten pictures a second at most
constexpr Millis kTellEveryMs = 500;

/// Puts the link's line beside its name, and fades what is stale.
class LagRowDelegate final : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        if (index.column() == LagTable::LinkColumn) {
            option->features |= QStyleOptionViewItem::HasDecoration;
            option->icon = linkSwatch(index.data(LagTable::SlotRole).toInt(), option->palette);
            option->decorationSize = QSize(22, 12);
        }
        if (!index.data(LagTable::StaleRole).toBool()) return;
        QColor faded = option->palette.color(QPalette::Text);
        faded.setAlphaF(0.6);
        option->palette.setColor(QPalette::Text, faded);
        option->font.setItalic(true);
    }
};

Status writeText(const QString& file, const std::string& text) {
    QSaveFile out(file);
    const bool written = out.open(QIODevice::WriteOnly) &&
                         out.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size()) &&
                         out.commit();
    if (written) return okStatus();
    return Error{ErrorCode::Io, toStd(out.errorString()), toStd(file), "choose another folder"};
}

}  // namespace

LagPanel::LagPanel(LiveWorkspace& live, QWidget* parent) : QWidget(parent), live_(live), table_(live.lag()) {
    plot_ = new LagPlot(live.lag(), this);
    list_ = new QTableView(this);
    list_->setModel(&table_);
    list_->setItemDelegate(new LagRowDelegate(list_));
    list_->setAccessibleName(tr("Links, worst first"));
    list_->setSelectionBehavior(QAbstractItemView::SelectRows);
    list_->setSelectionMode(QAbstractItemView::SingleSelection);
    list_->setTabKeyNavigation(false);
    list_->setShowGrid(false);
    list_->setWordWrap(false);
    list_->setFrameShape(QFrame::NoFrame);
    list_->verticalHeader()->hide();
    list_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    list_->horizontalHeader()->setHighlightSections(false);
    list_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    list_->horizontalHeader()->setSectionResizeMode(LagTable::LinkColumn, QHeaderView::Stretch);
    hint_ =
        new QLabel(tr("No link is observed yet. Start the engine, then run a runbook that joins two tables."), this);
    hint_->setWordWrap(true);
    hint_->setAlignment(Qt::AlignCenter);
    hint_->setForegroundRole(QPalette::PlaceholderText);
    hint_->setContentsMargins(12, 4, 12, 8);

    splitter_ = new QSplitter(Qt::Vertical, this);
    splitter_->setChildrenCollapsible(false);
    splitter_->addWidget(plot_);
    splitter_->addWidget(list_);
    splitter_->setStretchFactor(0, 4);
    splitter_->setStretchFactor(1, 1);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->setSizeConstraint(QLayout::SetNoConstraint);
    layout->addWidget(makeControls());
    layout->addWidget(splitter_, 1);
    layout->addWidget(hint_);

    redraw_.setSingleShot(true);
    redraw_.setInterval(kRedrawMs);
    connect(&redraw_, &QTimer::timeout, this, &LagPanel::redraw);
    connect(&live_, &LiveWorkspace::observed, this, &LagPanel::wantRedraw);
    connect(plot_, &LagPlot::redrawWanted, this, &LagPanel::wantRedraw);
    connect(plot_, &LagPlot::liveChanged, this, [this](bool atEnd) { pause_->setChecked(!atEnd); });
    connect(plot_, &LagPlot::markClicked, this, [this](const QString& stepId, qint64 atMs) {
        emit live_.logRequested(atMs);
        const RunStepRow* step = live_.run().steps().find(stepId);
        if (step != nullptr && !step->paths.isEmpty()) emit live_.jumpRequested(step->paths.front());
    });
    connect(list_, &QTableView::activated, this, &LagPanel::jumpTo);
    showEmpty();
}

QWidget* LagPanel::makeControls() {
    auto* bar = new QWidget(this);
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(6, 4, 6, 0);
    layout->setSpacing(4);
    const auto combo = [&](const QString& name, const QString& tip) {
        auto* box = new QComboBox(bar);
        box->setAccessibleName(name);
        box->setToolTip(tip);
        box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        layout->addWidget(box);
        return box;
    };
    behind_ = combo(tr("Kind of lag"), tr("Whole lag, or its part on the way and its part at the replica"));
    behind_->addItem(tr("Time behind"), static_cast<int>(LagFigure::Lag));
    behind_->addItem(tr("Transport"), static_cast<int>(LagFigure::TransportLag));
    behind_->addItem(tr("Apply"), static_cast<int>(LagFigure::ApplyLag));
    behind_->addItem(tr("Idle"), static_cast<int>(LagFigure::Idle));
    behind_->setItemData(3, tr("Of instances: since the last row or heartbeat. Dotted beside the time behind"),
                         Qt::ToolTipRole);
    backlog_ = combo(tr("Backlog or rate"), tr("What waits to be sent, or what arrives in a second"));
    backlog_->addItem(tr("Bytes"), static_cast<int>(LagFigure::BytesPending));
    backlog_->addItem(tr("Operations"), static_cast<int>(LagFigure::OperationsPending));
    backlog_->addItem(tr("Offsets"), static_cast<int>(LagFigure::PartsBehind));
    backlog_->setItemData(2, tr("Of streams: what each partition lacks at the replica"), Qt::ToolTipRole);
    backlog_->addItem(tr("Bytes/s"), static_cast<int>(LagFigure::BytesPerS));
    backlog_->addItem(tr("Operations/s"), static_cast<int>(LagFigure::OperationsPerS));
    window_ = combo(tr("Time on show"), tr("How far back the live picture reaches"));
    for (const auto& [text, ms] : {std::pair{tr("1 min"), 60'000},
                                   {tr("5 min"), 300'000},
                                   {tr("15 min"), 900'000},
                                   {tr("1 h"), 3'600'000},
                                   {tr("6 h"), 21'600'000}}) {
        window_->addItem(text, ms);
    }
    window_->setCurrentIndex(1);
    layout->addStretch(1);
    pause_ = new QToolButton(bar);
    pause_->setCheckable(true);
    pause_->setAutoRaise(true);
    pause_->setText(tr("Pause"));
    pause_->setToolTip(tr("Hold the picture; data keeps coming. Again: return to live (End)"));
    layout->addWidget(pause_);
    more_ = new QToolButton(bar);
    more_->setText(u"⋯"_s);
    more_->setAccessibleName(tr("More about the chart"));
    more_->setToolTip(tr("Scale, number of links, export"));
    more_->setAutoRaise(true);
    more_->setPopupMode(QToolButton::InstantPopup);
    layout->addWidget(more_);
    makeMenu();
    const auto takeView = [this] {
        LagView view = plot_->view();
        view.behind = static_cast<LagFigure>(behind_->currentData().toInt());
        view.backlog = static_cast<LagFigure>(backlog_->currentData().toInt());
        view.windowMs = window_->currentData().toLongLong();
        view.symLog = symLog_->isChecked();
        table_.setFigures(view.behind, view.backlog);
        plot_->setView(view);
    };
    for (QComboBox* box : {behind_, backlog_, window_}) {
        connect(box, qOverload<int>(&QComboBox::currentIndexChanged), this, takeView);
    }
    connect(backlog_, &QComboBox::activated, this, [this] { isBacklogChosen_ = true; });
    connect(symLog_, &QAction::toggled, this, takeView);
    connect(pause_, &QToolButton::toggled, this, [this](bool paused) {
        pause_->setText(paused ? tr("Return to live") : tr("Pause"));
        plot_->setLive(!paused);
    });
    return bar;
}

void LagPanel::makeMenu() {
    auto* menu = new QMenu(more_);
    symLog_ = menu->addAction(tr("&Logarithmic scale"));
    symLog_->setCheckable(true);
    symLog_->setToolTip(tr("A millisecond and ten minutes on one picture; zero has a lane of its own"));
    menu->addSeparator();
    auto* group = new QActionGroup(menu);
    for (const int count : {4, 8, 16, 24}) {
        QAction* action = menu->addAction(tr("Show the %1 worst links").arg(count));
        action->setCheckable(true);
        action->setChecked(count == 8);
        group->addAction(action);
        connect(action, &QAction::triggered, this, [this, count] {
            table_.setCount(count);
            wantRedraw();
        });
    }
    menu->addSeparator();
    connect(menu->addAction(tr("&Thresholds…")), &QAction::triggered, this, &LagPanel::askThresholds);
    connect(menu->addAction(tr("&Export…")), &QAction::triggered, this, &LagPanel::askExport);
    more_->setMenu(menu);
}

void LagPanel::wantRedraw() {
    if (isVisible() && !redraw_.isActive()) redraw_.start();
}

void LagPanel::showEmpty() {
    const bool empty = live_.lag().links().empty();
    hint_->setVisible(empty);
    list_->setVisible(!empty);
}

void LagPanel::redraw() {
    if (!isVisible()) return;
    suitFigures();
    table_.refresh();
    showEmpty();
    std::vector<LagCurve> curves;
    for (const std::string& id : table_.ids()) curves.push_back({id, table_.penOf(id), table_.isStale(id)});
    plot_->setCurves(std::move(curves));
    // The right end is the last look at the clusters: when looks fail to come, the picture stands still and says so.
    plot_->redraw(live_.lag().latestMs() > 0 ? live_.lag().latestMs() : app::wallNowMs());
    tellInWords();
}

/// Until a person chooses: instances tell no bytes, but rows behind; streams tell most by their partitions.
void LagPanel::suitFigures() {
    const auto& links = live_.lag().links();
    if (isBacklogChosen_ || links.empty()) return;
    const bool ofMembers =
        std::all_of(links.begin(), links.end(), [](const auto& each) { return each.second.last.ofMembers; });
    const bool haveParts = std::all_of(
        links.begin(), links.end(), [this](const auto& each) { return !live_.lag().partsOf(each.first, 1).empty(); });
    if (!ofMembers && !haveParts) return;
    const LagFigure wanted = ofMembers ? LagFigure::OperationsPending : LagFigure::PartsBehind;
    backlog_->setCurrentIndex(backlog_->findData(static_cast<int>(wanted)));
}

void LagPanel::tellInWords() {
    // For screen readers only, and not at every picture: words take longer to hear.
    const auto [fromMs, toMs] = plot_->range();
    if (!QAccessible::isActive() || std::abs(toMs - toldMs_) < kTellEveryMs) return;
    toldMs_ = toMs;
    plot_->setAccessibleDescription(lagInWords(live_.lag(), table_.ids(), plot_->view(), fromMs, toMs));
}

void LagPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    parts_ = live_.wantParts();
    wantRedraw();
}

void LagPanel::hideEvent(QHideEvent* event) {
    QWidget::hideEvent(event);
    parts_.reset();
}

void LagPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const bool wide = width() > 620 && width() > height() * 2;
    splitter_->setOrientation(wide ? Qt::Horizontal : Qt::Vertical);
    if (wide) {
        splitter_->setSizes({width() / 2, width() / 2});
    } else {
        const int rows = std::clamp(table_.rowCount(), 2, 6);
        const int listHeight = list_->horizontalHeader()->height() + rows * (fontMetrics().height() + 8) + 4;
        splitter_->setSizes({std::max(100, height() - listHeight), listHeight});
    }
}

void LagPanel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange) wantRedraw();
    QWidget::changeEvent(event);
}

void LagPanel::askExport() {
    auto* dialog = new QFileDialog(this, tr("Export the lag chart"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilters(
        {tr("Values (*.csv)"), tr("Picture (*.png)"), tr("Vector picture (*.svg)"), tr("Page (*.pdf)")});
    dialog->setDefaultSuffix(u"csv"_s);
    connect(dialog, &QFileDialog::filterSelected, dialog,
            [dialog](const QString& filter) { dialog->setDefaultSuffix(filter.section(u"*."_s, 1).chopped(1)); });
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& file) {
        const Status done = exportTo(file);
        live_.log().add({app::wallNowMs(),
                         LogEntry::Kind::Data,
                         done ? LogEntry::Level::Info : LogEntry::Level::Failure,
                         done ? tr("Lag chart exported to %1").arg(file) : toQt(done.error().text()),
                         {},
                         {},
                         {}});
    });
    dialog->open();
}

void LagPanel::setThresholds(const LagThresholds& thresholds) {
    LagView view = plot_->view();
    view.thresholds = thresholds;
    plot_->setView(view);
}

void LagPanel::showMoment(Millis fromMs, Millis toMs, Millis atMs) {
    if (atMs != 0) return plot_->showMoment(fromMs, toMs, atMs);
    plot_->clearMoment();
    wantRedraw();
}

void LagPanel::askThresholds() {
    auto* dialog = new LagThresholdsDialog(thresholds(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        setThresholds(dialog->thresholds());
        emit thresholdsEdited();
    });
    dialog->open();
}

Status LagPanel::exportTo(const QString& file) {
    if (file.endsWith(u".png"_s)) return plot_->savePng(file);
    if (file.endsWith(u".svg"_s)) return plot_->saveSvg(file);
    if (file.endsWith(u".pdf"_s)) return plot_->savePdf(file);
    if (file.endsWith(u".csv"_s)) {
        const auto [fromMs, toMs] = plot_->range();
        return writeText(file, lagCsv(live_.lag(), table_.ids(), fromMs, toMs));
    }
    return Error{ErrorCode::Unsupported, "the file's ending says no format", toStd(file),
                 "end it in .csv, .png, .svg or .pdf"};
}

void LagPanel::jumpTo(const QModelIndex& index) {
    emit live_.jumpRequested(
        u"%1 -> %2"_s.arg(index.data(LagTable::FromRole).toString(), index.data(LagTable::ToRole).toString()));
}

}  // namespace tributary::desktop
