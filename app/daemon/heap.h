// What the process does with memory that it has freed.
#pragma once

#include <QTimer>

#include "core/base/units.h"

namespace tributary::app {

/// Has the allocator keep what is freed for the next buffer. Chunks of 1 MB come and go thousands of times a second;
/// given back and taken anew, each costs the kernel's clearing of its pages: half of the time of a copy. Process-wide;
/// call once, before any thread starts.
void keepFreedMemory();

/// Gives kept memory back to the system once the process has nothing to do. GUI or main thread; owns its timer.
class IdleHeap {
public:
    IdleHeap();

private:
    void look();

    QTimer timer_;
    Micros usedUs_ = 0;    ///< processor time of the process at the last look
    bool trimmed_ = true;  ///< nothing was done since the last trim
};

}  // namespace tributary::app
