// What replicas ask: whether they may, and what comes of it.
#include <fmt/format.h>

#include <set>

#include "engine/systems/tarantool/data/failures.h"
#include "engine/systems/tarantool/instance/instancekind.h"
#include "engine/systems/tarantool/instance/rowlist.h"
#include "engine/systems/tarantool/instance/rowwork.h"
#include "engine/systems/tarantool/replication/relays.h"

namespace tributary::engine::tarantool {
namespace {

BoxFailure refusalOf(BoxError code, std::string message) {
    return {static_cast<std::uint32_t>(code), std::move(message), {}};
}

BoxFailure systemFailure(const Error& error) {
    const auto refusal = failureOf(error);
    return refusal ? *refusal : refusalOf(BoxError::System, error.text());
}

BoxFailure damagedRequest() {
    return {20, "Invalid MsgPack - packet body", {}};
}

Packet memberRow(std::uint32_t id, const Join::Order& order) {
    Bytes tuple;
    MsgpackWriter writer(tuple);
    writer.array(order.name.empty() ? 2 : 3);
    writer.unsignedInteger(id);
    writer.string(order.replica.text());
    if (!order.name.empty()) writer.string(order.name);
    return putRow(PacketType::Insert, kClusterSpace, tuple);
}

/// What a join, a registration or a request for a picture asks; nothing when it is damaged.
std::optional<Join::Order> orderOf(const Packet& packet) {
    Join::Order order;
    order.sync = packet.header.sync;
    if (packet.header.is(PacketType::FetchSnapshot)) {
        order.kind = Join::Kind::FetchSnapshot;
        return order;
    }
    const auto body = PacketBody::decode(packet.body);
    const auto uuid = body ? body->uuid(BodyKey::InstanceUuid) : std::nullopt;
    if (!uuid) return std::nullopt;
    order.replica = *uuid;
    order.name = std::string(body->text(BodyKey::InstanceName).value_or(BytesView()));
    if (!packet.header.is(PacketType::Register)) return order;
    order.kind = Join::Kind::Register;
    auto clock = decodeClock(packet);
    if (!clock) return std::nullopt;
    order.clock = clock.value();
    return order;
}

}  // namespace

void Relays::asked(DoorLines& lines, std::uint64_t session, const DoorUser& user, const Packet& packet) {
    if (packet.header.is(PacketType::Subscribe)) {
        subscribe(lines, session, user, packet);
        return;
    }
    auto order = orderOf(packet);
    if (!order) {
        lines.refuse(session, packet.header.sync, damagedRequest());
        lines.served(session);
        return;
    }
    join(lines, session, user, std::move(*order));
}

Result<Relays::Refusal> Relays::whyNoJoin(const DoorUser& user, const Join::Order& order) {
    if (!host_.isReady()) return Refusal(failures::loading());
    if (order.replica == host_.settings().uuid) {
        return Refusal(refusalOf(BoxError::ConnectionToSelf, "Connection to self"));
    }
    Refusal refused;
    const auto known = members();
    if (!known) return known.error();
    const bool isMember = known.value().find(order.replica) != known.value().end();
    const bool enrols = order.kind != Join::Kind::FetchSnapshot && !isMember;
    const Status looked = host_.look([&](RowWork& work) -> Status {
        auto why = whyNotAll(work, user);
        if (why && !why.value() && enrols) why = whyNot(work, user, kClusterSpace, true);
        if (!why) return why.error();
        refused = std::move(why).value();
        return okStatus();
    });
    if (!looked) return looked.error();
    if (refused) return refused;
    if (order.kind == Join::Kind::Register && isMember) {
        return Refusal(
            refusalOf(BoxError::ReplicaNotAnonymous,
                      fmt::format("Replica '{}' is not anonymous and cannot register.", order.replica.text())));
    }
    if (!enrols) return Refusal();
    const auto row = enrolment(order);
    return row ? Refusal() : Refusal(systemFailure(row.error()));
}

void Relays::join(DoorLines& lines, std::uint64_t session, const DoorUser& user, Join::Order order) {
    const auto refused = whyNoJoin(user, order);
    if (!refused || refused.value()) {
        host_.seams().faults.reached("join-refused");
        lines.refuse(session, order.sync, refused ? *refused.value() : systemFailure(refused.error()));
        lines.served(session);
        return;
    }
    const Join::Kind kind = order.kind;
    const Vclock clock = order.clock;
    Join::Owner& owner = *this;
    auto made = std::make_unique<Join>(host_, owner, lines, session, std::move(order));
    Join& started = *made;
    joins_[session] = {&lines, std::move(made)};
    keepTime();
    if (kind != Join::Kind::Register) {
        started.start();
        return;
    }
    finder_.find(clock, [this, alive = alive_, session](const Result<Lsn>& from) {
        if (!*alive) return;
        const auto at = joins_.find(session);
        if (at == joins_.end()) return;
        if (from) {
            at->second.join->startAt(from.value());
        } else {
            joinRefused(session, gapFailure(from.error()));
        }
    });
}

void Relays::enrol(const Join::Order& order, std::function<void(Refusal)> done) {
    enrolling_.push_back({order, std::move(done)});
    if (enrolling_.size() == 1) enrolNext();
}

bool Relays::isConnected(const Uuid& instance) const {
    const auto at = replicas_.find(instance);
    return (at != replicas_.end() && at->second.session != 0) || host_.reads(instance);
}

/// The row that makes it a member, with the lowest free id, or with that of a member who had its name and is gone; none
/// when it is a member. Errors: a refusal, those of the state.
Result<std::optional<Packet>> Relays::enrolment(const Join::Order& order) const {
    const auto known = members();
    if (!known) return known.error();
    if (known.value().find(order.replica) != known.value().end()) return std::optional<Packet>();
    if (host_.settings().options.isReadOnly) return errorOf(failures::readOnly());
    std::set<std::uint32_t> taken;
    for (const auto& [uuid, member] : known.value()) {
        taken.insert(member.id);
        if (order.name.empty() || member.name != order.name) continue;
        if (uuid == host_.settings().uuid || isConnected(uuid)) {
            return errorOf(
                {269, fmt::format("Duplicate replica name {}, already occupied by {}", order.name, uuid.text()), {}});
        }
        Bytes fresh;
        MsgpackWriter(fresh).string(order.replica.text());
        return std::optional(updateRow(kClusterSpace, 0, keyOf({member.id}), setField(2, fresh)));
    }
    std::uint32_t id = 1;
    while (taken.contains(id)) ++id;
    if (id >= Vclock::kIdsMax) return errorOf(failures::replicaCountMax());
    return std::optional(memberRow(id, order));
}

void Relays::enrolNext() {
    if (enrolling_.empty()) return;
    auto row = enrolment(enrolling_.front().order);
    if (!row || !row.value()) {
        enrolled(row ? Refusal() : Refusal(systemFailure(row.error())));
        return;
    }
    host_.logRows({std::move(*row.value())}, [this, alive = alive_](const BoxAnswer& answer) {
        if (!*alive) return;
        const auto* failure = std::get_if<BoxFailure>(&answer);
        enrolled(failure == nullptr ? Refusal() : Refusal(*failure));
    });
}

void Relays::enrolled(const Refusal& outcome) {
    const auto alive = alive_;
    const auto done = std::move(enrolling_.front().done);
    enrolling_.pop_front();
    done(outcome);
    if (*alive) enrolNext();
}

void Relays::joined(std::uint64_t session, Lsn upTo) {
    auto gone = joins_.extract(session);
    if (gone.empty()) return;
    const Join::Order& order = gone.mapped().join->order();
    if (order.kind != Join::Kind::FetchSnapshot) {
        // It has what was sent, and holds what comes.
        Replica& replica = replicas_[order.replica];
        replica.isAnonymous = false;
        replica.heldFrom = upTo + 1;
    }
    gone.mapped().lines->served(session);
    later(std::move(gone.mapped().join));
}

void Relays::joinRefused(std::uint64_t session, const BoxFailure& failure) {
    auto gone = joins_.extract(session);
    if (gone.empty()) return;
    gone.mapped().lines->refuse(session, gone.mapped().join->order().sync, failure);
    gone.mapped().lines->served(session);
    later(std::move(gone.mapped().join));
}

Result<Relays::Refusal> Relays::whyNoSubscription(const DoorUser& user, const Subscription& wanted, Relay::Ends& ends) {
    if (!host_.isReady()) return Refusal(failures::loading());
    if (wanted.instance == host_.settings().uuid) {
        return Refusal(refusalOf(BoxError::ConnectionToSelf, "Connection to self"));
    }
    Refusal refused;
    const Status looked = host_.look([&](RowWork& work) -> Status {
        auto why = whyNotAll(work, user);
        if (!why) return why.error();
        refused = std::move(why).value();
        const auto own = work.ownId();
        if (!own) return own.error();
        ends.ownId = own.value();
        return okStatus();
    });
    if (!looked) return looked.error();
    if (refused) return refused;
    const auto known = members();
    if (!known) return known.error();
    const auto member = known.value().find(wanted.instance);
    if (member == known.value().end() && !wanted.isAnonymous) {
        return Refusal(refusalOf(BoxError::UnknownReplica,
                                 fmt::format("Replica {} is not registered with replica set {}", wanted.instance.text(),
                                             host_.settings().replicasetUuid.text())));
    }
    if (member != known.value().end()) ends.replicaId = member->second.id;
    const auto served = replicas_.find(wanted.instance);
    if (served != replicas_.end() && served->second.session != 0) {
        return Refusal(
            refusalOf(BoxError::IncorrectOption,
                      "Incorrect value for option 'replication': duplicate connection with the same replica UUID"));
    }
    auto view = host_.frozen();
    const auto clock = view ? clockOf(*view.value()) : Result<Vclock>(view.error());
    if (!clock) return clock.error();
    ends.clock = clock.value();
    return Refusal();
}

void Relays::subscribe(DoorLines& lines, std::uint64_t session, const DoorUser& user, const Packet& packet) {
    const std::uint64_t sync = packet.header.sync;
    auto wanted = decodeSubscription(packet);
    Relay::Ends ends;
    const auto refused =
        wanted ? whyNoSubscription(user, wanted.value(), ends) : Result<Refusal>(Refusal(damagedRequest()));
    if (!refused || refused.value()) {
        host_.seams().faults.reached("subscription-refused");
        lines.refuse(session, sync, refused ? *refused.value() : systemFailure(refused.error()));
        lines.served(session);
        return;
    }
    const Vclock clock = wanted.value().clock;
    const Uuid uuid = wanted.value().instance;
    if (ends.replicaId != 0) host_.met(uuid, clock);
    Replica& replica = replicas_[uuid];
    replica.session = session;
    replica.hasSubscribed = true;
    replica.isAnonymous = ends.replicaId == 0;
    replica.clock = clock;
    // What it has less of than it had is needed again, as far as it is stored.
    replica.heldFrom = finder_.known(clock).value_or(0);
    Relay::Owner& owner = *this;
    relays_[session] =
        std::make_unique<Relay>(host_, owner, Relay::Place{lines, session, sync}, std::move(wanted).value(), ends);
    lines.follows(session);
    keepTime();
    finder_.find(clock, [this, alive = alive_, session, uuid](const Result<Lsn>& from) {
        if (!*alive) return;
        const auto at = relays_.find(session);
        if (at == relays_.end()) return;
        if (!from) {
            relayFailed(session, from.error());
            return;
        }
        Replica& found = replicas_[uuid];
        found.heldFrom = std::max(found.heldFrom, from.value());
        at->second->start(from.value());
    });
}

}  // namespace tributary::engine::tarantool
