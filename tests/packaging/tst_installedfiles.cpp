// The desktop's files as they stand: well formed, and about the same application.
#include <QFile>
#include <QXmlStreamReader>

#include "testmain.h"

namespace {

QByteArray desktopFile(const QString& suffix) {
    QFile file(QStringLiteral(TRIBUTARY_SOURCE_DIR "/resources/desktop/org.tributary.Designer") + suffix);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class InstalledFilesTest : public QObject {
    Q_OBJECT

private slots:
    void xmlIsWellFormed_data() {
        QTest::addColumn<QString>("suffix");
        for (const char* suffix : {".svg", "-symbolic.svg", ".mime.xml", ".metainfo.xml"}) {
            QTest::newRow(suffix) << QString::fromLatin1(suffix);
        }
    }
    void xmlIsWellFormed() {
        QFETCH(QString, suffix);
        QXmlStreamReader reader(desktopFile(suffix));
        int elements = 0;
        while (!reader.atEnd()) elements += reader.readNext() == QXmlStreamReader::StartElement ? 1 : 0;
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        QVERIFY(elements > 2);
    }

    void allSpeakOfTheSameApplicationAndType() {
        const QByteArray entry = desktopFile(QStringLiteral(".desktop"));
        QVERIFY(entry.contains("Icon=org.tributary.Designer\n"));
        for (const char* suffix : {".mime.xml", ".metainfo.xml"}) {
            QVERIFY(desktopFile(QString::fromLatin1(suffix)).contains("application/x-tributary-workspace"));
        }
        QVERIFY(entry.contains("MimeType=application/x-tributary-workspace;"));
    }

    void theReleaseIsThisVersion() {
        QVERIFY(desktopFile(QStringLiteral(".metainfo.xml")).contains("version=\"" TRIBUTARY_VERSION "\""));
        QFile changelog(QStringLiteral(TRIBUTARY_SOURCE_DIR "/packaging/deb/changelog"));
        QVERIFY(changelog.open(QIODevice::ReadOnly));
        QVERIFY(changelog.readAll().startsWith("tributary (" TRIBUTARY_VERSION "-1) "));
    }
};
TRIBUTARY_TEST(InstalledFilesTest)
#include "tst_installedfiles.moc"
