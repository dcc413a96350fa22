// Tarantool: replica sets of instances, spaces, peers.
#include "core/systems/tarantool/system.h"

namespace tributary::tarantool {

System system() {
    return {"tarantool",
            false,
            "what works: check, and export --to config",
            {{DatasetKind::Space, "space", false, "a space"}}};
}

}  // namespace tributary::tarantool
