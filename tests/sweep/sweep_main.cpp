// The sweep from the command line: kinds, ranges, strides; a line for each run that is not good, and the sums.
#include <fmt/format.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "sweeppool.h"

using namespace tributary::sweep;

namespace {

constexpr std::size_t kTellEvery = 250;

/// In memory where that can be: a process that is killed loses nothing there either, and to sync costs nothing.
std::string defaultDir() {
    return ::access("/dev/shm", W_OK) == 0 ? "/dev/shm/tributary-sweep" : "/tmp/tributary-sweep";
}

struct Options {
    PoolOptions pool{defaultDir(), 2 * static_cast<int>(std::max(1U, std::thread::hardware_concurrency()))};
    std::vector<std::string> kinds{kKindNames.begin(), kKindNames.end()};
    std::uint64_t stride = 1;
    std::uint64_t from = 1;
    std::uint64_t to = 0;
    std::uint64_t turns = 1;
    std::string pass = "both";
    std::string place;  ///< HASH/CALLER as a line of a run that is not good names it

    [[nodiscard]] bool has(std::size_t kind) const {
        return std::find(kinds.begin(), kinds.end(), kKindNames[kind]) != kinds.end();
    }
    [[nodiscard]] bool has(bool onward) const { return pass != (onward ? "once" : "onward"); }
};

struct Sums {
    std::uint64_t runs = 0;
    std::uint64_t swept = 0;  ///< runs in which a call was refused
    std::uint64_t crashes = 0;
    std::uint64_t losses = 0;
    std::uint64_t silent = 0;

    void add(const Sums& other) {
        runs += other.runs;
        swept += other.swept;
        crashes += other.crashes;
        losses += other.losses;
        silent += other.silent;
    }
};

void tell(const Fault& fault, const Outcome& outcome) {
    const auto list = [&](const char* what, const std::vector<std::string>& lines) {
        for (const std::string& line : lines) fmt::print("{}: {}: {}\n", fault.text(), what, line);
    };
    list("CRASH", outcome.crashes);
    list("LOSS", outcome.losses);
    list("SILENT", outcome.silent);
    std::fflush(stdout);
}

Options parse(int argc, char** argv) {
    Options options;
    CLI::App app("Refuses each call of a workspace's daemon once, and from there on");
    app.add_option("--dir", options.pool.dir, "where the workspaces are made");
    app.add_option("--jobs", options.pool.jobs, "runs at a time");
    app.add_option("--kind", options.kinds,
                   "open, write-full, write-error, sync, rename, socket, thread, allocation, new");
    app.add_option("--stride", options.stride, "every n-th call only")->check(CLI::PositiveNumber);
    app.add_option("--from", options.from, "first call");
    app.add_option("--to", options.to, "last call; 0 = as many as a run without faults makes");
    app.add_option("--turns", options.turns, "for new: how many calls of each place");
    app.add_option("--place", options.place, "for new: this place only, as such a line names it: HASH/CALLER");
    app.add_option("--pass", options.pass, "once, onward or both")->check(CLI::IsMember({"once", "onward", "both"}));
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        std::exit(app.exit(error));
    }
    return options;
}

/// Every call of a kind; of operator new the first calls of every place.
std::vector<Fault> faultsOf(const Options& options, std::size_t kind, const Outcome& clean) {
    std::vector<Fault> out;
    const bool places = static_cast<Kind>(kind) == Kind::New;
    if (places && !options.place.empty()) {
        char* end = nullptr;
        const std::uint64_t hash = std::strtoull(options.place.c_str(), &end, 16);
        const std::uint64_t caller = *end == '/' ? std::strtoull(end + 1, nullptr, 16) : 0;
        return {{Kind::New, options.from, options.pass == "onward", hash, caller}};
    }
    const std::uint64_t last = options.to != 0 ? options.to : places ? clean.places.size() : clean.calls[kind];
    for (const bool onward : {false, true}) {
        if (!options.has(onward)) continue;
        // Without any byte from some point on no process goes on: asked for by name only.
        if (places && onward && options.pass != "onward") continue;
        for (std::uint64_t nth = options.from; nth <= last; nth += options.stride) {
            if (!places) out.push_back({static_cast<Kind>(kind), nth, onward});
            if (!places || nth > clean.places.size()) continue;
            const PlaceCalls& place = clean.places[nth - 1];
            for (std::uint64_t turn = 1; turn <= std::min(options.turns, place.calls); ++turn)
                out.push_back({Kind::New, turn, onward, place.hash, place.caller});
        }
    }
    return out;
}

Outcome runClean(const Options& options) {
    Outcome clean;
    Fault none;
    none.record = options.has(static_cast<std::size_t>(Kind::New));
    runAll({none}, options.pool, [&clean](const Fault&, const Outcome& outcome) { clean = outcome; });
    tell(none, clean);
    return clean;
}

}  // namespace

int main(int argc, char** argv) {
    const Options options = parse(argc, argv);
    const auto begin = std::chrono::steady_clock::now();
    const Outcome clean = runClean(options);
    if (!clean.good()) return 1;
    Sums all;
    std::string kinds;
    for (std::size_t i = 0; i < kKinds; ++i) {
        if (!options.has(i)) continue;
        const std::vector<Fault> faults = faultsOf(options, i, clean);
        fmt::print("{}: {} calls in a run without faults, {} runs\n", kKindNames[i], clean.calls[i], faults.size());
        if (static_cast<Kind>(i) == Kind::New)
            fmt::print("new: from {} places, calls 1 to {} of each\n", clean.places.size(), options.turns);
        Sums sums;
        runAll(faults, options.pool, [&](const Fault& fault, const Outcome& outcome) {
            tell(fault, outcome);
            sums.add({1, outcome.refused > 0 ? 1U : 0U, outcome.crashes.size(), outcome.losses.size(),
                      outcome.silent.size()});
            if (sums.runs % kTellEvery == 0) fmt::print("{}: {} of {}\n", kKindNames[i], sums.runs, faults.size());
        });
        fmt::print("{:12} {:6} runs, {:6} with a refused call, crashes {}, losses {}, silent {}, at {:.0f} s\n",
                   kKindNames[i], sums.runs, sums.swept, sums.crashes, sums.losses, sums.silent,
                   std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
        all.add(sums);
        kinds += fmt::format("{}{} {}", kinds.empty() ? "" : ", ", kKindNames[i], sums.swept);
    }
    fmt::print("swept {} calls ({}), passes {}, crashes {}, losses {}, silent {}\n", all.swept, kinds,
               options.pass == "both" ? "once and from-there-on (new: once)" : options.pass, all.crashes, all.losses,
               all.silent);
    return all.crashes + all.losses + all.silent == 0 ? 0 : 1;
}
