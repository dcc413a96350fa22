// Making the parts of a window and joining those that must follow each other.
#include "app/desktop/shell/workbench.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

Workbench::Workbench(ThemeHolder& themeHolder, QSettings& windowSettings, QWidget& windowWidget)
    : QObject(&windowWidget),
      themes(themeHolder),
      settings(windowSettings),
      window(windowWidget),
      editor(document, selection),
      scene(new CanvasScene(document, selection, themes, this)),
      view(new CanvasView(*scene, selection, themes, &window)),
      minimap(new Minimap(*scene, *view, themes, &window)),
      text(new TextPanel(document, selection, themes, &window)),
      palette(new PalettePanel(themes, &window)),
      outline(new OutlinePanel(document, selection, themes, &window)),
      inspector(new InspectorPanel(document, editor, selection, themes, &window)),
      problems(new ProblemsPanel(document, editor, selection, themes, &window)),
      banners(new BannerBar(themes, &window)),
      find(new FindBar(document, selection, &window)),
      filter(new FilterBar(document, *scene, themes, &window)) {
    join();
}

void Workbench::tell(const Error& error) {
    QString said = QString::fromStdString(error.text());
    if (!error.fix.empty()) said += u"\n"_s + tr("Try: %1").arg(QString::fromStdString(error.fix));
    const Severity severity = error.code == ErrorCode::Io || error.code == ErrorCode::DiskFull ||
                                      error.code == ErrorCode::PermissionDenied || error.code == ErrorCode::Internal
                                  ? Severity::Error
                                  : Severity::Warning;
    banners->showBanner(u"error"_s, {severity, said, {}, true});
}

void Workbench::tell(const Status& status) {
    if (!status) tell(status.error());
}

void Workbench::join() {
    connect(&editor, &DrawingEditor::failed, this, [this](const Error& error) { tell(error); });
    // A message about the last edit is over with the next one.
    connect(&document, &DesktopDocument::drawingChanged, banners, [this] { banners->hideBanner(u"error"_s); });
    connect(scene, &CanvasScene::itemsPlaced, &document,
            [this](const LayoutSidecar& layout, const QString& title) { document.place(layout, title); });
    const auto rename = [this](const ItemRef& ref, const QString& name) { editor.rename(ref, name.toStdString()); };
    connect(scene, &CanvasScene::itemsAppeared, &document, &DesktopDocument::fillLayout);
    connect(scene, &CanvasScene::noteEdited, this,
            [this](const ItemRef& note, const QString& typed) { editor.setNote(note, typed.toStdString()); });
    connect(view, &CanvasView::nameEdited, this, rename);
    connect(outline, &OutlinePanel::nameEdited, this, rename);
    connect(view, &CanvasView::nudged, this, [this](const QPointF& by) {
        LayoutSidecar layout = scene->effectiveLayout();
        bool any = false;
        for (const ItemRef& ref : selection.items()) {
            const auto found = layout.find(ref);
            if (found == layout.end()) continue;
            found->second.x += by.x();
            found->second.y += by.y();
            any = true;
        }
        if (any) document.place(layout, tr("Move by keys"), DrawingCommand::Merge::Moving);
    });
    connect(
        view, &CanvasView::paletteDropped, this, [this](const QString& entry, const QPointF& at, const ItemRef& under) {
            if (entry == u"cluster") {
                view->editName(
                    editor.addCluster(std::pair(std::round(at.x() / 8) * 8 - 120, std::round(at.y() / 8) * 8 - 24)));
                return;
            }
            if (entry.startsWith(u"cluster:")) {
                editor.addClusterOf(entry.section(u':', 1).toStdString(),
                                    std::pair(std::round(at.x() / 8) * 8 - 120, std::round(at.y() / 8) * 8 - 24));
                return;
            }
            const std::string cluster = clusterOfItem(under);
            if (entry == u"member") {
                editor.addMember(cluster);
            } else if (entry == u"gateway") {
                editor.addGateway(cluster);
            } else if (const Result<DatasetKind> kind = parseDatasetKind(entry.toStdString())) {
                const ItemRef added = editor.addDataset(cluster, *kind);
                if (added.valid()) view->editName(added);
            }
        });
    connect(view, &CanvasView::collapseRequested, this, [this](const ItemRef& ref, bool collapsed) {
        LayoutSidecar layout = scene->effectiveLayout();
        layout[ref].collapsed = collapsed;
        if (!collapsed) layout.erase(ref);
        document.place(layout, collapsed ? tr("Collapse region") : tr("Expand region"));
    });
    connect(problems, &ProblemsPanel::placeRequested, text, &TextPanel::goTo);
}

}  // namespace tributary::desktop
