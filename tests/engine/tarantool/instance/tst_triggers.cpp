// before_replace and on_replace: what they make of rows, what is logged, and that none of them holds the instance up.
#include "engine/systems/tarantool/script/luatriggers.h"

#include "engine/systems/tarantool/instance/tupletext.h"
#include "instanceworld.h"
#include "testmain.h"

using namespace tributary::test;

namespace {

void withTriggers(tt::InstanceSettings& settings) {
    auto made = tt::makeLuaTriggers();
    if (!made) qFatal("%s", made.error().full().c_str());
    settings.triggers = std::move(made).value();
}

QString told(InstanceWorld& world, const QString& statement) {
    return QString::fromStdString(world.lua(statement.toStdString())).section(QStringLiteral("---\n"), 1).chopped(4);
}

/// [first space of users, before]: the arguments that list its triggers.
Bytes triggersOf() {
    Bytes out;
    tt::MsgpackWriter writer(out);
    writer.array(2);
    writer.unsignedInteger(tt::kFirstUserSpace);
    writer.string("before");
    return out;
}

}  // namespace

class TestTriggers : public QObject {
    Q_OBJECT
private slots:
    /// On a space with the row {1, 'old', 5}: what a statement says then, what is there, and how many numbers it took.
    void before_data() {
        QTest::addColumn<QString>("function");
        QTest::addColumn<QString>("statement");
        QTest::addColumn<QString>("answer");
        QTest::addColumn<QString>("rows");
        QTest::addColumn<int>("numbers");
        const auto row = [](const char* name, const char* function, const char* statement, const char* answer,
                            const char* rows, int numbers) {
            QTest::newRow(name) << QString::fromLatin1(function) << QString::fromLatin1(statement)
                                << QString::fromLatin1(answer) << QString::fromLatin1(rows) << numbers;
        };
        row("nothing returned", "function(old, new) end", "insert { 2, 'x' }", "- [2, 'x']\n",
            "- - [1, 'old', 5]\n  - [2, 'x']\n", 1);
        row("the same returned, a duplicate stays one", "function(old, new) return new end", "insert { 1, 'x' }",
            "- error: Duplicate key exists in unique index \"p\" in space \"t\" with old tuple - [1,\n    \"old\", 5] "
            "and "
            "new tuple - [1, \"x\"]\n",
            "- - [1, 'old', 5]\n", 0);
        row("the old one wins", "function(old, new) return old end", "insert { 1, 'x' }", "", "- - [1, 'old', 5]\n", 1);
        row("a new one wins", "function(old, new) return box.tuple.new { 1, 'made', 6 } end", "insert { 1, 'x' }",
            "- [1, 'made', 6]\n", "- - [1, 'made', 6]\n", 1);
        row("nil deletes", "function(old, new) return nil end", "replace { 1, 'x' }", "- [1, 'old', 5]\n", "- []\n", 1);
        row("nil of nothing", "function(old, new) return nil end", "insert { 2, 'x' }", "", "- - [1, 'old', 5]\n", 1);
        row("a delete is kept off", "function(old, new) return old end", "delete { 1 }", "", "- - [1, 'old', 5]\n", 1);
        row("an update", "function(old, new) if new then return box.tuple.new { 1, new[2], 9 } end end",
            "update({ 1 }, {{ '=', 2, 'y' }})", "- [1, 'y', 9]\n", "- - [1, 'y', 9]\n", 1);
        row("an upsert becomes a replace", "function(old, new) return box.tuple.new { new[1], 'made', new[3] } end",
            "upsert({ 1, 'x', 0 }, {{ '+', 3, 2 }})", "", "- - [1, 'made', 7]\n", 1);
        row("an upsert of a new row", "function(old, new) return box.tuple.new { new[1], 'made' } end",
            "upsert({ 2, 'x' }, {{ '=', 2, 'y' }})", "", "- - [1, 'old', 5]\n  - [2, 'made']\n", 1);
        row("an upsert becomes nothing", "function(old, new) return old end", "upsert({ 1, 'x' }, {{ '=', 2, 'y' }})",
            "", "- - [1, 'old', 5]\n", 1);
        row("an update becomes a delete", "function(old, new) return nil end", "update({ 1 }, {{ '=', 2, 'y' }})",
            "- [1, 'old', 5]\n", "- []\n", 1);
        row("a delete that finds nothing asks nobody", "function() error('asked', 0) end", "delete { 9 }", "",
            "- - [1, 'old', 5]\n", 0);
        row("it is told what happens", "function(old, new, space, op) return box.tuple.new { new[1], space, op } end",
            "insert { 7 }", "- [7, 't', 'INSERT']\n", "- - [1, 'old', 5]\n  - [7, 't', 'INSERT']\n", 1);
        row("an error", "function() error('no', 0) end", "insert { 2 }", "- error: 'no'\n", "- - [1, 'old', 5]\n", 0);
        row("no tuple", "function() return 5 end", "insert { 2 }",
            "- error: 'Invalid return value of space:before_replace trigger: expected tuple or\n    nil, got number'\n",
            "- - [1, 'old', 5]\n", 0);
        row("another key", "function(old, new) return box.tuple.new { 3 } end", "replace { 1 }",
            "- error: Attempt to modify a tuple field which is part of index 'p' in space 't'\n", "- - [1, 'old', 5]\n",
            0);
        row("for ever", "function() while true do end end", "insert { 2 }",
            "- error: the trigger took too long and was ended\n", "- - [1, 'old', 5]\n", 0);
        row("it catches its own end", "function() while true do pcall(function() while true do end end) end end",
            "insert { 2 }", "- error: the trigger took too long and was ended\n", "- - [1, 'old', 5]\n", 0);
        row("no spaces", "function() box.space.t:delete { 1 } end", "insert { 2 }", "", "- - [1, 'old', 5]\n", 0);
    }
    void before() {
        QFETCH(const QString, function);
        QFETCH(const QString, statement);
        QFETCH(const QString, answer);
        QFETCH(const QString, rows);
        QFETCH(const int, numbers);
        InstanceWorld world(true, InstanceWorld::kSegmentBytes, withTriggers);
        (void)world.lua("box.schema.space.create('t'):create_index('p')");
        (void)world.lua("box.space.t:insert { 1, 'old', 5 }");
        const QString set = told(world, QStringLiteral("box.space.t:before_replace(%1) and 'set'").arg(function));
        QCOMPARE(set, QStringLiteral("- set\n"));
        const int before = told(world, QStringLiteral("box.info.lsn")).mid(2).toInt();
        const QString said = told(world, QStringLiteral("box.space.t:%1").arg(statement));
        if (QLatin1String(QTest::currentDataTag()) == QLatin1String("no spaces")) {
            QVERIFY(said.startsWith(QStringLiteral("- error:")));
        } else {
            QCOMPARE(said, answer);
        }
        QCOMPARE(told(world, QStringLiteral("box.space.t:select()")), rows);
        QCOMPARE(told(world, QStringLiteral("box.info.lsn")).mid(2).toInt() - before, numbers);
        world.powerCut();
        QCOMPARE(told(world, QStringLiteral("box.space.t:select()")), rows);
    }
    void afterTakesBackWhatItRefuses() {
        InstanceWorld world(true, InstanceWorld::kSegmentBytes, withTriggers);
        (void)world.lua("box.schema.space.create('t'):create_index('p')");
        (void)world.lua(
            "box.space.t:on_replace(function(old, new) if new and new[1] > 5 then error('too many', 0) end end)");
        QCOMPARE(told(world, QStringLiteral("box.space.t:insert { 1 }")), QStringLiteral("- [1]\n"));
        QCOMPARE(told(world, QStringLiteral("box.space.t:insert { 6 }")), QStringLiteral("- error: too many\n"));
        QCOMPARE(
            told(world, QStringLiteral("box.begin() box.space.t:insert { 2 } box.space.t:insert { 3 } box.commit()")),
            QString());
        QCOMPARE(told(world, QStringLiteral("box.space.t:select()")), QStringLiteral("- - [1]\n  - [2]\n  - [3]\n"));
    }
    /// What one of several at once is refused for, or has become, concerns no other.
    void inAGroupEachIsAskedByItself() {
        InstanceWorld world(true, InstanceWorld::kSegmentBytes, withTriggers);
        world.host().faults().countReached(true);
        (void)world.lua("box.schema.space.create('t'):create_index('p')");
        (void)world.lua("box.space.t:create_index('name', { unique = true, parts = { 2, 'string' } })");
        (void)world.lua(
            "box.space.t:before_replace(function(old, new) "
            "if new[1] == 3 then return old end return box.tuple.new { new[1], new[2] .. '!' } end)");
        (void)world.lua("box.space.t:on_replace(function(old, new) if new[1] > 5 then error('too many', 0) end end)");
        const engine::Lsn before = world.host().node().log().headLsn();
        std::vector<std::string> answers(5);
        std::size_t answered = 0;
        const auto insert = [&](std::size_t at, std::uint64_t id, std::string_view name) {
            Bytes arguments;
            tt::MsgpackWriter writer(arguments);
            writer.array(2);
            writer.unsignedInteger(tt::kFirstUserSpace);
            writer.array(2);
            writer.unsignedInteger(id);
            writer.string(name);
            world.control().call(1, "insert", arguments, [&, at](const tt::BoxAnswer& given) {
                const auto* failure = std::get_if<tt::BoxFailure>(&given);
                answers[at] = failure == nullptr ? tt::tupleText(std::get<Bytes>(given)) : failure->message;
                ++answered;
            });
        };
        insert(0, 1, "a");
        insert(1, 6, "b");
        insert(2, 2, "b");
        insert(3, 3, "c");
        insert(4, 4, "b");
        QVERIFY(world.run([&] { return answered == answers.size(); }));
        QCOMPARE(answers[0], std::string("[[1, \"a!\"]]"));
        QCOMPARE(answers[1], std::string("too many"));
        QCOMPARE(answers[2], std::string("[[2, \"b!\"]]"));
        QCOMPARE(answers[3], std::string("[]"));
        QVERIFY2(QString::fromStdString(answers[4]).startsWith(QStringLiteral("Duplicate key")), answers[4].c_str());
        QVERIFY(world.host().faults().reach().contains("write-group"));
        QCOMPARE(world.host().node().log().headLsn(), before + 1);
        const QString rows = QStringLiteral("- - [1, 'a!']\n  - [2, 'b!']\n");
        QCOMPARE(told(world, QStringLiteral("box.space.t:select()")), rows);
        QCOMPARE(told(world, QStringLiteral("box.space.t.index.name:count()")), QStringLiteral("- 2\n"));
        world.powerCut();
        QCOMPARE(told(world, QStringLiteral("box.space.t:select()")), rows);
        QCOMPARE(world.host().node().checkInvariants(), std::string());
    }
    /// An open transaction shows what they make, and asks them again when it commits.
    void aTransactionAsksThemOncePerCommit() {
        InstanceWorld world(true, InstanceWorld::kSegmentBytes, withTriggers);
        (void)world.lua("box.schema.space.create('t'):create_index('p')");
        (void)world.lua("box.space.t:create_index('name', { unique = true, parts = { 2, 'string' } })");
        (void)world.lua("box.space.t:insert { 1, 'a', 0 }");
        (void)world.lua(
            "box.space.t:before_replace(function(old, new) "
            "return box.tuple.new { new[1], new[2], (new[3] or 0) + 10 } end)");
        QCOMPARE(told(world, QStringLiteral("box.begin() box.space.t.index.name:update({ 'a' }, {{ '+', 3, 1 }}) "
                                            "box.space.t:insert { 2, 'b' } r = box.space.t:select() box.commit() "
                                            "return r")),
                 QStringLiteral("- - [1, 'a', 11]\n  - [2, 'b', 10]\n"));
        QCOMPARE(told(world, QStringLiteral("box.space.t:select()")),
                 QStringLiteral("- - [1, 'a', 11]\n  - [2, 'b', 10]\n"));
    }
    /// Statements then answer what they were not given, so a script has to wait for each.
    void aTransactionSaysWhetherThereAreAny() {
        InstanceWorld world(true, InstanceWorld::kSegmentBytes, withTriggers);
        (void)world.lua("box.schema.space.create('t'):create_index('p')");
        const auto begun = [&] {
            const auto answer = world.call("begin", "\x90");
            (void)world.call("rollback", "\x90");
            return std::get<Bytes>(answer);
        };
        QCOMPARE(begun(), Bytes("\x90"));
        (void)world.lua("f = function(old, new) return new end box.space.t:before_replace(f)");
        QCOMPARE(begun(), Bytes("\x91\xc3"));
        (void)world.lua("box.space.t:before_replace(nil, f)");
        QCOMPARE(begun(), Bytes("\x90"));
    }
    void theyAreListedReplacedAndTakenAway() {
        InstanceWorld world(true, InstanceWorld::kSegmentBytes, withTriggers);
        (void)world.lua("box.schema.space.create('t'):create_index('p')");
        (void)world.lua("first = function() error('first', 0) end");
        (void)world.lua("second = function(old, new) return box.tuple.new { new[1], 'second' } end");
        (void)world.lua("box.space.t:before_replace(first)");
        QCOMPARE(told(world, QStringLiteral("box.space.t:before_replace()")),
                 QStringLiteral("- - function() error('first', 0) end\n"));
        (void)world.lua("box.space.t:before_replace(second, first)");
        QCOMPARE(told(world, QStringLiteral("box.space.t:insert { 1 }")), QStringLiteral("- [1, 'second']\n"));
        (void)world.lua("box.space.t:before_replace(nil, second)");
        QCOMPARE(told(world, QStringLiteral("box.space.t:insert { 2 }")), QStringLiteral("- [2]\n"));
        QVERIFY(told(world, QStringLiteral("box.space.t:before_replace(nil, second)"))
                    .contains(QStringLiteral("Trigger is not found")));
    }
    /// Looking for the text of a function runs nothing of what stands around it.
    void whatStandsAroundRunsOnce_data() {
        QTest::addColumn<QString>("statement");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("rows");
        const auto row = [](const char* statement, const char* text, const char* rows) {
            QTest::newRow(statement) << QString::fromLatin1(statement) << QString::fromLatin1(text)
                                     << QString::fromLatin1(rows);
        };
        row("local t = {function(o, n) return n end, box.space.q:auto_increment{'once'}, function(o, n) return o end} "
            "box.space.t:before_replace(t[3])",
            "function(o, n) return o end", "- - [1, 'once']\n");
        row("local t = {function(o, n) return n end, box.space.q:auto_increment{'once'}, "
            "function() local s = [[ end ]] --[[ end ]] return endless end} box.space.t:before_replace(t[3])",
            "function() local s = [[ end ]] --[[ end ]] return endless end", "- - [1, 'once']\n");
        // More than one function that begins and ends in the lines of the wanted one.
        row("local t = {function(o, n) return n end, box.space.q:auto_increment{'once'}, function(o, n)\n return o "
            "end} "
            "box.space.t:before_replace(t[3])",
            "function(o, n)\n return o end", "- - [1, 'once']\n");
        row("local a, b = function(o) return 1 end and box.space.q:auto_increment{'once'} and function(o)\n return 2 "
            "end "
            "box.space.t:before_replace(a)",
            "function(o)\n return 2 end", "- - [1, 'once']\n");
        row("local a = function(o) return 1 end box.space.q:auto_increment{'once'} local b = function(o)\n return 2 "
            "end "
            "box.space.t:before_replace(b)",
            "function(o)\n return 2 end", "- - [1, 'once']\n");
        row("local functions = box.space.q:auto_increment{'once'} "
            "local f = function(o, n) return o end, box.space.q:auto_increment{'twice'} box.space.t:before_replace(f)",
            "function(o, n) return o end", "- - [1, 'once']\n  - [2, 'twice']\n");
        row("function named(o, n) return o end box.space.q:auto_increment{'once'} box.space.t:before_replace(named)",
            "function(o, n) return o end", "- - [1, 'once']\n");
        row("local a = function(o) return 1 end local b = function(o)\r\n return 2 end box.space.t:before_replace(b)",
            "function(o)\r\n return 2 end", "- []\n");
    }
    void whatStandsAroundRunsOnce() {
        QFETCH(const QString, statement);
        QFETCH(const QString, text);
        QFETCH(const QString, rows);
        InstanceWorld world(true, InstanceWorld::kSegmentBytes, withTriggers);
        (void)world.lua("box.schema.space.create('t'):create_index('p')");
        (void)world.lua("box.schema.space.create('q'):create_index('p')");
        (void)world.lua(statement.toStdString());
        QCOMPARE(told(world, QStringLiteral("box.space.q:select()")), rows);
        const auto listed = world.call("triggers", triggersOf());
        tt::MsgpackReader reader(std::get<Bytes>(listed));
        QCOMPARE(reader.array(), 1U);
        QCOMPARE(reader.array(), 1U);
        QCOMPARE(QString::fromStdString(std::string(reader.string())), text);
    }
    void onlyWhatCanGoAlongIsTaken_data() {
        QTest::addColumn<QString>("statement");
        QTest::addColumn<QString>("why");
        QTest::newRow("a variable around it")
            << "local x = 1 return box.space.t:before_replace(function() return x end)"
            << "without the variables";
        QTest::newRow("C") << "box.space.t:before_replace(print)"
                           << "not known here";
        QTest::newRow("a number") << "box.space.t:before_replace(5)"
                                  << "a trigger is a function";
        QTest::newRow("compiled of a text that is gone")
            << "box.space.t:before_replace(loadstring('return function() return 1 end', '=x')())"
            << "not known here";
    }
    void onlyWhatCanGoAlongIsTaken() {
        QFETCH(const QString, statement);
        QFETCH(const QString, why);
        InstanceWorld world(true, InstanceWorld::kSegmentBytes, withTriggers);
        (void)world.lua("box.schema.space.create('t'):create_index('p')");
        const QString said = told(world, statement).simplified();
        QVERIFY2(said.contains(why), qPrintable(said));
    }
    /// What runs in C counts as little: a clock ends it. Without one, as in a simulation, instructions alone do.
    void aClockEndsWhatInstructionsDoNot_data() {
        QTest::addColumn<QString>("loop");
        QTest::newRow("plain") << "while true do local y = x:upper() end";
        QTest::newRow("it catches its own end") << "while true do pcall(function() local y = x:upper() end) end";
        QTest::newRow("it catches what C does") << "while true do pcall(x.upper, x) end";
        QTest::newRow("elsewhere") << "coroutine.wrap(function() while true do local y = x:upper() end end)()";
    }
    void aClockEndsWhatInstructionsDoNot() {
        QFETCH(const QString, loop);
        Micros nowUs = 0;
        int looks = 0;
        InstanceWorld world(true, InstanceWorld::kSegmentBytes, [&](tt::InstanceSettings& settings) {
            settings.triggers = std::move(tt::makeLuaTriggers([&] {
                                    ++looks;
                                    return nowUs += tt::kTriggerMsMax * 1'000 / 4;
                                })).value();
        });
        (void)world.lua("box.schema.space.create('t'):create_index('p')");
        const QString function =
            QStringLiteral("function() local x = 'x' for i = 1, 16 do x = x .. x end %1 end").arg(loop);
        QCOMPARE(told(world, QStringLiteral("box.space.t:on_replace(%1) and 'set'").arg(function)),
                 QStringLiteral("- set\n"));
        looks = 0;
        const QString said = told(world, QStringLiteral("box.space.t:insert { 1 }"));
        QVERIFY2(said.contains(QStringLiteral("the trigger took too long and was ended")), qPrintable(said));
        QVERIFY2(looks > 1 && looks < 20, qPrintable(QString::number(looks)));
    }
    /// What a function does when it fails, keeps or makes is bounded as what it does otherwise.
    void noWayAroundTheBounds_data() {
        QTest::addColumn<QString>("body");
        QTest::addColumn<QString>("failure");
        const auto row = [](const char* name, const char* body, const char* failure) {
            QTest::newRow(name) << QString::fromLatin1(body) << QString::fromLatin1(failure);
        };
        row("an error whose text never comes",
            "error(setmetatable({}, {__tostring = function() while true do end end}))", "took too long and was ended");
        row("an error whose text fails", "error(setmetatable({}, {__tostring = function() error('no text', 0) end}))",
            "no text");
        row("an error whose text is none", "error(setmetatable({}, {__tostring = function() return {} end}))",
            "a trigger failed");
        row("an error that is a table", "error({})", "a trigger failed");
        row("an error that is nothing", "error()", "a trigger failed");
        row("texts that say themselves",
            "getmetatable('').__tostring = function() while true do end end error('so', 0)", "so");
        row("tuples kept",
            "local x, kept = 'x', {} for i = 1, 19 do x = x .. x end "
            "for i = 1, 200 do kept[i] = box.tuple.new { x } end",
            "not enough memory");
        row("a tuple of what stands in itself", "local t = {} for i = 1, 22 do t = {t, t} end box.tuple.new { t }",
            "too large a value");
        row("JSON of what stands in itself", "local t = {} for i = 1, 18 do t = {t, t} end json.encode(t)",
            "too large a value");
        row("JSON of a long text", "local t = '[],' for i = 1, 17 do t = t .. t end json.decode('[' .. t .. '0]')",
            "too large a text");
        row("YAML", "yaml.encode({})", "attempt to call field ''encode''");
        row("sorting", "local t = {} for i = 1, 40000 do t[i] = -i end table.sort(t)", "took too long and was ended");
    }
    void noWayAroundTheBounds() {
        QFETCH(const QString, body);
        QFETCH(const QString, failure);
        InstanceWorld world(true, InstanceWorld::kSegmentBytes, withTriggers);
        (void)world.lua("box.schema.space.create('t'):create_index('p')");
        QCOMPARE(told(world, QStringLiteral("box.space.t:on_replace(function() %1 end) and 'set'").arg(body)),
                 QStringLiteral("- set\n"));
        const QString said = told(world, QStringLiteral("box.space.t:insert { 1 }")).simplified();
        QVERIFY2(said.contains(failure), qPrintable(said));
        QCOMPARE(told(world, QStringLiteral("box.space.t:select()")), QStringLiteral("- []\n"));
    }
    void listsAreSorted() {
        InstanceWorld world(true, InstanceWorld::kSegmentBytes, withTriggers);
        (void)world.lua("box.schema.space.create('t'):create_index('p')");
        (void)world.lua(
            "box.space.t:before_replace(function(old, new) local a, b = {}, {} for i = 1, 200 do "
            "a[i] = i * 37 % 101 b[i] = a[i] end table.sort(a) table.sort(b, function(x, y) return x > y end) "
            "local isSorted = true for i = 2, 200 do isSorted = isSorted and a[i - 1] <= a[i] and b[i - 1] >= b[i] end "
            "local none, one = {}, {5} table.sort(none) table.sort(one) "
            "return box.tuple.new { new[1], isSorted, #none, one[1] } end)");
        QCOMPARE(told(world, QStringLiteral("box.space.t:insert { 1 }")), QStringLiteral("- [1, true, 0, 5]\n"));
    }
    /// What all calls printed together is in nobody's way.
    void printingNeverEnds() {
        InstanceWorld world(true, InstanceWorld::kSegmentBytes, withTriggers);
        (void)world.lua("box.schema.space.create('t'):create_index('p')");
        (void)world.lua(
            "box.space.t:on_replace(function() local x = 'x' for i = 1, 19 do x = x .. x end print(x) end)");
        for (int i = 1; i <= 4; ++i) {
            QCOMPARE(told(world, QStringLiteral("box.space.t:insert { %1 }").arg(i)),
                     QStringLiteral("- [%1]\n").arg(i));
        }
    }
    /// A function of C may take long whenever it is called.
    void theClockIsAskedAtEveryCall() {
        int looks = 0;
        InstanceWorld world(true, InstanceWorld::kSegmentBytes, [&](tt::InstanceSettings& settings) {
            settings.triggers = std::move(tt::makeLuaTriggers([&] { return Micros(++looks); })).value();
        });
        (void)world.lua("box.schema.space.create('t'):create_index('p')");
        (void)world.lua("box.space.t:on_replace(function() local x = 'x' " +
                        QStringLiteral("x:upper() ").repeated(20).toStdString() + "end)");
        looks = 0;
        QCOMPARE(told(world, QStringLiteral("box.space.t:insert { 1 }")), QStringLiteral("- [1]\n"));
        QVERIFY2(looks >= 20, qPrintable(QString::number(looks)));
    }
    void withoutThemTheyAreRefused() {
        InstanceWorld world;
        (void)world.lua("box.schema.space.create('t'):create_index('p')");
        QVERIFY(told(world, QStringLiteral("box.space.t:before_replace(function() end)"))
                    .contains(QStringLiteral("This instance does not support triggers")));
    }
};

TRIBUTARY_TEST(TestTriggers)
#include "tst_triggers.moc"
