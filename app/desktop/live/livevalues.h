// What the window knows of a workspace's engine: plain values that cross threads by copy.
#pragma once

#include <QMetaType>
#include <QString>

#include <memory>

#include "app/desktop/live/partlag.h"
#include "app/observe/statusmodel.h"

namespace tributary::desktop {

/// Off: nobody runs a cluster. Running: this process runs the engine. Attached: another process (a daemon) runs it.
/// Failed: it could not be started, or the process that this window was attached to is gone.
enum class EngineState { Off, Starting, Running, Attached, Stopping, Failed };

/// The engine's state with what a banner needs. `reason` and `action` are sentences for people, empty when all is well.
struct EngineStatus {
    EngineState state = EngineState::Off;
    QString reason;
    QString action;

    /// Commands reach clusters.
    [[nodiscard]] bool usable() const { return state == EngineState::Running || state == EngineState::Attached; }
};

/// One look at every cluster. What could not be asked is said so in `status`, never guessed.
struct LiveSnapshot {
    Millis askedMs = 0;  ///< UTC when the first question was asked
    Millis atMs = 0;     ///< UTC when the answers were in; 0 = nothing was looked at yet
    app::WorkspaceStatus status;
    PartsBehind parts;  ///< of links of datasets that have parts; empty while nobody wants them (wantParts())
    std::shared_ptr<const Observation> observation;  ///< the same as drawings are compared with; nullptr: none
    QString problem;                                 ///< why the workspace cannot be read; empty when it can

    /// A process answers for at least one cluster.
    [[nodiscard]] bool anyUp() const;
};

}  // namespace tributary::desktop

Q_DECLARE_METATYPE(tributary::desktop::EngineStatus)
Q_DECLARE_METATYPE(tributary::desktop::LiveSnapshot)
