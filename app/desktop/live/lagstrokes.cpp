// Columns as boxes.
#include "app/desktop/live/lagstrokes.h"

#include <algorithm>
#include <cmath>

namespace tributary::desktop {

namespace {

constexpr int kThickness = 2;

/// Whether a pixel column shows the line: dashes are told by their place, so that they stand still while data comes.
bool isDrawn(Qt::PenStyle style, int x) {
    if (style == Qt::DashLine) return x % 9 < 6;
    if (style == Qt::DashDotLine) return x % 13 < 6 || (x % 13 >= 9 && x % 13 < 11);
    return true;
}

/// From axis coordinates to pixels, worked out once.
struct Places {
    Places(const QCPAxisRect& rect)
        : left(rect.left()),
          bottom(rect.bottom()),
          keys(rect.axis(QCPAxis::atBottom)->range()),
          values(rect.axis(QCPAxis::atLeft)->range()),
          perKey(rect.width() / keys.size()),
          perValue(rect.height() / values.size()) {}
    [[nodiscard]] double x(double key) const { return left + (key - keys.lower) * perKey; }
    [[nodiscard]] double y(double value) const { return bottom - (value - values.lower) * perValue; }
    double left;
    double bottom;
    QCPRange keys;
    QCPRange values;
    double perKey;
    double perValue;
};

}  // namespace

LagStrokes::LagStrokes(QCustomPlot& plot, QCPAxisRect& rect) : QCPAbstractItem(&plot), rect_(rect) {
    setClipAxisRect(&rect);
    setSelectable(false);
}

/// Which rows of each pixel column no curve has taken yet.
class LagStrokes::Uncovered {
public:
    explicit Uncovered(const QRect& area) : area_(area), rows_(static_cast<std::size_t>(std::max(0, area.width()))) {
        for (auto& column : rows_) column = {{area.top(), area.bottom()}};
    }
    /// Takes the rows `above` to `below` of the column at `x`; what was still free of them goes to `take(above,
    /// below)`.
    template <typename Take>
    void claim(int x, int above, int below, const Take& take) {
        if (x < area_.left() || x > area_.right()) return;
        std::vector<Rows>& free = rows_[static_cast<std::size_t>(x - area_.left())];
        left_.clear();
        for (const Rows& each : free) {
            if (each.below < above || each.above > below) {
                left_.push_back(each);
                continue;
            }
            take(std::max(each.above, above), std::min(each.below, below));
            if (each.above < above) left_.push_back({each.above, above - 1});
            if (each.below > below) left_.push_back({below + 1, each.below});
        }
        free.swap(left_);
    }

private:
    struct Rows {
        int above;
        int below;
    };
    QRect area_;
    std::vector<std::vector<Rows>> rows_;
    std::vector<Rows> left_;
};

void LagStrokes::draw(QCPPainter* painter) {
    if (painter->modes().testFlag(QCPPainter::pmVectorized)) {
        for (const LagStroke& stroke : strokes_) drawVector(*painter, stroke);
        return;
    }
    // The last is on top, so it takes its place first.
    Uncovered uncovered(rect_.rect());
    for (auto stroke = strokes_.rbegin(); stroke != strokes_.rend(); ++stroke) {
        drawBoxes(*painter, *stroke, uncovered);
    }
}

void LagStrokes::drawBoxes(QCPPainter& painter, const LagStroke& stroke, Uncovered& uncovered) const {
    const Places places(rect_);
    QVector<QRect> boxes;
    boxes.reserve(stroke.keys.size());
    int aboveBefore = 0;
    int belowBefore = 0;
    bool joined = false;
    const double step = stroke.keys.size() > 1 ? (stroke.keys[1] - stroke.keys[0]) * places.perKey : 1;
    for (qsizetype i = 0; i < stroke.keys.size(); ++i) {
        if (std::isnan(stroke.high[i])) {
            joined = false;
            continue;
        }
        int above = static_cast<int>(std::lround(places.y(stroke.high[i])));
        int below = std::max(above + kThickness - 1, static_cast<int>(std::lround(places.y(stroke.low[i]))));
        const int thisAbove = above;
        const int thisBelow = below;
        if (joined && above > belowBefore) above = belowBefore;
        if (joined && below < aboveBefore) below = aboveBefore;
        aboveBefore = thisAbove;
        belowBefore = thisBelow;
        joined = true;
        const int x = static_cast<int>(std::floor(places.x(stroke.keys[i]) - step / 2));
        const int width = std::max(1, static_cast<int>(std::floor(places.x(stroke.keys[i]) + step / 2)) - x);
        if (!isDrawn(stroke.pen.style(), x)) continue;
        uncovered.claim(x, above, below, [&](int top, int bottom) {
            QRect* last = boxes.isEmpty() ? nullptr : &boxes.back();
            if (last != nullptr && last->top() == top && last->bottom() == bottom && last->right() + 1 == x) {
                last->setRight(x + width - 1);  // a steady value is one long box
            } else {
                boxes << QRect(x, top, width, bottom - top + 1);
            }
        });
    }
    painter.setAntialiasing(false);
    painter.setPen(Qt::NoPen);
    painter.setBrush(stroke.pen.color());
    painter.drawRects(boxes);
}

/// On paper and in SVG: a line through the middles, with the range as an upright stroke.
void LagStrokes::drawVector(QCPPainter& painter, const LagStroke& stroke) const {
    const Places places(rect_);
    painter.setAntialiasing(true);
    painter.setPen(stroke.pen);
    painter.setBrush(Qt::NoBrush);
    QPolygonF run;
    for (qsizetype i = 0; i <= stroke.keys.size(); ++i) {
        if (i == stroke.keys.size() || std::isnan(stroke.high[i])) {
            if (run.size() > 1) painter.drawPolyline(run);
            run.clear();
            continue;
        }
        const double x = places.x(stroke.keys[i]);
        if (places.y(stroke.low[i]) - places.y(stroke.high[i]) > 1) run << QPointF(x, places.y(stroke.low[i]));
        run << QPointF(x, places.y(stroke.high[i]));
    }
}

}  // namespace tributary::desktop
