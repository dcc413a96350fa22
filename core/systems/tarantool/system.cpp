// Tarantool: can be named in a drawing, and is not run.
#include "core/systems/tarantool/system.h"

namespace tributary::tarantool {

System system() {
    return {"tarantool", false, {}, {}};
}

}  // namespace tributary::tarantool
