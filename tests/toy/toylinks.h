// Links of ledgers: the replica calls, and both ends speak a codec of their own.
//
// All frames are of type Own. A body is a letter and what it needs, numbers as varints: P place (incarnation, life
// before, next sequence) | K positions (clock in ms, then as Positions writes them) | L payloads (first, how many,
// blobs; never packed) | A acknowledgement (received, durable, clock in ms) | E end of a life, as in messages.h | ? and
// ! heartbeats. A ledger goes whole, so that nothing is ever skipped.
#pragma once

#include "engine/replication/linkkind.h"

namespace tributary::toy {

[[nodiscard]] const engine::LinkKind& toyLinks();

}  // namespace tributary::toy
