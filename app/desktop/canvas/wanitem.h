// The network between two clusters, drawn behind everything: a soft band with its properties.
#pragma once

#include <QGraphicsItem>

#include "app/desktop/canvas/paintkit.h"
#include "app/desktop/document/itemref.h"

namespace tributary::desktop {

class WanItem final : public QGraphicsItem {
public:
    WanItem(const ThemeHolder& themes, ItemRef ref);
    [[nodiscard]] QRectF boundingRect() const override;
    [[nodiscard]] QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;
    [[nodiscard]] const ItemRef& ref() const { return ref_; }
    void setText(const QString& text);
    /// The frames of the two clusters.
    void setEnds(const QRectF& a, const QRectF& b);
    enum { Type = UserType + 6 };
    [[nodiscard]] int type() const override { return Type; }

private:
    [[nodiscard]] QPointF centre() const { return (a_ + b_) / 2; }

    const ThemeHolder& themes_;
    ItemRef ref_;
    QString text_;
    QPointF a_;
    QPointF b_;
};

}  // namespace tributary::desktop
