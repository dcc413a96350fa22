// The commands that reach the running workspace: engine, "make this drawing real", and faults on what is selected.
#pragma once

#include <QObject>

#include "app/desktop/shell/livebridge.h"

namespace tributary::desktop {

class LiveCommands final : public QObject {
    Q_OBJECT
public:
    LiveCommands(MainWindow& window, LiveBridge& bridge);

private:
    void addActions();
    void addMenuAndTools();
    void updateEnabled();
    /// Brings a dock to the front and the keyboard into it.
    void goTo(const QString& id);
    void fault(FaultKind kind, bool oneWay = false);
    /// The clusters or the gateway that a fault on the selection is about; false when it fits none.
    [[nodiscard]] bool target(FaultKind kind, FaultOrder& order) const;

    MainWindow& window_;
    LiveBridge& bridge_;
};

}  // namespace tributary::desktop
