// Thousands of seeds, for nights and releases: ctest -L long.
#include <QTest>

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
            const Outcome outcome = SimRun(planOf(seed, static_cast<Profile>(profile), 3, 300, {}), {}).run();
            const std::string text = outcome.violation ? *outcome.violation : std::string();
            QVERIFY2(!outcome.violation, ("seed " + std::to_string(seed) + ": " + text).c_str());
        }
    }
    void largerWorldsHold() {
        for (std::uint64_t seed = 1; seed <= 40; ++seed) {
            const Outcome outcome = SimRun(planOf(seed, Profile::Mesh, 5, 1'000, {}), {}).run();
            const std::string text = outcome.violation ? *outcome.violation : std::string();
            QVERIFY2(!outcome.violation, ("seed " + std::to_string(seed) + ": " + text).c_str());
        }
    }
};

TRIBUTARY_TEST(SimLongTest)

}  // namespace tributary::simtest

#include "tst_simlong.moc"
