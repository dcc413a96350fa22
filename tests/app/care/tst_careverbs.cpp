// A workspace's life with its care: hook, page for monitoring, logs, audit, doctor, backup and restore.
#include "engine/net/blockingchannel.h"
#include "engine/net/qttransport.h"
#include "spawn.h"
#include "testmain.h"
#include "tests/e2e/terminalworld.h"

using tributary::test::fileText;
using tributary::test::Ran;
using tributary::test::TerminalWorld;

namespace {

/// What the daemon answers to an HTTP request on its socket.
QByteArray askPage(const QString& socket, const std::string& request) {
    tributary::engine::Endpoint at;
    at.localPath = socket.toStdString();
    auto channel = tributary::engine::BlockingChannel::connect(at, 2'000);
    if (!channel || !channel.value().send(request)) return {};
    QByteArray out;
    while (auto got = channel.value().receiveSome(10'000)) out += QByteArray::fromStdString(got.value());
    return out;
}

}  // namespace

class CareVerbsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() {
        world_ = std::make_unique<TerminalWorld>(QStringLiteral("multi-master"));
        QFile settings(world_->dir() + QStringLiteral("/settings.yaml"));
        QVERIFY(settings.open(QIODevice::WriteOnly));
        settings.write(
            "tributary-settings: 1\nhooks:\n  alarm: [/bin/sh, -c, 'echo $TRIBUTARY_ALARM_EVENT "
            "$TRIBUTARY_ALARM >>hooked; false']\n");
        settings.close();
        const Ran started = world_->verb(QStringLiteral("up --no-wan"));
        QVERIFY2(started.code == 0, qPrintable(started.all()));
        QCOMPARE(started.err, QStringLiteral("alarms run /bin/sh (settings.yaml)\n"));
    }
    void cleanupTestCase() { world_.reset(); }

    void alarmsRunTheHookAndTheLogKeepsBoth() {
        QCOMPARE(world_->verb(QStringLiteral("fault gateway stop gw-sf-2")).code, 0);
        QTRY_VERIFY(daemonLog().contains("hook alarm: /bin/sh raised NODE_ALARM_SERVICE_GATEWAY_DOWN of sanfrancisco"));
        QCOMPARE(world_->verb(QStringLiteral("fault gateway start gw-sf-2")).code, 0);
        QTRY_VERIFY(daemonLog().contains("alarm cleared NODE_ALARM_SERVICE_GATEWAY_DOWN gw-sf-2"));
        QTRY_COMPARE(daemonLog().count("hook alarm: it ended with 1"), 2);
        QVERIFY(daemonLog().contains("runs sanfrancisco, newyork as process "));
        QVERIFY(QFile::exists(world_->dir() + QStringLiteral("/.tributary/hooks/hooked")));
    }

    void theSocketAnswersOnePageForMonitoring() {
        const QString socket = world_->dir() + QStringLiteral("/.tributary/metrics.sock");
        const QByteArray page = askPage(socket, "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QVERIFY2(page.startsWith("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4"), page.constData());
        QVERIFY(page.contains("\ntributary_cluster_up{cluster=\"newyork\"} 1\n"));
        QVERIFY(askPage(socket, "GET /other HTTP/1.0\r\n\r\n").startsWith("HTTP/1.1 404 "));
        QVERIFY(askPage(socket, "DELETE /metrics HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 405 "));
        QVERIFY(askPage(socket, "nonsense\r\n\r\n").startsWith("HTTP/1.1 400 "));
        QVERIFY(askPage(socket, std::string(9'000, 'x')).startsWith("HTTP/1.1 431 "));
        QVERIFY(askPage(socket, "GET /metrics HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 200 "));  // still there
        QCOMPARE(QFileInfo(socket).permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    }

    void theDaemonKeepsItsLogSmall() {
        const QString log = world_->dir() + QStringLiteral("/.tributary/daemon.log");
        {
            QFile file(log);
            QVERIFY(file.open(QIODevice::Append));
            QVERIFY(file.resize(qint64{11} << 20));
        }
        QTRY_VERIFY_WITH_TIMEOUT(QFileInfo(log + QStringLiteral(".1")).size() >= (qint64{11} << 20), 10'000);
        QTRY_VERIFY_WITH_TIMEOUT(QFile::exists(log), 10'000);
        QCOMPARE(world_->verb(QStringLiteral("fault gateway stop gw-sf-2")).code, 0);
        QTRY_VERIFY(daemonLog().contains("alarm raised NODE_ALARM_SERVICE_GATEWAY_DOWN gw-sf-2"));  // in the new one
        QVERIFY(QFile::remove(log + QStringLiteral(".1")));
        QCOMPARE(world_->verb(QStringLiteral("fault clear")).code, 0);
    }

    void everyChangeLeavesALineWithoutRows() {
        const QString table = QStringLiteral(" /mapr/sanfrancisco/customers ");
        QCOMPARE(world_->verb(QStringLiteral("put") + table + QStringLiteral("keykey profile:name=valval")).code, 0);
        QVERIFY(world_->verb(QStringLiteral("put") + table + QStringLiteral("keykey nofamily:name=valval")).code != 0);
        QCOMPARE(world_->verb(QStringLiteral("get") + table + QStringLiteral("keykey")).code, 0);
        QCOMPARE(world_->verb(QStringLiteral("delete") + table + QStringLiteral("keykey")).code, 0);
        QCOMPARE(world_->verb(QStringLiteral("load") + table + QStringLiteral("--generate 500")).code, 0);
        QCOMPARE(world_->verb(QStringLiteral("fault delay sanfrancisco newyork 5ms --one-way")).code, 0);
        QCOMPARE(world_->verb(QStringLiteral("fault clear")).code, 0);
        const QByteArray log = fileText(world_->dir() + QStringLiteral("/.tributary/audit.log"));
        for (const char* line :
             {"\"line\":\"tributary up sanfrancisco newyork\",\"ok\":true",
              "\"line\":\"tributary put /mapr/sanfrancisco/customers # 1 row, 1 cells\",\"ok\":true",
              "\"line\":\"tributary put /mapr/sanfrancisco/customers # 1 row, 1 cells\",\"ok\":false,\"error\":\"",
              "\"line\":\"tributary delete /mapr/sanfrancisco/customers # all of 1 row\",\"ok\":true",
              "\"line\":\"tributary load /mapr/sanfrancisco/customers --generate 500 # 500 rows\",\"ok\":true",
              "\"line\":\"tributary fault delay sanfrancisco newyork 5ms --one-way\",\"ok\":true",
              "\"line\":\"tributary fault clear\",\"ok\":true"}) {
            QVERIFY2(log.contains(line), line);
        }
        for (const char* row : {"keykey", "valval"}) QVERIFY2(!log.contains(row), row);
    }

    void aRestoredWorkspaceGoesOnWhereTheBackupWasMade() {
        const Ran run =
            world_->verb(QStringLiteral("run multi-master-setup --quiet --set "
                                        "source=/mapr/sanfrancisco/customers --set "
                                        "replica=/mapr/newyork/customers"));
        QVERIFY2(run.code == 0, qPrintable(run.all()));
        QTemporaryDir place;
        const QString file = place.filePath(QStringLiteral("one.tar.zst"));
        const QString copy = place.filePath(QStringLiteral("a copy"));
        const QStringList backup{QStringLiteral("-w"), world_->dir(), QStringLiteral("backup"), file};
        const Ran refused = TerminalWorld::run(backup);
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.err.contains(QStringLiteral("runs (in use by process ")), qPrintable(refused.err));
        QVERIFY2(refused.err.contains(QStringLiteral("try: tributary down -w ")), qPrintable(refused.err));
        QCOMPARE(world_->verb(QStringLiteral("down")).code, 0);
        const Ran made = TerminalWorld::run(backup);
        QVERIFY2(made.code == 0, qPrintable(made.all()));
        QCOMPARE(made.out, file + QLatin1Char('\n'));
        const Ran checked = TerminalWorld::run({QStringLiteral("restore"), file, QStringLiteral("--check")});
        QVERIFY2(checked.out.startsWith(QStringLiteral("whole: ")), qPrintable(checked.all()));
        const Ran restored = TerminalWorld::run({QStringLiteral("restore"), file, copy});
        QVERIFY2(restored.code == 0, qPrintable(restored.all()));
        const auto there = [&](const QString& line) {
            return TerminalWorld::run(QStringList{QStringLiteral("-w"), copy} +
                                      line.split(QLatin1Char(' '), Qt::SkipEmptyParts));
        };
        const Ran up = there(QStringLiteral("up"));
        QVERIFY2(up.code == 0, qPrintable(up.all()));
        const QString tables = QStringLiteral("/mapr/sanfrancisco/customers /mapr/newyork/customers");
        QCOMPARE(there(QStringLiteral("diff ") + tables).out, QStringLiteral("identical\t500 rows\n"));
        // And it replicates: what is written now arrives.
        QCOMPARE(there(QStringLiteral("put /mapr/newyork/customers later profile:name=x")).code, 0);
        QTRY_COMPARE(there(QStringLiteral("diff ") + tables).out, QStringLiteral("identical\t501 rows\n"));
        QVERIFY(there(QStringLiteral("report")).out.contains(QStringLiteral("multi-master-setup")));
        QCOMPARE(there(QStringLiteral("down")).code, 0);
        QCOMPARE(world_->verb(QStringLiteral("up")).code, 0);
    }

    void doctorFindsWhatAKilledDaemonAndATakenPortLeave() {
        QVERIFY(finding(QStringLiteral("cluster newyork")).startsWith(QStringLiteral("ok up, process ")));
        const QString page = QStringLiteral("/.tributary/metrics.sock");
        QVERIFY(finding(QStringLiteral("metrics")).startsWith(QStringLiteral("ok answers on ") + world_->dir() + page));
        tributary::engine::QtTransport transport;
        auto other = transport.listen({"127.0.0.1", 0, {}, {}}, [](auto) {});
        QVERIFY_OK(other);
        const int taken = other.value()->endpoint().port;
        const QString drawing = world_->dir() + QStringLiteral("/topology.yaml");
        QByteArray text = fileText(drawing);
        text.replace("gateways: [gw-ny-1, gw-ny-2]",
                     "gateways: [{name: gw-ny-1, address: \"127.0.0.1:" + QByteArray::number(taken) + "\"}, gw-ny-2]");
        QFile file(drawing);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        world_->killDaemon(QStringLiteral("newyork"));
        QVERIFY2(finding(QStringLiteral("cluster newyork")).startsWith(QStringLiteral("warning down; tributary up")),
                 qPrintable(finding(QStringLiteral("cluster newyork"))));
        const QString port = finding(QStringLiteral("port of gw-ny-1"));
        QVERIFY2(port.startsWith(QStringLiteral("bad %1 is taken by process %2 (test_app_care); stop that")
                                     .arg(taken)
                                     .arg(QCoreApplication::applicationPid())),
                 qPrintable(port));
        QVERIFY(finding(QStringLiteral("socket")).contains(QStringLiteral("was left behind")));
        QVERIFY(finding(QStringLiteral("metrics")).startsWith(QStringLiteral("warning ") + world_->dir() + page));
        QCOMPARE(world_->verb(QStringLiteral("doctor")).code, 1);
        other.value().reset();
        QVERIFY(finding(QStringLiteral("port of gw-ny-1")).startsWith(QStringLiteral("ok ")));
        const Ran well = world_->verb(QStringLiteral("doctor"));
        QVERIFY2(well.code == 0, qPrintable(well.all()));
        QVERIFY(
            QDir(world_->dir())
                .rename(QStringLiteral(".tributary/clusters/newyork"), QStringLiteral(".tributary/clusters/oldyork")));
        QVERIFY(finding(QStringLiteral("volume oldyork")).contains(QStringLiteral("not drawn any more")));
        QFile::setPermissions(world_->dir() + QStringLiteral("/settings.yaml"),
                              QFile::ReadOwner | QFile::WriteOwner | QFile::WriteOther);
        QVERIFY(finding(QStringLiteral("settings")).contains(QStringLiteral("others can write it")));
        const Ran refused = world_->verb(QStringLiteral("up"));
        QVERIFY2(refused.code == 1 && refused.err.contains(QStringLiteral("chmod go-w")), qPrintable(refused.all()));
    }

private:
    [[nodiscard]] QByteArray daemonLog() const {
        return fileText(world_->dir() + QStringLiteral("/.tributary/daemon.log"));
    }
    /// "HEALTH SEEN; FIX" of the first finding of that name.
    [[nodiscard]] QString finding(const QString& what) const {
        const Ran ran = world_->verb(QStringLiteral("doctor --json"));
        const QJsonArray findings = QJsonDocument::fromJson(ran.out.toUtf8())[QStringLiteral("findings")].toArray();
        for (const QJsonValue& one : findings) {
            const QJsonObject found = one.toObject();
            if (found[QStringLiteral("what")].toString() == what) {
                return QStringLiteral("%1 %2; %3")
                    .arg(found[QStringLiteral("health")].toString(), found[QStringLiteral("seen")].toString(),
                         found[QStringLiteral("fix")].toString());
            }
        }
        return QStringLiteral("(not there)");
    }

    std::unique_ptr<TerminalWorld> world_;
};
TRIBUTARY_TEST(CareVerbsTest)
#include "tst_careverbs.moc"
