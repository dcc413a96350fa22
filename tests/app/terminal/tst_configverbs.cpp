// export --to config and import --config, run as a person runs them.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "spawn.h"
#include "testmain.h"

using namespace tributary;

namespace {

void write(const QString& path, const QByteArray& text) {
    QFile file(path);
    if (file.open(QIODevice::WriteOnly)) file.write(text);
}

QByteArray textOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

}  // namespace

class TestConfigVerbs : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;
    QString site_;
    QString out_;

    test::Spawned run(const QStringList& words) {
        return test::spawn(words + QStringList{QStringLiteral("-w"), site_});
    }

private slots:
    void init() {
        site_ = dir_.filePath(QStringLiteral("site"));
        out_ = dir_.filePath(QStringLiteral("env"));
        QDir(site_).removeRecursively();
        QDir(out_).removeRecursively();
        QCOMPARE(test::spawn({QStringLiteral("new"), site_, QStringLiteral("--example"), QStringLiteral("replica-set")})
                     .code,
                 0);
    }

    void theExamplePassesItsCheck() { QCOMPARE(run({QStringLiteral("check")}).code, 0); }

    void filesAreWrittenAndDrawnBack() {
        const QString secret = dir_.filePath(QStringLiteral("secret"));
        write(secret, "topsecret\n");
        const test::Spawned made =
            run({QStringLiteral("export"), QStringLiteral("--to"), QStringLiteral("config"), QStringLiteral("-o"), out_,
                 QStringLiteral("--password"), QStringLiteral("replicator=file:") + secret});
        QVERIFY2(made.code == 0, qPrintable(made.err));
        const QString folder = out_ + QStringLiteral("/instances.enabled/master_master");
        QVERIFY(textOf(folder + QStringLiteral("/config.yaml")).contains("password: 'topsecret'\n"));
        QCOMPARE(textOf(folder + QStringLiteral("/instances.yml")), QByteArray("instance001:\ninstance002:\n"));
        const auto rights = QFile::permissions(folder + QStringLiteral("/config.yaml"));
        QVERIFY(!rights.testFlag(QFileDevice::ReadOther) && !rights.testFlag(QFileDevice::ReadGroup));

        const QString back = dir_.filePath(QStringLiteral("back"));
        QDir().mkpath(back);
        const QString drawing = back + QStringLiteral("/topology.yaml");
        QFile::remove(drawing);
        const test::Spawned drawn = test::spawn({QStringLiteral("import"), QStringLiteral("--config"), folder,
                                                 QStringLiteral("-o"), drawing, QStringLiteral("--strict")});
        QVERIFY2(drawn.code == 0, qPrintable(drawn.err));
        QVERIFY(drawn.err.contains(QStringLiteral("passwords never stand in a drawing")));
        QVERIFY(textOf(drawing).contains("    failover: off\n"));
        QVERIFY(!textOf(drawing).contains("topsecret"));
        QCOMPARE(test::spawn({QStringLiteral("check"), QStringLiteral("-w"), back}).code, 0);
    }

    void anotherTextIsNotReplaced() {
        const QStringList words{QStringLiteral("export"), QStringLiteral("--to"), QStringLiteral("config"),
                                QStringLiteral("-o"), out_};
        QCOMPARE(run(words).code, 0);
        QCOMPARE(run(words).code, 0);  // the same text again
        const QString config = out_ + QStringLiteral("/instances.enabled/master_master/config.yaml");
        write(config, "# mine\n");
        const test::Spawned refused = run(words);
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.err.contains(config) && refused.err.contains(QStringLiteral("--force")),
                 qPrintable(refused.err));
        QCOMPARE(textOf(config), QByteArray("# mine\n"));
        QCOMPARE(run(words + QStringList{QStringLiteral("--force")}).code, 0);
        QVERIFY(textOf(config).contains("{{ context.replicator_password }}"));
    }

    void aDrawingWithErrorsIsNotExported() {
        const QString drawing = site_ + QStringLiteral("/topology.yaml");
        write(drawing, textOf(drawing).replace("3302", "3301"));
        const test::Spawned refused = run({QStringLiteral("export"), QStringLiteral("--to"), QStringLiteral("config")});
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.err.contains(QStringLiteral("tarantool.listen-twice")), qPrintable(refused.err));
    }

    void upRefusesADrawingWithErrors() {
        const QString drawing = site_ + QStringLiteral("/topology.yaml");
        write(drawing, textOf(drawing).replace("3302", "3301"));
        const test::Spawned refused = run({QStringLiteral("up")});
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.err.contains(QStringLiteral("tarantool.listen-twice")), qPrintable(refused.err));
    }

    void deploymentFilesAreWrittenPatchedAndDrawnBack_data() {
        QTest::addColumn<QString>("example");
        QTest::addColumn<QString>("cluster");
        QTest::addColumn<QByteArray>("part");
        QTest::newRow("passive") << QStringLiteral("voltdb-passive-dr") << QStringLiteral("west")
                                 << QByteArray(
                                        "<dr id=\"2\" role=\"replica\">\n        <connection "
                                        "source=\"east1\" />\n");
        QTest::newRow("active") << QStringLiteral("voltdb-xdcr-three") << QStringLiteral("lima")
                                << QByteArray(
                                       "<dr id=\"3\" role=\"xdcr\" conflictretention=\"7d\">\n        "
                                       "<connection source=\"oslo1\" />\n");
    }
    void deploymentFilesAreWrittenPatchedAndDrawnBack() {
        QFETCH(QString, example);
        QFETCH(QString, cluster);
        QFETCH(QByteArray, part);
        const QString site = dir_.filePath(example);
        QCOMPARE(test::spawn({QStringLiteral("new"), site, QStringLiteral("--example"), example}).code, 0);
        const QStringList words{QStringLiteral("export"),
                                QStringLiteral("--to"),
                                QStringLiteral("config"),
                                QStringLiteral("-o"),
                                out_,
                                QStringLiteral("-w"),
                                site};
        const test::Spawned made = test::spawn(words);
        QVERIFY2(made.code == 0, qPrintable(made.err));
        const QString path = out_ + QLatin1Char('/') + cluster + QStringLiteral("/deployment.xml");
        const QByteArray text = textOf(path);
        QVERIFY2(text.contains(part), text.constData());

        // What somebody adds stays; what contradicts the drawing is put right.
        const QByteArray mine = QByteArray(text).replace("<deployment>\n", "<deployment>\n    <!-- mine -->\n");
        write(path, QByteArray(mine).replace("synchronous=\"true\"", "synchronous=\"false\" logsize=\"9\""));
        QCOMPARE(test::spawn(words).code, 0);
        QCOMPARE(textOf(path), QByteArray(mine).replace("synchronous=\"true\"", "synchronous=\"true\" logsize=\"9\""));

        const QString back = dir_.filePath(example + QStringLiteral("-back"));
        QDir().mkpath(back);
        const QString drawing = back + QStringLiteral("/topology.yaml");
        const QStringList import{QStringLiteral("import"), QStringLiteral("--config"), out_, QStringLiteral("-o"),
                                 drawing};
        const test::Spawned strict = test::spawn(import + QStringList{QStringLiteral("--strict")});
        QCOMPARE(strict.code, 1);
        QVERIFY2(strict.err.contains(QStringLiteral("logsize of <commandlog>: 9")), qPrintable(strict.err));
        const test::Spawned drawn = test::spawn(import);
        QVERIFY2(drawn.code == 0, qPrintable(drawn.err));
        const test::Spawned checked = test::spawn({QStringLiteral("check"), QStringLiteral("-w"), back});
        QVERIFY2(checked.code == 0, qPrintable(checked.out));
        QVERIFY2(!checked.out.contains(QStringLiteral("warning")) || checked.out.contains(QStringLiteral("0 warnings")),
                 qPrintable(checked.out));
    }

    void aBrokenDeploymentFileIsNamedByItsPlace() {
        const QString site = dir_.filePath(QStringLiteral("broken"));
        QCOMPARE(
            test::spawn({QStringLiteral("new"), site, QStringLiteral("--example"), QStringLiteral("voltdb-passive-dr")})
                .code,
            0);
        QDir().mkpath(out_ + QStringLiteral("/west"));
        const QString path = out_ + QStringLiteral("/west/deployment.xml");
        write(path, "<deployment>\n  <dr id='200'/>\n</deployment>\n");
        const test::Spawned refused =
            test::spawn({QStringLiteral("export"), QStringLiteral("--to"), QStringLiteral("config"),
                         QStringLiteral("-o"), out_, QStringLiteral("-w"), site});
        QCOMPARE(refused.code, 2);
        QVERIFY2(refused.err.contains(path + QStringLiteral(":2:7")), qPrintable(refused.err));
        QVERIFY(!QFile::exists(out_ + QStringLiteral("/east/deployment.xml")));
    }

    void badWordsNameTheNextCommand_data() {
        QTest::addColumn<QStringList>("words");
        QTest::addColumn<QString>("reason");
        const QStringList config{QStringLiteral("export"), QStringLiteral("--to"), QStringLiteral("config")};
        QTest::newRow("no runbook") << QStringList{QStringLiteral("export")}
                                    << QStringLiteral("tributary runbook list");
        QTest::newRow("a runbook") << config + QStringList{QStringLiteral("replica-setup")}
                                   << QStringLiteral("come from the drawing");
        QTest::newRow("a password in clear")
            << config + QStringList{QStringLiteral("--password"), QStringLiteral("replicator=x")}
            << QStringLiteral("not on the command line");
        QTest::newRow("an unknown user") << config + QStringList{QStringLiteral("--password"),
                                                                 QStringLiteral("replicater=file:/x")}
                                         << QStringLiteral("did you mean 'replicator'?");
    }
    void badWordsNameTheNextCommand() {
        QFETCH(QStringList, words);
        QFETCH(QString, reason);
        const test::Spawned refused = run(words);
        QVERIFY(refused.code != 0);
        QVERIFY2(refused.err.contains(reason), qPrintable(refused.err));
    }
};
TRIBUTARY_TEST(TestConfigVerbs)
#include "tst_configverbs.moc"
