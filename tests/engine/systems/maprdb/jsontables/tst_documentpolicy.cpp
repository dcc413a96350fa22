// Deciding about documents: conditions, increments, batches; and sides that converge.
#include <algorithm>
#include <random>

#include "documentsides.h"
#include "testmain.h"
#include "tests/engine/tarantool/fuzzing.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::maprdb;
using tributary::test::DocumentSide;
using tributary::test::fuzzRounds;
using tributary::test::Requests;

namespace {

constexpr Stamp at(Millis ms) {
    return stampFromMs(ms);
}

std::string whatOf(const Result<Decision>& decision) {
    return decision && decision->reason ? decision->reason->what : std::string();
}

}  // namespace

class TestDocumentPolicy : public QObject {
    Q_OBJECT
private slots:
    void logsResultsAndNoOperations() {
        DocumentSide here;
        QVERIFY(here.decide(Requests().replace("a", R"({"n":{"$numberLong":5}})").body(), at(1'000)));
        const auto decision = here.decide(Requests().update("a", R"({"$increment":{"n":2}})").body(), at(1'001));
        QVERIFY(decision && decision->body && decision->effect.empty());
        DocumentSide there;
        there.take(*decision->body);
        there.take(*decision->body);  // twice adds nothing
        QCOMPARE(there.shown("a"), std::string(R"({"n":{"$numberLong":7}})"));
        QCOMPARE(decision->reply, Bytes(1, '\0'));
    }
    void conditionDecidesBeforeTheLog() {
        DocumentSide here;
        QVERIFY(here.decide(Requests().replace("a", R"({"n":1})").body(), at(1'000)));
        const std::string isOne = R"({"$eq":{"n":1}})";
        const auto first = here.decide(Requests().update("a", R"({"$set":{"n":2}})", isOne).body(), at(1'001));
        QVERIFY(first && first->verdict == Verdict::Apply);
        const auto second = here.decide(Requests().update("a", R"({"$set":{"n":3}})", isOne).body(), at(1'002));
        QVERIFY(second && second->verdict == Verdict::Stop && !second->body);
        QCOMPARE(whatOf(second), std::string("the condition does not hold for the document \"a\""));
        QCOMPARE(here.shown("a"), std::string(R"({"n":2})"));
    }
    void conditionOnAMissingDocumentIsOneOnAnEmptyOne() {
        DocumentSide here;
        const std::string absent = R"({"$notexists":"n"})";
        QVERIFY(here.decide(Requests().replace("a", R"({"n":1})", absent).body(), at(1'000))->body);
        QVERIFY(!here.decide(Requests().replace("a", R"({"n":2})", absent).body(), at(1'001))->body);
        QVERIFY(here.decide(Requests().remove("b", R"({"$eq":{"_id":"b"}})").body(), at(1'002))->body);
    }
    void aLaterRequestOfABodySeesTheOnesBefore() {
        DocumentSide here;
        const auto decision = here.decide(Requests()
                                              .update("a", R"({"$increment":{"n":1}})")
                                              .update("a", R"({"$increment":{"n":1}})", R"({"$eq":{"n":7}})")
                                              .update("a", R"({"$increment":{"n":1}})")
                                              .body(),
                                          at(1'000));
        QVERIFY(decision && decision->body);
        QCOMPARE(decision->reply, Bytes("\0\1\0", 3));
        QCOMPARE(here.shown("a"), std::string(R"({"n":2})"));
        QCOMPARE(here.looks, 1);
    }
    void aDeleteAndAWriteOfOneMillisecondKeepTheirOrder() {
        DocumentSide here;
        QVERIFY(here.decide(Requests().replace("a", R"({"n":1})").body(), at(1'000)));
        QVERIFY(here.decide(Requests().remove("a").body(), at(1'000) + 1));
        QCOMPARE(here.shown("a"), std::string());
        QVERIFY(here.decide(Requests().replace("a", R"({"n":2})").body(), at(1'000) + 2));
        QCOMPARE(here.shown("a"), std::string(R"({"n":2})"));
    }
    void refusesWhatDoesNotFit() {
        DocumentSide here;
        QVERIFY(here.decide(Requests().replace("a", R"({"n":{"$numberByte":127},"t":"x"})").body(), at(1'000)));
        const auto tooLarge = here.decide(Requests().update("a", R"({"$increment":{"n":1}})").body(), at(1'001));
        QCOMPARE(whatOf(tooLarge), std::string("document \"a\": the sum is outside of the range of the type byte"));
        const auto ofText = here.decide(Requests().update("a", R"({"$increment":{"t":1}})").body(), at(1'002));
        QVERIFY(ofText && ofText->verdict == Verdict::Stop && ofText->reason->code == ErrorCode::Conflict);
        QCOMPARE(here.shown("a"), std::string(R"({"n":{"$numberByte":127},"t":"x"})"));
    }
    void takesWhatLinksAndCopiesBringWithoutALook() {
        DocumentSide here;
        DocumentSide there;
        const auto written = here.decide(Requests().replace("a", R"({"n":1})").body(), at(1'000));
        const auto brought = there.decide(*written->body, at(1'000));
        QVERIFY(brought && brought->verdict == Verdict::Apply && !brought->body && brought->effect.empty());
        QCOMPARE(there.looks, 0);
    }
    /// Two sides write at the same time, with clocks that stand still, run ahead and fall behind; what they log comes
    /// late, twice and in any order.
    void twoSidesConvergeInRandomHistories() {
        std::mt19937 random(20'260'727);
        const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
        const char* const paths[] = {"x", "y", "y.a", "y.b", "y.a.c"};
        const char* const values[] = {"1", "\"t\"", "{}", R"({"a":2})", R"({"a":{"c":3},"b":4})", "[1,2]", "null"};
        int decided = 0;
        const int histories = fuzzRounds(1'000);
        for (int history = 0; history < histories; ++history) {
            DocumentSide sides[2];
            std::vector<Bytes> logged[2];
            Stamp clocks[2] = {at(1'000), at(1'000 + below(3))};
            for (int write = 0; write < 8; ++write) {
                const unsigned side = below(2);
                clocks[side] += below(3) == 0 ? at(1) : 1;
                Requests requests;
                const std::string id = below(4) == 0 ? "b" : "a";
                const std::string path = paths[below(5)];
                const std::string value = values[below(7)];
                switch (below(6)) {
                    case 0: requests.replace(id, "{\"x\":1,\"y\":" + value + "}"); break;
                    case 1: requests.remove(id); break;
                    case 2: requests.update(id, "{\"$delete\":\"" + path + "\"}"); break;
                    case 3: requests.update(id, "{\"$increment\":\"" + path + "\"}"); break;
                    default: requests.update(id, "{\"$put\":{\"" + path + "\":" + value + "}}"); break;
                }
                const auto decision = sides[side].decide(requests.body(), clocks[side]);
                QVERIFY(decision);
                if (decision->body) {
                    logged[side].push_back(*decision->body);
                    ++decided;
                }
                // Some of it arrives now, out of order; all of it arrives in the end.
                if (!logged[1 - side].empty() && below(3) == 0) {
                    sides[side].take(logged[1 - side][below(static_cast<unsigned>(logged[1 - side].size()))]);
                }
            }
            for (int side = 0; side < 2; ++side) {
                std::shuffle(logged[1 - side].begin(), logged[1 - side].end(), random);
                for (const Bytes& body : logged[1 - side]) sides[side].take(body);
            }
            QVERIFY2(sides[0].rows == sides[1].rows, qPrintable(QStringLiteral("history %1: %2 and %3")
                                                                    .arg(history)
                                                                    .arg(QString::fromStdString(sides[0].shown("a")))
                                                                    .arg(QString::fromStdString(sides[1].shown("a")))));
        }
        QVERIFY(decided > histories * 6);
    }
};

TRIBUTARY_TEST(TestDocumentPolicy)
#include "tst_documentpolicy.moc"
