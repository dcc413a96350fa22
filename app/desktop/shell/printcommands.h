// Printing, and PDF: the drawing, the plan, the report of a run.
#pragma once

#include <QObject>
#include <QPagedPaintDevice>
#include <QPointer>
#include <functional>

#include "app/desktop/shell/livebridge.h"
#include "app/desktop/shell/paper.h"

class QMenu;

namespace tributary::desktop {

/// Commands of the File menu; each is open while there is something to put on paper.
class PrintCommands final : public QObject {
    Q_OBJECT
public:
    PrintCommands(MainWindow& window, LiveBridge& bridge, QObject* parent);
    enum class What { Drawing, Plan, Report };
    /// Writes a PDF; what went wrong is told in the window.
    void writePdf(What what, const QString& file);

private:
    void addTo(QMenu& file);
    void askPdf(What what);
    void askPrinter(What what);
    Status paint(What what, QPagedPaintDevice& device);
    [[nodiscard]] QString nameOf(What what) const;
    [[nodiscard]] bool isThere(What what) const;
    void follow();
    void updateEnabled();

    MainWindow& window_;
    LiveBridge& bridge_;
    QPointer<LiveWorkspace> followed_;
};

}  // namespace tributary::desktop
