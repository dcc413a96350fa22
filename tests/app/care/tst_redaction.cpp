// A secret is found in every form it may take; records lose what nobody may see.
#include "app/care/redaction.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
using Json = nlohmann::ordered_json;

class RedactionTest : public QObject {
    Q_OBJECT

private slots:
    void everyFormIsWithheld_data() {
        QTest::addColumn<QByteArray>("text");
        const QByteArray secret("pa ss\"w0rd+/=é!");
        QTest::newRow("plain") << secret;
        QTest::newRow("inside") << QByteArray("x" + secret + "y");
        QTest::newRow("hex") << secret.toHex();
        QTest::newRow("upper hex") << secret.toHex().toUpper();
        QTest::newRow("base64") << secret.toBase64();
        QTest::newRow("base64, one byte before") << QByteArray("a" + secret + "b").toBase64();
        QTest::newRow("base64, two bytes before") << QByteArray("ab" + secret + "bc").toBase64();
        QTest::newRow("base64 of URLs") << QByteArray("a" + secret).toBase64(QByteArray::Base64UrlEncoding);
        QTest::newRow("percent") << secret.toPercentEncoding();
        QTest::newRow("JSON") << QByteArray::fromStdString(Json(secret.toStdString()).dump());
    }
    void everyFormIsWithheld() {
        QFETCH(QByteArray, text);
        Redactor redactor;
        redactor.hide("pa ss\"w0rd+/=é!");
        const QByteArray shown = QByteArray::fromStdString(redactor.scrub(text.toStdString()));
        QVERIFY2(shown.contains("[withheld]"), shown.constData());
        QVERIFY2(shown.size() <= 18, shown.constData());  // no more than the bits at its ends
    }

    void linesOfASecretFileAreSecretsToo() {
        Redactor redactor;
        redactor.hide("user=ana\npassword=hunter22\n");
        QCOMPARE(redactor.scrub("said password=hunter22."), std::string("said [withheld]."));
    }

    void commandsKeepWhatSaysWhere() {
        QCOMPARE(redactedCommand("maprcli table cf create -path /mapr/sf/t -cfname orders -readperm 'u:ana' -ttl 60"),
                 std::string("maprcli table cf create -path /mapr/sf/t -cfname orders -readperm "
                             "[withheld, 5 characters] -ttl 60"));
    }

    void recordsKeepWhatHappenedAndLoseWhatWasSaid() {
        const Json run = Json::parse(R"({"seq":1,"type":"run","crc":"x","data":{"run":"r","text":"the whole runbook",
            "title":"About hunter22","parameters":{"source":"/mapr/sf/t","word":"hunter22","on":"true"}}})");
        const Json result =
            Json::parse(R"({"seq":2,"type":"step-result","data":{"step":"s","reason":"not so: rows row77",
            "evidence":[{"check":"same-data a b","seen":"rows row77","verdict":"false"}],"answer":"by hand"}})");
        Redactor redactor;
        for (const Json& record : {run, result}) hideSecretsOf(record, redactor);
        const Json shownRun = redactedRecord(run, redactor);
        QCOMPARE(shownRun["data"]["title"].get<std::string>(), std::string("About [withheld]"));
        QCOMPARE(shownRun["data"]["parameters"]["source"].get<std::string>(), std::string("/mapr/sf/t"));
        QCOMPARE(shownRun["data"]["parameters"]["word"].get<std::string>(), std::string("[withheld, 8 characters]"));
        QVERIFY(!shownRun.contains("crc"));
        const Json bare = Json::parse(R"({"type":"run","data":{"parameters":{}}})");
        QVERIFY(redactedRecord(bare, redactor)["data"]["parameters"].is_object());  // a reader asks for it
        const std::string all = shownRun.dump() + redactedRecord(result, redactor).dump();
        for (const char* gone : {"whole runbook", "hunter22", "row77", "by hand"}) {
            QVERIFY2(all.find(gone) == std::string::npos, gone);
        }
        QVERIFY(all.find("\"verdict\":\"false\"") != std::string::npos);
    }

    void keysOfRowsThatALossNamesAreWithheld() {
        const Json approval = Json::parse(R"({"seq":3,"type":"approval","data":{"step":"s","who":"ana",
            "text":"deletes table /mapr/sf/t: 2 rows in all, 2 rows exist nowhere else: secretkey, other9, ..."}})");
        const Json refused = Json::parse(R"({"seq":4,"type":"undo-result","data":{"step":"s","ok":false,
            "reason":"more was approved (then 1 row exists nowhere else: thirdkey (why)); secretkey again"}})");
        Redactor redactor;
        for (const Json& record : {approval, refused}) hideSecretsOf(record, redactor);
        const std::string all = redactedRecord(approval, redactor).dump() + redactedRecord(refused, redactor).dump();
        for (const char* gone : {"secretkey", "other9", "thirdkey"})
            QVERIFY2(all.find(gone) == std::string::npos, gone);
        QVERIFY2(all.find("more was approved") != std::string::npos, all.c_str());
    }
};
TRIBUTARY_TEST(RedactionTest)
#include "tst_redaction.moc"
