// One check at a time; what was asked for meanwhile comes next.
#include "app/desktop/document/problemchecker.h"

namespace tributary::desktop {

namespace {
/// Long enough to gather the edits of one gesture, short enough not to be felt.
constexpr int kDebounceMs = 4;
}  // namespace

ProblemChecker::ProblemChecker(QObject* parent) : QObject(parent) {
    pool_.setMaxThreadCount(1);
    debounce_.setSingleShot(true);
    debounce_.setInterval(kDebounceMs);
    connect(&debounce_, &QTimer::timeout, this, &ProblemChecker::startNext);
}

ProblemChecker::~ProblemChecker() {
    pool_.waitForDone();
}

void ProblemChecker::check(std::shared_ptr<const Topology> drawing) {
    next_ = std::move(drawing);
    if (!running_) debounce_.start();
}

void ProblemChecker::startNext() {
    if (running_ || !next_) return;
    running_ = true;
    pool_.start([this, drawing = std::exchange(next_, nullptr)] {
        std::vector<Finding> findings = checkTopology(*drawing);
        // The destructor waits for this thread, so `this` is alive; a call still queued then dies with it.
        QMetaObject::invokeMethod(
            this, [this, findings = std::move(findings)]() mutable { finish(std::move(findings)); },
            Qt::QueuedConnection);
    });
}

void ProblemChecker::finish(std::vector<Finding> findings) {
    running_ = false;
    if (next_) {
        startNext();
        return;
    }
    findings_ = std::move(findings);
    emit findingsChanged();
}

}  // namespace tributary::desktop
