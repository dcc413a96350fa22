// Operations and outcomes across the control protocol.
#include "core/operations/operationjson.h"

#include "core/operations/schema.h"
#include "testmain.h"

using namespace tributary;
using Json = nlohmann::ordered_json;

class TestOperationJson : public QObject {
    Q_OBJECT
private slots:
    void operationsComeBackEqual() {
        const auto made = makeOperation(Verb::ReplicaEdit, {{"path", "/a \"quoted\""},
                                                            {"replica", "/b"},
                                                            {"columns", "f:q,g"},
                                                            {"throttle", "true"},
                                                            {"cluster", "ny"},
                                                            {"json", "true"}});
        QVERIFY_OK(made);
        const std::string wire = operationToJson(made.value()).dump();
        const auto back = operationFromJson(Json::parse(wire));
        QVERIFY_OK(back);
        QVERIFY(back.value() == made.value());
    }
    void emptyMembersStayAway() {
        const auto made = makeOperation(Verb::GatewayList, {});
        QVERIFY_OK(made);
        QCOMPARE(operationToJson(made.value()).dump(), std::string(R"({"verb":"cluster gateway list","params":{}})"));
    }
    void refusesWhatTheWireMayBring_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("where");
        QTest::newRow("no object") << "[]"
                                   << "";
        QTest::newRow("no verb") << "{}"
                                 << "";
        QTest::newRow("unknown verb") << R"({"verb":"table drop"})"
                                      << "";
        QTest::newRow("verb no text") << R"({"verb":3})"
                                      << "verb";
        QTest::newRow("unknown member") << R"({"verb":"alarm names","user":"root"})"
                                        << "user";
        QTest::newRow("params no object") << R"({"verb":"alarm names","params":[]})"
                                          << "params";
        QTest::newRow("param no text") << R"({"verb":"table info","params":{"path":1}})"
                                       << "params.path";
        QTest::newRow("cluster as param") << R"({"verb":"alarm names","params":{"cluster":"a"}})"
                                          << "params.cluster";
        QTest::newRow("json no boolean") << R"({"verb":"alarm names","json":"true"})"
                                         << "json";
        QTest::newRow("schema applies") << R"({"verb":"table info","params":{"path":"rel"}})"
                                        << "-path";
        QTest::newRow("templates do not travel") << R"({"verb":"table info","params":{"path":"{{x}}"}})"
                                                 << "-path";
    }
    void refusesWhatTheWireMayBring() {
        QFETCH(QString, text);
        const auto back = operationFromJson(Json::parse(text.toStdString()));
        QVERIFY(!back.ok());
        QTEST(QString::fromStdString(back.error().where), "where");
    }
    void outcomesKeepOrderAndTypes() {
        Outcome outcome;
        outcome.add({{"zulu", 1}, {"alpha", true}, {"errors", {{"Code", "x"}}}});
        outcome.warnings = {"slow"};
        outcome.total = 40;
        const Json wire = outcomeToJson(outcome);
        QCOMPARE(
            wire.dump(),
            std::string(R"({"rows":[{"zulu":1,"alpha":true,"errors":{"Code":"x"}}],"warnings":["slow"],"total":40})"));
        const auto back = outcomeFromJson(Json::parse(wire.dump()));
        QVERIFY_OK(back);
        QCOMPARE(outcomeToJson(back.value()).dump(), wire.dump());
    }
    void refusesMisshapenOutcomes_data() {
        QTest::addColumn<QString>("text");
        QTest::newRow("no object") << "3";
        QTest::newRow("rows no array") << R"({"rows":{}})";
        QTest::newRow("row no object") << R"({"rows":[1]})";
        QTest::newRow("lines no text") << R"({"lines":[1]})";
        QTest::newRow("total no number") << R"({"total":"1"})";
        QTest::newRow("unknown member") << R"({"data":[]})";
    }
    void refusesMisshapenOutcomes() {
        QFETCH(QString, text);
        QVERIFY(!outcomeFromJson(Json::parse(text.toStdString())).ok());
    }
};
TRIBUTARY_TEST(TestOperationJson)
#include "tst_operationjson.moc"
