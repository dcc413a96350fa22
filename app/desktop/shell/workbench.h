// What a window works on and with, made once and handed around by reference: document, selection, editor, views.
#pragma once

#include <QObject>
#include <QSettings>
#include <QWidget>

#include "app/desktop/canvas/canvasview.h"
#include "app/desktop/canvas/minimap.h"
#include "app/desktop/document/desktopdocument.h"
#include "app/desktop/document/drawingeditor.h"
#include "app/desktop/panels/inspectorpanel.h"
#include "app/desktop/panels/outlinepanel.h"
#include "app/desktop/panels/palettepanel.h"
#include "app/desktop/panels/problemspanel.h"
#include "app/desktop/panels/textpanel.h"
#include "app/desktop/shell/bannerbar.h"
#include "app/desktop/shell/filterbar.h"
#include "app/desktop/shell/findbar.h"

namespace tributary::desktop {

/// The widgets belong to the window's widget tree, the rest to this.
class Workbench final : public QObject {
    Q_OBJECT
public:
    Workbench(ThemeHolder& themeHolder, QSettings& windowSettings, QWidget& windowWidget);

    ThemeHolder& themes;
    QSettings& settings;
    QWidget& window;
    DesktopDocument document;
    Selection selection;
    DrawingEditor editor;
    CanvasScene* scene;
    CanvasView* view;
    Minimap* minimap;
    TextPanel* text;
    PalettePanel* palette;
    OutlinePanel* outline;
    InspectorPanel* inspector;
    ProblemsPanel* problems;
    BannerBar* banners;
    FindBar* find;
    FilterBar* filter;

    /// Tells an error where it is seen: a banner with reason and next step.
    void tell(const Error& error);
    void tell(const Status& status);

private:
    void join();
};

}  // namespace tributary::desktop
