// Order of simulated tasks, timers and work.
#include <QTest>
#include <vector>

#include "engine/sim/simexecutor.h"
#include "testmain.h"

namespace tributary::engine::sim::test {

class SimExecutorTest final : public QObject {
    Q_OBJECT
private slots:
    void init() {
        events_ = std::make_unique<SimEvents>();
        seen_.clear();
    }
    void postedTasksKeepTheirOrder() {
        SimExecutor executor(*events_, 0);
        for (int i = 0; i < 5; ++i) executor.post([this, i] { seen_.push_back(i); });
        runAll();
        QCOMPARE(seen_, (std::vector<int>{0, 1, 2, 3, 4}));
    }
    void timersFireInTheOrderOfTheirInstants() {
        SimTimers timers(*events_, 0);
        timers.after(20, [this] { seen_.push_back(20); });
        const TimerId cancelled = timers.after(10, [this] { seen_.push_back(10); });
        timers.after(5, [this] { seen_.push_back(5); });
        timers.cancel(cancelled);
        timers.cancel(cancelled);  // unknown by now
        runAll();
        QCOMPARE(seen_, (std::vector<int>{5, 20}));
        QVERIFY(events_->nowUs() >= 20'000);
        QCOMPARE(timers.count(), std::size_t{0});
    }
    void workOfOneKindKeepsItsOrderAndComesBeforeItsReply() {
        SimExecutor executor(*events_, 0);
        SimWorkers workers(*events_, 0, 3);
        workers.setPace(WorkKind::LogSync, {1, 5'000, 2, 100'000});
        for (int i = 0; i < 50; ++i) {
            workers.run(
                WorkKind::LogSync, executor, [this, i] { seen_.push_back(i); },
                [this, i] { seen_.push_back(100 + i); });
        }
        runAll();
        std::vector<int> work;
        std::vector<int> replies;
        for (const int value : seen_) (value < 100 ? work : replies).push_back(value);
        QVERIFY(std::is_sorted(work.begin(), work.end()));
        QVERIFY(std::is_sorted(replies.begin(), replies.end()));
        QCOMPARE(replies.size(), std::size_t{50});
        for (int i = 0; i < 50; ++i) {
            const auto at = std::find(seen_.begin(), seen_.end(), i);
            QVERIFY(at < std::find(seen_.begin(), seen_.end(), 100 + i));
        }
    }
    void deadOwnersTasksNeverRun() {
        SimExecutor dead(*events_, 0);
        SimExecutor living(*events_, 1);
        const auto witness = std::make_shared<int>(0);
        dead.post([this, witness] { seen_.push_back(0); });
        living.post([this] { seen_.push_back(1); });
        events_->dropOwner(0);
        QCOMPARE(witness.use_count(), 1L);  // what the tasks held is gone at once
        runAll();
        QCOMPARE(seen_, (std::vector<int>{1}));
    }
    void clockStepsWithItsSkewOnly() {
        SimClock clock(*events_);
        const Millis before = clock.wallMs();
        clock.setSkewMs(-5'000);
        QCOMPARE(clock.wallMs(), before - 5'000);
        const Micros monotonic = clock.monotonicUs();
        events_->passTo(3'000'000);
        QCOMPARE(clock.wallMs(), before - 2'000);
        QCOMPARE(clock.monotonicUs(), monotonic + 3'000'000);
    }

private:
    void runAll() {
        while (events_->runOne()) {
        }
    }
    std::unique_ptr<SimEvents> events_;
    std::vector<int> seen_;
};

TRIBUTARY_TEST(SimExecutorTest)

}  // namespace tributary::engine::sim::test

#include "tst_simexecutor.moc"
