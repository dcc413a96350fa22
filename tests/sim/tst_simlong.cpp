// Thousands of seeds, for nights and releases: ctest -L long.
#include <QTest>

#include "simkinds.h"
#include "simrun.h"
#include "testmain.h"

namespace tributary::simtest {

class SimLongTest final : public QObject {
    Q_OBJECT
private slots:
    void thousandsOfWorldsHold_data() {
        QTest::addColumn<int>("profile");
        for (int i = 0; i < kProfiles; ++i) QTest::newRow(profileName(static_cast<Profile>(i)).c_str()) << i;
    }
    void thousandsOfWorldsHold() {
        QFETCH(const int, profile);
        for (std::uint64_t seed = 10'000; seed < 10'500; ++seed) {
            const Outcome outcome =
                SimRun(planOf(tablesInSim(), seed, static_cast<Profile>(profile), 3, 300, {}), {}).run();
            const std::string text = outcome.violation ? *outcome.violation : std::string();
            QVERIFY2(!outcome.violation, ("seed " + std::to_string(seed) + ": " + text).c_str());
        }
    }
    void thousandWorldsOfEachOtherKindHold_data() {
        QTest::addColumn<QString>("kind");
        for (const SimKind* kind : simKinds()) {
            if (kind != &tablesInSim()) QTest::newRow(kind->name().c_str()) << QString::fromStdString(kind->name());
        }
    }
    void thousandWorldsOfEachOtherKindHold() {
        QFETCH(const QString, kind);
        const SimKind& one = *simKindNamed(kind.toStdString());
        const std::vector<Profile> profiles = one.profiles();
        for (std::uint64_t seed = 20'000; seed < 21'000; ++seed) {
            const Plan plan = planOf(one, seed, profiles[seed % profiles.size()], 3, 300, {});
            const Outcome outcome = SimRun(plan, {}).run();
            const std::string text = outcome.violation ? *outcome.violation : std::string();
            QVERIFY2(!outcome.violation, ("seed " + std::to_string(seed) + " " + describe(plan) + ": " + text).c_str());
        }
    }
    void largerWorldsHold() {
        for (std::uint64_t seed = 1; seed <= 40; ++seed) {
            const Outcome outcome = SimRun(planOf(tablesInSim(), seed, Profile::Mesh, 5, 1'000, {}), {}).run();
            const std::string text = outcome.violation ? *outcome.violation : std::string();
            QVERIFY2(!outcome.violation, ("seed " + std::to_string(seed) + ": " + text).c_str());
        }
    }
};

TRIBUTARY_TEST(SimLongTest)

}  // namespace tributary::simtest

#include "tst_simlong.moc"
