// Making the panels.
#include "app/desktop/live/livedocks.h"

#include <QCoreApplication>

#include "app/desktop/live/consolepanel.h"
#include "app/desktop/live/lagpanel.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

std::vector<LiveDock> makeLiveDocks(LiveWorkspace& live, QWidget* parent) {
    const auto text = [](const char* title) { return QCoreApplication::translate("LiveDocks", title); };
    return {{u"lag"_s, text("Lag"), new LagPanel(live, parent), Qt::BottomDockWidgetArea},
            {u"console"_s, text("Console"), new ConsolePanel(live, parent), Qt::BottomDockWidgetArea}};
}

}  // namespace tributary::desktop
