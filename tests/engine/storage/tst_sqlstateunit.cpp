// Units whose decisions run in them: against a map of what was decided, over refusals, restarts and commits.
#include <QTemporaryDir>
#include <random>

#include "core/db/crashvfs.h"
#include "engine/storage/sqlstateunit.h"
#include "storagefixture.h"

using namespace tributary;
using namespace tributary::engine;
using namespace tributary::test;

namespace {

std::shared_ptr<SqlRules> rulesOf(std::size_t steps) {
    auto rules = std::make_shared<SqlRules>();
    const SqlTable first{1, "T", {"k", "v"}, {0}};
    const SqlTable second{2, "U", {"x"}, {}};
    rules->steps.push_back({1, {"CREATE TABLE T(k INTEGER, v TEXT, PRIMARY KEY(k)) WITHOUT ROWID"}, {first}});
    if (steps > 1) rules->steps.push_back({20, {"CREATE TABLE U(x)"}, {first, second}});
    rules->views = [](std::size_t count) {
        std::vector<std::pair<std::string, std::string>> views;
        if (count > 0) views.emplace_back("T", "SELECT k FROM main.T");
        return views;
    };
    return rules;
}

using Rows = std::map<std::int64_t, std::string>;

/// A unit, the log that it would have, and what must be in it.
class Bench {
public:
    explicit Bench(std::string path, std::string vfs = {}) {
        options_.path = std::move(path);
        options_.vfsName = std::move(vfs);
        options_.singleConnection = !options_.vfsName.empty();
        options_.context.rules = rulesOf(1);
        options_.checkpointWalBytes = 1;
        options_.pageBytes = 1024;
        faults.countReached(true);
    }
    Status open() {
        unit.reset();
        auto opened = openSqlStateUnit(options_, faults);
        options_.create = false;
        if (!opened) return opened.error();
        unit = std::move(opened).value();
        unit->advanceTo(1);  // the schema's entry
        return okStatus();
    }
    /// Opens it anew and replays what it lacks, up to `durable`.
    Status restart(Lsn durable) {
        if (Status opened = open(); !opened) return opened;
        log.resize(durable - 1);
        for (const EntryRef& entry : log) {
            if (Status applied = unit->apply(entry); !applied) return applied;
        }
        head = durable;
        return okStatus();
    }
    /// Puts a row; the bytes it is logged as.
    Status put(std::int64_t k, const std::string& v) {
        if (Status begun = unit->begin(); !begun) return begun;
        auto session = unit->session();
        if (!session) return session.error();
        const auto ran =
            session.value()->run("INSERT INTO main.T VALUES(?,?) ON CONFLICT(k) DO UPDATE SET v=excluded.v", {k, v});
        if (!ran) return ran.error();
        unit->setCounter(7, unit->counter(7) + 1);
        const auto bytes = std::make_shared<const Bytes>(unit->captured());
        unit->logging(bytes.get());
        EntryRef entry;
        entry.lsn = ++head;
        entry.hold = bytes;
        entry.mutations = *bytes;
        log.push_back(entry);
        return okStatus();
    }
    Status publish(Lsn lsn) { return unit->apply(log[lsn - 2]); }
    void refuse(Lsn lsn) {
        unit->refused(log[lsn - 2].hold.get());
        log.resize(lsn - 2);
        head = lsn - 1;
    }
    Rows rows() {
        Rows found;
        const auto session = unit->session();
        if (!session) return {{-1, session.error().full()}};
        const auto read = session.value()->run("SELECT k, v FROM main.T");
        if (!read) return {{-1, read.error().full()}};
        for (const SqlRow& row : read.value().rows)
            found[std::get<std::int64_t>(row[0])] = std::get<std::string>(row[1]);
        return found;
    }
    Status flush(Lsn synced) { return finished(unit->makeFlush(synced)); }

    FaultPoints faults;
    StateUnitOptions options_;
    std::unique_ptr<SqlStateUnit> unit;
    std::vector<EntryRef> log;  ///< from lsn 2 on
    Lsn head = 1;
};

}  // namespace

class TestSqlStateUnit : public QObject {
    Q_OBJECT

private slots:
    void init() {
        dir_ = std::make_unique<QTemporaryDir>();
        bench_ = std::make_unique<Bench>(dir_->path().toStdString() + "/1.db");
        VERIFY_ONCE(bench_->open());
        bench_->unit->setFoldContext({rulesOf(1), 0, 0, false});
    }
    void whatRanIsThereForTheNextStatement() {
        VERIFY_ONCE(bench_->put(1, "a"));
        VERIFY_ONCE(bench_->put(1, "b"));
        QCOMPARE(bench_->rows(), (Rows{{1, "b"}}));
        QCOMPARE(bench_->unit->appliedLsn(), Lsn{1});  // neither is published
        VERIFY_ONCE(bench_->publish(2));
        QCOMPARE(bench_->unit->appliedLsn(), Lsn{2});
        QCOMPARE(bench_->unit->counter(7), std::uint64_t{2});
    }
    void aRefusedStepTakesWhatRanOnTopWithIt_data() {
        QTest::addColumn<bool>("withBug");
        QTest::newRow("sound") << false;
        QTest::newRow("bug-refused-rows-stay") << true;
    }
    void aRefusedStepTakesWhatRanOnTopWithIt() {
        QFETCH(bool, withBug);
        if (withBug) bench_->faults.arm("bug-refused-rows-stay");
        VERIFY_ONCE(bench_->put(1, "a"));
        VERIFY_ONCE(bench_->put(1, "b"));
        VERIFY_ONCE(bench_->put(2, "c"));
        VERIFY_ONCE(bench_->publish(2));
        bench_->refuse(3);
        QCOMPARE(bench_->rows() == (Rows{{1, "a"}}), !withBug);
        if (withBug) return;
        QCOMPARE(bench_->unit->counter(7), std::uint64_t{1});
        VERIFY_ONCE(bench_->put(3, "d"));
        VERIFY_ONCE(bench_->publish(3));
        QCOMPARE(bench_->rows(), (Rows{{1, "a"}, {3, "d"}}));
    }
    void workThatIsNotLoggedIsTakenBack() {
        VERIFY_ONCE(bench_->put(1, "a"));
        VERIFY_ONCE(bench_->unit->begin());
        VERIFY_ONCE(bench_->unit->session().value()->run("DELETE FROM main.T"));
        VERIFY_ONCE(bench_->unit->takeBack());
        QCOMPARE(bench_->rows(), (Rows{{1, "a"}}));
        VERIFY_ONCE(bench_->unit->begin());
        VERIFY_ONCE(bench_->unit->session().value()->run("DELETE FROM main.T"));
        VERIFY_ONCE(bench_->put(2, "b"));  // begins anew
        QCOMPARE(bench_->rows(), (Rows{{1, "a"}, {2, "b"}}));
    }
    void aCommitHoldsTheSyncedEntriesOnly_data() {
        QTest::addColumn<bool>("withBug");
        QTest::newRow("sound") << false;
        QTest::newRow("bug-commit-unsynced") << true;
    }
    void aCommitHoldsTheSyncedEntriesOnly() {
        QFETCH(bool, withBug);
        if (withBug) bench_->faults.arm("bug-commit-unsynced");
        VERIFY_ONCE(bench_->put(1, "a"));
        VERIFY_ONCE(bench_->put(2, "b"));
        VERIFY_ONCE(bench_->put(3, "c"));
        VERIFY_ONCE(bench_->publish(2));
        VERIFY_ONCE(bench_->publish(3));
        VERIFY_ONCE(bench_->flush(2));  // entry 3 is published and not synced, entry 4 not published
        if (!withBug) {
            QCOMPARE(bench_->faults.reach().at("sql-commit-behind-head"), std::uint64_t{1});
            QCOMPARE(bench_->rows(), (Rows{{1, "a"}, {2, "b"}, {3, "c"}}));
            VERIFY_ONCE(bench_->publish(4));
        }
        // The log lost what was not synced.
        VERIFY_ONCE(bench_->restart(2));
        QCOMPARE(bench_->rows() == (Rows{{1, "a"}}), !withBug);
        if (!withBug) QCOMPARE(bench_->unit->counter(7), std::uint64_t{1});
    }
    void replayAppliesImages_data() {
        QTest::addColumn<bool>("withBug");
        QTest::newRow("sound") << false;
        QTest::newRow("bug-replay-skipped") << true;
    }
    void replayAppliesImages() {
        QFETCH(bool, withBug);
        if (withBug) bench_->faults.arm("bug-replay-skipped");
        for (Lsn lsn = 2; lsn < 12; ++lsn) {
            VERIFY_ONCE(bench_->put(static_cast<std::int64_t>(lsn % 4), std::to_string(lsn)));
            VERIFY_ONCE(bench_->publish(lsn));
            if (lsn == 6) VERIFY_ONCE(bench_->flush(lsn));
        }
        const Rows before = bench_->rows();
        VERIFY_ONCE(bench_->restart(11));
        QCOMPARE(bench_->rows() == before, !withBug);
        if (!withBug) QCOMPARE(bench_->unit->counter(7), std::uint64_t{10});
    }
    void schemaStepsRunWhereTheyCame() {
        VERIFY_ONCE(bench_->put(1, "a"));
        VERIFY_ONCE(bench_->publish(2));
        bench_->unit->advanceTo(19);
        VERIFY_ONCE(bench_->unit->tryStep(rulesOf(2)->steps[1]));
        QVERIFY(!bench_->unit->tryStep({20, {"CREATE TABLE T(x)"}, {}}).ok());
        QVERIFY(!bench_->unit->session().value()->run("SELECT * FROM main.U").ok());
        bench_->unit->setFoldContext({rulesOf(2), 0, 0, false});
        VERIFY_ONCE(bench_->unit->session().value()->run("SELECT * FROM main.U"));
        QVERIFY(bench_->unit->makeFlush(19) == nullptr);  // not before the change is synced
        VERIFY_ONCE(bench_->flush(20));
        QCOMPARE(bench_->unit->flushedLsn(), Lsn{20});
        // A catalog of before, as a snapshot of before has it: the file is ahead of it, until the log brings the rest.
        bench_->options_.context.rules = rulesOf(1);
        VERIFY_ONCE(bench_->open());
        const auto early = bench_->unit->session();
        QVERIFY(!early.ok());
        QCOMPARE(early.error().code, ErrorCode::Corrupt);
        bench_->unit->setFoldContext({rulesOf(2), 0, 0, false});
        QCOMPARE(bench_->rows(), (Rows{{1, "a"}}));
        VERIFY_ONCE(bench_->unit->session().value()->run("SELECT * FROM main.U"));
        bench_->options_.context.rules = rulesOf(2);
        VERIFY_ONCE(bench_->open());
        QCOMPARE(bench_->rows(), (Rows{{1, "a"}}));
    }
    void picturesStayAsTheyWere() {
        for (Lsn lsn = 2; lsn < 30; ++lsn) {
            VERIFY_ONCE(bench_->put(static_cast<std::int64_t>(lsn), "x"));
            if (lsn < 27) VERIFY_ONCE(bench_->publish(lsn));
        }
        auto picture = bench_->unit->picture(25);
        VERIFY_ONCE(picture);
        QCOMPARE(picture.value()->position(), Lsn{25});
        QCOMPARE(picture.value()->counters().at(7), std::uint64_t{24});
        for (Lsn lsn = 27; lsn < 30; ++lsn) VERIFY_ONCE(bench_->publish(lsn));
        VERIFY_ONCE(bench_->flush(29));
        std::vector<std::int64_t> seen;
        while (true) {
            const auto rows = picture.value()->rows("T", seen.size(), 5);
            VERIFY_ONCE(rows);
            for (const SqlRow& row : rows.value()) seen.push_back(std::get<std::int64_t>(row[0]));
            if (rows.value().size() < 5) break;
        }
        QCOMPARE(seen.size(), std::size_t{24});
        QCOMPARE(seen.front(), std::int64_t{2});
        QCOMPARE(seen.back(), std::int64_t{25});
        QVERIFY(!picture.value()->rows("NONE", 0, 1).ok());
    }
    /// A disk in memory that loses what was not synced, and is full now and then.
    void survivesPowerCutsAndFullDisks() {
        CrashDisk disk({7, UINT64_MAX, true});
        const CrashVfs vfs(disk, "sqlunit-crash");
        VERIFY_ONCE(disk.makeDirs("/v"));
        Bench bench("/v/1.db", vfs.name());
        VERIFY_ONCE(bench.open());
        bench.unit->setFoldContext({rulesOf(1), 0, 0, false});
        std::mt19937_64 dice(11);
        Lsn durable = 1;
        Lsn checkpointed = 1;
        int full = 0;
        for (int round = 0; round < 60; ++round) {
            for (int i = 0; i < 40; ++i) {
                VERIFY_ONCE(bench.put(static_cast<std::int64_t>(dice() % 50), std::string(dice() % 300, 'x')));
                if (dice() % 3 == 0) continue;
                while (durable < bench.head && dice() % 8 != 0) VERIFY_ONCE(bench.publish(++durable));
                if (dice() % 20 == 0 && durable < bench.head) bench.refuse(durable + 1);
            }
            const Rows before = bench.rows();
            if (round % 5 == 4) disk.setCapacityBytes(disk.usedBytes());
            const Status flushed = bench.flush(durable);
            disk.setCapacityBytes(UINT64_MAX);
            if (!flushed.ok()) ++full;
            QCOMPARE(bench.rows(), before);
            if (round % 4 != 3) continue;
            checkpointed = std::max(checkpointed, bench.unit->checkpointedLsn());
            bench.unit.reset();
            disk.crash(dice());
            VERIFY_ONCE(bench.open());
            QVERIFY(bench.unit->flushedLsn() >= checkpointed);
            QVERIFY(bench.unit->flushedLsn() <= durable);
            VERIFY_ONCE(bench.restart(durable));
            Rows wanted;
            {
                // What the log says, in a unit of its own.
                Bench other(":memory:");
                VERIFY_ONCE(other.open());
                other.unit->setFoldContext({rulesOf(1), 0, 0, false});
                other.log = bench.log;
                for (Lsn lsn = 2; lsn <= durable; ++lsn) VERIFY_ONCE(other.unit->apply(other.log[lsn - 2]));
                wanted = other.rows();
            }
            QCOMPARE(bench.rows(), wanted);
        }
        QVERIFY(full > 3);
        QVERIFY(bench.faults.reach().contains("sql-transaction-made-again"));
        QVERIFY(bench.faults.reach().contains("sql-step-refused"));
        bench.unit.reset();
    }

private:
    std::unique_ptr<QTemporaryDir> dir_;
    std::unique_ptr<Bench> bench_;
};
TRIBUTARY_TEST(TestSqlStateUnit)
#include "tst_sqlstateunit.moc"
