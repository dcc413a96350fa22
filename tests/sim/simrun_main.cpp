// sim_run: seeds from the command line, for long runs and for looking at one seed closely.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

#include <fmt/format.h>

#include "simbugs.h"
#include "simkinds.h"
#include "simrun.h"

using namespace tributary::simtest;

namespace {

struct Wanted {
    std::uint64_t seed = 1;
    int seeds = 1;
    std::string kind = "tables";
    std::string profile = "all";
    int nodes = 3;
    int ops = 300;
    std::string bug;
    bool replay = false;
    bool twice = false;
    bool keepGoing = false;
    bool counts = false;
};

struct Totals {
    int failed = 0;
    int passed = 0;
    std::uint64_t events = 0;
    double virtualSeconds = 0;
    double healSecondsMax = 0;
    std::map<std::string, std::uint64_t> counts;
};

void printLine(const std::string& line) {
    std::fputs((line + "\n").c_str(), stdout);
}

/// One seed; false when it failed.
bool runOne(const Wanted& wanted, const SimKind& kind, Profile profile, std::uint64_t seed, Totals& totals) {
    const Plan plan = planOf(kind, seed, profile, wanted.nodes, wanted.ops, wanted.bug);
    if (wanted.replay) printLine(fmt::format("seed {} {}", seed, describe(plan)));
    Outcome outcome = SimRun(plan, wanted.replay ? printLine : std::function<void(const std::string&)>()).run();
    if (wanted.twice && !outcome.violation) {
        const Outcome again = SimRun(plan, {}).run();
        if (again.traceHash != outcome.traceHash) outcome.violation = "determinism: the same seed ran differently";
    }
    totals.events += outcome.events;
    totals.virtualSeconds += static_cast<double>(outcome.virtualUs) / 1e6;
    totals.healSecondsMax = std::max(totals.healSecondsMax, static_cast<double>(outcome.healUs) / 1e6);
    for (const auto& [name, times] : outcome.counts) totals.counts[name] += times;
    if (wanted.replay) {
        printLine(fmt::format("trace {:016x}, {} events, {:.3f} virtual s, {} acked, {} refused", outcome.traceHash,
                              outcome.events, static_cast<double>(outcome.virtualUs) / 1e6, outcome.acked,
                              outcome.refused));
    }
    if (!outcome.violation) {
        ++totals.passed;
        return true;
    }
    ++totals.failed;
    printLine(fmt::format(
        "seed {} {}\n  {}\n  again: sim_run --replay --kind {} --profile {} --nodes {} --ops {} --seed {}{}", seed,
        describe(plan), *outcome.violation, kind.name(), profileName(profile), wanted.nodes, wanted.ops, seed,
        wanted.bug.empty() ? "" : " --bug " + wanted.bug));
    return false;
}

}  // namespace

int main(int argc, char** argv) {
    Wanted wanted;
    CLI::App app{"Runs simulated worlds and judges them; the same seed is the same world."};
    app.add_option("--seed", wanted.seed, "first seed");
    app.add_option("--seeds", wanted.seeds, "how many seeds of each profile");
    app.add_option("--kind", wanted.kind, "kind of data: tables, toy, ...");
    app.add_option("--profile", wanted.profile, "pair, ring, mesh, filtered, sync, star or all");
    app.add_option("--nodes", wanted.nodes, "nodes of a world");
    app.add_option("--ops", wanted.ops, "writes of a world");
    app.add_option("--bug", wanted.bug, "arms a seeded bug on every node");
    app.add_flag("--replay", wanted.replay, "prints what happens");
    app.add_flag("--twice", wanted.twice, "runs each seed twice and compares the trace hashes");
    app.add_flag("--keep-going", wanted.keepGoing, "does not stop at the first failure");
    app.add_flag("--counts", wanted.counts, "prints how often each fault was injected and each rare path reached");
    CLI11_PARSE(app, argc, argv);

    const SimKind* kind = simKindNamed(wanted.kind);
    std::vector<Profile> profiles;
    Profile one = Profile::Mesh;
    if (profileOf(wanted.profile, one)) profiles.push_back(one);
    if (kind != nullptr && wanted.profile == "all") profiles = kind->profiles();
    if (profiles.empty() || kind == nullptr || (!wanted.bug.empty() && bugNamed(kind->bugs(), wanted.bug) == nullptr)) {
        printLine("unknown kind, profile or bug; see sim_run --help and engine/sim/README.md");
        return 2;
    }
    Totals totals;
    const auto begun = std::chrono::steady_clock::now();
    bool go = true;
    for (int i = 0; i < wanted.seeds && go; ++i) {
        for (const Profile profile : profiles) {
            go =
                runOne(wanted, *kind, profile, wanted.seed + static_cast<std::uint64_t>(i), totals) || wanted.keepGoing;
            if (!go) break;
        }
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    if (wanted.counts) {
        for (const auto& [name, times] : totals.counts) printLine(fmt::format("{:>10}  {}", times, name));
    }
    printLine(fmt::format(
        "{} passed, {} failed; {:.1f} s, {:.0f} seeds/min, {} events, {:.0f} virtual s, longest heal {:.1f} s",
        totals.passed, totals.failed, seconds, 60 * (totals.passed + totals.failed) / seconds, totals.events,
        totals.virtualSeconds, totals.healSecondsMax));
    return totals.failed == 0 ? 0 : 1;
}
