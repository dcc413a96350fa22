// The files of an environment made of a drawing: made, followed, kept, and where passwords come from.
#include <sys/stat.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "app/instances/environment.h"
#include "core/workspace/topologyfile.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

namespace {

constexpr const char* kDrawing = R"(tributary: 1
clusters:
  replicaset001:
    system: tarantool
    app: master_master
    failover: off
    members:
      instance002: {mode: rw, listen: "127.0.0.1:3302"}
      instance001: {mode: rw, listen: "127.0.0.1:3301"}
    users:
      replicator: {roles: [replication]}
)";

class World {
public:
    World() { paths.root = dir_.path().toStdString(); }

    Result<EnvironmentMade> make(const QByteArray& drawing) const {
        const auto topology = parseTopology(drawing.toStdString(), "topology.yaml");
        if (!topology) return topology.error();
        return makeEnvironment(paths, topology.value(), {"replicaset001"});
    }
    [[nodiscard]] QByteArray read(const QString& name) const {
        QFile file(dir_.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    void write(const QString& name, const QByteArray& text) const {
        QFile file(dir_.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) qFatal("%s", qPrintable(name));
    }
    [[nodiscard]] QFileDevice::Permissions permissions(const QString& name) const {
        return QFile(dir_.filePath(name)).permissions();
    }

    WorkspacePaths paths;

private:
    QTemporaryDir dir_;
};

const QString kConfig = QStringLiteral("instances.enabled/master_master/config.yaml");
const QString kInstances = QStringLiteral("instances.enabled/master_master/instances.yml");
const QString kPassword = QStringLiteral(".tributary/passwords/master_master.replicator");

}  // namespace

class TestEnvironment : public QObject {
    Q_OBJECT
private slots:
    /// Who may write into a folder puts a configuration of his own there.
    void foldersAreOpenToNobodyElsesFiles() {
        const World world;
        const mode_t before = ::umask(0);
        const auto made = world.make(kDrawing);
        ::umask(before);
        QVERIFY_OK(made);
        for (const char* folder : {"instances.enabled", "instances.enabled/master_master"}) {
            const auto others = QFileDevice::WriteGroup | QFileDevice::WriteOther;
            QVERIFY2((world.permissions(QLatin1String(folder)) & others) == 0, folder);
        }
    }
    void init() { qunsetenv("REPLICATOR_PASSWORD"); }
    void cleanup() { qunsetenv("REPLICATOR_PASSWORD"); }

    void makesTheFilesOnceAndAPasswordThatNobodyElseReads() {
        const World world;
        const auto made = world.make(kDrawing);
        QVERIFY_OK(made);
        QCOMPARE(made.value().notes.size(), std::size_t(2));
        QCOMPARE(made.value().changed, std::vector<std::string>{"master_master"});
        QVERIFY2(world.read(kConfig).contains("file: '../../.tributary/passwords/master_master.replicator'"),
                 world.read(kConfig).constData());
        QCOMPARE(world.read(kInstances), QByteArray("instance002:\ninstance001:\n"));
        QVERIFY(world.read(QStringLiteral("tt.yaml")).contains("instances_enabled"));
        const QByteArray password = world.read(kPassword);
        QCOMPARE(password.size(), 64);
        QVERIFY(!world.read(kConfig).contains(password));
        QVERIFY((world.permissions(kPassword) & (QFileDevice::ReadGroup | QFileDevice::ReadOther)) == 0);
        const auto again = world.make(kDrawing);
        QVERIFY_OK(again);
        QVERIFY(again.value().notes.empty() && again.value().changed.empty());
        QCOMPARE(world.read(kPassword), password);
    }
    void takesThePasswordFromTheEnvironmentAndStaysWithIt() {
        const World world;
        qputenv("REPLICATOR_PASSWORD", "topsecret");
        QVERIFY_OK(world.make(kDrawing));
        QVERIFY(world.read(kConfig).contains("env: REPLICATOR_PASSWORD"));
        QVERIFY(world.read(kPassword).isEmpty());
        qunsetenv("REPLICATOR_PASSWORD");
        const auto again = world.make(kDrawing);
        QVERIFY_OK(again);
        QVERIFY(again.value().changed.empty());  // another password would not be the one that instances know
        QVERIFY(world.read(kPassword).isEmpty());
    }
    void staysWithAPasswordThatWasMade() {
        const World world;
        QVERIFY_OK(world.make(kDrawing));
        qputenv("REPLICATOR_PASSWORD", "topsecret");
        const auto again = world.make(kDrawing);
        QVERIFY_OK(again);
        QVERIFY(again.value().changed.empty());
    }
    void followsTheDrawingWhereNobodyEdited() {
        const World world;
        QVERIFY_OK(world.make(kDrawing));
        const auto made = world.make(QByteArray(kDrawing).replace("instance001: {mode: rw", "instance001: {mode: ro"));
        QVERIFY_OK(made);
        QCOMPARE(made.value().changed, std::vector<std::string>{"master_master"});
        QCOMPARE(made.value().notes,
                 std::vector<std::string>{"instances.enabled/master_master/config.yaml follows the drawing again"});
        QVERIFY(world.read(kConfig).contains("mode: ro"));
    }
    void keepsWhatSomebodyEdited() {
        const World world;
        QVERIFY_OK(world.make(kDrawing));
        const QByteArray edited = world.read(kConfig).replace("mode: rw", "mode: ro");
        world.write(kConfig, edited);
        const auto made = world.make(kDrawing);
        QVERIFY_OK(made);
        QVERIFY(made.value().changed.empty());
        QCOMPARE(made.value().notes.size(), std::size_t(1));
        QVERIFY2(made.value().notes[0].find("is kept, and counts") != std::string::npos, made.value().notes[0].c_str());
        QCOMPARE(world.read(kConfig), edited);
    }
    void makesNoPasswordForFilesOfSomebodyElse() {
        const World world;
        QDir(QString::fromStdString(world.paths.root)).mkpath(QStringLiteral("instances.enabled/master_master"));
        const World other;
        QVERIFY_OK(other.make(kDrawing));
        const QByteArray theirs = other.read(kConfig).replace("file: '../../.tributary/passwords/", "file: 'mine/");
        QVERIFY(theirs != other.read(kConfig));
        world.write(kConfig, theirs);
        world.write(kInstances, other.read(kInstances));
        const auto made = world.make(kDrawing);
        QVERIFY_OK(made);
        QVERIFY(made.value().notes.empty());
        QCOMPARE(world.read(kConfig), theirs);
        QVERIFY(!QFile::exists(QString::fromStdString(world.paths.root) + QLatin1Char('/') + kPassword));
    }
    void saysNothingOfAnEditThatMeansTheSame() {
        const World world;
        QVERIFY_OK(world.make(kDrawing));
        const QByteArray edited = "# ours\n" + world.read(kConfig);
        world.write(kConfig, edited);
        const auto made = world.make(kDrawing);
        QVERIFY_OK(made);
        QVERIFY(made.value().notes.empty());
        QCOMPARE(world.read(kConfig), edited);
    }
    void aFileThatCannotBeReadIsAnError() {
        const World world;
        QVERIFY_OK(world.make(kDrawing));
        world.write(kConfig, "groups: [\n");
        const auto made = world.make(kDrawing);
        QVERIFY(!made);
        QCOMPARE(made.error().code, ErrorCode::InvalidInput);
        QVERIFY(made.error().where.find("config.yaml:") != std::string::npos);
        QCOMPARE(world.read(kConfig), QByteArray("groups: [\n"));
    }
    void aDrawingThatBreaksARuleIsNotStarted() {
        const World world;
        const auto made = world.make(QByteArray(kDrawing).replace("3301", "3302"));  // one address for two
        QVERIFY(!made);
        QCOMPARE(made.error().code, ErrorCode::Conflict);
        QVERIFY2(made.error().where.find("topology.yaml:") != std::string::npos, made.error().full().c_str());
        QVERIFY(world.read(kConfig).isEmpty());
    }
};

TRIBUTARY_TEST(TestEnvironment)
#include "tst_environment.moc"
