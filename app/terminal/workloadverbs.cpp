// workload: write at a rate and remember what was acknowledged, or prove that it is still there.
#include "app/rows/workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "app/observe/audit.h"
#include "app/terminal/dataverbscommon.h"
#include "app/terminal/stopsignals.h"
#include "core/base/escape.h"
#include "core/base/text.h"
#include "core/telemetry/humanunits.h"

namespace tributary::app {
namespace {

using engine::Json;

constexpr int kLost = 1;
constexpr int kCouldNotTell = 3;
constexpr std::size_t kValueBytesMax = 1U << 20U;

struct Options {
    std::vector<std::string> places;  ///< PATH, or FILE and PATH with --verify
    std::string rate = "100";
    double seconds = 0;
    std::string keys = "seq";
    double overwrite = 0;
    double skew = 0;
    std::string ackLog;
    std::size_t valueBytes = 64;
    std::uint64_t seed = 1;
    std::string prefix = "w";
    std::string family;
    bool verify = false;
};

/// PATH and the log, in whichever order they were written: `workload --verify FILE PATH` names both by place.
Status settlePlaces(Options& options, std::string& path) {
    if (options.verify && options.ackLog.empty() && options.places.size() == 2) {
        const bool pathFirst = options.places.front().rfind("/mapr/", 0) == 0;
        options.ackLog = options.places[pathFirst ? 1 : 0];
        path = options.places[pathFirst ? 0 : 1];
        return okStatus();
    }
    if (options.places.size() != 1) {
        return Error{ErrorCode::InvalidInput, "one table must be named", "PATH",
                     "tributary workload /mapr/sanfrancisco/customers --rate 100 --ack-log acks.log"};
    }
    if (options.ackLog.empty()) {
        return Error{ErrorCode::InvalidInput, "no acknowledgement log is named", "--ack-log",
                     "add --ack-log FILE: without it nothing can be proved afterwards"};
    }
    path = options.places.front();
    return okStatus();
}

Result<double> parseRate(const std::string& text) {
    if (text == "max") return 0.0;
    double rate = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), rate);
    if (end.ec == std::errc() && end.ptr == text.data() + text.size() && rate > 0 && rate <= 1e7) return rate;
    return Error{ErrorCode::InvalidInput, fmt::format("'{}' is no rate", text), "--rate",
                 "give writes per second, as 250, or max"};
}

std::string familyOf(const TargetTable& table, const std::string& wanted) {
    if (!wanted.empty()) return wanted;
    const auto profile = std::find(table.families.begin(), table.families.end(), "profile");
    return profile == table.families.end() ? table.families.front() : *profile;
}

Result<WorkloadOptions> settle(const Options& given, const TargetTable& table) {
    WorkloadOptions options;
    const auto rate = parseRate(given.rate);
    if (!rate) return rate.error();
    if (given.overwrite < 0 || given.overwrite > 1) {
        return Error{ErrorCode::InvalidInput, "the share of overwrites is a number from 0 to 1", "--overwrite",
                     "--overwrite 0.2"};
    }
    if (given.skew < 0 || given.skew > kSkewMax) {
        return Error{ErrorCode::InvalidInput, "the skew of overwrites is a number from 0 to 0.99", "--skew",
                     "--skew 0.8"};
    }
    if (given.valueBytes > kValueBytesMax) {
        return Error{
            ErrorCode::InvalidInput, fmt::format("a value has at most {} bytes", kValueBytesMax), "--value-bytes", {}};
    }
    if (given.prefix.empty() || escapedBytes(given.prefix) != given.prefix) {
        return Error{ErrorCode::InvalidInput, "a prefix is one or more printable characters", "--prefix", "--prefix w"};
    }
    const std::string family = familyOf(table, given.family);
    if (std::find(table.families.begin(), table.families.end(), family) == table.families.end()) {
        return Error{ErrorCode::InvalidInput, fmt::format("table {} has no family {}", table.path, family), "--family",
                     "its families: " + join(table.families, ", ")};
    }
    options.path = table.path;
    options.family = family;
    options.ratePerS = rate.value();
    options.seconds = given.seconds;
    options.keys = given.keys == "rnd" ? KeyOrder::Random : KeyOrder::Sequential;
    options.overwrite = given.overwrite;
    options.skew = given.skew;
    options.valueBytes = given.valueBytes;
    options.seed = given.seed;
    options.prefix = given.prefix;
    // Large values make smaller batches: a request stays below about 4 MB.
    options.batchRowsMax = std::clamp<std::size_t>((4U << 20U) / (given.valueBytes + 64), 1, 500);
    return options;
}

void report(const VerbContext& context, const WorkloadResult& result) {
    const double seconds = std::max(1e-6, static_cast<double>(result.tookUs) / 1e6);
    const auto perS = static_cast<std::uint64_t>(static_cast<double>(result.acknowledged) / seconds);
    if (context.json) {
        Json json{{"acknowledged", result.acknowledged},
                  {"unacknowledged", result.unacknowledged},
                  {"refused", result.refused},
                  {"reconnects", result.reconnects},
                  {"last_sequence", result.lastSequence},
                  {"elapsed_ms", result.tookUs / 1000},
                  {"rows_per_s", perS},
                  {"p50_ms", static_cast<double>(result.latency.quantileUs(0.5)) / 1000},
                  {"p99_ms", static_cast<double>(result.latency.quantileUs(0.99)) / 1000},
                  {"max_ms", static_cast<double>(result.latency.maxUs()) / 1000}};
        if (!result.lastTrouble.empty()) json["last_trouble"] = result.lastTrouble;
        printJson(json);
        return;
    }
    if (context.quiet) return;
    fmt::print(stderr, "{} writes acknowledged in {} ({}/s), p50 {:.2f} ms, p99 {:.2f} ms, max {:.1f} ms\n",
               groupedDigits(result.acknowledged), humanDuration(result.tookUs / 1000), humanCount(perS),
               static_cast<double>(result.latency.quantileUs(0.5)) / 1000,
               static_cast<double>(result.latency.quantileUs(0.99)) / 1000,
               static_cast<double>(result.latency.maxUs()) / 1000);
    if (result.lastTrouble.empty()) return;
    fmt::print(stderr, "{} not answered, {} refused, connected again {} times; last trouble: {}\n",
               groupedDigits(result.unacknowledged), groupedDigits(result.refused), result.reconnects,
               result.lastTrouble);
}

int write(const VerbContext& context, const Options& given, const std::string& path) {
    StopSignals stop;
    auto session = openSession(context);
    if (!session) return context.fail(session.error());
    WorkspaceDirectory& directory = session.value()->directory();
    const auto table = findTable(directory, path);
    if (!table) return context.fail(table.error());
    const auto options = settle(given, table.value());
    if (!options) return context.fail(options.error());
    AckLogWriter log;
    if (Status opened = log.open(given.ackLog); !opened) return context.fail(opened.error());
    const auto earlier = readAckLog(given.ackLog);
    if (!earlier) return context.fail(earlier.error());
    WorkloadWorld world;
    world.nowUs = steadyNowUs;
    world.connect = [&]() -> Result<std::unique_ptr<engine::ControlClient>> {
        auto client = directory.connect(table.value().cluster);
        if (!client) return client.error();
        return std::unique_ptr<engine::ControlClient>(std::move(client).value());
    };
    world.sleepUs = [&](Micros us) {
        stop.wait(static_cast<int>((us + 999) / 1000));
        return !stop.stopped();
    };
    world.record = [&](const std::vector<std::pair<std::string, Bytes>>& rows, std::uint64_t firstSequence) {
        for (std::size_t i = 0; i < rows.size(); ++i) log.add(rows[i].first, rows[i].second, firstSequence + i);
        return log.flush();
    };
    // Sequences that were sent and never acknowledged are not in the log; the gap keeps them from being used again.
    constexpr std::uint64_t kSequenceGap = 100'000;
    const AckLog& known = earlier.value();
    const std::uint64_t first = known.lines == 0 ? 1 : known.lastSequence + kSequenceGap;
    const std::string line = "tributary workload " + table.value().path;
    audit(**session, line + " # begins", {});  // a client that is killed leaves this much
    const auto result = runWorkload(options.value(), world, first, known.keys.size());
    audit(**session, fmt::format("{} # {} rows", line, result ? result->acknowledged : 0),
          result ? std::string() : std::string(errorCodeName(result.error().code)));
    if (!result) return context.fail(result.error());
    report(context, result.value());
    // Clusters come and go under a workload; one that took nothing and refused something was not asked for that.
    return result->acknowledged == 0 && result->refused > 0 ? 1 : 0;
}

int verify(const VerbContext& context, const Options& given, const std::string& path) {
    const auto untold = [&](const Error& error) {
        (void)context.fail(error);
        const bool named = error.code == ErrorCode::InvalidInput || error.code == ErrorCode::NotFound;
        return named ? 2 : kCouldNotTell;
    };
    const auto log = readAckLog(given.ackLog);
    if (!log) return untold(log.error());
    auto session = openSession(context);
    if (!session) return untold(session.error());
    const auto table = findTable(session.value()->directory(), path);
    if (!table) return untold(table.error());
    auto client = session.value()->directory().connect(table.value().cluster);
    if (!client) return untold(client.error());
    const AckTarget target{table.value().path, familyOf(table.value(), given.family)};
    const auto verdict = verifyAckLog(*client.value(), target, log.value());
    if (!verdict) return untold(verdict.error());
    const AckVerdict& found = verdict.value();
    if (context.json) {
        Json json{{"path", target.path}, {"acknowledged", log.value().lines},
                  {"keys", found.keys},  {"newer", found.newer},
                  {"lost", found.lost},  {"missing", Json::array()}};
        for (const LostWrite& lost : found.samples) {
            Json item{
                {"key", lost.key}, {"acknowledged", lost.acknowledged}, {"shown", nullptr}, {"reason", lost.reason}};
            if (lost.shown) item["shown"] = *lost.shown;
            json["missing"].push_back(std::move(item));
        }
        printJson(json);
        return found.holds() ? 0 : kLost;
    }
    if (found.holds()) {
        fmt::print("all there\t{} acknowledged writes of {} keys; {} keys show a later write\n",
                   groupedDigits(log.value().lines), groupedDigits(found.keys), groupedDigits(found.newer));
        return 0;
    }
    fmt::print("lost\t{} of {} keys do not show what was acknowledged\n", groupedDigits(found.lost),
               groupedDigits(found.keys));
    for (const LostWrite& lost : found.samples) {
        fmt::print("{}\twrite {} was acknowledged\t{}\n", lost.key, lost.acknowledged, lost.reason);
    }
    if (found.lost > found.samples.size()) fmt::print("... and {} more\n", found.lost - found.samples.size());
    return kLost;
}

}  // namespace

std::vector<Verb> workloadVerbs() {
    Verb verb{"workload",
              "data",
              "Write at a rate and log what was acknowledged; --verify proves that it is there",
              "tributary workload /mapr/sanfrancisco/customers --rate 200 --seconds 60 --ack-log acks.log\n"
              "tributary workload /mapr/newyork/customers --verify --ack-log acks.log",
              {}};
    verb.describe = [](CLI::App& app) {
        auto options = std::make_shared<Options>();
        app.add_option("PATH", options->places, "The table (with --verify also: FILE PATH)")->required();
        app.add_option("--rate", options->rate, "Writes per second, or max (default 100)");
        app.add_option("--seconds", options->seconds, "How long; 0 = until Ctrl-C (default 0)");
        app.add_option("--keys", options->keys, "Order of new keys: seq or rnd")->check(CLI::IsMember({"seq", "rnd"}));
        app.add_option("--overwrite", options->overwrite, "Share of writes to keys written before, 0 to 1");
        app.add_option("--skew", options->skew, "Hot keys among overwrites: 0 = all alike, 0.8 = 63 % to a tenth");
        app.add_option("--ack-log", options->ackLog, "File of acknowledged writes; appended to");
        app.add_option("--value-bytes", options->valueBytes, "Size of values (default 64, at least 24)");
        app.add_option("--seed", options->seed, "Of keys and overwrites (default 1)");
        app.add_option("--prefix", options->prefix, "Of keys (default w)");
        app.add_option("--family", options->family, "Column family (default profile, else the first)");
        app.add_flag("--verify", options->verify, "Prove that the table shows every acknowledged write");
        return [options](VerbContext& context) {
            std::string path;
            if (Status placed = settlePlaces(*options, path); !placed) return context.fail(placed.error());
            return options->verify ? verify(context, *options, path) : write(context, *options, path);
        };
    };
    return {verb};
}

}  // namespace tributary::app
