// Exceptions as values: what libraries throw when the system refuses memory or a thread.
#pragma once

#include "core/base/result.h"

namespace tributary {

/// The exception that is being handled, as an Error: memory and threads that were refused are Io with the next thing to
/// try, anything else is Internal with its text. Call inside a catch block only.
[[nodiscard]] Error currentExceptionError();

/// Carries out `work` and answers with its result, or with the error of an exception that left it.
template <typename Work>
[[nodiscard]] auto orError(Work&& work) -> decltype(work()) {
    try {
        return work();
    } catch (...) {
        return currentExceptionError();
    }
}

/// While one lives, memory that is refused to its thread must end the process: what is called meanwhile keeps a lock
/// for ever when an exception leaves it (Qt's sockets do). A process that installs a new-handler asks active() in it.
class MemoryIsVital {
public:
    MemoryIsVital() { ++depth_; }
    ~MemoryIsVital() { --depth_; }
    MemoryIsVital(const MemoryIsVital&) = delete;
    MemoryIsVital& operator=(const MemoryIsVital&) = delete;

    [[nodiscard]] static bool active() { return depth_ > 0; }

private:
    static thread_local int depth_;
};

}  // namespace tributary
