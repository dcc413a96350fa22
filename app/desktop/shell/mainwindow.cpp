// Putting the window together.
#include "app/desktop/shell/mainwindow.h"

#include <QMenuBar>
#include <QScreen>
#include <QStatusBar>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "app/desktop/shell/docktitle.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

/// A small screen is filled, a large one is not.
QSize firstSize(const QSize& available) {
    const QSize share(available.width() * 85 / 100, available.height() * 88 / 100);
    return available.boundedTo(QSize(1280, 800)).expandedTo(share.boundedTo(QSize(1760, 1100)));
}

}  // namespace

MainWindow::MainWindow(ThemeHolder& themes, QSettings& settings)
    : themes_(themes),
      settings_(settings),
      bench_(new Workbench(themes, settings, *this)),
      actions_(new ActionTable(*this, themes, settings)),
      flow_(new DocumentFlow(*bench_, this)),
      drawing_(nullptr),
      viewing_(nullptr),
      stack_(new QStackedWidget(this)),
      welcome_(new WelcomePage(themes, this)) {
    setObjectName(u"mainWindow"_s);
    resize(firstSize(screen()->availableSize()));
    setDockNestingEnabled(true);
    setDockOptions(AnimatedDocks | AllowTabbedDocks | AllowNestedDocks);
    setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
    setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
    setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
    makeFileActions();
    drawing_ = new DrawingCommands(*bench_, *actions_, this);
    viewing_ = new ViewCommands(*bench_, *actions_, this);
    makeCentre();
    makePanels();
    makeToolBar();
    makeMenus();
    makeStatusBar();
    connect(&bench_->document, &DesktopDocument::stateChanged, this, &MainWindow::refreshTitle);
    connect(&bench_->document, &DesktopDocument::stateChanged, this, &MainWindow::refreshLock);
    connect(flow_, &DocumentFlow::opened, this, [this] {
        showWelcome(false);
        // The canvas knows its size only after the layout that showing it brings.
        QMetaObject::invokeMethod(bench_->view, &CanvasView::fit, Qt::QueuedConnection);
        bench_->view->setFocus();
    });
    connect(flow_, &DocumentFlow::recentsChanged, this, [this] { welcome_->setRecents(flow_->recents()); });
    connect(flow_, &DocumentFlow::said, this, [this](const QString& text) { statusBar()->showMessage(text, 6000); });
    welcome_->setRecents(flow_->recents());
    if (settings_.contains(u"window/geometry"_s)) restoreGeometry(settings_.value(u"window/geometry"_s).toByteArray());
    showWelcome(true);
    refreshTitle();
}

MainWindow::~MainWindow() = default;

void MainWindow::makeCentre() {
    auto* page = new QWidget(stack_);
    auto* column = new QVBoxLayout(page);
    column_ = column;
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    split_ = new QSplitter(Qt::Horizontal, page);
    split_->setHandleWidth(1);
    split_->setChildrenCollapsible(false);
    split_->addWidget(bench_->view);
    split_->addWidget(bench_->text);
    split_->setStretchFactor(0, 3);
    split_->setStretchFactor(1, 2);
    split_->setSizes({600, 400});
    bench_->text->setMinimumWidth(240);
    column->addWidget(bench_->banners);
    column->addWidget(bench_->find);
    column->addWidget(bench_->filter);
    column->addWidget(split_, 1);
    stack_->addWidget(welcome_);
    stack_->addWidget(page);
    setCentralWidget(stack_);
    connect(welcome_, &WelcomePage::newRequested, flow_, &DocumentFlow::createNew);
    connect(welcome_, &WelcomePage::openRequested, flow_, &DocumentFlow::askOpen);
    connect(welcome_, &WelcomePage::recentChosen, flow_, &DocumentFlow::open);
    connect(welcome_, &WelcomePage::exampleChosen, flow_, &DocumentFlow::openExample);
}

QDockWidget* MainWindow::addPanel(const DockSpec& spec) {
    auto* dock = new QDockWidget(spec.title, this);
    dock->setObjectName(u"dock-"_s + spec.id);
    dock->setAccessibleName(spec.title);
    dock->setWidget(spec.widget);
    auto* title = new DockTitle(*dock, themes_);
    dock->setTitleBarWidget(title);
    spec.widget->setAttribute(Qt::WA_StyledBackground);
    dock->setAllowedAreas(Qt::AllDockWidgetAreas);
    QDockWidget* beside = nullptr;
    for (QDockWidget* each : docks_) {
        if (spec.area != Qt::LeftDockWidgetArea && dockWidgetArea(each) == spec.area) beside = each;
    }
    addDockWidget(spec.area, dock);
    if (beside != nullptr) tabifyDockWidget(beside, dock);
    docks_.push_back(dock);
    // Those that it shares an area with are not told.
    QMetaObject::invokeMethod(this, &MainWindow::followTabs, Qt::QueuedConnection);
    if (showsWelcome()) dock->hide();
    return dock;
}

void MainWindow::removePanel(QDockWidget* dock) {
    std::erase(docks_, dock);
    delete dock;
    followTabs();
}

void MainWindow::followTabs() {
    for (QDockWidget* each : docks_) {
        if (auto* title = qobject_cast<DockTitle*>(each->titleBarWidget())) title->followTabs();
    }
}

void MainWindow::placePanels() {
    if (showsWelcome()) return;
    if (!places_.isEmpty()) restoreState(places_);
    panel(u"problems"_s)->raise();
    panel(u"inspector"_s)->raise();
}

QDockWidget* MainWindow::panel(const QString& id) const {
    for (QDockWidget* each : docks_) {
        if (each->objectName() == u"dock-"_s + id) return each;
    }
    return nullptr;
}

void MainWindow::makePanels() {
    addPanel({u"palette"_s, tr("Palette"), bench_->palette, Qt::LeftDockWidgetArea});
    addPanel({u"outline"_s, tr("Outline"), bench_->outline, Qt::LeftDockWidgetArea});
    addPanel({u"overview"_s, tr("Overview"), bench_->minimap, Qt::LeftDockWidgetArea});
    addPanel({u"inspector"_s, tr("Inspector"), bench_->inspector, Qt::RightDockWidgetArea});
    addPanel({u"problems"_s, tr("Problems"), bench_->problems, Qt::BottomDockWidgetArea});
}

void MainWindow::restorePlaces() {
    places_ = settings_.value(u"window/docks"_s).toByteArray();
    if (!places_.isEmpty()) restoreState(places_);
    if (showsWelcome()) {
        for (QDockWidget* each : docks_) each->hide();
    }
}

void MainWindow::makeFileActions() {
    actions_->add({u"file.new"_s, tr("&New drawing"), u"new"_s, u"Ctrl+N"_s, {}, [this] { flow_->createNew(); }});
    actions_->add({u"file.open"_s, tr("&Open a workspace…"), u"open"_s, u"Ctrl+O"_s, {}, [this] { flow_->askOpen(); }});
    actions_->add({u"file.save"_s, tr("&Save"), u"save"_s, u"Ctrl+S"_s, {}, [this] { flow_->save(); }});
    actions_->add({u"file.save-as"_s, tr("Save &as…"), {}, u"Ctrl+Shift+S"_s, {}, [this] { flow_->askSaveAs(); }});
    actions_->add({u"file.reload"_s, tr("&Reload from disk"), {}, u"F5"_s, {}, [this] { flow_->reload(); }});
    actions_->add(
        {u"file.export-svg"_s, tr("Export &SVG…"), u"export"_s, {}, {}, [this] { flow_->exportAs(u"svg"_s); }});
    actions_->add({u"file.export-png"_s, tr("Export &PNG…"), {}, {}, {}, [this] { flow_->exportAs(u"png"_s); }});
    actions_->add(
        {u"file.export-mermaid"_s, tr("Export &Mermaid…"), {}, {}, {}, [this] { flow_->exportAs(u"mermaid"_s); }});
    actions_->add(
        {u"file.copy-picture"_s, tr("&Copy as picture"), {}, u"Ctrl+Shift+X"_s, {}, [this] { flow_->copyPicture(); }});
    actions_->add({u"file.close"_s, tr("&Close the workspace"), {}, u"Ctrl+W"_s, {}, [this] {
                       flow_->leaveThen([this] {
                           bench_->document.close();
                           showWelcome(true);
                       });
                   }});
    actions_->add(
        {u"view.default-places"_s, tr("Panels to their &first places"), {}, {}, {}, [this] { defaultPlaces(); }});
    actions_->add({u"file.quit"_s, tr("&Quit"), {}, u"Ctrl+Q"_s, {}, [this] { close(); }});
}

void MainWindow::makeMenus() {
    const auto fill = [this](const QString& title, const QStringList& ids) {
        QMenu* menu = menuBar()->addMenu(title);
        for (const QString& id : ids) {
            if (id == u"-") {
                menu->addSeparator();
            } else {
                menu->addAction(actions_->find(id));
            }
        }
        return menu;
    };
    fill(tr("&File"), {u"file.new"_s, u"file.open"_s, u"-"_s, u"file.save"_s, u"file.save-as"_s, u"file.reload"_s,
                       u"-"_s, u"file.export-svg"_s, u"file.export-png"_s, u"file.export-mermaid"_s,
                       u"file.copy-picture"_s, u"-"_s, u"file.close"_s, u"file.quit"_s});
    fill(tr("&Edit"),
         {u"edit.undo"_s, u"edit.redo"_s, u"-"_s, u"edit.cut"_s, u"edit.copy"_s, u"edit.paste"_s, u"edit.duplicate"_s,
          u"edit.delete"_s, u"edit.rename"_s, u"-"_s, u"edit.select-all"_s, u"view.find"_s, u"view.palette"_s});
    QMenu* draw = menuBar()->addMenu(tr("&Draw"));
    drawing_->addMenu(*draw);
    fill(tr("&Arrange"), {u"arrange.layered"_s,
                          u"arrange.ring"_s,
                          u"arrange.radial"_s,
                          u"arrange.force"_s,
                          u"-"_s,
                          u"arrange.left"_s,
                          u"arrange.centre"_s,
                          u"arrange.top"_s,
                          u"arrange.middle"_s,
                          u"arrange.across"_s,
                          u"arrange.down"_s,
                          u"-"_s,
                          u"arrange.pin"_s,
                          u"arrange.collapse"_s,
                          u"-"_s,
                          u"link.bend"_s,
                          u"link.straighten"_s,
                          u"-"_s,
                          u"region.add"_s,
                          u"region.leave"_s,
                          u"region.collapse-all"_s,
                          u"region.expand-all"_s});
    QMenu* view = fill(tr("&View"), {u"view.fit"_s,
                                     u"view.zoom-selection"_s,
                                     u"view.actual-size"_s,
                                     u"view.zoom-in"_s,
                                     u"view.zoom-out"_s,
                                     u"-"_s,
                                     u"view.text"_s,
                                     u"view.grid"_s,
                                     u"view.snap"_s,
                                     u"view.flow"_s,
                                     u"view.focus"_s,
                                     u"view.legend"_s,
                                     u"view.filter"_s,
                                     u"-"_s,
                                     u"view.theme-light"_s,
                                     u"view.theme-dark"_s,
                                     u"view.theme-contrast"_s,
                                     u"view.theme-system"_s,
                                     u"-"_s,
                                     u"problems.next"_s,
                                     u"problems.previous"_s,
                                     u"-"_s});
    QMenu* panels = view->addMenu(tr("&Panels"));
    connect(panels, &QMenu::aboutToShow, this, [this, panels] {
        panels->clear();
        for (QDockWidget* each : docks_) panels->addAction(each->toggleViewAction());
        panels->addSeparator();
        panels->addAction(actions_->find(u"view.default-places"_s));
    });
    fill(tr("&Help"), {u"help.concepts"_s, u"help.shortcuts"_s, u"view.palette"_s, u"-"_s, u"help.about"_s});
}

void MainWindow::makeToolBar() {
    toolBar_ = addToolBar(tr("Tools"));
    toolBar_->setObjectName(u"toolBar"_s);
    toolBar_->setMovable(false);
    toolBar_->setIconSize({18, 18});
    toolBar_->setContextMenuPolicy(Qt::PreventContextMenu);
    for (const QString& id : {u"file.open"_s, u"file.save"_s, u"-"_s, u"edit.undo"_s, u"edit.redo"_s, u"-"_s,
                              u"draw.cluster"_s, u"draw.gateway"_s, u"draw.binary-table"_s, u"draw.link"_s, u"-"_s,
                              u"arrange.layered"_s, u"view.fit"_s, u"view.text"_s, u"view.find"_s, u"view.palette"_s}) {
        if (id == u"-") {
            toolBar_->addSeparator();
        } else {
            toolBar_->addAction(actions_->find(id));
        }
    }
    for (auto* each : toolBar_->findChildren<QToolButton*>()) {
        if (each->defaultAction() != nullptr) each->setAccessibleName(each->defaultAction()->text().remove(u'&'));
    }
}

void MainWindow::makeStatusBar() {
    problemsLabel_ = new QLabel(this);
    zoomLabel_ = new QLabel(this);
    where_ = new WhereBadge(themes_, this);
    statusBar()->addPermanentWidget(where_);
    statusBar()->addPermanentWidget(problemsLabel_);
    statusBar()->addPermanentWidget(zoomLabel_);
    statusBar()->setSizeGripEnabled(false);
    problemsLabel_->setContentsMargins(8, 0, 8, 0);
    zoomLabel_->setContentsMargins(8, 0, 10, 0);
    const auto refresh = [this] {
        problemsLabel_->setText(bench_->document.isOpen() ? bench_->problems->summary() : QString());
        if (QDockWidget* dock = panel(u"problems"_s)) {
            const int count = bench_->problems->list().count();
            dock->setWindowTitle(count == 0 ? tr("Problems") : tr("Problems (%1)").arg(count));
        }
    };
    connect(bench_->problems, &ProblemsPanel::summaryChanged, this, refresh);
    connect(bench_->view, &CanvasView::viewChanged, this,
            [this] { zoomLabel_->setText(u"%1 %"_s.arg(std::lround(bench_->view->zoom() * 100))); });
    refresh();
}

void MainWindow::showWelcome(bool on) {
    if (on == showsWelcome() && stack_->isVisible()) return;
    if (on) {
        if (!places_.isEmpty() || isVisible()) places_ = saveState();
        for (QDockWidget* each : docks_) each->hide();
    }
    stack_->setCurrentIndex(on ? 0 : 1);
    toolBar_->setVisible(!on);
    statusBar()->setVisible(!on);
    if (!on) {
        if (places_.isEmpty() || !restoreState(places_)) defaultPlaces();
        toolBar_->show();
    }
}

void MainWindow::defaultPlaces() {
    for (QDockWidget* each : docks_) {
        each->setFloating(false);
        each->show();
    }
    sizePanels();
    panel(u"problems"_s)->raise();
    panel(u"inspector"_s)->raise();
}

void MainWindow::sizePanels() {
    // Only docks that are shown take a size. The canvas keeps more than half of the window at every size.
    resizeDocks({panel(u"palette"_s), panel(u"outline"_s), panel(u"overview"_s)}, {240, 280, 120}, Qt::Vertical);
    resizeDocks({panel(u"outline"_s), panel(u"inspector"_s)},
                {std::max(225, width() / 7), std::clamp(width() * 27 / 100, 285, 480)}, Qt::Horizontal);
    resizeDocks({panel(u"problems"_s)}, {std::max(260, height() * 3 / 10)}, Qt::Vertical);
}

void MainWindow::refreshTitle() {
    const DesktopDocument& document = bench_->document;
    setWindowModified(document.modified());
    setWindowTitle(document.isOpen() ? tr("%1[*] – Tributary").arg(document.title()) : tr("Tributary"));
    if (QAction* save = actions_->find(u"file.save"_s)) save->setEnabled(document.isOpen());
    for (const QString& id : {u"file.save-as"_s, u"file.close"_s, u"file.export-svg"_s, u"file.export-png"_s,
                              u"file.export-mermaid"_s, u"file.copy-picture"_s}) {
        actions_->find(id)->setEnabled(document.isOpen());
    }
    actions_->find(u"file.reload"_s)->setEnabled(document.isOpen() && document.files().hasFolder());
}

void MainWindow::refreshLock() {
    const QString& reason = bench_->document.lock();
    if (reason.isEmpty()) {
        bench_->banners->hideBanner(u"lock"_s);
    } else if (bench_->banners->textOf(u"lock"_s) != reason) {
        bench_->banners->showBanner(u"lock"_s, {Severity::Info, reason, {}, false});
    }
}

void MainWindow::closeEvent(QCloseEvent* event) {
    if (!leaving_) {
        inCloseEvent_ = true;
        flow_->leaveThen([this] {
            leaving_ = true;
            if (!inCloseEvent_) close();
        });
        inCloseEvent_ = false;
    }
    if (!leaving_) {
        event->ignore();  // something was asked; the answer closes the window
        return;
    }
    settings_.setValue(u"window/geometry"_s, saveGeometry());
    settings_.setValue(u"window/docks"_s, showsWelcome() ? places_ : saveState());
    bench_->document.close();
    event->accept();
}

}  // namespace tributary::desktop
