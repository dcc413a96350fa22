// The drawing that config.yaml makes, seen from one instance.
#include "app/instances/instancesetup.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "core/base/text.h"
#include "core/systems/tarantool/config.h"
#include "core/systems/tarantool/vocabulary.h"
#include "core/workspace/strictyaml.h"
#include "engine/machine/realfileops.h"
#include "engine/systems/tarantool/instance/erawords.h"
#include "engine/systems/tarantool/iproto/greeting.h"
#include "engine/systems/tarantool/replication/peeraddress.h"

namespace tributary::app {
namespace {

namespace tt = engine::tarantool;

Result<tarantool::InstanceWords> wordsOf(const InstancePlace& place, const std::string& config) {
    tarantool::ContextSources sources;
    sources.environment = [](const std::string& variable) -> std::optional<std::string> {
        const char* value = std::getenv(variable.c_str());
        return value == nullptr ? std::nullopt : std::optional<std::string>(value);
    };
    // As the file says it, seen from the application's folder.
    sources.file = [&place](const std::string& path) {
        return readTextFile(path.starts_with('/') ? path : place.folder + "/" + path);
    };
    return tarantool::instanceWords(config, place.configFile(), place.name, sources);
}

Millis msOf(double seconds) {
    return std::max<Millis>(1, static_cast<Millis>(seconds * 1'000));
}

tt::ReplicationOptions replicationOf(const tarantool::InstanceWords& words) {
    tt::ReplicationOptions options;
    if (words.timeoutS) options.timeoutMs = msOf(*words.timeoutS);
    if (words.connectTimeoutS) options.connectTimeoutMs = msOf(*words.connectTimeoutS);
    options.syncLagS = words.syncLagS.value_or(options.syncLagS);
    options.skipsConflicts = words.skipConflict.value_or(options.skipsConflicts);
    return options;
}

tt::InstanceOptions optionsOf(const Cluster& cluster, const Member& member, const tarantool::InstanceWords& words) {
    tt::InstanceOptions options;
    options.isReadOnly = !tarantool::mayWrite(cluster, member);
    options.listen = member.listen;
    const std::string user = tarantool::advertisedUser(cluster);
    const std::string login = user.empty() ? user : user + "@";
    for (const std::string& uri : words.peers) {
        auto peer = tt::splitPassword(uri);
        if (peer.hasPassword) options.peerPasswords[peer.shown] = std::move(peer.password);
        options.peers.push_back(std::move(peer.shown));
    }
    for (const Member& each : cluster.members) {
        if (!words.hasPeers && !each.listen.empty()) options.peers.push_back(login + each.listen);
    }
    if (const auto password = words.passwords.find(user); password != words.passwords.end()) {
        options.peerPassword = password->second;
    }
    options.replication = replicationOf(words);
    if (cluster.bootstrapStrategy == "legacy") options.replication.connectQuorum = UINT32_MAX;
    for (const Account& account : cluster.accounts) {
        const auto password = words.passwords.find(account.name);
        const Bytes proof = password == words.passwords.end() ? Bytes() : tt::passwordProof(password->second);
        options.users.push_back({account.name, proof, account.roles});
    }
    return options;
}

Result<tt::Era> eraAt(const InstancePlace& place) {
    const auto text = readTextFile(place.eraFile());
    if (!text && text.error().code == ErrorCode::NotFound) return tt::Era::V3_0;
    if (!text) return text.error();
    const auto era = tt::eraOf(trim(text.value()));
    if (!era) return Error{ErrorCode::Corrupt, "no era is called so", place.eraFile(), "3.0 or 2.6"};
    return *era;
}

bool hasData(const InstancePlace& place) {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(place.volume(), ignored)) {
        const auto kind = entry.path().extension();
        if (kind == ".snap" || kind == ".xlog") return true;
    }
    return false;
}

}  // namespace

Status setEra(const InstancePlace& place, tt::Era era) {
    const auto known = eraAt(place);
    if (!known) return known.error();
    if (known.value() == era) return okStatus();
    if (hasData(place)) {
        return Error{ErrorCode::Conflict,
                     fmt::format("the data of {} began as {}, and stays so", place.title(), tt::nameOf(known.value())),
                     place.libFolder(), "tributary tt clean " + place.title()};
    }
    engine::RealFileOps files;
    if (Status made = files.makeDirs(place.libFolder()); !made) return made;
    return files.replace(place.eraFile(), std::string(tt::nameOf(era)) + "\n");
}

Result<InstanceSetup> readInstance(const InstancePlace& place) {
    const auto config = readTextFile(place.configFile());
    if (!config && config.error().code == ErrorCode::NotFound) {
        return Error{ErrorCode::Unsupported, fmt::format("application {} has no config.yaml", place.app), place.folder,
                     "this version runs instances that are configured so, no scripts"};
    }
    if (!config) return config.error();
    const auto instances = readTextFile(place.folder + "/instances.yml");
    if (!instances) return instances.error();
    const auto drawn = tarantool::drawConfig(place.app, config.value(), place.configFile(), instances.value());
    if (!drawn) return drawn.error();
    for (const Cluster& cluster : drawn.value().topology.clusters) {
        const Member* member = cluster.member(place.name);
        if (member == nullptr) continue;
        if (!cluster.failover.empty() && cluster.failover != "off") {
            return Error{ErrorCode::Unsupported,
                         fmt::format("replication.failover = \"{}\" is not carried by this version", cluster.failover),
                         place.configFile(), "failover: off"};
        }
        const std::string& strategy = cluster.bootstrapStrategy;
        if (!strategy.empty() && strategy != "auto" && strategy != "legacy") {
            return Error{
                ErrorCode::Unsupported,
                fmt::format("replication.bootstrap_strategy = \"{}\" is not carried by this version", strategy),
                place.configFile(), "bootstrap_strategy: auto, or legacy"};
        }
        if (member->anonymous) {
            return Error{ErrorCode::Unsupported, "replication.anon = true is not carried by this version",
                         place.configFile(),
                         "leave it out of the instance: it is registered then, and may be read-only"};
        }
        const auto words = wordsOf(place, config.value());
        if (!words) return words.error();
        if (words.value().passwords.contains("guest")) {
            return Error{ErrorCode::InvalidInput, "the user guest has no password: whoever proves none is guest",
                         place.configFile(), "take the password of credentials.users.guest away"};
        }
        InstanceSetup setup;
        const auto era = eraAt(place);
        if (!era) return era.error();
        setup.settings.era = era.value();
        setup.settings.name = member->name;
        setup.settings.replicaset = cluster.name;
        setup.settings.group = cluster.group.empty() ? std::string(tarantool::kDefaultGroup) : cluster.group;
        setup.settings.isAnybodyWritable =
            std::any_of(cluster.members.begin(), cluster.members.end(),
                        [&](const Member& each) { return tarantool::mayWrite(cluster, each); });
        setup.settings.uuid = tt::uuidFromName(member->name);
        if (!member->uuid.empty()) {
            const auto pinned = Uuid::parse(member->uuid);
            if (!pinned) return pinned.error();
            setup.settings.uuid = pinned.value();
        }
        setup.settings.replicasetUuid = tt::uuidFromName(cluster.name);
        if (const auto pinned = Uuid::parse(words.value().replicasetUuid)) {
            setup.settings.replicasetUuid = pinned.value();
        }
        setup.settings.options = optionsOf(cluster, *member, words.value());
        if (words.value().memtxMemory) setup.settings.memoryBytes = *words.value().memtxMemory;
        setup.settings.reread = [place]() -> Result<tt::InstanceOptions> {
            auto again = readInstance(place);
            if (!again) return again.error();
            return std::move(again.value().settings.options);
        };
        return setup;
    }
    return Error{ErrorCode::NotFound, fmt::format("config.yaml names no instance {}", place.name), place.configFile(),
                 "add it under instances of a replica set"};
}

}  // namespace tributary::app
