// Seeds of SQL, weather and deaths on real nodes: in the end all have the same rows.
#include "hostworld.h"
#include "mutator.h"
#include "testmain.h"
#include "tests/engine/tarantool/fuzzing.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::test;

namespace {

constexpr const char* kTables =
    "CREATE TABLE p (id BIGINT NOT NULL, v VARCHAR(40), n INTEGER, PRIMARY KEY (id)); PARTITION TABLE p ON COLUMN id;"
    "CREATE TABLE r (id BIGINT NOT NULL, v VARCHAR(40), PRIMARY KEY (id)); DR TABLE p; DR TABLE r";

/// Statements of one cluster, on rows of its own.
class Writer {
public:
    Writer(HostWorld& world, Mutator& random, int cluster) : world_(world), random_(random), cluster_(cluster) {}

    void write() {
        const std::int64_t id = cluster_ * 1'000 + static_cast<std::int64_t>(random_.below(30));
        const std::string value = fmt::format("c{} n{}", cluster_, ++count_);
        std::string sql;
        switch (random_.below(8)) {
            case 0: sql = fmt::format("DELETE FROM p WHERE id = {}", id); break;
            case 1: sql = fmt::format("UPSERT INTO r VALUES ({}, '{}')", id, value); break;
            case 2: sql = fmt::format("UPDATE p SET v = '{}' WHERE id >= {} AND id < {}", value, id, id + 5); break;
            case 3:
                sql = fmt::format("UPSERT INTO p VALUES ({}, '{}', 1); UPSERT INTO p VALUES ({}, '{}', 2)", id, value,
                                  id + 1, value);
                break;
            case 4: sql = fmt::format("DELETE FROM r WHERE id = {}", id); break;
            default: sql = fmt::format("UPSERT INTO p VALUES ({}, '{}', {})", id, value, count_);
        }
        // Nobody waits for the answer: whoever dies meanwhile gives none.
        world_.control(cluster_).call({"@AdHoc", {sql}}, [](const vt::VoltAnswer&) {});
    }

private:
    HostWorld& world_;
    Mutator& random_;
    int cluster_;
    int count_ = 0;
};

/// What is wrong in the end; empty = nothing.
std::string runSeed(int clusters, std::uint64_t seed, bool isPassive, const std::string& bug = {}) {
    Mutator random(seed);
    HostWorld w(seed);
    std::vector<Writer> writers;
    for (int i = 1; i <= clusters; ++i) {
        const vt::DrRole role = !isPassive ? vt::DrRole::Xdcr : i == 1 ? vt::DrRole::Master : vt::DrRole::Replica;
        w.add(role, {i == 1 ? 2 : i - 1}, 1 + static_cast<int>(random.below(3)));
        if (!bug.empty()) w.sim(i).faults().arm(bug);
        w.must(i, kTables);
        w.pass(200);
        if (i > 1 && !w.settles()) return "the group is not made";
        if (!isPassive || i == 1) writers.emplace_back(w, random, i);
    }
    for (int step = 0; step < 120; ++step) {
        const std::uint64_t what = random.below(100);
        const int cluster = 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(clusters)));
        const int other = 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(clusters)));
        if (what < 80) {
            Writer& writer = writers[random.below(writers.size())];
            const int at = 1 + static_cast<int>(&writer - writers.data());
            if (w.sim(at).up()) writer.write();
        } else if (what < 86) {
            if (cluster != other) w.network().cut(cluster - 1, other - 1, random.below(2) == 0);
        } else if (what < 90) {
            w.network().healAll();
        } else if (what < 95) {
            if (!w.sim(cluster).up()) {
                w.start(cluster);
            } else if (random.below(2) == 0) {
                w.kill(cluster);
            } else {
                w.powerCut(cluster);
            }
        }
        w.pass(static_cast<Millis>(random.below(80)));
    }
    w.network().healAll();
    for (int i = 1; i <= clusters; ++i) {
        if (!w.sim(i).up()) w.start(i);
    }
    if (!w.settles()) return "it does not settle";
    bool isWritten = false;
    for (const char* sql : {"SELECT * FROM p ORDER BY id", "SELECT * FROM r ORDER BY id"}) {
        const std::string first = w.sql(1, sql);
        for (int i = 2; i <= clusters; ++i) {
            const std::string theirs = w.sql(i, sql);
            if (theirs != first) return fmt::format("cluster 1: {}\ncluster {}: {}", first, i, theirs);
        }
        isWritten = isWritten || first.find("'c") != std::string::npos;
    }
    return isWritten ? std::string() : "nothing was written";
}

}  // namespace

class TestHostSeeds : public QObject {
    Q_OBJECT

private slots:
    void masterAndReplica() {
        for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(fuzzRounds(6)); ++seed) {
            const std::string wrong = runSeed(2, seed, true);
            QVERIFY2(wrong.empty(), fmt::format("seed {}: {}", seed, wrong).c_str());
        }
    }
    void threeActiveClusters() {
        for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(fuzzRounds(4)); ++seed) {
            const std::string wrong = runSeed(3, seed, false);
            QVERIFY2(wrong.empty(), fmt::format("seed {}: {}", seed, wrong).c_str());
        }
    }
    /// What is wrong in what is applied is seen in the rows of real hosts too.
    void seededBugsAreSeen_data() {
        QTest::addColumn<QByteArray>("bug");
        QTest::newRow("transaction skipped") << QByteArray("bug-dr-transaction-skipped");
        QTest::newRow("half of a transaction") << QByteArray("bug-dr-half-of-mp-applied");
    }
    void seededBugsAreSeen() {
        QFETCH(QByteArray, bug);
        std::string wrong;
        for (std::uint64_t seed = 1; wrong.empty() && seed <= 6; ++seed) {
            wrong = runSeed(2, seed, true, bug.toStdString());
        }
        QVERIFY(wrong.find("cluster 1: ") == 0 || wrong == "it does not settle");
    }
};
TRIBUTARY_TEST(TestHostSeeds)
#include "tst_hostseeds.moc"
