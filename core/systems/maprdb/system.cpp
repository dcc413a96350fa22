// MapR-DB: tables and streams, replicated from table to table.
#include "core/systems/maprdb/system.h"

namespace tributary::maprdb {

System system() {
    return {"maprdb",
            true,
            false,
            {},
            {{DatasetKind::BinaryTable, "binary-table", true, "a table"},
             {DatasetKind::JsonTable, "json-table", true, "a table"},
             {DatasetKind::Stream, "stream", true, "a stream"}}};
}

}  // namespace tributary::maprdb
