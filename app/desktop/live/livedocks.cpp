// Making the panels.
#include "app/desktop/live/livedocks.h"

#include <QCoreApplication>

#include "app/desktop/live/alarmspanel.h"
#include "app/desktop/live/consolepanel.h"
#include "app/desktop/live/datapanel.h"
#include "app/desktop/live/faultspanel.h"
#include "app/desktop/live/lagpanel.h"
#include "app/desktop/live/logpanel.h"
#include "app/desktop/live/planpanel.h"
#include "app/desktop/live/runbookpanel.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

std::vector<LiveDock> makeLiveDocks(LiveWorkspace& live, QWidget* parent) {
    const auto text = [](const char* title) { return QCoreApplication::translate("LiveDocks", title); };
    return {{u"plan"_s, text("Plan"), new PlanPanel(live, parent), Qt::RightDockWidgetArea},
            {u"runbook"_s, text("Runbook"), new RunbookPanel(live, parent), Qt::RightDockWidgetArea},
            {u"lag"_s, text("Lag"), new LagPanel(live, parent), Qt::BottomDockWidgetArea},
            {u"data"_s, text("Data"), new DataPanel(live, parent), Qt::BottomDockWidgetArea},
            {u"console"_s, text("Console"), new ConsolePanel(live, parent), Qt::BottomDockWidgetArea},
            {u"alarms"_s, text("Alarms"), new AlarmsPanel(live, parent), Qt::BottomDockWidgetArea},
            {u"log"_s, text("Log"), new LogPanel(live, parent), Qt::BottomDockWidgetArea},
            {u"faults"_s, text("Faults"), new FaultsPanel(live, parent), Qt::RightDockWidgetArea}};
}

}  // namespace tributary::desktop
