// Bounds on real nodes: wide rows are read, copied, compared and shipped; what is too large is refused by name.
#include <QElapsedTimer>

#include "core/base/limits.h"
#include "engine/admin/copytable.h"
#include "engine/admin/difftables.h"
#include "engine/net/blockingchannel.h"
#include "testmain.h"
#include "twoclusters.h"

using namespace tributary;
using namespace tributary::engine;
using tributary::test::Clusters;

namespace {

/// The test's clients as a directory, for tools that find clusters by name.
class Directory final : public ClusterDirectory {
public:
    explicit Directory(Clusters& clusters) : clusters_(clusters) {}
    Result<std::shared_ptr<ControlClient>> client(const std::string& cluster) override {
        return std::shared_ptr<ControlClient>(&clusters_.client(cluster), [](ControlClient*) {});
    }
    [[nodiscard]] std::vector<std::string> clusters() const override { return {"sf", "ny"}; }
    [[nodiscard]] std::string defaultCluster() const override { return "sf"; }

private:
    Clusters& clusters_;
};

Millis now() {
    return 1'770'000'000'000;
}

/// Every byte value, again and again: what JSON spells with up to six letters.
Bytes binary(std::size_t size) {
    Bytes out(size, '\0');
    for (std::size_t i = 0; i < size; ++i) out[i] = static_cast<char>(i * 7);
    return out;
}

Bytes putOf(const std::string& path, const std::string& key, const std::string& column, BytesView value) {
    Bytes mutations;
    maprdb::MutationBuilder(mutations).put(key, {0, column, value, {}});
    Bytes request;
    appendBlob(request, path);
    appendFixed<std::uint8_t>(request, 0);
    return request + maprdb::encodeBody({"profile"}, mutations);
}

std::string cellOf(Clusters& clusters, const std::string& cluster, const std::string& key) {
    const auto got = clusters.ask(cluster, maprdb::TableMethod::Get, {{"path", Clusters::path(cluster)}, {"key", key}});
    if (!got || got.value()["cells"].empty()) return got ? "none" : got.error().what;
    return bytesFromJson(got.value()["cells"][0]["value"].get<std::string>()).value();
}

}  // namespace

class TestBounds : public QObject {
    Q_OBJECT

private slots:
    void aScanOfWideRowsComesInChunks() {
        Clusters clusters({"sf"});
        QVERIFY_OK(clusters.createTable("sf"));
        for (int i = 0; i < 150; i += 50) QVERIFY_OK(clusters.putMany("sf", i, 50, binary(40'000)));
        std::size_t rows = 0;
        std::size_t answers = 0;
        Json from = "";
        while (from.is_string()) {
            const auto page = clusters.ask("sf", maprdb::TableMethod::Scan,
                                           {{"path", Clusters::path("sf")}, {"from", from}, {"limit", 10'000}});
            QVERIFY_OK(page);
            QVERIFY(!page.value()["rows"].empty());
            rows += page.value()["rows"].size();
            ++answers;
            from = page.value()["next"];
        }
        QCOMPARE(rows, std::size_t{150});
        QVERIFY(answers > 3);
    }

    void largeBinaryCellsAreReadShippedCopiedAndCompared() {
        Clusters clusters({"sf", "ny"});
        for (const char* name : {"sf", "ny"}) QVERIFY_OK(clusters.createTable(name));
        QVERIFY_OK(clusters.addReplica("sf", "ny"));
        QVERIFY_OK(clusters.addUpstream("ny", "sf"));
        const Bytes large = binary(10'000'000);
        QVERIFY_OK(clusters.put("sf", "a", large));
        QVERIFY_OK(clusters.put("sf", "b", large));
        QVERIFY_OK(clusters.put("sf", "c", std::string(12'000'000, '\0')));  // shrinks to nothing on its way
        QCOMPARE(cellOf(clusters, "sf", "a"), large);
        QTRY_COMPARE_WITH_TIMEOUT(clusters.link("sf")["putspending"].get<int>(), 0, 30'000);
        QCOMPARE(cellOf(clusters, "ny", "b"), large);
        Directory directory(clusters);
        maprdb::ClusterCalls calls(directory, now);
        const auto same = maprdb::sameData(calls, Clusters::path("sf"), Clusters::path("ny"));
        QVERIFY_OK(same);
        QVERIFY(same->identical);
        QCOMPARE(same->rowsSource, std::uint64_t{3});
        maprdb::CopyRequest copy;
        copy.src = Clusters::path("sf");
        copy.dst = "/mapr/ny/copy";
        copy.bulkload = false;
        QVERIFY_OK(maprdb::copyTable(calls, copy));
        const auto copied = maprdb::sameData(calls, copy.src, copy.dst);
        QVERIFY_OK(copied);
        QVERIFY(copied->identical);
    }

    void aRowLargerThanARequestIsCopiedInPieces() {
        Clusters clusters({"sf", "ny"});
        for (const char* name : {"sf", "ny"}) QVERIFY_OK(clusters.createTable(name));
        const Bytes value = binary(9'000'000);
        for (int i = 0; i < 5; ++i) {
            QVERIFY_OK(clusters.client("sf").call(
                maprdb::TableMethod::Put, putOf(Clusters::path("sf"), "wide", fmt::format("column{}", i), value)));
        }
        QVERIFY_OK(clusters.put("sf", "zlast", "v"));
        Directory directory(clusters);
        maprdb::ClusterCalls calls(directory, now);
        maprdb::CopyRequest copy;
        copy.src = Clusters::path("sf");
        copy.dst = Clusters::path("ny");
        copy.bulkload = false;
        const auto copied = maprdb::copyTable(calls, copy);
        QVERIFY_OK(copied);
        QCOMPARE(copied->rows, std::uint64_t{2});
        const auto same = maprdb::sameData(calls, copy.src, copy.dst);
        QVERIFY_OK(same);
        QVERIFY(same->identical);
    }

    void whatIsTooLargeIsRefusedByNameAndTheConnectionGoesOn_data() {
        QTest::addColumn<int>("keyBytes");
        QTest::addColumn<int>("valueBytes");
        QTest::addColumn<QByteArray>("limit");
        QTest::newRow("value") << 1 << 17'000'000 << QByteArray("'value' of 16,777,216 bytes");
        QTest::newRow("request") << 1 << 40'000'000 << QByteArray("'request' of 33,554,432 bytes");
        QTest::newRow("key") << 70'000 << 1 << QByteArray("'key' of 65,536 bytes");
    }
    void whatIsTooLargeIsRefusedByNameAndTheConnectionGoesOn() {
        QFETCH(int, keyBytes);
        QFETCH(int, valueBytes);
        QFETCH(QByteArray, limit);
        Clusters clusters({"sf"});
        QVERIFY_OK(clusters.createTable("sf"));
        const std::string key(static_cast<std::size_t>(keyBytes), 'k');
        const Status refused = clusters.put("sf", key, std::string(static_cast<std::size_t>(valueBytes), 'v'));
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
        QVERIFY2(QByteArray::fromStdString(refused.error().what).contains(limit), refused.error().what.c_str());
        QVERIFY_OK(clusters.put("sf", "k", "v"));
        QCOMPARE(clusters.get("sf", "k"), std::string("v"));
    }

    void aPutAtTheUpperBoundReplicates() {
        Clusters clusters({"sf", "ny"});
        for (const char* name : {"sf", "ny"}) QVERIFY_OK(clusters.createTable(name));
        QVERIFY_OK(clusters.addReplica("sf", "ny"));
        QVERIFY_OK(clusters.addUpstream("ny", "sf"));
        const std::string path = Clusters::path("sf");
        Bytes mutations;
        maprdb::MutationBuilder builder(mutations);
        builder.put("first", {0, "v", binary(limits::kValueBytesMax), {}});
        const std::size_t spent = path.size() + 64 + mutations.size();
        builder.put("second", {0, "v", binary(limits::kRequestBytesMax - spent - 64), {}});
        Bytes request;
        appendBlob(request, path);
        appendFixed<std::uint8_t>(request, 0);
        request += maprdb::encodeBody({"profile"}, mutations);
        QVERIFY(request.size() <= limits::kRequestBytesMax && request.size() > limits::kRequestBytesMax - 1024);
        QVERIFY_OK(clusters.client("sf").call(maprdb::TableMethod::Put, request));
        QVERIFY_OK(clusters.put("sf", "after", "v"));
        QTRY_COMPARE_WITH_TIMEOUT(clusters.get("ny", "after"), std::string("v"), 30'000);
        QCOMPARE(clusters.print("ny"), clusters.print("sf"));
    }

    void strangersWhoSayNothingDoNotKeepACommandWaiting() {
        Endpoint door;
        Clusters clusters({"sf"});
        QVERIFY_OK(clusters.createTable("sf"));
        for (const HostedCluster& hosted : clusters.host().clusters()) door = hosted.control.front();
        std::vector<BlockingChannel> idle;
        for (int i = 0; i < 340; ++i) {
            auto channel = BlockingChannel::connect(door, 5'000);
            QVERIFY_OK(channel);
            idle.push_back(std::move(channel).value());
        }
        QElapsedTimer timer;
        timer.start();
        auto client = SocketControlClient::connect({door, "sf", Clusters::keyOf("sf"), "ana", 5'000});
        QVERIFY_OK(client);
        QVERIFY_OK(client.value()->callJson(maprdb::TableMethod::ListTables, Json::object()));
        QVERIFY2(timer.elapsed() < 2'000, qPrintable(QString::number(timer.elapsed())));
    }
};
TRIBUTARY_TEST(TestBounds)
#include "tst_bounds.moc"
