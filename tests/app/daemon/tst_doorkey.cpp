// Keys of doors: made once, by the owner alone, and refused when somebody else could have read them.
#include <sys/stat.h>

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <thread>

#include "app/daemon/doorkey.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

class DoorKeyTest : public QObject {
    Q_OBJECT

    QTemporaryDir folder_;
    [[nodiscard]] std::string path(const char* name) const {
        return folder_.filePath(QLatin1String(name)).toStdString();
    }

private slots:
    void isMadeOnceForItsOwnerAlone() {
        const std::string file = path("a/b/key");
        QCOMPARE(readDoorKey(file).error().code, ErrorCode::NotFound);
        const auto made = makeDoorKey(file);
        QVERIFY_OK(made);
        QCOMPARE(made->size(), std::size_t{64});
        struct stat info {};
        QCOMPARE(::stat(file.c_str(), &info), 0);
        QCOMPARE(static_cast<unsigned>(info.st_mode & 0777U), 0600U);
        QCOMPARE(makeDoorKey(file).value(), *made);
        QCOMPARE(readDoorKey(file).value(), *made);
        // Nothing half made lies beside it.
        QCOMPARE(QDir(folder_.filePath(QStringLiteral("a/b"))).entryList(QDir::Files).size(), 1);
    }
    void twoThatMakeItAtATimeGetTheSame() {
        const std::string file = path("key2");
        Bytes first;
        Bytes second;
        std::thread other([&] { first = makeDoorKey(file).value(); });
        second = makeDoorKey(file).value();
        other.join();
        QCOMPARE(first, second);
    }
    void whatOthersCanReadOrIsTooShortIsRefused() {
        const std::string file = path("key3");
        QVERIFY_OK(makeDoorKey(file));
        QCOMPARE(::chmod(file.c_str(), 0640), 0);
        const auto open = makeDoorKey(file);
        QCOMPARE(open.error().code, ErrorCode::PermissionDenied);
        QCOMPARE(open.error().fix, "chmod 600 " + file);
        QFile torn(QString::fromStdString(path("key4")));
        QVERIFY(torn.open(QIODevice::WriteOnly));
        torn.write("abc");
        torn.close();
        QCOMPARE(::chmod(path("key4").c_str(), 0600), 0);
        QCOMPARE(makeDoorKey(path("key4")).error().code, ErrorCode::Corrupt);
    }
};
TRIBUTARY_TEST(DoorKeyTest)
#include "tst_doorkey.moc"
