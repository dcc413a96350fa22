// config.yaml and instances.yml out of a drawing and back: the tutorial's files, scopes, passwords, what is not
// carried.
#include "core/systems/tarantool/config.h"

#include <fmt/format.h>

#include "core/base/text.h"
#include "core/workspace/topologyfile.h"
#include "core/workspace/topologypatch.h"
#include "testmain.h"

using namespace tributary;

namespace {

/// The files of the tutorial of two masters, as its page has them.
const std::string kTutorial = R"(credentials:
  users:
    replicator:
      password: 'topsecret'
      roles: [replication]
iproto:
  advertise:
    peer:
      login: replicator
replication:
  failover: off
groups:
  group001:
    replicasets:
      replicaset001:
        instances:
          instance001:
            database:
              mode: rw
            iproto:
              listen:
              - uri: '127.0.0.1:3301'
          instance002:
            database:
              mode: rw
            iproto:
              listen:
              - uri: '127.0.0.1:3302'
)";
const std::string kTutorialInstances = "instance001:\ninstance002:\n";

constexpr const char* kTutorialDrawn = R"(tributary: 1
clusters:
  replicaset001:
    system: tarantool
    app: master_master
    failover: off
    members:
      instance001: {mode: rw, listen: '127.0.0.1:3301'}
      instance002: {mode: rw, listen: '127.0.0.1:3302'}
    users: {replicator: {roles: [replication]}}
)";

std::string textOf(const std::vector<tarantool::ConfigNote>& notes) {
    std::string out;
    for (const auto& each : notes) out += fmt::format("{}: {}\n", each.line, each.text);
    return out;
}

Result<tarantool::DrawnConfig> drawnFrom(const std::string& config, const std::string& instances = {}) {
    return tarantool::drawConfig("app", config, "config.yaml", instances);
}

/// A config.yaml of one replica set with these lines in its scopes.
std::string scoped(const std::string& global, const std::string& group, const std::string& set,
                   const std::string& instance) {
    return global + "groups:\n  g1:\n" + group + "    replicasets:\n      rs:\n" + set +
           "        instances:\n          i1:\n" + (instance.empty() ? "            {}\n" : instance);
}

}  // namespace

class TestConfig : public QObject {
    Q_OBJECT
private slots:
    void theTutorialsFilesAreDerived() {
        const Result<Topology> drawn = parseTopology(kTutorialDrawn, "f");
        QVERIFY_OK(drawn);
        const auto files = tarantool::deriveConfig(*drawn, {{"replicator", "topsecret"}});
        QVERIFY_OK(files);
        QCOMPARE(files->size(), std::size_t{1});
        QCOMPARE(files->front().app, std::string("master_master"));
        QCOMPARE(QString::fromStdString(files->front().config), QString::fromStdString(kTutorial));
        QCOMPARE(files->front().instances, kTutorialInstances);
        QVERIFY(files->front().passwordFrom.empty());
    }

    void theTutorialsFilesAreDrawn() {
        const auto back = tarantool::drawConfig("master_master", kTutorial, "config.yaml", kTutorialInstances);
        QVERIFY_OK(back);
        const Result<Topology> drawn = parseTopology(kTutorialDrawn, "f");
        QVERIFY_OK(drawn);
        QVERIFY(sameDrawing(back->topology, *drawn));
        QCOMPARE(textOf(back->notes),
                 std::string("4: the password of replicator: passwords never stand in a drawing\n"));
        QCOMPARE(textOf(back->unread), std::string());
    }

    void theExamplesFilesSayWhatItsDrawingDraws() {
        const std::string folder = TRIBUTARY_SOURCE_DIR "/resources/examples/tarantool-master-master/";
        const Result<Topology> drawn = loadTopology(folder + "topology.yaml");
        QVERIFY_OK(drawn);
        const std::string app = folder + "instances.enabled/master_master/";
        const auto config = readTextFile(app + "config.yaml");
        QVERIFY_OK(config);
        const auto instances = readTextFile(app + "instances.yml");
        QVERIFY_OK(instances);
        const auto back = tarantool::drawConfig("master_master", *config, "config.yaml", *instances);
        QVERIFY_OK(back);
        QVERIFY(sameDrawing(back->topology, *drawn));
        QCOMPARE(textOf(back->unread), std::string());
        const auto tutorial = tarantool::drawConfig("master_master", kTutorial, "config.yaml", kTutorialInstances);
        QVERIFY_OK(tutorial);
        QVERIFY(sameDrawing(tutorial->topology, *drawn));
    }

    void aPasswordThatIsNotGivenComesFromTheEnvironment() {
        const Result<Topology> drawn = parseTopology(kTutorialDrawn, "f");
        QVERIFY_OK(drawn);
        const auto files = tarantool::deriveConfig(*drawn, {});
        QVERIFY_OK(files);
        const std::string& text = files->front().config;
        QVERIFY(
            text.starts_with("config:\n  context:\n    replicator_password:\n      from: env\n"
                             "      env: REPLICATOR_PASSWORD\n"));
        QVERIFY(text.find("password: '{{ context.replicator_password }}'") != std::string::npos);
        QCOMPARE(files->front().passwordFrom.at("replicator"), std::string("REPLICATOR_PASSWORD"));
        const auto back = tarantool::drawConfig("master_master", text, "config.yaml", files->front().instances);
        QVERIFY_OK(back);
        QVERIFY(sameDrawing(back->topology, *drawn));
        QVERIFY(back->unread.empty());
    }
    void guestHasNoPassword() {
        for (const char* roles : {"{roles: [super]}", "{}"}) {
            std::string drawing = kTutorialDrawn;
            const std::string users = "users: {";
            drawing.insert(drawing.find(users) + users.size(), std::string("guest: ") + roles + ", ");
            const Result<Topology> drawn = parseTopology(drawing, "f");
            QVERIFY_OK(drawn);
            const auto files = tarantool::deriveConfig(*drawn, {{"replicator", "topsecret"}});
            QVERIFY_OK(files);
            const std::string& text = files->front().config;
            QVERIFY2(text.find("guest_password") == std::string::npos && files->front().passwordFrom.empty(),
                     text.c_str());
            const auto back = tarantool::drawConfig("master_master", text, "config.yaml", files->front().instances);
            QVERIFY_OK(back);
            QVERIFY2(sameDrawing(back->topology, *drawn), text.c_str());
        }
    }
    void aPasswordMayComeFromAFile() {
        const Result<Topology> drawn = parseTopology(kTutorialDrawn, "f");
        QVERIFY_OK(drawn);
        const auto files = tarantool::deriveConfig(*drawn, {}, {{"replicator", "../secret's"}, {"nobody", "/x"}});
        QVERIFY_OK(files);
        const std::string& text = files->front().config;
        QVERIFY2(text.starts_with("config:\n  context:\n    replicator_password:\n      from: file\n"
                                  "      file: '../secret''s'\n      rstrip: true\n"),
                 text.c_str());
        QVERIFY(files->front().passwordFrom.empty());
        tarantool::ContextSources sources;
        sources.file = [](const std::string& path) -> Result<std::string> {
            return path == "../secret's" ? std::string("topsecret\n") : std::string();
        };
        const auto words = tarantool::instanceWords(text, "config.yaml", "instance001", sources);
        QVERIFY_OK(words);
        QCOMPARE(words->passwords.at("replicator"), std::string("topsecret"));
    }

    void aPasswordIsQuoted() {
        const Result<Topology> drawn = parseTopology(kTutorialDrawn, "f");
        QVERIFY_OK(drawn);
        const auto files = tarantool::deriveConfig(*drawn, {{"replicator", "it's: {a}"}});
        QVERIFY_OK(files);
        QVERIFY(files->front().config.find("password: 'it''s: {a}'\n") != std::string::npos);
    }

    void drawingsComeBack_data() {
        QTest::addColumn<QString>("drawing");
        const auto row = [](const char* name, const std::string& text) {
            QTest::newRow(name) << QString::fromStdString("tributary: 1\n" + text);
        };
        row("an instance alone", "clusters:\n  rs: {system: tarantool, members: {i1: {}}}\n");
        row("an empty failover", "clusters:\n  rs: {system: tarantool, members: {i1: {mode: rw}, i2: {}}}\n");
        row("a leader",
            "clusters:\n  rs: {system: tarantool, app: shop, group: storages, failover: manual, leader: i2,\n"
            "    members: {i1: {listen: '10.0.0.1:3301'}, i2: {listen: '10.0.0.2:3301'}},\n"
            "    users: {replicator: {roles: [replication]}, shop: {roles: [public, super]}}, advertise: "
            "replicator}\n");
        row("a founder, uuids and an anonymous replica",
            "clusters:\n  rs: {system: tarantool, bootstrap-strategy: config, bootstrap-leader: i1,\n"
            "    members: {i1: {mode: rw, uuid: 9bb111c2-3ff5-46a7-80f4-2b9a573ea660}, i2: {anonymous: true}},\n"
            "    users: {replicator: {roles: [replication]}}}\n");
        row("drawn peers",
            "clusters:\n  rs: {system: tarantool, members: {i1: {listen: 'h:1'}, i2: {listen: 'h:2'}, i3: {listen: "
            "'h:3'}},\n"
            "    users: {replicator: {roles: [replication]}}}\n"
            "peers:\n  - {at: rs/i1, from: rs/i2}\n  - {at: rs/i1, from: rs/i3}\n  - {at: rs/i3, from: rs/i1}\n");
        row("two replica sets of one application",
            "clusters:\n"
            "  rs1: {system: tarantool, app: shop, failover: off, members: {i1: {mode: rw}, i2: {}},\n"
            "    users: {replicator: {roles: [replication]}}}\n"
            "  rs2: {system: tarantool, app: shop, group: other, failover: election, members: {j1: {}, j2: {}},\n"
            "    users: {replicator: {roles: [replication]}}}\n");
    }
    void drawingsComeBack() {
        QFETCH(QString, drawing);
        const Result<Topology> drawn = parseTopology(drawing.toStdString(), "f");
        QVERIFY_OK(drawn);
        const auto files = tarantool::deriveConfig(*drawn, {{"replicator", "a"}, {"shop", "b"}});
        QVERIFY_OK(files);
        QCOMPARE(files->size(), std::size_t{1});
        const tarantool::ConfigFiles& one = files->front();
        const auto back = tarantool::drawConfig(one.app, one.config, "config.yaml", one.instances);
        QVERIFY_OK(back);
        QCOMPARE(QString::fromStdString(textOf(back->unread)), QString());
        // The one user that may replicate need not be drawn as the advertised one.
        Topology expected = *drawn;
        if (!expected.clusters[0].advertise.empty()) {
            QCOMPARE(back->topology.clusters[0].advertise, std::string("replicator"));
        }
        QVERIFY2(sameDrawing(back->topology, expected), (one.config + writeTopology(back->topology)).c_str());
    }

    void eachApplicationHasItsFiles() {
        const Result<Topology> drawn = parseTopology(
            "tributary: 1\nclusters:\n  b: {system: tarantool, members: {i1: {}}}\n  sf: {gateways: [g]}\n"
            "  a: {system: tarantool, members: {i1: {}}}\n",
            "f");
        QVERIFY_OK(drawn);
        const auto files = tarantool::deriveConfig(*drawn, {});
        QVERIFY_OK(files);
        QCOMPARE(files->size(), std::size_t{2});
        QCOMPARE(files->at(0).app + files->at(1).app, std::string("ab"));
    }

    void nothingIsDerivedFromNothing_data() {
        QTest::addColumn<QString>("clusters");
        QTest::addColumn<QString>("reason");
        QTest::newRow("no replica set") << QStringLiteral("  sf: {}\n") << QStringLiteral("no replica set is drawn");
        QTest::newRow("no instance") << QStringLiteral("  rs: {system: tarantool}\n")
                                     << QStringLiteral("cluster rs has no instance");
    }
    void nothingIsDerivedFromNothing() {
        QFETCH(QString, clusters);
        const Result<Topology> drawn = parseTopology("tributary: 1\nclusters:\n" + clusters.toStdString(), "f");
        QVERIFY_OK(drawn);
        const auto files = tarantool::deriveConfig(*drawn, {});
        QVERIFY(!files.ok());
        QTEST(QString::fromStdString(files.error().what), "reason");
        QVERIFY(!files.error().fix.empty());
    }

    void theNarrowestScopeCounts_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("mode");
        const auto row = [](const char* name, const std::string& text, const char* mode) {
            QTest::newRow(name) << QString::fromStdString(text) << QString::fromUtf8(mode);
        };
        const std::string global = "database:\n  mode: ro\n";
        const std::string group = "    database: {mode: rw}\n";
        row("global", scoped(global, "", "", ""), "ro");
        row("group", scoped(global, group, "", ""), "rw");
        row("replica set", scoped("", group, "        database: {mode: ro}\n", ""), "ro");
        row("instance", scoped(global, "", "", "            database: {mode: rw}\n"), "rw");
        row("an empty section of the instance", scoped(global, "", "", "            database: {}\n"), "ro");
        row("null leaves it to the wider scope", scoped(global, "", "", "            database: {mode: null}\n"), "ro");
    }
    void theNarrowestScopeCounts() {
        QFETCH(QString, text);
        const auto drawn = drawnFrom(text.toStdString());
        QVERIFY_OK(drawn);
        QTEST(QString::fromStdString(drawn->topology.clusters.at(0).members.at(0).mode), "mode");
    }

    void stringsAreReadAsTarantoolReadsThem() {
        const auto drawn = drawnFrom(scoped("replication: {failover: off}\n", "",
                                            "        leader: '{{ replicaset_name }}-{{ group_name }}'\n",
                                            "            iproto: {listen: [{uri: '{{ instance_name }}:3301'}]}\n"));
        QVERIFY_OK(drawn);
        const Cluster& set = drawn->topology.clusters.at(0);
        QCOMPARE(set.failover, std::string("off"));
        QCOMPARE(set.leader, std::string("rs-g1"));
        QCOMPARE(set.members.at(0).listen, std::string("i1:3301"));
    }

    void usersAddUpOverTheScopes() {
        const auto drawn = drawnFrom(scoped("credentials: {users: {a: {roles: [replication]}, b: {roles: [super]}}}\n",
                                            "", "        credentials: {users: {b: {roles: [public]}, c: {}}}\n", ""));
        QVERIFY_OK(drawn);
        const Cluster& set = drawn->topology.clusters.at(0);
        QCOMPARE(set.accounts.size(), std::size_t{3});
        QCOMPARE(set.account("b")->roles, std::vector<std::string>{"public"});
    }

    void whatADrawingHasNoWordForIsNamed() {
        const auto drawn =
            drawnFrom(scoped("wal: {mode: write}\nreplication: {timeout: 1}\n", "", "        labels: {dc: a}\n",
                             "            iproto: {listen: [{uri: 'h:1', params: {transport: ssl}}, {uri: "
                             "'h:2'}]}\n"));
        QVERIFY_OK(drawn);
        QCOMPARE(QString::fromStdString(textOf(drawn->unread)),
                 QStringLiteral("1: wal: a drawing has no word for it\n"
                                "2: replication.timeout: a drawing has no word for it\n"
                                "7: labels: a drawing has no word for it\n"
                                "10: iproto.listen.params: a drawing has no word for it\n"
                                "10: i1 listens at h:2 as well: a drawing has one host:port\n"));
    }

    void instancesThatNobodyStartsAreNoted() {
        const auto drawn = drawnFrom(scoped("", "", "", "            {}\n          i2: {}\n"), "i1:\n");
        QVERIFY_OK(drawn);
        QCOMPARE(textOf(drawn->notes), std::string("0: i2 is not in instances.yml: tt does not start it\n"));
    }

    void refusesAtThePlace_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("instances");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const std::string& text, const char* where, const char* reason,
                            const char* instances = "") {
            QTest::newRow(name) << QString::fromStdString(text) << QString::fromUtf8(instances)
                                << QString::fromUtf8(where) << QString::fromUtf8(reason);
        };
        row("no groups", "wal: {}\n", "config.yaml:1:1", "config.yaml needs the key 'groups'");
        row("no instances", "groups: {g: {replicasets: {rs: {}}}}\n", "config.yaml:1:32",
            "a replica set needs the key 'instances'");
        row("failover that is a flag", scoped("replication: {failover: no}\n", "", "", ""), "config.yaml:1:25",
            "replication.failover cannot be 'no'");
        row("failover of an instance", scoped("", "", "", "            replication: {failover: off}\n"),
            "config.yaml:7:27", "replication.failover must not be present in the instance scope");
        row("an unknown mode", scoped("", "", "", "            database: {mode: rwx}\n"), "config.yaml:7:30",
            "database.mode cannot be 'rwx'");
        row("the nil uuid",
            scoped("", "", "", "            database: {instance_uuid: 00000000-0000-0000-0000-000000000000}\n"),
            "config.yaml:7:39", "identifies nothing");
        row("an instance that is not there", scoped("", "", "", ""), "config.yaml:1:1",
            "i9 stands in instances.yml and not in config.yaml", "i1:\ni9:\n");
        row("a broken text", "groups: [\n", "config.yaml:2:1", "");
    }
    void refusesAtThePlace() {
        QFETCH(QString, text);
        QFETCH(QString, instances);
        QFETCH(QString, reason);
        const auto drawn = drawnFrom(text.toStdString(), instances.toStdString());
        QVERIFY(!drawn.ok());
        QVERIFY2(QString::fromStdString(drawn.error().what).contains(reason), drawn.error().what.c_str());
        QTEST(QString::fromStdString(drawn.error().where), "where");
    }

    void whatNoDrawingHoldsIsReadForOneInstance_data() {
        QTest::addColumn<QString>("config");
        QTest::addColumn<QString>("told");
        const QString groups = QStringLiteral(
            "groups:\n  g:\n    replicasets:\n      r:\n        instances:\n          a: {}\n          b:\n"
            "            memtx: {memory: 67108864}\n            credentials: {users: {ana: {password: narrow}}}\n");
        const QString users = QStringLiteral("credentials: {users: {ana: {password: %1}, ben: {roles: [super]}}}\n");
        const auto context = [](const char* text) {
            return QStringLiteral("config: {context: {w: %1}}\n").arg(QLatin1String(text));
        };
        const QString word = QStringLiteral("'<{{ context.w }}>'");
        const auto row = [](const char* name, const QString& config, const char* told) {
            QTest::newRow(name) << config << QString::fromLatin1(told);
        };
        row("as it stands", users.arg(QStringLiteral("plain")) + groups, "a: ana=plain -, b: ana=narrow 67108864");
        row("none", groups, "a: -, b: ana=narrow 67108864");
        row("of the environment", context("{from: env, env: SET}") + users.arg(word) + groups,
            "a: ana=<of SET> -, b: ana=narrow 67108864");
        row("of a file", context("{from: file, file: word, rstrip: true}") + users.arg(word) + groups,
            "a: ana=<in word> -, b: ana=narrow 67108864");
        row("not set", context("{from: env, env: UNSET}") + users.arg(word) + groups,
            "c.yaml:1:40: the environment has no variable UNSET");
        row("no such file", context("{from: file, file: none}") + users.arg(word) + groups, "c.yaml:1:42: gone");
        row("no such name", users.arg(word) + groups, "c.yaml:1:39: config.context has no w");
        row("from elsewhere", context("{from: vault, vault: x}") + users.arg(word) + groups,
            "c.yaml:1:30: from cannot be 'vault'");
        row("other words stay", users.arg(QStringLiteral("'{{ instance_name }}'")) + groups,
            "a: ana={{ instance_name }} -, b: ana=narrow 67108864");
        row("too little memory", QStringLiteral("memtx: {memory: 12}\n") + groups,
            "c.yaml:1:17: memtx.memory must lie between 1048576");
    }
    void whatNoDrawingHoldsIsReadForOneInstance() {
        QFETCH(const QString, config);
        QFETCH(const QString, told);
        tarantool::ContextSources sources;
        sources.environment = [](const std::string& name) {
            return name == "SET" ? std::optional<std::string>("of SET") : std::nullopt;
        };
        sources.file = [](const std::string& path) -> Result<std::string> {
            if (path != "word") return Error{ErrorCode::NotFound, "gone", {}, {}};
            return std::string("in word \n");
        };
        std::string said;
        for (const char* instance : {"a", "b"}) {
            const auto words = tarantool::instanceWords(config.toStdString(), "c.yaml", instance, sources);
            if (!words) {
                said = words.error().where + ": " + words.error().what;
                break;
            }
            said += (said.empty() ? "" : ", ") + std::string(instance) + ":";
            for (const auto& [user, password] : words->passwords) said += " " + user + "=" + password;
            said += words->memtxMemory ? " " + std::to_string(*words->memtxMemory) : " -";
        }
        QVERIFY2(QString::fromStdString(said).startsWith(told), said.c_str());
        QCOMPARE(tarantool::instanceWords(config.toStdString(), "c.yaml", "nobody", sources).error().code,
                 ErrorCode::NotFound);
    }
    void timesOfReplicationAreSecondsInAnyScope_data() {
        QTest::addColumn<QString>("replication");
        QTest::addColumn<QString>("told");
        QTest::newRow("none") << "{failover: off}"
                              << "- - - -";
        QTest::newRow("all") << "{timeout: 0.5, connect_timeout: 3, sync_lag: 1e1, skip_conflict: true}"
                             << "0.5 3 10 1";
        QTest::newRow("no number") << "{timeout: soon}"
                                   << "c.yaml:1:24: replication.timeout is no number of seconds: soon";
        QTest::newRow("not above nothing") << "{connect_timeout: 0}"
                                           << "c.yaml:1:32: replication.connect_timeout is no number of seconds: 0";
        QTest::newRow("no flag") << "{skip_conflict: often}"
                                 << "c.yaml:1:30: replication.skip_conflict";
    }
    void timesOfReplicationAreSecondsInAnyScope() {
        QFETCH(const QString, replication);
        QFETCH(const QString, told);
        const std::string config = "replication: " + replication.toStdString() +
                                   "\ngroups:\n  g:\n    replicasets:\n      r:\n        instances:\n          a: {}\n";
        const auto words = tarantool::instanceWords(config, "c.yaml", "a", {});
        std::string said = words ? std::string() : words.error().where + ": " + words.error().what;
        if (words) {
            for (const auto& value : {words->timeoutS, words->connectTimeoutS, words->syncLagS}) {
                said += value ? QByteArray::number(*value).toStdString() + " " : "- ";
            }
            said += words->skipConflict ? std::to_string(static_cast<int>(*words->skipConflict)) : "-";
        }
        QVERIFY2(QString::fromStdString(said).startsWith(told), said.c_str());
    }
};
TRIBUTARY_TEST(TestConfig)
#include "tst_config.moc"
