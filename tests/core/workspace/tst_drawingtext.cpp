// Reading and patching parts of a text must give what reading and patching all of it gives.
#include "core/workspace/drawingtext.h"

#include <fmt/format.h>

#include <array>
#include <random>

#include "core/topology/edit.h"
#include "core/workspace/topologyfile.h"
#include "testmain.h"

using namespace tributary;

namespace {

/// Written as people write: blocks and braces mixed, comments between, text over several lines.
const char* const kPeoplesText = R"(# the whole company
tributary: 1   # format

clusters:      # sites
  sf: {system: maprdb, gateways: [gw-1, gw-2]}   # west
  ny:
    system: maprdb     # east
    gateways:
      - gw-3
      - {name: gw-4, address: 10.0.0.1:7660}

# tables
datasets:
  # the first
  /mapr/sf/t: {kind: binary-table, families: [a, {name: b, perms: {readperm: p}}], exists: true}
  # not there yet
  /mapr/ny/t:
    kind: binary-table
    families: [a]
    perms:
      replperm: >-
        u:ana |
        u:ben
  "/mapr/sf/s": {kind: stream, topics: [x,
     y]}
replicas:
  - {from: /mapr/sf/t, to: /mapr/ny/t, synchronous: false}   # forth

  # back
  - from: /mapr/ny/t
    to: /mapr/sf/t
    columns: |
      a,b
  - {from: /mapr/sf/s, to: /mapr/ny/s}
upstreams:
- {at: /mapr/ny/t, from: /mapr/sf/t}
- {at: /mapr/sf/t, from: /mapr/ny/t}
wan: [{between: [sf, ny], latency: 35ms}]
)";

class Dice {
public:
    explicit Dice(unsigned seed) : random_(seed) {}
    std::size_t operator()(std::size_t sides) {
        return std::uniform_int_distribution<std::size_t>(0, sides - 1)(random_);
    }

private:
    std::mt19937 random_;
};

std::vector<std::string> linesOf(const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
        out.push_back(text.substr(at, end - at));
        at = end;
    }
    return out;
}

/// What somebody may do to a text: lines go, come, move, and letters change anywhere.
std::string mangled(const std::string& text, Dice& pick) {
    static const std::array<std::string, 19> kLines{"  # a comment\n",
                                                    "      # a deep one\n",
                                                    "\n",
                                                    "  - {from: /mapr/sf/t, to: /mapr/x/y}\n",
                                                    "- {at: /mapr/sf/t, from: /mapr/x/y}\n",
                                                    "  la: {system: maprdb}\n",
                                                    "  ny: {}\n",
                                                    "  /mapr/la/t: {kind: json-table}\n",
                                                    "    paused: true\n",
                                                    "        more\n",
                                                    "replicas:\n",
                                                    "wan:\n",
                                                    "regions:\n",
                                                    "  west: {clusters: [sf]}\n",
                                                    "  - {between: [sf, ny], latency: 1ms}\n",
                                                    "...\n",
                                                    "---\n",
                                                    "    secure: yes\n",
                                                    "  - \"open\n"};
    static const std::string kLetters = "ax:{}[],#'\"-| \n/&*";
    std::vector<std::string> lines = linesOf(text);
    if (lines.empty()) return kPeoplesText;
    const std::size_t at = pick(lines.size());
    const auto place = lines.begin() + static_cast<std::ptrdiff_t>(at);
    switch (pick(8)) {
        case 0: lines.erase(place); break;
        case 1: lines.insert(place, lines[pick(lines.size())]); break;
        case 2: std::swap(lines[at], lines[pick(lines.size())]); break;
        case 3: lines[at].insert(pick(lines[at].size()), 1, kLetters[pick(kLetters.size())]); break;
        case 4: lines[at].erase(pick(lines[at].size()), 1); break;
        case 5: lines[at].insert(0, 2, ' '); break;
        default: lines.insert(place, kLines.at(pick(kLines.size()))); break;
    }
    std::string out;
    for (const std::string& line : lines) out += line;
    return out;
}

EditPtr anyEdit(const Topology& topology, Dice& pick) {
    const auto path = [&] {
        return topology.datasets.empty() || pick(4) == 0 ? fmt::format("/mapr/sf/t{}", pick(9))
                                                         : topology.datasets[pick(topology.datasets.size())].path;
    };
    const std::string here = path();
    const std::string there = path();
    Dataset dataset;
    dataset.path = here;
    dataset.topics = {"x y", "z"};
    dataset.kind = DatasetKind::Stream;
    Replica replica;
    replica.from = here;
    replica.to = there;
    Cluster cluster;
    cluster.name = fmt::format("c{}", pick(9));
    Wan wan{"sf", cluster.name, 1000, 0, 0, {}};
    switch (pick(15)) {
        case 0: return addDataset(dataset);
        case 1: return addReplica(replica);
        case 2: return addUpstream({there, here, {}});
        case 3: return removeDatasetAndEdges(topology, here);
        case 4: return removeElement(ReplicaId{here, there});
        case 5: return removeElement(UpstreamId{there, here});
        case 6: return setAttribute(DatasetId{here}, "exists", pick(2) == 0 ? "true" : "false");
        case 7: return setAttribute(DatasetId{here}, "perms.replperm", "u:ana | u:ben");
        case 8: return addCluster(cluster);
        case 9: return removeClusterAndContents(topology, cluster.name);
        case 10: return addWan(wan);
        case 11: return addRegion({pick(2) == 0 ? "west" : "east", {"sf", cluster.name}, {}});
        case 12: return setAttribute(RegionId{"west"}, "clusters", pick(2) == 0 ? "ny" : "");
        case 13: return removeElement(RegionId{pick(2) == 0 ? "west" : "east"});
        default: return renameDataset(topology, here, here + "x");
    }
}

/// Of many sites, one line per element.
std::string largeText(int clusters) {
    Topology out;
    for (int c = 0; c < clusters; ++c) {
        Cluster cluster;
        cluster.name = fmt::format("site{}", c);
        out.clusters.push_back(cluster);
        Dataset dataset;
        dataset.path = fmt::format("/mapr/site{}/t", c);
        out.datasets.push_back(dataset);
        Replica replica;
        replica.from = dataset.path;
        replica.to = fmt::format("/mapr/site{}/t", (c + 1) % clusters);
        out.replicas.push_back(replica);
        out.upstreams.push_back({replica.to, replica.from, {}});
    }
    return writeTopology(out);
}

}  // namespace

class TestDrawingText : public QObject {
    Q_OBJECT
private slots:
    void takingATextReadsWhatReadingItWholeReads_data() {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 10; ++seed) QTest::addRow("seed %u", seed) << seed;
    }
    void takingATextReadsWhatReadingItWholeReads() {
        QFETCH(unsigned, seed);
        Dice pick(seed);
        Result<DrawingText> drawing = DrawingText::read(kPeoplesText, "f");
        QVERIFY_OK(drawing);
        std::size_t taken = 0;
        for (int step = 0; step < 250; ++step) {
            std::string text = drawing->text();
            for (std::size_t changes = 1 + pick(3); changes > 0; --changes) text = mangled(text, pick);
            const Result<Topology> whole = parseTopology(text, "f");
            const std::string before = drawing->text();
            const Status took = drawing->take(text);
            QVERIFY2(took.ok() == whole.ok(), text.c_str());
            if (!whole) {
                QCOMPARE(QString::fromStdString(took.error().full()), QString::fromStdString(whole.error().full()));
                QVERIFY(drawing->text() == before);
                continue;
            }
            ++taken;
            QVERIFY(drawing->text() == text);
            QVERIFY2(*drawing->topology() == *whole, text.c_str());
        }
        QVERIFY2(taken > 20, qPrintable(QString::number(taken)));
        QVERIFY2(drawing->wholeReadings() < taken, "no change was read alone");
    }

    void patchingGivesWhatPatchingTheWholeTextGives_data() { takingATextReadsWhatReadingItWholeReads_data(); }
    void patchingGivesWhatPatchingTheWholeTextGives() {
        QFETCH(unsigned, seed);
        Dice pick(seed);
        Result<DrawingText> drawing = DrawingText::read(seed % 2 == 0 ? kPeoplesText : largeText(9), "f");
        QVERIFY_OK(drawing);
        int edits = 0;
        for (int step = 0; step < 80; ++step) {
            Topology wanted = *drawing->topology();
            bool applied = false;
            for (std::size_t count = 1 + pick(3); count > 0; --count) {
                applied = anyEdit(wanted, pick)->apply(wanted).ok() || applied;
            }
            if (!applied) continue;
            ++edits;
            const Result<PatchedText> whole = patchTopology(drawing->text(), "f", wanted);
            const Result<PatchedText> part = drawing->patched(wanted);
            QVERIFY_OK(whole);
            QVERIFY_OK(part);
            QCOMPARE(QString::fromStdString(part->text), QString::fromStdString(whole->text));
            QCOMPARE(part->rewritten, whole->rewritten);
            QVERIFY_OK(drawing->take(part->text));
            QVERIFY(sameDrawing(*drawing->topology(), wanted));
        }
        QVERIFY2(edits > 20, qPrintable(QString::number(edits)));
    }

    void anEditOfALargeDrawingReadsNoWholeText() {
        Result<DrawingText> drawing = DrawingText::read(largeText(300), "f");
        QVERIFY_OK(drawing);
        const std::string original = drawing->text();
        Topology wanted = *drawing->topology();
        // One cluster with its dataset and edges: lines of four sections.
        QVERIFY_OK(removeClusterAndContents(wanted, "site150")->apply(wanted));
        const Result<PatchedText> patched = drawing->patched(wanted);
        QVERIFY_OK(patched);
        QVERIFY_OK(drawing->take(patched->text));
        QCOMPARE(drawing->topology()->clusters.size(), std::size_t{299});
        QCOMPARE(drawing->topology()->replicas.size(), std::size_t{298});
        QVERIFY_OK(drawing->take(original));  // undo
        QVERIFY(*drawing->topology() == *parseTopology(original, "f"));
        QCOMPARE(drawing->wholeReadings(), std::size_t{0});
    }

    void aTextThatDoesNotParseLeavesWhatWasThere() {
        Result<DrawingText> drawing = DrawingText::read(kPeoplesText, "f");
        QVERIFY_OK(drawing);
        const auto topology = drawing->topology();
        QVERIFY(!drawing->take("tributary: 1\nclusters: [").ok());
        QVERIFY(drawing->text() == kPeoplesText);
        QVERIFY(drawing->topology() == topology);
    }
};
TRIBUTARY_TEST(TestDrawingText)
#include "tst_drawingtext.moc"
