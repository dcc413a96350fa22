// Every command with its shortcut, to read and to change.
#pragma once

#include <QDialog>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QTreeWidget>

#include "app/desktop/shell/actiontable.h"

namespace tributary::desktop {

class ShortcutsDialog final : public QDialog {
    Q_OBJECT
public:
    ShortcutsDialog(ActionTable& actions, QWidget* parent = nullptr);

private:
    void fill();
    void take();

    ActionTable& actions_;
    QLineEdit* filter_;
    QTreeWidget* list_;
    QKeySequenceEdit* keys_;
    QLabel* message_;
};

}  // namespace tributary::desktop
