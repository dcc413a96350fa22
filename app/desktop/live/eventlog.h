// What happened in this window: runs, faults, the engine's state, alarms. A table model; knows no widget.
#pragma once

#include <QAbstractTableModel>
#include <QString>
#include <deque>

#include "core/base/units.h"

namespace tributary::desktop {

/// One line of the log.
struct LogEntry {
    enum class Kind { Engine, Run, Fault, Alarm, Data };
    enum class Level { Info, Warning, Failure };
    Millis atMs = 0;  ///< UTC
    Kind kind = Kind::Engine;
    Level level = Level::Info;
    QString text;
    QString detail;  ///< more lines: a command's output, a reason
    QString stepId;  ///< of a run's line; else empty
    QString path;    ///< what it is about: a dataset, a cluster; else empty
};

/// Newest last. Bounded: the oldest lines go. GUI thread.
class EventLog final : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { TimeColumn, KindColumn, TextColumn, ColumnCount };
    enum Role { KindRole = Qt::UserRole + 1, PathRole, StepRole, DetailRole, TimeRole };
    static constexpr int kEntriesMax = 10'000;

    explicit EventLog(QObject* parent = nullptr) : QAbstractTableModel(parent) {}

    void add(LogEntry entry);
    void clear();
    [[nodiscard]] const LogEntry& at(int row) const { return entries_[static_cast<std::size_t>(row)]; }
    /// The row that is nearest in time; -1 when there is none.
    [[nodiscard]] int rowNear(Millis atMs) const;
    [[nodiscard]] static QString kindName(LogEntry::Kind kind);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] static QString textAt(const LogEntry& entry, int column);

    std::deque<LogEntry> entries_;
};

}  // namespace tributary::desktop
