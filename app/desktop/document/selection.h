// Which items are selected; canvas, outline, inspector and problems follow it and each other through it.
#pragma once

#include <QObject>
#include <vector>

#include "app/desktop/document/itemref.h"

namespace tributary::desktop {

/// The window's one selection, in the order of selecting. GUI thread.
class Selection final : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;
    [[nodiscard]] const std::vector<ItemRef>& items() const { return items_; }
    [[nodiscard]] bool contains(const ItemRef& ref) const;
    /// The only selected item, or an invalid ref.
    [[nodiscard]] ItemRef single() const { return items_.size() == 1 ? items_.front() : ItemRef{}; }
    [[nodiscard]] std::vector<ItemRef> ofKind(ItemRef::Kind kind) const;
    void set(std::vector<ItemRef> items);
    void select(const ItemRef& ref) { set({ref}); }
    void clear() { set({}); }
    /// Selects and asks the views to bring it into sight.
    void reveal(const ItemRef& ref);

signals:
    void changed();
    void revealRequested(const tributary::desktop::ItemRef& ref);

private:
    std::vector<ItemRef> items_;
};

}  // namespace tributary::desktop
