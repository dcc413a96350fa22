// An ordered set in memory whose earlier states stay readable: a B+ tree that copies what it changes while shared.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace tributary::engine {

/// Copying the tree takes no time and no memory: both share their nodes, and whoever changes one copies it first (the
/// path to it, of some 30 items a node). Unshared nodes are changed in place. A copy may be read and dropped on
/// another thread; changes to one tree come from one thread.
///
/// Nodes that lose items are joined with a neighbour when both fit into one, not kept half full: deletes stay cheap
/// and the height is still that of the largest the tree has been.
///
/// `Order` has `int compare(const Item&, const Item&) const`, a total order. It is the kind's, and known when this is
/// compiled: an indirect call for each comparison would be most of the work.
template <typename Item, typename Order>
class OrderedTree {
public:
    using ItemPtr = std::shared_ptr<const Item>;
    using Visit = std::function<bool(const ItemPtr&)>;  ///< false ends the walk
    using Side = std::function<bool(const Item&)>;

    explicit OrderedTree(std::shared_ptr<const Order> order) : order_(std::move(order)) {}

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] const Order& order() const { return *order_; }
    /// nullptr when there is none that is equal in the whole order. `Like` is whatever the order compares with items.
    template <typename Like>
    [[nodiscard]] ItemPtr find(const Like& like) const;
    /// Puts an item in, in the place of an equal one, which is returned.
    ItemPtr insert(ItemPtr item);
    /// Takes the equal one out; nullptr when there is none.
    ItemPtr erase(const Item& like);

    /// Ascending, from the first that `isBefore` does not hold for; it holds for a beginning of the order.
    void walk(const Side& isBefore, const Visit& visit) const {
        if (root_ != nullptr) walkNode(*root_, &isBefore, visit);
    }
    /// Descending, from the last that `isAfter` does not hold for; it holds for an end of the order.
    void walkBack(const Side& isAfter, const Visit& visit) const {
        if (root_ != nullptr) walkNodeBack(*root_, &isAfter, visit);
    }

private:
    struct Node;
    using NodePtr = std::shared_ptr<Node>;
    static constexpr std::size_t kWidth = 32;  ///< items or children of a node

    /// A leaf has items; an inner node has children, and before each an item that is not above any of it and above all
    /// of the one before (it may have been deleted since: only its place in the order counts).
    struct Node {
        std::vector<ItemPtr> items;
        std::vector<NodePtr> children;
        [[nodiscard]] bool isLeaf() const { return children.empty(); }
    };

    static Node& own(NodePtr& slot);
    template <typename Like>
    std::size_t childFor(const Node& node, const Like& item) const;
    NodePtr insertInto(NodePtr& slot, ItemPtr& item, ItemPtr& replaced);
    static NodePtr split(Node& node);
    ItemPtr eraseFrom(NodePtr& slot, const Item& like);
    static void joinChildren(Node& node, std::size_t at);
    static bool walkNode(const Node& node, const Side* isBefore, const Visit& visit);
    static bool walkNodeBack(const Node& node, const Side* isAfter, const Visit& visit);

    std::shared_ptr<const Order> order_;
    NodePtr root_;
    std::size_t size_ = 0;
};

template <typename Item, typename Order>
typename OrderedTree<Item, Order>::Node& OrderedTree<Item, Order>::own(NodePtr& slot) {
    if (slot.use_count() > 1) {
        slot = std::make_shared<Node>(*slot);
    } else {
        // What another thread read of it before it let go has been read.
        std::atomic_thread_fence(std::memory_order_acquire);
    }
    return *slot;
}

template <typename Item, typename Order>
template <typename Like>
std::size_t OrderedTree<Item, Order>::childFor(const Node& node, const Like& item) const {
    const auto above =
        std::upper_bound(node.items.begin() + 1, node.items.end(), item,
                         [this](const Like& wanted, const ItemPtr& one) { return order_->compare(wanted, *one) < 0; });
    return static_cast<std::size_t>(above - node.items.begin()) - 1;
}

template <typename Item, typename Order>
template <typename Like>
typename OrderedTree<Item, Order>::ItemPtr OrderedTree<Item, Order>::find(const Like& like) const {
    const Node* node = root_.get();
    while (node != nullptr && !node->isLeaf()) node = node->children[childFor(*node, like)].get();
    if (node == nullptr) return nullptr;
    const auto at =
        std::lower_bound(node->items.begin(), node->items.end(), like,
                         [this](const ItemPtr& one, const Like& wanted) { return order_->compare(*one, wanted) < 0; });
    return at != node->items.end() && order_->compare(**at, like) == 0 ? *at : nullptr;
}

template <typename Item, typename Order>
typename OrderedTree<Item, Order>::ItemPtr OrderedTree<Item, Order>::insert(ItemPtr item) {
    if (root_ == nullptr) root_ = std::make_shared<Node>();
    ItemPtr replaced;
    NodePtr right = insertInto(root_, item, replaced);
    if (right != nullptr) {
        auto root = std::make_shared<Node>();
        root->items = {root_->items.front(), right->items.front()};
        root->children = {root_, std::move(right)};
        root_ = std::move(root);
    }
    if (replaced == nullptr) ++size_;
    return replaced;
}

/// The node that was split off to the right, if any.
template <typename Item, typename Order>
typename OrderedTree<Item, Order>::NodePtr OrderedTree<Item, Order>::insertInto(NodePtr& slot, ItemPtr& item,
                                                                                ItemPtr& replaced) {
    Node& node = own(slot);
    if (node.isLeaf()) {
        const auto at = std::lower_bound(
            node.items.begin(), node.items.end(), *item,
            [this](const ItemPtr& one, const Item& wanted) { return order_->compare(*one, wanted) < 0; });
        if (at != node.items.end() && order_->compare(**at, *item) == 0) {
            replaced = std::exchange(*at, std::move(item));
            return nullptr;
        }
        node.items.insert(at, std::move(item));
    } else {
        const std::size_t at = childFor(node, *item);
        NodePtr right = insertInto(node.children[at], item, replaced);
        if (right == nullptr) return nullptr;
        const auto place = static_cast<std::ptrdiff_t>(at) + 1;
        node.items.insert(node.items.begin() + place, right->items.front());
        node.children.insert(node.children.begin() + place, std::move(right));
    }
    return node.items.size() <= kWidth ? nullptr : split(node);
}

template <typename Item, typename Order>
typename OrderedTree<Item, Order>::NodePtr OrderedTree<Item, Order>::split(Node& node) {
    auto right = std::make_shared<Node>();
    const auto half = static_cast<std::ptrdiff_t>(node.items.size() / 2);
    right->items.assign(node.items.begin() + half, node.items.end());
    node.items.resize(static_cast<std::size_t>(half));
    if (!node.isLeaf()) {
        right->children.assign(node.children.begin() + half, node.children.end());
        node.children.resize(static_cast<std::size_t>(half));
    }
    return right;
}

template <typename Item, typename Order>
typename OrderedTree<Item, Order>::ItemPtr OrderedTree<Item, Order>::erase(const Item& like) {
    if (find(like) == nullptr) return nullptr;
    ItemPtr erased = eraseFrom(root_, like);
    --size_;
    while (!root_->isLeaf() && root_->children.size() == 1) root_ = NodePtr(root_->children.front());
    if (root_->isLeaf() && root_->items.empty()) root_.reset();
    return erased;
}

template <typename Item, typename Order>
typename OrderedTree<Item, Order>::ItemPtr OrderedTree<Item, Order>::eraseFrom(NodePtr& slot, const Item& like) {
    Node& node = own(slot);
    if (node.isLeaf()) {
        const auto at = std::find_if(node.items.begin(), node.items.end(),
                                     [&](const ItemPtr& one) { return order_->compare(*one, like) == 0; });
        ItemPtr erased = std::move(*at);
        node.items.erase(at);
        return erased;
    }
    const std::size_t at = childFor(node, like);
    ItemPtr erased = eraseFrom(node.children[at], like);
    joinChildren(node, at);
    return erased;
}

template <typename Item, typename Order>
void OrderedTree<Item, Order>::joinChildren(Node& node, std::size_t at) {
    if (node.children.size() < 2) return;
    const std::size_t left = at == 0 ? 0 : at - 1;
    const std::size_t together = node.children[left]->items.size() + node.children[left + 1]->items.size();
    const bool isEmpty = node.children[at]->items.empty();
    if (!isEmpty && together > kWidth / 2) return;
    const Node& from = *node.children[left + 1];
    Node& into = own(node.children[left]);
    if (!into.isLeaf() && !from.isLeaf()) {
        // The first bound of the right one is its bound here: its own may be of an item that lies further left.
        into.items.push_back(node.items[left + 1]);
        into.items.insert(into.items.end(), from.items.begin() + 1, from.items.end());
        into.children.insert(into.children.end(), from.children.begin(), from.children.end());
    } else {
        into.items.insert(into.items.end(), from.items.begin(), from.items.end());
    }
    const auto gone = static_cast<std::ptrdiff_t>(left) + 1;
    node.items.erase(node.items.begin() + gone);
    node.children.erase(node.children.begin() + gone);
}

template <typename Item, typename Order>
bool OrderedTree<Item, Order>::walkNode(const Node& node, const Side* isBefore, const Visit& visit) {
    if (node.isLeaf()) {
        for (const ItemPtr& item : node.items) {
            if (isBefore != nullptr && (*isBefore)(*item)) continue;
            if (!visit(item)) return false;
        }
        return true;
    }
    std::size_t first = 0;
    if (isBefore != nullptr) {
        while (first + 1 < node.children.size() && (*isBefore)(*node.items[first + 1])) ++first;
    }
    for (std::size_t i = first; i < node.children.size(); ++i) {
        if (!walkNode(*node.children[i], i == first ? isBefore : nullptr, visit)) return false;
    }
    return true;
}

template <typename Item, typename Order>
bool OrderedTree<Item, Order>::walkNodeBack(const Node& node, const Side* isAfter, const Visit& visit) {
    if (node.isLeaf()) {
        for (auto at = node.items.rbegin(); at != node.items.rend(); ++at) {
            if (isAfter != nullptr && (*isAfter)(**at)) continue;
            if (!visit(*at)) return false;
        }
        return true;
    }
    std::size_t last = node.children.size() - 1;
    if (isAfter != nullptr) {
        while (last > 0 && (*isAfter)(*node.items[last])) --last;
    }
    for (std::size_t i = last + 1; i-- > 0;) {
        if (!walkNodeBack(*node.children[i], i == last ? isAfter : nullptr, visit)) return false;
    }
    return true;
}

}  // namespace tributary::engine
