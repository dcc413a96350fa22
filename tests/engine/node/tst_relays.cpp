// A client that stands at one cluster reaches another through the network between the two, and no way around it.
#include <QElapsedTimer>

#include "testmain.h"
#include "twoclusters.h"

using namespace tributary;
using namespace tributary::engine;
using tributary::test::Clusters;

class TestRelays : public QObject {
    Q_OBJECT
private:
    static Result<Json> status(ControlClient& client) { return client.callJson(Method::NodeStatus, Json::object()); }
    static void fault(Clusters& clusters, const std::string& at, const Json& request) {
        QVERIFY_OK(clusters.host().fault(at, request));
    }

private slots:
    void speaksWithTheOtherCluster() {
        Clusters clusters({"sf", "ny"});
        auto client = clusters.clientThrough("sf", "ny");
        QVERIFY_OK(client);
        const auto told = status(**client);
        QVERIFY_OK(told);
        QCOMPARE(told.value()["cluster"].get<std::string>(), std::string("ny"));
        QCOMPARE((*client)->cluster(), std::string("ny"));
    }
    void theDrawnNetworkIsOnTheWayThereAndBack() {
        Clusters clusters(std::vector<std::string>{});
        clusters.setNetwork({{{"sf", {false, 100, 0}}, {"ny", {false, 100, 0}}}, false});
        clusters.restart({"sf", "ny"});
        auto client = clusters.clientThrough("sf", "ny");
        QVERIFY_OK(client);
        QElapsedTimer clock;
        clock.start();
        QVERIFY_OK(status(**client));
        QVERIFY2(clock.elapsed() >= 200, std::to_string(clock.elapsed()).c_str());
        clock.start();
        QVERIFY_OK(status(clusters.client("ny")));  // an onlooker's way is not of that network
        QVERIFY2(clock.elapsed() < 200, std::to_string(clock.elapsed()).c_str());
    }
    void theNetworkChangesUnderWay() {
        Clusters clusters({"sf", "ny"});
        auto client = clusters.clientThrough("sf", "ny");
        QVERIFY_OK(client);
        const Json line{{"to", "ny"}, {"ms", 150}, {"bytes", 0}};
        const Json request{{"what", "network"}, {"leftout", false}, {"rules", Json::array({line})}};
        const auto now = clusters.host().fault("sf", request);
        QVERIFY_OK(now);
        QVERIFY(now.value()["network"]["rules"][0] == line);
        QElapsedTimer clock;
        clock.start();
        QVERIFY_OK(status(**client));
        QVERIFY2(clock.elapsed() >= 150, std::to_string(clock.elapsed()).c_str());
    }
    void clearingFaultsLeavesTheNetwork() {
        Clusters clusters(std::vector<std::string>{});
        clusters.setNetwork({{{"ny", {false, 40, 1000}}}, false});
        clusters.restart({"sf"});
        fault(clusters, "sf", {{"what", "delay"}, {"peer", "ny"}, {"ms", 5}});
        const auto cleared = clusters.host().fault("sf", {{"what", "clear"}});
        QVERIFY_OK(cleared);
        QVERIFY(cleared.value()["faults"].empty());
        const auto listed = clusters.host().fault("sf", {{"what", "list"}});
        QCOMPARE(listed.value()["network"]["rules"][0]["ms"].get<int>(), 40);
    }
    void aCutIsInTheWayAndItsEndLetsThrough_data() {
        QTest::addColumn<QString>("at");
        QTest::addColumn<QString>("peer");
        QTest::newRow("the way there") << "sf"
                                       << "ny";
        QTest::newRow("the way back") << "ny"
                                      << "sf";
    }
    void aCutIsInTheWayAndItsEndLetsThrough() {
        QFETCH(QString, at);
        QFETCH(QString, peer);
        Clusters clusters({"sf", "ny"});
        auto open = clusters.clientThrough("sf", "ny");
        QVERIFY_OK(open);
        fault(clusters, at.toStdString(), {{"what", "cut"}, {"peer", peer.toStdString()}});
        const auto silent = (*open)->callJson(Method::NodeStatus, Json::object(), 300);
        QVERIFY(!silent);
        QCOMPARE(silent.error().code, ErrorCode::Timeout);
        const auto refused = clusters.clientThrough("sf", "ny");
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Unavailable);
        QVERIFY2(refused.error().what.starts_with("cluster ny cannot be reached from cluster sf: no answer"),
                 refused.error().what.c_str());
        QVERIFY_OK(status(clusters.client("ny")));  // alive all the time
        fault(clusters, at.toStdString(), {{"what", "clear"}});
        QVERIFY_OK(clusters.clientThrough("sf", "ny"));
    }
    void aClusterThatIsDownOrUnknownIsSaidToBe() {
        Clusters clusters({"sf", "ny"});
        const auto unknown = clusters.clientThrough("sf", "tokyo");
        QVERIFY(!unknown);
        QVERIFY2(unknown.error().what.find("it has never been started here") != std::string::npos,
                 unknown.error().what.c_str());
        fault(clusters, "ny", {{"what", "kill"}});
        const auto down = clusters.clientThrough("sf", "ny");
        QVERIFY(!down);
        QVERIFY2(down.error().what.find("nothing listens there") != std::string::npos, down.error().what.c_str());
    }
    void relaysAndLinksShareOneBandwidth() {
        Clusters clusters({"sf", "ny"});
        QVERIFY_OK(clusters.createTable("sf"));
        QVERIFY_OK(clusters.createTable("ny"));
        auto client = clusters.clientThrough("sf", "ny");
        QVERIFY_OK(client);
        QVERIFY_OK(clusters.addReplica("sf", "ny", {{"paused", true}}));
        QVERIFY_OK(clusters.addUpstream("ny", "sf"));
        std::string noise;
        for (std::uint32_t seed = 1; noise.size() < 200'000; seed = seed * 1664525U + 1013904223U) {
            noise += static_cast<char>('a' + (seed >> 24U) % 26U);
        }
        for (int i = 0; i < 5; ++i)
            QVERIFY_OK(clusters.put("sf", "big" + std::to_string(i), noise + std::to_string(i)));
        fault(clusters, "sf", {{"what", "bandwidth"}, {"peer", "ny"}, {"bytes", 500'000}});
        QElapsedTimer clock;
        clock.start();
        QVERIFY_OK(clusters.pause("sf", "ny", false));
        // As much again through the relay, as a copy's client sends it.
        Bytes request;
        appendBlob(request, Clusters::path("ny"));
        appendFixed<std::uint8_t>(request, 0);
        Bytes mutations;
        maprdb::MutationBuilder builder(mutations);
        builder.put("row", {0, "v", noise, {}});
        request += maprdb::encodeBody({"profile"}, mutations);
        QVERIFY_OK((*client)->call(maprdb::TableMethod::Put, request, 30'000));
        QTRY_COMPARE_WITH_TIMEOUT(clusters.get("ny", "big4"), noise + "4", 20'000);
        // 600 kB at the least, compressed, over 500 kB a second; alone the link would have passed earlier.
        QVERIFY2(clock.elapsed() > 1'000, std::to_string(clock.elapsed()).c_str());
    }
    void muchDataPassesWholeAndInOrder() {
        Clusters clusters({"sf", "ny"});
        QVERIFY_OK(clusters.createTable("ny"));
        auto client = clusters.clientThrough("sf", "ny");
        QVERIFY_OK(client);
        const std::string value(4'000, 'v');
        for (int block = 0; block < 40; ++block) {
            Bytes mutations;
            maprdb::MutationBuilder builder(mutations);
            for (int i = 0; i < 100; ++i) builder.put(fmt::format("key{:06}", block * 100 + i), {0, "v", value, {}});
            Bytes request;
            appendBlob(request, Clusters::path("ny"));
            appendFixed<std::uint8_t>(request, 0);
            request += maprdb::encodeBody({"profile"}, mutations);
            QVERIFY_OK((*client)->send(maprdb::TableMethod::Put, request));
        }
        for (int block = 0; block < 40; ++block) QVERIFY_OK((*client)->receive(30'000));
        QCOMPARE(clusters.fingerprint("ny")["rows"].get<int>(), 4'000);
    }
};

TRIBUTARY_TEST(TestRelays)
#include "tst_relays.moc"
