// Spaces: refusals in Tarantool's words, unique keys, transactions, pictures, and the bound on memory.
#include "engine/systems/tarantool/data/treeunit.h"

#include <functional>

#include "engine/systems/tarantool/console/consoleyaml.h"
#include "fuzzing.h"
#include "mutator.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::tarantool;
using namespace tributary::test;

namespace {

/// {1, 'a', nil} from readable pieces: numbers, texts in quotes, nil, true, arrays in brackets.
Bytes packed(std::string_view text, std::size_t& at) {
    Bytes out;
    MsgpackWriter writer(out);
    const auto skip = [&] {
        while (at < text.size() && (text[at] == ' ' || text[at] == ',')) ++at;
    };
    skip();
    if (text[at] == '{') {
        ++at;
        std::vector<Bytes> items;
        for (skip(); text[at] != '}'; skip()) items.push_back(packed(text, at));
        ++at;
        return arrayOf(items);
    }
    if (text[at] == '\'') {
        const std::size_t end = text.find('\'', at + 1);
        writer.string(text.substr(at + 1, end - at - 1));
        at = end + 1;
        return out;
    }
    const std::size_t end = std::min(text.find_first_of(",} ", at), text.size());
    const std::string word(text.substr(at, end - at));
    at = end;
    if (word == "nil") {
        writer.nil();
    } else if (word == "true") {
        writer.boolean(true);
    } else if (word.find('.') != std::string::npos) {
        writer.real(std::stod(word));
    } else {
        writer.integer(std::stoll(word));
    }
    return out;
}

Bytes packed(std::string_view text) {
    std::size_t at = 0;
    return packed(text, at);
}

QString shown(const Effect& effect) {
    if (const auto* failure = std::get_if<BoxFailure>(&effect)) return QString::fromStdString(failure->message);
    const TuplePtr& tuple = std::get<TuplePtr>(effect);
    if (tuple == nullptr) return QStringLiteral("nothing");
    ConsoleYaml yaml;
    yaml.value(tuple->bytes(), ConsoleYaml::Style::Flow);
    return QString::fromStdString(yaml.finish()).section(QLatin1Char('\n'), 1, 1).mid(2);
}

QString shown(const std::optional<BoxFailure>& failure) {
    return failure ? QString::fromStdString(failure->message) : QStringLiteral("ok");
}

/// A space 'p' as in the statements that were tried on a real 2.6.0.
struct World {
    explicit World(TreeUnit::Options options = {}) : unit(options) {
        (void)unit.createSpace("p", id);
        (void)unit.setFormat(
            id, {{"id", FieldType::Unsigned, false}, {"n", FieldType::String, false}, {"o", FieldType::Integer, true}});
        (void)unit.addIndex(id, {0, "pk", IndexKind::Tree, true, {{0, FieldType::Unsigned, false}}});
    }
    [[nodiscard]] QStringList selected(std::string_view key, Iterator iterator, std::uint32_t index = 0) const {
        QStringList rows;
        const auto failure =
            Space::select(*unit.space(id)->index(index), packed(key), iterator, [&](const TuplePtr& one) {
                rows << shown(Effect(one));
                return true;
            });
        if (failure) rows << shown(failure);
        return rows;
    }

    TreeUnit unit;
    std::uint32_t id = 0;
};

using Act = std::function<QString(World&)>;

}  // namespace

class TestTreeUnit : public QObject {
    Q_OBJECT
private slots:
    void refusesInTarantoolsWords_data() {
        QTest::addColumn<Act>("act");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* name, const Act& act, const char* said) {
            QTest::newRow(name) << act << QString::fromUtf8(said);
        };
        const auto insert = [&row](const char* tuple, const char* said) {
            row(
                tuple, [tuple](World& world) { return shown(world.unit.insert(world.id, packed(tuple))); }, said);
        };
        const auto update = [&row](const char* operations, const char* said) {
            row(
                operations,
                [operations](World& world) {
                    (void)world.unit.insert(world.id, packed("{1, 'a', 7}"));
                    return shown(world.unit.update(world.id, 0, packed("{1}"), packed(operations)));
                },
                said);
        };
        insert("{1, 'a'}", "[1, 'a']");
        insert("{1, 'a', nil}", "[1, 'a', null]");
        insert("{3, 'b', 7, 'extra'}", "[3, 'b', 7, 'extra']");
        insert("{'x', 'a'}", "Tuple field 1 type does not match one required by operation: expected unsigned");
        insert("{2}", "Tuple field 2 required by space format is missing");
        insert("{}", "Tuple field 1 required by space format is missing");
        insert("5", "Tuple/Key must be MsgPack array");
        insert("{2, 'b', 'c'}", "Tuple field 3 type does not match one required by operation: expected integer");
        insert("{2, nil}", "Tuple field 2 type does not match one required by operation: expected string");
        update("{{'=', 2, 'zz'}}", "[1, 'zz', 7]");
        update("{{'=', 'n', 'zz'}, {'+', 3, 5}}", "[1, 'zz', 12]");
        update("{{'=', -1, 9}}", "[1, 'a', 9]");
        update("{{'=', 4, 9}}", "[1, 'a', 7, 9]");
        update("{{'!', 3, 1}}", "[1, 'a', 1, 7]");
        update("{{'!', -1, 'e'}}", "[1, 'a', 7, 'e']");
        update("{{'#', 3, 1}}", "[1, 'a']");
        update("{{'-', 3, 10}}", "[1, 'a', -3]");
        update("{{'&', 3, 3}, {'|', 3, 8}, {'^', 3, 1}}", "[1, 'a', 10]");
        update("{{':', 2, 1, 1, 'xyz'}}", "[1, 'xyz', 7]");
        update("{{'=', 1, 9}}", "Attempt to modify a tuple field which is part of index 'pk' in space 'p'");
        update("{{'=', 'nosuch', 9}}", "Field 'nosuch' was not found in the tuple");
        update("{{'=', 7, 9}}", "Field 7 was not found in the tuple");
        update("{{'+', 2, 1}}",
               "Argument type in operation '+' on field 2 does not match field type: expected a number");
        update("{{'?', 2, 1}}", "Unknown UPDATE operation #1: \"?\"");
        update("{{'#', 2, 2}}", "Tuple field 2 required by space format is missing");
        const auto key = [&row](const char* text, const char* said) {
            row(
                text,
                [text](World& world) {
                    (void)world.unit.insert(world.id, packed("{1, 'a'}"));
                    return shown(world.unit.get(world.id, 0, packed(text)));
                },
                said);
        };
        key("{1}", "[1, 'a']");
        key("{77}", "nothing");
        key("{'x'}", "Supplied key type of part 0 does not match index part type: expected unsigned");
        key("{1, 2}", "Invalid key part count in an exact match (expected 1, got 2)");
        row(
            "no index", [](World& world) { return shown(world.unit.get(world.id, 5, packed("{1}"))); },
            "No index #5 is defined in space 'p'");
        row(
            "no space", [](World& world) { return shown(world.unit.insert(999, packed("{1}"))); },
            "Space '999' does not exist");
        row(
            "twice",
            [](World& world) {
                (void)world.unit.insert(world.id, packed("{1, 'a'}"));
                return shown(world.unit.insert(world.id, packed("{1, 'b'}")));
            },
            "Duplicate key exists in unique index 'pk' in space 'p'");
        row(
            "space exists", [](World& world) { return shown(world.unit.createSpace("p", world.id)); },
            "Space 'p' already exists");
        row(
            "space without a name", [](World& world) { return shown(world.unit.createSpace("", world.id)); },
            "Invalid identifier '' (expected printable symbols only or it is too long)");
        row(
            "index exists",
            [](World& world) {
                return shown(
                    world.unit.addIndex(world.id, {1, "pk", IndexKind::Tree, true, {{0, FieldType::Unsigned}}}));
            },
            "Index 'pk' already exists");
        row(
            "partial hash key",
            [](World& world) {
                (void)world.unit.addIndex(
                    world.id, {1, "h", IndexKind::Hash, true, {{0, FieldType::Unsigned}, {1, FieldType::String}}});
                return world.selected("{1}", Iterator::Eq, 1).join(QLatin1Char(' '));
            },
            "HASH index  does not support selects via a partial key (expected 2 parts, got 1). Please Consider "
            "changing "
            "index type to TREE.");
        row(
            "format that does not fit what is in",
            [](World& world) {
                (void)world.unit.insert(world.id, packed("{1, 'a', 5}"));
                return shown(world.unit.setFormat(world.id, {{"id", FieldType::Unsigned, false},
                                                             {"n", FieldType::String, false},
                                                             {"o", FieldType::String, false}}));
            },
            "Tuple field 3 type does not match one required by operation: expected string");
    }
    void refusesInTarantoolsWords() {
        QFETCH(const Act, act);
        QFETCH(const QString, said);
        World world;
        QCOMPARE(act(world), said);
    }

    void walksInEveryDirection_data() {
        QTest::addColumn<int>("iterator");
        QTest::addColumn<QString>("ids");
        const auto row = [](const char* name, Iterator iterator, const char* ids) {
            QTest::newRow(name) << static_cast<int>(iterator) << QString::fromLatin1(ids);
        };
        row("eq", Iterator::Eq, "3");
        row("req", Iterator::Req, "3");
        row("ge", Iterator::Ge, "3 4 5");
        row("gt", Iterator::Gt, "4 5");
        row("le", Iterator::Le, "3 2 1");
        row("lt", Iterator::Lt, "2 1");
        row("all", Iterator::All, "1 2 3 4 5");
    }
    void walksInEveryDirection() {
        QFETCH(const int, iterator);
        QFETCH(const QString, ids);
        World world;
        for (const char* tuple : {"{4, 'd'}", "{1, 'a'}", "{5, 'e'}", "{3, 'c'}", "{2, 'b'}"}) {
            (void)world.unit.insert(world.id, packed(tuple));
        }
        QStringList found;
        for (const QString& row : world.selected("{3}", static_cast<Iterator>(iterator))) found << row.mid(1, 1);
        QCOMPARE(found.join(QLatin1Char(' ')), ids);
    }

    void keepsSecondaryKeysUnique() {
        World world;
        (void)world.unit.addIndex(world.id, {1, "n", IndexKind::Tree, true, {{1, FieldType::String, false}}});
        (void)world.unit.addIndex(world.id, {2, "o", IndexKind::Tree, true, {{2, FieldType::Integer, true}}});
        (void)world.unit.insert(world.id, packed("{1, 'a', 5}"));
        QCOMPARE(shown(world.unit.insert(world.id, packed("{2, 'a', 6}"))),
                 QStringLiteral("Duplicate key exists in unique index 'n' in space 'p'"));
        QCOMPARE(shown(world.unit.replace(world.id, packed("{2, 'b', 5}"))),
                 QStringLiteral("Duplicate key exists in unique index 'o' in space 'p'"));
        // Nil is equal to nothing.
        QCOMPARE(shown(world.unit.insert(world.id, packed("{2, 'b', nil}"))), QStringLiteral("[2, 'b', null]"));
        QCOMPARE(shown(world.unit.insert(world.id, packed("{3, 'c'}"))), QStringLiteral("[3, 'c']"));
        QCOMPARE(shown(world.unit.replace(world.id, packed("{1, 'z', 5}"))), QStringLiteral("[1, 'z', 5]"));
        QCOMPARE(
            world.selected("{}", Iterator::All, 1),
            QStringList({QStringLiteral("[2, 'b', null]"), QStringLiteral("[3, 'c']"), QStringLiteral("[1, 'z', 5]")}));
        QCOMPARE(shown(world.unit.remove(world.id, 1, packed("{'b'}"))), QStringLiteral("[2, 'b', null]"));
    }

    void takesTransactionsBackWhole() {
        World world;
        (void)world.unit.addIndex(world.id, {1, "n", IndexKind::Tree, true, {{1, FieldType::String, false}}});
        (void)world.unit.insert(world.id, packed("{1, 'a'}"));
        const QStringList before = world.selected("{}", Iterator::All);
        const std::size_t bytes = world.unit.memoryBytes();
        const std::uint64_t rows = world.unit.rows();
        QVERIFY(!world.unit.begin());
        QCOMPARE(shown(world.unit.begin()),
                 QStringLiteral("Operation is not permitted when there is an active transaction "));
        (void)world.unit.insert(world.id, packed("{2, 'b'}"));
        (void)world.unit.replace(world.id, packed("{1, 'c'}"));
        (void)world.unit.remove(world.id, 0, packed("{2}"));
        (void)world.unit.insert(world.id, packed("{2, 'a'}"));
        QCOMPARE(shown(world.unit.addIndex(world.id, {})),
                 QStringLiteral("Operation is not permitted when there is an active transaction "));
        world.unit.rollback();
        QCOMPARE(world.selected("{}", Iterator::All), before);
        QCOMPARE(world.selected("{}", Iterator::All, 1), before);
        QCOMPARE(world.unit.memoryBytes(), bytes);
        QCOMPARE(world.unit.rows(), rows);
    }

    void picturesStandStill() {
        World world;
        for (int i = 0; i < 500; ++i) {
            (void)world.unit.insert(world.id, packed("{" + std::to_string(i) + ", 'x'}"));
        }
        const TreeUnit::Picture picture = world.unit.frozen();
        for (int i = 0; i < 500; i += 2) (void)world.unit.remove(world.id, 0, packed("{" + std::to_string(i) + "}"));
        (void)world.unit.replace(world.id, packed("{1, 'changed'}"));
        QCOMPARE(picture.at(world.id).primary()->tree.size(), std::size_t{500});
        Bytes key;
        MsgpackWriter(key).unsignedInteger(1);
        QCOMPARE(shown(Effect(picture.at(world.id).primary()->tree.findKey({key}))), QStringLiteral("[1, 'x']"));
        QCOMPARE(world.unit.space(world.id)->primary()->tree.size(), std::size_t{250});
    }

    void refusesBeyondItsMemory() {
        TreeUnit::Options options;
        options.memoryBytesMax = 20'000;
        World world(options);
        int taken = 0;
        QString said;
        for (; taken < 1'000; ++taken) {
            const Effect effect = world.unit.insert(world.id, packed("{" + std::to_string(taken) + ", 'some text'}"));
            if (std::holds_alternative<BoxFailure>(effect)) {
                said = shown(effect);
                break;
            }
        }
        QVERIFY(taken > 50 && taken < 1'000);
        QVERIFY2(said.startsWith(QLatin1String("Failed to allocate ")), qPrintable(said));
        QVERIFY(said.endsWith(QLatin1String(" bytes in slab allocator for memtx_tuple")));
        QVERIFY(world.unit.memoryBytes() <= options.memoryBytesMax);
        (void)world.unit.remove(world.id, 0, packed("{0}"));
        QCOMPARE(shown(world.unit.insert(world.id, packed("{5000, 'some text'}"))),
                 QStringLiteral("[5000, 'some text']"));
        QVERIFY(!world.unit.dropSpace(world.id));
        QCOMPARE(world.unit.memoryBytes(), std::size_t{0});
    }

    void countsRowsAsALogWould() {
        // The space (2), its format, its index: four rows before the first insert.
        World world;
        QCOMPARE(world.unit.rows(), std::uint64_t{4});
        (void)world.unit.insert(world.id, packed("{1, 'a'}"));
        (void)world.unit.insert(world.id, packed("{2, 'b'}"));
        QCOMPARE(world.unit.rows(), std::uint64_t{6});
    }

    void comparesNumbersByValue_data() {
        QTest::addColumn<QString>("left");
        QTest::addColumn<QString>("right");
        QTest::addColumn<int>("order");
        const auto row = [](const char* left, const char* right, int order) {
            QTest::newRow(qPrintable(QStringLiteral("%1 %2").arg(QLatin1String(left), QLatin1String(right))))
                << QString::fromLatin1(left) << QString::fromLatin1(right) << order;
        };
        row("1", "1.0", 0);
        row("1", "1.5", -1);
        row("-1", "-1.5", 1);
        row("9007199254740993", "9007199254740992.0", 1);
        row("-9223372036854775807", "-9223372036854775808.0", 1);
        row("0", "-0.5", 1);
        row("nil", "0", -1);
        row("true", "0", -1);
        row("'a'", "7", 1);
        row("'a'", "'b'", -1);
        row("2", "10", -1);
    }
    void comparesNumbersByValue() {
        QFETCH(const QString, left);
        QFETCH(const QString, right);
        QFETCH(const int, order);
        const Bytes a = packed(left.toStdString());
        const Bytes b = packed(right.toStdString());
        QCOMPARE(compareValues(a, b), order);
        QCOMPARE(compareValues(b, a), -order);
        QCOMPARE(compareValues(a, a), 0);
    }

    void comparesDecimalsWithOtherNumbers() {
        const auto decimal = [](const char* text) {
            Bytes out;
            MsgpackWriter(out).extension(kDecimalExtension, Decimal::parse(text)->encode());
            return out;
        };
        QCOMPARE(compareValues(decimal("1.5"), packed("1.5")), 0);
        QCOMPARE(compareValues(decimal("1.5"), packed("2")), -1);
        QCOMPARE(compareValues(packed("2"), decimal("1.5")), 1);
        QCOMPARE(compareValues(decimal("1e20"), packed("9223372036854775807")), 1);
        Bytes huge;
        MsgpackWriter(huge).real(1e300);
        QCOMPARE(compareValues(decimal("1"), huge), -1);
        QCOMPARE(compareValues(huge, decimal("1")), 1);
    }

    void survivesDamagedStatements() {
        World world;
        Mutator mutator(29);
        const Bytes tuple = packed("{1, 'a', 7}");
        const Bytes operations = packed("{{'=', 2, 'zz'}, {'+', 3, 5}, {':', 2, 1, 1, 'x'}, {'#', 4, 1}, {'!', 3, 1}}");
        for (int i = 0; i < fuzzRounds(10'000); ++i) {
            (void)world.unit.replace(world.id, mutator.damaged(tuple));
            (void)world.unit.update(world.id, 0, mutator.damaged(packed("{1}")), mutator.damaged(operations));
            (void)world.unit.upsert(world.id, mutator.damaged(tuple), mutator.damaged(operations));
        }
        // Whatever was let in fits.
        for (const QString& row : world.selected("{}", Iterator::All)) QVERIFY2(row.startsWith(u'['), qPrintable(row));
    }
};
TRIBUTARY_TEST(TestTreeUnit)
#include "tst_treeunit.moc"
