// Bodies of JSON tables: what is read, what is refused, and damaged bytes.
#include "engine/systems/maprdb/jsontables/documentbody.h"

#include "documentsides.h"
#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::maprdb;
using tributary::test::DocumentSide;
using tributary::test::Requests;

class TestDocumentBody : public QObject {
    Q_OBJECT
private slots:
    void idsAreKeysAndBack() {
        const auto text = json::Value::string("user \xc3\xa9");
        const auto binary = json::Value::binary(Bytes("\0\xff", 2));
        QVERIFY(idOfKey(keyOfId(text).value()).value() == text);
        QVERIFY(idOfKey(keyOfId(binary).value()).value() == binary);
        QVERIFY(keyOfId(json::Value::string("z")).value() < keyOfId(json::Value::binary("a")).value());
        QCOMPARE(keyOfId(json::Value::boolean(true)).error().what,
                 std::string("the _id of a document is a string or a binary, not a boolean"));
        QVERIFY(!keyOfId(json::Value::string("")) && !keyOfId(json::Value::string(std::string(1U << 20U, 'k'))));
        for (const BytesView key : {BytesView(), BytesView("\xff"), BytesView("s\xff")}) {
            QVERIFY(!idOfKey(key));
        }
    }
    void readsRequests() {
        const auto requests = parseRequests(Requests()
                                                .replace("a", R"({"n":1})", R"({"$exists":"n"})")
                                                .update("b", R"({"$set":{"n":1}})")
                                                .remove("c")
                                                .body());
        QVERIFY(requests && requests->size() == 3);
        QVERIFY((*requests)[0].condition && !(*requests)[1].condition && (*requests)[1].mutation);
        QVERIFY((*requests)[2].op == DocumentOp::Delete);
    }
    void refusesRequestsThatAreNone() {
        Bytes withId = newBody(BodyKind::Requests);
        appendRequest(withId, test::keyOfText("a"), DocumentOp::Replace,
                      json::encodeValue(json::parseDocument(R"({"_id":"b"})").value()), {});
        QVERIFY(!parseRequests(withId));
        Bytes noMap = newBody(BodyKind::Requests);
        appendRequest(noMap, test::keyOfText("a"), DocumentOp::Replace, json::encodeValue(json::Value()), {});
        QVERIFY(!parseRequests(noMap));
        Bytes content = newBody(BodyKind::Requests);
        appendRequest(content, test::keyOfText("a"), DocumentOp::Delete, "x", {});
        QVERIFY(!parseRequests(content));
        Bytes noOp = newBody(BodyKind::Requests);
        appendRequest(noOp, test::keyOfText("a"), static_cast<DocumentOp>(9), {}, {});
        QVERIFY(!parseRequests(noOp));
        QVERIFY(!parseRequests(newBody(BodyKind::Requests)) && !parseRequests(newBody(BodyKind::Documents)));
        QVERIFY(!parseRequests(Requests().update("a", R"({"$set":{"_id":1}})").body()));
        QVERIFY(!parseRequests(Requests().remove("a", R"({"$no":{}})").body()));
    }
    void countsDocumentsAndFindsTheNewest() {
        DocumentSide side;
        const auto decision = side.decide(Requests().replace("a", "{}").replace("b", "{}").body(), stampFromMs(5'000));
        QCOMPARE(countDocuments(*decision->body).value().operations, 2U);
        QCOMPARE(newestArrival(*decision->body), stampFromMs(5'000));
        QCOMPARE(countDocuments(newBody(BodyKind::Documents)).value().operations, 0U);
        QVERIFY(!countDocuments({}) && !countDocuments(Requests().remove("a").body()));
    }
    /// Nothing but what is written is read, and nothing is read past the end.
    void fuzzedBodiesAreReadOrRefused() {
        DocumentSide side;
        const auto decision =
            side.decide(Requests().replace("a", R"({"n":1,"m":{"x":[1,"t"]}})").replace("b", R"({"y":null})").body(),
                        stampFromMs(5'000));
        const Bytes requests =
            Requests().replace("a", R"({"n":1})", R"({"$exists":"n"})").update("b", R"({"$set":{"n":1}})").body();
        test::Mutator dice(20'261'127);
        int refused = 0;
        for (int i = 0; i < 20'000; ++i) {
            const Bytes documents = dice.damaged(*decision->body);
            if (const auto count = countDocuments(documents); !count) ++refused;
            (void)parseRequests(dice.damaged(requests));
        }
        QVERIFY(refused > 10'000);
    }
};

TRIBUTARY_TEST(TestDocumentBody)
#include "tst_documentbody.moc"
