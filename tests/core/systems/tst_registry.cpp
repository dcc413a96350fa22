// The table of systems: every word of a drawing has its row.
#include "core/systems/registry.h"

#include <set>

#include "testmain.h"

using namespace tributary;

class TestRegistry : public QObject {
    Q_OBJECT
private slots:
    void everyKindBelongsToOneSystem() {
        std::set<std::string> names;
        for (const System& system : systems()) {
            QCOMPARE(findSystem(system.name), &system);
            for (const KindSpec& spec : system.kinds) {
                QVERIFY(names.insert(std::string(spec.name)).second);
                QCOMPARE(&systemOfKind(spec.kind), &system);
                QCOMPARE(datasetKindName(spec.kind), spec.name);
                const auto parsed = parseDatasetKind(spec.name);
                QVERIFY_OK(parsed);
                QVERIFY(*parsed == spec.kind);
            }
        }
        QCOMPARE(names.size(), datasetKindNames().size());
        QVERIFY(findSystem("mapdb") == nullptr);
        QVERIFY(names.contains("space") && systemOfKind(DatasetKind::Space).name == "tarantool");
    }

    void whatIsBuiltIsSaidOnce() {
        QCOMPARE(builtSystemNames(), (std::vector<std::string>{"maprdb", "tarantool", "voltdb"}));
        QVERIFY(isBuiltSystem("maprdb") && isBuiltSystem("voltdb") && !isBuiltSystem("unheard-of"));
        QVERIFY(hasOwnProcesses("tarantool") && !hasOwnProcesses("maprdb") && !hasOwnProcesses("unheard-of"));
        Dataset stream;
        stream.path = "/mapr/a/s";
        stream.kind = DatasetKind::Stream;
        QVERIFY_OK(requireBuiltKind(stream));
        stream.exists = true;
        QVERIFY_OK(requireBuiltKind(stream));
        Dataset space;
        space.path = "r1:s";
        space.kind = DatasetKind::Space;
        QVERIFY_OK(requireBuiltKind(space));
        space.exists = true;
        QVERIFY(!requireBuiltKind(space).ok());
    }
};
TRIBUTARY_TEST(TestRegistry)
#include "tst_registry.moc"
