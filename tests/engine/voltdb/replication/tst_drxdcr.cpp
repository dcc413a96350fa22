// XDCR: groups of two and three clusters, conflicts, joining and leaving.
#include "drworld.h"
#include "testmain.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::engine::voltdb;
using namespace tributary::test;

namespace {

/// `count` clusters; the first one names the second, each other one the one before it: a chain.
struct Group {
    explicit Group(int count, bool joins = true, std::uint64_t seed = 1) : world(seed) {
        for (int i = 1; i <= count; ++i) world.add(DrRole::Xdcr, {i == 1 ? 2 : i - 1});
        for (int i = 1; joins && i <= count; ++i) join(i);
    }
    void join(int cluster) {
        const Status started = world.at(cluster).start();
        if (!started) qFatal("%s", started.error().text().c_str());
        world.at(cluster).store().setTables(tables);
        world.runMs(50);
        if (cluster > 1 && !world.until([&] { return isMesh(cluster); })) {
            qFatal("cluster %d does not join: %s", cluster, shown().c_str());
        }
    }
    /// The first `count` clusters are in step with each other.
    bool isMesh(int count) {
        for (int i = 1; i <= count; ++i) {
            if (!world.at(i).up()) return false;
            const auto states = world.at(i).cluster().states();
            if (static_cast<int>(states.size()) != count - 1) return false;
            for (const auto& [remote, state] : states) {
                if (state != DrState::Active) return false;
            }
            if (static_cast<int>(world.at(i).cluster().consumers().size()) != count - 1) return false;
        }
        return true;
    }
    bool isQuiet(int count) {
        for (int i = 1; i <= count; ++i) {
            DrHostSim& host = world.at(i);
            if (host.store().durable() != host.store().entries().size()) return false;
            if (!host.cluster().isProducerDrained()) return false;
        }
        return true;
    }
    bool settles(int count, Millis mostMs = 60'000) {
        return world.until([&] { return isMesh(count) && isQuiet(count); }, mostMs);
    }
    bool isEqual(int count) {
        for (int i = 2; i <= count; ++i) {
            if (rows(i) != rows(1)) return false;
        }
        return true;
    }
    std::vector<std::string> rows(int cluster) { return world.at(cluster).store().shown("T"); }
    std::string shown() {
        std::string out;
        for (int i = 1; i <= world.count(); ++i) {
            if (world.at(i).up()) out += world.at(i).roles() + " " + world.at(i).failures() + "\n";
        }
        return out;
    }
    Status write(int cluster, DrOperation operation, std::int64_t id, const std::string& value = {},
                 std::int64_t number = 0) {
        return world.at(cluster).store().transact({{operation, "T", memRow(id, value, number)}});
    }
    std::vector<ConflictRow> conflicts(int cluster) {
        const auto text = world.at(cluster).files().readAll("dr/conflicts.csv");
        if (!text) return {};
        auto rows = parseConflictLog(*text);
        if (!rows) qFatal("%s", rows.error().text().c_str());
        return *rows;
    }
    std::vector<DrTable> tables{memTable("T", true, true)};
    DrWorld world;
};

/// "EXT U MSMT A C", the lines of a conflict log.
std::string shortly(const std::vector<ConflictRow>& rows) {
    std::string out;
    for (const ConflictRow& each : rows) {
        out += (out.empty() ? "" : ", ") + each.rowType + " " + each.actionType + " " + each.conflictType + " " +
               each.decision + each.divergence;
    }
    return out;
}

}  // namespace

class TestDrXdcr : public QObject {
    Q_OBJECT
private slots:
    void P08_P09_P11_P18_threeClustersConvergeAndCompleteTheirMesh() {
        Group g(3);
        for (int i = 1; i <= 3; ++i) {
            QVERIFY_OK(g.write(i, DrOperation::Insert, i, "from " + std::to_string(i), i));
            QVERIFY_OK(g.write(i, DrOperation::Insert, 10 + i, "gone", 10 + i));
        }
        QVERIFY2(g.settles(3), g.shown().c_str());
        for (int i = 1; i <= 3; ++i) {
            QVERIFY_OK(g.write(i, DrOperation::Update, i % 3 + 1, "changed by " + std::to_string(i), i % 3 + 1));
            QVERIFY_OK(g.write(i, DrOperation::Delete, 10 + i));
        }
        QVERIFY(g.settles(3));
        QVERIFY(g.isEqual(3));
        QCOMPARE(g.rows(1).size(), std::size_t{3});
        for (int i = 1; i <= 3; ++i) QVERIFY(g.conflicts(i).empty());
        // Nobody forwards: each has produced its own transactions alone.
        for (int i = 1; i <= 3; ++i) {
            std::uint64_t produced = 0;
            for (const MemEntry& entry : g.world.at(i).store().entries()) produced += entry.produced.size();
            QCOMPARE(produced, std::uint64_t{4});
        }
    }

    void P30_theFirstMayHaveDataAndTheOthersNot() {
        Group g(2, false);
        for (int i = 1; i <= 2; ++i) {
            QVERIFY_OK(g.world.at(i).start());
            g.world.at(i).store().setTables(g.tables);
            QVERIFY_OK(g.write(i, DrOperation::Insert, i, "mine", i));
        }
        g.world.runMs(10'000);
        QVERIFY(!g.isMesh(2));
        QVERIFY(g.world.at(2).failures().find("both have data in their DR tables: DR cannot start") !=
                std::string::npos);
        QVERIFY_OK(g.write(1, DrOperation::Insert, 5, "goes on", 5));  // both keep running
        QVERIFY_OK(g.write(2, DrOperation::Delete, 2));
        QVERIFY2(g.settles(2), g.shown().c_str());
        QVERIFY(g.isEqual(2));
        QCOMPARE(g.rows(2).size(), std::size_t{2});
    }

    void whoHasDataBeginsWhoeverWasThereFirst() {
        Group g(2, false);
        QVERIFY_OK(g.world.at(1).start());
        g.world.runMs(10);
        QVERIFY_OK(g.world.at(2).start());
        for (int i = 1; i <= 2; ++i) g.world.at(i).store().setTables(g.tables);
        QVERIFY_OK(g.write(2, DrOperation::Insert, 7, "second has it", 7));
        QVERIFY2(g.settles(2), g.shown().c_str());
        QVERIFY(g.isEqual(2));
        QCOMPARE(g.rows(1).size(), std::size_t{1});
    }

    void aThirdJoinsUnderLoadAndMissesNothing() {
        Group g(3, false);
        g.join(1);
        for (int i = 0; i < 100; ++i) QVERIFY_OK(g.write(1, DrOperation::Insert, i, "a", i));
        g.join(2);
        for (int i = 100; i < 150; ++i) QVERIFY_OK(g.write(2, DrOperation::Insert, i, "b", i));
        QVERIFY_OK(g.world.at(3).start());
        g.world.at(3).store().setTables(g.tables);
        int next = 1'000;
        QVERIFY2(g.world.until([&] {
            if (next < 1'400) {
                const int cluster = 1 + next % 2;
                if (!g.write(cluster, DrOperation::Insert, next, "load", next)) qFatal("refused");
                ++next;
            }
            return g.isMesh(3) && next == 1'400;
        }),
                 g.shown().c_str());
        QVERIFY_OK(g.write(3, DrOperation::Insert, 9'999, "third", 9'999));
        QVERIFY(g.settles(3));
        QVERIFY(g.isEqual(3));
        QCOMPARE(g.rows(3).size(), std::size_t{551});
        for (int i = 1; i <= 3; ++i) QVERIFY(g.conflicts(i).empty());
    }

    void P33_P34_P41_theyResume_data() {
        QTest::addColumn<int>("killed");  // bits
        for (int bits = 1; bits < 8; ++bits) QTest::addRow("clusters %d", bits) << bits;
    }
    void P33_P34_P41_theyResume() {
        QFETCH(int, killed);
        Group g(3);
        for (int i = 0; i < 30; ++i) QVERIFY_OK(g.write(1 + i % 3, DrOperation::Insert, i, "v", i));
        g.world.runMs(120);
        for (int i = 1; i <= 3; ++i) {
            if ((killed & (1 << (i - 1))) != 0) g.world.at(i).kill();
        }
        for (int i = 1; i <= 3; ++i) {
            if (g.world.at(i).up()) QVERIFY_OK(g.write(i, DrOperation::Insert, 100 + i, "meanwhile", 100 + i));  // P35
        }
        g.world.runMs(4'000);
        for (int i = 1; i <= 3; ++i) {
            if (!g.world.at(i).up()) QVERIFY_OK(g.world.at(i).start());
        }
        QVERIFY2(g.settles(3), g.shown().c_str());
        QVERIFY(g.isEqual(3));
    }

    void conflicts_data() {
        QTest::addColumn<QString>("what");
        QTest::addColumn<QString>("first");   // the log of cluster 1
        QTest::addColumn<QString>("second");  // the log of cluster 2
        QTest::addColumn<bool>("isConvergent");
        QTest::newRow("II_CV") << QStringLiteral("II") << QStringLiteral("EXT I CNST RD, NEW I CNST RD")
                               << QStringLiteral("EXT I CNST RD, NEW I CNST RD") << false;
        QTest::newRow("II_PK") << QStringLiteral("IIPK") << QStringLiteral("EXT I CNST RD, NEW I CNST RD")
                               << QStringLiteral("EXT I CNST RD, NEW I CNST RD") << false;
        QTest::newRow("IU_CV") << QStringLiteral("IU")
                               << QStringLiteral("EXT U CNST RD, EXT U CNST RD, EXP U NONE RD, NEW U CNST RD")
                               << QStringLiteral("EXT I CNST RD, NEW I CNST RD") << false;
        QTest::newRow("UU_TM") << QStringLiteral("UU") << QStringLiteral("EXT U MSMT AC, EXP U MSMT AC, NEW U NONE AC")
                               << QStringLiteral("EXT U MSMT RC, EXP U MSMT RC, NEW U NONE RC") << true;
        QTest::newRow("UD") << QStringLiteral("UD") << QStringLiteral("EXT D MSMT AC, EXP D MSMT AC, DEL D NONE AC")
                            << QStringLiteral("EXP U MISS RD, NEW U NONE RD") << true;
        QTest::newRow("DD_MR") << QStringLiteral("DD") << QStringLiteral("EXP D MISS RC, DEL D NONE RC")
                               << QStringLiteral("EXP D MISS RC, DEL D NONE RC") << true;
    }
    void conflicts() {
        QFETCH(QString, what);
        QFETCH(bool, isConvergent);
        Group g(2);
        QVERIFY_OK(g.write(1, DrOperation::Insert, 2, "row", 2));
        QVERIFY_OK(g.write(1, DrOperation::Insert, 4, "other", 4));
        QVERIFY(g.settles(2));
        const auto both = [&](DrOperation left, std::int64_t leftId, std::int64_t leftNumber, DrOperation right,
                              std::int64_t rightId, std::int64_t rightNumber) {
            QVERIFY_OK(g.write(1, left, leftId, "one", leftNumber));
            g.world.runMs(5);  // the second one is the later one
            QVERIFY_OK(g.write(2, right, rightId, "two", rightNumber));
        };
        if (what == QStringLiteral("II")) both(DrOperation::Insert, 6, 60, DrOperation::Insert, 8, 60);
        if (what == QStringLiteral("IIPK")) both(DrOperation::Insert, 6, 60, DrOperation::Insert, 6, 61);
        if (what == QStringLiteral("IU")) both(DrOperation::Insert, 6, 60, DrOperation::Update, 2, 60);
        if (what == QStringLiteral("UU")) both(DrOperation::Update, 2, 2, DrOperation::Update, 2, 2);
        if (what == QStringLiteral("UD")) both(DrOperation::Update, 2, 2, DrOperation::Delete, 2, 2);
        if (what == QStringLiteral("DD")) both(DrOperation::Delete, 2, 2, DrOperation::Delete, 2, 2);
        g.world.runMs(200);
        QVERIFY(g.settles(2));
        QTEST(QString::fromStdString(shortly(g.conflicts(1))), "first");
        QTEST(QString::fromStdString(shortly(g.conflicts(2))), "second");
        QCOMPARE(g.isEqual(2), isConvergent);
        const auto figures = g.world.at(1).cluster().statistics("DRCONFLICTS", true);
        QCOMPARE((*figures)[0].rows.size(), std::size_t{1});
        QVERIFY((*figures)[0].rows[0][8] == DrFigure(std::int64_t{1}));
        const auto again = g.world.at(1).cluster().statistics("DRCONFLICTS", true);
        QVERIFY((*again)[0].rows[0][8] == DrFigure(std::int64_t{0}));
    }

    void aClusterLeaves() {
        Group g(3);
        QVERIFY_OK(g.write(3, DrOperation::Insert, 1, "last", 1));
        QVERIFY(g.settles(3));
        std::string answer;
        g.world.at(3).cluster().drop(
            [&](const Result<std::string>& said) { answer = said ? *said : said.error().what; });
        QVERIFY(g.world.until([&] { return !answer.empty(); }));
        QCOMPARE(answer, std::string("All connected clusters have been successfully reset. Safe to shutdown..."));
        g.world.at(3).kill();
        QVERIFY(g.world.until([&] { return g.isMesh(2); }));
        // It comes back empty alone.
        g.world.at(3).init();
        QVERIFY_OK(g.world.at(3).start());
        g.world.at(3).store().setTables(g.tables);
        QVERIFY2(g.world.until([&] { return g.isMesh(3); }), g.shown().c_str());
        QVERIFY(g.settles(3));
        QVERIFY(g.isEqual(3));
    }

    void aLostClusterIsForgottenByEverySurvivor() {
        Group g(3);
        g.world.at(3).kill();
        for (int i = 0; i < 10; ++i) QVERIFY_OK(g.write(1, DrOperation::Insert, i, "v", i));
        g.world.runMs(5'000);
        QVERIFY(g.world.at(1).cluster().neededFrom() < g.world.at(1).store().entries().size());
        for (const int survivor : {1, 2}) {
            std::string answer;
            g.world.at(survivor).cluster().reset(
                3, false, false, [&](const Result<std::string>& said) { answer = said ? *said : said.error().what; });
            QVERIFY(g.world.until([&] { return !answer.empty(); }));
            QCOMPARE(answer, std::string("DR reset is done."));
        }
        g.world.runMs(5'000);
        QVERIFY(g.isMesh(2));
        QCOMPARE(g.world.at(1).cluster().neededFrom(), Lsn{g.world.at(1).store().entries().size() + 1});
        // What was lost and comes back with its data is not taken.
        QVERIFY_OK(g.world.at(3).start());
        QVERIFY(g.world.until([&] { return g.world.at(3).roles().find("STOPPED") != std::string::npos; }));
    }

    void aClusterThatWasMadeAnewIsAnother() {
        Group g(2);
        g.world.at(2).init();
        g.world.runMs(100);
        QVERIFY_OK(g.world.at(2).start());
        g.world.at(2).store().setTables(g.tables);
        QVERIFY(g.world.until([&] { return g.world.at(2).roles().find("STOPPED") != std::string::npos; }));
        QVERIFY(g.world.at(2).failures().find("was created anew") != std::string::npos);
    }

    /// A copy of both volumes elsewhere: what they remember of each other's doors is of the place of the original.
    void clustersThatMovedFindEachOtherWhereTheyAreNow_data() {
        QTest::addColumn<bool>("withBug");
        QTest::newRow("sound") << false;
        QTest::newRow("bug-dr-remembers-doors") << true;
    }
    void clustersThatMovedFindEachOtherWhereTheyAreNow() {
        QFETCH(bool, withBug);
        Group group(2);
        std::map<int, std::string> doors;
        for (const int each : {1, 2}) {
            DrHostSim& host = group.world.at(each);
            host.kill();
            host.settings.door.port = engine::sim::SimNetwork::portOf(each - 1, 5);
            host.settings.address = host.settings.door.text();
            doors[each] = host.settings.address;
        }
        for (const int each : {1, 2}) {
            group.world.at(each).settings.addresses = doors;
            if (withBug) group.world.at(each).faults.arm("bug-dr-remembers-doors");
            QVERIFY_OK(group.world.at(each).start());
        }
        QCOMPARE(group.settles(2, 10'000), !withBug);
        if (withBug) return;
        QVERIFY_OK(group.write(1, DrOperation::Insert, 77, "moved"));
        QVERIFY(group.settles(2));
        QVERIFY(group.isEqual(2) && !group.rows(2).empty());
    }

    void joinersComeOneAtATime() {
        Group g(4, false);
        g.join(1);
        for (int i = 0; i < 300; ++i) QVERIFY_OK(g.write(1, DrOperation::Insert, i, "v", i));
        g.join(2);
        for (const int joiner : {3, 4}) {
            g.world.at(joiner).settings.sources = {{"127.0.0.1", engine::sim::SimNetwork::portOf(0, 0), {}, {}}};
            QVERIFY_OK(g.world.at(joiner).start());
            g.world.at(joiner).store().setTables(g.tables);
        }
        QVERIFY2(g.world.until([&] { return g.isMesh(4); }), g.shown().c_str());
        QVERIFY(g.settles(4));
        QVERIFY(g.isEqual(4));
    }
};
TRIBUTARY_TEST(TestDrXdcr)
#include "tst_drxdcr.moc"
