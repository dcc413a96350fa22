// Statements on an instance's rows: what a decision makes of them before it is logged, and an open transaction until it
// is.
//
// Decision: one class for both. A transaction runs its statements here to answer them; when it commits, the same rows
// are decided again as one entry, on whatever was logged in between. What is refused then is refused whole.
#pragma once

#include <array>
#include <map>
#include <optional>

#include "engine/dataset/policy.h"
#include "engine/systems/tarantool/data/rowtriggers.h"
#include "engine/systems/tarantool/data/treeunit.h"
#include "engine/systems/tarantool/instance/spacecache.h"
#include "engine/systems/tarantool/instance/spaceplan.h"
#include "engine/systems/tarantool/iproto/packet.h"

namespace tributary::engine::tarantool {

/// What a stored record shows (its lsn and the image): the image; empty when the row is gone.
[[nodiscard]] BytesView imageOf(BytesView record);

/// Statements see what earlier ones have changed. One thread; `view` outlives it. Errors of all calls: those of the
/// view (Io, Corrupt).
class RowWork {
public:
    enum class Mode {
        Statements,
        Picture  ///< rows of a master's picture: taken as they are; a failure ends the work, and nothing is put back
    };
    /// How a statement is logged when not as it was given.
    struct Rewritten {
        std::optional<PacketType> type;  ///< what a trigger made of it; Nop: nothing, and there is no body
        Bytes body;                      ///< by the primary key; empty: its own, where the type stays
    };
    /// `self` is the instance's own uuid: its row in _cluster stays. `known` and `triggers`, functions that user spaces
    /// have for their rows, outlive it where they are given. A picture asks no triggers.
    RowWork(PendingView& view, std::string self, SpaceCache* known, RowTriggers* triggers, Mode mode = Mode::Statements)
        : view_(view),
          self_(std::move(self)),
          known_(known),
          triggers_(mode == Mode::Picture ? nullptr : triggers),
          isPicture_(mode == Mode::Picture) {}

    /// Insert, replace, update, upsert, delete, or nothing (nop). A refused statement has changed nothing, and rewrites
    /// nothing. `rewritten` is a fresh one.
    Result<Effect> run(std::uint32_t type, BytesView body, Rewritten& rewritten);
    Result<Effect> get(std::uint32_t space, std::uint32_t index, BytesView key);
    using Visit = std::function<bool(const TuplePtr&)>;
    /// Tuples in the iterator's order. Walking back costs what the whole range costs.
    Result<std::optional<BoxFailure>> select(std::uint32_t space, std::uint32_t index, BytesView key, Iterator iterator,
                                             const Visit& visit);
    /// Without its tuples; nullptr when there is none. Valid until the next statement.
    Result<const Space*> space(std::uint32_t id);
    Result<const Space*> spaceNamed(std::string_view name);

    /// The highest number of the clock for an id, and how it grows.
    Result<std::uint64_t> clockAt(std::uint32_t id);
    void advanceClock(std::uint32_t id, std::uint64_t lsn);
    /// The instance's id in _cluster; 0 when it has none.
    Result<std::uint32_t> ownId();
    /// The spaces that every instance has, with their rows; for an instance without any.
    Status makeSystemSpaces();
    /// The same without rows, for an instance that gets a master's.
    void makeEmptySystemSpaces();
    /// Whether the state is that of a join that has begun and not ended.
    Result<bool> isJoining();
    void markJoining(bool joins);
    /// Whether there are any.
    Result<bool> isEmpty();

    /// What has changed so far, to be put back when one of several statements fails.
    struct Mark {
        std::size_t changes = 0;
        std::size_t clocks = 0;
    };
    [[nodiscard]] Mark mark() const { return {undo_.size(), clockUndo_.size()}; }
    void takeBack(const Mark& to);
    /// What has changed so far stays: earlier marks are void.
    void settle();

    /// Bytes of what has grown, and the changed rows as the kind's effect: key blob | image blob, ...
    [[nodiscard]] std::size_t grownBytes() const { return grown_ + clocksChanged_ * kClockBytes; }
    [[nodiscard]] Bytes effect() const;

private:
    using Failure = std::optional<BoxFailure>;
    using Outcome = Result<Failure>;
    using Changes = std::map<Bytes, Bytes, std::less<>>;
    static constexpr std::size_t kClockBytes = 10;  ///< of a key and its number
    static constexpr std::size_t kClocks = 32;
    /// How a changed key was before.
    struct Undo {
        Changes::iterator at;
        bool isFresh = false;  ///< it had not been changed
        Bytes image;
    };
    struct ClockUndo {
        std::uint32_t id = 0;
        bool wasChanged = false;
        std::uint64_t lsn = 0;
    };
    struct Clock {
        bool isKnown = false;
        bool isChanged = false;
        std::uint64_t lsn = 0;
    };

    /// Empty: the row goes.
    void set(Bytes key, Bytes image);
    Result<std::optional<Bytes>> image(BytesView key);
    Status scan(BytesView from, BytesView to, const std::function<bool(BytesView key, BytesView image)>& visit);
    Result<std::vector<Bytes>> keysUnder(BytesView prefix);
    Status dropUnder(BytesView prefix);

    /// A statement at work.
    struct Statement {
        PacketType type;
        const PacketBody& body;
        const Space& space;
        RowTriggers::Kinds asks;  ///< which functions the space has
        Rewritten& rewritten;
    };
    Result<Effect> exchange(const Statement& at, const TuplePtr& old, const TuplePtr& fresh, bool isInsert);
    /// The keys of a tuple, one for each index.
    static Failure keysOf(const Space& space, const Tuple& tuple, std::vector<Bytes>& keys);
    Outcome checkUnique(const Space& space, const TuplePtr& old, const Tuple& fresh, const std::vector<Bytes>& keys);
    /// `keys` are those of `fresh`, and are used up.
    Outcome put(const Space& space, const TuplePtr& old, const TuplePtr& fresh, std::vector<Bytes>& keys);
    Result<Effect> write(const Statement& at);
    Result<Effect> change(const Statement& at);
    Result<Effect> upsert(const Statement& at);
    /// Asks before_replace, for a space that has it. When that wants something else, it is done, the statement is
    /// rewritten to it, and its effect is the answer.
    Result<std::optional<Effect>> askBefore(const Statement& at, const TuplePtr& old, const TuplePtr& fresh);
    /// Tells on_replace, for a space that has it.
    Failure askAfter(const Statement& at, const TuplePtr& old, const TuplePtr& fresh);
    Result<TuplePtr> primaryRow(const Space& space, const Tuple& like);
    /// Rows of system spaces are what they say.
    Outcome obey(std::uint32_t space, const TuplePtr& old, const TuplePtr& fresh);
    Outcome obeySpace(const TuplePtr& old, const TuplePtr& fresh);
    Outcome obeyIndex(const TuplePtr& old, const TuplePtr& fresh);
    Outcome obeyCluster(const TuplePtr& old, const TuplePtr& fresh);
    Outcome takePlan(std::uint32_t id, const SpacePlan& plan);
    Outcome checkFormat(const Space& space);
    Outcome buildIndex(const Space& space, const Index& index);
    Result<std::optional<SpacePlan>> plan(std::uint32_t id);
    Result<std::shared_ptr<const Space>> heldSpace(std::uint32_t id);
    /// A system space of another version, whose rows come before those that say what it is.
    Outcome provisionalSpace(std::uint32_t id, const PacketBody& body);

    PendingView& view_;
    std::string self_;
    SpaceCache* known_;
    RowTriggers* triggers_;
    bool isPicture_;
    Changes changed_;
    std::size_t grown_ = 0;
    std::vector<Undo> undo_;
    std::array<Clock, kClocks> clocks_{};
    std::size_t clocksChanged_ = 0;
    std::vector<ClockUndo> clockUndo_;
    std::map<std::uint32_t, std::shared_ptr<const Space>> spaces_;  ///< read already
    std::uint32_t ownId_ = 0;
    std::vector<Bytes> keys_;  ///< of the statement at work
};

}  // namespace tributary::engine::tarantool
