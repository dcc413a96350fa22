// The window onto the canvas: zooming, panning, renaming in place, dropping from the palette.
#pragma once

#include <QGraphicsView>
#include <QLabel>
#include <QLineEdit>
#include <QPixmap>
#include <QTimer>

#include "app/desktop/canvas/canvaslegend.h"
#include "app/desktop/canvas/canvasscene.h"

namespace tributary::desktop {

/// The MIME type of a palette entry; its data is the entry's id ("cluster", "gateway", "binary-table", ...).
inline constexpr char kPaletteMime[] = "application/x-tributary-palette";

class CanvasView final : public QGraphicsView {
    Q_OBJECT
public:
    CanvasView(CanvasScene& scene, Selection& selection, const ThemeHolder& themes, QWidget* parent = nullptr);

    [[nodiscard]] CanvasScene& canvasScene() const { return scene_; }
    [[nodiscard]] Selection& selection() const { return selection_; }
    void zoomBy(double factor);
    void setZoom(double zoom);
    [[nodiscard]] double zoom() const { return transform().m11(); }
    /// Everything in sight, at 100 % at most.
    void fit();
    void zoomToSelection();
    /// Scrolls (and zooms in, when it is too small to read) until the item is in sight.
    void reveal(const ItemRef& ref);
    /// What Enter does: goes to a bundle's links, opens or collapses a region; false for all else.
    bool open(const ItemRef& ref);
    /// Opens the editor on the item's name.
    void editName(const ItemRef& ref);
    [[nodiscard]] bool editingName() const { return nameEdit_->isVisible(); }
    /// The middle of what is in sight.
    [[nodiscard]] QPointF centreInScene() const;
    /// A line at the lower edge of the canvas; empty hides it.
    void showHint(const QString& text, bool refused);
    void applyTheme();
    void setLegendShown(bool on);

signals:
    void nameEdited(const tributary::desktop::ItemRef& ref, const QString& name);
    void contextMenuRequested(const tributary::desktop::ItemRef& under, const QPoint& screenPos);
    void paletteDropped(const QString& entry, const QPointF& scenePos, const tributary::desktop::ItemRef& under);
    /// Arrow keys: by how much the selected items should move.
    void nudged(const QPointF& by);
    void collapseRequested(const tributary::desktop::ItemRef& region, bool collapsed);
    void sharpened();    ///< the picture shown while zooming gave way to the drawing itself
    void viewChanged();  ///< scrolled or zoomed: the overview follows

protected:
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void zoomAround(const QPoint& anchor, double factor);
    void finishName(bool take);
    void placeHint();
    /// What to do with a drawing that holds nothing yet.
    void refreshEmpty();

    CanvasScene& scene_;
    Selection& selection_;
    const ThemeHolder& themes_;
    QLineEdit* nameEdit_;
    QLabel* hint_;
    QLabel* empty_;
    CanvasLegend* legend_;
    bool legendShown_ = false;
    ItemRef named_;
    bool panning_ = false;
    bool spaceHeld_ = false;
    QPoint panFrom_;
    QPoint pressedAt_;
    // While zooming a large drawing, the last sharp picture is shown scaled; it is drawn anew when zooming pauses.
    QPixmap zoomPicture_;
    QTransform zoomPictureAt_;
    QTimer sharpen_;
};

}  // namespace tributary::desktop
