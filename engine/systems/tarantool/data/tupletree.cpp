// Splitting, joining and copying of nodes.
#include "engine/systems/tarantool/data/tupletree.h"

#include <algorithm>
#include <atomic>

namespace tributary::engine::tarantool {

/// A leaf has tuples; an inner node has children, and before each a tuple that is not above any of it and above all of
/// the one before (it may have been deleted since: only its place in the order counts).
struct TupleTree::Node {
    std::vector<TuplePtr> tuples;
    std::vector<NodePtr> children;

    [[nodiscard]] bool isLeaf() const { return children.empty(); }
};

TupleTree::Node& TupleTree::own(NodePtr& slot) {
    if (slot.use_count() > 1) {
        slot = std::make_shared<Node>(*slot);
    } else {
        // What another thread read of it before it let go has been read.
        std::atomic_thread_fence(std::memory_order_acquire);
    }
    return *slot;
}

std::size_t TupleTree::childFor(const Node& node, const Tuple& tuple) const {
    const auto above = std::upper_bound(
        node.tuples.begin() + 1, node.tuples.end(), tuple,
        [this](const Tuple& wanted, const TuplePtr& one) { return order_->compare(wanted, *one) < 0; });
    return static_cast<std::size_t>(above - node.tuples.begin()) - 1;
}

TuplePtr TupleTree::find(const Tuple& like) const {
    const Node* node = root_.get();
    while (node != nullptr && !node->isLeaf()) node = node->children[childFor(*node, like)].get();
    if (node == nullptr) return nullptr;
    for (const TuplePtr& tuple : node->tuples) {
        const int order = order_->compare(*tuple, like);
        if (order == 0) return tuple;
        if (order > 0) break;
    }
    return nullptr;
}

TuplePtr TupleTree::findKey(const Key& key) const {
    TuplePtr found;
    walk([&](const Tuple& tuple) { return order_->compareToKey(tuple, key) < 0; },
         [&](const TuplePtr& tuple) {
             if (order_->compareToKey(*tuple, key) == 0) found = tuple;
             return false;
         });
    return found;
}

TuplePtr TupleTree::insert(TuplePtr tuple) {
    if (root_ == nullptr) root_ = std::make_shared<Node>();
    TuplePtr replaced;
    NodePtr right = insertInto(root_, tuple, replaced);
    if (right != nullptr) {
        auto root = std::make_shared<Node>();
        root->tuples = {root_->tuples.front(), right->tuples.front()};
        root->children = {root_, std::move(right)};
        root_ = std::move(root);
    }
    if (replaced == nullptr) ++size_;
    return replaced;
}

// The node that was split off to the right, if any.
TupleTree::NodePtr TupleTree::insertInto(NodePtr& slot, TuplePtr& tuple, TuplePtr& replaced) {
    Node& node = own(slot);
    if (node.isLeaf()) {
        const auto at = std::lower_bound(
            node.tuples.begin(), node.tuples.end(), *tuple,
            [this](const TuplePtr& one, const Tuple& wanted) { return order_->compare(*one, wanted) < 0; });
        if (at != node.tuples.end() && order_->compare(**at, *tuple) == 0) {
            replaced = std::exchange(*at, std::move(tuple));
            return nullptr;
        }
        node.tuples.insert(at, std::move(tuple));
    } else {
        const std::size_t at = childFor(node, *tuple);
        NodePtr right = insertInto(node.children[at], tuple, replaced);
        if (right == nullptr) return nullptr;
        const auto place = static_cast<std::ptrdiff_t>(at) + 1;
        node.tuples.insert(node.tuples.begin() + place, right->tuples.front());
        node.children.insert(node.children.begin() + place, std::move(right));
    }
    if (node.tuples.size() <= kWidth) return nullptr;
    auto right = std::make_shared<Node>();
    const auto half = static_cast<std::ptrdiff_t>(node.tuples.size() / 2);
    right->tuples.assign(node.tuples.begin() + half, node.tuples.end());
    node.tuples.resize(static_cast<std::size_t>(half));
    if (!node.isLeaf()) {
        right->children.assign(node.children.begin() + half, node.children.end());
        node.children.resize(static_cast<std::size_t>(half));
    }
    return right;
}

TuplePtr TupleTree::erase(const Tuple& like) {
    if (find(like) == nullptr) return nullptr;
    TuplePtr erased = eraseFrom(root_, like);
    --size_;
    while (!root_->isLeaf() && root_->children.size() == 1) root_ = NodePtr(root_->children.front());
    if (root_->isLeaf() && root_->tuples.empty()) root_.reset();
    return erased;
}

TuplePtr TupleTree::eraseFrom(NodePtr& slot, const Tuple& like) {
    Node& node = own(slot);
    if (node.isLeaf()) {
        const auto at = std::find_if(node.tuples.begin(), node.tuples.end(),
                                     [&](const TuplePtr& one) { return order_->compare(*one, like) == 0; });
        TuplePtr erased = std::move(*at);
        node.tuples.erase(at);
        return erased;
    }
    const std::size_t at = childFor(node, like);
    TuplePtr erased = eraseFrom(node.children[at], like);
    joinChildren(node, at);
    return erased;
}

void TupleTree::joinChildren(Node& node, std::size_t at) {
    if (node.children.size() < 2) return;
    const std::size_t left = at == 0 ? 0 : at - 1;
    const std::size_t together = node.children[left]->tuples.size() + node.children[left + 1]->tuples.size();
    const bool isEmpty = node.children[at]->tuples.empty();
    if (!isEmpty && together > kWidth / 2) return;
    const Node& from = *node.children[left + 1];
    Node& into = own(node.children[left]);
    if (!into.isLeaf() && !from.isLeaf()) {
        // The first bound of the right one is its bound here: its own may be of a tuple that lies further left.
        into.tuples.push_back(node.tuples[left + 1]);
        into.tuples.insert(into.tuples.end(), from.tuples.begin() + 1, from.tuples.end());
        into.children.insert(into.children.end(), from.children.begin(), from.children.end());
    } else {
        into.tuples.insert(into.tuples.end(), from.tuples.begin(), from.tuples.end());
    }
    const auto gone = static_cast<std::ptrdiff_t>(left) + 1;
    node.tuples.erase(node.tuples.begin() + gone);
    node.children.erase(node.children.begin() + gone);
}

bool TupleTree::walkNode(const Node& node, const std::function<bool(const Tuple&)>* isBefore, const Visit& visit) {
    if (node.isLeaf()) {
        for (const TuplePtr& tuple : node.tuples) {
            if (isBefore != nullptr && (*isBefore)(*tuple)) continue;
            if (!visit(tuple)) return false;
        }
        return true;
    }
    std::size_t first = 0;
    if (isBefore != nullptr) {
        while (first + 1 < node.children.size() && (*isBefore)(*node.tuples[first + 1])) ++first;
    }
    for (std::size_t i = first; i < node.children.size(); ++i) {
        if (!walkNode(*node.children[i], i == first ? isBefore : nullptr, visit)) return false;
    }
    return true;
}

bool TupleTree::walkNodeBack(const Node& node, const std::function<bool(const Tuple&)>* isAfter, const Visit& visit) {
    if (node.isLeaf()) {
        for (auto at = node.tuples.rbegin(); at != node.tuples.rend(); ++at) {
            if (isAfter != nullptr && (*isAfter)(**at)) continue;
            if (!visit(*at)) return false;
        }
        return true;
    }
    std::size_t last = node.children.size() - 1;
    if (isAfter != nullptr) {
        while (last > 0 && (*isAfter)(*node.tuples[last])) --last;
    }
    for (std::size_t i = last + 1; i-- > 0;) {
        if (!walkNodeBack(*node.children[i], i == last ? isAfter : nullptr, visit)) return false;
    }
    return true;
}

void TupleTree::walk(const std::function<bool(const Tuple&)>& isBefore, const Visit& visit) const {
    if (root_ != nullptr) walkNode(*root_, &isBefore, visit);
}

void TupleTree::walkBack(const std::function<bool(const Tuple&)>& isAfter, const Visit& visit) const {
    if (root_ != nullptr) walkNodeBack(*root_, &isAfter, visit);
}

}  // namespace tributary::engine::tarantool
