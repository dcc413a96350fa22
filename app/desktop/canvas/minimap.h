// The whole drawing in small, with problems in sight while zoomed in; a click goes there.
#pragma once

#include <QPixmap>
#include <QTimer>
#include <QWidget>

#include "app/desktop/canvas/canvasview.h"

namespace tributary::desktop {

class Minimap final : public QWidget {
    Q_OBJECT
public:
    Minimap(CanvasScene& scene, CanvasView& view, const ThemeHolder& themes, QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override { return {220, 130}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    [[nodiscard]] QTransform toMap() const;
    void redraw();
    void goTo(const QPointF& at);

    CanvasScene& scene_;
    CanvasView& view_;
    const ThemeHolder& themes_;
    QPixmap picture_;
    QTimer redraw_;
};

}  // namespace tributary::desktop
