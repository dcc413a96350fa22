// A dataset on the canvas: a card with a handle from which links are drawn.
#pragma once

#include <QGraphicsObject>
#include <optional>

#include "app/desktop/document/itemref.h"
#include "app/desktop/document/linkcheck.h"
#include "app/desktop/style/theme.h"

namespace tributary::desktop {

/// Everything a dataset shows.
struct DatasetLook {
    QString name;
    QString detail;  ///< "2 families · 7d"
    DatasetKind kind = DatasetKind::BinaryTable;
    bool exists = false;                 ///< drawn as existing; otherwise a command or runbook makes it
    std::optional<bool> observedExists;  ///< nullopt: not observed
    std::optional<Severity> worst;
    bool highlighted = false;  ///< a running step touches it
    bool ghost = false;        ///< it runs and is not drawn
    QString words;             ///< of a ghost: what is known of it
    friend bool operator==(const DatasetLook&, const DatasetLook&) = default;
};

class DatasetItem final : public QGraphicsObject {
    Q_OBJECT
public:
    DatasetItem(const ThemeHolder& themes, ItemRef ref);
    [[nodiscard]] QRectF boundingRect() const override;
    [[nodiscard]] QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;
    [[nodiscard]] const ItemRef& ref() const { return ref_; }
    [[nodiscard]] QRectF cardRect() const;
    /// Where a link is drawn from, in the scene.
    [[nodiscard]] QPointF handle() const;
    void setLook(const DatasetLook& look);
    [[nodiscard]] const DatasetLook& look() const { return look_; }
    /// While a link is drawn: whether it may end here. nullopt: no link is drawn, or not judged yet.
    void setTarget(std::optional<LinkVerdict> verdict, bool under = false);
    enum { Type = UserType + 4 };
    [[nodiscard]] int type() const override { return Type; }

signals:
    void moved();
    void linkStarted(const QPointF& scenePos);
    void linkMoved(const QPointF& scenePos);
    void linkDropped(const QPointF& scenePos);
    void renameRequested();

protected:
    QVariant itemChange(GraphicsItemChange change, const QVariant& value) override;
    void hoverEnterEvent(QGraphicsSceneHoverEvent* event) override;
    void hoverLeaveEvent(QGraphicsSceneHoverEvent* event) override;
    void mousePressEvent(QGraphicsSceneMouseEvent* event) override;
    void mouseMoveEvent(QGraphicsSceneMouseEvent* event) override;
    void mouseReleaseEvent(QGraphicsSceneMouseEvent* event) override;
    void mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) override;

private:
    [[nodiscard]] bool onHandle(const QPointF& pos) const;
    void paintTarget(QPainter& painter, const QRectF& card) const;

    const ThemeHolder& themes_;
    ItemRef ref_;
    DatasetLook look_;
    std::optional<LinkVerdict> target_;
    bool under_ = false;
    bool hovered_ = false;
    bool linking_ = false;
};

}  // namespace tributary::desktop
