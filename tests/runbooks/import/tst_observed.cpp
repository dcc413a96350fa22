// Captured answers as drawings.
#include <algorithm>

#include "core/workspace/topologyfile.h"
#include "runbooks/import/observed.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;

namespace {

/// JSON written with single quotes: moc does not read raw literals.
std::string json(std::string text) {
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

std::string answer(const std::string& rows) {
    std::size_t total = rows.empty() ? 0 : 1;
    for (std::size_t at = rows.find("},{"); at != std::string::npos; at = rows.find("},{", at + 1)) ++total;
    return json("{'timestamp':1,'timeofday':'2017-10-16 07:13:29.942 GMT-0700 PM','status':'OK','total':" +
                std::to_string(total) + ",'data':[" + rows + "]}\n");
}

const char* const kInfo =
    "{'path':'/mapr/sf/t','tabletype':'binary','bulkload':false,'deletettl':300,'replperm':'u:root | "
    "u:ana','uuid':'x'}";
const char* const kFamily =
    "{'inmemory':false,'cfname':'profile','maxversions':3,'minversions':0,'compression':'lz4','ttl':2147483647,'"
    "readperm':'u:ana'}";
const char* const kReplica =
    "{'cluster':'ny','table':'/"
    "t','type':'maprdb.binary','columns':'profile,orders:total','replicaState':'REPLICA_STATE_REPLICATING','paused':"
    "true,'synchronous':true,'throttle':false,'networkcompression':'zlib','uuid':'y'}";

bool says(const std::vector<std::string>& notes, const std::string& text) {
    return std::any_of(notes.begin(), notes.end(),
                       [&](const std::string& note) { return note.find(text) != std::string::npos; });
}

}  // namespace

class ObservedTest : public QObject {
    Q_OBJECT

private slots:
    void answersBecomeADrawing() {
        const std::string transcript = "$ maprcli table info -path /mapr/sf/t -json\n" + answer(kInfo) +
                                       "$ maprcli table cf list -path /mapr/sf/t -json\n" + answer(kFamily) +
                                       "$ maprcli table replica list -path /mapr/sf/t -refreshnow true -json\n" +
                                       answer(kReplica);
        const auto drawn =
            drawObserved({{"a.txt", {}, transcript},
                          {"up.json", "/mapr/ny/t", answer("{'cluster':'sf','table':'/t','idx':1,'uuid':'\\\\x01'}")},
                          {"gw.json", {}, answer("{'cluster':'ny','gatewayConfig':'gw-1 gw-2:7660'}")}},
                         {.withAddresses = true});
        QVERIFY_OK(drawn);
        const Topology& topology = drawn->topology;
        const Dataset* table = topology.dataset("/mapr/sf/t");
        QVERIFY(table != nullptr && table->exists);
        QCOMPARE(table->deleteTtlSeconds.value(), std::int64_t(300));
        QCOMPARE(table->perms.at("replperm").ace, std::string("u:root | u:ana"));
        QCOMPARE(table->families.front().maxVersions.value(), std::int64_t(3));
        QVERIFY(!table->families.front().ttlSeconds.has_value());
        const Replica* replica = topology.replica("/mapr/sf/t", "/mapr/ny/t");
        QVERIFY(replica != nullptr && replica->paused && replica->synchronous);
        QCOMPARE(replica->columns.size(), std::size_t(2));
        QCOMPARE(replica->networkCompression, std::string("zlib"));
        QVERIFY(topology.upstream("/mapr/ny/t", "/mapr/sf/t") != nullptr);
        QCOMPARE(topology.cluster("ny")->gateways.size(), std::size_t(2));
        QCOMPARE(topology.cluster("ny")->gateways[1].address, std::string("gw-2:7660"));
        const auto read = parseTopology(writeTopology(topology), "topology.yaml");
        QVERIFY_OK(read);
        QVERIFY(withoutPositions(*read) == withoutPositions(topology));
    }

    void tablesThatNobodyDescribedAreNamed() {
        const auto drawn = drawObserved({{"r.json", "/mapr/sf/t", answer(kReplica)}});
        QVERIFY_OK(drawn);
        QVERIFY(!drawn->topology.dataset("/mapr/ny/t")->exists);
        QVERIFY(says(drawn->unknown, "table info of /mapr/ny/t was not captured"));
    }

    void aPromptsVariablesAreKnownOrTheListIsRefused() {
        const std::string assigned = "$ SRC=/mapr/sf/t\n$ maprcli table info -path /mapr/ny/t -json\n" +
                                     answer("{'path':'/mapr/ny/t','tabletype':'binary'}") +
                                     "$ maprcli table replica list -path ${SRC} -json\n" + answer(kReplica);
        const auto drawn = drawObserved({{"a.txt", {}, assigned}});
        QVERIFY_OK(drawn);
        QCOMPARE(drawn->topology.replicas.front().from, std::string("/mapr/sf/t"));
        const auto unknown = drawObserved({{"a.txt", {}, assigned.substr(assigned.find('\n') + 1)}});
        QVERIFY(!unknown.ok());
        QVERIFY2(unknown.error().what.find("`$SRC`") != std::string::npos, unknown.error().full().c_str());
        QVERIFY(unknown.error().fix.find("PATH=") != std::string::npos);
    }

    void aLoopsAnswersBelongToItsTables() {
        const std::string typed = "$ for c in sf ny; do maprcli table upstream list -path /mapr/$c/t -json; done\n";
        const auto drawn = drawObserved({{"a.txt",
                                          {},
                                          typed + answer("{'cluster':'x','table':'/t','uuid':'1'}") +
                                              answer("{'cluster':'y','table':'/t','uuid':'2'}")}});
        QVERIFY_OK(drawn);
        QVERIFY(drawn->topology.upstream("/mapr/sf/t", "/mapr/x/t") != nullptr);
        QVERIFY(drawn->topology.upstream("/mapr/ny/t", "/mapr/y/t") != nullptr);
    }

    void rowsAreDrawnByTheirKindOrLeftOutByName_data() {
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("kind");  // empty: left out
        QTest::newRow("binary") << "maprdb.binary"
                                << "binary-table";
        QTest::newRow("json") << "maprdb.json"
                              << "json-table";
        QTest::newRow("stream") << "MapRStream"
                                << "stream";
        QTest::newRow("index") << "maprdb.si"
                               << "";
        QTest::newRow("other") << "elasticsearch"
                               << "";
    }
    void rowsAreDrawnByTheirKindOrLeftOutByName() {
        QFETCH(QString, type);
        QFETCH(QString, kind);
        const auto drawn = drawObserved(
            {{"r.json", "/mapr/sf/t",
              answer("{'cluster':'ny','table':'/t','type':'" + type.toStdString() + "','replicaState':'X'}")}});
        QVERIFY_OK(drawn);
        const Dataset* target = drawn->topology.dataset("/mapr/ny/t");
        QCOMPARE(target == nullptr, kind.isEmpty());
        if (target != nullptr) {
            QCOMPARE(std::string(datasetKindName(target->kind)), kind.toStdString());
            QCOMPARE(std::string(datasetKindName(drawn->topology.dataset("/mapr/sf/t")->kind)), kind.toStdString());
        }
        QCOMPARE(says(drawn->notes, type.toStdString()), kind.isEmpty());
    }

    void theLastOfTwoCapturesHoldsAndSaysSo() {
        const auto drawn = drawObserved(
            {{"1.json", "/mapr/sf/t", answer(kReplica)},
             {"2.json", "/mapr/sf/t",
              "$ maprcli table replica list -path /mapr/sf/t -json\n" +
                  answer("{'cluster':'sg','table':'/t','type':'maprdb.binary','replicaState':'X'}")},
             {"3.json", "/mapr/sf/t", answer(kFamily)},
             {"4.json", "/mapr/sf/t", answer("{'cfname':'orders'}")},
             {"5.json", {}, answer("{'path':'/mapr/sf/t','tabletype':'binary','deletettl':9,'replperm':'u:a'}")},
             {"6.json", {}, answer("{'path':'/mapr/sf/t','tabletype':'json'}")},
             {"7.json", {}, answer("{'cluster':'sf','gatewayConfig':'old'}")},
             {"8.json", {}, answer("{'cluster':'sf','gatewayConfig':'new'}")}});
        QVERIFY_OK(drawn);
        QCOMPARE(drawn->topology.replicas.size(), std::size_t(1));
        QCOMPARE(drawn->topology.replicas.front().to, std::string("/mapr/sg/t"));
        const Dataset* table = drawn->topology.dataset("/mapr/sf/t");
        QCOMPARE(table->families.size(), std::size_t(1));
        QCOMPARE(table->families.front().name, std::string("orders"));
        QVERIFY(table->kind == DatasetKind::JsonTable && table->perms.empty() && !table->deleteTtlSeconds);
        QCOMPARE(drawn->topology.cluster("sf")->gateways.size(), std::size_t(1));
        QCOMPARE(drawn->topology.cluster("sf")->gateways.front().name, std::string("new"));
        for (const char* what : {"table replica list", "table cf list", "table info", "cluster gateway list"}) {
            QVERIFY2(says(drawn->notes, std::string(what) + " of "), what);
        }
    }

    void anEmptyLastCaptureEmpties() {
        const std::string typed = "$ maprcli table upstream list -path /mapr/sf/t -json\n";
        const auto drawn = drawObserved({{"1.txt", {}, typed + answer("{'cluster':'ny','table':'/t','uuid':'1'}")},
                                         {"2.txt", {}, typed + answer("")}});
        QVERIFY_OK(drawn);
        QVERIFY(drawn->topology.upstreams.empty());
    }

    void addressesAreLeftOutAndNamed() {
        const auto drawn =
            drawObserved({{"g.json", {}, answer("{'cluster':'ny','gatewayConfig':'gw-1:7660 10.0.0.5:7660'}")}});
        QVERIFY_OK(drawn);
        for (const Gateway& gateway : drawn->topology.cluster("ny")->gateways) QVERIFY(gateway.address.empty());
        QVERIFY(says(drawn->notes, "--with-addresses"));
    }

    void aListThatWasNotCapturedIsUnknownAndNotMissing() {
        const auto drawn = drawObserved({{"r.json", "/mapr/sf/t", answer(kReplica)}});
        QVERIFY_OK(drawn);
        QVERIFY(drawn->topology.upstream("/mapr/ny/t", "/mapr/sf/t") != nullptr);
        QVERIFY(says(drawn->unknown, "table upstream list of /mapr/ny/t was not captured"));
        QVERIFY(drawn->text().find("# Drawn from captured answers. Not captured, and so unknown:\n#   table ") == 0);
        QVERIFY_OK(parseTopology(drawn->text(), "topology.yaml"));
        const auto captured =
            drawObserved({{"r.json", "/mapr/sf/t", answer(kReplica)},
                          {"u.txt", {}, "$ maprcli table upstream list -path /mapr/ny/t -json\n" + answer("")}});
        QVERIFY_OK(captured);
        QVERIFY(captured->topology.upstreams.empty());  // looked at, and not there: that is missing
        QVERIFY(!says(captured->unknown, "table upstream list"));
    }

    void wrongTextsAreRefusedByName_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("no json") << "ERROR (2) -  nothing";
        QTest::newRow("torn") << QString::fromStdString(json("{'status':'OK','data':[{'pa"));
        QTest::newRow("another command") << QString::fromStdString(answer("{'alarm name':'X'}"));
        QTest::newRow("a table that no drawing shows")
            << QString::fromStdString(answer("{'path':'/mapr/sf/t','tabletype':'index'}"));
        QTest::newRow("a name that leads out of a workspace")
            << QString::fromStdString(answer("{'path':'/mapr/../etc/t','tabletype':'binary'}"));
        QTest::newRow("a name that acts on a terminal")
            << QString::fromStdString(answer("{'path':'/mapr/s\\u001b[2Jf/t','tabletype':'binary'}"));
        QTest::newRow("list without a table") << QString::fromStdString(answer(kFamily));
        QTest::newRow("fewer rows than it says")
            << QString::fromStdString(json("{'status':'OK','total':2,'data':[") + json(kInfo) + "]}");
    }
    void aStreamIsDrawnAsExisting() {
        const auto drawn =
            drawObserved({{"s.json", {}, answer("{'path':'/mapr/sf/s','numtopics':2,'produceperm':'u:a'}")}});
        QVERIFY_OK(drawn);
        QCOMPARE(drawn->topology.datasets.size(), std::size_t{1});
        QVERIFY(drawn->topology.datasets[0].kind == DatasetKind::Stream && drawn->topology.datasets[0].exists);
        QVERIFY(says(drawn->notes, "/mapr/sf/s is a stream: drawn without topics"));
        const std::string row = "{'cluster':'ny','stream':'/s','replicaState':'REPLICA_STATE_REPLICATING'}";
        const auto edge = drawObserved({{"r.json", "/mapr/sf/s", answer(row)}});
        QVERIFY_OK(edge);
        QVERIFY(says(edge->unknown, "stream info of /mapr/ny/s was not captured"));
    }
    void aPathThatTheAnswerContradictsIsRefused() {
        const std::string info = answer(kInfo);
        QVERIFY_OK(drawObserved({{"x.json", "/mapr/sf/t", info}}));
        const auto other = drawObserved({{"x.json", "/mapr/ny/t", info}});
        QVERIFY(!other.ok());
        QVERIFY2(other.error().what.find("is of /mapr/sf/t, as its row says") != std::string::npos,
                 other.error().what.c_str());
        const std::string command = "$ maprcli table replica list -path /mapr/sf/t -json\n";
        QVERIFY_OK(drawObserved({{"x.json", "/mapr/sf/t", command + answer(kReplica)}}));
        const auto list = drawObserved({{"x.json", "/mapr/sf/u", command + answer(kReplica)}});
        QVERIFY(!list.ok());
        QVERIFY2(list.error().what.find("as its command says") != std::string::npos, list.error().what.c_str());
        // Typed in a shell of that cluster.
        const std::string nearby = "$ maprcli table replica list -path /t -json\n";
        QVERIFY_OK(drawObserved({{"x.json", "/mapr/sf/t", nearby + answer(kReplica)}}));
    }
    void theFileWithTheWrongNameIsNamed() {
        const std::string good = answer("{'path':'/mapr/sf/t','tabletype':'binary'}");
        const std::string bad = answer("{'path':'/mapr/../etc/t','tabletype':'binary'}");
        for (const auto& [texts, file] : std::vector<std::pair<std::vector<ObservedText>, std::string>>{
                 {{{"a", {}, good}, {"b", {}, bad}, {"c", {}, good}}, "b"},
                 {{{"a", {}, bad}, {"b", {}, good}}, "a"},
                 {{{"a", {}, good}, {"b", {}, bad}}, "b"}}) {
            const auto drawn = drawObserved(texts);
            QVERIFY(!drawn.ok());
            QCOMPARE(drawn.error().where, file);
        }
    }
    void wrongTextsAreRefusedByName() {
        QFETCH(QString, text);
        const auto drawn = drawObserved({{"x.json", {}, text.toStdString()}});
        QVERIFY(!drawn.ok());
        QVERIFY(drawn.error().where.starts_with("x.json"));
        QVERIFY(!drawn.error().fix.empty());
    }
};
TRIBUTARY_TEST(ObservedTest)
#include "tst_observed.moc"
