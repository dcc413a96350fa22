// Stands in until replication is there.
#include "engine/systems/voltdb/data/partitionrows.h"

namespace tributary::engine::voltdb {

Result<Bytes> decideDr(BytesView, PartitionRows&) {
    return Error{ErrorCode::Unsupported, "this host replicates nothing", {}, {}};
}

}  // namespace tributary::engine::voltdb
