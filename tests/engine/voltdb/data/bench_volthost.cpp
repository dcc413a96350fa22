// Rates of one host on the real machine, and what a killed process leaves: bench_volthost DIR rate ROWS seq|rnd BATCH
// SITES [LOG] prints rows a second; bench_volthost DIR fill prints what was acknowledged until it is killed;
// bench_volthost DIR count prints what is there.
#include <fmt/format.h>

#include <QCoreApplication>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>

#include "engine/machine/realfileops.h"
#include "engine/net/nodethread.h"
#include "engine/node/node.h"
#include "engine/systems/voltdb/data/voltcontrol.h"
#include "engine/systems/voltdb/voltdbkinds.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::voltdb;

namespace {

constexpr std::size_t kInFlight = 1000;
constexpr std::size_t kInFlightRows = 4000;
constexpr std::size_t kTextBytes = 100;

/// A host on a thread of its own; calls are made on that thread and answered there.
class Host {
public:
    Host(const std::string& dir, int sites, const std::string& commandLog)
        : thread_("host", SharedSeams{workers_, files_, {}, false}) {
        settings_->sitesPerHost = sites;
        settings_->commandLog = commandLog;
        NodeConfig config;
        config.cluster = "bench";
        config.volumeDir = dir;
        config.key = "key";
        tellHost(config, settings_);
        Status begun = thread_.run([&]() -> Status {
            auto made = Node::start(thread_.seams(), config, pool_);
            if (!made) return made.error();
            node_ = std::move(made).value();
            hostOf(*node_).begin([this](const Status& status) { tell(status); });
            return okStatus();
        });
        if (begun) begun = wait();
        if (!begun) fail(begun.error());
    }
    ~Host() {
        thread_.run([&] { node_->prepareStop(); });
        thread_.settleWorkers(RealWorkers::Pending::Finish);
        thread_.run([&] {
            (void)node_->stopCleanly();
            node_.reset();
        });
    }
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    VoltAnswer call(const VoltCall& asked) {
        VoltAnswer out;
        thread_.run([&] {
            hostOf(*node_).call(asked, [&](VoltAnswer answer) {
                out = std::move(answer);
                tell(okStatus());
            });
        });
        (void)wait();
        return out;
    }
    /// Keeps `inFlight` calls under way; `make` gives the next one, nullopt ends it. `seen` hears of each answer.
    void run(std::size_t inFlight, std::function<std::optional<VoltCall>()> make, std::function<void(bool)> seen) {
        make_ = std::move(make);
        seen_ = std::move(seen);
        thread_.run([&] {
            for (std::size_t i = 0; i < inFlight; ++i) next();
        });
        (void)wait();
    }

private:
    void next() {
        const auto call = make_();
        if (!call) {
            if (open_ == 0) tell(okStatus());
            return;
        }
        ++open_;
        hostOf(*node_).call(*call, [this](const VoltAnswer& answer) {
            --open_;
            if (!answer.ok()) std::fprintf(stderr, "%s\n", answer.text.c_str());
            seen_(answer.ok());
            thread_.seams().executor.post([this] { next(); });
        });
    }
    void tell(Status status) {
        const std::lock_guard lock(mutex_);
        told_ = std::move(status);
        changed_.notify_one();
    }
    Status wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return told_.has_value(); });
        const Status out = *told_;
        told_.reset();
        return out;
    }
    [[noreturn]] static void fail(const Error& error) {
        std::fprintf(stderr, "%s\n", error.full().c_str());
        std::exit(1);
    }

    std::shared_ptr<VoltSettings> settings_ = std::make_shared<VoltSettings>();
    RealFileOps files_;
    RealWorkers workers_;
    MemoryPool pool_{256U << 20U};
    NodeThread thread_;
    std::unique_ptr<Node> node_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<Status> told_;
    std::function<std::optional<VoltCall>()> make_;
    std::function<void(bool)> seen_;
    std::size_t open_ = 0;
};

std::int64_t keyOf(std::size_t i, bool isRandom) {
    if (!isRandom) return static_cast<std::int64_t>(i);
    std::uint64_t x = i + 1;  // a permutation of 64 bits: no key comes twice
    x *= 0x9e3779b97f4a7c15ULL;
    x ^= x >> 32U;
    x *= 0xd6e8feb86659fd93ULL;
    return static_cast<std::int64_t>(x >> 1U);
}

void makeTables(Host& host) {
    const auto made =
        host.call({"@AdHoc",
                   {std::string("CREATE TABLE t (k BIGINT NOT NULL, n BIGINT, v VARCHAR(200), PRIMARY KEY (k)); "
                                "PARTITION TABLE t ON COLUMN k; DR TABLE t")}});
    if (!made.ok()) std::fprintf(stderr, "%s\n", made.text.c_str());
}

void rate(Host& host, std::size_t rows, bool isRandom, std::size_t batch) {
    const std::string text(kTextBytes, 'x');
    std::size_t at = 0;
    const auto one = [&]() -> std::optional<VoltCall> {
        if (at >= rows) return std::nullopt;
        const std::int64_t key = keyOf(at, isRandom);
        return VoltCall{"T.insert", {key, static_cast<std::int64_t>(at++), text}};
    };
    const auto many = [&]() -> std::optional<VoltCall> {
        if (at >= rows) return std::nullopt;
        ResultTable table{{{"K", ColumnType::Bigint}, {"N", ColumnType::Bigint}, {"V", ColumnType::Varchar}}, {}};
        table.rows.reserve(batch);
        for (std::size_t i = 0; i < batch && at < rows; ++i, ++at) {
            table.rows.push_back({keyOf(at, isRandom), static_cast<std::int64_t>(at), text});
        }
        Bytes encoded;
        appendTable(encoded, table);
        return VoltCall{"@LoadMultipartitionTable", {std::string("T"), std::int64_t{0}, std::move(encoded)}};
    };
    const auto from = std::chrono::steady_clock::now();
    if (batch == 1) {
        host.run(kInFlight, one, [](bool) {});
    } else {
        host.run(std::max<std::size_t>(1, kInFlightRows / batch), many, [](bool) {});
    }
    const double s = std::chrono::duration<double>(std::chrono::steady_clock::now() - from).count();
    std::printf("%zu rows, %s, %zu a transaction: %.0f rows/s (%.2f s)\n", rows, isRandom ? "rnd" : "seq", batch,
                static_cast<double>(rows) / s, s);
    const auto count = host.call({"@AdHoc", {std::string("SELECT count(*), sum(n) FROM t")}});
    std::printf("there are %lld\n", static_cast<long long>(std::get<std::int64_t>(count.tables[0].rows[0][0])));
}

}  // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const std::vector<std::string> words(argv + 1, argv + argc);
    if (words.size() < 2) return 2;
    const int sites = words.size() > 5 ? std::stoi(words[5]) : 2;
    Host host(words[0], sites, words.size() > 6 ? words[6] : "synchronous");
    if (words[1] == "count") {
        const auto count = host.call({"@AdHoc", {std::string("SELECT count(*), max(k) FROM t")}});
        if (!count.ok()) std::printf("%s\n", count.text.c_str());
        for (const auto& value : count.ok() ? count.tables[0].rows[0] : RowImage()) {
            const auto* number = std::get_if<std::int64_t>(&value);
            std::printf("%lld ", static_cast<long long>(number == nullptr ? -1 : *number));
        }
        std::printf("\n");
        return 0;
    }
    if (words[1] == "rate") {
        makeTables(host);
        rate(host, std::stoul(words[2]), words[3] == "rnd", std::stoul(words[4]));
        return 0;
    }
    const auto there = host.call({"@AdHoc", {std::string("SELECT count(*) FROM t")}});
    if (!there.ok()) makeTables(host);
    std::int64_t at = there.ok() ? std::get<std::int64_t>(there.tables[0].rows[0][0]) : 0;
    std::int64_t acknowledged = at;
    host.run(
        100,
        [&]() -> std::optional<VoltCall> {
            return VoltCall{"T.insert", {at++, at, std::string(kTextBytes, 'x')}};
        },
        [&](bool ok) {
            if (!ok || ++acknowledged % 100 != 0) return;
            std::printf("%lld\n", static_cast<long long>(acknowledged));
            std::fflush(stdout);
        });
    return 0;
}
