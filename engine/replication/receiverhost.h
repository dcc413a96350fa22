// What a gateway's sessions need of the node that takes their payloads.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <variant>

#include "engine/log/lsn.h"
#include "engine/replication/linkkind.h"

namespace tributary::engine {

/// What became of a received payload.
struct Accepted {
    bool duplicate = false;
    Lsn waitFor = 0;  ///< durable here once the log is durable to this lsn
};

/// What both halves of an agreement come to.
struct Agreement {
    std::uint32_t datasetId = 0;
    std::uint32_t upstreamIdx = 0;
    Positions positions;  ///< durable ones
    const LinkKind* kind = nullptr;
    std::optional<CutWant> want;  ///< a part of a cut is here
};

/// The receiving half of a node. Executor's thread only; outlives the sessions.
class ReceiverHost {
public:
    virtual ~ReceiverHost() = default;
    using Done = std::function<void(const Status&)>;

    /// Checks both halves: the dataset with this uuid exists at that path and has the source as upstream. `hello` is as
    /// the source says it, or would.
    virtual std::variant<Agreement, Refusal> agree(const Hello& hello) = 0;
    /// Looks at where the source of an agreement stands; a reason when nothing may be taken from there.
    virtual std::optional<Refusal> stands(const Hello& hello) = 0;
    /// Logs a payload unless it is a duplicate. Errors become a Reject (code in `where`, e.g. ErrPayload).
    virtual Result<Accepted> receive(std::uint32_t datasetId, std::uint32_t upstreamIdx, BytesView payload) = 0;
    /// Logs what a filter keeps back, unless it is known: it survives a crash here and is passed on. Errors as above.
    virtual Result<Accepted> skip(std::uint32_t datasetId, std::uint32_t upstreamIdx, const Skip& skip) = 0;
    /// Logs that a life is over if all of it is here; else, and when it is known, nothing changes. Errors as above.
    virtual Result<Accepted> ended(std::uint32_t datasetId, std::uint32_t upstreamIdx, const LifeEnd& end) = 0;
    /// Logs a part of a cut; Begin only looks whether the dataset is fit for it. Errors as above.
    virtual Result<Accepted> cutPart(std::uint32_t datasetId, std::uint32_t upstreamIdx, const CutPart& part) = 0;
    /// Runs `done` on the executor once the log is synced to `lsn` (at once when it is), whatever its level of
    /// durability: the source forgets what was acknowledged as durable. An error when the write failed.
    virtual void whenDurable(Lsn lsn, Done done) = 0;
    /// The same for everything that `agree` just told as positions.
    virtual void whenPositionsDurable(Done done) = 0;
    /// True while memory or the log's queue is above its bound: the session stops reading.
    [[nodiscard]] virtual bool overloaded() const = 0;
};

}  // namespace tributary::engine
