// EVAL and CALL of a sandbox: arguments, results, failures with their codes.
#include "engine/systems/tarantool/data/localbox.h"
#include "engine/systems/tarantool/script/functiontext.h"
#include "engine/systems/tarantool/script/sandbox.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine::tarantool;

namespace {

Bytes runArguments(const std::vector<std::uint64_t>& numbers) {
    Bytes out;
    MsgpackWriter writer(out);
    writer.array(numbers.size());
    for (const std::uint64_t number : numbers) writer.unsignedInteger(number);
    return out;
}

/// A box whose spaces have functions of their own, if it is told so.
class FunctionsBox final : public BoxBackend {
public:
    explicit FunctionsBox(LocalBox& box) : box_(box) {}
    BoxAnswer call(std::string_view method, BytesView arguments) override {
        if (method == "set_trigger") {
            MsgpackReader reader(arguments);
            (void)reader.array();
            (void)reader.value();
            (void)reader.value();
            trigger = Bytes(reader.type() == MsgpackType::String ? reader.string() : BytesView());
            return Bytes("\x90");
        }
        BoxAnswer answer = box_.call(method, arguments);
        const bool isBegun = method == "begin" && std::holds_alternative<Bytes>(answer);
        return isBegun && hasFunctions ? BoxAnswer(Bytes("\x91\xc3")) : answer;
    }
    bool hasFunctions = false;
    Bytes trigger;  ///< the text that was set last

private:
    LocalBox& box_;
};

/// A box that counts what comes alone and what comes together.
struct RunFixture {
    RunFixture() : box({}, {}, {}), functions(box) {
        Sandbox::Options options;
        options.callMany = [this](BytesView calls) -> std::optional<BoxFailure> {
            ++batches;
            ByteReader reader(calls);
            while (!reader.atEnd() && reader.ok()) {
                const BytesView method = reader.blob();
                const BoxAnswer answer = box.call(method, reader.blob());
                ++together;
                if (const auto* failure = std::get_if<BoxFailure>(&answer)) return *failure;
            }
            return std::nullopt;
        };
        sandbox = std::move(Sandbox::make(functions, options)).value();
    }
    int batches = 0;
    int together = 0;
    BoxAnswer eval(std::string_view text, const std::vector<std::uint64_t>& arguments = {}) {
        return sandbox->run(false, text, runArguments(arguments));
    }
    BoxAnswer call(std::string_view name, const std::vector<std::uint64_t>& arguments = {}) {
        return sandbox->run(true, name, runArguments(arguments));
    }
    LocalBox box;
    FunctionsBox functions;
    std::unique_ptr<Sandbox> sandbox;
};

BoxFailure failureOfRun(const BoxAnswer& answer) {
    const auto* failure = std::get_if<BoxFailure>(&answer);
    return failure == nullptr ? BoxFailure{} : *failure;
}

}  // namespace

class TestLuaRun : public QObject {
    Q_OBJECT
private slots:
    void evalGetsArgumentsAndAnswersAllResults() {
        RunFixture at;
        QCOMPARE(std::get<Bytes>(at.eval("local a, b = ... return a + b, b, nil", {2, 3})), Bytes("\x93\x05\x03\xc0"));
        QCOMPARE(std::get<Bytes>(at.eval("x = 1")), Bytes("\x90"));
        QCOMPARE(std::get<Bytes>(at.eval("return {1, {2}}")), Bytes("\x91\x92\x01\x91\x02"));
    }

    /// Two numbers that are one number of Lua: whoever reads one and writes it back means that one.
    void numbersAbove2To53StayThemselves_data() {
        QTest::addColumn<QString>("script");
        QTest::addColumn<QString>("shown");
        const auto row = [](const char* script, const char* shown) {
            QTest::newRow(script) << QString::fromLatin1(script) << QString::fromLatin1(shown);
        };
        row("for _, t in box.space.a:pairs() do if t[2] == 'big' then box.space.a:delete(t[1]) end end "
            "return box.space.a:select()",
            "- - [9007199254740992, 'innocent']\n");
        row("return box.space.a:get(9007199254740993ULL)[2]", "- big\n");
        row("return box.space.a:select()[2][1]", "- 9007199254740993\n");
        row("return box.space.a:update(box.space.a:select()[2][1], {{'=', 2, 'x'}})", "- [9007199254740993, 'x']\n");
        row("return box.space.a:insert{box.space.a:select()[2][1] + 1}", "- [9007199254740994]\n");
        row("return box.space.a:auto_increment{'next'}", "- [9007199254740994, 'next']\n");
        row("return box.tuple.new{1, -9223372036854775807LL - 1}", "- [1, -9223372036854775808]\n");
        row("return box.tuple.new{1, 18446744073709551615ULL}[2]", "- 18446744073709551615\n");
        row("return box.tuple.new{-9007199254740993LL}[1] == -9007199254740992LL", "- false\n");
        row("return type(box.tuple.new{9007199254740991}[1])", "- number\n");
        row("return type(box.tuple.new{-9007199254740991}[1])", "- number\n");
        row("return (pcall(box.tuple.new, {1i}))", "- false\n");
        row("return json.encode(box.space.a:select()[2][1])", "- '9007199254740993'\n");
        row("return json.decode('[9007199254740993]')[1] == box.space.a:select()[2][1]", "- true\n");
    }
    void numbersAbove2To53StayThemselves() {
        QFETCH(const QString, script);
        QFETCH(const QString, shown);
        RunFixture at;
        (void)at.eval("box.schema.space.create('a') box.space.a:create_index('p')");
        (void)at.eval("local n = ... box.space.a:insert{n, 'innocent'}", {(1ULL << 53U)});
        (void)at.eval("local n = ... box.space.a:insert{n, 'big'}", {(1ULL << 53U) + 1});
        const QString said = QString::fromStdString(at.sandbox->evaluate(script.toStdString()));
        QCOMPARE(said, QStringLiteral("---\n%1...\n").arg(shown));
    }
    void numbersAbove2To53GoInAndOut() {
        RunFixture at;
        for (const std::uint64_t number :
             {(1ULL << 53U) - 1, 1ULL << 53U, (1ULL << 53U) + 1, 0xfffffffffffffffeULL, 0xffffffffffffffffULL}) {
            QCOMPARE(std::get<Bytes>(at.eval("return ...", {number})), runArguments({number}));
        }
    }

    void tablesSayWhatTheyAre() {
        RunFixture at;
        QCOMPARE(std::get<Bytes>(at.eval("return setmetatable({}, {__serialize = 'map'}), {}")), Bytes("\x92\x80\x90"));
        QCOMPARE(std::get<Bytes>(at.eval("return setmetatable({[1] = 7}, {__serialize = 'map'})")),
                 Bytes("\x91\x81\x01\x07"));
        QCOMPARE(std::get<Bytes>(at.eval("return setmetatable({}, {__serialize = function() return {1} end})")),
                 Bytes("\x91\x91\x01"));
        const BoxFailure failure =
            failureOfRun(at.eval("local t = {} setmetatable(t, {__serialize = function() return t end}) return t"));
        QCOMPARE(failure.code, 32U);
        QCOMPARE(failureOfRun(at.eval("return setmetatable({}, {__serialize = function() error('no') end})")).message,
                 std::string("eval:1: no"));
    }

    /// The chunks of connectors are named, not known by their text.
    void aTriggerCanBeSetByEval() {
        RunFixture at;
        (void)at.eval("box.schema.space.create('a') box.space.a:create_index('p')");
        QCOMPARE(std::get<Bytes>(at.eval("box.space.a:on_replace(function(o, n) return o end)")), Bytes("\x90"));
        QCOMPARE(at.functions.trigger, Bytes("function(o, n) return o end"));
        (void)at.eval("x = 1\nfunction kept(o, n)\nreturn n end");
        (void)at.eval("other = function(o, n)\nreturn 5 end");
        QCOMPARE(std::get<Bytes>(at.eval("box.space.a:on_replace(kept)")), Bytes("\x90"));
        QCOMPARE(at.functions.trigger, Bytes("function(o, n)\nreturn n end"));
        QCOMPARE(failureOfRun(at.eval("function no() error('here') end no()")).message, std::string("eval:1: here"));
        // What is long ago is not known any more.
        for (std::size_t i = 0; i <= EvalTexts::kTextsMax; ++i) {
            (void)at.eval("f = function() return " + std::to_string(i) + " end");
        }
        const BoxFailure gone = failureOfRun(at.eval("box.space.a:on_replace(kept)"));
        QVERIFY2(QByteArray::fromStdString(gone.message).contains("send it again"), gone.message.c_str());
    }

    void callFindsFunctionsByTheirPaths() {
        RunFixture at;
        (void)at.eval(
            "function add(a, b) return a + b end deep = {inner = {add = add}, n = 5} "
            "function deep.count(self, by) return self.n + by end");
        QCOMPARE(std::get<Bytes>(at.call("add", {2, 3})), Bytes("\x91\x05"));
        QCOMPARE(std::get<Bytes>(at.call("deep.inner.add", {2, 3})), Bytes("\x91\x05"));
        QCOMPARE(std::get<Bytes>(at.call("deep:count", {2})), Bytes("\x91\x07"));
        for (const char* none :
             {"", "nothing", "deep", "deep.", "deep.n", "deep:n", "deep:", ".add", ":add", "add.x"}) {
            const BoxFailure failure = failureOfRun(at.call(none));
            QCOMPARE(failure.code, 33U);
            QCOMPARE(failure.message, "Procedure '" + std::string(none) + "' is not defined");
        }
    }

    void whatBoxRefusesKeepsItsCode() {
        RunFixture at;
        QCOMPARE(failureOfRun(at.eval("box.schema.space.create('a') box.schema.space.create('a')")).code, 10U);
        QCOMPARE(
            failureOfRun(at.eval("box.space.a:create_index('p') box.space.a:insert{1} box.space.a:insert{1}")).code,
            3U);
        QCOMPARE(std::get<Bytes>(at.call("box.space.a:len")), Bytes("\x91\x01"));
        const auto row = at.call("box.space.a:get", {1});
        QCOMPARE(std::get<Bytes>(row), Bytes("\x91\x91\x01"));
    }

    void errorsOfLuaAreFailures() {
        RunFixture at;
        const BoxFailure text = failureOfRun(at.eval("error('no')"));
        QCOMPARE(text.code, 32U);
        QCOMPARE(text.message, std::string("eval:1: no"));
        QCOMPARE(failureOfRun(at.eval("this is no Lua")).code, 32U);
        QCOMPARE(failureOfRun(at.eval("return function() end")).code, 32U);
        QCOMPARE(failureOfRun(at.eval("error({})")).code, 32U);
        QCOMPARE(failureOfRun(at.eval("\x1bLJ\x02")).code, 32U);
        QCOMPARE(std::get<Bytes>(at.eval("return 7")), Bytes("\x91\x07"));
    }

    void statementsOfATransactionGoTogether() {
        RunFixture at;
        (void)at.eval("box.schema.space.create('a') box.space.a:create_index('p')");
        const std::string_view fill =
            "local n, m = ... local s = box.space.a box.begin() "
            "for i = n, m do assert(s:insert{i}[1] == i) end box.commit() return s:len()";
        QCOMPARE(std::get<Bytes>(at.eval(fill, {1, 600})), Bytes("\x91\xcd\x02\x58"));
        QCOMPARE(at.together, 600);
        QCOMPARE(at.batches, 3);
        // Alone, nothing waits.
        QCOMPARE(failureOfRun(at.eval("box.space.a:insert{1}")).code, 3U);
        QCOMPARE(at.batches, 3);
    }

    void nothingWaitsWhereFunctionsMayAnswerOtherwise() {
        RunFixture at;
        (void)at.eval("box.schema.space.create('a') box.space.a:create_index('p')");
        const std::string_view fill = "local n = ... box.begin() box.space.a:insert{n} box.commit()";
        at.functions.hasFunctions = true;
        QCOMPARE(std::get<Bytes>(at.eval(fill, {1})), Bytes("\x90"));
        QCOMPARE(at.together, 0);
        at.functions.hasFunctions = false;
        QCOMPARE(std::get<Bytes>(at.eval(fill, {2})), Bytes("\x90"));
        QCOMPARE(at.together, 1);
        const BoxAnswer own = at.eval(
            "local f = loadstring('return function(old, new) return new end')() "
            "box.begin() box.space.a:insert{3} box.space.a:before_replace(f) box.space.a:insert{4} box.commit()");
        QCOMPARE(std::get<Bytes>(own), Bytes("\x90"));
        QCOMPARE(at.together, 2);
    }

    void aRefusalAmongThemEndsTheScript_data() {
        QTest::addColumn<QString>("script");
        const auto row = [](const char* name, const char* script) {
            QTest::newRow(name) << QString::fromLatin1(script);
        };
        row("at the commit",
            "box.begin() box.space.a:insert{2} box.space.a:insert{1} box.space.a:insert{3} box.commit()");
        row("before a read", "box.begin() box.space.a:insert{2} box.space.a:insert{1} return box.space.a:get{2}");
        row("before pcall", "box.begin() box.space.a:insert{1} return pcall(function() return 7 end)");
        row("before an error", "box.begin() box.space.a:insert{1} error('another')");
        row("at the end", "box.begin() box.space.a:insert{1} return 7");
    }
    void aRefusalAmongThemEndsTheScript() {
        QFETCH(const QString, script);
        RunFixture at;
        (void)at.eval("box.schema.space.create('a') box.space.a:create_index('p') box.space.a:insert{1}");
        QCOMPARE(failureOfRun(at.eval(script.toStdString())).code, 3U);
        (void)at.eval("box.rollback()");
        QCOMPARE(std::get<Bytes>(at.eval("return box.space.a:len()")), Bytes("\x91\x01"));
    }

    void whoCatchesARefusalIsToldAtOnce() {
        RunFixture at;
        (void)at.eval("box.schema.space.create('a') box.space.a:create_index('p') box.space.a:insert{1}");
        const BoxAnswer caught = at.eval(
            "box.begin() local fine = pcall(box.space.a.insert, box.space.a, {1}) "
            "box.space.a:insert{2} box.commit() return fine, box.space.a:len()");
        QCOMPARE(std::get<Bytes>(caught), Bytes("\x92\xc2\x02"));
        const BoxAnswer inside = at.eval(
            "box.begin() local go = coroutine.wrap(function() return pcall(box.space.a.insert, box.space.a, {2}) end) "
            "local fine = go() box.commit() return fine");
        QCOMPARE(std::get<Bytes>(inside), Bytes("\x91\xc2"));
        QCOMPARE(at.together, 0);
    }

    /// However often a statement catches it: and what comes next is a statement like others.
    void whatIsLateEnds_data() {
        QTest::addColumn<QString>("statement");
        QTest::newRow("plain") << QStringLiteral("while true do end");
        QTest::newRow("caught") << QStringLiteral("while true do pcall(function() while true do end end) end");
        QTest::newRow("caught by a transaction")
            << QStringLiteral("while true do pcall(box.atomic, function() while true do end end) end");
        QTest::newRow("an error that makes its text")
            << QStringLiteral("error(setmetatable({}, {__tostring = function() while true do end end}))");
        QTest::newRow("a result that shows itself")
            << QStringLiteral("return setmetatable({}, {__serialize = function() while true do end end})");
    }
    void whatIsLateEnds() {
        QFETCH(const QString, statement);
        RunFixture at;
        int looks = 0;
        Sandbox::Options options;
        options.isLate = [&looks] { return ++looks > 1; };
        at.sandbox = std::move(Sandbox::make(at.functions, options)).value();
        const std::string said = at.sandbox->evaluate(statement.toStdString());
        QVERIFY2(looks < 10, said.c_str());
        (void)at.box.call("rollback", "\x90");
        looks = -1'000;
        QCOMPARE(at.sandbox->evaluate("return 7"), std::string("---\n- 7\n...\n"));
        QCOMPARE(std::get<Bytes>(at.eval("return 7")), Bytes("\x91\x07"));
        looks = 0;
        if (!statement.startsWith(QStringLiteral("while"))) return;
        QVERIFY2(QByteArray::fromStdString(said).contains("took too long"), said.c_str());
        const BoxFailure failure = failureOfRun(at.eval(statement.toStdString()));
        QVERIFY2(QByteArray::fromStdString(failure.message).contains("took too long"), failure.message.c_str());
    }

    /// As clients that speak with a console by EVAL do.
    void aConsoleAnswersInText_data() {
        QTest::addColumn<QString>("statement");
        QTest::addColumn<QString>("answer");
        QTest::newRow("an expression") << QStringLiteral("1 + 1, 'a'") << QStringLiteral("---\n- 2\n- a\n...\n");
        QTest::newRow("a statement") << QStringLiteral("kept = 1") << QStringLiteral("---\n...\n");
        QTest::newRow("a table") << QStringLiteral("{1, {a = 2}}") << QStringLiteral("---\n- - 1\n  - a: 2\n...\n");
        QTest::newRow("an error") << QStringLiteral("error('no', 0)") << QStringLiteral("---\n- error: 'no'\n...\n");
        QTest::newRow("an error of box") << QStringLiteral("box.space.a:insert{1}")
                                         << QStringLiteral("---\n- error: Duplicate key");
        QTest::newRow("its own language")
            << QStringLiteral("\\set output lua") << QStringLiteral("---\n- error: a console");
        QTest::newRow("nothing") << QString() << QStringLiteral("---\n...\n");
    }
    void aConsoleAnswersInText() {
        QFETCH(const QString, statement);
        QFETCH(const QString, answer);
        RunFixture at;
        (void)at.eval("box.schema.space.create('a') box.space.a:create_index('p') box.space.a:insert{1}");
        Bytes arguments;
        MsgpackWriter writer(arguments);
        writer.array(1);
        writer.string(statement.toStdString());
        const BoxAnswer given = at.sandbox->run(false, "return require('console').eval(...)", arguments);
        QVERIFY2(failureOfRun(given).message.empty(), failureOfRun(given).message.c_str());
        MsgpackReader reader(std::get<Bytes>(given));
        QCOMPARE(reader.array(), 1U);
        const QString said = QString::fromStdString(std::string(reader.string()));
        QVERIFY2(said.startsWith(answer) && said.endsWith(QStringLiteral("...\n")), qPrintable(said));
    }

    void damagedArgumentsAreRefused() {
        RunFixture at;
        QCOMPARE(failureOfRun(at.sandbox->run(false, "return ...", Bytes("\x92\x01"))).code, 32U);
        QCOMPARE(failureOfRun(at.sandbox->run(false, "return ...", Bytes("\xdd\xff\xff\xff\xff"))).code, 32U);
    }
};

TRIBUTARY_TEST(TestLuaRun)
#include "tst_luarun.moc"
