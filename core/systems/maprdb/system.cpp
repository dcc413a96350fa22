// MapR-DB: tables and streams, replicated from table to table.
#include "core/systems/maprdb/system.h"

namespace tributary::maprdb {

System system() {
    return {"maprdb",
            true,
            {},
            {{DatasetKind::BinaryTable, "binary-table", true},
             {DatasetKind::JsonTable, "json-table", false},
             {DatasetKind::Stream, "stream", false}}};
}

}  // namespace tributary::maprdb
