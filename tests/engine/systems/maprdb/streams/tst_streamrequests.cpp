// Requests of streams as the control endpoint hands them over: what they answer, and what they refuse by name.
#include "streamworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;
using tributary::test::StreamWorld;

class StreamRequestsTest : public QObject {
    Q_OBJECT

    /// The answer, or the error's sentence after "! ".
    static Bytes ask(StreamWorld& world, int host, Method method, const Bytes& body, const std::string& user = "ana") {
        ControlRequests requests;
        streamsOf(world.node(host)).addRequests(requests);
        std::optional<Result<Bytes>> answer;
        requests.find(method.number)->handler({world.node(host), 0, user, body, [&answer](Result<Bytes> given) {
                                                   answer.emplace(std::move(given));
                                               }});
        if (!world.run(60'000, [&] { return answer.has_value(); })) return "! no answer";
        return answer->ok() ? answer->value() : "! " + answer->error().what;
    }
    static Bytes ask(StreamWorld& world, Method method, const Json& body, const std::string& user = "ana") {
        return ask(world, 0, method, body.dump(), user);
    }
    static Json json(const Bytes& answer) { return Json::parse(answer, nullptr, false); }

    struct Page {
        std::uint64_t next = 0;
        std::uint64_t end = 0;
        std::uint32_t batches = 0;
        Bytes error;
    };
    static Page read(StreamWorld& world, Json asked) {
        if (!asked.contains("path")) asked["path"] = StreamWorld::path(0);
        const Bytes answer = ask(world, StreamMethod::Read, asked);
        if (answer.starts_with("! ")) return {0, 0, 0, answer};
        ByteReader reader(answer);
        Page page;
        page.next = reader.fixed<std::uint64_t>();
        page.end = reader.fixed<std::uint64_t>();
        page.batches = reader.fixed<std::uint32_t>();
        return page;
    }
    static Json replica(int number) {
        return Json{{"path", StreamWorld::path(0)},
                    {"replica", fmt::format("/mapr/far/s{}", number)},
                    {"cluster", "far"},
                    {"uuid", Uuid::fromRandom(77, static_cast<std::uint64_t>(number)).text()}};
    }
    static Json upstream(int number) {
        Json json = replica(number);
        json["upstream"] = json.at("replica");
        return json;
    }

private slots:
    void aStreamIsMadeShownChangedAndDropped() {
        StreamWorld world(1);
        const Json at{{"path", "/mapr/c0/fresh"}};
        QVERIFY(ask(world, StreamMethod::Describe, at).starts_with("! no stream /mapr/c0/fresh"));
        Json body = at;
        body["attributes"] = {{"ttl", "60"}, {"defaultpartitions", "3"}};
        QCOMPARE(ask(world, StreamMethod::Create, body), Bytes("{}"));
        QVERIFY(ask(world, StreamMethod::Create, body).starts_with("! /mapr/c0/fresh: File exists"));
        Json shown = json(ask(world, StreamMethod::Describe, at));
        QCOMPARE(shown.at("kind").get<std::string>(), std::string("stream"));
        QCOMPARE(shown.at("attributes").at("ttl").get<std::string>(), std::string("60"));
        QCOMPARE(shown.at("perms").at("adminperm").get<std::string>(), std::string("u:ana"));
        QVERIFY(shown.at("topicnames").empty());
        body = at;
        body["attributes"] = {{"ttl", "0"}};
        QCOMPARE(ask(world, StreamMethod::Alter, body), Bytes("{}"));
        shown = json(ask(world, StreamMethod::Describe, at));
        QCOMPARE(shown.at("attributes").at("ttl").get<std::string>(), std::string("0"));
        QCOMPARE(shown.at("attributes").at("defaultpartitions").get<std::string>(), std::string("3"));
        QVERIFY(ask(world, StreamMethod::Drop, at, "ben").starts_with("! user ben lacks adminperm"));
        QCOMPARE(ask(world, StreamMethod::Drop, at), Bytes("{}"));
        QVERIFY(ask(world, StreamMethod::Drop, at).starts_with("! no stream /mapr/c0/fresh"));
        const Json list = json(ask(world, StreamMethod::List, Json::object()));
        QCOMPARE(list.at("streams").size(), 1U);
    }
    void whatNoStreamCanBeIsRefused_data() {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArray>("refusal");
        const auto row = [](const char* name, const Json& body, const char* refusal) {
            QTest::newRow(name) << QByteArray::fromStdString(body.dump()) << QByteArray(refusal);
        };
        row("colon", {{"path", "/mapr/c0/a:b"}}, "may not contain ':'");
        row("other cluster", {{"path", "/mapr/far/a"}}, "is not a path of cluster c0");
        row("attribute", {{"path", "/mapr/c0/a"}, {"attributes", {{"colour", "red"}}}}, "no attribute 'colour'");
        row("ttl", {{"path", "/mapr/c0/a"}, {"attributes", {{"ttl", "-1"}}}}, "ttl cannot be '-1'");
        row("partitions", {{"path", "/mapr/c0/a"}, {"attributes", {{"defaultpartitions", "4097"}}}},
            "defaultpartitions cannot be '4097'");
        row("permission", {{"path", "/mapr/c0/a"}, {"perms", {{"readperm", "u:ana"}}}}, "no permission 'readperm'");
    }
    void whatNoStreamCanBeIsRefused() {
        QFETCH(QByteArray, body);
        QFETCH(QByteArray, refusal);
        StreamWorld world(1);
        const Bytes answer = ask(world, StreamMethod::Create, Json::parse(body.toStdString()));
        QVERIFY2(answer.starts_with("! ") && QByteArray::fromStdString(answer).contains(refusal), answer.c_str());
        QCOMPARE(json(ask(world, StreamMethod::List, Json::object())).at("streams").size(), 1U);
    }
    void aStreamTellsItsTopicsAndHowManyMessagesItHas() {
        StreamWorld world(1);
        (void)world.produce(0, "a", {"1", "2"});
        (void)world.produce(0, "b", {"3"});
        Bytes drop;
        appendTopic(drop, {"b", 0, TopicChange::Mode::Drop});
        (void)world.put(0, drop);
        const Json shown = json(ask(world, StreamMethod::Describe, Json{{"path", StreamWorld::path(0)}}));
        QVERIFY(shown.at("topicnames") == Json::array({"a"}));
        QCOMPARE(shown.at("stats").at("rows").get<int>(), 2);  // those of the dropped topic are gone
        const Json topics = json(ask(world, StreamMethod::Topics, Json{{"path", StreamWorld::path(0)}}));
        const Json& partition = topics.at("topics").at(0).at("partitions").at(0);
        QCOMPARE(partition.at("next").get<int>(), 2);
        QCOMPARE(partition.at("low").get<int>(), 0);
        QVERIFY(partition.at("origins") == Json::array({world.record(0).uuid.text()}));
        QVERIFY(ask(world, StreamMethod::Topics, Json{{"path", StreamWorld::path(0)}, {"topic", "b"}})
                    .starts_with("! the stream has no topic b"));
    }
    void readingBeginsAnywhereAndStopsWhereItWasAsked() {
        StreamWorld world(1);
        for (int batch = 0; batch < 10; ++batch) (void)world.produce(0, "t", {"x", "y", "z"});
        Page page = read(world, {{"topic", "t"}, {"offset", 4}, {"messages", 1}});
        QCOMPARE(page.batches, 1U);  // the one that holds it
        QCOMPARE(page.next, 6U);
        QCOMPARE(page.end, 30U);
        page = read(world, {{"topic", "t"}, {"offset", 4}, {"messages", 3}});
        QCOMPARE(page.batches, 2U);
        page = read(world, {{"topic", "t"}, {"offset", 0}, {"messages", 1'000}, {"bytes", 1}});
        QCOMPARE(page.batches, 1U);  // one, however small the answer should be
        page = read(world, {{"topic", "t"}, {"offset", 500}});
        QCOMPARE(page.batches, 0U);
        QCOMPARE(page.next, 500U);
        QVERIFY(read(world, {{"topic", "none"}}).error.starts_with("! the stream has no topic none"));
        QVERIFY(read(world, {{"topic", "t"}, {"partition", 7}})
                    .error.starts_with("! topic t has no partition 7: it has 1"));
        QVERIFY(ask(world, StreamMethod::Read, Json{{"path", StreamWorld::path(0)}, {"topic", "t"}}, "ben")
                    .starts_with("! user ben lacks consumeperm"));
    }
    void aReaderWaitsForWhatComesAndNoLongerThanItSaid() {
        StreamWorld world(1);
        (void)world.produce(0, "t", {"a"});
        ControlRequests requests;
        streamsOf(world.node(0)).addRequests(requests);
        std::optional<Result<Bytes>> answer;
        const Json asked{{"path", StreamWorld::path(0)}, {"topic", "t"}, {"offset", 1}, {"waitms", 5'000}};
        requests.find(StreamMethod::Read.number)
            ->handler({world.node(0), 0, "ana", asked.dump(),
                       [&answer](Result<Bytes> given) { answer.emplace(std::move(given)); }});
        world.pass(1'000);
        QVERIFY(!answer);
        (void)world.produce(0, "t", {"b"});
        QVERIFY(world.run(200, [&] { return answer.has_value(); }));
        QVERIFY_OK(*answer);
        ByteReader reader(answer->value());
        QCOMPARE(reader.fixed<std::uint64_t>(), 2U);
        answer.reset();
        Json further = asked;
        further["offset"] = 2;
        requests.find(StreamMethod::Read.number)
            ->handler({world.node(0), 0, "ana", further.dump(),
                       [&answer](Result<Bytes> given) { answer.emplace(std::move(given)); }});
        world.pass(4'900);
        QVERIFY(!answer);
        QVERIFY(world.run(300, [&] { return answer.has_value(); }));
        QVERIFY_OK(*answer);
    }
    void cursorsAreListedWithHowFarTheirPartitionIs() {
        StreamWorld world(1);
        (void)world.produce(0, "t", {"a", "b", "c"});
        (void)world.put(0, StreamWorld::cursor("g", "t", 2));
        const Json cursors =
            json(ask(world, StreamMethod::Cursors, Json{{"path", StreamWorld::path(0)}})).at("cursors");
        QCOMPARE(cursors.size(), 1U);
        QCOMPARE(cursors[0].at("group").get<std::string>(), std::string("g"));
        QCOMPARE(cursors[0].at("offset").get<int>(), 2);
        QCOMPARE(cursors[0].at("next").get<int>(), 3);
        Bytes gone;
        appendCursor(gone, {"g", "t", 0, std::nullopt, 0});
        (void)world.put(0, gone);
        QVERIFY(json(ask(world, StreamMethod::Cursors, Json{{"path", StreamWorld::path(0)}})).at("cursors").empty());
    }
    void replicasAreRecordedPausedChangedAndRemoved() {
        StreamWorld world(1);
        QCOMPARE(ask(world, StreamMethod::AddReplica, replica(1)), Bytes("{}"));
        QVERIFY(ask(world, StreamMethod::AddReplica, replica(1)).starts_with("! /mapr/far/s1 is a replica of"));
        QVERIFY(ask(world, StreamMethod::AddReplica, replica(2), "ben").starts_with("! user ben lacks adminperm"));
        Json encrypted = replica(2);
        encrypted["networkencryption"] = true;
        QVERIFY(ask(world, StreamMethod::AddReplica, encrypted).starts_with("! networkencryption needs certificates"));
        Json pause = replica(1);
        pause["paused"] = true;
        QCOMPARE(ask(world, StreamMethod::PauseReplica, pause), Bytes("{}"));
        Json edit = replica(1);
        edit["throttle"] = true;
        edit["newreplica"] = "/mapr/far/moved";
        edit["newuuid"] = edit.at("uuid");
        QCOMPARE(ask(world, StreamMethod::AlterReplica, edit), Bytes("{}"));
        edit = replica(1);
        edit["replica"] = "/mapr/far/moved";
        edit["newreplica"] = "/mapr/far/other";
        edit["newuuid"] = Uuid::fromRandom(1, 1).text();
        QVERIFY(ask(world, StreamMethod::AlterReplica, edit).starts_with("! /mapr/far/other is another stream"));
        const Json listed = json(ask(world, StreamMethod::ListReplicas, Json{{"path", StreamWorld::path(0)}}));
        QCOMPARE(listed.at("replicas").size(), 1U);
        QCOMPARE(listed.at("replicas")[0].at("path").get<std::string>(), std::string("/mapr/far/moved"));
        QVERIFY(listed.at("replicas")[0].at("paused").get<bool>() &&
                listed.at("replicas")[0].at("throttle").get<bool>());
        QVERIFY(ask(world, StreamMethod::RemoveReplica, replica(1)).starts_with("! /mapr/far/s1 is not a replica of"));
        Json gone = replica(1);
        gone["replica"] = "/mapr/far/moved";
        QCOMPARE(ask(world, StreamMethod::RemoveReplica, gone), Bytes("{}"));
        Json itself = replica(1);
        itself["uuid"] = world.record(0).uuid.text();
        QVERIFY(
            ask(world, StreamMethod::AddReplica, itself).starts_with("! stream /mapr/c0/activity cannot be its own"));
    }
    void upstreamsAreRecordedAndRemoved() {
        StreamWorld world(1);
        QCOMPARE(ask(world, StreamMethod::AddUpstream, upstream(1)), Bytes("{}"));
        QVERIFY(ask(world, StreamMethod::AddUpstream, upstream(1)).starts_with("! /mapr/far/s1 is an upstream of"));
        const Json listed = json(ask(world, StreamMethod::ListUpstreams, Json{{"path", StreamWorld::path(0)}}));
        QCOMPARE(listed.at("upstreams").size(), 1U);
        QCOMPARE(ask(world, StreamMethod::RemoveUpstream, upstream(1)), Bytes("{}"));
        QVERIFY(ask(world, StreamMethod::RemoveUpstream, upstream(1)).starts_with("! /mapr/far/s1 is not an upstream"));
    }
    void theSixtyFifthOfBothIsRefusedByName() {
        StreamWorld world(1);
        for (int i = 0; i < 64; ++i) {
            QCOMPARE(ask(world, StreamMethod::AddReplica, replica(i)), Bytes("{}"));
            QCOMPARE(ask(world, StreamMethod::AddUpstream, upstream(i)), Bytes("{}"));
        }
        const Bytes replicas = ask(world, StreamMethod::AddReplica, replica(64));
        QVERIFY2(replicas.starts_with("! stream /mapr/c0/activity has 64 replicas, which is the most"),
                 replicas.c_str());
        const Bytes upstreams = ask(world, StreamMethod::AddUpstream, upstream(64));
        QVERIFY2(upstreams.starts_with("! stream /mapr/c0/activity has 64 upstreams, which is the most"),
                 upstreams.c_str());
    }
};
TRIBUTARY_TEST(StreamRequestsTest)
#include "tst_streamrequests.moc"
