// An ordered set of tuples whose earlier states stay readable: a B+ tree that copies what it changes while shared.
#pragma once

#include <functional>
#include <memory>

#include "engine/systems/tarantool/data/keydef.h"

namespace tributary::engine::tarantool {

/// Copying the tree takes no time and no memory: both share their nodes, and whoever changes one copies it first (the
/// path to it, of some 30 tuples a node). Unshared nodes are changed in place. A copy may be read and dropped on
/// another thread; changes to one tree come from one thread.
///
/// Nodes that lose tuples are joined with a neighbour when both fit into one, not kept half full: deletes stay cheap
/// and the height is still that of the largest the tree has been.
class TupleTree {
public:
    using Visit = std::function<bool(const TuplePtr&)>;  ///< false ends the walk

    explicit TupleTree(std::shared_ptr<const KeyDef> order) : order_(std::move(order)) {}

    [[nodiscard]] std::size_t size() const { return size_; }
    /// nullptr when there is none that is equal in the whole order.
    [[nodiscard]] TuplePtr find(const Tuple& like) const;
    /// The first with the key (or its prefix), or nullptr.
    [[nodiscard]] TuplePtr findKey(const Key& key) const;
    /// Puts a tuple in, in the place of an equal one, which is returned.
    TuplePtr insert(TuplePtr tuple);
    /// Takes the equal one out; nullptr when there is none.
    TuplePtr erase(const Tuple& like);

    /// Ascending, from the first that `isBefore` does not hold for; it holds for a beginning of the order.
    void walk(const std::function<bool(const Tuple&)>& isBefore, const Visit& visit) const;
    /// Descending, from the last that `isAfter` does not hold for; it holds for an end of the order.
    void walkBack(const std::function<bool(const Tuple&)>& isAfter, const Visit& visit) const;

private:
    struct Node;
    using NodePtr = std::shared_ptr<Node>;
    static constexpr std::size_t kWidth = 32;  ///< tuples or children of a node

    static Node& own(NodePtr& slot);
    std::size_t childFor(const Node& node, const Tuple& tuple) const;
    NodePtr insertInto(NodePtr& slot, TuplePtr& tuple, TuplePtr& replaced);
    TuplePtr eraseFrom(NodePtr& slot, const Tuple& like);
    static void joinChildren(Node& node, std::size_t at);
    static bool walkNode(const Node& node, const std::function<bool(const Tuple&)>* isBefore, const Visit& visit);
    static bool walkNodeBack(const Node& node, const std::function<bool(const Tuple&)>* isAfter, const Visit& visit);

    std::shared_ptr<const KeyDef> order_;
    NodePtr root_;
    std::size_t size_ = 0;
};

}  // namespace tributary::engine::tarantool
