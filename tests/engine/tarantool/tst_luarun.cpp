// EVAL and CALL of a sandbox: arguments, results, failures with their codes.
#include "engine/systems/tarantool/data/localbox.h"
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

struct RunFixture {
    RunFixture() : box({}, {}, {}), sandbox(std::move(Sandbox::make(box, {})).value()) {}
    BoxAnswer eval(std::string_view text, const std::vector<std::uint64_t>& arguments = {}) {
        return sandbox->run(false, text, runArguments(arguments));
    }
    BoxAnswer call(std::string_view name, const std::vector<std::uint64_t>& arguments = {}) {
        return sandbox->run(true, name, runArguments(arguments));
    }
    LocalBox box;
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

    void damagedArgumentsAreRefused() {
        RunFixture at;
        QCOMPARE(failureOfRun(at.sandbox->run(false, "return ...", Bytes("\x92\x01"))).code, 32U);
        QCOMPARE(failureOfRun(at.sandbox->run(false, "return ...", Bytes("\xdd\xff\xff\xff\xff"))).code, 32U);
    }
};

TRIBUTARY_TEST(TestLuaRun)
#include "tst_luarun.moc"
