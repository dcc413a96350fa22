// Filters of links by fields.
#include "engine/systems/maprdb/jsontables/documentprojections.h"

#include "documentsides.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::maprdb;
using tributary::test::DocumentSide;
using tributary::test::Requests;

namespace {

/// What a filtered link brings of a document that was written whole.
std::string through(const std::string& projection, const std::string& json) {
    DocumentSide here;
    const auto decision = here.decide(Requests().replace("a", json).body(), stampFromMs(1'000));
    const auto left = fieldProjections().make(projection).value()->apply(*decision->body).value();
    if (!left) return "nothing";
    DocumentSide there;
    there.take(left->body);
    return there.shown("a");
}

}  // namespace

class TestDocumentProjections : public QObject {
    Q_OBJECT
private slots:
    void letsThroughTheFieldsOnly() {
        const std::string document = R"({"a":{"b":1,"c":2},"d":3})";
        QCOMPARE(through("", document), std::string(R"({"a":{"b":1,"c":2},"d":3})"));
        QCOMPARE(through("+a", document), std::string(R"({"a":{"b":1,"c":2}})"));
        QCOMPARE(through("+a.b", document), std::string(R"({"a":{"b":1}})"));
        QCOMPARE(through("+,-a", document), std::string(R"({"d":3})"));
    }
    void intersectsFiltersInARow() {
        const auto& order = fieldProjections();
        QCOMPARE(order.intersection("+a", "+a.b").value().value(), std::string("+a.b"));
        QCOMPARE(order.intersection("", "+a.b").value().value(), std::string("+a.b"));
        QCOMPARE(order.intersection("", "").value().value(), std::string());
        QVERIFY(!order.intersection("+a", "+b").value());
        QVERIFY(!order.intersection("a", "+b"));
    }
    void knowsWhatIsWider() {
        const auto& order = fieldProjections();
        QVERIFY(order.covers("", "+a") && order.covers("+a", "+a.b") && order.covers("+a,+b", "+b"));
        QVERIFY(!order.covers("+a", "") && !order.covers("+a.b", "+a") && !order.covers("+,-a", "+a.b"));
    }
    void takesOneSpellingOnly() {
        const auto& order = fieldProjections();
        for (const char* good : {"", "+a", "+,-a", "+a,-a.b"}) QVERIFY2(order.check(good), good);
        for (const char* bad : {"a", "+", "+b,+a", "+a,+a.b", "-a", "+a[1]", ","}) QVERIFY2(!order.check(bad), bad);
    }
};

TRIBUTARY_TEST(TestDocumentProjections)
#include "tst_documentprojections.moc"
