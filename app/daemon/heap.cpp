// glibc's allocator, told how much to keep.
#include "app/daemon/heap.h"

#include <malloc.h>
#include <sys/resource.h>

namespace tributary::app {
namespace {

constexpr int kMappedAtLeastBytes = 32 << 20;  // the most that glibc takes
constexpr int kKeptAtTopBytes = 128 << 20;     // of each arena
constexpr int kLookEveryMs = 5'000;
constexpr Micros kIdleBelowUs = 100'000;  // of processor time between two looks

Micros microsOf(const timeval& time) {
    return Micros{time.tv_sec} * 1'000'000 + time.tv_usec;
}

Micros processorTimeUs() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return microsOf(used.ru_utime) + microsOf(used.ru_stime);
}

}  // namespace

void keepFreedMemory() {
    ::mallopt(M_MMAP_THRESHOLD, kMappedAtLeastBytes);
    ::mallopt(M_TRIM_THRESHOLD, kKeptAtTopBytes);
}

IdleHeap::IdleHeap() {
    QObject::connect(&timer_, &QTimer::timeout, &timer_, [this] { look(); });
    timer_.start(kLookEveryMs);
}

void IdleHeap::look() {
    const Micros nowUs = processorTimeUs();
    const bool idle = nowUs - usedUs_ < kIdleBelowUs;
    usedUs_ = nowUs;
    if (idle && !trimmed_) ::malloc_trim(0);
    trimmed_ = idle;
}

}  // namespace tributary::app
