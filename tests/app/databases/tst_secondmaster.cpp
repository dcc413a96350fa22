// A replica that was promoted, and the master that it fetched from: only one of them runs.
#include "app/databases/secondmaster.h"

#include <QDir>
#include <QTemporaryDir>

#include "app/databases/hostsetup.h"
#include "core/workspace/atomicfile.h"
#include "engine/machine/realfileops.h"
#include "engine/systems/voltdb/replication/drbook.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
using engine::voltdb::DrRole;

class TestSecondMaster : public QObject {
    Q_OBJECT
private slots:
    void init() {
        dir_ = std::make_unique<QTemporaryDir>();
        QVERIFY(dir_->isValid());
    }

    void onlyOneOfThemIsStarted_data() {
        QTest::addColumn<bool>("promoted");
        QTest::addColumn<QString>("running");
        QTest::addColumn<QString>("asked");
        QTest::addColumn<bool>("refused");
        QTest::newRow("a pair as drawn") << false << ""
                                         << "east west" << false;
        QTest::newRow("both, after a promotion") << true << ""
                                                 << "east west" << true;
        QTest::newRow("the old master beside the new one") << true << "west"
                                                           << "east west" << true;
        QTest::newRow("the new one beside the old") << true << "east"
                                                    << "west" << true;
        QTest::newRow("the new one alone") << true << ""
                                           << "west" << false;
        QTest::newRow("the old one alone") << true << ""
                                           << "east" << false;
        QTest::newRow("both run: nothing starts") << true << "east west"
                                                  << "east west" << false;
    }
    void onlyOneOfThemIsStarted() {
        QFETCH(bool, promoted);
        QFETCH(QString, running);
        QFETCH(QString, asked);
        QFETCH(bool, refused);
        engine::RealFileOps files;
        std::vector<std::unique_ptr<engine::FileLock>> locks;
        for (const char* name : {"east", "west"}) {
            const auto host = initHost({root() + "/voltdb/" + name + "/" + name + "1", {}, {}, false});
            QVERIFY_OK(host);
            QVERIFY_OK(files.makeDirs(host->volume()));
            engine::voltdb::DrBook book;
            book.role = name == std::string("east") || promoted ? DrRole::Master : DrRole::Replica;
            QVERIFY_OK(engine::voltdb::saveBook(files, host->bookFile(), book));
            if (!running.contains(QString::fromUtf8(name))) continue;
            auto lock = files.lock(host->lockFile());
            QVERIFY_OK(lock);
            locks.push_back(std::move(lock).value());
        }
        std::vector<std::string> clusters;
        for (const QString& each : asked.split(QLatin1Char(' '))) clusters.push_back(each.toStdString());
        const Status one = requireOneMaster(WorkspacePaths{root()}, drawing(), clusters);
        QCOMPARE(!one.ok(), refused);
        if (!refused) return;
        QVERIFY(one.error().code == ErrorCode::Conflict);
        QVERIFY2(one.error().what.find("it was promoted") != std::string::npos, one.error().what.c_str());
        QVERIFY2(one.error().fix.find("role: master for west") != std::string::npos, one.error().fix.c_str());
    }

private:
    [[nodiscard]] std::string root() const { return dir_->path().toStdString(); }
    static Topology drawing() {
        Topology topology;
        for (const char* name : {"east", "west"}) {
            Cluster& cluster = topology.clusters.emplace_back();
            cluster.name = name;
            cluster.system = "voltdb";
            cluster.role = name == std::string("east") ? "master" : "replica";
            cluster.members.push_back({.name = name + std::string("1")});
        }
        Connection& connection = topology.connections.emplace_back();
        connection.at = "west";
        connection.from = "east";
        return topology;
    }
    std::unique_ptr<QTemporaryDir> dir_;
};
TRIBUTARY_TEST(TestSecondMaster)
#include "tst_secondmaster.moc"
