// The docks that show a live workspace.
#pragma once

#include <QString>
#include <Qt>
#include <vector>

class QWidget;

namespace tributary::desktop {

class LiveWorkspace;

/// A panel and where it wants to stand. `id` is stable: window layouts are saved by it.
struct LiveDock {
    QString id;
    QString title;
    QWidget* widget = nullptr;  ///< child of the parent it was made with
    Qt::DockWidgetArea area = Qt::BottomDockWidgetArea;
};

/// Makes every panel. `live` outlives them; `parent` owns them.
[[nodiscard]] std::vector<LiveDock> makeLiveDocks(LiveWorkspace& live, QWidget* parent);

}  // namespace tributary::desktop
