// Answers of box as JSON, damaged ones included.
#include "app/instanceruns/boxjson.h"

#include <random>

#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

class TestBoxJson : public QObject {
    Q_OBJECT
private slots:
    void valuesOfAllKinds() {
        const std::string bytes(
            "\x87\xa1\x61\xc0\xa1\x62\xc3\x05\xff\xa1\x64\xcb\x3f\xe0\0\0\0\0\0\0"
            "\xa1\x65\xc4\x01\xff\xa1\x66\xd4\x02\x07\xa1\x67\x92\x01\xa1x",
            36);
        const auto json = jsonOfMsgpack(bytes);
        QVERIFY_OK(json);
        QCOMPARE(json->dump(), std::string(R"({"5":-1,"a":null,"b":true,"d":0.5,"e":"ff","f":"07","g":[1,"x"]})"));
    }
    void damageIsAnErrorAndDepthIsBounded() {
        QVERIFY(!jsonOfMsgpack(std::string("\x92\x01", 2)));
        QVERIFY(!jsonOfMsgpack(std::string("\x01\x01", 2)));
        QVERIFY(!jsonOfMsgpack({}));
        QVERIFY(!jsonOfMsgpack(std::string(100'000, '\x91') + '\x01'));
        std::mt19937 random(3);
        for (int round = 0; round < 5'000; ++round) {
            std::string bytes(random() % 40, '\0');
            for (char& c : bytes) c = static_cast<char>(random());
            const auto json = jsonOfMsgpack(bytes);
            if (json) (void)json->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
        }
    }
    void refusalsKeepTheirWords() {
        const auto refused = resultsOf(engine::tarantool::BoxFailure{3, "Duplicate key", {}});
        QVERIFY(!refused && refused.error().code == ErrorCode::Conflict);
        QCOMPARE(refused.error().what, std::string("Duplicate key"));
        const auto loading = resultsOf(engine::tarantool::BoxFailure{116, "not finished yet", {}});
        QVERIFY(!loading && loading.error().code == ErrorCode::Unavailable);
        QVERIFY(!resultsOf(engine::tarantool::BoxAnswer(Bytes("\x01"))));
    }
};
TRIBUTARY_TEST(TestBoxJson)
#include "tst_boxjson.moc"
