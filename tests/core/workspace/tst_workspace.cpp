// Finding, opening, saving a workspace; making one from an example.
#include "core/workspace/workspace.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "core/topology/edit.h"
#include "core/workspace/atomicfile.h"
#include "core/workspace/strictyaml.h"
#include "core/workspace/topologyfile.h"
#include "testmain.h"

using namespace tributary;

class TestWorkspace : public QObject {
    Q_OBJECT
private slots:
    void init() {
        dir_ = std::make_unique<QTemporaryDir>(QStringLiteral("/tmp/a workspace XXXXXX"));
        root_ = dir_->path().toStdString();
    }

    void createsEveryExample_data() {
        QTest::addColumn<QString>("name");
        const std::vector<std::string> names = exampleNames();
        QCOMPARE(names, (std::vector<std::string>{"multi-master", "ring-of-three", "replica-set", "stream-pair",
                                                  "streams-many-to-one", "tarantool-master-master", "voltdb-passive-dr",
                                                  "voltdb-xdcr-three"}));
        for (const std::string& name : names) QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
    void createsEveryExample() {
        QFETCH(QString, name);
        const std::string target = root_ + "/new/one";
        const auto written = createExample(name.toStdString(), target);
        QVERIFY_OK(written);
        QVERIFY(written->size() >= 2);
        QCOMPARE(written->back(), target + "/topology.yaml");
        for (const std::string& path : *written) {
            const QString file = QString::fromStdString(path.substr(target.size() + 1));
            const QString source = QStringLiteral(TRIBUTARY_SOURCE_DIR "/resources/examples/%1/%2").arg(name, file);
            QCOMPARE(readTextFile(path).valueOr("1"), readTextFile(source.toStdString()).valueOr("2"));
        }
        const auto paths = findWorkspace(target);
        QVERIFY_OK(paths);
        const auto workspace = openWorkspace(*paths);
        QVERIFY_OK(workspace);
        QVERIFY(!workspace->topology.empty());
    }

    void theMultiMasterExampleDrawsFourEdges() {
        const auto topology = loadTopology(TRIBUTARY_SOURCE_DIR "/resources/examples/multi-master/topology.yaml");
        QVERIFY_OK(topology);
        QVERIFY(topology->replicas.size() == 2 && topology->upstreams.size() == 2 && topology->wan.size() == 1);
        QVERIFY(topology->dataset("/mapr/sanfrancisco/customers")->exists);
        QVERIFY(!topology->dataset("/mapr/newyork/customers")->exists);
    }

    void refusesAFolderThatIsNotEmpty() {
        QVERIFY_OK(saveFileAtomically(root_ + "/mine.txt", "keep"));
        const auto made = createExample("multi-master", root_);
        QVERIFY(!made.ok());
        QCOMPARE(made.error().code, ErrorCode::AlreadyExists);
        QCOMPARE(QDir(dir_->path()).entryList(QDir::Files).size(), 1);
        const auto unknown = createExample("multimaster", root_ + "/x");
        QVERIFY(!unknown.ok());
        QCOMPARE(unknown.error().fix, std::string("did you mean 'multi-master'?"));
        QVERIFY(!QDir(dir_->path() + QStringLiteral("/x")).exists());
    }

    void findsTheWorkspaceAbove() {
        const auto made = createExample("multi-master", root_ + "/ws");
        QVERIFY_OK(made);
        QVERIFY(QDir(dir_->path()).mkpath(QStringLiteral("ws/runbooks/deep")));
        for (const char* from : {"/ws", "/ws/runbooks/deep", "/ws/"}) {
            const auto found = findWorkspace({}, root_ + from);
            QVERIFY_OK(found);
            QCOMPARE(QDir::cleanPath(QString::fromStdString(found->root)), dir_->path() + QStringLiteral("/ws"));
        }
        for (const char* given : {"/ws", "/ws/", "/ws/topology.yaml"}) {
            const auto found = findWorkspace(root_ + given, "/");
            QVERIFY_OK(found);
            QCOMPARE(found->root, root_ + "/ws");
            QCOMPARE(found->topology(), root_ + "/ws/topology.yaml");
            QCOMPARE(found->state(), root_ + "/ws/.tributary");
        }
    }

    void namesAForeignFolder() {
        const auto foreign = findWorkspace(root_, "/");
        QVERIFY(!foreign.ok());
        QCOMPARE(foreign.error().code, ErrorCode::NotFound);
        QCOMPARE(foreign.error().text(), root_ + ": this is not a workspace: it has no topology.yaml");
        QVERIFY(findWorkspace(root_ + "/none", "/").error().what.find("no such folder") != std::string::npos);
        const auto nowhere = findWorkspace({}, root_);
        QVERIFY(!nowhere.ok());
        QCOMPARE(nowhere.error().where, root_);
    }

    void savesWithCommentsAndRefusesToOverwriteAnotherEdit() {
        const auto made = createExample("multi-master", root_ + "/ws");
        QVERIFY_OK(made);
        const auto paths = findWorkspace(root_ + "/ws");
        QVERIFY_OK(paths);
        auto mine = openWorkspace(*paths);
        auto theirs = openWorkspace(*paths);
        QVERIFY_OK(mine);
        QVERIFY_OK(theirs);
        Topology wanted = mine->topology;
        const auto edit = removeElement(WanId{"sanfrancisco", "newyork"})->apply(wanted);
        QVERIFY_OK(edit);
        const auto saved = saveWorkspace(*mine, wanted);
        QVERIFY_OK(saved);
        QVERIFY(!saved->rewritten);
        const std::string text = readTextFile(paths->topology()).valueOr("");
        QCOMPARE(text, mine->text);
        QVERIFY(text.find("# recorded at the source") != std::string::npos);
        QVERIFY(mine->topology.wan.empty());
        const std::string before = theirs->text;
        const auto lost = saveWorkspace(*theirs, Topology{});
        QVERIFY(!lost.ok());
        QCOMPARE(lost.error().code, ErrorCode::Conflict);
        QCOMPARE(theirs->text, before);
        QCOMPARE(readTextFile(paths->topology()).valueOr(""), text);
    }

private:
    std::unique_ptr<QTemporaryDir> dir_;
    std::string root_;
};
TRIBUTARY_TEST(TestWorkspace)
#include "tst_workspace.moc"
