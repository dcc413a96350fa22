// Streams compared message by message: what is counted, what is read again and how often, where it stops.
#include "engine/admin/diffstreams.h"

#include <QTest>

#include "engine/systems/maprdb/streams/streamapi.h"
#include "engine/systems/maprdb/streams/streambody.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;

namespace {

/// Topics of one stream: per partition the values, from offset 0 on.
using Topics = std::map<std::string, std::vector<std::vector<std::string>>>;

/// A cluster with one stream; answers what a comparison asks.
class StreamClient final : public ControlClient {
public:
    explicit StreamClient(std::string name) : name_(std::move(name)) {}
    Result<Bytes> call(Method method, BytesView body, Millis /*timeoutMs*/) override {
        const Json ask = Json::parse(body);
        if (method == StreamMethod::Topics) return listed();
        const std::string place = ask["topic"].get<std::string>() + std::to_string(ask["partition"].get<int>());
        reads.push_back(place + "@" + std::to_string(ask["offset"].get<int>()));
        return read(topics.at(ask["topic"])[ask["partition"]], ask["offset"]);
    }
    Status send(Method /*method*/, BytesView /*body*/) override { return okStatus(); }
    Result<Bytes> receive(Millis /*timeoutMs*/) override { return Error{ErrorCode::Unsupported, "one by one", {}, {}}; }
    [[nodiscard]] const std::string& cluster() const override { return name_; }

    Topics topics;
    std::vector<std::string> reads;  ///< "topic0@offset"

private:
    [[nodiscard]] Bytes listed() const {
        Json answer{{"topics", Json::array()}};
        for (const auto& [name, partitions] : topics) {
            Json topic{{"topic", name}, {"partitions", Json::array()}};
            for (const auto& messages : partitions) {
                topic["partitions"].push_back(Json{{"low", 0}, {"next", messages.size()}});
            }
            answer["topics"].push_back(std::move(topic));
        }
        return answer.dump();
    }
    static Bytes read(const std::vector<std::string>& messages, std::size_t from) {
        Bytes answer;
        appendFixed<std::uint64_t>(answer, 0);
        appendFixed<std::uint64_t>(answer, messages.size());
        appendFixed<std::uint32_t>(answer, from < messages.size() ? 1 : 0);
        if (from >= messages.size()) return answer;
        BatchView batch;
        batch.topic = "t";
        batch.origin = Uuid::fromRandom(1, 2);
        batch.partitions = 1;
        batch.first = from;
        batch.count = messages.size() - from;
        Bytes content;
        for (std::size_t i = from; i < messages.size(); ++i) appendMessage(content, {{}, messages[i], 0, {}});
        batch.messages = content;
        appendBlob(answer, encodeBatch(batch));
        return answer;
    }
    std::string name_;
};

class TwoStreams final : public ClusterDirectory {
public:
    Result<std::shared_ptr<ControlClient>> client(const std::string& cluster) override {
        return std::shared_ptr<ControlClient>(cluster == "a" ? a : b);
    }
    [[nodiscard]] std::vector<std::string> clusters() const override { return {"a", "b"}; }
    [[nodiscard]] std::string defaultCluster() const override { return {}; }
    std::shared_ptr<StreamClient> a = std::make_shared<StreamClient>("a");
    std::shared_ptr<StreamClient> b = std::make_shared<StreamClient>("b");
};

}  // namespace

class DiffStreamsTest : public QObject {
    Q_OBJECT

    Result<StreamDiffResult> diff(bool firstExit = false) {
        ClusterCalls calls(two_, [] { return Millis{0}; });
        calls.setPause([this](Millis) {
            ++pauses_;
            if (onPause_) onPause_();
        });
        return diffStreams(calls, "/mapr/a/s", "/mapr/b/s", firstExit);
    }

private slots:
    void init() {
        two_ = TwoStreams();
        pauses_ = 0;
        onPause_ = {};
        two_.a->topics = two_.b->topics = {{"t", {{"one", "two", "three"}, {"four"}}}, {"u", {{"five", "six"}}}};
    }
    void equalStreamsAreReadOnce() {
        const auto same = diff();
        QVERIFY_OK(same);
        QVERIFY(same->identical() && same->complete);
        QCOMPARE(same->topics, 2U);
        QCOMPARE(same->messagesA, 6U);
        QCOMPARE(same->messagesB, 6U);
        QCOMPARE(same->looks, 1U);
        QCOMPARE(pauses_, 0);
    }
    void everySortOfDifferenceIsCounted() {
        two_.b->topics["t"][0] = {"one", "TWO"};
        two_.b->topics["u"][0].push_back("seven");
        const auto found = diff();
        QVERIFY_OK(found);
        QCOMPARE(found->different, 1U);
        QCOMPARE(found->onlyA, 1U);
        QCOMPARE(found->onlyB, 1U);
        QCOMPARE(found->topicsDifferent, 0U);
        QCOMPARE(found->messagesA, 6U);
        QCOMPARE(found->messagesB, 6U);
        const std::vector<std::string> lines{
            "topic t, partition 0, offset 1: value two at /mapr/a/s, value TWO at /mapr/b/s",
            "topic t, partition 0, offset 2 is missing at /mapr/b/s",
            "topic u, partition 0, offset 2 is missing at /mapr/a/s"};
        QCOMPARE(found->lines, lines);
    }
    void messagesOfATopicThatIsMissingCount_data() {
        QTest::addColumn<bool>("atA");
        QTest::newRow("at a") << true;
        QTest::newRow("at b") << false;
    }
    void messagesOfATopicThatIsMissingCount() {
        QFETCH(bool, atA);
        (atA ? two_.a : two_.b)->topics.erase("t");
        const auto found = diff();
        QVERIFY_OK(found);
        QCOMPARE(found->topics, 2U);
        QCOMPARE(found->topicsDifferent, 1U);
        QCOMPARE(found->messagesA, atA ? 2U : 6U);
        QCOMPARE(found->messagesB, atA ? 6U : 2U);
        QCOMPARE(found->onlyA, atA ? 0U : 4U);
        QCOMPARE(found->onlyB, atA ? 4U : 0U);
        QVERIFY(found->complete);
        QCOMPARE(found->lines,
                 std::vector<std::string>{fmt::format("topic t is missing at /mapr/{}/s", atA ? 'a' : 'b')});
    }
    void aPartitionMoreIsATopicThatDiffers() {
        two_.b->topics["t"].push_back({"more"});
        const auto found = diff();
        QVERIFY_OK(found);
        QCOMPARE(found->topicsDifferent, 1U);
        QCOMPARE(found->onlyB, 1U);
        QCOMPARE(found->messagesA, 6U);
        QCOMPARE(found->messagesB, 7U);
    }
    void whatStaysIsSeenThreeTimesAndOnlyItIsReadAgain() {
        two_.b->topics["t"][0][2] = "THREE";
        const auto found = diff();
        QVERIFY_OK(found);
        QCOMPARE(found->looks, 3U);
        QCOMPARE(pauses_, 2);
        QCOMPARE(found->messagesA, 6U);
        const std::vector<std::string> reads{"t0@0", "t1@0", "u0@0", "t0@2", "t0@2"};
        QCOMPARE(two_.a->reads, reads);
        QCOMPARE(two_.b->reads, reads);
    }
    void whatALinkDeliversMeanwhileIsNoDifference() {
        two_.b->topics.erase("u");
        two_.b->topics["t"][0].pop_back();
        onPause_ = [&] {
            if (pauses_ == 2) two_.b->topics["t"][0].push_back("three");
            if (pauses_ == 4) two_.b->topics["u"] = {{"five", "six"}};
        };
        const auto found = diff();
        QVERIFY_OK(found);
        QVERIFY(!found->identical());  // u was missing at three looks alike, t at the first two
        QCOMPARE(found->topicsDifferent, 1U);
        onPause_ = [&] { two_.b->topics["u"] = {{"five", "six"}}; };
        pauses_ = 0;
        const auto then = diff();
        QVERIFY_OK(then);
        QVERIFY(then->identical());
        QCOMPARE(then->looks, 2U);
        QCOMPARE(then->messagesB, 6U);
    }
    void whatChangesAtEachLookIsLookedAtSevenTimes() {
        onPause_ = [&] { two_.a->topics["u"][0].push_back("more"); };
        two_.a->topics["u"][0].push_back("more");
        const auto found = diff();
        QVERIFY_OK(found);
        QCOMPARE(found->looks, 7U);
        QCOMPARE(found->onlyA, 7U);
    }
    void aTopicMadeAnewIsReadFromItsBeginning() {
        two_.b->topics["t"][0][2] = "THREE";
        onPause_ = [&] {
            two_.a->topics["t"][0] = {"x"};
            two_.b->topics["t"][0] = {"y"};
        };
        const auto found = diff();
        QVERIFY_OK(found);
        QCOMPARE(found->different, 1U);
        QCOMPARE(found->messagesA, 4U);
    }
    void firstExitStopsAtWhatStays_data() {
        QTest::addColumn<QString>("what");
        QTest::newRow("message") << QStringLiteral("message");
        QTest::newRow("topic") << QStringLiteral("topic");
    }
    void firstExitStopsAtWhatStays() {
        QFETCH(QString, what);
        if (what == QStringLiteral("message")) two_.b->topics["t"][0][0] = "ONE";
        if (what == QStringLiteral("topic")) two_.b->topics.erase("t");
        const auto found = diff(true);
        QVERIFY_OK(found);
        QVERIFY(!found->identical() && !found->complete);
        QCOMPARE(found->looks, 3U);
        QCOMPARE(found->lines.size(), 1U);
        for (const std::string& read : two_.a->reads) QVERIFY(read.starts_with("t0"));
    }

private:
    TwoStreams two_;
    int pauses_ = 0;
    std::function<void()> onPause_;
};
TRIBUTARY_TEST(DiffStreamsTest)
#include "tst_diffstreams.moc"
