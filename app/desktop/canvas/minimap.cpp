// The overview: a small picture drawn at leisure, and the frame of what is in sight.
#include "app/desktop/canvas/minimap.h"

#include <QMouseEvent>
#include <QPainter>
#include <algorithm>

namespace tributary::desktop {

namespace {
constexpr int kRedrawMs = 250;
constexpr int kMargin = 8;
}  // namespace

Minimap::Minimap(CanvasScene& scene, CanvasView& view, const ThemeHolder& themes, QWidget* parent)
    : QWidget(parent), scene_(scene), view_(view), themes_(themes) {
    setAccessibleName(tr("Overview"));
    setMinimumHeight(90);
    setCursor(Qt::PointingHandCursor);
    redraw_.setSingleShot(true);
    redraw_.setInterval(kRedrawMs);
    connect(&redraw_, &QTimer::timeout, this, &Minimap::redraw);
    connect(&scene_, &QGraphicsScene::changed, this, [this] {
        if (!redraw_.isActive()) redraw_.start();
    });
    connect(&view_, &CanvasView::viewChanged, this, qOverload<>(&QWidget::update));
    connect(&themes_, &ThemeHolder::changed, this, &Minimap::redraw);  // no old colours meanwhile
}

QTransform Minimap::toMap() const {
    const QRectF content = scene_.contentRect();
    if (content.isEmpty()) return {};
    const QRectF room = QRectF(rect()).adjusted(kMargin, kMargin, -kMargin, -kMargin);
    const double scale = std::min({room.width() / content.width(), room.height() / content.height(), 0.25});
    QTransform out;
    out.translate(room.center().x(), room.center().y());
    out.scale(scale, scale);
    out.translate(-content.center().x(), -content.center().y());
    return out;
}

void Minimap::redraw() {
    if (!isVisible()) return;
    picture_ = QPixmap(size() * devicePixelRatio());
    picture_.setDevicePixelRatio(devicePixelRatio());
    picture_.fill(themes_.theme().canvas);
    const QRectF content = scene_.contentRect();
    if (!content.isEmpty()) {
        QPainter painter(&picture_);
        painter.setRenderHint(QPainter::Antialiasing);
        const QRectF source = content.adjusted(-10, -10, 10, 10);
        scene_.render(&painter, toMap().mapRect(source), source, Qt::IgnoreAspectRatio);
    }
    update();
}

void Minimap::paintEvent(QPaintEvent* /*event*/) {
    const Theme& theme = themes_.theme();
    QPainter painter(this);
    painter.fillRect(rect(), theme.canvas);
    if (!picture_.isNull()) painter.drawPixmap(0, 0, picture_);
    if (scene_.contentRect().isEmpty()) return;
    const QRectF seen = toMap().mapRect(view_.mapToScene(view_.viewport()->rect()).boundingRect());
    QColor veil = theme.accent;
    veil.setAlphaF(0.1F);
    painter.setPen(QPen(theme.accent, 1.4));
    painter.setBrush(veil);
    painter.drawRect(seen.intersected(QRectF(rect()).adjusted(1, 1, -1, -1)));
}

void Minimap::goTo(const QPointF& at) {
    if (scene_.contentRect().isEmpty()) return;
    view_.centerOn(toMap().inverted().map(at));
    update();
}

void Minimap::mousePressEvent(QMouseEvent* event) {
    goTo(event->position());
}

void Minimap::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons().testFlag(Qt::LeftButton)) goTo(event->position());
}

/// What changed while it was hidden was not drawn.
void Minimap::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    redraw_.start();
}

void Minimap::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    redraw_.start();
}

}  // namespace tributary::desktop
