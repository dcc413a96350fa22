// Members and edges out of box.info.
#include "app/instances/replicasetlook.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/text.h"
#include "core/systems/naming.h"

namespace tributary::app {
namespace {

constexpr double kMsPerS = 1'000;
constexpr const char* kFollow = "follow";
constexpr const char* kRunning = "running";

std::optional<std::int64_t> wholeMs(const std::optional<double>& seconds) {
    if (!seconds || !std::isfinite(*seconds) || std::abs(*seconds) > 1e12) return std::nullopt;
    return std::llround(*seconds * kMsPerS);
}

std::string reasonOf(const std::string& status) {
    if (status == "orphan") return "cannot reach its peers: read-only until it has caught up with them";
    if (status == "loading") return "its state is not there yet: it recovers, or waits for a peer";
    return {};
}

MemberLook memberOf(const std::string& name, const Cluster& configured, const Cluster* drawn,
                    const InstanceHeard* heard) {
    MemberLook look;
    look.name = name;
    look.drawn = drawn != nullptr && drawn->member(name) != nullptr;
    const Member* told = configured.member(name);
    if (told == nullptr && drawn != nullptr) told = drawn->member(name);
    if (told != nullptr) look.listen = told->listen;
    look.state = "down";
    if (heard == nullptr) return look;
    look.pid = heard->seen.life == InstanceLife::Running ? heard->seen.pid : 0;
    if (heard->silence) {
        look.state = "?";
        look.reason = heard->silence->what;
        look.fix = heard->silence->fix;
        return look;
    }
    if (heard->seen.life == InstanceLife::Dead) {
        look.state = "killed";
        look.reason = fmt::format("process {} is gone, and nobody had stopped it", heard->seen.pid);
        look.fix = "tributary up";
        return look;
    }
    if (!heard->info) return look;
    const BoxInfo& info = *heard->info;
    look.state = info.status.empty() ? kRunning : info.status;
    look.reason = reasonOf(info.status);
    look.readOnly = info.readOnly;
    look.readOnlyReason = info.readOnlyReason;
    look.id = info.id;
    look.uuid = info.uuid;
    look.clock = info.clock;
    look.uptimeMs = wholeMs(info.uptimeS);
    look.alerts = heard->alerts;
    if (!info.listen.empty()) look.listen = info.listen;
    return look;
}

/// The sources that `reader` is told to follow.
std::vector<std::string> sourcesOf(const Cluster& configured, const std::vector<Peer>& peers,
                                   const std::string& reader) {
    std::vector<std::string> out;
    bool anyDrawn = false;
    for (const Peer& peer : peers) {
        const Endpoint at = endpointOf(peer.at);
        if (at.cluster != configured.name) continue;
        anyDrawn = true;
        if (at.member == reader) out.push_back(endpointOf(peer.from).member);
    }
    if (anyDrawn) return out;
    for (const Member& each : configured.members) {
        if (each.name != reader && !each.listen.empty() && !each.anonymous) out.push_back(each.name);
    }
    return out;
}

class Edges {
public:
    Edges(const Cluster& configured, const std::vector<Peer>& peers, const std::vector<InstanceHeard>& heard,
          const std::vector<MemberLook>& members)
        : configured_(configured), peers_(peers), heard_(heard), members_(members) {}

    std::vector<EdgeLook> run() {
        for (const MemberLook& reader : members_) ofReader(reader);
        return std::move(out_);
    }

private:
    [[nodiscard]] const InstanceHeard* heardOf(const std::string& name) const {
        for (const InstanceHeard& each : heard_) {
            if (each.name == name) return &each;
        }
        return nullptr;
    }
    [[nodiscard]] const BoxInfo* infoOf(const std::string& name) const {
        const InstanceHeard* heard = heardOf(name);
        return heard != nullptr && heard->info ? &*heard->info : nullptr;
    }

    void ofReader(const MemberLook& reader) {
        const std::vector<std::string> told = sourcesOf(configured_, peers_, reader.name);
        const BoxInfo* info = infoOf(reader.name);
        for (const MemberLook& source : members_) {
            if (source.name == reader.name) continue;
            const bool isTold = std::find(told.begin(), told.end(), source.name) != told.end();
            const PeerInfo* entry = info == nullptr ? nullptr : entryOf(*info, source.name);
            if (!isTold && (entry == nullptr || !entry->upstream)) continue;
            out_.push_back(edge(reader, source, info, entry));
        }
    }

    /// By the name it tells, the uuid its own process tells, or the address it is followed at.
    [[nodiscard]] const PeerInfo* entryOf(const BoxInfo& reader, const std::string& source) const {
        const BoxInfo* other = infoOf(source);
        const Member* drawn = configured_.member(source);
        std::string uuid = other != nullptr ? other->uuid : std::string();
        if (uuid.empty() && drawn != nullptr) uuid = drawn->uuid;
        if (const PeerInfo* known = reader.peer(source, uuid)) return known;
        if (drawn == nullptr || drawn->listen.empty()) return nullptr;
        for (const PeerInfo& each : reader.replication) {
            if (!each.upstream) continue;
            const std::string& peer = each.upstream->peer;
            if (peer == drawn->listen || peer.ends_with("@" + drawn->listen)) return &each;
        }
        return nullptr;
    }

    [[nodiscard]] EdgeLook edge(const MemberLook& reader, const MemberLook& source, const BoxInfo* info,
                                const PeerInfo* entry) const {
        EdgeLook look;
        look.from = joinedMember(configured_.name, source.name);
        look.to = joinedMember(configured_.name, reader.name);
        const BoxInfo* other = infoOf(source.name);
        // Ids mean the same at both only when the reader knows the source by its id.
        const bool isShared = info != nullptr && other != nullptr && entry != nullptr && entry->id == other->id;
        if (isShared) look.rowsBehind = rowsBehind(other->clock, info->clock);
        if (other != nullptr) {
            const PeerInfo* back = other->peer(reader.name, reader.uuid);
            if (back != nullptr && back->downstream && back->downstream->status != kFollow) {
                look.sourceNote = back->downstream->status;
                if (!back->downstream->message.empty()) look.sourceNote += ": " + back->downstream->message;
            }
        }
        if (info == nullptr) {
            look.state = "?";
            look.error = fmt::format("{} is {}", reader.name, reader.state == "?" ? "not answering" : reader.state);
            return look;
        }
        if (entry == nullptr || !entry->upstream) {
            look.state = "not connected";
            look.error =
                entry == nullptr
                    ? fmt::format(
                          "{} is told to follow {} and has never reached it: box.info.replication "
                          "does not list it",
                          reader.name, source.name)
                    : fmt::format("{} is told to follow {} and has no applier for it", reader.name, source.name);
            return look;
        }
        const PeerHalf& half = *entry->upstream;
        look.state = half.status;
        if (half.status != kFollow) look.error = half.message;
        look.lagMs = wholeMs(reportedLagS(half));
        look.idleMs = wholeMs(half.idleS);
        return look;
    }

    const Cluster& configured_;
    const std::vector<Peer>& peers_;
    const std::vector<InstanceHeard>& heard_;
    const std::vector<MemberLook>& members_;
    std::vector<EdgeLook> out_;
};

/// The word for all of them, and the reason of the first that is not well.
void judge(ClusterLook& look) {
    const auto& all = look.members;
    const auto count = [&](auto is) { return std::count_if(all.begin(), all.end(), is); };
    const auto size = static_cast<std::ptrdiff_t>(all.size());
    const auto answering = count([](const MemberLook& each) { return each.answered(); });
    const auto killed = count([](const MemberLook& each) { return each.state == "killed"; });
    const bool isUntold = count([](const MemberLook& each) { return each.state == "?"; }) > 0;
    look.answered = answering > 0;
    if (isUntold) {
        look.state = "?";
    } else if (answering == 0) {
        look.state = killed > 0 ? "killed" : "down";
    } else if (answering < size) {
        look.state = "partly up";
    } else {
        look.state = "up";
    }
    std::vector<std::string> reasons;
    for (const MemberLook& each : all) {
        if (each.state == kRunning || (each.state == "down" && look.state == "down")) continue;
        if (look.state == "up") look.state = each.state;
        reasons.push_back(fmt::format("{} is {}{}{}", each.name, each.state == "?" ? "not answering" : each.state,
                                      each.reason.empty() ? "" : ": ", each.reason));
    }
    look.reason = join(reasons, "; ");
}

}  // namespace

ClusterLook lookOf(const Cluster& configured, const std::vector<Peer>& peers, const Cluster* drawn,
                   const std::vector<InstanceHeard>& heard) {
    ClusterLook look;
    std::vector<std::string> names;
    const auto add = [&names](const std::string& name) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    };
    if (drawn != nullptr) {
        for (const Member& each : drawn->members) add(each.name);
    }
    for (const Member& each : configured.members) add(each.name);
    for (const InstanceHeard& each : heard) add(each.name);
    for (const std::string& name : names) {
        const auto at =
            std::find_if(heard.begin(), heard.end(), [&](const InstanceHeard& each) { return each.name == name; });
        look.members.push_back(memberOf(name, configured, drawn, at == heard.end() ? nullptr : &*at));
    }
    look.edges = Edges(configured, peers, heard, look.members).run();
    judge(look);
    return look;
}

}  // namespace tributary::app
