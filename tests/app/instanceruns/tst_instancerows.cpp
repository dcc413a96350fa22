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
    void printsTellOrderCountAndContent() {
        FakeWorld world;
        const InstancePlace one = placeOf(world, "master_master:instance001").value();
        const auto before = printsOf(world, one);
        QVERIFY_OK(before);
        QCOMPARE(before->at("bands").rows, std::uint64_t{2});
        QCOMPARE(before->at("bands").hash.size(), std::size_t{32});
        std::swap(world.at("instance001").spaces["bands"][0].second, world.at("instance001").spaces["bands"][1].second);
        const auto after = printsOf(world, one);
        QVERIFY_OK(after);
        QVERIFY(after->at("bands").hash != before->at("bands").hash);
        QCOMPARE(differencesOf(*before, *after),
                 std::vector<std::string>{"space bands has 2 rows at both, and not the same"});
        QVERIFY(differencesOf(*after, *after).empty());
    }
    void keysAreShownAsFarAsTheyAreKept() {
        FakeWorld world;
        for (int i = 10; i < 20; ++i) {
            world.at("instance001").spaces["bands"].emplace_back(std::to_string(i), "row " + std::to_string(i));
        }
        const InstancePlace one = placeOf(world, "master_master:instance001").value();
        const InstancePlace two = placeOf(world, "master_master:instance002").value();
        const auto found = rowsOnlyAt(world, one, two, 2);
        QVERIFY_OK(found);
        QCOMPARE(found->count, std::uint64_t{10});
        QCOMPARE(keysText(*found), std::string("bands 10, bands 11, and 8 more"));
        const auto other = rowsOnlyAt(world, two, one, 2);
        QVERIFY_OK(other);
        QCOMPARE(other->count, std::uint64_t{0});
        world.at("instance002").isRunning = false;
        QVERIFY(!rowsOnlyAt(world, one, two, 2));
    }
};
TRIBUTARY_TEST(TestInstanceRows)
#include "tst_instancerows.moc"
