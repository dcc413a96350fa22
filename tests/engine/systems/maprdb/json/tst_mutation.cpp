// Mutations: what each operator makes of a document, what it ships, what it refuses; and that results are shipped,
// never operations.
#include "engine/systems/maprdb/json/mutation.h"

#include "jsonsamples.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::maprdb::json;
using namespace tributary::test;

namespace {

/// The sample document of the vendor's page, with a few fields more.
const char* const kBefore =
    "{\"a\":{\"b\":[{\"boolean\":false},{\"decimal\":123.456}],\"c\":{\"d\":10,\"e\":\"Hello\"}},\"bin\":{\"$binary\":"
    "\"AAE=\"},"
    "\"dec\":{\"$decimal\":\"1.50\"},\"i\":{\"$numberInt\":60},\"m\":\"MapR wins\"}";

StampedDocument stored() {
    DocumentWrite write({100, 1});
    write.put({}, parsed(kBefore));
    return std::move(write).finish();
}

}  // namespace

class TestMutation : public QObject {
    Q_OBJECT
private slots:
    void changesWhatItNames_data() {
        QTest::addColumn<QString>("mutation");
        QTest::addColumn<QString>("paths");
        QTest::addColumn<QString>("after");  // of the paths, in order
        const auto row = [](const char* mutation, const char* paths, const char* after) {
            QTest::newRow(mutation) << mutation << paths << after;
        };
        row("{\"$append\":[{\"a.b\":{\"appd\":1}},{\"a.c.e\":\" MapR\"}]}", "a.b a.c.e",
            "[{\"boolean\":false},{\"decimal\":123.456},{\"appd\":1}] \"Hello MapR\"");
        row("{\"$append\":{\"a.b\":[1,2]}}", "a.b", "[{\"boolean\":false},{\"decimal\":123.456},1,2]");
        row("{\"$append\":{\"bin\":{\"$binary\":\"Ag==\"}}}", "bin", "{\"$binary\":\"AAEC\"}");
        row("{\"$append\":{\"new\":\"x\"}}", "new", "\"x\"");
        row("{\"$append\":{\"new.list\":1}}", "new.list", "[1]");
        row("{\"$put\":{\"a.c\":5}}", "a.c", "5");
        row("{\"$put\":{\"m.deep.er\":5}}", "m", "{\"deep\":{\"er\":5}}");
        row("{\"$put\":{\"a.b[0].boolean\":true}}", "a.b", "[{\"boolean\":true},{\"decimal\":123.456}]");
        row("{\"$put\":{\"a.b[3]\":1}}", "a.b", "[{\"boolean\":false},{\"decimal\":123.456},null,1]");
        row("{\"$setOrReplace\":{\"m[1]\":1}}", "m", "[null,1]");
        row("{\"$set\":{\"a.c.d\":11}}", "a.c.d", "11");
        row("{\"$set\":{\"a.c.new.er\":11}}", "a.c.new", "{\"er\":11}");
        row("{\"$set\":[{\"a.b[0].boolean\":true},{\"a.b[1].x\":1}]}", "a.b",
            "[{\"boolean\":true},{\"decimal\":123.456,\"x\":1}]");
        row("{\"$merge\":{\"a.c\":{\"d\":{\"x\":1},\"f\":2}}}", "a.c", "{\"d\":{\"x\":1},\"e\":\"Hello\",\"f\":2}");
        row("{\"$merge\":{\"new\":{\"x\":1}}}", "new", "{\"x\":1}");
        row("{\"$merge\":{\"a\":{\"c\":{\"e\":\"Bye\"}}}}", "a.c", "{\"d\":10,\"e\":\"Bye\"}");
        row("{\"$merge\":{\"a.b[0]\":{\"x\":1}}}", "a.b", "[{\"boolean\":false,\"x\":1},{\"decimal\":123.456}]");
        row("{\"$increment\":{\"i\":{\"$numberLong\":5}}}", "i", "{\"$numberInt\":65}");
        row("{\"$increment\":{\"i\":5.675}}", "i", "{\"$numberInt\":65}");
        row("{\"$decrement\":{\"i\":{\"$decimal\":\"60.5\"}}}", "i", "{\"$numberInt\":0}");
        row("{\"$increment\":\"a.c.d\"}", "a.c.d", "11");
        row("{\"$decrement\":[\"a.c.d\",\"new\"]}", "a.c.d new", "9 {\"$numberLong\":-1}");
        row("{\"$increment\":{\"dec\":0.25}}", "dec", "{\"$decimal\":\"1.75\"}");
        row("{\"$increment\":{\"a.b[1].decimal\":1}}", "a.b", "[{\"boolean\":false},{\"decimal\":124.456}]");
        row("{\"$delete\":\"a.c\"}", "a.c a.b", "nothing [{\"boolean\":false},{\"decimal\":123.456}]");
        row("{\"$delete\":[\"m\",\"nowhere.at.all\",\"a.b[0]\",\"i[4]\"]}", "m a.b nowhere i",
            "nothing [{\"decimal\":123.456}] nothing {\"$numberInt\":60}");
        row("{\"$put\":{\"x\":1},\"$delete\":\"m\",\"$increment\":\"i\"}", "x m i", "1 nothing {\"$numberInt\":61}");
    }
    void changesWhatItNames() {
        QFETCH(QString, mutation);
        QFETCH(QString, paths);
        QFETCH(QString, after);
        const auto made = Mutation::parse(mutation.toStdString());
        QVERIFY_OK(made);
        StampedDocument document = stored();
        const auto delta = made->apply(document.visible(), {200, 2});
        QVERIFY_OK(delta);
        document.join(delta.value());
        const auto seen = document.visible();
        QStringList values;
        for (const QString& path : paths.split(u' ')) {
            const Value* value = &*seen;
            for (const std::string& name : names(qPrintable(path)))
                value = value == nullptr ? nullptr : value->find(name);
            values << (value == nullptr ? QStringLiteral("nothing") : shown(*value));
        }
        QCOMPARE(values.join(u' '), after);
    }
    void refusesWhatTypesForbid_data() {
        QTest::addColumn<QString>("mutation");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("what");
        QTest::addColumn<bool>("conflict");
        const auto row = [](const char* mutation, const char* where, const char* what, bool conflict = true) {
            QTest::newRow(mutation) << mutation << where << what << conflict;
        };
        row("{\"$set\":{\"m\":5}}", "field m", "a value of the type string stands where double is due");
        row("{\"$set\":{\"m.x\":5}}", "field m.x", "a value of the type string stands where a map is due");
        row("{\"$set\":{\"a[0]\":5}}", "field a[0]", "a value of the type map stands where an array is due");
        row("{\"$set\":{\"i\":{\"$numberLong\":1}}}", "field i", "a value of the type int stands where long is due");
        row("{\"$append\":{\"i\":1}}", "field i",
            "a value of the type int stands where what can be appended to is due");
        row("{\"$append\":{\"m\":{\"$binary\":\"\"}}}", "field m",
            "a value of the type string stands where what can be appended to is due");
        row("{\"$append\":{\"i.x\":\"y\"}}", "field i.x", "a value of the type int stands where a map is due");
        row("{\"$merge\":{\"m\":{\"x\":1}}}", "field m", "a value of the type string stands where a map is due");
        row("{\"$increment\":\"m\"}", "field m", "a value of the type string stands where a number is due");
        row("{\"$increment\":{\"i\":{\"$numberLong\":2147483600}}}", "field i",
            "the sum is outside of the range of the type int", false);
        row("{\"$increment\":{\"i\":1e30}}", "field i", "the sum is outside of the range of the type int", false);
    }
    void refusesWhatTypesForbid() {
        QFETCH(QString, mutation);
        QFETCH(QString, where);
        QFETCH(QString, what);
        QFETCH(bool, conflict);
        const auto delta = Mutation::parse(mutation.toStdString())->apply(stored().visible(), {200, 2});
        QVERIFY(!delta);
        QCOMPARE(QString::fromStdString(delta.error().where), where);
        QCOMPARE(QString::fromStdString(delta.error().what), what);
        QVERIFY(delta.error().code == (conflict ? ErrorCode::Conflict : ErrorCode::InvalidInput));
    }
    void saysWhatItCannotRead_data() {
        QTest::addColumn<QString>("mutation");
        QTest::addColumn<QString>("what");
        const auto row = [](const char* mutation, const char* what) { QTest::newRow(mutation) << mutation << what; };
        row("[]", "operators in { } are due");
        row("{\"$push\":{\"a\":1}}", "'$push' is no operator");
        row("{\"$put\":\"a\"}", "field paths with values are due");
        row("{\"$delete\":{\"a\":1}}", "a field path in quotes is due");
        row("{\"$put\":{\"a..b\":1}}", "'a..b' is no field path");
        row("{\"$put\":{\"_id\":1}}", "_id is the key of the document");
        row("{\"$put\":{\"a[]\":1}}", "[] names no single element");
        row("{\"$merge\":{\"a\":1}}", "only a map can be merged");
        row("{\"$increment\":{\"a\":\"1\"}}", "only a number can be added");
        row("{\"$put\":{\"a.b\":1},\"$delete\":\"a\"}", "a and a.b overlap");
        row("{\"$put\":[{\"a\":1},{\"a\":2}]}", "a and a overlap");
        row("{\"$append\":{\"a\":1},\"$put\":{\"a[2].x\":1}}", "a and a[2].x overlap");
        row("{\"$decrement\":{\"a\":{\"$numberLong\":-9223372036854775808}}}", "the smallest long has no negative");
    }
    void saysWhatItCannotRead() {
        QFETCH(QString, mutation);
        QFETCH(QString, what);
        const auto made = Mutation::parse(mutation.toStdString());
        QVERIFY(!made && made.error().code == ErrorCode::InvalidInput);
        QVERIFY2(made.error().what.find(what.toStdString()) != std::string::npos, made.error().what.c_str());
    }
    void shipsResultsThatDoNotAddTwice() {
        StampedDocument here = stored();
        const auto delta =
            Mutation::parse("{\"$increment\":\"i\",\"$append\":{\"m\":\"!\"}}")->apply(here.visible(), {200, 2});
        StampedDocument there = here;
        for (int i = 0; i < 3; ++i) there.join(delta.value());
        here.join(StampedDocument::decode(delta->encode()).value());
        QVERIFY(here.encode() == there.encode());
        QCOMPARE(shown(*here.visible()->find("i")), QStringLiteral("{\"$numberInt\":61}"));
        QCOMPARE(shown(*here.visible()->find("m")), QStringLiteral("\"MapR wins!\""));
    }
    void shipsOnlyWhatItWrites() {
        const auto delta = Mutation::parse("{\"$put\":{\"a.c.d\":1}}")->apply(stored().visible(), {200, 2});
        QCOMPARE(shown(delta->visible()), QStringLiteral("{\"a\":{\"c\":{\"d\":1}}}"));
    }
    void deletesWhatIsStillOnItsWay() {
        const auto delta = Mutation::parse("{\"$delete\":\"late\"}")->apply(Value::map(), {200, 2});
        DocumentWrite late({150, 1});
        late.put(names("late"), parsed("1"));
        StampedDocument document = std::move(late).finish();
        document.join(delta.value());
        QCOMPARE(shown(document.visible()), QStringLiteral("{}"));
    }
    void startsFromNothing() {
        const auto delta = Mutation::parse("{\"$set\":{\"a\":1},\"$increment\":\"n\"}")->apply(std::nullopt, {1, 1});
        QVERIFY_OK(delta);
        QCOMPARE(shown(delta->visible()), QStringLiteral("{\"a\":1,\"n\":{\"$numberLong\":1}}"));
    }
    void knowsWhenItReads() {
        for (const char* blind : {"{\"$put\":{\"a.b\":1}}", "{\"$delete\":\"a\"}", "{}"}) {
            QVERIFY(!Mutation::parse(blind)->reads());
        }
        for (const char* reading : {"{\"$set\":{\"a\":1}}", "{\"$put\":{\"a[0]\":1}}", "{\"$increment\":\"a\"}",
                                    "{\"$append\":{\"a\":1}}", "{\"$merge\":{\"a\":{}}}", "{\"$delete\":\"a[0]\"}"}) {
            QVERIFY(Mutation::parse(reading)->reads());
        }
    }
    /// What reads nothing gives the same whatever document it is shown.
    void blindMutationsNeedNoDocument() {
        const auto mutation = Mutation::parse("{\"$put\":{\"a.b\":[1],\"m.x\":2},\"$delete\":[\"i\",\"gone\"]}");
        QVERIFY(mutation->apply(std::nullopt, {200, 2})->encode() ==
                mutation->apply(stored().visible(), {200, 2})->encode());
    }
    void keepsDocumentsWithinTheirLimits() {
        std::string deep = "a";
        for (int i = 0; i < 60; ++i) deep += ".a";
        Value value = parsed((std::string(60, '[') + std::string(60, ']')).c_str());
        const auto mutation = Mutation::of({{MutationOp::Put, FieldPath::parse(deep).value(), value}});
        QVERIFY(!mutation->apply(std::nullopt, {1, 1}));
    }
    void addsAcrossTypes_data() {
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("delta");
        QTest::addColumn<QString>("sum");
        const auto row = [](const char* value, const char* delta, const char* sum) {
            QTest::newRow(qPrintable(QStringLiteral("%1 %2").arg(QLatin1String(value), QLatin1String(delta))))
                << value << delta << sum;
        };
        row("{\"$numberByte\":100}", "{\"$numberByte\":27}", "{\"$numberByte\":127}");
        row("{\"$numberByte\":100}", "{\"$numberByte\":28}", "");
        row("{\"$numberLong\":9223372036854775807}", "{\"$numberLong\":1}", "");
        row("{\"$numberLong\":9223372036854775800}", "7.9", "{\"$numberLong\":9223372036854775807}");
        row("{\"$numberLong\":9007199254740993}", "0.5", "{\"$numberLong\":9007199254740993}");
        row("{\"$numberInt\":-1}", "0.5", "{\"$numberInt\":0}");
        row("{\"$numberInt\":1}", "-0.5", "{\"$numberInt\":0}");
        row("{\"$numberInt\":-1}", "-0.5", "{\"$numberInt\":-1}");
        row("{\"$numberInt\":5}", "{\"$decimal\":\"-7.9\"}", "{\"$numberInt\":-2}");
        row("1.5", "{\"$decimal\":\"0.25\"}", "1.75");
        row("1.7e308", "1.7e308", "");
        row("{\"$numberFloat\":3e38}", "3e38", "");
        row("{\"$decimal\":\"0.1\"}", "0.2", "{\"$decimal\":\"0.3\"}");
        row("{\"$decimal\":\"0.10\"}", "{\"$numberInt\":1}", "{\"$decimal\":\"1.10\"}");
    }
    void addsAcrossTypes() {
        QFETCH(QString, value);
        QFETCH(QString, delta);
        QFETCH(QString, sum);
        const auto made = sumOf(parsed(qPrintable(value)), parsed(qPrintable(delta)));
        QCOMPARE(made.ok(), !sum.isEmpty());
        if (made) QCOMPARE(shown(made.value()), sum);
    }
    void standsAnyDamage() {
        Mutator mutator(95);
        const Bytes good =
            "{\"$append\":{\"a.b\":[1]},\"$delete\":[\"x\",\"a.c.e\"],\"$increment\":{\"i\":{\"$numberInt\":2}},"
            "\"$merge\":{\"n\":{\"q\":{}}},\"$put\":{\"a.d[1].x\":null},\"$set\":{\"m\":\"t\"}}";
        const auto before = stored().visible();
        int applied = 0;
        for (int i = 0; i < fuzzRounds(3'000); ++i) {
            const auto mutation = Mutation::parse(mutator.damaged(good));
            const auto delta = mutation ? mutation->apply(before, {200, 2}) : mutation.error();
            if (!delta) continue;
            ++applied;
            QCOMPARE(toHex(StampedDocument::decode(delta->encode())->encode()), toHex(delta->encode()));
        }
        QVERIFY(applied > 10);
    }
};
TRIBUTARY_TEST(TestMutation)
#include "tst_mutation.moc"
