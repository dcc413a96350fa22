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

/// Made and destroyed on the GUI thread; destruction stops it, and leaves a write that hangs behind. Values prove
/// themselves, as a workload's do; no log of acknowledgements is kept.
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
    /// What the thread uses: a write to a frozen cluster may outlive the writer.
    struct Core {
        QObject* relay = nullptr;  ///< guarded; nullptr when the writer is gone
        WorkspaceAccess access;
        PacedOrder order;
        Tell tell;
        std::atomic<std::uint64_t> acknowledged{0};
        Millis toldMs = 0;
        std::mutex mutex;
        std::condition_variable wake;
        std::condition_variable idle;
        bool ended = false;
        bool stopping = false;

        void run();
        Status write();
        bool sleepUs(Micros us);
        void report(bool isEnd, const QString& trouble);
    };
    std::shared_ptr<Core> core_;
    std::thread thread_;
};

}  // namespace tributary::desktop
