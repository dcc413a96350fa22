// Making actions and keeping their shortcuts.
#include "app/desktop/shell/actiontable.h"

#include <QWidget>

#include "app/desktop/style/icons.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {
constexpr char kIconProperty[] = "iconName";
constexpr char kDefaultProperty[] = "defaultShortcut";
constexpr char kTipProperty[] = "tip";
}  // namespace

ActionTable::ActionTable(QWidget& window, const ThemeHolder& themes, QSettings& settings)
    : QObject(&window), window_(window), themes_(themes), settings_(settings) {
    connect(&themes_, &ThemeHolder::changed, this, &ActionTable::refreshIcons);
}

QAction* ActionTable::add(const ActionSpec& spec) {
    auto* action = new QAction(spec.text, this);
    action->setObjectName(spec.id);
    action->setCheckable(spec.checkable);
    action->setProperty(kIconProperty, spec.icon);
    action->setProperty(kDefaultProperty, spec.shortcut);
    action->setProperty(kTipProperty, spec.tip);
    const QString keys = settings_.value(u"shortcuts/"_s + spec.id, spec.shortcut).toString();
    if (!keys.isEmpty()) action->setShortcut(QKeySequence::fromString(keys, QKeySequence::PortableText));
    if (!spec.icon.isEmpty()) action->setIcon(iconOf(spec.icon, themes_.theme()));
    showTip(*action);
    if (spec.run) connect(action, &QAction::triggered, this, [run = spec.run] { run(); });
    window_.addAction(action);
    actions_.push_back(action);
    byId_[spec.id] = action;
    return action;
}

QAction* ActionTable::find(const QString& id) const {
    const auto found = byId_.find(id);
    return found == byId_.end() ? nullptr : found->second;
}

QAction* ActionTable::holderOf(const QKeySequence& keys, const QAction* except) const {
    if (keys.isEmpty()) return nullptr;
    for (QAction* each : actions_) {
        if (each != except && each->shortcut() == keys) return each;
    }
    return nullptr;
}

void ActionTable::setShortcut(QAction& action, const QKeySequence& keys) {
    action.setShortcut(keys);
    showTip(action);
    const QString text = keys.toString(QKeySequence::PortableText);
    if (text == action.property(kDefaultProperty).toString()) {
        settings_.remove(u"shortcuts/"_s + action.objectName());
    } else {
        settings_.setValue(u"shortcuts/"_s + action.objectName(), text);
    }
}

void ActionTable::resetShortcuts() {
    for (QAction* each : actions_) {
        setShortcut(*each, QKeySequence::fromString(each->property(kDefaultProperty).toString()));
    }
}

void ActionTable::showTip(QAction& action) const {
    QString tip = action.text().remove(u'&').remove(u"…"_s);
    if (!action.shortcut().isEmpty()) tip += u"  ("_s + action.shortcut().toString(QKeySequence::NativeText) + u')';
    const QString more = action.property(kTipProperty).toString();
    action.setToolTip(more.isEmpty() ? tip : tip + u'\n' + more);
    action.setStatusTip(more);
}

void ActionTable::refreshIcons() {
    for (QAction* each : actions_) {
        const QString icon = each->property(kIconProperty).toString();
        if (!icon.isEmpty()) each->setIcon(iconOf(icon, themes_.theme()));
    }
}

}  // namespace tributary::desktop
