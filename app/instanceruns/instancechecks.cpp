// Checks on instances, one function each.
#include "app/instanceruns/instancechecks.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "app/instanceruns/instancerows.h"
#include "app/systems/dialects.h"
#include "core/base/text.h"
#include "core/systems/tarantool/configedit.h"
#include "core/workspace/strictyaml.h"

namespace tributary::app {
namespace {

namespace fs = std::filesystem;
using runbooks::CheckOutcome;
using runbooks::CheckVerdict;
using Answer = Result<CheckOutcome>;  // an Error becomes Unknown

constexpr std::size_t kKeysShown = 5;

CheckOutcome say(bool holds, std::string evidence) {
    return {holds ? CheckVerdict::True : CheckVerdict::False, std::move(evidence)};
}

/// What an instance holds of a member's rows.
std::int64_t rowOf(const BoxInfo& info, std::uint32_t id) {
    const auto at = info.clock.find(id);
    return at == info.clock.end() ? 0 : at->second;
}

/// Whoever has no data yet has no clock either: that is no position at the front.
bool tellsPosition(const BoxInfo& info) {
    return info.status != "loading" && !info.clock.empty();
}

/// "status: message" of an upstream or downstream.
std::string stateText(const PeerHalf& half) {
    return half.status + (half.message.empty() ? std::string() : ": " + half.message);
}

class Checks {
public:
    Checks(InstanceWorld& world, const std::vector<std::string>& arguments) : world_(world), arguments_(arguments) {}

    Answer runs(bool wanted) {
        return ofEach([&](const InstancePlace& place) -> Answer {
            const auto seen = world_.seen(place);
            if (!seen) return seen.error();
            const bool isRunning = seen->life == InstanceLife::Running;
            return say(isRunning == wanted, isRunning ? fmt::format("it runs as process {}", seen->pid)
                                            : seen->life == InstanceLife::Dead ? "its process is dead"
                                                                               : "it has no process");
        });
    }
    Answer ready() {
        return ofEach([&](const InstancePlace& place) -> Answer {
            const auto seen = world_.seen(place);
            if (!seen) return seen.error();
            if (seen->life != InstanceLife::Running) return say(false, "it has no process");
            const auto info = world_.info(place);
            if (!info) return info.error();
            return say(info->status == "running", "box.info.status is " + info->status);
        });
    }
    Answer writes(bool wanted) {
        return withInfo([&](const BoxInfo& info) -> Answer {
            if (!info.readOnly) return unclear("box.info.ro");
            const std::string& why = info.readOnlyReason;
            return say(*info.readOnly != wanted,
                       fmt::format("box.info.ro is {}{}", *info.readOnly, why.empty() ? "" : " (" + why + ")"));
        });
    }
    /// Whether the upstream of the first from the second is in a state; "" asks for none at all.
    Answer upstream(const std::string& wanted) {
        return withMember([&](const PeerInfo* member) {
            if (member == nullptr || !member->upstream) {
                return say(wanted.empty(), member == nullptr ? "it is not known as a member" : "there is no upstream");
            }
            return say(member->upstream->status == wanted && !wanted.empty(),
                       "upstream " + stateText(*member->upstream));
        });
    }
    Answer sends() {
        return withMember([&](const PeerInfo* member) {
            if (member == nullptr || !member->downstream) return say(false, "there is no downstream");
            return say(member->downstream->status == "follow", "downstream " + stateText(*member->downstream));
        });
    }
    Answer caughtUp() {
        const auto from = infoAt(0);
        if (!from) return from.error();
        const auto to = infoAt(1);
        if (!to) return to.error();
        if (!tellsPosition(*from) || !tellsPosition(*to)) return unclear("box.info.vclock");
        const std::int64_t behind = rowsBehind(from->clock, to->clock);
        return say(behind == 0, fmt::format("{} rows behind, clocks {} and {}", behind, clockText(from->clock),
                                            clockText(to->clock)));
    }
    Answer sameData() {
        const auto one = placeAt(0);
        if (!one) return one.error();
        const auto other = placeAt(1);
        if (!other) return other.error();
        const auto found = compareRows(world_, *one, *other, kKeysShown);
        if (!found) return found.error();
        const std::vector<std::string> differences = differencesOf(found->spaces);
        std::uint64_t rows = 0;
        for (const SpaceComparison& each : found->spaces) rows += each.a.rows;
        if (differences.empty())
            return say(true, fmt::format("{} spaces, {} rows, equal hashes", found->spaces.size(), rows));
        std::string evidence = join(differences, "; ");
        if (found->here.count > 0) evidence += fmt::format("; only at {}: {}", one->name, keysText(found->here));
        if (found->there.count > 0) evidence += fmt::format("; only at {}: {}", other->name, keysText(found->there));
        return say(false, evidence);
    }
    Answer rowsOnlyHere() {
        const auto one = placeAt(0);
        if (!one) return one.error();
        const auto other = placeAt(1);
        if (!other) return other.error();
        const std::string& most = arguments_[2];
        const bool isNumber =
            !most.empty() && most.size() < 19 && most.find_first_not_of("0123456789") == std::string::npos;
        if (!isNumber) return Error{ErrorCode::InvalidInput, fmt::format("'{}' is no number of rows", most), {}, {}};
        const auto compared = compareRows(world_, *one, *other, kKeysShown);
        if (!compared) return compared.error();
        const RowsOnlyHere& found = compared->here;
        return say(found.count <= std::stoull(most),
                   found.count == 0
                       ? "no row exists only there"
                       : fmt::format("{} rows exist only at {}: {}", found.count, one->name, keysText(found)));
    }
    Answer registered(bool wanted) {
        const auto info = infoAt(1);
        if (!info) return info.error();
        const auto uuid = uuidOf(0);
        const auto one = futurePlaceOf(world_, arguments_[0]);
        if (!one) return one.error();
        const PeerInfo* member = memberOf(*info, one->name, uuid);
        return say(
            (member != nullptr) == wanted,
            member == nullptr ? "it is no member" : fmt::format("member {} with uuid {}", member->id, member->uuid));
    }
    Answer memberId() {
        const auto info = infoAt(1);
        if (!info) return info.error();
        const auto one = futurePlaceOf(world_, arguments_[0]);
        if (!one) return one.error();
        const PeerInfo* member = memberOf(*info, one->name, uuidOf(0));
        if (member == nullptr) return say(false, "it is no member");
        const std::string id = std::to_string(member->id);
        return say(id == arguments_[2], fmt::format("{} is member {}", one->name, id));
    }
    Answer uuidPinned() {
        const auto pinned = configured("database.instance_uuid");
        if (!pinned) return pinned.error();
        const auto info = infoAt(1);
        if (!info) return info.error();
        const auto one = placeAt(0);
        if (!one) return one.error();
        const PeerInfo* member = memberOf(*info, one->name, uuidOf(0));
        if (member == nullptr) {
            return Error{ErrorCode::NotFound, fmt::format("{} knows no member {}", arguments_[1], one->name), {}, {}};
        }
        const std::string& uuid = member->uuid;
        return say(tarantool::sameConfigValue(*pinned, uuid),
                   fmt::format("registered as {}, config.yaml says {}", uuid, pinned->empty() ? "nothing" : *pinned));
    }
    Answer noThirdAhead() {
        const auto one = placeAt(0);
        if (!one) return one.error();
        const auto keeper = placeAt(1);
        if (!keeper) return keeper.error();
        const auto info = infoAt(1);
        if (!info) return info.error();
        if (!tellsPosition(*info)) return unclear("box.info.vclock of the keeper");
        const PeerInfo* member = memberOf(*info, one->name, uuidOf(0));
        if (member == nullptr) return say(true, fmt::format("{} is no member: it has no numbers yet", one->name));
        const std::uint32_t id = member->id;
        const std::int64_t kept = rowOf(*info, id);
        const auto all = world_.instances(one->app);
        if (!all) return all.error();
        std::vector<std::string> asked{one->name, keeper->name};
        for (const InstancePlace& third : *all) {
            if (third.name == one->name || third.name == keeper->name) continue;
            asked.push_back(third.name);
            const auto its = world_.info(third);
            if (!its) return unasked(third.name, id, its.error());
            if (!tellsPosition(*its)) return unasked(third.name, id, unclear("box.info.vclock"));
            const std::int64_t has = rowOf(*its, id);
            if (has > kept) {
                return say(false, fmt::format("{} holds row {} of member {}, {} holds {}: numbers used again would be "
                                              "skipped there",
                                              third.name, has, id, keeper->name, kept));
            }
        }
        for (const PeerInfo& each : info->replication) {
            const std::string& name = each.name;
            if (name.empty() || std::find(asked.begin(), asked.end(), name) != asked.end()) continue;
            return unasked(name, id, Error{ErrorCode::NotFound, "it is a member and not configured", {}, {}});
        }
        return say(true, fmt::format("nobody holds more than row {} of member {}", kept, id));
    }
    Answer configHas() {
        const auto value = configured(arguments_[1]);
        if (!value) return value.error();
        return say(tarantool::sameConfigValue(*value, arguments_[2]),
                   value->empty() ? "config.yaml says nothing" : "config.yaml says " + *value);
    }
    Answer isConfigured(bool wanted) {
        const auto place = futurePlaceOf(world_, arguments_[0]);
        if (!place) return place.error();
        const auto config = readTextFile(place->configFile());
        if (!config) return config.error();
        const auto names = loadStrictYaml(place->folder + "/instances.yml");
        if (!names) return names.error();
        const auto inConfig = tarantool::configValue(*config, place->configFile(), place->name, "database");
        if (!inConfig && inConfig.error().code != ErrorCode::NotFound) return inConfig.error();
        const bool isNamed = names->find(place->name) != nullptr;
        const std::string evidence =
            fmt::format("instances.yml {} it, config.yaml {} it", isNamed ? "names" : "does not name",
                        inConfig ? "names" : "does not name");
        return say(wanted ? isNamed && inConfig.ok() : !isNamed && !inConfig.ok(), evidence);
    }
    Answer dataAbsent() {
        const auto place = futurePlaceOf(world_, arguments_[0]);
        if (!place) return place.error();
        const std::vector<std::string> files = dataFilesOf(*place);
        return say(files.empty(), files.empty() ? "no snapshot and no log" : files.front());
    }

private:
    Result<InstancePlace> placeAt(std::size_t at) { return placeOf(world_, arguments_[at]); }
    /// Asks of the instance that the first argument names, or of each of the application that it names: it holds when
    /// it holds of all, and is unknown when one that could change the answer cannot be asked.
    template <typename Test>
    Answer ofEach(Test test) {
        const std::string& word = arguments_[0];
        if (word.find(':') != std::string::npos) {
            const auto place = futurePlaceOf(world_, word);
            if (!place) return place.error();
            return test(*place);
        }
        const auto all = world_.instances(word);
        if (!all) return all.error();
        std::vector<std::string> evidence;
        evidence.reserve(all->size());
        std::optional<Error> unknown;
        bool holds = true;
        for (const InstancePlace& place : *all) {
            const Answer one = test(place);
            if (!one) {
                if (!unknown) unknown = one.error();
                continue;
            }
            holds = holds && one->verdict == CheckVerdict::True;
            evidence.push_back(place.name + ": " + one->evidence);
        }
        if (holds && unknown) return *unknown;
        if (all->empty()) return Error{ErrorCode::NotFound, fmt::format("{} has no instances", word), {}, {}};
        return say(holds, join(evidence, "; "));
    }
    Result<BoxInfo> infoAt(std::size_t at) {
        const auto place = placeAt(at);
        if (!place) return place.error();
        return world_.info(*place);
    }
    /// Where members have no names; empty when it does not answer.
    std::string uuidOf(std::size_t at) {
        const auto info = infoAt(at);
        return info ? info->uuid : std::string();
    }
    template <typename Test>
    Answer withInfo(Test test) {
        const auto info = infoAt(0);
        if (!info) return info.error();
        return test(*info);
    }
    /// With the entry of the second in what the first says.
    template <typename Test>
    Answer withMember(Test test) {
        const auto info = infoAt(0);
        if (!info) return info.error();
        const auto peer = futurePlaceOf(world_, arguments_[1]);
        if (!peer) return peer.error();
        return test(memberOf(*info, peer->name, uuidOf(1)));
    }
    Result<std::string> configured(const std::string& key) {
        const auto place = futurePlaceOf(world_, arguments_[0]);
        if (!place) return place.error();
        const auto config = readTextFile(place->configFile());
        if (!config) return config.error();
        return tarantool::configValue(*config, place->configFile(), place->name, key);
    }
    static Error unclear(const char* what) {
        return {ErrorCode::Corrupt, fmt::format("{} says nothing", what), {}, {}};
    }
    static Error unasked(const std::string& name, std::uint32_t id, const Error& why) {
        return {ErrorCode::Unavailable,
                fmt::format("whether {} holds later rows of member {} cannot be known: {}", name, id, why.what),
                {},
                fmt::format("start it, or remove it first: runbook tarantool-remove-instance")};
    }

    InstanceWorld& world_;
    const std::vector<std::string>& arguments_;
};

using Function = std::function<Answer(Checks&)>;

const std::map<std::string, Function>& functions() {
    static const std::map<std::string, Function> kFunctions{
        {"instance-runs", [](Checks& c) { return c.runs(true); }},
        {"instance-stopped", [](Checks& c) { return c.runs(false); }},
        {"instance-ready", [](Checks& c) { return c.ready(); }},
        {"read-write", [](Checks& c) { return c.writes(true); }},
        {"read-only", [](Checks& c) { return c.writes(false); }},
        {"follows", [](Checks& c) { return c.upstream("follow"); }},
        {"upstream-stopped", [](Checks& c) { return c.upstream("stopped"); }},
        {"no-upstream", [](Checks& c) { return c.upstream({}); }},
        {"sends-to", [](Checks& c) { return c.sends(); }},
        {"caught-up", [](Checks& c) { return c.caughtUp(); }},
        {"same-data", [](Checks& c) { return c.sameData(); }},
        {"rows-only-here", [](Checks& c) { return c.rowsOnlyHere(); }},
        {"registered", [](Checks& c) { return c.registered(true); }},
        {"not-registered", [](Checks& c) { return c.registered(false); }},
        {"member-id", [](Checks& c) { return c.memberId(); }},
        {"uuid-pinned", [](Checks& c) { return c.uuidPinned(); }},
        {"no-third-peer-ahead", [](Checks& c) { return c.noThirdAhead(); }},
        {"config-has", [](Checks& c) { return c.configHas(); }},
        {"configured", [](Checks& c) { return c.isConfigured(true); }},
        {"not-configured", [](Checks& c) { return c.isConfigured(false); }},
        {"data-absent", [](Checks& c) { return c.dataAbsent(); }},
    };
    return kFunctions;
}

}  // namespace

CheckOutcome evaluateInstanceCheck(InstanceWorld& world, const std::string& name,
                                   const std::vector<std::string>& arguments) {
    const runbooks::Dialects spoken = dialects().of("tarantool");
    const runbooks::CheckSpec* spec = spoken.findCheck(name);
    const auto function = functions().find(name);
    if (spec == nullptr || function == functions().end()) {
        return {CheckVerdict::Unknown, fmt::format("there is no check {} of instances", name)};
    }
    if (arguments.size() != spec->arguments.size()) {
        return {CheckVerdict::Unknown,
                fmt::format("{} takes {} arguments, not {}", name, spec->arguments.size(), arguments.size())};
    }
    Checks checks(world, arguments);
    const Answer answer = function->second(checks);
    return answer ? *answer : CheckOutcome{CheckVerdict::Unknown, answer.error().text()};
}

const PeerInfo* memberOf(const BoxInfo& info, const std::string& peer, const std::string& peerUuid) {
    // One that has a name is it by that name alone.
    for (const PeerInfo& each : info.replication) {
        const bool isIt = each.name.empty() ? !peerUuid.empty() && each.uuid == peerUuid : each.name == peer;
        if (isIt) return &each;
    }
    return nullptr;
}

std::vector<std::string> dataFilesOf(const InstancePlace& place) {
    std::vector<std::string> files;
    std::error_code ignored;
    for (fs::recursive_directory_iterator at(place.libFolder(), ignored), end; !ignored && at != end;
         at.increment(ignored)) {
        const fs::path kind = at->path().extension();
        const bool isData = kind == ".snap" || kind == ".xlog" || kind == ".vylog";
        if (isData && at->is_regular_file(ignored)) files.push_back(at->path().string());
    }
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace tributary::app
