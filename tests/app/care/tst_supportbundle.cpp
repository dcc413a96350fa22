// Twenty canaries planted where secrets and data live; none of them may sing in the bundle, in any encoding.
#include <sys/stat.h>

#include "app/care/supportbundle.h"
#include "spawn.h"
#include "testmain.h"
#include "tests/e2e/terminalworld.h"

using tributary::test::Ran;
using tributary::test::TerminalWorld;

namespace {

QByteArray canary(int number) {
    return "Kanarie" + QByteArray::number(number) + "-" + QByteArray::number(number * 7919 + 104'729, 36) + "!";
}

void put(const QString& path, const QByteArray& text, bool append = false) {
    QFile file(path);
    QVERIFY(file.open(append ? QIODevice::Append : QIODevice::WriteOnly));
    QCOMPARE(file.write(text), text.size());
}

/// The digits of base64 that do not depend on what stands around.
QList<QByteArray> base64Forms(const QByteArray& text) {
    QList<QByteArray> forms;
    for (int before = 0; before < 3; ++before) {
        const QByteArray digits = (QByteArray(before, 'x') + text).toBase64();
        const qsizetype from = (before * 8 + 5) / 6;
        forms << digits.mid(from, (before + text.size()) * 8 / 6 - from);
    }
    return forms;
}

}  // namespace

class SupportBundleTest : public QObject {
    Q_OBJECT

private slots:
    void theNewestRunsAreThoseThatBeganLastWhateverTheirNamesSay() {
        QTemporaryDir folder;
        // The clock was set back before each run: the later a run, the earlier its name.
        for (int number = 1; number <= 25; ++number) {
            const QString run = folder.filePath(
                QStringLiteral(".tributary/runs/202601%1T090000-a").arg(30 - number, 2, 10, QLatin1Char('0')));
            QVERIFY(QDir().mkpath(run));
            put(run + QStringLiteral("/journal.jsonl"),
                "{\"record\":\"run\",\"at\":1,\"data\":{\"number\":" + QByteArray::number(number) + "}}\n");
        }
        tributary::app::SupportRequest request;
        request.file = folder.filePath(QStringLiteral("bundle.tar.gz")).toStdString();
        const auto report = tributary::app::writeSupportBundle({folder.path().toStdString()}, request);
        QVERIFY_OK(report);
        std::vector<std::string> runs;
        for (const auto& [name, bytes] : report.value().contents) {
            if (name.starts_with("runs/")) runs.push_back(name);
        }
        QCOMPARE(runs.size(), std::size_t{20});
        QCOMPARE(runs.front(), std::string("runs/20260105T090000-a.jsonl"));
        QCOMPARE(runs.back(), std::string("runs/20260124T090000-a.jsonl"));
    }

    void noSecretAndNoRowIsInTheBundle() {
        qputenv("MY_API_TOKEN", canary(1));
        qputenv("DB_PASSWORD", canary(2));
        TerminalWorld world(QStringLiteral("multi-master"));
        const QString dir = world.dir();
        put(dir + QStringLiteral("/topology.yaml"), "\n# " + canary(3) + "\n", true);
        put(dir + QStringLiteral("/layout.yaml"), "# " + canary(4) + "\n");
        put(dir + QStringLiteral("/notes.txt"), canary(5));
        put(dir + QStringLiteral("/token"), canary(6) + "\nsecond " + canary(7) + "\n");
        QVERIFY(QDir(dir).mkpath(QStringLiteral("runbooks")));
        put(dir + QStringLiteral("/runbooks/planted.yaml"),
            "# " + canary(8) +
                "\nrunbook: planted\ntitle: About {{word}}\nsystem: maprdb\nparameters:\n"
                "  word: {type: text, title: a word}\n  token: {type: secret, title: a secret}\nsteps:\n  - id: look\n"
                "    title: Look at {{word}}\n    done-when: dataset-exists /mapr/sanfrancisco/customers\n"
                "    verify: dataset-exists /mapr/sanfrancisco/customers\n");
        put(dir + QStringLiteral("/hook.sh"), "#!/bin/sh\necho " + canary(9) + "\nprintf %s '" + canary(9) +
                                                  "' | base64\necho " + canary(10).toHex() + " >&2\n");
        QCOMPARE(::chmod(qPrintable(dir + QStringLiteral("/hook.sh")), 0700), 0);
        put(dir + QStringLiteral("/settings.yaml"), "tributary-settings: 1\nhooks:\n  alarm: ['" + dir.toUtf8() +
                                                        "/hook.sh', '--token=" + canary(11) + "', " + canary(12) +
                                                        "]\n");
        put(dir + QStringLiteral("/rows.csv"),
            "key,profile:name\n" + canary(13) + "," + canary(14) + "\nplain," + canary(15) + "\n");
        const auto good = [&](const QStringList& words) {
            const Ran ran = TerminalWorld::run(QStringList{QStringLiteral("-w"), dir} + words);
            QVERIFY2(ran.code == 0, qPrintable(ran.all()));
        };
        const QString table = QStringLiteral("/mapr/sanfrancisco/customers");
        const auto text = [](int number) { return QString::fromLatin1(canary(number)); };
        good({QStringLiteral("up")});
        good({QStringLiteral("load"), table, dir + QStringLiteral("/rows.csv")});
        good({QStringLiteral("put"), table, text(16), QStringLiteral("profile:%1=%2").arg(text(17), text(18))});
        good({QStringLiteral("delete"), table, text(16)});
        // A refusal that names the family that was given, and a value with it.
        QVERIFY(TerminalWorld::run({QStringLiteral("-w"), dir, QStringLiteral("put"), table, text(16),
                                    QStringLiteral("%1:a=%2").arg(text(19), text(18))})
                    .code != 0);
        good({QStringLiteral("run"), QStringLiteral("planted"), QStringLiteral("--set"),
              QStringLiteral("word=") + text(20), QStringLiteral("--set"),
              QStringLiteral("token=file:%1/token").arg(dir)});
        good({QStringLiteral("fault"), QStringLiteral("gateway"), QStringLiteral("stop"), QStringLiteral("gw-ny-1")});
        const QString log = dir + QStringLiteral("/.tributary/daemon.log");
        QTRY_VERIFY_WITH_TIMEOUT(tributary::test::fileText(log).contains(canary(10).toHex()), 20'000);
        QTemporaryDir out;
        const QString file = out.filePath(QStringLiteral("bundle.tar.gz"));
        const Ran packed =
            TerminalWorld::run({QStringLiteral("-w"), dir, QStringLiteral("support"), QStringLiteral("-o"), file});
        QVERIFY2(packed.code == 0, qPrintable(packed.all()));
        for (const char* told : {"audit.jsonl", "daemon.log", "status.json", "doctor.json", "-planted.jsonl",
                                 "Left out:", "rows, and everything else"}) {
            QVERIFY2(packed.err.contains(QString::fromLatin1(told)), told);
        }
        struct stat info {};
        QCOMPARE(::stat(qPrintable(file), &info), 0);
        QCOMPARE(info.st_mode & 0777U, 0600U);
        QProcess tar;
        tar.start(QStringLiteral("tar"), {QStringLiteral("xzOf"), file});
        QVERIFY(tar.waitForFinished(20'000));
        const QByteArray bundle = tar.readAllStandardOutput();
        // It does hold what it is for.
        for (const char* held : {"hook alarm says: [withheld",
                                 "tributary put "
                                 "/mapr/sanfrancisco/customers",
                                 "\"step\":\"look\"", "NODE_ALARM_SERVICE_GATEWAY_DOWN", "About [withheld]"}) {
            QVERIFY2(bundle.contains(held), held);
        }
        QList<QByteArray> secrets{
            tributary::test::fileText(dir + QStringLiteral("/.tributary/clusters/sanfrancisco/key")).trimmed()};
        QVERIFY(secrets.front().size() >= 32);
        for (int number = 1; number <= 20; ++number) secrets << canary(number);
        for (const QByteArray& secret : secrets) {
            for (const QByteArray& form :
                 QList<QByteArray>{secret, secret.toHex(), secret.toHex().toUpper(), secret.toPercentEncoding()} +
                     base64Forms(secret)) {
                QVERIFY2(!bundle.contains(form), (secret + " as " + form).constData());
            }
        }
    }
};
TRIBUTARY_TEST(SupportBundleTest)
#include "tst_supportbundle.moc"
