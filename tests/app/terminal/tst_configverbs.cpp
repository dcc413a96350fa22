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
