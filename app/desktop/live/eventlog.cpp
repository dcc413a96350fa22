// The log as a table.
#include "app/desktop/live/eventlog.h"

#include <QDateTime>
#include <cmath>

using namespace Qt::StringLiterals;

namespace tributary::desktop {

void EventLog::add(LogEntry entry) {
    if (static_cast<int>(entries_.size()) >= kEntriesMax) {
        beginRemoveRows({}, 0, 0);
        entries_.pop_front();
        endRemoveRows();
    }
    const int row = static_cast<int>(entries_.size());
    beginInsertRows({}, row, row);
    entries_.push_back(std::move(entry));
    endInsertRows();
}

void EventLog::clear() {
    beginResetModel();
    entries_.clear();
    endResetModel();
}

int EventLog::rowNear(Millis atMs) const {
    int best = -1;
    Millis distance = 0;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        const Millis away = std::abs(entries_[i].atMs - atMs);
        if (best >= 0 && away >= distance) continue;
        best = static_cast<int>(i);
        distance = away;
    }
    return best;
}

QString EventLog::kindName(LogEntry::Kind kind) {
    switch (kind) {
        case LogEntry::Kind::Engine: return tr("Engine");
        case LogEntry::Kind::Run: return tr("Run");
        case LogEntry::Kind::Fault: return tr("Fault");
        case LogEntry::Kind::Alarm: return tr("Alarm");
        case LogEntry::Kind::Data: return tr("Data");
    }
    return {};
}

int EventLog::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(entries_.size());
}

int EventLog::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : ColumnCount;
}

QString EventLog::textAt(const LogEntry& entry, int column) {
    switch (column) {
        case TimeColumn: return QDateTime::fromMSecsSinceEpoch(entry.atMs).toString(u"HH:mm:ss.zzz"_s);
        case KindColumn: return kindName(entry.kind);
        default: break;
    }
    // The word, not a colour alone, tells a failure from a remark.
    if (entry.level == LogEntry::Level::Failure) return tr("Failed: %1").arg(entry.text);
    if (entry.level == LogEntry::Level::Warning) return tr("Warning: %1").arg(entry.text);
    return entry.text;
}

QVariant EventLog::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const LogEntry& entry = at(index.row());
    switch (role) {
        case Qt::DisplayRole:
        case Qt::AccessibleTextRole: return textAt(entry, index.column());
        case Qt::ToolTipRole: return entry.detail.isEmpty() ? entry.text : QVariant(entry.text + u'\n' + entry.detail);
        case KindRole: return static_cast<int>(entry.kind);
        case PathRole: return entry.path;
        case StepRole: return entry.stepId;
        case DetailRole: return entry.detail;
        case TimeRole: return QVariant::fromValue<qint64>(entry.atMs);
        default: return {};
    }
}

QVariant EventLog::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case TimeColumn: return tr("Time");
        case KindColumn: return tr("About");
        default: return tr("What happened");
    }
}

}  // namespace tributary::desktop
