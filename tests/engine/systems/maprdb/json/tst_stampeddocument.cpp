// Replicated documents converge: any order, any grouping, any repetition, any filter give the same bytes; and what is
// seen is what a model says that keeps every write.
#include "engine/systems/maprdb/json/stampeddocument.h"

#include <algorithm>

#include "stampedmodel.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::maprdb::json;
using namespace tributary::test;

namespace {

using Kind = DocumentEvent::Kind;

DocumentEvent put(const char* path, const char* value, Millis timestampMs, Stamp arrival = 1) {
    return {Kind::Put, names(path), parsed(value), {timestampMs, arrival}};
}
DocumentEvent gone(const char* path, Millis timestampMs, Stamp arrival = 1) {
    return {Kind::Remove, names(path), Value(), {timestampMs, arrival}};
}

StampedDocument joined(const std::vector<DocumentEvent>& events) {
    StampedDocument out;
    for (const DocumentEvent& event : events) out.join(writtenBy(event));
    return out;
}

FieldSet randomFields(Mutator& dice) {
    const char* sets[] = {"+", "", "+a", "+a.b", "+,-a", "+,-a.b", "+a,-a.a,+b.b", "+b,-b.a,+a.a.a", "-a,+b.a"};
    return FieldSet::parse(sets[dice.below(std::size(sets))]).value();
}

}  // namespace

class TestStampedDocument : public QObject {
    Q_OBJECT
private slots:
    void convergesForEveryOrder() {
        Mutator dice(61);
        for (int round = 0; round < fuzzRounds(2'500); ++round) {
            std::vector<DocumentEvent> events;
            for (int i = 0; i < 3; ++i) events.push_back(randomEvent(dice));
            StampedModel model;
            for (const DocumentEvent& event : events) model.add(event);
            const StampedDocument expected = joined(events);
            QCOMPARE(shown(expected.visible()), shown(model.visible()));
            std::vector<int> order{0, 1, 2};
            do {
                std::vector<DocumentEvent> shuffled;
                for (const int i : order) shuffled.push_back(events[static_cast<std::size_t>(i)]);
                QVERIFY2(joined(shuffled).encode() == expected.encode(), qPrintable(QString::number(round)));
            } while (std::next_permutation(order.begin(), order.end()));
        }
    }
    void convergesForEveryGrouping() {
        Mutator dice(62);
        for (int round = 0; round < fuzzRounds(1'500); ++round) {
            std::vector<DocumentEvent> events;
            StampedModel model;
            for (std::uint64_t left = 4 + dice.below(9); left > 0; --left) {
                events.push_back(randomEvent(dice));
                model.add(events.back());
            }
            const StampedDocument expected = joined(events);
            QCOMPARE(shown(expected.visible()), shown(model.visible()));
            // Two replicas that each saw a part, some of it twice, tell each other in a random tree of joins.
            std::vector<StampedDocument> parts;
            for (const DocumentEvent& event : events) {
                parts.push_back(writtenBy(event));
                if (dice.below(3) == 0) parts.push_back(parts[dice.below(parts.size())]);
            }
            while (parts.size() > 1) {
                std::swap(parts[dice.below(parts.size())], parts.back());
                const StampedDocument last = std::move(parts.back());
                parts.pop_back();
                StampedDocument& other = parts[dice.below(parts.size())];
                if (dice.below(2) == 0) {
                    other.join(last);
                } else {
                    StampedDocument turned = last;
                    turned.join(other);
                    other = std::move(turned);
                }
            }
            QVERIFY2(parts[0].encode() == expected.encode(), qPrintable(QString::number(round)));
            StampedDocument twice = expected;
            twice.join(expected);
            QVERIFY(twice.encode() == expected.encode());
        }
    }
    void filtersBeforeOrAfterJoining() {
        Mutator dice(63);
        for (int round = 0; round < fuzzRounds(1'500); ++round) {
            const FieldSet a = randomFields(dice);
            const FieldSet b = randomFields(dice);
            StampedDocument whole;
            StampedDocument filtered;
            for (std::uint64_t left = 2 + dice.below(7); left > 0; --left) {
                const StampedDocument write = writtenBy(randomEvent(dice));
                whole.join(write);
                filtered.join(write.filtered(a));
            }
            QVERIFY2(whole.filtered(a).encode() == filtered.encode(), qPrintable(QString::number(round)));
            const FieldSet both = a.intersect(b);
            QVERIFY(filtered.filtered(both).encode() == whole.filtered(both).encode());
            // A replica that has it all loses nothing when a part of it comes again.
            StampedDocument again = whole;
            again.join(filtered);
            QVERIFY(again.encode() == whole.encode());
        }
    }
    void showsOnlyWhatTheFilterLetsThrough() {
        const StampedDocument whole = joined({put("", "{\"a\":{\"b\":1,\"c\":2},\"d\":3}", 10)});
        const auto seen = [&](const char* set) {
            return shown(whole.filtered(FieldSet::parse(set).value()).visible());
        };
        QCOMPARE(seen("+a.b"), QStringLiteral("{\"a\":{\"b\":1}}"));
        QCOMPARE(seen("+,-a"), QStringLiteral("{\"d\":3}"));
        QCOMPARE(seen(""), QStringLiteral("nothing"));
        // A scalar in place of the map is no business of the link, but that a.b is gone is.
        StampedDocument replica = whole.filtered(FieldSet::parse("+a.b").value());
        replica.join(writtenBy(put("a", "\"secret\"", 20)).filtered(FieldSet::parse("+a.b").value()));
        QCOMPARE(shown(replica.visible()), QStringLiteral("{}"));
        QVERIFY(replica.encode().find("secret") == std::string::npos);
    }
    void ordersByTimestampDeleteTypeArrivalBytes() {
        const auto seen = [](const DocumentEvent& a, const DocumentEvent& b) {
            const QString one = shown(joined({a, b}).visible());
            const QString other = shown(joined({b, a}).visible());
            return one == other ? one : QStringLiteral("differs");
        };
        const char* high = "[]";
        QCOMPARE(seen(put("x", "1", 11, 1), put("x", high, 10, 9)), QStringLiteral("{\"x\":1}"));
        QCOMPARE(seen(gone("x", 10, 1), put("x", high, 10, 9)), QStringLiteral("{}"));
        QCOMPARE(seen(put("x", high, 10, 1), put("x", "1", 10, 9)), QStringLiteral("{\"x\":[]}"));
        QCOMPARE(seen(put("x", "{}", 10, 1), put("x", "\"z\"", 10, 9)), QStringLiteral("{\"x\":{}}"));
        QCOMPARE(seen(put("x", "7", 10, 2), put("x", "8", 10, 1)), QStringLiteral("{\"x\":7}"));
        QCOMPARE(seen(put("x", "\"a\"", 10, 1), put("x", "\"b\"", 10, 1)), QStringLiteral("{\"x\":\"b\"}"));
    }
    void letsADeliberateChangeOfTypeWin() {
        const DocumentEvent map = put("x", "{\"y\":1}", 10);
        const DocumentEvent scalar = put("x", "5", 20);
        QCOMPARE(shown(joined({map, scalar}).visible()), QStringLiteral("{\"x\":5}"));
        const DocumentEvent below = put("x.z", "7", 30);
        QCOMPARE(shown(joined({map, scalar, below}).visible()), QStringLiteral("{\"x\":{\"z\":7}}"));
        // The older write below comes last: the scalar that is not seen any more still closes it out.
        QCOMPARE(shown(joined({scalar, below, map}).visible()), QStringLiteral("{\"x\":{\"z\":7}}"));
        // Deleting the field brings the scalar back in no order.
        const DocumentEvent without = gone("x.z", 40);
        QCOMPARE(shown(joined({map, scalar, below, without}).visible()), QStringLiteral("{\"x\":{}}"));
        QCOMPARE(shown(joined({without, below, scalar, map}).visible()), QStringLiteral("{\"x\":{}}"));
    }
    void closesWhatIsOlderBelowADelete() {
        const DocumentEvent old = put("a.b.c", "1", 10);
        const DocumentEvent late = put("a.b.d", "2", 30);
        QCOMPARE(shown(joined({old, late, gone("a", 20)}).visible()), QStringLiteral("{\"a\":{\"b\":{\"d\":2}}}"));
        QCOMPARE(shown(joined({gone("", 20), old}).visible()), QStringLiteral("nothing"));
        QCOMPARE(shown(joined({gone("", 20), late}).visible()), QStringLiteral("{\"a\":{\"b\":{\"d\":2}}}"));
    }
    void replacesArraysWhole() {
        const auto seen = joined({put("x", "[1,{\"a\":1},3]", 10), put("x", "[9]", 11)}).visible();
        QCOMPARE(shown(seen), QStringLiteral("{\"x\":[9]}"));
    }
    void mergesFieldsOfBothSides() {
        const DocumentEvent base = put("", "{\"n\":1,\"m\":{\"a\":1,\"b\":1}}", 10);
        const DocumentEvent left = put("m.a", "2", 20, 5);
        const DocumentEvent right = put("m.b", "3", 21, 6);
        QCOMPARE(shown(joined({base, right, left}).visible()), QStringLiteral("{\"m\":{\"a\":2,\"b\":3},\"n\":1}"));
        // A whole map replaces, a merge does not.
        const DocumentEvent merged{Kind::Merge, names("m"), parsed("{\"c\":4}"), {30, 7}};
        QCOMPARE(shown(joined({base, merged}).visible()), QStringLiteral("{\"m\":{\"a\":1,\"b\":1,\"c\":4},\"n\":1}"));
        QCOMPARE(shown(joined({base, put("m", "{\"c\":4}", 30, 7)}).visible()),
                 QStringLiteral("{\"m\":{\"c\":4},\"n\":1}"));
    }
    void takesTheStepsOfOneWriteInOrder() {
        DocumentWrite write({50, 9});
        write.put(names("a"), parsed("1"));
        write.put(names("a"), parsed("\"x\""));
        write.put(names("b.c"), parsed("[]"));
        write.put(names("b"), parsed("1"));
        write.remove(names("d"));
        write.put(names("d.e"), parsed("2"));
        write.put(names("f.g"), parsed("2"));
        write.remove(names("f"));
        write.put(names("h"), parsed("3"));
        write.put(names("h.i"), parsed("4"));
        StampedDocument document = joined({put("", "{\"d\":{\"old\":1},\"f\":{\"old\":1},\"h\":{\"old\":1}}", 10)});
        document.join(std::move(write).finish());
        QCOMPARE(shown(document.visible()), QStringLiteral("{\"a\":\"x\",\"b\":1,\"d\":{\"e\":2},\"h\":{\"i\":4}}"));
    }
    void findsAStampThatOutranksAll() {
        StampedDocument document = joined({put("a", "{}", 70), gone("b.c", 90)});
        QVERIFY((document.laterThanAll(80, 3) == WriteStamp{91, 3}));
        QVERIFY((document.laterThanAll(100, 3) == WriteStamp{100, 3}));
        QVERIFY((StampedDocument().laterThanAll(5, 3) == WriteStamp{5, 3}));
        Mutator dice(64);
        for (int round = 0; round < 500; ++round) {
            StampedDocument random;
            for (int i = 0; i < 6; ++i) random.join(writtenBy(randomEvent(dice)));
            DocumentEvent event = randomEvent(dice);
            event.kind = Kind::Put;
            if (event.path.empty()) event.path = {"a"};
            event.at = random.laterThanAll(0, 0);
            event.value = parsed("\"last\"");
            random.join(writtenBy(event));
            auto seen = random.visible();
            const Value* value = seen ? &*seen : nullptr;
            for (const std::string& name : event.path) value = value == nullptr ? nullptr : value->find(name);
            QVERIFY(value != nullptr && *value == event.value);
        }
    }
};
TRIBUTARY_TEST(TestStampedDocument)
#include "tst_stampeddocument.moc"
