// One budget for all memtables of a process, so that many datasets together cannot outgrow memory.
#pragma once

#include <atomic>
#include <cstddef>

namespace tributary::engine {

/// Counts bytes held by memtable generations. Thread-safe. Nothing is refused here: clients and appliers ask
/// aboveHighWater() and wait; generations that views keep alive count until the last view is gone.
class MemoryPool {
public:
    static constexpr std::size_t kDefaultBytes = 256U << 20U;

    explicit MemoryPool(std::size_t limitBytes = kDefaultBytes) : limitBytes_(limitBytes) {}
    MemoryPool(const MemoryPool&) = delete;
    MemoryPool& operator=(const MemoryPool&) = delete;

    void take(std::size_t bytes) { usedBytes_.fetch_add(bytes, std::memory_order_relaxed); }
    void give(std::size_t bytes) { usedBytes_.fetch_sub(bytes, std::memory_order_relaxed); }
    [[nodiscard]] std::size_t usedBytes() const { return usedBytes_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::size_t limitBytes() const { return limitBytes_; }
    /// Three quarters are used: writers should slow down and a flush is due.
    [[nodiscard]] bool aboveHighWater() const { return usedBytes() >= limitBytes_ / 4 * 3; }
    /// Everything is used: writers wait.
    [[nodiscard]] bool full() const { return usedBytes() >= limitBytes_; }

private:
    std::size_t limitBytes_;
    std::atomic<std::size_t> usedBytes_{0};
};

}  // namespace tributary::engine
