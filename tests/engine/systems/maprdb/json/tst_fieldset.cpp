// Families by jsonpath, lists of columns, and sets of fields against a plain model.
#include "engine/systems/maprdb/json/fieldset.h"

#include "jsonsamples.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::maprdb::json;
using namespace tributary::test;

namespace {

JsonFamilies families() {
    return JsonFamilies::make({{"default", {}}, {"e", {"a", "e"}}, {"deep", {"a", "e", "x"}}, {"m", {"m"}}}).value();
}

FieldSet columns(const QString& text) {
    return FieldSet::parseColumns(text.toStdString(), families()).value();
}

NamePath randomPath(Mutator& dice, std::uint64_t most) {
    NamePath out;
    for (std::uint64_t left = dice.below(most + 1); left > 0; --left) {
        out.emplace_back(1, static_cast<char>('a' + dice.below(2)));
    }
    return out;
}

FieldSet randomSet(Mutator& dice) {
    std::string text;
    for (std::uint64_t left = dice.below(5); left > 0; --left) {
        const std::string path = FieldPath::ofNames(randomPath(dice, 3)).text();
        text += (text.empty() ? "" : ",") + std::string(dice.below(2) == 0 ? "+" : "-") + path;
    }
    return FieldSet::parse(text).value();
}

}  // namespace

class TestFieldSet : public QObject {
    Q_OBJECT
private slots:
    void findsTheFamilyOfAField() {
        const JsonFamilies all = families();
        QCOMPARE(all.of(names("x")).name, std::string("default"));
        QCOMPARE(all.of(names("a")).name, std::string("default"));
        QCOMPARE(all.of(names("a.e")).name, std::string("e"));
        QCOMPARE(all.of(names("a.e.y")).name, std::string("e"));
        QCOMPARE(all.of(names("a.e.x.z")).name, std::string("deep"));
        QCOMPARE(all.of({}).name, std::string("default"));
    }
    void refusesFamiliesThatCannotBe() {
        QVERIFY(!JsonFamilies::make({}));
        QVERIFY(!JsonFamilies::make({{"e", {"a"}}}));
        QVERIFY(!JsonFamilies::make({{"default", {}}, {"e", {"a"}}, {"f", {"a"}}}));
        QVERIFY(!JsonFamilies::make({{"default", {}}, {"e", {"a"}}, {"e", {"b"}}}));
        QVERIFY(JsonFamilies::parsePath("a.b.d").value() == NamePath({"a", "b", "d"}));
        QVERIFY(!JsonFamilies::parsePath("a[0]"));
        QVERIFY(!JsonFamilies::parsePath(""));
    }
    void readsListsOfColumns_data() {
        QTest::addColumn<QString>("list");
        QTest::addColumn<QString>("set");
        QTest::newRow("default family") << ""
                                        << "+,-a.e,-m";
        QTest::newRow("default and another") << ",a.e"
                                             << "+,-m";
        QTest::newRow("three fields") << "a,a.b.c,a.e"
                                      << "+a";
        QTest::newRow("below a family") << "a.e.y,m"
                                        << "+a.e.y,+m";
        QTest::newRow("all families") << ",m,a.e"
                                      << "+";
        QTest::newRow("a deep family beside the default") << ",a.e.x"
                                                          << "+,-a.e,+a.e.x,-m";
        QTest::newRow("quotes") << "\"x,y\".z"
                                << "+\"x,y\".z";
    }
    void readsListsOfColumns() {
        QFETCH(QString, list);
        QFETCH(QString, set);
        QCOMPARE(QString::fromStdString(columns(list).text()), set);
        QVERIFY(FieldSet::parse(set.toStdString()).value() == columns(list));
    }
    void refusesListsOfColumns() {
        const JsonFamilies all = families();
        for (const char* bad : {"a, b", "a[0]", "a..b", "a,]"}) QVERIFY2(!FieldSet::parseColumns(bad, all), bad);
        QVERIFY(!FieldSet::parse("a"));
        QVERIFY(!FieldSet::parse("+a,"));
    }
    void coversAndTouches() {
        const FieldSet set = columns(QString());
        QVERIFY(set.covers(names("x.y")) && set.touches(names("x.y")));
        QVERIFY(!set.covers(names("a")) && set.touches(names("a")));
        QVERIFY(!set.touches(names("a.e")) && !set.covers(names("a.e.q")));
        QVERIFY(!set.touches(names("m")));
        const FieldSet deep = columns(QStringLiteral("a.e.y"));
        QVERIFY(deep.touches(names("a")) && !deep.covers(names("a")) && deep.covers(names("a.e.y.z")));
        QVERIFY(!FieldSet().touches({}) && FieldSet::everything().covers({}));
    }
    void intersectsAsTwoFiltersInARow() {
        Mutator dice(51);
        for (int i = 0; i < fuzzRounds(3'000); ++i) {
            const FieldSet a = randomSet(dice);
            const FieldSet b = randomSet(dice);
            const FieldSet both = a.intersect(b);
            QVERIFY(both == b.intersect(a));
            QVERIFY(both.intersect(a) == both);
            QVERIFY(FieldSet::parse(both.text()).value() == both);
            QVERIFY(a.intersect(FieldSet::everything()) == a && a.intersect(FieldSet()) == FieldSet());
            for (int tries = 0; tries < 8; ++tries) {
                // A path longer than any rule is wholly in a set or wholly out of it.
                NamePath path = randomPath(dice, 3);
                path.insert(path.end(), {"q", "q", "q"});
                QCOMPARE(both.covers(path), a.covers(path) && b.covers(path));
                QCOMPARE(both.touches(path), both.covers(path));
            }
        }
    }
    void walksAsItAnswers() {
        Mutator dice(52);
        for (int i = 0; i < fuzzRounds(2'000); ++i) {
            const FieldSet set = randomSet(dice);
            FieldSet::Place place(set);
            NamePath path;
            for (int depth = 0; depth < 4; ++depth) {
                QCOMPARE(place.isLeaf() && place.in(), set.covers(path));
                QCOMPARE(!place.isLeaf() || place.in(), set.touches(path) || !place.isLeaf());
                path.emplace_back(1, static_cast<char>('a' + dice.below(2)));
                place = place.below(path.back());
            }
        }
    }
};
TRIBUTARY_TEST(TestFieldSet)
#include "tst_fieldset.moc"
