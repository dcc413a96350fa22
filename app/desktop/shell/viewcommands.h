// The commands that change what is seen and how, and where the keyboard is.
#pragma once

#include <QObject>

#include "app/desktop/shell/actiontable.h"
#include "app/desktop/shell/commandpalette.h"
#include "app/desktop/shell/workbench.h"

namespace tributary::desktop {

class ViewCommands final : public QObject {
    Q_OBJECT
public:
    ViewCommands(Workbench& bench, ActionTable& actions, QObject* parent);

private:
    void addZoomActions();
    void addThemeActions();
    void addFocusActions();
    void openPalette();
    void nextProblem(int step);

    Workbench& bench_;
    ActionTable& actions_;
    CommandPalette* palette_;
};

}  // namespace tributary::desktop
