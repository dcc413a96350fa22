// An index in memory: an ordered tree of tuples.
#pragma once

#include "engine/storage/orderedtree.h"
#include "engine/systems/tarantool/data/keydef.h"

namespace tributary::engine::tarantool {

/// A copy of it is a frozen picture, at no cost.
class TupleTree : public OrderedTree<Tuple, KeyDef> {
public:
    using OrderedTree::OrderedTree;
    /// The first with the key (or its prefix), or nullptr.
    [[nodiscard]] TuplePtr findKey(const Key& key) const;
};

}  // namespace tributary::engine::tarantool
