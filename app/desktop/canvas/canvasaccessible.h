// What the canvas tells screen readers: its clusters, datasets, gateways, links and networks as children with names.
#pragma once

#include <QAccessibleWidget>

#include "app/desktop/canvas/canvasview.h"

namespace tributary::desktop {

/// The canvas as an accessible object. Its children are the drawn items in the drawing's order, each with its name, its
/// state in words ("broken: the upstream half is missing ..."), its place on the screen and whether it is selected;
/// after them come the name editor and the hint while they are shown. Made by Qt when a screen reader asks; it lives as
/// long as the view. GUI thread.
class CanvasAccessible final : public QAccessibleWidget {
public:
    explicit CanvasAccessible(CanvasView& view);
    ~CanvasAccessible() override;
    CanvasAccessible(const CanvasAccessible&) = delete;
    CanvasAccessible& operator=(const CanvasAccessible&) = delete;

    [[nodiscard]] int childCount() const override;
    [[nodiscard]] QAccessibleInterface* child(int index) const override;
    [[nodiscard]] int indexOfChild(const QAccessibleInterface* child) const override;
    [[nodiscard]] QAccessibleInterface* childAt(int x, int y) const override;
    [[nodiscard]] QAccessibleInterface* focusChild() const override;

    /// Makes every CanvasView accessible so; called once, before the first is shown.
    static void install();

private:
    class Item;
    [[nodiscard]] Item* itemOf(const ItemRef& ref) const;
    void renew() const;
    [[nodiscard]] std::vector<QWidget*> helpers() const;

    CanvasView& view_;
    mutable quint64 revision_ = 0;
    mutable std::vector<ItemRef> refs_;
    mutable std::map<ItemRef, QAccessible::Id> known_;
    std::vector<QMetaObject::Connection> connections_;
};

}  // namespace tributary::desktop
