// The transport suite on the simulated network, and what only a simulated network can do.
#include <QTest>

#include "engine/sim/simexecutor.h"
#include "engine/sim/simnetwork.h"
#include "testmain.h"
#include "transportsuite.h"

namespace tributary::engine::sim::test {

class SimTransportWorld final : public engine::test::TransportWorld {
public:
    Transport& transport() override { return *transport_; }
    Timers& timers() override { return timers_; }
    Endpoint listenAt() override { return {"127.0.0.1", 0, {}, {}}; }
    Endpoint refusedAt() override { return {"127.0.0.1", SimNetwork::portOf(0, 99), {}, {}}; }
    bool pumpUntil(const std::function<bool()>& done) override {
        const Micros until = events_.nowUs() + 600'000'000;
        while (!done()) {
            if (events_.nextUs() > until || !events_.runOne()) return done();
        }
        return true;
    }

private:
    SimEvents events_;
    SimNetwork network_{events_, 7};
    SimTimers timers_{events_, 0};
    std::unique_ptr<Transport> transport_ = network_.transportOf(0);
};

class SimTransportSuiteTest final : public engine::test::TransportSuite {
    Q_OBJECT
protected:
    std::unique_ptr<engine::test::TransportWorld> makeWorld() override { return std::make_unique<SimTransportWorld>(); }
    [[nodiscard]] std::size_t echoBytes() const override { return 8U << 20U; }
    [[nodiscard]] std::size_t underWayBytesMax() const override { return 4 * SimNetwork::kWindowBytes; }
};

class SimNetworkTest final : public QObject {
    Q_OBJECT
private slots:
    void init() {
        network_ = std::make_unique<SimNetwork>(events_, 11);
        source_ = network_->transportOf(0);
        target_ = network_->transportOf(1);
        received_.clear();
        closed_ = closedAtSource_ = 0;
        const Endpoint door{"127.0.0.1", SimNetwork::portOf(1, 1), {}, {}};
        listener_ = std::move(target_->listen(door, [this](std::unique_ptr<Connection> connection) {
                        accepted_ = std::move(connection);
                        accepted_->onBytes = [this](BytesView bytes) { received_ += bytes; };
                        accepted_->onClosed = [this](const Error&) { ++closed_; };
                    })).value();
        dialled_ = source_->dial(door);
        dialled_->onClosed = [this](const Error&) { ++closedAtSource_; };
        run(10'000);
        QVERIFY(accepted_ != nullptr);
    }
    void cleanup() {
        dialled_.reset();
        accepted_.reset();
        listener_.reset();
        events_.clear();
    }
    void cutHoldsBytesAndDeliversThemInOrder() {
        network_->cut(0, 1, true);
        for (const char* word : {"one ", "two ", "three"}) dialled_->send(Bytes(word));
        run(30'000'000);
        QCOMPARE(received_, Bytes());
        accepted_->send(Bytes("the other way is open"));
        Bytes back;
        dialled_->onBytes = [&back](BytesView bytes) { back += bytes; };
        run(10'000);
        QCOMPARE(back, Bytes("the other way is open"));
        network_->cut(0, 1, false);
        run(10'000);
        QCOMPARE(received_, Bytes("one two three"));
        QCOMPARE(closed_, 0);
    }
    void resetIsHeardAtBothEnds() {
        dialled_->send(Bytes("lost on its way"));
        network_->resetStreams(1, 0);
        run(10'000);
        QCOMPARE(received_, Bytes());
        QCOMPARE(closed_, 1);
        QCOMPARE(closedAtSource_, 1);
    }
    void hostWithoutPowerIsSilentUntilItIsBack() {
        network_->hostOff(1);
        dialled_->send(Bytes("into the dark"));
        run(30'000'000);
        QCOMPARE(closedAtSource_, 0);
        network_->hostOn(1);
        dialled_->send(Bytes("are you there?"));
        run(10'000);
        QCOMPARE(closedAtSource_, 1);  // the host knows nothing of this stream
        QCOMPARE(received_, Bytes());
    }
    void dialToACutHostHangsAndThenTimesOut() {
        network_->cut(1, 0, true);  // the answer cannot come back
        auto second = source_->dial({"127.0.0.1", SimNetwork::portOf(1, 1), {}, {}});
        int failed = 0;
        int connected = 0;
        second->onClosed = [&failed](const Error& error) { failed += error.code == ErrorCode::Unavailable ? 1 : 0; };
        second->onConnected = [&connected] { ++connected; };
        run(SimNetwork::kDialTimeoutUs - 100'000);
        QCOMPARE(failed, 0);
        run(1'000'000);
        QCOMPARE(failed, 1);
        QCOMPARE(connected, 0);
    }
    void healedDialConnects() {
        network_->cut(0, 1, true);
        auto second = source_->dial({"127.0.0.1", SimNetwork::portOf(1, 1), {}, {}});
        int connected = 0;
        second->onConnected = [&connected] { ++connected; };
        run(2'000'000);
        QCOMPARE(connected, 0);
        network_->healAll();
        run(1'000'000);
        QCOMPARE(connected, 1);
    }
    void refusedDialFailsAtOnce() {
        network_->refuseDials(1, true);
        auto second = source_->dial({"127.0.0.1", SimNetwork::portOf(1, 1), {}, {}});
        int failed = 0;
        second->onClosed = [&failed](const Error&) { ++failed; };
        run(10'000);
        QCOMPARE(failed, 1);
    }

private:
    void run(Micros forUs) {
        const Micros until = events_.nowUs() + forUs;
        while (events_.nextUs() >= 0 && events_.nextUs() <= until) events_.runOne();
        events_.passTo(until);
    }

    SimEvents events_;
    std::unique_ptr<SimNetwork> network_;
    std::unique_ptr<Transport> source_;
    std::unique_ptr<Transport> target_;
    std::unique_ptr<Listener> listener_;
    std::unique_ptr<Connection> dialled_;
    std::unique_ptr<Connection> accepted_;
    Bytes received_;
    int closed_ = 0;
    int closedAtSource_ = 0;
};

TRIBUTARY_TEST(SimTransportSuiteTest)
TRIBUTARY_TEST(SimNetworkTest)

}  // namespace tributary::engine::sim::test

#include "tst_simtransport.moc"
