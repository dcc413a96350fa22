// Every command of the window in one place: menus, tool bar, command palette and the list of shortcuts are made of it.
#pragma once

#include <QAction>
#include <QKeySequence>
#include <QObject>
#include <QSettings>
#include <functional>
#include <map>
#include <vector>

#include "app/desktop/style/theme.h"

namespace tributary::desktop {

/// What a command is made of. `id` is stable ("edit.undo"): a person's own shortcuts are kept under it.
struct ActionSpec {
    QString id;
    QString text;
    QString icon;
    QString shortcut;  ///< portable text, e.g. "Ctrl+K"; empty: none
    QString tip;
    std::function<void()> run;
    bool checkable = false;
};

/// Owns the actions, which belong to `window`'s shortcut context. GUI thread.
class ActionTable final : public QObject {
    Q_OBJECT
public:
    ActionTable(QWidget& window, const ThemeHolder& themes, QSettings& settings);

    QAction* add(const ActionSpec& spec);
    /// nullptr when there is none.
    [[nodiscard]] QAction* find(const QString& id) const;
    [[nodiscard]] const std::vector<QAction*>& all() const { return actions_; }
    /// The command that already has this shortcut, other than `except`; nullptr when it is free.
    [[nodiscard]] QAction* holderOf(const QKeySequence& keys, const QAction* except) const;
    /// Gives a command another shortcut and remembers it.
    void setShortcut(QAction& action, const QKeySequence& keys);
    void resetShortcuts();

private:
    void refreshIcons();
    void showTip(QAction& action) const;

    QWidget& window_;
    const ThemeHolder& themes_;
    QSettings& settings_;
    std::vector<QAction*> actions_;
    std::map<QString, QAction*> byId_;
};

}  // namespace tributary::desktop
