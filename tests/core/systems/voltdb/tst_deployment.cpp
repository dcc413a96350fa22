// Deployment files out of a drawing and back, and patched where they are.
#include "core/systems/voltdb/deployment.h"

#include <fmt/format.h>

#include <random>

#include "core/topology/edit.h"
#include "core/workspace/topologyfile.h"
#include "rulehelp.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::voltdb;

namespace {

/// What somebody wrote by hand.
const std::string kByHand = R"(<?xml version="1.0" encoding="UTF-8"?>
<!-- the west, since 2019 -->
<deployment>
  <cluster hostcount="1" kfactor="0" sitesperhost="8"/>
  <!-- replication; see the handbook -->
  <dr role="replica" id='2'>
    <connection source="e1 , e2" ssl="/etc/dr.properties"/>  <!-- both -->
  </dr>
  <commandlog enabled="1" synchronous="true" logsize="5120">
    <frequency time="200"/>
  </commandlog>
  <security enabled="true"/>
</deployment>
)";

const std::string kPair = R"(tributary: 1
clusters:
  east: {system: voltdb, id: 1, members: {e1: {}, e2: {}}, kfactor: 1, command-log: synchronous}
  west: {system: voltdb, id: 2, role: replica, members: {w1: {}}, command-log: synchronous}
connections:
  - {at: west, from: east}
)";

Topology drawn(const std::string& text) {
    const Result<Topology> loaded = parseTopology(text, "f");
    return loaded ? *loaded : Topology{};
}

std::string patchedWest(const std::string& text, const Topology& topology) {
    const Result<std::string> out = patchDeployment(text, "west.xml", topology, "west");
    return out ? *out : out.error().full();
}

}  // namespace

class TestDeployment : public QObject {
    Q_OBJECT
private slots:
    void aNewFileSaysWhatIsDrawn() {
        const auto files = deriveDeployments(drawn(R"(tributary: 1
clusters:
  east: {system: voltdb, id: 1, members: {e1: {listen: 'dr.e1:5600'}, e2: {}}, sites-per-host: 2, kfactor: 1,
         port: 5556, command-log: off}
  west:
    system: voltdb
    id: 2
    role: replica
    members: {w1: {}}
    command-log: synchronous
    overflow: /data/dr
    overflow-limit: '80%'
    flush-interval: 1500ms
    max-buffers: 10
connections:
  - {at: west, from: east, preferred: true}
)"));
        QVERIFY_OK(files);
        QCOMPARE(files->size(), std::size_t{2});
        QCOMPARE(files->front().text, std::string(R"(<?xml version="1.0"?>
<deployment>
    <cluster hostcount="2" sitesperhost="2" kfactor="1" />
    <commandlog enabled="false" />
    <dr id="1" port="5556" />
</deployment>
)"));
        QCOMPARE(files->back().text, std::string(R"(<?xml version="1.0"?>
<deployment>
    <cluster hostcount="1" />
    <commandlog synchronous="true" />
    <paths>
        <droverflow path="/data/dr" />
    </paths>
    <systemsettings>
        <resourcemonitor>
            <disklimit>
                <feature name="droverflow" size="80%" />
            </disklimit>
        </resourcemonitor>
    </systemsettings>
    <dr id="2" role="replica" flushInterval="1500">
        <connection source="dr.e1:5600,e2:5556" preferred-source="1" />
        <consumerlimit>
            <maxbuffers>10</maxbuffers>
        </consumerlimit>
    </dr>
</deployment>
)"));
    }

    void theSeedsExampleIsDrawn() {
        const auto out = drawDeployments(
            {{"b", "b.xml",
              "<deployment><cluster hostcount=\"2\"/><dr id=\"2\" role=\"replica\"> <connection source=\"serverA1,"
              "serverA2\" /> </dr></deployment>"},
             {"a", "a.xml", "<deployment><cluster hostcount=\"2\"/><dr id=\"1\"/></deployment>"}});
        QVERIFY_OK(out);
        QVERIFY(out->unread.empty());
        const Cluster* a = out->topology.cluster("a");
        QVERIFY(a != nullptr && a->member("serverA1") != nullptr && a->member("serverA2") != nullptr);
        const Connection* edge = out->topology.connection("b", "a");
        QVERIFY(edge != nullptr);
        QCOMPARE(edge->source, (std::vector<std::string>{"serverA1", "serverA2"}));
        QVERIFY(out->topology.cluster("b")->member("b1") != nullptr);
        QCOMPARE(out->topology.cluster("b")->role, std::string("replica"));
    }

    void whatMeansTheSameStaysAsItIsWritten() { QCOMPARE(patchedWest(kByHand, drawn(kPair)), kByHand); }

    void changesOneValueAtItsPlace_data() {
        QTest::addColumn<QString>("attribute");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        const auto row = [](const char* attribute, const char* value, const char* before, const char* after) {
            QTest::addRow("%s %s", attribute, value) << QString::fromUtf8(attribute) << QString::fromUtf8(value)
                                                     << QString::fromUtf8(before) << QString::fromUtf8(after);
        };
        row("id", "7", "id='2'", "id='7'");
        row("role", "xdcr", "role=\"replica\"", "role=\"xdcr\"");
        row("kfactor", "1", "kfactor=\"0\"", "kfactor=\"1\"");
        row("members", "w1, w2", "hostcount=\"1\"", "hostcount=\"2\"");
        row("command-log", "off", "enabled=\"1\" synchronous=\"true\"", "enabled=\"false\"");
        row("command-log", "asynchronous", " synchronous=\"true\"", "");
        row("port", "5556", "id='2'>", "id='2' port=\"5556\">");
        row("overflow", "/d", "  <security enabled=\"true\"/>\n",
            "  <security enabled=\"true\"/>\n  <paths>\n      <droverflow path=\"/d\" />\n  </paths>\n");
        row("max-bytes", "1000", "<!-- both -->\n",
            "<!-- both -->\n    <consumerlimit>\n        <maxsize>1000</maxsize>\n    </consumerlimit>\n");
    }
    void changesOneValueAtItsPlace() {
        QFETCH(QString, attribute);
        QFETCH(QString, value);
        QFETCH(QString, before);
        QFETCH(QString, after);
        Topology topology = drawn(kPair);
        QVERIFY_OK(setAttribute(ClusterId{"west"}, attribute.toStdString(), value.toStdString())->apply(topology));
        const QString text = QString::fromStdString(kByHand);
        QVERIFY(text.contains(before));
        const std::string patched = patchedWest(kByHand, topology);
        QCOMPARE(QString::fromStdString(patched), QString(text).replace(before, after));
        // And back again: what it means is the same.
        QCOMPARE(patchedWest(patchedWest(patched, drawn(kPair)), drawn(kPair)), patchedWest(patched, drawn(kPair)));
    }

    void aConnectionThatIsGoneDialsNobody() {
        Topology topology = drawn(kPair);
        QVERIFY_OK(removeElement(ConnectionId{"west", "east"})->apply(topology));
        QCOMPARE(patchedWest(kByHand, topology), test::replaced(kByHand, "\"e1 , e2\"", "\"\""));
        const std::string alone = test::replaced(kByHand, " ssl=\"/etc/dr.properties\"", "");
        QCOMPARE(patchedWest(alone, topology), test::replaced(alone, "<connection source=\"e1 , e2\"/>", ""));
    }

    void anElementThatSaysNothingGoes() {
        const std::string text =
            "<deployment>\n  <cluster hostcount=\"1\"/>\n  <paths>\n    <droverflow path=\"/x\"/>\n"
            "  </paths>\n  <dr id=\"2\" role=\"replica\">\n    <connection source=\"e1,e2\"/>\n"
            "    <consumerlimit>\n      <maxbuffers>9</maxbuffers>\n    </consumerlimit>\n  </dr>\n"
            "</deployment>\n";
        Topology topology = drawn(kPair);
        QVERIFY_OK(setAttribute(ClusterId{"west"}, "command-log", std::nullopt)->apply(topology));
        QCOMPARE(patchedWest(text, topology),
                 std::string("<deployment>\n  <cluster hostcount=\"1\"/>\n  <dr id=\"2\" role=\"replica\">\n    "
                             "<connection source=\"e1,e2\"/>\n  </dr>\n</deployment>\n"));
    }

    void twoIdsAreMended() {
        const std::string text = test::replaced(kByHand, "<cluster hostcount", "<cluster id=\"9\" hostcount");
        const auto read = drawDeployments({{"west", "west.xml", text}});
        QVERIFY(!read.ok());
        QCOMPARE(read.error().where, std::string("west.xml:4:12"));
        QVERIFY(read.error().what.starts_with("Detected two conflicting cluster ids in deployment file"));
        QCOMPARE(patchedWest(text, drawn(kPair)), kByHand);
        const auto old = drawDeployments({{"o", "o.xml", "<deployment><cluster id='9'/></deployment>"}});
        QVERIFY_OK(old);
        QVERIFY(old->topology.clusters.front().id == 9);
    }

    void namesWhatNoDrawingHolds() {
        const auto out = drawDeployments({{"west", "west.xml", kByHand}});
        QVERIFY_OK(out);
        std::string texts;
        for (const DeploymentNote& each : out->unread) texts += fmt::format("{} {}\n", each.line, each.text);
        QCOMPARE(texts, std::string("7 ssl of <connection>: /etc/dr.properties\n"
                                    "9 logsize of <commandlog>: 5120\n"
                                    "10 <frequency>\n"
                                    "12 <security>\n"
                                    "7 source e1: no drawn cluster is known to have this host\n"
                                    "7 source e2: no drawn cluster is known to have this host\n"));
    }

    void refusesAtThePlace_data() {
        QTest::addColumn<QString>("inner");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const char* inner, const char* where, const char* reason) {
            QTest::newRow(name) << QString::fromUtf8(inner) << QString::fromUtf8(where) << QString::fromUtf8(reason);
        };
        row("an id below the least", "<dr id=\"-1\"/>", "f.xml:2:5", "id cannot be '-1'");
        row("an id above the greatest", "<dr id=\"128\"/>", "f.xml:2:5", "id cannot be '128'");
        row("a role in capitals", "<dr id=\"1\" role=\"XDCR\"/>", "f.xml:2:12", "role cannot be 'XDCR'");
        row("no host", "<cluster hostcount=\"0\"/>", "f.xml:2:10", "hostcount cannot be '0'");
        row("no flag", "<commandlog enabled=\"yes\"/>", "f.xml:2:13", "enabled cannot be 'yes'");
        row("a text that is no number", "<dr id=\"1\"><consumerlimit><maxsize>much</maxsize></consumerlimit></dr>",
            "f.xml:2:27", "maxsize cannot be 'much'");
        row("two elements", "<dr id=\"1\"/><dr id=\"2\"/>", "f.xml:2:13", "<dr> stands twice in <deployment>");
    }
    void refusesAtThePlace() {
        QFETCH(QString, inner);
        QFETCH(QString, reason);
        const auto out = drawDeployments({{"c", "f.xml", "<deployment>\n" + inner.toStdString() + "\n</deployment>"}});
        QVERIFY(!out.ok());
        QVERIFY2(QString::fromStdString(out.error().what).contains(reason), out.error().what.c_str());
        QTEST(QString::fromStdString(out.error().where), "where");
    }

    void refusesOtherFiles() {
        const auto other = drawDeployments({{"c", "f.xml", "<project/>"}});
        QVERIFY(!other.ok() && other.error().where == "f.xml:1:1");
        const auto twice = drawDeployments({{"c", "f.xml", "<deployment/>"}, {"c", "g.xml", "<deployment/>"}});
        QVERIFY(!twice.ok() && twice.error().code == ErrorCode::AlreadyExists);
        QVERIFY(!deriveDeployments(Topology{}).ok());
        const auto nobody = patchDeployment(kByHand, "f.xml", drawn(kPair), "north");
        QVERIFY(!nobody.ok() && nobody.error().code == ErrorCode::NotFound);
    }

    void goodDrawingsComeBack_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("passive") << QString::fromUtf8(test::kGoodPassive.data());
        QTest::newRow("active") << QString::fromUtf8(test::kGoodActive.data());
    }
    void goodDrawingsComeBack() {
        QFETCH(QString, text);
        Topology topology = drawn(text.toStdString());
        const auto files = deriveDeployments(topology);
        QVERIFY_OK(files);
        std::vector<DeploymentText> texts;
        for (const DeploymentFile& each : *files) texts.push_back({each.cluster, each.cluster + ".xml", each.text});
        const auto back = drawDeployments(texts);
        QVERIFY_OK(back);
        QVERIFY(back->unread.empty());
        topology.datasets.clear();  // tables are the schema's
        for (Connection& each : topology.connections) {
            if (each.source.empty()) each.source = {topology.cluster(each.from)->members.front().name};
        }
        // The hosts that nobody dials have names of their own in the drawing alone.
        Topology read = back->topology;
        for (Topology* each : {&topology, &read}) {
            for (Cluster& cluster : each->clusters) cluster.members.clear();
        }
        QCOMPARE(writeTopologyInBlocks(read), writeTopologyInBlocks(withoutPositions(topology)));
    }

    void damagedFilesAreReadOrRefused_data() {
        QTest::addColumn<int>("seed");
        for (int i = 0; i < 10; ++i) QTest::addRow("seed %d", i) << i;
    }
    void damagedFilesAreReadOrRefused() {
        QFETCH(int, seed);
        std::mt19937 random(static_cast<unsigned>(seed));
        const Topology topology = drawn(kPair);
        int patched = 0;
        for (int round = 0; round < 100; ++round) {
            std::string text = kByHand;
            const std::size_t at = random() % text.size();
            if (round % 2 == 0) {
                text.erase(at, 1 + random() % 20);
            } else {
                text[at] = "<>\"'/ =0a"[random() % 9];
            }
            const Result<std::string> out = patchDeployment(text, "f.xml", topology, "west");
            if (!out) {
                QVERIFY2(out.error().code == ErrorCode::InvalidInput, out.error().full().c_str());
                continue;
            }
            ++patched;
            const Result<std::string> again = patchDeployment(*out, "f.xml", topology, "west");
            QVERIFY_OK(again);
            QCOMPARE(*again, *out);  // there is nothing left to say
        }
        QVERIFY(patched > 5);
    }
};
TRIBUTARY_TEST(TestDeployment)
#include "tst_deployment.moc"
