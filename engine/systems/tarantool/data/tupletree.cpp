// Finding by key.
#include "engine/systems/tarantool/data/tupletree.h"

namespace tributary::engine::tarantool {

TuplePtr TupleTree::findKey(const Key& key) const {
    TuplePtr found;
    walk([&](const Tuple& tuple) { return order().compareToKey(tuple, key) < 0; },
         [&](const TuplePtr& tuple) {
             if (order().compareToKey(*tuple, key) == 0) found = tuple;
             return false;
         });
    return found;
}

}  // namespace tributary::engine::tarantool
