// Says at every moment where the drawing runs.
#pragma once

#include <QLabel>

#include "app/desktop/live/livevalues.h"
#include "app/desktop/style/theme.h"

namespace tributary::desktop {

/// A pill in the status bar. This program runs clusters on this machine only, which is a rehearsal: the badge says so,
/// and whether anything runs at all.
class WhereBadge final : public QLabel {
    Q_OBJECT
public:
    explicit WhereBadge(const ThemeHolder& themes, QWidget* parent = nullptr);
    void showState(EngineState state);

private:
    void dress();

    const ThemeHolder& themes_;
    EngineState state_ = EngineState::Off;
};

}  // namespace tributary::desktop
