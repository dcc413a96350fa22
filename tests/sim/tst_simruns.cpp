// Whole worlds: no violation under faults, the same world from the same seed, and every seeded bug seen.
#include <QTest>

#include "simbugs.h"
#include "simkind.h"
#include "simrun.h"
#include "testmain.h"

namespace tributary::simtest {

namespace {

constexpr int kSeeds = 10;
constexpr int kOps = 300;

Outcome runOf(std::uint64_t seed, Profile profile, const std::string& bug = {}) {
    return SimRun(planOf(tablesInSim(), seed, profile, 3, kOps, bug), {}).run();
}

void addProfiles() {
    QTest::addColumn<int>("profile");
    for (int i = 0; i < kProfiles; ++i) QTest::newRow(profileName(static_cast<Profile>(i)).c_str()) << i;
}

}  // namespace

class SimRunsTest final : public QObject {
    Q_OBJECT
private slots:
    void worldsHoldUnderFaults_data() { addProfiles(); }
    void worldsHoldUnderFaults() {
        QFETCH(const int, profile);
        std::uint64_t faults = 0;
        int acked = 0;
        for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
            const Outcome outcome = runOf(seed, static_cast<Profile>(profile));
            const std::string text = outcome.violation ? *outcome.violation : std::string();
            QVERIFY2(!outcome.violation, ("seed " + std::to_string(seed) + ": " + text).c_str());
            acked += outcome.acked;
            for (const auto& [name, times] : outcome.counts) faults += name.starts_with("fault ") ? times : 0;
        }
        // A run that injects nothing, or writes nothing, proves nothing.
        QVERIFY(faults >= kSeeds * 3);
        QVERIFY(acked >= kSeeds * kOps / 2);
    }
    void sameSeedIsTheSameWorld_data() { addProfiles(); }
    void sameSeedIsTheSameWorld() {
        QFETCH(const int, profile);
        const Outcome first = runOf(77, static_cast<Profile>(profile));
        const Outcome other = runOf(78, static_cast<Profile>(profile));
        const Outcome again = runOf(77, static_cast<Profile>(profile));
        QCOMPARE(again.traceHash, first.traceHash);
        QCOMPARE(again.events, first.events);
        QVERIFY(other.traceHash != first.traceHash);
    }
    void seededBugIsSeen_data() {
        QTest::addColumn<QString>("bug");
        for (const SeededBug& bug : seededBugs()) QTest::newRow(bug.name) << QString::fromLatin1(bug.name);
    }
    void seededBugIsSeen() {
        QFETCH(const QString, bug);
        const SeededBug& known = *bugNamed(seededBugs(), bug.toStdString());
        const std::string expected = std::string(known.oracle) + ":";
        std::string others;
        for (int seed = 1; seed <= known.seedsMax; ++seed) {
            const Outcome outcome = runOf(static_cast<std::uint64_t>(seed), known.profile, known.name);
            if (!outcome.violation) continue;
            if (outcome.violation->starts_with(expected)) return;
            others = *outcome.violation;
        }
        QFAIL((std::string("the oracle ") + known.oracle + " did not see it; others said: " + others).c_str());
    }
    void theRarePathsAreReached() {
        std::map<std::string, std::uint64_t> counts;
        for (int profile = 0; profile < kProfiles; ++profile) {
            for (std::uint64_t seed = 200; seed < 214; ++seed) {
                for (const auto& [name, times] : runOf(seed, static_cast<Profile>(profile)).counts)
                    counts[name] += times;
            }
        }
        for (const char* name : {"reached session-replaced",
                                 "reached session-fenced",
                                 "reached receiver-paused",
                                 "reached link-backing-off",
                                 "reached admit-refused",
                                 "reached payload-refused",
                                 "fault slow-line",
                                 "reached new-incarnation",
                                 "reached life-told",
                                 "reached life-ended",
                                 "complete-life",
                                 "reached admission-wait",
                                 "reached sync-fell-back",
                                 "reached sync-returned",
                                 "fault power-cut",
                                 "fault power-cut-inside",
                                 "fault crash-after-ack",
                                 "fault kill",
                                 "fault rogue",
                                 "reached gateway-unproven",
                                 "fault disk-full",
                                 "fault io-error",
                                 "fault few-handles",
                                 "fault skew",
                                 "fault far-skew",
                                 "reached clock-held",
                                 "reached skip-passed-on",
                                 "reached filters-leave-nothing",
                                 "fault network",
                                 "fault catalog",
                                 "fault slow-workers",
                                 "fault power-cut-of-all",
                                 "synchronous-ack"}) {
            QVERIFY2(counts[name] > 0, name);
        }
    }
};

TRIBUTARY_TEST(SimRunsTest)

}  // namespace tributary::simtest

#include "tst_simruns.moc"
