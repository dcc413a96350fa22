// The badge's words and colours.
#include "app/desktop/shell/wherebadge.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

QString stateWord(EngineState state) {
    switch (state) {
        case EngineState::Off: return WhereBadge::tr("nothing runs");
        case EngineState::Starting: return WhereBadge::tr("starting");
        case EngineState::Running: return WhereBadge::tr("running here");
        case EngineState::Attached: return WhereBadge::tr("running in a daemon");
        case EngineState::Stopping: return WhereBadge::tr("stopping");
        case EngineState::Failed: break;
    }
    return WhereBadge::tr("failed");
}

QString stateSentence(EngineState state) {
    switch (state) {
        case EngineState::Running: return WhereBadge::tr("They run in this window and stop when it is closed.");
        case EngineState::Attached:
            return WhereBadge::tr("They run in a process of their own (tributary up) and go on without this window.");
        case EngineState::Failed:
            return WhereBadge::tr("The engine has failed: the message above the canvas says why.");
        case EngineState::Off: return WhereBadge::tr("Nothing runs now: there is only the drawing.");
        default: return {};
    }
}

}  // namespace

WhereBadge::WhereBadge(const ThemeHolder& themes, QWidget* parent) : QLabel(parent), themes_(themes) {
    setObjectName(u"whereBadge"_s);
    connect(&themes_, &ThemeHolder::changed, this, &WhereBadge::dress);
    dress();
}

void WhereBadge::showState(EngineState state) {
    if (state == state_) return;
    state_ = state;
    dress();
}

void WhereBadge::dress() {
    setText(tr("Local rehearsal: %1").arg(stateWord(state_)));
    const QString about =
        tr("Every cluster of this drawing is a process on this machine, with an engine that comes with this program.\n"
           "No server anywhere else is reached or changed by it.");
    const QString more = stateSentence(state_);
    setToolTip(more.isEmpty() ? about : about + u'\n' + more);
    setAccessibleDescription(toolTip());
    const Theme& theme = themes_.theme();
    const bool runs = state_ == EngineState::Running || state_ == EngineState::Attached;
    const QColor ink = state_ == EngineState::Failed ? theme.bad : runs ? theme.info : theme.muted;
    const QColor ground = state_ == EngineState::Failed ? theme.badSoft : runs ? theme.infoSoft : theme.window;
    setStyleSheet(
        u"QLabel#whereBadge { color:%1; background:%2; border:1px solid %1; border-radius:8px; "
        "padding:1px 8px; margin:2px 6px; font-weight:600; }"_s.arg(ink.name(), ground.name()));
}

}  // namespace tributary::desktop
