// tt replicaset: replica sets of an application looked at, and an instance made anew; what is not carried by name.
#include <fmt/format.h>

#include <array>
#include <map>

#include "app/instances/boxinfo.h"
#include "app/instances/instancebox.h"
#include "app/instances/instancesetup.h"
#include "app/terminal/ttinstances.h"

namespace tributary::app {
namespace {

constexpr Millis kPatienceMs = 3'000;
constexpr BytesView kNothingAsked("\x90", 1);

struct SetMember {
    std::string name;
    std::string listen;
    std::string mode = "unknown";
};

/// What an instance tells of itself; nothing when it is not reached.
std::optional<BoxInfo> infoOf(const InstancePlace& place) {
    auto box = InstanceBox::connect(place, kPatienceMs);
    if (!box) return std::nullopt;
    const auto answer = box.value()->call("info", kNothingAsked);
    const auto* encoded = std::get_if<Bytes>(&answer);
    if (encoded == nullptr) return std::nullopt;
    auto info = readBoxInfo(*encoded);
    return info ? std::optional(std::move(info).value()) : std::nullopt;
}

const char* masterOf(const std::vector<SetMember>& members) {
    std::size_t writers = 0;
    std::size_t untold = 0;
    for (const SetMember& member : members) {
        writers += member.mode == "rw" ? 1 : 0;
        untold += member.mode == "unknown" ? 1 : 0;
    }
    return masterWord(writers, untold);
}

int replicasetStatus(const VerbContext& context, const InstanceWords& words) {
    const auto environment = findEnvironment(context.workspaceDir.empty() ? "." : context.workspaceDir);
    if (!environment) return context.fail(environment.error());
    const auto places = findInstances(environment.value(), words.which);
    if (!places) return context.fail(places.error());
    std::map<std::string, std::vector<SetMember>> sets;
    bool isAnyReached = false;
    bool isBootstrapped = false;
    for (const InstancePlace& place : places.value()) {
        const auto setup = readInstance(place);
        if (!setup) return context.fail(setup.error());
        SetMember member{place.name, setup.value().settings.options.listen};
        if (const auto info = infoOf(place)) {
            isAnyReached = true;
            isBootstrapped = isBootstrapped || info->id != 0;
            if (info->readOnly) member.mode = *info->readOnly ? "read" : "rw";
        }
        sets[setup.value().settings.replicaset].push_back(std::move(member));
    }
    fmt::print("Orchestrator:      centralized config\nReplicasets state: {}\n", isBootstrapped ? "bootstrapped"
                                                                                 : isAnyReached ? "uninitialized"
                                                                                                : "unknown");
    for (const auto& [name, members] : sets) {
        fmt::print("\n• {}\n  Failover: off\n  Master:   {}\n", name, masterOf(members));
        for (const SetMember& member : members) {
            fmt::print("    • {} {} {}\n", member.name, member.listen.empty() ? "-" : member.listen, member.mode);
        }
    }
    return 0;
}

/// What tt carries and this version does not: by name, with what to do instead.
struct Refused {
    const char* name;
    const char* summary;
    const char* instead;
};
constexpr std::array<Refused, 3> kRefusedOfSets{
    {{"promote", "Make an instance the one that writes",
      "database.mode: rw of it in config.yaml, then config:reload()"},
     {"demote", "Make an instance read-only", "database.mode: ro of it in config.yaml, then config:reload()"},
     {"expel", "Take an instance off the others' lists", "tributary run tarantool-remove-instance"}}};
constexpr std::array<Refused, 2> kRefusedFiles{
    {{"cat", "Print rows of logs and snapshots", "read them of the instance: tributary tt connect APP:INSTANCE"},
     {"play", "Replay rows of logs against an instance", "a join brings them: tributary tt replicaset rebootstrap"}}};

void addRefused(CLI::App& app, const Refused& word, std::function<int(const VerbContext&)>& chosen) {
    CLI::App* sub = app.add_subcommand(word.name, fmt::format("{} (not carried by this version)", word.summary));
    auto given = std::make_shared<std::vector<std::string>>();
    sub->add_option("WORDS", *given, "Whatever tt takes there")->type_name("");
    sub->parse_complete_callback([&chosen, word, given] {
        chosen = [word, given](const VerbContext& context) {
            return context.fail(Error{ErrorCode::Unsupported,
                                      fmt::format("tt {} is not carried by this version", word.name),
                                      {},
                                      word.instead});
        };
    });
}

}  // namespace

const char* masterWord(std::size_t writers, std::size_t untold) {
    if (writers >= 2) return "multi";
    if (untold > 0) return "unknown";
    return writers == 1 ? "single" : "no";
}

void addReplicasetWords(CLI::App& app, std::function<int(const VerbContext&)>& chosen) {
    CLI::App* group = app.add_subcommand("replicaset", "Replica sets of an application: status, rebootstrap");
    group->alias("rs");
    group->require_subcommand(1);
    const auto add = [&](const char* name, const char* summary, auto work, bool asks) {
        CLI::App* sub = group->add_subcommand(name, summary);
        auto words = std::make_shared<InstanceWords>();
        sub->add_option("APP", words->which, asks ? "APP:INSTANCE" : "APP or APP:INSTANCE; none = all")
            ->type_name(asks ? "APP:INSTANCE" : "APP[:INSTANCE]")
            ->required(asks);
        if (asks) sub->add_flag("-y,--yes", words->isSure, "Do it without a question");
        sub->parse_complete_callback([&chosen, words, work] {
            chosen = [words, work](const VerbContext& context) { return work(context, *words); };
        });
    };
    add("status", "Who belongs to a replica set, and who writes", replicasetStatus, false);
    add("rebootstrap", "Stop an instance, remove its data files and start it: it joins anew", rebootstrapInstance,
        true);
    for (const Refused& word : kRefusedOfSets) addRefused(*group, word, chosen);
    for (const Refused& word : kRefusedFiles) addRefused(app, word, chosen);
}

}  // namespace tributary::app
