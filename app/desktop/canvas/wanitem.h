// The network between two clusters, drawn behind everything: a soft band with its properties.
#pragma once

#include <QGraphicsItem>

#include "app/desktop/canvas/observed.h"
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
    /// What is injected on the way: the pill turns amber, for a cut red, and says what it is, or how many they are.
    void setFaults(const ObservedFaults& faults);
    /// What the pill says, in words: also the tooltip and what a screen reader hears.
    [[nodiscard]] QString description() const;
    /// The frames of the two clusters.
    void setEnds(const QRectF& a, const QRectF& b);
    enum { Type = UserType + 6 };
    [[nodiscard]] int type() const override { return Type; }

private:
    [[nodiscard]] QPointF centre() const { return (a_ + b_) / 2; }
    [[nodiscard]] Pill pill() const;

    const ThemeHolder& themes_;
    ItemRef ref_;
    QString text_;
    ObservedFaults faults_;
    QPointF a_;
    QPointF b_;
};

}  // namespace tributary::desktop
