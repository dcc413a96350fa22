// Worlds of the kinds that stand for no product: what the general parts promise, they promise for any kind.
#include <QTest>

#include "simbugs.h"
#include "simkinds.h"
#include "simrun.h"
#include "testmain.h"

namespace tributary::simtest {

namespace {

constexpr int kSeeds = 8;
constexpr int kOps = 300;

}  // namespace

class SimKindsTest final : public QObject {
    Q_OBJECT
private slots:
    void worldsHoldUnderFaults_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<int>("profile");
        for (const SimKind* kind : simKinds()) {
            if (kind == &tablesInSim()) continue;  // tst_simruns
            for (const Profile profile : kind->profiles()) {
                const std::string row = kind->name() + " " + profileName(profile);
                QTest::newRow(row.c_str()) << QString::fromStdString(kind->name()) << static_cast<int>(profile);
            }
        }
    }
    void worldsHoldUnderFaults() {
        QFETCH(const QString, kind);
        QFETCH(const int, profile);
        const SimKind& one = *simKindNamed(kind.toStdString());
        std::map<std::string, std::uint64_t> counts;
        std::uint64_t faults = 0;
        int acked = 0;
        for (std::uint64_t seed = 1; seed <= kSeeds; ++seed) {
            const Plan plan = planOf(one, seed, static_cast<Profile>(profile), 3, kOps, {});
            const Outcome outcome = SimRun(plan, {}).run();
            const std::string text = outcome.violation ? *outcome.violation : std::string();
            QVERIFY2(!outcome.violation, ("seed " + std::to_string(seed) + ": " + text).c_str());
            acked += outcome.acked;
            for (const auto& [name, times] : outcome.counts) {
                counts[name] += times;
                faults += name.starts_with("fault ") ? times : 0;
            }
        }
        // A run that injects nothing, or writes nothing, proves nothing.
        QVERIFY(faults >= kSeeds * 3);
        QVERIFY(acked >= kSeeds * kOps / 3);
        QVERIFY(counts["rows compared"] > 0);
    }
    void seededBugIsSeen_data() {
        QTest::addColumn<QString>("kind");
        QTest::addColumn<QString>("bug");
        for (const SimKind* kind : simKinds()) {
            if (kind == &tablesInSim()) continue;
            for (const SeededBug& bug : kind->bugs()) {
                const std::string row = kind->name() + " " + bug.name;
                QTest::newRow(row.c_str()) << QString::fromStdString(kind->name()) << QString::fromLatin1(bug.name);
            }
        }
    }
    void seededBugIsSeen() {
        QFETCH(const QString, kind);
        QFETCH(const QString, bug);
        const SimKind& one = *simKindNamed(kind.toStdString());
        const SeededBug& known = *bugNamed(one.bugs(), bug.toStdString());
        const std::string expected = std::string(known.oracle) + ":";
        std::string others;
        for (int seed = 1; seed <= known.seedsMax; ++seed) {
            const Plan plan = planOf(one, static_cast<std::uint64_t>(seed), known.profile, 3, kOps, known.name);
            const Outcome outcome = SimRun(plan, {}).run();
            if (!outcome.violation) continue;
            if (outcome.violation->starts_with(expected)) return;
            others = *outcome.violation;
        }
        QFAIL((std::string("the oracle ") + known.oracle + " did not see it; others said: " + others).c_str());
    }
    void theRarePathsAreReached() {
        std::map<std::string, std::uint64_t> counts;
        for (std::uint64_t seed = 200; seed < 224; ++seed) {
            const Plan plan = planOf(*simKindNamed("toy"), seed, Profile::Mesh, 3, kOps, {});
            for (const auto& [name, times] : SimRun(plan, {}).run().counts) counts[name] += times;
        }
        for (const char* name : {"reached decided-stop", "reached decided-skip", "room made", "rows compared"}) {
            QVERIFY2(counts[name] > 0, name);
        }
    }
};

TRIBUTARY_TEST(SimKindsTest)

}  // namespace tributary::simtest

#include "tst_simkinds.moc"
