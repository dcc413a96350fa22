// The tree against a sorted list, with pictures taken in between that must not change.
#include "engine/systems/tarantool/data/tupletree.h"

#include <map>

#include "fuzzing.h"
#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::tarantool;
using namespace tributary::test;

namespace {

TuplePtr tupleOf(std::uint64_t id, std::uint64_t value) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(2);
    writer.unsignedInteger(id);
    writer.unsignedInteger(value);
    return Tuple::make(out);
}

std::uint64_t numberOf(const Tuple& tuple, std::size_t field) {
    return MsgpackReader(tuple.field(field)).unsignedInteger();
}

using Model = std::map<std::uint64_t, std::uint64_t>;

Model contentOf(const TupleTree& tree) {
    Model model;
    tree.walk([](const Tuple&) { return false; },
              [&](const TuplePtr& tuple) {
                  model[numberOf(*tuple, 0)] = numberOf(*tuple, 1);
                  return true;
              });
    return model;
}

std::vector<std::uint64_t> walked(const TupleTree& tree, std::uint64_t from, bool back, bool inclusive) {
    std::vector<std::uint64_t> ids;
    const TupleTree::Visit visit = [&](const TuplePtr& tuple) {
        ids.push_back(numberOf(*tuple, 0));
        return ids.size() < 5;
    };
    if (back) {
        tree.walkBack(
            [&](const Tuple& one) { return numberOf(one, 0) > from || (!inclusive && numberOf(one, 0) == from); },
            visit);
    } else {
        tree.walk([&](const Tuple& one) { return numberOf(one, 0) < from || (!inclusive && numberOf(one, 0) == from); },
                  visit);
    }
    return ids;
}

std::vector<std::uint64_t> expected(const Model& model, std::uint64_t from, bool back, bool inclusive) {
    std::vector<std::uint64_t> ids;
    if (back) {
        auto at = inclusive ? model.upper_bound(from) : model.lower_bound(from);
        while (at != model.begin() && ids.size() < 5) ids.push_back((--at)->first);
    } else {
        for (auto at = inclusive ? model.lower_bound(from) : model.upper_bound(from);
             at != model.end() && ids.size() < 5; ++at) {
            ids.push_back(at->first);
        }
    }
    return ids;
}

}  // namespace

class TestTupleTree : public QObject {
    Q_OBJECT
private slots:
    void holdsWhatASortedListHolds_data() {
        QTest::addColumn<int>("ids");
        QTest::addColumn<int>("erased");  // of ten changes
        QTest::newRow("grows") << 100'000 << 1;
        QTest::newRow("few ids, dense") << 300 << 5;
        QTest::newRow("shrinks again and again") << 2'000 << 6;
    }
    void holdsWhatASortedListHolds() {
        QFETCH(const int, ids);
        QFETCH(const int, erased);
        TupleTree tree(std::make_shared<KeyDef>(std::vector<KeyPart>{{0, FieldType::Unsigned, false}}));
        Model model;
        std::vector<std::pair<TupleTree, Model>> pictures;
        Mutator chance(static_cast<std::uint64_t>(ids));
        for (int i = 0; i < fuzzRounds(20'000); ++i) {
            const std::uint64_t id = chance.below(static_cast<std::uint64_t>(ids));
            if (chance.below(10) < static_cast<std::uint64_t>(erased)) {
                const TuplePtr gone = tree.erase(*tupleOf(id, 0));
                QCOMPARE(gone != nullptr, model.erase(id) == 1);
            } else {
                const std::uint64_t value = chance.below(1'000'000);
                const TuplePtr replaced = tree.insert(tupleOf(id, value));
                const auto [at, isNew] = model.insert_or_assign(id, value);
                QCOMPARE(replaced == nullptr, isNew);
            }
            QCOMPARE(tree.size(), model.size());
            if (chance.below(1'000) == 0) {
                pictures.emplace_back(tree, model);
                if (pictures.size() > 5) pictures.erase(pictures.begin());
            }
            if (i % 97 == 0) {
                const std::uint64_t from = chance.below(static_cast<std::uint64_t>(ids));
                for (const bool back : {false, true}) {
                    for (const bool inclusive : {false, true}) {
                        QVERIFY(walked(tree, from, back, inclusive) == expected(model, from, back, inclusive));
                    }
                }
            }
        }
        QVERIFY(contentOf(tree) == model);
        for (const auto& [picture, then] : pictures) {
            QVERIFY2(contentOf(picture) == then, "a picture changed");
            QCOMPARE(picture.size(), then.size());
        }
        for (const auto& [id, value] : Model(model)) QVERIFY(tree.erase(*tupleOf(id, value)) != nullptr);
        QCOMPARE(tree.size(), std::size_t{0});
        QVERIFY(tree.find(*tupleOf(1, 1)) == nullptr);
    }

    void ordersByAllParts() {
        // A secondary key that is not unique: the primary key behind it makes the order total.
        const std::vector<KeyPart> primary{{0, FieldType::Unsigned, false}};
        TupleTree tree(std::make_shared<KeyDef>(std::vector<KeyPart>{{1, FieldType::Unsigned, false}}, primary));
        for (std::uint64_t id = 0; id < 100; ++id) tree.insert(tupleOf(99 - id, id % 3));
        QCOMPARE(tree.size(), std::size_t{100});
        Bytes key;
        MsgpackWriter(key).unsignedInteger(1);
        const TuplePtr first = tree.findKey({key});
        QVERIFY(first != nullptr);
        QCOMPARE(numberOf(*first, 1), std::uint64_t{1});
        QCOMPARE(numberOf(*first, 0), std::uint64_t{2});
    }
};
TRIBUTARY_TEST(TestTupleTree)
#include "tst_tupletree.moc"
