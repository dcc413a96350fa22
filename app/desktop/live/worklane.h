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
/// after reopen(). Made, asked and destroyed on the GUI thread; work runs on the lane's thread. Destruction drops what
/// waits, lets the call under way end (calls have time limits) and joins.
class WorkLane {
public:
    /// `relay` lives on the GUI thread and outlives the lane: answers are delivered through it.
    WorkLane(QObject& relay, WorkspaceAccess access);
    ~WorkLane();
    WorkLane(const WorkLane&) = delete;
    WorkLane& operator=(const WorkLane&) = delete;

    /// Runs `work` on the lane; `done` gets the answer on the GUI thread unless `context` died meanwhile. A workspace
    /// that cannot be opened is the answer without `work` having run.
    template <typename T>
    void ask(QObject* context, std::function<Result<T>(app::Session&)> work, std::function<void(Result<T>)> done) {
        push([&relay = relay_, alive = QPointer<QObject>(context), work = std::move(work), done = std::move(done)](
                 app::Session* session, const Error& trouble) {
            auto answer = std::make_shared<Result<T>>(session != nullptr ? work(*session) : Result<T>(trouble));
            QMetaObject::invokeMethod(
                &relay,
                [alive, answer, done] {
                    if (alive) done(std::move(*answer));
                },
                Qt::QueuedConnection);
        });
    }
    /// The workspace's files changed: the next work reads them anew.
    void reopen();

private:
    using Job = std::function<void(app::Session*, const Error&)>;
    void push(Job job);
    void loop();

    QObject& relay_;
    const WorkspaceAccess access_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<Job> jobs_;
    bool stopping_ = false;
    bool stale_ = false;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace tributary::desktop
