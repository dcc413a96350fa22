// What an instance says of itself: box.info, box.cfg, config.
#include "engine/systems/tarantool/instance/instancekind.h"
#include "engine/systems/tarantool/instance/picture.h"

namespace tributary::engine::tarantool {
namespace {

constexpr const char* kVersion = "3.0.0-0-tributary";
constexpr double kUsPerS = 1e6;

/// A map whose count is known when it is done.
class MapWriter {
public:
    void text(std::string_view key, std::string_view value) { keyed(key).string(value); }
    void number(std::string_view key, std::uint64_t value) { keyed(key).unsignedInteger(value); }
    void real(std::string_view key, double value) { keyed(key).real(value); }
    void flag(std::string_view key, bool value) { keyed(key).boolean(value); }
    void raw(std::string_view key, BytesView value) { keyed(key).raw(value); }
    void rawNumbered(std::uint64_t key, BytesView value) {
        ++count_;
        MsgpackWriter writer(fields_);
        writer.unsignedInteger(key);
        writer.raw(value);
    }
    [[nodiscard]] Bytes take() const {
        Bytes out;
        MsgpackWriter(out).map(count_);
        return out + fields_;
    }

private:
    MsgpackWriter keyed(std::string_view key) {
        ++count_;
        MsgpackWriter writer(fields_);
        writer.string(key);
        return writer;
    }
    std::size_t count_ = 0;
    Bytes fields_;
};

Bytes textArray(const std::vector<std::string>& texts) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(texts.size());
    for (const std::string& text : texts) writer.string(text);
    return out;
}

Bytes upstreamMap(const UpstreamSeen& seen) {
    MapWriter map;
    map.text("status", seen.status);
    map.real("idle", seen.idleS);
    map.text("peer", seen.peer);
    map.real("lag", seen.lagS);
    if (!seen.message.empty()) map.text("message", seen.message);
    if (!seen.systemMessage.empty()) map.text("system_message", seen.systemMessage);
    return map.take();
}

}  // namespace

void InstanceControl::info(Asked asked) {
    MapWriter info;
    Vclock clock;
    std::uint32_t own = 0;
    MapWriter replication;
    const auto upstreams = appliers_->seen();
    if (auto seen = picture()) {
        if (const auto known = clockOf(seen.value()->view.state())) clock = known.value();
        if (const auto id = seen.value()->work.ownId()) own = id.value();
        // A state that cannot be read shows no members; its alarm says why.
        (void)seen.value()->work.select(kClusterSpace, 0, "\x90", Iterator::All, [&](const TuplePtr& row) {
            MapWriter member;
            const std::uint32_t id = idField(*row, 0);
            member.number("id", id);
            member.text("uuid", textField(*row, 1));
            member.number("lsn", static_cast<std::uint64_t>(clock.at(id)));
            if (const std::string name = textField(*row, 2); !name.empty()) member.text("name", name);
            const auto uuid = Uuid::parse(textField(*row, 1));
            const auto upstream = uuid ? upstreams.find(uuid.value()) : upstreams.end();
            if (upstream != upstreams.end()) member.raw("upstream", upstreamMap(upstream->second));
            replication.rawNumbered(id, member.take());
            return true;
        });
    }
    info.text("version", kVersion);
    info.number("id", own);
    info.flag("ro", isReadOnly() || !isReady_);
    if (isReadOnly()) info.text("ro_reason", settings_->options.isReadOnly ? "config" : "orphan");
    info.text("uuid", settings_->uuid.text());
    info.number("pid", static_cast<std::uint64_t>(node_.config().pid));
    MapWriter replicaset;
    replicaset.text("uuid", replicasetOfData().text());
    replicaset.text("name", settings_->replicaset);
    info.raw("replicaset", replicaset.take());
    info.text("package", "Tributary");
    if (!settings_->options.listen.empty()) info.text("listen", settings_->options.listen);
    info.raw("replication", replication.take());
    info.number("signature", static_cast<std::uint64_t>(clock.signature()));
    info.text("status", !isReady_ ? "loading" : isTrying_ ? "orphan" : "running");
    info.real("uptime", static_cast<double>(node_.seams().clock.monotonicUs() - node_.startedUs()) / kUsPerS);
    info.number("lsn", static_cast<std::uint64_t>(own == 0 ? 0 : clock.at(own)));
    Bytes numbers;
    clock.append(numbers);
    info.raw("vclock", numbers);
    info.text("name", settings_->name);
    asked.answered(oneResult(info.take()));
}

void InstanceControl::cfg(Asked asked) {
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

void InstanceControl::config(Asked asked) {
    MapWriter config;
    config.text("status", isReady_ && !isTrying_ ? configStatus_ : "startup_in_progress");
    std::vector<std::string> alerts;
    if (!configTrouble_.empty()) alerts.push_back(configTrouble_);
    config.raw("alerts", textArray(alerts));
    asked.answered(oneResult(config.take()));
}

/// All or nothing: what cannot be read changes nothing.
void InstanceControl::reload(Asked asked) {
    auto fresh = settings_->reread
                     ? settings_->reread()
                     : Result<InstanceOptions>(
                           Error{ErrorCode::Unsupported, "config:reload(): no instance config available yet", {}, {}});
    const auto peers = fresh ? peersOf(fresh.value()) : Result<std::vector<PeerAddress>>(fresh.error());
    if (!peers) {
        configStatus_ = "check_errors";
        configTrouble_ = peers.error().text();
        asked.answered(BoxFailure{32, configTrouble_, {}});
        return;
    }
    settings_->options = std::move(fresh).value();
    if (Status opened = openDoor(); !opened) {
        configStatus_ = "check_errors";
        configTrouble_ = opened.error().text();
        asked.answered(BoxFailure{32, configTrouble_, {}});
        return;
    }
    configurePeers(peers.value());
    configStatus_ = "ready";
    configTrouble_.clear();
    addUsers([answered = std::move(asked.answered)](const Status& status) {
        answered(status ? noResults() : BoxAnswer(BoxFailure{32, status.error().text(), {}}));
    });
}

}  // namespace tributary::engine::tarantool
