// A thread of its own for calls that block: works off what it is asked in order, and hands answers to the GUI thread.
#pragma once

#include <QMetaObject>
#include <QObject>
#include <QPointer>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/daemon/session.h"

namespace tributary::desktop {

/// Which workspace, and who acts.
struct WorkspaceAccess {
    std::string dir;
    std::string user;  ///< empty = the operating system's
};

/// One blocking conversation with a workspace. The lane opens the workspace for itself when first asked, and again
/// after reopen(). Made, asked and destroyed on the GUI thread; work runs on the lane's thread, and so must hold what
/// it uses by value. Destruction drops what waits and never freezes the window: a call under way that does not end at
/// once (a frozen cluster, until the call's own time limit) goes on by itself, and nobody hears its answer.
class WorkLane {
public:
    /// What destruction does with a call under way. Join: waits for it, however long it takes.
    enum class AtEnd { LeaveBehind, Join };
    /// `relay` lives on the GUI thread and outlives the lane: answers are delivered through it.
    WorkLane(QObject& relay, WorkspaceAccess access, AtEnd atEnd = AtEnd::LeaveBehind);
    ~WorkLane();
    WorkLane(const WorkLane&) = delete;
    WorkLane& operator=(const WorkLane&) = delete;

    /// Runs `work` on the lane; `done` gets the answer on the GUI thread unless `context` died meanwhile. A workspace
    /// that cannot be opened is the answer without `work` having run.
    template <typename T>
    void ask(QObject* context, std::function<Result<T>(app::Session&)> work, std::function<void(Result<T>)> done) {
        push([core = core_, alive = QPointer<QObject>(context), work = std::move(work), done = std::move(done)](
                 app::Session* session, const Error& trouble) {
            auto answer = std::make_shared<Result<T>>(session != nullptr ? work(*session) : Result<T>(trouble));
            core->deliver([alive, answer, done] {
                if (alive) done(std::move(*answer));
            });
        });
    }
    /// The workspace's files changed: the next work reads them anew.
    void reopen();

private:
    using Job = std::function<void(app::Session*, const Error&)>;
    /// What the thread uses: it may outlive the lane.
    struct Core {
        Core(QObject& guiRelay, WorkspaceAccess workspace) : relay(&guiRelay), access(std::move(workspace)) {}
        /// Calls it on the GUI thread, unless the lane is gone.
        void deliver(std::function<void()> answer);

        std::mutex mutex;
        std::condition_variable wake;
        std::condition_variable idle;
        QObject* relay;  ///< guarded; nullptr when the lane is gone
        const WorkspaceAccess access;
        std::deque<Job> jobs;
        bool busy = false;
        bool stopping = false;
        bool stale = false;
    };
    void push(Job job);
    static void loop(Core& core);

    std::shared_ptr<Core> core_;
    const AtEnd atEnd_;
    std::thread thread_;  // last: it uses the core
};

}  // namespace tributary::desktop
