// All links between two clusters or regions as one line with a count.
#pragma once

#include <QGraphicsItem>
#include <optional>

#include "app/desktop/canvas/paintkit.h"
#include "app/desktop/document/itemref.h"
#include "core/rules/rule.h"
#include "core/telemetry/linkhealth.h"

namespace tributary::desktop {

/// Everything a bundle shows.
struct BundleLook {
    int there = 0;   ///< links from the first end to the second
    int back = 0;    ///< links the other way
    int broken = 0;  ///< of them: drawn with one record only
    std::optional<Severity> worst;
    std::optional<LinkHealth> health;  ///< the worst of them; nullopt: nothing was observed
    int unwell = 0;                    ///< how many are as bad as that, when that is not good
    bool highlighted = false;
    friend bool operator==(const BundleLook&, const BundleLook&) = default;
    [[nodiscard]] int links() const { return there + back; }
};

class BundleItem final : public QGraphicsItem {
public:
    /// `zoom` is the scene's: a bundle is as wide on the screen at every zoom.
    BundleItem(const ThemeHolder& themes, ItemRef ref, const double& zoom);
    [[nodiscard]] QRectF boundingRect() const override;
    [[nodiscard]] QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;
    [[nodiscard]] const ItemRef& ref() const { return ref_; }
    [[nodiscard]] const BundleLook& look() const { return look_; }
    void setLook(const BundleLook& look);
    /// The boxes of its two ends.
    void setEnds(const QRectF& a, const QRectF& b);
    /// Its links are shown one by one: it paints nothing, and stays selected, as no hidden item would.
    void setOpen(bool open);
    [[nodiscard]] bool isOpen() const { return open_; }
    /// The zoom is about to change by much.
    void rescale() { prepareGeometryChange(); }
    [[nodiscard]] QPointF middle() const { return (a_ + b_) / 2; }
    [[nodiscard]] double length() const;
    [[nodiscard]] QColor colour() const;
    /// Its count, with what is wrong: "12", "3 of 12".
    [[nodiscard]] QString count() const;
    /// What it stands for, in words: also the tooltip and what a screen reader hears.
    [[nodiscard]] QString description() const;
    enum { Type = UserType + 9 };
    [[nodiscard]] int type() const override { return Type; }

private:
    [[nodiscard]] double widthOnScreen() const;

    const ThemeHolder& themes_;
    ItemRef ref_;
    const double& zoom_;
    BundleLook look_;
    bool open_ = false;
    QPointF a_;
    QPointF b_;
};

}  // namespace tributary::desktop
