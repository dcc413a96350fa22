// The journal's file: torn ends, damage, locks, listing.
#include <QTemporaryDir>

#include "core/base/text.h"
#include "harness.h"
#include "runbooks/runner/runstore.h"
#include "spokenrunbooks.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;
using namespace tributary::runbooks::test;

class TestJournal : public QObject {
    Q_OBJECT
private slots:
    void toleratesATornEndAtEveryByte() {
        const std::string text = journalOf();
        const std::size_t lastLine = text.rfind('\n', text.size() - 2) + 1;
        for (std::size_t size = lastLine; size < text.size(); ++size) {
            const auto read = readJournal(text.substr(0, size), "j");
            QVERIFY_OK(read);
            QCOMPARE(read.value().goodBytes, static_cast<std::int64_t>(lastLine));
            QCOMPARE(read.value().tornTail, size > lastLine);
            QVERIFY(!read.value().state.finished);
        }
    }
    void refusesDamageInTheMiddleWithItsLine() {
        const std::string text = journalOf();
        std::size_t at = 0;
        for (int line = 1; line <= 5; ++line) {
            std::string damaged = text;
            damaged[at + 30] = damaged[at + 30] == 'x' ? 'y' : 'x';
            const auto read = readJournal(damaged, "run.jsonl");
            QVERIFY(!read.ok());
            QCOMPARE(read.error().code, ErrorCode::Corrupt);
            QCOMPARE(read.error().where, "run.jsonl:" + std::to_string(line));
            at = text.find('\n', at) + 1;
        }
    }
    void refusesALostOrSwappedLine() {
        std::vector<std::string> lines = split(journalOf(), '\n');
        std::vector<std::string> lost = lines;
        lost.erase(lost.begin() + 3);
        QCOMPARE(readJournal(join(lost, "\n"), "j").error().where, std::string("j:4"));
        std::swap(lines[2], lines[3]);
        QCOMPARE(readJournal(join(lines, "\n"), "j").error().where, std::string("j:3"));
    }
    void keepsTheWholeRunbookAndParameters() {
        const auto read = readJournal(journalOf(), "j");
        QVERIFY_OK(read);
        const RunState& state = read.value().state;
        QCOMPARE(state.text, runbookOf(makeStep("a")));
        QCOMPARE(state.hash, contentHash(state.text));
        QVERIFY(!state.fingerprint.empty());
        QCOMPARE(state.find("a")->lines.at(0).text, std::string("make /t/a"));
        QCOMPARE(state.find("a")->evidence.at(0).phrase, std::string("/t/a exists"));
    }
    void survivesOnDisk() {
        QTemporaryDir dir;
        const RunStore store((dir.path() + QStringLiteral("/runs")).toStdString());
        Harness harness(runbookOf(makeStep("a") + makeStep("b")));
        QVERIFY(!store.open("", harness.clock).ok());
        {
            auto journal = store.create("test", harness.clock);
            QVERIFY_OK(journal);
            RunOptions options;
            options.until = "a";
            Runner runner(harness.port, harness.clock, harness.approver, harness.listener, spoken());
            QCOMPARE(runner.run(harness.runbook, {}, **journal, options).outcome, RunOutcome::UntilReached);
        }
        const auto listed = store.list();
        QVERIFY_OK(listed);
        QCOMPARE(listed.value().size(), std::size_t{1});
        QCOMPARE(listed.value()[0].runId, std::string("20260131T090000-test"));
        QCOMPARE(listed.value()[0].outcome, RunOutcome::UntilReached);
        appendBytes(store.journalPath("20260131T090000-test"), "{\"seq\":");  // a torn record
        auto again = store.open("", harness.clock);
        QVERIFY_OK(again);
        Runner runner(harness.port, harness.clock, harness.approver, harness.listener, spoken());
        QCOMPARE(runner.resume(harness.runbook, **again, {}).outcome, RunOutcome::Success);
        const auto state = store.read("");
        QVERIFY_OK(state);
        QCOMPARE(state.value().sessions, 2);
        QCOMPARE(state.value().outcome, RunOutcome::Success);
        auto second = store.create("test", harness.clock);
        QVERIFY_OK(second);
        QCOMPARE((*second)->state().runId, std::string("20260131T090000-test-2"));
    }
    void lockKeepsOneRunLive() {
        QTemporaryDir dir;
        const RunStore store(dir.path().toStdString());
        {
            const auto first = store.lock();
            QVERIFY_OK(first);
            const auto second = store.lock();
            QVERIFY(!second.ok());
            QCOMPARE(second.error().code, ErrorCode::Conflict);
            QVERIFY(second.error().what.find(std::to_string(QCoreApplication::applicationPid())) != std::string::npos);
        }
        QVERIFY_OK(store.lock());
    }
    void namesTheNearestRun() {
        QTemporaryDir dir;
        const RunStore store(dir.path().toStdString());
        FakeClock clock;
        QVERIFY_OK(store.create("test", clock));
        const auto missing = store.read("20260131T090000-tset");
        QVERIFY(!missing.ok());
        QCOMPARE(missing.error().fix, std::string("did you mean `20260131T090000-test`?"));
    }

private:
    static std::string journalOf() {
        Harness harness(runbookOf(makeStep("a")));
        (void)harness.run();
        return harness.journalText;
    }
    static void appendBytes(const std::string& path, const char* bytes) {
        QFile file(QString::fromStdString(path));
        QVERIFY(file.open(QIODevice::Append));
        file.write(bytes);
    }
};
TRIBUTARY_TEST(TestJournal)
#include "tst_journal.moc"
