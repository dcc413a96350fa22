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

Topology drawing() {
    Topology topology;
    Cluster east;
    east.name = "east";
    east.system = "voltdb";
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

private:
    [[nodiscard]] std::string root() const { return dir_->path().toStdString(); }
    [[nodiscard]] HostPlace place() const { return hostAt(root() + "/voltdb/east/east1"); }
    [[nodiscard]] Result<DatabaseFilesMade> make() const {
        return makeDatabaseFiles(WorkspacePaths{root()}, drawing(), {"east"});
    }
    std::unique_ptr<QTemporaryDir> dir_;
};
TRIBUTARY_TEST(TestDatabaseFiles)
#include "tst_databasefiles.moc"
