// A paced writer of its own thread: load to replicate while somebody watches. The same loop as `tributary workload`.
#pragma once

#include <QObject>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "app/desktop/live/worklane.h"
#include "app/rows/workload.h"

namespace tributary::desktop {

struct PacedOrder {
    std::string path;
    double ratePerS = 100;
    double overwrite = 0;  ///< share of writes to keys written before, 0 to 1
    double skew = 0;       ///< of those writes: see WorkloadOptions::skew
};

/// Figures of a writer under way or at its end.
struct PacedFigures {
    std::uint64_t acknowledged = 0;
    QString trouble;  ///< why it ended early; empty when it was stopped
    bool ended = false;
};

/// Made and destroyed on the GUI thread; destruction stops and joins. Values prove themselves, as a workload's do; no
/// log of acknowledgements is kept.
class PacedWriter {
public:
    using Tell = std::function<void(PacedFigures)>;  ///< on the GUI thread, a few times a second and at the end

    PacedWriter(QObject& relay, WorkspaceAccess access, PacedOrder order, Tell tell);
    ~PacedWriter();
    PacedWriter(const PacedWriter&) = delete;
    PacedWriter& operator=(const PacedWriter&) = delete;

    /// Asks it to end; the last figures follow.
    void stop();

private:
    void run();
    Status write();
    bool sleepUs(Micros us);
    void tell(bool ended, const QString& trouble);

    QObject& relay_;
    const WorkspaceAccess access_;
    const PacedOrder order_;
    const Tell tell_;
    std::atomic<std::uint64_t> acknowledged_{0};
    Millis toldMs_ = 0;
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace tributary::desktop
