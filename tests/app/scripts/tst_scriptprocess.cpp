// Processes of scripts: results, globals that stay, deadlines, death, and what no script may do.
#include <signal.h>
#include <sys/wait.h>

#include "app/observe/clocks.h"
#include "app/scripts/scriptprocess.h"
#include "engine/systems/tarantool/data/localbox.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
using namespace tributary::engine::tarantool;

namespace {

/// A box of nothing, that counts.
class CountingBox final : public BoxBackend {
public:
    BoxAnswer call(std::string_view method, BytesView) override {
        ++calls;
        last = std::string(method);
        if (onCall) onCall();
        return Bytes("\x91\xc3");
    }
    int calls = 0;
    std::string last;
    std::function<void()> onCall;
};

struct Fixture {
    explicit Fixture(Millis deadlineMs = 20'000) {
        auto made = ScriptProcess::make({deadlineMs, "tributary tt restart app:a", [this](std::string_view text) {
                                             logged.append(text.data(), qsizetype(text.size()));
                                         }});
        if (!made) qFatal("%s", made.error().full().c_str());
        process = std::move(made).value();
    }
    BoxAnswer eval(std::string_view text) { return process->run({false, Bytes(text), Bytes("\x90")}, box, many()); }
    /// Counts what comes together; refuses the call whose number is `refusedAt`.
    CallMany many() {
        return [this](BytesView calls) -> std::optional<BoxFailure> {
            ++batches;
            ByteReader reader(calls);
            while (!reader.atEnd() && reader.ok()) {
                (void)reader.blob();
                (void)reader.blob();
                if (++together == refusedAt) return BoxFailure{3, "no", {}};
            }
            return std::nullopt;
        };
    }
    QByteArray logged;
    int batches = 0;
    int together = 0;
    int refusedAt = 0;
    /// The failure's text; empty for a result.
    QByteArray failure(std::string_view text) {
        const BoxAnswer answer = eval(text);
        const auto* failed = std::get_if<BoxFailure>(&answer);
        return failed == nullptr ? QByteArray() : QByteArray::fromStdString(failed->message);
    }
    CountingBox box;
    std::unique_ptr<ScriptProcess> process;
};

Bytes resultsOf(const BoxAnswer& answer) {
    const auto* results = std::get_if<Bytes>(&answer);
    return results == nullptr ? Bytes("no results") : *results;
}

}  // namespace

class TestScriptProcess : public QObject {
    Q_OBJECT
private slots:
    void resultsComeBackAndGlobalsStay() {
        Fixture at;
        QCOMPARE(resultsOf(at.eval("return 1, 'a'")), Bytes("\x92\x01\xa1"
                                                            "a"));
        QCOMPARE(resultsOf(at.eval("function twice(x) return 2 * x end")), Bytes("\x90"));
        QCOMPARE(resultsOf(at.process->run({true, "twice", Bytes("\x91\x15")}, at.box, at.many())), Bytes("\x91\x2a"));
    }

    void whatBoxIsAskedComesToTheOwner() {
        Fixture at;
        QCOMPARE(resultsOf(at.eval("return box.is_in_txn()")), Bytes("\x91\xc3"));
        QCOMPARE(at.box.calls, 1);
        QCOMPARE(at.box.last, std::string("in_transaction"));
    }

    void aScriptThatDoesNotEndIsEnded() {
        Fixture at(100);
        const Micros began = steadyNowUs();
        QVERIFY(at.failure("while true do end").contains("took too long"));
        // A function of C listens to no hook: its process is killed.
        QVERIFY(at.failure("return string.find(string.rep('a', 60), string.rep('a?', 60) .. string.rep('a', 60))")
                    .contains("was killed"));
        QVERIFY(steadyNowUs() - began < 30'000'000);
        QCOMPARE(resultsOf(at.eval("return 7")), Bytes("\x91\x07"));
    }

    void aScriptThatCatchesItsEndIsEndedAllTheSame_data() {
        QTest::addColumn<QByteArray>("script");
        QTest::newRow("pcall") << QByteArray("while true do pcall(function() while true do end end) end");
        QTest::newRow("one inside the other") << QByteArray(
            "local function f() pcall(f) while true do pcall(function() while true do end end) end end f()");
        QTest::newRow("xpcall") << QByteArray("while true do xpcall(function() while true do end end, print) end");
        QTest::newRow("coroutine") << QByteArray(
            "while true do coroutine.resume(coroutine.create(function() while true do end end)) end");
    }
    void aScriptThatCatchesItsEndIsEndedAllTheSame() {
        QFETCH(const QByteArray, script);
        Fixture at(100);
        QCOMPARE(resultsOf(at.eval("kept = 1")), Bytes("\x90"));
        const QByteArray told = at.failure(script.toStdString());
        QVERIFY2(told.contains("took too long"), told.constData());
        QCOMPARE(resultsOf(at.eval("return kept")), Bytes("\x91\x01"));  // its process goes on
    }

    void aProcessThatIsKilledCostsItsGlobalsOnly() {
        Fixture at;
        QCOMPARE(resultsOf(at.eval("kept = 1")), Bytes("\x90"));
        at.box.onCall = [&] { at.process->interrupt(); };
        QVERIFY(at.failure("return box.is_in_txn()").contains("has died"));
        at.box.onCall = {};
        QCOMPARE(resultsOf(at.eval("return kept == nil")), Bytes("\x91\xc3"));
    }

    void aProcessThatDiedWhileItWasIdleIsReplaced() {
        Fixture at;
        QCOMPARE(resultsOf(at.eval("kept = 1")), Bytes("\x90"));
        at.process->interrupt();
        QCOMPARE(resultsOf(at.eval("return kept == nil")), Bytes("\x91\xc3"));
        at.process->interrupt();
        QCOMPARE(resultsOf(at.process->run({true, "box.is_in_txn", Bytes("\x90")}, at.box, at.many())),
                 Bytes("\x91\xc3"));
        QCOMPARE(at.box.calls, 1);
    }

    void aScriptThatKillsItsProcessRunsOnce() {
        Fixture at;
        at.box.onCall = [&] { at.process->interrupt(); };
        QVERIFY(at.failure("return box.is_in_txn()").contains("has died"));
        QCOMPARE(at.box.calls, 1);
    }

    void aHelperThatIsGoneIsToldOnce() {
        Fixture at;
        QCOMPARE(resultsOf(at.eval("return 7")), Bytes("\x91\x07"));
        QCOMPARE(::kill(at.process->helper(), SIGKILL), 0);
        siginfo_t ended{};
        QCOMPARE(::waitid(P_PID, static_cast<id_t>(at.process->helper()), &ended, WEXITED | WNOWAIT), 0);
        for (int i = 0; i < 2; ++i) {
            // The scripts' process dies with the helper, at once or a little later.
            QTRY_VERIFY(at.failure("return 7").contains("tributary tt restart app:a"));
        }
        QCOMPARE(at.logged.count("the helper that makes processes for scripts is gone"), 1);
        QVERIFY(at.logged.contains("tributary tt restart app:a"));
    }

    void memoryIsBounded() {
        Fixture at;
        const QByteArray told = at.failure("local t = {} for i = 1, 1e9 do t[i] = string.rep('x', 1000) .. i end");
        QVERIFY2(told.contains("memory") || told.contains("died"), told.constData());
        QCOMPARE(resultsOf(at.eval("return 7")), Bytes("\x91\x07"));
    }

    void compiledChunksAndTheSystemAreOutOfReach() {
        Fixture at;
        QVERIFY(!at.failure("\x1bLJ\x02").isEmpty());
        for (const char* escape :
             {"return io.open('/etc/passwd')", "return os.execute('true')", "return require('ffi')",
              "return require('socket')", "return debug.getregistry()",
              "return loadstring(string.dump(function() end))", "return package.loadlib('x', 'y')"}) {
            QVERIFY2(!at.failure(escape).isEmpty(), escape);
        }
    }
};

TRIBUTARY_TEST(TestScriptProcess)
#include "tst_scriptprocess.moc"
