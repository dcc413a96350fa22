// What an active cluster does with a change that meets another one: a table, so that a row is easily put right.
//
// The operation alone is accepted or rejected; the rest of its transaction still applies. Accepting an update takes
// away what stands in its way (the row found and rows that collide on any unique key) and puts the new image in.
#pragma once

#include <string_view>
#include <vector>

#include "engine/systems/voltdb/dr/drstamp.h"

namespace tributary::engine::voltdb {

enum class DrOperation { Insert, Update, Delete };

/// What an incoming change finds.
struct Conflicts {
    bool missing = false;     ///< MISS: the row to be changed is not there
    bool mismatch = false;    ///< MSMT: it is there, and its hidden timestamp is not that of the change's before image
    bool constraint = false;  ///< CNST: the new row violates a unique or primary key
    [[nodiscard]] bool any() const { return missing || mismatch || constraint; }
    friend bool operator==(const Conflicts&, const Conflicts&) = default;
};

/// Which side a row of the table is about, of changes of the same row.
enum class Lateness { Any, Wins, Loses };

/// Which images the conflict log shows, in its order.
struct LoggedImages {
    bool existing = false;  ///< EXT
    bool expected = false;  ///< EXP
    bool incoming = false;  ///< NEW; DEL of a delete
};

struct ResolverRow {
    DrOperation operation;
    Conflicts conflicts;
    Lateness lateness;
    bool accepted;
    bool divergent;
    LoggedImages images;
    std::string_view evidence;  ///< where the row comes from; "recollection" and "not found" may be wrong
};

/// The whole table, each combination once.
[[nodiscard]] const std::vector<ResolverRow>& resolverTable();

struct Resolution {
    bool accepted = true;
    bool divergent = false;
    LoggedImages images;
};

/// The decision on a change with conflicts. `incoming` is the new stamp of the change, `existing` that of the row
/// found; both matter where the table asks who is later alone. At the same time the lower cluster id wins.
[[nodiscard]] Resolution resolve(DrOperation operation, const Conflicts& conflicts, DrStamp incoming, DrStamp existing);

/// What a change finds. `found`: a row by primary key, or by all columns where there is none; `collides`: rows other
/// than that one hold one of the new image's unique keys.
[[nodiscard]] Conflicts conflictsOf(DrOperation operation, bool found, DrStamp existing, DrStamp expected,
                                    bool collides);

}  // namespace tributary::engine::voltdb
