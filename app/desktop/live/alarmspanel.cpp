// The alarms dock's widgets.
#include "app/desktop/live/alarmspanel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

#include "app/desktop/live/plaintable.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

AlarmsPanel::AlarmsPanel(LiveWorkspace& live, QWidget* parent) : QWidget(parent), live_(live) {
    list_ = makePlainTable(&table_, tr("Alarms"), AlarmTable::TextColumn, this);
    note_ = new QLabel(this);
    note_->setWordWrap(true);
    note_->setContentsMargins(8, 6, 8, 0);
    acknowledge_ = new QPushButton(tr("&Acknowledge"), this);
    acknowledge_->setToolTip(tr("Seen: in this window only (A)"));
    clear_ = new QPushButton(tr("&Clear"), this);
    clear_->setToolTip(tr("Clear at the cluster; a condition that still holds raises it again (Delete)"));
    auto* buttons = new QHBoxLayout;
    buttons->setContentsMargins(8, 0, 8, 6);
    buttons->addStretch(1);
    buttons->addWidget(acknowledge_);
    buttons->addWidget(clear_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(note_);
    layout->addWidget(list_, 1);
    layout->addLayout(buttons);
    setFocusProxy(list_);
    connect(&live_, &LiveWorkspace::observed, &table_, &AlarmTable::observe);
    connect(&table_, &AlarmTable::changed, this, &AlarmsPanel::refresh);
    connect(list_->selectionModel(), &QItemSelectionModel::selectionChanged, this, &AlarmsPanel::refresh);
    connect(acknowledge_, &QPushButton::clicked, this, &AlarmsPanel::acknowledge);
    connect(clear_, &QPushButton::clicked, this, &AlarmsPanel::clear);
    connect(list_, &QTableView::activated, this, [this](const QModelIndex& index) {
        const QString path = table_.at(index.row()).path();
        emit live_.jumpRequested(path);
    });
    auto* seen = new QShortcut(Qt::Key_A, list_, nullptr, nullptr, Qt::WidgetShortcut);
    connect(seen, &QShortcut::activated, this, &AlarmsPanel::acknowledge);
    auto* gone = new QShortcut(Qt::Key_Delete, list_, nullptr, nullptr, Qt::WidgetShortcut);
    connect(gone, &QShortcut::activated, this, &AlarmsPanel::clear);
    table_.observe(live_.snapshot());
    refresh();
}

int AlarmsPanel::selected() const {
    const auto rows = list_->selectionModel()->selectedRows();
    return rows.isEmpty() ? -1 : rows.front().row();
}

void AlarmsPanel::refresh() {
    const int row = selected();
    acknowledge_->setEnabled(row >= 0 && !table_.isAcknowledged(table_.at(row)));
    clear_->setEnabled(row >= 0);
    QString note;
    if (!table_.silent().isEmpty()) {
        note = tr("Not answering, so its alarms are not known: %1.").arg(table_.silent().join(u", "_s));
    } else if (!live_.engine().usable()) {
        note = tr("The engine is not running.");
    } else if (table_.rowCount() == 0) {
        note = tr("No alarm is raised.");
    }
    note_->setText(note);
    note_->setVisible(!note.isEmpty());
    if (table_.openCount() == lastOpen_) return;
    lastOpen_ = table_.openCount();
    emit openCountChanged(lastOpen_);
}

void AlarmsPanel::acknowledge() {
    if (selected() >= 0) table_.acknowledge(LiveAlarm(table_.at(selected())));
}

void AlarmsPanel::clear() {
    if (selected() < 0) return;
    const LiveAlarm alarm = table_.at(selected());
    live_.clearAlarm(alarm.cluster, alarm.name, alarm.entity);
}

}  // namespace tributary::desktop
