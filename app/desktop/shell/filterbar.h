// Ctrl+Shift+F: what of the drawing is looked at, by name, system and state; the rest is faded.
#pragma once

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QWidget>

#include "app/desktop/canvas/canvasscene.h"

namespace tributary::desktop {

class FilterBar final : public QWidget {
    Q_OBJECT
public:
    FilterBar(const DesktopDocument& document, CanvasScene& scene, const ThemeHolder& themes,
              QWidget* parent = nullptr);
    void open();
    /// Shows everything again, and goes.
    void leave();

signals:
    void closed();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void take();
    void count();
    /// The systems that the drawing has; the choice stays where it still means something.
    void renewSystems();

    const DesktopDocument& document_;
    CanvasScene& scene_;
    QLineEdit* text_;
    QComboBox* system_;
    QComboBox* state_;
    QLabel* count_;
};

}  // namespace tributary::desktop
