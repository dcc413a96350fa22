// The thread of one node with everything the node runs on.
#include "engine/net/nodethread.h"

#include <QCoreApplication>
#include <cassert>
#include <cerrno>
#include <future>
#include <system_error>

namespace tributary::engine {

NodeThread::NodeThread(const std::string& name, const SharedSeams& shared) : shared_(shared) {
    assert(qApp != nullptr);
    thread_.setObjectName(QString::fromStdString(name));
    // A courier into the thread: the parts must be made there, since sockets and timers belong to their maker's thread.
    QObject courier;
    courier.moveToThread(&thread_);
    thread_.start();
    if (!thread_.isRunning()) {
        throw std::system_error(EAGAIN, std::generic_category(), "no thread could be started for " + name);
    }
    QMetaObject::invokeMethod(
        &courier,
        [this, &courier] {
            parts_ = std::make_unique<Parts>();
            parts_->network = std::make_unique<FaultyTransport>(parts_->sockets, parts_->timers, parts_->clock);
            parts_->secure =
                std::make_unique<TlsTransport>(*parts_->network, parts_->executor, parts_->timers, parts_->faults);
            seams_ = std::unique_ptr<Seams>(new Seams{parts_->clock, parts_->executor, parts_->timers, shared_.workers,
                                                      *parts_->secure, shared_.files, parts_->random, parts_->faults,
                                                      shared_.vfsName, shared_.vfsShared});
            courier.moveToThread(nullptr);  // its maker destroys it
        },
        Qt::BlockingQueuedConnection);
}

void NodeThread::runAndWait(const std::function<void()>& closure) {
    assert(running());
    if (QThread::currentThread() == &thread_) return closure();
    // Shared: the waiter may return, and drop its half, before set_value() has returned in the other thread.
    const auto done = std::make_shared<std::promise<void>>();
    parts_->executor.postAlways([&closure, done] {
        try {
            closure();
            done->set_value();
        } catch (...) {
            done->set_exception(std::current_exception());
        }
    });
    done->get_future().get();
}

void NodeThread::startAfresh() {
    parts_->timers.clear();
    parts_->executor.setRunsOnly(false);
}

void NodeThread::settleWorkers(RealWorkers::Pending pending) {
    shared_.workers.release(parts_->executor, pending);
}

void NodeThread::stop() {
    if (!running()) return;
    assert(QThread::currentThread() != &thread_);
    parts_->executor.close();
    // After the loop, on the thread: nothing can queue worker tasks any more, and sockets die where they lived.
    const auto dismantle = [this] {
        settleWorkers(RealWorkers::Pending::Drop);
        seams_.reset();
        parts_.reset();
    };
    QObject::connect(&thread_, &QThread::finished, &thread_, dismantle, Qt::DirectConnection);
    thread_.quit();
    thread_.wait();
    assert(parts_ == nullptr);
}

}  // namespace tributary::engine
