// Conditions: the vendor's examples, every operator over types and missing fields, errors, and damaged texts.
#include "engine/systems/maprdb/json/condition.h"

#include "jsonsamples.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::maprdb::json;
using namespace tributary::test;

class TestCondition : public QObject {
    Q_OBJECT
private slots:
    /// The documents of the vendor's page "OJAI Query Condition Examples"; answers are their numbers.
    void findsWhatThePageFinds_data() {
        QTest::addColumn<QString>("condition");
        QTest::addColumn<QString>("found");
        const auto row = [](const char* condition, const char* found) {
            QTest::newRow(condition) << condition << found;
        };
        row("{}", "12345678");
        row("{\"$exists\":\"tags.v\"}", "8");
        row("{\"$eq\":{\"tags\":10}}", "3");
        row("{\"$eq\":{\"tags.t\":\"ipod\"}}", "58");
        row("{\"$eq\":{\"tags\":{\"t\":\"ipod\"}}}", "5");
        row("{\"$eq\":{\"tags\":{\"v\":10,\"t\":\"ipod\"}}}", "8");
        row("{\"$eq\":{\"tags\":[\"electronics\",\"ipod\",\"apple\"]}}", "1");
        row("{\"$eq\":{\"tags\":[\"ipod\",\"electronics\",\"apple\"]}}", "");
        row("{\"$eq\":{\"tags[]\":\"ipod\"}}", "124");
        row("{\"$eq\":{\"tags[].t\":\"ipod\"}}", "45678");
        row("{\"$eq\":{\"tags[1]\":\"ipod\"}}", "14");
        row("{\"$exists\":\"tags[0].v\"}", "7");
        row("{\"$notexists\":\"tags[].t\"}", "123");
        row("{\"$gt\":{\"tags[].v\":9}}", "78");
        row("{\"$typeof\":{\"tags\":\"array\"}}", "1467");
        row("{\"$sizeof\":{\"tags\":{\"$ge\":3}}}", "124");
        row("{\"$in\":{\"tags\":[\"ipod\",{\"$numberLong\":10},[1]]}}", "23");
        row("{\"$and\":[{\"$typeOf\":{\"tags\":\"map\"}},{\"$not\":{\"$exists\":\"tags.v\"}}]}", "5");
        row("{\"$or\":[{\"$lt\":{\"tags\":11}},{\"$like\":{\"tags\":\"i%\"}}]}", "23");
        row("{\"$matches\":{\"name\":\"00[1-3]$\"}}", "123");
        row("{\"$notmatches\":{\"name\":\"00[1-3]$\"}}", "45678");
        row("{\"$like\":{\"name\":\"_pod 00_\"}}", "12345678");
        row("{\"$between\":{\"_id\":[\"002\",\"004\"]}}", "234");
    }
    void findsWhatThePageFinds() {
        QFETCH(QString, condition);
        QFETCH(QString, found);
        const auto made = Condition::parse(condition.toStdString());
        QVERIFY_OK(made);
        const char* tags[] = {"[\"electronics\",\"ipod\",\"apple\"]",
                              "\"ipod\"",
                              "10",
                              "[10,\"ipod\",{\"t\":\"ipod\"}]",
                              "{\"t\":\"ipod\"}",
                              "[{\"t\":\"ipod\"},{\"t\":\"apple\"}]",
                              "[{\"t\":\"ipod\",\"v\":10},{\"t\":\"apple\",\"v\":9}]",
                              "{\"t\":\"ipod\",\"v\":10}"};
        QString seen;
        for (int i = 1; i <= 8; ++i) {
            Value document = Value::map();
            const std::string id = "00" + std::to_string(i);
            document.set("_id", Value::string(id));
            document.set("name", Value::string("Ipod " + id));
            document.set("tags", parsed(tags[i - 1]));
            if (made->holds(document)) seen += QString::number(i);
        }
        QCOMPARE(seen, found);
    }
    void comparesOverTypes_data() {
        QTest::addColumn<QString>("condition");
        QTest::addColumn<bool>("holds");
        const auto row = [](const char* condition, bool holds) { QTest::newRow(condition) << condition << holds; };
        row("{\"$eq\":{\"n\":5}}", true);
        row("{\"$eq\":{\"n\":{\"$decimal\":\"5.0\"}}}", true);
        row("{\"$ne\":{\"n\":5}}", false);
        row("{\"$lt\":{\"n\":{\"$numberFloat\":5.5}}}", true);
        row("{\"$le\":{\"n\":{\"$numberByte\":5}}}", true);
        row("{\"$ge\":{\"n\":6}}", false);
        row("{\"$eq\":{\"n\":\"5\"}}", false);
        row("{\"$ne\":{\"n\":\"5\"}}", true);
        row("{\"$lt\":{\"n\":\"9\"}}", false);
        row("{\"$ge\":{\"n\":\"9\"}}", false);
        row("{\"$eq\":{\"gone\":null}}", false);
        row("{\"$eq\":{\"nil\":null}}", true);
        row("{\"$exists\":\"nil\"}", true);
        row("{\"$ne\":{\"gone\":1}}", true);
        row("{\"$notin\":{\"gone\":[1]}}", true);
        row("{\"$in\":{\"n\":[]}}", false);
        row("{\"$gt\":{\"day\":{\"$dateDay\":\"2025-12-31\"}}}", true);
        row("{\"$gt\":{\"day\":{\"$date\":\"2025-12-31T00:00:00Z\"}}}", false);
        row("{\"$between\":{\"n\":[5,5]}}", true);
        row("{\"$between\":{\"n\":[6,4]}}", false);
        row("{\"$typeof\":{\"n\":\"LONG\"}}", true);
        row("{\"$nottypeof\":{\"n\":\"int\"}}", true);
        row("{\"$like\":{\"n\":\"%\"}}", false);
        row("{\"$notlike\":{\"n\":\"%\"}}", true);
        row("{\"$like\":{\"rate\":[\"100!%\",\"!\"]}}", true);
        row("{\"$sizeof\":{\"rate\":{\"$eq\":4}}}", true);
        row("{\"$sizeof\":{\"n\":{\"$ne\":4}}}", false);
        row("{\"$eq\":{\"\\\"dotted.name\\\"\":1}}", true);
        row("{\"$not\":{\"$not\":{\"$exists\":\"n\"}}}", true);
    }
    void comparesOverTypes() {
        QFETCH(QString, condition);
        QFETCH(bool, holds);
        const Value document = parsed(
            "{\"n\":{\"$numberLong\":5},\"nil\":null,\"day\":{\"$dateDay\":\"2026-01-01\"},"
            "\"rate\":\"100%\",\"dotted.name\":1}");
        const auto made = Condition::parse(condition.toStdString());
        QVERIFY_OK(made);
        QCOMPARE(made->holds(document), holds);
    }
    void saysWhatItCannotRead_data() {
        QTest::addColumn<QString>("condition");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("what");
        const auto row = [](const char* condition, const char* where, const char* what) {
            QTest::newRow(condition) << condition << where << what;
        };
        row("[", "line 1, column 2, field [0]", "value is due");
        row("5", "condition", "an operator in { } is due");
        row("{\"$eq\":{\"a\":1},\"$gt\":{\"b\":1}}", "condition", "side by side: join them by $and");
        row("{\"eq\":{\"a\":1}}", "condition", "'eq' is no operator");
        row("{\"$eq\":{\"a\":1,\"b\":1}}", "$eq", "one field path with a value is due");
        row("{\"$eq\":{\"a..b\":1}}", "$eq, column 3", "a name is missing");
        row("{\"$and\":[]}", "$and", "a list of conditions");
        row("{\"$and\":[{\"$or\":[{\"$lt\":{\"a\":[]}}]}]}", "$lt", "maps and arrays have no order");
        row("{\"$exists\":1}", "$exists", "a field path in quotes is due");
        row("{\"$in\":{\"a\":1}}", "$in", "a list of values");
        row("{\"$between\":{\"a\":[1]}}", "$between", "two values");
        row("{\"$typeof\":{\"a\":\"number\"}}", "$typeof", "the name of a type is due");
        row("{\"$sizeof\":{\"a\":3}}", "$sizeof", "a comparison with a number is due");
        row("{\"$like\":{\"a\":5}}", "$like", "a pattern in quotes is due");
        row("{\"$like\":{\"a\":[\"a\",\"ab\"]}}", "$like", "one ASCII character");
        row("{\"$matches\":{\"a\":\"(\"}}", "$matches, character 2", "a ( is not closed");
        row("{\"$elementAnd\":{\"a[]\":[]}}", "$elementand", "$elementAnd is not known here");
    }
    void saysWhatItCannotRead() {
        QFETCH(QString, condition);
        QFETCH(QString, where);
        QFETCH(QString, what);
        const auto made = Condition::parse(condition.toStdString());
        QVERIFY(!made);
        QCOMPARE(QString::fromStdString(made.error().where), where);
        QVERIFY2(made.error().what.find(what.toStdString()) != std::string::npos, made.error().what.c_str());
    }
    void offersTheOperatorThatWasMeant() {
        QCOMPARE(Condition::parse("{\"$eqq\":{\"a\":1}}").error().fix, std::string("did you mean $eq?"));
    }
    void namesThePathsThatItReads() {
        const auto made = Condition::parse("{\"$or\":[{\"$eq\":{\"a.b\":1}},{\"$not\":{\"$exists\":\"c[]\"}}]}");
        const auto paths = made->paths();
        QCOMPARE(paths.size(), std::size_t{2});
        QCOMPARE(paths[0].text() + " " + paths[1].text(), std::string("a.b c[]"));
    }
    void holdsToItsLimit() {
        std::string many = "{\"$or\":[{\"$exists\":\"a\"}";
        for (int i = 0; i < 1'000; ++i) many += ",{\"$exists\":\"a\"}";
        QVERIFY(!Condition::parse(many + "]}"));
    }
    void standsAnyDamage() {
        Mutator mutator(91);
        const Bytes good =
            "{\"$and\":[{\"$eq\":{\"a.b[0]\":{\"$numberInt\":1}}},{\"$or\":[{\"$in\":{\"c[]\":[1,\"x\"]}},"
            "{\"$like\":{\"d\":[\"x%\",\"!\"]}},{\"$not\":{\"$typeof\":{\"e\":\"map\"}}}]},{\"$between\":{\"f\":[1,2]}}"
            "]}";
        const Value document = parsed("{\"a\":{\"b\":[1]},\"c\":[\"x\"],\"d\":\"xy\",\"e\":{},\"f\":1.5}");
        int made = 0;
        for (int i = 0; i < fuzzRounds(3'000); ++i) {
            const auto condition = Condition::parse(mutator.damaged(good));
            if (!condition) continue;
            ++made;
            (void)condition->holds(document);  // comes back
        }
        QVERIFY(made > 10);
    }
};
TRIBUTARY_TEST(TestCondition)
#include "tst_condition.moc"
