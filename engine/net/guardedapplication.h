// A Qt application whose threads survive an exception that nobody handled.
#pragma once

#include <QCoreApplication>
#include <QThread>
#include <atomic>
#include <exception>
#include <functional>
#include <mutex>
#include <set>
#include <string>

namespace tributary::engine {

/// Qt ends the process when an exception leaves an event handler: one allocation that the system refused to one cluster
/// would end all of them. Here the thread is set aside instead: what is in its objects can no longer be trusted, so it
/// gets no more events but those of its executor (QtExecutor::setRunsOnly) and deferred deletions, until mend().
/// Exceptions on the main thread are told of and the loop goes on. Construct on the main thread.
class GuardedApplication final : public QCoreApplication {
public:
    /// Called on the thread that was set aside; must not block. `name` is the thread's object
    /// name, empty for the main thread; `what` is a sentence.
    using OnBroken = std::function<void(const std::string& name, const std::string& what)>;

    GuardedApplication(int& argc, char** argv) : QCoreApplication(argc, argv) {}

    /// Before any thread starts.
    void setOnBroken(OnBroken onBroken) { onBroken_ = std::move(onBroken); }
    /// The thread called `name` is whole again. Any thread.
    void mend(const std::string& name);

protected:
    bool notify(QObject* receiver, QEvent* event) override;

private:
    bool told(const std::exception_ptr& problem);
    [[nodiscard]] bool isSetAside();

    OnBroken onBroken_;
    std::mutex mutex_;
    std::set<std::string> broken_;  // guarded
    std::atomic<int> brokenCount_{0};
};

}  // namespace tributary::engine
