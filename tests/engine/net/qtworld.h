// The real sockets as worlds for the transport suite.
#pragma once

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QTemporaryDir>
#include <QTimer>
#include <memory>

#include "engine/machine/realclock.h"
#include "engine/net/faultytransport.h"
#include "engine/net/qttimers.h"
#include "engine/net/qttransport.h"
#include "transportsuite.h"

namespace tributary::engine::test {

class QtWorld : public TransportWorld {
public:
    enum class Kind { Tcp, TcpV6, Local };
    explicit QtWorld(Kind kind)
        : kind_(kind), dir_(QStringLiteral("/tmp/tributary net XXXXXX")), faulty_(sockets_, timers_, clock_) {}

    Transport& transport() override { return sockets_; }
    Timers& timers() override { return timers_; }
    FaultyTransport& faulty() { return faulty_; }
    Endpoint listenAt() override {
        if (kind_ == Kind::Tcp) return {.host = "127.0.0.1", .port = 0, .localPath = {}, .peer = {}};
        if (kind_ == Kind::TcpV6) return {.host = "[::1]", .port = 0, .localPath = {}, .peer = {}};
        return {.host = {}, .port = 0, .localPath = path("s" + std::to_string(++made_)), .peer = {}};
    }
    Endpoint refusedAt() override {
        if (kind_ == Kind::Local) return {.host = {}, .port = 0, .localPath = path("nobody"), .peer = {}};
        // A port that was just free: listened on and closed again.
        auto listener = sockets_.listen(listenAt(), [](std::unique_ptr<Connection>) {});
        return listener.ok() ? (*listener)->endpoint() : Endpoint{};
    }
    /// As QTest::qWaitFor, but without its sleep of 10 ms in every turn.
    bool pumpUntil(const std::function<bool()>& done) override {
        const QDeadlineTimer deadline(60'000);
        QTimer tick;  // wakes the loop for predicates that another thread makes true
        tick.start(10);
        while (!done()) {
            if (deadline.hasExpired()) return false;
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        }
        return true;
    }
    [[nodiscard]] std::string path(const std::string& name) const {
        return dir_.filePath(QString::fromStdString(name)).toStdString();
    }

private:
    Kind kind_;
    QTemporaryDir dir_;
    RealClock clock_;
    QtTimers timers_;
    QtTransport sockets_;
    FaultyTransport faulty_;
    int made_ = 0;
};

/// The same sockets behind rules that do nothing, or a delay on everything.
class FaultyQtWorld final : public QtWorld {
public:
    FaultyQtWorld() : QtWorld(Kind::Tcp) {}
    Transport& transport() override { return faulty(); }
};

}  // namespace tributary::engine::test
