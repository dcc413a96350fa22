// Bends of links by hand, and notes: what a person adds to the picture, kept in the layout.
#include <QGraphicsSceneMouseEvent>
#include <QLineF>
#include <algorithm>
#include <cmath>

#include "app/desktop/canvas/benditem.h"
#include "app/desktop/canvas/canvasscene.h"
#include "app/desktop/canvas/noteitem.h"

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

double distanceTo(const QLineF& piece, const QPointF& at) {
    const QPointF d = piece.p2() - piece.p1();
    const double squared = QPointF::dotProduct(d, d);
    const double share = squared == 0 ? 0 : std::clamp(QPointF::dotProduct(at - piece.p1(), d) / squared, 0.0, 1.0);
    return QLineF(at, piece.p1() + d * share).length();
}

/// Where among the bends a new one comes: into the stretch that is nearest.
std::size_t placeOfBend(const std::vector<Bend>& bends, const QPointF& from, const QPointF& to, const QPointF& at) {
    std::size_t best = 0;
    double nearest = 0;
    QPointF begin = from;
    for (std::size_t i = 0; i <= bends.size(); ++i) {
        const QPointF end = i < bends.size() ? QPointF(bends[i].x, bends[i].y) : to;
        const double distance = distanceTo({begin, end}, at);
        if (i == 0 || distance < nearest) {
            nearest = distance;
            best = i;
        }
        begin = end;
    }
    return best;
}

}  // namespace

std::vector<Bend> CanvasScene::bendsOf(const ItemRef& link) const {
    if (liveBends_ && liveBends_->first == link) return liveBends_->second;
    const auto place = document_.layout().find(link);
    return place == document_.layout().end() ? std::vector<Bend>{} : place->second.bends;
}

void CanvasScene::addBend(const ItemRef& link, const QPointF& at) {
    const LinkItem* item = this->link(link.a, link.b);
    if (item == nullptr || isGhost(link)) return;
    std::vector<Bend> bends = bendsOf(link);
    const std::size_t index = placeOfBend(bends, linkBox(link.a).center(), linkBox(link.b).center(), at);
    bends.insert(bends.begin() + static_cast<std::ptrdiff_t>(index), Bend{std::round(at.x()), std::round(at.y())});
    placeBends(link, std::move(bends), tr("Bend link"));
}

void CanvasScene::placeBends(const ItemRef& link, std::vector<Bend> bends, const QString& title) {
    liveBends_.reset();
    LayoutSidecar layout = effectiveLayout();
    if (bends.empty()) {
        layout.erase(link);
    } else {
        layout[link].bends = std::move(bends);
    }
    emit itemsPlaced(layout, title);
}

void CanvasScene::syncBends() {
    const ItemRef chosen = selection_.single();
    const bool isLink = chosen.kind == ItemRef::Kind::Link && link(chosen.a, chosen.b) != nullptr;
    const std::vector<Bend> bends = isLink ? bendsOf(chosen) : std::vector<Bend>{};
    if (bends.size() != bendItems_.size() || chosen != bentLink_) {
        for (BendItem* each : bendItems_) {
            removeItem(each);
            each->deleteLater();
        }
        bendItems_.clear();
        bentLink_ = chosen;
        for (std::size_t i = 0; i < bends.size(); ++i) {
            auto* item = new BendItem(themes_, i);
            connect(item, &BendItem::dragged, this, [this](std::size_t index, const QPointF& to) {
                std::vector<Bend> moved = bendsOf(bentLink_);
                if (index >= moved.size()) return;
                moved[index] = {std::round(to.x()), std::round(to.y())};
                liveBends_ = std::pair(bentLink_, std::move(moved));
                scheduleRouting();
            });
            connect(item, &BendItem::dropped, this, [this] {
                if (liveBends_) placeBends(bentLink_, std::vector<Bend>(liveBends_->second), tr("Move bend"));
            });
            connect(item, &BendItem::removed, this, [this](std::size_t index) {
                std::vector<Bend> rest = bendsOf(bentLink_);
                if (index >= rest.size()) return;
                rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(index));
                placeBends(bentLink_, std::move(rest), tr("Remove bend"));
            });
            addItem(item);
            bendItems_.push_back(item);
        }
    }
    if (liveBends_) return;  // a hand holds one
    for (std::size_t i = 0; i < bends.size(); ++i) bendItems_[i]->put({bends[i].x, bends[i].y});
}

void CanvasScene::mouseDoubleClickEvent(QGraphicsSceneMouseEvent* event) {
    const QList<QGraphicsItem*> under = items(event->scenePos());
    const auto first = std::find_if(under.begin(), under.end(), [this](const QGraphicsItem* each) {
        return refOf(each).valid() || each->type() == BendItem::Type;
    });
    if (first != under.end() && (*first)->type() == LinkItem::Type) {
        const ItemRef ref = refOf(*first);
        selection_.select(ref);
        addBend(ref, event->scenePos());
        event->accept();
        return;
    }
    QGraphicsScene::mouseDoubleClickEvent(event);
}

void CanvasScene::syncNotes() {
    std::map<std::string, const Placement*> wanted;
    for (const auto& [ref, place] : document_.layout()) {
        if (ref.kind == ItemRef::Kind::Note) wanted[ref.a] = &place;
    }
    bool changed = false;
    for (auto it = notes_.begin(); it != notes_.end();) {
        if (wanted.contains(it->first)) {
            ++it;
            continue;
        }
        removeItem(it->second);
        it->second->deleteLater();  // it may be the one that has just told its text
        it = notes_.erase(it);
        changed = true;
    }
    for (const auto& [name, place] : wanted) {
        NoteItem*& item = notes_[name];
        if (item == nullptr) {
            item = new NoteItem(themes_, noteRef(name));
            connect(item, &NoteItem::edited, this,
                    [this, ref = item->ref()](const QString& text) { emit noteEdited(ref, text); });
            addItem(item);
            item->setSelected(selection_.contains(item->ref()));
            changed = true;
        }
        item->setNote(QString::fromStdString(place->text), place->width);
        item->setPos(place->x, place->y);
    }
    if (!changed) return;
    ++itemsRevision_;
    emit itemsChanged();
}

NoteItem* CanvasScene::note(const std::string& name) const {
    const auto found = notes_.find(name);
    return found == notes_.end() ? nullptr : found->second;
}

bool CanvasScene::isEditingNote() const {
    return std::any_of(notes_.begin(), notes_.end(), [](const auto& each) { return each.second->isEditing(); });
}

}  // namespace tributary::desktop
