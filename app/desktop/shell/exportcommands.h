// The chosen runbook as a script for the real system, or as a page: what `tributary export` writes.
#pragma once

#include <QObject>
#include <QPointer>

#include "app/desktop/shell/livebridge.h"
#include "runbooks/export/exporter.h"

namespace tributary::desktop {

/// Two commands of the File menu; open while a runbook is chosen whose parameters are complete.
class ExportCommands final : public QObject {
    Q_OBJECT
public:
    ExportCommands(MainWindow& window, LiveBridge& bridge, QObject* parent);

private:
    void ask(runbooks::ExportTarget target);
    void write(runbooks::ExportTarget target, const QString& file);
    void follow();
    void updateEnabled();

    MainWindow& window_;
    LiveBridge& bridge_;
    QPointer<LiveWorkspace> followed_;
};

}  // namespace tributary::desktop
