// The window: docks around the canvas, menus, tool bar, title and status.
#pragma once

#include <QCloseEvent>
#include <QDockWidget>
#include <QLabel>
#include <QMainWindow>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolBar>
#include <QVBoxLayout>

#include "app/desktop/shell/actiontable.h"
#include "app/desktop/shell/documentflow.h"
#include "app/desktop/shell/drawingcommands.h"
#include "app/desktop/shell/viewcommands.h"
#include "app/desktop/shell/welcomepage.h"
#include "app/desktop/shell/wherebadge.h"
#include "app/desktop/shell/workbench.h"

namespace tributary::desktop {

/// A panel that becomes a dock; `id` is stable, the dock's place is remembered under it.
struct DockSpec {
    QString id;
    QString title;
    QWidget* widget = nullptr;
    Qt::DockWidgetArea area = Qt::BottomDockWidgetArea;
};

class MainWindow final : public QMainWindow {
    Q_OBJECT
public:
    MainWindow(ThemeHolder& themes, QSettings& settings);
    [[nodiscard]] QSettings& settings() { return settings_; }
    ~MainWindow() override;

    void openWorkspace(const QString& folder) { flow_->open(folder); }
    [[nodiscard]] Workbench& bench() { return *bench_; }
    [[nodiscard]] DocumentFlow& flow() { return *flow_; }
    [[nodiscard]] ActionTable& actionTable() { return *actions_; }
    [[nodiscard]] DrawingCommands& drawing() { return *drawing_; }
    /// Adds a panel; docks of one area share it as tabs.
    QDockWidget* addPanel(const DockSpec& spec);
    /// Gives the panels the shares of the window that they have at a first start.
    void sizePanels();
    /// Puts a widget under the canvas, over its whole width; whoever made it hides or destroys it.
    void addBelowCanvas(QWidget* widget) { column_->addWidget(widget); }
    /// Takes a panel out and destroys it.
    void removePanel(QDockWidget* dock);
    /// Puts panels that came later where they were when the window was last used.
    void placePanels();
    [[nodiscard]] QDockWidget* panel(const QString& id) const;
    [[nodiscard]] QToolBar& toolBar() { return *toolBar_; }
    /// Says where the drawing runs.
    [[nodiscard]] WhereBadge& where() { return *where_; }
    /// Puts docks where they were; called once, when all panels are there.
    void restorePlaces();
    [[nodiscard]] bool showsWelcome() const { return stack_->currentWidget() == welcome_; }

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void makeCentre();
    void makePanels();
    void makeFileActions();
    void makeMenus();
    void makeToolBar();
    void makeStatusBar();
    void showWelcome(bool on);
    /// Each panel's title is shown where no tab says its name.
    void followTabs();
    void defaultPlaces();
    void refreshTitle();
    void refreshLock();

    ThemeHolder& themes_;
    QSettings& settings_;
    Workbench* bench_;
    ActionTable* actions_;
    DocumentFlow* flow_;
    DrawingCommands* drawing_;
    ViewCommands* viewing_;
    QStackedWidget* stack_;
    WelcomePage* welcome_;
    QVBoxLayout* column_ = nullptr;
    QSplitter* split_ = nullptr;
    QToolBar* toolBar_ = nullptr;
    WhereBadge* where_ = nullptr;
    QLabel* problemsLabel_ = nullptr;
    QLabel* zoomLabel_ = nullptr;
    std::vector<QDockWidget*> docks_;
    QByteArray places_;
    bool leaving_ = false;
    bool inCloseEvent_ = false;
};

}  // namespace tributary::desktop
