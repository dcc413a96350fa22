// The commands that change the drawing, and its context menu.
#pragma once

#include <QMenu>
#include <QObject>

#include "app/desktop/shell/actiontable.h"
#include "app/desktop/shell/workbench.h"

namespace tributary::desktop {

class DrawingCommands final : public QObject {
    Q_OBJECT
public:
    DrawingCommands(Workbench& bench, ActionTable& actions, QObject* parent);
    /// Adds what the palette names, to the selected cluster where it belongs to one.
    void add(const QString& entry);
    void showContextMenu(const QPoint& screenPos);
    /// Asks for the target of a link from the selected dataset.
    void askLink();
    void addMenu(QMenu& menu) const;
    /// An action that the context menu ends with.
    void addToContextMenu(QAction* action) { extra_.push_back(action); }

private:
    void addEditActions();
    void addDrawActions();
    void addMemberActions();
    void addArrangeActions();
    void addRegionActions();
    void collapseRegions(bool collapsed);
    void showDropMenu(const std::string& from, const std::string& to, const QPoint& screenPos);
    void updateEnabled();
    void editName();
    void align(const QString& how);
    void distribute(Qt::Orientation orientation);
    void arrange(LayoutKind kind);
    void setFlag(bool Placement::*flag, const QString& title);
    void removeSelected();
    [[nodiscard]] std::string targetCluster() const;
    [[nodiscard]] std::vector<std::string> selectedDatasets() const;

    Workbench& bench_;
    ActionTable& actions_;
    std::vector<QAction*> extra_;
};

}  // namespace tributary::desktop
