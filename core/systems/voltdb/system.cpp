// VoltDB: clusters of hosts, replicated tables, connections.
#include "core/systems/voltdb/system.h"

namespace tributary::voltdb {

System system() {
    return {"voltdb", true, true, {}, {{DatasetKind::DrTable, "dr-table", false, "a replicated table"}}};
}

}  // namespace tributary::voltdb
