// mapr dbshell: words, commands and answers, on a running cluster.
#include "app/terminal/dbshell.h"

#include "engine/systems/maprdb/maprdbkinds.h"
#include "testmain.h"
#include "tests/engine/node/twoclusters.h"

using namespace tributary;
using namespace tributary::app;
using tributary::test::Clusters;

namespace {

/// The clusters of a test as a directory.
class TestDirectory final : public engine::ClusterDirectory {
public:
    explicit TestDirectory(Clusters& clusters) : clusters_(clusters) {}
    Result<std::shared_ptr<engine::ControlClient>> client(const std::string& cluster) override {
        return std::shared_ptr<engine::ControlClient>(&clusters_.client(cluster), [](engine::ControlClient*) {});
    }
    [[nodiscard]] std::vector<std::string> clusters() const override { return {"sf"}; }
    [[nodiscard]] std::string defaultCluster() const override { return "sf"; }

private:
    Clusters& clusters_;
};

}  // namespace

class TestDbShell : public QObject {
    Q_OBJECT
private slots:
    void takesLinesApart() {
        const std::vector<std::string> words{"insert", "/t", "--value", "{\"_id\":\"a b\"}", "{\"x\":1}"};
        QCOMPARE(dbshellWords("insert /t  --value '{\"_id\":\"a b\"}' {\"x\":1}").value(), words);
        QCOMPARE(dbshellWords("  ").value().size(), std::size_t{0});
        QCOMPARE(dbshellWords("find \"/a b\"").value().back(), std::string("/a b"));
        QVERIFY(!dbshellWords("find '/a"));
        QCOMPARE(dbshellWords("insert --value '{\"n\":\"O'Brien\"}' /t").value()[2],
                 std::string("{\"n\":\"O'Brien\"}"));
        QVERIFY(!dbshellWords("find '/a'b"));
    }
    void knowsWhatWrites() {
        QVERIFY(DbShell::isWrite("INSERT /t --value {}") && DbShell::isWrite("delete /t --id a"));
        QVERIFY(!DbShell::isWrite("find /t") && !DbShell::isWrite("") && !DbShell::isWrite("help"));
    }
    void insertsFindsUpdatesAndDeletes() {
        Clusters clusters({"sf"}, [](engine::NodeConfig& config) { config.kinds = engine::maprdb::maprdbKinds(); });
        const engine::Json made{{"path", Clusters::path("sf")}, {"kind", "json"}};
        QVERIFY(clusters.ask("sf", engine::maprdb::TableMethod::CreateTable, made));
        TestDirectory directory(clusters);
        DocumentData documents(directory, [] { return Millis{0}; });
        std::string text;
        DbShell shell(documents, "ana", [&text](std::string_view more) { text += more; });
        const auto said = [&](const std::string& line) {
            text.clear();
            const auto answer = shell.run(line);
            return answer ? text : answer.error().what;
        };
        const std::string table = Clusters::path("sf");
        QCOMPARE(said("insert " + table + " --value '{\"_id\":\"a\", \"n\":1}'"),
                 std::string("Document with id: \"a\" inserted.\n"));
        QCOMPARE(said("insert " + table + " --id b --value {\"n\":2}"),
                 std::string("Document with id: \"b\" inserted.\n"));
        QCOMPARE(said("insert " + table + " --id b --value {\"_id\":\"c\"}"),
                 std::string("--id and the _id of the document are not the same"));
        QCOMPARE(said("find " + table + " --c {\"$gt\":{\"n\":1}}"),
                 std::string("{\"_id\":\"b\",\"n\":2}\n1 document(s) found.\n"));
        QCOMPARE(said("update " + table + " --id a --m {\"$increment\":{\"n\":4}}"),
                 std::string("Document with id: \"a\" updated.\n"));
        QCOMPARE(said("findbyid " + table + " --id a"), std::string("{\"_id\":\"a\",\"n\":5}\n1 document(s) found.\n"));
        QCOMPARE(said("delete " + table + " --id a --where {\"$eq\":{\"n\":9}}"),
                 std::string("the condition does not hold for the document \"a\""));
        QCOMPARE(said("delete " + table + " --id a"), std::string("Document with id: \"a\" deleted.\n"));
        QCOMPARE(said("find " + table + " --limit 5"), std::string("{\"_id\":\"b\",\"n\":2}\n1 document(s) found.\n"));
        QCOMPARE(said("find " + table + " --orderby n"), std::string("find has no option '--orderby' here"));
        QCOMPARE(said("list"), std::string("the shell has no command 'list' here"));
    }
};

TRIBUTARY_TEST(TestDbShell)
#include "tst_dbshell.moc"
