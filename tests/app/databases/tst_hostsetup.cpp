// Root folders: made for their owner alone, found, refused, begun anew; addresses of hosts.
#include "app/databases/hostsetup.h"

#include <sys/stat.h>

#include <QDir>
#include <QTemporaryDir>

#include "app/databases/hostprocess.h"
#include "app/databases/hostreplication.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/strictyaml.h"
#include "engine/machine/realfileops.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

namespace {

constexpr const char* kReplica =
    "<deployment>\n  <cluster sitesperhost=\"2\"/>\n  <dr id=\"2\" role=\"replica\">\n    <connection "
    "source=\"east1,127.0.0.9:7000\"/>\n  </dr>\n  <commandlog enabled=\"true\" "
    "synchronous=\"true\"/>\n</deployment>\n";

unsigned modeOf(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mode & 0777U : 0U;
}

}  // namespace

class TestHostSetup : public QObject {
    Q_OBJECT
private slots:
    void init() {
        dir_ = std::make_unique<QTemporaryDir>();
        QVERIFY(dir_->isValid());
        QVERIFY(saveFileAtomically(path("west.xml"), kReplica).ok());
    }

    void aRootFolderIsItsOwnersAlone() {
        const auto place = initHost({path("voltdb/west/west1"), path("west.xml"), {}, false});
        QVERIFY_OK(place);
        QCOMPARE(place->title(), std::string("west/west1"));
        QCOMPARE(modeOf(place->root()), 0700U);
        QCOMPARE(modeOf(place->root() + "/config"), 0700U);
        QCOMPARE(modeOf(place->deploymentFile()), 0600U);
        QCOMPARE(readTextFile(place->deploymentFile()).valueOr(""), std::string(kReplica));
        const auto setup = readHost(*place);
        QVERIFY_OK(setup);
        QVERIFY(setup->takesPart);
        QCOMPARE(setup->cluster.id.value_or(0), std::int64_t(2));
        QCOMPARE(setup->cluster.role, std::string("replica"));
        QCOMPARE(setup->cluster.commandLog, std::string("synchronous"));
        QCOMPARE(setup->sources, (std::vector<std::string>{"east1", "127.0.0.9:7000"}));
        const auto seen = lookAtHost(*place);
        QVERIFY_OK(seen);
        QVERIFY(seen->life == HostLife::NotRunning);
    }

    void aRootFolderThatIsThereIsKept() {
        const HostInit asked{path("voltdb/west/west1"), path("west.xml"), {}, false};
        QVERIFY_OK(initHost(asked));
        const std::string data = path("voltdb/west/west1/voltdbroot/command_log");
        QVERIFY(QDir().mkpath(QString::fromStdString(data)));
        const auto again = initHost(asked);
        QVERIFY(!again && again.error().code == ErrorCode::AlreadyExists);
        QVERIFY(again.error().fix.find("--force") != std::string::npos);
        HostInit forced = asked;
        forced.force = true;
        QVERIFY_OK(initHost(forced));
        QVERIFY(!QDir(QString::fromStdString(data)).exists());
    }

    void whatIsWrongLeavesNothing_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("said");
        QTest::newRow("no xml") << "deployment"
                                << "west.xml";
        QTest::newRow("an id beyond") << "<deployment><dr id=\"128\"/></deployment>"
                                      << "128";
        QTest::newRow("a role that is none") << "<deployment><dr id=\"1\" role=\"slave\"/></deployment>"
                                             << "slave";
    }
    void whatIsWrongLeavesNothing() {
        QFETCH(QString, text);
        QFETCH(QString, said);
        QVERIFY(saveFileAtomically(path("west.xml"), text.toStdString()).ok());
        const auto place = initHost({path("voltdb/west/west1"), path("west.xml"), {}, false});
        QVERIFY(!place);
        QVERIFY2(place.error().full().find(said.toStdString()) != std::string::npos, place.error().full().c_str());
        QVERIFY(!QDir(QString::fromStdString(path("voltdb/west/west1/voltdbroot"))).exists());
    }

    void kSafetyIsRefusedByName() {
        QVERIFY(
            saveFileAtomically(path("west.xml"), "<deployment><cluster hostcount=\"2\" kfactor=\"1\"/></deployment>")
                .ok());
        const auto place = initHost({path("voltdb/west/west1"), path("west.xml"), {}, false});
        QVERIFY_OK(place);
        const auto setup = readHost(*place);
        QVERIFY(!setup && setup.error().code == ErrorCode::Unsupported);
        QVERIFY(setup.error().what.find("K-safety") != std::string::npos);
    }

    void aFolderWithoutARootSaysHowToMakeOne() {
        const auto setup = readHost(hostAt(path("voltdb/west/west1")));
        QVERIFY(!setup && setup.error().code == ErrorCode::NotFound);
        QVERIFY(setup.error().fix.find("voltdb init") != std::string::npos);
    }

    void hostsAreFoundByClusterAndByName() {
        for (const char* dir : {"voltdb/west/west1", "voltdb/east/east1"}) {
            QVERIFY_OK(initHost({path(dir), path("west.xml"), {}, false}));
        }
        const auto environment = findDatabases(path("voltdb/west"));
        QVERIFY_OK(environment);
        QCOMPARE(findHosts(*environment, {})->size(), std::size_t(2));
        QCOMPARE(findHosts(*environment, "west")->front().name, std::string("west1"));
        QCOMPARE(findHosts(*environment, "east1:21212")->front().cluster, std::string("east"));
        const auto unknown = findHosts(*environment, "lima");
        QVERIFY(!unknown && unknown.error().fix == "one of: east, west");
        const auto several = hostsMeant(*environment, {});
        QVERIFY(!several && several.error().what == "east, west may be meant");
        QVERIFY(!findDatabases("/").ok());
    }

    void sourcesAreHostsThatNeedNotBeMadeYet() {
        QVERIFY_OK(initHost({path("voltdb/east/east1"), path("west.xml"), {}, false}));
        const std::string east = addressOfSource(path(""), "east1");
        QVERIFY2(east.starts_with("127.") && east.ends_with(":5555") && !east.starts_with("127.0."), east.c_str());
        QCOMPARE(addressOfSource(path(""), "east1"), east);
        QVERIFY(QDir().mkpath(QString::fromStdString(path("voltdb/lima"))));
        const std::string future = addressOfSource(path(""), "lima1");
        QVERIFY(!future.empty() && future != east);
        QVERIFY_OK(initHost({path("voltdb/lima/lima1"), path("west.xml"), {}, false}));
        QCOMPARE(addressOfSource(path(""), "lima1"), future);
        QCOMPARE(addressOfSource(path(""), "127.0.0.9:7000"), std::string("127.0.0.9:7000"));
        QCOMPARE(addressOfSource(path(""), "localhost"), std::string("localhost:5555"));
        QVERIFY(addressOfSource(path(""), "nobody1").empty());
    }

    void aSourceThatIsDrawnElsewhereIsDialledThere() {
        HostStart how;
        how.addresses = {{"east1", "127.0.0.1:6002"}, {"west1", ""}};
        QVERIFY(QDir().mkpath(QString::fromStdString(path("voltdb/east"))));
        QCOMPARE(sourceAddress(path(""), "east1", how), std::string("127.0.0.1:6002"));  // not made yet
        const auto east = initHost({path("voltdb/east/east1"), path("west.xml"), {}, false});
        QVERIFY_OK(east);
        QCOMPARE(sourceAddress(path(""), "east1", how), std::string("127.0.0.1:6002"));
        QCOMPARE(sourceAddress(path(""), "east1", {}), derivedAddress(*east, 5555));
        QCOMPARE(sourceAddress(path(""), "127.0.0.9:7000", how), std::string("127.0.0.9:7000"));
        engine::RealFileOps files;
        QVERIFY_OK(files.makeDirs(east->volume()));
        const auto lock = files.lock(east->lockFile());
        QVERIFY_OK(lock);
        QVERIFY(saveFileAtomically(east->replicationFile(), "127.0.0.1:6001\n").ok());
        QCOMPARE(sourceAddress(path(""), "east1", how), std::string("127.0.0.1:6001"));  // it runs there
    }

    /// The file of a process that is gone, or of the workspace that was copied, names somebody else's door.
    void whatAProcessToldCountsWhileItRuns() {
        const auto east = initHost({path("voltdb/east/east1"), path("west.xml"), {}, false});
        QVERIFY_OK(east);
        const std::string own = derivedAddress(*east, 5555);
        QVERIFY(saveFileAtomically(east->replicationFile(), "127.0.0.1:6001\n").ok());
        QCOMPARE(replicationAddress(*east, 5555), own);
        QCOMPARE(addressOfSource(path(""), "east1"), own);
        const auto setup = readHost(*east);
        QVERIFY_OK(setup);
        {
            engine::RealFileOps files;
            QVERIFY_OK(files.makeDirs(east->volume()));
            const auto lock = files.lock(east->lockFile());
            QVERIFY_OK(lock);
            QCOMPARE(replicationAddress(*east, 5555), std::string("127.0.0.1:6001"));
            QCOMPARE(addressOfSource(path(""), "east1"), std::string("127.0.0.1:6001"));
            // What starts there itself does not listen where somebody else did.
            QCOMPARE(doorOf(*east, *setup, {}), own);
        }
        QCOMPARE(replicationAddress(*east, 5555), own);
        HostStart how;
        how.replication = "127.0.0.9:7000";
        QCOMPARE(doorOf(*east, *setup, how), std::string("127.0.0.9:7000"));
        QVERIFY(hostAt(path("copy/voltdb/east/east1")).dir != east->dir);
        QVERIFY(derivedAddress(hostAt(path("copy/voltdb/east/east1")), 5555) != own);
    }

private:
    [[nodiscard]] std::string path(const char* below) const {
        return dir_->path().toStdString() + (*below == 0 ? "" : "/") + below;
    }
    std::unique_ptr<QTemporaryDir> dir_;
};
TRIBUTARY_TEST(TestHostSetup)
#include "tst_hostsetup.moc"
