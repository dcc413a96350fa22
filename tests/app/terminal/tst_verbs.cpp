// Verbs without an engine: help, usage errors, new, check.
#include <QJsonDocument>
#include <QJsonObject>

#include "spawn.h"
#include "testmain.h"

using tributary::test::compareGolden;
using tributary::test::fileText;
using tributary::test::spawn;
using tributary::test::Spawned;

class VerbsTest : public QObject {
    Q_OBJECT

private slots:
    void helpLeadsWithExamples_data() {
        QTest::addColumn<QStringList>("words");
        for (const char* verb : {"new", "check", "up", "down", "status", "console", "fault", "help", "completion",
                                 "backup", "restore", "support", "plan", "apply", "adopt", "cert"}) {
            QTest::newRow(verb) << QStringList{QString::fromLatin1(verb)};
        }
        QTest::newRow("fault-cut") << QStringList{QStringLiteral("fault"), QStringLiteral("cut")};
        QTest::newRow("cert-issue") << QStringList{QStringLiteral("cert"), QStringLiteral("issue")};
        QTest::newRow("fault-disk") << QStringList{QStringLiteral("fault"), QStringLiteral("disk")};
    }
    void helpLeadsWithExamples() {
        QFETCH(QStringList, words);
        const Spawned help = spawn(words + QStringList{QStringLiteral("--help")});
        QCOMPARE(help.code, 0);
        QVERIFY(help.err.isEmpty());
        QVERIFY(help.out.indexOf(QStringLiteral("Examples:")) < help.out.indexOf(QStringLiteral("Usage:")));
        for (const QString& line : help.out.split(u'\n')) QVERIFY2(line.size() <= 80, qPrintable(line));
        compareGolden(QStringLiteral("help-%1.txt").arg(words.join(u'-')), help.out);
        QCOMPARE(spawn(QStringList{QStringLiteral("help")} + words).out, help.out);
    }

    void topicsFitEightyColumns_data() {
        QTest::addColumn<QString>("topic");
        for (const char* topic : {"topics", "faults", "guarantees", "environment", "rules", "checks", "monitoring",
                                  "drawing", "plans", "runbook-format", "events", "exit-codes", "security"}) {
            QTest::newRow(topic) << QString::fromLatin1(topic);
        }
    }
    void topicsFitEightyColumns() {
        QFETCH(QString, topic);
        const Spawned help = spawn({QStringLiteral("help"), topic});
        QCOMPARE(help.code, 0);
        QVERIFY(help.out.size() > 200);
        for (const QString& line : help.out.split(u'\n')) QVERIFY2(line.size() <= 80, qPrintable(line));
    }

    void wrongWordsNameTheNextCommand_data() {
        QTest::addColumn<QString>("line");
        QTest::addColumn<int>("code");
        QTest::addColumn<QString>("said");
        QTest::addColumn<QString>("advice");
        QTest::newRow("verb") << "stauts" << 2 << "there is no verb 'stauts'"
                              << "did you mean 'tributary status'?";
        QTest::newRow("far verb") << "qqqqqqqq" << 2 << "there is no verb"
                                  << "try: tributary help";
        QTest::newRow("global option") << "--jsno status" << 2 << "there is no option --jsno"
                                       << "did you mean --json?";
        QTest::newRow("option") << "check --ruel x" << 2 << "there is no option --ruel"
                                << "did you mean --rule?";
        QTest::newRow("sub-command") << "fault ct a b" << 2 << "there is no 'tributary fault ct'"
                                     << "did you mean 'tributary fault cut'?";
        QTest::newRow("another word for it") << "runbook check x.yaml" << 2 << "there is no 'tributary runbook check'"
                                             << "did you mean 'tributary runbook validate'?";
        QTest::newRow("no sub-command") << "fault" << 2 << "needs to be told what"
                                        << "tributary fault --help";
        QTest::newRow("missing word") << "fault cut a" << 2 << "'tributary fault cut' needs B"
                                      << "tributary fault cut --help";
        QTest::newRow("too many words") << "status now" << 2 << "'now' is one word too many"
                                        << "tributary status --help";
        QTest::newRow("not a number") << "load /mapr/a/b --generate x" << 2
                                      << "--generate needs a whole number from 0 to"
                                      << "tributary load --help";
        QTest::newRow("value missing") << "--as" << 2 << "--as needs a value"
                                       << "tributary --help";
        QTest::newRow("durability") << "up --durability maybe" << 2 << "maybe"
                                    << "tributary up --help";
        QTest::newRow("workspace") << "status -w /nonexistent/place" << 2
                                   << "/nonexistent/place: there is no such folder"
                                   << "tributary new /nonexistent/place";
        QTest::newRow("topic") << "help garantees" << 2 << "there is no help on"
                               << "tributary help guarantees";
        QTest::newRow("shell") << "completion tcsh" << 2 << "there is no completion for 'tcsh'"
                               << "one of: bash, zsh, fish";
        QTest::newRow("rule") << "check --rule maprdb.self-egde -w @good" << 2 << "maprdb.self-egde"
                              << "maprdb.self-edge";
        QTest::newRow("cluster") << "up --cluster newyrok --as ana -w @good" << 2 << "no cluster 'newyrok'"
                                 << "did you mean 'newyork'?";
        QTest::newRow("user") << "up --as mallory -w @good" << 1 << "user mallory is not drawn"
                              << "tributary up --as ana";
    }
    void wrongWordsNameTheNextCommand() {
        QFETCH(QString, line);
        QFETCH(int, code);
        QFETCH(QString, said);
        QFETCH(QString, advice);
        line.replace(u'@', QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests/data/workspaces/"));
        const Spawned done = spawn(line.split(u' '));
        QCOMPARE(done.code, code);
        QVERIFY(done.out.isEmpty());
        QVERIFY2(done.err.contains(said), qPrintable(done.err));
        QVERIFY2(done.err.contains(advice), qPrintable(done.err));
    }

    void errorsAreOneJsonDocumentOnRequest() {
        const Spawned done = spawn({QStringLiteral("--json"), QStringLiteral("fault"), QStringLiteral("cut")});
        QCOMPARE(done.code, 2);
        QVERIFY(done.err.isEmpty());
        const QJsonObject error =
            QJsonDocument::fromJson(done.out.toUtf8()).object()[QStringLiteral("error")].toObject();
        QCOMPARE(error[QStringLiteral("code")].toString(), QStringLiteral("invalid-input"));
        QCOMPARE(error[QStringLiteral("exit")].toInt(), 2);
        QVERIFY(!error[QStringLiteral("fix")].toString().isEmpty());
    }

    void nothingAtAllShowsTheOverview() {
        const Spawned done = spawn({});
        QCOMPARE(done.code, 2);
        QVERIFY(done.err.contains(QStringLiteral("tributary new demo --example multi-master")));
        const Spawned version = spawn({QStringLiteral("--version")});
        QCOMPARE(version.code, 0);
        QVERIFY(version.out.startsWith(QStringLiteral("tributary ")));
    }

    void checkFindsWhatIsBroken_data() {
        QTest::addColumn<QString>("folder");
        const QDir data(QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests/data/workspaces"));
        const QStringList folders = data.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        QVERIFY(folders.size() > 10);
        for (const QString& name : folders) QTest::newRow(qPrintable(name)) << data.filePath(name);
    }
    void checkFindsWhatIsBroken() {
        QFETCH(QString, folder);
        const QString expected = QString::fromUtf8(fileText(folder + QStringLiteral("/expected.txt")));
        const Spawned done = spawn({QStringLiteral("check"), QStringLiteral("-w"), folder});
        QCOMPARE(done.out, expected);
        QCOMPARE(done.code, expected.contains(QStringLiteral(": error: ")) ? 1 : 0);
        const Spawned json = spawn({QStringLiteral("check"), QStringLiteral("--json")}, {folder, {}, {}, {}});
        QCOMPARE(json.code, done.code);
        const QJsonObject document = QJsonDocument::fromJson(json.out.toUtf8()).object();
        QCOMPARE(document[QStringLiteral("errors")].toInt() > 0, done.code == 1);
    }

    void checkTellsThePersonAtTheKeyboardWhereHeMayNotWrite() {
        QTemporaryDir dir;
        QFile file(dir.filePath(QStringLiteral("topology.yaml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(
            "tributary: 1\nclusters:\n  sf: {gateways: [g1], users: [nobody-here]}\ndatasets:\n"
            "  /mapr/sf/t: {kind: binary-table, families: [f], exists: true, perms: {defaultwriteperm: "
            "u:nobody-here}}\n");
        file.close();
        const QStringList words{QStringLiteral("check"), QStringLiteral("-w"), dir.path()};
        const Spawned done = spawn(words);
        QCOMPARE(done.code, 0);
        QVERIFY2(done.err.contains(QStringLiteral("may not write to /mapr/sf/t")), qPrintable(done.err));
        QVERIFY(spawn(words + QStringList{QStringLiteral("--as"), QStringLiteral("nobody-here")}).err.isEmpty());
    }

    void newMakesWhatCheckAccepts_data() {
        QTest::addColumn<QStringList>("more");
        QTest::newRow("empty") << QStringList{};
        QTest::newRow("multi-master") << QStringList{QStringLiteral("--example"), QStringLiteral("multi-master")};
        QTest::newRow("ring-of-three") << QStringList{QStringLiteral("--example"), QStringLiteral("ring-of-three")};
        QTest::newRow("streams-many-to-one")
            << QStringList{QStringLiteral("--example"), QStringLiteral("streams-many-to-one")};
    }
    void newMakesWhatCheckAccepts() {
        QFETCH(QStringList, more);
        QTemporaryDir dir(QDir::tempPath() + QStringLiteral("/new with blanks XXXXXX"));
        const QString target = dir.filePath(QStringLiteral("a site"));
        const Spawned made = spawn(QStringList{QStringLiteral("new"), target} + more);
        QVERIFY2(made.code == 0, qPrintable(made.err));
        QVERIFY(QFile::exists(target + QStringLiteral("/topology.yaml")));
        QVERIFY(made.err.contains(QStringLiteral("tributary check -w '%1'").arg(target)));
        QCOMPARE(spawn({QStringLiteral("check"), QStringLiteral("-w"), target}).code, 0);
        const QByteArray text = fileText(target + QStringLiteral("/topology.yaml"));
        QCOMPARE(spawn(QStringList{QStringLiteral("new"), target} + more).code, 1);  // never over an existing one
        QCOMPARE(fileText(target + QStringLiteral("/topology.yaml")), text);
    }

    void dialectWithoutEngineSaysHowToStartIt() {
        QTemporaryDir dir(QDir::tempPath() + QStringLiteral("/down XXXXXX"));
        const QString target = dir.filePath(QStringLiteral("w"));
        QCOMPARE(
            spawn({QStringLiteral("new"), target, QStringLiteral("--example"), QStringLiteral("multi-master")}).code,
            0);
        const QStringList command{QStringLiteral("table"), QStringLiteral("info"), QStringLiteral("-path"),
                                  QStringLiteral("/mapr/newyork/customers")};
        const QStringList at{QStringLiteral("-w"), target, QStringLiteral("--as"), QStringLiteral("ana")};
        const QStringList verb{QStringLiteral("maprcli")};
        // Before the verb, at the start and at the end of its words: the same.
        const Spawned first = spawn(at + verb + command);
        QVERIFY(first.code != 0);
        QVERIFY2(first.err.startsWith(QStringLiteral("ERROR (")), qPrintable(first.err));
        QVERIFY(first.err.contains(QStringLiteral("tributary up")));
        QCOMPARE(spawn(verb + at + command).err, first.err);
        QCOMPARE(spawn(verb + command + at).err, first.err);
        const Spawned wrong = spawn(verb + QStringList{QStringLiteral("table"), QStringLiteral("infoo")});
        QVERIFY(wrong.code != 0);
        QVERIFY2(wrong.err.contains(QStringLiteral("did you mean 'info'?")), qPrintable(wrong.err));
    }

    void pipedConsoleStopsAtTheFirstFailure() {
        const QString folder = QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests/data/workspaces/maprdb.self-edge");
        const QByteArray lines = "# a remark\nhelp topics\ncheck \\\n  --rule maprdb.self-edge\nhelp exit-codes\n";
        const Spawned stops = spawn({QStringLiteral("console")}, {folder, lines, {}, {}});
        QCOMPARE(stops.code, 1);
        QVERIFY(stops.out.contains(QStringLiteral("Topics")));
        QVERIFY(!stops.out.contains(QStringLiteral("approval-needed")));
        QVERIFY2(stops.err.contains(QStringLiteral("line 3: exit 1: check")), qPrintable(stops.err));
        const Spawned goes =
            spawn({QStringLiteral("console"), QStringLiteral("--keep-going")}, {folder, lines, {}, {}});
        QCOMPARE(goes.code, 1);
        QVERIFY(goes.out.contains(QStringLiteral("approval-needed")));
        QCOMPARE(spawn({QStringLiteral("console")}, {folder, "help topics\nexit\nstauts\n", {}, {}}).code, 0);
    }
};

TRIBUTARY_TEST(VerbsTest)
#include "tst_verbs.moc"
