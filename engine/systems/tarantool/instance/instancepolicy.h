// The decisions of the kind "instance".
//
// What a body is, its rows say (rowlist.h): rows without numbers are a client's, one transaction, and get the
// instance's next numbers; rows with numbers are a peer's, whole transactions, and keep theirs; a mark begins a body of
// a join.
//
// A client's transaction that is refused stops its entry. Of a peer's the transactions before the refused one are
// taken, and the reply says which row was refused and why (ReplicatedAnswer); rows that are known already are passed
// over, and where nothing is left nothing is logged.
#pragma once

#include "engine/dataset/policy.h"

namespace tributary::engine::tarantool {

[[nodiscard]] const Policy& instancePolicy();

}  // namespace tributary::engine::tarantool
