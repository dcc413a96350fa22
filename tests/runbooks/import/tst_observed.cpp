// Captured answers as drawings.
#include <algorithm>

#include "core/workspace/topologyfile.h"
#include "runbooks/import/observed.h"
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
    return json("{'timestamp':1,'timeofday':'2017-10-16 07:13:29.942 GMT-0700 PM','status':'OK','total':1,'data':[" +
                rows + "]}\n");
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
                          {"gw.json", {}, answer("{'cluster':'ny','gatewayConfig':'gw-1 gw-2:7660'}")}});
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
        QVERIFY(std::any_of(drawn->notes.begin(), drawn->notes.end(),
                            [](const std::string& note) { return note.starts_with("/mapr/ny/t"); }));
    }

    void wrongTextsAreRefusedByName_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("no json") << "ERROR (2) -  nothing";
        QTest::newRow("torn") << QString::fromStdString(json("{'status':'OK','data':[{'pa"));
        QTest::newRow("another command") << QString::fromStdString(answer("{'alarm name':'X'}"));
        QTest::newRow("list without a table") << QString::fromStdString(answer(kFamily));
    }
    void wrongTextsAreRefusedByName() {
        QFETCH(QString, text);
        const auto drawn = drawObserved({{"x.json", {}, text.toStdString()}});
        QVERIFY(!drawn.ok());
        QCOMPARE(drawn.error().where, std::string("x.json"));
        QVERIFY(!drawn.error().fix.empty());
    }
};
TRIBUTARY_TEST(ObservedTest)
#include "tst_observed.moc"
