// A region on the canvas: the ground its clusters stand on, or, collapsed, one card in place of them all.
#pragma once

#include <QGraphicsObject>
#include <optional>

#include "app/desktop/canvas/paintkit.h"
#include "app/desktop/document/itemref.h"
#include "core/rules/rule.h"
#include "core/telemetry/linkhealth.h"

namespace tributary::desktop {

/// Everything a region shows.
struct RegionLook {
    QString name;
    bool collapsed = false;
    int clusters = 0;
    int datasets = 0;
    int links = 0;   ///< that begin or end in it
    int inside = 0;  ///< of these: between two of its clusters
    std::optional<Severity> worst;
    int problems = 0;
    std::optional<LinkHealth> health;  ///< the worst that was observed in it; nullopt: nothing was
    QString state;                     ///< the same in words
    bool highlighted = false;          ///< a running step touches something in it
    friend bool operator==(const RegionLook&, const RegionLook&) = default;
};

/// Its head is what is grabbed; its place follows from its clusters, so that moving it means moving them.
class RegionItem final : public QGraphicsObject {
    Q_OBJECT
public:
    RegionItem(const ThemeHolder& themes, ItemRef ref);
    [[nodiscard]] QRectF boundingRect() const override;
    [[nodiscard]] QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;
    [[nodiscard]] const ItemRef& ref() const { return ref_; }
    [[nodiscard]] const RegionLook& look() const { return look_; }
    void setLook(const RegionLook& look);
    /// Encloses its clusters, or stands in the middle of where they are.
    void fitAround(const QRectF& clusters);
    [[nodiscard]] QRectF frameRect() const { return {pos(), size_}; }
    /// By how much a collapsed one's card is enlarged: as much as its clusters took room, so that it is read from afar.
    [[nodiscard]] double cardScale() const { return scale_; }
    /// What it is and how it does, in words: also the tooltip and what a screen reader hears.
    [[nodiscard]] QString description() const;
    enum { Type = UserType + 8 };
    [[nodiscard]] int type() const override { return Type; }

signals:
    void dragged(const QPointF& by);
    void collapseRequested(bool collapsed);
    void renameRequested();

protected:
    QVariant itemChange(GraphicsItemChange change, const QVariant& value) override;
    void mousePressEvent(QGraphicsSceneMouseEvent* event) override;
    void mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) override;

private:
    [[nodiscard]] QRectF headRect() const;
    [[nodiscard]] QRectF foldRect() const;
    void paintHead(QPainter& painter, Detail detail) const;
    void paintCard(QPainter& painter) const;

    const ThemeHolder& themes_;
    ItemRef ref_;
    RegionLook look_;
    QSizeF size_;
    double scale_ = 1;
    bool fitting_ = false;
};

/// Ink and icon of a state of health; a tick is for what does all it is meant to.
struct HealthInk {
    QColor ink;
    QColor fill;
    QString icon;
};
[[nodiscard]] HealthInk healthInk(LinkHealth health, const Theme& theme);

}  // namespace tributary::desktop
