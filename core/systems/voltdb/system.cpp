// VoltDB: clusters of hosts, replicated tables, connections.
#include "core/systems/voltdb/system.h"

namespace tributary::voltdb {

System system() {
    return {"voltdb",
            false,
            false,
            "what works: check, and export --to config",
            {{DatasetKind::DrTable, "dr-table", false, "a replicated table"}}};
}

}  // namespace tributary::voltdb
