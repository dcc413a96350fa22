// Values for the tests of JSON documents: read from text, all types once, and at random.
#pragma once

#include <QFile>
#include <QTest>

#include "engine/systems/maprdb/json/jsontext.h"
#include "engine/systems/maprdb/json/stampeddocument.h"
#include "engine/systems/maprdb/json/valuebytes.h"
#include "mutator.h"
#include "tests/engine/tarantool/fuzzing.h"

namespace tributary::test {

/// The value of a good text.
inline engine::maprdb::json::Value parsed(const char* text) {
    auto value = engine::maprdb::json::parseJson(text);
    if (!value) qFatal("%s: %s", text, value.error().full().c_str());
    return std::move(value).value();
}

inline QString shown(const engine::maprdb::json::Value& value) {
    return QString::fromStdString(engine::maprdb::json::printJson(value));
}
inline QString shown(const std::optional<engine::maprdb::json::Value>& value) {
    return value ? shown(*value) : QStringLiteral("nothing");
}

/// "a.b" as names.
inline engine::maprdb::json::NamePath names(const char* text) {
    if (*text == '\0') return {};
    return engine::maprdb::json::FieldPath::parse(text).value().leadingNames();
}

/// One document with every type, at the ends of their ranges too.
inline const char* allTypesText() {
    return "{\"_id\":\"all\",\"null\":null,\"yes\":true,\"no\":false,\"text\":\"Zoë "
           "\\\"\\\\\\n\\u0001\",\"empty\":\"\","
           "\"byte\":{\"$numberByte\":-128},\"short\":{\"$numberShort\":32767},\"int\":{\"$numberInt\":-2147483648},"
           "\"long\":{\"$numberLong\":9223372036854775807},\"float\":{\"$numberFloat\":0.1},\"double\":-0.5,\"whole\":"
           "12,"
           "\"tiny\":5e-324,\"minus\":-0.0,\"decimal\":{\"$decimal\":\"-12.3400\"},\"day\":{\"$dateDay\":\"2024-02-"
           "29\"},"
           "\"early\":{\"$dateDay\":\"-0044-03-15\"},\"time\":{\"$time\":\"23:59:59.999\"},\"noon\":{\"$time\":\"12:00:"
           "00\"},"
           "\"stamp\":{\"$date\":\"1969-12-31T23:59:59.999Z\"},\"interval\":{\"$interval\":-60000},"
           "\"binary\":{\"$binary\":\"AP8Q\"},\"map\":{\"b\":{},\"a\":{\"deep\":[]}},\"array\":[1,\"two\",[null],{"
           "\"x\":true}]}";
}

/// A random scalar, or a small container while `depth` lasts.
inline engine::maprdb::json::Value randomValue(Mutator& dice, int depth) {
    using engine::maprdb::json::Value;
    using engine::maprdb::json::ValueType;
    switch (dice.below(depth > 0 ? 12 : 9)) {
        case 0: return {};
        case 1: return Value::boolean(dice.below(2) == 1);
        case 2: return Value::string(std::string(dice.below(3), static_cast<char>('a' + dice.below(3))));
        case 3: return Value::integer(ValueType::Int, static_cast<std::int64_t>(dice.below(5)) - 2).value();
        case 4: return Value::integer(ValueType::Long, static_cast<std::int64_t>(dice.below(1U << 30U)) << 20).value();
        case 5: return Value::real(ValueType::Double, static_cast<double>(dice.below(1'000'000)) / 7).value();
        case 6:
            return Value::decimal(
                engine::maprdb::json::Decimal::parse(std::to_string(dice.below(900)) + ".50").value());
        case 7: return Value::integer(ValueType::Time, static_cast<std::int64_t>(dice.below(86'400'000))).value();
        case 8: return Value::binary(Bytes(dice.below(4), static_cast<char>(dice.below(256))));
        case 9: {
            std::vector<Value> elements;
            for (std::uint64_t left = dice.below(3); left > 0; --left) elements.push_back(randomValue(dice, depth - 1));
            return Value::array(std::move(elements));
        }
        default: {
            Value map = Value::map();
            for (std::uint64_t left = dice.below(4); left > 0; --left) {
                map.set(std::string(1, static_cast<char>('a' + dice.below(3))), randomValue(dice, depth - 1));
            }
            return map;
        }
    }
}

/// Compares with tests/golden/maprdb-json/NAME; TRIBUTARY_UPDATE_GOLDEN=1 writes it instead.
inline void compareGolden(const QString& name, const QString& text) {
    const QString path = QStringLiteral(TRIBUTARY_SOURCE_DIR "/tests/golden/maprdb-json/") + name;
    QFile file(path);
    if (qEnvironmentVariableIsSet("TRIBUTARY_UPDATE_GOLDEN")) {
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(text.toUtf8());
        return;
    }
    QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(path + QStringLiteral(" is missing")));
    QCOMPARE(text, QString::fromUtf8(file.readAll()));
}

}  // namespace tributary::test
