// A member of a cluster on the canvas: a card with what it says of itself. The cluster lays its members out.
#pragma once

#include <QGraphicsObject>
#include <optional>

#include "app/desktop/document/itemref.h"
#include "app/desktop/style/theme.h"
#include "core/telemetry/linkhealth.h"

namespace tributary::desktop {

/// Everything a member shows.
struct MemberCard {
    QString name;
    QString detail;                    ///< "rw · 127.0.0.1:3301"
    QString state;                     ///< observed: "running", "killed", ...; empty: nothing is observed
    QString reason;                    ///< of a state that is not running
    std::optional<LinkHealth> health;  ///< of the state; nullopt: not observed
    bool highlighted = false;          ///< a running step touches it
    friend bool operator==(const MemberCard&, const MemberCard&) = default;
};

class MemberItem final : public QGraphicsItem {
public:
    MemberItem(const ThemeHolder& themes, ItemRef ref, QGraphicsItem& cluster);
    [[nodiscard]] QRectF boundingRect() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;
    [[nodiscard]] const ItemRef& ref() const { return ref_; }
    [[nodiscard]] QRectF cardRect() const;
    void setLook(const MemberCard& look);
    [[nodiscard]] const MemberCard& look() const { return look_; }
    enum { Type = UserType + 7 };
    [[nodiscard]] int type() const override { return Type; }

private:
    const ThemeHolder& themes_;
    ItemRef ref_;
    MemberCard look_;
};

}  // namespace tributary::desktop
