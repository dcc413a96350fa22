// URIs of instances, and that no error shows a password.
#include "engine/admin/tarantool/address.h"

#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::tarantool;

class TestAddress : public QObject {
    Q_OBJECT
private slots:
    void reads_data() {
        QTest::addColumn<QString>("uri");
        QTest::addColumn<QString>("place");
        QTest::addColumn<QString>("user");
        QTest::addColumn<QString>("password");
        const auto row = [](const char* uri, const char* place, const char* user = "", const char* password = "") {
            QTest::newRow(uri) << QString::fromLatin1(uri) << QString::fromLatin1(place) << QString::fromLatin1(user)
                               << QString::fromLatin1(password);
        };
        row("127.0.0.1:3301", "127.0.0.1:3301");
        row("tcp://127.0.0.1:3301", "127.0.0.1:3301");
        row("admin@localhost:3301", "localhost:3301", "admin");
        row("admin:s3cr3t@localhost:3301", "localhost:3301", "admin", "s3cr3t");
        row("admin:p@ss/word:1@localhost:3301", "localhost:3301", "admin", "p@ss/word:1");
        row("[::1]:3301", "[::1]:3301");
        row("3301", "localhost:3301");
        row(":3301", "localhost:3301");
        row("unix/:/var/run/a.sock", "/var/run/a.sock");
        row("unix:///var/run/a.sock", "/var/run/a.sock");
        row("u:p@unix/:/var/run/a.sock", "/var/run/a.sock", "u", "p");
        row("unix://u:p@/var/run/a.sock", "/var/run/a.sock", "u", "p");
        row("/var/run/a@b.sock", "/var/run/a@b.sock");
        row("./a.sock", "./a.sock");
    }
    void reads() {
        QFETCH(const QString, uri);
        QFETCH(const QString, place);
        QFETCH(const QString, user);
        QFETCH(const QString, password);
        const auto address = InstanceAddress::parse(uri.toStdString());
        QVERIFY_OK(address);
        QCOMPARE(QString::fromStdString(address->text()), place);
        QCOMPARE(QString::fromStdString(address->user), user);
        QCOMPARE(QString::fromStdString(address->password), password);
    }

    void refusesWithoutThePassword() {
        for (const char* uri :
             {"", "host", "host:0", "host:99999", "u:hidden@host", "u:hidden@", "u:hid@den@x y:z", "unix/:"}) {
            const auto address = InstanceAddress::parse(uri);
            QVERIFY2(!address.ok(), uri);
            QVERIFY2(address.error().full().find("hid") == std::string::npos, address.error().full().c_str());
        }
    }
};
TRIBUTARY_TEST(TestAddress)
#include "tst_address.moc"
