// Snapping, guides, the grid, and drawing a link by hand.
#include <QApplication>
#include <QElapsedTimer>
#include <QPainter>
#include <QPainterPath>
#include <QtMath>
#include <algorithm>
#include <cmath>

#include "app/desktop/canvas/canvasmetrics.h"
#include "app/desktop/canvas/canvasscene.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {
constexpr double kGuideReach = 6;    ///< how near an edge must come to be in line
constexpr qint64 kJudgeSliceMs = 4;  ///< of one event loop round; the drag must stay smooth
}  // namespace

void CanvasScene::setGridShown(bool on) {
    gridShown_ = on;
    update();
}

QPointF CanvasScene::snapped(const QGraphicsItem& item, const QPointF& wanted) {
    const bool byHand = pressed_ && !syncing_;
    if (!byHand || !snapping_ || QApplication::keyboardModifiers().testFlag(Qt::AltModifier)) return wanted;
    QPointF to(std::round(wanted.x() / metrics::kGrid) * metrics::kGrid,
               std::round(wanted.y() / metrics::kGrid) * metrics::kGrid);
    if (item.type() != ClusterItem::Type || selectedItems().size() > 1) return to;
    const QSizeF size = static_cast<const ClusterItem&>(item).frameRect().size();
    guides_.clear();
    double nearX = kGuideReach;
    double nearY = kGuideReach;
    std::optional<QLineF> guideX;
    std::optional<QLineF> guideY;
    for (const auto& [name, other] : clusters_) {
        if (other == &item) continue;
        const QRectF box = other->frameRect();
        const auto tryX = [&](double mine, double theirs) {
            if (std::abs(wanted.x() + mine - theirs) >= nearX) return;
            nearX = std::abs(wanted.x() + mine - theirs);
            to.setX(theirs - mine);
            guideX = QLineF(theirs, std::min(box.top(), wanted.y()) - 20, theirs,
                            std::max(box.bottom(), wanted.y() + size.height()) + 20);
        };
        const auto tryY = [&](double mine, double theirs) {
            if (std::abs(wanted.y() + mine - theirs) >= nearY) return;
            nearY = std::abs(wanted.y() + mine - theirs);
            to.setY(theirs - mine);
            guideY = QLineF(std::min(box.left(), wanted.x()) - 20, theirs,
                            std::max(box.right(), wanted.x() + size.width()) + 20, theirs);
        };
        tryX(0, box.left());
        tryX(size.width() / 2, box.center().x());
        tryX(size.width(), box.right());
        tryY(0, box.top());
        tryY(size.height() / 2, box.center().y());
        tryY(size.height(), box.bottom());
    }
    if (guideX) guides_.push_back(*guideX);
    if (guideY) guides_.push_back(*guideY);
    update();
    return to;
}

void CanvasScene::drawBackground(QPainter* painter, const QRectF& rect) {
    const Theme& theme = themes_.theme();
    painter->fillRect(rect, theme.canvas);
    const double zoom = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    if (!gridShown_ || zoom < 0.45) return;
    const double step = metrics::kGrid * 3;
    QPolygonF dots;
    const int top = qFloor(rect.top() / step);
    for (int column = qFloor(rect.left() / step); column * step < rect.right(); ++column) {
        for (int row = top; row * step < rect.bottom(); ++row) dots << QPointF(column * step, row * step);
    }
    painter->setPen(QPen(theme.grid, 1.6, Qt::SolidLine, Qt::RoundCap));
    painter->drawPoints(dots);
}

void CanvasScene::drawForeground(QPainter* painter, const QRectF& rect) {
    const Theme& theme = themes_.theme();
    // Only the view's own picture: the overview and exports are drawn at a zoom of their own.
    const double zoom = QStyleOptionGraphicsItem::levelOfDetailFromTransform(painter->worldTransform());
    if (zoom_ < metrics::kCardDetailZoom && std::abs(zoom - zoom_) < 1e-6) {
        if (!labels_) {
            wantedLabels_ = smallLabels();
            labels_ = placeLabels(wantedLabels_, zoom_);
        }
        paintLabels(*painter, *labels_, zoom_, rect);
    }
    painter->setPen(QPen(theme.accent, 0, Qt::DashLine));
    for (const QLineF& guide : guides_) painter->drawLine(guide);
    if (linkFrom_.empty()) return;
    const DatasetItem* from = dataset(linkFrom_);
    if (from == nullptr) return;
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(theme.accent, 2.2, Qt::DashLine, Qt::RoundCap));
    painter->setBrush(Qt::NoBrush);
    QPainterPath path(from->handle());
    const double reach = std::max(30.0, std::abs(linkTo_.x() - from->handle().x()) * 0.4);
    path.cubicTo(from->handle() + QPointF(reach, 0), linkTo_ - QPointF(reach, 0), linkTo_);
    painter->drawPath(path);
    painter->setBrush(theme.accent);
    painter->drawEllipse(linkTo_, 4, 4);
}

DatasetItem* CanvasScene::datasetAt(const QPointF& scenePos) const {
    for (QGraphicsItem* each : items(scenePos)) {
        if (each->type() == DatasetItem::Type) return static_cast<DatasetItem*>(each);
    }
    return nullptr;
}

void CanvasScene::beginLink(const std::string& from) {
    linkFrom_ = from;
    linkUnder_ = nullptr;
    toJudge_.clear();
    for (const auto& [path, item] : datasets_) {
        if (path != from && !item->look().ghost) toJudge_.push_back(item);
    }
    // Nearest first: they are judged before the pointer gets there.
    const QPointF at = dataset(from)->handle();
    std::sort(toJudge_.begin(), toJudge_.end(), [&](const DatasetItem* a, const DatasetItem* b) {
        return (a->handle() - at).manhattanLength() > (b->handle() - at).manhattanLength();
    });
    judgeTimer_.start();
}

void CanvasScene::judgeSome() {
    QElapsedTimer clock;
    clock.start();
    while (!toJudge_.empty() && clock.elapsed() < kJudgeSliceMs) {
        DatasetItem* item = toJudge_.back();
        toJudge_.pop_back();
        item->setTarget(judgeLink(document_.topology(), linkFrom_, item->ref().a, LinkHalves::Replica).verdict,
                        item == linkUnder_);
    }
    if (toJudge_.empty()) judgeTimer_.stop();
}

void CanvasScene::moveLink(const QPointF& scenePos) {
    if (linkFrom_.empty()) return;
    linkTo_ = scenePos;
    update();
    DatasetItem* under = datasetAt(scenePos);
    if (under == linkUnder_) return;
    const auto judge = [&](DatasetItem* item) {
        return judgeLink(document_.topology(), linkFrom_, item->ref().a, LinkHalves::Replica);
    };
    if (linkUnder_ != nullptr && linkUnder_->ref().a != linkFrom_) linkUnder_->setTarget(judge(linkUnder_).verdict);
    linkUnder_ = under;
    if (under == nullptr || under->ref().a == linkFrom_) {
        emit linkHint({}, false);
        return;
    }
    const LinkJudgement judgement = judge(under);
    under->setTarget(judgement.verdict, true);
    const QString name = QString::fromStdString(under->ref().a);
    emit linkHint(judgement.text.empty() ? tr("Link to %1").arg(name) : QString::fromStdString(judgement.text),
                  judgement.verdict == LinkVerdict::Refused);
}

void CanvasScene::endLink() {
    linkFrom_.clear();
    linkUnder_ = nullptr;
    toJudge_.clear();
    judgeTimer_.stop();
    for (const auto& [path, item] : datasets_) item->setTarget({});
    emit linkHint({}, false);
    update();
}

}  // namespace tributary::desktop
