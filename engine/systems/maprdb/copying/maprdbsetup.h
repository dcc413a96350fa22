// How a cluster of MapR-DB sets up a replica of a table or a stream by itself (autosetup with directcopy).
#pragma once

#include "engine/replication/setupkind.h"

namespace tributary::engine::maprdb {

/// Of tables of both kinds and of streams. What whoever asked wrote into the record: "user"; "columns" as option
/// -columns has them; "multimaster"; "existing": the replica is there already.
[[nodiscard]] const SetupKind& maprdbSetup();

}  // namespace tributary::engine::maprdb
