// What an instance says of itself: box.info, box.cfg, config.
#include "core/base/text.h"
#include "engine/systems/tarantool/instance/erawords.h"
#include "engine/systems/tarantool/instance/instancekind.h"
#include "engine/systems/tarantool/instance/mapwriter.h"
#include "engine/systems/tarantool/instance/picture.h"
#include "engine/systems/tarantool/instance/replicationanswer.h"

namespace tributary::engine::tarantool {
namespace {

constexpr const char* kVersion = "3.0.0-0-tributary";
constexpr const char* kVersion26 = "2.6.0-0-tributary";

Bytes alert(const char* type, const std::string& message, Millis sinceMs) {
    MapWriter out;
    out.text("type", type);
    out.text("message", message);
    out.text("timestamp", isoTime(sinceMs));
    return out.take();
}

}  // namespace

std::optional<UpstreamSeen> InstanceControl::upstreamOf(const std::string& uuid) const {
    const auto wanted = Uuid::parse(uuid);
    if (!wanted) return std::nullopt;
    const auto all = appliers_->seen();
    const auto at = all.find(wanted.value());
    return at == all.end() ? std::nullopt : std::optional(at->second);
}

std::optional<DownstreamSeen> InstanceControl::downstreamOf(const std::string& uuid) const {
    return relays_.seen(uuid);
}

void InstanceControl::info(const Asked& asked) {
    const Era era = settings_->era;
    MapWriter info;
    Vclock clock;
    std::uint32_t own = 0;
    std::vector<MemberSeen> members;
    if (auto seen = picture()) {
        if (const auto known = clockOf(seen.value()->view.state())) clock = known.value();
        if (const auto id = seen.value()->work.ownId()) own = id.value();
        // A state that cannot be read shows no members; its alarm says why.
        (void)seen.value()->work.select(kClusterSpace, 0, "\x90", Iterator::All, [&](const TuplePtr& row) {
            const std::uint32_t id = idField(*row, 0);
            MemberSeen member{id, textField(*row, 1), textField(*row, 2), clock.at(id), {}, {}};
            if (id != own) {
                member.upstream = upstreamOf(member.uuid);
                member.downstream = downstreamOf(member.uuid);
                if (member.upstream) member.upstream->message = inWordsOf(era, member.upstream->message);
                if (member.downstream) member.downstream->message = inWordsOf(era, member.downstream->message);
            }
            members.push_back(std::move(member));
            return true;
        });
    }
    info.text("version", era == Era::V2_6 ? kVersion26 : kVersion);
    info.number("id", own);
    info.flag("ro", isReadOnly() || !isReady_);
    if (isReadOnly() && era != Era::V2_6) info.text("ro_reason", settings_->options.isReadOnly ? "config" : "orphan");
    info.text("uuid", settings_->uuid.text());
    info.number("pid", static_cast<std::uint64_t>(node_.config().pid));
    MapWriter replicaset;
    replicaset.text("uuid", replicasetOfData().text());
    if (era != Era::V2_6) replicaset.text("name", settings_->replicaset);
    info.raw(era == Era::V2_6 ? "cluster" : "replicaset", replicaset.take());
    info.text("package", "Tributary");
    if (!settings_->options.listen.empty()) info.text("listen", settings_->options.listen);
    info.raw("replication", replicationAnswer(members, era));
    info.raw("replication_anon", anonymousAnswer(relays_.anonymous()));
    info.raw("gc", consumersAnswer(clock, relays_.consumers()));
    info.number("signature", static_cast<std::uint64_t>(clock.signature()));
    info.text("status", !isReady_ ? "loading" : isTrying_ ? "orphan" : "running");
    info.real("uptime", static_cast<double>(node_.seams().clock.monotonicUs() - node_.startedUs()) / kUsPerS);
    info.number("lsn", static_cast<std::uint64_t>(own == 0 ? 0 : clock.at(own)));
    Bytes numbers;
    clock.append(numbers);
    info.raw("vclock", numbers);
    if (era != Era::V2_6) info.text("name", settings_->name);
    asked.answered(oneResult(info.take()));
}

void InstanceControl::cfg(const Asked& asked) {
    MapWriter cfg;
    const InstanceOptions& options = settings_->options;
    cfg.flag("read_only", options.isReadOnly);
    if (!options.listen.empty()) cfg.text("listen", options.listen);
    cfg.raw("replication", textArray(options.peers));
    cfg.text("instance_uuid", settings_->uuid.text());
    cfg.text("replicaset_uuid", settings_->replicasetUuid.text());
    cfg.text("instance_name", settings_->name);
    cfg.text("replicaset_name", settings_->replicaset);
    cfg.number("memtx_memory", settings_->memoryBytes);
    cfg.text("wal_mode", node_.config().durability == Durability::Fsync ? "fsync" : "write");
    asked.answered(oneResult(cfg.take()));
}

void InstanceControl::config(const Asked& asked) {
    MapWriter config;
    config.text("status", isReady_ && !isTrying_ ? configStatus_ : "startup_in_progress");
    const auto found = reused_.findings();
    Bytes alerts;
    MsgpackWriter writer(alerts);
    writer.array(found.size() + (configTrouble_.empty() ? 0 : 1));
    if (!configTrouble_.empty()) writer.raw(alert("error", configTrouble_, configTroubleMs_));
    for (const ReusedNumbers::Finding& each : found) writer.raw(alert("warn", each.text, each.sinceMs));
    config.raw("alerts", alerts);
    asked.answered(oneResult(config.take()));
}

/// All or nothing: what cannot be read changes nothing.
void InstanceControl::reload(const Asked& asked) {
    auto fresh = settings_->reread
                     ? settings_->reread()
                     : Result<InstanceOptions>(
                           Error{ErrorCode::Unsupported, "config:reload(): no instance config available yet", {}, {}});
    const auto peers = fresh ? peersOf(fresh.value()) : Result<std::vector<PeerAddress>>(fresh.error());
    if (!peers) {
        configStatus_ = "check_errors";
        configTrouble_ = peers.error().text();
        configTroubleMs_ = node_.seams().clock.wallMs();
        asked.answered(BoxFailure{32, configTrouble_, {}});
        return;
    }
    settings_->options = std::move(fresh).value();
    if (Status opened = openDoor(); !opened) {
        configStatus_ = "check_errors";
        configTrouble_ = opened.error().text();
        configTroubleMs_ = node_.seams().clock.wallMs();
        asked.answered(BoxFailure{32, configTrouble_, {}});
        return;
    }
    configurePeers(peers.value());
    configStatus_ = "ready";
    configTrouble_.clear();
    addUsers([answered = asked.answered](const Status& status) {
        answered(status ? noResults() : BoxAnswer(BoxFailure{32, status.error().text(), {}}));
    });
}

}  // namespace tributary::engine::tarantool
