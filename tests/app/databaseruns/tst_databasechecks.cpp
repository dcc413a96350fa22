// Checks on clusters in memory: true and false only of what was told, unknown of everything else.
#include "app/databaseruns/databasechecks.h"
#include "app/systems/dialects.h"
#include "databasegroup.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
using tributary::runbooks::CheckOutcome;
using tributary::runbooks::CheckVerdict;
using tributary::test::DatabaseGroup;

namespace {

CheckOutcome asked(DatabaseGroup& group, const std::string& text) {
    std::vector<std::string> words = split(text, ' ');
    const std::string name = words.front();
    words.erase(words.begin());
    return evaluateDatabaseCheck(group, name, words);
}

std::string answer(DatabaseGroup& group, const std::string& text) {
    const CheckOutcome outcome = asked(group, text);
    return outcome.verdict == CheckVerdict::True ? "yes" : outcome.verdict == CheckVerdict::False ? "no" : "unknown";
}

}  // namespace

class TestDatabaseChecks : public QObject {
    Q_OBJECT
private slots:
    void aPairThatFollows_data() {
        QTest::addColumn<QString>("check");
        QTest::addColumn<QString>("said");
        const auto row = [](const char* check, const char* said) {
            QTest::newRow(check) << QString::fromUtf8(check) << QString::fromUtf8(said);
        };
        row("root-made voltdb/east/east1", "yes");
        row("host-runs voltdb/east/east1", "yes");
        row("host-stopped voltdb/east/east1", "no");
        row("database-up east", "yes");
        row("database-down east", "no");
        row("paused east", "no");
        row("not-paused east", "yes");
        row("k-safe east", "no");
        row("full-safety east", "yes");
        row("command-log-synchronous east", "yes");
        row("dr-role east master", "yes");
        row("dr-role west master", "no");
        row("dr-state west east active", "yes");
        row("dr-state west east stopped", "no");
        row("dr-active west east", "yes");
        row("dr-synced east west", "yes");
        row("dr-synced west east", "unknown");   // it sends nothing
        row("dr-drained west east", "unknown");  // the same
        row("dr-drained east west", "yes");
        row("dr-forgotten east 2", "no");
        row("dr-forgotten east 9", "yes");
        row("dr-covered west east", "yes");
        row("dr-tables-empty east", "no");
        row("same-dr-schema east west", "yes");
        row("same-data east west", "yes");
        row("table-exists east stock", "yes");
        row("table-exists east nothing", "no");
        row("has-column east stock item", "yes");
        row("has-column east stock place", "no");
        row("database-up nowhere", "unknown");
    }
    void aPairThatFollows() {
        QFETCH(QString, check);
        DatabaseGroup group;
        passivePair(group);
        QTEST(QString::fromStdString(answer(group, check.toStdString())), "said");
    }

    void everyCheckIsKnown() {
        DatabaseGroup group;
        passivePair(group);
        for (const runbooks::CheckSpec* spec : dialects().of("voltdb").checks()) {
            std::vector<std::string> arguments;
            for (const std::string_view argument : spec->arguments) {
                arguments.emplace_back(argument.ends_with("CLUSTER") ? "east" : "x");
            }
            const CheckOutcome outcome = evaluateDatabaseCheck(group, std::string(spec->name), arguments);
            QVERIFY2(outcome.evidence.find("there is no") == std::string::npos, std::string(spec->name).c_str());
        }
        QCOMPARE(answer(group, "no-such-check east"), std::string("unknown"));
        QCOMPARE(answer(group, "database-up"), std::string("unknown"));
    }

    /// Hosts that run and say nothing: no check may be true, and only what their processes tell may be false.
    void silenceIsUnknown() {
        DatabaseGroup group;
        passivePair(group);
        group.isMute = true;
        for (const char* check :
             {"database-up east", "paused east", "not-paused east", "k-safe east", "full-safety east",
              "dr-role east master", "dr-active west east", "dr-synced east west", "dr-drained east west",
              "dr-forgotten east 2", "dr-covered west east", "dr-tables-empty east", "same-dr-schema east west",
              "same-data east west", "table-exists east stock", "has-column east stock item"}) {
            QVERIFY2(answer(group, check) == "unknown", check);
        }
        QCOMPARE(answer(group, "database-down east"), std::string("no"));
    }

    void aClusterWithoutAProcessIsDown() {
        DatabaseGroup group;
        passivePair(group);
        group.at("east").isRunning = false;
        QCOMPARE(answer(group, "database-down east"), std::string("yes"));
        QCOMPARE(answer(group, "database-up east"), std::string("no"));
        QCOMPARE(answer(group, "dr-active west east"), std::string("no"));
        QCOMPARE(answer(group, "dr-drained east west"), std::string("unknown"));
        QCOMPARE(answer(group, "same-data east west"), std::string("unknown"));
    }

    void whatIsQueuedIsNotDrained() {
        DatabaseGroup group;
        passivePair(group);
        QCOMPARE(answer(group, "dr-drained east west"), std::string("yes"));
        group.isCut = true;
        group.at("east").behind = 3;
        const CheckOutcome outcome = asked(group, "dr-drained east west");
        QVERIFY(outcome.verdict == CheckVerdict::False);
        QCOMPARE(outcome.evidence, std::string("Partition 0 needs acknowledgement for drIds 7 to 9 on hosts: east1."));
    }

    void aSnapshotUnderWayIsNotSynced() {
        DatabaseGroup group;
        passivePair(group);
        group.at("east").sendsSnapshot = true;
        QCOMPARE(answer(group, "dr-synced east west"), std::string("no"));
    }

    void differencesAreNamed() {
        DatabaseGroup group;
        passivePair(group);
        group.isCut = true;
        QCOMPARE(asked(group, "same-data east west").evidence, std::string("STOCK: only east has '1'"));
        group.at("west").columns.emplace_back("place");
        QVERIFY(asked(group, "same-dr-schema east west").evidence.find("only west has column STOCK.place") !=
                std::string::npos);
        QCOMPARE(answer(group, "same-dr-schema east west"), std::string("no"));
    }
};
TRIBUTARY_TEST(TestDatabaseChecks)
#include "tst_databasechecks.moc"
