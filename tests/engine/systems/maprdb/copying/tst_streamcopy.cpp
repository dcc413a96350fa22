// A stream's copy without a network: what it asks, in which order answers may come, what a token keeps, damaged
// answers.
#include "engine/systems/maprdb/copying/streamcopy.h"

#include <QTest>
#include <deque>

#include "engine/catalog/edges.h"
#include "engine/systems/maprdb/streams/streamapi.h"
#include "engine/systems/maprdb/streams/streambody.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;

class StreamCopyTest : public QObject {
    Q_OBJECT

    static constexpr std::uint64_t kMessages = 40;
    static constexpr std::uint64_t kPerRead = 10;

    /// A source of one topic with two partitions, of which the second begins at 20.
    static Bytes answerOf(const CopyCall& call) {
        const Method method{call.method};
        if (method == StreamMethod::Topics) {
            return Json{{"topics",
                         {{{"topic", "t"},
                           {"partitions",
                            {{{"partition", 0}, {"low", 0}, {"next", kMessages}},
                             {{"partition", 1}, {"low", 20}, {"next", kMessages}}}}}}}}
                .dump();
        }
        if (method == StreamMethod::Cursors) {
            return Json{{"cursors", {{{"group", "g"}, {"topic", "t"}, {"partition", 0}, {"offset", 3}, {"stamp", 9}}}}}
                .dump();
        }
        if (method == StreamMethod::Put) return Bytes("[]");
        const Json ask = Json::parse(call.body);
        const auto first = ask.at("offset").get<std::uint64_t>();
        Bytes messages;
        for (std::uint64_t i = 0; i < kPerRead; ++i) appendMessage(messages, {{}, "v", 0, {}});
        const Bytes batch = encodeBatch(
            {1, Uuid::fromRandom(1, 2), "t", ask.at("partition").get<std::uint32_t>(), 2, first, kPerRead, messages});
        Bytes out;
        appendFixed<std::uint64_t>(out, first + kPerRead);
        appendFixed<std::uint64_t>(out, kMessages);
        appendFixed<std::uint32_t>(out, 1);
        appendBlob(out, batch);
        return out;
    }
    static bool isPut(const CopyCall& call) { return Method{call.method} == StreamMethod::Put; }

private slots:
    void asksTopicsMessagesCursorsInThisOrder() {
        StreamCopyWork work({"/mapr/a/s", "/mapr/b/s"});
        std::deque<CopyCall> open;
        std::vector<std::uint16_t> methods;
        while (!work.done()) {
            while (auto call = work.next()) {
                methods.push_back(call->method);
                open.push_back(std::move(*call));
            }
            QVERIFY(!open.empty());
            const CopyCall call = std::move(open.front());
            open.pop_front();
            QVERIFY_OK(work.answered(call.id, answerOf(call)));
        }
        QCOMPARE(methods.front(), static_cast<std::uint16_t>(StreamMethod::Topics));
        QCOMPARE(methods[methods.size() - 2], static_cast<std::uint16_t>(StreamMethod::Cursors));
        QCOMPARE(work.figures().items, 60U);
        QCOMPARE(work.figures().itemsExpected, 60U);
        QCOMPARE(work.topics(), 1U);
    }

    void theTokenKeepsWhatIsAcknowledgedWithoutAGap() {
        StreamCopyWork work({"/mapr/a/s", "/mapr/b/s"});
        std::vector<CopyCall> puts;
        while (puts.size() < 3) {
            const auto call = work.next();
            QVERIFY(call.has_value());
            const bool message = isPut(*call) && call->body.size() > 40;
            if (message) {
                puts.push_back(*call);
            } else {
                QVERIFY_OK(work.answered(call->id, answerOf(*call)));
            }
        }
        QVERIFY_OK(work.answered(puts[1].id, Bytes("[]")));
        QCOMPARE(work.token()["offsets"]["t"][0].get<int>(), 0);
        QVERIFY_OK(work.answered(puts[0].id, Bytes("[]")));
        QCOMPARE(work.token()["offsets"]["t"][0].get<int>(), 20);
        // Another work goes on there, and counts what was before it.
        StreamCopyWork next({"/mapr/a/s", "/mapr/b/s"}, work.token());
        std::uint64_t first = UINT64_MAX;
        while (first == UINT64_MAX) {
            const auto call = next.next();
            QVERIFY(call.has_value());
            if (Method{call->method} == StreamMethod::Read) first = Json::parse(call->body).at("offset");
            QVERIFY_OK(next.answered(call->id, answerOf(*call)));
        }
        QCOMPARE(first, 20U);
        QCOMPARE(next.figures().itemsBefore, 20U);
        QCOMPARE(next.figures().percent(), 33);
    }

    void aTopicThatGoesAwayIsLeftOut() {
        StreamCopyWork work({"/mapr/a/s", "/mapr/b/s"});
        while (!work.done()) {
            const auto call = work.next();
            QVERIFY(call.has_value());
            if (Method{call->method} == StreamMethod::Read) {
                QVERIFY_OK(work.answered(call->id, Error{ErrorCode::NotFound, "no topic t", "-topic", {}}));
            } else {
                QVERIFY_OK(work.answered(call->id, answerOf(*call)));
            }
        }
        QCOMPARE(work.figures().items, 0U);
    }

    void damagedAnswersFailAndDoNotHarm() {
        for (const Method wanted : {StreamMethod::Topics, StreamMethod::Read, StreamMethod::Cursors}) {
            for (std::uint32_t seed = 0; seed < 300; ++seed) {
                StreamCopyWork work({"/mapr/a/s", "/mapr/b/s"});
                bool failed = false;
                for (int turns = 0; !work.done() && !failed && turns < 500; ++turns) {
                    const auto call = work.next();
                    if (!call) break;
                    Bytes answer = answerOf(*call);
                    if (Method{call->method} == wanted && !answer.empty()) {
                        const std::size_t at = (seed * 2'654'435'761U) % answer.size();
                        if (seed % 3 == 0) answer.resize(at);
                        if (seed % 3 != 0)
                            answer[at] = static_cast<char>(answer[at] ^ static_cast<char>(1 + seed % 255));
                    }
                    failed = !work.answered(call->id, std::move(answer)).ok();
                }
                QVERIFY(work.figures().items <= 10'000'000U);
            }
        }
    }
};
TRIBUTARY_TEST(StreamCopyTest)
#include "tst_streamcopy.moc"
