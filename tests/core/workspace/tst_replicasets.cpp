// Replica sets of Tarantool in topology.yaml: read strictly, written, and edited in place.
#include "core/topology/edit.h"
#include "core/workspace/topologyfile.h"
#include "core/workspace/topologypatch.h"
#include "testmain.h"

using namespace tributary;

namespace {

const std::string kReplicaSet = R"(tributary: 1
clusters:
  # two masters
  replicaset001:
    system: tarantool
    app: master_master
    failover: off            # a word, not a flag
    members:
      # the elder
      instance001: {mode: rw, listen: '127.0.0.1:3301'}
      instance002:
        mode: rw             # for now
        listen: 127.0.0.1:3302
        uuid: 9bb111c2-3ff5-46a7-80f4-2b9a573ea660
      reader: {anonymous: true}
    users: {replicator: {roles: [replication]}, no: {}}   # passwords stand elsewhere
datasets:
  replicaset001:bands:
    kind: space
    format: [[id, unsigned], [band_name, string], {name: year, type: unsigned, nullable: true}]
    primary: [id]
    engine: vinyl
    local: true
peers:
  - {at: replicaset001/instance001, from: replicaset001/instance002}
)";

Topology drawnSet(const std::string& text = kReplicaSet) {
    const Result<Topology> loaded = parseTopology(text, "f");
    return loaded ? *loaded : Topology{};
}

}  // namespace

class TestReplicaSets : public QObject {
    Q_OBJECT
private slots:
    void readsEverything() {
        const Result<Topology> loaded = parseTopology(kReplicaSet, "f");
        QVERIFY_OK(loaded);
        const Cluster& set = loaded->clusters.at(0);
        QVERIFY(set.system == "tarantool" && set.app == "master_master" && set.failover == "off");
        QCOMPARE(set.members.size(), std::size_t{3});
        QVERIFY(set.members[0].pos == (SourcePos{10, 7}));
        const Member* second = set.member("instance002");
        QVERIFY(second != nullptr && second->mode == "rw" && second->listen == "127.0.0.1:3302");
        QCOMPARE(second->uuid, std::string("9bb111c2-3ff5-46a7-80f4-2b9a573ea660"));
        QVERIFY(set.member("reader")->anonymous);
        QCOMPARE(set.account("replicator")->roles, std::vector<std::string>{"replication"});
        QVERIFY(set.account("no") != nullptr);  // a user may be called no
        const Dataset& space = loaded->datasets.at(0);
        QVERIFY(space.kind == DatasetKind::Space && space.engine == "vinyl" && space.local);
        QCOMPARE(space.format.at(1).name, std::string("band_name"));
        QVERIFY(!space.format.at(1).nullable && space.format.at(2).nullable);
        QCOMPARE(space.primary, std::vector<std::string>{"id"});
        QCOMPARE(loaded->clusterOfPath(space.path), &set);
        QVERIFY(loaded->peer("replicaset001/instance001", "replicaset001/instance002") != nullptr);
    }

    void writesWhatItReads() {
        const Topology once = drawnSet();
        const Result<Topology> twice = parseTopology(writeTopology(once), "f");
        QVERIFY_OK(twice);
        QVERIFY(withoutPositions(*twice) == withoutPositions(once));
    }

    void refusesAtThePlace_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const std::string& text, const char* where, const char* reason) {
            QTest::newRow(name) << QString::fromStdString("tributary: 1\n" + text) << QString::fromUtf8(where)
                                << QString::fromUtf8(reason);
        };
        const std::string c = "clusters:\n  rs: {system: tarantool, ";
        row("a word of MapR-DB", c + "gateways: [g]}\n", "f:3:27", "a cluster of tarantool has no 'gateways'");
        row("a word of Tarantool", "clusters:\n  sf: {members: {a: {}}}\n", "f:3:8", "a cluster has no 'members'");
        row("users as a list", c + "users: [ana]}\n", "f:3:34", "users must be a map");
        row("failover that is a flag", c + "failover: no}\n", "f:3:37", "failover cannot be 'no'");
        row("an unknown mode", c + "members: {a: {mode: rx}}}\n", "f:3:47", "mode cannot be 'rx'");
        row("an unknown key", c + "members: {a: {listne: h}}}\n", "f:3:41", "unknown key 'listne' in a member");
        row("a port alone", c + "members: {a: {listen: 3301}}}\n", "f:3:49", "is not host:port");
        row("no uuid", c + "members: {a: {uuid: 12}}}\n", "f:3:47", "is no uuid");
        row("the nil uuid", c + "members: {a: {uuid: 00000000-0000-0000-0000-000000000000}}}\n", "f:3:47",
            "identifies nothing");
        row("a password", c + "users: {a: {password: x}}}\n", "f:3:39", "unknown key 'password' in a user with roles");
        const std::string d = "datasets:\n  rs:s: {kind: space, ";
        row("families of a space", d + "families: [a]}\n", "f:3:23", "a space has no 'families'");
        row("a field without a type", d + "format: [[id]]}\n", "f:3:32", "a field needs a name and a type");
        row("an unknown type", d + "format: [[id, int]]}\n", "f:3:37", "type cannot be 'int'");
        row("an edge without an end", "peers:\n  - {at: rs/a}\n", "f:3:5", "a peer edge needs the key 'from'");
    }
    void refusesAtThePlace() {
        QFETCH(QString, text);
        QFETCH(QString, reason);
        const Result<Topology> loaded = parseTopology(text.toStdString(), "f");
        QVERIFY(!loaded.ok());
        QVERIFY2(QString::fromStdString(loaded.error().what).contains(reason), loaded.error().what.c_str());
        QTEST(QString::fromStdString(loaded.error().where), "where");
    }

    void anEditLeavesTheRestAlone_data() {
        QTest::addColumn<QString>("attribute");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        const auto row = [](const char* attribute, const char* value, const char* before, const char* after) {
            QTest::newRow(attribute) << QString::fromUtf8(attribute) << QString::fromUtf8(value)
                                     << QString::fromUtf8(before) << QString::fromUtf8(after);
        };
        row("member.instance002.mode", "ro", "mode: rw             # for now", "mode: ro             # for now");
        row("member.instance001.mode", "ro", "{mode: rw, listen: '127.0.0.1:3301'}",
            "{mode: ro, listen: '127.0.0.1:3301'}");
        row("user.replicator.roles", "replication, super", "[replication]", "[replication, super]");
        row("failover", "manual", "failover: off ", "failover: manual ");
        row("member.reader.listen", "127.0.0.1:3303", "{anonymous: true}", "{anonymous: true, listen: 127.0.0.1:3303}");
    }
    void anEditLeavesTheRestAlone() {
        QFETCH(QString, attribute);
        QFETCH(QString, value);
        QFETCH(QString, before);
        QFETCH(QString, after);
        const EditPtr edit = setAttribute(ClusterId{"replicaset001"}, attribute.toStdString(), value.toStdString());
        const Result<PatchedText> patched = patchTopology(kReplicaSet, "f", *edit);
        QVERIFY_OK(patched);
        QVERIFY(!patched->rewritten);
        QCOMPARE(QString::fromStdString(patched->text), QString::fromStdString(kReplicaSet).replace(before, after));
    }

    void aMemberComesAndGoesWithItsLine() {
        const EditPtr fewer = setAttribute(ClusterId{"replicaset001"}, "members", "instance001, instance002");
        const Result<PatchedText> patched = patchTopology(kReplicaSet, "f", *fewer);
        QVERIFY_OK(patched);
        QCOMPARE(QString::fromStdString(patched->text),
                 QString::fromStdString(kReplicaSet).remove(QStringLiteral("      reader: {anonymous: true}\n")));
        const EditPtr more =
            setAttribute(ClusterId{"replicaset001"}, "members", "instance001, instance002, reader, instance003");
        const Result<PatchedText> added = patchTopology(kReplicaSet, "f", *more);
        QVERIFY_OK(added);
        QVERIFY(drawnSet(added->text).clusters.at(0).member("instance003") != nullptr);
        QVERIFY(added->text.find("# the elder") != std::string::npos);
    }

    void editsAreUndone_data() {
        QTest::addColumn<int>("index");
        for (int i = 0; i < 7; ++i) QTest::addRow("edit %d", i) << i;
    }
    void editsAreUndone() {
        QFETCH(int, index);
        const Topology before = drawnSet();
        const PeerId edge{"replicaset001/instance001", "replicaset001/instance002"};
        Peer back;
        back.at = edge.from;
        back.from = edge.at;
        const std::vector<EditPtr> edits{
            addPeer(back),
            removeElement(edge),
            replacePeer(edge, back),
            setAttribute(edge, "from", "replicaset001/reader"),
            setAttribute(DatasetId{"replicaset001:bands"}, "format", "id unsigned, a string?"),
            removeClusterAndContents(before, "replicaset001"),
            setAttribute(DatasetId{"replicaset001:bands"}, "synchronous", "yes")};
        Topology changed = before;
        const auto inverse = edits.at(static_cast<std::size_t>(index))->apply(changed);
        QVERIFY_OK(inverse);
        QVERIFY(!(changed == before));
        QVERIFY_OK((*inverse)->apply(changed));
        QVERIFY(changed == before);
    }

    void aClusterTakesItsSpacesAndPeersAlong() {
        Topology topology = drawnSet();
        QVERIFY_OK(removeClusterAndContents(topology, "replicaset001")->apply(topology));
        QVERIFY(topology.empty());
    }

    void attributesRefuseWhatTheFileRefuses_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char* name, const char* value, const char* reason) {
            QTest::newRow(name) << QString::fromUtf8(name) << QString::fromUtf8(value) << QString::fromUtf8(reason);
        };
        row("failover", "no", "failover cannot be 'no'");
        row("member.instance001.listen", "3301", "is not host:port");
        row("member.instance001.uuid", "x", "is no uuid");
        row("member.nobody.mode", "rw", "there is no 'nobody' in it");
        row("member.instance001.mdoe", "rw", "a member has no attribute 'mdoe'");
        row("leader", "a b", "name");
        row("gateways", "g", "a cluster of tarantool has no attribute 'gateways'");
    }
    void attributesRefuseWhatTheFileRefuses() {
        QFETCH(QString, name);
        QFETCH(QString, value);
        QFETCH(QString, reason);
        Topology topology = drawnSet();
        const auto done =
            setAttribute(ClusterId{"replicaset001"}, name.toStdString(), value.toStdString())->apply(topology);
        QVERIFY(!done.ok());
        QVERIFY2(QString::fromStdString(done.error().what).contains(reason), done.error().what.c_str());
        QVERIFY(topology == drawnSet());
    }
};
TRIBUTARY_TEST(TestReplicaSets)
#include "tst_replicasets.moc"
