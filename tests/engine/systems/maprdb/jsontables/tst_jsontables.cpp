// JSON tables on running clusters: written, read, replicated, filtered, restarted; who may.
#include "documentsides.h"
#include "engine/systems/maprdb/jsontables/jsonapi.h"
#include "engine/systems/maprdb/maprdbkinds.h"
#include "testmain.h"
#include "tests/engine/node/twoclusters.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;
using tributary::test::Clusters;
using tributary::test::Requests;

namespace {

const std::string kSource = Clusters::path("sf");
const std::string kReplica = Clusters::path("ny");

class World : public Clusters {
public:
    explicit World(const std::vector<std::string>& names)
        : Clusters(names, [](NodeConfig& config) { config.kinds = maprdbKinds(); }) {}

    Status create(const std::string& cluster, const Json& families = Json::array()) {
        const auto made =
            ask(cluster, TableMethod::CreateTable, {{"path", path(cluster)}, {"kind", "json"}, {"families", families}});
        return made ? okStatus() : Status(made.error());
    }
    Status link(const std::string& columns = {}) {
        if (Status added = addReplica("sf", "ny", {{"columns", columns}}); !added) return added;
        return addUpstream("ny", "sf");
    }
    /// "" or what went wrong.
    std::string write(const std::string& cluster, const Requests& requests, const std::string& user = "ana") {
        Bytes request;
        appendBlob(request, path(cluster));
        request += requests.body();
        const auto done = client(cluster, user).call(JsonMethod::Write, request);
        return done ? std::string() : done.error().what;
    }
    std::string find(const std::string& cluster, Json more = Json::object(), const std::string& user = "ana") {
        more["path"] = path(cluster);
        const auto found = client(cluster, user).callJson(JsonMethod::Find, more);
        if (!found) return found.error().what;
        std::string out;
        for (const Json& document : found.value()["documents"]) out += document.get<std::string>() + "\n";
        if (!found.value()["next"].is_null()) out += "next";
        return out;
    }
};

}  // namespace

class TestJsonTables : public QObject {
    Q_OBJECT
private slots:
    void isMadeWrittenAndRead() {
        World world({"sf"});
        QVERIFY(world.create("sf"));
        const Json record = world.ask("sf", TableMethod::Describe, {{"path", kSource}}).value();
        QCOMPARE(record["kind"].get<std::string>(), std::string("json"));
        QCOMPARE(record["families"][0]["name"].get<std::string>(), std::string("default"));
        QCOMPARE(world.write("sf", Requests().replace("b", R"({"n":{"$numberLong":2}})").replace("a", R"({"n":1})")),
                 std::string());
        QCOMPARE(world.find("sf"), std::string("{\"_id\":\"a\",\"n\":1}\n{\"_id\":\"b\",\"n\":{\"$numberLong\":2}}\n"));
        QCOMPARE(world.find("sf", {{"condition", R"({"$gt":{"n":1}})"}, {"tags", false}}),
                 std::string("{\"_id\":\"b\",\"n\":2}\n"));
        QCOMPARE(world.find("sf", {{"limit", 1}, {"fields", {"n"}}}), std::string("{\"n\":1}\nnext"));
        QCOMPARE(world.write("sf", Requests().update("a", R"({"$increment":{"n":1}})", R"({"$eq":{"n":9}})")),
                 std::string("the condition does not hold for the document \"a\""));
        QCOMPARE(world.write("sf", Requests().remove("a")), std::string());
        QCOMPARE(world.find("sf"), std::string("{\"_id\":\"b\",\"n\":{\"$numberLong\":2}}\n"));
    }
    void fieldsAreShownAsCells() {
        World world({"sf"});
        QVERIFY(world.create("sf", {{{"name", "address"}, {"jsonpath", "home.address"}}}));
        QVERIFY(world.write("sf", Requests().replace("a", R"({"home":{"address":{"zip":"9"},"tel":[1]}})")).empty());
        const Json rows = world.ask("sf", TableMethod::Scan, {{"path", kSource}}).value()["rows"];
        std::string shown;
        for (const Json& cell : rows[0]["cells"]) {
            shown += cell["family"].get<std::string>() + ":" + cell["column"].get<std::string>() + "=" +
                     cell["value"].get<std::string>() + " ";
        }
        QCOMPARE(shown, std::string("default:_id=\"a\" address:home.address.zip=\"9\" default:home.tel=[1] "));
        QCOMPARE(world.get("sf", "a"), std::string("\"a\""));
        QCOMPARE(world.get("sf", "b"), std::string());
    }
    void replicatesBothWaysAndConverges() {
        World world({"sf", "ny"});
        QVERIFY(world.create("sf") && world.create("ny") && world.link());
        QVERIFY(world.addReplica("ny", "sf") && world.addUpstream("sf", "ny"));
        QVERIFY(world.write("sf", Requests().replace("a", R"({"n":1,"s":"sf"})")).empty());
        QTRY_COMPARE(world.find("ny"), std::string("{\"_id\":\"a\",\"n\":1,\"s\":\"sf\"}\n"));
        QVERIFY(world.write("ny", Requests().update("a", R"({"$increment":{"n":1}})")).empty());
        QVERIFY(world.write("sf", Requests().update("a", R"({"$set":{"t":2}})")).empty());
        QTRY_COMPARE(world.find("sf"), std::string("{\"_id\":\"a\",\"n\":2,\"s\":\"sf\",\"t\":2}\n"));
        QTRY_COMPARE(world.print("sf"), world.print("ny"));
        QVERIFY(world.write("ny", Requests().remove("a")).empty());
        QTRY_COMPARE(world.find("sf"), std::string());
    }
    void filteredLinkBringsItsFieldsOnly() {
        World world({"sf", "ny"});
        QVERIFY(world.create("sf") && world.create("ny") && world.link("a.b,c"));
        QVERIFY(world.write("sf", Requests().replace("1", R"({"a":{"b":1,"x":2},"c":3,"d":4})")).empty());
        QTRY_COMPARE(world.find("ny"), std::string("{\"_id\":\"1\",\"a\":{\"b\":1},\"c\":3}\n"));
        const Json replica =
            world.ask("sf", TableMethod::ListReplicas, {{"path", kSource}, {"refresh", true}}).value()["replicas"][0];
        QCOMPARE(replica["columns"].get<std::string>(), std::string("a.b,c"));
    }
    void survivesARestart() {
        World world({"sf"});
        QVERIFY(world.create("sf", {{{"name", "address"}, {"jsonpath", "home"}}}));
        for (int i = 0; i < 20; ++i) {
            QVERIFY(world.write("sf", Requests().update("a", R"({"$increment":{"n":1}})")).empty());
        }
        QVERIFY(world.host().stopAll());
        world.restart({"sf"});
        QCOMPARE(world.find("sf"), std::string("{\"_id\":\"a\",\"n\":20}\n"));
        QVERIFY(world.write("sf", Requests().update("a", R"({"$increment":{"n":1}})", R"({"$eq":{"n":20}})")).empty());
        QCOMPARE(world.find("sf"), std::string("{\"_id\":\"a\",\"n\":21}\n"));
        const Json families = world.ask("sf", TableMethod::Describe, {{"path", kSource}}).value()["families"];
        QCOMPARE(families[1]["jsonpath"].get<std::string>(), std::string("home"));
    }
    void copiesKeepTheirStamps() {
        World world({"sf", "ny"});
        QVERIFY(world.create("sf") && world.create("ny"));
        QVERIFY(world.write("sf", Requests().replace("a", R"({"n":1})").replace("b", R"({"n":1})")).empty());
        QVERIFY(world.write("sf", Requests().remove("b")).empty());
        Bytes range;
        for (const auto& text : {kSource, std::string(), std::string()}) appendBlob(range, text);
        appendFixed<std::uint32_t>(range, 100);
        appendFixed<std::uint32_t>(range, 1U << 20U);
        appendBlob(range, "");
        appendFixed<std::uint32_t>(range, 0);
        appendFixed<std::int64_t>(range, 0);
        appendFixed<std::int64_t>(range, 0);
        const Bytes answer = world.client("sf").call(TableMethod::ReadRange, range).value();
        ByteReader reader(answer);
        QCOMPARE(int(reader.fixed<std::uint8_t>()), 1);
        QCOMPARE(reader.fixed<std::uint32_t>(), 2U);
        (void)reader.blob();
        const Bytes body(reader.position(), reader.remaining());
        for (const int flags : {0, 1}) {
            Bytes put;
            appendBlob(put, kReplica);
            appendFixed<std::uint8_t>(put, static_cast<std::uint8_t>(flags));
            put += body;
            QCOMPARE(world.client("ny").call(TableMethod::Put, put).ok(), flags == 1);  // as a copy only
        }
        QCOMPARE(world.print("ny"), world.print("sf"));
        QCOMPARE(world.find("ny"), std::string("{\"_id\":\"a\",\"n\":1}\n"));
    }
    void binaryTableTakesNoDocuments() {
        World world({"sf"});
        const Json families = Json::array({{{"name", "a"}}});  // as long a name as the id: bytes alone do not tell
        QVERIFY(world.ask("sf", TableMethod::CreateTable, {{"path", Clusters::path("sf")}, {"families", families}}));
        QCOMPARE(world.write("sf", Requests().replace("a", R"({"n":1})")),
                 Clusters::path("sf") + " is no JSON table: it holds no documents");
        QCOMPARE(world.find("sf"), Clusters::path("sf") + " is no JSON table: it holds no documents");
    }
    void whoMayNotIsRefused() {
        World world({"sf"});
        QVERIFY(world.create(
            "sf", {{{"name", "secret"}, {"jsonpath", "s"}, {"perms", {{"readperm", "u:ana"}, {"writeperm", "u:ana"}}}},
                   {{"name", "default"}, {"perms", {{"readperm", "p"}, {"writeperm", "p"}}}}}));
        QVERIFY(world.write("sf", Requests().replace("a", R"({"n":1,"s":{"k":"x"}})")).empty());
        QCOMPARE(world.find("sf", Json::object(), "ben"), std::string("{\"_id\":\"a\",\"n\":1}\n"));
        QCOMPARE(world.find("sf", {{"condition", R"({"$eq":{"s.k":"x"}})"}}, "ben"),
                 std::string("user ben may not read s.k, which the condition asks for"));
        QCOMPARE(world.write("sf", Requests().update("a", R"({"$set":{"n":2}})"), "ben"), std::string());
        QCOMPARE(world.write("sf", Requests().update("a", R"({"$set":{"s.k":"y"}})"), "ben"),
                 std::string("user ben lacks writeperm on s.k of /mapr/sf/customers (family secret)"));
        QCOMPARE(world.write("sf", Requests().update("a", R"({"$set":{"n":3}})", R"({"$exists":"s.k"})"), "ben"),
                 std::string("user ben lacks readperm on s.k of /mapr/sf/customers (family secret)"));
        QVERIFY(!world.write("sf", Requests().remove("a"), "ben").empty());
        QVERIFY(!world.write("sf", Requests().replace("a", "{}"), "ben").empty());
        QCOMPARE(world.find("sf"), std::string("{\"_id\":\"a\",\"n\":2,\"s\":{\"k\":\"x\"}}\n"));
        const auto print = world.client("sf", "ben").callJson(TableMethod::Fingerprint, {{"path", kSource}});
        QVERIFY(!print && print.error().code == ErrorCode::PermissionDenied);
    }
    void cellsAreRefused() {
        World world({"sf"});
        QVERIFY(world.create("sf"));
        const Status put = world.put("sf", "a", "v");
        QVERIFY(!put && put.error().what == kSource + " is a JSON table: it takes documents, not cells");
    }
    void clusterWithoutTheKindRefusesIt() {
        Clusters plain({"sf"});
        const auto made = plain.ask("sf", TableMethod::CreateTable, {{"path", kSource}, {"kind", "json"}});
        QVERIFY(!made && made.error().what == "a table cannot be of kind json");
    }
};

TRIBUTARY_TEST(TestJsonTables)
#include "tst_jsontables.moc"
