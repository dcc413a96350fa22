// Zoom, themes, focus, palette.
#include "app/desktop/shell/viewcommands.h"

#include "app/desktop/shell/helpdialog.h"
#include "app/desktop/shell/shortcutsdialog.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

QString iconOfRef(const Topology& topology, const ItemRef& ref) {
    switch (ref.kind) {
        case ItemRef::Kind::Cluster: return u"cluster"_s;
        case ItemRef::Kind::Gateway: return u"gateway"_s;
        case ItemRef::Kind::Member: return u"instance"_s;
        case ItemRef::Kind::Link: return u"link"_s;
        case ItemRef::Kind::Wan: return u"wan"_s;
        case ItemRef::Kind::Region: return u"region"_s;
        default: break;
    }
    const Dataset* dataset = topology.dataset(ref.a);
    return dataset == nullptr ? u"binary-table"_s : QString::fromUtf8(datasetKindName(dataset->kind).data());
}

}  // namespace

ViewCommands::ViewCommands(Workbench& bench, ActionTable& actions, QObject* parent)
    : QObject(parent), bench_(bench), actions_(actions), palette_(new CommandPalette(bench.themes, bench.window)) {
    addZoomActions();
    addThemeActions();
    addFocusActions();
}

void ViewCommands::addZoomActions() {
    actions_.add({u"view.fit"_s, tr("&Fit everything"), u"fit"_s, u"Ctrl+0"_s, {}, [this] { bench_.view->fit(); }});
    actions_.add({u"view.zoom-selection"_s, tr("Zoom to &selection"), {}, u"Ctrl+2"_s, {}, [this] {
                      bench_.view->zoomToSelection();
                  }});
    actions_.add({u"view.actual-size"_s, tr("&Actual size"), {}, u"Ctrl+1"_s, {}, [this] { bench_.view->setZoom(1); }});
    actions_.add(
        {u"view.zoom-in"_s, tr("Zoom &in"), u"zoom-in"_s, u"Ctrl++"_s, {}, [this] { bench_.view->zoomBy(1.25); }});
    actions_.add(
        {u"view.zoom-out"_s, tr("Zoom &out"), u"zoom-out"_s, u"Ctrl+-"_s, {}, [this] { bench_.view->zoomBy(0.8); }});
    QAction* grid = actions_.add({u"view.grid"_s, tr("Show &grid"), u"grid"_s, u"Ctrl+'"_s, {}, {}, true});
    grid->setChecked(true);
    connect(grid, &QAction::toggled, bench_.scene, &CanvasScene::setGridShown);
    QAction* snap = actions_.add(
        {u"view.snap"_s, tr("S&nap to grid and neighbours"), {}, {}, tr("Alt while dragging does without"), {}, true});
    snap->setChecked(true);
    connect(snap, &QAction::toggled, bench_.scene, &CanvasScene::setSnapping);
    QAction* flow = actions_.add({u"view.flow"_s,
                                  tr("&Animate what flows"),
                                  {},
                                  {},
                                  tr("Dots travel along links through which something passes"),
                                  {},
                                  true});
    flow->setChecked(bench_.settings.value(u"view/flow"_s, true).toBool());
    bench_.scene->setFlowShown(flow->isChecked());
    connect(flow, &QAction::toggled, bench_.scene, &CanvasScene::setFlowShown);
    connect(flow, &QAction::toggled, this, [this](bool on) { bench_.settings.setValue(u"view/flow"_s, on); });
    QAction* legend =
        actions_.add({u"view.legend"_s, tr("&Legend"), {}, {}, tr("What lines and colours mean"), {}, true});
    legend->setChecked(bench_.settings.value(u"view/legend"_s, false).toBool());
    bench_.view->setLegendShown(legend->isChecked());
    connect(legend, &QAction::toggled, bench_.view, &CanvasView::setLegendShown);
    connect(legend, &QAction::toggled, this, [this](bool on) { bench_.settings.setValue(u"view/legend"_s, on); });
    QAction* focus = actions_.add({u"view.focus"_s,
                                   tr("Fade what the selection does not &touch"),
                                   {},
                                   {},
                                   tr("In drawings of more than eight clusters or forty links"),
                                   {},
                                   true});
    focus->setChecked(bench_.settings.value(u"view/focus"_s, true).toBool());
    bench_.scene->setFocusShown(focus->isChecked());
    connect(focus, &QAction::toggled, bench_.scene, &CanvasScene::setFocusShown);
    connect(focus, &QAction::toggled, this, [this](bool on) { bench_.settings.setValue(u"view/focus"_s, on); });
    QAction* text = actions_.add({u"view.text"_s,
                                  tr("&Text beside the canvas"),
                                  u"text"_s,
                                  u"Ctrl+T"_s,
                                  tr("topology.yaml, edited both ways"),
                                  {},
                                  true});
    connect(text, &QAction::toggled, bench_.text, &QWidget::setVisible);
    text->setChecked(bench_.settings.value(u"view/text"_s, false).toBool());
    bench_.text->setVisible(text->isChecked());
    connect(text, &QAction::toggled, this, [this](bool on) { bench_.settings.setValue(u"view/text"_s, on); });
    // A text that does not parse is mended in the text view.
    connect(&bench_.document, &DesktopDocument::textChanged, text, [this, text] {
        if (bench_.document.textError() && bench_.document.isOpen()) text->setChecked(true);
    });
}

void ViewCommands::addThemeActions() {
    const std::pair<QString, std::pair<QString, ThemeKind>> themes[] = {
        {u"view.theme-light"_s, {tr("&Light theme"), ThemeKind::Light}},
        {u"view.theme-dark"_s, {tr("&Dark theme"), ThemeKind::Dark}},
        {u"view.theme-contrast"_s, {tr("High &contrast theme"), ThemeKind::Contrast}}};
    for (const auto& [id, what] : themes) {
        actions_.add({id, what.first, u"theme"_s, {}, {}, [this, id = id, kind = what.second] {
                          bench_.themes.setKind(kind);
                          bench_.settings.setValue(u"theme"_s, id.section(u'-', -1));
                      }});
    }
    actions_.add(
        {u"view.theme-system"_s, tr("Theme of the s&ystem"), u"theme"_s, {}, tr("From the next start on"), [this] {
             bench_.settings.remove(u"theme"_s);
         }});
}

void ViewCommands::addFocusActions() {
    actions_.add(
        {u"view.find"_s, tr("&Find on the canvas"), u"search"_s, u"Ctrl+F"_s, {}, [this] { bench_.find->open(); }});
    connect(bench_.find, &FindBar::closed, bench_.view, qOverload<>(&QWidget::setFocus));
    actions_.add({u"view.filter"_s, tr("F&ilter the canvas"), u"filter"_s, u"Ctrl+Shift+F"_s,
                  tr("By name, system and state; what does not fit is faded"), [this] { bench_.filter->open(); }});
    connect(bench_.filter, &FilterBar::closed, bench_.view, qOverload<>(&QWidget::setFocus));
    actions_.add({u"view.palette"_s, tr("Command &palette"), u"command"_s, u"Ctrl+K"_s, {}, [this] { openPalette(); }});
    actions_.add({u"help.shortcuts"_s, tr("&Shortcuts…"), u"help"_s, u"F1"_s, {}, [this] {
                      auto* dialog = new ShortcutsDialog(actions_, &bench_.window);
                      dialog->setAttribute(Qt::WA_DeleteOnClose);
                      dialog->open();
                  }});
    actions_.add({u"help.concepts"_s, tr("&Concepts"), {}, {}, {}, [this] {
                      showHelp(HelpPage::Concepts, bench_.themes, bench_.window);
                  }});
    actions_.add({u"help.about"_s, tr("&About Tributary"), {}, {}, {}, [this] {
                      showHelp(HelpPage::About, bench_.themes, bench_.window);
                  }});
    const std::pair<QString, std::pair<QString, QWidget*>> places[] = {
        {u"go.canvas"_s, {tr("Go to the canvas"), bench_.view}},
        {u"go.outline"_s, {tr("Go to the outline"), bench_.outline}},
        {u"go.inspector"_s, {tr("Go to the inspector"), bench_.inspector}},
        {u"go.problems"_s, {tr("Go to the problems"), bench_.problems}},
        {u"go.palette"_s, {tr("Go to the palette"), bench_.palette}},
        {u"go.text"_s, {tr("Go to the text"), bench_.text}}};
    int number = 1;
    for (const auto& [id, what] : places) {
        actions_.add({id, what.first, {}, u"Alt+%1"_s.arg(number++), {}, [this, id = id, widget = what.second] {
                          if (id == u"go.text") actions_.find(u"view.text"_s)->setChecked(true);
                          widget->show();
                          if (QWidget* dock = widget->parentWidget()) dock->raise();
                          if (widget == bench_.inspector) {
                              bench_.inspector->focusFirst();
                          } else {
                              widget->setFocus();
                          }
                      }});
    }
    actions_.add({u"problems.next"_s, tr("&Next problem"), {}, u"F8"_s, {}, [this] { nextProblem(1); }});
    actions_.add({u"problems.previous"_s, tr("&Previous problem"), {}, u"Shift+F8"_s, {}, [this] { nextProblem(-1); }});
}

void ViewCommands::nextProblem(int step) {
    QListWidget& list = bench_.problems->list();
    if (list.count() == 0) return;
    list.setCurrentRow((list.currentRow() + step + list.count()) % list.count());
    emit list.itemClicked(list.currentItem());
}

void ViewCommands::openPalette() {
    std::vector<PaletteEntry> entries;
    for (QAction* each : actions_.all()) {
        if (!each->isEnabled() || each->objectName() == u"view.palette") continue;
        entries.push_back({each->text().remove(u'&'), each->shortcut().toString(QKeySequence::NativeText),
                           each->property("iconName").toString(), [each] { each->trigger(); }});
    }
    for (const ItemRef& ref : allItems(bench_.document.topology())) {
        if (ref.kind == ItemRef::Kind::Gateway) continue;
        const QString name =
            ref.kind == ItemRef::Kind::Dataset ? QString::fromStdString(ref.a) : QString::fromStdString(shortName(ref));
        entries.push_back({name, tr("go to"), iconOfRef(bench_.document.topology(), ref),
                           [this, ref] { bench_.selection.reveal(ref); }});
    }
    palette_->open(std::move(entries));
}

}  // namespace tributary::desktop
