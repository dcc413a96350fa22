// The thread of one node with everything the node runs on.
#pragma once

#include <QThread>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "engine/machine/realclock.h"
#include "engine/machine/realrandom.h"
#include "engine/machine/realworkers.h"
#include "engine/net/faultytransport.h"
#include "engine/net/qtexecutor.h"
#include "engine/net/qttimers.h"
#include "engine/net/qttransport.h"
#include "engine/seams/seams.h"
#include "engine/security/tlstransport.h"

namespace tributary::engine {

/// What the nodes of a process share; every referent outlives the thread.
struct SharedSeams {
    RealWorkers& workers;
    FileOps& files;
    std::string vfsName;     ///< SQLite VFS on the same disk; empty = the default
    bool vfsShared = false;  ///< Seams::vfsShared
};

/// Owns a thread with an event loop, its executor, timers, sockets (under switchable faults) and random stream, and
/// hands them out as Seams. The process needs a QCoreApplication.
///
/// Life: construct (the thread runs when the constructor returns), build the node inside run(), use it inside run() or
/// seams().executor, destroy it inside run(), then stop() or destroy. stop() is the owner's cancel, join, die: queued
/// executor tasks are dropped, workers finish what runs for this thread and drop what is queued, sockets close, the
/// thread ends. A node with worker tasks in flight calls settleWorkers() before it is destroyed.
class NodeThread final {
public:
    NodeThread(const std::string& name, const SharedSeams& shared);
    ~NodeThread() { stop(); }
    NodeThread(const NodeThread&) = delete;
    NodeThread& operator=(const NodeThread&) = delete;

    /// Only code on this thread may use them, but post() of the executor. Invalid after stop().
    [[nodiscard]] Seams& seams() { return *seams_; }
    /// Rules of the bad network; on this thread only (inside run()).
    [[nodiscard]] FaultyTransport& network() { return *parts_->network; }
    /// Where its certificates are told; above the bad network, which sees encrypted bytes. As network().
    [[nodiscard]] TlsTransport& secure() { return *parts_->secure; }

    /// Runs a closure on the thread, after what was posted before, and waits for its result; directly when already
    /// there. An exception of the closure leaves run(). Not after stop(). Two threads that run() on each other wait for
    /// ever.
    template <typename F>
    auto run(F&& closure) -> std::invoke_result_t<F&> {
        using R = std::invoke_result_t<F&>;
        if constexpr (std::is_void_v<R>) {
            runAndWait([&closure] { closure(); });
        } else {
            std::optional<R> result;
            runAndWait([&closure, &result] { result.emplace(closure()); });
            return std::move(*result);
        }
    }

    /// Nothing but run() reaches the thread any more: what lives on it is broken. Any thread.
    void setAside() { parts_->executor.setRunsOnly(true); }
    /// The thread is as new: no timers, no tasks. Inside run(), after what lived on it was destroyed.
    void startAfresh();
    /// Returns when no worker task of this thread is queued or running; their `done` have been posted.
    void settleWorkers(RealWorkers::Pending pending);
    /// Ends the thread; harmless when repeated. Not from the thread itself.
    void stop();
    [[nodiscard]] bool running() const { return parts_ != nullptr; }

private:
    /// What lives on the thread, in the order of construction.
    struct Parts {
        RealClock clock;
        RealRandom random;
        FaultPoints faults;
        QtExecutor executor;
        QtTimers timers;
        QtTransport sockets;
        std::unique_ptr<FaultyTransport> network;
        std::unique_ptr<TlsTransport> secure;
    };

    void runAndWait(const std::function<void()>& closure);

    SharedSeams shared_;
    QThread thread_;
    std::unique_ptr<Parts> parts_;  // made and destroyed on thread_
    std::unique_ptr<Seams> seams_;
};

}  // namespace tributary::engine
