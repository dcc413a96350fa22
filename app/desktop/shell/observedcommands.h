// What can be done with what runs: adopting and removing what is not drawn, and acting on a running link.
#pragma once

#include <QObject>

#include "app/desktop/document/linkaction.h"
#include "app/desktop/shell/livebridge.h"

namespace tributary::desktop {

/// By menu, context menu, inspector and keys alike. Adopting is an edit of the drawing; removing opens a plan and does
/// nothing itself; a link action is told in words, with its command, before it is done.
class ObservedCommands final : public QObject {
    Q_OBJECT
public:
    ObservedCommands(MainWindow& window, LiveBridge& bridge);

private:
    void addActions();
    void updateEnabled();
    /// The ghosts among the items.
    [[nodiscard]] std::vector<Ghost> ghostsOf(const std::vector<ItemRef>& items) const;
    void adopt(const std::vector<ItemRef>& items);
    void remove(const std::vector<ItemRef>& items);
    void act(const ItemRef& link, LinkAction action);
    void confirm(const LinkActionWords& words);
    void openResync(const ItemRef& link);
    [[nodiscard]] const ObservedReplica* recordOf(const ItemRef& link) const;

    MainWindow& window_;
    LiveBridge& bridge_;
};

}  // namespace tributary::desktop
