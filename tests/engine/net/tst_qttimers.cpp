// Order, cancelling and punctuality of timers.
#include <QElapsedTimer>
#include <QTest>
#include <string>
#include <vector>

#include "engine/net/qttimers.h"
#include "testmain.h"

namespace tributary::engine::test {

class QtTimersTest final : public QObject {
    Q_OBJECT

private slots:
    void runsInOrderOfDueTimeThenOfCreation() {
        QtTimers timers;
        std::string order;
        timers.after(60, [&] { order += 'd'; });
        timers.after(20, [&] { order += 'b'; });
        timers.after(20, [&] { order += 'c'; });
        timers.after(0, [&] { order += 'a'; });
        QVERIFY(order.empty());
        QTRY_COMPARE(order, std::string("abcd"));
        QCOMPARE(timers.pending(), std::size_t{0});
    }

    void neverRunsEarly() {
        QtTimers timers;
        QElapsedTimer clock;
        clock.start();
        qint64 ranAtNs = 0;
        timers.after(15, [&] { ranAtNs = clock.nsecsElapsed(); });
        QTRY_VERIFY(ranAtNs != 0);
        QVERIFY(ranAtNs >= 15'000'000);
    }

    void cancelledTimerDoesNotRun() {
        QtTimers timers;
        std::string order;
        const TimerId first = timers.after(5, [&] { order += '1'; });
        TimerId third = 0;
        timers.after(10, [&] {
            order += '2';
            timers.cancel(third);  // due at the same instant, and not run
        });
        third = timers.after(10, [&] { order += '3'; });
        timers.after(20, [&] { order += '4'; });
        timers.cancel(first);
        timers.cancel(first);
        timers.cancel(0);
        timers.cancel(999);
        QTRY_COMPARE(order, std::string("24"));
    }

    void zeroDelayInsideATaskWaitsForTheNextTurn() {
        QtTimers timers;
        int rounds = 0;
        bool other = false;
        std::function<void()> again = [&] {
            ++rounds;
            if (!other) timers.after(0, again);
        };
        timers.after(0, again);
        QMetaObject::invokeMethod(
            this, [&other] { other = true; }, Qt::QueuedConnection);
        QTRY_VERIFY(other);
        QTRY_COMPARE(timers.pending(), std::size_t{0});
        QVERIFY(rounds >= 1);
    }

    void earlierTimerOvertakesAnArmedOne() {
        QtTimers timers;
        std::string order;
        timers.after(60'000, [&] { order += 'z'; });
        timers.after(5, [&] { order += 'a'; });
        QTRY_COMPARE(order, std::string("a"));
        QCOMPARE(timers.pending(), std::size_t{1});
    }
};

TRIBUTARY_TEST(QtTimersTest)

}  // namespace tributary::engine::test

#include "tst_qttimers.moc"
