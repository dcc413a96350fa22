// config.yaml edited in place: what changes, what stays, what is refused, and that damage never becomes an edit.
#include "core/systems/tarantool/configedit.h"

#include <random>

#include "core/systems/tarantool/config.h"
#include "core/workspace/strictyaml.h"
#include "testmain.h"

using namespace tributary;

namespace {

const std::string kFile = R"(# The cluster of the tutorial.
credentials:
  users:
    replicator:
      password: 'topsecret'   # in the vault, too
      roles: [replication]
replication:
  failover: off
groups:
  group001:
    replicasets:
      replicaset001:
        instances:
          # the older one
          instance001:
            database:
              mode: rw        # takes orders
            iproto:
              listen:
              - uri: '127.0.0.1:3301'

          instance002:
            database:
              mode: rw
            iproto:
              listen:
              - uri: '127.0.0.1:3302'
# the end
)";

Result<std::string> set(const std::string& text, const char* key, const char* value, const char* who = "instance001") {
    return tarantool::setConfigValue(text, "config.yaml", who, key, value);
}
Result<std::string> unset(const std::string& text, const char* key, const char* who = "instance001") {
    return tarantool::unsetConfigValue(text, "config.yaml", who, key);
}
std::string valueIn(const std::string& text, const char* key, const char* who = "instance001") {
    return tarantool::configValue(text, "config.yaml", who, key).valueOr("no such instance");
}

/// The text with `from` replaced once.
std::string with(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

}  // namespace

class TestConfigEdit : public QObject {
    Q_OBJECT
private slots:
    void aValueChangesAndItsRemarkStays() {
        const auto edited = set(kFile, "database.mode", "ro");
        QVERIFY_OK(edited);
        QCOMPARE(*edited, with(kFile, "mode: rw        # takes orders", "mode: ro        # takes orders"));
        const auto back = set(*edited, "database.mode", "rw");
        QVERIFY_OK(back);
        QCOMPARE(*back, kFile);
    }
    void anOptionThatIsNotThereIsAdded() {
        const auto edited = set(kFile, "database.instance_uuid", "9bb111c2-3ff5-36a7-00f4-2b9a573ea660");
        QVERIFY_OK(edited);
        QCOMPARE(*edited, with(kFile, "# takes orders\n",
                               "# takes orders\n              instance_uuid: 9bb111c2-3ff5-36a7-00f4-2b9a573ea660\n"));
        const auto back = unset(*edited, "database.instance_uuid");
        QVERIFY_OK(back);
        QCOMPARE(*back, kFile);
        const auto deep = set(kFile, "wal.mode", "fsync", "instance002");
        QVERIFY_OK(deep);
        QCOMPARE(*deep, with(kFile, "3302'\n", "3302'\n            wal:\n              mode: fsync\n"));
    }
    void anAddressGoesAndComesBack() {
        const auto gone = unset(kFile, "iproto.listen");
        QVERIFY_OK(gone);
        QCOMPARE(*gone, with(kFile, "iproto:\n              listen:\n              - uri: '127.0.0.1:3301'\n",
                             "iproto: {}\n"));
        QCOMPARE(valueIn(*gone, "iproto"), std::string("{}"));
        const auto back = set(*gone, "iproto.listen", "[{uri: '127.0.0.1:3301'}]");
        QVERIFY_OK(back);
        QVERIFY(tarantool::sameConfigValue(valueIn(*back, "iproto.listen"), valueIn(kFile, "iproto.listen")));
        QVERIFY(back->find("# takes orders") != std::string::npos);
    }
    void instancesComeAndGo() {
        const auto more =
            tarantool::addConfigInstance(kFile, "config.yaml", "instance003", "instance001", "127.0.0.1:3303", "ro");
        QVERIFY_OK(more);
        QCOMPARE(*more, with(kFile, "3302'\n",
                             "3302'\n          instance003:\n            database:\n              mode: ro\n"
                             "            iproto:\n              listen:\n              - uri: '127.0.0.1:3303'\n"));
        QVERIFY_OK(tarantool::drawConfig("a", *more, "config.yaml", "instance001:\ninstance002:\ninstance003:\n"));
        const auto back = tarantool::removeConfigInstance(*more, "config.yaml", "instance003");
        QVERIFY_OK(back);
        QCOMPARE(*back, kFile);
        const auto twice =
            tarantool::addConfigInstance(*more, "config.yaml", "instance003", "instance001", "127.0.0.1:1", "ro");
        QVERIFY(!twice && twice.error().code == ErrorCode::AlreadyExists);
        const auto first = tarantool::removeConfigInstance(kFile, "config.yaml", "instance001");
        QVERIFY_OK(first);
        QVERIFY(first->find("instance001") == std::string::npos && first->find("3302") != std::string::npos);
        const auto last = tarantool::removeConfigInstance(*first, "config.yaml", "instance002");
        QVERIFY(!last && last.error().code == ErrorCode::Conflict);
    }
    void namesComeAndGo() {
        const auto more = tarantool::addInstanceName("# both\ninstance001:\ninstance002:", "instance003");
        QVERIFY_OK(more);
        QCOMPARE(*more, std::string("# both\ninstance001:\ninstance002:\ninstance003:\n"));
        QCOMPARE(tarantool::addInstanceName(*more, "instance003").valueOr(""), *more);
        const auto less = tarantool::removeInstanceName(*more, "instance002");
        QVERIFY_OK(less);
        QCOMPARE(*less, std::string("# both\ninstance001:\ninstance003:\n"));
        QCOMPARE(tarantool::removeInstanceName(*less, "instance002").valueOr(""), *less);
    }
    void whatIsSeenIsWhatTheScopeOfTheInstanceSays() {
        QCOMPARE(valueIn(kFile, "database.mode"), std::string("rw"));
        QCOMPARE(valueIn(kFile, "replication.failover"), std::string());
        QCOMPARE(valueIn(kFile, "iproto.listen"), std::string("[{uri: '127.0.0.1:3301'}]"));
        QCOMPARE(valueIn(kFile, "database.mode", "nobody"), std::string("no such instance"));
        QVERIFY(tarantool::sameConfigValue("'rw'", "rw"));
        QVERIFY(tarantool::sameConfigValue("[ {uri:  'a:1' } ]", "[{uri: 'a:1'}]"));
        QVERIFY(!tarantool::sameConfigValue("rw", "ro") && !tarantool::sameConfigValue("rw", ""));
        QVERIFY(tarantool::sameConfigValue("", "") && !tarantool::sameConfigValue("{", "{"));
    }
    void whatCannotBeEditedSafelyIsRefusedWithItsPlace() {
        const std::string flow =
            "groups: {g: {replicasets: {r: {instances: {instance001: {database: {mode: rw}}}}}}}\n";
        const auto refused = set(flow, "database.mode", "ro");
        QVERIFY(!refused && refused.error().code == ErrorCode::Unsupported);
        QVERIFY(refused.error().where.starts_with("config.yaml:1:"));
        QVERIFY(!set(flow, "wal.mode", "none") && !unset(flow, "database.mode"));
        const std::string inner = with(kFile, "            database:\n              mode: rw        # takes orders\n",
                                       "            database: {mode: rw}\n");
        QVERIFY(!set(inner, "database.mode", "ro"));
        QVERIFY(!set(inner, "database.instance_uuid", "x"));
        QVERIFY_OK(set(inner, "database", "{mode: ro}"));
        QVERIFY(!set(kFile, "database.mode", "") && !set(kFile, "database.mode", "{"));
        QVERIFY(!set(kFile, "database.mode", "ro\nx: y"));
        QVERIFY(!set(kFile, "database.mode", "ro", "nobody"));
    }
    /// Whatever a text looks like, an edit says what was asked for and nothing else, or there is none.
    void damagedFilesAreNeverEditedIntoSomethingElse() {
        std::mt19937 random(7);
        int edited = 0;
        for (int round = 0; round < 3000; ++round) {
            std::string text = kFile;
            for (int times = 1 + static_cast<int>(random() % 3); times > 0; --times) {
                const std::size_t at = random() % text.size();
                const char* signs = " \n:{}[]#'-\"x";
                switch (random() % 3) {
                    case 0: text[at] = signs[random() % 11]; break;
                    case 1: text.erase(at, 1 + random() % 4); break;
                    default: text.insert(at, 1 + random() % 2, signs[random() % 11]); break;
                }
            }
            const auto changed = set(text, "database.mode", "ro");
            if (!changed) continue;
            ++edited;
            QCOMPARE(valueIn(*changed, "database.mode"), std::string("ro"));
            QCOMPARE(valueIn(*changed, "iproto"), valueIn(text, "iproto"));
            QCOMPARE(valueIn(*changed, "database.mode", "instance002"), valueIn(text, "database.mode", "instance002"));
        }
        QVERIFY(edited > 500);
    }
};
TRIBUTARY_TEST(TestConfigEdit)
#include "tst_configedit.moc"
