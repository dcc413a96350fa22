// Zoom, pan, rename in place, drop.
#include "app/desktop/canvas/canvasview.h"

#include <QContextMenuEvent>
#include <QDragEnterEvent>
#include <QKeyEvent>
#include <QMimeData>
#include <QScrollBar>
#include <algorithm>
#include <cmath>

#include "app/desktop/canvas/canvasmetrics.h"
#include "app/desktop/canvas/noteitem.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

constexpr double kZoomMin = 0.03;
constexpr double kZoomMax = 4;
constexpr double kWheelStep = 1.2;
constexpr int kSharpenMs = 70;
/// A smaller drawing is painted anew at every step.
constexpr int kItemsForPicture = 400;
constexpr double kReadableZoom = 0.75;

}  // namespace

CanvasView::CanvasView(CanvasScene& scene, Selection& selection, const ThemeHolder& themes, QWidget* parent)
    : QGraphicsView(&scene, parent),
      scene_(scene),
      selection_(selection),
      themes_(themes),
      nameEdit_(new QLineEdit(this)),
      hint_(new QLabel(this)),
      empty_(new QLabel(this)),
      legend_(new CanvasLegend(themes, this)) {
    legend_->hide();
    setObjectName(u"canvas"_s);
    setAccessibleName(tr("Canvas"));
    setAccessibleDescription(
        tr("The drawing; the outline shows the same as a tree and can do everything that can be done here"));
    setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
    setFrameShape(QFrame::NoFrame);
    setDragMode(QGraphicsView::RubberBandDrag);
    setTransformationAnchor(QGraphicsView::NoAnchor);
    setResizeAnchor(QGraphicsView::NoAnchor);
    setViewportUpdateMode(QGraphicsView::MinimalViewportUpdate);
    setOptimizationFlags(QGraphicsView::DontSavePainterState | QGraphicsView::DontAdjustForAntialiasing);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAcceptDrops(true);
    nameEdit_->hide();
    nameEdit_->setObjectName(u"nameEdit"_s);
    nameEdit_->setAccessibleName(tr("New name"));
    nameEdit_->installEventFilter(this);
    hint_->hide();
    hint_->setObjectName(u"canvasHint"_s);
    hint_->setWordWrap(true);
    hint_->setAttribute(Qt::WA_TransparentForMouseEvents);
    empty_->setObjectName(u"canvasEmpty"_s);
    empty_->setAttribute(Qt::WA_TransparentForMouseEvents);
    empty_->setAlignment(Qt::AlignCenter);
    sharpen_.setSingleShot(true);
    sharpen_.setInterval(kSharpenMs);
    connect(&sharpen_, &QTimer::timeout, this, [this] {
        zoomPicture_ = QPixmap();
        viewport()->update();
        emit sharpened();
    });
    connect(&scene_, &CanvasScene::renameRequested, this, &CanvasView::editName);
    connect(&scene_, &CanvasScene::linkHint, this, &CanvasView::showHint);
    connect(&scene_, &CanvasScene::itemsChanged, this, &CanvasView::refreshEmpty);
    connect(&scene_, &QGraphicsScene::sceneRectChanged, this, &CanvasView::viewChanged);
    connect(this, &CanvasView::viewChanged, &scene_, [this] { scene_.setZoom(zoom()); });
    connect(&selection_, &Selection::revealRequested, this, &CanvasView::reveal);
    connect(&themes_, &ThemeHolder::changed, this, &CanvasView::applyTheme);
    applyTheme();
}

void CanvasView::applyTheme() {
    setBackgroundBrush(themes_.theme().canvas);
    viewport()->update();
    refreshEmpty();
}

void CanvasView::setLegendShown(bool on) {
    legendShown_ = on;
    refreshEmpty();
    placeHint();
}

void CanvasView::refreshEmpty() {
    empty_->setVisible(scene_.contentRect().isEmpty());
    legend_->setVisible(legendShown_ && empty_->isHidden());
    if (empty_->isHidden()) return;
    const Theme& theme = themes_.theme();
    const auto line = [](const QString& what, const QString& how) {
        return u"<tr><td align='right' style='padding:3px 10px 3px 0'>%1</td><td style='padding:3px 0'>%2</td></tr>"_s
            .arg(what, how);
    };
    empty_->setText(
        u"<p style='font-size:17px; font-weight:600; color:%1'>%2</p><table style='color:%3'>"_s.arg(
            theme.text.name(), tr("Nothing is drawn yet"), theme.muted.name()) +
        line(tr("1  Add a cluster"), tr("drag it here from the palette, or Ctrl+Shift+C")) +
        line(tr("2  Put a table into it"), tr("Ctrl+Shift+B; a gateway, which replicas need: Ctrl+Shift+G")) +
        line(tr("3  Link two tables"), tr("drag from the circle at a table's right edge, or Ctrl+L")) +
        line(tr("4  Make this drawing real"), tr("Ctrl+R starts it on this machine and shows the plan first")) +
        u"</table>"_s);
    empty_->adjustSize();
    empty_->move((width() - empty_->width()) / 2, (height() - empty_->height()) / 2);
}

QPointF CanvasView::centreInScene() const {
    return mapToScene(viewport()->rect().center());
}

void CanvasView::zoomAround(const QPoint& anchor, double factor) {
    const double wanted = std::clamp(zoom() * factor, kZoomMin, kZoomMax);
    if (qFuzzyCompare(wanted, zoom())) return;
    finishName(true);
    if (zoomPicture_.isNull() && scene_.items().size() > kItemsForPicture) {
        zoomPicture_ = viewport()->grab();
        zoomPictureAt_ = viewportTransform();
    }
    const QPointF fixed = mapToScene(anchor);
    setTransform(QTransform::fromScale(wanted, wanted));
    const QPointF moved = mapFromScene(fixed) - anchor;
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() + static_cast<int>(std::lround(moved.x())));
    verticalScrollBar()->setValue(verticalScrollBar()->value() + static_cast<int>(std::lround(moved.y())));
    if (!zoomPicture_.isNull()) sharpen_.start();
    emit viewChanged();
}

void CanvasView::zoomBy(double factor) {
    zoomAround(viewport()->rect().center(), factor);
}

void CanvasView::setZoom(double wanted) {
    zoomBy(wanted / zoom());
}

void CanvasView::fit() {
    QRectF content = scene_.contentRect().adjusted(-48, -48, 48, 48);
    if (scene_.contentRect().isEmpty()) content = QRectF(-300, -200, 600, 400);
    scene_.setSceneRect(content.adjusted(-1600, -1200, 1600, 1200));
    // Names of a small drawing reach over its edge.
    constexpr double kEdgeOnScreen = 14;
    const double scale = std::min({(viewport()->width() - 2 * kEdgeOnScreen) / content.width(),
                                   (viewport()->height() - 2 * kEdgeOnScreen) / content.height(), 1.0});
    setTransform(QTransform::fromScale(std::max(scale, kZoomMin), std::max(scale, kZoomMin)));
    centerOn(content.center());
    zoomPicture_ = QPixmap();
    emit viewChanged();
}

void CanvasView::zoomToSelection() {
    QRectF box;
    for (const ItemRef& ref : selection_.items()) box = box.united(scene_.rectOf(ref));
    if (box.isEmpty()) return fit();
    box.adjust(-60, -60, 60, 60);
    const double scale = std::min({viewport()->width() / box.width(), viewport()->height() / box.height(), 1.5});
    setTransform(QTransform::fromScale(scale, scale));
    centerOn(box.center());
    emit viewChanged();
}

void CanvasView::reveal(const ItemRef& ref) {
    const QRectF box = scene_.rectOf(ref);
    if (box.isEmpty()) return;
    if (zoom() < metrics::kCardDetailZoom) setZoom(kReadableZoom);
    if (!mapToScene(viewport()->rect()).boundingRect().contains(box)) ensureVisible(box, 48, 48);
    emit viewChanged();
}

void CanvasView::paintEvent(QPaintEvent* event) {
    if (zoomPicture_.isNull()) {
        QGraphicsView::paintEvent(event);
        return;
    }
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), themes_.theme().canvas);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    painter.setTransform(zoomPictureAt_.inverted() * viewportTransform());
    painter.drawPixmap(0, 0, zoomPicture_);
}

void CanvasView::wheelEvent(QWheelEvent* event) {
    const QPoint angle = event->angleDelta();
    if (event->modifiers().testFlag(Qt::ShiftModifier)) {
        const int by = angle.y() != 0 ? angle.y() : angle.x();
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() - by);
    } else {
        zoomAround(event->position().toPoint(), std::pow(kWheelStep, angle.y() / 120.0));
    }
    event->accept();
}

void CanvasView::mousePressEvent(QMouseEvent* event) {
    pressedAt_ = event->pos();
    finishName(true);
    if (event->button() == Qt::MiddleButton || (event->button() == Qt::LeftButton && spaceHeld_)) {
        panning_ = true;
        panFrom_ = event->pos();
        viewport()->setCursor(Qt::ClosedHandCursor);
        event->accept();
        return;
    }
    QGraphicsView::mousePressEvent(event);
}

void CanvasView::mouseMoveEvent(QMouseEvent* event) {
    if (panning_) {
        const QPoint by = event->pos() - panFrom_;
        panFrom_ = event->pos();
        horizontalScrollBar()->setValue(horizontalScrollBar()->value() - by.x());
        verticalScrollBar()->setValue(verticalScrollBar()->value() - by.y());
        event->accept();
        return;
    }
    QGraphicsView::mouseMoveEvent(event);
}

void CanvasView::mouseReleaseEvent(QMouseEvent* event) {
    if (panning_) {
        panning_ = false;
        viewport()->setCursor(spaceHeld_ ? Qt::OpenHandCursor : Qt::ArrowCursor);
        event->accept();
        return;
    }
    QGraphicsView::mouseReleaseEvent(event);
    const bool click = event->button() == Qt::LeftButton && (event->pos() - pressedAt_).manhattanLength() < 4;
    if (!click || event->modifiers() != Qt::NoModifier) return;
    // A frame takes no events, so that a rubber band can begin in it; a click in it means its cluster.
    const ItemRef under = scene_.itemUnder(mapToScene(event->pos()));
    if (under.kind == ItemRef::Kind::Cluster && !selection_.contains(under)) selection_.select(under);
}

void CanvasView::keyPressEvent(QKeyEvent* event) {
    if (scene_.isEditingNote()) return QGraphicsView::keyPressEvent(event);
    const double step = event->modifiers().testFlag(Qt::ShiftModifier) ? metrics::kGrid * 8 : metrics::kGrid;
    const std::map<int, QPointF> arrows{
        {Qt::Key_Left, {-step, 0}}, {Qt::Key_Right, {step, 0}}, {Qt::Key_Up, {0, -step}}, {Qt::Key_Down, {0, step}}};
    if (const auto arrow = arrows.find(event->key()); arrow != arrows.end() && !selection_.items().empty()) {
        emit nudged(arrow->second);
        event->accept();
        return;
    }
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
        spaceHeld_ = true;
        viewport()->setCursor(Qt::OpenHandCursor);
        event->accept();
        return;
    }
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEnter && open(selection_.single())) {
        event->accept();
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        if (scene_.linking()) scene_.endLink();
        selection_.clear();
        event->accept();
        return;
    }
    QGraphicsView::keyPressEvent(event);
}

bool CanvasView::open(const ItemRef& ref) {
    if (ref.kind == ItemRef::Kind::Bundle) {
        zoomToSelection();
        return true;
    }
    if (NoteItem* note = ref.kind == ItemRef::Kind::Note ? scene_.note(ref.a) : nullptr) {
        note->edit();
        return true;
    }
    const RegionItem* region = ref.kind == ItemRef::Kind::Region ? scene_.region(ref.a) : nullptr;
    if (region != nullptr) emit collapseRequested(ref, !region->look().collapsed);
    return region != nullptr;
}

void CanvasView::keyReleaseEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Space && !event->isAutoRepeat()) {
        spaceHeld_ = false;
        if (!panning_) viewport()->unsetCursor();
    }
    QGraphicsView::keyReleaseEvent(event);
}

void CanvasView::contextMenuEvent(QContextMenuEvent* event) {
    const bool byKey = event->reason() == QContextMenuEvent::Keyboard;
    const ItemRef under = byKey ? selection_.single() : scene_.itemUnder(mapToScene(event->pos()));
    if (!byKey && under.valid() && !selection_.contains(under)) selection_.select(under);
    emit contextMenuRequested(under, event->globalPos());
    event->accept();
}

void CanvasView::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasFormat(QLatin1String(kPaletteMime))) event->acceptProposedAction();
}

void CanvasView::dragMoveEvent(QDragMoveEvent* event) {
    if (event->mimeData()->hasFormat(QLatin1String(kPaletteMime))) event->acceptProposedAction();
}

void CanvasView::dropEvent(QDropEvent* event) {
    const QString entry = QString::fromUtf8(event->mimeData()->data(QLatin1String(kPaletteMime)));
    const QPointF at = mapToScene(event->position().toPoint());
    event->acceptProposedAction();
    emit paletteDropped(entry, at, scene_.itemUnder(at));
}

void CanvasView::resizeEvent(QResizeEvent* event) {
    QGraphicsView::resizeEvent(event);
    placeHint();
    refreshEmpty();
    emit viewChanged();
}

void CanvasView::scrollContentsBy(int dx, int dy) {
    if (editingName()) finishName(true);
    QGraphicsView::scrollContentsBy(dx, dy);
    emit viewChanged();
}

void CanvasView::editName(const ItemRef& ref) {
    reveal(ref);
    QRectF box = scene_.rectOf(ref);
    if (box.isEmpty()) return;
    if (ref.kind == ItemRef::Kind::Cluster) box.setHeight(metrics::kHeader);
    named_ = ref;
    nameEdit_->setText(QString::fromStdString(shortName(ref)));
    const QRect where = mapFromScene(box).boundingRect();
    nameEdit_->setFixedSize(std::max(180, where.width() - 20), 30);
    nameEdit_->move(where.left() + 10, where.center().y() - 15);
    nameEdit_->show();
    nameEdit_->selectAll();
    nameEdit_->setFocus();
}

void CanvasView::finishName(bool take) {
    if (!nameEdit_->isVisible()) return;
    const QString name = nameEdit_->text().trimmed();
    const ItemRef ref = std::exchange(named_, ItemRef{});
    nameEdit_->hide();
    setFocus();
    if (take && ref.valid()) emit nameEdited(ref, name);
}

bool CanvasView::eventFilter(QObject* watched, QEvent* event) {
    if (watched == nameEdit_ && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Escape || key == Qt::Key_Return || key == Qt::Key_Enter) {
            finishName(key != Qt::Key_Escape);
            return true;
        }
    }
    if (watched == nameEdit_ && event->type() == QEvent::FocusOut) finishName(true);
    return QGraphicsView::eventFilter(watched, event);
}

void CanvasView::showHint(const QString& text, bool refused) {
    const Theme& theme = themes_.theme();
    hint_->setVisible(!text.isEmpty());
    if (text.isEmpty()) return;
    hint_->setText(text);
    hint_->setStyleSheet(u"background:%1; color:%2; border:1px solid %2; border-radius:6px; padding:7px 11px;"_s.arg(
        (refused ? theme.badSoft : theme.raised).name(), (refused ? theme.bad : theme.text).name()));
    placeHint();
}

void CanvasView::placeHint() {
    legend_->move(12, height() - legend_->height() - 12);
    hint_->setFixedWidth(std::min(560, std::max(200, width() - 40)));
    hint_->adjustSize();
    hint_->move((width() - hint_->width()) / 2, height() - hint_->height() - 16);
}

}  // namespace tributary::desktop
