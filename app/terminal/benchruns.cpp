// Each work on its world, and what is measured around all of them.
#include "app/terminal/benchruns.h"
#include "engine/systems/maprdb/tables/tableapi.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "app/terminal/benchload.h"
#include "app/terminal/dataverbscommon.h"

namespace tributary::app {
namespace {

using engine::Json;
using engine::Method;

constexpr const char* kSource = BenchWorld::kSourcePath;
constexpr const char* kReplica = BenchWorld::kReplicaPath;
constexpr std::uint64_t kRows = 1'000'000;
constexpr std::uint64_t kRowsPerSide = 200'000;
constexpr Millis kFingerprintTimeoutMs = 600'000;
constexpr Micros kSettleTimeoutUs = 600'000'000;
constexpr auto kSettlePoll = std::chrono::milliseconds(5);

double perS(std::uint64_t rows, Micros us) {
    return static_cast<double>(rows) * 1e6 / static_cast<double>(std::max<Micros>(1, us));
}

double msOf(Micros us) {
    return static_cast<double>(us) / 1000;
}

/// One bench at work.
class Bench {
public:
    Bench(const BenchOptions& options, BenchWorld& world)
        : options_(options),
          world_(world),
          rows_(options.keys == "rnd" ? KeyOrder::Random : KeyOrder::Sequential),
          count_(options.rows > 0       ? options.rows
                 : options.work == "W4" ? kRowsPerSide
                                        : kRows) {}

    Result<Json> run() {
        Json figures{{"work", options_.work},
                     {"rows", count_},
                     {"batch", options_.batchRows},
                     {"keys", options_.keys},
                     {"durability", options_.durability},
                     {"clients", options_.clients}};
        Result<Json> measured = options_.work == "W1"    ? shipped()
                                : options_.work == "W1c" ? paced()
                                : options_.work == "W2"  ? resumed()
                                : options_.work == "W3"  ? rebuilt()
                                                         : bothWays();
        if (!measured) return measured;
        figures.update(measured.value());
        if (Status seen = lookAfterwards(figures); !seen) return seen.error();
        return figures;
    }

private:
    struct Used {
        ProcessUsage client, source, replica;
    };

    [[nodiscard]] BenchLoad loadOf(const std::string& cluster, std::uint64_t first) const {
        return {cluster, cluster == "source" ? kSource : kReplica, first, count_, options_.batchRows, options_.clients};
    }

    Result<Used> usage() const {
        const auto client = usageOf(::getpid());
        const auto source = usageOf(world_.pidOf("source"));
        const auto replica = usageOf(world_.pidOf("replica"));
        if (!client) return client.error();
        if (!source) return source.error();
        if (!replica) return replica.error();
        return Used{client.value(), source.value(), replica.value()};
    }

    Status begin() {
        auto used = usage();
        if (!used) return used.error();
        before_ = used.value();
        return okStatus();
    }

    Result<Micros> allReadable(const std::string& cluster, const std::vector<std::string>& keys) {
        auto client = world_.connect(cluster);
        if (!client) return client.error();
        Micros lastUs = 0;
        for (const std::string& key : keys) {
            const auto readable = waitReadable(world_, *client.value(), cluster == "source" ? kSource : kReplica, key);
            if (!readable) return readable;
            lastUs = std::max(lastUs, readable.value());
        }
        return lastUs;
    }

    /// When both nodes have materialised everything.
    Result<Micros> settled() {
        const Micros endUs = steadyNowUs() + kSettleTimeoutUs;
        for (const char* cluster : {"source", "replica"}) {
            auto client = world_.connect(cluster);
            if (!client) return client.error();
            while (true) {
                const auto status = client.value()->callJson(Method::NodeStatus, Json::object());
                if (!status) return status.error();
                if (status.value().value("settled", false)) break;
                if (Status going = world_.goOn(); !going) return going.error();
                if (steadyNowUs() > endUs) return Error{ErrorCode::Timeout, "the nodes do not settle", cluster, {}};
                std::this_thread::sleep_for(kSettlePoll);
            }
        }
        return steadyNowUs();
    }

    Result<Json> shipped() {
        if (Status linked = world_.link(kSource, kReplica); !linked) return linked.error();
        if (Status begun = begin(); !begun) return begun.error();
        const auto loaded = loadRows(world_, rows_, loadOf("source", 0));
        if (!loaded) return loaded.error();
        const auto readable = allReadable("replica", loaded.value().lastKeys);
        if (!readable) return readable.error();
        const auto settledUs = settled();
        if (!settledUs) return settledUs.error();
        const Micros startUs = loaded.value().firstSentUs;
        return Json{{"src_rps", perS(count_, loaded.value().lastAckedUs - startUs)},
                    {"e2e_rps", perS(count_, readable.value() - startUs)},
                    {"settled_rps", perS(count_, settledUs.value() - startUs)}};
    }

    Result<Json> paced() {
        if (Status linked = world_.link(kSource, kReplica); !linked) return linked.error();
        if (Status begun = begin(); !begun) return begun.error();
        BenchPace pace;
        pace.seconds = options_.seconds;
        const auto latency = loadPaced(world_, rows_, pace);
        if (!latency) return latency.error();
        const std::uint64_t rows = latency.value().count() * pace.batchRows;
        return Json{{"rows", rows},
                    {"batch", pace.batchRows},
                    {"rows_per_s", pace.rowsPerS},
                    {"seconds", options_.seconds},
                    {"visible_p50_ms", msOf(latency.value().quantileUs(0.5))},
                    {"visible_p99_ms", msOf(latency.value().quantileUs(0.99))},
                    {"visible_max_ms", msOf(latency.value().maxUs())}};
    }

    Result<Json> resumed() {
        if (Status linked = world_.link(kSource, kReplica); !linked) return linked.error();
        const std::string edge = fmt::format("-path {} -replica {}", kSource, kReplica);
        if (Status paused = world_.line("maprcli table replica pause " + edge); !paused) return paused.error();
        const auto loaded = loadRows(world_, rows_, loadOf("source", 0));
        if (!loaded) return loaded.error();
        if (const auto still = settled(); !still) return still.error();
        if (Status begun = begin(); !begun) return begun.error();
        const Micros startUs = steadyNowUs();
        if (Status gone = world_.line("maprcli table replica resume " + edge); !gone) return gone.error();
        const auto readable = allReadable("replica", loaded.value().lastKeys);
        if (!readable) return readable.error();
        const auto settledUs = settled();
        if (!settledUs) return settledUs.error();
        return Json{{"src_rps", perS(count_, loaded.value().lastAckedUs - loaded.value().firstSentUs)},
                    {"e2e_rps", perS(count_, readable.value() - startUs)},
                    {"settled_rps", perS(count_, settledUs.value() - startUs)}};
    }

    /// The commands of the runbook rebuild-replica from the new table on.
    Result<Json> rebuilt() {
        const auto loaded = loadRows(world_, rows_, loadOf("source", 0));
        if (!loaded) return loaded.error();
        if (const auto still = settled(); !still) return still.error();
        if (Status begun = begin(); !begun) return begun.error();
        const std::string edge = fmt::format("-path {} -replica {}", kSource, kReplica);
        const Micros startUs = steadyNowUs();
        for (const std::string& line :
             {fmt::format("maprcli table create -path {} -copymetafrom {}", kReplica, kSource),
              "maprcli table replica add " + edge + " -paused true",
              fmt::format("maprcli table upstream add -path {} -upstream {}", kReplica, kSource)}) {
            if (Status done = world_.line(line); !done) return done.error();
        }
        const Micros copyUs = steadyNowUs();
        const std::string copy = fmt::format(
            "hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src {} -dst {} -bulkload false -mapreduce false",
            kSource, kReplica);
        if (Status copied = world_.line(copy); !copied) return copied.error();
        const Micros copiedUs = steadyNowUs();
        if (Status gone = world_.line("maprcli table replica resume " + edge); !gone) return gone.error();
        if (Status caught = world_.caughtUp(kSource, kReplica); !caught) return caught.error();
        const Micros inSyncUs = steadyNowUs();
        const auto settledUs = settled();
        if (!settledUs) return settledUs.error();
        return Json{{"src_rps", perS(count_, loaded.value().lastAckedUs - loaded.value().firstSentUs)},
                    {"copy_rps", perS(count_, copiedUs - copyUs)},
                    {"e2e_rps", perS(count_, inSyncUs - startUs)},
                    {"settled_rps", perS(count_, settledUs.value() - startUs)}};
    }

    Result<Json> bothWays() {
        if (Status linked = world_.link(kSource, kReplica); !linked) return linked.error();
        if (Status linked = world_.link(kReplica, kSource); !linked) return linked.error();
        if (Status begun = begin(); !begun) return begun.error();
        Result<BenchLoaded> there = Error{};
        std::thread other([&] { there = loadRows(world_, rows_, loadOf("replica", count_)); });
        const auto here = loadRows(world_, rows_, loadOf("source", 0));
        other.join();
        if (!here) return here.error();
        if (!there) return there.error();
        const auto arrived = allReadable("replica", here.value().lastKeys);
        if (!arrived) return arrived.error();
        const auto returned = allReadable("source", there.value().lastKeys);
        if (!returned) return returned.error();
        const auto settledUs = settled();
        if (!settledUs) return settledUs.error();
        const Micros startUs = std::min(here.value().firstSentUs, there.value().firstSentUs);
        const Micros ackedUs = std::max(here.value().lastAckedUs, there.value().lastAckedUs);
        return Json{{"src_rps", perS(2 * count_, ackedUs - startUs)},
                    {"e2e_rps", perS(2 * count_, std::max(arrived.value(), returned.value()) - startUs)},
                    {"settled_rps", perS(2 * count_, settledUs.value() - startUs)}};
    }

    Status lookAfterwards(Json& figures) {
        const auto used = usage();
        if (!used) return used.error();
        const Used& now = used.value();
        figures["cpu_s"] = Json{{"client", now.client.cpuS - before_.client.cpuS},
                                {"source", now.source.cpuS - before_.source.cpuS},
                                {"replica", now.replica.cpuS - before_.replica.cpuS}};
        figures["rss_mb"] =
            Json{{"client", now.client.rssMb}, {"source", now.source.rssMb}, {"replica", now.replica.rssMb}};
        for (const char* cluster : {"source", "replica"}) {
            auto client = world_.connect(cluster);
            if (!client) return client.error();
            const Json body{{"path", std::string(cluster) == "source" ? kSource : kReplica},
                            {"from", ""},
                            {"to", ""},
                            {"rowsperrange", 0}};
            const auto print =
                client.value()->callJson(engine::maprdb::TableMethod::Fingerprint, body, kFingerprintTimeoutMs);
            if (!print) return print.error();
            const Json ranges = print.value().value("ranges", Json::array());
            if (ranges.size() != 1)
                return Error{ErrorCode::Corrupt, "a fingerprint of one range was asked for", cluster, {}};
            figures[std::string("rows_") + cluster] = ranges[0].value("rows", std::uint64_t{0});
            figures[std::string("fingerprint_") + cluster] = ranges[0].value("hash", "");
        }
        return okStatus();
    }

    const BenchOptions& options_;
    BenchWorld& world_;
    BenchRows rows_;
    std::uint64_t count_;
    Used before_;
};

}  // namespace

Result<Json> runBench(const BenchOptions& options) {
    BenchWorldOptions worldOptions;
    worldOptions.durability = options.durability;
    worldOptions.parentDir = options.parentDir;
    worldOptions.replicaExists = options.work != "W3";
    auto world = BenchWorld::start(worldOptions);
    if (!world) return world.error();
    return Bench(options, *world.value()).run();
}

}  // namespace tributary::app
