// Where sockets with long paths go, and which folders are not trusted with them.
#include "app/daemon/socketfolder.h"

#include <sys/stat.h>
#include <unistd.h>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

class SocketFolderTest : public QObject {
    Q_OBJECT

    [[nodiscard]] std::string path(const char* name) const {
        return dir_.filePath(QString::fromLatin1(name)).toStdString();
    }
    static std::string ofTheUser() { return "/tmp/tributary-" + std::to_string(::geteuid()); }

private slots:
    void cleanup() { qunsetenv("XDG_RUNTIME_DIR"); }

    void theRuntimeFolderIsTakenWhenItIsThere_data() {
        QTest::addColumn<QString>("runtime");
        QTest::addColumn<QString>("folder");
        const QString fallback = QString::fromStdString(ofTheUser());
        QTest::newRow("there") << dir_.path() << dir_.filePath(QStringLiteral("tributary"));
        QTest::newRow("not set") << QString() << fallback;
        QTest::newRow("not there") << QStringLiteral("/nowhere/at/all") << fallback;
        QTest::newRow("relative") << QStringLiteral("run") << fallback;
        QTest::newRow("a file") << QStringLiteral("/etc/passwd") << fallback;
    }
    void theRuntimeFolderIsTakenWhenItIsThere() {
        QFETCH(QString, runtime);
        QFETCH(QString, folder);
        if (!runtime.isEmpty()) qputenv("XDG_RUNTIME_DIR", runtime.toUtf8());
        QCOMPARE(socketFolder(), folder.toStdString());
    }

    void aRuntimeFolderWithALongPathIsOfNoUse() {
        const QString deep = dir_.filePath(QString(90, QLatin1Char('d')));
        QVERIFY(QDir().mkpath(deep));
        qputenv("XDG_RUNTIME_DIR", deep.toUtf8());
        QCOMPARE(socketFolder(), ofTheUser());
    }

    void onlyLongPathsAreMoved() {
        QCOMPARE(shortSocketPath("/w/host.sock"), std::string("/w/host.sock"));
        const std::string moved = shortSocketPath("/w/" + std::string(100, 'x') + "/host.sock");
        QVERIFY(moved.starts_with(ofTheUser() + "/"));
        QVERIFY(moved.size() < 100);
        QVERIFY(moved != shortSocketPath("/w/" + std::string(100, 'x') + "/control.sock"));
    }

    void aPrivateFolderIsMadeAndFoundAgain() {
        QVERIFY_OK(makePrivateFolder(path("new")));
        struct stat info {};
        QCOMPARE(::stat(path("new").c_str(), &info), 0);
        QCOMPARE(info.st_mode & 07777U, 0700U);
        QVERIFY_OK(makePrivateFolder(path("new")));
    }

    void aFolderThatOthersReachIsRefused_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("told");
        QTest::newRow("open to all") << QStringLiteral("open") << QStringLiteral("others may enter it");
        QTest::newRow("a link") << QStringLiteral("link") << QStringLiteral("it is a link");
        QTest::newRow("a file") << QStringLiteral("file") << QStringLiteral("it is no folder");
        if (::geteuid() == 0) {
            QTest::newRow("another user's")
                << QStringLiteral("foreign") << QStringLiteral("it belongs to another user");
        } else {
            qWarning("not tried, because it needs root: a folder of another user");
        }
    }
    void aFolderThatOthersReachIsRefused() {
        QFETCH(QString, kind);
        QFETCH(QString, told);
        const std::string at = path("given");
        if (kind == QStringLiteral("link")) {
            QVERIFY_OK(makePrivateFolder(path("target")));
            QCOMPARE(::symlink(path("target").c_str(), at.c_str()), 0);
        } else if (kind == QStringLiteral("file")) {
            QFile file(QString::fromStdString(at));
            QVERIFY(file.open(QIODevice::WriteOnly));
        } else {
            QCOMPARE(::mkdir(at.c_str(), 0700), 0);
            if (kind == QStringLiteral("open")) QCOMPARE(::chmod(at.c_str(), 0777), 0);
            if (kind == QStringLiteral("foreign")) QCOMPARE(::chown(at.c_str(), 65534, 65534), 0);
        }
        const Status made = makePrivateFolder(at);
        const Status seen = checkPrivateFolder(at);
        (void)QDir(QString::fromStdString(at)).removeRecursively();
        ::unlink(at.c_str());
        ::rmdir(at.c_str());
        QVERIFY(!made.ok() && !seen.ok());
        QCOMPARE(made.error().code, ErrorCode::PermissionDenied);
        QCOMPARE(made.error().where, at);
        QVERIFY2(made.error().what.find(told.toStdString()) != std::string::npos, made.error().what.c_str());
    }

private:
    QTemporaryDir dir_;
};
TRIBUTARY_TEST(SocketFolderTest)
#include "tst_socketfolder.moc"
