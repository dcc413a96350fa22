// The dialects' programs by their own names: `tributary env` puts them on PATH and takes them off again.
#include "scriptworld.h"
#include "testmain.h"

using tributary::test::Ran;
using tributary::test::TerminalWorld;

namespace {

/// A shell that has evaluated `tributary env`.
Ran shellWithEnv(const QString& workspace, const QString& script) {
    QProcess shell;
    shell.setStandardInputFile(QProcess::nullDevice());
    shell.start(QStringLiteral("bash"),
                {QStringLiteral("-c"), QStringLiteral("eval \"$(\"$0\" env \"$1\")\"; ") + script,
                 TerminalWorld::executable(), workspace});
    Ran ran;
    if (!shell.waitForFinished(60'000)) shell.kill();
    ran.code = shell.exitCode();
    ran.out = QString::fromUtf8(shell.readAllStandardOutput());
    ran.err = QString::fromUtf8(shell.readAllStandardError());
    return ran;
}

QString withoutClock(QString text) {
    static const QRegularExpression kClock(QStringLiteral("\"time[a-z]*\":[^\\n]*"));
    return text.remove(kClock);
}

}  // namespace

class TestShims : public QObject {
    Q_OBJECT

private slots:
    void commandsBehaveAsTheVerbs_data() {
        QTest::addColumn<QString>("command");
        QTest::newRow("text") << "maprcli table info -path /mapr/sanfrancisco/customers";
        QTest::newRow("json") << "maprcli table info -path /mapr/sanfrancisco/customers -json";
        QTest::newRow("missing table") << "maprcli table info -path /mapr/newyork/nothing -json";
        QTest::newRow("wrong option") << "maprcli table info -pat /mapr/newyork/nothing";
        QTest::newRow("hbase")
            << "hbase com.mapr.fs.hbase.tools.mapreduce.CopyTable -src /mapr/newyork/nothing -dst /x";
        QTest::newRow("not carried") << "mapr copytable -src /a -dst /b";
    }
    void commandsBehaveAsTheVerbs() {
        QFETCH(QString, command);
        const TerminalWorld world(QStringLiteral("multi-master"));
        QVERIFY_RAN(world.verb(QStringLiteral("up --no-wan")));
        const Ran verb = world.verb(command);
        const Ran shim = shellWithEnv(world.dir(), command);
        QCOMPARE(shim.code, verb.code);
        QCOMPARE(withoutClock(shim.out), withoutClock(verb.out));
        QCOMPARE(shim.err, verb.err);
    }

    void undoLeavesTheShellAsItWas() {
        const TerminalWorld world(QStringLiteral("multi-master"));
        const Ran ran = shellWithEnv(
            world.dir(),
            QStringLiteral("command -v maprcli; eval \"$(\"$0\" env \"$1\")\"; eval \"$(\"$0\" env --undo)\"; "
                           "echo \"PATH=$PATH\"; echo \"W=${TRIBUTARY_WORKSPACE-unset} ${TRIBUTARY_SHIMS-unset}\""));
        QVERIFY_RAN(ran);
        const QStringList lines = ran.out.split(QLatin1Char('\n'));
        QVERIFY2(lines.value(0).endsWith(QStringLiteral("/shims/maprcli")), qPrintable(ran.out));
        QCOMPARE(lines.value(1), QStringLiteral("PATH=") + qEnvironmentVariable("PATH"));
        QCOMPARE(lines.value(2), QStringLiteral("W=unset unset"));
    }

    void withoutAWorkspaceItSaysSo() {
        const Ran ran = TerminalWorld::run({QStringLiteral("env"), QStringLiteral("/nowhere")});
        QCOMPARE(ran.code, 2);
        QVERIFY2(ran.out.isEmpty() && ran.err.contains(QStringLiteral("/nowhere")), qPrintable(ran.all()));
    }
};
TRIBUTARY_TEST(TestShims)
#include "tst_shims.moc"
