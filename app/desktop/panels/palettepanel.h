// What can be added to the drawing: dragged onto the canvas, or chosen by click or key.
#pragma once

#include <QListWidget>
#include <QWidget>

#include "app/desktop/style/theme.h"

namespace tributary::desktop {

class PalettePanel final : public QWidget {
    Q_OBJECT
public:
    explicit PalettePanel(const ThemeHolder& themes, QWidget* parent = nullptr);

signals:
    /// "cluster", "gateway", "binary-table", "json-table", "stream".
    void chosen(const QString& entry);

private:
    void refreshIcons();

    const ThemeHolder& themes_;
    QListWidget* list_;
};

}  // namespace tributary::desktop
