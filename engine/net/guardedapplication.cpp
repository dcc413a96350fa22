// Catching where Qt delivers.
#include "engine/net/guardedapplication.h"

#include <QEvent>
#include <chrono>
#include <exception>
#include <new>
#include <thread>

#include "core/base/exceptions.h"
#include "engine/net/qtexecutor.h"

namespace tributary::engine {
namespace {

constexpr std::chrono::milliseconds kMemoryAgain{10};

std::string textOf(const std::exception_ptr& problem) {
    try {
        std::rethrow_exception(problem);
    } catch (...) {
        return currentExceptionError().text();
    }
}

}  // namespace

void GuardedApplication::mend(const std::string& name) {
    const std::lock_guard lock(mutex_);
    broken_.erase(name);
    brokenCount_ = static_cast<int>(broken_.size());
}

bool GuardedApplication::isSetAside() {
    const std::lock_guard lock(mutex_);
    return broken_.count(QThread::currentThread()->objectName().toStdString()) != 0;
}

bool GuardedApplication::notify(QObject* receiver, QEvent* event) {
    if (brokenCount_ > 0 && event->type() != QEvent::DeferredDelete && isSetAside() &&
        dynamic_cast<QtExecutor*>(receiver) == nullptr) {
        return true;
    }
    try {
        return QCoreApplication::notify(receiver, event);
    } catch (...) {
        const std::exception_ptr problem = std::current_exception();
        while (!told(problem)) std::this_thread::sleep_for(kMemoryAgain);
    }
    return true;
}

/// False when there is no memory to tell that there is none: nothing was told yet.
bool GuardedApplication::told(const std::exception_ptr& problem) {
    try {
        const std::string what = textOf(problem);
        std::string name;
        if (QThread::currentThread() != thread()) {
            name = QThread::currentThread()->objectName().toStdString();
            const std::lock_guard lock(mutex_);
            broken_.insert(name);
            brokenCount_ = static_cast<int>(broken_.size());
        }
        if (onBroken_) onBroken_(name, what);
        return true;
    } catch (const std::bad_alloc&) {
        return false;
    }
}

}  // namespace tributary::engine
