// Members as maps, their keys in the order in which Tarantool's console shows them.
#include "engine/systems/tarantool/instance/replicationanswer.h"

#include "engine/systems/tarantool/instance/mapwriter.h"

namespace tributary::engine::tarantool {
namespace {

Bytes upstreamAnswer(const UpstreamSeen& seen) {
    MapWriter out;
    if (seen.message.empty()) {
        out.text("status", seen.status);
        out.real("idle", seen.idleS);
        out.text("peer", seen.peer);
        out.real("lag", seen.lagS);
        return out.take();
    }
    out.text("peer", seen.peer);
    out.real("lag", seen.lagS);
    out.text("status", seen.status);
    out.real("idle", seen.idleS);
    out.text("message", seen.message);
    if (!seen.systemMessage.empty()) out.text("system_message", seen.systemMessage);
    return out.take();
}

Bytes downstreamAnswer(const DownstreamSeen& seen, Era era) {
    MapWriter out;
    out.text("status", seen.isFollowing ? "follow" : "stopped");
    if (seen.isFollowing) {
        out.real("idle", seen.idleS);
        Bytes clock;
        seen.clock.append(clock);
        out.raw("vclock", clock);
        if (era != Era::V2_6) out.real("lag", seen.lagS);
        return out.take();
    }
    if (!seen.message.empty()) out.text("message", seen.message);
    if (!seen.systemMessage.empty()) out.text("system_message", seen.systemMessage);
    return out.take();
}

}  // namespace

Bytes consumersAnswer(const Vclock& clock, const std::map<std::string, Vclock>& consumers) {
    const auto told = [](MapWriter& out, const Vclock& at) {
        Bytes map;
        at.append(map);
        out.number("signature", static_cast<std::uint64_t>(at.signature()));
        out.raw("vclock", map);
    };
    Bytes list;
    MsgpackWriter writer(list);
    writer.array(consumers.size());
    for (const auto& [uuid, at] : consumers) {
        MapWriter consumer;
        consumer.text("name", "replica " + uuid);
        told(consumer, at);
        writer.raw(consumer.take());
    }
    MapWriter out;
    told(out, clock);
    out.flag("checkpoint_is_in_progress", false);
    out.raw("checkpoints", textArray({}));
    out.raw("consumers", list);
    return out.take();
}

Bytes anonymousAnswer(std::size_t count) {
    MapWriter out;
    out.number("count", count);
    return out.take();
}

Bytes replicationAnswer(const std::vector<MemberSeen>& members, Era era) {
    MapWriter out;
    for (const MemberSeen& member : members) {
        MapWriter shown;
        shown.number("id", member.id);
        shown.text("uuid", member.uuid);
        shown.number("lsn", static_cast<std::uint64_t>(member.lsn));
        if (member.upstream) shown.raw("upstream", upstreamAnswer(*member.upstream));
        if (!member.name.empty() && era != Era::V2_6) shown.text("name", member.name);
        if (member.downstream) shown.raw("downstream", downstreamAnswer(*member.downstream, era));
        out.rawNumbered(member.id, shown.take());
    }
    return out.take();
}

}  // namespace tributary::engine::tarantool
