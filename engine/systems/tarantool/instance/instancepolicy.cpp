// Rows become numbers, images and an answer, one after the other.
#include "engine/systems/tarantool/instance/instancepolicy.h"

#include <fmt/format.h>

#include <deque>

#include "engine/systems/tarantool/data/failures.h"
#include "engine/systems/tarantool/instance/instancekind.h"
#include "engine/systems/tarantool/instance/rowlist.h"
#include "engine/systems/tarantool/instance/rowwork.h"

namespace tributary::engine::tarantool {
namespace {

using Rows = std::vector<PacketView>;

Decision refused(const BoxFailure& failure) {
    Decision decision;
    decision.verdict = Verdict::Stop;
    decision.reason = errorOf(failure);
    return decision;
}

BoxFailure noRoom(const RowWork& work) {
    return failures::memoryIssue(work.grownBytes(), "slab allocator", "memtx_tuple");
}

const InstanceSchema& schemaOf(const Proposal& proposal) {
    return static_cast<const InstanceSchema&>(proposal.schema);
}

RowWork workOn(const Proposal& proposal, PendingView& view, RowWork::Mode mode = RowWork::Mode::Statements) {
    const InstanceSchema& schema = schemaOf(proposal);
    return {view, schema.uuid(), &schema.spaces(), schema.triggers(), mode};
}

/// Rows that are logged, in their order.
class TakenRows {
public:
    void add(const PacketView& row, RowWork::Rewritten rewritten) {
        PacketView& added = rows_.emplace_back(row);
        if (rewritten.type) {
            added.header.type = static_cast<std::uint32_t>(*rewritten.type);
            added.body = {};
        }
        if (rewritten.body.empty()) return;
        added.body = rewritten_.emplace_back(std::move(rewritten.body));
    }
    [[nodiscard]] std::size_t size() const { return rows_.size(); }
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    void cut(std::size_t size) { rows_.resize(size); }
    /// Those from `first` on are one transaction.
    void markTransaction(std::size_t first) {
        for (std::size_t i = first; i < rows_.size() && rows_.size() > first + 1; ++i) {
            rows_[i].header.transactionId = rows_[first].header.lsn;
            rows_[i].header.isCommit = i + 1 == rows_.size();
        }
    }
    [[nodiscard]] Bytes encode() const {
        constexpr std::size_t kHeadBytes = 40;
        std::size_t bytes = 0;
        for (const PacketView& row : rows_) bytes += kHeadBytes + row.body.size();
        Bytes out;
        out.reserve(bytes);
        Bytes one;
        for (const PacketView& row : rows_) {
            one.clear();
            appendRow(one, row.header, row.body);
            appendBlob(out, one);
        }
        return out;
    }

private:
    Rows rows_;
    std::deque<Bytes> rewritten_;
};

class InstancePolicy final : public Policy {
public:
    Result<Decision> decide(const Proposal& proposal, PendingView& view) const override {
        auto viewed = viewRows(proposal.body);
        if (!viewed) return viewed.error();
        const Rows& rows = viewed.value();
        if (rows.empty()) return ofClient(proposal, view, rows);
        if (rows.front().header.type == kPictureMark) return ofPicture(proposal, view, rows);
        if (rows.front().header.type == kJoinedMark) return joined(proposal, view, rows);
        if (rows.front().header.type == kGroupMark) return ofClients(proposal, view, rows);
        if (!hasNumber(rows.front().header)) return ofClient(proposal, view, rows);
        auto decision = ofPeer(proposal, view, rows, rows.size());
        if (!decision || !decision.value().refusedAt) return plain(std::move(decision));
        // Those before the refused one, decided by themselves: what it had changed is in nothing then.
        const auto answer = ReplicatedAnswer::decode(decision.value().reply);
        if (!answer) return answer.error();
        if (answer.value().rows == 0) return plain(std::move(decision));
        auto before = ofPeer(proposal, view, rows, answer.value().rows);
        if (before) before.value().reply = decision.value().reply;
        return plain(std::move(before));
    }

private:
    struct PeerDecision : Decision {
        bool refusedAt = false;
    };
    static Result<Decision> plain(Result<PeerDecision> decision) {
        if (!decision) return decision.error();
        return Decision(std::move(decision).value());
    }

    static Result<Decision> ofClient(const Proposal& proposal, PendingView& view, const Rows& rows) {
        RowWork work = workOn(proposal, view);
        const auto isEmpty = work.isEmpty();
        if (!isEmpty) return isEmpty.error();
        if (isEmpty.value()) {
            if (Status made = work.makeSystemSpaces(); !made) return made.error();
        }
        TakenRows taken;
        Decision decision;
        const auto failure = takeTransaction({proposal, view, work}, rows.data(), rows.size(), taken, decision.reply);
        if (!failure) return failure.error();
        if (failure.value()) return refused(*failure.value());
        decision.effect = work.effect();
        decision.body = taken.encode();
        return decision;
    }

    struct Work {
        const Proposal& proposal;
        PendingView& view;
        RowWork& rows;
    };

    /// Transactions of several clients: what one of them is refused for concerns no other.
    static Result<Decision> ofClients(const Proposal& proposal, PendingView& view, const Rows& rows) {
        const auto counts = RowGroup::countsOf(rows.front());
        if (!counts) return counts.error();
        RowWork work = workOn(proposal, view);
        const auto isEmpty = work.isEmpty();
        if (!isEmpty) return isEmpty.error();
        if (isEmpty.value()) return refused(BoxFailure{116, "Instance bootstrap hasn't finished yet", {}});
        TakenRows taken;
        std::vector<BoxAnswer> answers;
        answers.reserve(counts.value().size());
        std::size_t next = 1;
        for (const std::size_t count : counts.value()) {
            if (count > rows.size() - next) return Error{ErrorCode::Corrupt, "a group lacks rows", "ErrPayload", {}};
            Bytes reply;
            const auto failure = takeTransaction({proposal, view, work}, rows.data() + next, count, taken, reply);
            if (!failure) return failure.error();
            answers.push_back(failure.value() ? BoxAnswer(*failure.value()) : BoxAnswer(std::move(reply)));
            next += count;
        }
        if (next != rows.size()) return Error{ErrorCode::Corrupt, "a group has too many rows", "ErrPayload", {}};
        Decision decision;
        decision.reply = encodeAnswers(answers);
        decision.isNothing = taken.empty();
        decision.effect = work.effect();
        decision.body = taken.encode();
        return decision;
    }

    /// All rows or none.
    static Result<std::optional<BoxFailure>> takeTransaction(const Work& at, const PacketView* rows, std::size_t count,
                                                             TakenRows& taken, Bytes& reply) {
        const RowWork::Mark before = at.rows.mark();
        const std::size_t first = taken.size();
        std::optional<BoxFailure> refusal;
        for (std::size_t i = 0; i < count && !refusal; ++i) {
            auto failure = takeOwn(rows[i], at.proposal, at.rows, taken, reply);
            if (!failure) return failure.error();
            refusal = std::move(failure).value();
        }
        if (!refusal && at.rows.grownBytes() > at.view.bytesLeft()) refusal = noRoom(at.rows);
        if (refusal) {
            at.rows.takeBack(before);
            taken.cut(first);
            return refusal;
        }
        at.rows.settle();
        if (count != 1) reply = Bytes(1, '\x90');
        taken.markTransaction(first);
        return refusal;
    }

    static Result<std::optional<BoxFailure>> takeOwn(PacketView row, const Proposal& proposal, RowWork& work,
                                                     TakenRows& taken, Bytes& reply) {
        if (hasNumber(row.header)) {
            return Error{ErrorCode::Corrupt, "a client's rows have no numbers", "ErrPayload", {}};
        }
        RowWork::Rewritten rewritten;
        const auto done = work.run(row.header.type, row.body, rewritten);
        if (!done) return done.error();
        if (const auto* failure = std::get_if<BoxFailure>(&done.value())) return std::optional(*failure);
        const TuplePtr& tuple = std::get<TuplePtr>(done.value());
        reply.clear();
        MsgpackWriter(reply).array(tuple == nullptr ? 0 : 1);
        if (tuple != nullptr) reply.append(tuple->bytes());
        // What has changed nothing is not logged: a deletion that found nothing has no number. What a trigger made of
        // a statement is, also where that answers with no tuple.
        const bool isSilent = row.header.is(PacketType::Upsert) || row.header.is(PacketType::Nop) || rewritten.type;
        if (tuple == nullptr && !isSilent) return std::optional<BoxFailure>();
        const auto id = work.ownId();
        if (!id) return id.error();
        if (id.value() == 0) return std::optional(BoxFailure{116, "Instance bootstrap hasn't finished yet", {}});
        const auto last = work.clockAt(id.value());
        if (!last) return last.error();
        PacketHeader& header = row.header;
        header.replicaId = id.value();
        header.lsn = static_cast<std::int64_t>(last.value()) + 1;
        header.timestamp = static_cast<double>(stampMs(proposal.stamp)) / 1'000;
        work.advanceClock(header.replicaId, static_cast<std::uint64_t>(header.lsn));
        taken.add(row, std::move(rewritten));
        return std::optional<BoxFailure>();
    }

    /// The first `count` rows, which are whole transactions.
    static Result<PeerDecision> ofPeer(const Proposal& proposal, PendingView& view, const Rows& rows,
                                       std::size_t count) {
        RowWork work = workOn(proposal, view);
        PeerDecision decision;
        ReplicatedAnswer answer;
        TakenRows taken;
        std::size_t begun = 0;
        const auto refusedAt = [&](std::size_t row, BoxFailure failure) {
            answer.rows = begun;
            answer.refusedRow = row;
            answer.refusal = std::move(failure);
            decision.reply = answer.encode();
            decision.isNothing = true;
            decision.refusedAt = true;
            return decision;
        };
        for (std::size_t i = 0; i < count; ++i) {
            const PacketHeader& header = rows[i].header;
            const auto failure = takePeers(rows[i], work, taken);
            if (!failure) return failure.error();
            if (failure.value()) return refusedAt(i, *failure.value());
            if (!header.isCommit) continue;
            begun = i + 1;
            work.settle();
        }
        if (begun != count) return Error{ErrorCode::Corrupt, "a transaction has no end", "ErrPayload", {}};
        if (work.grownBytes() > view.bytesLeft()) {
            begun = 0;
            return refusedAt(0, noRoom(work));
        }
        answer.rows = count;
        decision.reply = answer.encode();
        decision.isNothing = taken.empty();
        decision.effect = work.effect();
        decision.body = taken.encode();
        return decision;
    }

    static Result<std::optional<BoxFailure>> takePeers(const PacketView& row, RowWork& work, TakenRows& taken) {
        const PacketHeader& header = row.header;
        if (header.replicaId == 0 || header.replicaId >= Vclock::kIdsMax || header.lsn <= 0) {
            return std::optional(BoxFailure{20, "Invalid MsgPack - replica id and number of a row", {}});
        }
        const auto known = work.clockAt(header.replicaId);
        if (!known) return known.error();
        if (header.lsn <= static_cast<std::int64_t>(known.value())) return std::optional<BoxFailure>();
        RowWork::Rewritten rewritten;
        const auto done = work.run(header.type, row.body, rewritten);
        if (!done) return done.error();
        if (const auto* failure = std::get_if<BoxFailure>(&done.value())) return std::optional(*failure);
        work.advanceClock(header.replicaId, static_cast<std::uint64_t>(header.lsn));
        taken.add(row, std::move(rewritten));
        return std::optional<BoxFailure>();
    }

    static Result<Decision> ofPicture(const Proposal& proposal, PendingView& view, const Rows& rows) {
        RowWork work = workOn(proposal, view, RowWork::Mode::Picture);
        const auto isEmpty = work.isEmpty();
        if (!isEmpty) return isEmpty.error();
        const auto isJoining = work.isJoining();
        if (!isJoining) return isJoining.error();
        if (!isEmpty.value() && !isJoining.value()) {
            return Error{ErrorCode::Conflict, "an instance that has data takes no picture", {}, {}};
        }
        if (isEmpty.value()) work.makeEmptySystemSpaces();
        work.markJoining(true);
        for (std::size_t i = 1; i < rows.size(); ++i) {
            RowWork::Rewritten rewritten;
            const auto done = work.run(rows[i].header.type, rows[i].body, rewritten);
            if (!done) return done.error();
            if (const auto* failure = std::get_if<BoxFailure>(&done.value())) return refused(*failure);
        }
        if (work.grownBytes() > view.bytesLeft()) return refused(noRoom(work));
        Decision decision;
        decision.effect = work.effect();
        decision.body = markOf(rows);
        return decision;
    }

    static Result<Decision> joined(const Proposal& proposal, PendingView& view, const Rows& rows) {
        const auto body = PacketBody::decode(rows.front().body);
        const auto numbers = body ? body.value().field(BodyKey::Vclock) : std::nullopt;
        const auto clock = Vclock::decode(numbers.value_or(BytesView()));
        if (!clock) return clock.error();
        RowWork work = workOn(proposal, view, RowWork::Mode::Picture);
        const auto isJoining = work.isJoining();
        if (!isJoining) return isJoining.error();
        if (!isJoining.value()) return Error{ErrorCode::Conflict, "there is no join that could end", {}, {}};
        work.markJoining(false);
        for (std::uint32_t id = 1; id < Vclock::kIdsMax; ++id) {
            if (clock.value().at(id) != 0) {
                work.advanceClock(id, static_cast<std::uint64_t>(clock.value().at(id)));
            }
        }
        Decision decision;
        decision.effect = work.effect();
        decision.body = markOf(rows);
        return decision;
    }

    /// What is logged of a body that begins with a mark.
    static Bytes markOf(const Rows& rows) {
        TakenRows mark;
        mark.add(rows.front(), {});
        return mark.encode();
    }
};

}  // namespace

const Policy& instancePolicy() {
    static const InstancePolicy kPolicy;
    return kPolicy;
}

}  // namespace tributary::engine::tarantool
