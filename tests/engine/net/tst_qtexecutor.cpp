// Order, batches and the end of the executor.
#include <QElapsedTimer>
#include <QTest>
#include <QThread>
#include <QTimer>
#include <atomic>
#include <thread>
#include <vector>

#include "engine/net/qtexecutor.h"
#include "testmain.h"

namespace tributary::engine::test {

class QtExecutorTest final : public QObject {
    Q_OBJECT

private slots:
    void keepsTheOrderOfEachOfManyThreads() {
        constexpr int kThreads = 4;
        constexpr int kEach = 20'000;
        QtExecutor executor;
        std::vector<std::vector<int>> seen(kThreads);
        int total = 0;
        bool wrongThread = false;
        const auto home = std::this_thread::get_id();
        std::vector<std::thread> threads;
        for (int t = 0; t < kThreads; ++t) {
            threads.emplace_back([&, t] {
                for (int i = 0; i < kEach; ++i) {
                    executor.post([&, t, i] {
                        seen[static_cast<std::size_t>(t)].push_back(i);
                        wrongThread = wrongThread || std::this_thread::get_id() != home;
                        ++total;
                    });
                }
            });
        }
        QVERIFY(QTest::qWaitFor([&] { return total == kThreads * kEach; }, 30'000));
        for (std::thread& thread : threads) thread.join();
        QVERIFY(!wrongThread);
        for (const auto& one : seen) {
            QCOMPARE(one.size(), std::size_t{kEach});
            QVERIFY(std::is_sorted(one.begin(), one.end()));
        }
    }

    void postDoesNotRunTheTask() {
        QtExecutor executor;
        bool ran = false;
        executor.post([&ran] { ran = true; });
        QVERIFY(!ran);
        QTRY_VERIFY(ran);
    }

    void tasksThatPostKeepNeitherTimersNorSocketsOut() {
        QtExecutor executor;
        bool stop = false;
        std::uint64_t rounds = 0;
        std::function<void()> again = [&] {
            ++rounds;
            if (!stop) executor.post(again);
        };
        executor.post(again);
        QTimer::singleShot(0, [&stop] { stop = true; });
        QTRY_VERIFY(stop);
        QVERIFY(rounds > 0);
    }

    void closedExecutorDropsItsTasks() {
        QtExecutor executor;
        int ran = 0;
        const auto held = std::make_shared<int>(1);
        executor.post([&ran, held] { ++ran; });
        executor.close();
        executor.post([&ran, held] { ++ran; });
        QCOMPARE(held.use_count(), 1L);  // what the tasks captured is gone as well
        QCoreApplication::processEvents();
        QCOMPARE(ran, 0);
    }

    void taskMayCloseTheExecutor() {
        QtExecutor executor;
        int ran = 0;
        executor.post([&] {
            ++ran;
            executor.close();
        });
        executor.post([&ran] { ++ran; });
        QTRY_COMPARE(ran, 1);
        QCoreApplication::processEvents();
        QCOMPARE(ran, 1);
    }
};

TRIBUTARY_TEST(QtExecutorTest)

}  // namespace tributary::engine::test

#include "tst_qtexecutor.moc"
