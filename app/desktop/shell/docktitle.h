// A dock's title bar in the window's look: its name, and buttons to float and to close it.
#pragma once

#include <QDockWidget>
#include <QLabel>
#include <QToolButton>
#include <QWidget>

#include "app/desktop/style/theme.h"

namespace tributary::desktop {

/// Leaves mouse events to the dock, which is dragged by them.
class DockTitle final : public QWidget {
    Q_OBJECT
public:
    DockTitle(QDockWidget& dock, const ThemeHolder& themes);

private:
    void refresh();

    QDockWidget& dock_;
    const ThemeHolder& themes_;
    QLabel* name_;
    QToolButton* close_;
};

}  // namespace tributary::desktop
