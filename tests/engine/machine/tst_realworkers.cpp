// Order of work and answers, priorities, release and destruction of the worker threads.
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <QTest>
#include <future>
#include <new>
#include <vector>

#include "engine/machine/realworkers.h"
#include "testmain.h"

namespace tributary::engine::test {

/// Runs what is posted when asked to, on the test's thread.
class ManualExecutor final : public Executor {
public:
    void post(Task task) override {
        const std::lock_guard lock(mutex_);
        tasks_.push_back(std::move(task));
    }
    std::size_t runAll() {
        std::vector<Task> batch;
        {
            const std::lock_guard lock(mutex_);
            batch.swap(tasks_);
        }
        for (Task& task : batch) task();
        return batch.size();
    }

private:
    std::mutex mutex_;
    std::vector<Task> tasks_;
};

class RealWorkersTest final : public QObject {
    Q_OBJECT

private slots:
    void oneKindRunsInOrderAndAnswersInOrder() {
        ManualExecutor executor;
        RealWorkers workers;
        std::vector<int> worked;  // only the LogSync thread touches it until release()
        std::vector<int> answered;
        constexpr int kCount = 2'000;
        for (int i = 0; i < kCount; ++i) {
            workers.run(
                WorkKind::LogSync, executor, [&worked, i] { worked.push_back(i); },
                [&answered, i] { answered.push_back(i); });
        }
        workers.release(executor, RealWorkers::Pending::Finish);
        QVERIFY(answered.empty());  // answers run where the executor runs them
        QCOMPARE(executor.runAll(), std::size_t{kCount});
        QCOMPARE(worked.size(), std::size_t{kCount});
        QVERIFY(std::is_sorted(worked.begin(), worked.end()));
        QVERIFY(worked == answered);
    }

    void anExceptionOfTheWorkIsThrownWhereItsAnswerWouldRun() {
        ManualExecutor executor;
        RealWorkers workers;
        bool answered = false;
        workers.run(
            WorkKind::Read, executor, [] { throw std::bad_alloc(); }, [&answered] { answered = true; });
        workers.release(executor, RealWorkers::Pending::Finish);
        QVERIFY_THROWS_EXCEPTION(std::bad_alloc, executor.runAll());
        QVERIFY(!answered);
        workers.run(
            WorkKind::Read, executor, [] {}, [&answered] { answered = true; });  // the thread lives
        workers.release(executor, RealWorkers::Pending::Finish);
        (void)executor.runAll();
        QVERIFY(answered);
    }

    void kindsDoNotWaitForEachOther() {
        ManualExecutor executor;
        std::promise<void> gate;
        std::promise<void> synced;
        RealWorkers workers;  // joins first
        workers.run(WorkKind::Materialise, executor, [&] { gate.get_future().wait(); }, {});
        workers.run(WorkKind::LogSync, executor, [&] { synced.set_value(); }, {});
        QCOMPARE(synced.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
        gate.set_value();
    }

    void backgroundKindsStepBack_data() {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("lowered");
        QTest::newRow("log") << static_cast<int>(WorkKind::LogSync) << false;
        QTest::newRow("materialise") << static_cast<int>(WorkKind::Materialise) << true;
        QTest::newRow("checkpoint") << static_cast<int>(WorkKind::Checkpoint) << true;
        QTest::newRow("read") << static_cast<int>(WorkKind::Read) << false;
    }
    void backgroundKindsStepBack() {
        QFETCH(const int, kind);
        QFETCH(const bool, lowered);
        const int ours = ::getpriority(PRIO_PROCESS, 0);
        if (ours >= 10) QSKIP("this process is already at a low priority");
        ManualExecutor executor;
        std::promise<int> nice;
        RealWorkers workers;  // joins first
        workers.run(static_cast<WorkKind>(kind), executor,
                    [&] { nice.set_value(::getpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)))); }, {});
        const int theirs = nice.get_future().get();
        QCOMPARE(theirs > ours, lowered);
    }

    void releaseDropsWhatIsQueuedForOneExecutorOnly() {
        ManualExecutor dying;
        ManualExecutor living;
        std::promise<void> started;
        std::promise<void> gate;
        int ranForDying = 0;
        int ranForLiving = 0;
        RealWorkers workers;  // joins first
        workers.run(
            WorkKind::Read, dying,
            [&] {
                started.set_value();
                gate.get_future().wait();
                ++ranForDying;
            },
            [&] { ranForDying += 100; });
        for (int i = 0; i < 3; ++i) {
            workers.run(WorkKind::Read, dying, [&] { ranForDying += 10'000; }, {});
            workers.run(WorkKind::Read, living, [&] { ++ranForLiving; }, {});
        }
        started.get_future().wait();
        auto released = std::async(std::launch::async, [&] { workers.release(dying, RealWorkers::Pending::Drop); });
        QCOMPARE(released.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);  // one still runs
        gate.set_value();
        released.get();
        QCOMPARE(ranForDying, 1);
        QCOMPARE(dying.runAll(), std::size_t{1});  // the running task's answer was posted before release() returned
        workers.release(living, RealWorkers::Pending::Finish);
        QCOMPARE(ranForLiving, 3);
    }

    void destructionFinishesOrDrops_data() {
        QTest::addColumn<bool>("finish");
        QTest::newRow("finish") << true;
        QTest::newRow("drop") << false;
    }
    void destructionFinishesOrDrops() {
        QFETCH(const bool, finish);
        ManualExecutor executor;
        int ran = 0;
        std::promise<void> started;
        std::promise<void> gate;
        std::thread opener;
        {
            RealWorkers workers(finish ? RealWorkers::Pending::Finish : RealWorkers::Pending::Drop);
            workers.run(WorkKind::Read, executor,
                        [&] {
                            started.set_value();
                            gate.get_future().wait();
                            ++ran;
                        },
                        {});
            for (int i = 0; i < 10; ++i) workers.run(WorkKind::Read, executor, [&] { ++ran; }, {});
            started.get_future().wait();
            opener = std::thread([&] {
                std::this_thread::sleep_for(std::chrono::milliseconds(50));  // destruction has begun by then
                gate.set_value();
            });
        }
        opener.join();
        QCOMPARE(ran, finish ? 11 : 1);
    }
};

TRIBUTARY_TEST(RealWorkersTest)

}  // namespace tributary::engine::test

#include "tst_realworkers.moc"
