// Commands that change the drawing.
#include "app/desktop/shell/drawingcommands.h"

#include <QApplication>
#include <QClipboard>
#include <algorithm>

#include "app/desktop/document/linkcheck.h"
#include "app/desktop/panels/linkdialog.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

DrawingCommands::DrawingCommands(Workbench& bench, ActionTable& actions, QObject* parent)
    : QObject(parent), bench_(bench), actions_(actions) {
    addEditActions();
    addDrawActions();
    addArrangeActions();
    connect(bench_.palette, &PalettePanel::chosen, this, &DrawingCommands::add);
    connect(bench_.scene, &CanvasScene::linkDropped, this, &DrawingCommands::showDropMenu);
    connect(bench_.view, &CanvasView::contextMenuRequested, this,
            [this](const ItemRef& /*under*/, const QPoint& at) { showContextMenu(at); });
    connect(bench_.outline, &OutlinePanel::contextMenuRequested, this,
            [this](const ItemRef& /*under*/, const QPoint& at) { showContextMenu(at); });
    connect(&bench_.selection, &Selection::changed, this, &DrawingCommands::updateEnabled);
    connect(&bench_.document, &DesktopDocument::stateChanged, this, &DrawingCommands::updateEnabled);
    connect(&bench_.document, &DesktopDocument::drawingChanged, this, &DrawingCommands::updateEnabled);
    connect(&bench_.document, &DesktopDocument::layoutChanged, this, &DrawingCommands::updateEnabled);
    updateEnabled();
}

void DrawingCommands::addEditActions() {
    QUndoStack& undo = bench_.document.undoStack();
    const auto copy = [this] {
        QApplication::clipboard()->setText(QString::fromStdString(bench_.editor.copyAsText(bench_.selection.items())));
    };
    actions_.add({u"edit.undo"_s, tr("&Undo"), u"undo"_s, u"Ctrl+Z"_s, {}, [this, &undo] {
                      bench_.text->commit();
                      undo.undo();
                  }});
    actions_.add({u"edit.redo"_s, tr("&Redo"), u"redo"_s, u"Ctrl+Shift+Z"_s, {}, [&undo] { undo.redo(); }});
    actions_.add({u"edit.cut"_s, tr("Cu&t"), u"cut"_s, u"Ctrl+X"_s, {}, [this, copy] {
                      copy();
                      removeSelected();
                  }});
    actions_.add({u"edit.copy"_s, tr("&Copy"), u"copy"_s, u"Ctrl+C"_s, tr("As the text of a drawing"), copy});
    actions_.add({u"edit.paste"_s, tr("&Paste"), u"paste"_s, u"Ctrl+V"_s, {}, [this] {
                      bench_.editor.paste(QApplication::clipboard()->text().toStdString(), targetCluster(),
                                          tr("Paste"));
                  }});
    actions_.add({u"edit.duplicate"_s, tr("&Duplicate"), {}, u"Ctrl+D"_s, {}, [this] {
                      bench_.editor.duplicate(bench_.selection.items());
                  }});
    actions_.add({u"edit.delete"_s, tr("De&lete"), u"delete"_s, u"Del"_s, {}, [this] { removeSelected(); }});
    actions_.add({u"edit.rename"_s, tr("Re&name"), {}, u"F2"_s, {}, [this] { editName(); }});
    actions_.add({u"edit.select-all"_s, tr("Select &all datasets"), {}, u"Ctrl+A"_s, {}, [this] {
                      std::vector<ItemRef> all;
                      for (const Dataset& each : bench_.document.topology().datasets)
                          all.push_back(datasetRef(each.path));
                      bench_.selection.set(std::move(all));
                  }});
    connect(&undo, &QUndoStack::indexChanged, this, &DrawingCommands::updateEnabled);
}

void DrawingCommands::addDrawActions() {
    const std::pair<QString, std::pair<QString, QString>> entries[] = {
        {u"cluster"_s, {tr("Add &cluster"), u"Ctrl+Shift+C"_s}},
        {u"gateway"_s, {tr("Add &gateway"), u"Ctrl+Shift+G"_s}},
        {u"binary-table"_s, {tr("Add &binary table"), u"Ctrl+Shift+B"_s}},
        {u"json-table"_s, {tr("Add &JSON table"), u"Ctrl+Shift+J"_s}},
        {u"stream"_s, {tr("Add &stream"), u"Ctrl+Shift+R"_s}}};
    for (const auto& [id, words] : entries) {
        actions_.add({u"draw."_s + id, words.first, id, words.second, {}, [this, id = id] { add(id); }});
    }
    addMemberActions();
    actions_.add({u"draw.link"_s, tr("&Link to…"), u"link"_s, u"Ctrl+L"_s,
                  tr("From the selected dataset; also by dragging from the circle at its right edge"),
                  [this] { askLink(); }});
    actions_.add({u"draw.note"_s, tr("Add n&ote"), u"note"_s, u"Ctrl+Shift+T"_s,
                  tr("Text on the canvas, kept beside the drawing"), [this] {
                      const QPointF at = bench_.view->centreInScene();
                      const ItemRef added = bench_.editor.addNote(std::round(at.x() - 100), std::round(at.y() - 30),
                                                                  tr("Note").toStdString());
                      bench_.view->setFocus();
                      bench_.view->open(added);
                  }});
    actions_.add({u"draw.wan"_s, tr("Add &network between clusters"), u"wan"_s, u"Ctrl+Shift+N"_s,
                  tr("Between the two selected clusters"), [this] {
                      const auto two = bench_.selection.ofKind(ItemRef::Kind::Cluster);
                      if (two.size() == 2) bench_.editor.addWan(two[0].a, two[1].a);
                  }});
    const auto bulk = [this](DrawingEditor::Bulk how) {
        return [this, how] { bench_.editor.connectMany(selectedDatasets(), how); };
    };
    actions_.add({u"draw.mesh"_s,
                  tr("&Mesh of the selected datasets"),
                  {},
                  u"Ctrl+Shift+M"_s,
                  {},
                  bulk(DrawingEditor::Bulk::Mesh)});
    actions_.add({u"draw.ring"_s,
                  tr("&Ring of the selected datasets"),
                  {},
                  {},
                  tr("In the order of selection"),
                  bulk(DrawingEditor::Bulk::Ring)});
    actions_.add(
        {u"draw.all-to-last"_s, tr("All selected &to the last one"), {}, {}, {}, bulk(DrawingEditor::Bulk::AllToLast)});
    actions_.add({u"problems.fix"_s, tr("&Fix the current problem"), u"fix"_s, u"Ctrl+."_s, {}, [this] {
                      bench_.problems->fixCurrent();
                  }});
    actions_.add({u"problems.fix-all"_s, tr("Fix &all that are certain"), {}, u"Ctrl+Shift+."_s, {}, [this] {
                      bench_.editor.applyAllFixes();
                  }});
}

void DrawingCommands::addMemberActions() {
    const std::pair<QString, std::pair<QString, QString>> entries[] = {
        {u"cluster:tarantool"_s, {tr("Add &replica set of Tarantool"), u"cluster"_s}},
        {u"member"_s, {tr("Add &instance to the replica set"), u"instance"_s}},
        {u"space"_s, {tr("Add s&pace"), u"space"_s}},
        {u"cluster:voltdb"_s, {tr("Add &database of VoltDB"), u"cluster"_s}},
        {u"dr-table"_s, {tr("Add replicated &table"), u"dr-table"_s}}};
    for (const auto& [id, words] : entries) {
        const QString action = u"draw."_s + QString(id).replace(u':', u'-');
        actions_.add({action, words.first, words.second, {}, {}, [this, id = id] { add(id); }});
    }
    const auto connectTwo = [this](bool both) {
        return [this, both] {
            const auto two = bench_.selection.ofKind(ItemRef::Kind::Cluster);
            if (two.size() == 2) bench_.editor.addConnection(two[1].a, two[0].a, both);
        };
    };
    actions_.add({u"draw.connection"_s,
                  tr("Co&nnect: the second database fetches from the first"),
                  u"link"_s,
                  {},
                  tr("Between the two selected clusters of VoltDB"),
                  connectTwo(false)});
    actions_.add({u"draw.connection-both"_s,
                  tr("Connect b&oth ways: each fetches from the other"),
                  u"link"_s,
                  {},
                  tr("Between the two selected clusters of VoltDB"),
                  connectTwo(true)});
}

void DrawingCommands::removeSelected() {
    bench_.editor.remove(bench_.selection.items());
}

std::string DrawingCommands::targetCluster() const {
    for (const ItemRef& each : bench_.selection.items()) {
        const std::string name = clusterOfItem(each);
        if (bench_.document.topology().cluster(name) != nullptr) return name;
    }
    const auto& clusters = bench_.document.topology().clusters;
    return clusters.size() == 1 ? clusters.front().name : std::string();
}

std::vector<std::string> DrawingCommands::selectedDatasets() const {
    std::vector<std::string> out;
    for (const ItemRef& each : bench_.selection.ofKind(ItemRef::Kind::Dataset)) {
        if (isDrawn(bench_.document.topology(), each)) out.push_back(each.a);
    }
    return out;
}

void DrawingCommands::add(const QString& entry) {
    ItemRef added;
    if (entry == u"cluster") {
        std::optional<std::pair<double, double>> at;
        if (bench_.document.topology().clusters.empty()) {
            const QPointF centre = bench_.view->centreInScene();
            at = std::pair(std::round(centre.x() / 8) * 8 - 400, std::round(centre.y() / 8) * 8 - 120);
        }
        added = bench_.editor.addCluster(at);
    } else if (entry.startsWith(u"cluster:")) {
        added = bench_.editor.addClusterOf(entry.section(u':', 1).toStdString());
    } else if (entry == u"member") {
        added = bench_.editor.addMember(targetCluster());
    } else if (entry == u"gateway") {
        added = bench_.editor.addGateway(targetCluster());
    } else if (const Result<DatasetKind> kind = parseDatasetKind(entry.toStdString())) {
        added = bench_.editor.addDataset(targetCluster(), *kind);
    }
    if (added.valid()) editName();
}

void DrawingCommands::editName() {
    // Where the keyboard is: the outline's editor for those who work there, else on the canvas.
    if (bench_.outline->tree().hasFocus()) {
        // The outline is rebuilt after the edit that brought us here; its row exists then.
        QMetaObject::invokeMethod(
            this, [this] { bench_.outline->editName(); }, Qt::QueuedConnection);
        return;
    }
    bench_.view->editName(bench_.selection.single());
}

void DrawingCommands::askLink() {
    const auto datasets = selectedDatasets();
    if (datasets.empty()) {
        bench_.tell(
            Error{ErrorCode::InvalidInput, "a link begins at a dataset", {}, "select the dataset it comes from"});
        return;
    }
    if (datasets.size() == 2) {
        showDropMenu(datasets[0], datasets[1], bench_.view->mapToGlobal(bench_.view->rect().center()));
        return;
    }
    auto* dialog = new LinkDialog(bench_.document, bench_.themes, datasets.front(), &bench_.window);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &LinkDialog::chosen, this,
            [this](const std::string& from, const std::string& to, LinkHalves halves) {
                bench_.editor.connectDatasets(from, to, halves);
            });
    dialog->open();
}

void DrawingCommands::showDropMenu(const std::string& from, const std::string& to, const QPoint& screenPos) {
    const LinkJudgement judged = judgeLink(bench_.document.topology(), from, to, LinkHalves::Replica);
    if (judged.verdict == LinkVerdict::Refused && !judged.findings.empty()) {
        bench_.editor.connectDatasets(from, to, LinkHalves::Replica);  // tells rule, reason and fix
        return;
    }
    auto* menu = new QMenu(&bench_.window);
    menu->setObjectName(u"linkMenu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addSection(QString::fromStdString(shortName(linkRef(from, to))));
    const std::pair<QString, LinkHalves> ways[] = {{tr("&Replica edge: the source sends"), LinkHalves::Replica},
                                                   {tr("&Upstream edge: the replica accepts"), LinkHalves::Upstream},
                                                   {tr("&Both records: a whole link"), LinkHalves::Both},
                                                   {tr("&Multi-master: both ways"), LinkHalves::BothWays}};
    for (const auto& [text, halves] : ways) {
        QAction* action = menu->addAction(text);
        connect(action, &QAction::triggered, this,
                [this, from, to, halves = halves] { bench_.editor.connectDatasets(from, to, halves); });
    }
    menu->popup(screenPos);
    menu->setActiveAction(menu->actions().at(1));
}

void DrawingCommands::addMenu(QMenu& menu) const {
    for (const QString& id : {u"draw.cluster"_s,
                              u"draw.gateway"_s,
                              u"draw.binary-table"_s,
                              u"draw.json-table"_s,
                              u"draw.stream"_s,
                              u"-"_s,
                              u"draw.cluster-tarantool"_s,
                              u"draw.member"_s,
                              u"draw.space"_s,
                              u"draw.cluster-voltdb"_s,
                              u"draw.dr-table"_s,
                              u"-"_s,
                              u"draw.connection"_s,
                              u"draw.connection-both"_s,
                              u"draw.link"_s,
                              u"draw.wan"_s,
                              u"draw.note"_s,
                              u"-"_s,
                              u"draw.mesh"_s,
                              u"draw.ring"_s,
                              u"draw.all-to-last"_s,
                              u"-"_s,
                              u"problems.fix"_s,
                              u"problems.fix-all"_s}) {
        if (id == u"-") {
            menu.addSeparator();
        } else {
            menu.addAction(actions_.find(id));
        }
    }
}

void DrawingCommands::showContextMenu(const QPoint& screenPos) {
    auto* menu = new QMenu(&bench_.window);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const QString& id : {u"draw.link"_s,
                              u"draw.mesh"_s,
                              u"draw.ring"_s,
                              u"draw.all-to-last"_s,
                              u"draw.wan"_s,
                              u"draw.connection"_s,
                              u"draw.connection-both"_s,
                              u"draw.member"_s,
                              u"draw.space"_s,
                              u"draw.dr-table"_s,
                              u"-"_s,
                              u"draw.cluster"_s,
                              u"draw.gateway"_s,
                              u"draw.binary-table"_s,
                              u"draw.json-table"_s,
                              u"draw.stream"_s,
                              u"-"_s,
                              u"edit.rename"_s,
                              u"edit.cut"_s,
                              u"edit.copy"_s,
                              u"edit.paste"_s,
                              u"edit.duplicate"_s,
                              u"edit.delete"_s,
                              u"-"_s,
                              u"arrange.pin"_s,
                              u"arrange.collapse"_s,
                              u"link.bend"_s,
                              u"link.straighten"_s,
                              u"region.add"_s,
                              u"region.leave"_s,
                              u"view.zoom-selection"_s}) {
        QAction* action = actions_.find(id);
        if (id == u"-") {
            menu->addSeparator();
        } else if (action != nullptr && action->isEnabled()) {
            menu->addAction(action);
        }
    }
    menu->addSeparator();
    for (QAction* each : extra_) {
        const QList<QAction*> of = each->menu() == nullptr ? QList<QAction*>{each} : each->menu()->actions();
        if (std::any_of(of.begin(), of.end(), [](const QAction* one) { return one->isEnabled(); }))
            menu->addAction(each);
    }
    menu->popup(screenPos);
}

void DrawingCommands::updateEnabled() {
    const Selection& selection = bench_.selection;
    const bool editable = bench_.document.editable();
    const Topology& drawing = bench_.document.topology();
    // What runs and is not drawn may be selected too.
    const auto drawn = [&drawing](const ItemRef& each) { return isDrawn(drawing, each); };
    const bool any = std::any_of(selection.items().begin(), selection.items().end(), drawn);
    const bool anyNote = !selection.ofKind(ItemRef::Kind::Note).empty();
    const auto count = [&](ItemRef::Kind kind) {
        const std::vector<ItemRef> items = selection.ofKind(kind);
        return static_cast<std::size_t>(std::count_if(items.begin(), items.end(), drawn));
    };
    const std::size_t datasets = count(ItemRef::Kind::Dataset);
    const std::size_t clusters = count(ItemRef::Kind::Cluster);
    const auto enable = [&](const QString& id, bool on) {
        if (QAction* action = actions_.find(id)) action->setEnabled(on);
    };
    const QUndoStack& undo = bench_.document.undoStack();
    const bool unlocked = bench_.document.isOpen() && bench_.document.lock().isEmpty();
    enable(u"edit.undo"_s, unlocked && undo.canUndo());
    enable(u"edit.redo"_s, unlocked && undo.canRedo());
    if (QAction* action = actions_.find(u"edit.undo"_s)) {
        action->setText(undo.canUndo() ? tr("&Undo: %1").arg(undo.undoText()) : tr("&Undo"));
    }
    if (QAction* action = actions_.find(u"edit.redo"_s)) {
        action->setText(undo.canRedo() ? tr("&Redo: %1").arg(undo.redoText()) : tr("&Redo"));
    }
    for (const QString& id : {u"edit.cut"_s, u"edit.duplicate"_s, u"edit.delete"_s}) enable(id, editable && any);
    if (anyNote) enable(u"edit.delete"_s, bench_.document.isOpen());
    enable(u"edit.copy"_s, any);
    enable(u"edit.paste"_s, editable);
    enable(u"edit.rename"_s, editable && drawn(selection.single()));
    enable(u"draw.cluster"_s, editable);
    const bool inCluster = editable && !bench_.document.topology().clusters.empty();
    for (const QString& id : {u"draw.gateway"_s, u"draw.binary-table"_s, u"draw.json-table"_s, u"draw.stream"_s}) {
        enable(id, inCluster);
    }
    const auto isOf = [&](const std::string& name, std::string_view system) {
        const Cluster* found = drawing.cluster(name);
        return found != nullptr && found->system == system;
    };
    const std::vector<ItemRef> two = selection.ofKind(ItemRef::Kind::Cluster);
    const bool databases = two.size() == 2 && isOf(two[0].a, "voltdb") && isOf(two[1].a, "voltdb");
    enable(u"draw.cluster-tarantool"_s, editable);
    enable(u"draw.cluster-voltdb"_s, editable);
    enable(u"draw.member"_s, editable && isOf(targetCluster(), "tarantool"));
    enable(u"draw.space"_s, editable && isOf(targetCluster(), "tarantool"));
    enable(u"draw.dr-table"_s, editable && isOf(targetCluster(), "voltdb"));
    enable(u"draw.connection"_s, editable && databases);
    enable(u"draw.connection-both"_s, editable && databases);
    enable(u"draw.link"_s, editable && datasets >= 1);
    enable(u"draw.wan"_s, editable && clusters == 2);
    for (const QString& id : {u"draw.mesh"_s, u"draw.ring"_s, u"draw.all-to-last"_s})
        enable(id, editable && datasets > 1);
    const auto grouped = selection.ofKind(ItemRef::Kind::Cluster);
    const std::vector<ItemRef> links = selection.ofKind(ItemRef::Kind::Link);
    const LayoutSidecar& layout = bench_.document.layout();
    enable(u"link.bend"_s, links.size() == 1 && drawn(links.front()));
    enable(u"link.straighten"_s,
           std::any_of(links.begin(), links.end(), [&](const ItemRef& each) { return layout.contains(each); }));
    enable(u"draw.note"_s, bench_.document.isOpen());
    enable(u"region.add"_s, editable && clusters > 0);
    enable(u"region.leave"_s, editable && std::any_of(grouped.begin(), grouped.end(), [&](const ItemRef& each) {
                                  return drawing.regionOf(each.a) != nullptr;
                              }));
    enable(u"region.collapse-all"_s, !drawing.regions.empty());
    enable(u"region.expand-all"_s, !drawing.regions.empty());
    enable(u"arrange.pin"_s, clusters > 0);
    enable(u"arrange.collapse"_s, clusters > 0 || count(ItemRef::Kind::Region) > 0);
    for (const QString& id : {u"arrange.left"_s, u"arrange.centre"_s, u"arrange.top"_s, u"arrange.middle"_s}) {
        enable(id, clusters > 1 || datasets > 1);
    }
    enable(u"arrange.across"_s, clusters > 2);
    enable(u"arrange.down"_s, clusters > 2);
}

}  // namespace tributary::desktop
