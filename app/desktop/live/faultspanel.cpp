// The faults dock's widgets.
#include "app/desktop/live/faultspanel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

#include "app/desktop/live/linkcolours.h"
#include "app/desktop/live/livetext.h"
#include "app/desktop/live/plaintable.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {
namespace {

bool joinsTwo(FaultKind kind) {
    return kind == FaultKind::Cut || kind == FaultKind::Delay || kind == FaultKind::Bandwidth ||
           kind == FaultKind::Heal;
}

bool ofGateway(FaultKind kind) {
    return kind == FaultKind::GatewayStop || kind == FaultKind::GatewayStart;
}

QString amountExample(FaultKind kind) {
    switch (kind) {
        case FaultKind::Delay: return u"120ms"_s;
        case FaultKind::Bandwidth: return u"1MB/s"_s;
        case FaultKind::DiskSlow: return u"50ms"_s;
        default: return {};
    }
}

void setItems(QComboBox* box, const QStringList& names) {
    const QString present = box->currentText();
    QStringList shown;
    for (int i = 0; i < box->count(); ++i) shown << box->itemText(i);
    if (shown == names) return;
    box->clear();
    box->addItems(names);
    if (names.contains(present)) box->setCurrentText(present);
}

}  // namespace

FaultsPanel::FaultsPanel(LiveWorkspace& live, QWidget* parent) : QWidget(parent), live_(live) {
    kind_ = new QComboBox(this);
    kind_->setObjectName(u"fault-kind"_s);
    kind_->setAccessibleName(tr("Fault"));
    const std::pair<QString, FaultKind> kinds[] = {
        {tr("Cut the network"), FaultKind::Cut},        {tr("Delay the network"), FaultKind::Delay},
        {tr("Limit bandwidth"), FaultKind::Bandwidth},  {tr("Heal the network"), FaultKind::Heal},
        {tr("Stop a gateway"), FaultKind::GatewayStop}, {tr("Start a gateway"), FaultKind::GatewayStart},
        {tr("Kill a cluster"), FaultKind::Kill},        {tr("Start a cluster"), FaultKind::Start},
        {tr("Freeze a cluster"), FaultKind::Freeze},    {tr("Thaw a cluster"), FaultKind::Thaw},
        {tr("Disk full"), FaultKind::DiskFull},         {tr("Disk slow"), FaultKind::DiskSlow},
        {tr("Disk good again"), FaultKind::DiskOk}};
    for (const auto& [text, kind] : kinds) kind_->addItem(text, static_cast<int>(kind));
    a_ = new QComboBox(this);
    a_->setAccessibleName(tr("Cluster or gateway"));
    b_ = new QComboBox(this);
    b_->setAccessibleName(tr("The other cluster"));
    amount_ = new QLineEdit(this);
    amount_->setAccessibleName(tr("How much"));
    oneWay_ = new QCheckBox(tr("One &way only"), this);
    oneWay_->setToolTip(tr("Only what the first sends to the second; the other direction goes on"));
    send_ = new QPushButton(tr("Appl&y"), this);
    send_->setObjectName(u"fault-apply"_s);
    end_ = new QPushButton(tr("E&nd selected"), this);
    end_->setToolTip(tr("End the selected fault (Delete)"));
    clear_ = new QPushButton(tr("&Clear all"), this);
    clear_->setObjectName(u"fault-clear"_s);
    clear_->setToolTip(tr("Heal networks and disks, thaw and restart clusters, start gateways, and prove it"));
    said_ = new QLabel(this);
    said_->setWordWrap(true);
    said_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    list_ = makePlainTable(&table_, tr("Faults in force"), FaultTable::WhereColumn, this);

    auto* grid = new QGridLayout;
    grid->setContentsMargins(8, 6, 8, 0);
    grid->setHorizontalSpacing(6);
    grid->setVerticalSpacing(4);
    // Two columns: the dock is mostly narrow, and names are long.
    grid->addWidget(kind_, 0, 0);
    grid->addWidget(amount_, 0, 1);
    grid->addWidget(a_, 1, 0);
    grid->addWidget(b_, 1, 1);
    grid->addWidget(oneWay_, 2, 0);
    grid->addWidget(send_, 2, 1, Qt::AlignRight);
    for (QComboBox* box : {kind_, a_, b_}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(8);
        box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    }
    grid->setColumnStretch(0, 1);
    grid->setColumnStretch(1, 1);
    said_->setContentsMargins(8, 0, 8, 0);
    auto* bottom = new QHBoxLayout;
    bottom->setContentsMargins(8, 0, 8, 6);
    bottom->addStretch(1);
    bottom->addWidget(end_);
    bottom->addWidget(clear_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(grid);
    layout->addWidget(list_, 1);
    layout->addWidget(said_);
    layout->addLayout(bottom);

    connect(kind_, qOverload<int>(&QComboBox::currentIndexChanged), this, [this] {
        amount_->clear();
        fillNames();
        refreshForm();
    });
    for (QComboBox* box : {a_, b_}) {
        connect(box, qOverload<int>(&QComboBox::currentIndexChanged), this, &FaultsPanel::refreshForm);
    }
    connect(send_, &QPushButton::clicked, this, [this] { live_.sendFault(order()); });
    connect(amount_, &QLineEdit::returnPressed, send_, &QPushButton::click);
    connect(end_, &QPushButton::clicked, this, &FaultsPanel::endSelected);
    connect(clear_, &QPushButton::clicked, this, [this] {
        say(tr("Clearing, and asking every cluster again…"), false);
        live_.clearFaults();
    });
    auto* remove = new QShortcut(Qt::Key_Delete, list_, nullptr, nullptr, Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &FaultsPanel::endSelected);
    connect(&live_, &LiveWorkspace::drawingChanged, this, &FaultsPanel::fillNames);
    connect(&live_, &LiveWorkspace::engineChanged, this, &FaultsPanel::refreshForm);
    connect(&live_, &LiveWorkspace::observed, this, [this](const LiveSnapshot& snapshot) {
        table_.observe(snapshot);
        refresh();
    });
    connect(&live_, &LiveWorkspace::faultDone, this, [this](const QString& what, const QString& problem) {
        say(problem.isEmpty() ? tr("✓ %1").arg(what) : tr("✗ %1: %2").arg(what, problem), !problem.isEmpty());
    });
    connect(&live_, &LiveWorkspace::faultsCleared, this,
            [this](bool clean, const QString& text) { say((clean ? u"✓ "_s : u"✗ "_s) + text, !clean); });
    connect(list_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &FaultsPanel::refresh);
    fillNames();
    refreshForm();
    refresh();
}

FaultKind FaultsPanel::kind() const {
    return static_cast<FaultKind>(kind_->currentData().toInt());
}

FaultOrder FaultsPanel::order() const {
    FaultOrder order;
    order.kind = kind();
    order.a = toStd(a_->currentText());
    if (joinsTwo(order.kind)) {
        order.b = toStd(b_->currentText());
        order.oneWay = oneWay_->isChecked();
    }
    order.amount = toStd(amount_->text().trimmed());
    if (order.amount.empty()) order.amount = toStd(amountExample(order.kind));
    return order;
}

void FaultsPanel::prepare(const FaultOrder& order) {
    kind_->setCurrentIndex(kind_->findData(static_cast<int>(order.kind)));
    fillNames();
    a_->setCurrentText(toQt(order.a));
    b_->setCurrentText(toQt(order.b));
    amount_->setText(toQt(order.amount));
    oneWay_->setChecked(order.oneWay);
}

void FaultsPanel::fillNames() {
    QStringList clusters;
    QStringList gateways;
    for (const Cluster& cluster : live_.drawing().clusters) {
        clusters << toQt(cluster.name);
        for (const Gateway& gateway : cluster.gateways) gateways << toQt(gateway.name);
    }
    setItems(a_, ofGateway(kind()) ? gateways : clusters);
    const bool fresh = b_->count() == 0;
    setItems(b_, clusters);
    if (fresh && b_->count() > 1) b_->setCurrentIndex(1);
    refreshForm();
}

void FaultsPanel::refreshForm() {
    const bool two = joinsTwo(kind());
    const QString example = amountExample(kind());
    b_->setVisible(two);
    oneWay_->setVisible(two);
    amount_->setVisible(!example.isEmpty());
    amount_->setPlaceholderText(example);
    QString why;
    if (!live_.engine().usable()) why = tr("The engine is not running");
    if (a_->currentText().isEmpty()) why = tr("Nothing of that kind is drawn");
    if (two && a_->currentText() == b_->currentText()) why = tr("A network lies between two different clusters");
    send_->setEnabled(why.isEmpty());
    send_->setToolTip(why);
    clear_->setEnabled(live_.engine().usable());
}

void FaultsPanel::refresh() {
    end_->setEnabled(list_->selectionModel()->hasSelection());
    if (said_->text().isEmpty() && table_.rowCount() == 0) say(tr("No fault is in force."), false);
}

void FaultsPanel::endSelected() {
    const auto rows = list_->selectionModel()->selectedRows();
    if (!rows.isEmpty()) live_.sendFault(FaultTable::endingOf(table_.at(rows.front().row())));
}

void FaultsPanel::say(const QString& text, bool alert) {
    QPalette colours = palette();
    if (alert) colours.setColor(QPalette::WindowText, alertColour(palette()));
    said_->setPalette(colours);
    said_->setText(text);
}

}  // namespace tributary::desktop
