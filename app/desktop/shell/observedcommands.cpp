// Adopt, remove, pause, resume, compare, resync.
#include "app/desktop/shell/observedcommands.h"

#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QStatusBar>
#include <algorithm>

#include "app/desktop/live/datapanel.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

struct LinkCommand {
    const char16_t* id;
    const char* text;
    LinkAction action;
};

constexpr LinkCommand kLinkCommands[] = {
    {u"link.pause", QT_TRANSLATE_NOOP("ObservedCommands", "Pause the running link…"), LinkAction::Pause},
    {u"link.resume", QT_TRANSLATE_NOOP("ObservedCommands", "Resume the running link…"), LinkAction::Resume},
    {u"link.compare", QT_TRANSLATE_NOOP("ObservedCommands", "Compare both ends of the link"), LinkAction::Compare},
    {u"link.resync", QT_TRANSLATE_NOOP("ObservedCommands", "Resync both ends of the link…"), LinkAction::Resync},
};

}  // namespace

ObservedCommands::ObservedCommands(MainWindow& window, LiveBridge& bridge)
    : QObject(&window), window_(window), bridge_(bridge) {
    addActions();
    const auto* inspector = window_.bench().inspector;
    connect(inspector, &InspectorPanel::adoptRequested, this, [this](const ItemRef& ref) { adopt({ref}); });
    connect(inspector, &InspectorPanel::removeRequested, this, [this](const ItemRef& ref) { remove({ref}); });
    connect(inspector, &InspectorPanel::linkActionRequested, this, &ObservedCommands::act);
    connect(&bridge_, &LiveBridge::changed, this, &ObservedCommands::updateEnabled);
    connect(&window_.bench().selection, &Selection::changed, this, &ObservedCommands::updateEnabled);
    connect(&window_.bench().document, &DesktopDocument::stateChanged, this, &ObservedCommands::updateEnabled);
    connect(&window_.bench().document, &DesktopDocument::drawingChanged, this, &ObservedCommands::updateEnabled);
    updateEnabled();
}

void ObservedCommands::addActions() {
    ActionTable& actions = window_.actionTable();
    Selection& selection = window_.bench().selection;
    actions.add({u"ghost.adopt"_s, tr("Adop&t into the drawing"), u"check"_s, u"Ctrl+Alt+A"_s,
                 tr("Draws what runs and is not drawn, as it runs"), [this, &selection] { adopt(selection.items()); }});
    actions.add({u"ghost.remove"_s, tr("Plan to remove &what is not drawn…"), u"delete"_s, u"Ctrl+Alt+R"_s,
                 tr("Opens the plan that takes away what is selected, runs and is not drawn"),
                 [this, &selection] { remove(selection.items()); }});
    for (const LinkCommand& each : kLinkCommands) {
        actions.add({QString::fromUtf16(each.id), tr(each.text), {}, {}, {}, [this, &selection, each] {
                         act(selection.single(), each.action);
                     }});
    }
    QMenu* link = new QMenu(tr("Running &link"), &window_);
    for (const LinkCommand& each : kLinkCommands) link->addAction(actions.find(QString::fromUtf16(each.id)));
    for (QAction* menu : window_.menuBar()->actions()) {
        if (menu->text() == tr("&Run")) menu->menu()->addMenu(link);
        if (menu->text() != tr("&Draw")) continue;
        menu->menu()->addSeparator();
        for (const QString& id : {u"ghost.adopt"_s, u"ghost.remove"_s}) menu->menu()->addAction(actions.find(id));
    }
    for (const QString& id : {u"ghost.adopt"_s, u"ghost.remove"_s})
        window_.drawing().addToContextMenu(actions.find(id));
    window_.drawing().addToContextMenu(link->menuAction());
}

std::vector<Ghost> ObservedCommands::ghostsOf(const std::vector<ItemRef>& items) const {
    std::vector<Ghost> out;
    for (const ItemRef& ref : items) {
        if (const Ghost* ghost = ghostOf(bridge_.observed().ghosts, ref)) out.push_back(*ghost);
    }
    return out;
}

const ObservedReplica* ObservedCommands::recordOf(const ItemRef& link) const {
    if (bridge_.live() == nullptr || link.kind != ItemRef::Kind::Link) return nullptr;
    const ObservationPtr& observation = bridge_.live()->snapshot().observation;
    return observation == nullptr ? nullptr : ObservationIndex(*observation).replica(link.a, link.b);
}

void ObservedCommands::adopt(const std::vector<ItemRef>& items) {
    std::vector<ElementId> elements;
    for (const Ghost& each : ghostsOf(items))
        elements.insert(elements.end(), each.elements.begin(), each.elements.end());
    if (elements.empty() || bridge_.live() == nullptr || bridge_.live()->snapshot().observation == nullptr) return;
    if (!window_.bench().editor.adopt(elements, *bridge_.live()->snapshot().observation)) return;
    window_.statusBar()->showMessage(tr("Drawn as it runs. Undo takes it out of the drawing again."), 6000);
}

void ObservedCommands::remove(const std::vector<ItemRef>& items) {
    std::vector<std::string> names;
    for (const Ghost& each : ghostsOf(items)) {
        for (const ElementId& element : each.elements) names.push_back(placeOf(element));
    }
    if (!names.empty()) bridge_.planOnly(names);
}

void ObservedCommands::act(const ItemRef& link, LinkAction action) {
    const ObservedReplica* record = recordOf(link);
    if (!isPossible(action, record)) return;
    if (action == LinkAction::Pause || action == LinkAction::Resume) {
        confirm(wordsOf(action, link.a, link.b, record));
    } else if (action == LinkAction::Resync) {
        openResync(link);
    } else if (QDockWidget* dock = window_.panel(u"data"_s)) {
        dock->show();
        dock->raise();
        qobject_cast<DataPanel*>(dock->widget())
            ->compareTables(QString::fromStdString(link.a), QString::fromStdString(link.b));
    }
}

void ObservedCommands::confirm(const LinkActionWords& words) {
    auto* box = new QMessageBox(QMessageBox::Question, tr("%1 this link?").arg(words.title), words.says,
                                QMessageBox::Ok | QMessageBox::Cancel, &window_);
    box->setObjectName(u"linkAction"_s);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setInformativeText(words.command);
    box->setTextInteractionFlags(Qt::TextSelectableByMouse);
    box->button(QMessageBox::Ok)->setText(words.title);
    connect(box, &QMessageBox::finished, this, [this, line = words.command](int answer) {
        if (answer != QMessageBox::Ok || bridge_.live() == nullptr) return;
        LiveWorkspace* live = bridge_.live();
        auto* once = new QObject(live);
        connect(
            live, &LiveWorkspace::commandDone, once, [this, once, line](const QString& done, const QString& problem) {
                if (done != line) return;
                once->deleteLater();
                if (problem.isEmpty()) {
                    window_.statusBar()->showMessage(tr("Done: %1").arg(line), 6000);
                } else {
                    window_.bench().banners->showBanner(u"command"_s, {Severity::Warning, line + u'\n' + problem, {}});
                }
            });
        live->runCommand(line);
    });
    box->open();
}

void ObservedCommands::openResync(const ItemRef& link) {
    LiveWorkspace* live = bridge_.live();
    if (live->run().isActive()) return;
    const bool back = recordOf(linkRef(link.b, link.a)) != nullptr;
    auto* once = new QObject(live);
    connect(&live->run(), &RunControl::runbookChanged, once, [live, once, link, back] {
        once->deleteLater();
        disconnect(&live->run(), &RunControl::runbookChanged, once, nullptr);
        live->run().setParameters({{"source", link.a}, {"replica", link.b}, {"multimaster", back ? "true" : "false"}});
    });
    live->run().choose(u"replica-resync"_s);
    if (QDockWidget* dock = window_.panel(u"runbook"_s)) {
        dock->show();
        dock->raise();
    }
}

void ObservedCommands::updateEnabled() {
    ActionTable& actions = window_.actionTable();
    const Selection& selection = window_.bench().selection;
    const bool ghosts = !ghostsOf(selection.items()).empty();
    const bool editable = window_.bench().document.editable();
    for (const QString& id : {u"ghost.adopt"_s, u"ghost.remove"_s}) actions.find(id)->setEnabled(ghosts && editable);
    const ObservedReplica* record = recordOf(selection.single());
    const bool free = bridge_.live() != nullptr && !bridge_.live()->run().isActive();
    for (const LinkCommand& each : kLinkCommands) {
        QAction* action = actions.find(QString::fromUtf16(each.id));
        action->setEnabled(free && isPossible(each.action, record));
        if (record != nullptr) {
            action->setToolTip(wordsOf(each.action, selection.single().a, selection.single().b, record).says);
        }
    }
}

}  // namespace tributary::desktop
