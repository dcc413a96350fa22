// Reversible edits: what they do, and that undo is total.
#include "core/topology/edit.h"

#include <random>

#include "testmain.h"

using namespace tributary;

namespace {

Cluster namedCluster(std::string name) {
    Cluster out;
    out.name = std::move(name);
    return out;
}
Dataset dataset(std::string path) {
    Dataset out;
    out.path = std::move(path);
    out.pos = {7, 3};
    return out;
}
Replica replica(std::string from, std::string to) {
    Replica out;
    out.from = std::move(from);
    out.to = std::move(to);
    out.pos = {9, 5};
    return out;
}
Upstream upstream(std::string at, std::string from) {
    Upstream out;
    out.at = std::move(at);
    out.from = std::move(from);
    return out;
}

Topology pair() {
    Topology out;
    out.clusters = {namedCluster("sf"), namedCluster("ny")};
    out.datasets = {dataset("/mapr/sf/t"), dataset("/mapr/ny/t")};
    out.replicas = {replica("/mapr/sf/t", "/mapr/ny/t"), replica("/mapr/ny/t", "/mapr/sf/t")};
    out.upstreams = {upstream("/mapr/ny/t", "/mapr/sf/t"), upstream("/mapr/sf/t", "/mapr/ny/t")};
    Wan wan;
    wan.a = "sf";
    wan.b = "ny";
    out.wan = {wan};
    return out;
}

/// A random edit over a small world of names, so that many of them meet and some fail.
EditPtr randomEdit(std::mt19937& random, const Topology& topology) {
    const auto pick = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
    const std::array<std::string, 3> names{"sf", "ny", "sg"};
    const auto name = [&] { return names.at(pick(3)); };
    const auto path = [&] { return "/mapr/" + name() + (pick(2) == 0 ? "/t" : "/u"); };
    const auto region = [&] { return pick(2) == 0 ? std::string("west") : std::string("east"); };
    switch (pick(19)) {
        case 0: return addCluster(namedCluster(name()));
        case 1: return addDataset(dataset(path()));
        case 2: return addReplica(replica(path(), path()));
        case 3: return addUpstream(upstream(path(), path()));
        case 4: return removeElement(ClusterId{name()});
        case 5: return removeElement(DatasetId{path()});
        case 6: return removeElement(ReplicaId{path(), path()});
        case 7: return removeElement(UpstreamId{path(), path()});
        case 8: return removeElement(WanId{name(), name()});
        case 9: return setAttribute(DatasetId{path()}, "families", "profile,orders");
        case 10: return setAttribute(DatasetId{path()}, "path", path());
        case 11: return setAttribute(ReplicaId{path(), path()}, "synchronous", pick(2) == 0 ? "true" : "perhaps");
        case 12: return renameDataset(topology, path(), path());
        case 13: return removeClusterAndContents(topology, name());
        case 14: return addRegion({region(), {name(), name()}, {}});
        case 15: return removeElement(RegionId{region()});
        case 16: return replaceRegion(region(), {region(), {name()}, {}});
        case 17: return setAttribute(RegionId{region()}, "clusters", pick(2) == 0 ? "sf,ny" : "");
        default: {
            Wan wan;
            wan.a = name();
            wan.b = name();
            return addWan(wan);
        }
    }
}

}  // namespace

class TestEdit : public QObject {
    Q_OBJECT
private slots:
    void undoesEveryEditTotally_data() {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 40; ++seed) QTest::addRow("seed %u", seed) << seed;
    }
    void undoesEveryEditTotally() {
        QFETCH(unsigned, seed);
        std::mt19937 random(seed);
        Topology topology = pair();
        // A broken drawing holds duplicates; undo must restore those too.
        topology.replicas.push_back(topology.replicas.front());
        topology.replicas.back().paused = true;
        std::vector<Topology> history{topology};
        std::vector<EditPtr> undo;
        int failed = 0;
        for (int step = 0; step < 60; ++step) {
            const EditPtr edit = randomEdit(random, topology);
            const Topology before = topology;
            const Result<EditPtr> inverse = edit->apply(topology);
            if (!inverse) {
                QVERIFY(topology == before);
                ++failed;
                continue;
            }
            undo.push_back(*inverse);
            history.push_back(topology);
        }
        QVERIFY(!undo.empty() && failed > 0);
        std::vector<EditPtr> redo;
        for (std::size_t i = undo.size(); i-- > 0;) {
            const Result<EditPtr> inverse = undo[i]->apply(topology);
            QVERIFY_OK(inverse);
            redo.push_back(*inverse);
            QVERIFY2(topology == history[i], qPrintable(QStringLiteral("undo of step %1").arg(i)));
        }
        for (std::size_t i = redo.size(); i-- > 0;) {
            const Result<EditPtr> inverse = redo[i]->apply(topology);
            QVERIFY_OK(inverse);
            QVERIFY2(topology == history[redo.size() - i], redo[i]->title().c_str());
        }
    }

    void refusesWhatIsThereOrIsNot() {
        Topology topology = pair();
        const auto added = addReplica(replica("/mapr/sf/t", "/mapr/ny/t"))->apply(topology);
        QVERIFY(!added.ok());
        QCOMPARE(added.error().code, ErrorCode::AlreadyExists);
        const auto removed = removeElement(ClusterId{"sg"})->apply(topology);
        QVERIFY(!removed.ok());
        QCOMPARE(removed.error().code, ErrorCode::NotFound);
        QVERIFY(topology == pair());
    }

    void aGroupThatFailsChangesNothing() {
        Topology topology = pair();
        const EditPtr group = groupEdit("two", {addCluster(namedCluster("sg")), removeElement(ClusterId{"nowhere"})});
        QVERIFY(!group->apply(topology).ok());
        QVERIFY(topology == pair());
    }

    void findsAWanLineInEitherDirection() {
        Topology topology = pair();
        const auto done = setAttribute(WanId{"ny", "sf"}, "latency", "35ms")->apply(topology);
        QVERIFY_OK(done);
        QCOMPARE(topology.wan.front().latencyUs, Micros{35'000});
        QVERIFY(topology.wanBetween("ny", "sf") == topology.wanBetween("sf", "ny"));
    }

    void removesADatasetWithItsEdges() {
        Topology topology = pair();
        const auto done = removeDatasetAndEdges(topology, "/mapr/ny/t")->apply(topology);
        QVERIFY_OK(done);
        QCOMPARE(topology.datasets.size(), std::size_t{1});
        QVERIFY(topology.replicas.empty() && topology.upstreams.empty());
    }

    void edgesFollowARenamedDataset() {
        Topology topology = pair();
        const auto done = renameDataset(topology, "/mapr/ny/t", "/mapr/ny/clients")->apply(topology);
        QVERIFY_OK(done);
        QVERIFY(topology.dataset("/mapr/ny/clients") != nullptr);
        QVERIFY(topology.replica("/mapr/sf/t", "/mapr/ny/clients") != nullptr);
        QVERIFY(topology.upstream("/mapr/sf/t", "/mapr/ny/clients") != nullptr);
    }

    void aRegionGoesOnWithoutARemovedCluster() {
        Topology topology = pair();
        topology.regions = {{"coasts", {"sf", "ny"}, {}}, {"east", {"ny"}, {}}};
        const auto undo = removeClusterAndContents(topology, "ny")->apply(topology);
        QVERIFY_OK(undo);
        QCOMPARE(topology.regions.size(), std::size_t{1});
        QCOMPARE(topology.region("coasts")->clusters, std::vector<std::string>{"sf"});
        QVERIFY(topology.regionOf("ny") == nullptr && topology.regionOf("sf") == topology.region("coasts"));
        QVERIFY_OK((*undo)->apply(topology));
        QCOMPARE(topology.regions.size(), std::size_t{2});
        QVERIFY(topology.regionOf("ny") == topology.region("coasts"));
        QCOMPARE(addRegion({"bad name", {}, {}})->apply(topology).error().code, ErrorCode::InvalidInput);
    }

    void saysWhatItDoes() {
        QCOMPARE(addReplica(replica("/mapr/a/t", "/mapr/b/t"))->title(),
                 std::string("Add replica /mapr/a/t -> /mapr/b/t"));
        QCOMPARE(setAttribute(DatasetId{"/mapr/a/t"}, "exists", "true")->title(),
                 std::string("Set exists of dataset /mapr/a/t to true"));
    }
};
TRIBUTARY_TEST(TestEdit)
#include "tst_edit.moc"
