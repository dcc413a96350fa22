// Every text that counts has its plurals, and they are the ones that are shown.
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>

#include "app/desktop/style/plurals.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary::desktop;

namespace {

QString contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

}  // namespace

class TestPlurals final : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QVERIFY(installPlurals(*qApp)); }

    void everyCountedTextOfTheSourcesHasPlurals() {
        const QString folder = QStringLiteral(TRIBUTARY_SOURCE_DIR "/app/desktop");
        const QString known = contentOf(folder + u"/style/tributary_en.ts"_s);
        const QRegularExpression counted(uR"re(tr\(\s*"([^"]*%n[^"]*)")re"_s);
        int found = 0;
        QDirIterator sources(folder, {u"*.cpp"_s, u"*.h"_s}, QDir::Files, QDirIterator::Subdirectories);
        while (sources.hasNext()) {
            const QString path = sources.next();
            const QString text = contentOf(path);
            for (auto match = counted.globalMatch(text); match.hasNext(); ++found) {
                const QString source = match.next().captured(1);
                QVERIFY2(known.contains(u"<source>%1</source>"_s.arg(source)),
                         qPrintable(u"%1: \"%2\" is not in style/tributary_en.ts"_s.arg(path, source)));
            }
        }
        QVERIFY(found > 10);
    }

    void oneIsSingularAndOthersArePlural_data() {
        QTest::addColumn<int>("count");
        QTest::addColumn<QString>("shown");
        QTest::newRow("none") << 0 << u"0 alarms"_s;
        QTest::newRow("one") << 1 << u"1 alarm"_s;
        QTest::newRow("many") << 12 << u"12 alarms"_s;
    }
    void oneIsSingularAndOthersArePlural() {
        QFETCH(int, count);
        QTEST(QCoreApplication::translate("tributary::desktop::CanvasScene", "%n alarm(s)", nullptr, count), "shown");
    }
};

TRIBUTARY_TEST(TestPlurals)
#include "tst_plurals.moc"
