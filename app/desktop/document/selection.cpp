// The window's selection.
#include "app/desktop/document/selection.h"

#include <algorithm>

namespace tributary::desktop {

bool Selection::contains(const ItemRef& ref) const {
    return std::find(items_.begin(), items_.end(), ref) != items_.end();
}

std::vector<ItemRef> Selection::ofKind(ItemRef::Kind kind) const {
    std::vector<ItemRef> out;
    std::copy_if(items_.begin(), items_.end(), std::back_inserter(out),
                 [&](const ItemRef& each) { return each.kind == kind; });
    return out;
}

void Selection::set(std::vector<ItemRef> items) {
    if (items == items_) return;
    items_ = std::move(items);
    emit changed();
}

void Selection::reveal(const ItemRef& ref) {
    select(ref);
    emit revealRequested(ref);
}

}  // namespace tributary::desktop
