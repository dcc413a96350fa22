// bench: how fast rows are written, shipped, copied.
#include <fmt/format.h>

#include "app/terminal/benchruns.h"
#include "app/terminal/benchworld.h"
#include "app/terminal/dataverbscommon.h"
#include "core/base/text.h"

namespace tributary::app {
namespace {

using engine::Json;

constexpr int kDiffers = 1;
constexpr int kInterrupted = 130;
constexpr std::size_t kClientsMax = 256;

struct BenchWords {
    BenchOptions options;
    std::string serve;
};

void printRate(const Json& json, const char* name, const char* title) {
    if (!json.contains(name)) return;
    fmt::print("{:<22}{:>12} rows/s\n", title, groupedDigits(static_cast<std::uint64_t>(json[name].get<double>())));
}

void print(const Json& json) {
    fmt::print("{}  {} rows, batch {}, keys {}, durability {}, clients {}\n", json["work"].get<std::string>(),
               groupedDigits(json["rows"].get<std::uint64_t>()), json["batch"].get<std::uint64_t>(),
               json["keys"].get<std::string>(), json["durability"].get<std::string>(),
               json["clients"].get<std::uint64_t>());
    printRate(json, "src_rps", "acknowledged");
    printRate(json, "copy_rps", "copied");
    printRate(json, "e2e_rps", "readable at the other");
    printRate(json, "settled_rps", "settled at both");
    if (json.contains("visible_p50_ms")) {
        fmt::print("{:<22}p50 {:.2f} ms, p99 {:.2f} ms, max {:.1f} ms\n", "visible after",
                   json["visible_p50_ms"].get<double>(), json["visible_p99_ms"].get<double>(),
                   json["visible_max_ms"].get<double>());
    }
    for (const char* process : {"client", "source", "replica"}) {
        fmt::print("{:<22}{:>12.2f} s CPU {:>10.0f} MB\n", process, json["cpu_s"][process].get<double>(),
                   json["rss_mb"][process].get<double>());
    }
    fmt::print("{:<22}{:>12} {}\n", "rows at the source", groupedDigits(json["rows_source"].get<std::uint64_t>()),
               json["fingerprint_source"].get<std::string>());
    fmt::print("{:<22}{:>12} {}\n", "rows at the replica", groupedDigits(json["rows_replica"].get<std::uint64_t>()),
               json["fingerprint_replica"].get<std::string>());
}

int bench(const VerbContext& context, const BenchWords& words) {
    if (!words.serve.empty()) {
        const Status served = serveBench(words.serve, words.options.durability);
        return served ? 0 : context.fail(served.error());
    }
    const BenchOptions& options = words.options;
    if (options.work.empty()) {
        return context.fail(Error{ErrorCode::InvalidInput, "no work is named", "WORK", "tributary bench W1"});
    }
    if (options.batchRows == 0 || options.batchRows > 20'000) {
        return context.fail(Error{ErrorCode::InvalidInput, "a batch has 1 to 20000 rows", "--batch", {}});
    }
    if (options.clients == 0 || options.clients > kClientsMax) {
        return context.fail(
            Error{ErrorCode::InvalidInput, fmt::format("1 to {} clients can write", kClientsMax), "--clients", {}});
    }
    if (options.seconds <= 0) {
        return context.fail(Error{ErrorCode::InvalidInput, "a bench takes more than no time", "--seconds", {}});
    }
    const auto result = runBench(options);
    if (!result) {
        const int code = context.fail(result.error());
        return result.error().code == ErrorCode::Cancelled ? kInterrupted : code;
    }
    const Json& json = result.value();
    if (context.json) {
        printJson(json);
    } else {
        print(json);
    }
    const bool same =
        json["fingerprint_source"] == json["fingerprint_replica"] && json["rows_source"] == json["rows_replica"];
    if (!same) fmt::print(stderr, "tributary: source and replica do not hold the same rows\n");
    return same ? 0 : kDiffers;
}

}  // namespace

std::vector<Verb> benchVerbs() {
    Verb verb{"bench",
              "workspace",
              "Measure the engine with processes and a workspace of its own",
              "tributary bench W1\ntributary bench W1 --keys rnd --batch 100 --json\n"
              "tributary bench W1c --seconds 30\ntributary bench W3 --rows 200000",
              {}};
    verb.describe = [](CLI::App& app) {
        auto words = std::make_shared<BenchWords>();
        app.add_option("WORK", words->options.work,
                       "W1 write and ship; W1c the same at 20,000 rows/s; W2 resume a paused link; W3 copy into a new "
                       "replica; W4 both directions")
            ->check(CLI::IsMember({"W1", "W1c", "W2", "W3", "W4"}));
        app.add_option("--rows", words->options.rows, "Rows (default 1000000; W4: 200000 a side)");
        app.add_option("--batch", words->options.batchRows, "Rows of one request (default 1000)");
        app.add_option("--keys", words->options.keys, "Ascending or random keys: seq or rnd")
            ->check(CLI::IsMember({"seq", "rnd"}));
        app.add_option("--durability", words->options.durability, "What an acknowledgement promises: fsync or write")
            ->check(CLI::IsMember({"fsync", "write"}));
        app.add_option("--clients", words->options.clients, "Connections that write (default 1)");
        app.add_option("--seconds", words->options.seconds, "How long W1c lasts (default 30)");
        app.add_option("--dir", words->options.parentDir, "Where the temporary workspace is made (default TMPDIR)");
        app.add_option("--serve", words->serve)->group("");  // a bench's own processes: not for people
        return [words](VerbContext& context) { return bench(context, *words); };
    };
    return {verb};
}

}  // namespace tributary::app
