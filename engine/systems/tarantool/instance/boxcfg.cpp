// box.cfg{...}: what a console changes while the instance runs, until config:reload() reads the configuration again.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/systems/tarantool/data/rowtriggers.h"
#include "engine/systems/tarantool/instance/instancecontrol.h"
#include "engine/systems/tarantool/instance/instancekind.h"
#include "engine/systems/tarantool/instance/mapwriter.h"

namespace tributary::engine::tarantool {
namespace {

constexpr double kSecondsMax = 1e9;

BoxFailure incorrect(std::string_view option, std::string_view why) {
    return {59, fmt::format("Incorrect value for option '{}': {}", option, why), {}};
}
BoxFailure fixed(std::string_view option) {
    return {58, fmt::format("Can't set option '{}' dynamically", option), {}};
}

using CfgRefusal = std::optional<BoxFailure>;

std::optional<double> numberOf(BytesView value) {
    MsgpackReader reader(value);
    switch (reader.type()) {
        case MsgpackType::Unsigned:
        case MsgpackType::Negative: return static_cast<double>(reader.integer());
        case MsgpackType::Float:
        case MsgpackType::Double: return reader.real();
        default: return std::nullopt;
    }
}

CfgRefusal takeFlag(std::string_view option, BytesView value, bool& into) {
    MsgpackReader reader(value);
    if (reader.type() != MsgpackType::Boolean) return incorrect(option, "should be of type boolean");
    into = reader.boolean();
    return std::nullopt;
}

CfgRefusal takeSeconds(std::string_view option, BytesView value, Millis& into) {
    const auto seconds = numberOf(value);
    if (!seconds) return incorrect(option, "should be of type number");
    if (!(*seconds > 0 && *seconds <= kSecondsMax)) return incorrect(option, "the value must be greater than 0");
    into = std::max<Millis>(1, static_cast<Millis>(*seconds * 1'000));
    return std::nullopt;
}

CfgRefusal takeReadOnly(std::string_view option, BytesView value, InstanceOptions& options) {
    return takeFlag(option, value, options.isReadOnly);
}
CfgRefusal takeSkip(std::string_view option, BytesView value, InstanceOptions& options) {
    return takeFlag(option, value, options.replication.skipsConflicts);
}
CfgRefusal takeTimeout(std::string_view option, BytesView value, InstanceOptions& options) {
    return takeSeconds(option, value, options.replication.timeoutMs);
}
CfgRefusal takeConnectTimeout(std::string_view option, BytesView value, InstanceOptions& options) {
    return takeSeconds(option, value, options.replication.connectTimeoutMs);
}
CfgRefusal takeSyncLag(std::string_view option, BytesView value, InstanceOptions& options) {
    Millis ms = 0;
    if (auto refused = takeSeconds(option, value, ms)) return refused;
    options.replication.syncLagS = static_cast<double>(ms) / kMsPerS;
    return std::nullopt;
}
/// Nobody waits for it here: writing begins when enough peers are in step, however long that takes.
CfgRefusal takeSyncTimeout(std::string_view option, BytesView value, InstanceOptions&) {
    const auto seconds = numberOf(value);
    if (!seconds) return incorrect(option, "should be of type number");
    return *seconds >= 0 ? CfgRefusal() : CfgRefusal(incorrect(option, "the value must be greater or equal to 0"));
}
CfgRefusal takeQuorum(std::string_view option, BytesView value, InstanceOptions& options) {
    const auto number = numberOf(value);
    if (!number) return incorrect(option, "should be of type number");
    if (*number < 0) return incorrect(option, "the value must be greater or equal to 0");
    options.replication.connectQuorum = static_cast<std::uint32_t>(std::min(*number, 31.0));
    return std::nullopt;
}
CfgRefusal takeListen(std::string_view option, BytesView value, InstanceOptions& options) {
    MsgpackReader reader(value);
    if (reader.type() == MsgpackType::Nil) {
        options.listen.clear();
        return std::nullopt;
    }
    if (reader.type() != MsgpackType::String) return incorrect(option, "should be of type string, number");
    options.listen = std::string(reader.string());
    return std::nullopt;
}

/// "user:password@host:port": the password is kept apart, so that no output has it.
CfgRefusal takePeer(std::string_view option, std::string uri, InstanceOptions& options) {
    auto split = splitPassword(std::move(uri));
    if (!parsePeer(split.shown, split.password)) {
        return incorrect(option, "expected host:service or /unix.socket");
    }
    if (split.hasPassword) options.peerPasswords[split.shown] = std::move(split.password);
    options.peers.push_back(std::move(split.shown));
    return std::nullopt;
}

CfgRefusal takePeers(std::string_view option, BytesView value, InstanceOptions& options) {
    MsgpackReader reader(value);
    options.peers.clear();
    options.peerPasswords.clear();
    if (reader.type() == MsgpackType::Nil) return std::nullopt;
    if (reader.type() == MsgpackType::String) return takePeer(option, std::string(reader.string()), options);
    // What Lua calls an empty table may be a map.
    if (reader.type() == MsgpackType::Map && reader.map() == 0) return std::nullopt;
    if (reader.type() != MsgpackType::Array) return incorrect(option, "should be of type string, number, table");
    for (std::uint32_t left = reader.array(); left > 0 && reader.ok(); --left) {
        if (auto refused = takePeer(option, std::string(reader.string()), options)) return refused;
    }
    return reader.ok() ? CfgRefusal() : CfgRefusal(incorrect(option, "expected host:service or /unix.socket"));
}

struct Option {
    std::string_view name;
    CfgRefusal (*take)(std::string_view, BytesView, InstanceOptions&);
};
constexpr std::array<Option, 9> kOptions{{{"read_only", takeReadOnly},
                                          {"listen", takeListen},
                                          {"replication", takePeers},
                                          {"replication_timeout", takeTimeout},
                                          {"replication_connect_timeout", takeConnectTimeout},
                                          {"replication_sync_lag", takeSyncLag},
                                          {"replication_sync_timeout", takeSyncTimeout},
                                          {"replication_connect_quorum", takeQuorum},
                                          {"replication_skip_conflict", takeSkip}}};
/// Those that Tarantool takes at a start only.
constexpr std::array<std::string_view, 10> kFixed{"instance_uuid", "replicaset_uuid", "work_dir", "wal_dir",
                                                  "memtx_dir",     "vinyl_dir",       "wal_mode", "log",
                                                  "pid_file",      "replication_anon"};
/// Those that it would take, and that mean nothing here.
constexpr std::array<std::string_view, 8> kNotCarried{"memtx_memory", "checkpoint_count",  "checkpoint_interval",
                                                      "wal_max_size", "log_level",         "feedback_enabled",
                                                      "net_msg_max",  "too_long_threshold"};

template <std::size_t Count>
bool contains(const std::array<std::string_view, Count>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

/// All or nothing: what is refused changes nothing.
void InstanceControl::setCfg(const Asked& asked) {
    MsgpackReader reader(argumentAt(asked.arguments, 0));
    InstanceOptions fresh = settings_->options;
    const auto refuse = [&asked](const BoxFailure& failure) { asked.answered(failure); };
    const bool isEmptyList = reader.type() == MsgpackType::Array && MsgpackReader(reader).array() == 0;
    const std::uint32_t count = isEmptyList ? 0 : reader.map();
    for (std::uint32_t left = count; left > 0 && reader.ok(); --left) {
        const std::string name(reader.string());
        const BytesView value = reader.value();
        if (!reader.ok()) break;
        const auto* const known =
            std::find_if(kOptions.begin(), kOptions.end(), [&](const Option& option) { return option.name == name; });
        if (known != kOptions.end()) {
            if (const auto refused = known->take(name, value, fresh)) return refuse(*refused);
            continue;
        }
        if (name == "instance_uuid" || name == "replicaset_uuid") {
            MsgpackReader text(value);
            const Uuid own = name == "instance_uuid" ? settings_->uuid : replicasetOfData();
            if (text.type() == MsgpackType::String && text.string() == own.text()) continue;
        }
        if (contains(kFixed, name)) return refuse(fixed(name));
        if (contains(kNotCarried, name)) {
            return refuse(failures::unsupported("This version", fmt::format("another '{}' while it runs", name)));
        }
        return refuse(incorrect(name, "unexpected option"));
    }
    if (!reader.ok()) return refuse(failures::illegalParameters("box.cfg takes a table of options"));
    applyOptions(std::move(fresh), asked.answered);
}

/// Door, peers and mode as the options say; what cannot be done changes nothing.
void InstanceControl::applyOptions(InstanceOptions fresh, const Answered& answered) {
    const auto peers = peersOf(fresh);
    if (!peers) {
        answered(BoxFailure{59, peers.error().text(), {}});
        return;
    }
    InstanceOptions before = std::move(settings_->options);
    settings_->options = std::move(fresh);
    if (Status opened = openDoor(); !opened) {
        settings_->options = std::move(before);
        answered(BoxFailure{32, opened.error().text(), {}});
        return;
    }
    configurePeers(peers.value());
    answered(noResults());
}

/// [space id, before or after, text or nil, text of the one that goes or nil]
void InstanceControl::setTrigger(const Asked& asked) {
    const DatasetRecord* known = record();
    if (settings_->triggers == nullptr || known == nullptr) {
        asked.answered(failures::unsupported("This instance", "triggers"));
        return;
    }
    static_cast<const InstanceSchema&>(*known->schema).install(settings_->triggers);
    const auto when =
        textArgument(asked.arguments, 1) == "after" ? RowTriggers::When::After : RowTriggers::When::Before;
    auto failure = settings_->triggers->set(idArgument(asked.arguments, 0), when, textArgument(asked.arguments, 2),
                                            textArgument(asked.arguments, 3));
    asked.answered(failure ? BoxAnswer(std::move(*failure)) : noResults());
}

void InstanceControl::triggers(const Asked& asked) {
    const auto when =
        textArgument(asked.arguments, 1) == "after" ? RowTriggers::When::After : RowTriggers::When::Before;
    std::vector<std::string> texts;
    if (settings_->triggers != nullptr) texts = settings_->triggers->texts(idArgument(asked.arguments, 0), when);
    asked.answered(oneResult(textArray(texts)));
}

/// The state's file holds what was published when it was asked for; the log is durable in any case.
void InstanceControl::snapshot(const Asked& asked) {
    node_.flushNow();
    awaitSnapshot(asked.answered, kSnapshotLooks, kSnapshotTries);
}

void InstanceControl::awaitSnapshot(Answered answered, int looksLeft, int triesLeft) {
    if (node_.settled()) {
        Bytes out;
        MsgpackWriter(out).string("ok");
        answered(oneResult(BytesView(out)));
        return;
    }
    // What failed last may have failed before this one was asked for: it is tried again before it counts.
    const DatasetRuntime* rows = record() == nullptr ? nullptr : node_.dataset(record()->id);
    if (rows != nullptr && rows->flushError && !rows->flushing) {
        if (triesLeft == 0) {
            answered(troubleOf(*rows->flushError));
            return;
        }
        --triesLeft;
        node_.flushNow();
    }
    if (looksLeft == 0) {
        answered(BoxFailure{40, "the snapshot goes on: rows come faster than they are written", {}});
        return;
    }
    const auto alive = node_.alive();
    node_.seams().timers.after(kSnapshotLookMs,
                               [this, alive, looksLeft, triesLeft, answered = std::move(answered)]() mutable {
                                   if (*alive) awaitSnapshot(std::move(answered), looksLeft - 1, triesLeft);
                               });
}

}  // namespace tributary::engine::tarantool
