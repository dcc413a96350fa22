// "host:port" and "[::1]:port".
#include "core/base/hostport.h"

#include "testmain.h"

using namespace tributary;

class TestHostPort : public QObject {
    Q_OBJECT
private slots:
    void isRead_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("host");
        QTest::addColumn<int>("port");
        const auto row = [](const char* text, const char* host, int port) {
            QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(host) << port;
        };
        row("127.0.0.1:7660", "127.0.0.1", 7660);
        row("localhost:1", "localhost", 1);
        row("[::1]:65535", "::1", 65535);
        row("[fe80::1]:80", "fe80::1", 80);
        // Port 0: not read.
        for (const char* bad :
             {"", ":", "host", "host:", ":80", "host:0", "host:65536", "host:+1", "host: 1", "host:1x", "::1:80",
              "[::1]", "[::1]:", "[]:80", "[::1:80", "::1]:80", "[host]:80", "[[::1]]:80", "host:-1"}) {
            row(bad, "", 0);
        }
    }
    void isRead() {
        QFETCH(QString, text);
        QFETCH(QString, host);
        QFETCH(int, port);
        const auto parsed = parseHostPort(text.toStdString());
        QCOMPARE(parsed.has_value(), port != 0);
        if (!parsed) return;
        QCOMPARE(QString::fromStdString(parsed->host), host);
        QCOMPARE(static_cast<int>(parsed->port), port);
    }
};
TRIBUTARY_TEST(TestHostPort)
#include "tst_hostport.moc"
