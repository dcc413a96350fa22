// Rows become numbers, images and an answer, one after the other.
#include "engine/systems/tarantool/instance/instancepolicy.h"

#include <fmt/format.h>

#include "engine/systems/tarantool/data/failures.h"
#include "engine/systems/tarantool/instance/instancekind.h"
#include "engine/systems/tarantool/instance/rowlist.h"
#include "engine/systems/tarantool/instance/rowwork.h"

namespace tributary::engine::tarantool {
namespace {

using Rows = std::vector<Packet>;

Decision refused(const BoxFailure& failure) {
    Decision decision;
    decision.verdict = Verdict::Stop;
    decision.reason = errorOf(failure);
    return decision;
}

BoxFailure noRoom(const RowWork& work) {
    return failures::memoryIssue(work.grownBytes(), "slab allocator", "memtx_tuple");
}

const std::string& selfOf(const Proposal& proposal) {
    return static_cast<const InstanceSchema&>(proposal.schema).uuid();
}

class InstancePolicy final : public Policy {
public:
    Result<Decision> decide(const Proposal& proposal, PendingView& view) const override {
        auto decoded = decodeRows(proposal.body);
        if (!decoded) return decoded.error();
        Rows& rows = decoded.value();
        if (rows.empty()) return ofClient(proposal, view, rows);
        if (rows.front().header.type == kPictureMark) return ofPicture(proposal, view, rows);
        if (rows.front().header.type == kJoinedMark) return joined(proposal, view, rows);
        if (!hasNumber(rows.front())) return ofClient(proposal, view, rows);
        auto decision = ofPeer(proposal, view, rows, rows.size());
        if (!decision || !decision.value().refusedAt) return plain(std::move(decision));
        // Those before the refused one, decided by themselves: what it had changed is in nothing then.
        const auto answer = ReplicatedAnswer::decode(decision.value().reply);
        if (!answer) return answer.error();
        if (answer.value().rows == 0) return plain(std::move(decision));
        auto again = decodeRows(proposal.body);
        if (!again) return again.error();
        auto before = ofPeer(proposal, view, again.value(), answer.value().rows);
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

    static Result<Decision> ofClient(const Proposal& proposal, PendingView& view, Rows& rows) {
        RowWork work(view, selfOf(proposal));
        const auto isEmpty = work.isEmpty();
        if (!isEmpty) return isEmpty.error();
        if (isEmpty.value()) {
            if (Status made = work.makeSystemSpaces(); !made) return made.error();
        }
        Rows taken;
        Decision decision;
        for (Packet& row : rows) {
            const auto failure = takeOwn(row, proposal, work, taken, decision.reply);
            if (!failure) return failure.error();
            if (failure.value()) return refused(*failure.value());
        }
        if (rows.size() != 1) decision.reply = Bytes(1, '\x90');
        if (work.grownBytes() > view.bytesLeft()) return refused(noRoom(work));
        markTransaction(taken);
        decision.effect = work.effect();
        decision.body = encodeRows(taken);
        return decision;
    }

    static Result<std::optional<BoxFailure>> takeOwn(Packet& row, const Proposal& proposal, RowWork& work, Rows& taken,
                                                     Bytes& reply) {
        if (hasNumber(row)) return Error{ErrorCode::Corrupt, "a client's rows have no numbers", "ErrPayload", {}};
        const auto done = work.run(row);
        if (!done) return done.error();
        if (const auto* failure = std::get_if<BoxFailure>(&done.value())) return std::optional(*failure);
        const TuplePtr& tuple = std::get<TuplePtr>(done.value());
        reply.clear();
        MsgpackWriter(reply).array(tuple == nullptr ? 0 : 1);
        if (tuple != nullptr) reply.append(tuple->bytes());
        // What has changed nothing is not logged: a deletion that found nothing has no number.
        const bool changesNothing = tuple == nullptr && !row.header.is(PacketType::Upsert);
        if (changesNothing && !row.header.is(PacketType::Nop)) return std::optional<BoxFailure>();
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
        taken.push_back(std::move(row));
        return std::optional<BoxFailure>();
    }

    static void markTransaction(Rows& rows) {
        for (std::size_t i = 0; i < rows.size() && rows.size() > 1; ++i) {
            rows[i].header.transactionId = rows.front().header.lsn;
            rows[i].header.isCommit = i + 1 == rows.size();
        }
    }

    /// The first `count` rows, which are whole transactions.
    static Result<PeerDecision> ofPeer(const Proposal& proposal, PendingView& view, Rows& rows, std::size_t count) {
        RowWork work(view, selfOf(proposal));
        PeerDecision decision;
        ReplicatedAnswer answer;
        Rows taken;
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
            const PacketHeader header = rows[i].header;
            const auto failure = takePeers(rows[i], work, taken);
            if (!failure) return failure.error();
            if (failure.value()) return refusedAt(i, *failure.value());
            if (header.isCommit) begun = i + 1;
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
        decision.body = encodeRows(taken);
        return decision;
    }

    static Result<std::optional<BoxFailure>> takePeers(Packet& row, RowWork& work, Rows& taken) {
        const PacketHeader& header = row.header;
        if (header.replicaId == 0 || header.replicaId >= Vclock::kIdsMax || header.lsn <= 0) {
            return std::optional(BoxFailure{20, "Invalid MsgPack - replica id and number of a row", {}});
        }
        const auto known = work.clockAt(header.replicaId);
        if (!known) return known.error();
        if (header.lsn <= static_cast<std::int64_t>(known.value())) return std::optional<BoxFailure>();
        const auto done = work.run(row);
        if (!done) return done.error();
        if (const auto* failure = std::get_if<BoxFailure>(&done.value())) return std::optional(*failure);
        work.advanceClock(header.replicaId, static_cast<std::uint64_t>(header.lsn));
        taken.push_back(std::move(row));
        return std::optional<BoxFailure>();
    }

    static Result<Decision> ofPicture(const Proposal& proposal, PendingView& view, Rows& rows) {
        RowWork work(view, selfOf(proposal), RowWork::Mode::Picture);
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
            const auto done = work.run(rows[i]);
            if (!done) return done.error();
            if (const auto* failure = std::get_if<BoxFailure>(&done.value())) return refused(*failure);
        }
        if (work.grownBytes() > view.bytesLeft()) return refused(noRoom(work));
        rows.resize(1);
        Decision decision;
        decision.effect = work.effect();
        decision.body = encodeRows(rows);
        return decision;
    }

    static Result<Decision> joined(const Proposal& proposal, PendingView& view, const Rows& rows) {
        const auto body = PacketBody::decode(rows.front().body);
        const auto numbers = body ? body.value().field(BodyKey::Vclock) : std::nullopt;
        const auto clock = Vclock::decode(numbers.value_or(BytesView()));
        if (!clock) return clock.error();
        RowWork work(view, selfOf(proposal), RowWork::Mode::Picture);
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
        decision.body = encodeRows(rows);
        return decision;
    }
};

}  // namespace

const Policy& instancePolicy() {
    static const InstancePolicy kPolicy;
    return kPolicy;
}

}  // namespace tributary::engine::tarantool
