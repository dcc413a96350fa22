// settings.yaml: strict, bounded, and of nobody else.
#include <sys/stat.h>

#include <QFile>
#include <QTemporaryDir>

#include "core/workspace/settings.h"
#include "testmain.h"

using namespace tributary;

class SettingsTest : public QObject {
    Q_OBJECT

private slots:
    void noFileGivesDefaults() {
        const QTemporaryDir dir;
        const auto settings = loadSettings({dir.path().toStdString()});
        QVERIFY_OK(settings);
        QVERIFY(settings->alarmHook.empty());
        QCOMPARE(settings->alarmHookTimeoutMs, Millis{30'000});
    }

    void aHookIsAProgramOrAProgramWithWords() {
        const auto alone = parseSettings("tributary-settings: 1\nhooks: {alarm: /bin/true}\n", "f");
        QVERIFY_OK(alone);
        QCOMPARE(alone->alarmHook, std::vector<std::string>{"/bin/true"});
        const auto words =
            parseSettings("tributary-settings: 1\nhooks:\n  alarm: [/bin/sh, -c, 'a b']\n  alarm-timeout: 1.5s\n", "f");
        QVERIFY_OK(words);
        QCOMPARE(words->alarmHook, (std::vector<std::string>{"/bin/sh", "-c", "a b"}));
        QCOMPARE(words->alarmHookTimeoutMs, Millis{1'500});
    }

    void certificatesAreFilesBesideTheSettings() {
        const auto settings = parseSettings(
            "tributary-settings: 1\ntls:\n  newyork: {certificate: ny.crt, key: /k/ny.key, authority: ca/ca.crt}\n",
            "/home/ana/demo/settings.yaml");
        QVERIFY_OK(settings);
        QCOMPARE(settings->tls.size(), std::size_t{1});
        const ClusterTlsFiles& files = settings->tls.at("newyork");
        QCOMPARE(files.certificate, std::string("/home/ana/demo/ny.crt"));
        QCOMPARE(files.key, std::string("/k/ny.key"));
        QCOMPARE(files.authority, std::string("/home/ana/demo/ca/ca.crt"));
        QCOMPARE(files.revoked, std::string());
    }

    void whatIsWrongIsNamedWithItsPlace_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("said");
        const QString head = QStringLiteral("tributary-settings: 1\n");
        QTest::newRow("no format") << QStringLiteral("hooks: {}\n") << QStringLiteral("f:1:1")
                                   << QStringLiteral("tributary-settings");
        QTest::newRow("newer") << QStringLiteral("tributary-settings: 2\n") << QStringLiteral("f:1:21")
                               << QStringLiteral("newer");
        QTest::newRow("key") << head + QStringLiteral("hook: {}\n") << QStringLiteral("f:2:1")
                             << QStringLiteral("hook");
        QTest::newRow("relative") << head + QStringLiteral("hooks: {alarm: page-me}\n") << QStringLiteral("f:2:16")
                                  << QStringLiteral("no absolute path");
        QTest::newRow("no key") << head + QStringLiteral("tls: {ny: {certificate: a}}\n") << QStringLiteral("f:2:11")
                                << QStringLiteral("key");
        QTest::newRow("time") << head + QStringLiteral("hooks: {alarm-timeout: 2h}\n") << QStringLiteral("f:2:24")
                              << QStringLiteral("up to an hour");
    }
    void whatIsWrongIsNamedWithItsPlace() {
        QFETCH(QString, text);
        QFETCH(QString, where);
        QFETCH(QString, said);
        const auto refused = parseSettings(text.toStdString(), "f");
        QVERIFY(!refused.ok());
        QCOMPARE(QString::fromStdString(refused.error().where), where);
        QVERIFY2(refused.error().what.find(said.toStdString()) != std::string::npos, refused.error().what.c_str());
    }

    void aFileThatOthersCanWriteIsRefused() {
        const QTemporaryDir dir;
        QFile file(dir.filePath(QStringLiteral("settings.yaml")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("tributary-settings: 1\n");
        file.close();
        QCOMPARE(::chmod(qPrintable(file.fileName()), 0664), 0);
        const auto refused = loadSettings({dir.path().toStdString()});
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::PermissionDenied);
        QCOMPARE(::chmod(qPrintable(file.fileName()), 0644), 0);
        QVERIFY_OK(loadSettings({dir.path().toStdString()}));
    }
};
TRIBUTARY_TEST(SettingsTest)
#include "tst_settings.moc"
