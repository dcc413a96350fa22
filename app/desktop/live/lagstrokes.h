// Many curves of a lag chart at once, drawn column by column.
#pragma once

#include <qcustomplot.h>

#include <vector>

namespace tributary::desktop {

/// One curve: for each key the lowest and highest value; NaN is a gap.
struct LagStroke {
    QPen pen;
    QVector<double> keys;  ///< ascending, evenly spaced
    QVector<double> low;
    QVector<double> high;
};

/// Paints each column of a curve as an upright box that touches the one before it. Stroking twenty polylines of a
/// thousand points costs a tenth of a second; filling as many boxes costs a few milliseconds, and no pixel is filled
/// twice: what lies under a later curve is left out.
class LagStrokes final : public QCPAbstractItem {
public:
    LagStrokes(QCustomPlot& plot, QCPAxisRect& rect);

    void clear() { strokes_.clear(); }
    void add(LagStroke stroke) { strokes_.push_back(std::move(stroke)); }
    /// Nothing here can be picked.
    double selectTest(const QPointF& /*pos*/, bool /*onlySelectable*/, QVariant* /*details*/) const override {
        return -1;
    }

protected:
    void draw(QCPPainter* painter) override;

private:
    class Uncovered;
    void drawBoxes(QCPPainter& painter, const LagStroke& stroke, Uncovered& uncovered) const;
    void drawVector(QCPPainter& painter, const LagStroke& stroke) const;

    QCPAxisRect& rect_;
    std::vector<LagStroke> strokes_;
};

}  // namespace tributary::desktop
