// The catalog: entries of version 1 that must be read for ever, what the catalog knows of a record, and what it leaves
// to the kind.
#include "engine/catalog/catalog.h"

#include <fmt/format.h>

#include "engine/systems/maprdb/tables/tablekind.h"
#include "engine/systems/maprdb/tables/tablerecord.h"
#include "mutator.h"
#include "testmain.h"
#include "tests/toy/toykind.h"

using namespace tributary;
using namespace tributary::engine;

namespace {

// As the releases before there were kinds wrote it.
constexpr const char* kTablePut =
    R"({"what":0,"table":{"id":3,"uuid":"01000000-0000-0000-0200-000000000000","path":"/mapr/sf/t","kind":"binary",)"
    R"("creator":"ana","created":1700000000000,"attributes":{"deletettl":"10"},"perms":{"replperm":"u:ana"},)"
    R"("families":[{"id":1,"name":"f","maxversions":2,"minversions":1,"ttl":60,"inmemory":true,"compression":"zstd",)"
    R"("perms":{"readperm":"u:ana"},"created":0,"dropped":0,"columns":{"q":{"readperm":"u:ben"}}},)"
    R"({"id":2,"name":"g","maxversions":1,"minversions":0,"ttl":0,"inmemory":false,"compression":"lz4","perms":{},)"
    R"("created":4,"dropped":18446744073709551615}],)"
    R"("replicas":[{"idx":1,"cluster":"ny","path":"/mapr/ny/t","uuid":"03000000-0000-0000-0400-000000000000",)"
    R"("columns":"f:q","paused":true,"pausedms":5,"divergedms":6,"throttle":true,"networkencryption":false,)"
    R"("synchronous":true,"compression":"zlib","from":7,"state":3,"copypercent":41,"earliercolumns":[[0,"f"]]}],)"
    R"("upstreams":[{"idx":2,"cluster":"ny","path":"/mapr/ny/t","uuid":"03000000-0000-0000-0400-000000000000"}],)"
    R"("nextfamily":3,"nextedge":3,"createdlsn":0}})";

std::string uuidIn(std::string text) {
    const auto replace = [&](const std::string& from, const std::string& to) {
        for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
            text.replace(at, from.size(), to);
        }
    };
    replace("01000000-0000-0000-0200-000000000000", Uuid::fromRandom(1, 2).text());
    replace("03000000-0000-0000-0400-000000000000", Uuid::fromRandom(3, 4).text());
    return text;
}

/// Members of objects in any order.
nlohmann::json membersOf(const std::string& text) {
    return nlohmann::json::parse(text);
}

}  // namespace

class TestCatalog : public QObject {
    Q_OBJECT
private slots:
    void entriesOfVersion1AreReadAndWrittenAsTheyWere() {
        const std::string text = uuidIn(kTablePut);
        const auto change = decodeChange(text, kinds_);
        QVERIFY2(change.ok(), change.ok() ? "" : change.error().full().c_str());
        const DatasetRecord& record = change.value().dataset;
        QCOMPARE(record.path, std::string("/mapr/sf/t"));
        QVERIFY(&record.kind() == &maprdb::tableKind());
        QCOMPARE(maprdb::schemaOf(record).family("f")->maxVersions, 2U);
        QCOMPARE(record.replicas.front().projection, std::string("f:q"));
        QVERIFY(membersOf(encodeChange(change.value())) == membersOf(text));
        const maprdb::TableRecord table = maprdb::tableOf(record);
        QVERIFY(membersOf(encodeChange(CatalogChange::put(table.dataset()))) == membersOf(text));
        QVERIFY(nlohmann::json(toJson(table)) == membersOf(text)["table"]);
    }
    void whatAnEntryBeginsKnowsWhenItWasLogged() {
        Catalog catalog(kinds_);
        catalog.apply(decodeChange(uuidIn(kTablePut), kinds_).value(), 9);
        const DatasetRecord& record = *catalog.byId(3);
        QCOMPARE(record.createdLsn, Lsn{9});
        QCOMPARE(record.replicas.front().fromLsn, Lsn{7});
        QCOMPARE(record.replicas.front().projectionAt(9), std::string("f"));
        QCOMPARE(record.replicas.front().projectionAt(10), std::string("f:q"));
        const maprdb::TableSchema& schema = maprdb::schemaOf(record);
        QCOMPARE(schema.family("f")->createdLsn, Lsn{9});
        QVERIFY(schema.familyAt("g", 8) != nullptr && schema.familyAt("g", 9) == nullptr);
        QCOMPARE(catalog.nextId(), 4U);
        catalog.forgetGone(3, 8);
        QVERIFY(maprdb::schemaOf(*catalog.byId(3)).familyAt("g", 8) != nullptr);
        catalog.forgetGone(3, 9);
        QVERIFY(maprdb::schemaOf(*catalog.byId(3)).familyAt("g", 8) == nullptr);
    }
    void snapshotComesBackWhole() {
        Catalog catalog(kinds_);
        catalog.apply(decodeChange(uuidIn(kTablePut), kinds_).value(), 9);
        CatalogChange gateways;
        gateways.what = CatalogChange::What::GatewaysPut;
        gateways.cluster = "ny";
        gateways.gateways = {"gw-1", "gw-2"};
        catalog.apply(decodeChange(encodeChange(gateways), kinds_).value(), 10);
        CatalogChange volume;
        volume.what = CatalogChange::What::VolumePut;
        volume.volume = "v";
        volume.lagThresholdSeconds = 7;
        catalog.apply(decodeChange(encodeChange(volume), kinds_).value(), 11);
        DatasetRecord ledger;
        ledger.id = catalog.nextId();
        ledger.path = "x:ledger";
        ledger.schema = toy::toySchema();
        catalog.apply(decodeChange(encodeChange(CatalogChange::put(ledger)), kinds_).value(), 12);
        Catalog again(kinds_);
        QVERIFY_OK(again.restore(catalog.snapshot()));
        QVERIFY(again.snapshot() == catalog.snapshot());
        QVERIFY(&again.byPath("x:ledger")->kind() == &toy::toyKind());
        QCOMPARE(again.gatewaysFor("ny")->size(), std::size_t{2});
        QCOMPARE(again.lagThresholdSeconds("v"), std::int64_t{7});
        again.apply(CatalogChange::drop(3), 13);
        QVERIFY(again.byId(3) == nullptr && again.byUuid(Uuid::fromRandom(1, 2)) == nullptr);
    }
    void recordOfAnUnknownKindIsRefused() {
        const Kinds tables({&maprdb::tableKind()});
        DatasetRecord ledger;
        ledger.id = 1;
        ledger.schema = toy::toySchema();
        const auto change = decodeChange(encodeChange(CatalogChange::put(ledger)), tables);
        QVERIFY(!change.ok() && change.error().code == ErrorCode::Unsupported);
        QVERIFY2(change.error().what.find("'ledger'") != std::string::npos, change.error().what.c_str());
    }
    void numberThatNoIntegerHoldsIsRefused() {
        const auto change =
            decodeChange(R"({"what":3,"volume":"v","lagthreshold":18446744073709551616000000})", kinds_);
        QVERIFY(!change.ok() && change.error().code == ErrorCode::Corrupt);
    }
    void damagedEntriesAreRefusedOrHarmless() {
        const std::string text = uuidIn(kTablePut);
        test::Mutator mutator(1);
        int refused = 0;
        for (int i = 0; i < 3'000; ++i) {
            const auto change = decodeChange(mutator.damaged(text), kinds_);
            if (!change) {
                ++refused;
                continue;
            }
            Catalog catalog(kinds_);
            catalog.apply(change.value(), 1);
            QVERIFY(!encodeChange(change.value()).empty());
        }
        QVERIFY(refused > 0);
    }

private:
    Kinds kinds_{{&maprdb::tableKind(), &toy::toyKind()}};
};
TRIBUTARY_TEST(TestCatalog)
#include "tst_catalog.moc"
