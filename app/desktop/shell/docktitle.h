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
    /// No height among tabs: the tab already shows the name, and is what drags the dock.
    [[nodiscard]] QSize sizeHint() const override;
    /// Shows itself where no tab does that; for when a neighbour has gone without a word.
    void followTabs();
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

private:
    void refresh();
    [[nodiscard]] bool isAmongTabs() const;

    QDockWidget& dock_;
    const ThemeHolder& themes_;
    QLabel* name_;
    QToolButton* close_;
    bool amongTabs_ = false;
};

}  // namespace tributary::desktop
