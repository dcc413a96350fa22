// The properties of the selected item as a form, each field one undoable edit; beside them what was observed of it.
#pragma once

#include <QFormLayout>
#include <QLabel>
#include <QScrollArea>
#include <QTimer>
#include <QVBoxLayout>
#include <functional>

#include "app/desktop/document/desktopdocument.h"
#include "app/desktop/document/drawingeditor.h"
#include "app/desktop/document/ghosts.h"
#include "app/desktop/document/linkaction.h"
#include "app/desktop/document/selection.h"
#include "app/desktop/style/theme.h"

class QPushButton;

namespace tributary::desktop {

class ComparisonView;

class InspectorPanel final : public QScrollArea {
    Q_OBJECT
public:
    InspectorPanel(DesktopDocument& document, DrawingEditor& editor, Selection& selection, const ThemeHolder& themes,
                   QWidget* parent = nullptr);
    /// Gives the keyboard to the first field.
    void focusFirst();
    /// What runs; nullptr: nothing does. Fields that a person edits stay as they are.
    void setObserved(const ObservationPtr& observation, std::vector<Ghost> ghosts);

signals:
    void adoptRequested(const tributary::desktop::ItemRef& ref);
    /// The plan that takes it away is asked for; nothing is done yet.
    void removeRequested(const tributary::desktop::ItemRef& ref);
    void linkActionRequested(const tributary::desktop::ItemRef& link, tributary::desktop::LinkAction action);

private:
    /// Takes the typed text; false: refused, the field shows what is drawn.
    using Take = std::function<bool(const QString&)>;

    void rebuild();
    void fill();
    void showNothing();
    void showMany();
    void showCluster(const Cluster& cluster);
    void showMember(const Cluster& cluster, const Member& member);
    void showFollowing(const ItemRef& ref);
    void showGateway(const Cluster& cluster, const Gateway& gateway);
    void showDataset(const Dataset& dataset);
    void showLink(const ItemRef& ref);
    void showReplicaOptions(const Replica& edge);
    void showWan(const Wan& wan);
    void showRegion(const Region& region);
    void showBundle(const ItemRef& bundle);
    void showNote(const ItemRef& note);
    void regionField(const Cluster& cluster);
    void showGhost(const Ghost& ghost);

    void addObserved(QVBoxLayout& column);
    void addGhostButtons(QVBoxLayout& column, const ItemRef& ref);
    void addLinkActions(QVBoxLayout& column, const ItemRef& ref);
    void refreshObserved();
    QLabel* heading(const QString& text);
    void title(const QString& icon, const QString& text, const QString& detail);
    void section(const QString& text);
    void field(const QString& label, const QString& value, const QString& hint, const Take& take);
    void flag(const QString& label, bool value, const std::function<bool(bool)>& take);
    void choice(const QString& label, const std::vector<std::string>& words, const QString& value, const Take& take);
    void note(const QString& text);
    /// A field of setAttribute(); an empty text takes the default.
    void attribute(const QString& label, const ElementId& id, const std::string& name, const QString& value,
                   const QString& hint = {});

    DesktopDocument& document_;
    DrawingEditor& editor_;
    Selection& selection_;
    const ThemeHolder& themes_;
    QWidget* page_ = nullptr;
    QFormLayout* form_ = nullptr;
    QTimer rebuild_;
    ObservationPtr observation_;
    std::vector<Ghost> ghosts_;
    ComparisonView* comparison_ = nullptr;  ///< of the page; nullptr: nothing is observed, or not one item is selected
    std::vector<std::pair<LinkAction, QPushButton*>> actions_;
};

}  // namespace tributary::desktop
