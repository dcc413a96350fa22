// The handle of one bend of a selected link; as large on the screen at every zoom.
#pragma once

#include <QGraphicsObject>

#include "app/desktop/style/theme.h"

namespace tributary::desktop {

class BendItem final : public QGraphicsObject {
    Q_OBJECT
public:
    BendItem(const ThemeHolder& themes, std::size_t index);
    [[nodiscard]] std::size_t index() const { return index_; }
    /// Where it stands, without telling so.
    void put(const QPointF& at);
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;
    enum { Type = UserType + 11 };
    [[nodiscard]] int type() const override { return Type; }

signals:
    void dragged(std::size_t index, const QPointF& to);
    void dropped();
    void removed(std::size_t index);

protected:
    QVariant itemChange(GraphicsItemChange change, const QVariant& value) override;
    void mouseReleaseEvent(QGraphicsSceneMouseEvent* event) override;
    void mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) override;

private:
    const ThemeHolder& themes_;
    std::size_t index_;
    bool putting_ = false;
    bool moved_ = false;
};

}  // namespace tributary::desktop
