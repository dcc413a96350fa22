// config.yaml as what an instance is told: users who are there before any configuration.
#include "app/instances/instancesetup.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

class TestInstanceSetup : public QObject {
    Q_OBJECT

    QTemporaryDir dir_;

    Result<InstanceSetup> read(const QByteArray& user) const {
        const auto write = [this](const char* name, const QByteArray& text) {
            QFile file(dir_.filePath(QLatin1String(name)));
            if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) qFatal("%s", name);
        };
        write("instances.yml", "a:\n");
        write("config.yaml",
              "credentials: {users: {" + user + "}}\ngroups: {g: {replicasets: {r: {instances: {a: {}}}}}}\n");
        return readInstance({"app", "a", dir_.path().toStdString()});
    }

private slots:
    void guestHasRoles() {
        const auto setup = read("guest: {roles: [super]}");
        QVERIFY_OK(setup);
        const auto& users = setup->settings.options.users;
        QCOMPARE(users.size(), std::size_t{1});
        QVERIFY(users[0].name == "guest" && users[0].proof.empty());
        QCOMPARE(users[0].roles, std::vector<std::string>{"super"});
    }
    void guestHasNoPassword() {
        const auto setup = read("guest: {password: x}");
        QVERIFY(!setup);
        QCOMPARE(setup.error().code, ErrorCode::InvalidInput);
        QVERIFY2(setup.error().where.ends_with("/config.yaml"), setup.error().where.c_str());
        QVERIFY2(setup.error().what.find("guest has no password") != std::string::npos, setup.error().what.c_str());
        QVERIFY_OK(read("admin: {password: x}"));
    }
};

TRIBUTARY_TEST(TestInstanceSetup)
#include "tst_instancesetup.moc"
