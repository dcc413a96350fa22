// Who may set replication up.
#include "rulehelp.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::test;

class TestPermissions : public QObject {
    Q_OBJECT
private slots:
    void asksForReadpermAndReplpermAtTheSource_data() {
        QTest::addColumn<QString>("perms");
        QTest::addColumn<QString>("user");
        QTest::addColumn<bool>("refused");
        const auto row = [](const char* name, const char* perms, const char* user, bool refused) {
            QTest::newRow(name) << QString::fromUtf8(perms) << QString::fromUtf8(user) << refused;
        };
        row("nothing drawn", "", "eve", false);
        row("both, the acting user", "readperm: u:ana, replperm: u:ana", "ana", false);
        row("both, another user", "readperm: u:ana, replperm: u:ana", "ben", true);
        row("replperm alone is not enough", "readperm: u:ben, replperm: u:ana", "ana", true);
        row("defaultreadperm is the real name", "defaultreadperm: u:ben, replperm: u:ana", "ana", true);
        row("some drawn user may", "readperm: u:ben, replperm: u:ben", "", false);
        row("no single user has both", "readperm: u:ana, replperm: u:ben", "", true);
        row("mapr is no superuser", "replperm: u:ana", "mapr", true);
        row("empty denies everybody", "replperm: ''", "", true);
        row("by group", "replperm: g:ops", "ana", false);
        row("outside the group", "replperm: g:ops", "ben", true);
    }
    void asksForReadpermAndReplpermAtTheSource() {
        QFETCH(QString, perms);
        QFETCH(QString, user);
        std::string text = replaced(std::string(kGoodDrawing), "exists: true, deletettl: 7d",
                                    "exists: true, deletettl: 7d, perms: {" + perms.toStdString() + "}");
        text = replaced(text, "users: [ana, ben]", "users: [ana, ben], groups: {ops: [ana]}");
        const Result<Topology> topology = parseTopology(text, "drawing");
        QVERIFY_OK(topology);
        CheckOptions options;
        options.user = user.toStdString();
        const auto found = findingsOf(checkTopology(*topology, options), "maprdb.source-permission");
        QTEST(!found.empty(), "refused");
    }

    void aFamilysReadpermCountsWhenTheEdgeCarriesIt() {
        const std::string closed = "[profile, {name: orders, perms: {readperm: u:ben}}]";
        std::string text = replaced(std::string(kGoodDrawing), "[profile, orders]", closed);
        CheckOptions ana;
        ana.user = "ana";
        const Result<Topology> whole = parseTopology(text, "drawing");
        QVERIFY_OK(whole);
        QVERIFY(!findingsOf(checkTopology(*whole, ana), "maprdb.source-permission").empty());
        text = replaced(text, "to: /mapr/ny/t}", "to: /mapr/ny/t, columns: [profile]}");
        const Result<Topology> filtered = parseTopology(text, "drawing");
        QVERIFY_OK(filtered);
        QVERIFY(findingsOf(checkTopology(*filtered, ana), "maprdb.source-permission").empty());
    }

    void theReplicaNeedsBulkloadpermForTheFirstCopy() {
        const std::string text = replaced(std::string(kGoodDrawing), "orders], deletettl: 7d",
                                          "orders], deletettl: 7d, perms: {replperm: u:ana, bulkloadperm: u:ben}");
        const Result<Topology> topology = parseTopology(text, "drawing");
        QVERIFY_OK(topology);
        CheckOptions ana;
        ana.user = "ana";
        const auto found = findingsOf(checkTopology(*topology, ana), "maprdb.replica-permission");
        QCOMPARE(found.size(), std::size_t{1});
        QVERIFY(found[0].reason.find("bulkloadperm is 'u:ben'") != std::string::npos);
        QVERIFY(found[0].fix.find("\"u:ben | u:ana\"") != std::string::npos);
    }

    void administratorsAreKnownWhomeverTheDrawingNames() {
        std::string text = replaced(std::string(kGoodDrawing), "exists: true, deletettl: 7d",
                                    "exists: true, deletettl: 7d, perms: {packperm: 'u:root | u:carla | u:ana'}");
        const Result<Topology> without = parseTopology(text, "drawing");
        QVERIFY_OK(without);
        QCOMPARE(findingsOf(checkTopology(*without), "maprdb.ace-unknown-user").size(), std::size_t{1});
        text = replaced(text, "users: [ana, ben]", "users: [ana, ben], groups: {administrators: [carla]}");
        const Result<Topology> with = parseTopology(text, "drawing");
        QVERIFY_OK(with);
        QVERIFY(findingsOf(checkTopology(*with), "maprdb.ace-unknown-user").empty());
    }

    void theTwoNamesOfOneReadPermissionAreNotDrawnTogether() {
        const std::string text =
            replaced(std::string(kGoodDrawing), "exists: true, deletettl: 7d",
                     "exists: true, deletettl: 7d, perms: {defaultreadperm: u:ana, readperm: u:ben}");
        const Result<Topology> topology = parseTopology(text, "drawing");
        QVERIFY(!topology.ok());
        QVERIFY2(topology.error().what.find("short for defaultreadperm") != std::string::npos,
                 topology.error().what.c_str());
        QVERIFY2(topology.error().where.starts_with("drawing:6:"), topology.error().where.c_str());
    }

    void rolesAreRefusedWhomeverTheDrawingNames_data() {
        QTest::addColumn<QString>("users");
        QTest::newRow("users drawn") << QStringLiteral(", users: [ana, ben]");
        QTest::newRow("nobody drawn") << QString();
    }
    void rolesAreRefusedWhomeverTheDrawingNames() {
        QFETCH(QString, users);
        std::string text = replaced(std::string(kGoodDrawing), "exists: true, deletettl: 7d",
                                    "exists: true, deletettl: 7d, perms: {packperm: 'r:admin | u:ana'}");
        text = replaced(text, ", users: [ana, ben]", users.toStdString());
        const Result<Topology> topology = parseTopology(text, "drawing");
        QVERIFY_OK(topology);
        const auto found = findingsOf(checkTopology(*topology), "maprdb.ace-unknown-user");
        QCOMPARE(found.size(), std::size_t{1});
        QVERIFY2(found[0].reason.find("role 'admin'") != std::string::npos, found[0].reason.c_str());
    }

    void suggestsTheNearestUser() {
        const std::string text = replaced(std::string(kGoodDrawing), "exists: true, deletettl: 7d",
                                          "exists: true, deletettl: 7d, perms: {packperm: 'u:bem | u:mapr | u:ana'}");
        const Result<Topology> topology = parseTopology(text, "drawing");
        QVERIFY_OK(topology);
        const auto found = checkTopology(*topology);
        QCOMPARE(found.size(), std::size_t{1});
        QCOMPARE(found[0].fix, std::string("did you mean 'ben'?"));
    }
};
TRIBUTARY_TEST(TestPermissions)
#include "tst_permissions.moc"
