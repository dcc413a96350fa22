// The canvas' children for screen readers.
#include "app/desktop/canvas/canvasaccessible.h"

#include <QCoreApplication>
#include <QGraphicsItem>
#include <algorithm>

using namespace Qt::StringLiterals;

namespace tributary::desktop {

namespace {

QAccessibleInterface* accessibleCanvas(const QString& /*className*/, QObject* object) {
    auto* view = qobject_cast<CanvasView*>(object);
    return view == nullptr ? nullptr : new CanvasAccessible(*view);
}

}  // namespace

/// One drawn item. A value of the drawing, not of the scene: it answers "nothing" when its item is gone.
class CanvasAccessible::Item final : public QAccessibleInterface, public QAccessibleActionInterface {
public:
    Item(CanvasView& view, ItemRef ref) : view_(view), ref_(std::move(ref)) {}

    [[nodiscard]] bool isValid() const override { return graphics() != nullptr; }
    [[nodiscard]] QObject* object() const override { return nullptr; }
    [[nodiscard]] QAccessibleInterface* parent() const override {
        return QAccessible::queryAccessibleInterface(&view_);
    }
    [[nodiscard]] QAccessibleInterface* child(int /*index*/) const override { return nullptr; }
    [[nodiscard]] int childCount() const override { return 0; }
    [[nodiscard]] int indexOfChild(const QAccessibleInterface* /*child*/) const override { return -1; }
    [[nodiscard]] QAccessibleInterface* childAt(int /*x*/, int /*y*/) const override { return nullptr; }

    [[nodiscard]] QString text(QAccessible::Text kind) const override {
        if (kind == QAccessible::Name) {
            const QString name = QString::fromStdString(longName(ref_));
            return view_.canvasScene().isGhost(ref_) ? QCoreApplication::translate("Ghost", "%1, not drawn").arg(name)
                                                     : name;
        }
        const QGraphicsItem* item = graphics();
        return kind == QAccessible::Description && item != nullptr ? item->toolTip() : QString();
    }
    void setText(QAccessible::Text /*kind*/, const QString& /*text*/) override {}
    [[nodiscard]] QRect rect() const override {
        QWidget* port = view_.viewport();
        const QRect there = view_.mapFromScene(view_.canvasScene().rectOf(ref_)).boundingRect();
        return there.isEmpty() ? QRect() : QRect(port->mapToGlobal(there.topLeft()), there.size());
    }
    [[nodiscard]] QAccessible::Role role() const override {
        switch (ref_.kind) {
            case ItemRef::Kind::Cluster: return QAccessible::Grouping;
            case ItemRef::Kind::Dataset:
            case ItemRef::Kind::Member: return QAccessible::ListItem;
            case ItemRef::Kind::Gateway: return QAccessible::Indicator;
            default: return QAccessible::Graphic;
        }
    }
    [[nodiscard]] QAccessible::State state() const override {
        QAccessible::State state;
        const QGraphicsItem* item = graphics();
        state.invalid = item == nullptr;
        state.invisible = item == nullptr || !item->isVisible() || !view_.isVisible();
        state.offscreen =
            !view_.viewport()->rect().intersects(view_.mapFromScene(view_.canvasScene().rectOf(ref_)).boundingRect());
        state.selectable = true;
        state.focusable = true;
        state.multiSelectable = true;
        state.selected = view_.selection().contains(ref_);
        state.focused = view_.hasFocus() && view_.selection().single() == ref_;
        return state;
    }

    void* interface_cast(QAccessible::InterfaceType type) override {
        return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface*>(this) : nullptr;
    }
    [[nodiscard]] QStringList actionNames() const override { return {pressAction(), setFocusAction()}; }
    void doAction(const QString& name) override {
        view_.selection().reveal(ref_);
        if (name == setFocusAction()) view_.setFocus();
    }
    [[nodiscard]] QStringList keyBindingsForAction(const QString& /*name*/) const override { return {}; }
    [[nodiscard]] const ItemRef& ref() const { return ref_; }

private:
    [[nodiscard]] const QGraphicsItem* graphics() const { return view_.canvasScene().itemOf(ref_); }

    CanvasView& view_;
    ItemRef ref_;
};

CanvasAccessible::CanvasAccessible(CanvasView& view) : QAccessibleWidget(&view, QAccessible::Canvas), view_(view) {
    connections_.push_back(QObject::connect(&view_.selection(), &Selection::changed, &view_, [this] {
        const ItemRef chosen = view_.selection().single();
        if (!QAccessible::isActive() || !chosen.valid() || view_.canvasScene().itemOf(chosen) == nullptr) return;
        for (const QAccessible::Event what : {QAccessible::Selection, QAccessible::Focus}) {
            if (what == QAccessible::Focus && !view_.hasFocus()) continue;
            QAccessibleEvent event(itemOf(chosen), what);
            QAccessible::updateAccessibility(&event);
        }
    }));
    connections_.push_back(QObject::connect(&view_.canvasScene(), &CanvasScene::itemsChanged, &view_, [this] {
        if (!QAccessible::isActive()) return;
        QAccessibleEvent event(&view_, QAccessible::ObjectReorder);
        QAccessible::updateAccessibility(&event);
    }));
}

CanvasAccessible::~CanvasAccessible() {
    for (const auto& each : connections_) QObject::disconnect(each);
    for (const auto& [ref, id] : known_) QAccessible::deleteAccessibleInterface(id);
}

void CanvasAccessible::install() {
    QAccessible::installFactory(accessibleCanvas);
}

/// Follows the scene: what is gone is forgotten. The list is kept, since a reader asks for one child after the other.
void CanvasAccessible::renew() const {
    if (revision_ == view_.canvasScene().itemsRevision()) return;
    revision_ = view_.canvasScene().itemsRevision();
    refs_ = view_.canvasScene().itemRefs();
    for (auto it = known_.begin(); it != known_.end();) {
        if (view_.canvasScene().itemOf(it->first) != nullptr) {
            ++it;
        } else {
            QAccessible::deleteAccessibleInterface(it->second);
            it = known_.erase(it);
        }
    }
}

CanvasAccessible::Item* CanvasAccessible::itemOf(const ItemRef& ref) const {
    if (const auto found = known_.find(ref); found != known_.end()) {
        return static_cast<Item*>(QAccessible::accessibleInterface(found->second));
    }
    auto* item = new Item(view_, ref);
    known_[ref] = QAccessible::registerAccessibleInterface(item);  // owns it from now on
    return item;
}

std::vector<QWidget*> CanvasAccessible::helpers() const {
    std::vector<QWidget*> out;
    for (QObject* each : view_.children()) {
        auto* widget = qobject_cast<QWidget*>(each);
        if (widget != nullptr && widget->isVisible() && !widget->objectName().startsWith(u"qt_")) out.push_back(widget);
    }
    return out;
}

int CanvasAccessible::childCount() const {
    renew();
    return static_cast<int>(refs_.size() + helpers().size());
}

QAccessibleInterface* CanvasAccessible::child(int index) const {
    renew();
    const auto at = static_cast<std::size_t>(index);
    if (index >= 0 && at < refs_.size()) return itemOf(refs_[at]);
    const std::vector<QWidget*> widgets = helpers();
    if (index < 0 || at - refs_.size() >= widgets.size()) return nullptr;
    return QAccessible::queryAccessibleInterface(widgets[at - refs_.size()]);
}

int CanvasAccessible::indexOfChild(const QAccessibleInterface* child) const {
    for (int i = 0; i < childCount(); ++i) {
        if (this->child(i) == child) return i;
    }
    return -1;
}

QAccessibleInterface* CanvasAccessible::childAt(int x, int y) const {
    for (QWidget* each : helpers()) {
        if (QRect(each->mapToGlobal(QPoint(0, 0)), each->size()).contains(x, y)) {
            return QAccessible::queryAccessibleInterface(each);
        }
    }
    const QPoint at = view_.viewport()->mapFromGlobal(QPoint(x, y));
    const ItemRef under = view_.canvasScene().itemUnder(view_.mapToScene(at));
    return under.valid() ? itemOf(under) : nullptr;
}

QAccessibleInterface* CanvasAccessible::focusChild() const {
    const ItemRef chosen = view_.selection().single();
    if (view_.editingName() || !view_.hasFocus() || view_.canvasScene().itemOf(chosen) == nullptr) {
        return QAccessibleWidget::focusChild();
    }
    return itemOf(chosen);
}

}  // namespace tributary::desktop
