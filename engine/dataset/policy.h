// What becomes of an entry, for kinds that must know before it is logged.
//
// Decision: what deciding produced (the effect) is logged with the payload in one entry, and replay applies it: nothing
// is ever decided twice, since the state that it was decided on is gone by then. Kinds whose operations commute decide
// nothing; they pay no read and no copy.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/units.h"

namespace tributary::engine {

class DatasetSchema;
class StateUnit;

/// Numbers are the log's format (EntryEnvelope::verdict).
enum class Verdict : std::uint8_t {
    Apply = 0,
    Skip = 1,  ///< logged, so that its position counts, and forwarded; nothing of it changes the state here
    Stop = 2   ///< never logged: no position moves, and whoever brought it stands before it
};

/// What deciding came to.
struct Decision {
    Verdict verdict = Verdict::Apply;
    Bytes effect;  ///< in the kind's format; DatasetKind::bind() gets it with the body
    Bytes reply;   ///< what the writer is answered
    /// Of a client's write: what is logged as its body and goes over links, when a part of it is to stay here: that is
    /// in the effect alone. An empty body still has its number, so that the lane has no holes.
    std::optional<Bytes> body;
    /// Of Stop: why; `where` has the code that a link shows.
    std::optional<Error> reason;
    /// Of a write made here: nothing came of it. Nothing is logged, no number is taken, and the reply is given at once;
    /// what it was decided on may not be durable yet.
    bool isNothing = false;
};

/// The state as a decision must see it: everything that was logged before, also what is not published yet. Valid for
/// one call.
class PendingView {
public:
    virtual ~PendingView() = default;
    /// The folded record of a row; nullopt when the row is unknown. Errors: Io, Corrupt.
    [[nodiscard]] virtual Result<std::optional<Bytes>> get(BytesView key) = 0;
    /// Looks at a row of a range; false ends the walk. What it is handed is valid for the call.
    using Visit = std::function<bool(BytesView key, BytesView record)>;
    /// The rows with from <= key < to (empty `to` = no end), ascending by key. Errors: Io, Corrupt.
    [[nodiscard]] virtual Status scan(BytesView from, BytesView to, const Visit& visit) = 0;
    /// How much the rows may still grow; SIZE_MAX where the state has no bound. What is pending is taken off whole.
    [[nodiscard]] virtual std::size_t bytesLeft() const = 0;
    /// The state itself, for a kind whose decisions run in it (StatePlan::Unit::Sql); nullptr where there is none.
    [[nodiscard]] virtual StateUnit* unit() { return nullptr; }
};

/// What is decided about.
struct Proposal {
    const DatasetSchema& schema;
    BytesView body;      ///< admitted
    Stamp stamp = 0;     ///< arrival at its origin
    bool local = false;  ///< a client's write here; else a link brought it
};

/// Decides, one entry of a dataset after the other. Stateless: all that it may go by is in the view. Any thread.
class Policy {
public:
    virtual ~Policy() = default;
    /// Errors: Io, Corrupt; then the entry is refused like one that the disk does not take.
    [[nodiscard]] virtual Result<Decision> decide(const Proposal& proposal, PendingView& view) const = 0;
};

}  // namespace tributary::engine
