// Root folders of a drawing: made once, and never at the cost of what a host has written.
#include "app/databases/databasefiles.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "core/workspace/atomicfile.h"
#include "core/workspace/strictyaml.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

namespace {

Topology drawing(const std::string& schema) {
    Topology topology;
    Cluster east;
    east.name = "east";
    east.system = "voltdb";
    east.schema = schema;
    east.members.push_back({.name = "east1"});
    topology.clusters.push_back(std::move(east));
    return topology;
}

}  // namespace

class TestDatabaseFiles : public QObject {
    Q_OBJECT
private slots:
    void init() {
        dir_ = std::make_unique<QTemporaryDir>();
        schema_.clear();
        QVERIFY(dir_->isValid());
        QVERIFY_OK(make());
    }

    void aHostThatLostItsDeploymentFileKeepsItsData_data() {
        QTest::addColumn<bool>("wholeFolder");
        QTest::newRow("the file") << false;
        QTest::newRow("its folder") << true;
    }
    void aHostThatLostItsDeploymentFileKeepsItsData() {
        QFETCH(bool, wholeFolder);
        const HostPlace host = place();
        const std::string before = readTextFile(host.deploymentFile()).valueOr("");
        QVERIFY(!before.empty());
        const std::string data = host.volume() + "/changes.log";
        QVERIFY(QDir().mkpath(QString::fromStdString(host.volume())));
        QVERIFY(saveFileAtomically(data, "rows").ok());
        if (wholeFolder) {
            QVERIFY(QDir(QString::fromStdString(host.root() + "/config")).removeRecursively());
        } else {
            QVERIFY(QFile::remove(QString::fromStdString(host.deploymentFile())));
        }
        const auto again = make();
        QVERIFY_OK(again);
        QCOMPARE(readTextFile(data).valueOr("gone"), std::string("rows"));
        QCOMPARE(readTextFile(host.deploymentFile()).valueOr(""), before);
        QCOMPARE(again->notes.size(), std::size_t(1));
        QVERIFY2(again->notes[0].find("data is kept") != std::string::npos, again->notes[0].c_str());
    }

    void whatABrokenOffInitLeftIsBegunAnew() {
        QVERIFY(QFile::remove(QString::fromStdString(place().deploymentFile())));
        QVERIFY_OK(make());
        QVERIFY(QFile::exists(QString::fromStdString(place().deploymentFile())));
    }

    void aSchemaThatWasNotRunYetIsTheOneOfNow() {
        const auto give = [&](const std::string& text) {
            QVERIFY(saveFileAtomically(root() + "/east.sql", text).ok());
            schema_ = "east.sql";
        };
        QVERIFY(QDir(QString::fromStdString(place().dir)).removeRecursively());
        give("create tabel t;");
        QVERIFY_OK(make());
        QCOMPARE(readTextFile(place().pendingSchema()).valueOr(""), std::string("create tabel t;"));
        give("create table t (a bigint);");
        QVERIFY_OK(make());
        QCOMPARE(readTextFile(place().pendingSchema()).valueOr(""), std::string("create table t (a bigint);"));
        // What somebody put there by hand is not the drawing's.
        QVERIFY(saveFileAtomically(place().pendingSchema(), "create table mine (a bigint);").ok());
        give("create table other (a bigint);");
        QVERIFY_OK(make());
        QCOMPARE(readTextFile(place().pendingSchema()).valueOr(""), std::string("create table mine (a bigint);"));
        // What was run is not run again.
        QVERIFY(QFile::remove(QString::fromStdString(place().pendingSchema())));
        QVERIFY_OK(make());
        QVERIFY(!QFile::exists(QString::fromStdString(place().pendingSchema())));
    }

private:
    [[nodiscard]] std::string root() const { return dir_->path().toStdString(); }
    [[nodiscard]] HostPlace place() const { return hostAt(root() + "/voltdb/east/east1"); }
    [[nodiscard]] Result<DatabaseFilesMade> make() const {
        return makeDatabaseFiles(WorkspacePaths{root()}, drawing(schema_), {"east"});
    }
    std::unique_ptr<QTemporaryDir> dir_;
    std::string schema_;
};
TRIBUTARY_TEST(TestDatabaseFiles)
#include "tst_databasefiles.moc"
