// A cluster on the canvas: its frame behind the links, its head and gateways before them.
#pragma once

#include <QGraphicsObject>
#include <optional>
#include <vector>

#include "app/desktop/canvas/memberitem.h"
#include "app/desktop/document/itemref.h"
#include "app/desktop/style/theme.h"
#include "core/rules/rule.h"

namespace tributary::desktop {

struct GatewayLook {
    QString name;
    std::optional<bool> up;  ///< observed; nullopt: not observed
    bool ghost = false;      ///< of a cluster that is not drawn
    friend bool operator==(const GatewayLook&, const GatewayLook&) = default;
};

/// Everything a cluster shows.
struct ClusterLook {
    QString name;
    QString system;
    int datasets = 0;    ///< that are drawn
    int ghosts = 0;      ///< datasets that run in it and are not drawn
    bool ghost = false;  ///< it runs and is not drawn itself
    QString words;       ///< of a ghost: what is known of it
    bool collapsed = false;
    bool pinned = false;
    bool secure = false;
    std::optional<Severity> worst;  ///< of its own problems and those of what it holds
    int problems = 0;
    std::vector<GatewayLook> gateways;
    std::vector<MemberCard> members;  ///< above the datasets
    QString observed;                 ///< "running", "stopped", ...; empty when nothing is observed
    bool trouble = false;             ///< not reachable, or alarms are raised
    bool highlighted = false;         ///< a running step touches it
    friend bool operator==(const ClusterLook&, const ClusterLook&) = default;
};

/// Paints the frame only and takes no events; the head moves it.
class ClusterFrame final : public QGraphicsItem {
public:
    ClusterFrame(const ThemeHolder& themes, ItemRef ref);
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;
    [[nodiscard]] const ItemRef& ref() const { return ref_; }
    void update(const ClusterLook& look, const QSizeF& size, bool selected);
    enum { Type = UserType + 1 };
    [[nodiscard]] int type() const override { return Type; }

private:
    const ThemeHolder& themes_;
    ItemRef ref_;
    ClusterLook look_;
    QSizeF size_;
    bool selected_ = false;
};

class GatewayItem;

/// The head is what is grabbed; datasets and gateways are its children.
class ClusterItem final : public QGraphicsObject {
    Q_OBJECT
public:
    ClusterItem(const ThemeHolder& themes, ItemRef ref);
    /// Removes the frame from its scene too.
    ~ClusterItem() override;
    [[nodiscard]] ClusterFrame& frame() { return *frame_; }

    [[nodiscard]] QRectF boundingRect() const override;
    [[nodiscard]] QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;
    [[nodiscard]] const ItemRef& ref() const { return ref_; }
    [[nodiscard]] const ClusterLook& look() const { return look_; }
    void setLook(const ClusterLook& look);
    /// Fits the frame around its datasets and lays the gateways out under them.
    void fitFrame();
    [[nodiscard]] QRectF frameRect() const { return {pos(), size_}; }
    [[nodiscard]] GatewayItem* gateway(const std::string& name) const;
    [[nodiscard]] MemberItem* member(const std::string& name) const;
    /// Where the n-th dataset goes that was never placed.
    [[nodiscard]] QPointF slot(int index) const;
    /// Datasets lie below it.
    [[nodiscard]] double datasetsTop() const;
    enum { Type = UserType + 2 };
    [[nodiscard]] int type() const override { return Type; }

signals:
    void moved();
    void collapseRequested(bool collapsed);
    void renameRequested();

protected:
    QVariant itemChange(GraphicsItemChange change, const QVariant& value) override;
    void mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) override;
    void mousePressEvent(QGraphicsSceneMouseEvent* event) override;

private:
    [[nodiscard]] QRectF foldRect() const;
    /// Returns where the marks begin: text ends before it.
    double paintStatus(QPainter& painter, const QRectF& head) const;
    void renewMembers();
    /// Where the n-th member stands.
    [[nodiscard]] static QPointF memberPlace(int index);

    const ThemeHolder& themes_;
    ItemRef ref_;
    ClusterLook look_;
    QSizeF size_;
    ClusterFrame* frame_;  ///< owned; lives in the same scene
    std::vector<GatewayItem*> gateways_;
    std::vector<MemberItem*> members_;
};

/// A gateway: a circle with its name beside it.
class GatewayItem final : public QGraphicsObject {
    Q_OBJECT
public:
    GatewayItem(const ThemeHolder& themes, ItemRef ref, ClusterItem& cluster);
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;
    [[nodiscard]] const ItemRef& ref() const { return ref_; }
    void setLook(const GatewayLook& look);
    void setWidth(double width);
    enum { Type = UserType + 3 };
    [[nodiscard]] int type() const override { return Type; }

signals:
    void renameRequested();

protected:
    void mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) override;

private:
    const ThemeHolder& themes_;
    ItemRef ref_;
    GatewayLook look_;
    double width_ = 100;
};

}  // namespace tributary::desktop
