// The agreement's limits and halves.
#include "rulehelp.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::test;

namespace {

/// A hub with `count` spokes, every edge agreed; the hub is the source, or the replica.
Topology hub(int count, bool hubSends) {
    Topology out;
    for (const char* name : {"hub", "spokes"}) {
        Cluster cluster;
        cluster.name = name;
        cluster.gateways = {{std::string(name) + "-1", "", {}}, {std::string(name) + "-2", "", {}}};
        out.clusters.push_back(cluster);
    }
    Dataset centre;
    centre.path = "/mapr/hub/t";
    centre.exists = true;
    out.datasets.push_back(centre);
    for (int i = 0; i < count; ++i) {
        Dataset spoke = centre;
        spoke.path = "/mapr/spokes/t" + std::to_string(i);
        out.datasets.push_back(spoke);
        Replica replica;
        replica.from = hubSends ? centre.path : spoke.path;
        replica.to = hubSends ? spoke.path : centre.path;
        Upstream upstream;
        upstream.at = replica.to;
        upstream.from = replica.from;
        out.replicas.push_back(replica);
        out.upstreams.push_back(upstream);
    }
    return out;
}

}  // namespace

class TestAgreement : public QObject {
    Q_OBJECT
private slots:
    void allows64ReplicasAndRefusesThe65th() {
        QVERIFY(checkTopology(hub(64, true)).empty());
        const auto found = checkTopology(hub(65, true));
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found[0].rule, std::string("maprdb.replica-limit"));
        QCOMPARE(found[0].where, std::string("/mapr/hub/t -> /mapr/spokes/t64"));
        QVERIFY(found[0].edit != nullptr);
    }
    void allows64UpstreamsAndRefusesThe65th() {
        QVERIFY(findingsOf(checkTopology(hub(64, false)), "maprdb.upstream-limit").empty());
        const auto found = findingsOf(checkTopology(hub(65, false)), "maprdb.upstream-limit");
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found[0].where, std::string("/mapr/hub/t <- /mapr/spokes/t64"));
        QVERIFY(findingsOf(checkTopology(hub(65, false)), "maprdb.replica-limit").empty());
    }
    void aDuplicateDoesNotCountTowardsTheLimit() {
        Topology topology = hub(64, true);
        topology.replicas.push_back(topology.replicas.front());
        const auto found = checkTopology(topology);
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found[0].rule, std::string("maprdb.replica-duplicate"));
    }
    void theFixOfAMissingHalfIsThatHalf() {
        Topology topology = hub(1, true);
        topology.upstreams.clear();
        const auto found = checkTopology(topology);
        QCOMPARE(found.size(), std::size_t{1});
        const auto mended = found[0].edit->apply(topology);
        QVERIFY_OK(mended);
        QVERIFY(topology.upstream("/mapr/spokes/t0", "/mapr/hub/t") != nullptr);
        QVERIFY(checkTopology(topology).empty());
    }
    void ignoresClustersOfOtherSystems() {
        Topology topology = hub(65, true);
        topology.upstreams.clear();
        for (Cluster& cluster : topology.clusters) cluster.system = "tarantool";
        for (const Finding& each : checkTopology(topology)) {
            QVERIFY2(!each.rule.starts_with("maprdb."), each.rule.c_str());
        }
    }
};
TRIBUTARY_TEST(TestAgreement)
#include "tst_agreement.moc"
