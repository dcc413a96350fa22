// Patching: the drawing changes, the rest of the text does not.
#include "core/workspace/topologypatch.h"

#include <random>

#include "core/workspace/topologyfile.h"
#include "testmain.h"

using namespace tributary;

namespace {

const char* const kText = R"(# the whole company
tributary: 1   # format

clusters:      # sites
  sf: {system: maprdb, gateways: [gw-1, gw-2]}   # west
  ny:
    system: maprdb     # east
    gateways:
      - gw-3
      - gw-4
# tables
datasets:
  /mapr/sf/t: {kind: binary-table, families: [a, "b-c"], exists: true}
  # not there yet
  /mapr/ny/t: {kind: binary-table, families: [a]}
replicas:
  - {from: /mapr/sf/t, to: /mapr/ny/t, synchronous: false}   # forth

  # back
  - from: /mapr/ny/t
    to: /mapr/sf/t
    throttle: true     # for now
upstreams:
  - {at: /mapr/ny/t, from: /mapr/sf/t}
wan: [{between: [sf, ny], latency: 35ms}]
)";

QString patched(const char* text, const EditPtr& edit) {
    const Result<PatchedText> out = patchTopology(text, "f", *edit);
    if (!out) return QString::fromStdString(out.error().full());
    return (out->rewritten ? QStringLiteral("REWRITTEN\n") : QString()) + QString::fromStdString(out->text);
}

/// kText with one part replaced.
QString changed(const char* from, const char* to) {
    QString text = QString::fromUtf8(kText);
    const auto at = text.indexOf(QString::fromUtf8(from));
    return at < 0 ? QStringLiteral("no such part")
                  : text.replace(at, QString::fromUtf8(from).size(), QString::fromUtf8(to));
}

}  // namespace

class TestTopologyPatch : public QObject {
    Q_OBJECT
private slots:
    void addsALineAfterTheLastOfItsSection() {
        QCOMPARE(patched(kText, addUpstream({"/mapr/sf/t", "/mapr/ny/t", {}})),
                 changed("  - {at: /mapr/ny/t, from: /mapr/sf/t}\n",
                         "  - {at: /mapr/ny/t, from: /mapr/sf/t}\n  - {at: /mapr/sf/t, from: /mapr/ny/t}\n"));
        Dataset dataset;
        dataset.path = "/mapr/ny/s";
        dataset.kind = DatasetKind::Stream;
        QCOMPARE(patched(kText, addDataset(dataset)),
                 changed("families: [a]}\n", "families: [a]}\n  /mapr/ny/s: {kind: stream}\n"));
        Replica replica;
        replica.from = "/mapr/sf/t";
        replica.to = "/mapr/sf/u";
        QCOMPARE(patched(kText, addReplica(replica)),
                 changed("# for now\n", "# for now\n  - {from: /mapr/sf/t, to: /mapr/sf/u}\n"));
        Cluster cluster;
        cluster.name = "sg";
        QCOMPARE(patched(kText, addCluster(cluster)),
                 changed("      - gw-4\n", "      - gw-4\n  sg: {system: maprdb}\n"));
        QCOMPARE(patched(kText, addWan({"sf", "sg", 1000, 0, 0, {}})),
                 changed("latency: 35ms}]", "latency: 35ms}, {between: [sf, sg], latency: 1ms}]"));
    }

    void changesOneValueWhereItStands() {
        QCOMPARE(patched(kText, setAttribute(ReplicaId{"/mapr/sf/t", "/mapr/ny/t"}, "synchronous", "true")),
                 changed("synchronous: false", "synchronous: true"));
        QCOMPARE(patched(kText, setAttribute(ClusterId{"ny"}, "system", "voltdb")),
                 changed("system: maprdb     # east\n    gateways:\n      - gw-3\n      - gw-4\n",
                         "system: voltdb     # east\n"));  // which has no gateways
        QCOMPARE(patched(kText, setAttribute(DatasetId{"/mapr/sf/t"}, "families", "a")),
                 changed("families: [a, \"b-c\"]", "families: [a]"));
        QCOMPARE(patched(kText, setAttribute(WanId{"sf", "ny"}, "latency", "2ms")), changed("35ms", "2ms"));
    }

    void insertsAndRemovesAKey() {
        QCOMPARE(patched(kText, setAttribute(ReplicaId{"/mapr/sf/t", "/mapr/ny/t"}, "paused", "true")),
                 changed("synchronous: false}", "synchronous: false, paused: true}"));
        QCOMPARE(patched(kText, setAttribute(ReplicaId{"/mapr/ny/t", "/mapr/sf/t"}, "paused", "true")),
                 changed("# for now\n", "# for now\n    paused: true\n"));
        QCOMPARE(patched(kText, setAttribute(DatasetId{"/mapr/sf/t"}, "exists", std::nullopt)),
                 changed(", exists: true", ""));
        QCOMPARE(patched(kText, setAttribute(ReplicaId{"/mapr/ny/t", "/mapr/sf/t"}, "throttle", std::nullopt)),
                 changed("    throttle: true     # for now\n", ""));
    }

    void removesAnElementWithItsLines() {
        QCOMPARE(patched(kText, removeElement(ReplicaId{"/mapr/ny/t", "/mapr/sf/t"})),
                 changed("  - from: /mapr/ny/t\n    to: /mapr/sf/t\n    throttle: true     # for now\n", ""));
        QCOMPARE(patched(kText, removeElement(DatasetId{"/mapr/sf/t"})),
                 changed("  /mapr/sf/t: {kind: binary-table, families: [a, \"b-c\"], exists: true}\n", ""));
        QCOMPARE(patched(kText, removeElement(WanId{"sf", "ny"})),
                 changed("[{between: [sf, ny], latency: 35ms}]", "[]"));
    }

    void changesRegionsAndKeepsTheirComments() {
        const char* text =
            "tributary: 1\n# how we look at it\nregions:\n  west: {clusters: [sf]}  # the coast\n"
            "  # and the others\n  east:\n    clusters: [ny]  # for now\n";
        const auto replacedIn = [&](const char* from, const char* to) {
            return QString::fromUtf8(text).replace(QString::fromUtf8(from), QString::fromUtf8(to));
        };
        QCOMPARE(patched(text, replaceRegion("west", {"west", {"sf", "la"}, {}})), replacedIn("[sf]", "[sf, la]"));
        QCOMPARE(patched(text, replaceRegion("east", {"east", {"ny", "dc"}, {}})), replacedIn("[ny]", "[ny, dc]"));
        QCOMPARE(patched(text, addRegion({"asia", {"sg"}, {}})),
                 QString::fromUtf8(text) + QStringLiteral("  asia: {clusters: [sg]}\n"));
        QCOMPARE(patched(text, removeElement(RegionId{"west"})),
                 replacedIn("  west: {clusters: [sf]}  # the coast\n", ""));
        QCOMPARE(patched("tributary: 1\nclusters: {sf: {}}\n", addRegion({"west", {"sf"}, {}})),
                 QStringLiteral("tributary: 1\nclusters: {sf: {}}\nregions:\n  west: {clusters: [sf]}\n"));
    }

    void makesAMissingSection() {
        const char* text = "tributary: 1\nclusters: {a: {}}  # one\nreplicas:\n# end";
        QCOMPARE(patched(text, addUpstream({"b", "a", {}})),
                 QString::fromUtf8(text) + QStringLiteral("\nupstreams:\n  - {at: b, from: a}\n"));
        Replica replica;
        replica.from = "a";
        replica.to = "b";
        QCOMPARE(patched(text, addReplica(replica)),
                 QStringLiteral("tributary: 1\nclusters: {a: {}}  # one\nreplicas:\n  - {from: a, to: b}\n# end"));
        Cluster cluster;
        cluster.name = "b";
        QCOMPARE(patched(text, addCluster(cluster)),
                 QStringLiteral("tributary: 1\nclusters: {a: {}, b: {system: maprdb}}  # one\nreplicas:\n# end"));
    }

    void anUnchangedDrawingKeepsEveryByte() {
        const Result<Topology> topology = parseTopology(kText, "f");
        QVERIFY_OK(topology);
        const Result<PatchedText> out = patchTopology(kText, "f", *topology);
        QVERIFY_OK(out);
        QCOMPARE(QString::fromStdString(out->text), QString::fromUtf8(kText));
    }

    void fallsBackToWritingAnewAndKeepsTheHead() {
        const char* text = "# mine\n{tributary: 1, clusters: {a: {}}}\n";
        QCOMPARE(patched(text, setAttribute(ClusterId{"a"}, "secure", "true")),
                 QStringLiteral("REWRITTEN\n# mine\ntributary: 1\nclusters:\n  a: {system: maprdb, secure: true}\n"));
    }

    void refusesABrokenTextAndAFailedEdit() {
        QVERIFY(!patchTopology("tributary: 1\nx: 1\n", "f", Topology{}).ok());
        const Result<PatchedText> out = patchTopology(kText, "f", *removeElement(ClusterId{"nowhere"}));
        QVERIFY(!out.ok());
        QCOMPARE(out.error().code, ErrorCode::NotFound);
    }

    void drawsWhatIsWantedAfterAnyChange_data() {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 30; ++seed) QTest::addRow("seed %u", seed) << seed;
    }
    void drawsWhatIsWantedAfterAnyChange() {
        QFETCH(unsigned, seed);
        std::mt19937 random(seed);
        const auto pick = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
        const std::array<std::string, 4> paths{"/mapr/sf/t", "/mapr/ny/t", "/mapr/sf/odd, name", "/mapr/ny/u"};
        std::string text = kText;
        Result<Topology> topology = parseTopology(text, "f");
        for (int step = 0; step < 25; ++step) {
            const std::string here = paths.at(pick(4));
            const std::string there = paths.at(pick(4));
            Dataset dataset;
            dataset.path = here;
            Replica replica;
            replica.from = here;
            replica.to = there;
            replica.columns = {"a", "b:c d"};
            const std::array<EditPtr, 9> edits{
                addDataset(dataset),
                addReplica(replica),
                addUpstream({here, there, {}}),
                removeElement(DatasetId{here}),
                removeElement(ReplicaId{here, there}),
                removeElement(UpstreamId{here, there}),
                setAttribute(DatasetId{here}, "families", "a,x y,{z}"),
                setAttribute(ReplicaId{here, there}, "paused", pick(2) == 0 ? "true" : "false"),
                setAttribute(DatasetId{here}, "perms.replperm", "u:ana | u:ben")};
            const auto inverse = edits.at(pick(edits.size()))->apply(*topology);
            if (!inverse) continue;
            const Result<PatchedText> out = patchTopology(text, "f", *topology);
            QVERIFY_OK(out);
            QVERIFY2(!out->rewritten, out->text.c_str());
            QVERIFY(out->text.starts_with("# the whole company\ntributary: 1   # format\n"));
            text = out->text;
            topology = parseTopology(text, "f");
            QVERIFY_OK(topology);
        }
    }
};
TRIBUTARY_TEST(TestTopologyPatch)
#include "tst_topologypatch.moc"
