// A journal read to be looked at: the events that the run told, damage, and what no checksum holds of.
#include "runbooks/runner/recordedrun.h"

#include <random>

#include "core/base/text.h"
#include "harness.h"
#include "runbooks/runner/journal.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::runbooks;
using namespace tributary::runbooks::test;

class TestRecordedRun : public QObject {
    Q_OBJECT
private slots:
    void tellsWhatTheRunTold() {
        const auto read = readRecordedRun(journalOf(), "j");
        QVERIFY_OK(read);
        QVERIFY(read->problem.empty());
        const auto state = readJournal(journalOf(), "j");
        QVERIFY_OK(state);
        QCOMPARE(read->state.runId, state->state.runId);
        QCOMPARE(read->state.standing(), state->state.standing());
        std::vector<std::string> types;
        Millis before = 0;
        for (const RunEvent& each : read->events) {
            if (each.type != EventType::CheckSeen) types.emplace_back(eventTypeName(each.type));
            QVERIFY(each.atMs >= before);
            before = each.atMs;
            QCOMPARE(each.runId, state->state.runId);
        }
        QCOMPARE(join(types, " "), std::string("run-started step-started command-started command-finished "
                                               "step-finished run-finished"));
        const auto finished = std::find_if(read->events.begin(), read->events.end(),
                                           [](const RunEvent& each) { return each.type == EventType::StepFinished; });
        QCOMPARE(std::tuple(finished->stepId, finished->result, finished->stepNumber),
                 std::tuple(std::string("a"), std::string("done"), 1));
    }
    void needsNoChecksumAndStopsAtDamage() {
        std::vector<std::string> lines = split(journalOf(), '\n');
        const auto whole = readRecordedRun(journalOf(), "j");
        QVERIFY_OK(whole);
        // As a bundle has it: something is blotted out, and no checksum holds any more.
        std::string blotted = journalOf();
        const std::size_t at = blotted.find("make /t/a\"");
        QVERIFY(at != std::string::npos);
        blotted.replace(at, 9, "(hidden)");
        QVERIFY(!readJournal(blotted, "j").ok());
        QCOMPARE(readRecordedRun(blotted, "j")->events.size(), whole->events.size());
        for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
            std::vector<std::string> damaged = lines;
            damaged[i] = damaged[i].substr(0, damaged[i].size() / 2);
            const auto read = readRecordedRun(join(damaged, "\n"), "j");
            QVERIFY_OK(read);
            QVERIFY(read->problem.find("line " + std::to_string(i + 1)) != std::string::npos);
            QVERIFY(read->events.size() < whole->events.size());
            QVERIFY(!read->state.finished);  // that it went well is nowhere said
        }
    }
    void refusesWhatIsNoJournal_data() {
        QTest::addColumn<QString>("text");
        for (const char* text : {"", "hello", "{}", "[1,2]", "{\"type\":\"finish\",\"at\":1,\"data\":{}}"})
            QTest::newRow(text) << QString::fromUtf8(text);
    }
    void refusesWhatIsNoJournal() {
        QFETCH(const QString, text);
        const auto read = readRecordedRun(text.toStdString(), "j");
        QVERIFY(!read.ok());
        QCOMPARE(read.error().code, ErrorCode::Corrupt);
        QCOMPARE(read.error().where, std::string("j:1"));
    }
    void survivesAnyDamage() {
        const std::string text = journalOf();
        std::mt19937 random(7);
        for (int i = 0; i < 400; ++i) {
            std::string damaged = text;
            for (int k = 0; k < 3; ++k) damaged[random() % damaged.size()] = static_cast<char>(random() % 256);
            const auto read = readRecordedRun(damaged, "j");
            if (read) QVERIFY(read->events.size() < 200);
        }
    }

private:
    static std::string journalOf() {
        Harness harness(runbookOf(makeStep("a")));
        (void)harness.run();
        return harness.journalText;
    }
};
TRIBUTARY_TEST(TestRecordedRun)
#include "tst_recordedrun.moc"
