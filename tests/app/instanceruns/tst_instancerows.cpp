// Rows of two instances against each other.
#include "app/instanceruns/instancerows.h"

#include "fakeworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::app;
using test::FakeWorld;

class TestInstanceRows : public QObject {
    Q_OBJECT
private slots:
    void linesTellCountContentAndShape() {
        FakeWorld world;
        const InstancePlace one = placeOf(world, "master_master:instance001").value();
        const InstancePlace two = placeOf(world, "master_master:instance002").value();
        const auto lines = [&] { return differencesOf(compareRows(world, one, two, 2)->spaces); };
        QCOMPARE(lines(), std::vector<std::string>{});
        auto& rows = world.at("instance001").spaces["bands"];
        std::swap(rows[0].second, rows[1].second);
        QCOMPARE(lines(), std::vector<std::string>{"space bands has 2 rows at both, and not the same"});
        rows.pop_back();
        QCOMPARE(lines(), std::vector<std::string>{"space bands has 1 and 2 rows"});
        world.at("instance002").spaces.clear();
        QCOMPARE(lines(), std::vector<std::string>{"space bands: the second has no such space"});
        QCOMPARE(compareRows(world, one, two, 2)->here.count, std::uint64_t{1});
    }
    void keysAreShownAsFarAsTheyAreKept() {
        FakeWorld world;
        for (int i = 10; i < 20; ++i) {
            world.at("instance001").spaces["bands"].emplace_back(std::to_string(i), "row " + std::to_string(i));
        }
        const InstancePlace one = placeOf(world, "master_master:instance001").value();
        const InstancePlace two = placeOf(world, "master_master:instance002").value();
        const auto found = compareRows(world, one, two, 2);
        QVERIFY_OK(found);
        QCOMPARE(found->here.count, std::uint64_t{10});
        QCOMPARE(found->there.count, std::uint64_t{0});
        QCOMPARE(keysText(found->here), std::string("bands 10, bands 11, and 8 more"));
        QCOMPARE(compareRows(world, two, one, 2)->there.count, std::uint64_t{10});
        world.at("instance002").isRunning = false;
        QVERIFY(!compareRows(world, one, two, 2));
    }
};
TRIBUTARY_TEST(TestInstanceRows)
#include "tst_instancerows.moc"
