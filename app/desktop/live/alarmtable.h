// The alarms of all clusters as a table model; what was acknowledged in this window. Knows no widget.
#pragma once

#include <QAbstractTableModel>
#include <QSet>
#include <QStringList>
#include <vector>

#include "app/desktop/live/livevalues.h"

namespace tributary::desktop {

struct LiveAlarm {
    QString cluster;
    QString name;
    QString entity;
    QString description;
    Millis raisedMs = 0;
    [[nodiscard]] QString key() const;
    /// What a jump shows: a dataset named by the description, else the cluster.
    [[nodiscard]] QString path() const;
};

/// Not acknowledged first, then newest first. An acknowledgement is this window's own: the engine knows none; it ends
/// when the alarm does. GUI thread.
class AlarmTable final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { NameColumn, WhereColumn, SinceColumn, TextColumn, ColumnCount };
    enum Role { AcknowledgedRole = Qt::UserRole + 1 };

    explicit AlarmTable(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

    void observe(const LiveSnapshot& snapshot);
    void acknowledge(const LiveAlarm& alarm);
    [[nodiscard]] const LiveAlarm& at(int row) const { return alarms_[static_cast<std::size_t>(row)]; }
    [[nodiscard]] bool isAcknowledged(const LiveAlarm& alarm) const { return acknowledged_.contains(alarm.key()); }
    [[nodiscard]] int openCount() const;
    /// Clusters that did not answer: whether they have alarms is not known.
    [[nodiscard]] const QStringList& silent() const { return silent_; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

signals:
    void changed();

private:
    void take(std::vector<LiveAlarm> alarms);

    std::vector<LiveAlarm> alarms_;
    QSet<QString> acknowledged_;
    QStringList silent_;
};

}  // namespace tributary::desktop
