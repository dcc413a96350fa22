// Snapshots into alarms.
#include "app/desktop/live/alarmtable.h"

#include <QDateTime>
#include <QRegularExpression>
#include <algorithm>

#include "app/desktop/live/livetext.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

QString LiveAlarm::key() const {
    return cluster + u'\n' + name + u'\n' + entity + u'\n' + QString::number(raisedMs);
}

QString LiveAlarm::path() const {
    static const QRegularExpression kPath(u"/mapr/[^\\s,;:]+"_s);
    const auto match = kPath.match(description);
    return match.hasMatch() ? match.captured() : cluster;
}

void AlarmTable::observe(const LiveSnapshot& snapshot) {
    std::vector<LiveAlarm> fresh;
    QStringList silent;
    for (const app::ClusterRow& cluster : snapshot.status.clusters) {
        if (!cluster.answered && cluster.state != "down") silent << toQt(cluster.name);
        for (const app::AlarmRow& alarm : cluster.alarms) {
            fresh.push_back(
                {toQt(cluster.name), toQt(alarm.name), toQt(alarm.entity), toQt(alarm.description), alarm.raisedMs});
        }
        if (cluster.answered) continue;
        // What a silent cluster last said stays on show: it may well be true still.
        for (const LiveAlarm& known : alarms_) {
            if (known.cluster == toQt(cluster.name) && cluster.state != "down") fresh.push_back(known);
        }
    }
    silent_ = silent;
    take(std::move(fresh));
}

void AlarmTable::take(std::vector<LiveAlarm> alarms) {
    QSet<QString> there;
    for (const LiveAlarm& alarm : alarms) there.insert(alarm.key());
    acknowledged_.intersect(there);
    std::stable_sort(alarms.begin(), alarms.end(), [this](const LiveAlarm& a, const LiveAlarm& b) {
        const bool seenA = isAcknowledged(a);
        const bool seenB = isAcknowledged(b);
        return seenA != seenB ? seenB : a.raisedMs > b.raisedMs;
    });
    const bool same = std::equal(alarms.begin(), alarms.end(), alarms_.begin(), alarms_.end(),
                                 [](const LiveAlarm& a, const LiveAlarm& b) { return a.key() == b.key(); });
    if (same) {
        alarms_ = std::move(alarms);
        if (!alarms_.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    } else {
        beginResetModel();
        alarms_ = std::move(alarms);
        endResetModel();
    }
    emit changed();
}

void AlarmTable::acknowledge(const LiveAlarm& alarm) {
    acknowledged_.insert(alarm.key());
    take(std::vector<LiveAlarm>(alarms_));
}

int AlarmTable::openCount() const {
    return static_cast<int>(std::count_if(alarms_.begin(), alarms_.end(),
                                          [this](const LiveAlarm& alarm) { return !isAcknowledged(alarm); }));
}

int AlarmTable::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(alarms_.size());
}

int AlarmTable::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant AlarmTable::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const LiveAlarm& alarm = at(index.row());
    const bool seen = isAcknowledged(alarm);
    if (role == AcknowledgedRole) return seen;
    if (role == Qt::ToolTipRole) return u"%1\n%2\n%3"_s.arg(alarm.name, alarm.entity, alarm.description);
    if (role != Qt::DisplayRole && role != Qt::AccessibleTextRole) return {};
    switch (index.column()) {
        // The mark, not a colour, tells what nobody looked at yet.
        case NameColumn: return (seen ? u"✓ "_s : u"● "_s) + alarm.name;
        case WhereColumn: return alarm.entity.isEmpty() ? alarm.cluster : alarm.cluster + u" · "_s + alarm.entity;
        case SinceColumn: return QDateTime::fromMSecsSinceEpoch(alarm.raisedMs).toString(u"HH:mm:ss"_s);
        default: return alarm.description;
    }
}

QVariant AlarmTable::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case NameColumn: return tr("Alarm");
        case WhereColumn: return tr("Where");
        case SinceColumn: return tr("Since");
        default: return tr("What it says");
    }
}

}  // namespace tributary::desktop
