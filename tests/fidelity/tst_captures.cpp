// Scenarios on a real Tarantool: what it answers is what was captured. An engine of ours is held against the same
// files.
#include <QDir>
#include <QFile>

#include "absence.h"
#include "instances.h"
#include "scenario.h"
#include "testmain.h"

using namespace Qt::StringLiterals;
using namespace tributary::test;

namespace {

const QString kFolder = QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests/fidelity/");

QString textOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

}  // namespace

class TestCaptures : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { TRIBUTARY_NEEDS_TARANTOOL(realTarantool()); }

    void answersAsCaptured_data() {
        QTest::addColumn<QString>("name");
        const QDir scripts(kFolder + u"scenarios"_s);
        for (const QString& file : scripts.entryList({u"*.txt"_s})) {
            QTest::newRow(qPrintable(file.chopped(4))) << file;
        }
    }
    void answersAsCaptured() {
        QFETCH(const QString, name);
        const auto instances = realTarantool();
        QString problem;
        const QString transcript = runScenario(*instances, textOf(kFolder + u"scenarios/"_s + name), problem);
        QVERIFY2(problem.isEmpty(), qPrintable(problem + u"\n\n"_s + transcript));
        const QString path = kFolder + u"captures/"_s + instances->version() + u'/' + name;
        if (qEnvironmentVariableIsSet("TRIBUTARY_UPDATE_GOLDEN")) {
            QDir().mkpath(QFileInfo(path).path());
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
            file.write(transcript.toUtf8());
            return;
        }
        const QString captured = textOf(path);
        QVERIFY2(!captured.isEmpty(), qPrintable(path + u" is missing: run with TRIBUTARY_UPDATE_GOLDEN=1"_s));
        const QStringList was = captured.split(u'\n');
        const QStringList is = transcript.split(u'\n');
        for (qsizetype i = 0; i < qMin(was.size(), is.size()); ++i) {
            QVERIFY2(was[i] == is[i],
                     qPrintable(u"%1:%2:\n  captured %3\n  now      %4"_s.arg(path).arg(i + 1).arg(was[i], is[i])));
        }
        QCOMPARE(is.size(), was.size());
    }
};
TRIBUTARY_TEST(TestCaptures)
#include "tst_captures.moc"
