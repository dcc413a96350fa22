// What the rules derive quickly must be what a plain walk over the drawing finds.
#include <fmt/format.h>

#include <random>
#include <set>

#include "core/systems/maprdb/naming.h"
#include "core/systems/maprdb/rules/context.h"
#include "rulehelp.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::test;

namespace {

class Chance {
public:
    explicit Chance(unsigned seed) : random_(seed) {}
    int operator()(int sides) { return std::uniform_int_distribution(0, sides - 1)(random_); }

private:
    std::mt19937 random_;
};

/// Loops, chains, half agreements, mistyped paths, datasets drawn twice, streams that share topics.
Topology anyDrawing(unsigned seed) {
    Chance pick(seed);
    Topology out;
    const int clusters = 1 + pick(4);
    for (int c = 0; c < clusters; ++c) {
        Cluster cluster;
        cluster.name = fmt::format("c{}", c);
        if (pick(8) == 0) cluster.system = "voltdb";
        out.clusters.push_back(cluster);
    }
    const int datasets = 2 + pick(9);
    for (int d = 0; d < datasets; ++d) {
        Dataset dataset;
        dataset.path = fmt::format("/mapr/c{}/t{}", pick(clusters + 1), pick(4));
        dataset.exists = pick(3) == 0;
        if (pick(3) == 0) {
            dataset.kind = DatasetKind::Stream;
            dataset.topics = {fmt::format("x{}", pick(3)), fmt::format("x{}", pick(3))};
        } else if (pick(3) > 0) {
            dataset.deleteTtlSeconds = pick(3) * 86400;
        }
        out.datasets.push_back(dataset);
    }
    const auto path = [&] {
        const std::string& drawn = out.datasets[static_cast<std::size_t>(pick(datasets))].path;
        return pick(15) == 0 ? drawn.substr(1) : pick(15) == 0 ? drawn + "/" : drawn;
    };
    for (int e = pick(4 * datasets); e > 0; --e) {
        Replica replica;
        replica.from = path();
        replica.to = path();
        if (pick(3) == 0) replica.columns = {fmt::format("f{}", pick(3))};
        if (pick(4) > 0) out.upstreams.push_back({replica.to, replica.from, {}});
        if (pick(4) > 0) out.replicas.push_back(std::move(replica));
    }
    for (int w = pick(5); w > 0; --w) {
        Wan wan;
        wan.a = fmt::format("c{}", pick(clusters));
        wan.b = fmt::format("c{}", pick(clusters));
        wan.outageSeconds = pick(4) * 50'000;
        out.wan.push_back(wan);
    }
    return out;
}

/// The plain way: every question walks the drawing.
class Walker {
public:
    explicit Walker(const Topology& topology) : topology_(topology) {
        for (const Replica& each : topology.replicas) {
            const Dataset* from = topology.dataset(each.from);
            const Dataset* to = topology.dataset(each.to);
            const bool usable =
                from != nullptr && to != nullptr && from != to && isMaprDb(each.from) && isMaprDb(each.to);
            if (usable) next_[each.from].insert(each.to);
        }
    }
    [[nodiscard]] bool isMaprDb(const std::string& path) const {
        const Cluster* cluster = topology_.clusterOfPath(path);
        return cluster == nullptr || cluster->system == "maprdb";  // every path here has the form
    }
    [[nodiscard]] bool reaches(const std::string& from, const std::string& to) const {
        std::set<std::string> seen;
        std::vector<std::string> open{from};
        while (!open.empty()) {
            const std::string at = open.back();
            open.pop_back();
            const auto found = next_.find(at);
            if (found == next_.end()) continue;
            for (const std::string& each : found->second) {
                if (seen.insert(each).second) open.push_back(each);
            }
        }
        return seen.contains(to);
    }
    [[nodiscard]] bool inOneLoop(const std::string& a, const std::string& b) const {
        return reaches(a, b) && reaches(b, a);
    }
    [[nodiscard]] bool mayExist(const std::string& path) const {
        const Dataset* dataset = topology_.dataset(path);
        if (dataset != nullptr && dataset->exists) return true;
        return std::any_of(topology_.datasets.begin(), topology_.datasets.end(),
                           [&](const Dataset& each) { return each.exists && reaches(each.path, path); });
    }
    [[nodiscard]] std::int64_t outage(const Dataset& dataset) const {
        std::int64_t longest = 0;
        for (const Dataset& other : topology_.datasets) {
            if (!inOneLoop(dataset.path, other.path)) continue;
            const Wan* wan = topology_.wanBetween(clusterOf(dataset.path), clusterOf(other.path));
            if (wan != nullptr) longest = std::max(longest, wan->outageSeconds);
        }
        return longest;
    }
    [[nodiscard]] bool hasReplica(const std::string& from, const std::string& to) const {
        return std::any_of(topology_.replicas.begin(), topology_.replicas.end(), [&](const Replica& each) {
            return meant(each.from) == meant(from) && meant(each.to) == meant(to);
        });
    }
    [[nodiscard]] bool hasUpstream(const std::string& at, const std::string& from) const {
        return std::any_of(topology_.upstreams.begin(), topology_.upstreams.end(), [&](const Upstream& each) {
            return meant(each.at) == meant(at) && meant(each.from) == meant(from);
        });
    }
    /// Where two streams with a common topic meet: "here|other", as often as the rule says it.
    [[nodiscard]] std::vector<std::string> collisions() const {
        std::vector<std::string> out;
        for (std::size_t i = 0; i < topology_.datasets.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                const Dataset& a = topology_.datasets[i];
                const Dataset& b = topology_.datasets[j];
                if (a.path == b.path || !bothBegin(a, b)) continue;
                if (!inOneLoop(a.path, b.path) && !meet(a, b)) continue;
                out.push_back(a.path + "|" + b.path);
            }
        }
        std::sort(out.begin(), out.end());
        return out;
    }

private:
    static std::string meant(const std::string& path) {
        const Result<DatasetPath> parsed = parseDatasetPath(path);
        return !parsed && parseDatasetPath(parsed.error().fix) ? parsed.error().fix : path;
    }
    static bool has(const Dataset& stream, const std::string& topic) {
        return stream.kind == DatasetKind::Stream &&
               std::find(stream.topics.begin(), stream.topics.end(), topic) != stream.topics.end();
    }
    /// What a stream draws and is sent one way is not its own.
    [[nodiscard]] bool begins(const Dataset& stream, const std::string& topic) const {
        return has(stream, topic) &&
               std::none_of(topology_.datasets.begin(), topology_.datasets.end(), [&](const Dataset& other) {
                   return topology_.dataset(other.path) == &other && other.path != stream.path && has(other, topic) &&
                          reaches(other.path, stream.path) && !inOneLoop(other.path, stream.path);
               });
    }
    [[nodiscard]] bool bothBegin(const Dataset& a, const Dataset& b) const {
        return std::any_of(a.topics.begin(), a.topics.end(),
                           [&](const std::string& topic) { return begins(a, topic) && begins(b, topic); });
    }
    [[nodiscard]] bool meet(const Dataset& a, const Dataset& b) const {
        return std::any_of(topology_.datasets.begin(), topology_.datasets.end(), [&](const Dataset& place) {
            return place.kind == DatasetKind::Stream && reaches(a.path, place.path) && reaches(b.path, place.path);
        });
    }

    const Topology& topology_;
    std::map<std::string, std::set<std::string>> next_;
};

std::set<std::string> pathsOf(const Topology& topology) {
    std::set<std::string> out;
    for (const Dataset& each : topology.datasets) out.insert(each.path);
    for (const Replica& each : topology.replicas) out.insert({each.from, each.to});
    for (const Upstream& each : topology.upstreams) out.insert({each.at, each.from});
    return out;
}

}  // namespace

class TestContext : public QObject {
    Q_OBJECT
private slots:
    void answersAsAPlainWalkDoes_data() {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 60; ++seed) QTest::addRow("seed %u", seed) << seed;
    }
    void answersAsAPlainWalkDoes() {
        QFETCH(unsigned, seed);
        const Topology topology = anyDrawing(seed);
        const CheckOptions options;
        const RuleContext drawing(topology, options);
        const auto& context = drawing.derived<maprdb::Context>();
        const Walker walker(topology);
        for (const std::string& a : pathsOf(topology)) {
            QCOMPARE(context.isMaprDb(a), walker.isMaprDb(a));
            QCOMPARE(context.clusterOfPath(a), topology.clusterOfPath(a));
            QCOMPARE(context.mayExist(a), walker.mayExist(a));
            QCOMPARE(context.isMaster(a), walker.inOneLoop(a, a));
            for (const std::string& b : pathsOf(topology)) {
                QCOMPARE(context.reaches(a, b), walker.reaches(a, b));
                QCOMPARE(context.inOneLoop(a, b), walker.inOneLoop(a, b));
                QCOMPARE(context.hasReplica(a, b), walker.hasReplica(a, b));
                QCOMPARE(context.hasUpstream(a, b), walker.hasUpstream(a, b));
                QCOMPARE(context.index.replica(a, b), topology.replica(a, b));
                QCOMPARE(context.index.upstream(a, b), topology.upstream(a, b));
            }
        }
        for (const Dataset& each : topology.datasets) {
            QCOMPARE(context.loopOutageSeconds(each), walker.outage(each));
            std::vector<const Dataset*> loop;
            for (const Dataset& other : topology.datasets) {
                if (walker.inOneLoop(each.path, other.path)) loop.push_back(&other);
            }
            const auto quick = context.loopOf(each.path);
            QVERIFY(std::equal(quick.begin(), quick.end(), loop.begin(), loop.end()));
        }
        for (const Cluster& a : topology.clusters) {
            for (const Cluster& b : topology.clusters) {
                QCOMPARE(context.index.wanBetween(a.name, b.name), topology.wanBetween(a.name, b.name));
            }
        }
    }

    void streamsCollideWhereAPlainWalkFindsIt_data() { answersAsAPlainWalkDoes_data(); }
    void streamsCollideWhereAPlainWalkFindsIt() {
        QFETCH(unsigned, seed);
        const Topology topology = anyDrawing(seed);
        std::vector<std::string> found;
        for (const Finding& each : findingsOf(checkTopology(topology), "maprdb.stream-topic-collision")) {
            // "topic 'x' is produced at OTHER and at HERE: ..."
            const std::size_t at = each.reason.find(" at ") + 4;
            found.push_back(each.where + "|" + each.reason.substr(at, each.reason.find(' ', at) - at));
        }
        std::sort(found.begin(), found.end());
        QVERIFY2(found == Walker(topology).collisions(), qPrintable(QString::number(found.size())));
    }

    void aChainOfThousandsEndsNoStack() {
        Topology topology;
        for (int i = 0; i < 20'000; ++i) {
            Dataset dataset;
            dataset.path = fmt::format("/mapr/c/t{}", i);
            topology.datasets.push_back(dataset);
            Replica replica;
            replica.from = dataset.path;
            replica.to = fmt::format("/mapr/c/t{}", (i + 1) % 20'000);
            topology.replicas.push_back(replica);
        }
        const CheckOptions options;
        const RuleContext drawing(topology, options);
        const auto& context = drawing.derived<maprdb::Context>();
        QVERIFY(context.inOneLoop("/mapr/c/t0", "/mapr/c/t19999"));
        QCOMPARE(context.loopOf("/mapr/c/t7").size(), std::size_t{20'000});
    }
};
TRIBUTARY_TEST(TestContext)
#include "tst_context.moc"
