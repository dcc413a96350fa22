// Tarantool: replica sets of instances, spaces, peers.
#include "core/systems/tarantool/system.h"

namespace tributary::tarantool {

System system() {
    return {"tarantool", true, true, {}, {{DatasetKind::Space, "space", false, "a space"}}};
}

}  // namespace tributary::tarantool
