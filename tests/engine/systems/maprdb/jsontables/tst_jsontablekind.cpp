// JSON tables as a kind: families, columns, rights, what a schema keeps.
#include "engine/systems/maprdb/jsontables/jsontablekind.h"

#include "engine/systems/maprdb/jsontables/documentbody.h"
#include "engine/systems/maprdb/tables/access.h"
#include "engine/systems/maprdb/tables/tablekind.h"
#include "engine/systems/maprdb/tables/tablerecord.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;

namespace {

FamilyRecord family(const std::string& name, const std::string& path, const std::string& readers,
                    const std::string& through = {}) {
    FamilyRecord out;
    out.name = name;
    out.jsonPath = path;
    out.perms = {{"readperm", readers}, {"writeperm", readers}, {"traverseperm", through}};
    return out;
}

TableSchema withFamilies(std::vector<FamilyRecord> families) {
    TableSchema out;
    out.families = std::move(families);
    for (FamilyRecord& one : out.families) one.id = out.nextFamilyId++;
    return out;
}

std::string refusalOf(const Json& request, FamilyRequest what = FamilyRequest::Create) {
    const TableSchema table = withFamilies({family("default", "", "p"), family("address", "a.b", "p")});
    const Status status = jsonTableKind().checkFamily(request, table, what);
    return status ? std::string() : status.error().what;
}

}  // namespace

class TestJsonTableKind : public QObject {
    Q_OBJECT
private slots:
    void newTablesHaveADefaultFamily() {
        TableRecord table;
        table.perms = {{"defaultreadperm", "u:ana"}};
        QVERIFY(jsonTableKind().complete(table));
        QCOMPARE(table.families.size(), std::size_t{1});
        QCOMPARE(table.families[0].name, std::string("default"));
        QCOMPARE(table.families[0].perms.at("readperm"), std::string("u:ana"));
        QVERIFY(jsonTableKind().complete(table));
        QCOMPARE(table.families.size(), std::size_t{1});
    }
    void schemaSurvivesItsRecord() {
        const TableSchema table = withFamilies({family("default", "", "p"), family("address", "a.b", "p")});
        Json record = Json::object();
        const SchemaPtr schema = makeSchema(jsonTableKind(), table);
        QVERIFY(&schema->kind() == &jsonTableKind());
        jsonTableKind().writeSchema(*schema, record);
        const auto read = jsonTableKind().parseSchema(record);
        QVERIFY(read && &read.value()->kind() == &jsonTableKind());
        QCOMPARE(schemaOf(*read.value()).families[1].jsonPath, std::string("a.b"));
        record["families"].erase(0);
        QVERIFY(!jsonTableKind().parseSchema(record));  // no default family
    }
    void renamedFamilyLeavesNothingBehind() {
        TableSchema table =
            withFamilies({family("default", "", "p"), family("new", "a", "p"), family("old", "a", "p")});
        table.families[2].droppedLsn = UINT64_MAX;
        const SchemaPtr settled = jsonTableKind().settled(makeSchema(jsonTableKind(), table), 7);
        QCOMPARE(schemaOf(*settled).families.size(), std::size_t{2});
        QCOMPARE(schemaOf(*settled).families[1].createdLsn, Lsn{7});
    }
    void refusesWhatFamiliesOfDocumentsAreNot() {
        QCOMPARE(refusalOf({{"name", "x"}, {"jsonpath", "c"}}), std::string());
        QCOMPARE(refusalOf({{"name", "x"}}), std::string("a family of a JSON table needs a path in its documents"));
        QCOMPARE(refusalOf({{"name", "x"}, {"jsonpath", "a.b"}}),
                 std::string("the family address has the path a.b already"));
        QVERIFY(!refusalOf({{"name", "x"}, {"jsonpath", "a[1]"}}).empty());
        QVERIFY(!refusalOf({{"name", "x"}, {"jsonpath", "a,b"}}).empty());
        QCOMPARE(refusalOf({{"name", "x"}, {"jsonpath", "c"}, {"maxversions", 3}}),
                 std::string("a field of a JSON table has one version"));
        QCOMPARE(refusalOf({{"name", "x"}, {"jsonpath", "c"}, {"ttl", 5}}),
                 std::string("documents that expire are not carried by this version"));
        QCOMPARE(refusalOf({{"name", "address"}, {"jsonpath", "c"}}, FamilyRequest::Change),
                 std::string("the path of a family cannot be changed"));
        QVERIFY(!jsonTableKind().checkDrop(family("default", "", "p")));
        QVERIFY(!tableKind().checkFamily({{"name", "x"}, {"jsonpath", "c"}}, {}, FamilyRequest::Create));
    }
    void columnsAreFieldsAndBack() {
        const TableSchema table = withFamilies({family("default", "", "p"), family("ae", "a.e", "p")});
        const auto there = [&](const std::string& columns) {
            return jsonTableKind().projectionOf("/mapr/sf/t", table, columns).valueOr("refused");
        };
        QCOMPARE(there(""), std::string());
        QCOMPARE(there("a,b.c"), std::string("+a,+b.c"));
        QCOMPARE(there(",a.e"), std::string());  // both families: everything
        QCOMPARE(there(","), std::string("+,-a.e"));
        QCOMPARE(there("a b, c"), std::string("refused"));
        for (const char* columns : {"a,b.c", "a.e", "b"}) {
            QCOMPARE(jsonTableKind().columnsOf(there(columns)), std::string(columns));
        }
    }
    void rightsFollowTheFamilies() {
        const std::map<std::string, std::vector<std::string>> groups;
        Access access(groups);
        const auto fields = [&](const TableSchema& table, const std::string& user) {
            return allowedFields(access, table, "readperm", user).text();
        };
        const TableSchema open = withFamilies({family("default", "", "p"), family("secret", "a.s", "u:ana")});
        QCOMPARE(fields(open, "ana"), std::string("+"));
        QCOMPARE(fields(open, "ben"), std::string("+,-a.s"));
        // Below a closed family only those read who may pass through it.
        const TableSchema closed = withFamilies({family("default", "", "u:root", "u:ana"), family("x", "x", "p")});
        QCOMPARE(fields(closed, "ana"), std::string("+x"));
        QCOMPARE(fields(closed, "ben"), std::string());
        QVERIFY(jsonTableKind().requireRead(access, "/t", open, "+b", "ben"));
        const Status denied = jsonTableKind().requireRead(access, "/t", open, "", "ben");
        QVERIFY(!denied && denied.error().code == ErrorCode::PermissionDenied);
        QCOMPARE(denied.error().what, std::string("user ben lacks readperm on secret of /t"));
    }
    void replicaInBulkLoadModeTakesNothing() {
        TableSchema table = withFamilies({family("default", "", "p")});
        const Bytes body = newBody(BodyKind::Documents);
        QVERIFY(jsonTableKind().admit(*makeSchema(jsonTableKind(), table), "/t", body));
        table.attributes["bulkload"] = "true";
        const auto refused = jsonTableKind().admit(*makeSchema(jsonTableKind(), table), "/t", body);
        QVERIFY(!refused && refused.error().where == "ErrBulkload");
        QVERIFY(!jsonTableKind().admit(*makeSchema(jsonTableKind(), table), "/t", "\x09"));
    }
};

TRIBUTARY_TEST(TestJsonTableKind)
#include "tst_jsontablekind.moc"
