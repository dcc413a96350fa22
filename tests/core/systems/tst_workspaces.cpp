// The example drawings under tests/data/workspaces against what is expected to be found in them.
#include <QDir>
#include <QFile>

#include "core/rules/findings.h"
#include "rulehelp.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::test;

namespace {

const QString kFolder = QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests/data/workspaces/");

}  // namespace

class TestWorkspaces : public QObject {
    Q_OBJECT
private slots:
    void reportsWhatIsExpected_data() {
        QTest::addColumn<QString>("folder");
        const QStringList folders = QDir(kFolder).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
        QVERIFY(folders.size() >= 11);
        for (const QString& folder : folders) QTest::newRow(qPrintable(folder)) << folder;
    }
    void reportsWhatIsExpected() {
        QFETCH(QString, folder);
        const Result<Topology> topology =
            loadTopology((kFolder + folder + QStringLiteral("/topology.yaml")).toStdString());
        QVERIFY_OK(topology);
        const std::vector<Finding> findings = checkTopology(*topology);
        const QByteArray report = QByteArray::fromStdString(formatFindings(findings, "topology.yaml"));
        QFile expected(kFolder + folder + QStringLiteral("/expected.txt"));
        if (qEnvironmentVariableIsSet("TRIBUTARY_UPDATE_GOLDEN")) {
            QVERIFY(expected.open(QIODevice::WriteOnly));
            QCOMPARE(expected.write(report), report.size());
            expected.close();
        }
        QVERIFY(expected.open(QIODevice::ReadOnly));
        QCOMPARE(report, expected.readAll());
        if (folder == QStringLiteral("good")) {
            QVERIFY(findings.empty());
            return;
        }
        const auto own = findingsOf(findings, folder.toStdString());
        QVERIFY(!own.empty());
        QVERIFY(!own.front().fix.empty());
    }

    void theExamplesOfTheProductAreGood_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("rules");  // those that have something to say, on purpose
        QTest::newRow("multi-master") << QStringLiteral("multi-master") << QString();
        QTest::newRow("ring-of-three") << QStringLiteral("ring-of-three") << QString();
        QTest::newRow("replica-set") << QStringLiteral("replica-set") << QStringLiteral("tarantool.two-writers");
        QTest::newRow("tarantool-master-master")
            << QStringLiteral("tarantool-master-master") << QStringLiteral("tarantool.two-writers");
        QTest::newRow("stream-pair") << QStringLiteral("stream-pair") << QString();
        QTest::newRow("voltdb-passive-dr") << QStringLiteral("voltdb-passive-dr") << QString();
        QTest::newRow("voltdb-xdcr-three") << QStringLiteral("voltdb-xdcr-three") << QString();
        QTest::newRow("streams-many-to-one") << QStringLiteral("streams-many-to-one") << QString();
    }
    void theExamplesOfTheProductAreGood() {
        QFETCH(QString, name);
        const QString path = QStringLiteral(TRIBUTARY_SOURCE_DIR "/resources/examples/%1/topology.yaml").arg(name);
        const Result<Topology> topology = loadTopology(path.toStdString());
        QVERIFY_OK(topology);
        QStringList rules;
        for (const Finding& each : checkTopology(*topology)) {
            QVERIFY(each.severity != Severity::Error);
            rules << QString::fromStdString(each.rule);
        }
        QTEST(rules.join(QLatin1Char(' ')), "rules");
    }
};
TRIBUTARY_TEST(TestWorkspaces)
#include "tst_workspaces.moc"
