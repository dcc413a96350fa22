// Rotation keeps the newest lines under the name, the older ones in order, and no more than it should.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <thread>

#include "core/workspace/logrotation.h"
#include "testmain.h"

using namespace tributary;

class LogRotationTest : public QObject {
    Q_OBJECT

private slots:
    void olderFilesMoveUpAndTheOldestGoes() {
        const QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("a.log"));
        for (int i = 0; i < 6; ++i) {
            append(path, QByteArray::number(i).repeated(10));
            QVERIFY(rotateLog(path.toStdString(), 10, 3));
        }
        QCOMPARE(QDir(dir.path()).entryList(QDir::Files),
                 (QStringList{QStringLiteral("a.log.1"), QStringLiteral("a.log.2"), QStringLiteral("a.log.3")}));
        QCOMPARE(text(path + QStringLiteral(".1")), QByteArray("5555555555"));
        QCOMPARE(text(path + QStringLiteral(".3")), QByteArray("3333333333"));
    }

    void aSmallOrMissingFileStays() {
        const QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("a.log"));
        QVERIFY(!rotateLog(path.toStdString(), 10, 3));
        append(path, "123456789");
        QVERIFY(!rotateLog(path.toStdString(), 10, 3));
        QVERIFY(QFile::exists(path));
    }

    void severalAtATimeRotateOnce() {
        const QTemporaryDir dir;
        const QString path = dir.filePath(QStringLiteral("a.log"));
        append(path, "1234567890");
        std::vector<std::thread> threads;
        std::atomic<int> rotated{0};
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] { rotated += rotateLog(path.toStdString(), 10, 3) ? 1 : 0; });
        }
        for (std::thread& thread : threads) thread.join();
        QCOMPARE(rotated.load(), 1);
        QCOMPARE(text(path + QStringLiteral(".1")), QByteArray("1234567890"));
    }

private:
    static void append(const QString& path, const QByteArray& bytes) {
        QFile file(path);
        QVERIFY(file.open(QIODevice::Append));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    static QByteArray text(const QString& path) {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
};
TRIBUTARY_TEST(LogRotationTest)
#include "tst_logrotation.moc"
