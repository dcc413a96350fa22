// One direction of replication on the canvas: two records, the replica's and the upstream's, that make a whole link.
#pragma once

#include <QGraphicsItem>
#include <QPolygonF>
#include <optional>

#include "app/desktop/canvas/linkrouter.h"
#include "app/desktop/canvas/observed.h"
#include "app/desktop/canvas/paintkit.h"
#include "core/rules/rule.h"

namespace tributary::desktop {

/// Everything a link shows.
struct LinkLook {
    bool replica = false;    ///< drawn at the source
    bool upstream = false;   ///< drawn at the replica
    bool ofMembers = false;  ///< one member follows another: there are no two records
    QString options;         ///< "synchronous, paused", ...
    std::optional<Severity> worst;
    bool observedKnown = false;            ///< something runs: drawn and observed are compared
    std::optional<ObservedLink> observed;  ///< what the system reports; nullopt: it has no such link
    bool highlighted = false;              ///< a running step touches it
    friend bool operator==(const LinkLook&, const LinkLook&) = default;

    [[nodiscard]] bool whole() const { return replica && upstream; }
    [[nodiscard]] bool drawn() const { return replica || upstream; }
    /// Of members: nothing passes, and that is known. It is drawn broken.
    [[nodiscard]] bool isStopped() const {
        return ofMembers && observedKnown && observed && observed->health() == LinkHealth::Bad;
    }
    /// Drawn and observed are not the same.
    [[nodiscard]] bool differs() const;
};

/// Drawn in two halves: while one record is missing its half is dashed, the line has a gap, and a label says which.
class LinkItem final : public QGraphicsItem {
public:
    LinkItem(const ThemeHolder& themes, ItemRef ref);
    [[nodiscard]] QRectF boundingRect() const override;
    [[nodiscard]] QPainterPath shape() const override;
    void paint(QPainter* painter, const QStyleOptionGraphicsItem* option, QWidget* widget) override;
    [[nodiscard]] const ItemRef& ref() const { return ref_; }
    [[nodiscard]] const std::string& fromCluster() const { return fromCluster_; }
    [[nodiscard]] const std::string& toCluster() const { return toCluster_; }
    [[nodiscard]] const LinkLook& look() const { return look_; }
    void setLook(const LinkLook& look);
    /// Where labels stand: on the line, or away from the link of the other direction beside it.
    enum class Labels { OnLine, Above, Below };
    void setRoute(const LinkRoute& route, Labels labels = Labels::OnLine);
    /// The middle of the line, where its labels are.
    [[nodiscard]] QPointF middle() const;
    /// Something passes, and is known to: it may be shown moving.
    [[nodiscard]] bool isFlowing() const;
    /// Moves what is shown flowing to a place, in pixels from the source; below 0: nothing is shown.
    void setFlow(double place);
    [[nodiscard]] double flow() const { return flow_; }
    /// What its labels say, in words: also the tooltip and what a screen reader hears.
    [[nodiscard]] QString description() const;
    enum { Type = UserType + 5 };
    [[nodiscard]] int type() const override { return Type; }

private:
    [[nodiscard]] std::vector<Pill> pills(Detail detail) const;
    [[nodiscard]] QColor lineColour() const;
    /// The room that its labels may take.
    [[nodiscard]] QRectF labelRect() const;
    void paintLine(QPainter& painter, const QRectF& exposed) const;
    /// Draws the part of the curve from sample `first` to `last` that `exposed` may show.
    void paintRun(QPainter& painter, QPen pen, int first, int last, const QRectF& exposed) const;
    [[nodiscard]] QPolygonF flowDots(double place) const;
    void paintFlow(QPainter& painter, const QRectF& exposed) const;
    void paintArrow(QPainter& painter, const QColor& colour, bool filled) const;

    const ThemeHolder& themes_;
    ItemRef ref_;
    std::string fromCluster_;
    std::string toCluster_;
    LinkLook look_;
    LinkRoute route_;
    Labels labels_ = Labels::OnLine;
    QPolygonF points_;  ///< the curve, sampled
    double flow_ = -1;
};

/// "0.3 s", "2 min", "?" when unknown.
[[nodiscard]] QString lagText(const std::optional<double>& lagMs);

}  // namespace tributary::desktop
