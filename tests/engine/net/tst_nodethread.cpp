// A node's thread: what it hands out, how it runs closures, how it ends. Clock and random streams beside it.
#include <QDateTime>
#include <QTest>
#include <atomic>
#include <future>
#include <set>

#include "engine/machine/realfileops.h"
#include "engine/net/nodethread.h"
#include "testmain.h"

namespace tributary::engine::test {

class NodeThreadTest final : public QObject {
    Q_OBJECT

    RealWorkers workers_;
    RealFileOps files_;
    SharedSeams shared_{workers_, files_, "crashable"};

private slots:
    void runsClosuresOnItsThreadAndReturnsTheirResult() {
        NodeThread node("node", shared_);
        const auto there = node.run([] { return std::this_thread::get_id(); });
        QVERIFY(there != std::this_thread::get_id());
        QCOMPARE(node.run([&node] { return node.run([] { return 42; }); }), 42);  // nested: directly
        QCOMPARE(node.seams().vfsName, std::string("crashable"));
    }

    void executorTimersAndWorkersMeetOnTheThread() {
        std::promise<bool> same;
        NodeThread node("node", shared_);  // stops first
        node.run([&] {
            const auto home = std::this_thread::get_id();
            Seams& seams = node.seams();
            seams.timers.after(1, [&seams, &same, home] {
                seams.workers.run(
                    WorkKind::Read, seams.executor, [] {},
                    [&same, home] { same.set_value(std::this_thread::get_id() == home); });
            });
        });
        QVERIFY(same.get_future().get());
    }

    void twoNodesTalkOverTheirTransports() {
        NodeThread one("one", shared_);
        NodeThread two("two", shared_);
        std::promise<Bytes> answer;
        std::unique_ptr<Listener> listener;
        std::unique_ptr<Connection> server;
        std::unique_ptr<Connection> client;
        const Endpoint at = one.run([&] {
            auto opened = one.seams().transport.listen({.host = "127.0.0.1", .port = 0, .localPath = {}, .peer = {}},
                                                       [&](std::unique_ptr<Connection> connection) {
                                                           server = std::move(connection);
                                                           server->onBytes = [&](BytesView bytes) {
                                                               server->send("echo " + Bytes(bytes));
                                                           };
                                                       });
            if (!opened) return Endpoint{};
            listener = std::move(opened).value();
            return listener->endpoint();
        });
        QVERIFY(at.port != 0);
        two.run([&] {
            client = two.seams().transport.dial(at);
            client->onBytes = [&](BytesView bytes) { answer.set_value(Bytes(bytes)); };
            client->send(Bytes("hello"));
        });
        QCOMPARE(answer.get_future().get(), Bytes("echo hello"));
        two.run([&] { client.reset(); });
        one.run([&] {
            server.reset();
            listener.reset();
        });
    }

    void stopDropsQueuedWorkButWaitsForWhatRuns() {
        auto node = std::make_unique<NodeThread>("node", shared_);
        std::promise<void> started;
        std::atomic<int> ran = 0;
        std::promise<void> gate;
        node->run([&] {
            Seams& seams = node->seams();
            seams.workers.run(
                WorkKind::Checkpoint, seams.executor,
                [&] {
                    started.set_value();
                    gate.get_future().wait();
                    ++ran;
                },
                [&ran] { ran += 100; });
            seams.workers.run(WorkKind::Checkpoint, seams.executor, [&ran] { ran += 10'000; }, {});
        });
        started.get_future().wait();
        auto stopped = std::async(std::launch::async, [&gate] { gate.set_value(); });
        node->stop();
        QVERIFY(!node->running());
        node->stop();
        // What was running has finished; whether the queued one was dropped in time is the opener's race, its answer is
        // not.
        QVERIFY(ran == 1 || ran == 10'001);
        QVERIFY(ran % 1'000 == 1);
        node.reset();
    }

    void restartsManyTimesWithoutLeavingThreads() {
        for (int i = 0; i < 50; ++i) {
            NodeThread node("node", shared_);
            QCOMPARE(node.run([i] { return i; }), i);
        }
    }

    void clocksGoOnAndRandomStreamsDiffer() {
        const RealClock clock;
        const Micros first = clock.monotonicUs();
        QVERIFY(clock.monotonicUs() >= first);
        QVERIFY(std::abs(clock.wallMs() - QDateTime::currentMSecsSinceEpoch()) < 5'000);
        RealRandom one;
        RealRandom two;
        std::set<std::uint64_t> words;
        for (int i = 0; i < 1'000; ++i) {
            words.insert(one.next());
            words.insert(two.next());
        }
        QCOMPARE(words.size(), std::size_t{2'000});
    }
};

TRIBUTARY_TEST(NodeThreadTest)

}  // namespace tributary::engine::test

#include "tst_nodethread.moc"
