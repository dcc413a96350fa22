// How an object on the GUI thread lets go of a thread that may hang in a call.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace tributary::desktop {

/// How long a window may wait for a call that is nearly done.
inline constexpr std::chrono::milliseconds kEndsSoon{200};

/// Waits, with `lock` held, until `isIdle`, but not longer than kEndsSoon; then joins the thread, or leaves it behind
/// when its call hangs (a frozen cluster, until the call's own time limit). What the thread uses must be its own then.
template <typename IsIdle>
void endOrLeave(std::thread& thread, std::unique_lock<std::mutex> lock, std::condition_variable& idle, IsIdle isIdle) {
    const bool ends = idle.wait_for(lock, kEndsSoon, isIdle);
    lock.unlock();
    if (ends) {
        thread.join();
    } else {
        thread.detach();
    }
}

}  // namespace tributary::desktop
