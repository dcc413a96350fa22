// The sweep from the command line: kinds, ranges, strides; a line for each run that is not good, and the sums.
#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <QCoreApplication>
#include <cstdio>
#include <map>

#include "sweepscript.h"

using namespace tributary::sweep;

namespace {

struct Sums {
    std::uint64_t runs = 0;
    std::uint64_t swept = 0;  ///< runs in which a call was refused
    std::uint64_t crashes = 0;
    std::uint64_t losses = 0;
    std::uint64_t silent = 0;
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

void add(Sums& sums, const Outcome& outcome) {
    ++sums.runs;
    sums.swept += outcome.refused > 0 ? 1 : 0;
    sums.crashes += outcome.crashes.size();
    sums.losses += outcome.losses.size();
    sums.silent += outcome.silent.size();
}

}  // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    CLI::App app("Refuses each call of a workspace's daemon once, and from there on");
    std::string dir = "/tmp/tributary-sweep";
    std::vector<std::string> kinds(kKindNames.begin(), kKindNames.end());
    std::uint64_t stride = 1;
    std::uint64_t from = 1;
    std::uint64_t to = 0;
    std::string pass = "both";
    app.add_option("--dir", dir, "where the workspaces are made");
    app.add_option("--kind", kinds, "open, write-full, write-error, sync, rename, socket, thread, allocation");
    app.add_option("--stride", stride, "every n-th call only");
    app.add_option("--from", from, "first call");
    app.add_option("--to", to, "last call; 0 = as many as a run without faults makes");
    app.add_option("--pass", pass, "once, onward or both");
    CLI11_PARSE(app, argc, argv);

    const Outcome clean = runScript(dir + "/clean", Fault{});
    tell(Fault{}, clean);
    if (!clean.good()) return 1;
    std::map<std::string, Sums> sums;
    bool good = true;
    for (std::size_t i = 0; i < kKinds; ++i) {
        if (std::find(kinds.begin(), kinds.end(), kKindNames[i]) == kinds.end()) continue;
        const std::uint64_t last = to == 0 ? clean.calls[i] : to;
        fmt::print("{}: {} calls in a run without faults\n", kKindNames[i], clean.calls[i]);
        std::fflush(stdout);
        for (const bool onward : {false, true}) {
            if (pass == (onward ? "once" : "onward")) continue;
            for (std::uint64_t nth = from; nth <= last; nth += stride) {
                const Fault fault{static_cast<Kind>(i), nth, onward};
                const Outcome outcome =
                    runScript(fmt::format("{}/{}-{}-{}", dir, kKindNames[i], nth, onward ? 2 : 1), fault);
                tell(fault, outcome);
                add(sums[kKindNames[i]], outcome);
                good = good && outcome.good();
            }
        }
    }
    Sums all;
    for (const auto& [kind, sum] : sums) {
        fmt::print("{:12} {:6} runs, {:6} with a refused call, crashes {}, losses {}, silent {}\n", kind, sum.runs,
                   sum.swept, sum.crashes, sum.losses, sum.silent);
        all.runs += sum.runs;
        all.swept += sum.swept;
        all.crashes += sum.crashes;
        all.losses += sum.losses;
        all.silent += sum.silent;
    }
    fmt::print("calls swept {}, crashes {}, losses {}, silent {}\n", all.swept, all.crashes, all.losses, all.silent);
    return good ? 0 : 1;
}
