// VoltDB: can be named in a drawing, and is not run.
#include "core/systems/voltdb/system.h"

namespace tributary::voltdb {

System system() {
    return {"voltdb", false, false, {}, {}};
}

}  // namespace tributary::voltdb
