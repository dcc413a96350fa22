// The alarms dock.
#pragma once

#include <QWidget>

#include "app/desktop/live/alarmtable.h"
#include "app/desktop/live/liveworkspace.h"

class QLabel;
class QPushButton;
class QTableView;

namespace tributary::desktop {

/// Enter or double click jumps to what an alarm is about; A acknowledges, Delete clears at the cluster.
class AlarmsPanel final : public QWidget {
    Q_OBJECT
public:
    explicit AlarmsPanel(LiveWorkspace& live, QWidget* parent = nullptr);

    [[nodiscard]] AlarmTable& table() { return table_; }

signals:
    /// How many alarms nobody acknowledged: for a badge at the dock's title.
    void openCountChanged(int count);

private:
    void refresh();
    void acknowledge();
    void clear();
    [[nodiscard]] int selected() const;

    LiveWorkspace& live_;
    AlarmTable table_;
    QTableView* list_ = nullptr;
    QLabel* note_ = nullptr;
    QPushButton* acknowledge_ = nullptr;
    QPushButton* clear_ = nullptr;
    int lastOpen_ = 0;
};

}  // namespace tributary::desktop
