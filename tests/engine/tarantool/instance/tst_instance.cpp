// An instance on a node: what statements answer, what is numbered, what survives.
#include <array>

#include "engine/systems/tarantool/data/localbox.h"
#include "instanceworld.h"
#include "testmain.h"
#include "tests/engine/tarantool/fuzzing.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::tarantool;
using namespace tributary::test;

namespace {

const char* const kNothing = "---\n...\n";

std::string refusal(const std::string& message) {
    return "---\n- error: " + message + "\n...\n";
}

Bytes number(std::uint64_t value) {
    Bytes out;
    MsgpackWriter(out).unsignedInteger(value);
    return out;
}

Bytes text(std::string_view value) {
    Bytes out;
    MsgpackWriter(out).string(value);
    return out;
}

/// The space of the tutorial, with its first two rows.
void makeBands(InstanceWorld& world) {
    (void)world.lua("box.schema.space.create('bands')");
    (void)world.lua(
        "box.space.bands:format({ { name = 'id', type = 'unsigned' }, { name = 'band_name', type = 'string' }, "
        "{ name = 'year', type = 'unsigned' } })");
    (void)world.lua("box.space.bands:create_index('primary', { parts = { 'id' } })");
    (void)world.lua("box.space.bands:insert { 1, 'Roxette', 1986 }");
    (void)world.lua("box.space.bands:insert { 2, 'Scorpions', 1965 }");
}

}  // namespace

class TestInstance : public QObject {
    Q_OBJECT
private slots:
    void bootstrapsOnceAndCountsItsOwnRows() {
        InstanceWorld world;
        QCOMPARE(world.lua("box.info.vclock"), std::string("---\n- {1: 6}\n...\n"));
        QCOMPARE(world.lua("box.space._cluster:select()"),
                 std::string("---\n- - [1, '4cfa6e3c-625e-b027-00a7-29b2f2182f23', 'instance002']\n...\n"));
        QCOMPARE(world.lua("box.info.ro"), std::string("---\n- false\n...\n"));
        QCOMPARE(world.lua("box.info.status"), std::string("---\n- running\n...\n"));
        world.begin();
        world.powerCut();
        QCOMPARE(world.lua("box.info.vclock"), std::string("---\n- {1: 6}\n...\n"));
        QCOMPARE(world.lua("box.space._user.index.name:get('replicator')[1]"), std::string("---\n- 32\n...\n"));
    }
    void answersAsLoadingUntilItHasBegun() {
        InstanceWorld world(false);
        QCOMPARE(world.lua("box.space.bands"), std::string("---\n- null\n...\n"));
        QCOMPARE(world.lua("box.schema.space.create('bands')"), refusal("Instance bootstrap hasn't finished yet"));
        QCOMPARE(world.lua("box.info.status"), std::string("---\n- loading\n...\n"));
    }
    void tutorialCountsAsThePageDoes() {
        InstanceWorld world;
        const std::string created = world.lua("box.schema.space.create('bands')");
        QVERIFY2(created.find("id: 512") != std::string::npos, created.c_str());
        QCOMPARE(world.lua("box.space.bands:format({ { name = 'id', type = 'unsigned' }, { name = 'band_name', type = "
                           "'string' }, { name = 'year', type = 'unsigned' } })"),
                 std::string(kNothing));
        const std::string index = world.lua("box.space.bands:create_index('primary', { parts = { 'id' } })");
        QVERIFY2(index.find("name: primary") != std::string::npos, index.c_str());
        QCOMPARE(world.lua("box.space.bands:insert { 1, 'Roxette', 1986 }"),
                 std::string("---\n- [1, 'Roxette', 1986]\n...\n"));
        QCOMPARE(world.lua("box.space.bands:insert { 2, 'Scorpions', 1965 }"),
                 std::string("---\n- [2, 'Scorpions', 1965]\n...\n"));
        QCOMPARE(world.lua("box.info.vclock"), std::string("---\n- {1: 11}\n...\n"));  // five more
        QCOMPARE(world.lua("box.space.bands:select()"),
                 std::string("---\n- - [1, 'Roxette', 1986]\n  - [2, 'Scorpions', 1965]\n...\n"));
    }
    void duplicateIsRefusedWithBothTuplesAndTakesNoNumber() {
        InstanceWorld world;
        makeBands(world);
        QCOMPARE(
            world.lua("box.space.bands:insert { 2, 'incorrect data', 0 }"),
            refusal("Duplicate key exists in unique index \"primary\" in space \"bands\" with old\n    tuple - [2, "
                    "\"Scorpions\", 1965] and new tuple - [2, \"incorrect data\", 0]"));
        QCOMPARE(world.lua("box.info.lsn"), std::string("---\n- 11\n...\n"));
        QCOMPARE(world.lua("box.space.bands:delete(7)"), std::string(kNothing));
        QCOMPARE(world.lua("box.info.lsn"), std::string("---\n- 11\n...\n"));
        QCOMPARE(world.lua("box.space.bands:insert { 'x', 'wrong', 1 }"),
                 refusal("'Tuple field 1 type does not match one required by operation: expected unsigned'"));
    }
    void everyIndexIsOrderedUniqueAndBuiltOverWhatIsThere() {
        InstanceWorld world;
        makeBands(world);
        (void)world.lua("box.space.bands:create_index('name', { parts = { 'band_name' } })");
        (void)world.lua("box.space.bands:create_index('year', { parts = { 'year' }, unique = false })");
        QCOMPARE(world.lua("box.space.bands:insert { 9, 'Roxette', 2000 }"),
                 refusal("Duplicate key exists in unique index \"name\" in space \"bands\" with old tuple\n    - [1, "
                         "\"Roxette\", 1986] and new tuple - [9, \"Roxette\", 2000]"));
        (void)world.lua("box.space.bands:insert { 3, 'The Beatles', 1965 }");
        QCOMPARE(world.lua("box.space.bands.index.year:select(1965)"),
                 std::string("---\n- - [2, 'Scorpions', 1965]\n  - [3, 'The Beatles', 1965]\n...\n"));
        QCOMPARE(world.lua("box.space.bands.index.year:select(1965, {iterator = 'GT'})"),
                 std::string("---\n- - [1, 'Roxette', 1986]\n...\n"));
        QCOMPARE(world.lua("box.space.bands.index.name:max()"), std::string("---\n- [3, 'The Beatles', 1965]\n...\n"));
        (void)world.lua("box.space.bands.index.name:update('Roxette', {{'=', 'year', 1964}})");
        QCOMPARE(world.lua("box.space.bands.index.year:min()"), std::string("---\n- [1, 'Roxette', 1964]\n...\n"));
        (void)world.lua("box.space.bands:create_index('bad', { parts = { 'year' } })");
        QCOMPARE(world.lua("box.space.bands.index.bad"), std::string("---\n- null\n...\n"));
        (void)world.lua("box.space.bands:delete(2)");
        QCOMPARE(world.lua("box.space.bands.index.year:count(1965)"), std::string("---\n- 1\n...\n"));
        (void)world.lua("box.space.bands:truncate()");
        QCOMPARE(world.lua("box.space.bands.index.name:len()"), std::string("---\n- 0\n...\n"));
        (void)world.lua("box.space.bands:insert { 1, 'Roxette', 1986 }");
        QCOMPARE(world.lua("box.space.bands:drop()"), std::string(kNothing));
        QCOMPARE(world.lua("box.space.bands"), std::string("---\n- null\n...\n"));
        QCOMPARE(world.lua("box.space._index:count(512)"), std::string("---\n- 0\n...\n"));
    }
    void transactionIsOneEntryOrNothing() {
        InstanceWorld world;
        makeBands(world);
        const Lsn before = world.host().node().log().headLsn();
        QCOMPARE(world.lua("box.begin() box.space.bands:insert{3, 'Ace of Base', 1987} "
                           "box.space.bands:insert{4, 'The Beatles', 1960} local n = box.space.bands:count() "
                           "box.commit() return n"),
                 std::string("---\n- 4\n...\n"));
        QCOMPARE(world.host().node().log().headLsn(), before + 1);
        QCOMPARE(world.lua("box.info.lsn"), std::string("---\n- 13\n...\n"));
        QCOMPARE(world.lua("box.begin() box.space.bands:delete(1) box.rollback() return box.space.bands:count()"),
                 std::string("---\n- 4\n...\n"));
        QCOMPARE(
            world.lua("box.atomic(function() box.space.bands:delete(1) box.space.bands:insert{2, 'x', 1} end)"),
            refusal("Duplicate key exists in unique index \"primary\" in space \"bands\" with old\n    tuple - [2, "
                    "\"Scorpions\", 1965] and new tuple - [2, \"x\", 1]"));
        QCOMPARE(world.lua("box.space.bands:get(1)"), std::string("---\n- [1, 'Roxette', 1986]\n...\n"));
    }
    void transactionThatAnotherWriterMadeImpossibleIsRefusedWhole() {
        InstanceWorld world;
        makeBands(world);
        QCOMPARE(world.lua("box.begin() box.space.bands:insert{7, 'mine', 1} box.space.bands:insert{8, 'mine', 1}"),
                 std::string(kNothing));
        world.session = 2;
        QCOMPARE(world.lua("box.space.bands:insert{8, 'theirs', 1}"), std::string("---\n- [8, 'theirs', 1]\n...\n"));
        world.session = 1;
        const std::string answer = world.lua("box.commit()");
        QVERIFY2(answer.find("Duplicate key") != std::string::npos, answer.c_str());
        QCOMPARE(world.lua("box.space.bands:get(7)"), std::string(kNothing));
        QCOMPARE(world.lua("box.is_in_txn()"), std::string("---\n- false\n...\n"));
    }
    void everythingSurvivesALossOfPower() {
        InstanceWorld world;
        makeBands(world);
        (void)world.lua("box.space.bands:create_index('year', { parts = { 'year' }, unique = false })");
        for (int i = 10; i < 60; ++i) {
            (void)world.lua(fmt::format("box.space.bands:insert{{{}, 'band {}', {}}}", i, i, 2000 - i));
        }
        const std::string rows = world.lua("box.space.bands.index.year:select()");
        const std::string clock = world.lua("box.info.vclock");
        world.powerCut();
        QCOMPARE(world.lua("box.space.bands.index.year:select()"), rows);
        QCOMPARE(world.lua("box.info.vclock"), clock);
        QCOMPARE(world.lua("box.space.bands:len()"), std::string("---\n- 52\n...\n"));
        // Numbers go on where they were.
        (void)world.lua("box.space.bands:insert{99, 'next', 1}");
        QCOMPARE(world.lua("box.info.lsn"), std::string("---\n- 63\n...\n"));
    }
    void readOnlyInstanceRefusesWritesUntilItsConfigurationSaysOtherwise() {
        InstanceWorld world;
        makeBands(world);
        InstanceOptionsOf options(world);
        options.value.isReadOnly = true;
        world.configured = options.value;
        QCOMPARE(world.lua("require('config'):reload()"), std::string(kNothing));
        QCOMPARE(world.lua("box.info.ro"), std::string("---\n- true\n...\n"));
        QCOMPARE(world.lua("box.space.bands:insert{3, 'x', 1}"),
                 refusal("Can't modify data on a read-only instance - box.cfg.read_only is true"));
        // What cannot be read changes nothing.
        world.configured = Error{ErrorCode::InvalidInput, "no map", "config.yaml:1:1", {}};
        const std::string refused = world.lua("require('config'):reload()");
        QVERIFY2(refused.find("config.yaml:1:1: no map") != std::string::npos, refused.c_str());
        QCOMPARE(world.lua("require('config'):info().status"), std::string("---\n- check_errors\n...\n"));
        QCOMPARE(world.lua("box.info.ro"), std::string("---\n- true\n...\n"));
        options.value.isReadOnly = false;
        world.configured = options.value;
        QCOMPARE(world.lua("require('config'):reload()"), std::string(kNothing));
        QCOMPARE(world.lua("box.space.bands:insert{3, 'x', 1}"), std::string("---\n- [3, 'x', 1]\n...\n"));
    }
    void systemSpacesStay() {
        InstanceWorld world;
        makeBands(world);
        QCOMPARE(world.lua("box.space._schema:drop()"),
                 refusal("Can't drop the primary key in a system space, space '_schema'"));
        QCOMPARE(world.lua("box.space._space:truncate()"), refusal("Can't truncate a system space, space '_space'"));
        QCOMPARE(world.lua("box.space.bands:count()"), std::string("---\n- 2\n...\n"));
    }
    void whatWasBegunBeforeTheInstanceBecameReadOnlyIsRefusedAtItsEnd() {
        InstanceWorld world;
        makeBands(world);
        QCOMPARE(world.lua("box.begin() box.space.bands:insert{3, 'x', 1}"), std::string(kNothing));
        InstanceOptionsOf options(world);
        options.value.isReadOnly = true;
        world.configured = options.value;
        QCOMPARE(world.lua("require('config'):reload()"), std::string(kNothing));
        QCOMPARE(world.lua("box.commit()"),
                 refusal("Can't modify data on a read-only instance - box.cfg.read_only is true"));
        QCOMPARE(world.lua("box.space.bands:count()"), std::string("---\n- 2\n...\n"));
    }
    void membersOfTheReplicaSetAreRowsWithRules() {
        InstanceWorld world;
        QCOMPARE(world.lua("box.space._cluster:insert{2, '9bb111c2-3ff5-36a7-00f4-2b9a573ea660', 'instance001'}"),
                 std::string("---\n- [2, '9bb111c2-3ff5-36a7-00f4-2b9a573ea660', 'instance001']\n...\n"));
        QCOMPARE(world.lua("box.info.replication"),
                 std::string("---\n- 1:\n    id: 1\n    uuid: 4cfa6e3c-625e-b027-00a7-29b2f2182f23\n    lsn: 7\n    "
                             "name: instance002\n  2:\n    id: 2\n    uuid: 9bb111c2-3ff5-36a7-00f4-2b9a573ea660\n    "
                             "lsn: 0\n    name: instance001\n...\n"));
        QCOMPARE(world.lua("box.info.vclock"), std::string("---\n- {1: 7}\n...\n"));
        QCOMPARE(world.lua("box.space._cluster:delete(1)"), refusal("The local instance id 1 is read-only"));
        QCOMPARE(world.lua("box.space._cluster:insert{32, '9a3a1b9b-8a18-baf6-00b3-a6e5e11fd8b6'}"),
                 refusal("'Replica count limit reached: 32'"));
        QCOMPARE(world.lua("box.space._cluster:delete(2)"),
                 std::string("---\n- [2, '9bb111c2-3ff5-36a7-00f4-2b9a573ea660', 'instance001']\n...\n"));
    }
    void schemaChangesAreTakenBackWithTheirTransaction() {
        InstanceWorld world;
        makeBands(world);
        QCOMPARE(world.lua("box.begin() box.space.bands:create_index('year', {parts = {'year'}, unique = false}) "
                           "box.space.bands:rename('groups') box.rollback() return box.space._index:count(512)"),
                 std::string("---\n- 1\n...\n"));
        QCOMPARE(world.lua("box.space._space.index.name:count('groups')"), std::string("---\n- 0\n...\n"));
        QCOMPARE(world.lua("box.begin() box.space.bands:drop() box.schema.space.create('bands') box.commit()"),
                 std::string(kNothing));
        QCOMPARE(world.lua("box.space.bands:insert{1}"), refusal("'No index #0 is defined in space ''bands'''"));
        QCOMPARE(world.lua("box.space._index:count(512)"), std::string("---\n- 0\n...\n"));
    }
    void answersAsTheBoxInMemoryDoes() {
        InstanceWorld world;
        LocalBox local({64U << 20U, 1U << 20U}, {}, {});
        sim::SimRandom random(7);
        const auto both = [&](std::string_view method, const Bytes& arguments) {
            const BoxAnswer ours = world.call(method, arguments);
            const BoxAnswer theirs = local.call(method, arguments);
            const auto* refused = std::get_if<BoxFailure>(&theirs);
            if (refused == nullptr) {
                return std::holds_alternative<Bytes>(ours) && std::get<Bytes>(ours) == std::get<Bytes>(theirs);
            }
            return std::holds_alternative<BoxFailure>(ours) && std::get<BoxFailure>(ours).code == refused->code;
        };
        QVERIFY(both("create_space", arrayOf({text("things")})));
        const Bytes id = number(512);
        const Bytes yes(1, '\xc3');
        const auto part = [](std::uint64_t field, std::string_view type) {
            return arrayOf({arrayOf({number(field), text(type), Bytes(1, '\xc0')})});
        };
        QVERIFY(both("create_index", arrayOf({id, text("pk"), text("TREE"), yes, part(1, "scalar")})));
        QVERIFY(both("create_index", arrayOf({id, text("two"), text("TREE"), yes, part(2, "number")})));
        const auto value = [&]() -> Bytes {
            const std::uint64_t drawn = random.below(12);
            if (random.oneIn(4)) return text(std::string(1, static_cast<char>('a' + drawn)));
            if (!random.oneIn(4)) return number(drawn);
            Bytes out;
            MsgpackWriter(out).real(static_cast<double>(drawn) / 2);
            return out;
        };
        const std::array<std::string_view, 7> iterators{"EQ", "REQ", "ALL", "LT", "LE", "GE", "GT"};
        for (std::uint64_t i = 0; i < 1'500; ++i) {
            const std::string round = std::to_string(i);
            const Bytes tuple = arrayOf({value(), value(), number(i)});
            const Bytes index = number(random.below(3));
            const Bytes key = arrayOf({value()});
            const Bytes set = arrayOf({arrayOf({text("="), number(2 + random.below(2)), value()})});
            const Bytes setThird = arrayOf({arrayOf({text("="), number(3), value()})});
            const Bytes keys = random.oneIn(5) ? arrayOf({}) : key;
            const Bytes iterator = text(iterators[random.below(iterators.size())]);
            bool isSame = false;
            switch (random.below(8)) {
                case 0:
                case 1: isSame = both("insert", arrayOf({id, tuple})); break;
                case 2: isSame = both("replace", arrayOf({id, tuple})); break;
                case 3: isSame = both("delete", arrayOf({id, index, key})); break;
                case 4: isSame = both("update", arrayOf({id, index, key, set})); break;
                case 5: isSame = both("upsert", arrayOf({id, tuple, setThird})); break;
                case 6: isSame = both("get", arrayOf({id, index, key})); break;
                default:
                    isSame = both("select", arrayOf({id, index, keys, iterator, number(0), number(50)})) &&
                             both("count", arrayOf({id, index, keys, iterator}));
            }
            QVERIFY2(isSame, round.c_str());
        }
        QVERIFY(both("len", arrayOf({id})));
    }
    void damagedCallsAreAnsweredAndStopNothing() {
        InstanceWorld world;
        makeBands(world);
        sim::SimRandom random(11);
        const Bytes whole = arrayOf({number(512), arrayOf({number(5), text("x"), number(7)}), arrayOf({number(1)}),
                                     text("GE"), number(0), number(5)});
        const std::array<std::string_view, 14> methods{"insert", "replace", "select",     "get",         "delete",
                                                       "update", "upsert",  "count",      "space",       "set_format",
                                                       "len",    "cfg",     "drop_index", "no such call"};
        const int rounds = fuzzRounds(3'000);
        for (int i = 0; i < rounds; ++i) {
            Bytes damaged = whole;
            for (std::uint64_t left = random.below(4); left > 0; --left) {
                damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
            }
            if (random.oneIn(3)) damaged.resize(random.below(damaged.size()));
            const BoxAnswer answer = world.call(methods[random.below(methods.size())], damaged);
            const auto* failure = std::get_if<BoxFailure>(&answer);
            QVERIFY(failure == nullptr || failure->code != 0);  // 0: nobody answered
        }
        QCOMPARE(world.lua("box.space._cluster:len()"), std::string("---\n- 1\n...\n"));
        QVERIFY(!world.host().node().failed());
    }

private:
    struct InstanceOptionsOf {
        explicit InstanceOptionsOf(InstanceWorld& world) : value(world.settings().options) {}
        InstanceOptions value;
    };
};

TRIBUTARY_TEST(TestInstance)
#include "tst_instance.moc"
