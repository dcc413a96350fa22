// Sessions of clients.
#include "engine/systems/tarantool/door/iprotodoor.h"

#include <fmt/format.h>

#include <array>

#include "core/base/hostport.h"
#include "engine/systems/tarantool/data/boxarguments.h"
#include "engine/systems/tarantool/door/doorviews.h"
#include "engine/systems/tarantool/instance/instancekind.h"
#include "engine/systems/tarantool/iproto/greeting.h"

namespace tributary::engine::tarantool {
namespace {

BoxFailure wrongPassword(const std::string& user) {
    return {static_cast<std::uint32_t>(BoxError::PasswordMismatch),
            fmt::format("Incorrect password supplied for user '{}'", user),
            {}};
}

BoxFailure noUser(const std::string& user) {
    return {static_cast<std::uint32_t>(BoxError::NoSuchUser), fmt::format("User '{}' is not found", user), {}};
}

/// Mostly what is no refusal of Tarantool's: a disk that fails, a damaged file.
BoxFailure systemError(const Error& error) {
    if (auto refusal = failureOf(error)) return *refusal;
    return {115, error.text(), {}};
}

/// The answer to a connector that names what it can do: version 0 of the protocol, and nothing of it.
Bytes noFeatures() {
    Bytes none;
    MsgpackWriter(none).array(0);
    return BodyWriter().number(BodyKey::ProtocolVersion, 0).raw(BodyKey::Features, none).take();
}

Bytes answerPacket(std::uint64_t sync, std::uint64_t schemaVersion, BytesView body) {
    PacketHeader header;
    header.type = static_cast<std::uint32_t>(PacketType::Ok);
    header.sync = sync;
    header.schemaVersion = schemaVersion;
    return encodePacket(header, body);
}

/// An array of results.
void appendAnswer(Bytes& out, std::uint64_t sync, std::uint64_t schemaVersion, BytesView results) {
    PacketHeader header;
    header.type = static_cast<std::uint32_t>(PacketType::Ok);
    header.sync = sync;
    header.schemaVersion = schemaVersion;
    constexpr std::array<char, 2> kOneKey{'\x81', static_cast<char>(BodyKey::Data)};
    Bytes body(kOneKey.data(), kOneKey.size());
    appendPacket(out, header, body.append(results));
}

bool isOfReplicas(const PacketHeader& header) {
    return header.is(PacketType::Join) || header.is(PacketType::Subscribe) || header.is(PacketType::FetchSnapshot) ||
           header.is(PacketType::Register);
}

}  // namespace

IprotoDoor::IprotoDoor(Seams& seams, DoorBox& box, DoorReplicas& replicas, DoorScripts* scripts, const Uuid& instance,
                       std::string version)
    : seams_(seams),
      box_(box),
      replicas_(replicas),
      scripts_(scripts),
      instance_(instance),
      version_(std::move(version)) {}

IprotoDoor::~IprotoDoor() {
    *alive_ = false;
}

Status IprotoDoor::open(const std::string& listen) {
    const auto at = parseHostPort(listen);
    if (!at) {
        return Error{ErrorCode::InvalidInput, fmt::format("`{}` is no host:port to listen on", listen), "iproto.listen",
                     "iproto.listen: 127.0.0.1:3301"};
    }
    auto opened = seams_.transport.listen({at->host, at->port, {}, {}}, [this](std::unique_ptr<Connection> connection) {
        accept(std::move(connection));
    });
    if (!opened) return opened.error();
    listener_ = std::move(opened).value();
    return okStatus();
}

bool IprotoDoor::makeRoom() {
    if (sessions_.size() < kSessionsMax) return true;
    auto idlest = sessions_.end();
    for (auto at = sessions_.begin(); at != sessions_.end(); ++at) {
        const bool isIdle = at->second.pending == 0 && at->second.mode == Mode::Requests;
        const bool isNobody = at->second.user.id == kGuestId && isIdle;
        if (isNobody && (idlest == sessions_.end() || at->second.heardUs < idlest->second.heardUs)) idlest = at;
    }
    if (idlest == sessions_.end()) return false;
    end(idlest->first);
    return true;
}

void IprotoDoor::accept(std::unique_ptr<Connection> connection) {
    if (!makeRoom()) {
        seams_.faults.reached("door-full");
        connection->close();
        return;
    }
    const std::uint64_t id = next_++;
    Session& session = sessions_[id];
    session.connection = std::move(connection);
    session.stream.setBytesMax(kPacketBytesMaxBefore);
    session.user = DoorUser{kGuestId, "guest", {}};
    session.heardUs = seams_.clock.monotonicUs();
    session.salt.assign(Greeting::kSaltBytes, '\0');
    seams_.random.fill(session.salt.data(), session.salt.size());
    Greeting greeting;
    greeting.version = version_;
    greeting.instance = instance_;
    greeting.salt = session.salt;
    session.connection->onBytes = [this, id](BytesView bytes) {
        const auto at = sessions_.find(id);
        if (at == sessions_.end()) return;
        at->second.heardUs = seams_.clock.monotonicUs();
        at->second.stream.feed(bytes);
        drain(id);
    };
    session.connection->onDrained = [this, id] {
        goOn(id);
        const auto at = sessions_.find(id);
        if (at != sessions_.end() && at->second.mode != Mode::Requests) replicas_.drained(id);
    };
    session.connection->onClosed = [this, id](const Error&) { lose(id); };
    session.connection->send(greeting.encode());
}

void IprotoDoor::drain(std::uint64_t id) {
    while (true) {
        const auto at = sessions_.find(id);
        if (at == sessions_.end()) return;
        Session& session = at->second;
        if (session.mode == Mode::Waits) {
            if (session.stream.buffered() > kHeldBytesMax) lose(id);
            return;
        }
        if (session.pending >= kPendingMax || queuedBytes(id) >= kQueuedBytesMax) {
            session.isPaused = true;
            session.connection->pauseReading(true);
            return;
        }
        auto packet = session.stream.next();
        if (!packet) {
            // As a released instance does: a word, and the end.
            send(id, encodeFailure(0, box_.schemaVersion(), {20, "Invalid MsgPack - packet header", {}}));
            session.connection->close();
            lose(id);
            return;
        }
        if (!packet.value()) return;
        take(id, *packet.value());
    }
}

void IprotoDoor::take(std::uint64_t id, const Packet& packet) {
    Session& session = sessions_.at(id);
    if (session.mode == Mode::Follows) {
        replicas_.heard(id, packet);
        return;
    }
    if (isOfReplicas(packet.header)) {
        serveReplica(id, packet);
        return;
    }
    ++session.pending;
    const std::uint64_t sync = packet.header.sync;
    if (packet.header.is(PacketType::Ping)) {
        --session.pending;
        send(id, answerPacket(sync, box_.schemaVersion(), BodyWriter().take()));
    } else if (packet.header.is(PacketType::Vote)) {
        --session.pending;
        send(id, ballotAnswer(sync, box_.ballot()));
    } else if (packet.header.is(PacketType::Id)) {
        --session.pending;
        send(id, answerPacket(sync, box_.schemaVersion(), noFeatures()));
    } else if (packet.header.is(PacketType::Auth)) {
        prove(id, packet);
    } else if (packet.header.is(PacketType::Eval) || packet.header.is(PacketType::Call)) {
        runScript(id, packet);
    } else {
        carryOut(id, packet);
    }
}

void IprotoDoor::serveReplica(std::uint64_t id, const Packet& packet) {
    Session& session = sessions_.at(id);
    session.mode = Mode::Waits;
    const DoorUser user = session.user;
    replicas_.asked(*this, id, user, packet);
}

void IprotoDoor::prove(std::uint64_t id, const Packet& packet) {
    Session& session = sessions_.at(id);
    const std::uint64_t sync = packet.header.sync;
    const auto asked = doorProof(packet);
    if (const auto* failure = std::get_if<BoxFailure>(&asked)) {
        answer(id, sync, *failure);
        return;
    }
    const auto& proof = std::get<DoorProof>(asked);
    std::optional<DoorUser> user;
    const Status looked = box_.look([&](RowWork& work) -> Status {
        auto found = doorUser(work, proof.user);
        if (!found) return found.error();
        user = std::move(found).value();
        return okStatus();
    });
    if (!looked) {
        answer(id, sync, systemError(looked.error()));
        return;
    }
    if (!user) {
        answer(id, sync, noUser(proof.user));
        return;
    }
    // Guest's password is the empty one, and a proof of it may be left out.
    const bool isGuest = user->id == kGuestId && proof.scramble.empty();
    if (!isGuest && !provesChapSha1(session.salt, user->storedHash, proof.scramble)) {
        seams_.faults.reached("door-proof-refused");
        answer(id, sync, wrongPassword(proof.user));
        return;
    }
    session.user = std::move(*user);
    session.allowed.clear();
    session.stream.setBytesMax(session.user.id == kGuestId ? kPacketBytesMaxBefore : kPacketBytesMax);
    --session.pending;
    send(id, answerPacket(sync, box_.schemaVersion(), BodyWriter().take()));
}

Result<std::optional<BoxFailure>> IprotoDoor::refusal(Session& session, const DoorCall& call) {
    const std::uint64_t version = box_.schemaVersion();
    if (session.allowedAt != version && !seams_.faults.hit("bug-door-keeps-rights")) session.allowed.clear();
    session.allowedAt = version;
    const std::pair<std::uint32_t, bool> asked{call.space, call.isWrite};
    if (session.allowed.contains(asked)) return std::optional<BoxFailure>();
    std::optional<BoxFailure> refused;
    const Status looked = box_.look([&](RowWork& work) -> Status {
        auto why = whyNot(work, session.user, call.space, call.isWrite);
        if (!why) return why.error();
        refused = std::move(why).value();
        return okStatus();
    });
    if (!looked) return looked.error();
    if (!refused) session.allowed.insert(asked);
    return refused;
}

void IprotoDoor::carryOut(std::uint64_t id, const Packet& packet) {
    const std::uint64_t sync = packet.header.sync;
    auto asked = doorCall(packet);
    if (const auto* failure = std::get_if<BoxFailure>(&asked)) {
        answer(id, sync, *failure);
        return;
    }
    auto& call = std::get<DoorCall>(asked);
    if (isView(call.space)) {
        BoxAnswer seen = noResults();
        const Status looked = box_.look([&](RowWork& work) -> Status {
            auto called = callView(work, sessions_.at(id).user, call);
            if (!called) return called.error();
            seen = std::move(called).value();
            return okStatus();
        });
        answer(id, sync, looked ? seen : BoxAnswer(systemError(looked.error())));
        return;
    }
    const auto refused = refusal(sessions_.at(id), call);
    if (!refused || refused.value()) {
        answer(id, sync, refused ? *refused.value() : systemError(refused.error()));
        return;
    }
    if (call.isWrite && seams_.faults.hit("bug-door-answers-early")) {
        if (call.row) {
            box_.write(id, std::move(*call.row), [](const BoxAnswer&) {});
        } else {
            box_.call(id, call.method, call.arguments, [](const BoxAnswer&) {});
        }
        answer(id, sync, noResults());
        return;
    }
    DoorBox::Answered answered = [this, alive = alive_, id, sync](const BoxAnswer& given) {
        if (*alive) answer(id, sync, given);
    };
    if (call.row) {
        box_.write(id, std::move(*call.row), std::move(answered));
    } else {
        box_.call(id, call.method, call.arguments, std::move(answered));
    }
}

void IprotoDoor::answer(std::uint64_t id, std::uint64_t sync, const BoxAnswer& given) {
    const auto at = sessions_.find(id);
    if (at == sessions_.end()) return;
    if (at->second.pending > 0) --at->second.pending;
    if (const auto* failure = std::get_if<BoxFailure>(&given)) {
        send(id, encodeFailure(sync, box_.schemaVersion(), *failure));
    } else {
        appendAnswer(at->second.out, sync, box_.schemaVersion(), std::get<Bytes>(given));
        flushSoon(id);
    }
    goOn(id);
}

void IprotoDoor::flushSoon(std::uint64_t id) {
    Session& session = sessions_.at(id);
    if (session.isFlushPosted) return;
    session.isFlushPosted = true;
    seams_.executor.post([this, alive = alive_, id] {
        if (!*alive) return;
        const auto at = sessions_.find(id);
        if (at != sessions_.end()) flush(at->second);
    });
}

void IprotoDoor::flush(Session& session) {
    session.isFlushPosted = false;
    if (!session.out.empty()) session.connection->send(std::exchange(session.out, {}));
}

void IprotoDoor::send(std::uint64_t id, Bytes bytes) {
    const auto at = sessions_.find(id);
    if (at == sessions_.end()) return;
    flush(at->second);
    at->second.connection->send(std::move(bytes));
}

void IprotoDoor::refuse(std::uint64_t id, std::uint64_t sync, const BoxFailure& failure) {
    send(id, encodeFailure(sync, box_.schemaVersion(), failure));
}

std::size_t IprotoDoor::queuedBytes(std::uint64_t id) const {
    const auto at = sessions_.find(id);
    return at == sessions_.end() ? 0 : at->second.connection->queuedBytes() + at->second.out.size();
}

std::optional<SocketNames> IprotoDoor::names(std::uint64_t id) const {
    const auto at = sessions_.find(id);
    return at == sessions_.end() ? std::nullopt : at->second.connection->names();
}

void IprotoDoor::served(std::uint64_t id) {
    const auto at = sessions_.find(id);
    if (at == sessions_.end()) return;
    at->second.mode = Mode::Requests;
    drainSoon(id);
}

void IprotoDoor::follows(std::uint64_t id) {
    const auto at = sessions_.find(id);
    if (at == sessions_.end()) return;
    at->second.mode = Mode::Follows;
    at->second.stream.setBytesMax(kPacketBytesMaxBefore);
    drainSoon(id);
}

void IprotoDoor::drainSoon(std::uint64_t id) {
    seams_.executor.post([this, alive = alive_, id] {
        if (*alive) drain(id);
    });
}

/// Reads on when less is at work. Not at once: an answer may come while requests are being taken.
void IprotoDoor::goOn(std::uint64_t id) {
    const auto at = sessions_.find(id);
    if (at == sessions_.end() || !at->second.isPaused) return;
    Session& session = at->second;
    if (session.pending > kPendingMax / 2 || queuedBytes(id) >= kQueuedBytesMax) return;
    session.isPaused = false;
    session.connection->pauseReading(false);
    drainSoon(id);
}

void IprotoDoor::lose(std::uint64_t id) {
    const auto at = sessions_.find(id);
    if (at == sessions_.end()) return;
    const bool isServed = at->second.mode != Mode::Requests;
    forget(id);
    if (isServed) replicas_.ended(id);
}

void IprotoDoor::end(std::uint64_t id) {
    const auto at = sessions_.find(id);
    if (at == sessions_.end()) return;
    flush(at->second);
    at->second.connection->close();
    forget(id);
}

void IprotoDoor::forget(std::uint64_t id) {
    const auto at = sessions_.find(id);
    if (at == sessions_.end()) return;
    // Not in its own callback.
    auto old = std::make_shared<std::unique_ptr<Connection>>(std::move(at->second.connection));
    sessions_.erase(at);
    seams_.executor.post([old] { old->reset(); });
}

}  // namespace tributary::engine::tarantool
