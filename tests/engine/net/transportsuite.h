// What every Transport must do, as a reusable suite: one subclass per implementation supplies a world to run it in.
#pragma once

#include <QObject>
#include <functional>
#include <memory>
#include <string>

#include "engine/seams/executor.h"
#include "engine/seams/transport.h"

namespace tributary::engine::test {

/// A fresh network with an event loop (real or simulated) behind it.
class TransportWorld {
public:
    virtual ~TransportWorld() = default;
    virtual Transport& transport() = 0;
    virtual Timers& timers() = 0;
    virtual Endpoint listenAt() = 0;   ///< a free place; port 0 where the system chooses
    virtual Endpoint refusedAt() = 0;  ///< a place where nobody listens
    /// Runs the loop until the predicate holds; false when it did not within a generous time.
    virtual bool pumpUntil(const std::function<bool()>& done) = 0;
};

/// Subclass, override makeWorld(), register with TRIBUTARY_TEST; list this header among the SOURCES (it needs moc)
/// together with transportsuite.cpp.
class TransportSuite : public QObject {
    Q_OBJECT

protected:
    virtual std::unique_ptr<TransportWorld> makeWorld() = 0;
    /// How much the echo test sends; a slow simulated network may take less.
    [[nodiscard]] virtual std::size_t echoBytes() const { return 64U << 20U; }
    /// The most that may be under way between a sender and a receiver that does not read: buffers of both ends.
    [[nodiscard]] virtual std::size_t underWayBytesMax() const { return 24U << 20U; }

private slots:
    void init();
    void cleanup();
    void echoesRandomSplitsUnchanged();
    void pausedReceiverHoldsTheSenderBack();
    void tellsWhenTheQueueHasDrained();
    void deliversEverythingBeforeTheEnd();
    void pausedEndWaitsForTheReader();
    void closerHearsNothing();
    void destroyedConnectionEndsThePeer();
    void mayBeDestroyedInsideEachCallback_data();
    void mayBeDestroyedInsideEachCallback();
    void bytesSentBeforeTheOpeningArrive();
    void refusedDialIsUnavailable();
    void noCallbackRunsInsideACall();
    void takenPlaceIsAConflict();
    void closedListenerRefusesButKeepsItsConnections();

private:
    struct Pair;
    Pair openPair();
    bool pump(const std::function<bool()>& done) { return world_->pumpUntil(done); }
    /// Lets the loop run for so long in the world's time: for what must not happen.
    bool pumpFor(Millis forMs);

    std::unique_ptr<TransportWorld> world_;
};

}  // namespace tributary::engine::test
