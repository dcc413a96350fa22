// Those who are subscribed, the time, and what the log is held for.
#include "engine/systems/tarantool/replication/relays.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "engine/systems/tarantool/instance/rowwork.h"

namespace tributary::engine::tarantool {
namespace {

constexpr Millis kTickMs = 250;
constexpr const char* kBrokenPipe = "Broken pipe";

/// What Tarantool says of a connection that is gone.
std::string unexpectedEnd(const std::optional<SocketNames>& names) {
    if (!names) return fmt::format("unexpected EOF when reading from socket: {}", kBrokenPipe);
    return fmt::format("unexpected EOF when reading from socket, called on fd {}, aka {}, peer of {}: {}",
                       names->descriptor, names->here, names->there, kBrokenPipe);
}

}  // namespace

Relays::Relays(MasterHost& host) : host_(host), finder_(host) {}

Relays::~Relays() {
    *alive_ = false;
    host_.seams().timers.cancel(timer_);
}

Result<Relays::Members> Relays::members() const {
    Members members;
    const Status looked = host_.look([&](RowWork& work) -> Status {
        const auto walked = work.select(kClusterSpace, 0, "\x90", Iterator::All, [&](const TuplePtr& row) {
            if (const auto uuid = Uuid::parse(textField(*row, 1))) {
                members[uuid.value()] = {idField(*row, 0), textField(*row, 2)};
            }
            return true;
        });
        return walked ? okStatus() : Status(walked.error());
    });
    if (!looked) return looked.error();
    return members;
}

void Relays::published() {
    finder_.published();
    std::vector<std::uint64_t> sessions;
    sessions.reserve(relays_.size());
    for (const auto& [session, relay] : relays_) sessions.push_back(session);
    for (const std::uint64_t session : sessions) {
        if (const auto at = relays_.find(session); at != relays_.end()) at->second->pump();
    }
}

void Relays::drained(std::uint64_t session) {
    if (const auto at = relays_.find(session); at != relays_.end()) at->second->pump();
    if (const auto at = joins_.find(session); at != joins_.end()) at->second.join->pump();
}

void Relays::heard(std::uint64_t session, const Packet& packet) {
    const auto at = relays_.find(session);
    if (at == relays_.end()) return;
    Relay& relay = *at->second;
    if (const Status taken = relay.takeAcknowledgement(packet); !taken) {
        DoorLines& lines = relay.place().lines;
        host_.seams().faults.reached("relay-acknowledgement-damaged");
        stopRelay(session, "Invalid MsgPack - packet body", {});
        lines.end(session);
        return;
    }
    acknowledged(relay);
}

void Relays::acknowledged(const Relay& relay) {
    Replica& replica = replicas_[relay.subscription().instance];
    replica.clock = relay.acknowledged();
    if (const auto place = finder_.known(replica.clock)) replica.heldFrom = std::max(replica.heldFrom, *place);
}

void Relays::ended(std::uint64_t session) {
    if (auto gone = joins_.extract(session); !gone.empty()) {
        host_.seams().faults.reached("join-cut");
        later(std::move(gone.mapped().join));
    }
    const auto at = relays_.find(session);
    if (at == relays_.end()) return;
    host_.seams().faults.reached("relay-cut");
    stopRelay(session, unexpectedEnd(at->second->names()), kBrokenPipe);
}

void Relays::relayFailed(std::uint64_t session, const Error& error) {
    const auto at = relays_.find(session);
    if (at == relays_.end()) return;
    const Relay::Place place = at->second->place();
    place.lines.refuse(session, place.sync, gapFailure(error));
    stopRelay(session, error.text(), {});
    place.lines.end(session);
}

void Relays::stopRelay(std::uint64_t session, const std::string& message, const std::string& systemMessage) {
    auto gone = relays_.extract(session);
    if (gone.empty()) return;
    const auto at = replicas_.find(gone.mapped()->subscription().instance);
    if (at != replicas_.end() && at->second.session == session) {
        at->second.session = 0;
        at->second.message = message;
        at->second.systemMessage = systemMessage;
        if (at->second.isAnonymous) replicas_.erase(at);
    }
    later(std::move(gone.mapped()));
}

void Relays::keepTime() {
    if (timer_ != 0 || (relays_.empty() && joins_.empty())) return;
    timer_ = host_.seams().timers.after(kTickMs, [this, alive = alive_] {
        if (!*alive) return;
        timer_ = 0;
        tick();
        keepTime();
    });
}

void Relays::tick() {
    const Micros nowUs = host_.seams().clock.monotonicUs();
    std::vector<std::uint64_t> silent;
    for (const auto& [session, relay] : relays_) {
        if (relay->isSilent(nowUs)) {
            silent.push_back(session);
        } else {
            relay->tick(nowUs);
        }
    }
    for (const std::uint64_t session : silent) {
        DoorLines& lines = relays_.at(session)->place().lines;
        host_.seams().faults.reached("relay-timed-out");
        stopRelay(session, "timed out", "Connection timed out");
        lines.end(session);
    }
    std::map<std::uint64_t, DoorLines*> stalled;
    for (const auto& [session, joining] : joins_) {
        if (joining.join->isStalled(nowUs)) stalled.emplace(session, joining.lines);
    }
    for (const auto& [session, lines] : stalled) {
        host_.seams().faults.reached("join-stalled");
        later(std::move(joins_.extract(session).mapped().join));
        lines->end(session);
    }
}

Lsn Relays::neededFrom() {
    constexpr Lsn kNothing = std::numeric_limits<Lsn>::max();
    if (host_.seams().faults.hit("bug-retention-forgotten")) return kNothing;
    // Until it is known who is registered, nothing goes.
    const auto known = host_.isReady() ? members() : Result<Members>(Error{});
    if (!known) return 0;
    Lsn needed = kNothing;
    for (const auto& [session, joining] : joins_) needed = std::min(needed, joining.join->neededFrom());
    for (const auto& [uuid, member] : known.value()) {
        if (uuid == host_.settings().uuid) continue;
        const auto at = replicas_.find(uuid);
        needed = std::min(needed, at == replicas_.end() ? Lsn{0} : at->second.heldFrom);
    }
    // Who is expelled, and gone, is forgotten.
    std::erase_if(replicas_, [&](const auto& one) {
        return one.second.session == 0 && known.value().find(one.first) == known.value().end();
    });
    return needed;
}

std::optional<DownstreamSeen> Relays::seen(const std::string& uuid) const {
    const auto id = Uuid::parse(uuid);
    const auto at = id ? replicas_.find(id.value()) : replicas_.end();
    if (at == replicas_.end() || !at->second.hasSubscribed) return std::nullopt;
    const Replica& replica = at->second;
    if (const auto relay = relays_.find(replica.session); relay != relays_.end()) {
        return relay->second->seen(host_.seams().clock.monotonicUs());
    }
    DownstreamSeen stopped;
    stopped.clock = replica.clock;
    stopped.message = replica.message;
    stopped.systemMessage = replica.systemMessage;
    return stopped;
}

std::map<std::string, Vclock> Relays::consumers() {
    std::map<std::string, Vclock> out;
    const auto known = members();
    if (!known) return out;
    for (const auto& [uuid, member] : known.value()) {
        if (uuid == host_.settings().uuid) continue;
        const auto at = replicas_.find(uuid);
        out[uuid.text()] = at == replicas_.end() ? Vclock() : at->second.clock;
    }
    return out;
}

std::size_t Relays::anonymous() const {
    return static_cast<std::size_t>(std::count_if(replicas_.begin(), replicas_.end(), [](const auto& one) {
        return one.second.isAnonymous && one.second.session != 0;
    }));
}

}  // namespace tributary::engine::tarantool
