// What can be added to the drawing: dragged onto the canvas, or chosen by click or key.
#pragma once

#include <QListWidget>
#include <QWidget>

#include "app/desktop/style/theme.h"

namespace tributary::desktop {

struct PaletteItem;

class PalettePanel final : public QWidget {
    Q_OBJECT
public:
    explicit PalettePanel(const ThemeHolder& themes, QWidget* parent = nullptr);

signals:
    /// "cluster" (of MapR-DB), "cluster:SYSTEM", "member", "gateway", or a kind of dataset ("binary-table", "space").
    void chosen(const QString& entry);

private:
    void refreshIcons();
    void addEntry(const PaletteItem& entry);

    const ThemeHolder& themes_;
    QListWidget* list_;
};

}  // namespace tributary::desktop
