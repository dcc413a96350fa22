// Engine and fault commands.
#include "app/desktop/shell/livecommands.h"

#include <QFileDialog>
#include <QInputDialog>
#include <QMenuBar>

#include "app/desktop/shell/exportcommands.h"
#include "app/desktop/shell/printcommands.h"
#include "app/desktop/style/icons.h"
#include "core/systems/naming.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

struct FaultCommand {
    const char16_t* id;
    const char* text;
    FaultKind kind;
    bool oneWay;
};

constexpr FaultCommand kFaults[] = {
    {u"fault.cut", QT_TRANSLATE_NOOP("LiveCommands", "Cut the network, both ways"), FaultKind::Cut, false},
    {u"fault.cut-one-way", QT_TRANSLATE_NOOP("LiveCommands", "Cut the network, one way"), FaultKind::Cut, true},
    {u"fault.delay", QT_TRANSLATE_NOOP("LiveCommands", "Delay the network…"), FaultKind::Delay, false},
    {u"fault.bandwidth", QT_TRANSLATE_NOOP("LiveCommands", "Limit the network's bandwidth…"), FaultKind::Bandwidth,
     false},
    {u"fault.heal", QT_TRANSLATE_NOOP("LiveCommands", "Heal the network"), FaultKind::Heal, false},
    {u"fault.kill", QT_TRANSLATE_NOOP("LiveCommands", "Kill the cluster"), FaultKind::Kill, false},
    {u"fault.freeze", QT_TRANSLATE_NOOP("LiveCommands", "Freeze the cluster"), FaultKind::Freeze, false},
    {u"fault.thaw", QT_TRANSLATE_NOOP("LiveCommands", "Thaw the cluster"), FaultKind::Thaw, false},
    {u"fault.start", QT_TRANSLATE_NOOP("LiveCommands", "Start the cluster"), FaultKind::Start, false},
    {u"fault.disk-full", QT_TRANSLATE_NOOP("LiveCommands", "Fill the cluster's disk"), FaultKind::DiskFull, false},
    {u"fault.disk-slow", QT_TRANSLATE_NOOP("LiveCommands", "Slow the cluster's disk"), FaultKind::DiskSlow, false},
    {u"fault.disk-ok", QT_TRANSLATE_NOOP("LiveCommands", "Mend the cluster's disk"), FaultKind::DiskOk, false},
    {u"fault.gateway-stop", QT_TRANSLATE_NOOP("LiveCommands", "Stop the gateway"), FaultKind::GatewayStop, false},
    {u"fault.gateway-start", QT_TRANSLATE_NOOP("LiveCommands", "Start the gateway"), FaultKind::GatewayStart, false}};

bool ofNetwork(FaultKind kind) {
    return kind == FaultKind::Cut || kind == FaultKind::Delay || kind == FaultKind::Bandwidth ||
           kind == FaultKind::Heal;
}
bool ofGateway(FaultKind kind) {
    return kind == FaultKind::GatewayStop || kind == FaultKind::GatewayStart;
}

}  // namespace

LiveCommands::LiveCommands(MainWindow& window, LiveBridge& bridge)
    : QObject(&window), window_(window), bridge_(bridge) {
    addActions();
    addMenuAndTools();
    new ExportCommands(window, bridge, this);
    new PrintCommands(window, bridge, this);
    connect(&bridge_, &LiveBridge::changed, this, &LiveCommands::updateEnabled);
    connect(&window_.bench().selection, &Selection::changed, this, &LiveCommands::updateEnabled);
    connect(&window_.bench().document, &DesktopDocument::stateChanged, this, &LiveCommands::updateEnabled);
    updateEnabled();
}

void LiveCommands::addActions() {
    ActionTable& actions = window_.actionTable();
    actions.add({u"live.real"_s, tr("&Make this drawing real"), u"run"_s, u"Ctrl+R"_s,
                 tr("Starts the engine and shows the plan: every step from what runs to what is drawn"),
                 [this] { bridge_.makeReal(); }});
    actions.add({u"live.start"_s, tr("&Start the engine"), {}, u"Ctrl+Shift+U"_s, {}, [this] {
                     if (bridge_.live() != nullptr) bridge_.live()->startEngine();
                 }});
    actions.add(
        {u"live.stop"_s, tr("S&top the engine"), {}, {}, tr("A daemon that the window is attached to goes on"), [this] {
             if (bridge_.live() != nullptr) bridge_.live()->stopEngine();
         }});
    actions.add({u"live.replay"_s,
                 tr("Re&play the last run"),
                 {},
                 u"Ctrl+Alt+Y"_s,
                 tr("Shows any moment of it again, on a time line under the canvas"),
                 [this] { bridge_.startReplay(); }});
    actions.add({u"file.open-replay"_s,
                 tr("Open &replay\u2026"),
                 {},
                 {},
                 tr("The runs of a support bundle (tributary support)"),
                 [this] {
                     auto* ask = new QFileDialog(&window_, tr("Open replay"));
                     ask->setAttribute(Qt::WA_DeleteOnClose);
                     ask->setFileMode(QFileDialog::ExistingFile);
                     ask->setNameFilter(tr("Support bundles (*.tar.gz)"));
                     connect(ask, &QFileDialog::fileSelected, &bridge_, &LiveBridge::openBundle);
                     ask->open();
                 }});
    actions.add({u"live.replay-run"_s,
                 tr("Replay an &earlier run\u2026"),
                 {},
                 {},
                 tr("From its journal: steps, commands, answers"),
                 [this] { bridge_.askReplay(); }});
    const std::pair<QString, std::pair<QString, QString>> docks[] = {
        {u"plan"_s, {tr("Go to the plan"), u"Ctrl+Alt+P"_s}},
        {u"runbook"_s, {tr("Go to the runbook"), u"Alt+7"_s}},
        {u"lag"_s, {tr("Go to the lag"), u"Alt+8"_s}},
        {u"data"_s, {tr("Go to the data"), u"Alt+9"_s}},
        {u"console"_s, {tr("Go to the console"), u"Alt+0"_s}},
        {u"alarms"_s, {tr("Go to the alarms"), {}}},
        {u"log"_s, {tr("Go to the log"), {}}},
        {u"faults"_s, {tr("Go to the faults"), {}}}};
    for (const auto& [id, what] : docks) {
        actions.add({u"go."_s + id, what.first, {}, what.second, {}, [this, id = id] { goTo(id); }});
    }
    for (const FaultCommand& each : kFaults) {
        actions.add(
            {QString::fromUtf16(each.id), tr(each.text), {}, {}, {}, [this, each] { fault(each.kind, each.oneWay); }});
    }
    actions.add({u"fault.clear"_s, tr("&Clear all faults, and prove it"), u"check"_s, u"Ctrl+Shift+H"_s, {}, [this] {
                     if (bridge_.live() != nullptr) bridge_.live()->clearFaults();
                 }});
}

void LiveCommands::goTo(const QString& id) {
    QDockWidget* dock = window_.panel(id);
    if (dock == nullptr) return;
    dock->show();
    dock->raise();
    QWidget* panel = dock->widget();
    QWidget* first = panel->nextInFocusChain();
    const auto takesKeys = [](const QWidget& each) {
        return (each.focusPolicy() & Qt::TabFocus) != 0 && each.isVisible() && each.isEnabled();
    };
    while (panel->isAncestorOf(first) && !takesKeys(*first)) first = first->nextInFocusChain();
    (panel->isAncestorOf(first) ? first : panel)->setFocus(Qt::ShortcutFocusReason);
}

void LiveCommands::addMenuAndTools() {
    ActionTable& actions = window_.actionTable();
    auto* run = new QMenu(tr("&Run"), &window_);
    for (const QString& id : {u"live.real"_s, u"live.start"_s, u"live.stop"_s, u"live.replay"_s, u"live.replay-run"_s})
        run->addAction(actions.find(id));
    if (QMenu* file = window_.menuBar()->actions().first()->menu()) {
        file->insertAction(actions.find(u"file.save"_s), actions.find(u"file.open-replay"_s));
    }
    QMenu* faults = run->addMenu(tr("&Faults"));
    for (const FaultCommand& each : kFaults) faults->addAction(actions.find(QString::fromUtf16(each.id)));
    run->addSeparator();
    run->addAction(actions.find(u"fault.clear"_s));
    const QList<QAction*> menus = window_.menuBar()->actions();
    window_.menuBar()->insertMenu(menus.at(menus.size() - 2), run);
    auto* room = new QWidget(&window_);
    room->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    window_.toolBar().addWidget(room);
    auto* faultButton = new QToolButton(&window_);
    faultButton->setText(tr("Faults"));
    faultButton->setMenu(faults);
    faultButton->setPopupMode(QToolButton::InstantPopup);
    faultButton->setToolTip(tr("Faults on the selected cluster, gateway, link or network"));
    window_.toolBar().addWidget(faultButton);
    window_.toolBar().addAction(actions.find(u"fault.clear"_s));
    window_.toolBar().addWidget(makeRealButton(*actions.find(u"live.real"_s)));
    window_.drawing().addToContextMenu(faults->menuAction());
}

/// The one button with a filled ground: its icon takes the colour of text on that ground, which the menu's must not.
QToolButton* LiveCommands::makeRealButton(QAction& action) {
    auto* real = new QToolButton(&window_);
    real->setObjectName(u"primaryTool"_s);
    real->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    const ThemeHolder& themes = window_.bench().themes;
    const auto dress = [real, &action, &themes] {
        real->setText(action.text().remove(u'&'));
        real->setToolTip(action.toolTip());
        real->setEnabled(action.isEnabled());
        const Theme& theme = themes.theme();
        real->setIcon(iconOf(u"run"_s, action.isEnabled() ? theme.onAccent : theme.muted));
    };
    connect(real, &QToolButton::clicked, &action, &QAction::trigger);
    connect(&action, &QAction::changed, real, dress);
    connect(&themes, &ThemeHolder::changed, real, dress);
    dress();
    return real;
}

bool LiveCommands::target(FaultKind kind, FaultOrder& order) const {
    const Selection& selection = window_.bench().selection;
    if (ofGateway(kind)) {
        order.a = selection.single().b;
        return selection.single().kind == ItemRef::Kind::Gateway;
    }
    const auto clusters = selection.ofKind(ItemRef::Kind::Cluster);
    if (!ofNetwork(kind)) {
        if (clusters.size() != 1) return false;
        order.a = clusters[0].a;
        return true;
    }
    const ItemRef one = selection.single();
    if (one.kind == ItemRef::Kind::Link) {
        order.a = clusterOf(one.a);
        order.b = clusterOf(one.b);
    } else if (one.kind == ItemRef::Kind::Wan) {
        order.a = one.a;
        order.b = one.b;
    } else if (clusters.size() == 2) {
        order.a = clusters[0].a;
        order.b = clusters[1].a;
    }
    return !order.a.empty() && order.a != order.b;
}

void LiveCommands::fault(FaultKind kind, bool oneWay) {
    FaultOrder order;
    order.kind = kind;
    order.oneWay = oneWay;
    if (bridge_.live() == nullptr || !target(kind, order)) return;
    if (kind != FaultKind::Delay && kind != FaultKind::Bandwidth) {
        bridge_.live()->sendFault(order);
        return;
    }
    auto* ask = new QInputDialog(&window_);
    ask->setAttribute(Qt::WA_DeleteOnClose);
    ask->setLabelText(kind == FaultKind::Delay ? tr("Delay, one way:") : tr("Bandwidth:"));
    ask->setTextValue(kind == FaultKind::Delay ? u"200ms"_s : u"1MB/s"_s);
    connect(ask, &QInputDialog::textValueSelected, this, [this, order](const QString& amount) {
        FaultOrder whole = order;
        whole.amount = amount.toStdString();
        if (bridge_.live() != nullptr) bridge_.live()->sendFault(whole);
    });
    ask->open();
}

void LiveCommands::updateEnabled() {
    ActionTable& actions = window_.actionTable();
    const LiveWorkspace* live = bridge_.live();
    const bool open = window_.bench().document.isOpen();
    const bool usable = live != nullptr && live->engine().usable();
    const EngineState state = live == nullptr ? EngineState::Off : live->engine().state;
    actions.find(u"live.real"_s)->setEnabled(open && window_.bench().document.editable());
    actions.find(u"live.start"_s)
        ->setEnabled(live != nullptr && (state == EngineState::Off || state == EngineState::Failed));
    actions.find(u"live.stop"_s)->setEnabled(state == EngineState::Running);
    actions.find(u"fault.clear"_s)->setEnabled(usable);
    actions.find(u"live.replay"_s)
        ->setEnabled(bridge_.live() != nullptr && bridge_.replay() == nullptr && !bridge_.live()->run().isActive() &&
                     bridge_.live()->run().tape().isPlayable());
    actions.find(u"live.replay-run"_s)->setEnabled(live != nullptr && !bridge_.live()->run().isActive());
    for (const QString& id :
         {u"plan"_s, u"runbook"_s, u"lag"_s, u"data"_s, u"console"_s, u"alarms"_s, u"log"_s, u"faults"_s}) {
        actions.find(u"go."_s + id)->setEnabled(live != nullptr);
    }
    for (const FaultCommand& each : kFaults) {
        FaultOrder order;
        actions.find(QString::fromUtf16(each.id))->setEnabled(usable && target(each.kind, order));
    }
}

}  // namespace tributary::desktop
