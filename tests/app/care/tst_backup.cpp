// A backup is the workspace; a damaged one is none; a process that is killed leaves nothing under a final name.
#include <signal.h>
#include <sys/stat.h>

#include <QDirIterator>
#include <QTemporaryDir>

#include "app/care/archivewriter.h"
#include "app/care/backup.h"
#include "app/care/backupformat.h"
#include "engine/machine/realfileops.h"
#include "spawn.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
using tributary::test::builtProgram;
using tributary::test::fileText;

namespace {

void writeFile(const QString& path, const QByteArray& text) {
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(text), text.size());
}

bool isState(const QString& name) {
    return name == QLatin1String("/.tributary") || name.startsWith(QLatin1String("/.tributary/"));
}

/// Names, contents, targets of links and modes below a folder; of the state, which a restore makes private, the modes
/// of its owner.
QStringList pictureOf(const QString& folder) {
    QStringList out;
    QDirIterator at(folder, QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                    QDirIterator::Subdirectories);
    while (at.hasNext()) {
        at.next();
        const QFileInfo info = at.fileInfo();
        struct stat found {};
        ::lstat(qPrintable(info.filePath()), &found);
        const QString what = info.isSymLink() ? info.symLinkTarget().section(QLatin1Char('/'), -1)
                             : info.isDir()   ? QString()
                                              : QString::fromLatin1(fileText(info.filePath()).toHex());
        const QString name = info.filePath().mid(folder.size());
        const mode_t compared = isState(name) ? found.st_mode & ~mode_t{077} : found.st_mode;
        out << QStringLiteral("%1 %2 %3").arg(name, what).arg(compared, 0, 8);
    }
    out.sort();
    return out;
}

/// What of the state of a workspace others than its owner may touch.
QStringList openState(const QString& folder) {
    QStringList out;
    QDirIterator at(folder, QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                    QDirIterator::Subdirectories);
    while (at.hasNext()) {
        const QString path = at.next();
        const QString name = path.mid(folder.size());
        struct stat found {};
        ::lstat(qPrintable(path), &found);
        if (isState(name) && (found.st_mode & 077U) != 0) out << name;
    }
    return out;
}

}  // namespace

class BackupTest : public QObject {
    Q_OBJECT

private slots:
    void init() {
        dir_ = std::make_unique<QTemporaryDir>(QDir::tempPath() + QStringLiteral("/back up XXXXXX"));
        const QString root = in("ws");
        QByteArray bytes;
        for (int i = 0; i < 200'000; ++i) bytes.append(static_cast<char>((i * 7919) >> (i % 5)));
        writeFile(root + QStringLiteral("/topology.yaml"), "tributary: 1\n");
        writeFile(root + QStringLiteral("/layout.yaml"), "layout\n");
        writeFile(root + QStringLiteral("/über alles/notes.txt"), "a note\n");
        writeFile(root + QStringLiteral("/.tributary/runs/r1/journal.jsonl"), "{}\n");
        writeFile(root + QStringLiteral("/.tributary/clusters/sf/volume/log/1.log"), bytes);
        writeFile(root + QStringLiteral("/.tributary/clusters/sf/volume/empty.db"), {});
        QDir().mkpath(root + QStringLiteral("/runbooks"));
        QVERIFY(QFile::link(QStringLiteral("topology.yaml"), root + QStringLiteral("/link")));
        QFile::setPermissions(root + QStringLiteral("/layout.yaml"), QFile::ReadOwner);
        paths_.root = root.toStdString();
        archive_ = in("one.backup.tar.zst");
    }

    void aBackupIsTheWorkspaceWithoutWhatIsMadeAnew() {
        const QStringList before = pictureOf(in("ws"));
        QVERIFY(openState(in("ws")).contains(QStringLiteral("/.tributary")));
        for (const char* name : {"/.tributary/secret", "/.tributary/daemon.log", "/.tributary/daemon.log.1",
                                 "/.tributary/clusters/sf/ports.json", "/.tributary/clusters/sf/key",
                                 "/.tributary/clusters/sf/volume/lock", "/.tributary/identity/sf.json",
                                 "/.tributary/clusters/sf/volume/1.db-shm", "/runbooks/old.backup.tar.zst"}) {
            writeFile(in("ws") + QString::fromLatin1(name), "not in it");
        }
        const auto report = backupWorkspace(paths_, archive_.toStdString(), 0);
        QVERIFY_OK(report);
        QCOMPARE(report->files, 6U);
        QCOMPARE(QFileInfo(archive_).permissions() & QFile::ReadOther, QFile::Permissions());
        QDir().mkpath(in("new"));  // an empty folder is taken
        const auto restored = restoreWorkspace(archive_.toStdString(), in("new").toStdString());
        QVERIFY_OK(restored);
        QCOMPARE(restored->bytes, report->bytes);
        QCOMPARE(pictureOf(in("new")), before);
        QCOMPARE(openState(in("new")), QStringList());
        QVERIFY_OK(checkBackup(archive_.toStdString()));
    }

    void aDamagedVolumeIsNotBackedUp_data() {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("says");
        QTest::newRow("snapshot") << "node.json"
                                  << QByteArray("{\"format\":2,\"lsn\":7,\"digest\":\"0123456789abcdef\"}")
                                  << "the snapshot is not what was written";
        QTest::newRow("state file") << "tables/1.db" << QByteArray("no database") << "the file has lost its header";
    }
    void aDamagedVolumeIsNotBackedUp() {
        QFETCH(const QString, file);
        QFETCH(const QByteArray, content);
        QFETCH(const QString, says);
        QDir().mkpath(in("ws") + QStringLiteral("/.tributary/clusters/sf/volume/tables"));
        writeFile(in("ws") + QStringLiteral("/.tributary/clusters/sf/volume/") + file, content);
        const auto refused = backupWorkspace(paths_, archive_.toStdString(), 0);
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::Corrupt);
        QVERIFY2(refused.error().what.find("the volume of cluster sf is damaged: " + says.toStdString()) == 0,
                 refused.error().what.c_str());
        QVERIFY(!QFile::exists(archive_));
    }

    void aClusterThatRunsIsRefusedWithTheNextCommand() {
        engine::RealFileOps files;
        const auto held = files.lock(paths_.state() + "/clusters/sf/volume/lock");
        QVERIFY_OK(held);
        const auto refused = backupWorkspace(paths_, archive_.toStdString(), 0);
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY(refused.error().what.find("cluster sf runs") != std::string::npos);
        QVERIFY(refused.error().fix.find("tributary down") != std::string::npos);
        QVERIFY(!QFile::exists(archive_));
    }

    void aMemberThatRunsIsRefused_data() {
        QTest::addColumn<QString>("lock");
        QTest::addColumn<QString>("title");
        QTest::addColumn<QString>("data");
        QTest::addColumn<QStringList>("madeAnew");
        const QString lib = QStringLiteral("instances.enabled/mm/var/lib/i1/");
        QTest::newRow("instance") << lib + QStringLiteral("lock") << QStringLiteral("instance mm:i1")
                                  << lib + QStringLiteral("1.xlog")
                                  << QStringList{lib + QStringLiteral("identity.json"),
                                                 QStringLiteral("instances.enabled/mm/var/run/i1/control.key")};
        const QString root = QStringLiteral("voltdb/east/east1/voltdbroot/");
        QTest::newRow("host") << root + QStringLiteral("command_log/lock") << QStringLiteral("host east/east1")
                              << root + QStringLiteral("command_log/1.log")
                              << QStringList{
                                     root + QStringLiteral("control.key"), root + QStringLiteral("identity.json"),
                                     root + QStringLiteral("replication.address"), root + QStringLiteral("voltdb.pid")};
    }
    void aMemberThatRunsIsRefused() {
        QFETCH(QString, lock);
        QFETCH(QString, title);
        QFETCH(QString, data);
        QFETCH(QStringList, madeAnew);
        const QString workspace = in("ws") + QLatin1Char('/');
        writeFile(workspace + lock, {});
        engine::RealFileOps files;
        {
            const auto held = files.lock((workspace + lock).toStdString());
            QVERIFY_OK(held);
            const auto refused = backupWorkspace(paths_, archive_.toStdString(), 0);
            QVERIFY(!refused.ok());
            QCOMPARE(refused.error().code, ErrorCode::Conflict);
            QVERIFY2(refused.error().what.find(title.toStdString() + " runs") == 0, refused.error().what.c_str());
            QVERIFY(refused.error().fix.find("tributary down") != std::string::npos);
            QVERIFY(!QFile::exists(archive_));
        }
        writeFile(workspace + data, "rows");
        for (const QString& each : madeAnew) writeFile(workspace + each, "secret");
        QVERIFY_OK(backupWorkspace(paths_, archive_.toStdString(), 0));
        QVERIFY_OK(restoreWorkspace(archive_.toStdString(), in("new").toStdString()));
        const QString there = in("new") + QLatin1Char('/');
        QVERIFY(QFile::exists(there + data));
        QVERIFY(!QFile::exists(there + lock));
        for (const QString& each : madeAnew) QVERIFY2(!QFile::exists(there + each), qPrintable(each));
    }

    void nothingIsOverwritten() {
        writeFile(archive_, "mine");
        const auto refused = backupWorkspace(paths_, archive_.toStdString(), 0);
        QCOMPARE(refused.ok() ? ErrorCode::Internal : refused.error().code, ErrorCode::AlreadyExists);
        QCOMPARE(fileText(archive_), QByteArray("mine"));
        QVERIFY_OK(backupWorkspace(paths_, in("two").toStdString(), 0));
        writeFile(in("full/file"), "mine");
        const auto full = restoreWorkspace(in("two").toStdString(), in("full").toStdString());
        QCOMPARE(full.ok() ? ErrorCode::Internal : full.error().code, ErrorCode::AlreadyExists);
        QCOMPARE(pictureOf(in("full")).size(), 1);
    }

    void everyDamagedStretchIsRefused() {
        QVERIFY_OK(backupWorkspace(paths_, archive_.toStdString(), 0));
        const QByteArray whole = fileText(archive_);
        int placed = 0;
        for (int i = 0; i < 40; ++i) {
            QByteArray damaged = whole;
            const qsizetype at = whole.size() * i / 40;
            damaged[at] = static_cast<char>(damaged[at] ^ 0x5a);
            writeFile(in("damaged"), damaged);
            const auto refused = restoreWorkspace(in("damaged").toStdString(), in("new").toStdString());
            QVERIFY2(!refused.ok(), qPrintable(QString::number(at)));
            QVERIFY(!QFile::exists(in("new")));
            placed +=
                refused.error().code == ErrorCode::Corrupt && refused.error().what.find("workspace/") != 0 ? 1 : 0;
        }
        QVERIFY(placed > 20);  // most say where; a damaged start is no backup at all
        QVERIFY(QDir(dir_->path()).entryList({QStringLiteral(".*restoring*")}, QDir::Dirs | QDir::Hidden).isEmpty());
    }

    void anArchiveWithoutItsEndIsRefused() {
        QVERIFY_OK(backupWorkspace(paths_, archive_.toStdString(), 0));
        const QByteArray whole = fileText(archive_);
        for (const qsizetype size : {whole.size() / 2, whole.size() - 600, qsizetype{20}, qsizetype{0}}) {
            writeFile(in("short"), whole.left(size));
            QVERIFY(!checkBackup(in("short").toStdString()).ok());
        }
    }

    void foreignArchivesAreRefused_data() {
        QTest::addColumn<QString>("head");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("said");
        QTest::addColumn<int>("code");
        const auto corrupt = static_cast<int>(ErrorCode::Corrupt);
        QTest::newRow("newer") << "{\"format\":2,\"version\":\"9.1\"}"
                               << "workspace/a"
                               << "tributary 9.1, which is newer" << static_cast<int>(ErrorCode::Unsupported);
        QTest::newRow("upwards") << "{\"format\":1}"
                                 << "workspace/../a"
                                 << "leads out" << corrupt;
        QTest::newRow("absolute") << "{\"format\":1}"
                                  << "/tmp/a"
                                  << "leads out" << corrupt;
        QTest::newRow("elsewhere") << "{\"format\":1}"
                                   << "other/a"
                                   << "leads out" << corrupt;
        QTest::newRow("no list") << "{\"format\":1}"
                                 << "workspace/a"
                                 << "is not whole" << corrupt;
        QTest::newRow("no head") << "nonsense"
                                 << "workspace/a"
                                 << "does not parse" << corrupt;
    }
    void foreignArchivesAreRefused() {
        QFETCH(QString, head);
        QFETCH(QString, name);
        QFETCH(QString, said);
        QFETCH(int, code);
        auto writer = ArchiveWriter::create(archive_.toStdString(), ArchiveWriter::Compression::Zstd);
        QVERIFY_OK(writer);
        QVERIFY_OK(writer.value()->addText(kBackupHead, head.toStdString(), 0));
        QVERIFY_OK(writer.value()->addText(name.toStdString(), "text", 0));
        QVERIFY_OK(writer.value()->finish());
        const auto refused = restoreWorkspace(archive_.toStdString(), in("new").toStdString());
        QVERIFY(!refused.ok());
        QCOMPARE(static_cast<int>(refused.error().code), code);
        QVERIFY2(refused.error().what.find(said.toStdString()) != std::string::npos, refused.error().what.c_str());
        QVERIFY(!QFile::exists(in("new")));
    }

    void aTextFileIsNoBackup() {
        writeFile(archive_, "tributary: 1\n");
        const auto refused = checkBackup(archive_.toStdString());
        QCOMPARE(refused.ok() ? ErrorCode::Internal : refused.error().code, ErrorCode::InvalidInput);
    }

    void aRestoreThatIsKilledLeavesNoWorkspaceAndTheNextOneCleans() {
        const QStringList before = pictureOf(in("ws"));
        QVERIFY_OK(backupWorkspace(paths_, archive_.toStdString(), 0));
        const QByteArray whole = fileText(archive_);
        // A pipe holds the program in the middle for as long as it takes.
        const QString pipe = in("pipe");
        QCOMPARE(::mkfifo(qPrintable(pipe), 0600), 0);
        QProcess process;
        process.start(builtProgram(), {QStringLiteral("restore"), pipe, in("new")});
        QVERIFY(process.waitForStarted());
        QFile feed(pipe);
        QVERIFY(feed.open(QIODevice::WriteOnly | QIODevice::Unbuffered));
        QVERIFY(feed.write(whole.left(whole.size() / 2)) > 0);
        const auto scratch = [&] {
            return QDir(dir_->path()).entryList({QStringLiteral(".new.restoring-*")}, QDir::Dirs | QDir::Hidden);
        };
        QTRY_COMPARE(scratch().size(), 1);
        process.kill();
        QVERIFY(process.waitForFinished());
        feed.close();
        QVERIFY(!QFile::exists(in("new")));
        QCOMPARE(scratch().size(), 1);
        QVERIFY_OK(restoreWorkspace(archive_.toStdString(), in("new").toStdString()));
        QCOMPARE(scratch().size(), 0);
        QCOMPARE(pictureOf(in("new")), before);
    }

    void aBackupThatIsKilledLeavesNoArchiveAndTheNextOneCleans() {
        QFile large(in("ws/large"));
        QVERIFY(large.open(QIODevice::WriteOnly));
        QVERIFY(large.resize(qint64{16} << 30));  // sparse: reading it takes longer than a kill
        large.close();
        QProcess process;
        process.start(builtProgram(), {QStringLiteral("-w"), in("ws"), QStringLiteral("backup"), archive_});
        const auto scratch = [&] {
            return QDir(dir_->path()).entryList({QStringLiteral(".one*.partial-*")}, QDir::Files | QDir::Hidden);
        };
        QTRY_COMPARE(scratch().size(), 1);
        process.kill();
        QVERIFY(process.waitForFinished());
        QVERIFY(!QFile::exists(archive_));
        QVERIFY(large.remove());
        QVERIFY_OK(backupWorkspace(paths_, archive_.toStdString(), 0));
        QCOMPARE(scratch().size(), 0);
    }

private:
    [[nodiscard]] QString in(const char* name) const { return dir_->filePath(QString::fromLatin1(name)); }

    std::unique_ptr<QTemporaryDir> dir_;
    WorkspacePaths paths_;
    QString archive_;
};
TRIBUTARY_TEST(BackupTest)
#include "tst_backup.moc"
