// Who fills which replica: a copy is made by a client, and a client may be gone.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "core/base/units.h"
#include "engine/catalog/catalog.h"
#include "engine/seams/clock.h"

namespace tributary::engine {

/// Watches the replicas that are in a copy state. Nothing of it is durable: after a restart nobody is known to copy,
/// and a copy that nobody goes on with is stalled again. Executor's thread only.
class CopyWatch {
public:
    /// A connection that is gone and is not followed by another one for this long has given its copy up.
    static constexpr Millis kGoneMs = 10'000;
    /// An open connection that asks for nothing for this long, where each piece of a copy is a request.
    static constexpr Millis kSilentMs = 120'000;

    explicit CopyWatch(Clock& clock) : clock_(clock) {}

    /// A client said by `session` that it fills the replica.
    void filledBy(std::uint32_t datasetId, std::uint32_t replicaIdx, std::uint64_t session);
    /// A request came by `session`.
    void heard(std::uint64_t session);
    /// The connection is closed.
    void ended(std::uint64_t session);
    /// Begins to watch what is newly in a copy state, and forgets what is not in one any more. Call often.
    void follow(const Catalog& catalog);
    /// Since when (wall clock, ms) nobody fills the replica; nullopt: it is not being copied, or somebody does.
    [[nodiscard]] std::optional<Millis> stalledSinceMs(std::uint32_t datasetId, std::uint32_t replicaIdx) const;

private:
    struct Watched {
        bool copying = false;       ///< as the catalog says: a change that was asked for is not in it yet
        std::uint64_t session = 0;  ///< 0: nobody
        Micros heardUs = 0;         ///< monotonic
        Millis heardMs = 0;         ///< the same moment by the wall clock
    };
    void touch(Watched& watched) const;

    Clock& clock_;
    std::map<std::pair<std::uint32_t, std::uint32_t>, Watched> watched_;  ///< by dataset and replica
};

/// One sentence for a person: since when, and how far it came.
[[nodiscard]] std::string copyStalledText(Millis sinceMs, std::int32_t percent);

}  // namespace tributary::engine
