// A child process: its words, input, outputs, end and limit.
#include "app/instanceruns/toolchild.h"

#include "testmain.h"

using namespace tributary;
using namespace tributary::app;

namespace {

Result<ToolAnswer> shell(const std::string& script, const std::string& input = {}, Millis timeoutMs = 60'000) {
    return runTool("/bin/sh", "/tmp", {"-c", script, "sh", "a word"}, input, timeoutMs);
}

}  // namespace

class TestToolChild : public QObject {
    Q_OBJECT
private slots:
    void whatItSaysAndHowItEnds() {
        const auto answer = shell("cat; echo \"$1\"; pwd; echo no >&2; exit 3", "in\n");
        QVERIFY_OK(answer);
        QCOMPARE(answer->out, std::string("in\na word\n/tmp\n"));
        QCOMPARE(answer->err, std::string("no\n"));
        QCOMPARE(answer->code, 3);
        const auto killed = shell("kill -TERM $$");
        QVERIFY_OK(killed);
        QCOMPARE(killed->code, 128 + 15);
    }
    void muchInputThatNobodyReadsIsNoHarm() {
        const auto answer = shell("exit 0", std::string(4U << 20U, 'x'));
        QVERIFY_OK(answer);
        QCOMPARE(answer->code, 0);
        const auto counted = shell("wc -c", std::string(4U << 20U, 'x'));
        QVERIFY_OK(counted);
        QVERIFY(counted->out.find("4194304") != std::string::npos);
    }
    void whatTakesTooLongIsEnded() {
        const auto answer = shell("exec sleep 600", {}, 100);
        QVERIFY(!answer && answer.error().code == ErrorCode::Timeout);
    }
    void whatIsBrokenOffIsEnded() {
        int asked = 0;
        const auto answer = runTool("/bin/sh", "/tmp", {"-c", "exec sleep 600"}, {}, 0, [&] { return ++asked > 2; });
        QVERIFY(!answer && answer.error().code == ErrorCode::Cancelled);
        const auto patient = shell("echo done", {}, 0);
        QVERIFY_OK(patient);
        QCOMPARE(patient->out, std::string("done\n"));
    }
    void aProgramThatIsNotThere() {
        const auto answer = runTool("/nonexistent/tributary", "/tmp", {}, {}, 1000);
        QVERIFY(!answer && answer.error().code == ErrorCode::Io);
    }
};
TRIBUTARY_TEST(TestToolChild)
#include "tst_toolchild.moc"
